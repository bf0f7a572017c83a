#ifndef MM_BUDDY_H
#define MM_BUDDY_H

/*
 * The buddy allocator: it hands out runs of page frames from the ranges that were added to it. It
 * writes nothing into the frames. So it can also manage memory that nobody can reach, and address
 * space (pool.h).
 *
 * Each free frame is in one of three places:
 *
 *   listed        a short free run is in the list of its length (index.h)
 *   set aside     the run freed last, and in each band one cutting run (see below)
 *   in the tree   all other free frames (tree.h)
 *
 * Where a block goes: in the highest band that has room for it (below 16 MiB, below 4 GiB, above),
 * a block goes to the first of these places that has room for it:
 *
 *   (1) the run freed last, if it has just the block's length
 *   (2) the shortest listed run that has a place for the block: the highest place in it
 *   (3) the end of the cutting run
 *   (4) the run freed last, joined with the cutting runs that touch it: one of its ends
 *   (5) the highest place of all, when all runs that are set aside have been put back
 *
 * What remains of the run after (4) becomes the cutting run; after (5), if the place is in the tree
 * and the request has no alignment and no boundary, up to BUDDY_CUT_FRAMES of the frames that
 * remain directly below the block become the cutting run.
 *
 * In detail:
 *
 *   (2)       Runs that begin at 128 MiB or above come before all lower runs. Of runs of the same
 *             length, the run listed last comes first. What remains of the run is listed, the lower
 *             part first; it goes into the tree if the index has no room.
 *   (3), (4)  The place must be at an end, and must be the highest place in the run.
 *   (5)       The frames that become the cutting run lie in the same band, and not below the lowest
 *             address of the request. For a single frame, a boundary does not count.
 *   bands     Places across a border between two bands are a band of their own, below these two.
 *             It has no listed runs and no cutting run.
 *
 * Cut: blocks are cut off the end of the cutting run, and the rest stays the cutting run. If
 * another run becomes the cutting run of the band, the one before is put back. A cutting run lies
 * in one band: a run that lies in two is put back instead.
 *
 * Put back: the run is joined with its free neighbours in lists and in the tree. The joined run
 * goes into the tree if one of these neighbours was there. Else it is listed, if it is short
 * enough, lies in one band, and the index has room; if not, it goes into the tree. When all runs
 * are put back, the run freed last comes first, then the cutting runs from the highest band down.
 *
 * Put away: when another block is freed, that block becomes the run freed last, and the run that
 * was it before is put away. It joins the cutting run of its band if the two touch. Else it is put
 * back, except if it would go into the tree: then it becomes the cutting run, together with its
 * listed neighbours.
 */

#include "index.h"
#include "range.h"
#include "status.h"
#include "types.h"

MM_BEGIN_DECLS

/* The largest single range: 2^31 frames, 8 TiB of 4 KiB each. */
#define BUDDY_MAX_FRAMES ((pfn_t)1 << 31)

/* Orders 0 to 31: a block of order n has 2^n frames and begins at a multiple of 2^n. */
#define BUDDY_ORDER_COUNT 32

#define BUDDY_BAND_COUNT BAND_COUNT

#define BUDDY_CUT_FRAMES 1024u

/* A free run that is set aside; no run if first == end. The tables of its range mark it as live. */
struct buddy_run {
    struct buddy_range *range;
    uint32_t first;
    uint32_t end;
};

/* The block taken last. `range` is NULL if there is none, or a block was freed or split since. */
struct buddy_taken {
    struct buddy_range *range;
    pfn_t first;
    uint32_t length;
};

#define BUDDY_ASIDE_LAST BAND_COUNT /* in `aside`: the run freed last */
#define BUDDY_ASIDE_COUNT (BAND_COUNT + 1)

struct buddy {
    struct buddy_range *highest; /* the ranges, linked in descending order */
    struct buddy_range *root; /* the root of the tree of ranges */
    struct buddy_range *hit; /* the range in which a block was freed last; NULL: none */
    struct buddy_run aside[BUDDY_ASIDE_COUNT]; /* cutting runs by band, then the run freed last */
    struct buddy_taken taken;
    unsigned top_band; /* the highest band that has frames */
    pfn_t end_pfn; /* the end of the highest range */
    pfn_t frame_count;
    pfn_t free_count;
    pfn_t index_frames; /* how many frames the index was made for */
    struct run_index index;
};

struct buddy_request {
    pfn_t frame_count; /* at least 1 */
    pfn_t align_frames; /* power of two; 0 is the same as 1: any place will do */
    pfn_t lowest; /* the run's first frame is at or above this */
    pfn_t limit; /* exclusive: the run ends at or below this */
    pfn_t boundary_frames; /* power of two, or 0: no multiple of it lies inside the run */
};

