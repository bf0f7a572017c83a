/*
 * Finds the highest place for a request in the tree of one range. The search walks from high to low
 * frames, which is from right to left in the picture. `position` is how far it has come. `above`
 * counts the free frames directly above the position: the part of a run that is known so far.
 *
 *            position
 *               |<-- above -->|
 *   ....  ?  ?  1  1  1  1  1  0  ....
 *
 * It steps over the largest block that ends at the position and has no place. It goes down into the
 * other blocks, on at most three paths: one at each end of the window, and one at the place.
 */

#include "search.h"

struct walk {
    const struct tree *tree;
    const struct place_wish *wish;
    uint32_t lowest; /* the window, in the tree's frames */
    uint32_t position;
    uint32_t above;
    struct search_result *result;
};

/* ---- telling --------------------------------------------------------------------------------- */

void search_tell(struct search_observer *observer, enum search_event event, pfn_t first, pfn_t end)
{
    struct search_step step = {event, 0, {first, end}, 0, 0, 0};
    observer->see(observer, &step);
}

static void tell_block(struct search_observer *observer, enum search_event event,
                       const struct tree *tree, unsigned order, uint32_t block)
{
    const reach_t *reach = tree_block(tree, order, block);
    pfn_t first = tree->origin + ((pfn_t)block << order);
    struct search_step step = {event,
                               order,
                               {first, first + ((pfn_t)1 << order)},
                               reach_head(order, reach),
                               reach_longest(order, reach),
                               reach_tail(order, reach)};
    observer->see(observer, &step);
}

/* ---- the walk -------------------------------------------------------------------------------- */

/* True if the run [first, position + above) has a place. */
MM_NOINLINE static bool try_run(struct walk *walk, uint32_t first, struct search_observer *observer)
{
    struct search_result *result = walk->result;
    pfn_t run_first = walk->tree->origin + first;
    pfn_t run_end = walk->tree->origin + walk->position + walk->above;
    if (run_end - run_first >= walk->wish->frame_count) {
        result->run_first = run_first;
        result->run_end = run_end;
        if (place_in_run(walk->wish, run_first, run_end, &result->place))
            return true;
    }
    if (observer && run_first < run_end)
        search_tell(observer, SEARCH_RUN, run_first, run_end);
    return false;
}

static void step_free(struct walk *walk, uint32_t first)
{
    walk->above += walk->position - first;
    walk->position = first;
}

/* Walks through the bits of a word, down to `bottom` or to the word's first frame. */
static bool walk_word(struct walk *walk, uint32_t bottom, struct search_observer *observer)
{
    uint32_t word_first = (walk->position - 1) / WORD_BITS * WORD_BITS;
    uint64_t word = *tree_word(walk->tree, word_first);
    bottom = bits_larger(bottom, word_first);
    while (walk->position > bottom) {
        unsigned shift = WORD_BITS - 1 - (walk->position - 1) % WORD_BITS;
        uint32_t left = walk->position - bottom;
        uint32_t free_count = bits_smaller(bits_zeros_at_top(~(word << shift)), left);
        if (free_count < left && try_run(walk, walk->position - free_count, observer))
            return true;
        step_free(walk, walk->position - free_count);
        if (free_count == left)
            return false;
        uint64_t rest = word << (WORD_BITS - 1 - (walk->position - 1) % WORD_BITS);
        walk->position -= bits_smaller(bits_zeros_at_top(rest), walk->position - bottom);
        walk->above = 0;
    }
    return false;
}

static bool walk_leaf(struct walk *walk, uint32_t bottom, struct search_observer *observer)
{
    while (walk->position > bottom)
        if (walk_word(walk, bottom, observer))
            return true;
    return false;
}

/*
 * True if [bottom, position) has all frames of a block that are in the tree's range. Then the
 * block's numbers are for just these frames, because frames outside the range are never free.
 */
static bool is_whole(const struct tree *tree, unsigned order, uint32_t first, uint32_t bottom,
                     uint32_t position)
{
    uint32_t last = first + ((1u << order) - 1);
    return position - 1 == bits_smaller(last, tree->end - 1) &&
           bottom == bits_larger(first, tree->first);
}

