/*
 * Lab 1: the rules of the map. The judge knows no table: it asks of each piece of memory between
 * two addresses that occur whether it is usable, entry by entry.
 */

#define _DEFAULT_SOURCE /* scandir, alphasort */

#include "grader.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "docs/labs/1-map/lab.h"
#include "kernel/lib/random.h"
#include "student.h"

const unsigned lab_number = 1;

enum number { BASE, LENGTH, TYPE };

#define POINTS_MAX (4 * LAB_ENTRIES_MAX + 4)

/* ---- the judge ------------------------------------------------------------------------------- */

static struct lab_entry entries[LAB_ENTRIES_MAX];
static size_t entry_count;
static struct lab_range right[LAB_ENTRIES_MAX];
static size_t right_count;
static uint64_t points[POINTS_MAX];
static size_t point_count;

static uint64_t round_down(uint64_t address)
{
    return address & ~(uint64_t)(LAB_FRAME_BYTES - 1);
}

static uint64_t round_up(uint64_t address)
{
    return round_down(address + LAB_FRAME_BYTES - 1);
}

/* [base, end) of an entry, cut where addresses end. */
static struct lab_range extent(const struct lab_entry *entry)
{
    struct lab_range range = {entry->base, LAB_ADDRESS_END};
    if (range.base > LAB_ADDRESS_END)
        range.base = LAB_ADDRESS_END;
    if (entry->length_bytes < LAB_ADDRESS_END - range.base)
        range.end = range.base + entry->length_bytes;
    return range;
}

static int compare_points(const void *left, const void *other)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)other;
    return (a > b) - (a < b);
}

static void collect_points(void)
{
    point_count = 0;
    for (size_t i = 0; i < entry_count; i++) {
        struct lab_range range = extent(&entries[i]);
        points[point_count++] = range.base;
        points[point_count++] = range.end;
        points[point_count++] = round_down(range.base);
        points[point_count++] = round_up(range.end);
        if (point_count + 4 > POINTS_MAX)
            break;
    }
    qsort(points, point_count, sizeof *points, compare_points);
}

/* Between two points that follow each other every entry has all or nothing. */
static bool is_usable(uint64_t from)
{
    bool usable = false;
    for (size_t i = 0; i < entry_count; i++) {
        struct lab_range range = extent(&entries[i]);
        bool is_there = range.base <= from && from < range.end;
        if (is_there && entries[i].type != 1)
            return false;
        usable |= is_there;
    }
    return usable;
}

/*
 * A run of usable bytes, rounded inward, without the frames that anything else lies in: these
 * are cut off by the rounding, since a byte that is not usable ends a run.
 */
static void add_right(uint64_t base, uint64_t end)
{
    base = round_up(base);
    end = round_down(end);
    if (base < end)
        right[right_count++] = (struct lab_range){base, end};
}

static void judge(void)
{
    bool is_inside = false;
    uint64_t begin = 0;
    right_count = 0;
    collect_points();
    for (size_t i = 0; i + 1 < point_count; i++) {
        if (points[i] == points[i + 1])
            continue;
        bool usable = is_usable(points[i]);
        if (usable && !is_inside)
            begin = points[i];
        if (!usable && is_inside)
            add_right(begin, points[i]);
        is_inside = usable;
    }
    if (is_inside)
        add_right(begin, points[point_count - 1]);
}

/* ---- playing --------------------------------------------------------------------------------- */

static void note_ranges(const struct lab_range *ranges, size_t count)
{
    for (size_t i = 0; i < count && i < 6; i++)
        grader_note("%s[0x%" PRIx64 ", 0x%" PRIx64 ")", i ? ", " : "", ranges[i].base,
                    ranges[i].end);
    grader_note("%s", count == 0 ? "nothing" : count > 6 ? ", ..." : "");
}

static void note_entries(void)
{
    grader_note("%zu entr%s:", entry_count, entry_count == 1 ? "y" : "ies");
    for (size_t i = 0; i < entry_count; i++)
        grader_note(" 0x%" PRIx64 "+0x%" PRIx64 " type %" PRIu32 ";", entries[i].base,
                    entries[i].length_bytes, entries[i].type);
}

static void read_entries(const struct lab_case *played)
{
    entry_count = played->item_count;
    for (size_t i = 0; i < entry_count; i++)
        entries[i] =
            (struct lab_entry){played->items[i].numbers[BASE], played->items[i].numbers[LENGTH],
                               (uint32_t)played->items[i].numbers[TYPE]};
}

