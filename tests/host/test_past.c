/* The past of a manager: every moment is the same whichever way it is reached. */

#include "kernel/past/past.h"

#include "kernel/lib/random.h"
#include "kernel/memory/managed.h"
#include "kernel/view/view.h"
#include "kernel/view/view_chars.h"
#include "kernel/view/view_format.h"
#include "kernel/view/view_past.h"

#include "test.h"
#include "view_machine.h"

#define WIDTH 640
#define HEIGHT 480
#define EVENTS 1000
#define ENTRIES 2048

static struct past *past;
static uint32_t pixels[WIDTH * HEIGHT];
static struct canvas canvas;
static struct view view;
static struct view_chars chars;
static uint64_t random_state;

static uint32_t next_random(uint32_t limit)
{
    return random_next(&random_state) % limit;
}

static void open_past(size_t entry_count)
{
    uint64_t size_bytes = past_bytes(&map, entry_count);
    past = past_open(keep((size_t)size_bytes), &mm, &map, entry_count);
    random_state = RANDOM_SEED;
}

static int start(void **state)
{
    start_machine(state);
    fill_machine();
    return 0;
}

/* ---- what a moment looks like ---------------------------------------------------------------- */

static uint32_t hash_blocks(const struct mm *of)
{
    struct mm_block block;
    uint32_t hash = VIEW_HASH_START;
    for (phys_t cursor = 0; mm_next_block(of, &cursor, &block);) {
        hash = view_hash_value(view_hash_value(hash, block.base), block.size_bytes);
        hash = view_hash_text(view_hash_value(hash, block.id), block.owner);
    }
    return hash;
}

static uint32_t hash_free(const struct mm *of)
{
    pfn_t counts[BUDDY_ORDER_COUNT];
    buddy_count_orders(&of->buddy, counts);
    uint32_t hash = view_hash_value(VIEW_HASH_START, of->buddy.free_count);
    return view_hash_bytes(hash, counts, sizeof counts);
}

/* Which structure holds each free frame. */
static uint32_t hash_holders(const struct mm *of)
{
    uint32_t hash = VIEW_HASH_START;
    struct managed_walk walk = {.map = &map};
    struct frame_range range;
    while (managed_next_range(&walk, &range)) {
        struct frame_range part;
        enum buddy_holder holder;
        for (pfn_t pfn = range.first; pfn < range.end; pfn = part.end) {
            part.end = pfn + 1;
            if (!buddy_find_part(&of->buddy, pfn, &holder, &part))
                buddy_find_run(&of->buddy, pfn, &part);
            else
                hash = view_hash_value(view_hash_value(hash, part.first), holder);
        }
    }
    return hash;
}

/* All but the history, which shows also what came afterwards. */
static uint32_t hash_pixels(void)
{
    uint32_t hash = VIEW_HASH_START;
    canvas_fill(&canvas, view.history.part.area, 0);
    for (size_t i = 0; i < WIDTH * HEIGHT; i++)
        hash = (hash ^ pixels[i]) * 16777619u;
    return hash;
}

struct picture {
    uint32_t blocks;
    uint32_t free;
    uint32_t holders; /* not drawn, but told by the pointer */
    uint32_t pixels;
    uint32_t chars;
};

static void start_view(void)
{
    canvas_init(&canvas, pixels, WIDTH, HEIGHT, WIDTH * sizeof(uint32_t));
    view_init(&view, &canvas);
    view_chars_init(&chars);
    view.past = chars.past = NULL;
}

static struct picture draw(struct mm *shown, const char *moment)
{
    view.past = chars.past = moment;
    view_draw(&view, &map, shown);
    view_chars_draw(&chars, &map, shown);
    return (struct picture){hash_blocks(shown), hash_free(shown), hash_holders(shown),
                            hash_pixels(),
                            view_hash_bytes(VIEW_HASH_START, chars.cells, sizeof chars.cells)};
}

