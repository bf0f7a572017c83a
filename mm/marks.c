/*
 * A set of numbers, as levels of words of bits. The top level has one word. The words of each level
 * stand directly behind those of the level below: a walk finds the next level if it knows where the
 * words of its level begin, and how many they are.
 */

#include "marks.h"

static uint32_t words_of(uint32_t limit)
{
    return (limit + WORD_BITS - 1) / WORD_BITS;
}

size_t marks_bytes(uint32_t limit)
{
    MM_ASSERT_COSTLY(limit >= 2);
    size_t words = 0;
    do {
        limit = words_of(limit);
        words += limit;
    } while (limit > 1);
    return words * sizeof(uint64_t);
}

void marks_init(struct marks *marks, uint32_t limit, void *memory)
{
    marks->words = (uint64_t *)memory;
    marks->limit = limit;
    for (size_t i = 0; i < marks_bytes(limit) / sizeof *marks->words; i++)
        marks->words[i] = 0;
}

void marks_add(struct marks *marks, uint32_t number)
{
    MM_ASSERT_COSTLY(number < marks->limit);
    uint64_t *words = marks->words;
    uint64_t before = 0;
    for (uint32_t count = marks->limit; before == 0 && count > 1; number /= WORD_BITS) {
        before = words[number / WORD_BITS];
        words[number / WORD_BITS] |= bits_of(number);
        count = words_of(count);
        words += count;
    }
}

void marks_remove(struct marks *marks, uint32_t number)
{
    MM_ASSERT_COSTLY(number < marks->limit);
    uint64_t *words = marks->words;
    uint64_t rest = 0;
    for (uint32_t count = marks->limit; rest == 0 && count > 1; number /= WORD_BITS) {
        rest = words[number / WORD_BITS] &= ~bits_of(number);
        count = words_of(count);
        words += count;
    }
}

/*
 * The largest number at or below `number` in one level, which has `limit` bits. It is in the
 * number's own word, or else it is the highest bit of the word that the level above names.
 */
static bool find_in_level(const uint64_t *words, uint32_t limit, uint32_t number, uint32_t *found)
{
    uint32_t place = number / WORD_BITS;
    uint64_t word = words[place] << (WORD_BITS - 1 - number % WORD_BITS);
    uint32_t count = words_of(limit);
    if (word) {
        *found = number - bits_zeros_at_top(word);
        return true;
    }
    if (place == 0 || !find_in_level(words + count, count, place - 1, &place))
        return false;
    *found = place * WORD_BITS + bits_highest(words[place]);
    return true;
}

bool marks_find_below(const struct marks *marks, uint32_t number, uint32_t *found)
{
    MM_ASSERT_COSTLY(number < marks->limit);
    return find_in_level(marks->words, marks->limit, number, found);
}

/* True if a level has a bit for each word below it that is not 0, and no other bit. */
static bool tells_of(const uint64_t *above, const uint64_t *words, uint32_t count)
{
    for (uint32_t i = 0; i < words_of(count) * WORD_BITS; i++)
        if ((above[i / WORD_BITS] >> i % WORD_BITS & 1) != (i < count && words[i] != 0))
            return false;
    return true;
}

uint32_t marks_check(const struct marks *marks)
{
    const uint64_t *words = marks->words;
    uint32_t marked = 0;
    for (uint32_t i = 0; i < words_of(marks->limit); i++)
        for (uint64_t word = words[i]; word; word &= word - 1)
            marked++;
    for (uint32_t count = words_of(marks->limit); count > 1; count = words_of(count)) {
        if (!tells_of(words + count, words, count))
            return UINT32_MAX;
        words += count;
    }
    return marked;
}
