/*
 * Pieces are left out, from large ones to single items, and numbers made simpler, as long as the
 * rest still fails.
 */

#include "shrink.h"

#include <string.h>

#define TRIES_MAX 1500 /* of smaller cases, for one rule */
#define SHRINK_STEPS_MAX 300000000u /* and steps that they may take together */

static size_t tries;
static uint64_t shrink_steps;

static bool (*fails)(const struct lab_case *tried, uint64_t *steps);

static bool still_fails(const struct lab_case *smaller)
{
    uint64_t steps = 0;
    if (tries >= TRIES_MAX || shrink_steps > SHRINK_STEPS_MAX || !lab_is_legal(smaller))
        return false;
    tries++;
    bool result = fails(smaller, &steps);
    shrink_steps += steps;
    return result;
}

/* Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002. */
static bool drop_items(struct lab_case *failing)
{
    static struct lab_case smaller;
    bool dropped = false;
    for (size_t piece = failing->item_count; piece > 0; piece /= 2) {
        for (size_t at = failing->item_count; at > 0;) {
            size_t begin = at > piece ? at - piece : 0;
            smaller = *failing;
            memmove(smaller.items + begin, smaller.items + at,
                    (smaller.item_count - at) * sizeof *smaller.items);
            smaller.item_count -= at - begin;
            if (still_fails(&smaller)) {
                *failing = smaller;
                dropped = true;
            }
            at = begin;
        }
    }
    return dropped;
}

static uint64_t *number_of(struct lab_case *of, size_t item, size_t number)
{
    return item == IN_HEAD ? &of->head[number] : &of->items[item].numbers[number];
}

/* Tries one value in place of another. */
static bool replace(struct lab_case *failing, size_t item, size_t number, uint64_t value)
{
    static struct lab_case smaller;
    if (*number_of(failing, item, number) == value)
        return false;
    smaller = *failing;
    *number_of(&smaller, item, number) = value;
    if (!still_fails(&smaller))
        return false;
    *failing = smaller;
    return true;
}

/* To the target at once, else half the way, else a step: again and again. */
static bool walk(struct lab_case *failing, size_t item, size_t number, struct lab_target target)
{
    bool replaced = replace(failing, item, number, target.value);
    if (replaced || !target.is_walk)
        return replaced;
    for (;;) {
        uint64_t from = *number_of(failing, item, number);
        uint64_t away = from > target.value ? from - target.value : target.value - from;
        bool is_above = from > target.value;
        uint64_t step = away;
        do {
            step /= 2;
        } while (step > 0 && !replace(failing, item, number, is_above ? from - step : from + step));
        if (step == 0)
            return replaced;
        replaced = true;
    }
}

static bool simplify_numbers(struct lab_case *failing, size_t item, size_t number_count)
{
    bool simplified = false;
    for (size_t number = 0; number < number_count; number++) {
        struct lab_target targets[2];
        size_t count = lab_targets(failing, item, number, targets);
        for (size_t i = 0; i < count; i++)
            if (walk(failing, item, number, targets[i]))
                simplified = true;
    }
    return simplified;
}

void shrink_case(struct lab_case *failing,
                 bool (*still)(const struct lab_case *tried, uint64_t *steps))
{
    bool changed = true;
    fails = still;
    tries = 0;
    shrink_steps = 0;
    while (changed) {
        changed = drop_items(failing);
        if (simplify_numbers(failing, IN_HEAD, HEAD_NUMBERS))
            changed = true;
        for (size_t item = 0; item < failing->item_count; item++)
            if (simplify_numbers(failing, item, ITEM_NUMBERS))
                changed = true;
    }
}
