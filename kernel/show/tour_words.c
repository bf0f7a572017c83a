/*
 * Chooses the sizes that the tour's steps use, and puts values into their text. A step shows what
 * it says on a machine with 2 MiB as well as on one with as many TiB: sizes follow the longest run.
 */

#include "tour.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "mm/bits.h"

#define FRAMES_MIN 16
#define NAME_MAX 16
#define LOW_FRAMES_MIN 12 /* of which a quarter is asked for */
#define LIMIT_MIN (64 * KIB)
#define ISA_LIMIT (16 * MIB) /* 24 address lines */

/* The largest power of two that is not larger; at least 1. */
static uint32_t floor_power(uint32_t value)
{
    return (uint32_t)1 << bits_highest(value | 1);
}

/* A free run lies in one range, of 2^31 frames at most (buddy.h). */
static uint32_t largest_run_frames(struct mm *mm, phys_t limit)
{
    return (uint32_t)(mm_largest_run(mm, 0, limit) >> FRAME_SHIFT);
}

/* There is something to be kept away from, and something to be found. */
static bool divides(struct mm *mm, phys_t limit)
{
    return mm_largest_run(mm, limit, MM_NO_LIMIT) > 0 &&
           largest_run_frames(mm, limit) >= LOW_FRAMES_MIN;
}

/* With no memory above 16 MiB a lower one, with none below it a higher one. */
static phys_t choose_limit(struct mm *mm)
{
    phys_t limit = ISA_LIMIT;
    while (limit > LIMIT_MIN && !divides(mm, limit))
        limit >>= 1;
    if (limit > LIMIT_MIN)
        return limit;
    for (limit = ISA_LIMIT; largest_run_frames(mm, limit) < LOW_FRAMES_MIN;)
        limit <<= 1;
    return limit;
}

bool tour_sizes_find(struct tour_sizes *sizes, struct mm *mm)
{
    uint32_t frames = largest_run_frames(mm, MM_NO_LIMIT);
    uint32_t one = floor_power(frames / 64);
    if (frames < FRAMES_MIN)
        return false;
    sizes->one = one * FRAME_BYTES;
    sizes->three = 3 * sizes->one;
    sizes->four = 4 * sizes->one;
    sizes->fifth = frames / 5 / one * one * FRAME_BYTES;
    sizes->beyond = (frames + 1) * FRAME_BYTES;
    sizes->limit = choose_limit(mm);
    sizes->low =
        3 * FRAME_BYTES * floor_power(largest_run_frames(mm, sizes->limit) / LOW_FRAMES_MIN);
    return true;
}

const char *tour_format_size(char word[TOUR_WORD_MAX], uint64_t size_bytes)
{
    static const char units[] = "KMGT";
    unsigned unit = 0;
    size_bytes >>= 10;
    for (; unit < 3 && size_bytes > 0 && size_bytes % 1024 == 0; unit++)
        size_bytes >>= 10;
    format_text(word, TOUR_WORD_MAX, "%llu%c", (number_t)size_bytes, units[unit]);
    return word;
}

static void tell_standin(const struct tour_sizes *sizes, char word[TOUR_WORD_MAX])
{
    char limit[TOUR_WORD_MAX];
    word[0] = '\0';
    if (sizes->limit != ISA_LIMIT)
        format_text(word, TOUR_WORD_MAX, " Here, %s stands for it.",
                    tour_format_size(limit, sizes->limit));
}

bool tour_sizes_tell(const struct tour_sizes *sizes, const char *name, char word[TOUR_WORD_MAX])
{
    const struct {
        const char *name;
        uint64_t value;
    } values[] = {{"one", sizes->one},     {"three", sizes->three},   {"four", sizes->four},
                  {"fifth", sizes->fifth}, {"beyond", sizes->beyond}, {"limit", sizes->limit},
                  {"low", sizes->low}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (strcmp(values[i].name, name) == 0) {
            tour_format_size(word, values[i].value);
            return true;
        }
    }
    if (strcmp(name, "standin") != 0)
        return false;
    tell_standin(sizes, word);
    return true;
}

/* Reads {NAME}; returns what follows it, or NULL if it is none. */
static const char *read_name(const char *pattern, char name[NAME_MAX])
{
    size_t length = 0;
    for (pattern++; *pattern && *pattern != '}' && length < NAME_MAX - 1; pattern++)
        name[length++] = *pattern;
    name[length] = '\0';
    return *pattern == '}' ? pattern + 1 : NULL;
}

static size_t append(char text[TOUR_TEXT_MAX], size_t length, const char *part, size_t count)
{
    for (; count > 0 && length < TOUR_TEXT_MAX - 1; count--)
        text[length++] = *part++;
    text[length] = '\0';
    return length;
}

bool tour_expand(char text[TOUR_TEXT_MAX], const char *pattern, tour_lookup_t *lookup,
                 void *context)
{
    size_t length = append(text, 0, "", 0);
    bool is_known = true;
    while (*pattern) {
        char name[NAME_MAX];
        char word[TOUR_WORD_MAX];
        const char *next = *pattern == '{' ? read_name(pattern, name) : NULL;
        bool is_value = next && lookup(context, name, word);
        if (is_value)
            length = append(text, length, word, strlen(word));
        else
            length = append(text, length, pattern, next ? (size_t)(next - pattern) : 1);
        is_known = is_known && (is_value || *pattern != '{');
        pattern = next ? next : pattern + 1;
    }
    return is_known;
}
