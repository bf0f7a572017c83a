/* How the numbers of a block follow from its halves, and a leaf's from its bits. */

#include "reach.h"

size_t reach_bytes(unsigned order)
{
    size_t bytes =
        order < 16
            ? REACH_HALVES_OFFSET + 2 * (reach_pairs_below(order) - REACH_BYTE_COUNT + order + 2)
            : REACH_WORDS_OFFSET + 4 * (reach_pairs_below(order) - REACH_WORDS_BEGIN + order + 2);
    return (bytes + 3) & ~(size_t)3;
}

static void set_within(reach_t *reach, unsigned i, unsigned k, uint32_t length)
{
    if (k < 8)
        reach[reach_pairs_below(k) + i] = (reach_t)length;
    else if (k < 16)
        reach_halves(reach, k)[i] = (uint16_t)length;
    else
        reach_words(reach, k)[i] = length;
}

/* True if that is another number than before. `i` may be order + 1: the tail. */
static inline bool set_from(unsigned order, reach_t *reach, unsigned i, uint32_t length)
{
    uint32_t before = reach_from(order, reach, i);
    if (order < 16)
        reach_halves(reach, order)[i] = (uint16_t)length;
    else
        reach_words(reach, order)[i] = length;
    return before != length;
}

void reach_set_full(unsigned order, reach_t *reach)
{
    for (unsigned k = 2; k < order; k++)
        for (unsigned i = 0; i + 2 <= k; i++)
            set_within(reach, i, k, 1u << k);
    for (unsigned i = 0; i <= order + 1; i++)
        set_from(order, reach, i, 1u << order);
}

void reach_set_empty(unsigned order, reach_t *reach)
{
    size_t bytes = reach_bytes(order);
    for (size_t i = 0; i < bytes; i++)
        reach[i] = 0;
}

/* ---- from two halves ------------------------------------------------------------------------- */

/* What stays inside blocks that are smaller than the halves. */
static bool combine_bytes(reach_t *reach, const reach_t *left, const reach_t *right)
{
    unsigned changed = 0;
    for (unsigned i = 0; i < REACH_BYTE_COUNT; i++) {
        reach_t larger = left[i] > right[i] ? left[i] : right[i];
        changed |= (unsigned)(reach[i] ^ larger);
        reach[i] = larger;
    }
    return changed != 0;
}

static bool combine_halves(reach_t *reach, const reach_t *left, const reach_t *right, unsigned end)
{
    uint16_t *to = reach_halves(reach, 8);
    const uint16_t *a = reach_halves(left, 8);
    const uint16_t *b = reach_halves(right, 8);
    unsigned changed = 0;
    for (unsigned i = 0; i < reach_pairs_below(end) - REACH_BYTE_COUNT; i++) {
        uint16_t larger = a[i] > b[i] ? a[i] : b[i];
        changed |= (unsigned)(to[i] ^ larger);
        to[i] = larger;
    }
    return changed != 0;
}

static bool combine_words(reach_t *reach, const reach_t *left, const reach_t *right, unsigned end)
{
    uint32_t *to = reach_words(reach, 16);
    const uint32_t *a = reach_words(left, 16);
    const uint32_t *b = reach_words(right, 16);
    uint32_t changed = 0;
    for (unsigned i = 0; i < reach_pairs_below(end) - REACH_WORDS_BEGIN; i++) {
        uint32_t larger = bits_larger(a[i], b[i]);
        changed |= to[i] ^ larger;
        to[i] = larger;
    }
    return changed != 0;
}

/* What stays inside a half: blocks of the halves' own order. */
static bool combine_within_half(unsigned half, reach_t *reach, const reach_t *left,
                                const reach_t *right)
{
    bool changed = false;
    for (unsigned i = 0; i + 2 <= half; i++) {
        uint32_t length = bits_larger(reach_from(half, left, i), reach_from(half, right, i));
        changed |= reach_within(reach, i, half) != length;
        set_within(reach, i, half, length);
    }
    return changed;
}

/*
 * The run across the middle has left's tail and right's head; of the tail, what begins at a
 * multiple of 2^i, and the middle is one.
 */
static bool combine_from(unsigned order, reach_t *reach, const reach_t *left, const reach_t *right)
{
    unsigned half = order - 1;
    uint32_t size = 1u << half;
    uint32_t left_head = reach_head(half, left);
    uint32_t left_tail = reach_tail(half, left);
    uint32_t right_head = reach_head(half, right);
    uint32_t right_tail = reach_tail(half, right);
    bool changed = false;
    for (unsigned i = 0; i <= half; i++) {
        uint32_t inside = bits_larger(reach_from(half, left, i), reach_from(half, right, i));
        uint32_t across = (left_tail >> i << i) + right_head;
        changed |= set_from(order, reach, i, bits_larger(inside, across));
    }
    changed |= set_from(order, reach, order, left_head == size ? size + right_head : left_head);
    changed |=
        set_from(order, reach, order + 1, right_tail == size ? size + left_tail : right_tail);
    return changed;
}

bool reach_combine(unsigned order, reach_t *reach, const reach_t *left, const reach_t *right)
{
    unsigned half = order - 1;
    bool changed = combine_bytes(reach, left, right);
    changed |= combine_halves(reach, left, right, half < 16 ? half : 16);
    if (half > 16)
        changed |= combine_words(reach, left, right, half);
    changed |= combine_within_half(half, reach, left, right);
    changed |= combine_from(order, reach, left, right);
    return changed;
}

