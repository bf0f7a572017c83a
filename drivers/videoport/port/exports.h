#ifndef VIDEOPORT_EXPORTS_H
#define VIDEOPORT_EXPORTS_H

/*
 * What driver binaries may import: the video port's functions from VIDEOPRT.SYS, and from NT's
 * kernel its memory manager's and those that a compiler calls by itself. Case does not count in a
 * library's name.
 */

#include <stdint.h>

struct exported_function {
    const char *name;
    uintptr_t address;
};

/* All functions that video.h and wdm.h declare, and memcpy's like; the last name is NULL
   (tools/exports.py). */
extern const struct exported_function export_table[];

/* The address of a function, 0 if there is none of that name in that library. */
uintptr_t exports_find(const char *library, const char *function);

/* The same for a video port's function alone: 0 for any other. */
uintptr_t exports_find_videoport(const char *function);

#endif
