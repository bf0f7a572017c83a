#ifndef VIDEO_BACK_BUFFER_H
#define VIDEO_BACK_BUFFER_H

/* The block that a screen is drawn in. */

#include "adapter.h"

/*
 * Allocates a cleared back buffer for screen->mode, of exactly width * height * 4 bytes, as the
 * parameters want it. False if there is no memory for it, or none is wanted: screen->pixels is NULL
 * then.
 */
bool back_buffer_allocate(struct adapter *adapter, struct adapter_screen *screen);

/* Frees it, if there is one. */
void back_buffer_free(struct adapter *adapter, struct adapter_screen *screen);

#endif
