#ifndef MM_RANGE_H
#define MM_RANGE_H

/*
 * A range of frames with its tables, which say which of its frames are handed out. A live run is a
 * run that is handed out, or one that is set aside (buddy.h): in these tables, both look the same.
 *
 *   live runs         ....AAAABBB....CC....
 *   begins                ^   ^      ^          a bit at the first frame
 *   ends                      ^  ^     ^        a bit at the frame behind the last
 *
 * So a run's length is the distance between its two bits. A run is freed by its first frame, and
 * this frame is right only if it has a bit.
 */

#include "bits.h"
#include "marks.h"
#include "stretch.h"
#include "tree.h"
#include "types.h"

MM_BEGIN_DECLS

/* The bands: below 16 MiB, below 4 GiB, above. */
#define BAND_COUNT 3

/*
 * Shelves of lists of free runs: one shelf for each band, and a second one for the runs of the
 * middle band that begin below 128 MiB. Of this band's runs, a request gets those last.
 */
#define SHELF_LOW BAND_COUNT
#define SHELF_COUNT (BAND_COUNT + 1)
#define SHELF_LOW_BAND 1u
#define SHELF_LOW_END (128 * MIB >> FRAME_SHIFT)

/* What is stored for 64 frames. */
struct range_part {
    uint64_t begins;
    uint64_t ends;
    uint32_t length; /* length of the live run of more than 64 frames that begins here */
    uint16_t listed; /* the node of a listed run that begins here (index.h) */
    uint16_t unused; /* 0 */
};

/* Live runs of more frames are marked, so that any of their frames leads to their beginning. */
#ifndef RANGE_LONG
#define RANGE_LONG 1024u
#endif

/* Frames are numbered from `origin`, a multiple of 64. The tree has numbers of its own. */
struct buddy_range {
    pfn_t first_pfn;
    pfn_t end_pfn;
    struct stretch stretch; /* its place in the tree of ranges (ranges.h) */
    struct buddy_range *lower; /* the next range below */
    pfn_t origin;
    uint32_t first; /* the range is [origin + first, origin + end) */
    uint32_t end;
    uint32_t borders[BAND_COUNT + 1]; /* band b is [borders[b], borders[b + 1]) */
    uint32_t low_frames; /* this many frames from borders[SHELF_LOW_BAND] on: low shelf */
    uint32_t tree_offset; /* a frame's number + tree_offset is its number in the tree */
    uint16_t number; /* in the index; RANGE_NOT_LISTED if it has no place there */
    void *index_memory; /* memory for the index, which may be here */
    struct range_part *records;
    struct marks longs; /* records in which a block of more than RANGE_LONG frames begins */
    struct tree tree;
    uint32_t live_count; /* frames of blocks, and of the run freed last */
};

#define RANGE_NOT_LISTED 0xFFFFu

/* The first frame of a band. */
pfn_t range_band_base(unsigned band);

/* How many bytes of tables a range of 1 to 2^31 frames needs, a multiple of 8. */
size_t range_table_bytes(struct frame_range frames);

/*
 * Makes a range in range_table_bytes() bytes at `tables`, 8-byte aligned. No frame is live, and
 * none is in the tree.
 */
struct buddy_range *range_create(struct frame_range frames, void *tables);

static inline struct range_part *range_record(const struct buddy_range *range, uint32_t frame)
{
    MM_ASSERT_COSTLY(frame / WORD_BITS <= range->end / WORD_BITS + 1);
    return &range->records[frame / WORD_BITS];
}

static inline unsigned range_band(const struct buddy_range *range, uint32_t frame)
{
    return (frame >= range->borders[1] ? 1u : 0u) + (frame >= range->borders[2] ? 1u : 0u);
}

/* The shelf of a free run that begins at the frame. */
static inline unsigned range_shelf(const struct buddy_range *range, uint32_t frame)
{
    return frame - range->borders[SHELF_LOW_BAND] < range->low_frames ? SHELF_LOW
                                                                      : range_band(range, frame);
}

static inline bool range_begins_at(const struct buddy_range *range, uint32_t frame)
{
    return bits_has(range_record(range, frame)->begins, frame);
}

/* True if a live run ends just below the frame, and also where the range begins. */
static inline bool range_ends_at(const struct buddy_range *range, uint32_t frame)
{
    return bits_has(range_record(range, frame)->ends, frame);
}

/* True if a live run begins at `first` and one ends at `end`; what lies between is not checked. */
static inline bool range_has_run(const struct buddy_range *range, uint32_t first, uint32_t end)
{
    return first >= range->first && first < end && end <= range->end &&
           range_begins_at(range, first) && range_ends_at(range, end);
}

/*
 * The length of the live run that begins at `frame`. Both possible answers are computed, because a
 * processor could not predict a branch.
 */
static inline uint32_t range_length_by_words(const struct buddy_range *range, uint32_t frame)
{
    const struct range_part *record = range_record(range, frame);
    unsigned shift = frame % WORD_BITS;
    uint64_t ends = record->ends >> 1 >> shift | record[1].ends << (WORD_BITS - 1 - shift);
    uint32_t distance = bits_lowest(ends | (uint64_t)1 << (WORD_BITS - 1)) + 1;
    return bits_choose(ends != 0, distance, record->length);
}

/*
 * The distance from `frame` to the nearest end above it, from 1 on; 0 if it is more than WORD_BITS.
 * For 32-bit processors: it reads three halves of words, and only the near part of the third.
 */
