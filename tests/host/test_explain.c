/* What is explained is what happens: the place, step by step, before anything was taken. */

#include "kernel/lib/random.h"
#include "kernel/view/explain.h"

#include "fake_port.h"
#include "mm/port.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS 6000
#define LIVE_MAX 400

static struct mm mm;
static struct mm_block live[LIVE_MAX];
static size_t live_count;
static void *memory[64]; /* the records, then the tables of each range */
static size_t memory_bytes[64];
static size_t memory_count;
static uint64_t random_state;
static struct explain explain;
static unsigned served_from[CHOICE_TREE + 1]; /* places that were told, by who had them */

static void *keep(size_t size_bytes)
{
    assert_true(memory_count < sizeof memory / sizeof memory[0]);
    memory_bytes[memory_count] = size_bytes;
    return memory[memory_count++] = calloc(1, size_bytes);
}

static int release(void **state)
{
    (void)state;
    while (memory_count > 0)
        free(memory[--memory_count]);
    return 0;
}

static void start(const struct frame_range *ranges, size_t count)
{
    release(NULL);
    live_count = 0;
    memset(served_from, 0, sizeof served_from);
    random_state = RANDOM_SEED;
    mm_init(&mm, fake_port_source, keep(MM_FIRST_RECORDS_BYTES), MM_FIRST_RECORDS_BYTES);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(mm_add_range(&mm, ranges[i], keep(buddy_table_bytes(ranges[i]))), MM_OK);
}

static uint32_t below(uint32_t limit)
{
    return random_next(&random_state) % limit;
}

/* ---- the outcome ----------------------------------------------------------------------------- */

static unsigned char tables[1 << 20]; /* a copy of all of them */

static void copy_tables(void)
{
    size_t used = 0;
    for (size_t i = 1; i < memory_count; used += memory_bytes[i++]) {
        assert_true(memory_bytes[i] <= sizeof tables - used);
        memcpy(tables + used, memory[i], memory_bytes[i]);
    }
}

static void expect_unchanged(const struct buddy *before)
{
    size_t used = 0;
    assert_memory_equal(before, &mm.buddy, sizeof *before);
    for (size_t i = 1; i < memory_count; used += memory_bytes[i++])
        if (memcmp(tables + used, memory[i], memory_bytes[i]) != 0)
            fail_msg("the tables of range %zu are not what they were", i);
}

/* Who has the place by explain has it by the buddy's own word. */
static void expect_holder(enum choice_source from)
{
    static const enum buddy_holder holders[] = {BUDDY_FREED_LAST, BUDDY_IN_LIST, BUDDY_SET_ASIDE};
    enum buddy_holder holder;
    struct frame_range part;
    assert_true(buddy_find_part(&mm.buddy, explain.place.first, &holder, &part));
    assert_true(part.first <= explain.place.first && explain.place.first < part.end);
    if (from == CHOICE_ASIDE || from == CHOICE_LAST_END)
        return;
    assert_int_equal(holder, from == CHOICE_TREE ? BUDDY_IN_TREE : holders[from]);
    assert_true(explain.place.end <= part.end);
    if (from != CHOICE_TREE) {
        assert_int_equal(part.first, explain.run.first);
        assert_int_equal(part.end, explain.run.end);
    }
}

/* Explains, then allocates; both say the same. */
static void try_request(const struct mm_request *request)
{
    static struct buddy before;
    struct mm_block block;
    before = mm.buddy;
    copy_tables();
    enum mm_status told = explain_request(&explain, &mm, request);
    expect_unchanged(&before);
    if (told == MM_OK)
        expect_holder(explain_step_at(&explain, explain_kept_steps(&explain) - 1)->from);
    enum mm_status done = mm_alloc(&mm, request, &block);
    if (told != done)
        fail_msg("told %d, done %d", (int)told, (int)done);
    if (done != MM_OK)
        return;
    if (block.base >> FRAME_SHIFT != explain.place.first)
        fail_msg("told 0x%llx, done 0x%llx", (unsigned long long)explain.place.first,
                 (unsigned long long)block.base >> FRAME_SHIFT);
    const struct explain_step *last = explain_step_at(&explain, explain_kept_steps(&explain) - 1);
    assert_int_equal(last->what, EXPLAIN_PLACE);
    served_from[last->from]++;
    if (live_count < LIVE_MAX)
        live[live_count++] = block;
    else
        assert_int_equal(mm_free(&mm, block.base), MM_OK);
}

