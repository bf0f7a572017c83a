/*
 * The ledger alone: what it makes of the memory that it is given, how it spreads records, what it
 * knows of owners, and what its check says of damage.
 */

#include "mm/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "damage.h"
#include "test.h"

#define CHUNKS 64

static struct ledger ledger;
static uint64_t memory[CHUNKS][CHUNK_BYTES / sizeof(uint64_t)];

static int start_empty(void **state)
{
    (void)state;
    memset(&ledger, 0xA5, sizeof ledger);
    memset(memory, 0xA5, sizeof memory);
    ledger_init(&ledger);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    return ledger_check(&ledger) ? 1 : 0;
}

static struct mm_block enter_as(phys_t base, uint64_t size_bytes, const char *owner)
{
    struct mm_block block;
    assert_int_equal(ledger_choose_owner(&ledger, owner), MM_OK);
    assert_true(ledger_enter(&ledger, base, size_bytes, &block));
    assert_int_equal(block.base, base);
    assert_int_equal(block.size_bytes, size_bytes);
    assert_int_equal(block.id, ledger.last_id);
    assert_int_equal(block.tag, 0);
    assert_string_equal(block.owner, owner);
    return block;
}

static void enter(phys_t base)
{
    enter_as(base, 1, "test");
}

static void expect_holding(const char *owner, size_t block_count, uint64_t size_bytes)
{
    struct mm_holding holding = ledger_find_holding(&ledger, owner);
    assert_int_equal(holding.block_count, block_count);
    assert_int_equal(holding.size_bytes, size_bytes);
}

/* How long the longest way in a tree of blocks is; in the tree of owners by BY_BASE. */
static unsigned count_levels(unsigned which, ledger_link link)
{
    if (link == 0)
        return 0;
    const ledger_link *halves = record_at(&ledger, link)->as.block.halves[which];
    unsigned lower = count_levels(which, halves[0]);
    unsigned upper = count_levels(which, halves[1]);
    return 1 + (lower > upper ? lower : upper);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void without_memory_it_holds_and_finds_nothing(void **state)
{
    (void)state;
    struct mm_block block;
    assert_int_equal(ledger_free_count(&ledger), 0);
    assert_int_equal(ledger_choose_owner(&ledger, "test"), MM_NO_RECORD);
    assert_false(ledger_enter(&ledger, 0x1000, 1, &block));
    assert_false(ledger_find(&ledger, 0x1000, &block));
    assert_false(ledger_find_id(&ledger, 1, &block));
    assert_false(ledger_strike(&ledger, 0x1000));
    assert_false(ledger_set_tag(&ledger, 0x1000, 1));
    expect_holding("test", 0, 0);
}

static void chunks_become_records_and_what_is_less_is_left(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, CHUNK_BYTES - 1);
    assert_int_equal(ledger_free_count(&ledger), 0);
    ledger_add_memory(&ledger, memory[0], CHUNK_BYTES + CHUNK_BYTES - 1);
    assert_int_equal(ledger_free_count(&ledger), CHUNK_RECORDS);
    /* The second becomes the directory of the first and of the third. */
    ledger_add_memory(&ledger, memory[1], 3 * CHUNK_BYTES);
    assert_int_equal(ledger_free_count(&ledger), 3 * CHUNK_RECORDS);
}

/* A block takes a record, and the owner another; what is struck out can be entered again. */
static void records_are_used_to_the_last(void **state)
{
    (void)state;
    struct mm_block block;
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    for (size_t i = 0; i + 1 < CHUNK_RECORDS; i++)
        enter(i * FRAME_BYTES);
    assert_int_equal(ledger_free_count(&ledger), 0);
    assert_false(ledger_enter(&ledger, 0x1000000, 1, &block));
    assert_int_equal(ledger_choose_owner(&ledger, "other"), MM_NO_RECORD);
    assert_true(ledger_strike(&ledger, 0x3000));
    enter(0x3000);
    assert_int_equal(ledger.last_id, CHUNK_RECORDS);
}

