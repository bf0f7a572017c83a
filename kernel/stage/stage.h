#ifndef KERNEL_STAGE_H
#define KERNEL_STAGE_H

/*
 * The picture of a small machine, of at most 256 frames: each frame is a cell, and above the cells
 * stands the tree of buddies, a box for each aligned block of 2^n frames. It shows only what the
 * allocator's queries answer. Over it lie marks: what a request looks at, and what it changes.
 *
 *    16 frames  [             0 . 4 . 2              ]     free frames at the head, in the
 *     8 frames  [    0 . 3 . 0    ][    4 . 4 . 2    ]     longest run, at the tail
 *     4 frames  [ 0.2.2  ][ 1.1.0 ][  free  ][ 0.2.2 ]
 *     2 frames  [   ][fre][ 1 ][  ][   ][   ][   ][fre]
 *     frames    [a][a][ ][ ][ ][b][b][b][ ][ ][ ][ ][d][d][ ][ ]
 *                 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
 *               |--- it must lie here: below frame 12 ---|
 *    | a sentence: what happens in this step                       |
 */

#include "drivers/video/canvas/canvas.h"
#include "kernel/view/view_chars.h"
#include "kernel/view/view_owners.h"
#include "kernel/view/view_words.h"
#include "mm/mm.h"
#include "textbook.h"

#define STAGE_ORDER_MAX 8
#define STAGE_FRAMES_MAX (1u << STAGE_ORDER_MAX)
#define STAGE_NODES_MAX (2 * STAGE_FRAMES_MAX)
#define STAGE_TEXT_MAX 240
#define STAGE_WORDS_MAX 96

/* ---- what is there (stage.c) ----------------------------------------------------------------- */

enum stage_state { STAGE_NONE, STAGE_FREE, STAGE_USED };

struct stage_frame {
    uint8_t state; /* enum stage_state; STAGE_NONE: no memory that is managed */
    uint8_t owner; /* of STAGE_USED: index into the stage's owners */
    uint8_t holder; /* of STAGE_FREE: enum buddy_holder, of the part of a run that has it */
    bool joins; /* the same block, or the same part of a free run, as the frame before */
    uint16_t length; /* frames of that block or part, at its first frame; else 0 */
};

struct stage_counts {
    uint16_t head;
    uint16_t longest;
    uint16_t tail;
};

/*
 * A snapshot. A node is an aligned block of 2^order frames. Nodes are numbered from the root, which
 * is 1: the halves of node n are 2n and 2n + 1.
 */
struct stage_memory {
    struct stage_frame frames[STAGE_FRAMES_MAX];
    struct stage_counts nodes[STAGE_NODES_MAX];
};

/* How a frame or a node stands out. Later ones are stronger. */
enum stage_look {
    STAGE_PLAIN,
    STAGE_OUTSIDE, /* of the request's window: dimmed */
    STAGE_LISTED, /* of a free run that is in a list: its length is shown */
    STAGE_REFUSED, /* of a run or a node that will not do: struck out */
    STAGE_WAY, /* a node on the way to the place */
    STAGE_CHANGED, /* its bit, or its counts, are new */
    STAGE_HERE, /* what the sentence speaks of */
    STAGE_SAME, /* its counts are as before: the update stops at it */
    STAGE_PLACE, /* where the block will lie */
};

/* What a node is drawn as. */
enum stage_kind {
    STAGE_BY_COUNTS, /* as its counts say */
    STAGE_BLANK, /* none of its frames is memory */
    STAGE_FULL, /* a free buddy: all is free, and it is not half of a larger one */
    STAGE_INNER, /* a part of a free buddy */
    STAGE_PART, /* some of its frames are free */
    STAGE_SPLIT, /* all are free, but it is being halved */
    STAGE_TAKEN, /* no frame is free */
};