/* Starts without frames. Cannot fail. */
void buddy_init(struct buddy *buddy);

/*
 * How many bytes of tables a range needs: a multiple of 8, less than one byte for each frame, plus
 * some 2 KiB. A range of 64 MiB or more that begins below 1 MiB needs, together with struct mm, at
 * most one byte for each frame. 0 if the range is empty, ends above PHYS_LIMIT, or has more than
 * BUDDY_MAX_FRAMES.
 */
size_t buddy_table_bytes(struct frame_range range);

/* If a range is divided into two ranges, their tables need at most this many bytes more. */
#define BUDDY_SPLIT_BYTES 90112

/*
 * Adds a range; all its frames are free. `tables` has buddy_table_bytes(range) bytes, is 8-byte
 * aligned, and belongs to the buddy until the range is removed. Fails, and nothing changes, with
 * MM_BAD_RANGE if the range is empty, ends above PHYS_LIMIT or overlaps another range, or with
 * MM_TOO_LARGE if it has more than BUDDY_MAX_FRAMES. Ranges that touch are not joined: no run
 * crosses from one range into another.
 */
enum mm_status buddy_add_range(struct buddy *buddy, struct frame_range range, void *tables);

/*
 * Removes a range that was added, if all of it is free. *tables receives what buddy_add_range was
 * given; this memory is the caller's again. Fails, and nothing changes, with MM_NOT_MANAGED if no
 * range with just these frames was added, or with MM_IN_USE if a block has some of them. Takes time
 * for each range.
 */
enum mm_status buddy_remove_range(struct buddy *buddy, struct frame_range range, void **tables);

/*
 * Gives the lists of short runs memory of their own, made for `frame_count` frames in `range_count`
 * ranges, at least 1. Without this memory, the lists are in the tables of the largest range, which
 * have too little room if there are many ranges of about one size. `memory` has buddy_index_bytes()
 * bytes, is 8-byte aligned, and belongs to the buddy from now on. Ranges may be added before and
 * after this call. If a range of more than frame_count frames is added later, the lists move into
 * its tables. Cannot fail.
 */
size_t buddy_index_bytes(pfn_t frame_count, uint32_t range_count);
void buddy_add_index(struct buddy *buddy, pfn_t frame_count, uint32_t range_count, void *memory);

/*
 * Takes a free run that satisfies the request, as a block; *first receives its first frame. The
 * caller frees it with buddy_free. Fails, and nothing changes, with MM_ZERO_SIZE, MM_BAD_ALIGNMENT
 * or MM_BAD_BOUNDARY (not a power of two), MM_BOUNDARY_TOO_SMALL (less than the count),
 * MM_BAD_LIMIT (lowest + count > limit), or MM_NO_ROOM: only if no free run satisfies the request.
 */
enum mm_status buddy_alloc(struct buddy *buddy, const struct buddy_request *request, pfn_t *first);

/* The same for any free run of `frame_count` frames: a quick call for the most frequent request. */
enum mm_status buddy_alloc_any(struct buddy *buddy, pfn_t frame_count, pfn_t *first);

/*
 * Frees the block that begins at `first`. *frame_count (may be NULL) receives its length. Fails,
 * and nothing changes, with MM_NOT_MANAGED (the frame is in no range), MM_ALREADY_FREE (it is
 * free), or MM_INSIDE_BLOCK (it is in a block, but not its first frame).
 */
enum mm_status buddy_free(struct buddy *buddy, pfn_t first, pfn_t *frame_count);

/* ---- blocks at a place, and parts of blocks -------------------------------------------------- */

/*
 * To get a block at a fixed place, make a request that has only this place: lowest = first, limit =
 * first + frame_count. Then MM_NO_ROOM says that some of these frames are not free or not managed,
 * or that they lie in two ranges; buddy_find_run and buddy_next_run say which blocks are in the
 * way.
 */

/*
 * Splits the block that begins at `first` into two blocks; the second begins at `at`. Fails, and
 * nothing changes, as buddy_free does, or with MM_OUTSIDE_BLOCK if `at` is not inside the block or
 * is its first frame.
 */
enum mm_status buddy_split(struct buddy *buddy, pfn_t first, pfn_t at);

/*
 * Splits the block that begins at `first` into blocks of `frame_count` frames; the last block has
 * the frames that are left. If the block has frame_count frames or fewer, nothing changes, and that
 * is MM_OK. Fails, and nothing changes, with MM_ZERO_SIZE, or as buddy_free does. Takes time for
 * each block that it makes.
 */
enum mm_status buddy_split_evenly(struct buddy *buddy, pfn_t first, pfn_t frame_count);

