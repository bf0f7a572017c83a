/*
 * How large an index is. All tables together take at most one byte for each frame from 64 MiB on
 * (test_mm_memory); these are the sizes that keep to it and make the most of it.
 */

#include "mm/index.h"

#include <stdlib.h>

#include "test.h"

struct row {
    pfn_t frame_count;
    uint32_t range_count; /* 0: it follows from frame_count */
    uint32_t lengths; /* lists of a shelf */
    uint32_t node_count;
    uint32_t range_limit;
    uint32_t cell_limit;
};

#if FRAME_SHIFT == 12
/* Around each step that one of the sizes takes, and where it has reached its most. */
static const struct row rows[] = {
    {1, 0, 8, 8, 8, 16},
    {16383, 0, 8, 8, 8, 16},
    {16384, 0, 8, 3, 2, 4}, /* 64 MiB */
    {16623, 0, 8, 3, 2, 4},
    {16624, 0, 9, 3, 2, 4},
    {18431, 0, 16, 3, 2, 4},
    {18432, 0, 16, 3, 3, 8},
    {20991, 0, 27, 3, 4, 8},
    {20992, 0, 27, 4, 4, 8},
    {148479, 0, 558, 999, 66, 256},
    {148480, 0, 558, 1000, 66, 256},
    {151551, 0, 571, 1023, 67, 256},
    {151552, 0, 571, 1024, 68, 256},
    {260223, 0, 1023, 1024, 121, 256},
    {260224, 0, 1024, 1024, 121, 256},
    {2109439, 0, 1024, 1024, 1023, 2048},
    {2109440, 0, 1024, 1024, 1024, 2048},
    {(pfn_t)1 << 40, 0, 1024, 1024, 1024, 2048},
    {16384, 1000, 8, 3, 1000, 2048},
    {1, 1, 8, 8, 1, 2},
};
#else
/* As many frames of another size: the least that there are. */
static const struct row rows[] = {
    {1, 0, 8, 8, 8, 16},
    {1, 1, 8, 8, 1, 2},
};
#endif

static void has_lists_nodes_and_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        size_t bytes = index_bytes(row->frame_count, row->range_count);
        void *memory = malloc(bytes);
        struct run_index index;
        assert_non_null(memory);
        index_create(&index, memory, row->frame_count, row->range_count);
        assert_int_equal(index.lengths, row->lengths);
        assert_int_equal(index.node_count, row->node_count);
        assert_int_equal(index.range_limit, row->range_limit);
        assert_int_equal(index.cell_limit, row->cell_limit);
        assert_int_equal(bytes % 8, 0);
        free(memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_lists_nodes_and_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
