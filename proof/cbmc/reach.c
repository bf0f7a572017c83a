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

/* ---- numbers of two blocks ---- */

#define BYTES 176 /* of a block of order LEAF_ORDER + 1 or less */

static uint32_t left_memory[BYTES / 4];
static uint32_t right_memory[BYTES / 4];
static uint32_t whole_memory[BYTES / 4];

/* Just one run [first, end) is free in this block; first == end: none. The numbers say so. */
static void set_run(unsigned order, reach_t *reach, uint32_t first, uint32_t end)
{
    reach_clear(order, reach);
    if (first == end)
        return;
    for (unsigned i = 0; i <= order; i++) {
        uint32_t start = (first + (1u << i) - 1) >> i << i;
        reach_halves(reach, order)[i] = start < end ? (uint16_t)(end - start) : 0;
    }
    reach_halves(reach, order)[order + 1] = end == 1u << order ? (uint16_t)(end - first) : 0;
    for (unsigned k = 2; k < order; k++)
        for (unsigned i = 0; i + 2 <= k; i++) {
            uint32_t start = (first + (1u << i) - 1) >> i << i;
            bool is_kept = start < end && !reach_has_full(order, reach, k);
            set_kept(reach, i, k, is_kept ? longest_within(start, end, k) : 0);
        }
}

/* If one run is added to another in a leaf, the leaf has the numbers of both, and no others. */
void prove_add_run(void)
{
    reach_t *reach = (reach_t *)left_memory;
    reach_t *other = (reach_t *)right_memory;
    uint32_t first = (uint32_t)any_below(LEAF_FRAMES);
    uint32_t end = (uint32_t)any_below(LEAF_FRAMES) + 1;
    uint32_t low = (uint32_t)any_below(LEAF_FRAMES);
    uint32_t low_end = (uint32_t)any_below(LEAF_FRAMES);
    unsigned i = (unsigned)any_below(LEAF_ORDER + 1);
    unsigned k = (unsigned)any_below(LEAF_ORDER);
    assume(first < end && low <= low_end && (low_end < first || low > end || low == low_end));
    set_run(LEAF_ORDER, reach, low, low_end);
    uint32_t before = reach_from(LEAF_ORDER, reach, i);
    set_run(LEAF_ORDER, other, first, end);
    uint32_t added = reach_from(LEAF_ORDER, other, i);
    bool has_kept = i + 2 <= k;
    uint32_t within = has_kept ? reach_within(LEAF_ORDER, reach, i, k) : 0;
    uint32_t added_within = has_kept ? reach_within(LEAF_ORDER, other, i, k) : 0;
    add_run(reach, first, end);
    claim(reach_from(LEAF_ORDER, reach, i) == bits_larger(before, added));
    if (has_kept)
        claim(reach_within(LEAF_ORDER, reach, i, k) == bits_larger(within, added_within));
    REACHED();
}
