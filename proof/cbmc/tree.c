/*
 * The tree of blocks, from any right tree of two levels on: four leaves, two by two. Of the numbers
 * of a block, only its ends, and whether it is full or empty, decide where the tree's bits go. So
 * three numbers stand here for those of mm/reach.h, and functions for their contracts.
 */

#include "any.h"
#include "mm/bits.h"

#define MM_REACH_H
#define LEAF_FRAMES (1u << LEAF_ORDER)
#define LEAF_WORDS (LEAF_FRAMES / WORD_BITS)
#define ORDER_MAX 31
#define REACH_BYTES_MAX 1
#define REACH_ROW(k) (1u << (k))
#define REACH_ROWS UINT32_MAX

typedef struct {
    uint16_t longest, head, tail;
} reach_t;

size_t reach_bytes(unsigned order);
void reach_clear(unsigned order, reach_t *reach);
void reach_empty(unsigned order, reach_t *reach);
void reach_fill(unsigned order, reach_t *reach);
uint32_t reach_combine(unsigned order, reach_t *reach, const reach_t *left, const reach_t *right,
                       uint32_t rows);
bool reach_is_same(unsigned order, const reach_t *a, const reach_t *b);
bool reach_sum_up(reach_t *reach, const uint64_t *words);
bool reach_give(reach_t *reach, const uint64_t *words, uint32_t frame);

static inline uint32_t reach_longest(unsigned order, const reach_t *reach)
{
    (void)order;
    return reach->longest;
}

static inline uint32_t reach_head(unsigned order, const reach_t *reach)
{
    (void)order;
    return reach->head;
}

static inline uint32_t reach_tail(unsigned order, const reach_t *reach)
{
    (void)order;
    return reach->tail;
}

static inline bool reach_is_full(unsigned order, const reach_t *reach)
{
    return reach->tail == 1u << order;
}

#include "mm/tree.c"

#define LEAVES 4u
#define FRAMES (LEAVES * LEAF_FRAMES)
#define WORDS (FRAMES / WORD_BITS)
#define ORDER (LEAF_ORDER + 1)

static struct tree_level levels[2];
static reach_t leaves[LEAVES];
static reach_t blocks[2];
static uint64_t bits[WORDS];
static struct tree tree;

/* ---- the numbers, by their contracts ---- */

/* In the tree, a block's place is its number times this. Here, it is an element of an array. */
size_t reach_bytes(unsigned order)
{
    (void)order;
    return 1;
}

static void set(reach_t *reach, uint32_t longest, uint32_t head, uint32_t tail)
{
    reach->longest = (uint16_t)longest;
    reach->head = (uint16_t)head;
    reach->tail = (uint16_t)tail;
}

void reach_fill(unsigned order, reach_t *reach)
{
    set(reach, 1u << order, 1u << order, 1u << order);
}

void reach_empty(unsigned order, reach_t *reach)
{
    (void)order;
    set(reach, 0, 0, 0);
}

/* Any length that a block with such ends may have. */
static uint32_t any_longest(unsigned order, bool is_empty, uint32_t head, uint32_t tail)
{
    uint32_t longest = any32();
    assume(longest >= head && longest >= tail && longest <= 1u << order);
    assume((longest == 0) == is_empty);
    assume((longest == 1u << order) == (head == 1u << order));
    return longest;
}

uint32_t reach_combine(unsigned order, reach_t *reach, const reach_t *left, const reach_t *right,
                       uint32_t rows)
{
    unsigned half = order - 1;
    uint32_t size = 1u << half;
    uint32_t head = reach_head(half, left);
    uint32_t tail = reach_tail(half, right);
    if (head == size)
        head += reach_head(half, right);
    if (tail == size)
        tail += reach_tail(half, left);
    bool is_empty = reach_longest(half, left) == 0 && reach_longest(half, right) == 0;
    uint32_t longest = any_longest(order, is_empty, head, tail);
    uint32_t before = reach_longest(order, reach) ^ longest;
    before |= (reach_head(order, reach) ^ head) | (reach_tail(order, reach) ^ tail);
    (void)rows;
    set(reach, longest, head, tail);
    return before || any_bool() ? REACH_ROWS : 0;
}

static uint32_t head_of(const uint64_t *words)
{
    for (uint32_t i = 0; i < LEAF_WORDS; i++)
        if (~words[i])
            return i * WORD_BITS + bits_lowest(~words[i]);
    return LEAF_FRAMES;
}

