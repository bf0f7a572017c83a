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

/* ---- tables ---------------------------------------------------------------------------------- */

/* The last number is the tail. Only whole words of 32 bits are taken. */
static void numbers_fill_their_memory(void **state)
{
    (void)state;
    static const reach_t reach[REACH_BYTES_MAX] __attribute__((aligned(4))) = {0};
    for (unsigned order = LEAF_ORDER; order <= ORDER_MAX; order++) {
        const void *end = order < 16 ? (const void *)(reach_halves(reach, order) + order + 2)
                                     : (const void *)(reach_words(reach, order) + order + 2);
        size_t bytes = (size_t)((const reach_t *)end - reach);
        assert_int_equal(reach_bytes(order), (bytes + 3) / 4 * 4);
    }
    assert_int_equal(reach_bytes(LEAF_ORDER), REACH_LEAF_BYTES);
    assert_int_equal(reach_bytes(ORDER_MAX), REACH_BYTES_MAX);
}

/* A row of the largest order has all numbers that there can be. */
static void row_has_room_for_the_largest_order(void **state)
{
    (void)state;
    static reach_t full[REACH_BYTES_MAX] __attribute__((aligned(4)));
    struct frame_range all = {0, (pfn_t)1 << ORDER_MAX};
    reach_fill(ORDER_MAX, full);
    struct reach_row of_block = reach_open_row(ORDER_MAX, ORDER_MAX);
    struct reach_row of_run = of_block;
    reach_raise_row(&of_block, ORDER_MAX, full, 0);
    reach_raise_row_to_run(&of_run, all);
    for (unsigned i = 0; i <= ORDER_MAX; i++) {
        assert_int_equal(of_block.lengths[i], 1u << ORDER_MAX);
        assert_int_equal(of_run.lengths[i], 1u << ORDER_MAX);
    }
}

/* Levels, bits and blocks follow each other; a buddy is the only block without frames. */
static void tables_have_no_gaps(void **state)
{
    (void)state;
    static const struct frame_range ranges[] = {{0, 512},     {0, 1024},      {3, 4096},
                                                {700, 66000}, {1023, 300000}, {4095, 4097}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        struct tree tree;
        unsigned char *tables = open_tree(&tree, ranges[i].first, ranges[i].end);
        const unsigned char *next =
            (const unsigned char *)(tree.levels + tree.top + 1 - LEAF_ORDER);
        assert_true((const unsigned char *)tree.free_bits - next < 8);
        next = (const unsigned char *)(tree.free_bits + LEAF_WORDS * tree.levels[0].block_count);
        for (unsigned order = LEAF_ORDER; order <= tree.top; order++) {
            const struct tree_level *level = &tree.levels[order - LEAF_ORDER];
            assert_int_equal(level->first_block, tree.first >> order & ~1u);
            assert_int_equal(level->first_block + level->block_count - 1,
                             (tree.end - 1) >> order | 1);
            assert_ptr_equal(level->blocks, next);
            next += (size_t)level->block_count * level->block_bytes;
        }
        assert_ptr_equal(next, tables + tree_table_bytes(ranges[i]));
        assert_int_equal(tree_table_bytes(ranges[i]) % 8, 0);
        free(tables);
    }
}

/* 2^31 frames that do not begin at a multiple of 2^30. */
static void largest_tree_has_all_levels(void **state)
{
    (void)state;
    static const struct frame_range largest = {1, ((pfn_t)1 << 31) + 1};
    assert_int_equal(tree_top(largest), ORDER_MAX);
    assert_int_equal(tree_table_bytes(largest) % 8, 0);
}

/* ---- ends and blocks ------------------------------------------------------------------------- */

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

/* In a leaf that lies only in part inside the range. */
static void bit_outside_the_range_is_named(void **state)
{
    (void)state;
    static const struct {
        struct frame_range range;
        pfn_t pfn;
    } rows[] = {
        {{0x1001, 0x2FF0}, 0x1000}, {{0x1001, 0x2FF0}, 0x2FF0}, {{0x1001, 0x2FF0}, 0x2FFF},
        {{0x1210, 0x2FF0}, 0x1200}, {{0x1210, 0x2FF0}, 0x120F},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tree tree;
        pfn_t counted;
        void *tables = open_tree(&tree, rows[i].range.first, rows[i].range.end);
        uint32_t frame = (uint32_t)(rows[i].pfn - tree.origin);
        *tree_word(&tree, frame) ^= bits_of(frame);
        const char *broken = tree_check(&tree, &counted);
        assert_non_null(broken);
        assert_string_equal(broken, "a frame is free that is not there");
        free(tables);
    }
}

static void expect_damage(const struct tree *tree, unsigned char *byte, const char *sentence)
{
    pfn_t counted;
    *byte ^= 0x80;
    const char *broken = tree_check(tree, &counted);
    assert_non_null(broken);
    assert_string_equal(broken, sentence);
    *byte ^= 0x80;
}

/* The two largest blocks are full. Each byte below them must be 0. */
static void nothing_is_below_the_largest_blocks(void **state)
{
    (void)state;
    struct tree tree;
    pfn_t counted;
    void *tables = open_tree(&tree, 0, 4096);
    tree_give(&tree, 0, 4096);
    assert_int_equal(tree.top, 11);
    unsigned char *bits = (unsigned char *)tree.free_bits;
    for (size_t i = 0; i < 4096 / 8; i++)
        expect_damage(&tree, bits + i, "a full block has bits");
    for (unsigned order = LEAF_ORDER; order < tree.top; order++)
        for (size_t i = 0; i < reach_bytes(order) << (12 - order); i++)
            expect_damage(&tree, tree_block(&tree, order, 0) + i,
                          "a block's numbers do not fit its frames");
    assert_null(tree_check(&tree, &counted));
    free(tables);
}

