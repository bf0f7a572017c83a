/*
 * What is said to have changed in a block's numbers: exactly what has. The numbers themselves are
 * held against a look at every place by test_tree and test_stretch.
 */

#include "mm/reach.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/lib/random.h"
#include "mm/tree.h"
#include "test.h"

#define ORDER 17u /* its numbers have four bytes, those of its halves two */

static uint64_t random_state = RANDOM_SEED;

static uint32_t random_below(uint32_t count)
{
    return random_next(&random_state) % count;
}

/* Short and long ones, as likely. */
static uint32_t random_length(uint32_t most)
{
    uint32_t length = random_below(2u << random_below(ORDER)) + 1;
    return length < most ? length : most;
}

/* Two largest blocks of this order hold the tree's frames. */
static void open_tree(struct tree *tree, unsigned order)
{
    struct frame_range range = {0, (pfn_t)2 << order};
    void *tables = malloc(tree_table_bytes(range));
    assert_non_null(tables);
    tree_init(tree, range, tables);
    assert_int_equal(tree->top, order);
}

static void close_tree(struct tree *tree)
{
    free(tree->levels);
}

/*
 * Takes or gives frames of the first largest block: as many as are alike from a random one on.
 * Returns the rows that changed.
 */
static uint32_t change_some(struct tree *tree)
{
    uint32_t first = random_below(1u << tree->top);
    uint32_t end = first + random_length((1u << tree->top) - first);
    uint32_t same_end = first + 1;
    bool is_free = tree_has(tree, first);
    while (same_end < end && tree_has(tree, same_end) == is_free)
        same_end++;
    return is_free ? tree_take(tree, first, same_end) : tree_give(tree, first, same_end);
}

/* ---- a leaf ---------------------------------------------------------------------------------- */

struct leaf {
    uint32_t numbers[REACH_LEAF_BYTES / sizeof(uint32_t)];
    uint64_t words[LEAF_WORDS];
};

static reach_t *numbers_of(struct leaf *leaf)
{
    return (reach_t *)leaf->numbers;
}

static void set_leaf(struct leaf *leaf, uint32_t first, uint32_t end, bool is_free)
{
    for (uint32_t frame = first; frame < end; frame++) {
        uint64_t bit = (uint64_t)1 << frame % WORD_BITS;
        if (is_free)
            leaf->words[frame / WORD_BITS] |= bit;
        else
            leaf->words[frame / WORD_BITS] &= ~bit;
    }
}

/* Used frames become free, and free ones used. To sum up a second time changes nothing. */
static void leaf_tells_whether_it_changed(void **state)
{
    (void)state;
    struct leaf leaf = {{0}, {0}};
    unsigned same = 0;
    for (unsigned i = 0; i < 20000; i++) {
        struct leaf before = leaf;
        uint32_t first = random_below(LEAF_FRAMES);
        uint32_t end = first + random_length(random_below(8) ? 4 : LEAF_FRAMES - first);
        bool is_free = i % 2;
        if (end > LEAF_FRAMES)
            continue;
        set_leaf(&leaf, first, end, is_free);
        bool changed = is_free ? reach_give(numbers_of(&leaf), leaf.words, first)
                               : reach_sum_up(numbers_of(&leaf), leaf.words);
        bool differs = memcmp(leaf.numbers, before.numbers, sizeof leaf.numbers) != 0;
        assert_int_equal(changed, differs);
        assert_false(reach_sum_up(numbers_of(&leaf), leaf.words));
        same += !changed;
    }
    assert_in_range(same, 1000, 19000);
}

/* ---- a block --------------------------------------------------------------------------------- */

static uint32_t rows_that_differ(unsigned order, const reach_t *a, const reach_t *b)
{
    uint32_t rows = 0;
    for (unsigned k = 2; k < order; k++)
        for (unsigned i = 0; i + 2 <= k; i++)
            if (reach_within(order, a, i, k) != reach_within(order, b, i, k))
                rows |= REACH_ROW(k);
    for (unsigned i = 0; i <= order + 1; i++)
        if (reach_from(order, a, i) != reach_from(order, b, i))
            rows |= REACH_ROW(order);
    return rows;
}

