/*
 * The search of a tree, for any tree and any wish. One used frame and one place stand for all: the
 * used frame is never in a run that is said to be free, and no place is passed over.
 */

#include "any.h"

typedef unsigned char reach_t;
static bool stub_reach_is_full(unsigned order, const reach_t *reach);
static uint32_t stub_reach_head(unsigned order, const reach_t *reach);
static uint32_t stub_reach_tail(unsigned order, const reach_t *reach);
static uint32_t stub_reach_longest(unsigned order, const reach_t *reach);

#include "mm/search.h"

struct walk;
static bool stub_try_run(struct walk *walk, uint32_t first, struct search_observer *observer);
static bool stub_walk_word(struct walk *walk, uint32_t bottom, struct search_observer *observer);
static bool stub_walk_leaf(struct walk *walk, uint32_t bottom, struct search_observer *observer);
static bool stub_step(struct walk *walk, struct search_observer *observer);
static uint32_t stub_longest_in_leaf(const struct tree *of, uint32_t *position, uint32_t bottom,
                                     uint32_t *above);
static uint32_t stub_longest_in_step(const struct tree *of, uint32_t *position, uint32_t lowest,
                                     uint32_t *above);
static const reach_t *stub_tree_block(const struct tree *of, unsigned order, uint32_t block);
static uint64_t *stub_tree_word(const struct tree *of, uint32_t frame);

#include "mm/search.c"

static struct tree tree;
static struct place_wish wish;
static struct search_result result;
static struct walk walk; /* each stub works on it */

static uint32_t used; /* is not free */
static uint32_t place, place_end; /* are free, in the window, and have what is wished */

static bool place_has(uint64_t frame)
{
    return frame >= place && frame < place_end;
}

static bool is_used_in(uint64_t first, uint64_t end)
{
    return used >= first && used < end;
}

/* A tree of one or two largest blocks, a window, and what stands for all. */
static void make_tree(void)
{
    tree.origin = any64();
    tree.first = any32();
    tree.end = any32();
    tree.top = (unsigned)any_below(TOP + 1);
    used = any32();
    place = any32();
    place_end = any32();
    assume(tree.top >= LEAF_ORDER && tree.origin < PHYS_LIMIT >> FRAME_SHIFT);
    assume(tree.first >> tree.top == 0 && tree.first < tree.end);
    assume((tree.end - 1) >> tree.top <= 1 && tree.end - tree.first <= 1u << ORDER_MAX);
    wish.frame_count = place_end - place;
    wish.lowest = any64();
    wish.limit = any64();
    wish.align_order = (uint8_t)any_below(WORD_BITS);
    wish.boundary_order = any_bool() ? PLACE_NO_BOUNDARY : (uint8_t)any_below(WORD_BITS);
    assume(place < place_end && place >= tree.first && place_end <= tree.end);
    assume(!place_has(used) && place_is_valid(&wish));
    assume(tree.origin + place >= wish.lowest && tree.origin + place_end <= wish.limit);
}

static uint32_t met_first, met_length; /* the longest run that was met: it is free */

static void meet(uint32_t first, uint32_t length)
{
    if (length > met_length) {
        met_first = first;
        met_length = length;
    }
}

static bool is_free_run(uint32_t first, uint32_t length)
{
    uint64_t end = (uint64_t)first + length;
    return length == 0 || (first >= tree.first && end <= tree.end && !is_used_in(first, end));
}

/* ---- the tree, by what reach.h and tree.h say ---- */

static reach_t reach; /* of the block that was asked for last */
static unsigned block_order;
static uint64_t block_first, block_end;
static uint32_t head, tail, longest, longest_first;

