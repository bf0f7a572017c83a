/*
 * The buddy with as many lists, nodes and ranges as it can have, and with more runs and ranges than
 * that. Whatever it answers is held against the model as well, in every test.
 */

#include "arena_calls.h"
#include "one_arena.h"

#include "kernel/lib/random.h"
#include "mm/choose.h"

#define BAND_2 ((pfn_t)0x100000) /* 4 GiB */
#define LARGE ((pfn_t)0xA0000) /* frames: for all lists and nodes, and a run of each length */

static uint64_t random_state = RANDOM_SEED;

static uint32_t random_below(uint32_t count)
{
    return random_next(&random_state) % count;
}

static pfn_t take_any(pfn_t count)
{
    pfn_t first = 0;
    assert_int_equal(take(count, 1, 0, NO_LIMIT, 0, &first), MM_OK);
    return first;
}

static size_t unused_nodes(void)
{
    const struct run_index *index = &arena.buddy.index;
    size_t count = 0;
    for (uint32_t node = index->links[0]; node != 0; node = index->links[node])
        count++;
    return count;
}

static void give_all(void)
{
    struct frame_range run;
    while (model_next_run(&arena.model, 0, &run))
        assert_int_equal(give(run.first, NULL), MM_OK);
    expect_right(arena_compare(&arena));
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* Each is a part of a block. The last one is the run freed last then. */
static void free_parts(const struct frame_range *parts, size_t part_count)
{
    for (size_t i = 0; i < part_count; i++) {
        enum mm_status status;
        expect_right(arena_free_part(&arena, parts[i], &status));
        assert_int_equal(status, MM_OK);
    }
}

/* |##____######____######| 4 GiB |#####_#####| : the left run was listed last, and comes first */
static void limit_where_a_band_ends_heeds_the_lowest(void **state)
{
    (void)state;
    const struct frame_range parts[] = {
        {BAND_2 - 10, BAND_2 - 6}, {BAND_2 - 20, BAND_2 - 16}, {BAND_2 + 5, BAND_2 + 6}};
    pfn_t first;
    add(BAND_2 - 22, BAND_2 + 11);
    assert_int_equal(take_any(33), BAND_2 - 22);
    free_parts(parts, sizeof parts / sizeof *parts);
    assert_int_equal(take(2, 1, BAND_2 - 12, BAND_2, 0, &first), MM_OK);
    assert_int_equal(first, BAND_2 - 8);
    assert_int_equal(take(3, 1, 0, BAND_2, 0, &first), MM_OK);
    assert_int_equal(first, BAND_2 - 19);
    assert_int_equal(take(3, 1, 0, BAND_2, 0, &first), MM_NO_ROOM);
    assert_int_equal(take(1, 1, 0, BAND_2, 0, &first), MM_OK);
    assert_int_equal(first, BAND_2 - 20);
    assert_int_equal(take_any(1), BAND_2 + 5);
}

/* 128 MiB - 20 |####...#####| 128 MiB |##.....####.##| : the lower run is just long enough */
static void lists_below_128_mib_come_last(void **state)
{
    (void)state;
    const pfn_t border = 128 * MIB >> FRAME_SHIFT;
    const struct frame_range parts[] = {
        {border - 10, border - 7}, {border + 3, border + 8}, {border + 15, border + 16}};
    add(border - 20, border + 20);
    assert_int_equal(take_any(40), border - 20);
    free_parts(parts, sizeof parts / sizeof *parts);
    assert_int_equal(take_any(3), border + 5);
    pfn_t first;
    assert_int_equal(take(2, 1, 0, border, 0, &first), MM_OK);
    assert_int_equal(first, border - 9);
    assert_int_equal(take_any(2), border + 3);
    assert_int_equal(take_any(1), border + 15);
    assert_int_equal(take_any(1), border - 10);
}

/* 16 MiB - 64 |##......| 16 MiB |...####| 128 MiB |##...| : two borders lie in the range */
static void lists_below_128_mib_end_there_in_each_range(void **state)
{
    (void)state;
    const pfn_t first = (16 * MIB >> FRAME_SHIFT) - 64;
    const pfn_t border = 128 * MIB >> FRAME_SHIFT;
    const struct frame_range parts[] = {
        {border + 3, border + 6}, {border - 10, border - 7}, {border + 15, border + 16}};
    add(first, border + 20);
    assert_int_equal(take_any(border + 20 - first), first);
    free_parts(parts, sizeof parts / sizeof *parts);
    assert_int_equal(take_any(3), border + 3);
    assert_int_equal(take_any(3), border - 10);
}

/*
 * |..__..| 128 MiB |__..| and |..._| 128 MiB |_.__..| : a run belongs where it begins. Of each
 * pair, the lower run was listed last.
 */
static void run_at_128_mib_is_not_below(void **state)
{
    const pfn_t border = 128 * MIB >> FRAME_SHIFT;
    const struct frame_range parts[2][3] = {
        {{border, border + 2}, {border - 5, border - 3}, {border + 15, border + 16}},
        {{border + 3, border + 5}, {border - 1, border + 1}, {border + 15, border + 16}}};
    for (size_t i = 0; i < 2; i++) {
        add(border - 20, border + 20);
        assert_int_equal(take_any(40), border - 20);
        free_parts(parts[i], 3);
        assert_int_equal(take_any(2), parts[i][0].first);
        assert_int_equal(take_any(2), parts[i][1].first);
        assert_int_equal(close_arena(state), 0);
        open_arena(state);
    }
}

/* .#.#.#.#  twice as many free runs as nodes: the others are in the tree, and none is lost */
static void nodes_run_out_and_come_back(void **state)
{
    (void)state;
    static pfn_t firsts[4 * INDEX_NODES_MAX];
    add(BAND_2, BAND_2 + LARGE);
    assert_int_equal(arena.buddy.index.node_count, INDEX_NODES_MAX);
    for (size_t i = 0; i < 4 * INDEX_NODES_MAX; i++)
        firsts[i] = take_any(1);
    for (size_t i = 0; i < 4 * INDEX_NODES_MAX; i += 2)
        assert_int_equal(give(firsts[i], NULL), MM_OK);
    assert_int_equal(unused_nodes(), 0);
    expect_right(arena_compare(&arena));
    for (size_t i = 0; i <= INDEX_NODES_MAX; i++) /* and the run freed last */
        assert_in_range(take_any(1), firsts[4 * INDEX_NODES_MAX - 1], firsts[0]);
    assert_int_equal(unused_nodes(), INDEX_NODES_MAX);
    for (size_t i = 0; i < 2 * INDEX_NODES_MAX; i++)
        take_any(1);
    expect_right(arena_compare(&arena));
    give_all();
    assert_int_equal(take_any(LARGE), BAND_2);
}

static void shuffle(pfn_t *lengths, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = random_below((uint32_t)i);
        pfn_t length = lengths[i - 1];
        lengths[i - 1] = lengths[other];
        lengths[other] = length;
    }
}

