/* The BIOS's own memory, from two words that may be anything. */

#include "test.h"

#include "boot/bios_area.h"

static void words_of_a_pc_are_believed(void **state)
{
    (void)state;
    assert_int_equal(boot_find_bios_area(0x9FC0, 639), 0x9FC00);
    assert_int_equal(boot_find_bios_area(0x9C00, 624), 0x9C000);
    assert_int_equal(boot_find_bios_area(0x8000, 512), 0x80000);
}

static void without_an_area_all_of_640_kib_is_free(void **state)
{
    (void)state;
    assert_int_equal(boot_find_bios_area(0, 640), 0xA0000);
    assert_int_equal(boot_find_bios_area(0, 0), 0xA0000);
}

static void lower_of_the_two_words_counts(void **state)
{
    (void)state;
    assert_int_equal(boot_find_bios_area(0x9FC0, 620), 620 * KIB);
    assert_int_equal(boot_find_bios_area(0x9000, 639), 0x90000);
    assert_int_equal(boot_find_bios_area(0, 620), 620 * KIB);
    assert_int_equal(boot_find_bios_area(0x9FC0, 0), 0x9FC00);
}

static void wild_words_are_not_believed(void **state)
{
    (void)state;
    static const uint16_t wild[] = {1, 0x40, 0x7FFF, 0xA000, 0xC000, 0xF000, 0xFFFF};
    for (size_t i = 0; i < sizeof wild / sizeof *wild; i++) {
        assert_int_equal(boot_find_bios_area(wild[i], 640), 0xA0000);
        assert_int_equal(boot_find_bios_area(wild[i], wild[i]), 0xA0000);
    }
    assert_int_equal(boot_find_bios_area(0, 511), 0xA0000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_a_pc_are_believed),
        cmocka_unit_test(without_an_area_all_of_640_kib_is_free),
        cmocka_unit_test(lower_of_the_two_words_counts),
        cmocka_unit_test(wild_words_are_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
