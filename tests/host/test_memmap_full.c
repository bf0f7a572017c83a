/*
 * The firmware map when its table is full: who makes way for a new region, and that no reservation
 * is ever lost. A place is 16 frames apart from the next, so that nothing merges by itself.
 */

#include "mm/memmap.h"

#include "test.h"

#define PLACE_BYTES ((phys_t)0x10000)
#define FULL (MEMMAP_CAPACITY - 1) /* regions that a table holds between two additions */

static struct memmap map;

static phys_t place(size_t index)
{
    return (index + 1) * PLACE_BYTES;
}

static void expect_region(size_t index, phys_t base, phys_t end, enum region_kind kind)
{
    assert_true(index < map.count);
    assert_int_equal(map.regions[index].base, base);
    assert_int_equal(map.regions[index].end, end);
    assert_int_equal(map.regions[index].kind, kind);
}

/* Usable regions from `first` on, of two frames each, but for the one at `small`, which has one. */
static void add_usable(size_t first, size_t end, size_t small)
{
    for (size_t i = first; i < end; i++)
        memmap_add_entry(&map, place(i), i == small ? 0x1000 : 0x2000, 1);
}

static void fill_with_usable(size_t small)
{
    memmap_init(&map);
    add_usable(0, FULL, small);
    assert_int_equal(map.count, FULL);
    assert_int_equal(map.dropped_bytes, 0);
}

/* The smallest goes, wherever it lies, and it alone. */
static void smallest_usable_region_makes_way(void **state)
{
    (void)state;
    static const size_t cases[] = {0, 1, FULL / 2, FULL - 1};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fill_with_usable(cases[i]);
        memmap_add_entry(&map, place(FULL), 0x3000, 2);
        assert_int_equal(map.count, FULL);
        assert_int_equal(map.dropped_bytes, 0x1000);
        for (size_t k = 0; k + 1 < FULL; k++) {
            phys_t base = place(k < cases[i] ? k : k + 1);
            expect_region(k, base, base + 0x2000, REGION_USABLE);
        }
        expect_region(FULL - 1, place(FULL), place(FULL) + 0x3000, REGION_RESERVED);
    }
}

static void dropped_bytes_add_up(void **state)
{
    (void)state;
    fill_with_usable(FULL / 2);
    memmap_add_entry(&map, place(FULL), 0x1000, 2);
    memmap_add_entry(&map, place(FULL + 1), 0x1000, 2);
    memmap_add_entry(&map, place(FULL + 2), 0x1000, 2);
    assert_int_equal(map.dropped_bytes, 0x1000 + 0x2000 + 0x2000);
    assert_int_equal(map.count, FULL);
}

static void held_memory_does_not_make_way(void **state)
{
    (void)state;
    memmap_init(&map);
    add_usable(0, 8, 7);
    memmap_reserve(&map, place(7), place(7) + 0x1000, "kernel");
    add_usable(8, FULL, FULL);
    memmap_add_entry(&map, place(FULL), 0x1000, 2);
    assert_int_equal(map.dropped_bytes, 0x2000);
    size_t held = 0;
    for (size_t i = 0; i < map.count; i++)
        held += map.regions[i].owner && map.regions[i].base == place(7);
    assert_int_equal(held, 1);
}

/*
 * FULL regions that are not usable, a frame each, ACPI and NVS in turn. The one behind the gap that
 * is named lies as near as one frame. FULL names none.
 *
 *     | a |      | n |      | a | | n |      | a |
 */
static void fill_with_unusable(size_t near)
{
    memmap_init(&map);
    for (size_t i = 0; i < FULL; i++)
        memmap_add_entry(&map, i == near + 1 ? place(i - 1) + 0x2000 : place(i), 0x1000,
                         i % 2 ? 4 : 3);
    assert_int_equal(map.count, FULL);
}

/* With nothing usable to drop, the nearest two become one, gap and all, of the stronger kind. */
static void nearest_neighbours_join_if_nothing_is_usable(void **state)
{
    (void)state;
    static const size_t cases[] = {0, 1, FULL / 2, FULL / 2 + 1, FULL - 3, FULL - 2};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t near = cases[i];
        fill_with_unusable(near);
        /* What stands behind the table's end is nobody's neighbour. */
        map.regions[FULL] = map.regions[FULL - 1];
        map.regions[FULL].base = map.regions[FULL - 1].end;
        memmap_add_entry(&map, place(FULL), 0x1000, 5);
        assert_int_equal(map.count, FULL);
        for (size_t k = 0; k < near; k++)
            expect_region(k, place(k), place(k) + 0x1000, k % 2 ? REGION_NVS : REGION_ACPI);
        expect_region(near, place(near), place(near) + 0x3000, REGION_NVS);
        for (size_t k = near + 2; k < FULL; k++)
            expect_region(k - 1, place(k), place(k) + 0x1000, k % 2 ? REGION_NVS : REGION_ACPI);
        expect_region(FULL - 1, place(FULL), place(FULL) + 0x1000, REGION_BAD);
        assert_int_equal(map.dropped_bytes, 0);
    }
}

