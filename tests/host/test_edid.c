/* What a monitor's blocks of 128 bytes say, and that damaged ones say nothing. */

#include "drivers/video/adapter/edid.h"
#include "test.h"

#include <string.h>

static uint8_t bytes[EDID_BYTES_MAX];
static struct edid edid;

static void seal_block(size_t index)
{
    uint8_t *block = bytes + index * EDID_BYTES;
    uint8_t sum = 0;
    for (size_t i = 0; i < EDID_BYTES - 1; i++)
        sum = (uint8_t)(sum + block[i]);
    block[EDID_BYTES - 1] = (uint8_t)-sum;
}

static void seal(void)
{
    seal_block(0);
}

static bool read_bytes(void)
{
    return edid_read(&edid, bytes, sizeof bytes);
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
    assert_true(read_bytes());
    assert_int_equal(edid.width, 1280);
    assert_int_equal(edid.height, 800);
    assert_string_equal(edid.name, "QEMU Monitor");
}

static void damaged_block_says_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDID_BYTES; i++) {
        bytes[i] ^= 0x10;
        assert_false(read_bytes());
        assert_int_equal(edid.width, 0);
        assert_string_equal(edid.name, "");
        bytes[i] ^= 0x10;
    }
    memset(bytes, 0, sizeof bytes);
    assert_false(read_bytes());
    memset(bytes, 0xFF, sizeof bytes);
    assert_false(read_bytes());
}

static void name_without_an_end_fills_its_place(void **state)
{
    (void)state;
    memcpy(bytes + 54 + 36 + 5, "ABCDEFGHIJKLM", 13);
    seal();
    assert_true(read_bytes());
    assert_string_equal(edid.name, "ABCDEFGHIJKLM");
    memcpy(bytes + 54 + 36 + 5,
           "A\x01"
           "CDEFGHIJKLM",
           13);
    seal();
    assert_true(read_bytes());
    assert_string_equal(edid.name, "A");
}

static void monitor_without_a_timing_prefers_nothing(void **state)
{
    (void)state;
    memset(bytes + 54, 0, 18);
    seal();
    assert_true(read_bytes());
    assert_int_equal(edid.width, 0);
    assert_int_equal(edid.height, 0);
    bytes[54] = 1; /* a clock, and no pixels */
    seal();
    assert_true(read_bytes());
    assert_int_equal(edid.width, 0);
}

static bool says(unsigned width, unsigned height)
{
    assert_true(read_bytes());
    if (edid.width != width || edid.height != height)
        print_error("%ux%u is read\n", edid.width, edid.height);
    return edid.width == width && edid.height == height;
}

/* The 18 bytes of detailed timings, as monitors have them. */
static const uint8_t interlaced[] = {0x01, 0x1D, 0x80, 0x18, 0x71, 0x1C, 0x16, 0x20, 0x58,
                                     0x2C, 0x25, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x9E};
static const uint8_t laptop[] = {0x66, 0x21, 0x56, 0xAA, 0x51, 0x00, 0x1E, 0x30, 0x46,
                                 0x8F, 0x33, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x1E};
static const uint8_t uhd[] = {0x08, 0xE8, 0x00, 0x30, 0xF2, 0x70, 0x5A, 0x80, 0xB0,
                              0x58, 0x8A, 0x00, 0x50, 0x1D, 0x74, 0x00, 0x00, 0x1E};