static void expect_checked(const struct tree *tree, pfn_t free_count)
{
    pfn_t counted;
    assert_null(tree_check(tree, &counted));
    assert_int_equal(counted, free_count);
}

/* leaf 0 |###...| leaf 1 |...######| : nothing is read behind the last leaf */
static void run_ends_with_the_last_leaf(void **state)
{
    (void)state;
    struct tree tree;
    void *tables = open_tree(&tree, 0, 1024);
    tree_give(&tree, 0, 3);
    tree_give(&tree, 600, 1024);
    assert_int_equal(tree_run_end(&tree, 700), 1024);
    assert_int_equal(tree_run_first(&tree, 700), 600);
    assert_int_equal(tree_run_end(&tree, 0), 3);
    free(tables);
}

/* The lower half has a run, and one free frame at its end. That is taken with the upper half. */
static void block_has_the_numbers_of_one_half(void **state)
{
    (void)state;
    struct tree tree;
    void *tables = open_tree(&tree, 0, 4096);
    tree_give(&tree, 0, 10);
    tree_give(&tree, 1023, 2048);
    tree_take(&tree, 1023, 2048);
    expect_checked(&tree, 10);
    assert_int_equal(reach_within(11, tree_block(&tree, 11, 0), 0, 9), 10);
    free(tables);
}

/*
 * A new run in the middle of a leaf is as long as the one at its end, but more of it begins at a
 * multiple of 4. That is the only number that changes.
 */
static void change_of_one_number_goes_up(void **state)
{
    (void)state;
    struct tree tree;
    void *tables = open_tree(&tree, 0, 4096);
    tree_give(&tree, 0, 6);
    tree_give(&tree, 502, 512);
    assert_int_equal(reach_from(11, tree_block(&tree, 11, 0), 2), 8);
    tree_give(&tree, 252, 262);
    expect_checked(&tree, 26);
    assert_int_equal(reach_from(11, tree_block(&tree, 11, 0), 2), 10);
    free(tables);
}

/* ---- the numbers ----------------------------------------------------------------------------- */

#define NUMBERED 4096u

/* The longest free run from a multiple of 2^i on, inside an aligned block of 2^k frames. */
static uint32_t longest_from(const bool *is_free, uint32_t first, uint32_t end, unsigned i,
                             unsigned k)
{
    uint32_t longest = 0;
    for (uint32_t start = first; start < end; start += 1u << i) {
        uint32_t border = ((start >> k) + 1) << k;
        uint32_t frame = start;
        while (frame < end && frame < border && is_free[frame])
            frame++;
        longest = bits_larger(longest, frame - start);
    }
    return longest;
}

static void expect_numbers(const struct tree *tree, unsigned order, const bool *is_free)
{
    const reach_t *reach = tree_block(tree, order, 0);
    uint32_t end = 1u << order;
    for (unsigned i = 0; i <= order; i++) {
        assert_int_equal(reach_from(order, reach, i), longest_from(is_free, 0, end, i, order));
        for (unsigned k = i + 2; k < order; k++)
            assert_int_equal(reach_within(order, reach, i, k), longest_from(is_free, 0, end, i, k));
    }
}

/* The first block of each order, after each of some changes. */
static void numbers_are_those_of_the_free_frames(void **state)
{
    (void)state;
    struct tree tree;
    bool is_free[NUMBERED] = {false};
    uint32_t random = 1;
    void *tables = open_tree(&tree, 0, NUMBERED);
    for (int step = 0; step < 300; step++) {
        random = random * 1664525 + 1013904223;
        uint32_t first = (random >> 8) % (step % 2 ? 600 : NUMBERED);
        uint32_t end = first + (random >> 20) % 64 + 1;
        end = bits_smaller(end, NUMBERED);
        bool free_next = !is_free[first];
        uint32_t frame = first;
        while (frame < end && is_free[frame] != free_next)
            is_free[frame++] = free_next;
        if (free_next)
            tree_give(&tree, first, frame);
        else
            tree_take(&tree, first, frame);
        for (unsigned order = LEAF_ORDER; order <= tree.top; order++)
            expect_numbers(&tree, order, is_free);
    }
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

/* A used frame beside a run that ends far away, in another leaf. */
static void long_run_is_taken_beside_a_used_frame(void **state)
{
    (void)state;
    struct tree tree;
    void *tables = open_tree(&tree, 0, FRAMES);
    for (uint32_t used = 1; used < LEAF_FRAMES; used *= 2) {
        tree_give(&tree, 0, FRAMES);
        tree_take(&tree, 0, used);
        tree_take(&tree, used, FRAMES - 1);
        expect_checked(&tree, 1);
        tree_take(&tree, FRAMES - 1, FRAMES);
    }
    free(tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_fill_their_memory),
        cmocka_unit_test(row_has_room_for_the_largest_order),
        cmocka_unit_test(tables_have_no_gaps),
        cmocka_unit_test(largest_tree_has_all_levels),
        cmocka_unit_test(bit_outside_the_range_is_named),
        cmocka_unit_test(nothing_is_below_the_largest_blocks),
        cmocka_unit_test(run_ends_with_the_last_leaf),
        cmocka_unit_test(block_has_the_numbers_of_one_half),
        cmocka_unit_test(change_of_one_number_goes_up),
        cmocka_unit_test(numbers_are_those_of_the_free_frames),
        cmocka_unit_test(long_run_is_taken_beside_a_used_frame),
        cmocka_unit_test(changes_as_its_frames_do),
        cmocka_unit_test(begins_and_ends_anywhere),
        cmocka_unit_test(aligned_place_is_where_the_leaf_begins),
        cmocka_unit_test(full_blocks_have_nothing_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
