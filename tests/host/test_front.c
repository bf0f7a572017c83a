/*
 * Fronts before a buddy: by rules, with one thread in the part of several owners, and with threads
 * that take and give at random. Each frame has a mark of who has it, so that none is given twice.
 *
 * The same program is built with ThreadSanitizer as well (`make test-threads`).
 */

#include "test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "damage.h"
#include "kernel/check/model.h"
#include "kernel/lib/random.h"
#include "mm/front.h"

#define OWNERS 3

static struct buddy buddy;
static struct fronts fronts;
static struct front front[OWNERS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned lock_count;
static void *tables;
static struct frame_range frames;

static void take_lock(void *context)
{
    pthread_mutex_lock(context);
    lock_count++;
}

static void leave_lock(void *context)
{
    pthread_mutex_unlock(context);
}

/* Fronts before a range of frames. Nobody promises zeros. */
static void open_range(pfn_t first, pfn_t count)
{
    frames = (struct frame_range){first, first + count};
    tables = malloc(buddy_table_bytes(frames));
    assert_non_null(tables);
    buddy_init(&buddy);
    assert_int_equal(buddy_add_range(&buddy, frames, tables), MM_OK);
    memset(&fronts, 0xA5, sizeof fronts);
    fronts_init(&fronts, &buddy, take_lock, leave_lock, &mutex);
    for (int i = 0; i < OWNERS; i++)
        front_open(&front[i], &fronts);
    lock_count = 0;
}

/* From 0x1000 on. */
static void open_frames(pfn_t count)
{
    open_range(0x1000, count);
}

static void expect_right(void)
{
    const char *broken = fronts_check(&fronts);
    if (broken)
        fail_msg("%s", broken);
}

/* All is free again. */
static void close_frames(void)
{
    expect_right();
    for (int i = 0; i < OWNERS; i++)
        assert_int_equal(front_close(&front[i]), MM_OK);
    assert_null(fronts.first);
    assert_int_equal(buddy.free_count, frames.end - frames.first);
    expect_right();
    free(tables);
}

/* Takes one frame at this place from the buddy, as a block. */
static void take_place(pfn_t place)
{
    struct buddy_request request = {1, 0, place, place + 1, 0};
    pfn_t first;
    assert_int_equal(buddy_alloc(&buddy, &request, &first), MM_OK);
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void pairs_need_the_lock_once(void **state)
{
    (void)state;
    open_frames(4096);
    pfn_t first;
    for (pfn_t count = 1; count <= FRONT_LENGTHS; count++) {
        lock_count = 0;
        for (int i = 0; i < 1000; i++) {
            assert_int_equal(front_alloc(&front[0], count, &first), MM_OK);
            assert_int_equal(front_free(&front[0], first, count), MM_OK);
        }
        assert_int_equal(lock_count, 1);
    }
    expect_right();
    close_frames();
}

static void bulk_needs_the_lock_seldom(void **state)
{
    (void)state;
    open_frames(8192);
    static pfn_t firsts[6400];
    for (int i = 0; i < 6400; i++)
        assert_int_equal(front_alloc(&front[0], 1, &firsts[i]), MM_OK);
    assert_int_equal(lock_count, 100);
    expect_right();
    for (int i = 0; i < 6400; i++)
        assert_int_equal(front_free(&front[0], firsts[i], 1), MM_OK);
    assert_in_range(lock_count, 130, 140);
    assert_int_equal(buddy.free_count + front_held_count(&front[0]), 8192);
    close_frames();
}

/*
 * An empty front is filled with blocks of half a stack, of the length that was asked for. What it
 * holds of other lengths, it keeps, and it answers only when it is asked.
 */
static void front_is_filled_with_half_a_stack(void **state)
{
    (void)state;
    open_frames(4096);
    pfn_t held = 0;
    for (pfn_t count = 1; count <= FRONT_LENGTHS; count++) {
        pfn_t first;
        assert_int_equal(front_alloc(&front[0], count, &first), MM_OK);
        assert_int_equal(front_free(&front[0], first, count), MM_OK);
        assert_int_equal(front_answer(&front[0]), MM_OK);
        held += FRONT_FRAMES / 2 / count * count;
        assert_int_equal(front_held_count(&front[0]), held);
        assert_int_equal(buddy.free_count, 4096 - held);
    }
    assert_int_equal(lock_count, FRONT_LENGTHS);
    close_frames();
}

/* Blocks of each length, shorter and longer than what is held. */
static void blocks_have_the_length_that_was_asked_for(void **state)
{
    (void)state;
    open_frames(4096);
    for (pfn_t count = 1; count < 3 * FRONT_LENGTHS; count++) {
        struct frame_range run;
        pfn_t first;
        assert_int_equal(front_alloc(&front[0], count, &first), MM_OK);
        assert_true(buddy_find_run(&buddy, first, &run));
        assert_int_equal(run.first, first);
        assert_int_equal(run.end, first + count);
        assert_int_equal(front_free(&front[1], first, count), MM_OK);
        expect_right();
    }
    close_frames();
}

/* Only single frames are free: they are taken one by one. */
static void front_is_filled_with_what_there_is(void **state)
{
    (void)state;
    open_frames(256);
    for (pfn_t frame = frames.first; frame < frames.end; frame += 2)
        take_place(frame);
    pfn_t first;
    assert_int_equal(front_alloc(&front[0], 1, &first), MM_OK);
    assert_int_equal(first % 2, 1);
    assert_int_equal(front_held_count(&front[0]), 63);
    assert_int_equal(front_alloc(&front[0], 2, &first), MM_NO_ROOM);
    assert_int_equal(front_held_count(&front[0]), 0);
    expect_right();
    for (pfn_t frame = frames.first; frame < frames.end; frame++)
        front_free(&front[1], frame, 1);
    front_drain(&front[1]);
    close_frames();
}

/* What a front holds is free for all others, as soon as its owner has answered. */
static void refused_request_asks_all_fronts(void **state)
{
    (void)state;
    open_frames(256);
    pfn_t held;
    pfn_t first;
    assert_int_equal(front_alloc(&front[1], 1, &held), MM_OK);
    assert_int_equal(front_alloc(&front[2], 2, &first), MM_OK);
    assert_int_equal(front_free(&front[2], first, 2), MM_OK);
    assert_true(fronts_have_answered(&fronts));
    assert_int_equal(front_alloc(&front[0], 255, &first), MM_NO_ROOM);
    assert_false(fronts_have_answered(&fronts));
    assert_int_equal(front_free(&front[1], held, 1), MM_OK);
    assert_int_equal(front_held_count(&front[1]), 0);
    assert_false(fronts_have_answered(&fronts));
    assert_int_equal(front_answer(&front[2]), MM_OK);
    assert_true(fronts_have_answered(&fronts));
    assert_int_equal(front_held_count(&front[2]), 0);
    assert_int_equal(front_alloc(&front[0], 255, &first), MM_OK);
    assert_int_equal(front_free(&front[0], first, 255), MM_OK);
    assert_int_equal(front_alloc(&front[0], 1, &first), MM_OK);
    assert_int_equal(front_alloc(&front[0], 256, &held), MM_NO_ROOM);
    assert_int_equal(front_alloc(&front[1], 1, &held), MM_OK);
    assert_int_equal(front_free(&front[0], first, 1), MM_OK);
    assert_int_equal(front_free(&front[0], held, 1), MM_OK);
    close_frames();
}

/* What it holds itself is no reason for a refusal. */
static void front_gives_back_before_it_refuses(void **state)
{
    (void)state;
    open_frames(128);
    pfn_t first;
    assert_int_equal(front_alloc(&front[0], 1, &first), MM_OK);
    assert_int_equal(front_free(&front[0], first, 1), MM_OK);
    assert_int_equal(front_alloc(&front[0], 128, &first), MM_OK);
    assert_int_equal(front_free(&front[0], first, 128), MM_OK);
    for (pfn_t count = 1; count <= FRONT_LENGTHS; count++) {
        assert_int_equal(front_alloc(&front[0], count, &first), MM_OK);
        assert_int_equal(front_free(&front[0], first, count), MM_OK);
    }
    struct buddy_request request = {64, 64, frames.first, frames.first + 64, 0};
    assert_int_equal(front_alloc_request(&front[0], &request, &first), MM_OK);
    assert_int_equal(front_free(&front[0], first, 64), MM_OK);
    close_frames();
}

static void wrong_requests_are_refused(void **state)
{
    (void)state;
    open_frames(128);
    pfn_t first;
    struct buddy_request request = {4, 3, 0, UINT64_MAX, 0};
    assert_int_equal(front_alloc(&front[0], 0, &first), MM_ZERO_SIZE);
    assert_int_equal(front_alloc_request(&front[0], &request, &first), MM_BAD_ALIGNMENT);
    assert_int_equal(front_alloc(&front[0], 129, &first), MM_NO_ROOM);
    assert_int_equal(front_alloc(&front[0], 9, &first), MM_OK);
    assert_int_equal(front_free(&front[0], first, 10), MM_OUTSIDE_BLOCK);
    assert_int_equal(front_free(&front[0], first, 0), MM_OUTSIDE_BLOCK);
    assert_int_equal(front_free(&front[0], first + 1, 9), MM_INSIDE_BLOCK);
    assert_int_equal(front_free(&front[0], first, 9), MM_OK);
    assert_int_equal(front_free(&front[0], first, 9), MM_ALREADY_FREE);
    assert_int_equal(front_alloc(&front[0], 1, &first), MM_OK);
    assert_int_equal(front_free(&front[0], first, 1), MM_OK);
    assert_int_equal(front_alloc(&front[0], 0, &first), MM_ZERO_SIZE);
    close_frames();
}

/* A long block may be anywhere, from the first frame of all on. */
static void frame_0_is_as_good_as_any(void **state)
{
    (void)state;
    open_range(0, 64);
    pfn_t first;
    assert_int_equal(front_alloc(&front[0], 64, &first), MM_OK);
    assert_int_equal(first, 0);
    assert_int_equal(front_free(&front[0], first, 64), MM_OK);
    close_frames();
}

/* Wrong ones are named when the front gives them back, once, and the right ones are free. */
static void wrong_free_is_named_at_the_drain(void **state)
{
    (void)state;
    open_frames(1024);
    pfn_t first[2];
    static const struct {
        pfn_t offset;
        pfn_t count;
        enum mm_status status;
    } wrong[] = {
        {0, 2, MM_OUTSIDE_BLOCK},  {0x100000, 1, MM_NOT_MANAGED}, {3, 1, MM_INSIDE_BLOCK},
        {2, 1, MM_OUTSIDE_BLOCK},  {0x20, 1, MM_ALREADY_FREE},    {0x21, 3, MM_ALREADY_FREE},
        {1024, 1, MM_NOT_MANAGED},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct buddy_request request = {1, 0, 0x1000, 0x1001, 0};
        assert_int_equal(buddy_alloc(&buddy, &request, &first[0]), MM_OK);
        request = (struct buddy_request){2, 0, 0x1002, 0x1004, 0};
        assert_int_equal(buddy_alloc(&buddy, &request, &first[1]), MM_OK);
        assert_int_equal(front_free(&front[0], 0x1000 + wrong[i].offset, wrong[i].count), MM_OK);
        assert_string_equal(fronts_check(&fronts), "a front holds what is no block");
        assert_int_equal(front_drain(&front[0]), wrong[i].status);
        assert_int_equal(front_drain(&front[0]), MM_OK);
        expect_right();
        assert_int_equal(buddy_free(&buddy, first[0], NULL), MM_OK);
        assert_int_equal(buddy_free(&buddy, first[1], NULL), MM_OK);
        assert_int_equal(buddy.free_count, 1024);
    }
    close_frames();
}

/* Wherever the wrong one stands, all that are right are free. */
static void wrong_block_does_not_keep_the_right_ones(void **state)
{
    (void)state;
    open_frames(1024);
    for (int wrong = 0; wrong < 4; wrong++) {
        pfn_t pairs[3];
        for (int i = 0; i < 3; i++)
            assert_int_equal(buddy_alloc_any(&buddy, 2, &pairs[i]), MM_OK);
        for (int i = 0; i < 4; i++)
            assert_int_equal(front_free(&front[0], i == wrong ? 0x1000 : pairs[i - (i > wrong)], 2),
                             MM_OK);
        assert_int_equal(front_drain(&front[0]), MM_ALREADY_FREE);
        assert_int_equal(buddy.free_count, 1024);
    }
    close_frames();
}

/* Each way to give back all tells what was wrong. */
static void wrong_free_is_named_by_an_answer_and_at_the_end(void **state)
{
    (void)state;
    open_frames(128);
    pfn_t first;
    assert_int_equal(front_free(&front[0], 0x1000, 2), MM_OK);
    assert_int_equal(front_alloc(&front[1], 129, &first), MM_NO_ROOM);
    assert_int_equal(front_answer(&front[0]), MM_ALREADY_FREE);
    assert_int_equal(front_answer(&front[0]), MM_OK);
    assert_int_equal(front_free(&front[0], 0x1000, 2), MM_OK);
    assert_int_equal(front_close(&front[0]), MM_ALREADY_FREE);
    front_open(&front[0], &fronts);
    close_frames();
}

/* A frame that the front holds is known at once; what another one holds, or a longer block,
   late. */
static void block_is_freed_once(void **state)
{
    (void)state;
    open_frames(1024);
    pfn_t frame;
    pfn_t pair;
    assert_int_equal(front_alloc(&front[0], 1, &frame), MM_OK);
    assert_int_equal(front_alloc(&front[0], 2, &pair), MM_OK);
    assert_int_equal(front_free(&front[0], frame, 1), MM_OK);
    assert_int_equal(front_free(&front[0], frame, 1), MM_ALREADY_FREE);
    expect_right();
    assert_int_equal(front_free(&front[1], frame, 1), MM_OK);
    assert_string_equal(fronts_check(&fronts), "a block is held twice");
    assert_int_equal(front_drain(&front[1]), MM_OK);
    assert_string_equal(fronts_check(&fronts), "a front holds what is no block");
    assert_int_equal(front_drain(&front[0]), MM_ALREADY_FREE);
    assert_int_equal(front_free(&front[0], pair, 2), MM_OK);
    assert_int_equal(front_free(&front[0], pair, 2), MM_OK);
    assert_string_equal(fronts_check(&fronts), "a block is held twice");
    assert_int_equal(front_drain(&front[0]), MM_ALREADY_FREE);
    close_frames();
}

/* In the set, with a frame that was freed after it and without one. */
static void frame_in_the_set_is_freed_once(void **state)
{
    (void)state;
    open_frames(1024);
    pfn_t held;
    pfn_t newest;
    pfn_t first;
    assert_int_equal(front_alloc(&front[0], 1, &held), MM_OK);
    assert_int_equal(front_alloc(&front[0], 1, &newest), MM_OK);
    assert_int_equal(front_free(&front[0], held, 1), MM_OK);
    assert_int_equal(front_free(&front[0], newest, 1), MM_OK);
    assert_int_equal(front_free(&front[0], held, 1), MM_ALREADY_FREE);
    assert_int_equal(front_alloc(&front[0], 1, &first), MM_OK);
    assert_int_equal(first, newest);
    assert_int_equal(front_free(&front[0], held, 1), MM_ALREADY_FREE);
    assert_int_equal(front_free(&front[0], newest, 1), MM_OK);
    close_frames();
}

/* Twice in two fronts: each has it as the frame freed last, or in its set. */
static void frame_that_two_fronts_hold_is_found(void **state)
{
    (void)state;
    for (int in_set = 0; in_set < 4; in_set++) {
        open_frames(1024);
        pfn_t taken[3];
        for (int i = 0; i < 3; i++)
            assert_int_equal(front_alloc(&front[0], 1, &taken[i]), MM_OK);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(front_free(&front[i], taken[2], 1), MM_OK);
            if (in_set & 1 << i)
                assert_int_equal(front_free(&front[i], taken[i], 1), MM_OK);
        }
        assert_string_equal(fronts_check(&fronts), "a block is held twice");
        assert_int_equal(front_drain(&front[1]), MM_OK);
        assert_string_equal(fronts_check(&fronts), "a front holds what is no block");
        assert_int_equal(front_drain(&front[0]), MM_ALREADY_FREE);
        for (int i = 0; i < 2; i++)
            if (!(in_set & 1 << i))
                assert_int_equal(front_free(&front[i], taken[i], 1), MM_OK);
        close_frames();
    }
}

/* Words that want one place: the second goes onto the stack, and nothing is lost. */
static void frames_whose_words_are_in_the_way_are_held(void **state)
{
    (void)state;
    open_frames(3 * FRAME_SET_PLACES * WORD_BITS);
    const pfn_t step = FRAME_SET_PLACES * WORD_BITS;
    for (pfn_t i = 0; i < 192; i++)
        for (pfn_t word = 0; word < 3; word++)
            take_place(0x2000 + i + word * step);
    lock_count = 0;
    for (pfn_t i = 0; i < 192; i++)
        for (pfn_t word = 0; word < 3; word++)
            assert_int_equal(front_free(&front[0], 0x2000 + i + word * step, 1), MM_OK);
    assert_in_range(lock_count, 4, 6); /* 192 in the set, and 64 at once of the others */
    assert_in_range(front_held_count(&front[0]), 192 + 64, 192 + 128);
    expect_right();
    for (pfn_t held = front_held_count(&front[0]); held > 0; held--) {
        pfn_t first;
        assert_int_equal(front_alloc(&front[0], 1, &first), MM_OK);
        assert_int_equal(front_held_count(&front[0]), held - 1);
        assert_int_equal((first - 0x2000) % step < 192, true);
        assert_int_equal(front_free(&front[1], first, 1), MM_OK);
    }
    expect_right();
    close_frames();
}

/* Two fronts may hold frames that want one place: that is no frame which both hold. */
static void frames_of_one_place_in_two_fronts_are_right(void **state)
{
    (void)state;
    const pfn_t step = FRAME_SET_PLACES * WORD_BITS;
    open_frames(2 * step);
    for (pfn_t i = 0; i < 2; i++)
        for (pfn_t frame = 0x2000; frame < 0x2002; frame++) {
            take_place(frame + i * step);
            assert_int_equal(front_free(&front[i], frame + i * step, 1), MM_OK);
        }
    expect_right();
    close_frames();
}

/* Puts a single frame onto the front's stack: a frame in the set is in its way. */
static void hold_on_stack(struct front *holder, pfn_t frame)
{
    const pfn_t in_the_way = frame + FRAME_SET_PLACES * WORD_BITS;
    const pfn_t freed[] = {in_the_way, frame, in_the_way + 1};
    for (int i = 0; i < 3; i++) {
        take_place(freed[i]);
        assert_int_equal(front_free(holder, freed[i], 1), MM_OK);
    }
    assert_int_equal(holder->stacks[0].count, 1);
}

/* On the stack twice, or also in another front: as the frame freed last, or in its set. */
static void frame_on_a_stack_is_freed_once(void **state)
{
    (void)state;
    enum { ON_STACK, FREED_LAST, IN_SET };
    for (int where = ON_STACK; where <= IN_SET; where++) {
        struct front *other = &front[where == ON_STACK ? 0 : 1];
        open_frames(2 * FRAME_SET_PLACES * WORD_BITS);
        hold_on_stack(&front[0], 0x2000);
        take_place(0x2001);
        assert_int_equal(front_free(other, 0x2000, 1), MM_OK);
        if (where != FREED_LAST)
            assert_int_equal(front_free(other, 0x2001, 1), MM_OK);
        assert_string_equal(fronts_check(&fronts), "a block is held twice");
        assert_int_equal(front_drain(&front[0]), where == ON_STACK ? MM_ALREADY_FREE : MM_OK);
        assert_int_equal(front_drain(other), where == ON_STACK ? MM_OK : MM_ALREADY_FREE);
        if (where == FREED_LAST)
            assert_int_equal(front_free(other, 0x2001, 1), MM_OK);
        close_frames();
    }
}

/* Each in another word: the frame freed last comes first, as it is in the processor's cache. */
static void frames_freed_last_are_taken_first(void **state)
{
    (void)state;
    const pfn_t places[] = {0x1003, 0x1201, 0x1100, 0x1300};
    open_frames(1024);
    for (int i = 0; i < 4; i++) {
        pfn_t first;
        struct buddy_request request = {1, 0, places[i], places[i] + 1, 0};
        assert_int_equal(buddy_alloc(&buddy, &request, &first), MM_OK);
    }
    for (int i = 0; i < 4; i++)
        assert_int_equal(front_free(&front[0], places[i], 1), MM_OK);
    for (int i = 3; i > 1; i--) {
        pfn_t first;
        assert_int_equal(front_alloc(&front[0], 1, &first), MM_OK);
        assert_int_equal(first, places[i]);
        assert_int_equal(front_free(&front[1], first, 1), MM_OK);
    }
    close_frames();
}

/* All fronts together hold at most an eighth of the frames. */
static void set_gives_back_when_it_is_full(void **state)
{
    (void)state;
    open_frames(16384);
    static pfn_t firsts[16000];
    for (int i = 0; i < 16000; i++)
        assert_int_equal(front_alloc(&front[0], 1, &firsts[i]), MM_OK);
    for (int i = 0; i < 16000; i++) {
        assert_int_equal(front_free(&front[0], firsts[i], 1), MM_OK);
        assert_true(front_held_count(&front[0]) <= 16384 / 8 / OWNERS);
    }
    assert_true(front_held_count(&front[0]) > 16384 / 8 / OWNERS / 2);
    close_frames();
}

/* However little memory there is, each front may hold as many single frames as a stack. */
static void front_may_always_hold_a_stack_of_frames(void **state)
{
    (void)state;
    open_frames(512);
    for (pfn_t frame = 0x1000; frame <= 0x1000 + FRONT_FRAMES; frame++)
        take_place(frame);
    for (pfn_t i = 0; i < FRONT_FRAMES; i++)
        assert_int_equal(front_free(&front[0], 0x1000 + i, 1), MM_OK);
    assert_int_equal(front_held_count(&front[0]), FRONT_FRAMES);
    assert_int_equal(lock_count, 0);
    assert_int_equal(front_free(&front[0], 0x1000 + FRONT_FRAMES, 1), MM_OK);
    assert_in_range(front_held_count(&front[0]), 1, FRONT_FRAMES);
    close_frames();
}

/* Frees single frames to the first front until it needs the lock. Returns how many it held. */
static pfn_t fill_the_set(void)
{
    pfn_t most = 0;
    for (lock_count = 0; lock_count == 0;) {
        pfn_t first;
        assert_int_equal(buddy_alloc_any(&buddy, 1, &first), MM_OK);
        most = front_held_count(&front[0]);
        assert_int_equal(front_free(&front[0], first, 1), MM_OK);
    }
    return most;
}

/* A front learns when its set is full that others came, or went. */
static void shares_follow_the_number_of_fronts(void **state)
{
    (void)state;
    const pfn_t all = 16384 / 8;
    open_frames(16384); /* the first front was opened when there was no other */
    assert_int_equal(fill_the_set(), all);
    assert_in_range(front_held_count(&front[0]), 1, all / OWNERS);
    for (int i = 1; i < OWNERS; i++)
        assert_int_equal(front_close(&front[i]), MM_OK);
    assert_int_equal(fill_the_set(), all / OWNERS);
    assert_int_equal(fill_the_set(), all);
    for (int i = 1; i < OWNERS; i++)
        front_open(&front[i], &fronts);
    close_frames();
}

/* An eighth of so many frames has more than 32 bits. */
static void share_of_a_huge_memory_fits(void **state)
{
    (void)state;
    static struct front late;
    open_frames(128);
    buddy.frame_count = (pfn_t)1 << 40;
    front_open(&late, &fronts);
    assert_int_equal(late.frame_limit, UINT32_MAX / (OWNERS + 1));
    assert_int_equal(front_close(&late), MM_OK);
    buddy.frame_count = 128;
    close_frames();
}

/* What a request drains is named by the next free. */
static void wrong_free_is_not_forgotten(void **state)
{
    (void)state;
    open_frames(256);
    pfn_t first;
    pfn_t other;
    for (pfn_t count = 1; count <= 2; count++) {
        assert_int_equal(front_free(&front[0], 0x1010, 1), MM_OK);
        assert_int_equal(front_alloc(&front[0], 9, &first), MM_OK);
        assert_int_equal(front_alloc(&front[0], 250, &other), MM_NO_ROOM);
        assert_int_equal(front_free(&front[0], first, 9), MM_OK);
        assert_int_equal(front_alloc(&front[0], count, &first), MM_OK);
        assert_int_equal(front_free(&front[0], first, count), MM_ALREADY_FREE);
        assert_int_equal(front_alloc(&front[0], count, &other), MM_OK);
        assert_int_equal(front_free(&front[0], other, count), MM_OK);
        assert_int_equal(front_drain(&front[0]), MM_OK);
    }
    close_frames();
}

/* In the first place of the set and in the last one. */
static void what_is_no_block_is_found_everywhere(void **state)
{
    (void)state;
    open_frames(64);
    for (pfn_t place = 0; place < FRAME_SET_PLACES; place += FRAME_SET_PLACES - 1) {
        pfn_t first;
        assert_int_equal(front_free(&front[0], place * WORD_BITS, 1), MM_OK);
        assert_int_equal(front_alloc(&front[1], 1, &first), MM_OK);
        assert_int_equal(front_free(&front[0], first, 1), MM_OK);
        assert_string_equal(fronts_check(&fronts), "a front holds what is no block");
        assert_int_equal(front_drain(&front[0]), MM_NOT_MANAGED);
        expect_right();
    }
    close_frames();
}

/* A processor that comes late, and one that goes. */
static void fronts_come_and_go(void **state)
{
    (void)state;
    open_frames(1024);
    static struct front late;
    pfn_t first[2];
    assert_int_equal(front_alloc(&front[0], 1025, &first[0]), MM_NO_ROOM);
    front_open(&late, &fronts);
    assert_int_equal(front_held_count(&late), 0);
    assert_int_equal(front_alloc(&late, 1, &first[0]), MM_OK);
    assert_int_equal(front_alloc(&late, 3, &first[1]), MM_OK);
    assert_true(front_held_count(&late) > 0);
    expect_right();
    assert_int_equal(front_close(&late), MM_OK);
    assert_int_equal(buddy.free_count, 1024 - 4);
    for (int i = 0; i < OWNERS; i++)
        assert_int_equal(front_answer(&front[i]), MM_OK);
    assert_true(fronts_have_answered(&fronts));
    assert_int_equal(front_free(&front[1], first[0], 1), MM_OK);
    assert_int_equal(front_free(&front[2], first[1], 3), MM_OK);
    close_frames();
}

static void damaged_store_is_found(void **state)
{
    (void)state;
    static const char more[] = "a front holds more blocks than it may";
    open_frames(128);
    EXPECT_DAMAGE(fronts_check(&fronts), front[0].frames.count, 1,
                  "a front's count of frames is wrong");
    EXPECT_DAMAGE(fronts_check(&fronts), front[0].frames.words[64].held, 1,
                  "a front's place is said to be used that is not");
    struct front_stack *threes = &front[0].stacks[2];
    EXPECT_DAMAGE(fronts_check(&fronts), threes->count, threes->limit + 1, more);
    EXPECT_DAMAGE(fronts_check(&fronts), threes->limit, threes->limit + 1, more);
    close_frames();
}

/* ---- threads --------------------------------------------------------------------------------- */

#define THREADS 3
#define THREAD_FRAMES 4096
#define BLOCKS_MAX 512
#define STEPS 40000

/* Who has a frame. A frame that is handed over goes through the lock, so no atomics are needed. */
static unsigned char has[THREAD_FRAMES];

struct worker {
    pthread_t thread;
    int number;
    uint64_t random;
    struct frame_range blocks[BLOCKS_MAX];
    size_t block_count;
    const char *broken;
    uint32_t refused;
};

static uint32_t below(struct worker *worker, uint32_t limit)
{
    return random_next(&worker->random) % limit;
}

static void mark(struct worker *worker, struct frame_range run, int from, int to)
{
    if (run.first < frames.first || run.end > frames.end) {
        worker->broken = "a block lies outside";
        return;
    }
    for (pfn_t frame = run.first; frame < run.end; frame++) {
        unsigned char *who = &has[frame - frames.first];
        if (*who != from)
            worker->broken = "a frame is somebody else's";
        *who = (unsigned char)to;
    }
}

static void take(struct worker *worker)
{
    struct front *own = &front[worker->number];
    pfn_t count = 1 + below(worker, below(worker, 16) ? FRONT_LENGTHS : 100);
    struct frame_range *block = &worker->blocks[worker->block_count];
    enum mm_status status = front_alloc(own, count, &block->first);
    block->end = block->first + count;
    if (status == MM_OK) {
        mark(worker, *block, 0, worker->number + 1);
        worker->block_count++;
    } else {
        worker->refused++;
        if (status != MM_NO_ROOM)
            worker->broken = "a request was refused for a wrong reason";
    }
}

static void give(struct worker *worker, size_t which)
{
    struct frame_range block = worker->blocks[which];
    worker->blocks[which] = worker->blocks[--worker->block_count];
    mark(worker, block, worker->number + 1, 0);
    if (front_free(&front[worker->number], block.first, block.end - block.first) != MM_OK)
        worker->broken = "a free was refused";
}

/* In phases, so that memory is short, and is plenty again. */
static void *work(void *argument)
{
    struct worker *worker = argument;
    for (int i = 0; i < STEPS && !worker->broken; i++) {
        uint32_t chance = i / 4000 % 2 ? 30 : 70;
        if (below(worker, 100) < chance && worker->block_count < BLOCKS_MAX)
            take(worker);
        else if (worker->block_count > 0)
            give(worker, below(worker, (uint32_t)worker->block_count));
        if (below(worker, 5000) == 0 && front_drain(&front[worker->number]) != MM_OK)
            worker->broken = "a drain was refused";
    }
    return NULL;
}

/* ---- how it ended, by the model -------------------------------------------------------------- */

static void enter(struct model *model, pfn_t first, pfn_t end)
{
    const char *broken = model_enter(model, (struct frame_range){first, end});
    if (broken)
        fail_msg("%s", broken);
}

static void enter_held(struct model *model, const struct front *held)
{
    if (held->has_newest)
        enter(model, held->newest, held->newest + 1);
    for (uint32_t i = 0; i < FRAME_SET_PLACES; i++) {
        const struct frame_word *word = &held->frames.words[i];
        for (uint64_t bits = word->held; bits; bits &= bits - 1)
            enter(model, word->first + bits_lowest(bits), word->first + bits_lowest(bits) + 1);
    }
    for (uint32_t length = 1; length <= FRONT_LENGTHS; length++)
        for (uint32_t i = 0; i < held->stacks[length - 1].count; i++)
            enter(model, held->stacks[length - 1].firsts[i],
                  held->stacks[length - 1].firsts[i] + length);
}

/* What the workers and the fronts have is all that is allocated, and no frame is had twice. */
static void compare_with_model(const struct worker *workers)
{
    struct model model;
    void *model_tables = malloc(model_table_bytes(frames));
    assert_non_null(model_tables);
    model_init(&model);
    assert_null(model_add_range(&model, frames, model_tables, MM_OK));
    for (int i = 0; i < THREADS; i++) {
        for (size_t j = 0; j < workers[i].block_count; j++)
            enter(&model, workers[i].blocks[j].first, workers[i].blocks[j].end);
        enter_held(&model, &front[i]);
    }
    const char *broken = model_compare(&model, &buddy);
    if (broken)
        fail_msg("%s", broken);
    free(model_tables);
}

/* ---- the threads ----------------------------------------------------------------------------- */

static void threads_never_get_the_same_frame(void **state)
{
    (void)state;
    static struct worker workers[THREADS];
    open_frames(THREAD_FRAMES);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.number = i, .random = RANDOM_SEED + (uint64_t)i};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    uint32_t refused = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        if (workers[i].broken)
            fail_msg("%s", workers[i].broken);
        refused += workers[i].refused;
    }
    assert_true(refused > 0);
    expect_right();
    compare_with_model(workers);
    for (int i = 0; i < THREADS; i++)
        while (workers[i].block_count > 0 && !workers[i].broken)
            give(&workers[i], workers[i].block_count - 1);
    close_frames();
}

