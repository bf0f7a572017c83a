/*
 * The search for places in a tree, held against a look at every place, from the highest down; and
 * what a tree knows of free runs. Ranges begin and end anywhere; what is used are random runs,
 * patterns and single frames.
 *
 * A search may read the blocks on the ways down to the window's ends and to the place, and their
 * buddies: at most eight of each order, however many frames there are. All others are forbidden
 * while it runs. The address sanitizer stands guard; without it a test sees less.
 */

#include "mm/search.h"

#include <sanitizer/asan_interface.h>
#include <stdlib.h>

#include "kernel/lib/random.h"
#include "mm/buddy.h"
#include "test.h"

#define FRAMES_MAX 140000u /* of a range: more than two of the largest alignment */
#define SEARCHES 300 /* of one state of a tree */

static uint64_t random_state = RANDOM_SEED;

static uint32_t random_below(uint32_t count)
{
    return random_next(&random_state) % count;
}

/* 2^0 to 2^max_order, each as likely. */
static uint32_t random_power(unsigned max_order)
{
    return 1u << random_below(max_order + 1);
}

/* ---- the state of a tree --------------------------------------------------------------------- */

struct fixture {
    void *tables;
    struct tree tree;
    uint32_t *free_frames; /* from each frame of the range on, up to the first used one */
};

static void open_tree(struct fixture *fixture, struct frame_range range)
{
    fixture->tables = malloc(tree_table_bytes(range));
    fixture->free_frames = calloc((size_t)(range.end - range.first) + 1, sizeof(uint32_t));
    assert_non_null(fixture->tables);
    assert_non_null(fixture->free_frames);
    tree_init(&fixture->tree, range, fixture->tables);
    tree_give(&fixture->tree, fixture->tree.first, fixture->tree.end);
}

static void close_tree(struct fixture *fixture)
{
    free(fixture->free_frames);
    free(fixture->tables);
}

/* Used runs and free ones in turn in [first, end), all of random lengths or all alike. */
static void use_runs(struct tree *tree, uint32_t first, uint32_t end, bool is_periodic)
{
    uint32_t free_max = random_power(14) + random_below(3) - 1;
    uint32_t used_max = random_power(random_below(10));
    uint32_t frame = first + random_below(free_max + 1);
    while (frame < end) {
        uint32_t used = is_periodic ? used_max : 1 + random_below(used_max);
        uint32_t used_end = used < end - frame ? frame + used : end;
        tree_take(tree, frame, used_end);
        frame = used_end + (is_periodic ? free_max : random_below(free_max + 1));
    }
}

/* Up to four parts, one unlike the other, so that there is something to skip. */
static void use_some(struct fixture *fixture)
{
    struct tree *tree = &fixture->tree;
    uint32_t first = tree->first;
    for (unsigned part = random_below(4) + 1; part-- > 0 && first < tree->end;) {
        uint32_t end = part > 0 ? first + random_below(tree->end - first) + 1 : tree->end;
        if (random_below(16) > 0)
            use_runs(tree, first, end, random_below(3) == 0);
        first = end;
    }
    uint32_t count = tree->end - tree->first;
    fixture->free_frames[count] = 0;
    for (uint32_t i = count; i-- > 0;)
        fixture->free_frames[i] =
            tree_has(tree, tree->first + i) ? fixture->free_frames[i + 1] + 1 : 0;
}

/* ---- what may be read ------------------------------------------------------------------------ */

static size_t table_bytes(const struct tree *tree)
{
    return tree_table_bytes(
        (struct frame_range){tree->origin + tree->first, tree->origin + tree->end});
}

static void forbid_all(const struct fixture *fixture)
{
    const struct tree *tree = &fixture->tree;
    ASAN_POISON_MEMORY_REGION(fixture->tables, table_bytes(tree));
    ASAN_UNPOISON_MEMORY_REGION(tree->levels,
                                (tree->top + 1 - LEAF_ORDER) * sizeof(struct tree_level));
}

static void allow_all(const struct fixture *fixture)
{
    ASAN_UNPOISON_MEMORY_REGION(fixture->tables, table_bytes(&fixture->tree));
}

static void allow_block(const struct tree *tree, unsigned order, uint32_t block)
{
    const struct tree_level *level = &tree->levels[order - LEAF_ORDER];
    if (block - level->first_block < level->block_count)
        ASAN_UNPOISON_MEMORY_REGION(tree_block(tree, order, block), reach_bytes(order));
}

static void allow_way_to(const struct tree *tree, uint32_t frame)
{
    for (unsigned order = LEAF_ORDER; order <= tree->top; order++) {
        allow_block(tree, order, frame >> order);
        allow_block(tree, order, frame >> order ^ 1);
    }
    ASAN_UNPOISON_MEMORY_REGION(tree_word(tree, frame >> LEAF_ORDER << LEAF_ORDER),
                                LEAF_WORDS * sizeof(uint64_t));
}

