/* The numbers of a leaf and of a block, against what reach.h says that they are. */

#include "any.h"
#include "mm/place.c"
#include "mm/reach.c"

/* ---- runs of a leaf ---- */

/* The longest part of a run in one aligned block of 2^k frames is as long as the number says. */
void prove_longest_within(void)
{
    uint32_t start = (uint32_t)any_below(LEAF_FRAMES);
    uint32_t end = (uint32_t)any_below(LEAF_FRAMES) + 1;
    unsigned k = (unsigned)any_below(LEAF_ORDER);
    uint32_t block = (uint32_t)any_below(LEAF_FRAMES);
    assume(start < end && block < LEAF_FRAMES >> k);
    uint32_t length = longest_within(start, end, k);
    uint32_t from = bits_larger(start, block << k);
    uint32_t to = bits_smaller(end, (block + 1) << k);
    uint32_t next = ((start >> k) + 1) << k;
    claim(from >= to || to - from <= length);
    claim(length == bits_smaller(end, next) - start ||
          (next < end && length == bits_smaller(end, next + (1u << k)) - next));
    REACHED();
}

/* The next free or used frame of a leaf, and the first frame of a free run, are the nearest. */
void prove_runs(void)
{
    uint64_t words[LEAF_WORDS];
    for (unsigned i = 0; i < LEAF_WORDS; i++)
        words[i] = any64();
    uint32_t frame = (uint32_t)any_below(LEAF_FRAMES);
    uint32_t other = (uint32_t)any_below(LEAF_FRAMES);
    bool is_free = any_bool();
    bool other_is = (words[other / WORD_BITS] >> other % WORD_BITS & 1) == is_free;
    uint32_t next = next_frame(words, frame, is_free);
    claim(next >= frame && next <= LEAF_FRAMES);
    claim(next == LEAF_FRAMES || (words[next / WORD_BITS] >> next % WORD_BITS & 1) == is_free);
    claim(other < frame || !other_is || other >= next);
    uint32_t first = run_first(words, frame);
    assume(words[frame / WORD_BITS] >> frame % WORD_BITS & 1);
    uint32_t before = first - 1;
    claim(first <= frame);
    claim(first == 0 || !(words[before / WORD_BITS] >> before % WORD_BITS & 1));
    assume(!is_free);
    claim(other < first || other > frame || !other_is);
    REACHED();
}

/* ---- numbers of a block ---- */

/*
 * A run [first, end) of free frames of two halves, where first is a multiple of 2^i. It lies in a
 * half, which knows it, or it crosses the middle. The whole block knows of it; and the number that
 * the whole has is one of a half, or that of the run across the middle.
 */
#define DEFINE_PROVE_COMBINE(name, combine, any_half, half_t, whole_t)                             \
    void name(void)                                                                                \
    {                                                                                              \
        half_t left[ORDER_MAX + 2], right[ORDER_MAX + 2];                                          \
        whole_t whole[ORDER_MAX + 3];                                                              \
        unsigned half = any_half;                                                                  \
        unsigned i = (unsigned)any_below(half + 1);                                                \
        uint32_t size = 1u << half;                                                                \
        uint32_t first = any32();                                                                  \
        uint32_t end = any32();                                                                    \
        uint32_t tail = left[half + 1], head = right[half];                                        \
        assume(left[i] <= size && right[i] <= size && tail <= size && head <= size);               \
        assume(first < end && end <= 2 * size && (first & ((1u << i) - 1)) == 0);                  \
        assume(end > size || end - first <= left[i]);                                              \
        assume(first < size || end - first <= right[i]);                                           \
        assume(first >= size || end <= size || (size - first <= tail && end - size <= head));      \
        uint32_t across = (tail >> i << i) + head;                                                 \
        combine(half, whole, left, right);                                                         \
        claim(end - first <= whole[i]);                                                            \
        claim(whole[i] == left[i] || whole[i] == right[i] || whole[i] == across);                  \
        REACHED();                                                                                 \
    }

/* Of order LEAF_ORDER to 14. */
static unsigned any_half_with_halves(void)
{
    return (unsigned)any_below(15 - LEAF_ORDER) + LEAF_ORDER;
}

DEFINE_PROVE_COMBINE(prove_from_halves, combine_halves, any_half_with_halves(), uint16_t, uint16_t)
DEFINE_PROVE_COMBINE(prove_from_to_words, combine_to_words, 15, uint16_t, uint32_t)
DEFINE_PROVE_COMBINE(prove_from_words, combine_words, 30, uint32_t, uint32_t)

#define ORDER (LEAF_ORDER + 1)

#define HALVES (REACH_HALVES_OFFSET / 2 + ORDER * ORDER) /* room for a block */

/*
 * What from(0) says of each other from(j): a part of a run is not longer than the run, and a run
 * of 2^(j + 1) - 1 frames holds an aligned block of 2^j frames.
 */
static void assume_numbers(const reach_t *reach, uint32_t longest)
{
    assume(reach_from(ORDER, reach, 0) == longest && longest <= 1u << ORDER);
    for (unsigned j = 1; j <= ORDER; j++) {
        uint32_t from = reach_from(ORDER, reach, j);
        assume(from <= longest && (from >= 1u << j || longest < (2u << j) - 1));
    }
}

/* The rows of which an aligned block is all free. */
void prove_full_rows(void)
{
    uint16_t halves[HALVES]; /* any */
    const reach_t *reach = (const reach_t *)halves;
    assume_numbers(reach, any32());
    unsigned k = (unsigned)any_below(WORD_BITS / 2);
    bool is_full = k >= 2 && k < ORDER && reach_from(ORDER, reach, k) >= 1u << k;
    claim((full_rows(ORDER, reach) >> k & 1) == is_full);
    REACHED();
}

/* A block raises the numbers of a stretch: its head those of an alignment that it begins at. */
void prove_raise_row(void)
{
    uint16_t halves[HALVES]; /* any */
    const reach_t *reach = (const reach_t *)halves;
    struct reach_row row = reach_open_row(ORDER_MAX, ORDER_MAX);
    unsigned i = (unsigned)any_below(row.count);
    pfn_t first = any64() << ORDER;
    uint32_t before = any32();
    row.lengths[i] = before;
    reach_raise_row(&row, ORDER, reach, first);
    bool is_aligned = (first & (((pfn_t)1 << i) - 1)) == 0;
    uint32_t of_block = i <= ORDER ? reach_from(ORDER, reach, i) : reach_head(ORDER, reach);
    claim(row.lengths[i] == (is_aligned ? bits_larger(before, of_block) : before));
    REACHED();
}
