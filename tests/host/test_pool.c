/*
 * The nonpaged pool over a window of fake virtual addresses. A picture shows pages of the window:
 * '#' is mapped, '|' a guard, '.' unused.
 */

#include "mm/pool.h"

#include <stdlib.h>
#include <string.h>

#include "fake_port.h"
#include "test.h"

#define WINDOW_PAGES 64
#define WINDOW_END (FAKE_PORT_BASE + WINDOW_PAGES * (uintptr_t)FRAME_BYTES)
#define MEMORY_FIRST ((pfn_t)0x100)
#define MEMORY_END ((pfn_t)0x300)

static struct pool pool;
static struct mm mm;
static void *buffers[4];
static size_t buffer_count;

static void *get_buffer(size_t size_bytes)
{
    void *buffer = malloc(size_bytes);
    memset(buffer, 0xA5, size_bytes);
    return buffers[buffer_count++] = buffer;
}

static int open_pool(void **state)
{
    (void)state;
    fake_port_reset();
    buffer_count = 0;
    struct frame_range memory = {MEMORY_FIRST, MEMORY_END};
    mm_init(&mm, fake_port_source, get_buffer(MM_FIRST_RECORDS_BYTES), MM_FIRST_RECORDS_BYTES);
    mm_add_range(&mm, memory, get_buffer(buddy_table_bytes(memory)));
    struct frame_range window = {FAKE_PORT_BASE >> FRAME_SHIFT, WINDOW_END >> FRAME_SHIFT};
    void *tables = get_buffer(buddy_table_bytes(window));
    pool_init(&pool, &fake_port_pages, &mm, FAKE_PORT_BASE, WINDOW_END, tables,
              get_buffer(MM_FIRST_RECORDS_BYTES), MM_FIRST_RECORDS_BYTES);
    return 0;
}

static int close_pool(void **state)
{
    (void)state;
    bool is_broken = mm_check(&mm) || mm_check(&pool.window);
    while (buffer_count > 0)
        free(buffers[--buffer_count]);
    fake_port_reset();
    return is_broken;
}

static struct mm_request request_of(uint64_t size_bytes)
{
    return (struct mm_request){.size_bytes = size_bytes, .limit = MM_NO_LIMIT, .owner = "test"};
}

static void *alloc(uint64_t size_bytes, struct mm_block *block)
{
    struct mm_request request = request_of(size_bytes);
    void *address = NULL;
    assert_int_equal(pool_alloc(&pool, &request, MM_CACHED, block, &address), MM_OK);
    return address;
}

static void *map(phys_t physical, uint64_t size_bytes)
{
    void *address = NULL;
    enum mm_status status = pool_map(&pool, physical, size_bytes, MM_UNCACHED, "device", &address);
    assert_int_equal(status, MM_OK);
    return address;
}

static void *page(void *address, intptr_t pages)
{
    return (void *)((uintptr_t)address + (uintptr_t)(pages * (intptr_t)FRAME_BYTES));
}

/* Nothing is held, mapped or recorded any more. */
static void expect_empty(void)
{
    struct mm_totals totals;
    mm_get_totals(&mm, &totals);
    assert_int_equal(totals.free_count, MEMORY_END - MEMORY_FIRST);
    assert_int_equal(totals.block_count, 0);
    mm_get_totals(&pool.window, &totals);
    assert_int_equal(totals.free_count, WINDOW_PAGES);
    assert_int_equal(totals.block_count, 0);
    assert_int_equal(fake_port_mapped_count, 0);
}

/* ---- blocks --------------------------------------------------------------------------------- */

/*  . . . | # # # # |    three pages and a byte */
static void block_is_mapped_exactly(void **state)
{
    (void)state;
    struct mm_block block;
    void *address = alloc(3 * FRAME_BYTES + 1, &block);
    assert_int_equal(fake_port_mapped_count, 4);
    assert_int_equal((uintptr_t)address % FRAME_BYTES, 0);
    for (intptr_t i = 0; i < 4; i++)
        assert_int_equal(fake_port_pages.translate((uintptr_t)page(address, i)),
                         block.base + (phys_t)i * FRAME_BYTES);
    assert_int_equal(pool_free(&pool, address), MM_OK);
    expect_empty();
}

