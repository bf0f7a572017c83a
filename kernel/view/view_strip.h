#ifndef KERNEL_VIEW_STRIP_H
#define KERNEL_VIEW_STRIP_H

/*
 * The whole physical address space as one bar: what the firmware says of it, what was reserved at
 * boot, and the holes, which are no memory at all. Regions span from a page to terabytes, so widths
 * follow logarithms, and the bar says so.
 *
 *            reserved
 *      1 MiB   |        16 MiB                         4 GiB        names and limits
 *   +--------+--+------------------------+------------+--------+
 *   | usable |//| usable                 | hole       | usable |   segments
 *   | 640K   |//| 2.9G                   | 1G         | 12G    |
 *   +--------+--+------------------------+------------+--------+
 *   0     0x9f000   ...                                             addresses
 */

#include "mm/memmap.h"
#include "view_owners.h"
#include "view_part.h"

#define VIEW_SEGMENT_COUNT 128

/* The firmware's kinds as they are (enum region_kind), and these. */
enum view_segment_kind {
    VIEW_SEGMENT_OWNED = REGION_BAD + 1, /* usable, and reserved at boot */
    VIEW_SEGMENT_HOLE,
    VIEW_SEGMENT_SEVERAL, /* neighbours too small to be shown apart */
    VIEW_SEGMENT_KIND_COUNT,
};

struct view_segment_look {
    const char *name;
    color_t paper;
    color_t ink;
    enum canvas_pattern pattern;
};

/* Of each kind; owned segments look like their owners. */
extern const struct view_segment_look view_segment_looks[VIEW_SEGMENT_KIND_COUNT];

struct view_segment {
    phys_t base;
    phys_t end;
    const char *owner; /* of VIEW_SEGMENT_OWNED */
    uint8_t kind;
    uint8_t style;
    int8_t name_row; /* VIEW_NAME_INSIDE, or a row of names above the bar */
    int left; /* pixels */
    int right;
    int name_left; /* of a name above the bar */
    int name_line; /* that leads down from it */
};

#define VIEW_NAME_INSIDE (-1)

struct view_strip {
    struct view_part part;
    struct view_segment segments[VIEW_SEGMENT_COUNT];
    size_t segment_count;
    const struct frame_range *window; /* of a request, bracketed; empty, or all memory: none */
    const struct frame_range *zoomed; /* what the map of frames shows, framed; empty: all */
    uint32_t laid_out; /* fingerprint of the map, 0: none */
    size_t named_max; /* so many segments of it can be named */
    uint32_t drawn; /* fingerprint of what the screen shows, 0: nothing */
};

/* The height of area that the part's two fonts ask for. */
int view_strip_height(const struct view_part *part);

/* Draws window and zoomed range as they are now over the map that was drawn last. */
void view_strip_draw_marks(struct view_strip *strip);

/* Draws the map, unless it is drawn already; `owners` gives the owners' styles. */
void view_strip_draw(struct view_strip *strip, const struct memmap *map,
                     struct view_owners *owners);

/* ---- for view_strip_names.c ------------------------------------------------------------------ */

/* Where the bar's upper edge is; above it are two rows of labels. */
int view_strip_bar_top(const struct view_part *part);

/* Where an address of the whole bar is; behind the last segment, its end. There are segments. */
int view_strip_pixel_at(const struct view_strip *strip, phys_t address);

const char *view_segment_name(const struct view_segment *segment);

/* The pixels for words inside of it. */
int view_segment_room(const struct view_segment *segment);

/* Finds each name a place inside of its segment or above. False if one has none. */
bool view_strip_place_names(struct view_strip *strip);

/* Draws the limits and the names above the bar. */
void view_strip_draw_names(const struct view_strip *strip);

#endif
