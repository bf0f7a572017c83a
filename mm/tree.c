/*
 * Marks frames as used or as free in the tree of a range, and so splits and merges its blocks. A
 * change first splits the full blocks on the two paths to its ends. Then it goes up from the
 * leaves, order by order: blocks that it covers wholly become full or empty, and the two that it
 * covers only in part are summed up.
 */

#include "tree.h"

/* ---- the beginning --------------------------------------------------------------------------- */

unsigned tree_top(struct frame_range range)
{
    MM_ASSERT_COSTLY(range.first < range.end);
    unsigned order = LEAF_ORDER;
    while (((range.end - 1) >> order) - (range.first >> order) > 1)
        order++;
    return order;
}

/* Numbers frames and blocks. Each order has whole pairs, so that each block has both halves. */
static void lay_out(struct tree *tree, struct frame_range range)
{
    tree->top = tree_top(range);
    MM_ASSERT_COSTLY(tree->top >= LEAF_ORDER && tree->top <= ORDER_MAX);
    tree->origin = range.first >> tree->top << tree->top;
    tree->first = (uint32_t)(range.first - tree->origin);
    tree->end = (uint32_t)(range.end - tree->origin);
    for (unsigned order = LEAF_ORDER; order <= tree->top; order++) {
        struct tree_level *level = &tree->levels[order - LEAF_ORDER];
        level->first_block = tree->first >> order & ~1u;
        level->block_count = ((tree->end - 1) >> order | 1) - level->first_block + 1;
        level->block_bytes = (uint32_t)reach_bytes(order);
    }
}

static size_t levels_bytes(const struct tree *tree)
{
    return ((tree->top + 1 - LEAF_ORDER) * sizeof(struct tree_level) + 7) & ~(size_t)7;
}

static size_t bits_bytes(const struct tree *tree)
{
    return (size_t)tree->levels[0].block_count * LEAF_WORDS * sizeof(uint64_t);
}

size_t tree_table_bytes(struct frame_range range)
{
    struct tree_level levels[TREE_LEVELS];
    struct tree tree;
    tree.levels = levels;
    lay_out(&tree, range);
    size_t bytes = levels_bytes(&tree) + bits_bytes(&tree);
    for (unsigned order = LEAF_ORDER; order <= tree.top; order++)
        bytes +=
            (size_t)levels[order - LEAF_ORDER].block_bytes * levels[order - LEAF_ORDER].block_count;
    return bytes;
}

void tree_init(struct tree *tree, struct frame_range range, void *tables)
{
    uint64_t *words = (uint64_t *)tables;
    size_t word_count = tree_table_bytes(range) / sizeof *words;
    for (size_t i = 0; i < word_count; i++)
        words[i] = 0;
    tree->levels = (struct tree_level *)tables;
    lay_out(tree, range);
    reach_t *next = (reach_t *)tables + levels_bytes(tree);
    tree->free_bits = (uint64_t *)(void *)next;
    next += bits_bytes(tree);
    for (unsigned order = LEAF_ORDER; order <= tree->top; order++) {
        struct tree_level *level = &tree->levels[order - LEAF_ORDER];
        level->blocks = next;
        next += (size_t)level->block_bytes * level->block_count;
    }
}

/* ---- what is asked of a change --------------------------------------------------------------- */

/* True if the two blocks, each of this order, are the halves of one. */
static bool are_buddies(const struct tree *tree, unsigned order, const reach_t *left,
                        const reach_t *right)
{
    const struct tree_level *level = &tree->levels[order - LEAF_ORDER];
    size_t place = (size_t)(left - level->blocks) / level->block_bytes;
    return place % 2 == 0 && right == left + level->block_bytes;
}

static bool is_in_range(const struct tree *tree, uint32_t first, uint32_t end)
{
    return first >= tree->first && first < end && end <= tree->end;
}

/* True if all frames of [first, end) are free. */
static bool are_free(const struct tree *tree, uint32_t first, uint32_t end)
{
    return tree_has(tree, first) && tree_run_end(tree, first) >= end;
}

