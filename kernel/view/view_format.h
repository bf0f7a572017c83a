#ifndef KERNEL_VIEW_FORMAT_H
#define KERNEL_VIEW_FORMAT_H

/*
 * What every part of the memory view needs to set text and to measure: amounts in few characters,
 * text that ends in ".." where it would not fit, logarithms, colours, fingerprints. Knows no map.
 */

#include "drivers/video/canvas/canvas.h"

#define VIEW_AMOUNT_MAX 10

/* "640K", "127.5M", "12T", "0": whole units where exact, else one decimal, rounded down. */
const char *view_format_amount(char text[VIEW_AMOUNT_MAX], uint64_t bytes);

/*
 * Draws as much of the text as fits into width_pixels; where some of it does not, the last two
 * characters shown are "..". Draws nothing if not even two characters and the dots fit. Returns the
 * pixels used.
 */
int view_draw_fitted(struct canvas *canvas, const struct font *font, int left, int top,
                     int width_pixels, const char *text, color_t colour);

/* Draws so many characters of the text; at most VIEW_LINE_MAX. */
#define VIEW_LINE_MAX 400
void view_draw_line(struct canvas *canvas, const struct font *font, int left, int top,
                    const char *text, size_t length, color_t colour);

/* Text that ends before `right`. */
void view_draw_right(struct canvas *canvas, const struct font *font, int right, int top,
                     const char *text, color_t colour);

/* All of `outer` but `inner`, which lies in it. */
void view_fill_around(struct canvas *canvas, struct canvas_rect outer, struct canvas_rect inner,
                      color_t colour);

/* log2 in sixteenths, rounded down, straight between powers of two. `value` is at least 1. */
unsigned view_log2_sixteenths(uint64_t value);

/* `share` of 256 parts of `a`, the rest of `b`. */
color_t view_mix(color_t a, color_t b, unsigned share);

/*
 * A fingerprint of what is on the screen, to tell whether it has to be drawn again. Begins with
 * VIEW_HASH_START; never 0, which stands for "nothing is drawn".
 */
#define VIEW_HASH_START 2166136261u
uint32_t view_hash_bytes(uint32_t hash, const void *bytes, size_t size_bytes);
uint32_t view_hash_value(uint32_t hash, uint64_t value);
uint32_t view_hash_text(uint32_t hash, const char *text);

/* If *drawn is another fingerprint, remembers the new one there and clears the place. */
bool view_renew(struct canvas *canvas, struct canvas_rect place, uint32_t *drawn, uint32_t hash);

/* ---- colours --------------------------------------------------------------------------------- */

/*
 * The colours of the screen, in one place, so that picture and shell look like one thing.
 * tests/host/test_theme.c holds them to two rules. Text has a contrast of at least 4.5 to 1 (WCAG
 * 2.1, 1.4.3) on every ground that it is drawn upon. Two shades that can meet differ by a CIEDE2000
 * of at least 10 in normal vision, protanopia, deuteranopia and tritanopia, or by their textures.
 */

#define THEME_GROUND ((color_t)0x12161B) /* behind everything */
#define THEME_PANEL ((color_t)0x32373C) /* the empty part of maps and bars */
#define THEME_RULE THEME_PANEL /* lines between parts */
#define THEME_TEXT ((color_t)0xE8E3D9)
#define THEME_TEXT_DIM ((color_t)0xAEB1B1) /* captions and units; owners without a line */
#define THEME_TEXT_DARK ((color_t)0x0E1114) /* on light fills */
#define THEME_ACCENT ((color_t)0xE3B778) /* sandstone: the name, the prompt's cursor */
#define THEME_ERROR ((color_t)0xFF8A7A)
#define THEME_BAD ((color_t)0xFF321C) /* frames that do not keep what is written */

/* Free memory, from the smallest buddies to the largest. */
#define THEME_FREE_0 ((color_t)0x043745)
#define THEME_FREE_1 ((color_t)0x295A64)
#define THEME_FREE_2 ((color_t)0x3E7988)
#define THEME_FREE_3 ((color_t)0x64959B)
#define THEME_BAR THEME_FREE_3 /* free memory in figures */

/*
 * Owners: after the palette of Okabe and Ito ("Color Universal Design", 2008). They are changed so
 * that dark text stands out on each, and each from the shades of free memory.
 */
#define THEME_OWNER_COUNT 8
#define THEME_SKY ((color_t)0x7ACBFF)
#define THEME_ORANGE ((color_t)0xF3A73A)
#define THEME_GREEN ((color_t)0x00B786)
#define THEME_YELLOW ((color_t)0xFFF66B)
#define THEME_VERMILION ((color_t)0xC97C5F)
#define THEME_PURPLE ((color_t)0xD293C7)
#define THEME_PERIWINKLE ((color_t)0x8C95FF) /* for the palette's blue */
#define THEME_SAND ((color_t)0xEDD3AD) /* for its black */
#define THEME_OWNERS                                                                               \
    THEME_SKY, THEME_ORANGE, THEME_GREEN, THEME_YELLOW, THEME_VERMILION, THEME_PURPLE,             \
        THEME_PERIWINKLE, THEME_SAND

/* Where there are 16 colours: accent and errors become the owner's colour that is nearest. */
#define THEME_COLOURS_16                                                                           \
    {                                                                                              \
        THEME_GROUND, THEME_PANEL, THEME_TEXT, THEME_TEXT_DIM, THEME_FREE_0, THEME_FREE_1,         \
            THEME_FREE_2, THEME_FREE_3, THEME_OWNERS                                               \
    }

#endif
