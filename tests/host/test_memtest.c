/*
 * The memory test's patterns, against memories in which something is wrong: each kind of fault that
 * they claim to find, at every place that it can have.
 */

#include <stdbool.h>
#include <string.h>

#include "test.h"

/* What the patterns read and write, word by word. */
struct memtest_window;
static uint32_t read_word(const struct memtest_window *window, size_t word);
static void write_word(const struct memtest_window *window, size_t word, uint32_t value);
#define MEMTEST_READ read_word
#define MEMTEST_WRITE write_word
#include "kernel/check/memtest_patterns.c" /* NOLINT: with the two accesses replaced */

#define WORDS_MAX 64
#define BIT_COUNT 32

enum disorder {
    NOTHING,
    STUCK, /* the victim is always `level` */
    NEVER_BECOMES, /* it takes `level` never, if it had the other */
    FORGETS, /* it falls to `level` with time */
    INVERTED_BY, /* it changes when the aggressor becomes `trigger` */
    SET_BY, /* it becomes `level` when the aggressor becomes `trigger` */
    HELD_BY, /* it is `level` as long as the aggressor is `trigger` */
    LINE_STUCK, /* the address line `line` is always 0 */
    TWO_ANSWER, /* writing to the aggressor's word writes to the victim's as well */
    NONE_ANSWERS, /* the victim's word is not there: all ones are read */
};

struct bit {
    size_t word;
    unsigned bit;
};

/* The memory of the machine, of which windows are parts. */
static struct {
    uint32_t words[WORDS_MAX];
    enum disorder disorder;
    struct bit victim;
    struct bit aggressor;
    bool level;
    bool trigger;
    size_t line;
} memory;

static struct {
    unsigned count;
    unsigned settle_count;
    unsigned settle_max; /* then the test is ended; 0: never */
    struct memtest_fault first;
} seen;

static bool get_bit(struct bit at)
{
    return memory.words[at.word] >> at.bit & 1;
}

static void put_bit(struct bit at, bool level)
{
    memory.words[at.word] &= ~((uint32_t)1 << at.bit);
    memory.words[at.word] |= (uint32_t)level << at.bit;
}

static size_t wire(const struct memtest_window *window, size_t word)
{
    size_t address = (size_t)window->first_word + word;
    return memory.disorder == LINE_STUCK ? address & ~((size_t)1 << memory.line) : address;
}

/* What is wrong with the victim itself. */
static void hold_victim(bool before)
{
    bool now = get_bit(memory.victim);
    if (memory.disorder == STUCK)
        put_bit(memory.victim, memory.level);
    if (memory.disorder == NEVER_BECOMES && before != memory.level && now == memory.level)
        put_bit(memory.victim, before);
    if (memory.disorder == HELD_BY && get_bit(memory.aggressor) == memory.trigger)
        put_bit(memory.victim, memory.level);
}

static void disturb_victim(bool before)
{
    if (get_bit(memory.aggressor) == before || get_bit(memory.aggressor) != memory.trigger)
        return;
    if (memory.disorder == INVERTED_BY)
        put_bit(memory.victim, !get_bit(memory.victim));
    if (memory.disorder == SET_BY)
        put_bit(memory.victim, memory.level);
}

static void write_word(const struct memtest_window *window, size_t word, uint32_t value)
{
    bool victim = get_bit(memory.victim);
    bool aggressor = get_bit(memory.aggressor);
    size_t at = wire(window, word);
    memory.words[at] = value;
    if (memory.disorder == TWO_ANSWER && at == memory.aggressor.word)
        memory.words[memory.victim.word] = value;
    disturb_victim(aggressor);
    hold_victim(victim);
}

static uint32_t read_word(const struct memtest_window *window, size_t word)
{
    size_t at = wire(window, word);
    return memory.disorder == NONE_ANSWERS && at == memory.victim.word ? UINT32_MAX
                                                                       : memory.words[at];
}

static bool let_time_pass(void *context)
{
    (void)context;
    if (memory.disorder == FORGETS)
        put_bit(memory.victim, memory.level);
    seen.settle_count++;
    return seen.settle_count != seen.settle_max;
}

static void note(void *context, const struct memtest_fault *fault)
{
    (void)context;
    if (seen.count++ == 0)
        seen.first = *fault;
}

static struct memtest_window window_at(size_t first_word, size_t word_count)
{
    memset(&seen, 0, sizeof seen);
    return (struct memtest_window){.word_count = word_count,
                                   .first_word = first_word,
                                   .seed = RANDOM_SEED,
                                   .settle = let_time_pass,
                                   .found = note};
}

static void start_memory(enum disorder disorder)
{
    memset(&memory, 0, sizeof memory);
    memory.disorder = disorder;
}

/* Runs all patterns over so many words. The number of faults seen. */
static unsigned test_words(size_t word_count)
{
    struct memtest_window window = window_at(0, word_count);
    assert_true(memtest_write_and_verify(&window));
    assert_int_equal(seen.settle_count, MEMTEST_SWEEP_COUNT);
    return seen.count;
}

/* ---- rules ---------------------------------------------------------------------------------- */

static void sound_memory_has_no_faults(void **state)
{
    (void)state;
    for (size_t word_count = 1; word_count <= WORDS_MAX; word_count++) {
        start_memory(NOTHING);
        assert_int_equal(test_words(word_count), 0);
    }
}

