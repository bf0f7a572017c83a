/* The canvas writes what it should, marks what it wrote, and touches nothing else. */

#include "drivers/video/canvas/canvas.h"

#include "golden.h"
#include "test.h"

#include <limits.h>
#include <string.h>

#define WIDTH 40
#define HEIGHT 24
#define PADDING 3 /* pixels between the end of a row and the next */
#define GUARD_ROWS 4
#define STRIDE (WIDTH + PADDING)
#define GUARD 0xDEADBEEFu
#define BLANK 0x00000000u
#define INK 0x00FF8000u
#define PAPER 0x00203040u

static uint32_t memory[(HEIGHT + 2 * GUARD_ROWS) * STRIDE];
static uint32_t *const pixels = memory + GUARD_ROWS * STRIDE;
static struct canvas canvas;

/* A font of our own, 3 by 5: '#' is a full block, '|' its left column, the placeholder its middle.
 */
static uint8_t glyph_bits[(FONT_END - FONT_FIRST) * 5 * 3 / 8 + 1 + FONT_SPARE_BYTES];
static const struct font font_test = {3, 5, glyph_bits, false};

static void set_glyph(unsigned code, uint16_t row)
{
    for (unsigned i = 0; i < 5 * 3; i++) {
        unsigned at = (code - FONT_FIRST) * 5 * 3 + i;
        uint8_t bit = (uint8_t)(0x80 >> at % 8);
        glyph_bits[at / 8] &= (uint8_t)~bit;
        glyph_bits[at / 8] |= row << i % 3 & 0x8000 ? bit : 0;
    }
}

static int start_blank(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof memory / sizeof memory[0]; i++)
        memory[i] = GUARD;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            pixels[y * STRIDE + x] = BLANK;
    canvas_init(&canvas, pixels, WIDTH, HEIGHT, STRIDE * sizeof(uint32_t));
    set_glyph('#', 0xE000);
    set_glyph('|', 0x8000);
    set_glyph(FONT_PLACEHOLDER, 0x4000);
    return 0;
}

static uint32_t pixel(int x, int y)
{
    return pixels[y * STRIDE + x];
}

static bool inside(struct canvas_rect rect, int x, int y)
{
    return x >= rect.left && x < rect.right && y >= rect.top && y < rect.bottom;
}

static void expect_guards(void)
{
    for (int i = 0; i < (int)(sizeof memory / sizeof memory[0]); i++) {
        int y = i / STRIDE - GUARD_ROWS;
        if (y < 0 || y >= HEIGHT || i % STRIDE >= WIDTH)
            assert_int_equal(memory[i], GUARD);
    }
}

/* All pixels that are not blank lie in `limit` and under a mark; marks lie on the canvas. */
static void expect_drawn_inside(struct canvas_rect limit)
{
    struct canvas_rect rects[CANVAS_DIRTY_MAX];
    size_t count = canvas_take_dirty(&canvas, rects, CANVAS_DIRTY_MAX);
    expect_guards();
    for (size_t i = 0; i < count; i++)
        assert_true(rects[i].left >= 0 && rects[i].top >= 0 && rects[i].right <= WIDTH &&
                    rects[i].bottom <= HEIGHT && !canvas_rect_is_empty(rects[i]));
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            bool marked = false;
            if (pixel(x, y) == BLANK)
                continue;
            assert_true(inside(limit, x, y));
            for (size_t i = 0; i < count; i++)
                marked = marked || inside(rects[i], x, y);
            assert_true(marked);
        }
    }
}

static const int edges_x[] = {INT_MIN,   INT_MIN + 1, -WIDTH, -2,        -1,          0,      1,
                              WIDTH / 2, WIDTH - 1,   WIDTH,  WIDTH + 1, INT_MAX - 1, INT_MAX};
static const int edges_y[] = {INT_MIN,    INT_MIN + 1, -HEIGHT, -2,         -1,          0,      1,
                              HEIGHT / 2, HEIGHT - 1,  HEIGHT,  HEIGHT + 1, INT_MAX - 1, INT_MAX};
#define EDGE_COUNT (sizeof edges_x / sizeof edges_x[0])

/* Calls `draw` with every rectangle that has its edges at these places, right ways and wrong. */
static void for_each_rect(void (*draw)(struct canvas_rect))
{
    for (size_t i = 0; i < EDGE_COUNT * EDGE_COUNT; i++)
        for (size_t j = 0; j < EDGE_COUNT * EDGE_COUNT; j += 5) {
            struct canvas_rect rect = {edges_x[i / EDGE_COUNT], edges_y[j / EDGE_COUNT],
                                       edges_x[i % EDGE_COUNT], edges_y[j % EDGE_COUNT]};
            start_blank(NULL);
            draw(rect);
        }
}

