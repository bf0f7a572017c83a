/* The firmware map's rules, each drawn as it is tested. One column is 4 KiB unless said. */

#include "mm/memmap.h"

#include "test.h"

static struct memmap map;

static int start_with_empty_map(void **state)
{
    (void)state;
    memmap_init(&map);
    return 0;
}

static void expect_region(size_t index, phys_t base, phys_t end, enum region_kind kind)
{
    assert_true(index < map.count);
    assert_int_equal(map.regions[index].base, base);
    assert_int_equal(map.regions[index].end, end);
    assert_int_equal(map.regions[index].kind, kind);
}

/*   usable    |---------------|
 *   reserved       |-----|
 *   result    |-u--|--r--|-u--|  */
static void reserved_inside_usable_splits_it(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x100000, 0x10000, 1);
    memmap_add_entry(&map, 0x104000, 0x4000, 2);
    assert_int_equal(map.count, 3);
    expect_region(0, 0x100000, 0x104000, REGION_USABLE);
    expect_region(1, 0x104000, 0x108000, REGION_RESERVED);
    expect_region(2, 0x108000, 0x110000, REGION_USABLE);
}

/* The same two entries the other way round. */
static void order_does_not_matter(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x104000, 0x4000, 2);
    memmap_add_entry(&map, 0x100000, 0x10000, 1);
    assert_int_equal(map.count, 3);
    expect_region(0, 0x100000, 0x104000, REGION_USABLE);
    expect_region(1, 0x104000, 0x108000, REGION_RESERVED);
    expect_region(2, 0x108000, 0x110000, REGION_USABLE);
}

/*   acpi      |-----|
 *   nvs          |-----|
 *   bad             |-----|
 *   result    |-a|-n|--b--|  */
static void stronger_kind_wins_an_overlap(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x6000, 0x4000, 5);
    memmap_add_entry(&map, 0x1000, 0x4000, 3);
    memmap_add_entry(&map, 0x4000, 0x4000, 4);
    assert_int_equal(map.count, 3);
    expect_region(0, 0x1000, 0x4000, REGION_ACPI);
    expect_region(1, 0x4000, 0x6000, REGION_NVS);
    expect_region(2, 0x6000, 0xA000, REGION_BAD);
}

static void touching_regions_of_a_kind_merge(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x2000, 0x1000, 1);
    memmap_add_entry(&map, 0x1000, 0x1000, 1);
    memmap_add_entry(&map, 0x3000, 0x1000, 1);
    assert_int_equal(map.count, 1);
    expect_region(0, 0x1000, 0x4000, REGION_USABLE);
}

static void empty_entry_adds_nothing_and_says_so(void **state)
{
    (void)state;
    assert_false(memmap_add_entry(&map, 0x1000, 0, 1));
    assert_false(memmap_add_entry(&map, 0, 0, 2));
    assert_int_equal(map.count, 0);
}

static void wrapping_entry_is_cut_and_says_so(void **state)
{
    (void)state;
    assert_false(memmap_add_entry(&map, 0x300000, UINT64_MAX - 0x1000, 2));
    expect_region(0, 0x300000, PHYS_LIMIT, REGION_RESERVED);
}

static void entry_that_ends_at_2_64_does_not_wrap(void **state)
{
    (void)state;
    assert_true(memmap_add_entry(&map, 0x4000000, (uint64_t)0 - 0x4000000, 2));
    expect_region(0, 0x4000000, PHYS_LIMIT, REGION_RESERVED);
    assert_false(memmap_add_entry(&map, 0x4000000, (uint64_t)0 - 0x4000000 + 1, 2));
}

static void entry_at_0_does_not_wrap(void **state)
{
    (void)state;
    assert_true(memmap_add_entry(&map, 0, 0x1000, 1));
    assert_true(memmap_add_entry(&map, 0, UINT64_MAX, 1));
    expect_region(0, 0, PHYS_LIMIT, REGION_USABLE);
}

/*
 *              2^52
 *   entry   |---|---|   |---|       what lies above does not exist
 *   result  |---|
 */