/* At every moment: buckets, directories and all. */
static void block_costs_at_most_64_bytes(void **state)
{
    (void)state;
    for (size_t chunk = 0; chunk < CHUNKS; chunk++) {
        while (ledger_free_count(&ledger) > 0)
            enter(ledger.last_id << FRAME_SHIFT);
        size_t small_constants = 3 * CHUNK_BYTES; /* a directory, the owner, the chunk begun */
        assert_true(chunk * CHUNK_BYTES <= ledger_block_count(&ledger) * 64 + small_constants);
        ledger_add_memory(&ledger, memory[chunk], CHUNK_BYTES);
    }
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* Every base and every id, while the table grows bucket by bucket, and when it shrinks. */
static void find_every_block(void *chunks, size_t size_bytes)
{
    struct mm_block block;
    ledger_add_memory(&ledger, chunks, size_bytes);
    size_t count = ledger_free_count(&ledger) - 1;
    for (size_t i = 1; i <= count; i++) {
        enter((phys_t)i << FRAME_SHIFT);
        assert_true(ledger_find(&ledger, (phys_t)i << FRAME_SHIFT, &block) && block.id == i);
        assert_true(ledger_find_id(&ledger, i / 2 + 1, &block));
        assert_int_equal(block.base, (phys_t)(i / 2 + 1) << FRAME_SHIFT);
    }
    assert_null(ledger_check(&ledger));
    for (size_t i = 1; i <= count; i += 2)
        assert_true(ledger_strike(&ledger, (phys_t)i << FRAME_SHIFT));
    for (size_t i = 1; i <= count; i++) {
        assert_int_equal(ledger_find(&ledger, (phys_t)i << FRAME_SHIFT, &block), i % 2 == 0);
        assert_int_equal(ledger_find_id(&ledger, i, &block), i % 2 == 0);
    }
    assert_false(ledger_find_id(&ledger, 0, &block));
    assert_false(ledger_find_id(&ledger, count + 1, &block));
}

static void every_block_is_found_by_base_and_by_id(void **state)
{
    (void)state;
    find_every_block(memory, sizeof memory);
    assert_int_equal(ledger.chunks.height, 1);
}

/* More chunks than one directory names. */
static void every_block_is_found_behind_two_directories(void **state)
{
    (void)state;
    static uint64_t large[CHUNKS_FANOUT + 8][CHUNK_BYTES / sizeof(uint64_t)];
    find_every_block(large, sizeof large);
    assert_int_equal(ledger.chunks.height, 2);
}

/* Also the newest, which is in no tree yet. */
static void tags_are_kept(void **state)
{
    (void)state;
    struct mm_block block;
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    enter(0x1000);
    enter(0x2000);
    assert_true(ledger_set_tag(&ledger, 0x1000, 7));
    assert_true(ledger_set_tag(&ledger, 0x2000, UINT64_MAX));
    assert_false(ledger_set_tag(&ledger, 0x3000, 1));
    assert_true(ledger_find(&ledger, 0x1000, &block) && block.tag == 7);
    assert_true(ledger_find(&ledger, 0x2000, &block) && block.tag == UINT64_MAX);
}

/* Frames that have one code share a way, however many buckets there are. */
static void blocks_of_one_code_are_told_apart(void **state)
{
    (void)state;
    enum { COUNT = 5 };
    phys_t bases[COUNT];
    for (size_t i = 0; i < COUNT; i++) /* the upper half is multiplied, and added to the lower */
        bases[i] = ((phys_t)i << 32 | (uint32_t)(0x12345 - i * 0x85EBCA6Bu)) << FRAME_SHIFT;
    for (size_t struck = 0; struck < COUNT; struck++) {
        struct mm_block found;
        ledger_init(&ledger);
        ledger_add_memory(&ledger, memory, CHUNK_BYTES);
        for (size_t i = 0; i < COUNT; i++)
            enter(bases[i]);
        assert_true(ledger_strike(&ledger, bases[struck]));
        assert_false(ledger_strike(&ledger, bases[struck]));
        for (size_t i = 0; i < COUNT; i++)
            assert_int_equal(ledger_find(&ledger, bases[i], &found), i != struck);
        assert_null(ledger_check(&ledger));
    }
}

/* ---- owners ---------------------------------------------------------------------------------- */

static void owners_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *owner;
        bool is_valid;
    } cases[] = {
        {NULL, false},
        {"", false},
        {" ", false},
        {"a b", false},
        {"a\n", false},
        {"\x7f", false},
        {"\xc3\xa4", false},
        {"a", true},
        {"~!", true},
        {"123456789012345678901234", false},
        {"12345678901234567890123", true},
    };
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(ledger_choose_owner(&ledger, cases[i].owner),
                         cases[i].is_valid ? MM_OK : MM_BAD_OWNER);
}

