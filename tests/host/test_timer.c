/* The timer that counts, that stands still, that is not there; and interrupts that never come. */

#include "test.h"

#include "fake_ports.h"

#include <string.h>

#include "drivers/pc/timer.c"

#define ACCESSES_PER_COUNT 2

static struct chip {
    bool is_absent;
    uint64_t stops_at; /* accesses; 0: never */
    bool interrupts;
    uint64_t accesses;
    uint64_t interrupted; /* so many times */
    uint16_t latched;
    bool high_is_next;
} chip;

static uint64_t counts(void)
{
    uint64_t accesses = chip.accesses;
    if (chip.stops_at && accesses > chip.stops_at)
        accesses = chip.stops_at;
    return accesses / ACCESSES_PER_COUNT;
}

static void pass(void)
{
    chip.accesses++;
    if (chip.interrupts && counts() / COUNTS_PER_TICK > chip.interrupted) {
        chip.interrupted++;
        timer_interrupt();
    }
}

static uint32_t fake_read(uint16_t port, unsigned size_bytes)
{
    assert_int_equal(size_bytes, 1);
    assert_int_equal(port, TIMER_CHANNEL0);
    pass();
    if (chip.is_absent)
        return 0xFF;
    chip.high_is_next = !chip.high_is_next;
    return chip.high_is_next ? chip.latched & 0xFF : chip.latched >> 8;
}

static void fake_write(uint16_t port, uint32_t value, unsigned size_bytes)
{
    assert_int_equal(size_bytes, 1);
    pass();
    if (port == TIMER_COMMAND && value == TIMER_COMMAND_LATCH)
        chip.latched = (uint16_t)(COUNTS_PER_TICK - counts() % COUNTS_PER_TICK);
}

static int start(void **state)
{
    (void)state;
    chip = (struct chip){0};
    tick_count = &own_tick_count;
    own_tick_count = 0;
    ticks_come = false;
    read_substitute = NULL;
    untold = 0;
    return 0;
}

static void wait_lasts_as_long_as_it_should(void **state)
{
    (void)state;
    assert_true(timer_init());
    uint64_t before = counts();
    timer_wait(1000000);
    assert_in_range(counts() - before, TIMER_HZ, TIMER_HZ + 100);
}

static void longest_wait_is_no_overflow(void **state)
{
    (void)state;
    assert_true(timer_init());
    uint64_t before = counts();
    timer_wait(10000000);
    assert_true(counts() - before >= 10 * (uint64_t)TIMER_HZ);
}

static void absent_timer_is_noticed(void **state)
{
    (void)state;
    chip.is_absent = true;
    assert_false(timer_init());
    assert_false(timer_is_counting());
    assert_in_range(chip.accesses, 1, 100000);
}

static void wait_without_a_timer_ends(void **state)
{
    (void)state;
    chip.is_absent = true;
    timer_init();
    uint64_t before = chip.accesses;
    timer_wait(1000);
    assert_in_range(chip.accesses - before, 1000, 2000);
}

static void timer_that_stops_is_noticed(void **state)
{
    (void)state;
    assert_true(timer_init());
    chip.stops_at = chip.accesses + 100;
    timer_wait(1000);
    assert_false(timer_is_counting());
    assert_in_range(chip.accesses, 1, 100000);
}

static void ticks_come_by_interrupts(void **state)
{
    (void)state;
    timer_init();
    chip.interrupts = true;
    assert_true(timer_find_ticks());
    uint32_t before = timer_ticks();
    timer_wait(100000);
    assert_in_range(timer_ticks() - before, 9, 11);
}

static void without_interrupts_ticks_pass_in_waits(void **state)
{
    (void)state;
    timer_init();
    assert_false(timer_find_ticks());
    assert_false(timer_ticks_come());
    uint32_t before = timer_ticks();
    timer_wait(100000);
    assert_in_range(timer_ticks() - before, 9, 11);
}

static void without_interrupts_ticks_pass_by_asking(void **state)
{
    (void)state;
    timer_init();
    timer_find_ticks();
    uint32_t before = timer_ticks();
    uint64_t counts_before = counts();
    while (timer_ticks() - before < 10)
        assert_in_range(counts() - counts_before, 0, 11 * COUNTS_PER_TICK);
}

static void without_anything_time_still_goes_forward(void **state)
{
    (void)state;
    chip.is_absent = true;
    timer_init();
    assert_false(timer_find_ticks());
    uint32_t before = timer_ticks();
    for (uint32_t i = 0; i < 2 * COUNTS_PER_TICK; i++)
        timer_ticks();
    assert_in_range(timer_ticks() - before, 1, 3);
}

static void late_interrupt_is_believed(void **state)
{
    (void)state;
    timer_init();
    assert_false(timer_find_ticks());
    timer_interrupt();
    assert_true(timer_ticks_come());
}

static uint64_t other_count;

static uint64_t read_other(void)
{
    return other_count;
}

static void other_counter_gives_the_time(void **state)
{
    (void)state;
    chip.is_absent = true;
    timer_init();
    timer_find_ticks();
    other_count = 12345;
    timer_use_counter(read_other, 1000 * (uint64_t)TIMER_HZ);
    uint32_t before = timer_ticks();
    other_count += 1000 * (uint64_t)TIMER_HZ;
    assert_in_range(timer_ticks() - before, 99, 101);
    timer_use_counter(read_other, 1); /* too slow to be of use */
    timer_wait(1000);
}

#define WITH(test) cmocka_unit_test_setup(test, start)

static void ticks_are_counted_where_they_are_asked_for(void **state)
{
    (void)state;
    volatile uint32_t place = 99;
    timer_interrupt();
    timer_count_at(&place);
    assert_int_equal(place, 1);
    timer_interrupt();
    assert_int_equal(place, 2);
    assert_int_equal(timer_ticks(), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(wait_lasts_as_long_as_it_should),
        WITH(longest_wait_is_no_overflow),
        WITH(absent_timer_is_noticed),
        WITH(wait_without_a_timer_ends),
        WITH(timer_that_stops_is_noticed),
        WITH(ticks_come_by_interrupts),
        WITH(without_interrupts_ticks_pass_in_waits),
        WITH(without_interrupts_ticks_pass_by_asking),
        WITH(without_anything_time_still_goes_forward),
        WITH(late_interrupt_is_believed),
        WITH(other_counter_gives_the_time),
        WITH(ticks_are_counted_where_they_are_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