/* STUCK, NEVER_BECOMES and FORGETS: each bit of each word, to both levels. */
static void cells_that_keep_nothing_are_found(void **state)
{
    (void)state;
    for (enum disorder disorder = STUCK; disorder <= FORGETS; disorder++) {
        for (unsigned i = 0; i < 5 * BIT_COUNT * 2; i++) {
            start_memory(disorder);
            memory.victim = (struct bit){i / 2 / BIT_COUNT, i / 2 % BIT_COUNT};
            memory.level = i & 1;
            assert_int_not_equal(test_words(5), 0);
            assert_int_equal(seen.first.word, memory.victim.word);
            assert_int_equal(seen.first.expected ^ seen.first.found,
                             (uint32_t)1 << memory.victim.bit);
        }
    }
}

static void expect_coupling_found(enum disorder disorder, struct bit aggressor, struct bit victim)
{
    for (unsigned i = 0; i < 4; i++) {
        start_memory(disorder);
        memory.aggressor = aggressor;
        memory.victim = victim;
        memory.level = i & 1;
        memory.trigger = i >> 1;
        assert_int_not_equal(test_words(3), 0);
        assert_int_equal(seen.first.word, victim.word);
    }
}

/* Every bit of a word with every bit of every other one. */
static void cells_that_others_change_are_found(void **state)
{
    (void)state;
    for (enum disorder disorder = INVERTED_BY; disorder <= HELD_BY; disorder++)
        for (unsigned a = 0; a < 3 * BIT_COUNT; a++)
            for (unsigned v = 0; v < 3 * BIT_COUNT; v++)
                if (a / BIT_COUNT != v / BIT_COUNT)
                    expect_coupling_found(disorder, (struct bit){a / BIT_COUNT, a % BIT_COUNT},
                                          (struct bit){v / BIT_COUNT, v % BIT_COUNT});
}

static void cells_that_their_own_word_holds_are_found(void **state)
{
    (void)state;
    for (unsigned a = 0; a < BIT_COUNT; a++)
        for (unsigned v = 0; v < BIT_COUNT; v++)
            if (a != v)
                expect_coupling_found(HELD_BY, (struct bit){1, a}, (struct bit){1, v});
}

static void stuck_address_lines_are_found(void **state)
{
    (void)state;
    for (memory.line = 0; (size_t)1 << memory.line < WORDS_MAX; memory.line++) {
        size_t line = memory.line;
        start_memory(LINE_STUCK);
        memory.line = line;
        assert_int_not_equal(test_words(WORDS_MAX), 0);
    }
}

static void wrong_decoders_are_found(void **state)
{
    (void)state;
    for (enum disorder disorder = TWO_ANSWER; disorder <= NONE_ANSWERS; disorder++) {
        for (size_t i = 0; i < WORDS_MAX * WORDS_MAX; i++) {
            start_memory(disorder);
            memory.aggressor.word = i / WORDS_MAX;
            memory.victim.word = i % WORDS_MAX;
            if (memory.aggressor.word == memory.victim.word)
                continue;
            assert_int_not_equal(test_words(WORDS_MAX), 0);
            assert_int_equal(seen.first.word, memory.victim.word);
        }
    }
}

/*
 *   window 0   window 1          line 5 is stuck: both are window 0's cells
 *   |--------| |--------|        each is sound by itself; the second look at window 0 finds 1's
 */
static void windows_that_share_cells_are_found(void **state)
{
    (void)state;
    start_memory(LINE_STUCK);
    memory.line = 5;
    struct memtest_window low = window_at(0, 32);
    struct memtest_window high = window_at(32, 32);
    assert_true(memtest_write_and_verify(&low));
    memtest_verify_again(&low);
    assert_true(memtest_write_and_verify(&high));
    assert_int_equal(seen.count, 0);
    memtest_verify_again(&low);
    assert_int_equal(seen.count, 32);
    assert_string_equal(seen.first.test, "address");
    assert_int_equal(seen.first.expected ^ seen.first.found, 32);
}

static void addresses_that_differ_in_a_line_have_other_numbers(void **state)
{
    (void)state;
    for (unsigned line = 0; line < 50; line++) {
        struct memtest_window low = {.first_word = 0x123};
        struct memtest_window high = {.first_word = 0x123 ^ (uint64_t)1 << line};
        assert_int_not_equal(number_of(&low, 0), number_of(&high, 0));
    }
}

static void test_ends_when_it_is_told(void **state)
{
    (void)state;
    for (unsigned last = 1; last <= MEMTEST_SWEEP_COUNT; last++) {
        start_memory(NOTHING);
        struct memtest_window window = window_at(0, 4);
        seen.settle_max = last;
        assert_false(memtest_write_and_verify(&window));
        assert_int_equal(seen.settle_count, last);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_memory_has_no_faults),
        cmocka_unit_test(cells_that_keep_nothing_are_found),
        cmocka_unit_test(cells_that_others_change_are_found),
        cmocka_unit_test(cells_that_their_own_word_holds_are_found),
        cmocka_unit_test(stuck_address_lines_are_found),
        cmocka_unit_test(wrong_decoders_are_found),
        cmocka_unit_test(windows_that_share_cells_are_found),
        cmocka_unit_test(addresses_that_differ_in_a_line_have_other_numbers),
        cmocka_unit_test(test_ends_when_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
