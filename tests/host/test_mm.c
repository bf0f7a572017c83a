/* What a caller of the memory manager asks for, and what it is given or refused. */

#include "one_mm.h"

static void block_takes_the_frames_its_bytes_need(void **state)
{
    (void)state;
    static const struct {
        uint64_t size_bytes;
        pfn_t frames;
    } cases[] = {{1, 1}, {4095, 1}, {4096, 1}, {4097, 2}, {8192, 2}, {8193, 3}, {0x100000, 256}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pfn_t before = mm.buddy.free_count;
        phys_t base = expect_block(request_of(cases[i].size_bytes));
        assert_int_equal(before - mm.buddy.free_count, cases[i].frames);
        assert_int_equal(mm_free(&mm, base), MM_OK);
        assert_int_equal(mm.buddy.free_count, before);
    }
}

static void block_says_what_it_is(void **state)
{
    (void)state;
    struct mm_request request = request_of(5000);
    request.owner = "video";
    struct mm_block block;
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    assert_int_equal(block.base, HIGH_LIMIT - 2 * FRAME_BYTES);
    assert_int_equal(block.size_bytes, 5000);
    assert_int_equal(block.id, 1);
    assert_int_equal(block.tag, 0);
    assert_string_equal(block.owner, "video");
}

/*
 *   frame    | 0x10F        | 0x110        |
 *   limit               0x110000   0x110064           the last byte lies below the limit
 *   block      |- 100 -|      |- 100 -|
 */
static void limit_bounds_the_last_byte_not_the_frame(void **state)
{
    (void)state;
    struct mm_request request = request_of(100);
    request.limit = 0x110064;
    assert_int_equal(expect_block(request), 0x110000);
    free_and_check(0x110000);
    request.limit = 0x110063;
    assert_int_equal(expect_block(request), 0x10F000);
    free_and_check(0x10F000);
    request.size_bytes = 4096 + 100;
    request.limit = 0x111064;
    request.lowest = 0x110000;
    assert_int_equal(expect_block(request), 0x110000);
    free_and_check(0x110000);
    request.limit = 0x111063;
    expect_refusal(request, MM_BAD_LIMIT);
    request.lowest = 0x10F000;
    assert_int_equal(expect_block(request), 0x10F000);
}

/* The lowest frame of all, with a limit that its last byte just meets, and just misses. */
static void limit_at_the_lowest_frame(void **state)
{
    (void)state;
    struct mm_request request = request_of(FRAME_BYTES);
    request.limit = LOW_BASE + FRAME_BYTES - 1;
    expect_refusal(request, MM_NO_ROOM);
    request.limit = LOW_BASE + FRAME_BYTES;
    assert_int_equal(expect_block(request), LOW_BASE);
    request.limit = LOW_BASE + FRAME_BYTES;
    request.size_bytes = 1;
    expect_refusal(request, MM_NO_ROOM);
}

static void lowest_bounds_the_first_byte(void **state)
{
    (void)state;
    struct mm_request request = request_of(FRAME_BYTES);
    request.limit = LOW_LIMIT;
    request.lowest = LOW_LIMIT - FRAME_BYTES + 1;
    expect_refusal(request, MM_BAD_LIMIT);
    request.size_bytes = 1;
    expect_refusal(request, MM_NO_ROOM);
    request.lowest = LOW_LIMIT - FRAME_BYTES;
    assert_int_equal(expect_block(request), LOW_LIMIT - FRAME_BYTES);
}

/* Both inside of one frame: no frame begins between them. */
static void bounds_within_a_frame_leave_no_room(void **state)
{
    (void)state;
    struct mm_request request = request_of(16);
    request.lowest = 0x110001;
    request.limit = 0x110FFF;
    expect_refusal(request, MM_NO_ROOM);
    request.lowest = 0x110000;
    assert_int_equal(expect_block(request), 0x110000);
}

static void lowest_may_reach_above_4_gib(void **state)
{
    (void)state;
    struct mm_request request = request_of(FRAME_BYTES);
    request.lowest = HIGH_LIMIT - FRAME_BYTES;
    assert_int_equal(expect_block(request), HIGH_LIMIT - FRAME_BYTES);
    expect_refusal(request, MM_NO_ROOM);
    request.lowest = HIGH_BASE;
    assert_int_equal(expect_block(request), HIGH_LIMIT - 2 * FRAME_BYTES);
    request.lowest = HIGH_LIMIT;
    expect_refusal(request, MM_NO_ROOM);
}

static void limits_beyond_all_addresses_are_none(void **state)
{
    (void)state;
    struct mm_request request = request_of(FRAME_BYTES);
    request.limit = UINT64_MAX;
    assert_int_equal(expect_block(request), HIGH_LIMIT - FRAME_BYTES);
    request.lowest = UINT64_MAX - FRAME_BYTES;
    expect_refusal(request, MM_NO_ROOM);
    request.lowest = PHYS_LIMIT;
    expect_refusal(request, MM_NO_ROOM);
    request = request_of(UINT64_MAX);
    request.limit = UINT64_MAX;
    expect_refusal(request, MM_NO_ROOM);
    expect_refusal(request_of(PHYS_LIMIT), MM_NO_ROOM);
}

static void alignment_holds_at_every_power(void **state)
{
    (void)state;
    for (unsigned shift = 0; shift <= 20; shift++) {
        struct mm_request request = request_of(1);
        request.limit = LOW_LIMIT - FRAME_BYTES;
        request.align_bytes = (uint64_t)1 << shift;
        phys_t base = expect_block(request);
        phys_t align_bytes = shift > FRAME_SHIFT ? (phys_t)1 << shift : FRAME_BYTES;
        assert_int_equal(base, (LOW_LIMIT - 2 * FRAME_BYTES) & ~(align_bytes - 1));
        free_and_check(base);
    }
    struct mm_request request = request_of(1);
    request.limit = LOW_LIMIT;
    request.align_bytes = 4 * MIB;
    expect_refusal(request, MM_NO_ROOM);
    request.limit = MM_NO_LIMIT;
    request.align_bytes = HIGH_BASE;
    assert_int_equal(expect_block(request), HIGH_BASE);
    request.align_bytes = (uint64_t)1 << 63;
    expect_refusal(request, MM_NO_ROOM);
}

