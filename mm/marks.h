#ifndef MM_MARKS_H
#define MM_MARKS_H

/*
 * A set of numbers. The largest member at or below any number is found in a few steps. Level 0 has
 * a bit for each number. Each higher level has a bit for each word below it that is not 0.
 *
 *   level 1                  0 1 0 1
 *                              |   |
 *   level 0     0000 0000 0110 0000 1000 0000
 */

#include "bits.h"
#include "types.h"

MM_BEGIN_DECLS

struct marks {
    uint64_t *words; /* the words of the lowest level, then of those above it */
    uint32_t limit; /* all numbers are smaller */
};

/* How many bytes a set of numbers below `limit`, at least 2, needs: a multiple of 8. */
size_t marks_bytes(uint32_t limit);

/* Makes an empty set in marks_bytes(limit) bytes at `memory`, 8-byte aligned. */
void marks_init(struct marks *marks, uint32_t limit, void *memory);

/* True if the number is in the set. */
static inline bool marks_has(const struct marks *marks, uint32_t number)
{
    return number < marks->limit && bits_has(marks->words[number / WORD_BITS], number);
}

void marks_add(struct marks *marks, uint32_t number);
void marks_remove(struct marks *marks, uint32_t number);

/* The largest number of the set at or below `number`; false if there is none. */
bool marks_find_below(const struct marks *marks, uint32_t number, uint32_t *found);

/* How many numbers the set has, or UINT32_MAX if the levels disagree. */
uint32_t marks_check(const struct marks *marks);

MM_END_DECLS

#endif