static const reach_t *stub_tree_block(const struct tree *of, unsigned order, uint32_t block)
{
    uint32_t size = 1u << order;
    claim(of == &tree && order >= LEAF_ORDER && order <= tree.top);
    block_order = order;
    block_first = (uint64_t)block << order;
    block_end = block_first + size;
    claim(block_first < tree.end && block_end > tree.first);
    head = any32();
    tail = any32();
    longest = any32();
    assume(head <= longest && tail <= longest && longest <= size);
    assume((head == size) == (tail == size));
    assume(tail == 0 || (block_end <= tree.end && tail <= block_end - tree.first));
    assume(head == 0 || (block_first >= tree.first && head <= tree.end - block_first));
    if (is_used_in(block_first, block_end))
        assume(head <= used - block_first && tail < block_end - used);
    assume(head == size || !place_has(block_first + head));
    assume(tail == size || !place_has(block_end - tail - 1));
    assume(!place_has(block_first) || head > 0);
    assume(!place_has(block_end - 1) || tail > 0);
    uint64_t from = place > block_first ? place : block_first;
    uint64_t to = place_end < block_end ? place_end : block_end;
    assume(from >= to || longest >= to - from);
    longest_first = any32();
    assume(longest_first >= block_first && longest_first + (uint64_t)longest <= block_end);
    assume(is_free_run(longest_first, longest));
    return &reach;
}

static bool stub_reach_is_full(unsigned order, const reach_t *of)
{
    claim(of == &reach && order == block_order);
    return tail == 1u << order;
}

static uint32_t stub_reach_head(unsigned order, const reach_t *of)
{
    claim(of == &reach && order == block_order);
    return head;
}

static uint32_t stub_reach_tail(unsigned order, const reach_t *of)
{
    claim(of == &reach && order == block_order);
    return tail;
}

static uint32_t stub_reach_longest(unsigned order, const reach_t *of)
{
    claim(of == &reach && order == block_order);
    return longest;
}

bool place_in_block(const struct place_wish *of, unsigned order, const reach_t *in, pfn_t first)
{
    bool has_place = any_bool();
    claim(of == &wish && in == &reach && order == block_order);
    claim(first == tree.origin + block_first);
    assume(has_place || place < block_first || place_end > block_end);
    return has_place;
}

uint32_t tree_longest(const struct tree *of)
{
    uint32_t length = any32();
    claim(of == &tree);
    met_first = any32();
    met_length = length;
    assume(length >= place_end - place && is_free_run(met_first, length));
    return length;
}

static uint32_t free_above; /* from the frame on whose word was asked for last */

static uint64_t *stub_tree_word(const struct tree *of, uint32_t frame)
{
    static uint64_t word;
    uint32_t first = frame / WORD_BITS * WORD_BITS;
    uint32_t last = first + (WORD_BITS - 1);
    claim(of == &tree && last >= tree.first && first < tree.end);
    word = any64();
    if (is_used_in(first, (uint64_t)last + 1))
        assume(!(word >> used % WORD_BITS & 1));
    uint32_t from = bits_larger(first, place);
    uint32_t to = bits_smaller(last, place_end - 1);
    if (from <= to) {
        uint64_t bits = UINT64_MAX << (from - first) & UINT64_MAX >> (last - to);
        assume((word & bits) == bits);
    }
    free_above = word >> frame % WORD_BITS & 1 ? free_above + 1 : 0;
    meet(frame, free_above);
    return &word;
}

/* ---- the walk ---- */

/*
 * [position, position + above) is free. A place that begins at the position or above ends with
 * these frames. No place has the frame position + above.
 */
static bool is_right(void)
{
    uint64_t end = (uint64_t)walk.position + walk.above;
    return walk.position >= walk.lowest && end <= tree.end && !is_used_in(walk.position, end) &&
           (place < walk.position || place_end <= end) && !place_has(end);
}

static void make_walk(void)
{
    make_tree();
    walk.tree = &tree;
    walk.wish = &wish;
    walk.lowest = any32();
    walk.position = any32();
    walk.above = any32();
    walk.result = &result;
    assume(walk.lowest >= tree.first && walk.lowest <= place);
    assume(is_right() && walk.position > walk.lowest);
}

static void enter(const struct walk *of, const struct search_observer *observer)
{
    walk = *of;
    claim(of->tree == &tree && of->wish == &wish && of->result == &result && !observer);
}

