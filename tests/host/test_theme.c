/* The colours of the picture: text can be read, and shades that meet can be told apart. */

#include "kernel/stage/stage_colours.h"
#include "kernel/view/view.h"
#include "kernel/view/view_format.h"

#include "drivers/video/canvas/pixel_format.h"

#include "colour_vision.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define CONTRAST_MIN 4.5
#define DIFFERENCE_MIN 10.0

/* ---- the formulas ---------------------------------------------------------------------------- */

/* Pairs of the table in Sharma, Wu and Dalal (2005). */
static void differences_are_those_of_the_paper(void **state)
{
    static const struct {
        struct triple a, b;
        double difference;
    } pairs[] = {
        {{{50, 2.6772, -79.7751}}, {{50, 0, -82.7485}}, 2.0425},
        {{{50, -1.3802, -84.2814}}, {{50, 0, -82.7485}}, 1.0000},
        {{{50, 2.49, -0.001}}, {{50, -2.49, 0.0009}}, 7.1792},
        {{{50, 2.5, 0}}, {{73, 25, -18}}, 27.1492},
        {{{60.2574, -34.0099, 36.2677}}, {{60.4626, -34.1751, 39.4387}}, 1.2644},
        {{{2.0776, 0.0795, -1.1350}}, {{0.9033, -0.0636, -0.5514}}, 0.9082},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_true(fabs(ciede2000(pairs[i].a, pairs[i].b) - pairs[i].difference) < 0.00005);
    assert_true(fabs(contrast_of(0, 0xFFFFFF) - 21) < 0.001);
    assert_true(fabs(contrast_of(0x777777, 0xFFFFFF) - 4.48) < 0.005);
}

/* Whoever lacks a kind of cones sees greys as they are, and some colours as one. */
static void visions_keep_greys_and_lose_hues(void **state)
{
    (void)state;
    for (int vision = 0; vision < VISION_COUNT; vision++) {
        struct triple grey = seen_by((enum vision)vision, linear_of(0x808080));
        for (int i = 0; i < 3; i++)
            assert_true(fabs(grey.v[i] - linear_of(0x808080).v[i]) < 0.001);
    }
    assert_true(difference_of(0xA06000, 0x708000, VISION_NORMAL) > 20);
    assert_true(difference_of(0xA06000, 0x708000, VISION_DEUTERANOPIA) < 10);
}

/* ---- palettes -------------------------------------------------------------------------------- */

static uint8_t indices[PIXEL_FORMAT_INDEX_COUNT];

static color_t as_it_is(color_t colour)
{
    return colour;
}

/* As a VGA shows it: the nearest of 16 colours, each channel of 6 bits. */
static color_t of_sixteen(color_t colour)
{
    static const color_t colours[] = THEME_COLOURS_16;
    unsigned index = (colour >> 19 & 31) << 10 | (colour >> 11 & 31) << 5 | (colour >> 3 & 31);
    color_t shown = colours[indices[index]];
    return (shown & 0xFCFCFC) | (shown >> 6 & 0x030303);
}

typedef color_t palette_t(color_t colour);

static palette_t *const palettes[] = {as_it_is, of_sixteen};
#define PALETTE_COUNT (sizeof palettes / sizeof palettes[0])

static int build_palette(void **state)
{
    static const color_t colours[] = THEME_COLOURS_16;
    (void)state;
    assert_int_equal(sizeof colours / sizeof colours[0], 16);
    palette_build_indices(colours, 16, indices);
    return 0;
}

/* ---- text ------------------------------------------------------------------------------------ */

static void expect_readable(palette_t *palette, color_t ink, color_t ground)
{
    double contrast = contrast_of(palette(ink), palette(ground));
    if (contrast < CONTRAST_MIN)
        fail_msg("text %06X on %06X: %.2f to 1", palette(ink), palette(ground), contrast);
}

static void text_can_be_read_on_its_ground(void **state)
{
    static const color_t inks[] = {THEME_TEXT, THEME_TEXT_DIM, THEME_ACCENT, THEME_ERROR};
    static const color_t owners[] = {THEME_OWNERS, THEME_ACCENT};
    (void)state;
    for (size_t p = 0; p < PALETTE_COUNT; p++) {
        for (size_t i = 0; i < sizeof inks / sizeof inks[0]; i++) {
            expect_readable(palettes[p], inks[i], THEME_GROUND);
            expect_readable(palettes[p], inks[i], THEME_PANEL);
        }
        for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++)
            expect_readable(palettes[p], THEME_TEXT_DARK, owners[i]);
        for (int i = 0; i < VIEW_SEGMENT_KIND_COUNT; i++)
            expect_readable(palettes[p], THEME_TEXT, view_segment_looks[i].paper);
        expect_readable(palettes[p], THEME_BAR, THEME_GROUND);
    }
}

