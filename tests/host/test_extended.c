/*
 * What 16-bit code asks of memory above 1 MiB: the table of descriptors that a block move has, who
 * holds the memory that it names, and how much there is.
 */

#include "kernel/bios/extended.h"

#include "kernel/memory/managed.h"
#include "one_mm.h"

#define DATA 0x93 /* present, a data segment, writable: what callers are told to write */

/* A descriptor as the 80386 has it: the base's and the limit's high bits come behind the rights. */
static void describe(uint8_t *descriptor, uint32_t base, uint32_t limit, uint8_t rights)
{
    descriptor[0] = (uint8_t)limit;
    descriptor[1] = (uint8_t)(limit >> 8);
    descriptor[2] = (uint8_t)base;
    descriptor[3] = (uint8_t)(base >> 8);
    descriptor[4] = (uint8_t)(base >> 16);
    descriptor[5] = rights;
    descriptor[6] = (uint8_t)(limit >> 16);
    descriptor[7] = (uint8_t)(base >> 24);
}

static void table_is_read(void **state)
{
    (void)state;
    static const struct {
        uint32_t from, to, limit;
        uint16_t words;
    } rows[] = {
        {0xC0000, 0x123456, 0xFFFF, 0x8000},
        {0xFD000000, 0x9E000, 0xFFFF, 1},
        {0x1234, 0xFFFFFFFE, 1, 1}, /* the last two bytes below 4 GiB */
        {0, 0, 0xFFFFF, 0x8000}, /* as SeaBIOS's VGA BIOS writes it */
        {0x100000, 0x200000, 511, 256},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t table[EXTENDED_TABLE_BYTES] = {0};
        struct extended_move move;
        describe(table + 0x10, rows[i].from, rows[i].limit, DATA);
        describe(table + 0x18, rows[i].to, rows[i].limit, DATA);
        assert_true(extended_read_table(table, rows[i].words, &move));
        assert_int_equal(move.from, rows[i].from);
        assert_int_equal(move.to, rows[i].to);
        assert_int_equal(move.size_bytes, 2 * rows[i].words);
    }
}

static void limit_may_count_frames(void **state)
{
    (void)state;
    uint8_t table[EXTENDED_TABLE_BYTES] = {0};
    struct extended_move move;
    describe(table + 0x10, 0x100000, 0, DATA);
    describe(table + 0x18, 0x200000, 0, DATA);
    assert_false(extended_read_table(table, 2048, &move));
    table[0x16] = table[0x1E] = 0x80;
    assert_true(extended_read_table(table, 2048, &move));
    assert_false(extended_read_table(table, 2049, &move));
}

static void wrong_tables_are_refused(void **state)
{
    (void)state;
    static const struct {
        uint32_t base, limit;
        uint8_t rights;
    } wrong[] = {
        {0x100000, 510, DATA}, /* a byte too short */
        {0x100000, 0, DATA},      {0xFFFFFE01, 511, DATA}, /* a byte past 4 GiB */
        {0x100000, 0xFFFF, 0x13}, /* not present */
        {0x100000, 0xFFFF, 0x83}, /* a system's */
        {0x100000, 0xFFFF, 0x9B}, /* code */
        {0x100000, 0xFFFF, 0x97}, /* expands down */
        {0x100000, 0xFFFF, 0x00},
    };
    struct extended_move move;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        for (size_t offset = 0x10; offset <= 0x18; offset += 8) {
            uint8_t table[EXTENDED_TABLE_BYTES] = {0};
            describe(table + 0x10, 0x200000, 511, DATA);
            describe(table + 0x18, 0x300000, 511, DATA);
            assert_true(extended_read_table(table, 256, &move));
            describe(table + offset, wrong[i].base, wrong[i].limit, wrong[i].rights);
            assert_false(extended_read_table(table, 256, &move));
        }
}

static void only_the_target_must_be_writable(void **state)
{
    (void)state;
    uint8_t table[EXTENDED_TABLE_BYTES] = {0};
    struct extended_move move;
    describe(table + 0x10, 0x200000, 511, 0x91);
    describe(table + 0x18, 0x300000, 511, DATA);
    assert_true(extended_read_table(table, 256, &move));
    table[0x1D] = 0x91;
    assert_false(extended_read_table(table, 256, &move));
}

static void counts_have_bounds(void **state)
{
    (void)state;
    uint8_t table[EXTENDED_TABLE_BYTES] = {0};
    struct extended_move move;
    assert_true(extended_read_table(table, 0, &move)); /* nothing is moved by any table */
    assert_int_equal(move.size_bytes, 0);
    describe(table + 0x10, 0, 0xFFFFF, DATA);
    describe(table + 0x18, 0x100000, 0xFFFFF, DATA);
    assert_true(extended_read_table(table, 0x8000, &move));
    assert_false(extended_read_table(table, 0x8001, &move));
    assert_false(extended_read_table(table, 0xFFFF, &move));
}