/* A name without an end is 24 characters, and not a byte behind them is looked at. */
static void owner_without_an_end_is_not_read_beyond(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    char *owner = malloc(LEDGER_OWNER_MAX + 1);
    memset(owner, 'x', LEDGER_OWNER_MAX + 1);
    assert_int_equal(ledger_choose_owner(&ledger, owner), MM_BAD_OWNER);
    owner[LEDGER_OWNER_MAX] = '\0';
    assert_int_equal(ledger_choose_owner(&ledger, owner), MM_OK);
    owner[LEDGER_OWNER_MAX] = 'x';
    assert_int_equal(ledger_choose_owner(&ledger, owner), MM_BAD_OWNER);
    free(owner);
}

/* The caller's text may change, and go. */
static void owner_is_copied(void **state)
{
    (void)state;
    char owner[] = "first";
    struct mm_block block;
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    enter_as(0x1000, 1, owner);
    memcpy(owner, "other", sizeof owner);
    enter_as(0x2000, 1, owner);
    assert_true(ledger_find(&ledger, 0x1000, &block));
    assert_string_equal(block.owner, "first");
}

static void holdings_add_up(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    enter_as(0x1000, 100, "a");
    enter_as(0x2000, 5000, "b");
    enter_as(0x4000, 1, "a");
    expect_holding("a", 2, 101);
    expect_holding("b", 1, 5000);
    expect_holding("c", 0, 0);
    assert_true(ledger_strike(&ledger, 0x1000));
    expect_holding("a", 1, 1);
    assert_true(ledger_strike(&ledger, 0x4000));
    assert_true(ledger_strike(&ledger, 0x2000));
    expect_holding("a", 0, 0);
    expect_holding("b", 0, 0);
}

/* Of owners without blocks only the last one costs a record, however many there were. */
static void owners_without_blocks_cost_nothing(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, 3 * CHUNK_BYTES);
    size_t free_count = ledger_free_count(&ledger);
    for (unsigned i = 0; i < 1000; i++) {
        char owner[LEDGER_OWNER_MAX + 1];
        snprintf(owner, sizeof owner, "owner%u", i);
        enter_as(0x1000, 1, owner);
        assert_true(ledger_strike(&ledger, 0x1000));
        assert_int_equal(ledger_free_count(&ledger), free_count - 1);
    }
    enter_as(0x1000, 1, "a");
    enter_as(0x2000, 1, "b");
    assert_int_equal(ledger_free_count(&ledger), free_count - 4);
    assert_true(ledger_strike(&ledger, 0x1000));
    assert_int_equal(ledger_free_count(&ledger), free_count - 2);
}

