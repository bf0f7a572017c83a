/* The box with sentences beside what they are about: all of its text, inside, and never over it. */

#include "kernel/lib/wrap.h"
#include "kernel/view/view_caption.h"

#include "test.h"

#include <string.h>

#define TITLE "double-free"
#define TEXT                                                                                       \
    "This block was free already when it was freed again: in the tree of orders its bits say so. " \
    "The second free is refused, and nothing changes; in a list of free blocks it would stand "    \
    "twice, and go to two owners."

static struct view_caption caption;
static const struct frame_range frames = {1, 2};

static const struct view_caption_space pixels_640 = {.area = {8, 53, 632, 304},
                                                     .glyph_width = 6,
                                                     .glyph_height = 12,
                                                     .inset_x = 10,
                                                     .inset_y = 6,
                                                     .gap = 24};
static const struct view_caption_space pixels_1920 = {.area = {24, 80, 1896, 590},
                                                      .glyph_width = 8,
                                                      .glyph_height = 16,
                                                      .inset_x = 10,
                                                      .inset_y = 6,
                                                      .gap = 32};
static const struct view_caption_space characters = {.area = {0, 1, 80, 11},
                                                     .glyph_width = 1,
                                                     .glyph_height = 1,
                                                     .inset_x = 2,
                                                     .inset_y = 1,
                                                     .titles_edge = true,
                                                     .gap = 1};

static bool is_inside(struct canvas_rect rect, struct canvas_rect area)
{
    struct canvas_rect common = canvas_rect_intersect(rect, area);
    return memcmp(&common, &rect, sizeof rect) == 0;
}

static bool meet(struct canvas_rect a, struct canvas_rect b)
{
    return !canvas_rect_is_empty(canvas_rect_intersect(a, b));
}

struct text_line {
    size_t start; /* in the text */
    size_t length;
};

/* As it is drawn: as wide as the longest one. */
static struct text_line line_at(unsigned index)
{
    const char *rest = caption.text;
    const char *line;
    size_t length;
    do
        line = wrap_next(&rest, caption.columns, &length);
    while (line && index-- > 0);
    assert_non_null(line);
    return (struct text_line){(size_t)(line - caption.text), length};
}

/* The lines are the text: no word is lost, and none is wider than the box. */
static void expect_text(const struct view_caption_space *space, const char *text)
{
    int room = caption.box.right - caption.box.left - 2 * space->inset_x;
    int rows = caption.box.bottom - caption.box.top - 2 * space->inset_y;
    size_t at = 0;
    int lines = (int)caption.line_count + (caption.title[0] != '\0' && !space->titles_edge);
    assert_int_equal(rows, lines * space->glyph_height);
    for (unsigned i = 0; i < caption.line_count; i++) {
        struct text_line line = line_at(i);
        assert_int_equal(line.start, at);
        assert_true(line.length > 0 && (int)line.length * space->glyph_width <= room);
        at += line.length;
        at += text[at] == ' ';
    }
    assert_int_equal(at, strlen(text));
    assert_int_equal(wrap_count(caption.text, caption.columns), caption.line_count);
}

/* One edge of the line lies at the anchor, the other at the box; or the two are neighbours. */
static void expect_leader(struct canvas_rect anchor)
{
    struct canvas_rect leader = caption.leader;
    struct canvas_rect box = caption.box;
    assert_int_not_equal(caption.side, VIEW_CAPTION_ALONE);
    if (caption.side == VIEW_CAPTION_BELOW || caption.side == VIEW_CAPTION_ABOVE) {
        bool is_below = caption.side == VIEW_CAPTION_BELOW;
        assert_int_equal(leader.top, is_below ? anchor.bottom : box.bottom);
        assert_int_equal(leader.bottom, is_below ? box.top : anchor.top);
        assert_true(leader.left >= anchor.left - 1 && leader.right <= anchor.right + 1);
        assert_true(leader.left > box.left && leader.right < box.right);
    } else {
        bool is_right = caption.side == VIEW_CAPTION_RIGHT;
        assert_int_equal(leader.left, is_right ? anchor.right : box.right);
        assert_int_equal(leader.right, is_right ? box.left : anchor.left);
        assert_true(leader.top > box.top && leader.bottom < box.bottom);
    }
}

static void try_anchor(const struct view_caption_space *space, struct canvas_rect anchor)
{
    view_caption_set(&caption, frames, TITLE, TEXT);
    assert_true(view_caption_lay_out(&caption, space, anchor));
    assert_true(is_inside(caption.box, space->area));
    assert_false(meet(caption.box, anchor));
    assert_false(meet(caption.leader, anchor));
    expect_text(space, TEXT);
    expect_leader(anchor);
}

