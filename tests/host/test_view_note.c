/* The note between picture and console, at every size, and on a text screen. */

#include "kernel/view/view_note.h"

#include "kernel/view/view.h"
#include "kernel/view/view_format.h"

#include "test.h"

#include <string.h>

#define WIDTH_MAX 1920
#define HEIGHT_MAX 1200
#define BLANK 0xFF00FF00u /* no colour of ours */

static const struct {
    int width, height;
} sizes[] = {{640, 480},  {720, 576},   {800, 600},  {1024, 768},
             {1280, 720}, {1600, 1200}, {1920, 1080}};
#define SIZE_COUNT (sizeof sizes / sizeof sizes[0])

static uint32_t pixels[WIDTH_MAX * HEIGHT_MAX];
static struct canvas canvas;
static struct view view;
static size_t line_count;
static const struct view_note note = {
    .title = "3/17 Orders", .keys = "Enter: next", .text = "one two three"};

static size_t measure(size_t columns)
{
    assert_in_range(columns, 60, 240);
    return line_count;
}

/* Returns the console's area without a note. */
static struct canvas_rect place(size_t i, struct view_note_place *place)
{
    for (size_t at = 0; at < (size_t)sizes[i].width * (size_t)sizes[i].height; at++)
        pixels[at] = BLANK;
    canvas_init(&canvas, pixels, sizes[i].width, sizes[i].height,
                (size_t)sizes[i].width * sizeof(uint32_t));
    view_init(&view, &canvas);
    struct canvas_rect console = view.terminal;
    view_note_place(place, &canvas, console, measure);
    return console;
}

static void note_and_console_share_the_area(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        for (line_count = 1; line_count < 20; line_count++) {
            struct view_note_place at = {0};
            struct canvas_rect all = place(i, &at);
            assert_int_equal(at.area.top, all.top);
            assert_int_equal(at.console.bottom, all.bottom);
            assert_true(at.area.bottom < at.console.top);
            assert_true(at.area.left == all.left && at.area.right == all.right);
            assert_true(at.console.left == all.left && at.console.right == all.right);
            assert_true(at.console.bottom - at.console.top + 4 >=
                        3 * at.console_font->height_pixels);
        }
    }
}

/* Four lines, as the tour may need, leave the console more than the three that it must have. */
static void four_lines_have_room(void **state)
{
    (void)state;
    line_count = 4;
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        struct view_note_place at = {0};
        place(i, &at);
        int rows = (at.console.bottom - at.console.top) / at.console_font->height_pixels;
        assert_true(rows >= 5);
        assert_true(at.area.bottom - at.area.top >=
                    at.title_font->height_pixels + 4 * at.text_font->height_pixels);
    }
}

static bool is_inside(struct canvas_rect rect, int x, int y)
{
    return x >= rect.left && x < rect.right && y >= rect.top && y < rect.bottom;
}

/* A text that needs more lines than were measured is cut at the note's end. */
static void note_stays_in_its_place(void **state)
{
    static char text[2001];
    const struct view_note long_note = {
        .title = "3/17 Orders", .keys = "Enter: next", .text = text};
    (void)state;
    for (size_t i = 0; i < 2000; i++)
        text[i] = i % 7 == 0 ? ' ' : 'm';
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        struct view_note_place at = {0};
        line_count = 2;
        place(i, &at);
        view_note_draw(&at, &canvas, &long_note);
        struct canvas_rect drawn = at.area;
        drawn.bottom = at.console.top; /* the gap is emptied too */
        for (int y = 0; y < canvas.height; y++)
            for (int x = 0; x < canvas.width; x++)
                if ((pixels[y * canvas.width + x] != BLANK) != is_inside(drawn, x, y))
                    fail_msg("%dx%d: pixel %d,%d", canvas.width, canvas.height, x, y);
    }
}

static size_t count_colour(struct canvas_rect rect, color_t colour)
{
    size_t count = 0;
    for (int y = rect.top; y < rect.bottom; y++)
        for (int x = rect.left; x < rect.right; x++)
            count += pixels[y * canvas.width + x] == colour;
    return count;
}

/* Title, keys and text each have a colour of their own. */
static void keys_give_way_to_the_title(void **state)
{
    static const char title[] = "a title that is as long as two or three of them, one after the "
                                "other, so that it ends beyond where the keys begin";
    const struct view_note crowded = {.title = title, .keys = "Enter: next", .text = "text"};
    struct view_note_place at = {0};
    (void)state;
    line_count = 3;
    place(0, &at);
    view_note_draw(&at, &canvas, &note);
    assert_true(count_colour(at.area, THEME_TEXT) > 0);
    assert_true(count_colour(at.area, THEME_TEXT_DIM) > 0);
    view_note_draw(&at, &canvas, &crowded);
    assert_int_equal(count_colour(at.area, THEME_TEXT_DIM), 0);
}

/* ---- choices --------------------------------------------------------------------------------- */

#define CHOICES_MAX 40

static struct view_note_choice choices[CHOICES_MAX];
static struct view_note choosing = {.title = "Quiz 1/10",
                                    .keys = "A-D: answer",
                                    .text = "Which of these is it?",
                                    .choices = choices};

static void offer(const char *label, size_t count)
{
    for (size_t i = 0; i < CHOICES_MAX; i++)
        choices[i] = (struct view_note_choice){label, "1"};
    choosing.choice_count = count;
}