/* Of a small machine: boxes, frames in the window and outside, the textbook, the sentence. */
static void text_on_the_stage_can_be_read(void **state)
{
    static const color_t fills[] = {THEME_OWNERS, THEME_FREE_1, THEME_FREE_3};
    (void)state;
    for (size_t p = 0; p < PALETTE_COUNT; p++) {
        expect_readable(palettes[p], THEME_TEXT_DARK, THEME_FREE_3);
        expect_readable(palettes[p], THEME_TEXT, THEME_FREE_1);
        expect_readable(palettes[p], THEME_TEXT, STAGE_COUNTS_GROUND);
        expect_readable(palettes[p], THEME_TEXT_DIM, STAGE_COUNTS_GROUND);
        expect_readable(palettes[p], THEME_TEXT, STAGE_TEXT_GROUND);
        expect_readable(palettes[p], THEME_TEXT_DIM, STAGE_TEXT_GROUND);
        expect_readable(palettes[p], THEME_ERROR, STAGE_LOST_GROUND);
        for (size_t i = 0; i < sizeof fills / sizeof fills[0]; i++)
            expect_readable(palettes[p], THEME_TEXT,
                            view_mix(fills[i], THEME_GROUND, STAGE_OUTSIDE_SHADE));
    }
}

/* ---- shades that meet ------------------------------------------------------------------------ */

/* What fills an area: a colour, and the ink of its texture. */
struct surface {
    color_t paper;
    color_t ink;
    int pattern;
};

static bool can_be_told_apart(palette_t *palette, color_t a, color_t b)
{
    return least_difference(palette(a), palette(b)) >= DIFFERENCE_MIN;
}

static void expect_apart(palette_t *palette, struct surface a, struct surface b)
{
    bool by_pattern = a.pattern != b.pattern;
    if (by_pattern && a.pattern != CANVAS_SOLID)
        by_pattern = can_be_told_apart(palette, a.paper, a.ink);
    if (by_pattern && b.pattern != CANVAS_SOLID)
        by_pattern = can_be_told_apart(palette, b.paper, b.ink);
    if (by_pattern || can_be_told_apart(palette, a.paper, b.paper))
        return;
    for (int vision = 0; vision < VISION_COUNT; vision++)
        print_error("%s: %.1f\n", vision_names[vision],
                    difference_of(palette(a.paper), palette(b.paper), (enum vision)vision));
    fail_msg("%06X (%06X, texture %d) and %06X (%06X, texture %d)", palette(a.paper), a.paper,
             a.pattern, palette(b.paper), b.paper, b.pattern);
}

static void expect_all_apart(const struct surface *surfaces, size_t count)
{
    for (size_t p = 0; p < PALETTE_COUNT; p++)
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < i; j++)
                expect_apart(palettes[p], surfaces[i], surfaces[j]);
}