static void write_pair(uint32_t *words, uint64_t value)
{
    words[0] = (uint32_t)value;
    words[1] = (uint32_t)(value >> 32);
}

static uint64_t read_pair(const uint32_t *words)
{
    return words[0] | (uint64_t)words[1] << 32;
}

/* Asks for the ranges. Returns their count; those that have room are in `ranges`. */
static size_t ask(struct lab_range ranges[LAB_ENTRIES_MAX])
{
    static uint32_t words[LAB_ENTRIES_MAX * 5];
    size_t word_count;
    for (size_t i = 0; i < entry_count; i++) {
        write_pair(words + i * 5, entries[i].base);
        write_pair(words + i * 5 + 2, entries[i].length_bytes);
        words[i * 5 + 4] = entries[i].type;
    }
    const uint32_t *answer =
        student_ask("lab_normalise", CALL_NORMALISE, words, entry_count * 5, &word_count);
    size_t count = word_count > 0 ? answer[0] : SIZE_MAX;
    if (count > entry_count)
        grader_fail(": lab_normalise returns %zu ranges, more than there are entries", count);
    if (word_count != 1 + count * 4)
        grader_end(OUTCOME_FOUL, "lab_normalise forges an answer");
    for (size_t i = 0; i < count; i++)
        ranges[i] =
            (struct lab_range){read_pair(answer + 1 + i * 4), read_pair(answer + 3 + i * 4)};
    return count;
}

void lab_play(const struct lab_case *played, const struct lab_rule *rule)
{
    static struct lab_range ranges[LAB_ENTRIES_MAX];
    (void)rule;
    read_entries(played);
    note_entries();
    size_t count = ask(ranges);
    judge();
    if (count == right_count && memcmp(ranges, right, count * sizeof *right) == 0)
        return;
    grader_note(" right is ");
    note_ranges(right, right_count);
    grader_note("; it says ");
    note_ranges(ranges, count);
    grader_fail("%s", "");
}

/* ---- making cases smaller -------------------------------------------------------------------- */

bool lab_is_legal(const struct lab_case *smaller)
{
    (void)smaller;
    return true;
}

/* Whole frames first; then whatever still fails. */
size_t lab_targets(const struct lab_case *smaller, size_t item, size_t number,
                   struct lab_target targets[2])
{
    if (item == IN_HEAD || number > LENGTH)
        return 0;
    uint64_t value = smaller->items[item].numbers[number];
    targets[0] = (struct lab_target){round_down(value), false};
    targets[1] = (struct lab_target){number == LENGTH ? LAB_FRAME_BYTES : 0, value < 64 * 4096};
    return 2;
}

/* ---- making cases ---------------------------------------------------------------------------- */

static uint64_t below(uint64_t *random, uint64_t end)
{
    uint64_t high = random_next(random);
    return (high << 32 | random_next(random)) % end;
}

static void add(struct lab_case *made, uint64_t base, uint64_t length, uint64_t type)
{
    if (made->item_count < ITEMS_MAX)
        made->items[made->item_count++] = (struct lab_item){{base, length, type}};
}

/* Usable entries apart from each other, in any order. */
static bool make_order(struct lab_case *made, size_t index, uint64_t *random)
{
    uint64_t base = 0;
    for (size_t i = 0; i < 1 + index / 10; i++) {
        base += (1 + below(random, 20)) * LAB_FRAME_BYTES;
        uint64_t length = (1 + below(random, 40)) * LAB_FRAME_BYTES;
        add(made, base, length, 1);
        base += length;
    }
    for (size_t i = made->item_count; i-- > 1;) {
        size_t other = (size_t)below(random, i + 1);
        struct lab_item item = made->items[i];
        made->items[i] = made->items[other];
        made->items[other] = item;
    }
    return index < 200;
}

/* Entries anywhere in a few frames: `usable` of four are type 1, all are multiples of `grain`. */
static void make_entries(struct lab_case *made, size_t index, uint64_t grain, unsigned usable,
                         uint64_t *random)
{
    static const uint32_t types[] = {2, 3, 4, 5, 0, 6, 12, UINT32_MAX, 0x101};
    uint64_t space = (16 + index / 8) * LAB_FRAME_BYTES / grain;
    for (size_t i = 0; i < 2 + index / 25; i++) {
        uint64_t base = below(random, space) * grain;
        uint64_t length = (1 + below(random, space / 2)) * grain;
        bool is_usable_one = below(random, 4) < usable;
        add(made, base, length, is_usable_one ? 1 : types[below(random, 9)]);
    }
}