/* Runs of 1 to `longest` frames, free between used frames: their first frames, by length. */
static void make_runs_of_each_length(pfn_t longest, pfn_t *firsts)
{
    for (pfn_t length = 1; length <= longest; length++) {
        take_any(1);
        firsts[length] = take_any(length);
    }
    take_any(1);
    for (pfn_t length = 1; length <= longest; length++)
        assert_int_equal(give(firsts[length], NULL), MM_OK);
}

/* A run of just the length is taken as it is; one frame more has the next longer one's end. */
static void each_length_has_its_list(void **state)
{
    (void)state;
    static pfn_t firsts[INDEX_LENGTH_MAX + 3];
    pfn_t lengths[INDEX_LENGTH_MAX];
    add(BAND_2, BAND_2 + LARGE);
    make_runs_of_each_length(INDEX_LENGTH_MAX + 2, firsts);
    const struct index_shelf *band = &arena.buddy.index.shelves[2];
    for (uint32_t length = 1; length <= INDEX_LENGTH_MAX; length++)
        assert_true(band->filled[length / INDEX_WORD] >> length % INDEX_WORD & 1);
    assert_int_equal(band->filled_words, 0xFFFFFFFF);
    assert_int_equal(unused_nodes(), INDEX_NODES_MAX - INDEX_LENGTH_MAX);
    for (pfn_t i = 0; i < INDEX_LENGTH_MAX; i++)
        lengths[i] = i + 1;
    shuffle(lengths, INDEX_LENGTH_MAX);
    for (size_t i = 0; i < INDEX_LENGTH_MAX; i++) {
        pfn_t length = lengths[i];
        assert_int_equal(take_any(length), firsts[length]);
        if (i % 3 == 0)
            give(firsts[length], NULL);
        if (i % 64 == 0)
            expect_right(arena_compare(&arena));
    }
    assert_false(band->filled[lengths[1] / INDEX_WORD] >> lengths[1] % INDEX_WORD & 1);
}