/* As many owners as blocks: each is found by its text. */
static void many_owners_are_told_apart(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, sizeof memory);
    size_t count = ledger_free_count(&ledger) / 2;
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 0; i < count; i += round + 1) {
            char owner[LEDGER_OWNER_MAX + 1];
            snprintf(owner, sizeof owner, "owner%u", i);
            if (round == 0)
                enter_as((phys_t)i << FRAME_SHIFT, i + 1, owner);
            else
                assert_true(ledger_strike(&ledger, (phys_t)i << FRAME_SHIFT));
        }
    for (unsigned i = 0; i < count; i++) {
        char owner[LEDGER_OWNER_MAX + 1];
        snprintf(owner, sizeof owner, "owner%u", i);
        expect_holding(owner, i % 2, i % 2 * (i + 1));
    }
}

/* All names have the same hash, 0x12345678 before its upper bits are laid over the lower ones. */
static void owners_of_one_hash_are_told_apart(void **state)
{
    (void)state;
    static const char *const owners[] = {
        "xmdiacyd", "ihhzacye", "bjmicrmq", "mxlscszs", "kbntcxgj", "dqijcyxs", "hzzvdjgv",
        "wlrrdjxh", "jhkxdmpu", "yropdxed", "vgwweaeu", "pmejeeej", "tnpfehxl", "nkljfaqt",
        "khbxfcgx", "bayufvqi", "igqgfwyy", "fguufzdd", "mkadgfgf", "nwahgxdp", "grsnhacg",
        "ynzxhurc", "xkdwibxf", "cjwbixqo", "hbcajhsj", "onlzkiui", "fqsulflr", "ugtjlhkl",
        "kbgglmip", "mmlemcgu", "trkemfvr", "nefymllh", "dharmoya", "hhlymsxj", "dkedmxgi",
        "zaulmzkg", "fsdqnoyi", "kdacodon", "bzmbowvn", "xcoopjqw",
    };
    ledger_add_memory(&ledger, memory, sizeof memory);
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)
        enter_as((phys_t)i << FRAME_SHIFT, i + 1, owners[i]);
    assert_in_range(count_levels(BY_BASE, ledger.owners), 33, sizeof owners / sizeof *owners);
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i += 2)
        assert_true(ledger_strike(&ledger, (phys_t)i << FRAME_SHIFT));
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)
        expect_holding(owners[i], i % 2, i % 2 * (i + 1));
}

/* ---- the hash table -------------------------------------------------------------------------- */

static size_t count_used_buckets(void)
{
    size_t used = 0;
    for (size_t i = 0; i < ledger.bucket_count; i++)
        used += bucket_at(&ledger, i)->trees[BY_BASE] != 0;
    return used;
}

/* Buckets come one at a time, as records do, up to as many as the chunks have. */
static void table_grows_by_a_bucket_at_a_time(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, 3 * CHUNK_BYTES);
    assert_int_equal(ledger.bucket_count, 1);
    while (ledger_free_count(&ledger) > 0) {
        size_t before = ledger.bucket_count;
        enter(ledger.last_id << FRAME_SHIFT);
        assert_in_range(ledger.bucket_count, before, before + 1);
        assert_true(ledger.bucket_count <= 2 * CHUNK_BUCKETS);
    }
    assert_int_equal(ledger.bucket_count, 2 * CHUNK_BUCKETS);
}

static void expect_spread(unsigned shift)
{
    ledger_init(&ledger);
    ledger_add_memory(&ledger, memory, sizeof memory);
    while (ledger_block_count(&ledger) < ledger_free_count(&ledger))
        enter((phys_t)ledger.last_id << shift);
    assert_true(count_used_buckets() >= ledger.bucket_count / 2);
}

/* Whatever power of two they lie apart, up to 16 MiB, and where only the highest bits differ. */
static void records_are_spread_over_the_buckets(void **state)
{
    (void)state;
    for (unsigned shift = FRAME_SHIFT; shift <= 24; shift++)
        expect_spread(shift);
    expect_spread(44);
}

/* Frames whose codes have the lowest bits in common, as somebody picks them who means harm. */
static void bases_of_one_bucket_have_short_ways(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, sizeof memory);
    for (pfn_t pfn = 1; ledger_block_count(&ledger) < 3000; pfn++)
        if ((code_of_base(pfn << FRAME_SHIFT) & 0xFFF) == 0)
            enter(pfn << FRAME_SHIFT);
    uint32_t code = 0;
    assert_in_range(count_levels(BY_BASE, *tree_of(&ledger, BY_BASE, &code)), 12, 32);
}

