#ifndef VIDEO_MODE_LIST_H
#define VIDEO_MODE_LIST_H

/*
 * The modes that a started device lists, ours or not, and which of them a picture can be drawn in.
 *
 *   QUERY_NUM_AVAIL_MODES ─▶ memory ─▶ QUERY_AVAIL_MODES ─▶ those that can be drawn in, each once
 *                                              └──────────▶ how many others, and why they cannot
 */

#include "drivers/video/canvas/pixel_format.h"
#include "drivers/videoport/port/videoport.h"
#include "refusal.h"

#define MODE_LIST_MAX 16384 /* modes */

/* Why a mode is not in the list. */
enum mode_left_out {
    MODE_OF_TEXT,
    MODE_PLANAR, /* but not four planes of one bit, or with pixels that are no whole bytes */
    MODE_OF_DEPTH, /* another than 8, 15, 16, 24 and 32 bits a pixel */
    MODE_OF_MASKS, /* that do not tell where in a pixel its colours are */
    MODE_MALFORMED, /* without an extent, or with lines that are too short for it */
    MODE_BANKED, /* and in no other way: it does not fit into a VGA's window of 64 KiB */
    MODE_TOO_LARGE, /* for any screen, or for the memory that the adapter says it has */
    MODE_REPEATED, /* a mode of this extent and depth was listed before: the first one is used */
    MODE_LEFT_OUT_COUNT,
};

struct mode_list {
    struct videoport_device *device;
    VIDEO_MODE_INFORMATION *modes; /* the device's pool; NULL: nothing is to be freed */
    ULONG count;
    ULONG left_out[MODE_LEFT_OUT_COUNT];
};

/*
 * Reads the list. False, with the reason in *refusal, and with nothing to be freed, if there is no
 * memory for it or the miniport's answers do not hold. A list with count 0 is none of these.
 */
bool mode_list_read(struct mode_list *list, struct videoport_device *device,
                    struct refusal *refusal);

/* Frees what mode_list_read allocated. */
void mode_list_free(struct mode_list *list);

/* The depth of a mode, as people name it: 15 for 16 bits of which one is not used, 4 for planes. */
ULONG mode_list_depth(const VIDEO_MODE_INFORMATION *mode);

/* The listed mode of that extent and depth, or NULL. */
const VIDEO_MODE_INFORMATION *mode_list_find(const struct mode_list *list, ULONG width,
                                             ULONG height, ULONG depth);

/* The format of the pixels of a mode. False if pictures cannot be drawn in it. Planes are of 8
   bits, of which the caller supplies the indices. */
bool mode_list_format(const VIDEO_MODE_INFORMATION *mode, struct pixel_format *format);

/* The bytes of a line in video memory, or in one plane of it, at least. */
ULONG mode_list_line_bytes(const VIDEO_MODE_INFORMATION *mode);

/* The bytes of all its lines in video memory, or in one plane of it. */
ULONGLONG mode_list_shown_bytes(const VIDEO_MODE_INFORMATION *mode);

#endif
