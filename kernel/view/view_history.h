#ifndef KERNEL_VIEW_HISTORY_H
#define KERNEL_VIEW_HISTORY_H

/*
 * Fragmentation over time: a sample for each change that was drawn, the newest at the right.
 *
 *    |          ____        free memory, as a part of what is managed     (a bold line)
 *    |_____ ___/    \__     the longest free run, likewise                (a thin line)
 *    |      V
 *    | 4K  ############     for each order, how many blocks of it free memory would yield, as a
 *    | 1M  ######..####     part of how many it would if it were one run: bright is all of them
 *    | 4M  ####    ..##
 *
 * For order n that is: the sum over all free runs of floor(frames / 2^n), by floor(free frames /
 * 2^n). It is the share of requests for 2^n frames that would succeed if they came until as many
 * were asked for as the free memory would be enough for. Where it is not enough for one, there is
 * no share.
 */

#include "mm/buddy.h"
#include "view_part.h"

#define VIEW_HISTORY_MAX 256

struct view_sample {
    uint8_t free_part; /* in 255ths of all that is managed */
    uint8_t largest_part;
    uint8_t served[BUDDY_ORDER_COUNT]; /* in 254ths; VIEW_NOT_SERVED: there is no share */
};

#define VIEW_NOT_SERVED 255

/* Of all free runs of a sample. */
struct view_sums {
    uint64_t free_frames;
    uint64_t largest_frames;
    uint64_t served[BUDDY_ORDER_COUNT]; /* blocks of each order */
};

struct view_history {
    struct view_part part;
    struct view_sums sums; /* of the sample being taken */
    uint32_t last_hash; /* of what the newest sample was made of */
    size_t count; /* samples ever taken */
    size_t drawn_count; /* of them, when it was drawn last; 0: nothing is drawn */
    bool is_past; /* the rest of the picture is: this panel is dimmed, and says that it is not */
    unsigned order_count;
    struct view_sample samples[VIEW_HISTORY_MAX]; /* a ring */
};

/* Forgets the past: what comes is of another machine. */
void view_history_forget(struct view_history *history);

/* A sample gets each free run, and ends. */
void view_history_enter(struct view_history *history, struct frame_range run);
void view_history_end(struct view_history *history, uint64_t managed_frames, unsigned order_count);

/* A sample that got all free runs is of the past, and is not kept. The panel leads up to now. */
void view_history_skip(struct view_history *history);

void view_history_draw(struct view_history *history);

#endif