static struct picture draw_moment(uint32_t moment)
{
    assert_true(past_go(past, moment));
    assert_int_equal(past->at, moment);
    return draw(&past->copy, "past");
}

/* ---- a thousand events ----------------------------------------------------------------------- */

static phys_t live[EVENTS];
static size_t live_count;
static struct picture seen[EVENTS + 1];

static void allocate_some(uint32_t owner_count)
{
    char owner[LEDGER_OWNER_MAX + 1];
    struct mm_block block;
    struct mm_request request = {.size_bytes = 1 + next_random(1u << (8 + next_random(15))),
                                 .limit = MM_NO_LIMIT,
                                 .owner = owner};
    snprintf(owner, sizeof owner, "owner%u", (unsigned)next_random(owner_count));
    if (mm_alloc(&mm, &request, &block) == MM_OK)
        live[live_count++] = block.base;
}

static void free_some(void)
{
    size_t index = next_random((uint32_t)live_count);
    assert_int_equal(mm_free(&mm, live[index]), MM_OK);
    live[index] = live[--live_count];
}

static void do_something(uint32_t owner_count)
{
    uint32_t times = next_random(10) == 0 ? 2 + next_random(9) : 1;
    for (uint32_t i = 0; i < times; i++) {
        if (live_count == 0 || (live_count < EVENTS / 4 && next_random(5) < 3))
            allocate_some(owner_count);
        else
            free_some();
    }
}

static void note_now(uint32_t moment)
{
    seen[moment].blocks = hash_blocks(&mm);
    seen[moment].free = hash_free(&mm);
}

static void make_events(uint32_t event_count, uint32_t owner_count)
{
    live_count = 0;
    note_now(0);
    for (uint32_t event = 1; event <= event_count; event++) {
        uint64_t last_id = mm.ledger.last_id;
        size_t block_count = ledger_block_count(&mm.ledger);
        do_something(owner_count);
        past_observe(past, "test");
        assert_true(mm.ledger.last_id != last_id || ledger_block_count(&mm.ledger) != block_count);
        assert_int_equal(past->last, event);
        note_now(event);
    }
    assert_int_equal(past->oldest, 0);
    start_view();
    draw(&mm, NULL);
}

static void expect_same(struct picture a, struct picture b)
{
    assert_memory_equal(&a, &b, sizeof a);
}

/* Back to the oldest moment, forth, and to moments at random. */
static void expect_all_moments(void)
{
    static struct picture pictures[EVENTS + 1];
    assert_true(past_go(past, 0));
    for (uint32_t moment = past->last + 1; moment-- > 0;) {
        pictures[moment] = draw_moment(moment);
        assert_int_equal(pictures[moment].blocks, seen[moment].blocks);
        assert_int_equal(pictures[moment].free, seen[moment].free);
    }
    assert_null(mm_check(&past->copy));
    for (uint32_t moment = 0; moment <= past->last; moment++)
        expect_same(draw_moment(moment), pictures[moment]);
    for (int i = 0; i < 100; i++) {
        uint32_t moment = next_random(past->last + 1);
        expect_same(draw_moment(moment), pictures[moment]);
    }
    assert_null(mm_check(&past->copy));
}

static void thousand_events_look_the_same_back_and_forth(void **state)
{
    (void)state;
    open_past(ENTRIES);
    make_events(EVENTS, 6);
    expect_all_moments();
}

/* More than there are looks: an owner's look must not depend on who was drawn before. */
static void many_owners_look_the_same_back_and_forth(void **state)
{
    (void)state;
    open_past(ENTRIES);
    make_events(200, 200);
    expect_all_moments();
}

/* Without the word "past" in its title, the picture is the one that was there. */
static void past_looks_as_it_did(void **state)
{
    (void)state;
    open_past(ENTRIES);
    live_count = 0;
    for (uint32_t moment = 0; moment <= 40; moment++) {
        start_view();
        seen[moment] = draw(&mm, NULL);
        do_something(6);
        past_observe(past, "test");
    }
    for (uint32_t moment = 0; moment <= 40; moment++) {
        start_view();
        assert_true(past_go(past, moment));
        struct picture then = draw(&past->copy, NULL);
        seen[moment].holders = then.holders;
        expect_same(then, seen[moment]);
    }
}