static void entry_is_cut_where_addresses_end(void **state)
{
    (void)state;
    static const struct {
        phys_t base;
        uint64_t length_bytes;
        phys_t end; /* 0: nothing is left */
    } cases[] = {
        {PHYS_LIMIT - 1, 1, PHYS_LIMIT},
        {PHYS_LIMIT - 0x2000, 0x1FFF, PHYS_LIMIT - 1},
        {PHYS_LIMIT - 0x2000, 0x2000, PHYS_LIMIT},
        {PHYS_LIMIT - 0x2000, 0x4000, PHYS_LIMIT},
        {PHYS_LIMIT, 0x1000, 0},
        {PHYS_LIMIT + 0x1000, 0x1000, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memmap_init(&map);
        assert_true(memmap_add_entry(&map, cases[i].base, cases[i].length_bytes, 1));
        assert_int_equal(map.count, cases[i].end != 0);
        if (cases[i].end)
            expect_region(0, cases[i].base, cases[i].end, REGION_USABLE);
    }
}

/* One byte of a frame taken: the frame is lost, its neighbours are not. */
static void usable_rounds_inward_the_rest_outward(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x100000, 0x10000, 1);
    memmap_add_entry(&map, 0x104FFF, 1, 2);
    memmap_add_entry(&map, 0x10E800, 0x2000, 3);
    memmap_round(&map);
    assert_int_equal(map.count, 4);
    expect_region(0, 0x100000, 0x104000, REGION_USABLE);
    expect_region(1, 0x104000, 0x105000, REGION_RESERVED);
    expect_region(2, 0x105000, 0x10E000, REGION_USABLE);
    expect_region(3, 0x10E000, 0x111000, REGION_ACPI);
}

/* Both ends lie inside a frame, and nothing lies beside them. */
static void usable_begins_and_ends_with_whole_frames(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x1001, 0x4000, 1);
    memmap_round(&map);
    assert_int_equal(map.count, 1);
    expect_region(0, 0x2000, 0x5000, REGION_USABLE);
}

/* Whichever kind it is, and wherever it lies in the table. */
static void every_kind_but_usable_rounds_outward(void **state)
{
    (void)state;
    static const struct {
        uint32_t type;
        enum region_kind kind;
    } cases[] = {{2, REGION_RESERVED}, {3, REGION_ACPI}, {4, REGION_NVS}, {5, REGION_BAD}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memmap_init(&map);
        memmap_add_entry(&map, 0x1FFF, 2, cases[i].type);
        memmap_round(&map);
        assert_int_equal(map.count, 1);
        expect_region(0, 0x1000, 0x3000, cases[i].kind);
    }
}

/*  one frame:  | acpi | nvs | hole | usable...   -> all of it NVS */
static void shared_frame_goes_to_the_strongest_kind(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x1000, 0x400, 3);
    memmap_add_entry(&map, 0x1400, 0x400, 4);
    memmap_add_entry(&map, 0x1C00, 0x2400, 1);
    memmap_round(&map);
    assert_int_equal(map.count, 2);
    expect_region(0, 0x1000, 0x2000, REGION_NVS);
    expect_region(1, 0x2000, 0x4000, REGION_USABLE);
}

/*  | reserved | hole | reserved |   -> one region: the hole lies inside a frame */
static void regions_of_a_kind_that_touch_after_rounding_merge(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x1000, 0x800, 2);
    memmap_add_entry(&map, 0x1900, 0x1700, 2);
    memmap_round(&map);
    assert_int_equal(map.count, 1);
    expect_region(0, 0x1000, 0x3000, REGION_RESERVED);
}

static void usable_less_than_a_frame_vanishes(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x1800, 0x1000, 1);
    memmap_round(&map);
    assert_int_equal(map.count, 0);
}

static void types_are_read_whole(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x1000, 0x1000, 0x101);
    memmap_add_entry(&map, 0x2000, 0x1000, 0x01000001);
    memmap_add_entry(&map, 0x3000, 0x1000, 0xFFFFFFFF);
    expect_region(0, 0x1000, 0x4000, REGION_RESERVED);
}