/* All gaps have one size. */
static void lowest_of_the_nearest_neighbours_join(void **state)
{
    (void)state;
    fill_with_unusable(FULL);
    memmap_add_entry(&map, place(FULL), 0x1000, 5);
    assert_int_equal(map.count, FULL);
    expect_region(0, place(0), place(1) + 0x1000, REGION_NVS);
    for (size_t k = 2; k < FULL; k++)
        expect_region(k - 1, place(k), place(k) + 0x1000, k % 2 ? REGION_NVS : REGION_ACPI);
}

/* True if the address lies in a region that nobody may be given. */
static bool is_held(phys_t address)
{
    for (size_t i = 0; i < map.count; i++)
        if (map.regions[i].base <= address && address < map.regions[i].end)
            return !region_is_free(&map.regions[i]);
    return false;
}

/* Both cuts find the table full. */
static void reservation_inside_a_region_of_a_full_table_holds(void **state)
{
    (void)state;
    fill_with_usable(0);
    memmap_add_entry(&map, place(0), 0x9000, 1);
    for (size_t i = 1; i < FULL; i++)
        memmap_reserve(&map, place(i), place(i) + 0x2000, "others");
    assert_int_equal(map.count, FULL);
    memmap_reserve(&map, place(0) + 0x4000, place(0) + 0x5000, "kernel");
    assert_true(map.count <= FULL);
    assert_true(is_held(place(0) + 0x4000));
    for (size_t i = 1; i < FULL; i++)
        assert_true(is_held(place(i)) && is_held(place(i) + 0x1FFF));
}

/* A region more for each of a thousand holes: they are held all the same. */
static void reservation_across_all_holes_of_a_full_table_holds(void **state)
{
    (void)state;
    fill_with_unusable(FULL / 2);
    memmap_reserve(&map, place(0), place(FULL), "all");
    assert_true(map.count <= FULL);
    for (phys_t address = place(0); address < place(FULL); address += 0x1000)
        assert_true(is_held(address));
    assert_false(is_held(place(FULL)));
    for (size_t i = 1; i < map.count; i++)
        assert_true(map.regions[i - 1].end <= map.regions[i].base);
}

/*
 * Two regions share a frame, and the table is full: rounding needs no further place in it.
 *
 *    place(pair)
 *     |  |-- reserved --|   |-- bad --|
 *      cut
 */
static void check_cut_frame(size_t pair, phys_t cut_bytes)
{
    memmap_init(&map);
    for (size_t i = 0; i < FULL - 1; i++)
        if (i != pair)
            memmap_add_entry(&map, place(i), 0x1000, 2);
    memmap_add_entry(&map, place(pair) + cut_bytes, 0x1000 - cut_bytes, 2);
    memmap_add_entry(&map, place(pair) + 0x1800, 0x800, 5);
    assert_int_equal(map.count, FULL);
    memmap_round(&map);
    assert_int_equal(map.count, FULL);
    for (size_t i = 0; i < FULL - 1; i++)
        expect_region(i <= pair ? i : i + 1, place(i), place(i) + 0x1000, REGION_RESERVED);
    expect_region(pair + 1, place(pair) + 0x1000, place(pair) + 0x2000, REGION_BAD);
}

static void full_table_is_rounded_exactly(void **state)
{
    (void)state;
    check_cut_frame(0, 0x100);
    check_cut_frame(0, 1);
    check_cut_frame(FULL / 2, 0x100);
}

/*
 *   place(0)                    place(1)
 *    |-- bad --|-- reserved --|     | reserved |-- bad --|-- reserved --|
 *                            cut
 */
static void frames_go_to_the_stronger_kind_in_a_full_table(void **state)
{
    (void)state;
    memmap_init(&map);
    memmap_add_entry(&map, place(0), 0x1000, 5);
    memmap_add_entry(&map, place(0) + 0x1000, 0x100, 2);
    memmap_add_entry(&map, place(1), 0x800, 2);
    memmap_add_entry(&map, place(1) + 0x800, 0x2000, 5);
    memmap_add_entry(&map, place(1) + 0x2800, 0x1800, 2);
    for (size_t i = 2; map.count < FULL - 1; i++)
        memmap_add_entry(&map, place(i), 0x1000, 2);
    memmap_round(&map);
    expect_region(0, place(0), place(0) + 0x1000, REGION_BAD);
    expect_region(1, place(0) + 0x1000, place(0) + 0x2000, REGION_RESERVED);
    expect_region(2, place(1), place(1) + 0x3000, REGION_BAD);
    expect_region(3, place(1) + 0x3000, place(1) + 0x4000, REGION_RESERVED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(smallest_usable_region_makes_way),
        cmocka_unit_test(dropped_bytes_add_up),
        cmocka_unit_test(held_memory_does_not_make_way),
        cmocka_unit_test(nearest_neighbours_join_if_nothing_is_usable),
        cmocka_unit_test(lowest_of_the_nearest_neighbours_join),
        cmocka_unit_test(reservation_inside_a_region_of_a_full_table_holds),
        cmocka_unit_test(reservation_across_all_holes_of_a_full_table_holds),
        cmocka_unit_test(full_table_is_rounded_exactly),
        cmocka_unit_test(frames_go_to_the_stronger_kind_in_a_full_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