/*  . . . | # # | | # |    each has guards of its own */
static void guards_on_either_side_are_unmapped(void **state)
{
    (void)state;
    uintptr_t upper = (uintptr_t)alloc(1, NULL);
    uintptr_t lower = (uintptr_t)alloc(2 * FRAME_BYTES, NULL);
    assert_int_equal(upper, WINDOW_END - 2 * FRAME_BYTES);
    assert_int_equal(lower, upper - 4 * FRAME_BYTES);
    assert_false(fake_port_is_mapped(upper + FRAME_BYTES));
    assert_false(fake_port_is_mapped(upper - FRAME_BYTES));
    assert_false(fake_port_is_mapped(lower + 2 * FRAME_BYTES));
    assert_false(fake_port_is_mapped(lower - FRAME_BYTES));
    assert_true(fake_port_is_mapped(lower + FRAME_BYTES));
}

static void cache_type_is_handed_on(void **state)
{
    (void)state;
    static const enum mm_cache caches[] = {MM_CACHED, MM_UNCACHED, MM_WRITE_COMBINED};
    for (size_t i = 0; i < 3; i++) {
        struct mm_request request = request_of(2 * FRAME_BYTES);
        void *address;
        assert_int_equal(pool_alloc(&pool, &request, caches[i], NULL, &address), MM_OK);
        assert_int_equal(fake_port_cache((uintptr_t)page(address, 0)), caches[i]);
        assert_int_equal(fake_port_cache((uintptr_t)page(address, 1)), caches[i]);
        void *mapping;
        assert_int_equal(pool_map(&pool, 0xFD000000, 1, caches[i], "device", &mapping), MM_OK);
        assert_int_equal(fake_port_cache((uintptr_t)mapping), caches[i]);
    }
}

/* The block's tag is its first page; the place's tag is the block's number. */
static void tags_lead_from_one_to_the_other(void **state)
{
    (void)state;
    struct mm_block block;
    struct mm_block found;
    void *address = alloc(5000, &block);
    assert_int_equal(block.tag, (uintptr_t)address >> FRAME_SHIFT);
    assert_ptr_equal(pool_block_address(&block), address);
    assert_true(mm_find_id(&mm, block.id, &found));
    assert_int_equal(found.tag, block.tag);
    assert_true(pool_find(&pool, (uintptr_t)address, &found));
    assert_int_equal(found.tag, block.id);
    assert_true(pool_find(&pool, (uintptr_t)map(0xFD000000, 1), &found));
    assert_int_equal(found.tag, 0);
}

static void block_above_4_gib_is_mapped_whole(void **state)
{
    (void)state;
    pfn_t far = (pfn_t)27 << 28;
    struct frame_range range = {far, far + 16};
    void *tables = malloc(buddy_table_bytes(range));
    assert_int_equal(mm_add_range(&mm, range, tables), MM_OK);
    struct mm_block block;
    void *address = alloc(16 * FRAME_BYTES, &block);
    assert_int_equal(block.base, far << FRAME_SHIFT);
    assert_int_equal(fake_port_pages.translate((uintptr_t)page(address, 15)), (far + 15)
                                                                                  << FRAME_SHIFT);
    assert_int_equal(pool_free(&pool, address), MM_OK);
    mm_init(&mm, fake_port_source, buffers[0], MM_FIRST_RECORDS_BYTES);
    free(tables);
}

static void request_that_cannot_be_is_refused_as_by_the_manager(void **state)
{
    (void)state;
    void *address = &pool;
    struct mm_request request = request_of(0);
    assert_int_equal(pool_alloc(&pool, &request, MM_CACHED, NULL, &address), MM_ZERO_SIZE);
    request = request_of((MEMORY_END - MEMORY_FIRST + 1) * FRAME_BYTES);
    assert_int_equal(pool_alloc(&pool, &request, MM_CACHED, NULL, &address), MM_NO_ROOM);
    request = request_of(1);
    request.owner = "";
    assert_int_equal(pool_alloc(&pool, &request, MM_CACHED, NULL, &address), MM_BAD_OWNER);
    assert_ptr_equal(address, &pool);
    expect_empty();
}

static void freed_block_leaves_nothing(void **state)
{
    (void)state;
    void *addresses[8];
    for (size_t i = 0; i < 8; i++)
        addresses[i] = alloc((i + 1) * 1000, NULL);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(pool_free(&pool, addresses[i * 3 % 8]), MM_OK);
    expect_empty();
}

