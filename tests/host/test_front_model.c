/*
 * Three fronts before one buddy at random, held against the model: little memory, so that requests
 * are refused, fronts drained and asked. Requests to the buddy itself come between.
 */

#include "test.h"

#include "arena_calls.h"
#include "arena_fronts.h"
#include "kernel/lib/random.h"

static struct arena arena;
static struct arena_fronts fronts;
static uint64_t state;
static uint32_t refused_count;
static uint32_t wrong_count;

static uint32_t below(uint32_t limit)
{
    return random_next(&state) % limit;
}

static size_t any_front(void)
{
    return below(ARENA_FRONTS);
}

static void expect_right(const char *broken)
{
    if (broken)
        fail_msg("%s", broken);
}

/* A block that no front holds, from somewhere on. */
static bool find_block(struct frame_range *block)
{
    block->end = arena.tables[below((uint32_t)arena.range_count)].range.first + below(4096);
    for (int i = 0; i < 100; i++) {
        if (!model_next_run(&arena.model, block->end, block) &&
            !model_next_run(&arena.model, 0, block))
            return false;
        if (!arena_fronts_hold(&fronts, block->first))
            return true;
    }
    return false;
}

/* Most blocks are short; some are long, some aligned or below a limit. */
static struct buddy_request any_request(void)
{
    struct buddy_request request = {1 + below(FRONT_LENGTHS), 0, 0, UINT64_MAX, 0};
    if (below(8) == 0)
        request.frame_count = 1 + below(below(4) ? 100 : 3000);
    if (below(10) == 0)
        request.align_frames = 1u << below(8);
    if (below(10) == 0)
        request.limit = 0x1000 + below(3000);
    return request;
}

static void take(void)
{
    struct buddy_request request = any_request();
    enum mm_status status;
    pfn_t first;
    if (below(6) == 0)
        expect_right(arena_alloc(&arena, &request, &status, &first));
    else
        expect_right(arena_front_alloc(&fronts, any_front(), &request, &status, &first));
    refused_count += status == MM_NO_ROOM;
}

static void give(void)
{
    struct frame_range block;
    enum mm_status status;
    pfn_t frame_count;
    if (!find_block(&block))
        return;
    if (below(6) == 0)
        expect_right(arena_free(&arena, block.first, &status, &frame_count));
    else
        expect_right(arena_front_free(&fronts, any_front(), block));
}

static void give_wrong(void)
{
    struct frame_range block;
    if (!find_block(&block))
        return;
    struct frame_range wrong = {block.first + below(3), block.end + below(3)};
    if (below(4) == 0)
        wrong.first = arena.tables[0].range.first + below(5000) - 500;
    if (wrong.first >= wrong.end)
        wrong.end = wrong.first + 1 + below(10);
    wrong_count++;
    expect_right(arena_front_free_wrong(&fronts, any_front(), block, wrong));
}

static void be_seldom(void)
{
    switch (below(8)) {
    case 0:
        expect_right(arena_front_drain(&fronts, any_front()));
        break;
    case 1:
    case 2:
        expect_right(arena_front_answer(&fronts, any_front()));
        break;
    case 3:
        expect_right(arena_front_reopen(&fronts, any_front()));
        break;
    case 4:
        expect_right(arena_compare(&arena));
        break;
    case 5:
    case 6:
        give_wrong();
        break;
    default:
        expect_right(arena_fronts_check(&fronts));
        break;
    }
}

static void add(pfn_t first, pfn_t frame_count)
{
    enum mm_status status;
    expect_right(arena_add(&arena, (struct frame_range){first, first + frame_count}, &status));
    assert_int_equal(status, MM_OK);
}

/* In phases, so that memory is short, and is plenty again. */
static void go_at_random(uint32_t steps)
{
    for (uint32_t i = 0; i < steps; i++) {
        if (below(30) == 0)
            be_seldom();
        else if (below(100) < (i / 500 % 2 ? 40u : 60u))
            take();
        else
            give();
    }
}

static void run(void)
{
    arena_open(&arena);
    add(0x1000 - below(600), 600 + below(2500));
    if (below(2))
        add(0x2000, 1 + below(900));
    if (below(4) == 0)
        add(0x100000 - below(400), 1 + below(900));
    arena_fronts_init(&fronts, &arena);
    expect_right(arena_fronts_open(&fronts));
    go_at_random(4000);
    expect_right(arena_fronts_close(&fronts));
    expect_right(arena_compare(&arena));
    arena_close(&arena);
}

static void random_steps_are_right(void **unused)
{
    (void)unused;
    state = RANDOM_SEED;
    for (int i = 0; i < 24; i++)
        run();
    assert_true(refused_count > 1000);
    assert_true(wrong_count > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_steps_are_right)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