/* The history gets no samples of the past. */
static void history_knows_only_the_present(void **state)
{
    (void)state;
    open_past(ENTRIES);
    make_events(EVENTS, 6);
    size_t count = view.history.count;
    draw_moment(EVENTS / 2);
    draw_moment(3);
    assert_int_equal(view.history.count, count);
    draw(&mm, NULL);
    assert_int_equal(view.history.count, count);
}

/* ---- events ---------------------------------------------------------------------------------- */

static struct view_naming naming;

static void expect_told(const char *fields, const char *sentence)
{
    char text[VIEW_PAST_MAX];
    assert_string_equal(view_past_tell_fields(text, past), fields);
    assert_string_equal(view_past_tell(text, past, &naming), sentence);
}

static void events_are_told(void **state)
{
    (void)state;
    open_past(ENTRIES);
    expect_told("moment=0 of=0 dropped=0 what=start",
                "Here the record begins: there is nothing before.");
    phys_t base = allocate("sound", 3 * MIB);
    past_observe(past, "alloc");
    expect_told("moment=1 of=1 dropped=0 what=allocated by=alloc id=6 base=0x102b93000 "
                "bytes=3145728 owner=sound",
                "alloc took 3 MiB at 0x102b93000 for sound: block 6.");
    mm_free(&mm, base);
    past_observe(past, "free");
    expect_told("moment=2 of=2 dropped=0 what=freed by=free id=6 base=0x102b93000 bytes=3145728 "
                "owner=sound",
                "free gave back 3 MiB at 0x102b93000 of sound: block 6.");
    mm_free(&mm, allocate("sound", 3 * MIB));
    past_observe(past, "stress");
    expect_told("moment=3 of=3 dropped=0 what=many by=stress allocated=1 freed=1",
                "stress took 1 block and gave back 1, all in one event.");
    allocate("a", 1);
    allocate("b", 1);
    past_observe(past, NULL);
    expect_told("moment=4 of=4 dropped=0 what=many by=kernel allocated=2 freed=0",
                "kernel took 2 blocks and gave back 0, all in one event.");
}

/* On a machine whose frames have numbers. */
static void events_are_told_by_frames(void **state)
{
    (void)state;
    open_past(ENTRIES);
    phys_t base = allocate("a", 3 * FRAME_BYTES);
    past_observe(past, "alloc");
    naming = (struct view_naming){(base >> FRAME_SHIFT) - 9, (base >> FRAME_SHIFT) + 7};
    char text[VIEW_PAST_MAX];
    assert_string_equal(view_past_tell(text, past, &naming),
                        "alloc took frames 9 to 11 for a: block 6.");
    naming = (struct view_naming){0};
}

static void nothing_is_no_event(void **state)
{
    (void)state;
    open_past(ENTRIES);
    past_observe(past, "map");
    past_observe(past, "check");
    assert_int_equal(past->last, 0);
    assert_int_equal(past->count, 0);
}

/* A new event is made behind the newest moment, whichever one is shown. */
static void event_comes_behind_the_newest(void **state)
{
    (void)state;
    open_past(ENTRIES);
    for (int i = 0; i < 5; i++) {
        allocate("one", FRAME_BYTES);
        past_observe(past, "alloc");
    }
    assert_true(past_go(past, 1));
    past_observe(past, "map");
    assert_int_equal(past->at, 5);
    assert_true(past_go(past, 2));
    allocate("two", FRAME_BYTES);
    past_observe(past, "alloc");
    assert_int_equal(past->at, 6);
    assert_int_equal(hash_blocks(&past->copy), hash_blocks(&mm));
}