static uint32_t tail_of(const uint64_t *words)
{
    for (uint32_t i = LEAF_WORDS; i-- > 0;)
        if (~words[i])
            return (LEAF_WORDS - 1 - i) * WORD_BITS + bits_zeros_at_top(~words[i]);
    return LEAF_FRAMES;
}

static bool is_bare(const uint64_t *words)
{
    uint64_t any = 0;
    for (uint32_t i = 0; i < LEAF_WORDS; i++)
        any |= words[i];
    return any == 0;
}

bool reach_sum_up(reach_t *reach, const uint64_t *words)
{
    uint32_t head = head_of(words);
    uint32_t tail = tail_of(words);
    uint32_t longest = any_longest(LEAF_ORDER, is_bare(words), head, tail);
    uint32_t before = reach_longest(LEAF_ORDER, reach) ^ longest;
    before |= (reach_head(LEAF_ORDER, reach) ^ head) | (reach_tail(LEAF_ORDER, reach) ^ tail);
    set(reach, longest, head, tail);
    return before || any_bool();
}

bool reach_give(reach_t *reach, const uint64_t *words, uint32_t frame)
{
    claim(words[frame / WORD_BITS] >> frame % WORD_BITS & 1);
    return reach_sum_up(reach, words);
}

/* ---- any right tree ---- */

static reach_t *leaf_at(uint32_t leaf)
{
    return tree_block(&tree, LEAF_ORDER, leaf);
}

static reach_t *block_at(uint32_t block)
{
    return tree_block(&tree, ORDER, block);
}

static bool is_full(uint32_t leaf)
{
    return reach_is_full(ORDER, block_at(leaf / 2)) || reach_is_full(LEAF_ORDER, leaf_at(leaf));
}

/* The definition: a frame is free if a full block above it says so, or else its bit. */
static bool is_free(uint32_t frame)
{
    bool free = (bits[frame / WORD_BITS] >> frame % WORD_BITS & 1);
    for (uint32_t leaf = 0; leaf < LEAVES; leaf++)
        free = free || (frame >> LEAF_ORDER == leaf && is_full(leaf));
    return free;
}

static bool is_nothing(unsigned order, const reach_t *reach)
{
    return reach_longest(order, reach) == 0 && reach_head(order, reach) == 0 &&
           reach_tail(order, reach) == 0;
}

static bool is_inside(uint32_t first, uint32_t end)
{
    return first >= tree.first && end <= tree.end;
}

static bool is_leaf_right(uint32_t leaf)
{
    const reach_t *reach = leaf_at(leaf);
    const uint64_t *words = tree.free_bits + leaf * LEAF_WORDS;
    uint32_t longest = reach_longest(LEAF_ORDER, reach);
    if (reach_is_full(ORDER, block_at(leaf / 2)))
        return is_nothing(LEAF_ORDER, reach) && is_bare(words);
    if (reach_is_full(LEAF_ORDER, reach))
        return longest == LEAF_FRAMES && reach_head(LEAF_ORDER, reach) == LEAF_FRAMES &&
               is_bare(words) && is_inside(leaf * LEAF_FRAMES, (leaf + 1) * LEAF_FRAMES);
    return (longest == 0) == is_bare(words) && longest < LEAF_FRAMES &&
           reach_head(LEAF_ORDER, reach) == head_of(words) &&
           reach_tail(LEAF_ORDER, reach) == tail_of(words) && head_of(words) < LEAF_FRAMES;
}

static bool is_block_right(uint32_t block)
{
    const reach_t *reach = block_at(block);
    const reach_t *left = leaf_at(2 * block);
    const reach_t *right = leaf_at(2 * block + 1);
    uint32_t head = reach_head(LEAF_ORDER, left);
    uint32_t tail = reach_tail(LEAF_ORDER, right);
    uint32_t longest = reach_longest(ORDER, reach);
    if (reach_is_full(ORDER, reach))
        return longest == 1u << ORDER && reach_head(ORDER, reach) == 1u << ORDER &&
               is_inside(block << ORDER, (block + 1) << ORDER);
    if (head == LEAF_FRAMES)
        head += reach_head(LEAF_ORDER, right);
    if (tail == LEAF_FRAMES)
        tail += reach_tail(LEAF_ORDER, left);
    bool is_empty = reach_longest(LEAF_ORDER, left) == 0 && reach_longest(LEAF_ORDER, right) == 0;
    return head < 1u << ORDER && reach_head(ORDER, reach) == head &&
           reach_tail(ORDER, reach) == tail && (longest == 0) == is_empty && longest < 1u << ORDER;
}