/* Makes one step to lower frames: over the largest block without a place, or through a leaf. */
static bool step(struct walk *walk, struct search_observer *observer)
{
    const struct tree *tree = walk->tree;
    for (unsigned order = tree->top;; order--) {
        uint32_t block = (walk->position - 1) >> order;
        uint32_t first = block << order;
        uint32_t bottom = bits_larger(first, walk->lowest);
        const reach_t *reach = tree_block(tree, order, block);
        if (reach_is_full(order, reach)) {
            if (observer)
                tell_block(observer, SEARCH_FULL, tree, order, block);
            step_free(walk, bottom);
            return false;
        }
        if (is_whole(tree, order, first, bottom, walk->position)) {
            if (try_run(walk, walk->position - reach_tail(order, reach), observer))
                return true;
            if (!place_in_block(walk->wish, order, reach, tree->origin + first)) {
                if (observer)
                    tell_block(observer, SEARCH_OVER, tree, order, block);
                walk->position = bottom;
                walk->above = reach_head(order, reach);
                return false;
            }
        }
        if (observer)
            tell_block(observer, SEARCH_ENTER, tree, order, block);
        if (order == LEAF_ORDER)
            return walk_leaf(walk, bottom, observer);
    }
}

static uint32_t clamp_to_tree(const struct tree *tree, pfn_t pfn)
{
    if (pfn <= tree->origin + tree->first)
        return tree->first;
    return pfn >= tree->origin + tree->end ? tree->end : (uint32_t)(pfn - tree->origin);
}

static bool search(const struct tree *tree, const struct place_wish *wish,
                   struct search_result *result, struct search_observer *observer)
{
    MM_ASSERT_COSTLY(place_is_valid(wish));
    struct walk walk = {
        tree, wish, clamp_to_tree(tree, wish->lowest), clamp_to_tree(tree, wish->limit), 0, result};
    if (walk.position <= walk.lowest || walk.position - walk.lowest < wish->frame_count ||
        tree_longest(tree) < wish->frame_count)
        return false;
    while (walk.position > walk.lowest)
        if (step(&walk, observer))
            return true;
    return try_run(&walk, walk.position, observer);
}

bool search_tree(const struct tree *tree, const struct place_wish *wish,
                 struct search_result *result)
{
    return search(tree, wish, result, NULL);
}

MM_COLD bool search_tree_watched(const struct tree *tree, const struct place_wish *wish,
                                 struct search_result *result, struct search_observer *observer)
{
    return search(tree, wish, result, observer);
}

/* ---- the longest run ------------------------------------------------------------------------- */

/* The runs in a leaf's bits, from `position` down to `bottom`. */
static uint32_t longest_in_leaf(const struct tree *tree, uint32_t *position, uint32_t bottom,
                                uint32_t *above)
{
    uint32_t longest = *above;
    while (*position > bottom) {
        (*position)--;
        *above = *tree_word(tree, *position) & bits_of(*position) ? *above + 1 : 0;
        longest = bits_larger(longest, *above);
    }
    return longest;
}

/* Makes one step to lower frames, as above. */
static uint32_t longest_in_step(const struct tree *tree, uint32_t *position, uint32_t lowest,
                                uint32_t *above)
{
    for (unsigned order = tree->top;; order--) {
        uint32_t first = (*position - 1) >> order << order;
        uint32_t bottom = bits_larger(first, lowest);
        const reach_t *reach = tree_block(tree, order, first >> order);
        if (reach_is_full(order, reach)) {
            *above += *position - bottom;
            *position = bottom;
            return *above;
        }
        if (is_whole(tree, order, first, bottom, *position)) {
            uint32_t met = *above + reach_tail(order, reach);
            *above = reach_head(order, reach);
            *position = bottom;
            return bits_larger(met, reach_longest(order, reach));
        }
        if (order == LEAF_ORDER)
            return longest_in_leaf(tree, position, bottom, above);
    }
}

uint32_t search_longest(const struct tree *tree, pfn_t lowest, pfn_t limit)
{
    uint32_t bottom = clamp_to_tree(tree, lowest);
    uint32_t position = clamp_to_tree(tree, limit);
    uint32_t above = 0;
    uint32_t longest = 0;
    if (bottom == tree->first && position == tree->end)
        return tree_longest(tree);
    while (position > bottom)
        longest = bits_larger(longest, longest_in_step(tree, &position, bottom, &above));
    return longest;
}