static struct mm_request random_request(phys_t lowest, phys_t end)
{
    struct mm_request request = {.limit = MM_NO_LIMIT, .owner = "test"};
    unsigned shape = below(16);
    request.size_bytes = (uint64_t)(1 + below(16)) << (8 + below(16));
    if (shape & 1)
        request.align_bytes = (uint64_t)1 << (10 + below(14));
    if (shape & 2)
        request.boundary_bytes = (uint64_t)1 << (14 + below(14));
    if (shape & 4)
        request.limit = lowest + ((uint64_t)below(1u << 20) * ((end - lowest) >> 20));
    if (shape & 8 && below(2))
        request.lowest = lowest + ((uint64_t)below(1u << 20) * ((end - lowest) >> 20));
    if (below(4) == 0) { /* for lists and the run freed last: few sizes, nothing else asked for */
        request = (struct mm_request){.limit = below(2) ? MM_NO_LIMIT : 16 * MIB, .owner = "test"};
        request.size_bytes = (uint64_t)(1 + below(5)) << 12;
    }
    return request;
}

static void free_some(void)
{
    for (unsigned count = below(4); count > 0 && live_count > 0; count--) {
        size_t which = below((uint32_t)live_count);
        assert_int_equal(mm_free(&mm, live[which].base), MM_OK);
        live[which] = live[--live_count];
    }
}

static void try_requests(const struct frame_range *ranges, size_t count)
{
    start(ranges, count);
    phys_t lowest = ranges[0].first << FRAME_SHIFT;
    phys_t end = ranges[count - 1].end << FRAME_SHIFT;
    for (int round = 0; round < ROUNDS; round++) {
        struct mm_request request = random_request(lowest, end);
        try_request(&request);
        free_some();
    }
    assert_null(mm_check(&mm));
    for (size_t from = 0; from <= CHOICE_TREE; from++)
        assert_true(served_from[from] > 0);
}

static void place_is_the_one_taken_in_small_memory(void **state)
{
    (void)state;
    const struct frame_range ranges[] = {{3, 700}};
    try_requests(ranges, 1);
}

static void place_is_the_one_taken_in_a_pc(void **state)
{
    (void)state;
    const struct frame_range ranges[] = {{16, 159}, {300, 8000}};
    try_requests(ranges, 2);
}

static void place_is_the_one_taken_across_bands(void **state)
{
    (void)state;
    const struct frame_range ranges[] = {
        {1, 159}, {0x100, 0x1200}, {0xFF000, 0x100000}, {0x100000, 0x100333}};
    try_requests(ranges, 4);
}

static void place_is_the_one_taken_far_up(void **state)
{
    (void)state;
    const struct frame_range ranges[] = {
        {0x12345, 0x12999}, {0x7FFFFFF0, 0x80001000}, {0x1C0000001, 0x1C0003001}};
    try_requests(ranges, 3);
}

/* Runs of one to four frames in turn, every second one freed: lists with many runs. */
static void place_is_the_one_taken_with_many_listed_runs(void **state)
{
    (void)state;
    const struct frame_range ranges[] = {{0, 4096}};
    start(ranges, 1);
    struct mm_block blocks[1200];
    for (size_t i = 0; i < 1200; i++) {
        struct mm_request request = {
            .size_bytes = (1 + i % 7) * FRAME_BYTES / 2 + 1, .limit = MM_NO_LIMIT, .owner = "test"};
        assert_int_equal(mm_alloc(&mm, &request, &blocks[i]), MM_OK);
    }
    for (size_t i = 0; i < 1200; i += 2)
        assert_int_equal(mm_free(&mm, blocks[i].base), MM_OK);
    for (pfn_t count = 1; count < 4000; count = count * 3 / 2 + 1) {
        struct mm_request request = {
            .size_bytes = count * FRAME_BYTES, .limit = MM_NO_LIMIT, .owner = "test"};
        try_request(&request);
        free_some();
    }
}

