/*
 * What the search for aligned and bounded places looks at. That it finds the right place is
 * test_aligned.c's; here it must refuse by the nodes alone what the nodes alone can refuse. The
 * address sanitizer stands guard: parts of the tables are forbidden while a search runs, so a test
 * without the sanitizer sees less.
 *
 *   top, level 9                     [          0          |          1          ]
 *   level 4, groups of 16 leaves     [0|1|  . . .                  . . .   |62|63]
 *   level 0, leaves                  ................................................
 *
 * There is a long run in the lower half, and lowest is where the upper half begins: else the
 * longest run of all would tell.
 */

#include "mm/aligned.h"

#include <sanitizer/asan_interface.h>
#include <stdlib.h>

#include "mm/span.h"
#include "test.h"

#define FRAMES (1u << 18)
#define HALF (FRAMES / 2)
#define LEAVES (FRAMES / SPAN_LEAF_FRAMES)
#define GROUP 16u /* leaves in what a skip passes over */

static void *tables;
static struct buddy_span *span;

static int open_span(void **state)
{
    (void)state;
    struct frame_range range = {0, FRAMES};
    tables = malloc(span_table_bytes(range));
    assert_non_null(tables);
    span = span_create(range, tables);
    assert_int_equal(span->level_count, 10);
    return 0;
}

static int close_span(void **state)
{
    (void)state;
    free(tables);
    return 0;
}

/* One frame used in every so many of [first, end), the first of them at first. */
static void use_every(uint32_t period, uint32_t first, uint32_t end)
{
    for (uint32_t frame = first; frame < end; frame += period)
        span_take(span, frame, frame + 1);
}

static void forbid(const void *begin, size_t size_bytes)
{
    ASAN_POISON_MEMORY_REGION(begin, size_bytes);
}

static void forbid_word_runs(void)
{
    forbid(span->word_runs, span->word_count);
}

/* Those of the leaves [first, end). */
static void forbid_words(uint32_t first, uint32_t end)
{
    forbid(&span->used_words[(size_t)first * SPAN_LEAF_WORDS],
           (size_t)(end - first) * SPAN_LEAF_WORDS * sizeof(word_t));
}

static void forbid_nodes(unsigned level, uint32_t first, uint32_t end)
{
    forbid(span_node_at(span, level, first), (size_t)(end - first) * sizeof(struct run_summary));
}

static void forbid_level(unsigned level)
{
    forbid_nodes(level, 0, LEAVES >> level);
}

static bool find(struct buddy_request request, uint32_t lowest, uint32_t limit)
{
    uint32_t place;
    bool found = aligned_find(span, &request, lowest, limit, &place);
    ASAN_UNPOISON_MEMORY_REGION(tables, span_table_bytes((struct frame_range){0, FRAMES}));
    return found;
}

/* ---- runs ----------------------------------------------------------------------------------- */

static void asks_the_top_when_no_run_is_long_enough(void **state)
{
    (void)state;
    use_every(256, 0, FRAMES);
    forbid_words(0, LEAVES);
    for (unsigned level = 0; level < 9; level++)
        forbid_level(level);
    assert_false(find((struct buddy_request){256, 2, 0, 0, 0}, 0, FRAMES - 5));
}

static void steps_over_the_largest_node_without_a_run(void **state)
{
    (void)state;
    use_every(256, HALF, FRAMES);
    forbid_words(0, LEAVES);
    for (unsigned level = 0; level < 9; level++)
        forbid_level(level);
    assert_false(find((struct buddy_request){256, 2, 0, 0, 0}, HALF, FRAMES));
}

/*
 * The last leaf of group 62 has a run that is long enough and not aligned. Of the others, level 0
 * is looked at in its group, where there is no larger node left to step over, and nowhere else.
 *
 *   . . . | 60 | 61 | 62 ............X | 63 |        X: its words are looked at
 */
static void looks_into_the_one_leaf_that_has_a_run(void **state)
{
    (void)state;
    uint32_t leaf = 63 * GROUP - 1;
    uint32_t first = leaf * SPAN_LEAF_FRAMES;
    use_every(64, HALF, first);
    span_take(span, first, first + 5);
    span_take(span, first + 120, first + SPAN_LEAF_FRAMES);
    use_every(64, first + SPAN_LEAF_FRAMES, FRAMES);
    forbid_words(0, leaf);
    forbid_words(leaf + 1, LEAVES);
    forbid_nodes(0, 0, leaf + 1 - GROUP);
    forbid_nodes(0, leaf + 1, LEAVES);
    for (unsigned level = 1; level < 4; level++)
        forbid_level(level);
    assert_false(find((struct buddy_request){100, 128, 0, 0, 0}, HALF, FRAMES));
}

/*
 * Runs as long as a word, each at an odd frame, and so two frames apart:
 *
 *   word 0                            word 1
 *   0 ... . 33                        0 ......... 32 x x 35           x: used
 *           [ the run                              ]     [ the next
 */
static void asks_for_runs_inside_of_words_only_where_one_may_begin(void **state)
{
    (void)state;
    const uint32_t period = WORD_BITS + 2;
    span_take(span, 0, WORD_BITS / 2 + 1);
    for (uint32_t used = period + WORD_BITS / 2 - 1; used + 2 <= FRAMES; used += period)
        span_take(span, used, used + 2);
    forbid_word_runs();
    assert_false(find((struct buddy_request){WORD_BITS, 2, 0, 0, 0}, 0, FRAMES - period));
}

static void asks_for_no_runs_inside_of_words_that_are_aligned_to_a_word(void **state)
{
    (void)state;
    use_every(WORD_BITS, 0, FRAMES);
    forbid_word_runs();
    assert_false(find((struct buddy_request){2, WORD_BITS, 0, 0, 0}, 0, FRAMES));
}

/* ---- heads ---------------------------------------------------------------------------------- */

static void looks_at_heads_alone_for_what_is_aligned_to_leaves(void **state)
{
    (void)state;
    use_every(256, 0, FRAMES);
    forbid_words(0, LEAVES);
    forbid_word_runs();
    assert_false(find((struct buddy_request){100, 256, 0, 0, 0}, 0, FRAMES));
}

/* Level 5 knows it for level 1, and the top, level 9, for level 5. */
static void skips_heads_below_a_node_without_a_run(void **state)
{
    (void)state;
    use_every(256, HALF, FRAMES);
    for (unsigned level = 1; level <= 5; level += 4) {
        forbid_words(0, LEAVES);
        forbid_level(0);
        forbid_level(level);
        pfn_t align = 1u << span_level_order(level);
        assert_false(find((struct buddy_request){300, align, 0, 0, 0}, HALF, FRAMES));
    }
}

#define SPAN_TEST(test) cmocka_unit_test_setup_teardown(test, open_span, close_span)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPAN_TEST(asks_the_top_when_no_run_is_long_enough),
        SPAN_TEST(steps_over_the_largest_node_without_a_run),
        SPAN_TEST(looks_into_the_one_leaf_that_has_a_run),
        SPAN_TEST(asks_for_runs_inside_of_words_only_where_one_may_begin),
        SPAN_TEST(asks_for_no_runs_inside_of_words_that_are_aligned_to_a_word),
        SPAN_TEST(looks_at_heads_alone_for_what_is_aligned_to_leaves),
        SPAN_TEST(skips_heads_below_a_node_without_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
