#ifndef MM_FRONT_H
#define MM_FRONT_H

/*
 * A front is a store of single frames and short blocks for one processor or thread, its owner.
 * Fronts stand before a buddy that several owners share. Most requests and frees need only the
 * front, and no lock. An empty front is filled with one run of the buddy, which is split into
 * blocks. A full front gives back a part of what it holds.
 *
 *     owner 0       owner 1       owner 2
 *        |             |             |        no lock
 *     [front]       [front]       [front]
 *         \            |            /         many blocks at once, under the caller's lock
 *          [         buddy         ]
 *
 * For the buddy, all that a front holds is allocated, as blocks of the right length. A front stands
 * before a buddy and not before a manager, because the manager's ledger has a record for each
 * block, and each change of a record needs the lock.
 *
 * When the buddy has no place for a request, the front that asked gives back all that it holds, and
 * the buddy is asked again. If there is still no place, the other fronts are asked to give back
 * what they hold. Only an owner may touch its front. So each front does this when its owner next
 * calls a function of this file. An owner that may be idle for a long time calls front_answer from
 * time to time, or when it is told to.
 *
 * Calls with the same front must not overlap: an interrupt handler may use the front of its
 * processor only if the owner masks interrupts around each call. No function here waits, except in
 * `lock`.
 */

#include "buddy.h"
#include "frame_set.h"

MM_BEGIN_DECLS

#define FRONT_LENGTHS 8u /* a front holds blocks of at most so many frames */
#ifndef FRONT_FRAMES
#define FRONT_FRAMES 128u /* the most frames on the stack of one length */
#endif

/*
 * All fronts together hold at most 1 / 2^n of the buddy's frames as single frames, but each front
 * may hold FRONT_FRAMES.
 */
#define FRONT_SHARE_ORDER 3

struct front;

/* What the fronts of one buddy share. `first` and `buddy` are used only under the lock. */
struct fronts {
    struct buddy *buddy;
    struct front *first; /* the first of the open fronts */
    void (*lock)(void *context);
    void (*unlock)(void *context);
    void *context;
    uint32_t front_count; /* how many fronts are open */
    uint32_t asked; /* how often all fronts were asked to give back */
};

struct front_stack {
    uint32_t count;
    uint32_t limit; /* FRONT_FRAMES / the blocks' length */
    pfn_t firsts[FRONT_FRAMES]; /* the blocks' first frames; the oldest block is first */
};

/* Some 25 KiB. Fronts of two owners should not share a cache line. */
struct front {
    struct fronts *fronts;
    struct front *next;
    uint32_t answered; /* `asked` when the front answered last */
    enum mm_status wrong; /* why the buddy refused a block; MM_OK: none, or already told */
    bool has_newest;
    pfn_t newest; /* the frame freed last: it is the next one that is taken */
    uint32_t frame_limit; /* the most frames in the set, with the newest */
    struct frame_set frames; /* single frames; if the set has no room for one, it is on a stack */
    struct front_stack stacks[FRONT_LENGTHS]; /* for blocks of 1 frame, of 2 frames ... */
};

/*
 * Starts without fronts. `lock` waits until it has the lock, `unlock` releases it; both get
 * `context`. Everybody else who uses the buddy must take the same lock.
 */
void fronts_init(struct fronts *fronts, struct buddy *buddy, void (*lock)(void *context),
                 void (*unlock)(void *context), void *context);

/* Opens an empty front, at any time. It must not be moved until it is closed. Takes the lock. */
void front_open(struct front *front, struct fronts *fronts);

/* Gives back all that the front holds, and forgets the front. Returns what front_drain returns. */
enum mm_status front_close(struct front *front);

/*
 * Takes a block of `frame_count` frames; *first receives its first frame. Needs no lock if the
 * block is short and the front holds one. Fails with MM_ZERO_SIZE or MM_NO_ROOM. After MM_NO_ROOM,
 * the other fronts have been asked, and the caller may try again when fronts_have_answered is true.
 */
enum mm_status front_alloc(struct front *front, pfn_t frame_count, pfn_t *first);

/* Takes a block for any request, under the lock. Fails as buddy_alloc does; MM_NO_ROOM as above. */
enum mm_status front_alloc_request(struct front *front, const struct buddy_request *request,
                                   pfn_t *first);

/*
 * Gives back a block of `frame_count` frames. It may have been taken from any front, or from the
 * buddy. A block of more than FRONT_LENGTHS frames goes to the buddy at once, with the failures of
 * buddy_free_many. A shorter block goes into the front, and is not checked. There is one exception:
 * MM_ALREADY_FREE if it is a single frame that this front holds, but not on a stack. If the buddy
 * later refuses a block, the block is dropped, and a later call of front_free, front_drain,
 * front_answer or front_close returns the failure, once.
 */
enum mm_status front_free(struct front *front, pfn_t first, pfn_t frame_count);

/* Gives back all that the front holds. MM_OK, or what was wrong with a block: see front_free. */
enum mm_status front_drain(struct front *front);

/*
 * Does what front_drain does, if the fronts were asked since this front answered last. Else it is
 * quick. Returns what front_drain returns.
 */
enum mm_status front_answer(struct front *front);

/* True if all fronts have answered since they were asked last. Takes the lock. */
bool fronts_have_answered(const struct fronts *fronts);

/* How many frames the front holds. */
pfn_t front_held_count(const struct front *front);

/*
 * NULL if buddy_check finds nothing, and each block that a front holds is a block of this length in
 * the buddy, and is held only once; else a sentence that says what is wrong. Takes the lock; no
 * owner may be inside a call. Takes time for each pair of blocks on stacks.
 */
const char *fronts_check(const struct fronts *fronts);

MM_END_DECLS

#endif
