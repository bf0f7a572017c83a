/* The textbook's buddy allocator, against brute force over frames. */

#include "kernel/stage/textbook.h"

#include "kernel/lib/random.h"

#include <string.h>

#include "test.h"

static struct textbook textbook;

/* Who has each frame: 0 nobody. */
static uint32_t holders[TEXTBOOK_FRAMES_MAX];

static uint64_t seed = RANDOM_SEED;

static unsigned random_below(unsigned limit)
{
    return random_next(&seed) % limit;
}

/* The largest aligned block of free frames around the frame, by the rule that buddies merge. */
static unsigned free_order_at(unsigned frame)
{
    unsigned order = 0;
    for (unsigned larger = 1; larger <= textbook.order; larger++) {
        unsigned first = frame >> larger << larger;
        for (unsigned i = first; i < first + (1u << larger); i++)
            if (holders[i] != 0)
                return order;
        order = larger;
    }
    return order;
}

/* The lists have all free blocks, each of them as large as merging makes it, and nothing else. */
static void expect_lists(void)
{
    unsigned listed = 0;
    unsigned free_count = 0;
    unsigned largest = 0;
    for (unsigned order = 0; order <= textbook.order; order++)
        for (unsigned at = textbook.lists[order]; at != TEXTBOOK_NONE;
             at = textbook.frames[at].next) {
            assert_int_equal(at % (1u << order), 0);
            assert_int_equal(holders[at], 0);
            assert_int_equal(free_order_at(at), order);
            listed += 1u << order;
            largest = 1u << order;
        }
    for (unsigned i = 0; i < 1u << textbook.order; i++)
        free_count += holders[i] == 0;
    assert_int_equal(listed, free_count);
    assert_int_equal(textbook.free_count, free_count);
    assert_int_equal(textbook_largest(&textbook), largest);
}

/* True if some aligned block of free frames of that order has the asked frames in the window. */
static bool has_place(const struct textbook_request *request, unsigned order)
{
    for (unsigned first = 0; first + (1u << order) <= 1u << textbook.order; first += 1u << order) {
        bool is_free = first >= request->lowest && first + request->count <= request->limit;
        for (unsigned i = first; is_free && i < first + (1u << order); i++)
            is_free = holders[i] == 0;
        if (is_free)
            return true;
    }
    return false;
}

static unsigned needed_order(const struct textbook_request *request)
{
    unsigned order = 0;
    while (1u << order < request->count || 1u << order < request->align)
        order++;
    return order;
}

static void take(struct textbook_request request, unsigned *lost)
{
    unsigned first = 0;
    unsigned order = needed_order(&request);
    bool fits = order <= textbook.order && has_place(&request, order);
    assert_true(textbook_take(&textbook, &request, &first) == fits);
    if (!fits)
        return;
    assert_int_equal(first % (1u << order), 0);
    assert_true(first >= request.lowest && first + request.count <= request.limit);
    for (unsigned i = first; i < first + (1u << order); i++) {
        assert_int_equal(holders[i], 0);
        holders[i] = request.id;
    }
    *lost += (1u << order) - request.count;
}

static void give(uint32_t id, const unsigned *asked, unsigned *lost)
{
    unsigned count = 0;
    for (unsigned i = 0; i < TEXTBOOK_FRAMES_MAX; i++) {
        count += holders[i] == id;
        holders[i] = holders[i] == id ? 0 : holders[i];
    }
    assert_true(textbook_give(&textbook, id) == (count > 0));
    *lost -= count > 0 ? count - asked[id] : 0;
}

static void play(unsigned order, unsigned steps)
{
    static unsigned asked[4096];
    unsigned lost = 0;
    uint32_t next_id = 1;
    textbook_start(&textbook, order);
    memset(holders, 0, sizeof holders);
    for (unsigned step = 0; step < steps; step++) {
        unsigned frames = 1u << order;
        struct textbook_request request = {.count = 1 + random_below(frames / 2),
                                           .align = 1u << random_below(3),
                                           .limit = frames,
                                           .id = next_id};
        if (random_below(3) == 0) {
            request.lowest = random_below(frames);
            request.limit = random_below(frames + 1);
        }
        asked[next_id] = request.count;
        if (random_below(5) < 3 && next_id < 4095) {
            take(request, &lost);
            next_id++;
        } else {
            give(1 + random_below(next_id), asked, &lost);
        }
        assert_int_equal(textbook_lost(&textbook), lost);
        expect_lists();
    }
}

static void it_agrees_with_brute_force(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 60; round++)
        play(1 + round % TEXTBOOK_ORDER_MAX, 400);
}

/* Four frames in a row are free, but no block of four is: chapter 4's second question. */
static void neighbours_that_are_no_buddies_do_not_help(void **state)
{
    (void)state;
    unsigned first;
    struct textbook_request request = {.count = 2, .limit = 8};
    textbook_start(&textbook, 3);
    for (request.id = 1; request.id <= 4; request.id++)
        assert_true(textbook_take(&textbook, &request, &first));
    assert_true(textbook_give(&textbook, 2) && textbook_give(&textbook, 3));
    assert_int_equal(textbook.free_count, 4);
    assert_int_equal(textbook_largest(&textbook), 2);
    request = (struct textbook_request){.count = 4, .limit = 8, .id = 9};
    assert_false(textbook_take(&textbook, &request, &first));
    assert_false(textbook_give(&textbook, 9));
}

/* 3 frames take 4, and 5 take 8. */
static void sizes_are_rounded_up(void **state)
{
    (void)state;
    unsigned first;
    struct textbook_request request = {.count = 3, .limit = 16, .id = 1};
    textbook_start(&textbook, 4);
    assert_true(textbook_take(&textbook, &request, &first));
    assert_int_equal(textbook_lost(&textbook), 1);
    request = (struct textbook_request){.count = 5, .limit = 16, .id = 2};
    assert_true(textbook_take(&textbook, &request, &first));
    assert_int_equal(textbook_lost(&textbook), 4);
    assert_int_equal(textbook.free_count, 4);
    request = (struct textbook_request){.count = 17, .limit = 99, .id = 3};
    assert_false(textbook_take(&textbook, &request, &first));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_brute_force),
        cmocka_unit_test(neighbours_that_are_no_buddies_do_not_help),
        cmocka_unit_test(sizes_are_rounded_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
