/* The memory view: laid out at every size, for every machine, redrawn no more than it must be. */

#include "kernel/lib/wrap.h"
#include "kernel/view/view.h"
#include "kernel/view/view_inspect.h"
#include "kernel/view/view_pointer.h"
#include "kernel/view/view_format.h"

#include "golden.h"
#include "test.h"
#include "view_machine.h"

#include <stdlib.h>
#include <string.h>

#define WIDTH_MAX 2560
#define HEIGHT_MAX 1600
#define BLANK 0xFF00FF00u /* no colour of ours */

static const struct {
    int width, height;
    bool is_large;
} sizes[] = {{320, 200, false},   {320, 240, false},  {512, 384, false},   {640, 400, false},
             {640, 480, false},   {800, 600, false},  {1024, 768, false},  {1280, 720, false},
             {1280, 1024, false}, {1366, 768, false}, {1600, 1200, false}, {1920, 1080, false},
             {2560, 1600, false}, {1280, 900, true},  {1280, 1024, true},  {1920, 1080, true},
             {2560, 1600, true}};
#define SIZE_COUNT (sizeof sizes / sizeof sizes[0])

static uint32_t pixels[WIDTH_MAX * HEIGHT_MAX];
static uint32_t before[WIDTH_MAX * HEIGHT_MAX];
static struct canvas canvas;
static struct view view;
static void start_view_as(int width, int height, bool is_large)
{
    for (size_t i = 0; i < (size_t)width * (size_t)height; i++)
        pixels[i] = BLANK;
    canvas_init(&canvas, pixels, width, height, (size_t)width * sizeof(uint32_t));
    memset(&view.history, 0, sizeof view.history);
    view.is_large = is_large;
    view_init(&view, &canvas);
}

static void start_view(int width, int height)
{
    start_view_as(width, height, false);
}

static bool inside(struct canvas_rect rect, int x, int y)
{
    return x >= rect.left && x < rect.right && y >= rect.top && y < rect.bottom;
}

/* All but the terminal and the history looks as it did, pixel by pixel. */
static void expect_as_before(void)
{
    for (int y = 0; y < canvas.height; y++)
        for (int x = 0; x < canvas.width; x++)
            if (!inside(view.terminal, x, y) && !inside(view.history.part.area, x, y) &&
                pixels[y * canvas.width + x] != before[y * canvas.width + x])
                fail_msg("pixel %d,%d differs", x, y);
}

static struct canvas_rect rect_in_canvas(struct canvas_rect rect)
{
    return canvas_rect_intersect(rect, canvas_bounds(&canvas));
}

#define PARTS_MAX 8

/* The parts that this size has room for. */
static size_t list_parts(struct canvas_rect parts[PARTS_MAX])
{
    const struct canvas_rect few[] = {view.title, view.frames.part.area, view.legend.part.area,
                                      view.terminal};
    const struct canvas_rect all[PARTS_MAX] = {
        view.title,          view.strip.part.area,  view.frames.part.area,
        view.tree.part.area, view.legend.part.area, view.info.area,
        view.terminal,       view.history.part.area};
    size_t count = canvas_rect_is_empty(view.history.part.area) ? PARTS_MAX - 1 : PARTS_MAX;
    if (!view.is_small) {
        memcpy(parts, all, sizeof all);
        return count;
    }
    memcpy(parts, few, sizeof few);
    return sizeof few / sizeof few[0];
}

static void parts_keep_apart_at_every_size(void **state)
{
    (void)state;
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        struct canvas_rect parts[PARTS_MAX];
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        size_t count = list_parts(parts);
        assert_int_equal(view.is_small, sizes[size].width < 640 || sizes[size].height < 480);
        for (size_t i = 0; i < count; i++) {
            struct canvas_rect on_canvas = rect_in_canvas(parts[i]);
            assert_false(canvas_rect_is_empty(parts[i]));
            assert_memory_equal(&on_canvas, &parts[i], sizeof on_canvas);
            for (size_t j = 0; j < i; j++)
                assert_true(canvas_rect_is_empty(canvas_rect_intersect(parts[i], parts[j])));
        }
    }
}

/* With addresses below 4 GiB. */
static void info_line_has_room_for_what_it_says(void **state)
{
    static const char *const longest[] = {
        "0xfed85000: block 12345 of videoport, 1228800 bytes in [0xfed85000, 0xfeeb1000); order 0 "
        "at 0xfed85000, buddy at 0xfed84000",
        "0xf667f000: free, run of 38.5M in [0xf4000000, 0xf6680000), 12345 frames of it freed "
        "last; "
        "order 17 at 0xf6600000, buddy at 0xf6680000",
        "The place: 512 KiB at 0xf6742000, at the end of a run of 1024 frames that was set aside "
        "to "
        "cut blocks off."};
    (void)state;
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        const struct canvas_rect area = view.info.area;
        const struct font *font = view.info.label;
        for (size_t i = 0; !view.is_small && i < sizeof longest / sizeof longest[0]; i++)
            assert_true(wrap_count(longest[i],
                                   (size_t)(area.right - area.left) / (size_t)font->width_pixels) <=
                        (size_t)(area.bottom - area.top) / (size_t)font->height_pixels);
    }
}

static void expect_terminal_room(int columns, int rows)
{
    const struct canvas_rect area = view.terminal;
    const struct font *font = view_terminal_font(&view);
    assert_true((area.right - area.left) / font->width_pixels >= columns);
    assert_true((area.bottom - area.top) / font->height_pixels >= rows);
}

static void expect_terminal(int width, int height, int columns, int rows)
{
    start_view(width, height);
    expect_terminal_room(columns, rows);
}

static void shell_gets_the_room_it_was_promised(void **state)
{
    (void)state;
    expect_terminal(320, 200, 52, 8);
    expect_terminal(640, 480, 78, 9);
    for (size_t i = 0; i < SIZE_COUNT; i++)
        if (sizes[i].width >= 800 && !sizes[i].is_large)
            expect_terminal(sizes[i].width, sizes[i].height, 80, 12);
}

