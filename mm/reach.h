#ifndef MM_REACH_H
#define MM_REACH_H

/*
 * What an aligned block of frames knows of the free runs inside it. Its numbers say at once whether
 * a request can be served there, whatever alignment and boundary it names.
 *
 *   within(i, k)   the length of the longest free run that begins at a multiple of 2^i and stays
 *                  inside an aligned block of 2^k frames, for i + 2 <= k < order
 *   from(i)        the same, but anywhere in this block, for i <= order
 *   tail           the number of free frames at the block's end
 *
 * So from(0) is the length of the longest run. from(order), the head, is the number of free frames
 * at the block's start. If from(k) >= 2^k, an aligned block of 2^k frames is all free, and
 * within(i, k) is 2^k for each i; then 0 is stored. Other pairs of i and k need no number
 * (place.h). The numbers of a block are computed from those of its two halves. They fill most of
 * the tables, so they are packed: a number has one byte for k up to 7, two bytes for k up to 15,
 * and four bytes for a larger k. from(i) and the tail have the size for k = order.
 *
 *   | k = 2 to 7, bytes | k = 8, i = 0 to 6 | k = 9 ... | from(0) ... from(order) | tail |
 */

#include "bits.h"
#include "types.h"

MM_BEGIN_DECLS

/* Leaves are the smallest blocks with numbers. */
#ifndef LEAF_ORDER
#define LEAF_ORDER 9
#endif
#define LEAF_FRAMES (1u << LEAF_ORDER)
#define LEAF_WORDS (LEAF_FRAMES / WORD_BITS)

/* No block is larger than 2^31 frames. */
#define ORDER_MAX 31

/* A block's numbers in memory: aligned to four bytes, reach_bytes(order) long. */
typedef unsigned char reach_t;

/* A multiple of 4, at most REACH_BYTES_MAX. */
#define REACH_BYTES_MAX 1644
#define REACH_LEAF_BYTES 60
size_t reach_bytes(unsigned order);

/* ---- where the numbers are ------------------------------------------------------------------- */

#define REACH_HALVES_OFFSET 24 /* of the first number of two bytes */

/* How many pairs (i, k) have a smaller k. */
static inline unsigned reach_pairs_below(unsigned k)
{
    return (k - 2) * (k - 1) / 2;
}

#define REACH_BYTE_COUNT 21u /* reach_pairs_below(8) */
#define REACH_WORDS_BEGIN 105u /* reach_pairs_below(16) */
#define REACH_WORDS_OFFSET (REACH_HALVES_OFFSET + 2 * (REACH_WORDS_BEGIN - REACH_BYTE_COUNT))

static inline uint16_t *reach_halves(const reach_t *reach, unsigned k)
{
    MM_ASSERT_COSTLY(k >= 8 && k < 16);
    return (uint16_t *)(void *)(reach + REACH_HALVES_OFFSET) +
           (reach_pairs_below(k) - REACH_BYTE_COUNT);
}

static inline uint32_t *reach_words(const reach_t *reach, unsigned k)
{
    MM_ASSERT_COSTLY(k >= 16 && k <= ORDER_MAX);
    return (uint32_t *)(void *)(reach + REACH_WORDS_OFFSET) +
           (reach_pairs_below(k) - REACH_WORDS_BEGIN);
}

/* ---- the numbers ----------------------------------------------------------------------------- */

/* The number that is stored for within(i, k). */
static inline uint32_t reach_kept(const reach_t *reach, unsigned i, unsigned k)
{
    MM_ASSERT_COSTLY(i + 2 <= k);
    if (k < 8)
        return reach[reach_pairs_below(k) + i];
    return k < 16 ? reach_halves(reach, k)[i] : reach_words(reach, k)[i];
}

static inline uint32_t reach_from(unsigned order, const reach_t *reach, unsigned i)
{
    MM_ASSERT_COSTLY(order >= LEAF_ORDER && i <= order + 1);
    return order < 16 ? reach_halves(reach, order)[i] : reach_words(reach, order)[i];
}

