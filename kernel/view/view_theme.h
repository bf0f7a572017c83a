#ifndef KERNEL_VIEW_THEME_H
#define KERNEL_VIEW_THEME_H

/*
 * The colours of the screen, in one place, so that picture and shell look like one thing. Text
 * keeps a contrast of at least 4.5 to 1 (WCAG 2.1, 1.4.3) on every ground it is drawn upon; the
 * comment gives the ratio on THEME_GROUND.
 */

#include "drivers/video/canvas/canvas.h"

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