/* No pixel of the terminal's area is touched, and none of the rest is left out. */
static void view_covers_all_but_the_terminal(void **state)
{
    (void)state;
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        view_draw(&view, &map, &mm);
        for (int y = 0; y < canvas.height; y++)
            for (int x = 0; x < canvas.width; x++)
                if ((pixels[y * canvas.width + x] == BLANK) != inside(view.terminal, x, y))
                    fail_msg("pixel %d,%d at %dx%d", x, y, canvas.width, canvas.height);
    }
}

/* Forgets what was drawn, and expects all that is drawn since then inside of one rectangle. */
static void expect_marks_inside(struct canvas_rect area, const char *part, const char *machine)
{
    struct canvas_rect rects[CANVAS_DIRTY_MAX];
    for (size_t i = canvas_take_dirty(&canvas, rects, CANVAS_DIRTY_MAX); i > 0; i--) {
        struct canvas_rect both = canvas_rect_intersect(area, rects[i - 1]);
        if (memcmp(&both, &rects[i - 1], sizeof both) != 0)
            fail_msg("%s of %s leaves its area at %dx%d: %d,%d to %d,%d", part, machine,
                     canvas.width, canvas.height, rects[i - 1].left, rects[i - 1].top,
                     rects[i - 1].right, rects[i - 1].bottom);
    }
}

static void expect_small_parts_in_their_areas(const char *machine)
{
    struct canvas_rect picture = canvas_bounds(&canvas);
    view_frames_draw(&view.frames, &map, &mm, 20, &view.owners);
    expect_marks_inside(view.frames.part.area, "frames", machine);
    picture.bottom = view.terminal.top;
    view_small_draw(&view, &map, &mm, 20);
    expect_marks_inside(picture, "picture", machine);
}

static void expect_parts_in_their_areas(const char *machine)
{
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        if (view.is_small) {
            expect_small_parts_in_their_areas(machine);
            continue;
        }
        view_strip_draw(&view.strip, &map, &view.owners);
        expect_marks_inside(view.strip.part.area, "strip", machine);
        view_frames_draw(&view.frames, &map, &mm, 20, &view.owners);
        expect_marks_inside(view.frames.part.area, "frames", machine);
        view_legend_draw(&view.legend, &view.owners);
        expect_marks_inside(view.legend.part.area, "legend", machine);
        for (pfn_t i = 1; i < 30; i++) {
            view_history_enter(&view.history, (struct frame_range){i * i, i * i + 3 * i});
            view_history_end(&view.history, 1000, 1 + i % BUDDY_ORDER_COUNT);
        }
        view_history_draw(&view.history);
        expect_marks_inside(view.history.part.area, "history", machine);
        for (unsigned orders = 1; orders <= BUDDY_ORDER_COUNT; orders += 3) {
            view_tree_begin(&view.tree, orders);
            view_tree_enter(&view.tree, (struct frame_range){1, 7777});
            view_tree_draw(&view.tree);
            expect_marks_inside(view.tree.part.area, "tree", machine);
        }
    }
}

/* While the past is shown, the panel that leads up to now is dimmed; afterwards it is as before. */
static void history_is_dimmed_in_the_past(void **state)
{
    static uint32_t now[1024 * 768];
    size_t changed = 0;
    size_t bright = 0;
    (void)state;
    start_view(1024, 768);
    struct canvas_rect area = view.history.part.area;
    assert_false(canvas_rect_is_empty(area));
    for (pfn_t i = 1; i < 30; i++) {
        view_history_enter(&view.history, (struct frame_range){i * i, i * i + 3 * i});
        view_history_end(&view.history, 1000, 10);
    }
    view_history_draw(&view.history);
    memcpy(now, pixels, sizeof now);
    view_history_skip(&view.history);
    view_history_draw(&view.history);
    for (int y = view_part_top(&view.history.part); y < area.bottom; y++)
        for (int x = area.left; x < area.right; x++) {
            changed += pixels[y * 1024 + x] != now[y * 1024 + x];
            bright += now[y * 1024 + x] == THEME_BAR && pixels[y * 1024 + x] == THEME_BAR;
        }
    assert_true(changed > 1000);
    assert_in_range(bright, 1, 120); /* the samples in the keys of colours */
    assert_memory_not_equal(now + 1024 * area.top, pixels + 1024 * area.top,
                            1024 * sizeof *now * 12); /* the heading says so */
    view_history_enter(&view.history, (struct frame_range){29 * 29, 29 * 29 + 3 * 29});
    view_history_end(&view.history, 1000, 10);
    view_history_draw(&view.history);
    assert_memory_equal(now, pixels, sizeof now);
}

/* Nothing sets a clip, so a label too long for its place would be caught outside of it. */
static void parts_draw_in_their_own_areas(void **state)
{
    (void)state;
    expect_parts_in_their_areas("the empty machine");
    allocate("an-owner-of-23-letters.", 5 * MIB);
    for (int i = 0; i < 60; i++) {
        char owner[32];
        snprintf(owner, sizeof owner, "owner-%d", i);
        allocate(owner, (uint64_t)(i + 1) * 5000);
    }
    expect_parts_in_their_areas("the busy machine");
}

static void every_known_machine_can_be_drawn(void **state)
{
    (void)state;
    for_each_known_machine(expect_parts_in_their_areas);
}

static void machine_without_memory_can_be_drawn(void **state)
{
    (void)state;
    memmap_init(&map);
    start_mm();
    expect_parts_in_their_areas("nothing");
    start_view(640, 480);
    view_draw(&view, &map, &mm);
}

static void drawing_again_marks_nothing(void **state)
{
    struct canvas_rect rects[CANVAS_DIRTY_MAX];
    (void)state;
    allocate("shell", 3 * MIB);
    start_view(1024, 768);
    view_draw(&view, &map, &mm);
    assert_true(canvas_take_dirty(&canvas, rects, CANVAS_DIRTY_MAX) > 0);
    view_draw(&view, &map, &mm);
    assert_int_equal(canvas.dirty_count, 0);
}

