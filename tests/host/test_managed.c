/* From a map to a manager: reservations, ranges, and the size of tables. */

#include "kernel/memory/managed.h"

#include <stdlib.h>
#include <string.h>

#include "fake_port.h"
#include "test.h"

static struct memmap map;
static struct mm mm;

static const struct phys_range image = {MIB, MIB + 300 * KIB};

static void start_map(phys_t base, uint64_t size_bytes)
{
    memmap_init(&map);
    memmap_add_entry(&map, 0, 0x9FC00, 1);
    memmap_add_entry(&map, base, size_bytes, 1);
    memmap_round(&map);
}

static const char *owner_at(phys_t address)
{
    for (size_t i = 0; i < map.count; i++)
        if (map.regions[i].base <= address && address < map.regions[i].end)
            return map.regions[i].owner ? map.regions[i].owner : "nobody";
    return "nothing";
}

static void what_is_in_use_gets_owners(void **state)
{
    (void)state;
    start_map(MIB, 127 * MIB);
    managed_reserve(&map, image, 0x9F000);
    assert_string_equal(owner_at(0), "low");
    assert_string_equal(owner_at(64 * KIB - 1), "low");
    assert_string_equal(owner_at(64 * KIB), "nobody");
    assert_string_equal(owner_at(0x9EFFF), "nobody");
    assert_string_equal(owner_at(0x9F000), "bios");
    assert_string_equal(owner_at(MIB - 1), "bios");
    assert_string_equal(owner_at(MIB), "kernel");
    assert_string_equal(owner_at(MIB + 300 * KIB), "nobody");
}

static void ranges_are_what_is_free(void **state)
{
    (void)state;
    start_map(MIB, 127 * MIB);
    managed_reserve(&map, image, 0x9F000);
    struct managed_walk walk = {.map = &map};
    struct frame_range range;
    assert_true(managed_next_range(&walk, &range));
    assert_int_equal(range.first, 16);
    assert_int_equal(range.end, 0x9F);
    assert_true(managed_next_range(&walk, &range));
    assert_int_equal(range.first, image.end >> FRAME_SHIFT);
    assert_int_equal(range.end, 128 * MIB >> FRAME_SHIFT);
    assert_false(managed_next_range(&walk, &range));
    assert_false(managed_next_range(&walk, &range));
}

/* A buddy takes 8 TiB; what is longer comes in pieces that touch. */
static void long_ranges_come_in_pieces(void **state)
{
    (void)state;
    start_map(4 * GIB, 20 * 1024 * GIB);
    struct managed_walk walk = {.map = &map};
    struct managed_sizes sizes;
    struct frame_range range;
    pfn_t next = 4 * GIB >> FRAME_SHIFT;
    uint64_t tables_bytes = 0;
    assert_true(managed_next_range(&walk, &range)); /* below 640 KiB */
    tables_bytes += buddy_table_bytes(range);
    for (int i = 0; i < 3; i++) {
        assert_true(managed_next_range(&walk, &range));
        assert_int_equal(range.first, next);
        assert_int_equal(range.end - range.first, i < 2 ? BUDDY_MAX_FRAMES : BUDDY_MAX_FRAMES / 2);
        next = range.end;
        tables_bytes += buddy_table_bytes(range);
    }
    assert_false(managed_next_range(&walk, &range));
    managed_measure(&map, &sizes);
    assert_int_equal(sizes.tables_bytes, tables_bytes);
    assert_int_equal(sizes.frame_count, (20 * 1024 * GIB >> FRAME_SHIFT) + 0x9F);
}

static void all_of_it_comes_under_management(void **state)
{
    (void)state;
    struct managed_sizes sizes;
    struct mm_totals totals;
    start_map(MIB, 127 * MIB);
    managed_reserve(&map, image, 0x9F000);
    managed_measure(&map, &sizes);
    void *records = malloc(sizes.records_bytes);
    void *tables = malloc(sizes.tables_bytes);
    mm_init(&mm, fake_port_source, records, sizes.records_bytes);
    managed_add(&mm, &map, tables);
    mm_get_totals(&mm, &totals);
    assert_int_equal(totals.frame_count, sizes.frame_count);
    assert_int_equal(totals.free_count, sizes.frame_count);
    assert_null(mm_check(&mm));
    free(records);
    free(tables);
}