/* The order of the largest block with `frame` and no free frame; below LEAF_ORDER if none. */
static unsigned empty_order(const struct tree *tree, uint32_t frame)
{
    unsigned order = tree->top;
    while (order >= LEAF_ORDER && reach_longest(order, tree_block(tree, order, frame >> order)))
        order--;
    return order;
}

/*
 * True if no frame of [first, end) is free. Positions have 64 bits: the one behind the last frame
 * may be 2^32.
 */
static bool are_taken(const struct tree *tree, uint64_t first, uint32_t end)
{
    while (first < end) {
        uint32_t frame = (uint32_t)first;
        unsigned order = empty_order(tree, frame);
        if (tree_has(tree, frame) ||
            (order < LEAF_ORDER && (*tree_word(tree, frame) & bits_from(frame, end)) != 0))
            return false;
        unsigned step = order < LEAF_ORDER ? WORD_ORDER : order;
        first = ((first >> step) + 1) << step;
    }
    return true;
}

/* ---- splitting ------------------------------------------------------------------------------- */

static void set_leaf_bits(struct tree *tree, uint32_t leaf, uint64_t word)
{
    uint64_t *words = tree_word(tree, leaf << LEAF_ORDER);
    for (unsigned i = 0; i < LEAF_WORDS; i++)
        words[i] = word;
}

static bool covers(uint32_t first, uint32_t end, unsigned order, uint32_t block)
{
    return block << order >= first && (uint64_t)(block + 1) << order <= end;
}

/*
 * Splits the full block on the path to `frame` into halves, then the half on the path, and so on,
 * down to a block that [first, end) covers, or to the bits of the leaf.
 */
static void split_path(struct tree *tree, uint32_t frame, uint32_t first, uint32_t end)
{
    for (unsigned order = tree->top;
         order >= LEAF_ORDER && !covers(first, end, order, frame >> order); order--) {
        uint32_t block = frame >> order;
        if (!reach_is_full(order, tree_block(tree, order, block)))
            continue;
        reach_empty(order, tree_block(tree, order, block));
        if (order > LEAF_ORDER) {
            reach_fill(order - 1, tree_block(tree, order - 1, 2 * block));
            reach_fill(order - 1, tree_block(tree, order - 1, 2 * block + 1));
        } else {
            set_leaf_bits(tree, block, WORD_ONES);
        }
    }
}

/* ---- merging --------------------------------------------------------------------------------- */

/*
 * Sums a leaf up from its bits. If it is full, its bits become 0. Frames were given to the leaf or
 * taken from it, and `frame` is one of them. Returns the rows that changed.
 */
static uint32_t sum_up_leaf(struct tree *tree, uint32_t frame, bool is_free)
{
    uint32_t leaf = frame >> LEAF_ORDER;
    reach_t *reach = tree_block(tree, LEAF_ORDER, leaf);
    const uint64_t *words = tree_word(tree, leaf << LEAF_ORDER);
    bool changed =
        is_free ? reach_give(reach, words, frame % LEAF_FRAMES) : reach_sum_up(reach, words);
    if (reach_is_full(LEAF_ORDER, reach))
        set_leaf_bits(tree, leaf, 0);
    return changed ? REACH_ROWS : 0;
}

/*
 * Sums a block up from its halves, of which these rows changed. If it is full, its halves become
 * nothing. Returns the rows that changed.
 */
static uint32_t sum_up(struct tree *tree, unsigned order, uint32_t frame, bool is_free,
                       uint32_t rows)
{
    uint32_t block = frame >> order;
    if (order == LEAF_ORDER)
        return sum_up_leaf(tree, frame, is_free);
    reach_t *reach = tree_block(tree, order, block);
    reach_t *left = tree_block(tree, order - 1, 2 * block);
    reach_t *right = tree_block(tree, order - 1, 2 * block + 1);
    MM_ASSERT_COSTLY(are_buddies(tree, order - 1, left, right));
    uint32_t changed = reach_combine(order, reach, left, right, rows);
    if (reach_is_full(order, reach)) {
        MM_ASSERT_COSTLY(reach_is_full(order - 1, left) && reach_is_full(order - 1, right));
        reach_empty(order - 1, left);
        reach_empty(order - 1, right);
    }
    return changed;
}