static bool cell_changed(pfn_t pfn)
{
    struct canvas_rect cell = view_frames_find(&view.frames, pfn);
    bool changed = false;
    assert_false(canvas_rect_is_empty(cell));
    for (int y = cell.top; y < cell.bottom; y++)
        for (int x = cell.left; x < cell.right; x++)
            changed = changed || pixels[y * canvas.width + x] != before[y * canvas.width + x];
    return changed;
}

static void expect_changes_marked(int area_max)
{
    struct canvas_rect rects[CANVAS_DIRTY_MAX];
    size_t count = canvas_take_dirty(&canvas, rects, CANVAS_DIRTY_MAX);
    int area = 0;
    for (size_t i = 0; i < count; i++)
        area += (rects[i].right - rects[i].left) * (rects[i].bottom - rects[i].top);
    assert_true(area > 0 && area <= area_max);
    for (int y = 0; y < canvas.height; y++) {
        for (int x = 0; x < canvas.width; x++) {
            bool marked = false;
            for (size_t i = 0; i < count; i++)
                marked = marked || inside(rects[i], x, y);
            if (!marked && pixels[y * canvas.width + x] != before[y * canvas.width + x])
                fail_msg("pixel %d,%d changed without a mark", x, y);
        }
    }
}

static void allocation_redraws_its_cells_and_little_else(void **state)
{
    struct canvas_rect rects[CANVAS_DIRTY_MAX];
    phys_t base;
    (void)state;
    start_view(1024, 768);
    view_draw(&view, &map, &mm);
    canvas_take_dirty(&canvas, rects, CANVAS_DIRTY_MAX);
    memcpy(before, pixels, sizeof before);
    base = allocate("shell", 3 * MIB);
    view_draw(&view, &map, &mm);
    for (pfn_t pfn = base >> FRAME_SHIFT; pfn < (base + 3 * MIB) >> FRAME_SHIFT; pfn++)
        assert_true(cell_changed(pfn));
    assert_false(cell_changed((64 * MIB) >> FRAME_SHIFT));
    assert_false(cell_changed(MIB >> FRAME_SHIFT));
    expect_changes_marked(1024 * 768 / 8);
}

static void freeing_restores_the_picture(void **state)
{
    phys_t base;
    (void)state;
    start_view(1024, 768);
    view_draw(&view, &map, &mm);
    memcpy(before, pixels, sizeof before);
    base = allocate("shell", 3 * MIB + 5000);
    view_draw(&view, &map, &mm);
    assert_memory_not_equal(before, pixels, 1024 * 768 * sizeof(uint32_t));
    assert_int_equal(mm_free(&mm, base), MM_OK);
    view_draw(&view, &map, &mm);
    expect_as_before();
}

/* After any history the screen shows what a first drawing of the same state would. */
static void redrawing_equals_drawing_anew(void **state)
{
    static const char *const owners[] = {"shell", "bochs"};
    static phys_t bases[200];
    uint32_t random = 7;
    size_t count = 0;
    (void)state;
    allocate(owners[1], 100);
    allocate(owners[0], 100);
    start_view(800, 600);
    for (int i = 0; i < 200; i++) {
        random = random * 1664525u + 1013904223u;
        if (count > 0 && random >> 30 == 0) {
            assert_int_equal(mm_free(&mm, bases[--count]), MM_OK);
        } else {
            unsigned shift = 8 + (random >> 8) % 10;
            bases[count++] = allocate(owners[random >> 28 & 1], (random >> 12 & 15) << shift | 1);
        }
        view_draw(&view, &map, &mm);
    }
    memcpy(before, pixels, sizeof before);
    start_view(800, 600);
    view_draw(&view, &map, &mm);
    expect_as_before();
}

/* Where a line stands for several orders, another one of them with a buddy is another line. */
static void shared_line_shows_which_sizes_it_has(void **state)
{
    struct canvas_rect rects[CANVAS_DIRTY_MAX];
    (void)state;
    start_view(640, 480);
    view_draw(&view, &map, &mm);
    const struct view_part part = {&canvas, canvas_rect_at(0, 0, 300, 50), &font_small, &font_small,
                                   false};
    view.tree = (struct view_tree){.part = part, .grid = &view.frames.grid, .marks = &view.marks};
    for (int i = 0; i < 3; i++) {
        pfn_t end = i < 2 ? 513 : 514; /* one buddy of 4K, or of 8K */
        view_tree_begin(&view.tree, 8);
        view_tree_enter(&view.tree, (struct frame_range){512, end});
        canvas_take_dirty(&canvas, rects, CANVAS_DIRTY_MAX);
        view_tree_draw(&view.tree);
        assert_int_equal(canvas.dirty_count == 0, i == 1);
    }
}

static void add_every_mark(void)
{
    view.marks.window = (struct frame_range){0x200, 0x4000};
    view.marks.align_frames = 0x400;
    view.marks.boundary_frames = 0x1000;
    for (unsigned look = VIEW_MARK_OUTSIDE; look <= VIEW_MARK_PIECE; look++)
        for (unsigned order = 0; order < 16; order++) {
            pfn_t first = (pfn_t)look << 10 << order;
            view_marks_add(&view.marks, order, (struct frame_range){first, first + (1u << order)},
                           (enum view_mark_look)look);
        }
    view.marks.pointed = (struct frame_range){0x1000, 0x1001};
    view_say(&view,
             "a sentence that finds no room in one line however wide the screen may be, as it "
             "goes on and on and has no end but one that is cut off and ends in two dots");
}

static void clear_every_mark(void)
{
    view_marks_clear(&view.marks);
    view.marks.pointed = (struct frame_range){0, 0};
    view_say(&view, "");
}