/* ---- failures ------------------------------------------------------------------------------- */

/*  | # # # x    the fourth page cannot be mapped: the three before it go as well */
static void failed_mapping_is_rolled_back(void **state)
{
    (void)state;
    for (fake_port_map_limit = 0; fake_port_map_limit < 6; fake_port_map_limit++) {
        struct mm_request request = request_of(6 * FRAME_BYTES);
        void *address = &pool;
        assert_int_equal(pool_alloc(&pool, &request, MM_CACHED, NULL, &address), MM_NOT_MAPPED);
        assert_ptr_equal(address, &pool);
        expect_empty();
        enum mm_status status =
            pool_map(&pool, 0xFD000800, 6 * FRAME_BYTES - 0x800, MM_CACHED, "device", &address);
        assert_int_equal(status, MM_NOT_MAPPED);
        expect_empty();
    }
    pool_free(&pool, alloc(6 * FRAME_BYTES, NULL));
    expect_empty();
}

static void failed_mapping_leaves_others_alone(void **state)
{
    (void)state;
    void *kept = alloc(2 * FRAME_BYTES, NULL);
    fake_port_map_limit = 4;
    struct mm_request request = request_of(3 * FRAME_BYTES);
    void *address;
    assert_int_equal(pool_alloc(&pool, &request, MM_CACHED, NULL, &address), MM_NOT_MAPPED);
    assert_int_equal(fake_port_mapped_count, 2);
    assert_int_equal(pool_free(&pool, kept), MM_OK);
    expect_empty();
}

/*  | # ... # |    62 pages and two guards are all that there is */
static void window_is_used_up_to_its_last_page(void **state)
{
    (void)state;
    void *address = alloc((WINDOW_PAGES - 2) * FRAME_BYTES, NULL);
    assert_int_equal((uintptr_t)address, FAKE_PORT_BASE + FRAME_BYTES);
    struct mm_request request = request_of(1);
    void *none;
    assert_int_equal(pool_alloc(&pool, &request, MM_CACHED, NULL, &none), MM_NO_WINDOW);
    assert_int_equal(pool_free(&pool, address), MM_OK);
    expect_empty();
}

static void block_without_place_in_the_window_is_freed(void **state)
{
    (void)state;
    struct mm_request request = request_of((WINDOW_PAGES - 1) * FRAME_BYTES);
    void *address;
    assert_int_equal(pool_alloc(&pool, &request, MM_CACHED, NULL, &address), MM_NO_WINDOW);
    expect_empty();
    enum mm_status status = pool_map(&pool, 0, 1 * GIB, MM_CACHED, "device", &address);
    assert_int_equal(status, MM_NO_WINDOW);
    status = pool_map(&pool, 0, PHYS_LIMIT, MM_CACHED, "device", &address);
    assert_int_equal(status, MM_NO_WINDOW);
    expect_empty();
}

/*  | # | | # | | # | .    21 places of three pages; freeing one makes room for exactly one more */
static void exhausted_window_recovers(void **state)
{
    (void)state;
    void *addresses[WINDOW_PAGES / 3];
    for (size_t i = 0; i < WINDOW_PAGES / 3; i++)
        addresses[i] = alloc(1, NULL);
    struct mm_request request = request_of(1);
    void *address;
    assert_int_equal(pool_alloc(&pool, &request, MM_CACHED, NULL, &address), MM_NO_WINDOW);
    assert_int_equal(pool_free(&pool, addresses[7]), MM_OK);
    assert_int_equal(pool_alloc(&pool, &request, MM_CACHED, NULL, &address), MM_OK);
    assert_ptr_equal(address, addresses[7]);
    assert_int_equal(pool_alloc(&pool, &request, MM_CACHED, NULL, &address), MM_NO_WINDOW);
}

/* ---- wrong frees ---------------------------------------------------------------------------- */

static void block_is_freed_by_its_own_address_alone(void **state)
{
    (void)state;
    void *address = alloc(3 * FRAME_BYTES, NULL);
    assert_int_equal(pool_free(&pool, (char *)address + 1), MM_INSIDE_BLOCK);
    assert_int_equal(pool_free(&pool, page(address, 1)), MM_INSIDE_BLOCK);
    assert_int_equal(pool_free(&pool, (char *)page(address, 3) - 1), MM_INSIDE_BLOCK);
    assert_int_equal(pool_free(&pool, page(address, -1)), MM_INSIDE_BLOCK);
    assert_int_equal(pool_free(&pool, page(address, 3)), MM_INSIDE_BLOCK);
    assert_int_equal(fake_port_mapped_count, 3);
    assert_int_equal(pool_free(&pool, address), MM_OK);
    expect_empty();
}

