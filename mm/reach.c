/* Computes the numbers of a block from its halves, and those of a leaf from its bits. */

#include "reach.h"

size_t reach_bytes(unsigned order)
{
    size_t bytes =
        order < 16
            ? REACH_HALVES_OFFSET + 2 * (reach_pairs_below(order) - REACH_BYTE_COUNT + order + 2)
            : REACH_WORDS_OFFSET + 4 * (reach_pairs_below(order) - REACH_WORDS_BEGIN + order + 2);
    return (bytes + 3) / 4 * 4;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/*
 * The numbers of one k lie side by side, as bytes, halves (of 16 bits) or words (of 32). In a block
 * of order k, these places have from(0) to from(k) and the tail, because every run in the block
 * stays inside it.
 *
 * larger: the larger of each two numbers; `to` may be one of the two. True if a number changed.
 * raise: raises `lengths` to the numbers of a row. store: stores `lengths` as a row. True if a
 * number changed. fill: sets all numbers of a row.
 */
#define DEFINE_ROW(type, larger, raise, store, fill)                                               \
    static inline bool larger(type *to, const type *a, const type *b, unsigned count)              \
    {                                                                                              \
        uint32_t changed = 0;                                                                      \
        for (unsigned i = 0; i < count; i++) {                                                     \
            type length = a[i] > b[i] ? a[i] : b[i];                                               \
            changed |= (uint32_t)(to[i] ^ length);                                                 \
            to[i] = length;                                                                        \
        }                                                                                          \
        return changed != 0;                                                                       \
    }                                                                                              \
    static inline void raise(uint32_t *lengths, const type *row, unsigned count)                   \
    {                                                                                              \
        for (unsigned i = 0; i < count; i++)                                                       \
            lengths[i] = bits_larger(lengths[i], row[i]);                                          \
    }                                                                                              \
    static inline bool store(type *row, const uint32_t *lengths, unsigned count)                   \
    {                                                                                              \
        uint32_t changed = 0;                                                                      \
        for (unsigned i = 0; i < count; i++) {                                                     \
            changed |= row[i] ^ lengths[i];                                                        \
            row[i] = (type)lengths[i];                                                             \
        }                                                                                          \
        return changed != 0;                                                                       \
    }                                                                                              \
    static inline void fill(type *row, uint32_t length, unsigned count)                            \
    {                                                                                              \
        for (unsigned i = 0; i < count; i++)                                                       \
            row[i] = (type)length;                                                                 \
    }

DEFINE_ROW(reach_t, larger_bytes, raise_bytes, store_bytes, fill_bytes)
DEFINE_ROW(uint16_t, larger_halves, raise_halves, store_halves, fill_halves)
DEFINE_ROW(uint32_t, larger_words, raise_words, store_words, fill_words)

static bool larger_row(unsigned k, reach_t *to, const reach_t *a, const reach_t *b, unsigned count)
{
    unsigned at = reach_pairs_below(k);
    if (k < 8)
        return larger_bytes(to + at, a + at, b + at, count);
    if (k < 16)
        return larger_halves(reach_halves(to, k), reach_halves(a, k), reach_halves(b, k), count);
    return larger_words(reach_words(to, k), reach_words(a, k), reach_words(b, k), count);
}

static void raise_to_row(uint32_t *lengths, unsigned k, const reach_t *reach, unsigned count)
{
    if (k < 8)
        raise_bytes(lengths, reach + reach_pairs_below(k), count);
    else if (k < 16)
        raise_halves(lengths, reach_halves(reach, k), count);
    else
        raise_words(lengths, reach_words(reach, k), count);
}

static bool store_row(unsigned k, reach_t *reach, const uint32_t *lengths, unsigned count)
{
    if (k < 8)
        return store_bytes(reach + reach_pairs_below(k), lengths, count);
    if (k < 16)
        return store_halves(reach_halves(reach, k), lengths, count);
    return store_words(reach_words(reach, k), lengths, count);
}

static void fill_row(unsigned k, reach_t *reach, uint32_t length, unsigned count)
{
    if (k < 8)
        fill_bytes(reach + reach_pairs_below(k), length, count);
    else if (k < 16)
        fill_halves(reach_halves(reach, k), length, count);
    else
        fill_words(reach_words(reach, k), length, count);
}

/* ---- full and empty -------------------------------------------------------------------------- */

void reach_fill(unsigned order, reach_t *reach)
{
    fill_row(order, reach, 1u << order, order + 2);
}

void reach_empty(unsigned order, reach_t *reach)
{
    fill_row(order, reach, 0, order + 2);
}

void reach_clear(unsigned order, reach_t *reach)
{
    uint32_t *words = (uint32_t *)(void *)reach;
    for (size_t i = 0; i < reach_bytes(order) / sizeof *words; i++)
        words[i] = 0;
}

/* ---- from two halves ------------------------------------------------------------------------- */

/*
 * The rows k < order for which an aligned block of 2^k frames is all free. In a run of 2^k - 1
 * frames, there is always an aligned block of 2^(k - 1) frames, but not always one of 2^k.
 */
static uint32_t full_rows(unsigned order, const reach_t *reach)
{
    unsigned k = bits_highest((uint64_t)reach_longest(order, reach) + 1);
    if (k < order && reach_has_full(order, reach, k))
        k++;
    return k > 2 ? REACH_ROW(k) - REACH_ROW(2) : 0;
}

/* Stores 0 in these rows. */
static void clear_rows(uint32_t rows, reach_t *reach)
{
    for (; rows; rows &= rows - 1) {
        unsigned k = bits_lowest32(rows);
        fill_row(k, reach, 0, k - 1);
    }
}

/*
 * Combines the numbers of runs that stay inside a half, in rows for which neither half has a free
 * aligned block of 2^k frames. Returns the rows that changed.
 */
static uint32_t combine_rows(uint32_t rows, reach_t *reach, const reach_t *left,
                             const reach_t *right)
{
    uint32_t changed = 0;
    for (; rows; rows &= rows - 1) {
        unsigned k = bits_lowest32(rows);
        if (larger_row(k, reach, left, right, k - 1))
            changed |= REACH_ROW(k);
    }
    return changed;
}

/*
 * The run across the middle has left's tail and right's head. For from(i), its part from the first
 * multiple of 2^i on counts; the middle is such a multiple. `half` is the order of the halves.
 * `left` and `right` are their numbers from(i), which may have fewer bytes than those of the whole
 * block.
 */
#define DEFINE_COMBINE(combine, half_t, whole_t)                                                   \
    static inline bool combine(unsigned half, whole_t *row, const half_t *left,                    \
                               const half_t *right)                                                \
    {                                                                                              \
        uint32_t size = 1u << half;                                                                \
        uint32_t left_tail = left[half + 1];                                                       \
        uint32_t right_head = right[half];                                                         \
        uint32_t head = left[half] == size ? size + right_head : left[half];                       \
        uint32_t tail = right[half + 1] == size ? size + left_tail : right[half + 1];              \
        uint32_t changed = (row[half + 1] ^ head) | (row[half + 2] ^ tail);                        \
        for (unsigned i = 0; i <= half; i++) {                                                     \
            uint32_t across = (left_tail >> i << i) + right_head;                                  \
            uint32_t inside = left[i] > right[i] ? left[i] : right[i];                             \
            uint32_t length = inside > across ? inside : across;                                   \
            changed |= row[i] ^ length;                                                            \
            row[i] = (whole_t)length;                                                              \
        }                                                                                          \
        row[half + 1] = (whole_t)head;                                                             \
        row[half + 2] = (whole_t)tail;                                                             \
        return changed != 0;                                                                       \
    }

DEFINE_COMBINE(combine_halves, uint16_t, uint16_t)
DEFINE_COMBINE(combine_to_words, uint16_t, uint32_t)
DEFINE_COMBINE(combine_words, uint32_t, uint32_t)

static bool combine_from(unsigned order, reach_t *reach, const reach_t *left, const reach_t *right)
{
    unsigned half = order - 1;
    if (order < 16)
        return combine_halves(half, reach_halves(reach, order), reach_halves(left, half),
                              reach_halves(right, half));
    if (order == 16)
        return combine_to_words(half, reach_words(reach, order), reach_halves(left, half),
                                reach_halves(right, half));
    return combine_words(half, reach_words(reach, order), reach_words(left, half),
                         reach_words(right, half));
}

uint32_t reach_combine(unsigned order, reach_t *reach, const reach_t *left, const reach_t *right,
                       uint32_t rows)
{
    MM_ASSERT_COSTLY(order > LEAF_ORDER && order <= ORDER_MAX);
    uint32_t before = full_rows(order, reach);
    uint32_t changed = combine_from(order, reach, left, right) ? REACH_ROW(order) : 0;
    uint32_t full = full_rows(order, reach);
    uint32_t others = REACH_ROW(order) - REACH_ROW(2) - full;
    clear_rows(full & ~before, reach);
    return changed | (full ^ before) | combine_rows(rows & others, reach, left, right);
}

/* ---- the largest of several ------------------------------------------------------------------ */

/* How many numbers row k has in a block or stretch of this order, without the tail. */
static unsigned count_of(unsigned order, unsigned k)
{
    return k < order ? k - 1 : order + 1;
}

struct reach_row reach_open_row(unsigned order, unsigned k)
{
    struct reach_row row = {k, count_of(order, k), {0}};
    return row;
}

void reach_raise_row(struct reach_row *row, unsigned order, const reach_t *block, pfn_t first)
{
    uint32_t *lengths = row->lengths;
    MM_ASSERT_COSTLY((first & (((pfn_t)1 << order) - 1)) == 0);
    if (row->k < order && reach_has_full(order, block, row->k)) {
        fill_words(lengths, 1u << row->k, row->count);
        return;
    }
    unsigned k = bits_smaller(row->k, order);
    unsigned count = bits_smaller(row->count, order + 1);
    raise_to_row(lengths, k, block, count);
    for (unsigned i = count; i < row->count && (first & (((pfn_t)1 << i) - 1)) == 0; i++)
        lengths[i] = bits_larger(lengths[i], reach_head(order, block));
}

void reach_raise_row_to_run(struct reach_row *row, struct frame_range run)
{
    for (unsigned i = 0; i < row->count; i++) {
        pfn_t start = (run.first + ((pfn_t)1 << i) - 1) >> i << i;
        if (start >= run.end)
            return;
        row->lengths[i] = bits_larger(row->lengths[i], (uint32_t)(run.end - start));
    }
}

bool reach_set_row(reach_t *reach, const struct reach_row *row)
{
    return store_row(row->k, reach, row->lengths, row->count);
}

uint32_t reach_raise(unsigned order, reach_t *reach, unsigned block_order, const reach_t *block,
                     uint32_t rows)
{
    uint32_t changed = 0;
    MM_ASSERT_COSTLY(block_order <= order && !reach_is_full(block_order, block));
    for (rows &= (2u << order) - REACH_ROW(2); rows; rows &= rows - 1) {
        struct reach_row row;
        unsigned k = bits_lowest32(rows);
        bool has_changed;
        if (k < block_order || order == block_order) {
            has_changed = larger_row(k, reach, reach, block, count_of(order, k));
        } else {
            row = reach_open_row(order, k);
            raise_to_row(row.lengths, k, reach, row.count);
            reach_raise_row(&row, block_order, block, 0);
            has_changed = reach_set_row(reach, &row);
        }
        if (has_changed)
            changed |= REACH_ROW(k);
    }
    return changed;
}

bool reach_copy(unsigned order, reach_t *to, const reach_t *from)
{
    uint32_t *words = (uint32_t *)(void *)to;
    const uint32_t *other = (const uint32_t *)(const void *)from;
    uint32_t changed = 0;
    for (size_t i = 0; i < reach_bytes(order) / sizeof *words; i++) {
        changed |= words[i] ^ other[i];
        words[i] = other[i];
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

static inline void set_kept(reach_t *reach, unsigned i, unsigned k, uint32_t length)
{
    if (k < 8)
        reach[reach_pairs_below(k) + i] = (reach_t)length;
    else
        reach_halves(reach, k)[i] = (uint16_t)length;
}

/* True if the number changed. `i` may be LEAF_ORDER + 1: the tail. */
static inline bool set_from(reach_t *reach, unsigned i, uint32_t length)
{
    uint32_t before = reach_from(LEAF_ORDER, reach, i);
    reach_halves(reach, LEAF_ORDER)[i] = (uint16_t)length;
    return before != length;
}

/*
 * The longest part of [start, end) that stays inside an aligned block of 2^k frames: up to the next
 * border, or from there on.
 */
static inline uint32_t longest_within(uint32_t start, uint32_t end, unsigned k)
{
    uint32_t border = ((start >> k) + 1) << k;
    if (border >= end)
        return end - start;
    return bits_larger(border - start, bits_smaller(end - border, 1u << k));
}

/*
 * The same for all k from `least` on. With a larger k, a number is at least as large. So nothing is
 * raised from the first k on whose number is not less than the run's length.
 */
static inline bool raise_within(reach_t *reach, unsigned i, unsigned least, uint32_t start,
                                uint32_t end)
{
    bool changed = false;
    for (unsigned k = least < i + 2 ? i + 2 : least; k < LEAF_ORDER; k++) {
        uint32_t before = reach_kept(reach, i, k);
        if (before >= end - start)
            return changed;
        uint32_t length = longest_within(start, end, k);
        if (length <= before)
            continue;
        set_kept(reach, i, k, length);
        changed = true;
    }
    return changed;
}

/* Raises a leaf's numbers to those of a free run. False if nothing changed. */
static bool add_run(reach_t *reach, uint32_t first, uint32_t end)
{
    uint32_t starts[LEAF_ORDER + 1];
    unsigned count = 0;
    bool changed = false;
    uint32_t before = full_rows(LEAF_ORDER, reach);
    for (; count <= LEAF_ORDER; count++) {
        starts[count] = (first + (1u << count) - 1) >> count << count;
        if (starts[count] >= end)
            break;
        if (end - starts[count] > reach_from(LEAF_ORDER, reach, count))
            changed |= set_from(reach, count, end - starts[count]);
    }
    uint32_t full = full_rows(LEAF_ORDER, reach);
    clear_rows(full & ~before, reach);
    unsigned least = bits_lowest32(full + REACH_ROW(2));
    for (unsigned i = 0; i < count; i++)
        changed |= raise_within(reach, i, least, starts[i], end);
    if (end == LEAF_FRAMES)
        changed |= set_from(reach, LEAF_ORDER + 1, end - first);
    return changed;
}

/*
 * The first frame at or above `frame` that is free, or, if `is_free` is false, used; LEAF_FRAMES if
 * there is none.
 */
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
    MM_ASSERT_COSTLY(frame < LEAF_FRAMES && bits_has(words[frame / WORD_BITS], frame));
    return add_run(reach, run_first(words, frame), next_frame(words, frame, false));
}