/* Marks come and go, and what they covered is what it was; nothing else is ever touched. */
static void marks_leave_no_trace(void **state)
{
    (void)state;
    fill_machine();
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        struct canvas_rect rects[CANVAS_DIRTY_MAX];
        size_t bytes = (size_t)sizes[size].width * (size_t)sizes[size].height * sizeof(uint32_t);
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        view_draw(&view, &map, &mm);
        memcpy(before, pixels, bytes);
        add_every_mark();
        canvas_take_dirty(&canvas, rects, CANVAS_DIRTY_MAX);
        view_draw_marks(&view);
        assert_memory_not_equal(before, pixels, bytes);
        view_draw_marks(&view);
        view_draw(&view, &map, &mm);
        for (int y = 0; y < canvas.height; y++)
            for (int x = 0; x < canvas.width; x++)
                if (inside(view.terminal, x, y))
                    assert_int_equal(pixels[y * canvas.width + x], BLANK);
        clear_every_mark();
        canvas_take_dirty(&canvas, rects, CANVAS_DIRTY_MAX);
        view_draw_marks(&view);
        assert_memory_equal(before, pixels, bytes);
        canvas_take_dirty(&canvas, rects, CANVAS_DIRTY_MAX);
        view_draw_marks(&view);
        assert_int_equal(canvas.dirty_count, 0);
    }
}

/* In every size a frame around a part touches nothing that is drawn, and goes again. */
static void framed_part_leaves_no_trace(void **state)
{
    (void)state;
    fill_machine();
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        size_t bytes = (size_t)sizes[size].width * (size_t)sizes[size].height * sizeof(uint32_t);
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        view_draw(&view, &map, &mm);
        memcpy(before, pixels, bytes);
        for (unsigned panel = VIEW_PANEL_STRIP; panel <= VIEW_PANEL_OWNERS; panel++) {
            size_t lit = 0;
            view.lit = (enum view_panel)panel;
            view_draw_marks(&view);
            for (size_t i = 0; i < bytes / sizeof(uint32_t); i++)
                if (pixels[i] != before[i]) {
                    assert_true(pixels[i] == THEME_ACCENT && before[i] == THEME_GROUND);
                    lit++;
                }
            assert_true(view.is_small ? lit == 0 : lit > 500);
            view.lit = VIEW_PANEL_NONE;
            view_draw_marks(&view);
            assert_memory_equal(before, pixels, bytes);
        }
    }
}

/* Over the picture and nowhere else; then all is as before, whatever has changed meanwhile. */
static void caption_leaves_no_trace(void **state)
{
    static const char text[] = "Behind this block lies a page that nothing is mapped at. The write "
                               "behind its last byte ends there, in a page fault.";
    (void)state;
    allocate("shell", MIB);
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        view_draw(&view, &map, &mm);
        memcpy(before, pixels, sizeof before);
        phys_t base = allocate("shell", 2 * MIB);
        struct frame_range frames = {base >> FRAME_SHIFT, (base + 2 * MIB) >> FRAME_SHIFT};
        view_marks_add(&view.marks, VIEW_MARK_NO_ORDER, frames, VIEW_MARK_CRIME);
        view_caption_set(&view.caption, frames, "overrun", text);
        view_draw(&view, &map, &mm);
        struct canvas_rect cell = view_frames_find(&view.frames, frames.first);
        assert_int_not_equal(view.caption.side, VIEW_CAPTION_ALONE);
        assert_true(canvas_rect_is_empty(canvas_rect_intersect(cell, view.caption.box)));
        assert_int_equal(pixels[cell.top * canvas.width + cell.left], THEME_ERROR);
        struct canvas_rect corner = view.caption.box;
        assert_int_equal(pixels[corner.top * canvas.width + corner.left], THEME_ERROR);
        view_draw_marks(&view);
        assert_int_equal(pixels[corner.top * canvas.width + corner.left], THEME_ERROR);
        for (int y = 0; y < canvas.height; y++)
            for (int x = 0; x < canvas.width; x++)
                if (inside(view.terminal, x, y))
                    assert_int_equal(pixels[y * canvas.width + x], BLANK);
        mm_free(&mm, base);
        view_marks_clear(&view.marks);
        view.caption.is_wanted = false;
        view_draw(&view, &map, &mm);
        expect_as_before();
    }
}

static void picture_with_marks_looks_as_it_did(void **state)
{
    (void)state;
    fill_machine();
    start_view(1024, 768);
    view_draw(&view, &map, &mm);
    view.marks.window = (struct frame_range){0, 0x4000};
    view.marks.align_frames = 0x800;
    view.marks.boundary_frames = 0x2000;
    view_marks_add(&view.marks, 14, (struct frame_range){0, 0x4000}, VIEW_MARK_VISITED);
    view_marks_add(&view.marks, VIEW_MARK_NO_ORDER, (struct frame_range){0x2800, 0x3400},
                   VIEW_MARK_REFUSED);
    view_marks_add(&view.marks, 12, (struct frame_range){0x1000, 0x2000}, VIEW_MARK_CURRENT);
    view_marks_add(&view.marks, VIEW_MARK_NO_ORDER, (struct frame_range){0x800, 0xC80},
                   VIEW_MARK_PLACE);
    view_marks_add(&view.marks, 11, (struct frame_range){0x800, 0x1000}, VIEW_MARK_HOLLOW);
    view_marks_add(&view.marks, 10, (struct frame_range){0x800, 0xC00}, VIEW_MARK_PIECE);
    view_say(&view, "0x480 frames below 0x4000000");
    view_draw_marks(&view);
    golden_check(&canvas, "marks-1024x768", 8, 8);
}

static const struct view_sample *newest_sample(void)
{
    return &view.history.samples[(view.history.count - 1) % VIEW_HISTORY_MAX];
}

/* Two runs of 3 and of 10 frames: of order 1 there are 1 + 5 blocks, where 13 frames could hold
   6. */
static void history_tells_what_share_would_be_served(void **state)
{
    (void)state;
    start_view(1024, 768);
    view_history_enter(&view.history, (struct frame_range){1, 4});
    view_history_enter(&view.history, (struct frame_range){10, 20});
    view_history_end(&view.history, 26, 5);
    const struct view_sample *sample = newest_sample();
    assert_int_equal(sample->free_part, 255 / 2);
    assert_int_equal(sample->largest_part, 10 * 255 / 26);
    assert_int_equal(sample->served[0], 254);
    assert_int_equal(sample->served[1], 254);
    assert_int_equal(sample->served[2], 2 * 254 / 3);
    assert_int_equal(sample->served[3], 254);
    assert_int_equal(sample->served[4], VIEW_NOT_SERVED);
    assert_int_equal(view.history.count, 1);
    view_history_enter(&view.history, (struct frame_range){1, 4});
    view_history_enter(&view.history, (struct frame_range){10, 20});
    view_history_end(&view.history, 26, 5);
    assert_int_equal(view.history.count, 1); /* nothing has changed */
}

