/* A set of numbers in two levels, from any set that marks_check accepts on. */

#include "any.h"
#include "mm/marks.c"

#define LIMIT 140u /* three words, and one above them */

static uint64_t words[4];
static struct marks marks = {words, LIMIT};

static bool has(uint32_t number)
{
    return words[number / WORD_BITS] >> number % WORD_BITS & 1;
}

/* The level above has a bit for each word that is not 0, and no other bit. */
static bool is_right(void)
{
    return words[2] >> (LIMIT - 128) == 0 &&
           words[3] == (uint64_t)((words[0] != 0) | (words[1] != 0) << 1 | (words[2] != 0) << 2);
}

static void make_set(void)
{
    for (unsigned i = 0; i < 4; i++)
        words[i] = any64();
    assume(is_right());
}

/* The set has just the memory that it asks for. */
void prove_bytes(void)
{
    claim(marks_bytes(LIMIT) == sizeof words && marks_bytes(64) == 8 && marks_bytes(65) == 24);
    words[0] = any64();
    marks_init(&marks, LIMIT, words);
    claim(words[0] == 0 && words[1] == 0 && words[2] == 0 && words[3] == 0);
    REACHED();
}

/* A number that is added is in the set, and no other number comes or goes. */
void prove_add(void)
{
    make_set();
    uint32_t number = (uint32_t)any_below(LIMIT);
    uint32_t other = (uint32_t)any_below(LIMIT);
    bool had = has(other);
    marks_add(&marks, number);
    claim(is_right() && has(other) == (had || other == number));
    claim(marks_has(&marks, other) == has(other));
    REACHED();
}

/* The same for a number that is removed. */
void prove_remove(void)
{
    make_set();
    uint32_t number = (uint32_t)any_below(LIMIT);
    uint32_t other = (uint32_t)any_below(LIMIT);
    bool had = has(other);
    assume(has(number));
    marks_remove(&marks, number);
    claim(is_right() && has(other) == (had && other != number));
    REACHED();
}

/* The largest number at or below a number is found, if there is one. */
void prove_find(void)
{
    make_set();
    uint32_t number = (uint32_t)any_below(LIMIT);
    uint32_t other = (uint32_t)any_below(LIMIT);
    uint32_t found;
    bool is_found = marks_find_below(&marks, number, &found);
    claim(!is_found || (found <= number && has(found)));
    claim(!has(other) || other > number || (is_found && other <= found));
    REACHED();
}
