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
 * The colours of the screen, in one place, so that picture and shell look like one thing. Text
 * keeps a contrast of at least 4.5 to 1 (WCAG 2.1, 1.4.3) on every ground it is drawn upon; the
 * comment gives the ratio on THEME_GROUND.
 */

#define THEME_GROUND ((color_t)0x12161B) /* behind everything */
#define THEME_PANEL ((color_t)0x1A2027) /* the empty part of maps and bars */
#define THEME_RULE ((color_t)0x323B45) /* lines between parts */
#define THEME_TEXT ((color_t)0xE8E3D9) /* 14.2 */
#define THEME_TEXT_DIM ((color_t)0x97A3AF) /* 7.1, captions and units */
#define THEME_TEXT_DARK ((color_t)0x0E1114) /* on light fills */
#define THEME_ACCENT ((color_t)0xE3B778) /* 9.8, sandstone: the name, the prompt's cursor */
#define THEME_ERROR ((color_t)0xFF8A7A) /* 7.9 */
#define THEME_BAR ((color_t)0x4F94A3) /* 5.3, free memory in figures */

/* Where there are 16 colours: the ones above that matter, and those of owners and of memory. */
#define THEME_COLOURS_16                                                                           \
    {                                                                                              \
        THEME_GROUND, 0x2A3942, THEME_RULE, 0x2C5560, THEME_TEXT, THEME_TEXT_DIM, THEME_ACCENT,    \
            THEME_ERROR, THEME_BAR, 0x3C6A74, 0x5CB8EE, 0xF0A030, 0x2FBF93, 0xF2E35C, 0xD58ABF,    \
            0x8A9CF2                                                                               \
    }

#endif