/* Only every 100th length is there: the search steps over whole groups of empty lists. */
static void next_longer_run_is_cut_at_its_end(void **state)
{
    (void)state;
    static pfn_t firsts[INDEX_LENGTH_MAX + 1];
    add(BAND_2, BAND_2 + LARGE);
    pfn_t highest = take_any(1);
    take_any(1);
    for (pfn_t length = 100; length <= INDEX_LENGTH_MAX; length += 100) {
        firsts[length] = take_any(length);
        take_any(1);
    }
    for (pfn_t length = 100; length <= INDEX_LENGTH_MAX; length += 100)
        give(firsts[length], NULL);
    give(highest, NULL); /* then the run freed before is in its list as well */
    for (pfn_t length = 37; length < 900; length += 100) {
        pfn_t longer = (length / 100 + 1) * 100;
        assert_int_equal(take_any(length), firsts[longer] + longer - length);
    }
    expect_right(arena_compare(&arena));
}

/* The list of the longest runs is the last one: behind it the tree is asked. */
static void longest_listed_run_may_have_no_place(void **state)
{
    (void)state;
    pfn_t first;
    add(BAND_2, BAND_2 + LARGE);
    pfn_t highest = take_any(1);
    pfn_t longest = take_any(INDEX_LENGTH_MAX);
    take_any(1);
    give(longest, NULL);
    give(highest, NULL); /* then the run freed before is in its list */
    assert_int_equal(index_longest(&arena.buddy.index, 2), INDEX_LENGTH_MAX);
    assert_int_equal(take(1000, 4096, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, BAND_2 + LARGE - 4096);
}

/* Blocks of n and n - 1 frames in turn; all of one kind are freed, then asked for as the other. */
static void lengths_in_turn_find_all_room(void **state)
{
    (void)state;
    static const pfn_t lengths[] = {2, 3, 64, 65, 66, 512, 513, 1023, 1024, 1025, 1026};
    static pfn_t firsts[256];
    add(BAND_2 + 77, BAND_2 + LARGE);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (size_t j = 0; j < 256; j++)
            firsts[j] = take_any(lengths[i] - j % 2);
        for (size_t j = 1; j < 256; j += 2)
            give(firsts[j], NULL);
        for (size_t j = 1; j < 256; j += 2)
            firsts[j] = take_any(lengths[i]);
        expect_right(arena_compare(&arena));
        for (size_t j = 0; j < 256; j += 2)
            give(firsts[j], NULL);
        for (size_t j = 0; j < 256; j += 2)
            firsts[j] = take_any(lengths[i] - 1);
        give_all();
    }
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static struct buddy_request random_request(pfn_t low, pfn_t frame_count)
{
    struct buddy_request request = {1 + random_below(1u << random_below(12)), 1, 0, NO_LIMIT, 0};
    uint32_t kind = random_below(8);
    if (kind & 4)
        return request;
    if (kind & 1)
        request.align_frames = (pfn_t)1 << random_below(12);
    if (kind & 2)
        request.limit = low + request.frame_count + random_below((uint32_t)frame_count);
    if (random_below(4) == 0)
        request.lowest = low + random_below((uint32_t)frame_count);
    if (random_below(4) == 0)
        request.boundary_frames = (pfn_t)4096 >> random_below(2);
    return request;
}

/* Random steps; bounds lie in the frames from `low` on. Then all go back. */
static void churn(pfn_t low, pfn_t frame_count, size_t steps)
{
    struct frame_range run;
    for (size_t i = 0; i < steps; i++) {
        struct buddy_request request = random_request(low, frame_count);
        pfn_t first;
        pfn_t from = low + random_below((uint32_t)frame_count);
        if (random_below(20) < 9 && model_next_run(&arena.model, from, &run))
            give(run.first, NULL);
        else
            take(request.frame_count, request.align_frames, request.lowest, request.limit,
                 request.boundary_frames, &first);
        if (i % 32 == 0) {
            expect_right(arena_find(&arena, from));
            expect_right(arena_look(&arena, from, from + random_below((uint32_t)frame_count)));
        }
        if (i % 1024 == 0)
            expect_right(arena_compare(&arena));
    }
    give_all();
}

static void large_range_is_answered_right(void **state)
{
    (void)state;
    add(BAND_2 + 0x123, BAND_2 + 0x123 + 300000);
    churn(BAND_2, 300000, 8000);
    assert_int_equal(take_any(300000), BAND_2 + 0x123);
}

static void three_bands_in_one_range_are_answered_right(void **state)
{
    (void)state;
    add(0xF80, BAND_2 + 0x180);
    churn(0xF80, 0x100, 2000);
    churn(BAND_2 - 0x100, 0x280, 2000);
    churn(0xF00, BAND_2 - 0xF00, 2000);
    assert_int_equal(take_any(BAND_2 + 0x180 - 0xF80), 0xF80);
}

static size_t count_unlisted_ranges(void)
{
    size_t count = 0;
    for (const struct buddy_range *range = arena.buddy.highest; range; range = range->lower)
        count += range->number == RANGE_NOT_LISTED;
    return count;
}

/* Ranges that touch and ranges that do not, of lengths that are like no other. */
static pfn_t add_many(pfn_t base, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pfn_t length = 1 + random_below(400);
        assert_int_equal(add(base, base + length), MM_OK);
        base += length + (i % 3 == 0 ? random_below(100) : 0);
    }
    return base;
}