static void box_finds_a_place_beside_every_cell(void **state)
{
    (void)state;
    for (int y = 120; y + 14 <= 304; y += 7)
        for (int x = 90; x + 24 <= 420; x += 6)
            try_anchor(&pixels_640, canvas_rect_at(x, y, x % 4 == 0 ? 24 : 6, 14));
    for (int y = 160; y + 28 <= 590; y += 14)
        for (int x = 130; x + 56 <= 1000; x += 14)
            try_anchor(&pixels_1920, canvas_rect_at(x, y, 56, 28));
}

static void box_finds_a_place_beside_every_character(void **state)
{
    (void)state;
    for (int y = 1; y < 9; y++)
        for (int x = 15; x + 4 <= 79; x++)
            try_anchor(&characters, canvas_rect_at(x, y, x % 4 + 1, 1));
}

/* A run of cells over many rows leaves the sides alone. */
static void box_goes_beside_a_tall_anchor(void **state)
{
    (void)state;
    try_anchor(&pixels_1920, (struct canvas_rect){130, 85, 1000, 585});
    assert_int_equal(caption.side, VIEW_CAPTION_RIGHT);
    try_anchor(&pixels_1920, (struct canvas_rect){1000, 85, 1890, 585});
    assert_int_equal(caption.side, VIEW_CAPTION_LEFT);
}

static void box_without_an_anchor_stands_alone(void **state)
{
    const struct canvas_rect nothing = {0, 0, 0, 0};
    (void)state;
    view_caption_set(&caption, frames, "", TEXT);
    assert_true(view_caption_lay_out(&caption, &pixels_640, nothing));
    assert_int_equal(caption.side, VIEW_CAPTION_ALONE);
    assert_true(canvas_rect_is_empty(caption.leader));
    assert_true(is_inside(caption.box, pixels_640.area));
    expect_text(&pixels_640, TEXT);
    view_caption_set(&caption, frames, TITLE, TEXT);
    assert_true(view_caption_lay_out(&caption, &pixels_640, pixels_640.area));
    assert_int_equal(caption.side, VIEW_CAPTION_ALONE);
}

static void box_that_finds_no_room_is_empty(void **state)
{
    struct view_caption_space space = characters;
    (void)state;
    space.area.bottom = space.area.top + 3;
    view_caption_set(&caption, frames, TITLE, TEXT);
    assert_false(view_caption_lay_out(&caption, &space, canvas_rect_at(20, 1, 1, 1)));
    assert_true(canvas_rect_is_empty(caption.box));
    space.area.right = space.area.left + 4;
    assert_false(view_caption_lay_out(&caption, &space, canvas_rect_at(20, 1, 1, 1)));
    assert_true(canvas_rect_is_empty(caption.box));
}

static void lines_end_at_blanks(void **state)
{
    (void)state;
    view_caption_set(&caption, frames, "", "one two three");
    assert_true(view_caption_break(&caption, 7));
    assert_int_equal(caption.line_count, 2);
    assert_int_equal(line_at(0).length, 7);
    assert_int_equal(line_at(1).start, 8);
    assert_int_equal(caption.columns, 7);
    assert_true(view_caption_break(&caption, 6));
    assert_int_equal(caption.line_count, 3);
    assert_int_equal(caption.columns, 5);
}

static void word_that_is_too_long_is_broken(void **state)
{
    (void)state;
    view_caption_set(&caption, frames, "", "an unbreakable word");
    assert_true(view_caption_break(&caption, 5));
    assert_int_equal(caption.line_count, 5); /* an, unbre, akabl, e, word */
    assert_int_equal(line_at(2).length, 5);
    assert_int_equal(line_at(3).length, 1);
    assert_false(view_caption_break(&caption, 0));
    assert_false(view_caption_break(&caption, 1));
}

static void title_counts_as_a_line(void **state)
{
    (void)state;
    view_caption_set(&caption, frames, "a long title", "a b");
    assert_false(view_caption_break(&caption, 11));
    assert_true(view_caption_break(&caption, 12));
    assert_int_equal(caption.columns, 12);
    assert_int_equal(caption.line_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(box_finds_a_place_beside_every_cell),
        cmocka_unit_test(box_finds_a_place_beside_every_character),
        cmocka_unit_test(box_goes_beside_a_tall_anchor),
        cmocka_unit_test(box_without_an_anchor_stands_alone),
        cmocka_unit_test(box_that_finds_no_room_is_empty),
        cmocka_unit_test(lines_end_at_blanks),
        cmocka_unit_test(word_that_is_too_long_is_broken),
        cmocka_unit_test(title_counts_as_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
