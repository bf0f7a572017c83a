#ifndef KERNEL_TEXT_SCREEN_H
#define KERNEL_TEXT_SCREEN_H

/* The screen of characters: the memory view in its upper rows, notes, and the console below. */

#include "screen.h"

/* True if there is one; it is then empty. Paging is off. */
bool text_screen_find(void);

/* There is one of these. Until its first lay_out, the console has all of it. */
struct screen *text_screen(struct screen_notes *notes);

#endif