static inline uint32_t range_distance_by_halves(const struct buddy_range *range, uint32_t frame)
{
    const struct range_part *record = range_record(range, frame + 1);
    bool is_upper = (frame + 1) & 32;
    unsigned shift = (frame + 1) % 32;
    uint32_t lower = (uint32_t)(is_upper ? record->ends >> 32 : record->ends) >> shift;
    if (lower)
        return bits_lowest32(lower) + 1;
    uint32_t next = (uint32_t)(is_upper ? record[1].ends : record->ends >> 32);
    if (next)
        return bits_lowest32(next) + 33 - shift;
    uint32_t last = (uint32_t)(is_upper ? record[1].ends >> 32 : record[1].ends);
    last &= (1u << shift) - 1;
    return last ? bits_lowest32(last) + 65 - shift : 0;
}

static inline uint32_t range_length_by_halves(const struct buddy_range *range, uint32_t frame)
{
    uint32_t distance = range_distance_by_halves(range, frame);
    return distance ? distance : range_record(range, frame)->length;
}

/* The length of the live run that begins at `frame`. */
static inline uint32_t range_length(const struct buddy_range *range, uint32_t frame)
{
    MM_ASSERT_COSTLY(range_begins_at(range, frame));
    MM_ASSERT_COSTLY(range_length_by_words(range, frame) == range_length_by_halves(range, frame));
    return sizeof(void *) > 4 ? range_length_by_words(range, frame)
                              : range_length_by_halves(range, frame);
}

/*
 * Stores the length of a live run of more than 64 frames; for a shorter one, the bits tell it. One
 * field for 64 frames is enough, because no second run of such a length begins there.
 */
static inline void range_set_length(struct buddy_range *range, uint32_t first, uint32_t length)
{
    struct range_part *record = range_record(range, first);
    if (sizeof(void *) > 4 || length > WORD_BITS)
        record->length = bits_choose(length > WORD_BITS, length, record->length);
}

/* True if no run begins or ends inside [first, end), as far as the records of both ends tell. */
static inline bool range_is_plain(const struct buddy_range *range, uint32_t first, uint32_t end)
{
    const struct range_part *record = range_record(range, first);
    const struct range_part *last = range_record(range, end - 1);
    uint64_t inner = bits_from(first, end) & ~bits_of(first);
    uint64_t outer = bits_from((end - 1) / WORD_BITS * WORD_BITS, end);
    return ((record->begins | record->ends) & inner) == 0 &&
           (record == last || ((last->begins | last->ends) & outer) == 0);
}

/* Makes the frames [first, first + length) a live run. */
static inline void range_enter(struct buddy_range *range, uint32_t first, uint32_t length)
{
    uint32_t end = first + length;
    MM_ASSERT_COSTLY(first >= range->first && first < end && end <= range->end);
    MM_ASSERT_COSTLY(range_is_plain(range, first, end));
    range_record(range, first)->begins |= bits_of(first);
    range_record(range, end)->ends |= bits_of(end);
    range_set_length(range, first, length);
}

/* Removes a live run from the tables. */
static inline void range_strike(struct buddy_range *range, uint32_t first, uint32_t end)
{
    MM_ASSERT_COSTLY(range_has_run(range, first, end));
    range_record(range, first)->begins ^= bits_of(first);
    range_record(range, end)->ends ^= bits_of(end);
}

/* Joins two live runs that touch at `border`. The caller sets the length. */
static inline void range_join(struct buddy_range *range, uint32_t border)
{
    MM_ASSERT_COSTLY(range_begins_at(range, border) && range_ends_at(range, border));
    range_record(range, border)->begins ^= bits_of(border);
    range_record(range, border)->ends ^= bits_of(border);
}

/* The same as the functions of the tree, with the range's own numbers. */
static inline bool range_tree_has(const struct buddy_range *range, uint32_t frame)
{
    return tree_has(&range->tree, frame + range->tree_offset);
}

void range_tree_give(struct buddy_range *range, uint32_t first, uint32_t end);
void range_tree_take(struct buddy_range *range, uint32_t first, uint32_t end);

/*
 * range_mark_live notes that a run became a block, range_mark_free that it is no block any more.
 * They are needed only if the run is long, or if it is the first block of the range or was its last
 * one.
 */
void range_mark_live(struct buddy_range *range, uint32_t first, uint32_t length);
void range_mark_free(struct buddy_range *range, uint32_t first, uint32_t length);

/* Counts the frames of a run that became a block. */
static inline void range_count_live(struct buddy_range *range, uint32_t first, uint32_t length)
{
    MM_ASSERT_COSTLY(length > 0 && length <= range->end - range->first - range->live_count);
    range->live_count += length;
    if (length > RANGE_LONG || range->live_count == length)
        range_mark_live(range, first, length);
}

/* Counts the frames of a run that is no block any more. True if range_mark_free must be called. */
static inline bool range_uncount(struct buddy_range *range, uint32_t length)
{
    MM_ASSERT_COSTLY(length > 0 && length <= range->live_count);
    range->live_count -= length;
    return length > RANGE_LONG || range->live_count == 0;
}

static inline void range_count_free(struct buddy_range *range, uint32_t first, uint32_t length)
{
    if (range_uncount(range, length))
        range_mark_free(range, first, length);
}

/* The nearest begin of a live run at or above `frame`; range->end if there is none. */
uint32_t range_next_begin(const struct buddy_range *range, uint32_t frame);

/*
 * The nearest end of a live run at or below `frame`. False if none is within some RANGE_LONG
 * frames.
 */
bool range_near_end(const struct buddy_range *range, uint32_t frame, uint32_t *end);

/*
 * The first frame of the live run that holds `frame`; false if there is none. Sometimes also false
 * for a long cutting run, because it is not marked.
 */
bool range_find(const struct buddy_range *range, uint32_t frame, uint32_t *first);

MM_END_DECLS

#endif