/* Terabytes do not overflow, and one frame of them is not nothing. */
static void history_copes_with_large_amounts(void **state)
{
    (void)state;
    start_view(1024, 768);
    view_history_enter(&view.history, (struct frame_range){0, (pfn_t)1 << 31});
    view_history_enter(&view.history, (struct frame_range){(pfn_t)1 << 33, (pfn_t)3 << 32});
    view_history_end(&view.history, (pfn_t)1 << 34, 32);
    const struct view_sample *sample = newest_sample();
    assert_int_equal(sample->free_part, 95);
    assert_int_equal(sample->served[31], 254);
    view_history_enter(&view.history, (struct frame_range){0, 1});
    view_history_end(&view.history, (pfn_t)1 << 34, 32);
    assert_int_equal(newest_sample()->free_part, 1);
    view_history_end(&view.history, 0, 1);
    assert_int_equal(newest_sample()->free_part, 0);
}

/* At every size the name is in the title and nowhere else, and goes with the machine. */
static void simulated_machine_is_named_in_the_title(void **state)
{
    (void)state;
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        bool differs = false;
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        view_draw(&view, &map, &mm);
        memcpy(before, pixels, sizeof before);
        view.simulated = "twenty-three-characters";
        view_draw(&view, &map, &mm);
        for (int y = 0; y < canvas.height; y++)
            for (int x = 0; x < canvas.width; x++)
                if (pixels[y * canvas.width + x] != before[y * canvas.width + x]) {
                    assert_true(inside(view.title, x, y));
                    differs = true;
                }
        assert_true(differs);
        view.simulated = NULL;
        view_draw(&view, &map, &mm);
        expect_as_before();
    }
}

static void history_of_another_machine_is_forgotten(void **state)
{
    (void)state;
    start_view(1024, 768);
    view_draw(&view, &map, &mm);
    assert_int_equal(view.history.count, 1);
    view_history_forget(&view.history);
    assert_int_equal(view.history.count, 0);
    view_draw(&view, &map, &mm);
    assert_int_equal(view.history.count, 1);
}

/* Closer until a cell is a frame, the frame in sight all the time; and back to the same picture. */
static void zoom_goes_to_single_frames_and_back(void **state)
{
    (void)state;
    fill_machine();
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        pfn_t pfn = 0x4321;
        int steps = 0;
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        view_draw(&view, &map, &mm);
        memcpy(before, pixels, sizeof before);
        assert_false(view_frames_zoom(&view.frames, pfn, false));
        for (; view_frames_zoom(&view.frames, pfn, true); steps++) {
            unsigned order = view.frames.grid.cell_order;
            assert_true(steps < 20);
            view_draw(&view, &map, &mm);
            assert_true(view.frames.grid.cell_order < order);
            assert_false(canvas_rect_is_empty(view_frames_find(&view.frames, pfn)));
        }
        assert_int_equal(view.frames.grid.cell_order, 0);
        while (view_frames_zoom(&view.frames, pfn, false))
            view_draw(&view, &map, &mm);
        if (!view.is_small)
            expect_as_before();
    }
}

/* Cells of a few frames are larger, all of them in sight; those of more are as they always were. */
static void few_frames_have_large_cells(void **state)
{
    (void)state;
    fill_machine();
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        if (view.is_small)
            continue;
        view_draw(&view, &map, &mm);
        memcpy(before, pixels, sizeof before);
        int usual = view.frames.cell_width;
        view_frames_show(&view.frames, (struct frame_range){0x4000, 0x4040});
        view_draw(&view, &map, &mm);
        assert_true(view.frames.cell_width >= 2 * usual);
        assert_true(view.frames.cell_width <= view.frames.row_ends[0] - view.frames.row_tops[0]);
        for (pfn_t pfn = 0x4000; pfn < 0x4040; pfn++) {
            struct canvas_rect cell = view_frames_find(&view.frames, pfn);
            struct frame_range found;
            assert_true(cell.right <= view.frames.part.area.right);
            assert_true(cell.bottom <= view.frames.part.area.bottom);
            assert_true(view_frames_at(&view.frames, (cell.left + cell.right) / 2,
                                       (cell.top + cell.bottom) / 2, &found));
            assert_int_equal(found.first, pfn);
            assert_int_equal(found.end, pfn + 1);
        }
        assert_true(view_frames_zoom(&view.frames, 0x4000, false));
        view_draw(&view, &map, &mm);
        assert_int_equal(view.frames.cell_width, usual);
        view_frames_show(&view.frames, (struct frame_range){0, 0});
        view_draw(&view, &map, &mm);
        expect_as_before();
    }
}

/* A zoomed snapshot has its cells right, and counts everything that is out of sight. */
static void zoomed_picture_knows_the_rest(void **state)
{
    uint64_t counts[BUDDY_ORDER_COUNT];
    uint64_t held = 0;
    (void)state;
    start_view(1024, 768);
    phys_t base = allocate("mine", 40 * MIB);
    view_draw(&view, &map, &mm);
    buddy_count_orders(&mm.buddy, counts);
    view.frames.grid.shown = (struct frame_range){0x1000, 0x1100};
    view_draw(&view, &map, &mm);
    for (size_t i = 0; i < view.owners.count; i++)
        if (strcmp(view.owners.owners[i].name, "mine") == 0)
            held = view.owners.owners[i].held_bytes;
    assert_int_equal(held, 40 * MIB);
    assert_memory_equal(view.tree.counts, counts, sizeof counts);
    assert_true(canvas_rect_is_empty(view_frames_find(&view.frames, base >> FRAME_SHIFT)));
    golden_check(&canvas, "zoom-1024x768", 8, 8);
}