/* ---- changes --------------------------------------------------------------------------------- */

/* A block that changes as a whole has nothing below it, before and after. */
static void set_block(struct tree *tree, unsigned order, uint32_t block, bool is_free)
{
    MM_ASSERT_COSTLY(is_free ? reach_longest(order, tree_block(tree, order, block)) == 0
                             : reach_is_full(order, tree_block(tree, order, block)));
    if (is_free)
        reach_fill(order, tree_block(tree, order, block));
    else
        reach_empty(order, tree_block(tree, order, block));
}

/* Positions have 64 bits: the border above the last frames may be 2^32. */
static void flip_bits(struct tree *tree, uint64_t first, uint64_t end)
{
    while (first < end) {
        *tree_word(tree, (uint32_t)first) ^= bits_from((uint32_t)first, (uint32_t)end);
        first = (first | (WORD_BITS - 1)) + 1;
    }
}

static uint32_t leaves_up_to(uint32_t frame)
{
    return (frame >> LEAF_ORDER) + (frame % LEAF_FRAMES != 0);
}

/* Changes the bits of [first, end) in the leaves that it covers only in part. */
static void flip_ends(struct tree *tree, uint32_t first, uint32_t end)
{
    uint64_t first_whole = (uint64_t)leaves_up_to(first) << LEAF_ORDER;
    uint64_t end_whole = end >> LEAF_ORDER << LEAF_ORDER;
    if (first_whole > end_whole) {
        flip_bits(tree, first, end);
        return;
    }
    flip_bits(tree, first, first_whole);
    flip_bits(tree, end_whole, end);
}

/*
 * Fills or empties the blocks of this order that are the largest that [first, end) covers. Then
 * halves the numbers *block and *block_end, for the next order.
 */
static void set_covered(struct tree *tree, unsigned order, uint32_t *block, uint32_t *block_end,
                        bool is_free)
{
    if (order == tree->top)
        while (*block < *block_end)
            set_block(tree, order, (*block)++, is_free);
    if (*block < *block_end && *block % 2 != 0)
        set_block(tree, order, (*block)++, is_free);
    if (*block < *block_end && *block_end % 2 != 0)
        set_block(tree, order, --*block_end, is_free);
    *block /= 2;
    *block_end /= 2;
}

static uint32_t change(struct tree *tree, uint32_t first, uint32_t end, bool is_free)
{
    uint32_t block = leaves_up_to(first);
    uint32_t block_end = end >> LEAF_ORDER;
    uint32_t rows = REACH_ROWS;
    flip_ends(tree, first, end);
    for (unsigned order = LEAF_ORDER; order <= tree->top && rows; order++) {
        uint32_t low = first >> order;
        uint32_t high = (end - 1) >> order;
        uint32_t changed = block < block_end ? REACH_ROWS : 0;
        set_covered(tree, order, &block, &block_end, is_free);
        if (!covers(first, end, order, low))
            changed |= sum_up(tree, order, first, is_free, rows);
        if (high != low && !covers(first, end, order, high))
            changed |= sum_up(tree, order, end - 1, is_free, rows);
        rows = changed;
    }
    return rows;
}

uint32_t tree_take(struct tree *tree, uint32_t first, uint32_t end)
{
    MM_ASSERT_COSTLY(is_in_range(tree, first, end) && are_free(tree, first, end));
    split_path(tree, first, first, end);
    split_path(tree, end - 1, first, end);
    return change(tree, first, end, false);
}

uint32_t tree_give(struct tree *tree, uint32_t first, uint32_t end)
{
    MM_ASSERT_COSTLY(is_in_range(tree, first, end) && are_taken(tree, first, end));
    return change(tree, first, end, true);
}

/* ---- looking --------------------------------------------------------------------------------- */

bool tree_has(const struct tree *tree, uint32_t frame)
{
    for (unsigned order = tree->top; order >= LEAF_ORDER; order--) {
        const reach_t *reach = tree_block(tree, order, frame >> order);
        if (reach_is_full(order, reach))
            return true;
        if (reach_longest(order, reach) == 0)
            return false;
    }
    return (*tree_word(tree, frame) & bits_of(frame)) != 0;
}

