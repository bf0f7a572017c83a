/*
 * The numbers of a leaf are those of its free runs. One run is added to them: each length becomes
 * the larger one. If the run ends at the leaf's end, its length becomes the tail.
 */

#include "any.h"

typedef unsigned char reach_t;
static uint32_t stub_reach_kept(const reach_t *reach, unsigned i, unsigned k);

#include "mm/reach.h"

static bool stub_raise_within(reach_t *reach, unsigned i, unsigned least, uint32_t start,
                              uint32_t end);
static void stub_set_kept(reach_t *reach, unsigned i, unsigned k, uint32_t length);
static void stub_fill_row(unsigned k, reach_t *reach, uint32_t length, unsigned count);
static void stub_clear_rows(uint32_t rows, reach_t *reach);
static bool stub_add_run(reach_t *reach, uint32_t first, uint32_t end);
static uint32_t stub_next_frame(const uint64_t *words, uint32_t frame, bool is_free);
static bool stub_reach_copy(unsigned order, reach_t *to, const reach_t *from);

#include "mm/reach.c"

static uint32_t memory[REACH_LEAF_BYTES / 4];
static uint32_t old[REACH_LEAF_BYTES / 4];
static reach_t *const reach = (reach_t *)memory;

static struct frame_range run;

/* One number within(one_i, one_k), and one from(j): they stand for all. */
static unsigned one_i, one_k, one_j;

static uint32_t first_multiple(uint32_t frame, unsigned i)
{
    return (frame + (1u << i) - 1) >> i << i;
}

/* The numbers of a leaf in which this run is the only one. */
static uint32_t run_from(unsigned i)
{
    uint32_t start = first_multiple((uint32_t)run.first, i);
    return start < run.end ? (uint32_t)run.end - start : 0;
}

static uint32_t run_within(unsigned i, unsigned k)
{
    uint32_t start = first_multiple((uint32_t)run.first, i);
    return start < run.end ? longest_within(start, (uint32_t)run.end, k) : 0;
}

/*
 * What from(0) says of from(j): a part of a run is not longer than the run, and a run of
 * 2^(j + 1) - 1 frames has an aligned block of 2^j frames.
 */
static bool from_is_right(unsigned j)
{
    uint32_t longest = reach_longest(LEAF_ORDER, reach);
    uint32_t from = reach_from(LEAF_ORDER, reach, j);
    return longest <= LEAF_FRAMES && from <= longest &&
           (from >= 1u << j || longest < (2u << j) - 1);
}

/* A number is 0 in a row that is full; else it is below 2^k, and not above that of the next row. */
static bool number_is_right(unsigned k, uint32_t kept, uint32_t next)
{
    if (reach_has_full(LEAF_ORDER, reach, k))
        return kept == 0;
    return kept < 1u << k && (k + 1 == LEAF_ORDER || kept <= next);
}

static void make_leaf(void)
{
    for (unsigned i = 0; i < REACH_LEAF_BYTES / 4; i++)
        old[i] = memory[i] = any32();
    one_j = (unsigned)any_below(LEAF_ORDER + 1);
    one_k = (unsigned)any_below(LEAF_ORDER);
    one_i = (unsigned)any_below(LEAF_ORDER);
    assume(one_i + 2 <= one_k);
    for (unsigned j = 0; j <= LEAF_ORDER; j++)
        assume(from_is_right(j));
    run.first = any_below(LEAF_FRAMES);
    run.end = any_below(LEAF_FRAMES) + 1;
    assume(run.first < run.end);
}

/* ---- the numbers of one i ---- */

static uint32_t numbers[LEAF_ORDER + 1]; /* within(one_i, k) for each k, as they are stored */

static uint32_t stub_reach_kept(const reach_t *of, unsigned i, unsigned k)
{
    claim(of == reach && i == one_i && i + 2 <= k && k < LEAF_ORDER);
    return numbers[k];
}

static void stub_set_kept(reach_t *of, unsigned i, unsigned k, uint32_t length)
{
    claim(of == reach && i == one_i && i + 2 <= k && k < LEAF_ORDER && length < 1u << k);
    numbers[k] = length;
}

void prove_raise_within(void)
{
    uint32_t before[LEAF_ORDER + 1];
    make_leaf();
    unsigned least = (unsigned)any_below(LEAF_ORDER) + 2;
    uint32_t start = (uint32_t)run.first;
    uint32_t end = (uint32_t)run.end;
    for (unsigned k = 2; k < LEAF_ORDER; k++)
        before[k] = numbers[k] = any32();
    for (unsigned k = 2; k < LEAF_ORDER; k++) {
        assume(reach_has_full(LEAF_ORDER, reach, k) == (k < least));
        assume(k < least || longest_within(start, end, k) < 1u << k);
        assume(number_is_right(k, numbers[k], numbers[k + 1]));
    }
    bool changed = raise_within(reach, one_i, least, start, end);
    uint32_t length = longest_within(start, end, one_k);
    bool is_raised = one_k >= least && length > before[one_k];
    claim(numbers[one_k] == (is_raised ? length : before[one_k]));
    claim(number_is_right(one_k, numbers[one_k], numbers[one_k + 1]));
    bool is_same = true;
    for (unsigned k = 2; k < LEAF_ORDER; k++)
        is_same &= numbers[k] == before[k];
    claim(changed == !is_same);
    REACHED();
}

/* ---- all numbers ---- */

static uint32_t cleared;

static void stub_fill_row(unsigned k, reach_t *of, uint32_t length, unsigned count)
{
    claim(of == reach && k < LEAF_ORDER && length == 0 && count == k - 1);
    cleared |= REACH_ROW(k);
}

