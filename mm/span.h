#ifndef MM_SPAN_H
#define MM_SPAN_H

/*
 * One contiguous range of frames as the buddy keeps it: three bits a frame, and above them the
 * binary tree of aligned blocks, in which every node knows the free runs below it. It finds and
 * marks; what a request may have is decided in buddy.c.
 *
 *   order 10         [ head 768 | longest 768 | tail 0 ]         a node: 1024 frames
 *                     /                            \
 *   order 9   [512 | 512 | 512]              [256 | 256 | 0]
 *              /          \                   /          \
 *   order 8   leaf 0      leaf 1            leaf 2      leaf 3   a leaf: 256 frames, a bit each
 *             0000..0000  0000..0000        0000..0000  1111..1111     0: free
 *
 * A node of order n stands for the 2^n frames from a multiple of 2^n on. It is a free buddy when
 * head, longest and tail all equal 2^n, split when they do not; taking a frame splits the nodes
 * above it, and giving it back merges them again, because a parent follows from its two halves
 * alone.
 */

#include "bits.h"
#include "types.h"

MM_BEGIN_DECLS

#define SPAN_LEAF_ORDER 8 /* a leaf has 2^8 frames: a few words of bits */
#define SPAN_LEAF_FRAMES (1u << SPAN_LEAF_ORDER)
#define SPAN_LEAF_WORDS (SPAN_LEAF_FRAMES / WORD_BITS)
#define SPAN_LEVELS 24 /* orders 8 to 31; level 0 is the leaves */

/* Frames in the free run at a node's start, in its longest one, and in the one at its end. */
struct run_summary {
    uint32_t head;
    uint32_t longest;
    uint32_t tail;
};

/*
 * Frames are numbered from `origin`, a multiple of the top nodes' size, so that a node's number
 * is a frame's number shifted right. At each level the numbers begin at first_node, and only the
 * nodes that hold frames of the span have memory.
 */
struct span_level {
    struct run_summary *nodes;
    uint32_t first_node;
    uint32_t node_count;
};

struct buddy_span {
    struct buddy_span *lower; /* the next span below */
    pfn_t first_pfn; /* the span's lowest frame */
    pfn_t origin;
    uint32_t first; /* the span is [origin + first, origin + end) */
    uint32_t end;
    uint32_t first_word; /* the number of the first word of bits */
    uint32_t word_count;
    word_t *used_words; /* bit set: the frame is allocated, or outside of the span */
    word_t *start_words; /* bit set: an allocated run begins here */
    word_t *end_words; /* bit set: an allocated run has its last frame here */
    uint8_t *word_runs; /* the longest free run inside each word */
    unsigned level_count;
    struct span_level levels[SPAN_LEVELS];
};

/* Bytes that span_create needs for the range, a multiple of 8. */
size_t span_table_bytes(struct frame_range range);

/*
 * Lays out a span in `tables` (8-byte aligned), all of it free. The range has 1 to 2^31 frames. Its
 * link to a lower span is the caller's.
 */
struct buddy_span *span_create(struct frame_range range, void *tables);

/* Takes the free run [first, end) or gives the allocated run [first, end) back. */
void span_take(struct buddy_span *span, uint32_t first, uint32_t end);
void span_give(struct buddy_span *span, uint32_t first, uint32_t end);

static inline unsigned span_level_order(unsigned level)
{
    return SPAN_LEAF_ORDER + level;
}

static inline struct run_summary *span_node_at(const struct buddy_span *span, unsigned level,
                                               uint32_t node)
{
    return &span->levels[level].nodes[node - span->levels[level].first_node];
}

/* The level of the largest node that begins or ends at a multiple of a leaf's size. */
static inline unsigned span_level_at(const struct buddy_span *span, uint32_t position)
{
    unsigned top = span->level_count - 1;
    unsigned level = bits_lowest(position) - SPAN_LEAF_ORDER;
    return level < top ? level : top;
}

static inline uint32_t span_word_index(const struct buddy_span *span, uint32_t frame)
{
    return (frame >> WORD_ORDER) - span->first_word;
}

static inline unsigned span_bit_index(uint32_t frame)
{
    return frame & (WORD_BITS - 1);
}

static inline word_t span_bit(uint32_t frame)
{
    return (word_t)1 << span_bit_index(frame);
}

static inline bool span_frame_is_free(const struct buddy_span *span, uint32_t frame)
{
    return !(span->used_words[span_word_index(span, frame)] & span_bit(frame));
}

static inline bool span_run_starts_at(const struct buddy_span *span, uint32_t frame)
{
    return span->start_words[span_word_index(span, frame)] & span_bit(frame);
}

/* Frames from `frame` to the end of the allocated run that holds it. */
static inline uint32_t span_run_length(const struct buddy_span *span, uint32_t frame)
{
    const word_t *words = &span->end_words[span_word_index(span, frame)];
    word_t ends = *words >> span_bit_index(frame);
    if (ends)
        return bits_lowest(ends) + 1;
    uint32_t length = WORD_BITS - span_bit_index(frame);
    while (!*++words)
        length += WORD_BITS;
    return length + bits_lowest(*words) + 1;
}

/* The start of the allocated run that holds `frame`. */
uint32_t span_run_start(const struct buddy_span *span, uint32_t frame);

/* The first frame at or above `frame` at which an allocated run begins; span->end if none. */
uint32_t span_next_start(const struct buddy_span *span, uint32_t frame);

/* A free run in the span's own frame numbers, [first, end). */
struct span_run {
    uint32_t first;
    uint32_t end;
};

/*
 * The highest free run of at least frame_count frames, counting only frames below `limit`; lowest
 * and limit lie within the span. It begins where the free frames do, or somewhere at or below `lowest`.
 * False if there is none that ends frame_count frames or more above `lowest`.
 */
bool span_find_run(const struct buddy_span *span, uint32_t frame_count, uint32_t lowest,
                   uint32_t limit, struct span_run *run);

/* The highest place for frame_count free frames. The longest run is long enough. */
uint32_t span_find_highest(const struct buddy_span *span, uint32_t frame_count);

/* The longest free run of all. */
uint32_t span_longest_run(const struct buddy_span *span);

/* NULL if bits and summaries agree, else what does not. *free_count receives the free frames. */
const char *span_check(const struct buddy_span *span, pfn_t *free_count);

MM_END_DECLS

#endif