static void check_fill(struct canvas_rect rect)
{
    canvas_fill(&canvas, rect, INK);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            assert_int_equal(pixel(x, y), inside(rect, x, y) ? INK : BLANK);
    expect_drawn_inside(rect);
}

static void fill_sets_exactly_its_pixels(void **state)
{
    (void)state;
    for_each_rect(check_fill);
}

static void check_pattern(struct canvas_rect rect)
{
    canvas_fill_pattern(&canvas, rect, CANVAS_HATCH, INK, PAPER);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            assert_int_equal(pixel(x, y) != BLANK, inside(rect, x, y));
    expect_drawn_inside(rect);
}

static void pattern_covers_exactly_its_pixels(void **state)
{
    (void)state;
    for_each_rect(check_pattern);
}

static void check_frame(struct canvas_rect rect)
{
    struct canvas_rect inner = rect;
    canvas_draw_frame(&canvas, rect, INK);
    if (!canvas_rect_is_empty(rect))
        inner = (struct canvas_rect){rect.left + 1, rect.top + 1, rect.right - 1, rect.bottom - 1};
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            assert_int_equal(pixel(x, y) == INK, inside(rect, x, y) && !inside(inner, x, y));
    expect_drawn_inside(rect);
}

static void frame_sets_the_outermost_pixels(void **state)
{
    (void)state;
    for_each_rect(check_frame);
}

static void check_line(struct canvas_rect ends)
{
    canvas_draw_line(&canvas, ends.left, ends.top, ends.right, ends.bottom, INK);
    expect_drawn_inside(canvas_bounds(&canvas));
    if (inside(canvas_bounds(&canvas), ends.left, ends.top) &&
        inside(canvas_bounds(&canvas), ends.right, ends.bottom)) {
        assert_int_equal(pixel(ends.left, ends.top), INK);
        assert_int_equal(pixel(ends.right, ends.bottom), INK);
    }
}

static void line_has_both_ends_and_stays_inside(void **state)
{
    (void)state;
    for_each_rect(check_line);
}

static void check_text(struct canvas_rect at)
{
    struct canvas_rect clip = {5, 5, WIDTH - 5, HEIGHT - 5};
    canvas_set_clip(&canvas, clip);
    canvas_draw_text(&canvas, &font_test, at.left, at.top, "#|#\x01#", INK);
    canvas_draw_cell(&canvas, &font_test, at.right, at.bottom, '|', INK, PAPER);
    expect_drawn_inside(clip);
}

static void text_stays_inside_the_clip(void **state)
{
    (void)state;
    for_each_rect(check_text);
}

static void clip_outside_the_canvas_draws_nothing(void **state)
{
    (void)state;
    canvas_set_clip(&canvas, (struct canvas_rect){WIDTH, 0, INT_MAX, HEIGHT});
    canvas_fill(&canvas, canvas_bounds(&canvas), INK);
    canvas_draw_line(&canvas, 0, 0, WIDTH, HEIGHT, INK);
    canvas_draw_text(&canvas, &font_test, 0, 0, "###", INK);
    assert_int_equal(canvas.dirty_count, 0);
    expect_drawn_inside((struct canvas_rect){0, 0, 0, 0});
}

/*   010
 *   010   the glyph at (9,3), nothing around it  */
static void code_without_glyph_shows_the_placeholder(void **state)
{
    (void)state;
    canvas_draw_text(&canvas, &font_test, 9, 3, "\xFF", INK);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            assert_int_equal(pixel(x, y) == INK, x == 10 && y >= 3 && y < 8);
}

/*   01|0      the clip cuts the glyph's left column off, and its middle stays where it was  */
/* A font of doubled pixels has each of the other one's as two by two. */
static void doubled_glyph_has_each_pixel_four_times(void **state)
{
    static const struct font font_doubled = {6, 10, glyph_bits, true};
    (void)state;
    canvas_draw_text(&canvas, &font_doubled, 2, 2, "|\x01", INK);
    for (int y = 0; y < 14; y++)
        for (int x = 0; x < 16; x++) {
            bool is_row = y >= 2 && y < 12;
            bool is_column = x == 2 || x == 3 || x == 10 || x == 11;
            assert_int_equal(pixel(x, y), is_row && is_column ? INK : BLANK);
        }
}

