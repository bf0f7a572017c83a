#ifndef MM_FRONT_H
#define MM_FRONT_H

/*
 * Fronts: each is a store of single frames and short blocks for one processor or thread, its owner,
 * in front of a buddy that several share. Most requests and frees end there, without the lock. A
 * front that is empty is filled with one run of the buddy's, split into blocks; one that is full
 * gives a part of it back.
 *
 *     owner 0       owner 1       owner 2
 *        |             |             |        no lock
 *     [front]       [front]       [front]
 *         \            |            /         many blocks at once, under the caller's lock
 *          [         buddy         ]
 *
 * For the buddy, what a front holds is allocated: blocks of their length. A front stands before a
 * buddy and not before a manager, because the manager's ledger has a record for each block, and a
 * record needs the lock each time.
 *
 * When the buddy has no place for a request, the front that asked gives back all that it holds, and
 * the buddy is asked again. If that does not help, the other fronts are asked as well: only an
 * owner may touch a front, so each one gives back all that it holds when its owner next calls
 * anything here. An owner that may be idle for long calls front_answer now and then, or when it is
 * told to.
 *
 * Calls with the same front must not overlap: an interrupt handler may use the front of its
 * processor only if the owner masks interrupts around each call. Nothing here waits but `lock`.
 */

#include "buddy.h"
#include "frame_set.h"

MM_BEGIN_DECLS

#define FRONT_LENGTHS 8u /* blocks of 1 to so many frames are held */
#define FRONT_FRAMES 128u /* of each length, at most so many frames are on a stack */

/* Of single frames, all fronts together hold at most a 2^n-th of the buddy's, or FRONT_FRAMES
   each. */
#define FRONT_SHARE_ORDER 3

struct front;

/* What the fronts of one buddy share. `first` and `buddy` are used under the lock. */
struct fronts {
    struct buddy *buddy;
    struct front *first; /* of all that are open */
    void (*lock)(void *context);
    void (*unlock)(void *context);
    void *context;
    uint32_t front_count; /* that are open */
    uint32_t asked; /* how often all fronts were asked for what they hold */
};

struct front_stack {
    uint32_t count;
    uint32_t limit; /* FRONT_FRAMES, by the blocks' length */
    pfn_t firsts[FRONT_FRAMES]; /* of the blocks, the oldest first */
};

/* Some 25 KiB. Fronts of two owners should not share a cache line. */
struct front {
    struct fronts *fronts;
    struct front *next;
    uint32_t answered; /* the last question that was answered */
    enum mm_status wrong; /* of a block that was given back; MM_OK: of none, or it was told */
    bool has_newest;
    pfn_t newest; /* the frame freed last, so that a pair of calls is quick */
    uint32_t frame_limit; /* of the set, with the newest */
    struct frame_set frames; /* single frames; those that it has no room for are on a stack */
    struct front_stack stacks[FRONT_LENGTHS]; /* of blocks of 1 frame, of 2 ... */
};

/*
 * Starts without fronts. `lock` waits until nobody else has the lock; `unlock` ends that. Both get
 * `context`. Whoever uses the buddy otherwise takes the same lock.
 */
void fronts_init(struct fronts *fronts, struct buddy *buddy, void (*lock)(void *context),
                 void (*unlock)(void *context), void *context);

/* Opens an empty front, at any time. It must stay where it is until it is closed. */
void front_open(struct front *front, struct fronts *fronts);

/* Gives back all that the front holds, and forgets the front. Returns what front_drain returns. */
enum mm_status front_close(struct front *front);

/*
 * Takes a block of `frame_count` frames: without the lock if it is short and the front holds one.
 * MM_ZERO_SIZE, or MM_NO_ROOM: then the other fronts were asked, and the caller may try again when
 * fronts_have_answered.
 */
enum mm_status front_alloc(struct front *front, pfn_t frame_count, pfn_t *first);

/* Takes a block for any request, under the lock; fails as buddy_alloc does, or as above. */
enum mm_status front_alloc_request(struct front *front, const struct buddy_request *request,
                                   pfn_t *first);

/*
 * Gives back a block of `frame_count` frames, whoever took it, be it by a front or not. A long one
 * is looked at at once: the failures are those of buddy_free_many. A short one is not looked at
 * before the front gives it to the buddy, but for a frame that this front holds already:
 * MM_ALREADY_FREE. One that is wrong then is dropped, and the next call that returns here, or from
 * front_drain, front_answer or front_close, names the failure.
 */
enum mm_status front_free(struct front *front, pfn_t first, pfn_t frame_count);

/* Gives back all that the front holds. MM_OK, or what was wrong with a block: see front_free. */
enum mm_status front_drain(struct front *front);

/* front_drain if the fronts were asked since the last time; quick if not. */
enum mm_status front_answer(struct front *front);

/* True if all fronts have answered since they were asked last. Takes the lock. */
bool fronts_have_answered(const struct fronts *fronts);

/* Frames that the front holds. */
pfn_t front_held_count(const struct front *front);

/*
 * buddy_check, and whether each block that a front holds is a block of the buddy's of that length,
 * and held once. Takes the lock; no owner may be inside a call. Takes time for each two blocks
 * on stacks.
 */
const char *fronts_check(const struct fronts *fronts);

MM_END_DECLS

#endif