/* Unless the window is empty: then nothing is read. */
static void allow_window(const struct tree *tree, uint32_t lowest, uint32_t limit)
{
    if (limit <= lowest)
        return;
    allow_way_to(tree, lowest);
    allow_way_to(tree, limit - 1);
    allow_block(tree, tree->top, 0);
    allow_block(tree, tree->top, 1);
}

/* ---- searching ------------------------------------------------------------------------------- */

static bool fits(const struct fixture *fixture, const struct buddy_request *request, uint32_t frame)
{
    pfn_t first = fixture->tree.origin + frame;
    pfn_t last = first + request->frame_count - 1;
    pfn_t boundary = request->boundary_frames;
    return first % request->align_frames == 0 &&
           (boundary == 0 || first / boundary == last / boundary) &&
           fixture->free_frames[frame - fixture->tree.first] >= request->frame_count;
}

static bool look_everywhere(const struct fixture *fixture, const struct buddy_request *request,
                            uint32_t lowest, uint32_t limit, uint32_t *place)
{
    if (limit < lowest || limit - lowest < request->frame_count)
        return false;
    uint32_t frame = limit - (uint32_t)request->frame_count + 1;
    while (frame-- > lowest) {
        if (fits(fixture, request, frame)) {
            *place = frame;
            return true;
        }
    }
    return false;
}

static uint32_t longest_everywhere(const struct fixture *fixture, uint32_t lowest, uint32_t limit)
{
    uint32_t longest = 0;
    for (uint32_t frame = lowest; frame < limit; frame++) {
        uint32_t length = fixture->free_frames[frame - fixture->tree.first];
        longest = bits_larger(longest, bits_smaller(length, limit - frame));
    }
    return longest;
}

/* Each free run, by its ends; and that all numbers follow from the bits. */
static void expect_right_tree(const struct fixture *fixture)
{
    const struct tree *tree = &fixture->tree;
    pfn_t free_count = 0;
    pfn_t counted;
    for (uint32_t frame = tree->first; frame < tree->end;) {
        uint32_t length = fixture->free_frames[frame - tree->first];
        if (length > 0) {
            uint32_t middle = frame + random_below(length);
            assert_int_equal(tree_run_first(tree, middle), frame);
            assert_int_equal(tree_run_end(tree, middle), frame + length);
        }
        free_count += length;
        frame += length + 1;
    }
    assert_null(tree_check(tree, &counted));
    assert_int_equal(counted, free_count);
}

/* A length about that of the free runs, mostly, so that finding and refusing are as likely. */
static uint32_t random_length(const struct fixture *fixture)
{
    uint32_t longest = tree_longest(&fixture->tree);
    uint32_t length = random_below(4) == 0 ? random_power(16) : longest;
    length = length - random_below(8) * length / 16 + random_below(3);
    return length > 1 ? length - 1 : 1;
}

/* One that the frames fit into. */
static pfn_t random_boundary(pfn_t frame_count)
{
    pfn_t boundary = random_power(17);
    while (boundary < frame_count)
        boundary *= 2;
    return boundary;
}

/* The free run around a place, as far as it is inside the window. */
static void expect_run_around(const struct fixture *fixture, const struct search_result *result,
                              uint32_t lowest, uint32_t limit)
{
    const struct tree *tree = &fixture->tree;
    uint32_t first = (uint32_t)(result->place - tree->origin);
    uint32_t length = fixture->free_frames[first - tree->first];
    assert_int_equal(result->run_end, tree->origin + bits_smaller(first + length, limit));
    while (first > lowest && fixture->free_frames[first - 1 - tree->first] > 0)
        first--;
    assert_int_equal(result->run_first, tree->origin + first);
}

static void search_once(const struct fixture *fixture, size_t *found_count)
{
    const struct tree *tree = &fixture->tree;
    uint32_t frame_count = tree->end - tree->first;
    struct buddy_request request = {random_length(fixture), random_power(17), 0, 0, 0};
    if (random_below(2) == 0)
        request.boundary_frames = random_boundary(request.frame_count);
    uint32_t lowest = tree->first;
    uint32_t limit = tree->end;
    if (random_below(2) == 0)
        lowest += random_below(frame_count);
    if (random_below(2) == 0)
        limit -= random_below(frame_count);
    uint32_t right = 0;
    struct search_result result;
    bool is_there = look_everywhere(fixture, &request, lowest, limit, &right);
    request.lowest = tree->origin + lowest;
    request.limit = tree->origin + limit;
    struct place_wish wish = place_wish_of(&request);
    forbid_all(fixture);
    allow_window(tree, lowest, limit);
    uint32_t longest = search_longest(tree, request.lowest, request.limit);
    if (is_there) {
        allow_way_to(tree, right);
        allow_way_to(tree, right + (uint32_t)request.frame_count - 1);
    }
    assert_int_equal(search_tree(tree, &wish, &result), is_there);
    allow_all(fixture);
    if (is_there) {
        assert_int_equal(result.place, tree->origin + right);
        expect_run_around(fixture, &result, lowest, limit);
    }
    assert_int_equal(longest, longest_everywhere(fixture, lowest, limit));
    *found_count += is_there;
}

