#ifndef KERNEL_VIEW_LEGEND_H
#define KERNEL_VIEW_LEGEND_H

/* The owners beside the map: a list of lines. A line is drawn when what it says has changed. */

#include "view_owners.h"
#include "view_part.h"

#define VIEW_LINE_COUNT 64

struct view_legend {
    struct view_part part;
    uint32_t drawn[VIEW_LINE_COUNT]; /* fingerprint of each line, 0: blank */
};

/* A line for each owner that holds something, most first, and one for all that find no room. */
void view_legend_draw(struct view_legend *legend, const struct view_owners *owners);

#endif