/* Codes that agree in more and more bits: the way is as long as it can be, and has an end. */
static void longest_way_has_an_end(void **state)
{
    (void)state;
    uint32_t code = 0;
    ledger_add_memory(&ledger, memory, sizeof memory);
    for (unsigned high = 0; high < 32; high++)
        for (pfn_t pfn = 1; pfn < 1u << 16; pfn++)
            if (code_of_base((pfn | (pfn_t)high << 32) << FRAME_SHIFT) % (1u << 13) == 0)
                enter((pfn | (pfn_t)high << 32) << FRAME_SHIFT);
    assert_in_range(count_levels(BY_BASE, *tree_of(&ledger, BY_BASE, &code)), 6, WAY_MAX);
    assert_null(ledger_check(&ledger));
}

/* All but every 64th block are freed, so the ids that are left share their lowest bits. */
static void ids_of_one_bucket_have_short_ways(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, sizeof memory);
    while (ledger_block_count(&ledger) < 3000) {
        phys_t base = (ledger.last_id + 1) << FRAME_SHIFT;
        enter(base);
        if (ledger.last_id % 64 != 0)
            assert_true(ledger_strike(&ledger, base));
    }
    uint32_t code = 0;
    assert_in_range(count_levels(BY_ID, *tree_of(&ledger, BY_ID, &code)), 5, 32);
}

/* ---- damage --------------------------------------------------------------------------------- */

/* Of both sorts of trees: one is moved to the bucket beside its own. */
static void check_finds_a_record_in_the_wrong_bucket(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    for (size_t i = 0; i < 4; i++)
        enter((phys_t)i << FRAME_SHIFT);
    for (unsigned which = BY_BASE; which <= BY_ID; which++) {
        uint32_t used = 0;
        while (bucket_at(&ledger, used)->trees[which] == 0)
            used++;
        ledger_link *right = &bucket_at(&ledger, used)->trees[which];
        ledger_link *wrong = &bucket_at(&ledger, (used + 1) % ledger.bucket_count)->trees[which];
        ledger_link saved[] = {*right, *wrong};
        *wrong = *right;
        *right = 0;
        assert_string_equal(ledger_check(&ledger), "a record is in the wrong place");
        *right = saved[0], *wrong = saved[1];
    }
}

/* Owner 0's way begins at the tree's root, and those of the others in its halves. */
static void check_finds_an_owner_in_the_wrong_half(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    for (size_t i = 0; i < 20; i++) {
        char owner[LEDGER_OWNER_MAX + 1];
        snprintf(owner, sizeof owner, "owner%zu", i);
        enter_as((phys_t)i << FRAME_SHIFT, 1, owner);
    }
    ledger_link *halves = record_at(&ledger, ledger.owners)->as.owner.halves;
    ledger_link saved[] = {halves[0], halves[1]};
    halves[0] = saved[1], halves[1] = saved[0];
    assert_string_equal(ledger_check(&ledger), "an owner is in the wrong place");
    halves[0] = saved[0], halves[1] = saved[1];
}

static void check_names_each_wrong_count(void **state)
{
    (void)state;
    static const struct {
        size_t *count;
        const char *less;
        const char *more;
    } cases[] = {
        {&ledger.planted_count, "there are more records than blocks",
         "the counts of records are wrong"},
        {&ledger.owner_count, "there are more owners than were counted",
         "the counts of records are wrong"},
        {&ledger.spare_count, "there are more free records than were counted",
         "the counts of records are wrong"},
        {&ledger.used_count, "there are more free records than were counted",
         "the counts of records are wrong"},
    };
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    for (size_t i = 1; i < 5; i++)
        enter((phys_t)i << FRAME_SHIFT);
    assert_true(ledger_strike(&ledger, 0x2000));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        --*cases[i].count;
        assert_string_equal(ledger_check(&ledger), cases[i].less);
        *cases[i].count += 2;
        assert_string_equal(ledger_check(&ledger), cases[i].more);
        --*cases[i].count;
    }
    size_t bucket_count = ledger.bucket_count;
    ledger.bucket_count = CHUNK_BUCKETS + 1;
    assert_string_equal(ledger_check(&ledger), "there are more buckets than chunks hold");
    ledger.bucket_count = bucket_count;
}

