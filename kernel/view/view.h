#ifndef KERNEL_VIEW_H
#define KERNEL_VIEW_H

/*
 * The picture of memory: what the firmware reported, who holds which frames, and what is free. It
 * reads snapshots through the public functions of mm/ and draws on a canvas; it changes nothing,
 * and knows neither the adapter nor the shell below it.
 *
 *   +-----------------------------------------------+
 *   | Ashlar                managed free used ...   |   title
 *   | [usable][kernel][ usable  ][ hole  ][ usable ]|   strip: the address space
 *   | 0x0     ##############....   4K .  .  # name  |   frames, tree of orders, legend
 *   | 0x80000 ....##............   8K  ==   # name  |
 *   | 0xA0000 ..................  16K       __/\__  |   history, below the legend
 *   | what is pointed at, or what happens           |   info
 *   +-----------------------------------------------+
 *   | ashlar> _                                     |   the terminal's
 *   +-----------------------------------------------+
 */

#include "mm/memmap.h"
#include "mm/mm.h"
#include "view_caption.h"
#include "view_frames.h"
#include "view_history.h"
#include "view_marks.h"
#include "view_owners.h"
#include "view_strip.h"
#include "view_tree.h"

#define VIEW_WIDTH_MIN 320
#define VIEW_HEIGHT_MIN 200
#define VIEW_STAT_COUNT 5

#define VIEW_INFO_MAX 200
#define VIEW_LINE_COUNT 64 /* of the legend */

struct view_fonts {
    const struct font *name; /* the system's */
    const struct font *word; /* above a figure */
    const struct font *figure;
    const struct font *caption; /* a box's text */
    const struct font *shell;
};

/* The owners beside the map (view_legend.c): a list of lines, drawn when what they say changed. */
struct view_legend {
    struct view_part part;
    uint32_t drawn[VIEW_LINE_COUNT]; /* fingerprint of each line, 0: blank */
};

/* Some 175 KiB: it belongs into static memory, zeroed at the start. view_init keeps the last two
   members. */
struct view {
    struct canvas *canvas;
    struct canvas_rect picture;
    struct canvas_rect title;
    struct canvas_rect terminal; /* the shell's: 78 columns by 9 rows at 640 by 480 */
    struct view_part info;
    char info_text[VIEW_INFO_MAX];
    struct view_marks marks;
    const char *simulated; /* the machine's name, for the title; NULL: it is this one */
    const char *past; /* which moment of its past it is, for the title; NULL: it is now */
    struct {
        uint32_t info;
        uint32_t name; /* of a small picture, all of the title */
        uint32_t stats[VIEW_STAT_COUNT];
    } drawn; /* fingerprints, 0: nothing is drawn */
    enum view_panel drawn_lit;
    bool blank; /* the screen holds nothing of ours */
    struct view_owners owners;
    struct view_strip strip;
    struct view_frames frames;
    struct view_tree tree;
    struct view_legend legend;
    bool is_small; /* title, frames and legend only (view_small.c) */
    const struct view_fonts *fonts; /* of title, captions and shell */
    struct view_caption caption; /* over the picture, from the next view_draw on */
    struct canvas_rect covered; /* by the caption that is drawn; empty: none is */
    struct view_history history; /* below the legend, where there is room; kept by view_init */
    bool is_large; /* everything, to be read from afar; the caller's to set before view_init */
    enum view_panel lit; /* framed, from the next drawing on; the caller's to set */
};

/* Where large letters leave room for everything. */
#define VIEW_LARGE_WIDTH_MIN 1280
#define VIEW_LARGE_HEIGHT_MIN 900

/*
 * Lays out for the canvas's size, at least 320 by 200; the canvas must stay alive. Draws nothing.
 * Call again after a change of mode or to have everything drawn anew; owners keep their colours
 * only from one view_draw to the next.
 */
void view_init(struct view *view, struct canvas *canvas);

/* What the shell is written in, in view->terminal. */
const struct font *view_terminal_font(const struct view *view);

/* Brings the picture up to date. The map must be rounded. Never draws in the terminal's area. */
void view_draw(struct view *view, const struct memmap *map, struct mm *mm);

/*
 * Draws view->marks, as the caller has changed them, and the info line's text over the memory as it
 * was drawn last. Costs what changed.
 */
void view_draw_marks(struct view *view);

/*
 * What the info line says, from the next drawing on. It is two lines on a narrow screen; what is
 * longer is cut.
 */
void view_say(struct view *view, const char *text);

/* A line for each owner that holds something, most first, and one for all that lack room. */
void view_legend_draw(struct view_legend *legend, const struct view_owners *owners);

/* ---- the small picture (view_small.c) -------------------------------------------------------- */

/*
 * The picture of memory on a screen of 320 by 200: what is free, the frames, and who holds most, in
 * the smallest type. The rest is left to larger screens.
 *
 *   +------------------------------------+
 *   | Ashlar  122.8M of 125.8M free      |
 *   | 0x0      ##........................|
 *   | # tables 976K  # kernel 600K       |
 *   +------------------------------------+
 *   | ashlar> _                          |   the terminal's: 52 columns by 8 rows
 *   +------------------------------------+
 */

/* Lays out a view that is blank and whose canvas is set. Draws nothing. */
void view_small_init(struct view *view);

/* Brings the picture up to date, on its ground. `order_count` is view_frames_draw's. */
void view_small_draw(struct view *view, const struct memmap *map, struct mm *mm,
                     unsigned order_count);

#endif