/* The order of the full block that holds `frame`, which is free; below LEAF_ORDER if none. */
static unsigned full_order(const struct tree *tree, uint32_t frame)
{
    unsigned order = tree->top;
    while (order >= LEAF_ORDER && !reach_is_full(order, tree_block(tree, order, frame >> order)))
        order--;
    return order;
}

/* The order of the largest block that begins at a border of leaves, or ends there. */
static unsigned order_at(const struct tree *tree, uint32_t border)
{
    return bits_smaller(bits_lowest32(border), tree->top);
}

/* The end of the free run that holds `frame`, inside its leaf. */
static uint32_t end_in_leaf(const struct tree *tree, uint32_t frame)
{
    do {
        uint64_t used = ~*tree_word(tree, frame) >> frame % WORD_BITS;
        if (used)
            return frame + bits_lowest(used);
        frame = (frame | (WORD_BITS - 1)) + 1;
    } while (frame % LEAF_FRAMES != 0);
    return frame;
}

/*
 * Behind a full block or a leaf, the next block is below no full block. So its head says how the
 * run goes on.
 */
uint32_t tree_run_end(const struct tree *tree, uint32_t frame)
{
    MM_ASSERT_COSTLY(tree_has(tree, frame));
    unsigned order = full_order(tree, frame);
    uint32_t end = order >= LEAF_ORDER ? ((frame >> order) + 1) << order : end_in_leaf(tree, frame);
    while (end % LEAF_FRAMES == 0 && end < tree->end) {
        order = order_at(tree, end);
        uint32_t head = reach_head(order, tree_block(tree, order, end >> order));
        end += head;
        if (head < 1u << order)
            break;
    }
    return end;
}

/* The first frame of the free run that holds `frame`, inside its leaf. */
static uint32_t first_in_leaf(const struct tree *tree, uint32_t frame)
{
    do {
        uint64_t used = ~*tree_word(tree, frame) << (WORD_BITS - 1 - frame % WORD_BITS);
        if (used)
            return frame + 1 - bits_zeros_at_top(used);
        frame = frame / WORD_BITS * WORD_BITS;
    } while (frame-- % LEAF_FRAMES != 0);
    return frame + 1;
}

uint32_t tree_run_first(const struct tree *tree, uint32_t frame)
{
    MM_ASSERT_COSTLY(tree_has(tree, frame));
    unsigned order = full_order(tree, frame);
    uint32_t first = order >= LEAF_ORDER ? frame >> order << order : first_in_leaf(tree, frame);
    while (first % LEAF_FRAMES == 0 && first > tree->first) {
        order = order_at(tree, first);
        uint32_t tail = reach_tail(order, tree_block(tree, order, (first >> order) - 1));
        first -= tail;
        if (tail < 1u << order)
            break;
    }
    return first;
}

uint32_t tree_longest(const struct tree *tree)
{
    unsigned top = tree->top;
    const reach_t *left = tree_block(tree, top, 0);
    const reach_t *right = tree_block(tree, top, 1);
    return bits_larger(bits_larger(reach_longest(top, left), reach_longest(top, right)),
                       reach_tail(top, left) + reach_head(top, right));
}

/* ---- checking -------------------------------------------------------------------------------- */

/* Below a full block: the end of all blocks of this order that are below it. Else `block`. */
static uint32_t end_below_full(const struct tree *tree, unsigned order, uint32_t block)
{
    uint32_t above = block;
    for (unsigned up = 1; order + up <= tree->top; up++) {
        above /= 2;
        if (reach_is_full(order + up, tree_block(tree, order + up, above)))
            return (above + 1) << up;
    }
    return block;
}

/* True if a block has no frames of the range. It has memory only because of its buddy. */
static bool is_outside(const struct tree *tree, unsigned order, uint32_t block)
{
    return block < tree->first >> order || block > (tree->end - 1) >> order;
}