#define EXPECT_WITH(value, damaged, sentence)                                                      \
    EXPECT_DAMAGE(ledger_check(&ledger), value, damaged, sentence)

static void check_finds_a_damaged_block(void **state)
{
    (void)state;
    static const char no_owner[] = "a record has no owner";
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    enter(0x1000);
    struct ledger_record *record = record_at(&ledger, ledger.newest);
    EXPECT_WITH(record->as.block.owner, 0, "the newest block is not the chosen owner's");
    EXPECT_WITH(ledger.ready, ledger.newest, "a record is ready although a block is the newest");
    enter(0x2000);
    EXPECT_WITH(record->id, 0, "a record has an id that was never given");
    EXPECT_WITH(record->as.block.size_bytes, 0, "a record has no size");
    EXPECT_WITH(record->as.block.owner, 0, no_owner);
    EXPECT_WITH(record->as.block.owner, ledger.newest, no_owner);
    EXPECT_WITH(bucket_at(&ledger, 0)->trees[BY_BASE], 0, "the counts of records are wrong");
    EXPECT_WITH(bucket_at(&ledger, 0)->trees[BY_ID], 0, "the counts of records are wrong");
    assert_true(ledger_strike(&ledger, 0x2000));
    EXPECT_WITH(ledger.ready, 0, "the counts of records are wrong");
}

/* In the trees by base, a record stands in the place of another one, and in its own. */
static void check_finds_that_a_record_hides_another(void **state)
{
    (void)state;
    ledger_link *alone[2];
    size_t count = 0;
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    for (size_t i = 1; i <= 20; i++)
        enter_as((phys_t)i << 24, i, "test");
    for (uint32_t number = 0; count < 2 && number < ledger.bucket_count; number++) {
        ledger_link *tree = &bucket_at(&ledger, number)->trees[BY_BASE];
        if (count_levels(BY_BASE, *tree) == 1)
            alone[count++] = tree;
    }
    assert_int_equal(count, 2);
    EXPECT_WITH(*alone[0], *alone[1], "the owners' sums are wrong");
}

static void check_finds_a_damaged_owner(void **state)
{
    (void)state;
    static const char no_name[] = "an owner has no name";
    static const char sums[] = "the owners' sums are wrong";
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    assert_int_equal(ledger_choose_owner(&ledger, "idle"), MM_OK);
    struct ledger_record *owner = record_at(&ledger, ledger.owner);
    EXPECT_WITH(owner->id, 1, no_name);
    EXPECT_WITH(owner->as.owner.text[0], '\0', no_name);
    EXPECT_WITH(owner->as.owner.block_count, 1, sums);
    EXPECT_WITH(owner->as.owner.size_bytes, 1, sums);
}

/* A tree that leads back into itself must not be followed for ever. */
static void check_ends_on_a_looping_tree(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    enter(0x5000);
    ledger_link link = ledger.newest;
    enter(0x6000);
    for (unsigned which = BY_BASE; which <= BY_ID; which++) {
        ledger_link *half = &record_at(&ledger, link)->as.block.halves[which][0];
        ledger_link saved = *half;
        *half = link;
        assert_string_equal(ledger_check(&ledger), "there are more records than blocks");
        *half = saved;
    }
    ledger_link *half = &record_at(&ledger, ledger.owners)->as.owner.halves[1];
    *half = ledger.owners;
    assert_string_equal(ledger_check(&ledger), "there are more owners than were counted");
    *half = 0;
}