static void block_is_freed_once(void **state)
{
    (void)state;
    void *address = alloc(3 * FRAME_BYTES, NULL);
    assert_int_equal(pool_free(&pool, address), MM_OK);
    assert_int_equal(pool_free(&pool, address), MM_ALREADY_FREE);
    assert_int_equal(pool_free(&pool, (char *)address + 1), MM_ALREADY_FREE);
    assert_int_equal(pool_unmap(&pool, address), MM_ALREADY_FREE);
    expect_empty();
}

static void foreign_addresses_are_not_freed(void **state)
{
    (void)state;
    alloc(1, NULL);
    static const uintptr_t foreign[] = {0, 1, FAKE_PORT_BASE - 1, WINDOW_END, UINTPTR_MAX};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        assert_int_equal(pool_free(&pool, (void *)foreign[i]), MM_NOT_MANAGED);
        assert_int_equal(pool_unmap(&pool, (void *)foreign[i]), MM_NOT_MANAGED);
        struct mm_block found;
        assert_false(pool_find(&pool, foreign[i], &found));
    }
    assert_int_equal(fake_port_mapped_count, 1);
}

static void mapping_is_not_freed_and_block_not_unmapped(void **state)
{
    (void)state;
    void *mapping = map(0xFD000000, 2 * FRAME_BYTES);
    void *block = alloc(2 * FRAME_BYTES, NULL);
    assert_int_equal(pool_free(&pool, mapping), MM_NOT_A_BLOCK);
    assert_int_equal(pool_free(&pool, page(mapping, 1)), MM_NOT_A_BLOCK);
    assert_int_equal(pool_unmap(&pool, block), MM_NOT_A_BLOCK);
    assert_int_equal(pool_unmap(&pool, page(block, 1)), MM_NOT_A_BLOCK);
    assert_int_equal(fake_port_mapped_count, 4);
    assert_int_equal(pool_unmap(&pool, mapping), MM_OK);
    assert_int_equal(pool_free(&pool, block), MM_OK);
    expect_empty();
}

/* ---- blocks by their physical base ---------------------------------------------------------- */

static void block_is_freed_by_its_base_mapped_or_not(void **state)
{
    (void)state;
    struct mm_block mapped;
    struct mm_block plain;
    struct mm_request request = request_of(2 * FRAME_BYTES);
    alloc(2 * FRAME_BYTES, &mapped);
    assert_int_equal(mm_alloc(&mm, &request, &plain), MM_OK);
    assert_int_equal(fake_port_mapped_count, 2);
    assert_int_equal(pool_free_block(&pool, plain.base), MM_OK);
    assert_int_equal(fake_port_mapped_count, 2);
    assert_int_equal(pool_free_block(&pool, mapped.base), MM_OK);
    expect_empty();
    assert_int_equal(pool_free_block(&pool, mapped.base), MM_ALREADY_FREE);
}

static void wrong_bases_are_named(void **state)
{
    (void)state;
    struct mm_block block;
    alloc(2 * FRAME_BYTES, &block);
    assert_int_equal(pool_free_block(&pool, block.base + 1), MM_INSIDE_BLOCK);
    assert_int_equal(pool_free_block(&pool, block.base + FRAME_BYTES), MM_INSIDE_BLOCK);
    assert_int_equal(pool_free_block(&pool, block.base - FRAME_BYTES), MM_ALREADY_FREE);
    assert_int_equal(pool_free_block(&pool, 0), MM_NOT_MANAGED);
    assert_int_equal(pool_free_block(&pool, PHYS_LIMIT), MM_NOT_MANAGED);
    assert_int_equal(fake_port_mapped_count, 2);
}