static void timing_is_the_mode_that_is_meant(void **state)
{
    static const struct {
        const char *what;
        uint8_t timing[18];
        unsigned width;
        unsigned height;
    } rows[] = {
        {"1920x1080, interlaced (CTA-861's format 5)",
         {0x01, 0x1D, 0x80, 0x18, 0x71, 0x1C, 0x16, 0x20, 0x58, 0x2C, 0x25, 0, 0, 0, 0, 0, 0, 0x9E},
         1920,
         1080},
        {"1920x1080, progressive (format 16)",
         {0x02, 0x3A, 0x80, 0x18, 0x71, 0x38, 0x2D, 0x40, 0x58, 0x2C, 0x45, 0, 0, 0, 0, 0, 0, 0x1E},
         1920,
         1080},
        {"720x480, interlaced, lines doubled",
         {0x8C, 0x0A, 0xD0, 0x8A, 0x20, 0xF0, 0x16, 0x00, 0x26, 0x7C, 0x43, 0, 0, 0, 0, 0, 0, 0x98},
         720,
         480},
        {"1366x768",
         {0x66, 0x21, 0x56, 0xAA, 0x51, 0x00, 0x1E, 0x30, 0x46, 0x8F, 0x33, 0, 0, 0, 0, 0, 0, 0x1E},
         1366,
         768},
        {"3840x2160",
         {0x08, 0xE8, 0x00, 0x30, 0xF2, 0x70, 0x5A, 0x80, 0xB0, 0x58, 0x8A, 0, 0, 0, 0, 0, 0, 0x1E},
         3840,
         2160},
        {"the largest", {1, 0, 0xFF, 0, 0xF0, 0xFF, 0, 0xF0, 0, 0, 0}, 4095, 4095},
        {"the largest, interlaced",
         {1, 0, 0xFF, 0, 0xF0, 0xFF, 0, 0xF0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80},
         4095,
         8190},
        {"a clock of 256 units", {0, 1, 0x40, 0, 0x10, 0xF0, 0}, 320, 240},
        {"no pixels", {1}, 0, 0},
        {"no lines", {1, 0, 0x40, 0, 0x10}, 0, 0},
        {"no clock", {0, 0, 0x40, 0, 0x10, 0xF0}, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memcpy(bytes + 54, rows[i].timing, 18);
        seal();
        if (!says(rows[i].width, rows[i].height))
            fail_msg("%s", rows[i].what);
    }
}

static void first_timing_that_makes_sense_is_preferred(void **state)
{
    (void)state;
    memcpy(bytes + 54 + 18, laptop, 18);
    memcpy(bytes + 54 + 54, interlaced, 18);
    seal();
    assert_true(says(1280, 800));
    memset(bytes + 54, 0, 18);
    seal();
    assert_true(says(1366, 768));
    memset(bytes + 54 + 18, 0, 18);
    seal();
    assert_true(says(1920, 1080));
}

/* ---- extension blocks ------------------------------------------------------------------------ */

/* A monitor with a name, no timing in its first block, and an extension block. */
static uint8_t *start_extension(size_t index, uint8_t kind)
{
    uint8_t *block = bytes + index * EDID_BYTES;
    memset(bytes + 54, 0, 18);
    bytes[126] = (uint8_t)index;
    seal();
    block[0] = kind;
    return block;
}

static void timing_may_lie_in_an_extension_of_cta(void **state)
{
    uint8_t *block = start_extension(1, 0x02);
    (void)state;
    block[2] = 4;
    memcpy(block + 4, uhd, 18);
    memcpy(block + 4 + 18, laptop, 18);
    seal_block(1);
    assert_true(says(3840, 2160));
    assert_string_equal(edid.name, "QEMU Monitor");
    memcpy(bytes + 54, laptop, 18); /* the first block's own goes before */
    seal();
    assert_true(says(1366, 768));
}

/* Where an extension says that its timings begin, with a timing at the last place for one. */
static void timings_of_cta_lie_where_it_says(void **state)
{
    static const struct {
        uint8_t begin;
        unsigned width;
    } rows[] = {{4, 3840}, {91, 3840}, {109, 3840}, {110, 0}, {0, 0}, {3, 0}, {127, 0}, {255, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t *block = start_extension(1, 0x02);
        memset(block + 1, 0, EDID_BYTES - 1);
        block[2] = rows[i].begin;
        if (rows[i].begin == 4)
            memcpy(block + 4, uhd, 18);
        else
            memcpy(block + 109, uhd, 18);
        seal_block(1);
        assert_true(says(rows[i].width, rows[i].width ? 2160 : 0));
    }
}

/* What QEMU has for 3840x2160, whose clock a detailed timing has no room for
   (hw/display/edid-generate.c). */
static const uint8_t displayid[] = {0x70, 0x13, 0x17, 0x03, 0x00, 0x03, 0x00, 0x14, 0x70, 0x53,
                                    0x01, 0x88, 0xFF, 0x0E, 0x3F, 0x05, 0xBF, 0x03, 0x72, 0x00,
                                    0x6F, 0x08, 0x4A, 0x00, 0x09, 0x00, 0x09, 0x00, 0x18};

static void timing_may_lie_in_an_extension_of_displayid(void **state)
{
    uint8_t *block = start_extension(2, 0x02); /* behind another, which is empty */
    (void)state;
    bytes[EDID_BYTES] = 0x02;
    seal_block(1);
    memcpy(block, displayid, sizeof displayid);
    seal_block(2);
    assert_true(says(3840, 2160));
    block[5] = 0x22; /* DisplayID 2.0's, of the same form */
    seal_block(2);
    assert_true(says(3840, 2160));
    block[5] = 0x21;
    seal_block(2);
    assert_true(says(0, 0));
}

/* Data blocks of DisplayID before the timing, how long it and all of them say to be. */
static void timing_of_displayid_lies_inside_its_blocks(void **state)
{
    static const struct {
        uint8_t bytes_before;
        uint8_t timing_bytes;
        uint8_t section_bytes;
        bool is_read;
    } rows[] = {
        {0, 20, 23, true},  {0, 40, 43, true},   {0, 20, 22, false}, {0, 19, 23, false},
        {0, 0, 23, false},  {0, 255, 23, false}, {9, 20, 32, true},  {9, 20, 31, false},
        {0, 20, 255, true}, {99, 20, 122, true}, {0, 20, 0, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t *block = start_extension(1, 0x70);
        uint8_t *timing = block + 5 + rows[i].bytes_before;
        memset(block + 1, 0, EDID_BYTES - 1);
        block[2] = rows[i].section_bytes;
        if (rows[i].bytes_before > 0) {
            block[5] = 0x7F;
            block[7] = (uint8_t)(rows[i].bytes_before - 3);
        }
        memcpy(timing, displayid + 5, 23);
        timing[2] = rows[i].timing_bytes;
        seal_block(1);
        if (!says(rows[i].is_read ? 3840 : 0, rows[i].is_read ? 2160 : 0))
            fail_msg("row %zu", i);
    }
    assert_int_equal(bytes[126], 1);
}

static void extension_that_is_not_whole_says_nothing(void **state)
{
    uint8_t *block = start_extension(1, 0x02);
    (void)state;
    block[2] = 4;
    memcpy(block + 4, uhd, 18);
    seal_block(1);
    for (size_t i = 0; i < EDID_BYTES; i++) {
        block[i] ^= 0x10;
        assert_true(says(0, 0));
        block[i] ^= 0x10;
    }
    assert_true(says(3840, 2160));
    assert_true(edid_read(&edid, bytes, 2 * EDID_BYTES - 1));
    assert_int_equal(edid.width, 0);
    bytes[126] = 0; /* nobody speaks of it */
    seal();
    assert_true(says(0, 0));
    bytes[126] = 255; /* more than there are */
    seal();
    assert_true(says(3840, 2160));
    block[0] = 0x10; /* of another kind */
    seal_block(1);
    assert_true(says(0, 0));
}

static void name_may_lie_in_an_extension(void **state)
{
    uint8_t *block = start_extension(1, 0x02);
    (void)state;
    block[2] = 4;
    memcpy(block + 4, "\0\0\0\xFC\0Another one\n ", 18);
    seal_block(1);
    assert_true(says(0, 0));
    assert_string_equal(edid.name, "QEMU Monitor"); /* the first block's own goes before */
    memset(bytes + 54 + 36, 0, 18);
    seal();
    assert_true(says(0, 0));
    assert_string_equal(edid.name, "Another one");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(preferred_mode_and_name_are_read, start_whole),
        cmocka_unit_test_setup(damaged_block_says_nothing, start_whole),
        cmocka_unit_test_setup(name_without_an_end_fills_its_place, start_whole),
        cmocka_unit_test_setup(monitor_without_a_timing_prefers_nothing, start_whole),
        cmocka_unit_test_setup(timing_is_the_mode_that_is_meant, start_whole),
        cmocka_unit_test_setup(first_timing_that_makes_sense_is_preferred, start_whole),
        cmocka_unit_test_setup(timing_may_lie_in_an_extension_of_cta, start_whole),
        cmocka_unit_test_setup(timings_of_cta_lie_where_it_says, start_whole),
        cmocka_unit_test_setup(timing_may_lie_in_an_extension_of_displayid, start_whole),
        cmocka_unit_test_setup(timing_of_displayid_lies_inside_its_blocks, start_whole),
        cmocka_unit_test_setup(extension_that_is_not_whole_says_nothing, start_whole),
        cmocka_unit_test_setup(name_may_lie_in_an_extension, start_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