static void glyph_cut_at_the_left_keeps_its_place(void **state)
{
    (void)state;
    canvas_set_clip(&canvas, canvas_rect_at(1, 0, 10, 10));
    canvas_draw_text(&canvas, &font_test, 0, 0, "\xFF", INK);
    assert_int_equal(pixel(1, 0), INK);
    assert_int_equal(pixel(2, 0), BLANK);
    start_blank(NULL);
    canvas_draw_text(&canvas, &font_test, -1, -2, "#\xFF", INK);
    assert_int_equal(pixel(0, 0), INK);
    assert_int_equal(pixel(1, 0), INK);
    assert_int_equal(pixel(2, 0), BLANK);
    assert_int_equal(pixel(3, 0), INK);
    assert_int_equal(pixel(3, 2), INK);
    assert_int_equal(pixel(3, 3), BLANK);
}

static void text_advances_by_its_width(void **state)
{
    (void)state;
    canvas_draw_text(&canvas, &font_test, 2, 1, "| |", INK);
    assert_int_equal(canvas_text_width(&font_test, "| |"), 9);
    assert_int_equal(canvas_text_width(&font_test, ""), 0);
    for (int x = 0; x < WIDTH; x++)
        assert_int_equal(pixel(x, 1) == INK, x == 2 || x == 8);
}

static void adjoining_patterns_continue_each_other(void **state)
{
    uint32_t whole[HEIGHT][WIDTH];
    (void)state;
    for (int pattern = 0; pattern < CANVAS_PATTERN_COUNT; pattern++) {
        canvas_fill_pattern(&canvas, canvas_bounds(&canvas), (enum canvas_pattern)pattern, INK,
                            PAPER);
        for (int y = 0; y < HEIGHT; y++)
            memcpy(whole[y], &pixels[y * STRIDE], sizeof whole[y]);
        start_blank(NULL);
        for (int y = 0; y < HEIGHT; y += 7)
            for (int x = 0; x < WIDTH; x += 5)
                canvas_fill_pattern(&canvas, canvas_rect_at(x, y, 5, 7),
                                    (enum canvas_pattern)pattern, INK, PAPER);
        for (int y = 0; y < HEIGHT; y++)
            assert_memory_equal(whole[y], &pixels[y * STRIDE], sizeof whole[y]);
    }
}

static void patterns_differ_from_each_other(void **state)
{
    uint32_t seen[CANVAS_PATTERN_COUNT][8][8];
    (void)state;
    for (int pattern = 0; pattern < CANVAS_PATTERN_COUNT; pattern++) {
        canvas_fill_pattern(&canvas, canvas_rect_at(0, 0, 8, 8), (enum canvas_pattern)pattern, INK,
                            PAPER);
        for (int y = 0; y < 8; y++)
            memcpy(seen[pattern][y], &pixels[y * STRIDE], sizeof seen[pattern][y]);
        for (int other = 0; other < pattern; other++)
            assert_memory_not_equal(seen[pattern], seen[other], sizeof seen[other]);
    }
}

/* A larger canvas of which only the marks matter: its pixels are never read. */
static uint32_t large_pixels[1000 * 1000];

static void start_large(void)
{
    canvas_init(&canvas, large_pixels, 1000, 1000, 1000 * sizeof(uint32_t));
}

static void touching_marks_become_one(void **state)
{
    (void)state;
    start_large();
    canvas_mark_dirty(&canvas, canvas_rect_at(0, 0, 10, 10));
    canvas_mark_dirty(&canvas, canvas_rect_at(10, 0, 10, 10));
    assert_int_equal(canvas.dirty_count, 1);
    assert_int_equal(canvas.dirty[0].right, 20);
}

/* Presenting the few pixels between costs less than presenting twice. */
static void marks_that_nearly_touch_become_one(void **state)
{
    (void)state;
    start_large();
    canvas_mark_dirty(&canvas, canvas_rect_at(0, 0, 8, 16));
    canvas_mark_dirty(&canvas, canvas_rect_at(24, 0, 8, 16));
    assert_int_equal(canvas.dirty_count, 1);
}

static void distant_marks_stay_apart(void **state)
{
    (void)state;
    start_large();
    canvas_mark_dirty(&canvas, canvas_rect_at(0, 0, 10, 10));
    canvas_mark_dirty(&canvas, canvas_rect_at(900, 900, 10, 10));
    assert_int_equal(canvas.dirty_count, 2);
}