static inline uint32_t reach_longest(unsigned order, const reach_t *reach)
{
    return reach_from(order, reach, 0);
}

static inline uint32_t reach_head(unsigned order, const reach_t *reach)
{
    return reach_from(order, reach, order);
}

static inline uint32_t reach_tail(unsigned order, const reach_t *reach)
{
    return reach_from(order, reach, order + 1);
}

/* True if an aligned block of 2^k frames inside is all free, k < order. */
static inline bool reach_has_full(unsigned order, const reach_t *reach, unsigned k)
{
    MM_ASSERT_COSTLY(k < order);
    return reach_from(order, reach, k) >= 1u << k;
}

static inline uint32_t reach_within(unsigned order, const reach_t *reach, unsigned i, unsigned k)
{
    return reach_has_full(order, reach, k) ? 1u << k : reach_kept(reach, i, k);
}

static inline bool reach_is_full(unsigned order, const reach_t *reach)
{
    return reach_tail(order, reach) == 1u << order;
}

/* ---- writing them ---------------------------------------------------------------------------- */

/* Sets the numbers of a block without free frames, whatever they were before. */
void reach_clear(unsigned order, reach_t *reach);

/*
 * reach_empty does the same for a block that was full. reach_fill sets the numbers of a full block;
 * it had no free frames before.
 */
void reach_empty(unsigned order, reach_t *reach);
void reach_fill(unsigned order, reach_t *reach);

/* The numbers within(i, k) of one k are a row, with bit k. Bit `order` is for all other numbers. */
#define REACH_ROW(k) (1u << (k))
#define REACH_ROWS UINT32_MAX

/*
 * Computes a block's numbers from its two halves, of order - 1. Only `rows` of the halves changed
 * since the last time. Returns the rows that changed. The block must not be full before the call;
 * it may be full afterwards.
 */
uint32_t reach_combine(unsigned order, reach_t *reach, const reach_t *left, const reach_t *right,
                       uint32_t rows);

/*
 * One row of numbers, each the largest of several blocks. It is for a block or a stretch
 * (stretch.h) of some order: within(i, k) for i + 2 <= k, or, if k is this order, all from(i).
 * reach_open_row makes a row of zeros. reach_raise_row raises it to the numbers of a block of at
 * most this order that begins at `first`. reach_raise_row_to_run raises it to a free run, inside
 * which is no multiple of 2^k unless k is the order. reach_set_row stores it, and returns false if
 * nothing changed.
 */
struct reach_row {
    unsigned k;
    unsigned count; /* how many numbers */
    uint32_t lengths[ORDER_MAX + 1];
};

struct reach_row reach_open_row(unsigned order, unsigned k);
void reach_raise_row(struct reach_row *row, unsigned order, const reach_t *block, pfn_t first);
void reach_raise_row_to_run(struct reach_row *row, struct frame_range run);
bool reach_set_row(reach_t *reach, const struct reach_row *row);

/*
 * Raises the rows `rows` to those of a block that is not full and begins at frame 0. Returns the
 * rows that changed.
 */
uint32_t reach_raise(unsigned order, reach_t *reach, unsigned block_order, const reach_t *block,
                     uint32_t rows);

/* Copies a block's numbers. False if nothing changed. */
bool reach_copy(unsigned order, reach_t *to, const reach_t *from);

bool reach_is_same(unsigned order, const reach_t *a, const reach_t *b);

/* Computes a leaf's numbers from its LEAF_WORDS words of bits (1: free). False if none changed. */
bool reach_sum_up(reach_t *reach, const uint64_t *words);

/*
 * The same after frames were given back, of which `frame` is one in this leaf. Only the free run
 * that holds `frame` is new, so the numbers are raised to this run's.
 */
bool reach_give(reach_t *reach, const uint64_t *words, uint32_t frame);

MM_END_DECLS

#endif