/* ---- the steps ------------------------------------------------------------------------------- */

static const struct explain_step *find_step(enum explain_what what)
{
    for (size_t i = 0; i < explain_kept_steps(&explain); i++)
        if (explain_step_at(&explain, i)->what == what)
            return explain_step_at(&explain, i);
    return NULL;
}

static void expect_step(enum explain_what what, pfn_t first, pfn_t end, const char *text)
{
    const struct explain_step *step = find_step(what);
    char told[EXPLAIN_TEXT_MAX];
    assert_non_null(step);
    assert_int_equal(step->range.first, first);
    assert_int_equal(step->range.end, end);
    assert_string_equal(explain_tell(&explain, step, told), text);
}

static void ask(pfn_t count, pfn_t align, pfn_t lowest, pfn_t limit, pfn_t boundary)
{
    struct buddy_request request = {count, align, lowest, limit, boundary};
    explain_search(&explain, &mm.buddy, &request);
}

static void reserve(pfn_t first, pfn_t end)
{
    struct mm_block block;
    assert_int_equal(mm_reserve(&mm, first << FRAME_SHIFT, end << FRAME_SHIFT, "test", &block),
                     MM_OK);
}

/*
 *   0      100    130        200    210          512
 *   |######|......|##########|......|############|
 */
static void start_with_two_gaps(void)
{
    const struct frame_range ranges[] = {{0, 512}};
    start(ranges, 1);
    reserve(0, 100);
    reserve(130, 200);
    reserve(210, 512);
}

static void run_too_short_is_told(void **state)
{
    (void)state;
    start_with_two_gaps();
    ask(20, 1, 0, 400, 0);
    expect_step(EXPLAIN_WINDOW, 0, 400,
                "Wanted: 20 frames of 4 KiB, which is 80 KiB, below 0x190000.");
    expect_step(EXPLAIN_SHORT, 200, 210,
                "The free run, 40 KiB at 0xc8000, has 10 frames (wanted: 20): too short.");
    expect_step(EXPLAIN_PLACE, 110, 130,
                "The place: 80 KiB at 0x6e000, the highest in the tree that will do.");
}

static void run_without_aligned_place_is_told(void **state)
{
    (void)state;
    start_with_two_gaps();
    ask(2, 32, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_MISALIGNED, 200, 210,
                "The free run, 40 KiB at 0xc8000, has no room for 2 frames that begin at a "
                "multiple of 128 KiB.");
    assert_int_equal(explain.place.first, 128);
    ask(5, 64, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_OVER, 0, 512,
                "In 2 MiB at 0x0, the longest free run has 30 frames, but no place for 5: step "
                "over it.");
    expect_step(EXPLAIN_NO_PLACE, 0, PHYS_LIMIT >> FRAME_SHIFT,
                "No free run will do: such a request is refused.");
}

static void run_over_a_boundary_is_told(void **state)
{
    (void)state;
    start_with_two_gaps();
    ask(8, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 8);
    assert_true(explain.found);
    ask(9, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 16);
    expect_step(EXPLAIN_CROSSING, 200, 210,
                "The free run, 40 KiB at 0xc8000, has no place for 9 frames that cross "
                "no multiple of 64 KiB.");
    assert_int_equal(explain.place.first, 119);
}

static void run_cut_by_the_limit_is_told(void **state)
{
    (void)state;
    start_with_two_gaps();
    ask(20, 1, 0, 110, 0);
    expect_step(EXPLAIN_CUT, 100, 110,
                "The free run has only 10 frames inside the window, 40 KiB at 0x64000 "
                "(wanted: 20).");
}

static phys_t take(pfn_t count)
{
    struct mm_block block;
    struct mm_request request = {
        .size_bytes = count * FRAME_BYTES, .limit = MM_NO_LIMIT, .owner = "t"};
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    return block.base;
}

/*
 *   0               983     990          1000    1005       1010    2048
 *   |   set aside   |#######| freed last |#######| listed   |#######|
 */