static void pointer_puts_back_what_it_covered(void **state)
{
    struct view_pointer pointer;
    struct canvas_rect area;
    (void)state;
    start_view(800, 600);
    area = canvas_bounds(&canvas);
    view_draw(&view, &map, &mm);
    memcpy(before, pixels, sizeof before);
    view_pointer_init(&pointer, area);
    view_pointer_show(&pointer, &canvas);
    assert_memory_equal(before, pixels, sizeof before);
    static const int moves[][2] = {{1, 1}, {5000, 0}, {0, 5000}, {-9000, -9000}, {3, 595}};
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        view_pointer_move(&pointer, area, moves[i][0], moves[i][1]);
        assert_true(inside(area, pointer.x, pointer.y));
        view_pointer_show(&pointer, &canvas);
        view_pointer_show(&pointer, &canvas);
        assert_memory_not_equal(before, pixels, sizeof before);
        view_pointer_hide(&pointer, &canvas);
        view_pointer_hide(&pointer, &canvas);
        assert_memory_equal(before, pixels, sizeof before);
    }
}

static void expect_told(pfn_t pfn, pfn_t cell_frames, const char *text)
{
    struct view_inspection inspection;
    char told[VIEW_INSPECT_MAX];
    view_inspect(&inspection, &map, &mm, pfn);
    assert_string_equal(
        view_inspect_tell(&inspection, &mm, (struct frame_range){pfn, pfn + cell_frames}, told),
        text);
}

static void frame_is_told_by_what_it_is(void **state)
{
    (void)state;
    struct mm_request request = {
        .size_bytes = 3 * MIB, .limit = 64 * MIB, .align_bytes = MIB, .owner = "sound"};
    struct mm_block block;
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    assert_int_equal(block.base, 0x3D00000);
    expect_told(0x3E00, 1,
                "0x3e00000: block 1 of sound, 3145728 bytes in [0x3d00000, 0x4000000); order 9 at "
                "0x3e00000, buddy at 0x3c00000");
    expect_told(0x3CF0, 0x20,
                "0x3cf0000: free, run of 59.7M in [0x14b000, 0x3d00000), in the tree; order 8 at "
                "0x3c00000, buddy at 0x3d00000; then block 1 of sound");
    expect_told(0x100, 1, "0x100000: taken at boot by kernel: [0x100000, 0x14b000)");
    expect_told(0xF8, 1, "0xf8000: reserved, by the firmware's word: [0xf0000, 0x100000)");
    expect_told(0x9000000, 1, "0x9000000000: no memory");
}

/* What is pointed at is what is drawn there. */
static void cells_are_found_by_their_pixels(void **state)
{
    (void)state;
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        struct frame_range range;
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        view_draw(&view, &map, &mm);
        for (pfn_t pfn = 0x123; pfn < 0x7F00; pfn += 0x6F) {
            struct canvas_rect cell = view_frames_find(&view.frames, pfn);
            assert_true(view_frames_at(&view.frames, cell.left, cell.top, &range));
            assert_true(range.first <= pfn && pfn < range.end);
            assert_true(view_frames_at(&view.frames, cell.right - 1, cell.bottom - 1, &range));
            assert_true(range.first <= pfn && pfn < range.end);
        }
        assert_false(view_frames_at(&view.frames, view.frames.part.area.right, 0, &range));
        assert_false(view_frames_at(&view.frames, -1, -1, &range));
        assert_false(
            view_frames_at(&view.frames, view.frames.part.area.right - 1, canvas.height, &range));
    }
}

/* ---- the strip's names ----------------------------------------------------------------------- */

static void expect_name_in_its_place(const struct view_segment *segment, const char *machine)
{
    int width = view_part_width(&view.strip.part, view_segment_name(segment));
    int room = segment->right - segment->left;
    if (segment->name_row == VIEW_NAME_INSIDE) {
        if (width > room)
            fail_msg("%s of %s has %d pixels, not %d", view_segment_name(segment), machine, room,
                     width);
        return;
    }
    assert_in_range(segment->name_row, 0, 1);
    assert_true(segment->name_left >= view.strip.part.area.left);
    assert_true(segment->name_left + width <= view.strip.part.area.right);
    assert_in_range(segment->name_line, segment->left, segment->right - 1);
    assert_in_range(segment->name_line, segment->name_left - 1, segment->name_left + width);
}

/* No two names of a row touch, and no line of the upper row runs through one of the lower. */
static void expect_names_apart(const struct view_segment *a, const struct view_segment *b)
{
    int a_end = a->name_left + view_part_width(&view.strip.part, view_segment_name(a));
    int b_end = b->name_left + view_part_width(&view.strip.part, view_segment_name(b));
    if (a->name_row == VIEW_NAME_INSIDE || b->name_row == VIEW_NAME_INSIDE)
        return;
    if (a->name_row == b->name_row)
        assert_true(a_end <= b->name_left || b_end <= a->name_left);
    else if (a->name_row > b->name_row)
        assert_true(a->name_line < b->name_left || a->name_line >= b_end);
    else
        assert_true(b->name_line < a->name_left || b->name_line >= a_end);
}

static void expect_all_named(const char *machine)
{
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        if (view.is_small)
            continue;
        view_strip_draw(&view.strip, &map, &view.owners);
        for (size_t i = 0; i < view.strip.segment_count; i++) {
            expect_name_in_its_place(&view.strip.segments[i], machine);
            for (size_t j = 0; j < i; j++)
                expect_names_apart(&view.strip.segments[i], &view.strip.segments[j]);
        }
    }
}

static void every_region_of_the_strip_is_named(void **state)
{
    (void)state;
    expect_all_named("the empty machine");
    start_view(640, 480);
    view_strip_draw(&view.strip, &map, &view.owners);
    assert_int_equal(view.strip.segment_count, 12); /* none was merged */
    for_each_known_machine(expect_all_named);
}

