#ifndef VIDEO_ADAPTER_H
#define VIDEO_ADAPTER_H

/*
 * What all display drivers share: the requests that they answer alike, the back buffer, and a
 * change of mode in an order in which nothing is lost if it is refused. A driver supplies a class;
 * a miniport of ours is little else, and foreign.c is the class of miniports that others wrote.
 *
 *   request ─▶ adapter_start_io ─▶ class ─▶ registers
 *                    │               ▲
 *               back buffer ─────────┘ write: pixels on their way to video memory
 */

#include <stdbool.h>

#include "ashlar_display.h"
#include "drivers/video/canvas/pixel_format.h"
#include "drivers/videoport/include/dderror.h"
#include "drivers/videoport/include/video.h"
#include "drivers/videoport/include/wdm.h"

/* Video memory whose lines and pixels follow one another, mapped and written (linear.c); those of
   four planes have the same addresses (planar.h). */
struct linear {
    UCHAR *base; /* NULL: nothing is mapped */
    ULONG size_bytes;
    struct pixel_format format;
};

/* Writes pixels in the format, ascending. offset_bytes is where the picture's first line begins. */
void linear_write(const struct linear *linear, ULONG offset_bytes, ULONG stride_bytes,
                  const struct ashlar_pixels *pixels);

struct adapter;

/* What one kind of adapter does its own way. Functions may be NULL where that is said. */
struct adapter_class {
    ULONG extension_bytes; /* of the device extension, which begins with a struct adapter */

    /* Looks for the adapter, as HwFindAdapter does, and fills in its description: among PCI's
       functions, which come one by one, then without PCI (Isa). */
    VP_STATUS (*find)(struct adapter *adapter, INTERFACE_TYPE bus);

    /* Makes the adapter that was found ready, as HwInitialize does. NULL: it is. */
    void (*start)(struct adapter *adapter);

    /* The index-th mode of those to choose from, the adapter's memory aside. False past the
       last. */
    bool (*get_mode)(const struct adapter *adapter, ULONG index, struct ashlar_mode *mode);

    /* It may take modes that are not in the list above, or that flip. */
    bool takes_others;

    /* Fills in the format of a mode's pixels (in planes: 8 bits with a palette's indices), and
       returns the stride that is to be expected; 0 if the adapter cannot be asked for the mode. */
    ULONG(*lay_out)
    (const struct adapter *adapter, const struct ashlar_mode *mode, struct pixel_format *format);

    /* Obtains what the mode takes, before anything changes on the screen. False if it cannot. NULL:
       it takes nothing. */
    bool (*prepare)(struct adapter *adapter, const struct ashlar_mode *mode);

    /* Called before the first mode is set: the way back to text can be prepared. May be NULL. */
    void (*enter)(struct adapter *adapter);

    /* Sets the mode, on black, and changes *stride_bytes if it is not the expected one. NO_ERROR,
       or why the adapter did not take the mode: what it shows then is undefined. */
    VP_STATUS(*program)
    (struct adapter *adapter, const struct ashlar_mode *mode, ULONG *stride_bytes);

    /* Shows a page (0 or 1). Only for modes that flip. */
    void (*show_page)(struct adapter *adapter, ULONG page);

    /* Leaves graphics for text. False, and nothing changes, if that would lead nowhere. NULL: it
       always would. */
    bool (*leave)(struct adapter *adapter);

    /* Loads colours for a mode that has a palette. NULL: the adapter's palettes are fixed. */
    bool (*set_colours)(struct adapter *adapter, const VIDEO_CLUT *colours);
};

/* A mode that is set. */
struct adapter_screen {
    struct ashlar_mode mode; /* width 0: none is set */
    ULONG stride_bytes; /* of a line in video memory; 0: nothing is shown */
    ULONG hidden_page; /* where the next picture is written; 0 if the mode does not flip */
    ULONG *pixels; /* the back buffer, or NULL */
    PHYSICAL_ADDRESS pixels_physical;
    PVP_DMA_ADAPTER pixels_adapter; /* not NULL: a common buffer of this adapter's */
    /* What the hidden page lacks: it was presented when the other one was hidden. */
    struct ashlar_rectangle stale[ASHLAR_RECTANGLES_MAX];
    ULONG stale_count;
};

struct adapter {
    const struct adapter_class *class;
    PVOID extension; /* the HwDeviceExtension by which the video port knows the device */
    struct ashlar_adapter description;
    struct linear linear; /* video memory, in the format of the mode that is set */
    struct adapter_screen screen;
};

/* ---- the parts of the above, for each other ------------------------------------------------- */

/* Sets a mode; the status is IOCTL_ASHLAR_SET_MODE's. */
VP_STATUS adapter_set_mode(struct adapter *adapter, const struct ashlar_mode *mode);

/* True if the mode can be asked for. */
bool adapter_takes(const struct adapter *adapter, const struct ashlar_mode *mode);

/* Back to text. False, and nothing changes, if there is none to go back to. */
bool adapter_leave(struct adapter *adapter);

/*
 * Allocates a cleared back buffer for screen->mode, of exactly width * height * 4 bytes, as the
 * parameters want it. False if there is no memory for it, or none is wanted: screen->pixels is NULL
 * then. The other one frees it, if there is one.
 */
bool back_buffer_allocate(struct adapter *adapter, struct adapter_screen *screen);
void back_buffer_free(struct adapter *adapter, struct adapter_screen *screen);

/* True if the picture's first byte and last are memory: they keep what is written, which is taken
   back; in planes, which are black then, that of one goes to all. Where nothing answers, no picture
   is seen. */
bool linear_keeps(const struct linear *linear, ULONG picture_bytes);

/*
 * Maps so much of the memory that the description names, write-combining where that can be had;
 * what is mapped already may suffice. False if it cannot be mapped; the former mapping stays then.
 */
bool linear_map(struct adapter *adapter, ULONG size_bytes);

/* Copies rectangles, which lie inside the screen, from the back buffer to the screen. */
void adapter_present(struct adapter *adapter, const struct ashlar_rectangle *rectangles,
                     ULONG count);

/* Writes pixels, which lie inside the screen, to the page that is shown next. */
void adapter_write(struct adapter *adapter, const struct ashlar_pixels *pixels);

/* Puts a monitor's name and its own mode, out of its EDID, into the description. False, and nothing
   changes, if that is none. */
bool adapter_describe_monitor(struct adapter *adapter, const UCHAR *edid_bytes, ULONG size_bytes);

/* Copies a parameter of the device, or as much of it as there is room for. Returns its size; 0:
   there is none. */
ULONG adapter_read_parameter(const struct adapter *adapter, const WCHAR *name, PVOID to,
                             ULONG room_bytes);

/* ---- what a miniport hands to the video port ------------------------------------------------- */

/* A miniport's entry point, given NT's arguments: looks for an adapter of the class. Returns what
   VideoPortInitialize does. */
ULONG adapter_enter(PVOID Context1, PVOID Context2, const struct adapter_class *class);

/* HwStartIO for all of them. HwDeviceExtension is the struct adapter. */
BOOLEAN NTAPI adapter_start_io(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET packet);

#endif