static bool is_right(void)
{
    bool right = is_block_right(0) && is_block_right(1);
    for (uint32_t leaf = 0; leaf < LEAVES; leaf++)
        right = right && is_leaf_right(leaf);
    return right;
}

static uint32_t any_frame(void)
{
    uint32_t frame = any32();
    assume(frame >= tree.first && frame < tree.end);
    return frame;
}

static void make_tree(void)
{
    tree.levels = levels; /* as lay_out does, whose own proof is for every range */
    tree.top = ORDER;
    tree.origin = 0;
    tree.first = (uint32_t)any_below(LEAF_FRAMES);
    tree.end = FRAMES - (uint32_t)any_below(LEAF_FRAMES);
    struct tree_level low = {leaves, 0, LEAVES, 1};
    struct tree_level high = {blocks, 0, 2, 1};
    levels[0] = low;
    levels[1] = high;
    tree.free_bits = bits;
    for (uint32_t i = 0; i < WORDS; i++)
        bits[i] = any64();
    for (uint32_t leaf = 0; leaf < LEAVES; leaf++)
        set(leaf_at(leaf), any32(), any32(), any32());
    set(block_at(0), any32(), any32(), any32());
    set(block_at(1), any32(), any32(), any32());
    assume(is_right());
    for (uint32_t i = 0; i < LEAF_WORDS; i++) {
        uint64_t low = tree.first <= i * 64        ? 0
                       : tree.first >= i * 64 + 64 ? WORD_ONES
                                                   : ~(WORD_ONES << tree.first % 64);
        uint32_t at = (WORDS - LEAF_WORDS + i) * 64;
        uint64_t high = tree.end <= at        ? WORD_ONES
                        : tree.end >= at + 64 ? 0
                                              : WORD_ONES << tree.end % 64;
        assume((bits[i] & low) == 0 && (bits[WORDS - LEAF_WORDS + i] & high) == 0);
    }
}

/* Just the frames of a free run that is taken are no longer free, and the tree stays right. */
void prove_take(void)
{
    make_tree();
    uint32_t first = any_frame();
    uint32_t end = any_frame() + 1;
    uint32_t other = any_frame();
    assume(first < end);
    for (uint32_t i = 0; i < WORDS; i++) {
        uint32_t from = bits_larger(first, i * 64);
        uint32_t to = bits_smaller(end, i * 64 + 64);
        assume(from >= to || is_full(i / LEAF_WORDS) ||
               (~tree.free_bits[i] & bits_from(from, to)) == 0);
    }
    bool was_free = is_free(other);
    tree_take(&tree, first, end);
    claim(is_right());
    claim(is_free(other) == (was_free && !(other >= first && other < end)));
    REACHED();
}

/* Just the frames that are given back become free, and the tree stays right. */
void prove_give(void)
{
    make_tree();
    uint32_t first = any_frame();
    uint32_t end = any_frame() + 1;
    uint32_t other = any_frame();
    assume(first < end);
    for (uint32_t i = 0; i < WORDS; i++) {
        uint32_t from = bits_larger(first, i * 64);
        uint32_t to = bits_smaller(end, i * 64 + 64);
        assume(from >= to ||
               (!is_full(i / LEAF_WORDS) && (tree.free_bits[i] & bits_from(from, to)) == 0));
    }
    bool was_free = is_free(other);
    tree_give(&tree, first, end);
    claim(is_right());
    claim(is_free(other) == (was_free || (other >= first && other < end)));
    REACHED();
}

/* Whether a frame is free, and where its free run begins and ends. */
void prove_runs(void)
{
    make_tree();
    uint32_t frame = any_frame();
    uint32_t other = any_frame();
    claim(tree_has(&tree, frame) == is_free(frame));
    assume(is_free(frame));
    uint32_t first = tree_run_first(&tree, frame);
    uint32_t end = tree_run_end(&tree, frame);
    claim(first >= tree.first && first <= frame && end > frame && end <= tree.end);
    claim(first == tree.first || !is_free(first - 1));
    claim(end == tree.end || !is_free(end));
    claim(other < first || other >= end || is_free(other));
    uint32_t middle = 1u << ORDER;
    claim(first >= middle || end <= middle || tree_longest(&tree) >= end - first);
    REACHED();
}