/*
 * 64 KiB boundaries:  . . . |. . #### . . . .|. .   the highest 32 KiB + 1 byte below a multiple
 */
static void boundary_is_not_crossed(void **state)
{
    (void)state;
    struct mm_request request = request_of(0x8001);
    request.limit = LOW_LIMIT - 4 * FRAME_BYTES;
    request.boundary_bytes = 0x10000;
    assert_int_equal(expect_block(request), LOW_LIMIT - 0xD000);
    assert_int_equal(expect_block(request), LOW_LIMIT - 0x19000);
    request.size_bytes = 0x10000;
    assert_int_equal(expect_block(request), LOW_LIMIT - 0x30000);
}

/* No block that such a boundary admits can leave its frame. */
static void boundary_below_a_frame_is_kept_by_any_block(void **state)
{
    (void)state;
    for (unsigned shift = 0; shift <= FRAME_SHIFT; shift++) {
        struct mm_request request = request_of((uint64_t)1 << shift);
        request.boundary_bytes = (uint64_t)1 << shift;
        phys_t base = expect_block(request);
        assert_int_equal(base, HIGH_LIMIT - (shift + 1) * FRAME_BYTES);
        request.size_bytes++;
        expect_refusal(request, MM_BOUNDARY_TOO_SMALL);
    }
}

static void each_wrong_request_is_named(void **state)
{
    (void)state;
    struct mm_request request = request_of(0);
    expect_refusal(request, MM_ZERO_SIZE);
    static const uint64_t crooked[] = {3, 0x1001, 0x3000, UINT64_MAX, ((uint64_t)1 << 63) + 1};
    for (size_t i = 0; i < sizeof crooked / sizeof *crooked; i++) {
        request = request_of(1);
        request.align_bytes = crooked[i];
        expect_refusal(request, MM_BAD_ALIGNMENT);
        request = request_of(1);
        request.boundary_bytes = crooked[i];
        expect_refusal(request, MM_BAD_BOUNDARY);
    }
    request = request_of(0x2001);
    request.boundary_bytes = 0x2000;
    expect_refusal(request, MM_BOUNDARY_TOO_SMALL);
    expect_refusal(request_of((LOW_END - LOW_FIRST + 1) * FRAME_BYTES), MM_NO_ROOM);
}

/*
 * [lowest, limit) of exactly the size is right; a byte less, nothing, or less than nothing is not
 */
static void range_smaller_than_the_block_is_refused(void **state)
{
    (void)state;
    struct mm_request request = request_of(2 * FRAME_BYTES);
    request.lowest = 0x110000;
    static const phys_t limits[] = {0x111FFF, 0x110000, 0x10FFFF, 0};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        request.limit = limits[i];
        expect_refusal(request, MM_BAD_LIMIT);
    }
    request.limit = 0x112000;
    assert_int_equal(expect_block(request), 0x110000);
}

static void every_status_has_its_own_text(void **state)
{
    (void)state;
    for (int status = MM_OK; status <= MM_OUTSIDE_BLOCK; status++) {
        const char *text = mm_status_text((enum mm_status)status);
        assert_string_not_equal(text, "");
        assert_string_not_equal(text, "unknown status");
        for (int other = MM_OK; other < status; other++)
            assert_string_not_equal(text, mm_status_text((enum mm_status)other));
    }
    assert_string_equal(mm_status_text((enum mm_status)1000), "unknown status");
}

static void wrong_ranges_are_refused(void **state)
{
    (void)state;
    struct frame_range empty = {0x50, 0x50};
    struct frame_range overlapping = {LOW_END - 1, LOW_END + 1};
    struct frame_range beyond = {1, (PHYS_LIMIT >> FRAME_SHIFT) + 1};
    struct frame_range large = {HIGH_END, HIGH_END + BUDDY_MAX_FRAMES + 1};
    assert_int_equal(mm_add_range(&mm, empty, NULL), MM_BAD_RANGE);
    assert_int_equal(mm_add_range(&mm, overlapping, NULL), MM_BAD_RANGE);
    assert_int_equal(mm_add_range(&mm, beyond, NULL), MM_BAD_RANGE);
    assert_int_equal(mm_add_range(&mm, large, NULL), MM_TOO_LARGE);
    assert_int_equal(mm.buddy.frame_count, LOW_END - LOW_FIRST + HIGH_END - HIGH_FIRST);
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_mm, close_mm)
    const struct CMUnitTest tests[] = {
        RULE(block_takes_the_frames_its_bytes_need),
        RULE(block_says_what_it_is),
        RULE(limit_bounds_the_last_byte_not_the_frame),
        RULE(limit_at_the_lowest_frame),
        RULE(lowest_bounds_the_first_byte),
        RULE(bounds_within_a_frame_leave_no_room),
        RULE(lowest_may_reach_above_4_gib),
        RULE(limits_beyond_all_addresses_are_none),
        RULE(alignment_holds_at_every_power),
        RULE(boundary_is_not_crossed),
        RULE(boundary_below_a_frame_is_kept_by_any_block),
        RULE(each_wrong_request_is_named),
        RULE(range_smaller_than_the_block_is_refused),
        RULE(every_status_has_its_own_text),
        RULE(wrong_ranges_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