/*   |--a--|      |--b--|        c reaches from one to the other, and one is left
 *        |----c----|            */
static void mark_between_two_joins_them(void **state)
{
    (void)state;
    start_large();
    canvas_mark_dirty(&canvas, canvas_rect_at(0, 0, 100, 50));
    canvas_mark_dirty(&canvas, canvas_rect_at(500, 0, 100, 50));
    assert_int_equal(canvas.dirty_count, 2);
    canvas_mark_dirty(&canvas, canvas_rect_at(90, 0, 420, 50));
    assert_int_equal(canvas.dirty_count, 1);
    assert_int_equal(canvas.dirty[0].left, 0);
    assert_int_equal(canvas.dirty[0].right, 600);
}

static void mark_inside_another_adds_nothing(void **state)
{
    (void)state;
    start_large();
    canvas_mark_dirty(&canvas, canvas_rect_at(100, 100, 500, 500));
    canvas_mark_dirty(&canvas, canvas_rect_at(300, 300, 1, 1));
    assert_int_equal(canvas.dirty_count, 1);
    assert_int_equal(canvas.dirty[0].left, 100);
    assert_int_equal(canvas.dirty[0].bottom, 600);
}

static void full_list_still_covers_every_mark(void **state)
{
    struct canvas_rect marks[200];
    uint32_t random = 1;
    (void)state;
    start_large();
    for (size_t i = 0; i < 200; i++) {
        random = random * 1664525u + 1013904223u;
        marks[i] = canvas_rect_at((int)(random >> 8) % 990, (int)(random >> 20) % 990, 9, 9);
        canvas_mark_dirty(&canvas, marks[i]);
        assert_true(canvas.dirty_count <= CANVAS_DIRTY_MAX);
    }
    for (size_t i = 0; i < 200; i++) {
        bool covered = false;
        for (size_t j = 0; j < canvas.dirty_count; j++)
            covered = covered || (inside(canvas.dirty[j], marks[i].left, marks[i].top) &&
                                  inside(canvas.dirty[j], marks[i].right - 1, marks[i].bottom - 1));
        assert_true(covered);
    }
}

static void taking_hands_over_each_mark_once(void **state)
{
    struct canvas_rect rects[CANVAS_DIRTY_MAX];
    (void)state;
    start_large();
    for (int i = 0; i < 5; i++)
        canvas_mark_dirty(&canvas, canvas_rect_at(i * 200, i * 200, 4, 4));
    assert_int_equal(canvas_take_dirty(&canvas, rects, 2), 2);
    assert_int_equal(canvas_take_dirty(&canvas, rects + 2, CANVAS_DIRTY_MAX - 2), 3);
    assert_int_equal(canvas_take_dirty(&canvas, rects, CANVAS_DIRTY_MAX), 0);
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < i; j++)
            assert_int_not_equal(rects[i].left, rects[j].left);
}

static void rectangle_at_the_end_of_int_does_not_wrap(void **state)
{
    struct canvas_rect rect = canvas_rect_at(INT_MAX - 1, INT_MAX - 1, INT_MAX, INT_MAX);
    (void)state;
    assert_int_equal(rect.right, INT_MAX);
    assert_int_equal(rect.bottom, INT_MAX);
    assert_true(canvas_rect_is_empty(canvas_rect_at(3, 3, -1, 5)));
    assert_true(canvas_rect_is_empty(canvas_rect_at(3, 3, 5, INT_MIN)));
}

/* One of each, for the eye: tests/host/golden/canvas.txt. */
static void everything_together_looks_as_it_did(void **state)
{
    (void)state;
    canvas_draw_frame(&canvas, canvas_bounds(&canvas), 0x808080);
    for (int i = 0; i < CANVAS_PATTERN_COUNT; i++)
        canvas_fill_pattern(&canvas, canvas_rect_at(2 + 7 * i, 2, 6, 8), (enum canvas_pattern)i,
                            INK, PAPER);
    canvas_draw_line(&canvas, 2, 12, 20, 21, 0xFFFFFF);
    canvas_draw_line(&canvas, 20, 12, 2, 21, 0x00FF00);
    canvas_draw_text(&canvas, &font_test, 23, 12, "#|\x01#", INK);
    canvas_draw_cell(&canvas, &font_test, 37, 18, '|', INK, PAPER);
    golden_check(&canvas, "canvas", 1, 1);
}

