#ifndef KERNEL_VIEW_PANELS_H
#define KERNEL_VIEW_PANELS_H

/*
 * The owners beside the map: a list of lines, each of which is drawn when it says something else than
 * before.
 */

#include "view_owners.h"
#include "view_part.h"

#define VIEW_LINE_COUNT 64

struct view_panel {
    struct view_part part;
    bool titled;
    uint32_t drawn[VIEW_LINE_COUNT]; /* fingerprint of each line, 0: blank */
};

/* Nothing is drawn yet, the area's ground is blank. */
void view_panel_init(struct view_panel *panel, const struct view_part *part);

/* A line for each owner that holds something, most first, and one for all that find no room. */
void view_legend_draw(struct view_panel *panel, struct canvas *canvas,
                      const struct view_owners *owners);

#endif