/* Nor must what waits to be seen be more than a way is long. */
static void check_ends_on_a_large_loop(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, sizeof memory);
    while (ledger.planted_count < 2 * WAY_MAX)
        enter(ledger.last_id << FRAME_SHIFT);
    for (unsigned which = BY_BASE; which <= BY_ID; which++) {
        ledger_link root = bucket_at(&ledger, 0)->trees[which];
        ledger_link *halves = record_at(&ledger, root)->as.block.halves[which];
        ledger_link saved[] = {halves[0], halves[1]};
        halves[0] = halves[1] = root;
        assert_string_equal(ledger_check(&ledger), "there are more records than blocks");
        halves[0] = saved[0], halves[1] = saved[1];
    }
}

/* The last id has nothing but ones: they lead round and round, and past the record beside them. */
static void check_ends_on_a_looping_way(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    ledger.last_id = UINT32_MAX - 3;
    for (size_t i = 1; i < 5; i++)
        enter((phys_t)i << FRAME_SHIFT);
    uint32_t code = UINT32_MAX;
    ledger_link root = *tree_of(&ledger, BY_ID, &code);
    ledger_link *halves = record_at(&ledger, root)->as.block.halves[BY_ID];
    ledger_link last = halves[1];
    assert_int_equal(record_at(&ledger, last)->id, UINT32_MAX);
    halves[0] = last, halves[1] = root;
    assert_string_equal(ledger_check(&ledger), "a record is in the wrong place");
    halves[0] = 0, halves[1] = last;
}

/* A name that is nowhere, as long as a record has it, in a tree that leads back into itself. */
static void search_for_an_owner_has_an_end(void **state)
{
    (void)state;
    static const char other[LEDGER_OWNER_MAX + 1] = "other";
    ledger_add_memory(&ledger, memory, CHUNK_BYTES);
    enter(0x1000);
    ledger_link *halves = record_at(&ledger, ledger.owners)->as.owner.halves;
    halves[0] = halves[1] = ledger.owners;
    assert_int_equal(ledger_find_owner(&ledger, other), ledger.owners);
    assert_string_equal(ledger_check(&ledger), "there are more owners than were counted");
    halves[0] = halves[1] = 0;
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, start_empty, finish)
    const struct CMUnitTest tests[] = {
        RULE(without_memory_it_holds_and_finds_nothing),
        RULE(chunks_become_records_and_what_is_less_is_left),
        RULE(records_are_used_to_the_last),
        RULE(block_costs_at_most_64_bytes),
        RULE(every_block_is_found_by_base_and_by_id),
        RULE(every_block_is_found_behind_two_directories),
        RULE(tags_are_kept),
        RULE(blocks_of_one_code_are_told_apart),
        RULE(owners_are_checked),
        RULE(owner_without_an_end_is_not_read_beyond),
        RULE(owner_is_copied),
        RULE(holdings_add_up),
        RULE(owners_without_blocks_cost_nothing),
        RULE(many_owners_are_told_apart),
        RULE(owners_of_one_hash_are_told_apart),
        RULE(table_grows_by_a_bucket_at_a_time),
        RULE(records_are_spread_over_the_buckets),
        RULE(bases_of_one_bucket_have_short_ways),
        RULE(longest_way_has_an_end),
        RULE(ids_of_one_bucket_have_short_ways),
        RULE(check_finds_a_record_in_the_wrong_bucket),
        RULE(check_finds_an_owner_in_the_wrong_half),
        RULE(check_names_each_wrong_count),
        RULE(check_finds_a_damaged_block),
        RULE(check_finds_that_a_record_hides_another),
        RULE(check_finds_a_damaged_owner),
        RULE(check_ends_on_a_looping_tree),
        RULE(check_ends_on_a_large_loop),
        RULE(check_ends_on_a_looping_way),
        RULE(search_for_an_owner_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
