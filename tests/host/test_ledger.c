/*
 * The ledger alone, to the byte: what it makes of the memory that it is given, how it spreads
 * records, and what its check says of damage.
 */

#include "mm/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

#define RECORD_BYTES (sizeof(struct mm_block) + sizeof(void *))
#define FEWEST_BUCKETS 8
#define MEMORY_BYTES 65536

static struct ledger ledger;
static uint64_t memory[MEMORY_BYTES / sizeof(uint64_t)];
static uint64_t more_memory[MEMORY_BYTES / sizeof(uint64_t)];

static int start_empty(void **state)
{
    (void)state;
    memset(&ledger, 0xA5, sizeof ledger);
    ledger_init(&ledger);
    return 0;
}

static void enter(phys_t base)
{
    struct mm_block block = {.base = base, .size_bytes = 1, .owner = "test"};
    assert_true(ledger_enter(&ledger, &block));
}

static size_t count_used_buckets(void)
{
    size_t used = 0;
    for (size_t i = 0; i < ledger.bucket_count; i++)
        used += ledger.buckets[i] != NULL;
    return used;
}

static void starts_with_nothing(void **state)
{
    (void)state;
    assert_null(ledger.buckets);
    assert_int_equal(ledger.bucket_count, 0);
    assert_null(ledger.free_records);
    assert_int_equal(ledger.free_count, 0);
    assert_int_equal(ledger.live_count, 0);
    assert_int_equal(ledger.last_id, 0);
}

/* The largest power of two that a quarter holds; the rest are records, as many as go in. */
static void a_quarter_becomes_buckets_the_rest_records(void **state)
{
    (void)state;
    for (size_t size_bytes = 4 * FEWEST_BUCKETS * sizeof(void *); size_bytes < 20000;
         size_bytes += 8) {
        ledger_init(&ledger);
        ledger_add_memory(&ledger, memory, size_bytes);
        size_t bucket_bytes = ledger.bucket_count * sizeof(void *);
        assert_int_equal(ledger.bucket_count & (ledger.bucket_count - 1), 0);
        assert_true(bucket_bytes <= size_bytes / 4 && 2 * bucket_bytes > size_bytes / 4);
        assert_int_equal(ledger.free_count, (size_bytes - bucket_bytes) / RECORD_BYTES);
        assert_null(ledger_check(&ledger));
    }
}

/* Pieces too small for what they might become are given exactly, so that a byte too far shows. */
static void small_pieces_are_not_overrun(void **state)
{
    (void)state;
    size_t fewest_bytes = FEWEST_BUCKETS * sizeof(void *);
    uint64_t *piece = malloc(fewest_bytes - 8);
    ledger_add_memory(&ledger, piece, fewest_bytes - 8);
    assert_int_equal(ledger.bucket_count, 0);
    free(piece);
    start_empty(state);
    piece = malloc(fewest_bytes);
    ledger_add_memory(&ledger, piece, fewest_bytes);
    assert_int_equal(ledger.bucket_count, FEWEST_BUCKETS);
    assert_int_equal(ledger.free_count, 0);
    assert_null(ledger_check(&ledger));
    free(piece);
}

static void buckets_are_replaced_by_larger_ones_alone(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, 4096);
    struct ledger_record **buckets = ledger.buckets;
    size_t bucket_count = ledger.bucket_count;
    size_t free_count = ledger.free_count;
    ledger_add_memory(&ledger, &memory[512], 4096);
    assert_ptr_equal(ledger.buckets, buckets);
    assert_int_equal(ledger.bucket_count, bucket_count);
    assert_int_equal(ledger.free_count, free_count + 4096 / RECORD_BYTES);
    ledger_add_memory(&ledger, &memory[1024], 2 * 4096);
    assert_ptr_equal(ledger.buckets, &memory[1024]);
    assert_int_equal(ledger.bucket_count, 2 * bucket_count);
}