/* Over the picture. All zero: nothing, and memory is shown as it is now. */
struct stage_marks {
    bool is_past; /* the frames' bits are shown as they were before the request */
    uint8_t past_order; /* then nodes of this order and above have the counts from before */
    struct frame_range window; /* by number; empty: none */
    char window_words[STAGE_WORDS_MAX];
    uint8_t frames[STAGE_FRAMES_MAX]; /* enum stage_look */
    uint8_t nodes[STAGE_NODES_MAX]; /* likewise */
    uint8_t kinds[STAGE_NODES_MAX]; /* enum stage_kind */
    char text[STAGE_TEXT_MAX]; /* the sentence; "": none */
};

/* Some 19 KiB. All zero but first, order and name: a machine that was not looked at. */
struct stage {
    pfn_t first; /* of the root's frames */
    unsigned order; /* of the root */
    const char *name; /* of the machine */
    struct view_owners owners;
    struct stage_memory before; /* the request that is told */
    struct stage_memory now;
    struct mm_totals totals;
    struct stage_marks marks;
    struct textbook textbook; /* with the same requests */
    bool shows_textbook;
    bool hides_holders; /* no words for who keeps a free frame: for those who are new to it */
    bool is_large; /* in large letters; the caller's to set before it is drawn in pixels */
    uint32_t drawn[STAGE_NODES_MAX + 64]; /* fingerprints of what is on the canvas, 0: nothing */
};

/* The open machine's, which lives as long as it is open; NULL if the machine is too large. */
struct stage *stage_of_machine(void);

/* How sentences name places of the open machine. */
struct view_naming stage_naming(void);

static inline unsigned stage_frame_count(const struct stage *stage)
{
    return 1u << stage->order;
}

static inline unsigned stage_node(const struct stage *stage, unsigned order, unsigned frame)
{
    return (1u << (stage->order - order)) + (frame >> order);
}

unsigned stage_node_order(const struct stage *stage, unsigned node);

/* The frames of a node, by number. */
struct frame_range stage_node_frames(const struct stage *stage, unsigned node);

/* What of a range of frames is on the stage, by number; may be empty. */
struct frame_range stage_numbers(const struct stage *stage, struct frame_range range);

/* Looks at memory, and remembers it as it is now. */
void stage_look(struct stage *stage, const struct mm *mm);

/* What is now becomes what was before. */
void stage_keep_before(struct stage *stage);

/* True if the node's counts are others now than before. */
bool stage_has_changed(const struct stage *stage, unsigned node);

/* The first node of an order that has some of the block and new counts; 0: none. *count: of all. */
unsigned stage_find_changed(const struct stage *stage, struct frame_range block, unsigned order,
                            unsigned *count);

/* What is shown of a frame and of a node, as the marks say. */
const struct stage_frame *stage_frame_at(const struct stage *stage, unsigned frame);
const struct stage_counts *stage_counts_at(const struct stage *stage, unsigned node);

/* True if frames below the node have changed, and its counts are shown as they were before. */
bool stage_is_old(const struct stage *stage, unsigned node);

enum stage_kind stage_kind_of(const struct stage *stage, unsigned node);

/* Takes all marks away. */
void stage_clear_marks(struct stage *stage);

/* Words for frames by number: "frame 9", "frames 9 to 11". */
const char *stage_name_frames(char text[STAGE_WORDS_MAX], struct frame_range numbers);

/* ---- in pixels (stage_draw.c) ---------------------------------------------------------------- */

/* Draws what differs from what was drawn in this part of the canvas, of 640 by 300 at least. */
void stage_draw(struct stage *stage, struct canvas *canvas, struct canvas_rect picture);

/* Draws all of it, the next time. */
void stage_forget_drawn(struct stage *stage);

/* ---- pixels to frames (stage_layout.c) ------------------------------------------------------- */

/* The frame whose cell, or the node whose box is at a pixel. False if there is none. */
bool stage_find_pixel(const struct stage *stage, struct canvas_rect picture, int x, int y,
                      struct frame_range *numbers, unsigned *order);

/* The pixels of a frame's cell. */
struct canvas_rect stage_cell(const struct stage *stage, struct canvas_rect picture,
                              unsigned frame);

/* ---- in characters (stage_chars.c) ----------------------------------------------------------- */

void stage_draw_chars(const struct stage *stage,
                      view_char_t cells[VIEW_CHARS_ROWS][VIEW_CHARS_COLUMNS]);

#endif