/* ---- the largest of several ------------------------------------------------------------------ */

/*
 * A run of `length` frames begins at a multiple of 2^i and lies in a block of 2^k. What stays
 * inside larger blocks is at least as long as what stays inside smaller ones, so the first that is
 * long enough ends it.
 */
static void raise_start(unsigned order, reach_t *reach, unsigned i, uint32_t length, unsigned k)
{
    for (k = k < i + 2 ? i + 2 : k; k < order; k++) {
        if (reach_within(reach, i, k) >= length)
            return;
        set_within(reach, i, k, length);
    }
    if (reach_from(order, reach, i) < length)
        set_from(order, reach, i, length);
}

void reach_raise(unsigned order, reach_t *reach, unsigned block_order, const reach_t *block,
                 pfn_t first)
{
    combine_bytes(reach, reach, block);
    combine_halves(reach, reach, block, block_order < 16 ? block_order : 16);
    if (block_order > 16)
        combine_words(reach, reach, block, block_order);
    for (unsigned i = 0; i <= block_order; i++)
        raise_start(order, reach, i, reach_from(block_order, block, i), block_order);
    for (unsigned i = block_order + 1; i <= order && (first & (((pfn_t)1 << i) - 1)) == 0; i++)
        raise_start(order, reach, i, reach_head(block_order, block), block_order);
}

void reach_raise_to_run(unsigned order, reach_t *reach, struct frame_range run)
{
    unsigned k = 0;
    while (run.first >> k != (run.end - 1) >> k)
        k++;
    for (unsigned i = 0; i <= order; i++) {
        pfn_t start = (run.first + ((pfn_t)1 << i) - 1) >> i << i;
        if (start >= run.end)
            return;
        raise_start(order, reach, i, (uint32_t)(run.end - start), k);
    }
}

bool reach_copy(unsigned order, reach_t *to, const reach_t *from)
{
    unsigned changed = 0;
    size_t bytes = reach_bytes(order);
    for (size_t i = 0; i < bytes; i++) {
        changed |= (unsigned)(to[i] ^ from[i]);
        to[i] = from[i];
    }
    return changed != 0;
}

bool reach_is_same(unsigned order, const reach_t *a, const reach_t *b)
{
    size_t bytes = reach_bytes(order);
    size_t i = 0;
    while (i < bytes && a[i] == b[i])
        i++;
    return i == bytes;
}

/* ---- from bits ------------------------------------------------------------------------------- */

/*
 * The part of [start, end) that stays inside a block of 2^k: up to the next border, or behind it.
 */
static inline uint32_t longest_within(uint32_t start, uint32_t end, unsigned k)
{
    uint32_t border = ((start >> k) + 1) << k;
    if (border >= end)
        return end - start;
    return bits_larger(border - start, bits_smaller(end - border, 1u << k));
}

/* Raises a leaf's numbers to those of a free run. False if nothing changed. */
static bool add_run(reach_t *reach, uint32_t first, uint32_t end)
{
    bool changed = false;
    for (unsigned i = 0; i <= LEAF_ORDER; i++) {
        uint32_t start = (first + (1u << i) - 1) >> i << i;
        if (start >= end)
            break;
        if (end - start > reach_from(LEAF_ORDER, reach, i))
            changed |= set_from(LEAF_ORDER, reach, i, end - start);
        for (unsigned k = i + 2; k < LEAF_ORDER; k++) {
            uint32_t length = longest_within(start, end, k);
            if (length <= reach_within(reach, i, k))
                continue;
            set_within(reach, i, k, length);
            changed = true;
        }
    }
    if (end == LEAF_FRAMES)
        changed |= set_from(LEAF_ORDER, reach, LEAF_ORDER + 1, end - first);
    return changed;
}

/* The first frame at or above `frame` that is free, or not; LEAF_FRAMES if there is none. */
static uint32_t next_frame(const uint64_t *words, uint32_t frame, bool is_free)
{
    while (frame < LEAF_FRAMES) {
        uint64_t word = is_free ? words[frame / WORD_BITS] : ~words[frame / WORD_BITS];
        word >>= frame % WORD_BITS;
        if (word)
            return frame + bits_lowest(word);
        frame = (frame | (WORD_BITS - 1)) + 1;
    }
    return LEAF_FRAMES;
}

bool reach_sum_up(reach_t *reach, const uint64_t *words)
{
    uint32_t memory[REACH_LEAF_BYTES / sizeof(uint32_t)] = {0};
    reach_t *sum = (reach_t *)memory;
    for (uint32_t end = 0;;) {
        uint32_t first = next_frame(words, end, true);
        if (first == LEAF_FRAMES)
            return reach_copy(LEAF_ORDER, reach, sum);
        end = next_frame(words, first, false);
        add_run(sum, first, end);
    }
}

/* The first frame of the free run that holds `frame`. */
static uint32_t run_first(const uint64_t *words, uint32_t frame)
{
    uint32_t word = frame / WORD_BITS;
    uint64_t used = ~words[word] << (WORD_BITS - 1 - frame % WORD_BITS);
    while (!used && word > 0) {
        frame = word * WORD_BITS - 1;
        used = ~words[--word];
    }
    return used ? frame + 1 - bits_zeros_at_top(used) : 0;
}

bool reach_give(reach_t *reach, const uint64_t *words, uint32_t frame)
{
    return add_run(reach, run_first(words, frame), next_frame(words, frame, false));
}