static void unmapped_block_is_mapped_later(void **state)
{
    (void)state;
    struct mm_block block;
    struct mm_block found;
    struct mm_request request = request_of(FRAME_BYTES + 1);
    mm_alloc(&mm, &request, &block);
    assert_null(pool_block_address(&block));
    assert_int_equal(pool_map_block(&pool, &block, MM_CACHED), MM_OK);
    void *address = pool_block_address(&block);
    assert_int_equal(fake_port_pages.translate((uintptr_t)address), block.base);
    assert_true(mm_find_id(&mm, block.id, &found));
    assert_ptr_equal(pool_block_address(&found), address);
    assert_int_equal(pool_free(&pool, address), MM_OK);
    expect_empty();
}

static void block_that_cannot_be_mapped_stays_as_it_was(void **state)
{
    (void)state;
    struct mm_block block;
    struct mm_request request = request_of(3 * FRAME_BYTES);
    mm_alloc(&mm, &request, &block);
    struct mm_block before = block;
    fake_port_map_limit = 2;
    assert_int_equal(pool_map_block(&pool, &block, MM_CACHED), MM_NOT_MAPPED);
    assert_memory_equal(&block, &before, sizeof block);
    assert_true(mm_find_id(&mm, block.id, &block));
    assert_int_equal(block.tag, 0);
    assert_int_equal(pool_free_block(&pool, block.base), MM_OK);
    expect_empty();
}

/* ---- mappings ------------------------------------------------------------------------------- */

/*
 *   physical   0xFD000000    0xFD001000    0xFD002000
 *                    |--- 0x1002 bytes ---|
 *                  0xFD000FFF          0xFD002001         three pages: a byte, a frame, a byte
 */
static void mapping_keeps_the_offset_in_its_frame(void **state)
{
    (void)state;
    void *address = map(0xFD000FFF, 0x1002);
    assert_int_equal((uintptr_t)address % FRAME_BYTES, 0xFFF);
    assert_int_equal(fake_port_mapped_count, 3);
    for (uintptr_t offset = 0; offset < 0x1002; offset++)
        assert_int_equal(fake_port_pages.translate((uintptr_t)address + offset),
                         0xFD000FFF + offset);
    assert_int_equal(pool_unmap(&pool, address), MM_OK);
    expect_empty();
}

/* Whatever lies whole in one frame takes one page; the next byte takes another. */
static void mapping_takes_the_frames_it_touches(void **state)
{
    (void)state;
    static const struct {
        phys_t physical;
        uint64_t size_bytes;
        size_t pages;
    } cases[] = {
        {0, 1, 1},           {0x400, 0x100, 1}, {0x1000, 0x1000, 1},    {0x1001, 0xFFF, 1},
        {0x1001, 0x1000, 2}, {0x1FFF, 2, 2},    {0xA0000, 0x20000, 32}, {PHYS_LIMIT - 1, 1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        void *address = map(cases[i].physical, cases[i].size_bytes);
        assert_int_equal(fake_port_mapped_count, cases[i].pages);
        assert_int_equal(fake_port_pages.translate((uintptr_t)address), cases[i].physical);
        assert_int_equal(pool_unmap(&pool, address), MM_OK);
        expect_empty();
    }
}

static void mapping_is_undone_by_any_address_inside(void **state)
{
    (void)state;
    static const uintptr_t offsets[] = {0, 1, 0x800, 0x1000, 0x1FFF};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        char *address = map(0xFD000000, 0x2000);
        assert_int_equal(pool_unmap(&pool, address + offsets[i]), MM_OK);
        assert_int_equal(pool_unmap(&pool, address + offsets[i]), MM_ALREADY_FREE);
        expect_empty();
    }
}

static void same_frames_may_be_mapped_twice(void **state)
{
    (void)state;
    void *first = map(0xFD000000, 1);
    void *second = map(0xFD000000, 1);
    assert_ptr_not_equal(first, second);
    assert_int_equal(pool_unmap(&pool, first), MM_OK);
    assert_int_equal(fake_port_pages.translate((uintptr_t)second), 0xFD000000);
}

