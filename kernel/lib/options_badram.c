/*
 * Reads the ranges of the option badram=. A mask with holes selects several ranges: each choice of
 * the bits above the lowest hole is one.
 */

#include "options.h"

#include "string.h"

static const char no_address[] = "no memory has that address";

/* ---- addresses and ranges -------------------------------------------------------------------- */

static void add_range(struct options *options, const char *pair, phys_t base, phys_t end)
{
    options->bad_memory_pairs[options->bad_memory_count] = pair;
    options->bad_memory[options->bad_memory_count++] = (struct phys_range){base, end};
}

static void read_item(struct options *options, const char *item)
{
    struct phys_range range;
    enum parse_status status = parse_range(item, &range.base, &range.end);
    if (status == PARSE_OK && range.base >= PHYS_LIMIT)
        status = PARSE_TOO_LARGE;
    if (status == PARSE_TOO_LARGE)
        options_note(options, item, no_address);
    else if (status == PARSE_EMPTY)
        options_note(options, item, "the range has no byte");
    else if (status != PARSE_OK)
        options_note(options, item,
                     "badram= takes ADDR, ADDR-ADDR and ADDR+SIZE, with commas between");
    else if (options->bad_memory_count == OPTIONS_BAD_MEMORY_MAX)
        options_note(options, item, "badram= takes no more than 128 addresses and ranges");
    else
        add_range(options, NULL, range.base, range.end);
}

/* ---- pairs ----------------------------------------------------------------------------------- */

struct pair {
    uint64_t address;
    uint64_t mask; /* of 64 bits */
    bool is_sure; /* the mask can be nothing else */
};

static char *behind(char *item)
{
    return item + strlen(item) + 1;
}

/* An address of RAM can have the upper bits of a mask, but masks have few others: C0000000. */
static bool may_be_mask(uint32_t number)
{
    return number >> 31 != 0 && number << 3 == 0;
}

/* True if the item and the one behind it may be a pair. */
static bool read_pair(char *item, struct pair *pair)
{
    if (parse_number(item, &pair->address) != PARSE_OK ||
        parse_number(behind(item), &pair->mask) != PARSE_OK)
        return false;
    uint32_t upper = (uint32_t)(pair->mask >> 32);
    uint32_t lower = (uint32_t)pair->mask;
    pair->is_sure = upper == 0 ? lower >> 28 == 0xF : upper >> 20 == 0xFFF;
    if (upper == 0)
        pair->mask |= (uint64_t)UINT32_MAX << 32;
    bool agrees = (pair->address & ~pair->mask) == 0;
    bool may_be = pair->is_sure || (upper == 0 && agrees && may_be_mask(lower));
    pair->is_sure = pair->is_sure && agrees;
    return may_be;
}

/*
 *   ~mask >> 12   0 0 1 0 1 1 0 1 1 1       frames that differ in these bits are selected
 *                     |   | |   \ run /     the lowest ones make each range's size
 *                     scattered             every choice of the others is a range
 */
static void add_pair(struct options *options, const char *text, const struct pair *pair)
{
    uint64_t free_bits = ~pair->mask >> FRAME_SHIFT;
    uint64_t run_frames = ~free_bits & (free_bits + 1);
    uint64_t scattered = free_bits & ~(run_frames - 1);
    uint64_t choice = 0;
    if (pair->address >= PHYS_LIMIT) {
        options_note(options, text, no_address);
        return;
    }
    do {
        if (options->bad_memory_count == OPTIONS_BAD_MEMORY_MAX) {
            options_note(options, text,
                         "badram= takes no more than 128 ranges; the rest of it stays in use");
            return;
        }
        phys_t base = (pair->address >> FRAME_SHIFT | choice) << FRAME_SHIFT;
        add_range(options, text, base, base + (run_frames << FRAME_SHIFT));
        choice = (choice - scattered) & scattered;
    } while (choice != 0);
}

/* ---- the list -------------------------------------------------------------------------------- */

/* Ends each item with a NUL. Returns how many there are. */
static size_t split(char *list)
{
    size_t count = 1;
    for (; *list; list++)
        if (*list == ',') {
            *list = '\0';
            count++;
        }
    return count;
}

/* True for a list of pairs. Of one that only looks like it, its first likely mask is told. */
static bool is_pairs(struct options *options, char *item, size_t count)
{
    char *maybe = NULL;
    bool are_sure = count % 2 == 0;
    for (; count >= 2; count -= 2, item = behind(behind(item))) {
        struct pair pair;
        bool may_be = read_pair(item, &pair);
        are_sure = are_sure && may_be && pair.is_sure;
        if (may_be && !maybe)
            maybe = behind(item);
    }
    if (maybe && !are_sure)
        options_note(options, maybe,
                     "may be a mask, but not all of the list is surely pairs: all are addresses");
    return are_sure;
}

bool options_read_badram(struct options *options, char *list)
{
    size_t count = split(list);
    bool has_pairs = is_pairs(options, list, count);
    for (char *next; count > 0; list = next, count -= has_pairs ? 2 : 1) {
        struct pair pair;
        next = behind(list);
        if (!has_pairs) {
            read_item(options, list);
            continue;
        }
        read_pair(list, &pair);
        next[-1] = ','; /* the pair's text */
        next = behind(list);
        add_pair(options, list, &pair);
    }
    return true;
}
