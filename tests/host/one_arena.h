#ifndef TESTS_HOST_ONE_ARENA_H
#define TESTS_HOST_ONE_ARENA_H

/*
 * The arena of a test program, fresh for each test. Whatever the buddy answers is held against the
 * model as well, in every test.
 */

#include "arena.h"
#include "test.h"

#define NO_LIMIT ((pfn_t)1 << 40)

static struct arena arena;

/* What the model says must be nothing. */
static inline void expect_right(const char *broken)
{
    if (broken)
        fail_msg("%s", broken);
}

static inline enum mm_status add(pfn_t first, pfn_t end)
{
    enum mm_status status;
    expect_right(arena_add(&arena, (struct frame_range){first, end}, &status));
    return status;
}

static inline int open_arena(void **state)
{
    (void)state;
    arena_open(&arena);
    return 0;
}

static inline int close_arena(void **state)
{
    (void)state;
    const char *broken = arena_compare(&arena);
    arena_close(&arena);
    if (broken)
        print_error("%s\n", broken);
    return broken ? 1 : 0;
}

static inline enum mm_status take(pfn_t count, pfn_t align, pfn_t lowest, pfn_t limit,
                                  pfn_t boundary, pfn_t *first)
{
    struct buddy_request request = {count, align, lowest, limit, boundary};
    enum mm_status status;
    expect_right(arena_alloc(&arena, &request, &status, first));
    return status;
}

/* *count may be NULL. */
static inline enum mm_status give(pfn_t first, pfn_t *count)
{
    enum mm_status status;
    pfn_t unused;
    expect_right(arena_free(&arena, first, &status, count ? count : &unused));
    return status;
}

#endif