static void many_ranges_are_answered_right(void **state)
{
    static const size_t counts[] = {2, 8, 9, 20, 200};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        pfn_t end = add_many(BAND_2, counts[i]);
        assert_int_equal(count_unlisted_ranges(), counts[i] > 8 ? counts[i] - 8 : 0);
        churn(BAND_2, end - BAND_2, 4000);
        assert_int_equal(close_arena(state), 0);
        open_arena(state);
    }
}

static size_t depth_of(const struct buddy_range *range)
{
    size_t depth = 1;
    while ((range = range->stretch.above))
        depth++;
    return depth;
}

/* The larger order is above; ranges of one order are a balanced tree. */
static void tree_of_ranges_goes_by_order(void **state)
{
    static const pfn_t strides[] = {0x100, 0x200, 0x3FF, 0x1000};
    static const size_t depths[] = {16, 17, 18, 18};
    for (size_t i = 0; i < sizeof strides / sizeof *strides; i++) {
        for (pfn_t j = 200; j-- > 0;)
            add((j + 1) * strides[i], (j + 1) * strides[i] + 1 + j % 9);
        const struct buddy_range *range = arena.buddy.highest;
        size_t deepest = 0;
        for (; range; range = range->lower) {
            const struct buddy_range *above = range->stretch.above;
            assert_true(!above || above->stretch.order >= range->stretch.order);
            deepest = depth_of(range) > deepest ? depth_of(range) : deepest;
        }
        assert_in_range(deepest, 8, depths[i]);
        assert_null(buddy_check(&arena.buddy));
        assert_int_equal(close_arena(state), 0);
        open_arena(state);
    }
}

/* One range of 2^i + some frames in some places of an address space that is larger by far. */
static void ranges_of_all_orders_are_answered_right(void **state)
{
    for (size_t round = 0; round < 12; round++) {
        pfn_t base = round % 2 ? BAND_2 : 1 + random_below(3000);
        pfn_t start = base;
        for (size_t i = 0; i < 60; i++) {
            pfn_t align = (pfn_t)1 << random_below(13);
            pfn_t length = 1 + random_below(1u << random_below(12));
            base = (base + align - 1) / align * align;
            pfn_t before = random_below(3) == 0 ? length / 2 : 0;
            assert_int_equal(add(base + length - before, base + 2 * length - before), MM_OK);
            base += 2 * length + random_below(300);
        }
        churn(start, base - start, 3000);
        assert_null(buddy_check(&arena.buddy));
        assert_int_equal(close_arena(state), 0);
        open_arena(state);
    }
}