static void start_with_runs_set_aside(void)
{
    const struct frame_range ranges[] = {{0, 2048}};
    start(ranges, 1);
    reserve(1010, 2048);
    phys_t listed = take(5);
    take(5);
    phys_t last = take(10);
    take(7);
    assert_int_equal(mm_free(&mm, listed), MM_OK);
    assert_int_equal(mm_free(&mm, last), MM_OK);
}

static void run_freed_last_is_told(void **state)
{
    (void)state;
    start_with_runs_set_aside();
    ask(10, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_PLACE, 990, 1000,
                "The place: 40 KiB at 0x3de000, the run freed last, which has just this "
                "length.");
    ask(3, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_UNLIKE, 990, 1000,
                "The run freed last, 40 KiB at 0x3de000, has 10 frames, not just 3: keep it"
                " for later.");
    ask(10, 1, 0, 900, 0);
    expect_step(EXPLAIN_OUTSIDE, 990, 1000,
                "The run freed last, 40 KiB at 0x3de000, lies outside of the window.");
    ask(10, 1, 992, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_CUT, 992, 1000,
                "The run freed last has only 8 frames inside the window, 32 KiB at 0x3e0000 "
                "(wanted: 10).");
}

static void list_is_told(void **state)
{
    (void)state;
    start_with_runs_set_aside();
    ask(3, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_PLACE, 1007, 1010,
                "The place: 12 KiB at 0x3ef000, in the shortest run of the lists that will "
                "do, of 5 frames.");
    ask(3, 16, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_MISALIGNED, 1005, 1010,
                "The listed run, 20 KiB at 0x3ed000, has no room for 3 frames that begin at"
                " a multiple of 64 KiB.");
    expect_step(EXPLAIN_LISTS, 0, 2048,
                "Short free runs are in lists, by length. No listed run of 3 frames or more"
                " will do.");
}

static void what_is_set_aside_is_told(void **state)
{
    (void)state;
    start_with_runs_set_aside();
    ask(50, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_PLACE, 933, 983,
                "The place: 200 KiB at 0x3a5000, at the end of a run of 983 frames that was"
                " set aside to cut blocks off.");
    ask(3, 16, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_INSIDE, 0, 983,
                "The run set aside, 3932 KiB at 0x0, is long enough, but has no place for 3"
                " frames at its end, where blocks are cut off.");
    expect_step(EXPLAIN_PLACE, 992, 995,
                "The place: 12 KiB at 0x3e0000, in a run of 10 frames, once what was set "
                "aside is put back.");
    ask(984, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_TREE, 0, 2048,
                "Now the tree, from the top down. Its longest free run has 0 frames (wanted: 984). "
                "993 more free frames are set aside, outside of it.");
    ask(1000, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_NO_PLACE, 0, PHYS_LIMIT >> FRAME_SHIFT,
                "No free run will do: such a request is refused.");
}

static void end_of_the_run_freed_last_is_told(void **state)
{
    (void)state;
    const struct frame_range ranges[] = {{0, 2048}};
    start(ranges, 1);
    reserve(0, 1000);
    reserve(1100, 2048);
    assert_int_equal(mm_free(&mm, take(100)), MM_OK);
    ask(99, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_PLACE, 1001, 1100,
                "The place: 396 KiB at 0x3e9000, at an end of the run of 100 frames that "
                "was freed last, with what is set aside beside it.");
    ask(50, 64, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_INSIDE, 1000, 1100,
                "The run freed last with the runs set aside beside it, 400 KiB at 0x3e8000,"
                " is long enough, but has no place for 50 frames at its ends.");
    start(ranges, 1);
    reserve(1010, 2048);
    assert_int_equal(mm_free(&mm, take(10)), MM_OK); /* above what its block left to cut */
    ask(1005, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_PLACE, 5, 1010,
                "The place: 4020 KiB at 0x5000, at an end of the run of 1010 frames that was "
                "freed last, with what is set aside beside it.");
}

