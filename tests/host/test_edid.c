/* What a monitor's 128 bytes say, and that damaged ones say nothing. */

#include "drivers/video/edid.h"
#include "test.h"

#include <string.h>

static uint8_t bytes[EDID_BYTES];
static struct edid edid;

static void seal(void)
{
    uint8_t sum = 0;
    for (size_t i = 0; i < EDID_BYTES - 1; i++)
        sum = (uint8_t)(sum + bytes[i]);
    bytes[EDID_BYTES - 1] = (uint8_t)-sum;
}

/* 1280x800, as QEMU's monitor has it. */
static int start_whole(void **state)
{
    static const uint8_t header[] = {0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0};
    static const uint8_t timing[] = {0x10, 0x27, 0x00, 0x50, 0x50, 0x20, 0x14, 0x30};
    static const uint8_t name[] = "\0\0\0\xFC\0QEMU Monitor\n";
    (void)state;
    memset(bytes, 0, sizeof bytes);
    memcpy(bytes, header, sizeof header);
    memcpy(bytes + 54, timing, sizeof timing);
    memcpy(bytes + 54 + 36, name, 18);
    seal();
    return 0;
}

static void preferred_mode_and_name_are_read(void **state)
{
    (void)state;
    assert_true(edid_read(&edid, bytes));
    assert_int_equal(edid.width, 1280);
    assert_int_equal(edid.height, 800);
    assert_string_equal(edid.name, "QEMU Monitor");
}

static void damaged_block_says_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDID_BYTES; i++) {
        bytes[i] ^= 0x10;
        assert_false(edid_read(&edid, bytes));
        assert_int_equal(edid.width, 0);
        assert_string_equal(edid.name, "");
        bytes[i] ^= 0x10;
    }
    memset(bytes, 0, sizeof bytes);
    assert_false(edid_read(&edid, bytes));
    memset(bytes, 0xFF, sizeof bytes);
    assert_false(edid_read(&edid, bytes));
}

static void name_without_an_end_fills_its_place(void **state)
{
    (void)state;
    memcpy(bytes + 54 + 36 + 5, "ABCDEFGHIJKLM", 13);
    seal();
    assert_true(edid_read(&edid, bytes));
    assert_string_equal(edid.name, "ABCDEFGHIJKLM");
    memcpy(bytes + 54 + 36 + 5,
           "A\x01"
           "CDEFGHIJKLM",
           13);
    seal();
    assert_true(edid_read(&edid, bytes));
    assert_string_equal(edid.name, "A");
}

static void monitor_without_a_timing_prefers_nothing(void **state)
{
    (void)state;
    memset(bytes + 54, 0, 18);
    seal();
    assert_true(edid_read(&edid, bytes));
    assert_int_equal(edid.width, 0);
    assert_int_equal(edid.height, 0);
    bytes[54] = 1; /* a clock, and no pixels */
    seal();
    assert_true(edid_read(&edid, bytes));
    assert_int_equal(edid.width, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(preferred_mode_and_name_are_read, start_whole),
        cmocka_unit_test_setup(damaged_block_says_nothing, start_whole),
        cmocka_unit_test_setup(name_without_an_end_fills_its_place, start_whole),
        cmocka_unit_test_setup(monitor_without_a_timing_prefers_nothing, start_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