static void mapping_that_cannot_be_is_refused(void **state)
{
    (void)state;
    void *address = &pool;
    assert_int_equal(pool_map(&pool, 0, 0, MM_CACHED, "device", &address), MM_ZERO_SIZE);
    assert_int_equal(pool_map(&pool, 0, 1, MM_CACHED, "", &address), MM_BAD_OWNER);
    assert_int_equal(pool_map(&pool, 0, 1, MM_CACHED, NULL, &address), MM_BAD_OWNER);
    enum mm_status status = pool_map(&pool, PHYS_LIMIT, 1, MM_CACHED, "device", &address);
    assert_int_equal(status, MM_NOT_MAPPED);
    status = pool_map(&pool, PHYS_LIMIT - 1, 2, MM_CACHED, "device", &address);
    assert_int_equal(status, MM_NOT_MAPPED);
    status = pool_map(&pool, 1, UINT64_MAX, MM_CACHED, "device", &address);
    assert_int_equal(status, MM_NOT_MAPPED);
    status = pool_map(&pool, UINT64_MAX, 1, MM_CACHED, "device", &address);
    assert_int_equal(status, MM_NOT_MAPPED);
    assert_ptr_equal(address, &pool);
    expect_empty();
}

/*  . . | # # | . .    found from the first guard's first byte to the second guard's last */
static void fault_in_a_guard_finds_its_mapping(void **state)
{
    (void)state;
    alloc(1, NULL);
    uintptr_t address = (uintptr_t)alloc(2 * FRAME_BYTES, NULL);
    struct mm_block found;
    for (uintptr_t at = address - FRAME_BYTES; at < address + 3 * FRAME_BYTES; at += 0x7FF) {
        assert_true(pool_find(&pool, at, &found));
        assert_int_equal(found.base, address - FRAME_BYTES);
        assert_int_equal(found.size_bytes, 4 * FRAME_BYTES);
        assert_string_equal(found.owner, "test");
    }
    assert_false(pool_find(&pool, address - FRAME_BYTES - 1, &found));
    assert_true(pool_find(&pool, address + 3 * FRAME_BYTES, &found));
    assert_int_equal(found.base, address + 3 * FRAME_BYTES);
}

/* ---- records run out ------------------------------------------------------------------------ */

/* Records of either manager may run out; what was begun is undone. */
static void no_record_in_the_window_frees_the_block(void **state)
{
    (void)state;
    struct mm_block scratch;
    struct mm_request request = request_of(1);
    fake_port_has_memory = false;
    assert_int_equal(ledger_choose_owner(&pool.window.ledger, "test"), MM_OK);
    while (ledger_free_count(&pool.window.ledger) > 0)
        assert_true(ledger_enter(&pool.window.ledger, 0, 1, &scratch));
    void *address;
    assert_int_equal(pool_alloc(&pool, &request, MM_CACHED, &scratch, &address), MM_NO_RECORD);
    assert_int_equal(mm.buddy.free_count, MEMORY_END - MEMORY_FIRST);
    assert_int_equal(pool.window.buddy.free_count, WINDOW_PAGES);
    assert_int_equal(fake_port_mapped_count, 0);
    while (ledger_strike(&pool.window.ledger, 0) != 0)
        continue;
    expect_empty();
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_pool, close_pool)
    const struct CMUnitTest tests[] = {
        RULE(block_is_mapped_exactly),
        RULE(guards_on_either_side_are_unmapped),
        RULE(cache_type_is_handed_on),
        RULE(tags_lead_from_one_to_the_other),
        RULE(block_above_4_gib_is_mapped_whole),
        RULE(request_that_cannot_be_is_refused_as_by_the_manager),
        RULE(freed_block_leaves_nothing),
        RULE(failed_mapping_is_rolled_back),
        RULE(failed_mapping_leaves_others_alone),
        RULE(window_is_used_up_to_its_last_page),
        RULE(block_without_place_in_the_window_is_freed),
        RULE(exhausted_window_recovers),
        RULE(block_is_freed_by_its_own_address_alone),
        RULE(block_is_freed_once),
        RULE(foreign_addresses_are_not_freed),
        RULE(mapping_is_not_freed_and_block_not_unmapped),
        RULE(block_is_freed_by_its_base_mapped_or_not),
        RULE(wrong_bases_are_named),
        RULE(unmapped_block_is_mapped_later),
        RULE(block_that_cannot_be_mapped_stays_as_it_was),
        RULE(mapping_keeps_the_offset_in_its_frame),
        RULE(mapping_takes_the_frames_it_touches),
        RULE(mapping_is_undone_by_any_address_inside),
        RULE(same_frames_may_be_mapped_twice),
        RULE(mapping_that_cannot_be_is_refused),
        RULE(fault_in_a_guard_finds_its_mapping),
        RULE(no_record_in_the_window_frees_the_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