static void blocks_are_told_by_order_and_runs(void **state)
{
    (void)state;
    const struct frame_range ranges[] = {{0, 2048}};
    start(ranges, 1);
    reserve(1000, 1100);
    reserve(1500, 2000);
    ask(600, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_TREE, 0, 2048,
                "Now the tree, from the top down. Its longest free run has 1000 frames "
                "(wanted: 600).");
    expect_step(EXPLAIN_OVER, 1024, 2048,
                "In 4 MiB at 4 MiB, the longest free run has 400 frames (wanted: 600): "
                "step over it.");
    expect_step(EXPLAIN_ENTER, 0, 1024,
                "In 4 MiB at 0x0, the longest free run has 1000 frames (wanted: 600): look"
                " inside.");
    expect_step(EXPLAIN_FREE, 0, 512, "In 2 MiB at 0x0, all frames are free.");
    ask(1001, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    assert_false(explain.found);
    assert_null(find_step(EXPLAIN_ENTER)); /* the longest run of all is too short */
}

/* The outcome is among the steps however many there were, and those left out can be counted. */
static void steps_are_bounded(void **state)
{
    (void)state;
    const struct frame_range ranges[] = {{0, 4096}};
    start(ranges, 1);
    for (pfn_t pfn = 4; pfn < 4096; pfn += 2)
        reserve(pfn, pfn + 1);
    ask(2, 1, 3960, 4096, 0);
    assert_int_equal(explain_kept_steps(&explain), explain.step_count);
    assert_int_equal(explain_step_at(&explain, explain.step_count - 1)->what, EXPLAIN_NO_PLACE);
    ask(2, 1, 10, 511, 0);
    assert_true(explain.step_count > 250);
    assert_int_equal(explain_kept_steps(&explain), EXPLAIN_STEPS_MAX);
    assert_int_equal(explain_step_at(&explain, 0)->what, EXPLAIN_WINDOW);
    assert_int_equal(explain_step_at(&explain, EXPLAIN_STEPS_MAX - 1)->what, EXPLAIN_NO_PLACE);
    const struct explain_step *last = explain_step_at(&explain, EXPLAIN_STEPS_MAX - 2);
    assert_int_equal(last->range.first, 11);
    assert_true(explain_step_at(&explain, EXPLAIN_STEPS_MAX - 3)->range.first > last->range.first);
}

static void wrong_requests_are_refused_as_mm_alloc_does(void **state)
{
    (void)state;
    start_with_two_gaps();
    const struct mm_request wrong[] = {{0, 0, 0, MM_NO_LIMIT, 0, "t"},
                                       {1, 3, 0, MM_NO_LIMIT, 0, "t"},
                                       {1, 0, 0, MM_NO_LIMIT, 5, "t"},
                                       {9000, 0, 0, MM_NO_LIMIT, 8192, "t"},
                                       {9000, 0, 5000, 8000, 0, "t"},
                                       {9000, 0, 8000, 5000, 0, "t"},
                                       {UINT64_MAX, 0, 0, UINT64_MAX, 0, "t"},
                                       {PHYS_LIMIT, 0, 0, MM_NO_LIMIT, 0, "t"},
                                       {PHYS_LIMIT + 1, 0, 0, UINT64_MAX, 0, "t"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct mm_block block;
        assert_int_equal(explain_request(&explain, &mm, &wrong[i]),
                         mm_alloc(&mm, &wrong[i], &block));
        assert_false(explain.found);
    }
}

/* ---- what is not looked at ------------------------------------------------------------------- */

#define BORDER_16_MIB (16 * MIB >> FRAME_SHIFT)
#define BORDER_128_MIB (128 * MIB >> FRAME_SHIFT)
#define BORDER_4_GIB (4 * GIB >> FRAME_SHIFT)

/* True if a run was refused that is in such a place. */
static bool is_refused(enum choice_source from)
{
    for (size_t i = 0; i < explain_kept_steps(&explain); i++)
        if (explain_is_refusal(explain_step_at(&explain, i)) &&
            explain_step_at(&explain, i)->from == from)
            return true;
    return false;
}

static void expect_place(enum choice_source from, pfn_t first)
{
    assert_true(explain.found);
    assert_int_equal(explain.place.first, first);
    assert_int_equal(explain_step_at(&explain, explain_kept_steps(&explain) - 1)->from, from);
}

/* All places may share a frame: then no other listed run is looked at than the one that has it. */
static void only_a_listed_run_at_the_place_is_told(void **state)
{
    (void)state;
    start_with_runs_set_aside();
    ask(1, 1, 1010, 1011, 0);
    assert_false(explain.found || is_refused(CHOICE_LISTED));
    ask(8, 1, 1005, 1013, 0); /* no list has runs of 8 frames */
    assert_false(explain.found || is_refused(CHOICE_LISTED));
    ask(2, 1, 1009, 1011, 0);
    assert_true(is_refused(CHOICE_LISTED));
    ask(1, 1, 1009, 1011, 0); /* two places that share none */
    expect_place(CHOICE_LISTED, 1009);
}

static void give_frame(pfn_t pfn)
{
    assert_int_equal(mm_free(&mm, pfn << FRAME_SHIFT), MM_OK);
}

/* Only two frames are free, one below 128 MiB and one from there on; and the run freed last. */
static void lists_that_the_window_does_not_reach_are_not_told(void **state)
{
    (void)state;
    const struct frame_range ranges[] = {{BORDER_128_MIB - 32, BORDER_128_MIB + 32},
                                         {BORDER_4_GIB, BORDER_4_GIB + 32}};
    start(ranges, 2);
    reserve(BORDER_128_MIB - 32, BORDER_128_MIB - 16);
    reserve(BORDER_128_MIB - 16, BORDER_128_MIB - 15);
    reserve(BORDER_128_MIB - 15, BORDER_128_MIB);
    reserve(BORDER_128_MIB, BORDER_128_MIB + 1);
    reserve(BORDER_128_MIB + 1, BORDER_128_MIB + 32);
    reserve(BORDER_4_GIB, BORDER_4_GIB + 1);
    reserve(BORDER_4_GIB + 1, BORDER_4_GIB + 32);
    give_frame(BORDER_128_MIB - 16);
    give_frame(BORDER_128_MIB);
    give_frame(BORDER_4_GIB);
    ask(1, 1, 0, BORDER_128_MIB, 0);
    expect_place(CHOICE_LISTED, BORDER_128_MIB - 16);
    assert_false(is_refused(CHOICE_LISTED));
    ask(1, 1, BORDER_128_MIB - 15, BORDER_128_MIB + 1, 0);
    expect_place(CHOICE_LISTED, BORDER_128_MIB);
    ask(1, 1, BORDER_4_GIB + 1, BORDER_4_GIB + 32, 0);
    assert_false(explain.found || is_refused(CHOICE_LISTED));
}

/* It may be too short even with what is set aside beside it. */
static void run_freed_last_that_is_too_short_is_told_once(void **state)
{
    (void)state;
    start_with_runs_set_aside();
    ask(984, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    assert_true(is_refused(CHOICE_LAST));
    assert_false(is_refused(CHOICE_LAST_END));
}

static void runs_set_aside_beside_the_window_are_not_told(void **state)
{
    (void)state;
    start_with_runs_set_aside();
    ask(20, 1, 970, 990, 0); /* the run freed last begins where the window ends */
    assert_false(explain.found || is_refused(CHOICE_ASIDE));
    ask(20, 1, 1000, 1020, 0); /* it ends where the window begins */
    assert_false(explain.found || is_refused(CHOICE_ASIDE));
}

/* |   tree   | freed last |   tree   |#######|  */
static void run_put_back_is_told_with_its_neighbours(void **state)
{
    (void)state;
    const struct frame_range ranges[] = {{0, 2048}};
    start(ranges, 1);
    reserve(1000, 1100);
    reserve(1500, 2000);
    give_frame(1000);
    ask(1501, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_step(EXPLAIN_SHORT, 0, 1500,
                "The run set aside with its free neighbours, 6000 KiB at 0x0, has 1500 frames "
                "(wanted: 1501): too short.");
}

static void request_for_more_than_is_free_is_not_searched(void **state)
{
    (void)state;
    start_with_runs_set_aside();
    ask(mm.buddy.free_count + 1, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    assert_int_equal(explain.step_count, 2); /* the window, and that there is no place */
    ask(mm.buddy.free_count, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    assert_true(explain.step_count > 2);
}

static void expect_bands(const struct frame_range *bands, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < explain_kept_steps(&explain); i++) {
        const struct explain_step *step = explain_step_at(&explain, i);
        if (step->what != EXPLAIN_BAND)
            continue;
        assert_true(found < count);
        assert_int_equal(step->range.first, bands[found].first);
        assert_int_equal(step->range.end, bands[found++].end);
    }
    assert_int_equal(found, count);
}

/* |    ##########| 16 MiB |##########    | : the bands, then the places across the border */
static void bands_are_told_that_have_room_in_the_window(void **state)
{
    (void)state;
    const pfn_t border = BORDER_16_MIB;
    const struct frame_range ranges[] = {{border - 256, border + 256}};
    const struct frame_range all[] = {
        {border, border + 256}, {0, border}, {border - 19, border + 19}};
    const struct frame_range low[] = {{0, border}, {border - 19, border + 4}};
    const struct frame_range high[] = {{border + 5, border + 256}};
    start(ranges, 1);
    reserve(border - 240, border + 240);
    ask(20, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_bands(all, 3);
    ask(20, 1, 0, border + 4, 0);
    expect_bands(low, 2);
    ask(20, 1, border + 5, PHYS_LIMIT >> FRAME_SHIFT, 0);
    expect_bands(high, 1);
}

static void expect_first_tree(pfn_t first)
{
    const struct explain_step *step = find_step(EXPLAIN_TREE);
    assert_non_null(step);
    assert_int_equal(step->range.first, first);
}

/* Three ranges of one order: the middle one is the root of the tree of ranges. */
static void trees_without_a_place_in_the_window_are_not_told(void **state)
{
    (void)state;
    const struct frame_range ranges[] = {{1025, 1200}, {1300, 1400}, {1410, 1500}};
    start(ranges, 3);
    ask(150, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0); /* the root is too short */
    expect_first_tree(1025);
    ask(20, 1, 0, 1300, 0); /* it begins where the window ends */
    expect_first_tree(1025);
    ask(85, 1, 1400, 1490, 0); /* it ends where the window begins */
    assert_null(find_step(EXPLAIN_TREE));
    ask(2, 64, 1411, 1470, 0); /* no multiple of 64 with room behind it is in the window */
    assert_null(find_step(EXPLAIN_TREE));
}

#define EXPLAIN_TEST(name) cmocka_unit_test_teardown(name, release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EXPLAIN_TEST(place_is_the_one_taken_in_small_memory),
        EXPLAIN_TEST(place_is_the_one_taken_in_a_pc),
        EXPLAIN_TEST(place_is_the_one_taken_across_bands),
        EXPLAIN_TEST(place_is_the_one_taken_far_up),
        EXPLAIN_TEST(place_is_the_one_taken_with_many_listed_runs),
        EXPLAIN_TEST(run_too_short_is_told),
        EXPLAIN_TEST(run_without_aligned_place_is_told),
        EXPLAIN_TEST(run_over_a_boundary_is_told),
        EXPLAIN_TEST(run_cut_by_the_limit_is_told),
        EXPLAIN_TEST(run_freed_last_is_told),
        EXPLAIN_TEST(list_is_told),
        EXPLAIN_TEST(what_is_set_aside_is_told),
        EXPLAIN_TEST(end_of_the_run_freed_last_is_told),
        EXPLAIN_TEST(blocks_are_told_by_order_and_runs),
        EXPLAIN_TEST(only_a_listed_run_at_the_place_is_told),
        EXPLAIN_TEST(lists_that_the_window_does_not_reach_are_not_told),
        EXPLAIN_TEST(run_freed_last_that_is_too_short_is_told_once),
        EXPLAIN_TEST(runs_set_aside_beside_the_window_are_not_told),
        EXPLAIN_TEST(run_put_back_is_told_with_its_neighbours),
        EXPLAIN_TEST(request_for_more_than_is_free_is_not_searched),
        EXPLAIN_TEST(bands_are_told_that_have_room_in_the_window),
        EXPLAIN_TEST(trees_without_a_place_in_the_window_are_not_told),
        EXPLAIN_TEST(steps_are_bounded),
        EXPLAIN_TEST(wrong_requests_are_refused_as_mm_alloc_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