/* The paper is what most of a tile has, the ink is the rest. */
static struct surface surface_of_style(uint8_t style)
{
    uint32_t tile[64];
    struct canvas canvas;
    struct surface surface = {.paper = view_style_colour(style)};
    canvas_init(&canvas, tile, 8, 8, 32);
    view_style_fill(&canvas, canvas_bounds(&canvas), style, 256);
    surface.ink = surface.paper;
    for (int i = 0; i < 64; i++)
        if (tile[i] != surface.paper)
            surface.ink = tile[i];
    surface.pattern = surface.ink == surface.paper ? CANVAS_SOLID : style >> 4;
    return surface;
}

/* Free memory of each shade, sixteen owners of blocks, eight of boot, what is bad, and joints. */
static void what_lies_in_the_map_can_be_told_apart(void **state)
{
    struct surface surfaces[64] = {{.paper = THEME_GROUND}};
    struct view_owners owners;
    size_t count = 1;
    (void)state;
    for (unsigned shade = 0; shade < VIEW_CELL_SHADES; shade++)
        surfaces[count++] = (struct surface){.paper = view_free_colour(shade)};
    view_owners_init(&owners);
    view_owners_add(&owners, VIEW_OWNER_BAD, false, 1);
    for (int i = 0; i < 24; i++) {
        char name[16];
        snprintf(name, sizeof name, "o%d", i);
        view_owners_add(&owners, name, i >= 16, 1);
    }
    for (size_t i = 0; i < owners.count; i++)
        surfaces[count++] = surface_of_style(owners.owners[i].style);
    expect_all_apart(surfaces, count);
}

static void kinds_of_the_strip_can_be_told_apart(void **state)
{
    struct surface surfaces[VIEW_SEGMENT_KIND_COUNT + THEME_OWNER_COUNT];
    size_t count = 0;
    (void)state;
    for (int i = 0; i < VIEW_SEGMENT_KIND_COUNT; i++)
        if (i != VIEW_SEGMENT_OWNED)
            surfaces[count++] =
                (struct surface){view_segment_looks[i].paper, view_segment_looks[i].ink,
                                 (int)view_segment_looks[i].pattern};
    for (uint8_t i = 0; i < THEME_OWNER_COUNT; i++)
        surfaces[count++] = surface_of_style((uint8_t)(CANVAS_HATCH << 4 | i));
    expect_all_apart(surfaces, count);
}

/* Rows of buddies, and their outlines; what the history shows of an order. */
static void charts_can_be_read(void **state)
{
    static const struct surface rows[] = {{.paper = THEME_PANEL},
                                          {.paper = THEME_FREE_2},
                                          {.paper = THEME_FREE_3},
                                          {.paper = THEME_ACCENT}};
    static const struct surface shares[] = {{.paper = THEME_PANEL},
                                            {.paper = THEME_VERMILION},
                                            {.paper = THEME_FREE_1},
                                            {.paper = THEME_FREE_3},
                                            {.paper = THEME_TEXT}};
    static const struct surface lines[] = {
        {.paper = THEME_PANEL}, {.paper = THEME_BAR}, {.paper = THEME_ACCENT}};
    static const struct surface frame[] = {{.paper = THEME_PANEL}, {.paper = THEME_GROUND}};
    (void)state;
    expect_all_apart(rows, sizeof rows / sizeof rows[0]);
    expect_all_apart(shares, sizeof shares / sizeof shares[0]);
    expect_all_apart(lines, sizeof lines / sizeof lines[0]);
    expect_all_apart(frame, sizeof frame / sizeof frame[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_those_of_the_paper),
        cmocka_unit_test(visions_keep_greys_and_lose_hues),
        cmocka_unit_test(text_can_be_read_on_its_ground),
        cmocka_unit_test(text_on_the_stage_can_be_read),
        cmocka_unit_test(what_lies_in_the_map_can_be_told_apart),
        cmocka_unit_test(kinds_of_the_strip_can_be_told_apart),
        cmocka_unit_test(charts_can_be_read),
    };
    return cmocka_run_group_tests(tests, build_palette, NULL);
}
