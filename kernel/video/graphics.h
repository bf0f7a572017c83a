#ifndef KERNEL_GRAPHICS_H
#define KERNEL_GRAPHICS_H

/*
 * The adapter that shows the picture: which mode it is in, and how pixels get there. All of it by
 * requests to the video port; nothing here chooses the adapter (adapters.h), and nothing draws.
 */

#include "drivers/video/adapter/mode_list.h"
#include "drivers/video/canvas/canvas.h"
#include "drivers/videoport/port/videoport.h"
#include "kernel/lib/options.h"
#include "mm/mm.h"

struct graphics_mode {
    struct parse_mode size;
    bool flips; /* presenting shows two pages of video memory in turn */
};

/*
 * Takes a started device for requests from now on: one of the kernel's own, which graphics_close
 * stops, or a driver that was loaded.
 */
void graphics_open(struct videoport_device *device, bool is_own,
                   enum options_back_buffer back_buffer);

/* Leaves the device, which there is. */
void graphics_close(void);

/* The device, or NULL. */
struct videoport_device *graphics_device(void);

/* Reads all modes that the device, which there is, offers for pictures. False, with a reason as of
   graphics_set_mode, if there is none. To be freed with mode_list_free. */
bool graphics_list_modes(struct mode_list *list, const char **why);

/* What `mode` calls a mode of that list. */
struct parse_mode graphics_size_of(const VIDEO_MODE_INFORMATION *mode);

/*
 * The index-th extent that has modes for pictures, in any depth: the first 32, as they were when 0
 * was asked for last. False behind the last.
 */
bool graphics_extent_at(size_t index, struct parse_mode *extent);

/* True while an adapter shows a picture. */
bool graphics_is_on(void);

/*
 * Changes the mode. False, with a reason, if it cannot be had; the old one stays, but what was
 * drawn may be gone. Whoever draws opens the canvas anew in any case. The reason lives until the
 * next one; of the kernel's own devices, for ever.
 */
bool graphics_set_mode(const struct graphics_mode *mode, const char **why);

/* The mode that is set. False if there is none. */
bool graphics_get_mode(struct graphics_mode *mode);

/* The block that is the back buffer. False if there is none. */
bool graphics_get_back_buffer(struct mm_block *block);

/* From the next mode on, without a back buffer, or with the one that the options want. */
void graphics_use_back_buffer(bool wanted);

/* Leaves graphics for the text screen. False, with a reason, if there is none. */
bool graphics_leave(const char **why);

/*
 * Starts the canvas on the mode's back buffer; without one, on the screen itself. False if no mode
 * is set.
 */
bool graphics_open_canvas(struct canvas *canvas);

/* Brings what changed on the canvas to the screen. */
void graphics_present(struct canvas *canvas);

/* Pixels written to video memory since the adapter was started. */
uint64_t graphics_written_pixels(void);

/* Writes what the `video` command prints of adapters and modes. */
void graphics_describe(void);

#endif
