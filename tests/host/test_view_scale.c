/* The line of moments: where its marks stand, at every size, and on a text screen. */

#include "kernel/view/view_scale.h"

#include "kernel/view/view.h"
#include "kernel/view/view_format.h"

#include "test.h"

#include <string.h>

#define WIDTH_MAX 1920
#define HEIGHT_MAX 1200
#define BLANK 0xFF00FF00u /* no colour of ours */

static const struct {
    int width, height;
} sizes[] = {{640, 480}, {800, 600}, {1024, 768}, {1600, 1200}, {1920, 1080}};
#define SIZE_COUNT (sizeof sizes / sizeof sizes[0])

static uint32_t pixels[WIDTH_MAX * HEIGHT_MAX];
static struct canvas canvas;
static struct view view;
static struct view_note_place place;
static struct view_scale scale;

static size_t measure(size_t columns)
{
    (void)columns;
    return 2;
}

/* Moments of all looks, of which one is shown. */
static void fill(size_t moment_count, size_t shown)
{
    view_scale_begin(&scale, moment_count);
    for (size_t i = 1; i < moment_count; i++)
        view_scale_enter(&scale, i, moment_count, (enum view_scale_look)(i % VIEW_SCALE_SHOWN));
    view_scale_enter(&scale, shown, moment_count, VIEW_SCALE_SHOWN);
}

static void draw(size_t size)
{
    int width = sizes[size].width;
    int height = sizes[size].height;
    for (size_t i = 0; i < (size_t)width * (size_t)height; i++)
        pixels[i] = BLANK;
    canvas_init(&canvas, pixels, width, height, (size_t)width * sizeof(uint32_t));
    view_init(&view, &canvas);
    view_note_place(&place, &canvas, view.terminal, measure);
    view_scale_draw(&scale, &place, &canvas);
}

static bool is_inside(struct canvas_rect rect, int x, int y)
{
    return x >= rect.left && x < rect.right && y >= rect.top && y < rect.bottom;
}

/* Where the shown moment stands: the middle of what is drawn in its colour below the letters. */
static int find_shown(void)
{
    int y = place.area.bottom - 3;
    int left = -1;
    int right = -1;
    for (int x = 0; x < canvas.width; x++) {
        if (pixels[y * canvas.width + x] != THEME_TEXT)
            continue;
        left = left < 0 ? x : left;
        right = x;
    }
    assert_true(left >= 0);
    return (left + right) / 2;
}

static void line_stays_in_the_note(void **state)
{
    static const size_t counts[] = {1, 2, 7, 100, 256, 257, 4097};
    (void)state;
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            fill(counts[i], counts[i] / 2);
            draw(size);
            for (int y = 0; y < canvas.height; y++)
                for (int x = 0; x < canvas.width; x++)
                    if (!is_inside(place.area, x, y) && pixels[y * canvas.width + x] != BLANK)
                        fail_msg("%d,%d is drawn", x, y);
        }
    }
}

/* A later moment is never shown farther left, and the first and the last one are told apart. */
static void shown_moment_moves_along_the_line(void **state)
{
    (void)state;
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        int last = -1;
        for (size_t shown = 0; shown < 1001; shown += 50) {
            fill(1001, shown);
            draw(size);
            assert_true(find_shown() > last);
            last = find_shown();
        }
    }
}

/* A click finds the cell where it is drawn; beside the line it finds an end. */
static void cells_are_pointed_at_where_they_are_drawn(void **state)
{
    static const size_t counts[] = {1, 2, 7, 100, 256, 1001};
    (void)state;
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            for (size_t shown = 0; shown < counts[i]; shown += 1 + counts[i] / 9) {
                fill(counts[i], shown);
                draw(size);
                int x = find_shown();
                size_t cell = view_scale_cell_at(&scale, &place, x);
                assert_true(view_scale_holds(&scale, &place, x, place.area.bottom - 3));
                assert_int_equal(scale.looks[cell], VIEW_SCALE_SHOWN);
            }
            assert_int_equal(view_scale_cell_at(&scale, &place, 0), 0);
            assert_int_equal(view_scale_cell_at(&scale, &place, canvas.width), scale.count - 1);
            assert_false(view_scale_holds(&scale, &place, place.area.left, place.area.bottom - 3));
            assert_false(view_scale_holds(&scale, &place, find_shown(), place.area.bottom));
        }
    }
}