/* ---- without pixels ------------------------------------------------------------------------- */

static color_t written[HEIGHT][WIDTH];

static void write_run(void *context, int left, int y, const color_t *run, int count)
{
    assert_ptr_equal(context, written);
    assert_true(count > 0 && left >= 0 && left + count <= WIDTH && y >= 0 && y < HEIGHT);
    memcpy(&written[y][left], run, (size_t)count * sizeof *run);
}

static int random_within(uint32_t *random, int limit)
{
    *random = *random * 1664525u + 1013904223u;
    return (int)((*random >> 8) % (uint32_t)limit);
}

/* The same drawing on either canvas, some of it beyond the edges. */
static void draw_at_random(struct canvas *target, uint32_t seed)
{
    int left = random_within(&seed, WIDTH + 20) - 10;
    int top = random_within(&seed, HEIGHT + 20) - 10;
    struct canvas_rect rect = canvas_rect_at(left, top, random_within(&seed, WIDTH), 7);
    color_t colour = (color_t)random_within(&seed, 0xFFFFFF);
    switch (random_within(&seed, 6)) {
    case 0:
        canvas_fill(target, rect, colour);
        break;
    case 1:
        canvas_fill_pattern(target, rect, CANVAS_CROSS, colour, PAPER);
        break;
    case 2:
        canvas_draw_frame(target, rect, colour);
        break;
    case 3:
        canvas_draw_line(target, left, top, 20, 10, colour);
        break;
    case 4:
        canvas_draw_text(target, &font_test, left, top, "#|#", colour);
        break;
    default:
        canvas_draw_cell(target, &font_test, left, top, '|', colour, PAPER);
        break;
    }
}

static void drawing_without_pixels_gives_the_same_picture(void **state)
{
    struct canvas direct;
    struct canvas_rect dirty;
    (void)state;
    memset(written, 0, sizeof written);
    canvas_init_direct(&direct, write_run, written, WIDTH, HEIGHT);
    for (uint32_t seed = 0; seed < 2000; seed++) {
        if (seed == 1000) {
            canvas_set_clip(&canvas, canvas_rect_at(5, 3, 21, 11));
            canvas_set_clip(&direct, canvas_rect_at(5, 3, 21, 11));
        }
        draw_at_random(&canvas, seed);
        draw_at_random(&direct, seed);
        for (int y = 0; y < HEIGHT; y++)
            assert_memory_equal(written[y], pixels + y * STRIDE, sizeof written[y]);
    }
    assert_int_equal(canvas_take_dirty(&direct, &dirty, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(drawing_without_pixels_gives_the_same_picture, start_blank),
        cmocka_unit_test_setup(fill_sets_exactly_its_pixels, start_blank),
        cmocka_unit_test_setup(pattern_covers_exactly_its_pixels, start_blank),
        cmocka_unit_test_setup(frame_sets_the_outermost_pixels, start_blank),
        cmocka_unit_test_setup(line_has_both_ends_and_stays_inside, start_blank),
        cmocka_unit_test_setup(text_stays_inside_the_clip, start_blank),
        cmocka_unit_test_setup(clip_outside_the_canvas_draws_nothing, start_blank),
        cmocka_unit_test_setup(code_without_glyph_shows_the_placeholder, start_blank),
        cmocka_unit_test_setup(doubled_glyph_has_each_pixel_four_times, start_blank),
        cmocka_unit_test_setup(glyph_cut_at_the_left_keeps_its_place, start_blank),
        cmocka_unit_test_setup(text_advances_by_its_width, start_blank),
        cmocka_unit_test_setup(adjoining_patterns_continue_each_other, start_blank),
        cmocka_unit_test_setup(patterns_differ_from_each_other, start_blank),
        cmocka_unit_test_setup(touching_marks_become_one, start_blank),
        cmocka_unit_test_setup(marks_that_nearly_touch_become_one, start_blank),
        cmocka_unit_test_setup(distant_marks_stay_apart, start_blank),
        cmocka_unit_test_setup(mark_between_two_joins_them, start_blank),
        cmocka_unit_test_setup(mark_inside_another_adds_nothing, start_blank),
        cmocka_unit_test_setup(full_list_still_covers_every_mark, start_blank),
        cmocka_unit_test_setup(taking_hands_over_each_mark_once, start_blank),
        cmocka_unit_test_setup(rectangle_at_the_end_of_int_does_not_wrap, start_blank),
        cmocka_unit_test_setup(everything_together_looks_as_it_did, start_blank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