/*
 * Frees a part of a block, or all of it. The frames that are left on either side of the part stay a
 * block each. Fails, and nothing changes, with MM_BAD_RANGE (the part is empty), MM_NOT_MANAGED or
 * MM_ALREADY_FREE (its first frame is in no range, or is free), or MM_OUTSIDE_BLOCK (the block that
 * holds its first frame ends before the part ends).
 */
enum mm_status buddy_free_part(struct buddy *buddy, struct frame_range part);

/* ---- many frames at once --------------------------------------------------------------------- */

/* An array of runs of frames; each run is a block. */
struct buddy_runs {
    struct frame_range *runs; /* the caller's array: it has run_max places */
    size_t run_max;
    size_t run_count; /* how many places are used */
};

/*
 * Takes `frame_count` frames inside the window, in as few runs as possible: all of them or none.
 * Each run becomes a block, which is freed by itself or by buddy_free_many. Fails with
 * MM_ZERO_SIZE, MM_BAD_LIMIT (the window has fewer frames), MM_NO_ROOM (too few are free), or
 * MM_NO_RECORD (there are more runs than the array has places). Then run_count is 0, and the same
 * frames are free as before. But if the buddy had enough free frames in all, a failed call may
 * change where the next block goes.
 */
enum mm_status buddy_alloc_many(struct buddy *buddy, pfn_t frame_count, struct frame_range window,
                                struct buddy_runs *taken);

/*
 * Frees blocks: all of them or none. Each run must be a block. Blocks that touch and follow each
 * other in the array, upwards or downwards, cost little more than one block. Fails, and nothing
 * changes, as buddy_free does, or with MM_OUTSIDE_BLOCK if a run is shorter or longer than its
 * block. A block that is named twice is MM_ALREADY_FREE. None of these blocks becomes the run freed
 * last: all are put away at once (see the top).
 */
enum mm_status buddy_free_many(struct buddy *buddy, const struct frame_range *runs,
                               size_t run_count);

/*
 * Frees blocks of one frame each. `first` is a multiple of 64, and bit n of `frames` stands for the
 * frame first + n. Returns the bits of those frames that are not such a block; they stay as they
 * are.
 */
uint64_t buddy_free_frames(struct buddy *buddy, pfn_t first, uint64_t frames);

/* ---- looking: changes nothing ---------------------------------------------------------------- */

/* The first allocated run that begins at or above `pfn`. False if there is none. */
bool buddy_next_run(const struct buddy *buddy, pfn_t pfn, struct frame_range *run);

/* The allocated run that holds `pfn`. False if the frame is free or not managed. */
bool buddy_find_run(const struct buddy *buddy, pfn_t pfn, struct frame_range *run);

/*
 * The whole free run that holds `pfn`, even if its parts are in several places. False if the frame
 * is not free.
 */
bool buddy_find_free(const struct buddy *buddy, pfn_t pfn, struct frame_range *run);

/* The place of a free frame, as at the top. BUDDY_SET_ASIDE is a cutting run. */
enum buddy_holder { BUDDY_IN_TREE, BUDDY_IN_LIST, BUDDY_SET_ASIDE, BUDDY_FREED_LAST };

/*
 * The part of a free run that is in one of these places, and holds `pfn`. False if the frame is not
 * free or not managed.
 */
bool buddy_find_part(const struct buddy *buddy, pfn_t pfn, enum buddy_holder *holder,
                     struct frame_range *part);

/* The length of the longest free run within [lowest, limit), in frames; 0 if there is none. */
pfn_t buddy_largest_run(const struct buddy *buddy, pfn_t lowest, pfn_t limit);

/* What is known of the free frames in an aligned block. */
struct buddy_summary {
    pfn_t head; /* free frames at its start */
    pfn_t longest; /* in its longest free run */
    pfn_t tail; /* at its end */
};

/* The summary of the block of 2^order frames that begins at `first`, a multiple of 2^order. */
struct buddy_summary buddy_sum_up(const struct buddy *buddy, pfn_t first, unsigned order);

/*
 * Counts the free buddies of each order: the largest aligned blocks of 2^order frames into which
 * the free frames can be divided. Their frames add up to free_count. `counts` has BUDDY_ORDER_COUNT
 * elements.
 */
void buddy_count_orders(const struct buddy *buddy, pfn_t *counts);

/*
 * Counts the free frames of each band. `counts` has BUDDY_BAND_COUNT elements. Takes time for each
 * range; in a range that lies in several bands, also for each 64 frames below a border.
 */
void buddy_count_bands(const struct buddy *buddy, pfn_t *counts);

/* NULL if every invariant holds, else a sentence that names the first one that does not. */
const char *buddy_check(const struct buddy *buddy);

MM_END_DECLS

#endif