/* ---- little room ----------------------------------------------------------------------------- */

static void oldest_events_are_dropped(void **state)
{
    (void)state;
    open_past(16);
    live_count = 0;
    for (uint32_t event = 1; event <= 100; event++) {
        if (event % 2 == 1)
            allocate_some(3);
        else
            free_some();
        seen[event].blocks = 0;
        past_observe(past, "test");
        seen[event].blocks = hash_blocks(&mm);
    }
    assert_int_equal(past->oldest, 84);
    for (uint32_t moment = 100; moment >= 84; moment--) {
        assert_true(past_go(past, moment));
        assert_int_equal(hash_blocks(&past->copy), seen[moment].blocks);
    }
    expect_told("moment=84 of=100 dropped=84 what=start",
                "This is the oldest moment that is kept: 84 older events were dropped.");
    assert_null(past_event(past));
    size_t cursor = 0;
    const struct past_entry *event;
    for (uint32_t expected = 85; (event = past_next_event(past, &cursor)); expected++)
        assert_int_equal(event->event, expected);
}

/* An event with more blocks than the ring has entries leaves only the newest moment. */
static void event_longer_than_the_ring(void **state)
{
    (void)state;
    open_past(16);
    allocate("before", FRAME_BYTES);
    past_observe(past, "alloc");
    for (int i = 0; i < 30; i++)
        allocate("many", FRAME_BYTES);
    past_observe(past, "lab");
    assert_int_equal(past->last, 2);
    assert_int_equal(past->oldest, 2);
    assert_int_equal(hash_blocks(&past->copy), hash_blocks(&mm));
    allocate("after", FRAME_BYTES);
    past_observe(past, "alloc");
    assert_true(past_go(past, 2));
    assert_true(past_go(past, 3));
    assert_int_equal(hash_blocks(&past->copy), hash_blocks(&mm));
    assert_int_equal(past->oldest, 2);
}

/* An event that just fills the ring is kept. */
static void event_as_long_as_the_ring(void **state)
{
    (void)state;
    open_past(16);
    uint32_t before = hash_blocks(&mm);
    for (int i = 0; i < 15; i++)
        allocate("many", FRAME_BYTES);
    past_observe(past, "lab");
    assert_int_equal(past->oldest, 0);
    assert_true(past_go(past, 0));
    assert_int_equal(hash_blocks(&past->copy), before);
}

/* The copy has records for some thousand blocks; afterwards it begins anew. */
static void copy_without_records_begins_anew(void **state)
{
    (void)state;
    static phys_t bases[5000];
    size_t count = sizeof bases / sizeof *bases;
    open_past(64);
    for (size_t i = 0; i < count; i++)
        bases[i] = allocate("many", 1);
    past_observe(past, "lab");
    assert_true(past->is_lost);
    assert_int_equal(past->oldest, past->last);
    for (size_t i = 0; i < count; i++)
        mm_free(&mm, bases[i]);
    past_observe(past, "lab");
    assert_false(past->is_lost);
    assert_int_equal(past->oldest, past->last);
    assert_int_equal(hash_blocks(&past->copy), hash_blocks(&mm));
    allocate("after", FRAME_BYTES);
    past_observe(past, "alloc");
    assert_true(past_go(past, past->last - 1));
    assert_null(mm_check(&past->copy));
}

#define RULE(test) cmocka_unit_test_setup_teardown(test, start, release)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        RULE(thousand_events_look_the_same_back_and_forth),
        RULE(many_owners_look_the_same_back_and_forth),
        RULE(past_looks_as_it_did),
        RULE(history_knows_only_the_present),
        RULE(events_are_told),
        RULE(events_are_told_by_frames),
        RULE(nothing_is_no_event),
        RULE(event_comes_behind_the_newest),
        RULE(oldest_events_are_dropped),
        RULE(event_longer_than_the_ring),
        RULE(event_as_long_as_the_ring),
        RULE(copy_without_records_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