/*   usable       |-----------|        |- acpi -|
 *   reserve            |------------------|
 *   result       |free | kernel|kernel|kernel|- acpi -|
 *   kind           u      u     hole    acpi     acpi    */
static void reservation_keeps_kinds_and_fills_holes(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x1000, 0x3000, 1);
    memmap_add_entry(&map, 0x6000, 0x2000, 3);
    memmap_round(&map);
    memmap_reserve(&map, 0x2800, 0x6800, "kernel");
    assert_int_equal(map.count, 5);
    expect_region(0, 0x1000, 0x2000, REGION_USABLE);
    assert_true(region_is_free(&map.regions[0]));
    expect_region(1, 0x2000, 0x4000, REGION_USABLE);
    assert_string_equal(map.regions[1].owner, "kernel");
    expect_region(2, 0x4000, 0x6000, REGION_RESERVED);
    expect_region(3, 0x6000, 0x7000, REGION_ACPI);
    assert_string_equal(map.regions[3].owner, "kernel");
    assert_null(map.regions[4].owner);
}

static void first_owner_keeps_its_reservation(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x1000, 0x4000, 1);
    memmap_reserve(&map, 0x1000, 0x3000, "first");
    memmap_reserve(&map, 0x2000, 0x4000, "second");
    expect_region(0, 0x1000, 0x3000, REGION_USABLE);
    assert_string_equal(map.regions[0].owner, "first");
    assert_string_equal(map.regions[1].owner, "second");
    assert_int_equal(map.regions[1].base, 0x3000);
}

/* Not even the frame that it would lie in. */
static void empty_reservation_changes_nothing(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x1000, 0x4000, 1);
    memmap_reserve(&map, 0x2000, 0x2000, "nobody");
    memmap_reserve(&map, 0x3000, 0x2000, "nobody");
    memmap_reserve(&map, 0x2800, 0x2800, "nobody");
    memmap_reserve(&map, 0x2801, 0x2800, "nobody");
    assert_int_equal(map.count, 1);
}

static void reservation_ends_where_addresses_do(void **state)
{
    (void)state;
    static const phys_t ends[] = {PHYS_LIMIT, PHYS_LIMIT + 1, UINT64_MAX};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        memmap_init(&map);
        memmap_reserve(&map, PHYS_LIMIT - 0x1800, ends[i], "top");
        assert_int_equal(map.count, 1);
        expect_region(0, PHYS_LIMIT - 0x2000, PHYS_LIMIT, REGION_RESERVED);
    }
}

/* 1200 scattered usable frames and 1200 reserved ones between them: more than the table holds. */
static void full_table_drops_usable_memory_never_a_reservation(void **state)
{
    (void)state;
    for (phys_t i = 0; i < 1200; i++)
        memmap_add_entry(&map, i * 0x4000, 0x1000, 1);
    for (phys_t i = 0; i < 1200; i++)
        memmap_add_entry(&map, i * 0x4000, 0x2000, 2);
    assert_true(map.dropped_bytes >= 0x1000);
    assert_true(map.count <= MEMMAP_CAPACITY);
    for (phys_t i = 0; i < 1200; i++) {
        size_t index = 0;
        while (index < map.count && map.regions[index].end <= i * 0x4000)
            index++;
        assert_true(index < map.count && map.regions[index].base <= i * 0x4000);
        assert_int_equal(map.regions[index].kind, REGION_RESERVED);
    }
}

static void next_free_lists_frames_without_owner(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x1000, 0x3000, 1);
    memmap_add_entry(&map, 0x10000, 0x3000, 2);
    memmap_add_entry(&map, 0x20000, 0x3000, 1);
    memmap_reserve(&map, 0x20000, 0x21000, "kernel");
    size_t cursor = 0;
    struct frame_range range;
    assert_true(memmap_next_free(&map, &cursor, &range));
    assert_int_equal(range.first, 1);
    assert_int_equal(range.end, 4);
    assert_true(memmap_next_free(&map, &cursor, &range));
    assert_int_equal(range.first, 0x21);
    assert_int_equal(range.end, 0x23);
    assert_false(memmap_next_free(&map, &cursor, &range));
}

