/* One tree by itself: what it costs, and its ends of every alignment. */

#include "mm/tree.h"

#include <stdlib.h>

#include "test.h"

/* The tables end where the allocated memory does, so that a sanitizer sees one byte too far. */
static void *open_tree(struct tree *tree, pfn_t first, pfn_t end)
{
    struct frame_range range = {first, end};
    void *tables = malloc(tree_table_bytes(range));
    assert_non_null(tables);
    tree_init(tree, range, tables);
    return tables;
}

static void expect_right(const struct tree *tree, pfn_t free_count)
{
    pfn_t counted;
    assert_null(tree_check(tree, &counted));
    assert_int_equal(counted, free_count);
    assert_int_equal(tree_longest(tree), free_count);
}

/* Around each border of a leaf, up to eight of them. */
static void begins_and_ends_anywhere(void **state)
{
    (void)state;
    static const pfn_t firsts[] = {0, 1, 255, 256, 511, 512, 513, 1024, 0xFFFFF};
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        pfn_t border = (firsts[i] / LEAF_FRAMES + 1) * LEAF_FRAMES;
        for (; border < firsts[i] + 4096; border += LEAF_FRAMES) {
            for (pfn_t end = border - 1; end <= border + 1; end++) {
                struct tree tree;
                if (end <= firsts[i])
                    continue;
                void *tables = open_tree(&tree, firsts[i], end);
                expect_right(&tree, 0);
                tree_give(&tree, tree.first, tree.end);
                expect_right(&tree, end - firsts[i]);
                tree_take(&tree, tree.first, tree.end);
                expect_right(&tree, 0);
                free(tables);
            }
        }
    }
}

/* What lies below a full block is nothing: the same as when no frame is free. */
static void full_blocks_have_nothing_below(void **state)
{
    (void)state;
    struct tree tree;
    void *tables = open_tree(&tree, 0, 4096);
    tree_give(&tree, 0, 2048);
    tree_give(&tree, 2048, 4096);
    assert_int_equal(tree.top, 11);
    assert_true(reach_is_full(11, tree_block(&tree, 11, 0)));
    assert_int_equal(reach_longest(10, tree_block(&tree, 10, 0)), 0);
    tree_take(&tree, 700, 701);
    assert_true(reach_is_full(10, tree_block(&tree, 10, 1)));
    assert_true(reach_is_full(9, tree_block(&tree, 9, 0)));
    assert_int_equal(reach_head(10, tree_block(&tree, 10, 0)), 700);
    assert_int_equal(*tree_word(&tree, 640), ~((uint64_t)1 << 60));
    tree_give(&tree, 700, 701);
    assert_true(reach_is_full(11, tree_block(&tree, 11, 0)));
    assert_int_equal(*tree_word(&tree, 640), 0);
    free(tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_and_ends_anywhere),
        cmocka_unit_test(full_blocks_have_nothing_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