/* The first of the moments that share a cell; the ends are the oldest moment and now. */
static void cells_lead_to_moments(void **state)
{
    (void)state;
    for (size_t count = 1; count < 1100; count += 3) {
        view_scale_begin(&scale, count);
        assert_int_equal(view_scale_moment(&scale, 0, count), 0);
        assert_int_equal(view_scale_moment(&scale, scale.count - 1, count), count - 1);
        for (size_t cell = 0; cell < scale.count; cell++) {
            size_t moment = view_scale_moment(&scale, cell, count);
            view_scale_begin(&scale, count);
            if (moment > 0)
                view_scale_enter(&scale, moment - 1, count, VIEW_SCALE_FREED);
            view_scale_enter(&scale, moment, count, VIEW_SCALE_SHOWN);
            assert_int_equal(scale.looks[cell], VIEW_SCALE_SHOWN);
            assert_true(cell == 0 || scale.looks[cell - 1] == VIEW_SCALE_FREED);
        }
    }
}

static void each_moment_has_a_cell_of_its_own(void **state)
{
    (void)state;
    fill(VIEW_SCALE_MAX, 3);
    assert_int_equal(scale.count, VIEW_SCALE_MAX);
    for (size_t i = 1; i < VIEW_SCALE_MAX; i++)
        assert_int_equal(scale.looks[i], i == 3 ? VIEW_SCALE_SHOWN : i % VIEW_SCALE_SHOWN);
}

/* Of moments that share a cell, the one that must be seen is: the shown one before all others. */
static void largest_look_of_a_cell_wins(void **state)
{
    (void)state;
    for (size_t shown = 0; shown < 10000; shown += 37) {
        size_t count = 0;
        fill(10000, shown);
        for (size_t i = 0; i < scale.count; i++) {
            assert_true(scale.looks[i] >= VIEW_SCALE_MANY);
            count += scale.looks[i] == VIEW_SCALE_SHOWN;
        }
        assert_int_equal(count, 1);
    }
}

/* ---- on a text screen ------------------------------------------------------------------------ */

static size_t find_shown_cells(const view_char_t *cells, size_t *first)
{
    size_t count = 0;
    for (size_t i = VIEW_CHARS_COLUMNS; i-- > 0;) {
        if (cells[i] != 0x0FDB)
            continue;
        *first = i;
        count++;
    }
    return count;
}

static void text_line_has_one_shown_moment(void **state)
{
    static const size_t counts[] = {1, 2, 7, 30, 66, 67, 68, 256, 4097};
    view_char_t cells[VIEW_CHARS_COLUMNS];
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t last = 0;
        for (size_t shown = 0; shown < counts[i]; shown++) {
            size_t first = 0;
            fill(counts[i], shown);
            view_scale_draw_chars(&scale, cells);
            assert_in_range(find_shown_cells(cells, &first), 1, 2);
            assert_true(first >= last);
            last = first;
        }
    }
}

static void text_line_has_its_ends(void **state)
{
    view_char_t cells[VIEW_CHARS_COLUMNS];
    char text[VIEW_CHARS_COLUMNS + 1] = "";
    (void)state;
    fill(4, 1);
    view_scale_draw_chars(&scale, cells);
    for (size_t i = 0; i < VIEW_CHARS_COLUMNS; i++)
        text[i] = (cells[i] & 0xFF) < 0x80 ? (char)(cells[i] & 0xFF) : '-';
    text[22] = '\0';
    assert_string_equal(text, " oldest -------- now  ");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_stays_in_the_note),
        cmocka_unit_test(shown_moment_moves_along_the_line),
        cmocka_unit_test(cells_are_pointed_at_where_they_are_drawn),
        cmocka_unit_test(cells_lead_to_moments),
        cmocka_unit_test(each_moment_has_a_cell_of_its_own),
        cmocka_unit_test(largest_look_of_a_cell_wins),
        cmocka_unit_test(text_line_has_one_shown_moment),
        cmocka_unit_test(text_line_has_its_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