/* A block that changes in part names the rows that changed. */
static void block_tells_which_rows_changed(void **state)
{
    (void)state;
    static reach_t before[REACH_BYTES_MAX] __attribute__((aligned(4)));
    for (unsigned order = LEAF_ORDER + 1; order <= ORDER; order++) {
        struct tree tree;
        uint32_t all = 0;
        open_tree(&tree, order);
        const reach_t *block = tree_block(&tree, order, 0);
        for (unsigned step = 0; step < 1000; step++) {
            reach_copy(order, before, block);
            uint32_t rows = change_some(&tree);
            bool is_whole = reach_is_full(order, before) && reach_longest(order, block) == 0;
            is_whole |= reach_is_full(order, block) && reach_longest(order, before) == 0;
            if (is_whole)
                continue;
            assert_int_equal(rows, rows_that_differ(order, before, block));
            all |= rows;
        }
        assert_int_equal(all, REACH_ROW(order + 1) - REACH_ROW(2));
        close_tree(&tree);
    }
}

/* ---- the largest of several ------------------------------------------------------------------ */

static uint32_t stored_rows_that_differ(unsigned order, const reach_t *a, const reach_t *b)
{
    uint32_t rows = 0;
    for (unsigned k = 2; k < order; k++)
        for (unsigned i = 0; i + 2 <= k; i++)
            if (reach_kept(a, i, k) != reach_kept(b, i, k))
                rows |= REACH_ROW(k);
    for (unsigned i = 0; i <= order; i++)
        if (reach_from(order, a, i) != reach_from(order, b, i))
            rows |= REACH_ROW(order);
    return rows;
}

/* Some rows are raised, and no others; a second time, none is. Returns the rows that changed. */
static uint32_t raise_some(unsigned order, reach_t *sum, const reach_t *block)
{
    static reach_t before[REACH_BYTES_MAX] __attribute__((aligned(4)));
    uint32_t asked = random_below(2) ? REACH_ROWS : REACH_ROW(random_below(order + 1));
    reach_copy(order, before, sum);
    uint32_t rows = reach_raise(order, sum, ORDER, block, asked);
    assert_int_equal(rows, stored_rows_that_differ(order, before, sum));
    assert_int_equal(rows & ~asked, 0);
    assert_int_equal(reach_raise(order, sum, ORDER, block, asked), 0);
    return rows;
}

static void raise_tells_which_rows_changed(void **state)
{
    (void)state;
    static reach_t sum[REACH_BYTES_MAX] __attribute__((aligned(4)));
    for (unsigned order = ORDER; order <= ORDER + 2; order++) {
        uint32_t all = 0;
        for (unsigned round = 0; round < 200; round++) {
            struct tree tree;
            open_tree(&tree, ORDER);
            reach_clear(order, sum);
            const reach_t *block = tree_block(&tree, ORDER, 0);
            for (unsigned step = 0; step < 10; step++) {
                change_some(&tree);
                if (!reach_is_full(ORDER, block))
                    all |= raise_some(order, sum, block);
            }
            close_tree(&tree);
        }
        assert_int_equal(all, REACH_ROW(order + 1) - REACH_ROW(2));
    }
}

/* A copy changes a block once, whichever of its words differs. */
static void copy_tells_whether_it_changed(void **state)
{
    (void)state;
    static uint32_t from[REACH_BYTES_MAX / sizeof(uint32_t)];
    static uint32_t to[REACH_BYTES_MAX / sizeof(uint32_t)];
    for (size_t i = 0; i < reach_bytes(ORDER) / sizeof *from; i++) {
        for (unsigned bit = 0; bit < 32; bit++) {
            from[i] ^= 1u << bit;
            assert_true(reach_copy(ORDER, (reach_t *)to, (const reach_t *)from));
            assert_false(reach_copy(ORDER, (reach_t *)to, (const reach_t *)from));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaf_tells_whether_it_changed),
        cmocka_unit_test(block_tells_which_rows_changed),
        cmocka_unit_test(raise_tells_which_rows_changed),
        cmocka_unit_test(copy_tells_whether_it_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
