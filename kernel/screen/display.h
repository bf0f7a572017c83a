#ifndef KERNEL_DISPLAY_H
#define KERNEL_DISPLAY_H

/*
 * What is on the screen: the memory view with the shell below it, if the video port finds an
 * adapter, else text. Whatever fails here, the serial console and the shell go on.
 */

#include "boot/boot_info.h"
#include "kernel/lib/line.h"
#include "kernel/video/graphics.h"
#include "kernel/view/view_marks.h"
#include "kernel/view/view_note.h"
#include "kernel/view/view_scale.h"

/* Owns the block for the console's last lines: 256 KiB, or less where there is little memory. */
#define CONSOLE_BLOCK_OWNER "console"

/* Shows the console as text, if there is a text screen, until something better comes. */
void display_start_text(void);

/* Starts the adapter in the mode that the options ask for; if it cannot, says why: text stays. */
void display_start(const struct options *options, const struct boot_framebuffer *framebuffer);

/* Brings the screen up to date with the console and with memory. Cheap if nothing changed. */
void display_refresh(void);

/* True if the screen shows the memory view, in pixels or in characters. */
bool display_has_view(void);

/* The marks over the memory view, to be changed; NULL if there is no view that has some. */
struct view_marks *display_marks(void);

/*
 * Shows the marks, and the caption, over memory as it was drawn last. Until display_refresh, the
 * view stays so even if memory has changed.
 */
void display_show_marks(const char *caption);

/* Lets the info line say something from the next refresh on. */
void display_say(const char *text);

/* Leads eyes to a part of the view, from the next refresh on, until another one or none. */
void display_light(enum view_panel panel);

/* True if the picture is a small machine's (kernel/stage). */
bool display_shows_stage(void);

/* Draws that picture with its marks, over memory as it was looked at last. */
void display_draw_stage(void);

/* Takes marks, caption and what is held away at the next refresh. */
void display_clear_marks(void);

/* Takes room from the console for notes until display_close_notes; measured anew in each mode. */
void display_open_notes(view_note_measure_t *measure);

/* True if the screen has room for notes in the mode that is set. */
bool display_shows_notes(void);

/* The characters in a line of the console on the screen; 80 if it is on none. */
size_t display_console_columns(void);

/* Shows this one from the next refresh on, until another or the close. It is not copied. */
void display_show_note(const struct view_note *note);

/* Shows this line of moments in the note, as long as the note is shown; not copied. NULL: none. */
void display_show_scale(const struct view_scale *scale);

/* The cell of the scale that the mouse chose when LINE_POINTED was typed. */
size_t display_pointed_cell(void);
void display_close_notes(void);

/*
 * Shows memory as it is now with display_marks_to_hold(), and a box with a title and some sentences
 * at `at`; nothing, if there is no view. The picture then stays as it is, whatever becomes of
 * memory, until display_release.
 */
void display_hold(struct frame_range at, const char *title, const char *text);

/* The marks that will be held: to be cleared, then filled, before. Never NULL. */
struct view_marks *display_marks_to_hold(void);

/* True while it stays. */
bool display_is_held(void);

/* Ends that, and shows memory as it is. Does nothing if nothing is held. */
void display_release(void);

/*
 * Shows a part of RAM in the map of frames, or all of it if the range is empty. False, with a
 * reason, if there is no map, or no RAM in the range.
 */
bool display_zoom(struct frame_range range, const char **why);

/* Another machine is open (machine.h): zoom, marks and history are those of one not seen before. */
void display_change_machine(void);

/* The part of RAM that was zoomed to, as display_zoom takes it; empty: all is shown. */
struct frame_range display_zoomed_part(void);

/* What the map shows, and the frames of a cell of it. False if there is no map. */
bool display_get_zoom(struct frame_range *range, pfn_t *cell_frames);

/*
 * Shows what machine_shown() has become. `past` says which moment that is, for the title, and is
 * not copied; NULL: memory as it is now. False if there is no memory view.
 */
bool display_show_moment(const char *past);

/*
 * A key that moves the pointer over the view, or zooms around it, or looks back at the console's
 * earlier lines.
 */
void display_take_key(enum line_key key);

/* Changes the mode. False, with a reason that lives for ever, if it cannot: the old one stays. */
bool display_set_mode(const struct graphics_mode *mode, bool is_large, const char **why);

/* True if a graphic screen with large letters is shown. */
bool display_is_large(void);

/*
 * Loads a driver, with words KEY=VALUE as its parameters. If another has the adapter, it is handed
 * over, and back if the new one fails (adapters.h). False, with a line on the log, if it does.
 */
bool display_load_driver(const char *name, char *const *words, size_t word_count);

/*
 * Leaves a driver that is about to be stopped. True if it showed the picture: display_restart then
 * finds another way to show it, if there is one.
 */
bool display_forget(struct videoport_device *device);
void display_restart(void);

/* Shows the text screen, if it does not already. False, with a reason, if there is none. */
bool display_leave_graphics(const char **why);

/* Writes what the `video` command prints. */
void display_describe(void);

#endif
