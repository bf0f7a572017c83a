/* Marks, held against an array, for limits around each level's; nothing beside them is written. */

#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/lib/random.h"
#include "mm/marks.h"

#define GUARD_BYTES 64

static uint64_t state = RANDOM_SEED;

static uint32_t below(uint32_t limit)
{
    return random_next(&state) % limit;
}

static bool find_below(const bool *marked, uint32_t number, uint32_t *found)
{
    for (uint32_t i = number + 1; i-- > 0;) {
        if (marked[i]) {
            *found = i;
            return true;
        }
    }
    return false;
}

static void expect_guard(const unsigned char *memory, size_t bytes)
{
    for (size_t i = 0; i < GUARD_BYTES; i++)
        assert_int_equal(memory[bytes + i], 0xA5);
}

static void compare(const struct marks *marks, const bool *marked, uint32_t number)
{
    uint32_t right = 0;
    uint32_t found = 0;
    bool has = find_below(marked, number, &right);
    assert_int_equal(marks_find_below(marks, number, &found), has);
    if (has)
        assert_int_equal(found, right);
}

/* Bytes of all levels, of which the topmost has one word. */
static size_t right_bytes(uint32_t limit)
{
    size_t bytes = 0;
    do {
        limit = limit / 64 + (limit % 64 != 0);
        bytes += limit * sizeof(uint64_t);
    } while (limit > 1);
    return bytes;
}

static void go_at_random(uint32_t limit)
{
    size_t bytes = marks_bytes(limit);
    unsigned char *memory = malloc(bytes + GUARD_BYTES);
    bool *marked = calloc(limit, sizeof *marked);
    struct marks marks;
    uint32_t count = 0;
    assert_true(memory && marked);
    assert_int_equal(bytes, right_bytes(limit));
    memset(memory, 0xA5, bytes + GUARD_BYTES);
    marks_init(&marks, limit, memory);
    for (int i = 0; i < 300; i++) {
        uint32_t number = i < 2 ? (limit - 1) * (uint32_t)i : below(limit);
        if (!marked[number])
            marks_add(&marks, number);
        else if (below(2))
            marks_remove(&marks, number);
        else
            continue;
        marked[number] = !marked[number];
        count += marked[number] ? 1 : UINT32_MAX;
        compare(&marks, marked, number);
        compare(&marks, marked, limit - 1);
        compare(&marks, marked, below(limit));
    }
    assert_int_equal(marks_check(&marks), count);
    for (uint32_t number = 0; number < limit; number++)
        if (marked[number])
            marks_remove(&marks, number);
    assert_int_equal(marks_check(&marks), 0);
    expect_guard(memory, bytes);
    free(marked);
    free(memory);
}

static void marks_are_found_from_above(void **unused)
{
    (void)unused;
    for (uint32_t limit = 2; limit < 200; limit++)
        go_at_random(limit);
    for (uint32_t limit = 4094; limit < 4100; limit++)
        go_at_random(limit);
    go_at_random(4160);
    go_at_random(4161);
    go_at_random(262144);
    go_at_random(262145);
}

/* Each bit counts, and the lowest level has the first 70 words. */
static void damage_is_told(void **unused)
{
    (void)unused;
    uint64_t words[80] = {0};
    struct marks marks;
    assert_true(marks_bytes(70 * 64) <= sizeof words);
    marks_init(&marks, 70 * 64, words);
    marks_add(&marks, 130);
    marks_add(&marks, 69 * 64 + 63);
    for (size_t i = 0; i < marks_bytes(70 * 64) / 8 * 64; i++) {
        words[i / 64] ^= (uint64_t)1 << i % 64;
        uint32_t told = marks_check(&marks);
        if (i < 70 * 64)
            assert_int_not_equal(told, 2);
        else
            assert_int_equal(told, UINT32_MAX);
        words[i / 64] ^= (uint64_t)1 << i % 64;
    }
    assert_int_equal(marks_check(&marks), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_found_from_above),
        cmocka_unit_test(damage_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