/* Steps down to `bottom`, or finds a place, which the row of the function says is the highest. */
static bool walk_to(struct walk *of, uint32_t bottom)
{
    claim(bottom >= walk.lowest && bottom < walk.position && is_right());
    walk.position = bottom;
    walk.above = any32();
    assume(is_right());
    *of = walk;
    return any_bool();
}

static bool stub_try_run(struct walk *of, uint32_t first, struct search_observer *observer)
{
    enter(of, observer);
    uint32_t end = walk.position + walk.above;
    uint32_t at = any32();
    bool has_place = any_bool();
    claim(first >= walk.lowest && first <= walk.position);
    claim(!is_used_in(first, end));
    claim(first == walk.lowest || !place_has(first - 1) || !place_has(first));
    assume(has_place || place < first || place_end > end);
    if (!has_place)
        return false;
    assume(at >= first && at < end && end - at >= wish.frame_count);
    assume(at >= place || place < first || place_end > end);
    claim(at >= place);
    return true;
}

static bool stub_walk_word(struct walk *of, uint32_t bottom, struct search_observer *observer)
{
    enter(of, observer);
    uint32_t word_first = (walk.position - 1) / WORD_BITS * WORD_BITS;
    return walk_to(of, bits_larger(bottom, word_first));
}

static bool stub_walk_leaf(struct walk *of, uint32_t bottom, struct search_observer *observer)
{
    enter(of, observer);
    claim((walk.position - 1) >> LEAF_ORDER == bottom >> LEAF_ORDER);
    return walk_to(of, bottom);
}

static bool stub_step(struct walk *of, struct search_observer *observer)
{
    uint32_t bottom = any32();
    enter(of, observer);
    assume(bottom >= walk.lowest && bottom < walk.position);
    return walk_to(of, bottom);
}

/* ---- a run ---- */

static struct frame_range asked;
static bool is_asked, has_place_in_run;
static pfn_t place_in_asked;

bool place_in_run(const struct place_wish *of, pfn_t first, pfn_t end, pfn_t *at)
{
    claim(of == &wish && first < end);
    is_asked = true;
    asked.first = first;
    asked.end = end;
    has_place_in_run = any_bool();
    *at = place_in_asked = any64();
    return has_place_in_run;
}

/* A run that is long enough has the place that place_in_run finds. */
void prove_try_run(void)
{
    make_walk();
    uint32_t first = (uint32_t)any_below(walk.position + 1);
    pfn_t length = walk.position + walk.above - first;
    bool has_place = try_run(&walk, first, NULL);
    claim(is_asked == (length >= wish.frame_count));
    claim(has_place == (is_asked && has_place_in_run));
    claim(!is_asked || (asked.first == tree.origin + first && asked.end == asked.first + length));
    claim(!has_place || (result.run_first == asked.first && result.run_end == asked.end &&
                         result.place == place_in_asked));
    REACHED();
}

/* ---- words and leaves, steps, the whole ---- */

/* A word is left at its first frame, or at the bottom. */
void prove_walk_word(void)
{
    make_walk();
    uint32_t bottom = (uint32_t)any_below(walk.position);
    uint32_t first = (walk.position - 1) / WORD_BITS * WORD_BITS;
    assume(bottom >= walk.lowest && walk.position - bottom <= 6);
    if (!walk_word(&walk, bottom, NULL))
        claim(is_right() && walk.position == bits_larger(first, bottom));
    REACHED();
}

void prove_walk_leaf(void)
{
    make_walk();
    uint32_t bottom = (uint32_t)any_below(walk.position);
    assume(bottom >= walk.lowest && (walk.position - 1) >> LEAF_ORDER == bottom >> LEAF_ORDER);
    if (!walk_leaf(&walk, bottom, NULL))
        claim(is_right() && walk.position == bottom);
    REACHED();
}

/* Each step lowers the position, and passes over no place. */
void prove_step(void)
{
    make_walk();
    uint32_t before = walk.position;
    if (!step(&walk, NULL))
        claim(is_right() && walk.position < before);
    REACHED();
}