/* The right numbers of a block that is not below a full one, computed from what is below it. */
static void expect(const struct tree *tree, unsigned order, uint32_t block, reach_t *right)
{
    reach_clear(order, right);
    if (is_outside(tree, order, block))
        return;
    if (reach_is_full(order, tree_block(tree, order, block)))
        reach_fill(order, right);
    else if (order == LEAF_ORDER)
        reach_sum_up(right, tree_word(tree, block << LEAF_ORDER));
    else
        reach_combine(order, right, tree_block(tree, order - 1, 2 * block),
                      tree_block(tree, order - 1, 2 * block + 1), REACH_ROWS);
}

/* A full block must lie inside the range. */
static const char *check_block(const struct tree *tree, unsigned order, uint32_t block,
                               pfn_t *free_count)
{
    reach_t right[REACH_BYTES_MAX] __attribute__((aligned(4)));
    const reach_t *reach = tree_block(tree, order, block);
    bool is_full = reach_is_full(order, reach);
    expect(tree, order, block, right);
    if (!reach_is_same(order, reach, right))
        return "a block's numbers do not fit its frames";
    if (is_full && !covers(tree->first, tree->end, order, block))
        return "a block is free that is not all there";
    if (is_full)
        *free_count += (pfn_t)1 << order;
    return NULL;
}

static bool is_zero(const void *memory, size_t bytes)
{
    const unsigned char *byte = (const unsigned char *)memory;
    while (bytes > 0 && *byte == 0) {
        byte++;
        bytes--;
    }
    return bytes == 0;
}

/* True if these leaves have no bit that is set. */
static bool have_no_bits(const struct tree *tree, uint32_t leaf, uint32_t leaf_count)
{
    return is_zero(tree_word(tree, leaf << LEAF_ORDER),
                   (size_t)leaf_count * LEAF_WORDS * sizeof(uint64_t));
}

static bool has_bits_outside(const struct tree *tree, uint32_t leaf)
{
    uint32_t frame = leaf << LEAF_ORDER;
    for (unsigned i = 0; i < LEAF_FRAMES; i++, frame++)
        if ((frame < tree->first || frame >= tree->end) && bits_has(*tree_word(tree, frame), frame))
            return true;
    return false;
}

static const char *check_leaf_bits(const struct tree *tree, uint32_t leaf, pfn_t *free_count)
{
    bool is_full = reach_is_full(LEAF_ORDER, tree_block(tree, LEAF_ORDER, leaf));
    if (is_full && !have_no_bits(tree, leaf, 1))
        return "a full block has bits";
    if (!covers(tree->first, tree->end, LEAF_ORDER, leaf) && has_bits_outside(tree, leaf))
        return "a frame is free that is not there";
    for (unsigned i = 0; i < LEAF_WORDS; i++)
        *free_count += bits_count(tree_word(tree, leaf << LEAF_ORDER)[i]);
    return NULL;
}

/* Blocks below a full block must have only zeros, in their numbers and bits. */
static const char *check_below_full(const struct tree *tree, unsigned order, uint32_t block,
                                    uint32_t block_count)
{
    if (!is_zero(tree_block(tree, order, block), reach_bytes(order) * block_count))
        return "a block's numbers do not fit its frames";
    return order > LEAF_ORDER || have_no_bits(tree, block, block_count) ? NULL
                                                                        : "a full block has bits";
}

/* Blocks below the same full block are checked together. */
static const char *check_level(const struct tree *tree, unsigned order, pfn_t *free_count)
{
    const struct tree_level *level = &tree->levels[order - LEAF_ORDER];
    uint32_t level_end = level->first_block + level->block_count;
    const char *broken = NULL;
    for (uint32_t block = level->first_block; block < level_end && !broken;) {
        uint32_t end = bits_smaller(end_below_full(tree, order, block), level_end);
        if (end > block) {
            broken = check_below_full(tree, order, block, end - block);
            block = end;
            continue;
        }
        if (order == LEAF_ORDER)
            broken = check_leaf_bits(tree, block, free_count);
        if (!broken)
            broken = check_block(tree, order, block, free_count);
        block++;
    }
    return broken;
}

MM_COLD const char *tree_check(const struct tree *tree, pfn_t *free_count)
{
    const char *broken = NULL;
    *free_count = 0;
    for (unsigned order = LEAF_ORDER; order <= tree->top && !broken; order++)
        broken = check_level(tree, order, free_count);
    return broken;
}