static void finds_the_highest_place_or_there_is_none(void **state)
{
    (void)state;
    size_t found_count = 0;
    size_t search_count = 0;
    for (unsigned i = 0; i < 600; i++) {
        pfn_t first = ((pfn_t)random_next(&random_state) << random_below(12)) % ((pfn_t)1 << 40);
        first += random_below(2) == 0 ? 0 : random_below(300);
        if (random_below(2) == 0)
            first &= ~(pfn_t)0x1FFFF;
        struct fixture fixture;
        uint32_t frames = 1 + random_below(random_below(8) == 0 ? FRAMES_MAX : 3000);
        open_tree(&fixture, (struct frame_range){first, first + frames});
        use_some(&fixture);
        expect_right_tree(&fixture);
        for (unsigned j = 0; j < SEARCHES; j++, search_count++)
            search_once(&fixture, &found_count);
        close_tree(&fixture);
    }
    assert_in_range(found_count, search_count / 5, search_count * 4 / 5);
}

/* ---- steps ----------------------------------------------------------------------------------- */

#define STEPS_MAX 32

struct watcher {
    struct search_observer observer;
    struct search_step steps[STEPS_MAX];
    size_t count;
};

static void see(struct search_observer *observer, const struct search_step *step)
{
    struct watcher *watcher = (struct watcher *)(void *)observer;
    if (watcher->count < STEPS_MAX)
        watcher->steps[watcher->count] = *step;
    watcher->count++;
}

/* The steps of a search that finds no place. */
static struct watcher watch(const struct tree *tree, struct buddy_request request)
{
    struct watcher watcher = {.observer = {see}};
    struct place_wish wish = place_wish_of(&request);
    struct search_result result;
    assert_false(search_tree_watched(tree, &wish, &result, &watcher.observer));
    return watcher;
}

/* .##..##..##. : pairs of free frames, of which none begins at an even number */
static void open_odd_pairs(struct fixture *fixture, struct frame_range range)
{
    open_tree(fixture, range);
    struct tree *tree = &fixture->tree;
    tree_take(tree, tree->first, tree->end);
    for (uint32_t frame = (tree->first + 3) / 4 * 4 + 1; frame + 2 < tree->end; frame += 4)
        tree_give(tree, frame, frame + 2);
}

/* The range ends inside its upper block. Both blocks are stepped over, without a look inside. */
static void largest_blocks_without_a_place_are_stepped_over(void **state)
{
    (void)state;
    static const struct frame_range range = {5, 3000};
    struct fixture fixture;
    open_odd_pairs(&fixture, range);
    struct watcher watcher = watch(&fixture.tree, (struct buddy_request){2, 2, 0, UINT64_MAX, 0});
    assert_int_equal(watcher.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(watcher.steps[i].event, SEARCH_OVER);
        assert_int_equal(watcher.steps[i].order, 11);
        assert_int_equal(watcher.steps[i].frames.first, i == 0 ? 2048 : 0);
    }
    close_tree(&fixture);
}

/* The place begins a block, and is a multiple of four times its size. */
static void block_with_the_place_is_not_stepped_over(void **state)
{
    (void)state;
    static const struct frame_range range = {0x1800, 0x2800};
    struct buddy_request request = {10, 0x2000, 0, UINT64_MAX, 0};
    struct watcher watcher = {.observer = {see}};
    struct place_wish wish = place_wish_of(&request);
    struct search_result result;
    struct fixture fixture;
    open_tree(&fixture, range);
    tree_take(&fixture.tree, 0xB00, 0xB01);
    assert_int_equal(fixture.tree.top, 11);
    assert_true(search_tree_watched(&fixture.tree, &wish, &result, &watcher.observer));
    assert_int_equal(result.place, 0x2000);
    assert_in_range(watcher.count, 1, STEPS_MAX);
    for (size_t i = 0; i < watcher.count; i++) {
        const struct search_step *step = &watcher.steps[i];
        bool has_place = step->frames.first <= result.place && step->frames.end > result.place;
        assert_false(step->event == SEARCH_OVER && has_place);
    }
    close_tree(&fixture);
}

/* If the longest run is too short, or if the tree has too few frames in the window. */
static void nothing_is_looked_at_in_vain(void **state)
{
    (void)state;
    static const struct frame_range range = {5, 3000};
    static const struct buddy_request requests[] = {
        {3, 1, 0, UINT64_MAX, 0}, {2, 1, 2000, 2001, 0}, {2, 1, 0, 6, 0},
        {2, 1, 2999, 5000, 0},    {2, 1, 0, 5, 0},       {2, 1, 3000, 4000, 0},
    };
    struct fixture fixture;
    open_odd_pairs(&fixture, range);
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        assert_int_equal(watch(&fixture.tree, requests[i]).count, 0);
    close_tree(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(largest_blocks_without_a_place_are_stepped_over),
        cmocka_unit_test(block_with_the_place_is_not_stepped_over),
        cmocka_unit_test(nothing_is_looked_at_in_vain),
        cmocka_unit_test(finds_the_highest_place_or_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