/* Pixels of each choice, and of none that is not one. */
static void count_pixels(const struct view_note_place *at, size_t counts[CHOICES_MAX])
{
    memset(counts, 0, CHOICES_MAX * sizeof *counts);
    for (int y = 0; y < canvas.height; y++)
        for (int x = 0; x < canvas.width; x++) {
            const struct view_note_choice *choice = view_note_choice_at(at, &choosing, x, y);
            if (choice && !is_inside(at->area, x, y))
                fail_msg("a choice outside of the note, at %d,%d", x, y);
            if (choice)
                counts[choice - choices]++;
        }
}

/* A click finds each choice where it is drawn, with pixels of its own, below the text. */
static void choices_are_where_they_are_drawn(void **state)
{
    static const char label[] = "C: frames 4 to 6";
    size_t counts[CHOICES_MAX];
    (void)state;
    offer(label, 9);
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        struct view_note_place at = {0};
        line_count = 5;
        place(i, &at);
        view_note_draw(&at, &canvas, &choosing);
        count_pixels(&at, counts);
        size_t one = (strlen(label) + 2) * (size_t)at.text_font->width_pixels *
                     (size_t)at.text_font->height_pixels;
        for (size_t choice = 0; choice < CHOICES_MAX; choice++)
            assert_int_equal(counts[choice], choice < 9 ? one : 0);
        size_t ground = count_colour(at.area, THEME_GROUND);
        assert_true(ground > 9 * one / 2 && ground < 9 * one);
    }
}

static void choices_have_lines(void **state)
{
    (void)state;
    offer("12345678", 7); /* 10 columns each, with 2 between them */
    assert_int_equal(view_note_choice_lines(choices, 0, 80), 0);
    assert_int_equal(view_note_choice_lines(choices, 1, 4), 1);
    assert_int_equal(view_note_choice_lines(choices, 2, 4), 2);
    assert_int_equal(view_note_choice_lines(choices, 7, 81), 2);
    assert_int_equal(view_note_choice_lines(choices, 7, 82), 1);
}

/* ---- on a text screen ------------------------------------------------------------------------ */

static view_char_t cells[VIEW_NOTE_ROWS_MAX][VIEW_CHARS_COLUMNS];

static void expect_row(size_t row, const char *expected)
{
    char text[VIEW_CHARS_COLUMNS + 1];
    for (size_t i = 0; i < VIEW_CHARS_COLUMNS; i++)
        text[i] = (char)(cells[row][i] & 0xFF);
    text[VIEW_CHARS_COLUMNS] = '\0';
    for (size_t length = VIEW_CHARS_COLUMNS; length > 0 && text[length - 1] == ' ';)
        text[--length] = '\0';
    assert_string_equal(text, expected);
}

static void rows_are_title_and_text(void **state)
{
    (void)state;
    const struct view_note long_note = {.title = "3/17 Orders",
                                        .keys = "Enter: next",
                                        .text = "The rest is free. A buddy of order n is 2^n "
                                                "frames of 4 KiB that begin at a multiple of "
                                                "their own size."};
    line_count = 3;
    assert_int_equal(view_note_rows(measure), 4);
    line_count = 40;
    assert_int_equal(view_note_rows(measure), VIEW_NOTE_ROWS_MAX);
    memset(cells, 0xEE, sizeof cells);
    view_note_draw_chars(cells, 4, &long_note);
    expect_row(0,
               " 3/17 Orders                                                        Enter: next");
    expect_row(1, " The rest is free. A buddy of order n is 2^n frames of 4 KiB that begin at a");
    expect_row(2, " multiple of their own size.");
    expect_row(3, "");
    assert_int_equal(cells[4][0], 0xEEEE);
}

static void choices_stand_below_the_text(void **state)
{
    (void)state;
    offer("1: frame 4", 8);
    memset(cells, 0xEE, sizeof cells);
    view_note_draw_chars(cells, 3, &choosing);
    expect_row(1, " Which of these is it?");
    expect_row(2, "  1: frame 4    1: frame 4    1: frame 4    1: frame 4    1: frame 4");
    assert_int_equal(cells[2][3] >> 8, VIEW_CHARS_TITLE >> 8);
    assert_int_equal(cells[3][0], 0xEEEE);
    view_note_draw_chars(cells, 4, &choosing);
    expect_row(3, "  1: frame 4    1: frame 4    1: frame 4");
}

static void characters_stay_in_their_rows(void **state)
{
    static char text[1000];
    const struct view_note long_note = {.title = text, .keys = text, .text = text};
    (void)state;
    memset(text, 'm', sizeof text - 1);
    memset(cells, 0xEE, sizeof cells);
    view_note_draw_chars(cells, VIEW_NOTE_ROWS_MAX - 1, &long_note);
    assert_int_equal(cells[VIEW_NOTE_ROWS_MAX - 2][1] & 0xFF, 'm');
    assert_int_equal(cells[VIEW_NOTE_ROWS_MAX - 1][0], 0xEEEE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(note_and_console_share_the_area),
        cmocka_unit_test(four_lines_have_room),
        cmocka_unit_test(note_stays_in_its_place),
        cmocka_unit_test(keys_give_way_to_the_title),
        cmocka_unit_test(choices_are_where_they_are_drawn),
        cmocka_unit_test(choices_have_lines),
        cmocka_unit_test(rows_are_title_and_text),
        cmocka_unit_test(choices_stand_below_the_text),
        cmocka_unit_test(characters_stay_in_their_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