static bool make_merge(struct lab_case *made, size_t index, uint64_t *random)
{
    make_entries(made, index, LAB_FRAME_BYTES, 4, random);
    return index < 300;
}

static bool make_wins(struct lab_case *made, size_t index, uint64_t *random)
{
    make_entries(made, index, LAB_FRAME_BYTES, 2, random);
    return index < 300;
}

static bool make_frames(struct lab_case *made, size_t index, uint64_t *random)
{
    static const uint64_t grains[] = {1024, 256, 1};
    make_entries(made, index, grains[index % 3], 3, random);
    return index < 400;
}

/* Empty entries, and such as begin or end where addresses do. */
static bool make_edges(struct lab_case *made, size_t index, uint64_t *random)
{
    static const uint64_t bases[] = {0,
                                     0x100000,
                                     LAB_ADDRESS_END - 0x8000,
                                     LAB_ADDRESS_END,
                                     LAB_ADDRESS_END + 0x3000,
                                     UINT64_MAX - 0x4FFF,
                                     UINT64_MAX};
    static const uint64_t lengths[] = {0, 0x5000, 0x100000, LAB_ADDRESS_END, UINT64_MAX};
    add(made, 0, 0x80000, 1);
    for (size_t i = 0; i < 1 + index / 60; i++)
        add(made, bases[below(random, 7)], lengths[below(random, 5)], 1 + below(random, 2));
    return index < 300;
}

/* ---- the maps of real machines --------------------------------------------------------------- */

static struct dirent **maps;
static int map_count;

static int is_map(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".e820") == 0;
}

/* A map line is `START_HEX LENGTH_HEX TYPE`, as in tests/maps. */
static void read_map(struct lab_case *made, const char *name)
{
    char path[4096];
    char line[512];
    snprintf(path, sizeof path, "%s/maps/%s", grader_maps(), name);
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    while (fgets(line, sizeof line, file)) {
        uint64_t base;
        uint64_t length;
        char type[32];
        if (sscanf(line, "%" SCNx64 " %" SCNx64 " %31s", &base, &length, type) == 3)
            add(made, base, length, strtoul(type, NULL, 0));
    }
    fclose(file);
    snprintf(made->name, sizeof made->name, "%.*s", (int)(strlen(name) - 5), name);
}

/*
 * The judge has to say of a whole map what tests/maps says: it grades by the project's own
 * tests.
 */
static void check_judge(const struct lab_case *made)
{
    char path[4096];
    char line[512];
    size_t count = 0;
    bool agrees = true;
    snprintf(path, sizeof path, "%s/expect/%s.expect", grader_maps(), made->name);
    FILE *file = fopen(path, "r");
    read_entries(made);
    judge();
    while (file && fgets(line, sizeof line, file)) {
        struct lab_range range;
        if (sscanf(line, "%" SCNx64 " %" SCNx64, &range.base, &range.end) != 2)
            continue;
        agrees = agrees && count < right_count && right[count].base == range.base &&
                 right[count].end == range.end;
        count++;
    }
    if (file)
        fclose(file);
    if (!file || !agrees || count != right_count) {
        fprintf(stderr, "%s: the judge does not agree\n", path);
        abort();
    }
}

static bool make_maps(struct lab_case *made, size_t index, uint64_t *random)
{
    char path[4096];
    (void)random;
    if (!maps) {
        snprintf(path, sizeof path, "%s/maps", grader_maps());
        map_count = scandir(path, &maps, is_map, alphasort);
        if (map_count <= 0) {
            fprintf(stderr, "%s: no *.e820 there\n", path);
            abort();
        }
    }
    if (index >= (size_t)map_count)
        return false;
    read_map(made, maps[index]->d_name);
    check_judge(made);
    return true;
}

const struct lab_rule lab_rules[] = {
    {"order", 1, "entries that lie apart come out in ascending order", make_order, 0},
    {"merge", 1, "usable entries that overlap or touch become one range", make_merge, 0},
    {"wins", 2, "where entries overlap, what is not usable wins", make_wins, 0},
    {"frames", 1, "only whole frames come out, and none that something else reaches into",
     make_frames, 0},
    {"edges", 1, "empty entries, and those that run past the last address, do no harm", make_edges,
     0},
    {"maps", 2, "95 maps, 66 of real machines, come out right", make_maps, 0},
};
const size_t lab_rule_count = sizeof lab_rules / sizeof *lab_rules;
