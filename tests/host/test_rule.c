/*
 * Each block goes where the rule in mm/buddy.h says, and each free frame is where it says: random
 * requests of all kinds, over ranges of many shapes, held against the rule as rule.c tells it.
 */

#include "arena.h"
#include "rule.h"
#include "test.h"

#include "kernel/lib/random.h"

#include <stdlib.h>

#define BAND_1 (16 * MIB >> FRAME_SHIFT)
#define BAND_2 (4 * GIB >> FRAME_SHIFT)
#define NO_LIMIT ((pfn_t)1 << 40)

static struct arena arena;
static struct rule rule;
static uint64_t random_state = RANDOM_SEED;
static pfn_t freed_count; /* frames in the block freed last */

static uint32_t random_below(pfn_t count)
{
    return random_next(&random_state) % (uint32_t)count;
}

static int open_all(void **state)
{
    (void)state;
    arena_open(&arena);
    rule_init(&rule);
    freed_count = 1;
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

static void add(pfn_t first, pfn_t end)
{
    struct frame_range range = {first, end};
    enum mm_status status;
    assert_null(arena_add(&arena, range, &status));
    assert_int_equal(status, MM_OK);
    rule_add_range(&rule, range);
    rule_move_index(&rule, &arena.buddy.index);
}

static void expect_all_parts(void)
{
    const char *broken = rule_compare(&rule, &arena.buddy);
    if (!broken)
        broken = buddy_check(&arena.buddy);
    if (broken)
        fail_msg("%s", broken);
}

/* ---- random steps ---------------------------------------------------------------------------- */

static void take(const struct buddy_request *request)
{
    pfn_t right = 0;
    pfn_t first = 0;
    bool has_place = rule_alloc(&rule, request, &right);
    enum mm_status status = buddy_alloc(&arena.buddy, request, &first);
    if (status == (has_place ? MM_OK : MM_NO_ROOM) && (!has_place || first == right))
        return;
    print_error("%llu frames, align %llu, in [0x%llx, 0x%llx), boundary %llu: ",
                (unsigned long long)request->frame_count, (unsigned long long)request->align_frames,
                (unsigned long long)request->lowest, (unsigned long long)request->limit,
                (unsigned long long)request->boundary_frames);
    fail_msg("%s, 0x%llx; by the rule %s, 0x%llx", mm_status_text(status),
             (unsigned long long)first, has_place ? "granted" : "refused",
             (unsigned long long)right);
}

/* The next block at or above a part; false if there is none. */
static bool give_from(size_t i)
{
    while (i < rule.part_count && rule.parts[i].holder != RULE_BLOCK)
        i++;
    if (i >= rule.part_count)
        return false;
    pfn_t first = rule.parts[i].first;
    freed_count = rule.parts[i].end - first;
    rule_free(&rule, first);
    assert_int_equal(buddy_free(&arena.buddy, first, NULL), MM_OK);
    return true;
}

/* Where the requests with bounds have them, and the longest block's order. */
struct churn {
    pfn_t low;
    pfn_t frame_count;
    unsigned order;
};

static pfn_t random_power(unsigned order)
{
    return (pfn_t)1 << random_below(order + 1);
}

/* Just one place will do, over the middle, where a border may lie. */
static struct buddy_request at_middle(const struct churn *churn, pfn_t frame_count)
{
    pfn_t first = churn->low + churn->frame_count / 2 - random_below(frame_count);
    struct buddy_request request = {frame_count, 1, first, first + frame_count, 0};
    return request;
}

static struct buddy_request random_request(const struct churn *churn)
{
    struct buddy_request request = {1 + random_below(random_power(churn->order)), 1, 0, NO_LIMIT,
                                    0};
    if (random_below(4) == 0)
        request.frame_count = freed_count;
    if (random_below(2) == 0)
        return request;
    if (random_below(4) == 0)
        return at_middle(churn, request.frame_count);
    if (random_below(2) == 0)
        request.align_frames = random_power(churn->order);
    if (random_below(4) == 0)
        request.lowest = churn->low + random_below(churn->frame_count);
    if (random_below(4) == 0)
        request.limit = churn->low + random_below(churn->frame_count);
    if (random_below(4) == 0)
        request.boundary_frames = random_power(churn->order + 1);
    if (request.limit < request.lowest + request.frame_count)
        request.limit = request.lowest + request.frame_count + random_below(16);
    if (request.boundary_frames != 0)
        while (request.boundary_frames < request.frame_count)
            request.boundary_frames *= 2;
    return request;
}

/* Frames become fewer, then more, and so on: lists fill and empty, and requests are refused. */
static void run(const struct churn *churn, size_t steps)
{
    uint32_t frees = 0; /* in a hundred steps */
    for (size_t i = 0; i < steps; i++) {
        if (i % 128 == 0) {
            frees = 20 + random_below(60);
            expect_all_parts();
        }
        struct buddy_request request = random_request(churn);
        if (random_below(100) >= frees || !give_from(random_below(rule.part_count)))
            take(&request);
    }
    expect_all_parts();
}

static void end_empty(void)
{
    while (give_from(0))
        ;
    expect_all_parts();
}

/* ---- ranges ---------------------------------------------------------------------------------- */

/* 8 nodes, and lists up to 7 frames: both run out. */
static void one_small_range_follows_the_rule(void **state)
{
    (void)state;
    struct churn churn = {BAND_2, 1000, 5};
    add(BAND_2 + 3, BAND_2 + 1000);
    run(&churn, 20000);
    churn.order = 8;
    run(&churn, 10000);
    end_empty();
}

static void one_large_range_follows_the_rule(void **state)
{
    (void)state;
    struct churn churn = {BAND_1, 40000, 11};
    add(BAND_1 + 77, BAND_1 + 40000);
    run(&churn, 6000);
    churn.order = 7;
    run(&churn, 6000);
    end_empty();
}

/* Frames around both borders, in one range or in several that touch there or do not. */
static void around_borders(size_t steps)
{
    struct churn low = {BAND_1 - 200, 400, 6};
    struct churn high = {BAND_2 - 200, 400, 6};
    struct churn all = {BAND_1 - 200, BAND_2 - BAND_1 + 400, 10};
    for (int i = 0; i < 3; i++) {
        run(&low, steps);
        run(&high, steps);
        run(&all, steps);
    }
    end_empty();
}

/* Lists below it come last. */
static void range_across_128_mib_follows_the_rule(void **state)
{
    (void)state;
    const pfn_t border = 128 * MIB >> FRAME_SHIFT;
    struct churn churn = {border - 2000, 4000, 5};
    add(border - 2000, border + 2000);
    for (unsigned order = 3; order <= 9; order += 2) {
        churn.order = order;
        run(&churn, 4000);
    }
    end_empty();
}

static void three_bands_follow_the_rule(void **state)
{
    (void)state;
    add(BAND_1 - 150, BAND_1 + 150);
    add(BAND_2 - 150, BAND_2 + 150);
    around_borders(4000);
}

static void ranges_that_touch_at_borders_follow_the_rule(void **state)
{
    (void)state;
    add(BAND_1, BAND_1 + 150);
    add(BAND_2 - 250, BAND_2);
    add(BAND_2, BAND_2 + 150);
    add(BAND_1 - 100, BAND_1);
    around_borders(3000);
}

static void one_range_over_all_bands_follows_the_rule(void **state)
{
    (void)state;
    struct buddy_request middle = {BAND_2 - BAND_1 - 300, 1, BAND_1 + 150, BAND_2 - 150, 0};
    add(BAND_1 - 150, BAND_2 + 150);
    take(&middle);
    struct churn low = {BAND_1 - 200, 400, 6};
    struct churn high = {BAND_2 - 200, 400, 6};
    for (unsigned order = 6; order > 1; order -= 2) {
        low.order = high.order = order;
        run(&low, 3000);
        run(&high, 3000);
    }
    end_empty();
}

/* More than the lists have places for; some touch. Blocks are in them while others are added. */
static void many_ranges_follow_the_rule(void **state)
{
    (void)state;
    pfn_t base = BAND_1 - 200;
    struct churn churn = {base, 1, 6};
    for (size_t i = 0; i < 60; i++) {
        pfn_t length = 1 + random_below(random_power(8));
        add(base, base + length);
        base += length + (i % 3 == 0 ? random_below(100) : 0);
        churn.frame_count = base - churn.low;
        run(&churn, 100);
    }
    run(&churn, 12000);
    end_empty();
}

/* An index of its own has places for all of them, and for fewer or more runs than there were. */
static void index_that_is_added_follows_the_rule(void **state)
{
    (void)state;
    static const struct {
        pfn_t frame_count;
        uint32_t range_count;
    } made_for[] = {{100000, 200}, {300, 7}, {20000, 100}};
    struct churn churn = {BAND_2, 200 * 90, 6};
    void *memory[3];
    for (pfn_t i = 0; i < 200; i++)
        add(BAND_2 + i * 90, BAND_2 + i * 90 + 90 - i % 2);
    for (size_t i = 0; i < 3; i++) {
        run(&churn, 2500);
        memory[i] = malloc(buddy_index_bytes(made_for[i].frame_count, made_for[i].range_count));
        assert_non_null(memory[i]);
        buddy_add_index(&arena.buddy, made_for[i].frame_count, made_for[i].range_count, memory[i]);
        rule_move_index(&rule, &arena.buddy.index);
    }
    run(&churn, 2500);
    end_empty();
    for (size_t i = 0; i < 3; i++)
        free(memory[i]);
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_all, close_all)
    const struct CMUnitTest tests[] = {
        RULE(one_small_range_follows_the_rule),
        RULE(one_large_range_follows_the_rule),
        RULE(range_across_128_mib_follows_the_rule),
        RULE(three_bands_follow_the_rule),
        RULE(ranges_that_touch_at_borders_follow_the_rule),
        RULE(one_range_over_all_bands_follows_the_rule),
        RULE(many_ranges_follow_the_rule),
        RULE(index_that_is_added_follows_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