/* A place is found, if there is one. That it is the highest is claimed where it is found. */
void prove_search(void)
{
    make_tree();
    assume(tree.end - tree.first <= 6);
    claim(search_tree(&tree, &wish, &result));
    REACHED();
}

/* ---- the longest run ---- */

static uint32_t lowest, known; /* the window's first frame; the longest run so far */

/*
 * [position, position + above) is free. The run that stands for all does not go on behind these
 * frames. If it begins at the position or above, `known` is not less than its length.
 */
static bool is_longest(uint32_t position, uint32_t above)
{
    uint64_t end = (uint64_t)position + above;
    return position >= lowest && end <= tree.end && !is_used_in(position, end) &&
           (place < position ? place_end <= position || place_end <= end
                             : known >= place_end - place);
}

static void make_longest(uint32_t *position, uint32_t *above)
{
    make_tree();
    lowest = any32();
    *position = any32();
    *above = any32();
    known = any32();
    assume(lowest >= tree.first && lowest <= place && place_end <= tree.end);
    assume(is_longest(*position, *above) && *position > lowest);
}

/* What was met was not shorter than what is known, and this run is in the window, and free. */
static bool is_met(uint32_t length)
{
    return length == met_length && is_free_run(met_first, length) &&
           (length == 0 || met_first >= lowest);
}

/* Steps down to `bottom`. Returns the length of the longest run that it met. */
static uint32_t longest_to(uint32_t *position, uint32_t bottom, uint32_t *above)
{
    uint32_t met = any32();
    uint32_t first = any32();
    claim(bottom >= lowest && bottom < *position && is_longest(*position, *above));
    known = bits_larger(known, met);
    *position = bottom;
    *above = any32();
    assume(is_longest(*position, *above));
    assume(is_free_run(first, met) && (met == 0 || first >= lowest));
    meet(first, met);
    return met;
}

static uint32_t stub_longest_in_leaf(const struct tree *of, uint32_t *position, uint32_t bottom,
                                     uint32_t *above)
{
    claim(of == &tree && (*position - 1) >> LEAF_ORDER == bottom >> LEAF_ORDER);
    return longest_to(position, bottom, above);
}

static uint32_t stub_longest_in_step(const struct tree *of, uint32_t *position, uint32_t least,
                                     uint32_t *above)
{
    uint32_t bottom = any32();
    claim(of == &tree && least == lowest);
    assume(bottom >= lowest && bottom < *position);
    return longest_to(position, bottom, above);
}

/* The runs in the bits of a leaf: at least as long as each of them, and as long as one. */
void prove_longest_in_leaf(void)
{
    uint32_t position, above;
    make_longest(&position, &above);
    uint32_t bottom = (uint32_t)any_below(position);
    assume(bottom >= lowest && position - bottom <= 4);
    free_above = above;
    meet(position, above);
    uint32_t met = longest_in_leaf(&tree, &position, bottom, &above);
    known = bits_larger(known, met);
    claim(position == bottom && is_longest(position, above) && is_met(met));
    REACHED();
}

/* The longest run of a step is the one above the lower frames, or one that the step met. */
void prove_longest_in_step(void)
{
    uint32_t position, above;
    make_longest(&position, &above);
    uint32_t before = position;
    uint32_t before_above = above;
    uint32_t met = longest_in_step(&tree, &position, lowest, &above);
    known = bits_larger(known, met);
    claim(position < before && is_longest(position, above));
    if (met_length != met && met == above)
        meet(position, above);
    if (met_length != met && met == before_above + tail)
        meet(before - tail, met);
    if (met_length != met)
        meet(longest_first, longest);
    claim(is_met(met));
    REACHED();
}

/* No free run in the window is longer than what is found, and one is as long. */
void prove_longest(void)
{
    make_tree();
    assume(tree.end - tree.first <= 6);
    lowest = clamp_to_tree(&tree, wish.lowest);
    uint32_t length = search_longest(&tree, wish.lowest, wish.limit);
    claim(length >= place_end - place && is_met(length));
    REACHED();
}
