/* Which register makes a range write-combining, and when none does. */

#include "kernel/cpu/mtrr.h"
#include "test.h"

#define MIB ((uint64_t)1 << 20)
#define BITS 36
#define ALL (((uint64_t)1 << BITS) - 1)

/* RAM up to 256 MiB, as firmware has it; the others are free. */
static const struct mtrr usual[4] = {{6, (ALL & ~(256 * MIB - 1)) | MTRR_VALID}};

static int choose(const struct mtrr *registers, uint64_t base, uint64_t size_bytes,
                  struct mtrr *wanted)
{
    return mtrr_choose(registers, 4, base, size_bytes, BITS, wanted);
}

static void free_register_takes_the_next_power_of_two(void **state)
{
    struct mtrr wanted;
    (void)state;
    assert_int_equal(choose(usual, 0xFD000000, 3 * MIB, &wanted), 1);
    assert_int_equal(wanted.base, 0xFD000000 | MTRR_TYPE_WRITE_COMBINING);
    assert_int_equal(wanted.mask, (ALL & ~(4 * MIB - 1)) | MTRR_VALID);
    assert_int_equal(choose(usual, 0xFD000000, 4 * MIB, &wanted), 1);
    assert_int_equal(wanted.mask, (ALL & ~(4 * MIB - 1)) | MTRR_VALID);
    assert_int_equal(choose(usual, 0xFD000000, 1, &wanted), 1);
    assert_int_equal(wanted.mask, (ALL & ~(uint64_t)0xFFF) | MTRR_VALID);
}

static void base_that_is_no_multiple_is_refused(void **state)
{
    struct mtrr wanted;
    (void)state;
    assert_int_equal(choose(usual, 0xFD100000, 3 * MIB, &wanted), -1);
    assert_int_equal(choose(usual, 0xFD000000, 0, &wanted), -1);
    assert_int_equal(choose(usual, ALL + 1, 4096, &wanted), -1);
}

/*
 *   register 0   |==== uncached ====|
 *   wanted            |==|               inside it, or around it
 */
static void range_that_meets_another_is_refused(void **state)
{
    const struct mtrr uncached[4] = {{0xE0000000, (ALL & ~(512 * MIB - 1)) | MTRR_VALID}};
    struct mtrr wanted;
    (void)state;
    assert_int_equal(choose(uncached, 0xFD000000, MIB, &wanted), -1);
    assert_int_equal(choose(uncached, 0xC0000000, 1024 * MIB, &wanted), -1);
    assert_int_equal(choose(uncached, 0xD0000000, MIB, &wanted), 1);
}

static void no_free_register_is_refused(void **state)
{
    struct mtrr taken[4];
    struct mtrr wanted;
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        taken[i] = (struct mtrr){i * MIB, (ALL & ~(MIB - 1)) | MTRR_VALID};
    assert_int_equal(choose(taken, 0xFD000000, MIB, &wanted), -1);
    taken[2].mask = 0;
    assert_int_equal(choose(taken, 0xFD000000, MIB, &wanted), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(free_register_takes_the_next_power_of_two),
        cmocka_unit_test(base_that_is_no_multiple_is_refused),
        cmocka_unit_test(range_that_meets_another_is_refused),
        cmocka_unit_test(no_free_register_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