/* Each larger range takes the lists over, while there is something in them; smaller ones do not. */
static void lists_move_to_the_largest_range(void **state)
{
    (void)state;
    static const pfn_t counts[] = {300, 5000, 700, 40000, 20, 300000, 6000};
    pfn_t base = 0x800;
    const uint16_t *links = NULL;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        pfn_t first;
        assert_int_equal(add(base, base + counts[i]), MM_OK);
        assert_int_equal(arena.buddy.index.links == links, i == 2 || i == 4 || i == 6);
        links = arena.buddy.index.links;
        expect_right(arena_compare(&arena));
        for (size_t j = 0; j < 60; j++) {
            take(1 + j % 7, 1, base, base + counts[i], 0, &first);
            if (j % 2 == 0)
                give(first, NULL);
        }
        base += counts[i] + i % 2;
    }
    churn(0x800, base - 0x800, 1000);
}

/* ---- what a search tells --------------------------------------------------------------------- */

struct listener {
    struct search_observer observer; /* first, so that a pointer to one is a pointer to both */
    struct frame_range band;
    unsigned listed_count;
};

/* A listed run that is told lies in the band that was told last. */
static void listen(struct search_observer *observer, const struct search_step *step)
{
    struct listener *listener = (struct listener *)observer;
    if (step->event == SEARCH_BAND)
        listener->band = step->frames;
    if (step->event != SEARCH_LISTED)
        return;
    listener->listed_count++;
    assert_true(step->frames.first >= listener->band.first);
    assert_true(step->frames.end <= listener->band.end);
}

/* |#______#| 4 GiB |...#_____#| : two runs of the greatest listed length, of which one is high */
static void only_lists_of_the_band_are_looked_at(void **state)
{
    (void)state;
    struct listener listener = {{listen}, {0, 0}, 0};
    struct buddy_request request = {1000, 4096, 0, NO_LIMIT, 0};
    struct choice found;
    pfn_t low;
    pfn_t lowest;
    add(BAND_2 - 1025, BAND_2);
    add(BAND_2, BAND_2 + LARGE);
    pfn_t highest = take_any(1);
    pfn_t longest = take_any(INDEX_LENGTH_MAX);
    take_any(1);
    assert_int_equal(take(1, 1, 0, BAND_2, 0, &low), MM_OK);
    assert_int_equal(take(INDEX_LENGTH_MAX, 1, 0, BAND_2, 0, &low), MM_OK);
    assert_int_equal(take(1, 1, 0, BAND_2, 0, &lowest), MM_OK);
    give(low, NULL);
    give(longest, NULL);
    give(highest, NULL); /* then both long runs are in their lists */
    assert_int_equal(index_longest(&arena.buddy.index, 1), INDEX_LENGTH_MAX);
    assert_int_equal(index_longest(&arena.buddy.index, 2), INDEX_LENGTH_MAX);
    assert_int_equal(find_request_watched(&arena.buddy, &request, &found, &listener.observer),
                     MM_OK);
    assert_int_equal(listener.listed_count, 1);
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        RULE(lists_below_128_mib_come_last),
        RULE(lists_below_128_mib_end_there_in_each_range),
        RULE(run_at_128_mib_is_not_below),
        RULE(limit_where_a_band_ends_heeds_the_lowest),
        RULE(nodes_run_out_and_come_back),
        RULE(each_length_has_its_list),
        RULE(next_longer_run_is_cut_at_its_end),
        RULE(longest_listed_run_may_have_no_place),
        RULE(lengths_in_turn_find_all_room),
        RULE(large_range_is_answered_right),
        RULE(three_bands_in_one_range_are_answered_right),
        RULE(tree_of_ranges_goes_by_order),
        RULE(ranges_of_all_orders_are_answered_right),
        RULE(many_ranges_are_answered_right),
        RULE(lists_move_to_the_largest_range),
        RULE(only_lists_of_the_band_are_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
