/* The numbers of a block, from those of its two halves: in each row, the larger one counts. */

#include "any.h"
#include "mm/reach.h"

static bool stub_larger_row(unsigned k, reach_t *to, const reach_t *a, const reach_t *b,
                            unsigned count);
static void stub_fill_row(unsigned k, reach_t *reach, uint32_t length, unsigned count);

#include "mm/reach.c"

#define ORDER (LEAF_ORDER + 1)
#define HALF LEAF_ORDER
#define BYTES 80 /* of a block of this order */

static uint32_t whole_memory[BYTES / 4];
static uint32_t left_memory[REACH_LEAF_BYTES / 4];
static uint32_t right_memory[REACH_LEAF_BYTES / 4];
static uint32_t old_memory[BYTES / 4];
static reach_t *const whole = (reach_t *)whole_memory;
static const reach_t *const left = (reach_t *)left_memory;
static const reach_t *const right = (reach_t *)right_memory;

/*
 * One pair (one_i, one_k) stands for all. These are its numbers within(one_i, one_k), as they are
 * stored. reach_combine reads them only by way of the two functions that are proved below.
 */
static unsigned one_i, one_k;
static uint32_t whole_kept, left_kept, right_kept;

/* What from(0), the head and the tail say of from(j), and what they are if all is free. */
static bool from_is_right(unsigned order, const reach_t *reach, unsigned j)
{
    uint32_t longest = reach_longest(order, reach);
    uint32_t from = reach_from(order, reach, j);
    return longest <= 1u << order && from <= longest &&
           (from >= 1u << j || longest < (2u << j) - 1) && from >= reach_head(order, reach) &&
           from >= reach_tail(order, reach) >> j << j &&
           (longest < 1u << order || (from == longest && reach_tail(order, reach) == longest));
}

static void assume_numbers(unsigned order, const reach_t *reach)
{
    for (unsigned j = 0; j <= order; j++)
        assume(from_is_right(order, reach, j));
}

/* A block's number for the pair: in the row of a half itself, it is the half's from(one_i). */
static uint32_t within(unsigned order, const reach_t *reach, uint32_t kept)
{
    if (one_k == order)
        return reach_from(order, reach, one_i);
    return reach_has_full(order, reach, one_k) ? 1u << one_k : kept;
}

static uint32_t larger_within(void)
{
    return bits_larger(within(HALF, left, left_kept), within(HALF, right, right_kept));
}

/* 0 in a row that is full, else below 2^k. */
static bool is_right(unsigned order, const reach_t *reach, uint32_t kept)
{
    return one_k == order || kept < (reach_has_full(order, reach, one_k) ? 1u : 1u << one_k);
}

/* ---- rows ---- */

static bool stub_larger_row(unsigned k, reach_t *to, const reach_t *a, const reach_t *b,
                            unsigned count)
{
    bool changed = any_bool();
    claim(to == whole && a == left && b == right && k >= 2 && k <= HALF && count == k - 1);
    if (k != one_k)
        return changed;
    uint32_t of_left = k == HALF ? reach_from(HALF, left, one_i) : left_kept;
    uint32_t of_right = k == HALF ? reach_from(HALF, right, one_i) : right_kept;
    uint32_t before = whole_kept;
    whole_kept = bits_larger(of_left, of_right);
    changed |= whole_kept != before;
    return changed;
}

static void stub_fill_row(unsigned k, reach_t *reach, uint32_t length, unsigned count)
{
    claim(reach == whole && k >= 2 && k <= HALF && count == k - 1 && length == 0);
    if (k == one_k)
        whole_kept = length;
}

void prove_combine(void)
{
    uint32_t rows = any32();
    for (unsigned i = 0; i < BYTES / 4; i++)
        old_memory[i] = whole_memory[i] = any32();
    for (unsigned i = 0; i < REACH_LEAF_BYTES / 4; i++) {
        left_memory[i] = any32();
        right_memory[i] = any32();
    }
    one_k = (unsigned)any_below(ORDER);
    one_i = (unsigned)any_below(ORDER);
    whole_kept = any32();
    left_kept = any32();
    right_kept = any32();
    assume(one_i + 2 <= one_k);
    assume_numbers(ORDER, whole);
    assume_numbers(HALF, left);
    assume_numbers(HALF, right);
    assume(is_right(ORDER, whole, whole_kept) && is_right(HALF, left, left_kept) &&
           is_right(HALF, right, right_kept));
    assume(!reach_is_full(ORDER, whole));
    uint32_t before = within(ORDER, whole, whole_kept);
    assume(rows >> one_k & 1 || before == larger_within());
    uint32_t changed = reach_combine(ORDER, whole, left, right, rows);
    claim(within(ORDER, whole, whole_kept) == larger_within());
    claim(is_right(ORDER, whole, whole_kept));
    claim(changed >> one_k & 1 || within(ORDER, whole, whole_kept) == before);
    claim(from_is_right(ORDER, whole, (unsigned)any_below(ORDER + 1)));
    bool is_same = true;
    for (unsigned j = 0; j <= ORDER + 1; j++)
        is_same &= reach_from(ORDER, whole, j) == reach_from(ORDER, (reach_t *)old_memory, j);
    claim((changed >> ORDER & 1) == !is_same);
    REACHED();
}