/* Room for more records where there is more memory, up to 256 KiB of them. */
static void records_grow_with_memory(void **state)
{
    (void)state;
    struct managed_sizes sizes;
    start_map(MIB, MIB);
    managed_measure(&map, &sizes);
    assert_int_equal(sizes.records_bytes, MM_FIRST_RECORDS_BYTES);
    start_map(MIB, 63 * MIB);
    managed_measure(&map, &sizes);
    assert_int_equal(sizes.records_bytes, 64 * KIB);
    start_map(MIB, 4 * GIB);
    managed_measure(&map, &sizes);
    assert_int_equal(sizes.records_bytes, 256 * KIB);
    memmap_init(&map);
    managed_measure(&map, &sizes);
    assert_int_equal(sizes.frame_count, 0);
    assert_int_equal(sizes.tables_bytes, 0);
}

/* Free ranges of up to three regions, and where tables of 1 MiB go below 1 GiB. */
static void tables_leave_long_runs_whole(void **state)
{
    (void)state;
    static const struct {
        struct phys_range free[3]; /* {0, 0}: no more */
        phys_t place;
    } rows[] = {
        /* a range that ends below the limit: its top, so that it stays one run */
        {{{2 * MIB, 4 * MIB}}, 3 * MIB},
        {{{2 * MIB, 64 * MIB}}, 63 * MIB},
        {{{2 * MIB, 16 * MIB + 4096}}, 15 * MIB + 4096},
        {{{2 * MIB, GIB}}, GIB - MIB},
        /* one that goes on beyond it: from 16 MiB */
        {{{2 * MIB, GIB + 4096}}, 16 * MIB},
        {{{2 * MIB, 3 * GIB}}, 16 * MIB},
        {{{2 * MIB, 3 * GIB}, {4 * GIB, 7 * GIB}}, 16 * MIB},
        {{{2 * MIB, 8192 * GIB}}, 16 * MIB},
        /* one that begins at or above 16 MiB: its bottom */
        {{{2 * MIB, 15 * MIB}, {16 * MIB, 64 * MIB}}, 16 * MIB},
        {{{2 * MIB, 15 * MIB}, {16 * MIB, 3 * GIB}}, 16 * MIB},
        {{{2 * MIB, 8 * MIB}, {9 * MIB, 15 * MIB}, {600 * MIB, 3 * GIB}}, 600 * MIB},
        {{{2 * MIB, 64 * MIB}, {80 * MIB, 3 * GIB}}, 80 * MIB},
        {{{2 * MIB, 16 * MIB}, {GIB - MIB, 3 * GIB}}, GIB - MIB},
        /* unless they do not fit there */
        {{{2 * MIB, 15 * MIB}, {16 * MIB, 17 * MIB - 4096}, {20 * MIB, 3 * GIB}}, 20 * MIB},
        {{{2 * MIB, 15 * MIB}, {16 * MIB, 17 * MIB - 4096}}, 14 * MIB},
        {{{2 * MIB, 16 * MIB}, {GIB - MIB + 4096, 3 * GIB}}, 15 * MIB},
        {{{2 * MIB, 16 * MIB}, {GIB, 3 * GIB}}, 15 * MIB},
        {{{2 * MIB, 3 * MIB - 4096}}, 0},
        {{{GIB, 3 * GIB}, {4 * GIB, 7 * GIB}}, 0},
        {{{0, 0}}, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memmap_init(&map);
        for (size_t j = 0; j < 3; j++)
            memmap_add_entry(&map, rows[i].free[j].base, rows[i].free[j].end - rows[i].free[j].base,
                             1);
        memmap_round(&map);
        phys_t place = managed_find_place(&map, MIB, GIB);
        if (place != rows[i].place)
            fail_msg("row %zu: 0x%llx", i, (unsigned long long)place);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_in_use_gets_owners),
        cmocka_unit_test(ranges_are_what_is_free),
        cmocka_unit_test(long_ranges_come_in_pieces),
        cmocka_unit_test(all_of_it_comes_under_management),
        cmocka_unit_test(records_grow_with_memory),
        cmocka_unit_test(tables_leave_long_runs_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