static void expect_spread(unsigned shift)
{
    ledger_init(&ledger);
    ledger_add_memory(&ledger, memory, MEMORY_BYTES);
    size_t record_count = ledger.free_count / 2;
    for (size_t i = 0; i < record_count; i++)
        enter((phys_t)i << shift);
    assert_true(count_used_buckets() >= record_count / 2);
}

/* Whatever power of two they lie apart, up to 16 MiB, and where only the highest bits differ. */
static void records_are_spread_over_the_buckets(void **state)
{
    (void)state;
    for (unsigned shift = FRAME_SHIFT; shift <= 24; shift++)
        expect_spread(shift);
    expect_spread(44);
}

/* With nearly as many records as buckets, far more than half of the buckets are in use. */
static void neighbours_fill_most_buckets(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, MEMORY_BYTES);
    ledger_add_memory(&ledger, more_memory, MEMORY_BYTES);
    size_t record_count = ledger.free_count;
    if (record_count > ledger.bucket_count)
        record_count = ledger.bucket_count;
    for (size_t i = 0; i < record_count; i++)
        enter((phys_t)i << FRAME_SHIFT);
    assert_true(count_used_buckets() * 10 >= record_count * 8);
}

/* A name without an end is 24 characters, and not a byte behind them is looked at. */
static void owner_without_an_end_is_not_read_beyond(void **state)
{
    (void)state;
    char *owner = malloc(LEDGER_OWNER_MAX + 1);
    memset(owner, 'x', LEDGER_OWNER_MAX + 1);
    assert_false(ledger_owner_is_valid(owner));
    owner[LEDGER_OWNER_MAX] = '\0';
    assert_true(ledger_owner_is_valid(owner));
    free(owner);
}

/* ---- damage --------------------------------------------------------------------------------- */

static void check_finds_a_record_in_the_wrong_bucket(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, 4096);
    enter(0x5000);
    for (size_t i = 0; i < ledger.bucket_count; i++) {
        if (!ledger.buckets[i])
            continue;
        size_t other = (i + 1) & (ledger.bucket_count - 1);
        ledger.buckets[other] = ledger.buckets[i];
        ledger.buckets[i] = NULL;
        assert_string_equal(ledger_check(&ledger), "a record is in the wrong bucket");
        return;
    }
    fail();
}

static void check_names_each_wrong_count(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, 4096);
    enter(0x5000);
    enter(0x6000);
    ledger.live_count--;
    assert_string_equal(ledger_check(&ledger), "there are more records than blocks");
    ledger.live_count += 2;
    assert_string_equal(ledger_check(&ledger), "the counts of records are wrong");
    ledger.live_count--;
    ledger.free_count--;
    assert_string_equal(ledger_check(&ledger), "there are more free records than were counted");
    ledger.free_count += 2;
    assert_string_equal(ledger_check(&ledger), "the counts of records are wrong");
    ledger.free_count--;
    assert_null(ledger_check(&ledger));
}

/* A record's link is behind its block: one that leads back to it is not followed for ever. */
static void check_ends_on_a_looping_chain(void **state)
{
    (void)state;
    ledger_add_memory(&ledger, memory, 4096);
    struct ledger_record *record = ledger.free_records;
    enter(0x5000);
    memcpy((unsigned char *)record + sizeof(struct mm_block), &record, sizeof record);
    assert_string_equal(ledger_check(&ledger), "there are more records than blocks");
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup(rule, start_empty)
    const struct CMUnitTest tests[] = {
        RULE(starts_with_nothing),
        RULE(a_quarter_becomes_buckets_the_rest_records),
        RULE(small_pieces_are_not_overrun),
        RULE(buckets_are_replaced_by_larger_ones_alone),
        RULE(records_are_spread_over_the_buckets),
        RULE(neighbours_fill_most_buckets),
        RULE(owner_without_an_end_is_not_read_beyond),
        RULE(check_finds_a_record_in_the_wrong_bucket),
        RULE(check_names_each_wrong_count),
        RULE(check_ends_on_a_looping_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
