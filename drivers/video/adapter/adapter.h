#ifndef VIDEO_ADAPTER_H
#define VIDEO_ADAPTER_H

/*
 * What our miniports share: the requests that they answer alike, the back buffer, and a change of
 * mode in an order in which nothing is lost if it is refused. A miniport supplies a class, and its
 * device extension begins with a struct adapter.
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

struct adapter;

struct adapter_class {
    /* The index-th mode of those to choose from, the adapter's memory aside. False past the last. */
    bool (*get_mode)(const struct adapter *adapter, ULONG index, struct ashlar_mode *mode);

    /* True if the mode is one that the adapter can be asked for. */
    bool (*takes)(const struct adapter *adapter, const struct ashlar_mode *mode);

    /* Fills in planes, bits and colours, and the stride that is to be expected. */
    void (*describe)(const struct adapter *adapter, const struct ashlar_mode *mode,
                     VIDEO_MODE_INFORMATION *information);

    /* Obtains what the mode takes, before anything changes on the screen. False if it cannot. */
    bool (*prepare)(struct adapter *adapter, const struct ashlar_mode *mode);

    /* Called before the first mode is set: the way back to text can be prepared. */
    void (*enter)(struct adapter *adapter);

    /* Sets the mode, on black, and returns the stride. 0 if the adapter did not take the mode: what
       it shows then is undefined. */
    ULONG (*program)(struct adapter *adapter, const struct ashlar_mode *mode);

    /* Writes a run of pixels to a page (0 or 1) of video memory. It lies inside the screen. */
    void (*write)(struct adapter *adapter, ULONG page, const struct ashlar_pixels *pixels);

    /* Shows a page. Only for modes that flip. */
    void (*show_page)(struct adapter *adapter, ULONG page);

    /* Leaves graphics for text. False, and nothing changes, if that would lead nowhere. */
    bool (*leave)(struct adapter *adapter);

    /* Loads colours for a mode that has a palette. NULL: the adapter's palettes are fixed. */
    bool (*set_colours)(struct adapter *adapter, const VIDEO_CLUT *colours);

    ULONG column_align; /* runs begin and end at multiples of this where a back buffer allows it */
};

/* A mode that is set. */
struct adapter_screen {
    struct ashlar_mode mode; /* width 0: none is set */
    ULONG stride_bytes; /* of a line in video memory */
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
    struct ashlar_adapter description;
    struct adapter_screen screen;
};

/* ---- the parts of the above, for each other ------------------------------------------------- */

/* Sets a mode; the status is IOCTL_ASHLAR_SET_MODE's. */
VP_STATUS adapter_set_mode(struct adapter *adapter, const struct ashlar_mode *mode);

/* Fills in bits and masks of a mode whose pixels lie in one plane. */
void adapter_describe_pixels(VIDEO_MODE_INFORMATION *information,
                             const struct pixel_format *format);

/* Back to text. False, and nothing changes, if there is none to go back to. */
bool adapter_leave(struct adapter *adapter);

/* Copies rectangles, which lie inside the screen, from the back buffer to the screen. */
void adapter_present(struct adapter *adapter, const struct ashlar_rectangle *rectangles,
                     ULONG count);

/* Writes pixels, which lie inside the screen, to the page that is shown next. */
void adapter_write(struct adapter *adapter, const struct ashlar_pixels *pixels);

/* ---- what a miniport hands to the video port ------------------------------------------------- */

/* HwStartIO for all of them. */
BOOLEAN NTAPI adapter_start_io(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET packet);

/* HwResetHw for all of them: back to the text screen that there was. */
BOOLEAN NTAPI adapter_reset_hw(PVOID HwDeviceExtension, ULONG Columns, ULONG Rows);

#endif
