#ifndef KERNEL_VIEW_MARKS_H
#define KERNEL_VIEW_MARKS_H

/*
 * What is drawn over the picture for a while: the window that a request must fit into, the nodes
 * that its search looked at, the runs that it refused, its place, and buddies that split or merge.
 */

#include "mm/types.h"

#define VIEW_MARK_MAX 224
#define VIEW_MARK_NO_ORDER 0xFF

/* Later ones are drawn over earlier ones. Each is told by its shape as well as by its colour. */
enum view_mark_look {
    VIEW_MARK_NONE,
    VIEW_MARK_OUTSIDE, /* of the window: dimmed */
    VIEW_MARK_VISITED, /* outlined */
    VIEW_MARK_REFUSED, /* outlined, and struck out */
    VIEW_MARK_CURRENT, /* outlined brightly */
    VIEW_MARK_PLACE, /* outlined brightly, twice */
    VIEW_MARK_CRIME, /* outlined twice in the colour of errors, and crossed out */
    VIEW_MARK_POINTED, /* under the pointer: a corner to each side */
    VIEW_MARK_HOLLOW, /* in the tree alone: a buddy that was split or merged, only its outline */
    VIEW_MARK_PIECE, /* in the tree alone: a buddy that came of it, filled brightly */
};

/* A part of the picture, to which eyes are led by a frame around it. */
enum view_panel { VIEW_PANEL_NONE, VIEW_PANEL_STRIP, VIEW_PANEL_TREE, VIEW_PANEL_OWNERS };

struct view_mark {
    struct frame_range range;
    uint8_t order; /* the row in the tree of orders, or VIEW_MARK_NO_ORDER: the frames alone */
    uint8_t look;
};

struct view_marks {
    struct frame_range window; /* empty: there is none */
    pfn_t align_frames; /* 0 or 1: none */
    pfn_t boundary_frames; /* 0: none */
    struct frame_range pointed; /* the cell under the pointer; empty: none */
    size_t count;
    struct view_mark marks[VIEW_MARK_MAX];
};

static inline void view_marks_clear(struct view_marks *marks)
{
    marks->window = (struct frame_range){0};
    marks->align_frames = 0;
    marks->boundary_frames = 0;
    marks->count = 0;
}

/* When there are too many, the last one gives way: it is the outcome that has to be seen. */
static inline void view_marks_add(struct view_marks *marks, unsigned order,
                                  struct frame_range range, enum view_mark_look look)
{
    size_t at = marks->count < VIEW_MARK_MAX ? marks->count++ : VIEW_MARK_MAX - 1;
    marks->marks[at] = (struct view_mark){range, (uint8_t)order, (uint8_t)look};
}

#endif
