/* One tree by itself: what it costs, and its ends of every alignment. */

#include "mm/tree.h"

#include <stdlib.h>

#include "mm/place.h"
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

/* The first 16 frames of each leaf are free. Alignments are larger than a leaf. */
static void aligned_place_is_where_the_leaf_begins(void **state)
{
    (void)state;
    struct tree tree;
    void *tables = open_tree(&tree, 0, 64 * LEAF_FRAMES);
    for (uint32_t first = 0; first < tree.end; first += LEAF_FRAMES)
        tree_give(&tree, first, first + 16);
    for (uint32_t first = 0; first < tree.end; first += LEAF_FRAMES) {
        const reach_t *leaf = tree_block(&tree, LEAF_ORDER, first / LEAF_FRAMES);
        for (uint8_t order = LEAF_ORDER + 1; order < LEAF_ORDER + 7; order++) {
            struct place_wish wish = {1, 0, tree.end, order, PLACE_NO_BOUNDARY};
            for (; wish.frame_count <= 17; wish.frame_count++)
                assert_int_equal(place_in_block(&wish, LEAF_ORDER, leaf, first),
                                 first % (1u << order) == 0 && wish.frame_count <= 16);
        }
    }
    free(tables);
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

/* ---- changes of any length ------------------------------------------------------------------- */

#define FRAMES (3u << 17) /* orders up to 18: rows of bytes, halves and words */

struct forest {
    struct tree tree;
    unsigned char *is_free;
    uint32_t free_count;
    uint32_t random;
};

static uint32_t next_random(struct forest *forest)
{
    forest->random = forest->random * 1664525 + 1013904223;
    return forest->random >> 8;
}

/* Makes the frames [first, end) free, or used; those that are already stay it. */
static void set_frames(struct forest *forest, uint32_t first, uint32_t end, bool is_free)
{
    uint32_t shift = forest->tree.first;
    while (first < end) {
        uint32_t next = first;
        while (next < end && forest->is_free[next] != is_free)
            forest->is_free[next++] = is_free;
        if (next == first) {
            first++;
            continue;
        }
        if (is_free)
            tree_give(&forest->tree, first + shift, next + shift);
        else
            tree_take(&forest->tree, first + shift, next + shift);
        forest->free_count += is_free ? next - first : first - next;
        first = next;
    }
}

static void expect_run(const struct forest *forest, uint32_t frame)
{
    uint32_t shift = forest->tree.first;
    uint32_t first = frame;
    uint32_t end = frame;
    assert_int_equal(tree_has(&forest->tree, frame + shift), forest->is_free[frame]);
    if (!forest->is_free[frame])
        return;
    while (first > 0 && forest->is_free[first - 1])
        first--;
    while (end < FRAMES && forest->is_free[end])
        end++;
    assert_int_equal(tree_run_first(&forest->tree, frame + shift), first + shift);
    assert_int_equal(tree_run_end(&forest->tree, frame + shift), end + shift);
}

/* Each length is as probable as another of twice the length; half begin at multiples of theirs. */
static void change_some(struct forest *forest)
{
    uint32_t length = 1u << next_random(forest) % 19;
    uint32_t first = next_random(forest) % (FRAMES - length);
    if (next_random(forest) % 2)
        first = first / length * length;
    else
        length = 1 + next_random(forest) % length;
    set_frames(forest, first, first + length, next_random(forest) % 2);
}

static void changes_as_its_frames_do(void **state)
{
    (void)state;
    static const pfn_t firsts[] = {0, 12345, (1u << 19) - 100000};
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        struct forest forest = {.is_free = calloc(FRAMES, 1), .random = (uint32_t)i};
        void *tables = open_tree(&forest.tree, firsts[i], firsts[i] + FRAMES);
        for (int step = 0; step < 200; step++) {
            pfn_t counted;
            change_some(&forest);
            assert_null(tree_check(&forest.tree, &counted));
            assert_int_equal(counted, forest.free_count);
            for (int look = 0; look < 8; look++)
                expect_run(&forest, next_random(&forest) % FRAMES);
        }
        free(tables);
        free(forest.is_free);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_as_its_frames_do),
        cmocka_unit_test(begins_and_ends_anywhere),
        cmocka_unit_test(aligned_place_is_where_the_leaf_begins),
        cmocka_unit_test(full_blocks_have_nothing_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
