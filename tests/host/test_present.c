/* What reaches video memory: colours in its format, and each pixel of a line once. */

#include "drivers/video/adapter/line_spans.h"
#include "drivers/video/canvas/pixel_format.h"
#include "test.h"

#include <string.h>

static uint32_t convert(unsigned bits, uint32_t colour)
{
    struct pixel_format format;
    uint32_t out = 0;
    assert_true(pixel_format_init_usual(&format, bits));
    pixel_format_convert(&format, &colour, 1, &out);
    return out;
}

static void test_usual_depths(void **state)
{
    (void)state;
    assert_int_equal(convert(8, 0xFF0000), 0xE0);
    assert_int_equal(convert(8, 0x00FF00), 0x1C);
    assert_int_equal(convert(8, 0x0000FF), 0x03);
    assert_int_equal(convert(15, 0x804020), 16 << 10 | 8 << 5 | 4);
    assert_int_equal(convert(16, 0x804020), 16 << 11 | 16 << 5 | 4);
    assert_int_equal(convert(24, 0x123456), 0x123456);
    assert_int_equal(convert(32, 0x123456), 0x123456);
}

static void test_any_masks(void **state)
{
    struct pixel_format format;
    uint32_t colour = 0x80C0FF;
    uint32_t out;
    (void)state;
    assert_true(pixel_format_init(&format, 32, 0x0000FF, 0x00FF00, 0xFF0000));
    pixel_format_convert(&format, &colour, 1, &out);
    assert_int_equal(out, 0xFFC080);
    assert_true(pixel_format_init(&format, 32, 0x3FF00000, 0x000FFC00, 0x000003FF));
    pixel_format_convert(&format, &colour, 1, &out);
    assert_int_equal(out, 0x80u << 22 | 0xC0u << 12 | 0xFFu << 2);
    assert_false(pixel_format_is_native(&format));
}

/* Three bytes a pixel, and none behind the last. */
static void test_packed_pixels(void **state)
{
    struct pixel_format format;
    const uint32_t colours[] = {0x112233, 0x445566};
    union {
        uint32_t words[2];
        uint8_t bytes[8];
    } out = {.bytes = {[6] = 0xAA, [7] = 0xAA}};
    const uint8_t expected[] = {0x33, 0x22, 0x11, 0x66, 0x55, 0x44, 0xAA, 0xAA};
    (void)state;
    assert_true(pixel_format_init_usual(&format, 24));
    pixel_format_convert(&format, colours, 2, out.words);
    assert_memory_equal(out.bytes, expected, sizeof expected);
}

/* The quick ways for the usual masks agree with the way for any, at every length. */
static void test_usual_masks_as_any(void **state)
{
    static const unsigned depths[] = {8, 15, 16, 24};
    uint32_t colours[9];
    (void)state;
    for (uint32_t i = 0; i < 9; i++)
        colours[i] = i * 0x1B3F57u & 0xFFFFFF;
    for (size_t i = 0; i < 4 * 10; i++) {
        struct pixel_format format;
        size_t count = i % 10;
        _Alignas(4) uint8_t all[9 * 4 + 4] = {0};
        uint8_t one[9 * 4 + 4] = {0};
        assert_true(pixel_format_init_usual(&format, depths[i / 10]));
        pixel_format_convert(&format, colours, count, (uint32_t *)(void *)all);
        for (size_t at = 0; at < count; at++) {
            uint32_t out = 0;
            pixel_format_convert(&format, &colours[at], 1, &out);
            memcpy(one + at * format.bytes, &out, format.bytes);
        }
        assert_memory_equal(all, one, sizeof all);
    }
}

static void test_palette(void **state)
{
    static uint8_t indices[PIXEL_FORMAT_INDEX_COUNT];
    struct pixel_format format;
    uint32_t colour = 0xFFFFFF;
    uint32_t out = 0;
    (void)state;
    indices[0x7FFF] = 15;
    assert_true(pixel_format_init_usual(&format, 8));
    format.indices = indices;
    pixel_format_convert(&format, &colour, 1, &out);
    assert_int_equal(out, 15);
}

/* The nearest of a palette, for every colour of 5 bits each. */
static void test_nearest_colours(void **state)
{
    static const uint32_t colours[] = {0x000000, 0xFF0000, 0x00FF00, 0xFFFFFF};
    static uint8_t indices[PIXEL_FORMAT_INDEX_COUNT];
    (void)state;
    palette_build_indices(colours, 4, indices);
    assert_int_equal(indices[0], 0);
    assert_int_equal(indices[31 << 10], 1);
    assert_int_equal(indices[30 << 10 | 3], 1);
    assert_int_equal(indices[31 << 5], 2);
    assert_int_equal(indices[0x7FFF], 3);
    assert_int_equal(indices[4 << 10 | 4 << 5 | 4], 0);
}

static void test_refused_masks(void **state)
{
    struct pixel_format format;
    (void)state;
    assert_false(pixel_format_init(&format, 12, 0xF00, 0xF0, 0xF));
    assert_false(pixel_format_init(&format, 16, 0, 0x07E0, 0x001F));
    assert_false(pixel_format_init(&format, 16, 0xA800, 0x07E0, 0x001F));
    assert_false(pixel_format_init(&format, 16, 0xF800, 0x0FE0, 0x001F));
    assert_false(pixel_format_init(&format, 16, 0x1F0000, 0x07E0, 0x001F));
    assert_false(pixel_format_init_usual(&format, 4));
}

static void assert_spans(const struct ashlar_rectangle *rectangles, ULONG count, ULONG y,
                         ULONG align, const struct line_span *expected, ULONG expected_count)
{
    struct line_span spans[ASHLAR_RECTANGLES_MAX];
    assert_int_equal(line_spans(rectangles, count, y, align, spans), expected_count);
    assert_memory_equal(spans, expected, expected_count * sizeof *expected);
}

/*
 *   y 0  ..[====]......
 *   y 1  ..[====]......      both rectangles
 *        ....[=====]...
 *   y 2  ....[=====]...
 */
static void test_overlapping_rectangles(void **state)
{
    const struct ashlar_rectangle rectangles[] = {{4, 1, 11, 3}, {2, 0, 8, 2}};
    (void)state;
    assert_spans(rectangles, 2, 0, 1, &(struct line_span){2, 8}, 1);
    assert_spans(rectangles, 2, 1, 1, &(struct line_span){2, 11}, 1);
    assert_spans(rectangles, 2, 2, 1, &(struct line_span){4, 11}, 1);
    assert_spans(rectangles, 2, 3, 1, NULL, 0);
}

static void test_separate_rectangles(void **state)
{
    const struct ashlar_rectangle rectangles[] = {{20, 0, 24, 1}, {2, 0, 9, 1}, {3, 0, 4, 1}};
    const struct line_span apart[] = {{2, 9}, {20, 24}};
    (void)state;
    assert_spans(rectangles, 3, 0, 1, apart, 2);
    /* [0, 16) and [16, 24) touch. */
    assert_spans(rectangles, 3, 0, 8, &(struct line_span){0, 24}, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_usual_depths),           cmocka_unit_test(test_any_masks),
        cmocka_unit_test(test_packed_pixels),          cmocka_unit_test(test_palette),
        cmocka_unit_test(test_usual_masks_as_any),     cmocka_unit_test(test_refused_masks),
        cmocka_unit_test(test_overlapping_rectangles), cmocka_unit_test(test_separate_rectangles),
        cmocka_unit_test(test_nearest_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
