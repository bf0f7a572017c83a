#ifndef KERNEL_STAGE_COLOURS_H
#define KERNEL_STAGE_COLOURS_H

/* What letters of a small machine's picture stand on, where that is mixed of two colours. */

#include "kernel/view/view_format.h"

/* Of 256: so much is left of a frame's colour outside of the window. */
#define STAGE_OUTSIDE_SHADE 80

/* A box with counts. */
#define STAGE_COUNTS_GROUND view_mix(THEME_PANEL, THEME_GROUND, 112)

/* The sentence. */
#define STAGE_TEXT_GROUND view_mix(THEME_PANEL, THEME_GROUND, 144)

/* What the textbook loses. */
#define STAGE_LOST_GROUND view_mix(THEME_ERROR, THEME_GROUND, 48)

#endif
