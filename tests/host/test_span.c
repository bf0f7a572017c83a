/* One span by itself: what it costs, its ends of every alignment, and a walk over its blocks. */

#include "mm/span.h"

#include <stdlib.h>

#include "test.h"

/* The tables end where the allocated memory does, so that a sanitizer sees one byte too far. */
static struct buddy_span *open_span(pfn_t first, pfn_t end)
{
    struct frame_range range = {first, end};
    void *tables = malloc(span_table_bytes(range));
    assert_non_null(tables);
    return span_create(range, tables);
}

static void expect_right(const struct buddy_span *span, pfn_t free_count)
{
    pfn_t counted;
    assert_null(span_check(span, &counted));
    assert_int_equal(counted, free_count);
    assert_int_equal(span_longest_run(span), free_count);
}

/* Three bits a frame, a byte a word, three numbers a node; leaves and nodes come in pairs. */
static void tables_hold_bits_and_nodes_and_no_more(void **state)
{
    (void)state;
    static const struct {
        struct frame_range range;
        uint32_t leaf_count;
        uint32_t node_count;
    } cases[] = {
        {{0, 1}, 2, 2},
        {{0, 256}, 2, 2},
        {{255, 257}, 2, 2},
        {{0, 512}, 2, 2},
        {{0, 513}, 4, 6},
        {{256, 768}, 2, 2},
        {{256, 769}, 4, 6},
        {{0, 1024}, 4, 6},
        {{0, 1025}, 6, 12},
        {{0, 0x10000}, 256, 510},
        {{1, 0x80000001}, (1u << 23) + 2, (1u << 24) + 46},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t words = cases[i].leaf_count * (size_t)SPAN_LEAF_WORDS;
        size_t bytes = sizeof(struct buddy_span) + words * (3 * sizeof(word_t) + 1) +
                       cases[i].node_count * (size_t)12;
        assert_int_equal(span_table_bytes(cases[i].range), (bytes + 7) / 8 * 8);
    }
}

/* Around each border of a leaf, up to sixteen of them. */
static void begins_and_ends_anywhere(void **state)
{
    (void)state;
    static const pfn_t firsts[] = {0, 1, 255, 256, 257, 300, 512, 0xFFFFF};
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        for (pfn_t border = (firsts[i] / 256 + 1) * 256; border < firsts[i] + 4096; border += 256) {
            for (pfn_t end = border - 1; end <= border + 1; end++) {
                if (end <= firsts[i])
                    continue;
                struct buddy_span *span = open_span(firsts[i], end);
                expect_right(span, end - firsts[i]);
                span_take(span, span->first, span->end);
                expect_right(span, 0);
                span_give(span, span->first, span->end);
                expect_right(span, end - firsts[i]);
                free(span);
            }
        }
    }
}

/* From each frame on, the next block, or the span's end when there is none. */
static void next_start_stays_in_the_span(void **state)
{
    (void)state;
    struct buddy_span *span = open_span(0, 8192);
    static const uint32_t starts[] = {1, 2, 63, 64, 300, 511, 4000, 7679};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        span_take(span, starts[i], starts[i] + 1);
    size_t next = 0;
    for (uint32_t frame = 0; frame <= span->end; frame++) {
        while (next < sizeof starts / sizeof *starts && starts[next] < frame)
            next++;
        assert_int_equal(span_next_start(span, frame),
                         next < sizeof starts / sizeof *starts ? starts[next] : span->end);
    }
    free(span);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_hold_bits_and_nodes_and_no_more),
        cmocka_unit_test(begins_and_ends_anywhere),
        cmocka_unit_test(next_start_stays_in_the_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