/* Rows that become full are cleared. */
void prove_clear_rows(void)
{
    uint32_t rows = any32();
    assume((rows & ~(REACH_ROW(LEAF_ORDER) - REACH_ROW(2))) == 0);
    clear_rows(rows, reach);
    claim(cleared == rows);
    REACHED();
}

/*
 * add_run reads the numbers within(i, k) only by way of the two functions that are proved above. So
 * the number that stands for all need not lie in the leaf, nor the next one of its i.
 */
static uint32_t kept, kept_next;
static bool is_said; /* some call said that a number changed */

static void stub_clear_rows(uint32_t rows, reach_t *of)
{
    claim(of == reach && (rows & ~(REACH_ROW(LEAF_ORDER) - REACH_ROW(2))) == 0);
    if (rows >> one_k & 1)
        kept = 0;
    if (rows >> (one_k + 1) & 1)
        kept_next = 0;
}

static bool stub_raise_within(reach_t *of, unsigned i, unsigned least, uint32_t start, uint32_t end)
{
    bool changed = any_bool();
    claim(of == reach && start == first_multiple((uint32_t)run.first, i));
    claim(start < end && end == run.end && least >= 2 && least <= LEAF_ORDER + 1);
    claim((one_k < least) == reach_has_full(LEAF_ORDER, reach, one_k));
    claim(one_k < least || longest_within(start, end, one_k) < 1u << one_k);
    if (i == one_i) {
        claim(number_is_right(one_k, kept, kept_next));
        uint32_t length = longest_within(start, end, one_k);
        if (one_k >= least && length > kept) {
            kept = length;
            changed = true;
        }
    }
    is_said |= changed;
    return changed;
}

static uint32_t one_within(void)
{
    return reach_has_full(LEAF_ORDER, reach, one_k) ? 1u << one_k : kept;
}

void prove_add_run(void)
{
    make_leaf();
    kept = any32();
    kept_next = any32();
    assume(number_is_right(one_k, kept, kept_next));
    assume(one_k + 1 == LEAF_ORDER || !reach_has_full(LEAF_ORDER, reach, one_k + 1) ||
           kept_next == 0);
    uint32_t from = reach_from(LEAF_ORDER, reach, one_j);
    uint32_t tail = reach_tail(LEAF_ORDER, reach);
    uint32_t within = one_within();
    bool is_same = true;
    bool changed = add_run(reach, (uint32_t)run.first, (uint32_t)run.end);
    claim(reach_from(LEAF_ORDER, reach, one_j) == bits_larger(from, run_from(one_j)));
    claim(reach_tail(LEAF_ORDER, reach) ==
          (run.end == LEAF_FRAMES ? (uint32_t)(run.end - run.first) : tail));
    claim(one_within() == bits_larger(within, run_within(one_i, one_k)));
    claim(from_is_right(one_j));
    for (unsigned j = 0; j <= LEAF_ORDER + 1; j++)
        is_same &= reach_from(LEAF_ORDER, reach, j) == reach_from(LEAF_ORDER, (reach_t *)old, j);
    claim(changed == (is_said || !is_same));
    REACHED();
}

/* ---- all runs ---- */

static const uint64_t *words;
static uint32_t one_frame;
static unsigned times;

static bool is_free(uint32_t frame)
{
    return words[frame / WORD_BITS] >> frame % WORD_BITS & 1;
}

/* The row `runs` proves this of next_frame, for 64 bits. one_frame stands for every frame. */
static uint32_t stub_next_frame(const uint64_t *of, uint32_t frame, bool wants_free)
{
    uint32_t next = (uint32_t)any_below(LEAF_FRAMES + 1);
    assume(next >= frame);
    assume(next == LEAF_FRAMES || is_free(next) == wants_free);
    assume(one_frame < frame || one_frame >= next || is_free(one_frame) != wants_free);
    claim(of == words && frame <= LEAF_FRAMES);
    return next;
}

static const reach_t *sum; /* the numbers to which runs are added */
static bool is_stored;

static bool is_clear(const reach_t *of)
{
    bool clear = true;
    for (unsigned i = 0; i < REACH_LEAF_BYTES / 4; i++)
        clear &= ((const uint32_t *)(const void *)of)[i] == 0;
    return clear;
}

/* The run that is added is free, and goes on on neither side. The first one meets zeros. */
static bool stub_add_run(reach_t *of, uint32_t first, uint32_t end)
{
    claim(of == sum || (!sum && is_clear(of)));
    sum = of;
    claim(first < end && end <= LEAF_FRAMES);
    claim(one_frame < first || one_frame >= end || is_free(one_frame));
    claim(one_frame + 1 != first || !is_free(one_frame));
    claim(one_frame != end || !is_free(one_frame));
    times += one_frame >= first && one_frame < end;
    return any_bool();
}

static bool stub_reach_copy(unsigned order, reach_t *to, const reach_t *from)
{
    claim(order == LEAF_ORDER && to == reach);
    claim(from == sum || (!sum && is_clear(from)));
    is_stored = true;
    return any_bool();
}

void prove_sum_up(void)
{
    uint64_t leaf[LEAF_WORDS]; /* any */
    words = leaf;
    one_frame = (uint32_t)any_below(LEAF_FRAMES);
    reach_sum_up(reach, words);
    claim(times == is_free(one_frame) && is_stored);
    REACHED();
}

void prove_give(void)
{
    uint64_t leaf[LEAF_WORDS]; /* any */
    words = leaf;
    one_frame = (uint32_t)any_below(LEAF_FRAMES);
    uint32_t frame = (uint32_t)any_below(LEAF_FRAMES);
    assume(is_free(frame));
    sum = reach;
    reach_give(reach, words, frame);
    claim(one_frame != frame || times == 1);
    REACHED();
}