/* Where words are, there are two colours: the ground's and the letters'. */
static void no_texture_runs_under_letters(void **state)
{
    (void)state;
    start_view(1024, 768);
    view_strip_draw(&view.strip, &map, &view.owners);
    for (size_t i = 0; i < view.strip.segment_count; i++) {
        const struct view_segment *segment = &view.strip.segments[i];
        int top = view_strip_bar_top(&view.strip.part) + 1;
        if (segment->name_row != VIEW_NAME_INSIDE || segment->kind == VIEW_SEGMENT_HOLE)
            continue;
        color_t paper = pixels[top * canvas.width + segment->left];
        color_t ink = paper;
        for (int y = top; y < top + font_small.height_pixels; y++)
            for (int x = segment->left; x < segment->right - 1; x++) {
                color_t colour = pixels[y * canvas.width + x];
                ink = ink == paper ? colour : ink;
                if (colour != paper && colour != ink)
                    fail_msg("%06X at %d,%d under %s", (unsigned)colour, x, y,
                             view_segment_name(segment));
            }
        assert_true(ink == THEME_TEXT || ink == THEME_TEXT_DARK);
    }
}

/* ---- cells ----------------------------------------------------------------------------------- */

static void ram_fills_its_room(void **state)
{
    (void)state;
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        start_view_as(sizes[size].width, sizes[size].height, sizes[size].is_large);
        view_draw(&view, &map, &mm);
        const struct view_frames *frames = &view.frames;
        assert_int_equal(frames->row_ends[frames->grid.row_count - 1], frames->part.area.bottom);
    }
}

/* The middle of the cell, away from its joints. */
static color_t colour_at(phys_t base)
{
    struct canvas_rect cell = view_frames_find(&view.frames, base >> FRAME_SHIFT);
    return pixels[(cell.top + cell.bottom) / 2 * canvas.width + (cell.left + cell.right) / 2];
}

/*
 *   |  |##|##|     a joint is as dark as the ground at the block's outer edges and at the grid's,
 *   |##|##|##|     and has the block's colour everywhere else
 */
static void joints_are_dark_around_a_block_and_not_within(void **state)
{
    pfn_t cell_frames;
    pfn_t row_frames;
    pfn_t first;
    (void)state;
    start_view(1024, 768);
    first = allocate("mine", 40 * MIB) >> FRAME_SHIFT;
    view_draw(&view, &map, &mm);
    cell_frames = (pfn_t)1 << view.frames.grid.cell_order;
    row_frames = cell_frames << view.frames.grid.column_bits;
    assert_int_equal(first % cell_frames, 0);
    for (pfn_t pfn = first; pfn < first + 40 * MIB / FRAME_BYTES; pfn += cell_frames) {
        struct canvas_rect cell = view_frames_find(&view.frames, pfn);
        color_t left = pixels[(cell.bottom - 1) * canvas.width + cell.left];
        color_t above = pixels[cell.top * canvas.width + cell.right - 1];
        assert_int_equal(left == THEME_GROUND, pfn == first || pfn % row_frames == 0);
        assert_int_equal(above == THEME_GROUND, pfn - first < row_frames);
    }
}

static void owner_keeps_its_colour_while_others_come_and_go(void **state)
{
    phys_t mine;
    phys_t others[10];
    color_t colour;
    (void)state;
    start_view(1024, 768);
    mine = allocate("mine", 8 * MIB);
    view_draw(&view, &map, &mm);
    colour = colour_at(mine + 4 * MIB);
    for (int i = 0; i < 10; i++) {
        char owner[32];
        snprintf(owner, sizeof owner, "other-%d", i);
        others[i] = allocate(owner, MIB);
        view_draw(&view, &map, &mm);
        assert_int_equal(colour_at(mine + 4 * MIB), colour);
    }
    for (int i = 0; i < 10; i++)
        mm_free(&mm, others[i]);
    view_draw(&view, &map, &mm);
    assert_int_equal(colour_at(mine + 4 * MIB), colour);
}

/* Eight owners, eight colours; the next eight share one each, and differ in texture. */
static void owners_look_different(void **state)
{
    struct view_owners owners;
    uint8_t styles[16];
    int sharing = 0;
    (void)state;
    view_owners_init(&owners);
    for (int i = 0; i < 16; i++) {
        char name[32];
        snprintf(name, sizeof name, "owner-%d", i);
        styles[i] = owners.owners[view_owners_add(&owners, name, false, 1)].style;
        for (int j = 0; j < i; j++) {
            assert_int_not_equal(styles[i], styles[j]);
            sharing += view_style_colour(styles[i]) == view_style_colour(styles[j]);
        }
        assert_int_equal(sharing, i < 8 ? 0 : i - 7);
    }
    assert_int_not_equal(owners.owners[view_owners_add(&owners, "owner-0", true, 1)].style,
                         styles[0]);
    assert_int_equal(owners.owners[view_owners_add(&owners, "owner-5", false, 1)].style, styles[5]);
}

static void owners_beyond_the_table_are_counted_together(void **state)
{
    struct view_owners owners;
    uint8_t ranked[VIEW_OWNER_COUNT];
    (void)state;
    view_owners_init(&owners);
    for (int i = 0; i < VIEW_OWNER_COUNT + 9; i++) {
        char name[32];
        snprintf(name, sizeof name, "owner-%d", i);
        view_owners_add(&owners, name, false, i == 3 ? 1000 : 10);
    }
    assert_int_equal(view_owners_rank(&owners, ranked), VIEW_OWNER_COUNT);
    assert_string_equal(owners.owners[ranked[0]].name, "owner-3");
    assert_string_equal(owners.owners[ranked[1]].name, "others");
    assert_int_equal(owners.owners[ranked[1]].held_bytes, 100);
}

static void owners_who_hold_nothing_make_room(void **state)
{
    struct view_owners owners;
    (void)state;
    view_owners_init(&owners);
    for (int i = 0; i < 10 * VIEW_OWNER_COUNT; i++) {
        char name[32];
        snprintf(name, sizeof name, "owner-%d", i);
        view_owners_reset(&owners);
        view_owners_add(&owners, name, false, 10);
        assert_int_equal(owners.owners[0].held_bytes, 0);
    }
}

static void expect_amount(uint64_t bytes, const char *expected)
{
    char text[VIEW_AMOUNT_MAX];
    assert_string_equal(view_format_amount(text, bytes), expected);
}