/* ---- who holds it ---------------------------------------------------------------------------- */

static struct memmap map;

/* Memory around one_mm.h's first range, the kernel in it, and a frame buffer in a hole. */
static void start_map(void)
{
    memmap_init(&map);
    memmap_add_entry(&map, 0, 0x9FC00, 1);
    memmap_add_entry(&map, 0xF0000, 0x10000, 2);
    memmap_add_entry(&map, MIB, 3 * MIB, 1);
    memmap_add_entry(&map, 8 * MIB, MIB, 1);
    memmap_round(&map);
    memmap_reserve(&map, 2 * MIB, 3 * MIB, "kernel");
    memmap_reserve(&map, 3 * MIB, 4 * MIB, MEMORY_ISA_HOLE); /* the map calls it memory */
    memmap_reserve(&map, 0xFD000000, 0xFE000000, MEMORY_FRAMEBUFFER);
}

static const char *holder_of(phys_t address, const char *caller)
{
    struct mm_block block;
    const char *owner = extended_find_holder(&map, &mm, address, caller, &block);
    return owner ? owner : "nobody";
}

static void holders_are_found(void **state)
{
    (void)state;
    struct mm_request request = request_of(2 * FRAME_BYTES);
    struct mm_block block;
    request.limit = LOW_LIMIT;
    start_map();
    phys_t base = expect_block(request);
    assert_string_equal(holder_of(base, "another"), "test");
    assert_string_equal(holder_of(base + 2 * FRAME_BYTES - 1, "another"), "test");
    assert_string_equal(holder_of(base, "test"), "nobody");
    assert_string_equal(extended_find_holder(&map, &mm, base, "another", &block), "test");
    assert_int_equal(block.base, base);
    assert_int_not_equal(block.id, 0);
    assert_string_equal(holder_of(2 * MIB, "another"), "kernel");
    assert_string_equal(holder_of(3 * MIB - 1, "kernel"), "kernel"); /* no caller has its name */
    assert_string_equal(extended_find_holder(&map, &mm, 2 * MIB, "test", &block), "kernel");
    assert_int_equal(block.id, 0);
    assert_int_equal(mm_free(&mm, base), MM_OK);
    assert_string_equal(holder_of(base, "another"), "nobody");
}

static void devices_are_nobodys(void **state)
{
    (void)state;
    start_map();
    assert_string_equal(holder_of(0xFD000000, "test"), "nobody");
    assert_string_equal(holder_of(0xA0000, "test"), "nobody");
    assert_string_equal(holder_of(3 * MIB, "test"), "nobody");
    assert_false(extended_is_memory(&map, 0xFD000000));
    assert_false(extended_is_memory(&map, 0xA0000));
    assert_false(extended_is_memory(&map, 0xF0000));
    assert_false(extended_is_memory(&map, 3 * MIB));
    assert_true(extended_is_memory(&map, 0x1000));
    assert_true(extended_is_memory(&map, 2 * MIB));
}

/* ---- how much there is ----------------------------------------------------------------------- */

static void size_ends_at_the_first_hole(void **state)
{
    (void)state;
    start_map();
    assert_int_equal(extended_size_kib(&map), 2 * 1024); /* the kernel's is memory, too */
    memmap_init(&map);
    assert_int_equal(extended_size_kib(&map), 0);
    memmap_add_entry(&map, 0, 0x9FC00, 1);
    memmap_add_entry(&map, 2 * MIB, MIB, 1);
    memmap_round(&map);
    assert_int_equal(extended_size_kib(&map), 0);
}

static void size_is_15_mib_at_most(void **state)
{
    (void)state;
    static const struct {
        unsigned memory_mib, size_kib;
    } rows[] = {{2, 1024}, {15, 14 * 1024}, {16, 15 * 1024}, {17, 15 * 1024}, {3000, 15 * 1024}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memmap_init(&map);
        memmap_add_entry(&map, MIB, (rows[i].memory_mib - 1) * MIB, 1);
        memmap_round(&map);
        assert_int_equal(extended_size_kib(&map), rows[i].size_kib);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_read),
        cmocka_unit_test(limit_may_count_frames),
        cmocka_unit_test(wrong_tables_are_refused),
        cmocka_unit_test(only_the_target_must_be_writable),
        cmocka_unit_test(counts_have_bounds),
        cmocka_unit_test_setup_teardown(holders_are_found, open_mm, close_mm),
        cmocka_unit_test_setup_teardown(devices_are_nobodys, open_mm, close_mm),
        cmocka_unit_test(size_ends_at_the_first_hole),
        cmocka_unit_test(size_is_15_mib_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