static void find_top_takes_the_highest_place_below_the_limit(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x1000, 0x3000, 1);
    memmap_add_entry(&map, 0x10000, 0x8000, 1);
    assert_int_equal(memmap_find_top(&map, 0x1001, PHYS_LIMIT), 0x16000);
    assert_int_equal(memmap_find_top(&map, 0x2000, 0x14FFF), 0x12000);
    assert_int_equal(memmap_find_top(&map, 0x3000, 0x11000), 0x1000);
    assert_int_equal(memmap_find_top(&map, 0x9000, PHYS_LIMIT), 0);
    assert_int_equal(memmap_find_top(&map, UINT64_MAX, PHYS_LIMIT), 0);
}

/*
 *             0x1000    0x4000    0x10000       0x18000
 *   table        |- free -|          |-- kernel --|
 *   limit     ^        or     ^                           nothing, or what lies below
 */
static void find_top_takes_no_other_memory(void **state)
{
    (void)state;
    memmap_add_entry(&map, 0x1000, 0x3000, 1);
    memmap_add_entry(&map, 0x10000, 0x8000, 1);
    memmap_reserve(&map, 0x10000, 0x18000, "kernel");
    assert_int_equal(memmap_find_top(&map, 0x1000, PHYS_LIMIT), 0x3000);
    assert_int_equal(memmap_find_top(&map, 0x1000, 0x8000), 0x3000);
    assert_int_equal(memmap_find_top(&map, 0x1000, 0x1000), 0);
    assert_int_equal(memmap_find_top(&map, 0x1000, 0), 0);
}

static void empty_table_has_dropped_nothing(void **state)
{
    (void)state;
    map.dropped_bytes = 0x1000;
    memmap_init(&map);
    assert_int_equal(map.dropped_bytes, 0);
}

static void every_kind_has_its_name(void **state)
{
    (void)state;
    assert_string_equal(region_kind_name(REGION_USABLE), "usable");
    assert_string_equal(region_kind_name(REGION_ACPI), "acpi");
    assert_string_equal(region_kind_name(REGION_NVS), "nvs");
    assert_string_equal(region_kind_name(REGION_RESERVED), "reserved");
    assert_string_equal(region_kind_name(REGION_BAD), "bad");
    assert_string_equal(region_kind_name((enum region_kind)1000), "unknown");
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup(rule, start_with_empty_map)
    const struct CMUnitTest tests[] = {
        RULE(reserved_inside_usable_splits_it),
        RULE(order_does_not_matter),
        RULE(stronger_kind_wins_an_overlap),
        RULE(touching_regions_of_a_kind_merge),
        RULE(empty_entry_adds_nothing_and_says_so),
        RULE(wrapping_entry_is_cut_and_says_so),
        RULE(entry_that_ends_at_2_64_does_not_wrap),
        RULE(entry_at_0_does_not_wrap),
        RULE(entry_is_cut_where_addresses_end),
        RULE(usable_rounds_inward_the_rest_outward),
        RULE(usable_begins_and_ends_with_whole_frames),
        RULE(every_kind_but_usable_rounds_outward),
        RULE(shared_frame_goes_to_the_strongest_kind),
        RULE(regions_of_a_kind_that_touch_after_rounding_merge),
        RULE(usable_less_than_a_frame_vanishes),
        RULE(types_are_read_whole),
        RULE(reservation_keeps_kinds_and_fills_holes),
        RULE(first_owner_keeps_its_reservation),
        RULE(empty_reservation_changes_nothing),
        RULE(reservation_ends_where_addresses_do),
        RULE(full_table_drops_usable_memory_never_a_reservation),
        RULE(next_free_lists_frames_without_owner),
        RULE(find_top_takes_the_highest_place_below_the_limit),
        RULE(find_top_takes_no_other_memory),
        RULE(empty_table_has_dropped_nothing),
        RULE(every_kind_has_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