static void amounts_are_short_and_rounded_down(void **state)
{
    (void)state;
    expect_amount(0, "0");
    expect_amount(1023, "1023");
    expect_amount(4096, "4K");
    expect_amount(MIB - 1, "1023.9K");
    expect_amount(127 * MIB + 512 * KIB, "127.5M");
    expect_amount(12 * 1024 * GIB, "12T");
    expect_amount(UINT64_MAX, "16383.9P");
}

static void fitted_text_ends_in_dots(void **state)
{
    (void)state;
    start_view(640, 480);
    assert_int_equal(view_draw_fitted(&canvas, &font_small, 0, 0, 36, "kernel", 1), 36);
    assert_int_equal(view_draw_fitted(&canvas, &font_small, 0, 0, 35, "kernel", 1), 30);
    assert_int_equal(view_draw_fitted(&canvas, &font_small, 0, 0, 23, "kernel", 1), 0);
    canvas_take_dirty(&canvas, (struct canvas_rect[CANVAS_DIRTY_MAX]){{0}}, CANVAS_DIRTY_MAX);
    view_draw_fitted(&canvas, &font_small, 100, 100, 35, "kernel", 1);
    expect_marks_inside(canvas_rect_at(100, 100, 35, 12), "text", "none");
}

static void logarithms_are_exact_at_powers_of_two(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 64; i++) {
        assert_int_equal(view_log2_sixteenths((uint64_t)1 << i), 16 * i);
    }
    assert_int_equal(view_log2_sixteenths(3), 24);
}

static void picture_looks_as_it_did_at_320(void **state)
{
    (void)state;
    fill_machine();
    start_view(320, 200);
    canvas_fill(&canvas, view.terminal, 0);
    view_draw(&view, &map, &mm);
    golden_check(&canvas, "view-320x200", 4, 4);
}

static void picture_looks_as_it_did_at_640(void **state)
{
    (void)state;
    fill_machine();
    start_view(640, 480);
    canvas_fill(&canvas, view.terminal, 0);
    view_draw(&view, &map, &mm);
    golden_check(&canvas, "view-640x480", 4, 8);
}

/* Twice as high as usual: where it is too small for that, letters are as usual. */
static void large_letters_are_twice_as_high(void **state)
{
    (void)state;
    start_view_as(1920, 1080, true);
    assert_int_equal(view_terminal_font(&view)->height_pixels, 32);
    assert_int_equal(view.tree.part.label->height_pixels, 24);
    assert_true(view.frames.cell_width >= 20);
    expect_terminal_room(76, 10);
    start_view_as(1280, 800, true);
    assert_int_equal(view_terminal_font(&view)->height_pixels, 16);
    assert_false(view.is_large);
}

static void picture_looks_as_it_did_in_large_letters(void **state)
{
    (void)state;
    fill_machine();
    start_view_as(1920, 1080, true);
    canvas_fill(&canvas, view.terminal, 0);
    view_draw(&view, &map, &mm);
    golden_check(&canvas, "view-1920x1080-large", 16, 16);
}

static void picture_looks_as_it_did_at_1024(void **state)
{
    (void)state;
    fill_machine();
    start_view(1024, 768);
    canvas_fill(&canvas, view.terminal, 0);
    view_draw(&view, &map, &mm);
    golden_check(&canvas, "view-1024x768", 8, 8);
}

#define VIEW_TEST(name) cmocka_unit_test_setup_teardown(name, start_machine, release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VIEW_TEST(parts_keep_apart_at_every_size),
        VIEW_TEST(info_line_has_room_for_what_it_says),
        VIEW_TEST(shell_gets_the_room_it_was_promised),
        VIEW_TEST(view_covers_all_but_the_terminal),
        VIEW_TEST(parts_draw_in_their_own_areas),
        VIEW_TEST(history_is_dimmed_in_the_past),
        VIEW_TEST(every_known_machine_can_be_drawn),
        VIEW_TEST(machine_without_memory_can_be_drawn),
        VIEW_TEST(drawing_again_marks_nothing),
        VIEW_TEST(allocation_redraws_its_cells_and_little_else),
        VIEW_TEST(freeing_restores_the_picture),
        VIEW_TEST(redrawing_equals_drawing_anew),
        VIEW_TEST(shared_line_shows_which_sizes_it_has),
        VIEW_TEST(marks_leave_no_trace),
        VIEW_TEST(framed_part_leaves_no_trace),
        VIEW_TEST(caption_leaves_no_trace),
        VIEW_TEST(picture_with_marks_looks_as_it_did),
        VIEW_TEST(history_tells_what_share_would_be_served),
        VIEW_TEST(history_copes_with_large_amounts),
        VIEW_TEST(simulated_machine_is_named_in_the_title),
        VIEW_TEST(history_of_another_machine_is_forgotten),
        VIEW_TEST(zoom_goes_to_single_frames_and_back),
        VIEW_TEST(few_frames_have_large_cells),
        VIEW_TEST(zoomed_picture_knows_the_rest),
        VIEW_TEST(pointer_puts_back_what_it_covered),
        VIEW_TEST(frame_is_told_by_what_it_is),
        VIEW_TEST(cells_are_found_by_their_pixels),
        VIEW_TEST(every_region_of_the_strip_is_named),
        VIEW_TEST(no_texture_runs_under_letters),
        VIEW_TEST(ram_fills_its_room),
        VIEW_TEST(joints_are_dark_around_a_block_and_not_within),
        VIEW_TEST(owner_keeps_its_colour_while_others_come_and_go),
        VIEW_TEST(owners_look_different),
        VIEW_TEST(owners_beyond_the_table_are_counted_together),
        VIEW_TEST(owners_who_hold_nothing_make_room),
        VIEW_TEST(amounts_are_short_and_rounded_down),
        VIEW_TEST(fitted_text_ends_in_dots),
        VIEW_TEST(logarithms_are_exact_at_powers_of_two),
        VIEW_TEST(picture_looks_as_it_did_at_320),
        VIEW_TEST(picture_looks_as_it_did_at_640),
        VIEW_TEST(picture_looks_as_it_did_at_1024),
        VIEW_TEST(large_letters_are_twice_as_high),
        VIEW_TEST(picture_looks_as_it_did_in_large_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