/* One owner holds what another wants, and answers in time. */
static void *hold(void *argument)
{
    bool *is_over = argument;
    pfn_t first;
    while (!__atomic_load_n(is_over, __ATOMIC_RELAXED)) {
        if (front_alloc(&front[1], 1, &first) == MM_OK)
            front_free(&front[1], first, 1);
    }
    front_drain(&front[1]);
    return NULL;
}

static void other_thread_answers(void **state)
{
    (void)state;
    bool is_over = false;
    pthread_t thread;
    pfn_t first;
    open_frames(256);
    assert_int_equal(pthread_create(&thread, NULL, hold, &is_over), 0);
    for (int i = 0; i < 20; i++) {
        while (front_alloc(&front[0], 190, &first) != MM_OK)
            front_answer(&front[2]);
        assert_int_equal(front_free(&front[0], first, 190), MM_OK);
    }
    __atomic_store_n(&is_over, true, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    assert_int_equal(front_alloc(&front[0], 256, &first), MM_OK);
    assert_int_equal(front_free(&front[0], first, 256), MM_OK);
    close_frames();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_need_the_lock_once),
        cmocka_unit_test(bulk_needs_the_lock_seldom),
        cmocka_unit_test(front_is_filled_with_half_a_stack),
        cmocka_unit_test(blocks_have_the_length_that_was_asked_for),
        cmocka_unit_test(front_is_filled_with_what_there_is),
        cmocka_unit_test(refused_request_asks_all_fronts),
        cmocka_unit_test(front_gives_back_before_it_refuses),
        cmocka_unit_test(wrong_requests_are_refused),
        cmocka_unit_test(frame_0_is_as_good_as_any),
        cmocka_unit_test(wrong_free_is_named_at_the_drain),
        cmocka_unit_test(wrong_block_does_not_keep_the_right_ones),
        cmocka_unit_test(wrong_free_is_named_by_an_answer_and_at_the_end),
        cmocka_unit_test(block_is_freed_once),
        cmocka_unit_test(frame_in_the_set_is_freed_once),
        cmocka_unit_test(frame_that_two_fronts_hold_is_found),
        cmocka_unit_test(frames_whose_words_are_in_the_way_are_held),
        cmocka_unit_test(frames_of_one_place_in_two_fronts_are_right),
        cmocka_unit_test(frame_on_a_stack_is_freed_once),
        cmocka_unit_test(frames_freed_last_are_taken_first),
        cmocka_unit_test(set_gives_back_when_it_is_full),
        cmocka_unit_test(front_may_always_hold_a_stack_of_frames),
        cmocka_unit_test(shares_follow_the_number_of_fronts),
        cmocka_unit_test(share_of_a_huge_memory_fits),
        cmocka_unit_test(wrong_free_is_not_forgotten),
        cmocka_unit_test(what_is_no_block_is_found_everywhere),
        cmocka_unit_test(fronts_come_and_go),
        cmocka_unit_test(damaged_store_is_found),
        cmocka_unit_test(threads_never_get_the_same_frame),
        cmocka_unit_test(other_thread_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
