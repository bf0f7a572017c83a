/*
 * The edges of numbers: ranges, reservations, requests and maps on both sides of 2^31 and 2^32
 * frames and of 2^52 bytes. A range numbers its frames in 32 bits, so each of these is a place
 * where a sum may wrap. Each table has a row an edge; the large rows need 2 GiB for their tables.
 */

#include "mm/mm.h"

#include <stdlib.h>
#include <string.h>

#include "fake_port.h"
#include "kernel/memory/managed.h"
#include "mm/memmap.h"
#include "mm/ranges.h"
#include "test.h"

#define FRAMES_31 ((pfn_t)1 << 31)
#define FRAMES_32 ((pfn_t)1 << 32)
#define FRAMES_40 ((pfn_t)1 << 40) /* 2^52 bytes */
#define SHORT 0x10000 /* frames: what looks at each of them takes no time */
#define COUNT(table) (sizeof(table) / sizeof *(table))

static struct mm mm;
static uint64_t records[MM_FIRST_RECORDS_BYTES / sizeof(uint64_t)];
static void *tables;
static size_t tables_bytes;

static void open_manager(void)
{
    fake_port_reset();
    memset(&mm, 0xA5, sizeof mm);
    mm_init(&mm, fake_port_source, records, sizeof records);
}

/* Tables are used again as the last row has left them: dirty. */
static void *tables_for(struct frame_range range)
{
    size_t size_bytes = buddy_table_bytes(range);
    if (size_bytes > tables_bytes) {
        free(tables);
        tables = malloc(size_bytes);
        assert_non_null(tables);
        tables_bytes = size_bytes;
    }
    return tables;
}

static int close_tables(void **state)
{
    (void)state;
    free(tables);
    tables = NULL;
    tables_bytes = 0;
    return 0;
}

/* ---- ranges that are taken ------------------------------------------------------------------ */

static void expect_run(pfn_t from, struct frame_range right)
{
    struct frame_range run = {0, 0};
    assert_true(buddy_next_run(&mm.buddy, from, &run));
    assert_true(run.first == right.first && run.end == right.end);
    assert_true(buddy_find_run(&mm.buddy, right.end - 1, &run));
    assert_true(run.first == right.first && run.end == right.end);
}

static pfn_t expect_place(struct buddy_request request)
{
    pfn_t first = 0;
    assert_int_equal(buddy_alloc(&mm.buddy, &request, &first), MM_OK);
    assert_true(first >= request.lowest && first + request.frame_count <= request.limit);
    return first;
}

static void expect_no_run(pfn_t from)
{
    struct frame_range run;
    assert_false(buddy_next_run(&mm.buddy, from, &run));
}

/* The frame at each end can be had, and the walk over the runs finds these two and ends. */
static void expect_both_ends(struct frame_range range)
{
    struct frame_range run;
    pfn_t last = expect_place((struct buddy_request){1, 1, 0, FRAMES_40, 0});
    assert_true(last == range.end - 1);
    if (range.end - range.first > 1) {
        expect_run(0, (struct frame_range){last, range.end});
        struct buddy_request lowest = {1, 1, range.first, range.first + 1, 0};
        assert_true(expect_place(lowest) == range.first);
    }
    expect_run(0, (struct frame_range){range.first, range.first + 1});
    expect_run(last, (struct frame_range){last, range.end});
    expect_no_run(range.end);
    assert_false(buddy_find_run(&mm.buddy, range.end, &run));
    assert_false(buddy_find_run(&mm.buddy, range.first - 1, &run));
    assert_int_equal(buddy_free(&mm.buddy, last, NULL), MM_OK);
    if (range.end - range.first > 1)
        assert_int_equal(buddy_free(&mm.buddy, range.first, NULL), MM_OK);
    expect_no_run(0);
    assert_int_equal(buddy_free(&mm.buddy, range.end, NULL), MM_NOT_MANAGED);
    assert_int_equal(buddy_free(&mm.buddy, range.first - 1, NULL), MM_NOT_MANAGED);
}

/* Each of these takes its own way through the search. */
static void expect_places_inside(struct frame_range range)
{
    static const struct buddy_request requests[] = {
        {5, 1, 0, UINT64_MAX, 0},   {5, 4, 0, UINT64_MAX, 0},     {5, 1, 0, UINT64_MAX, 8},
        {70, 1, 0, UINT64_MAX, 0},  {70, 64, 0, UINT64_MAX, 128}, {3, 256, 0, UINT64_MAX, 0},
        {300, 1, 0, UINT64_MAX, 0}, {300, 2, 0, UINT64_MAX, 512}, {300, 1024, 0, UINT64_MAX, 0},
        {5, 1, 1, UINT64_MAX, 0},
    };
    for (size_t i = 0; i < COUNT(requests); i++) {
        pfn_t first;
        struct buddy_request request = requests[i];
        request.limit = i % 2 ? UINT64_MAX : range.end;
        if (buddy_alloc(&mm.buddy, &request, &first) != MM_OK) {
            assert_true(range.end - range.first < 4096);
            continue;
        }
        assert_true(first >= range.first && first + request.frame_count <= range.end);
        assert_true(first % (request.align_frames ? request.align_frames : 1) == 0);
        expect_run(0, (struct frame_range){first, first + request.frame_count});
        assert_int_equal(buddy_free(&mm.buddy, first, NULL), MM_OK);
    }
}

static void expect_all_of_it(struct frame_range range)
{
    pfn_t counts[BUDDY_ORDER_COUNT];
    pfn_t frame_count = 0;
    pfn_t length = range.end - range.first;
    buddy_count_orders(&mm.buddy, counts);
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT; order++)
        frame_count += counts[order] << order;
    assert_true(frame_count == length && mm.buddy.free_count == length);
    assert_true(buddy_largest_run(&mm.buddy, 0, UINT64_MAX) == length);
    assert_true(buddy_largest_run(&mm.buddy, range.first + 1, range.end) == length - 1);
    assert_true(buddy_largest_run(&mm.buddy, range.first, range.end - 1) == length - 1);
    struct buddy_request whole = {length, 1, range.first, range.end, 0};
    assert_true(expect_place(whole) == range.first);
    expect_run(0, range);
    assert_int_equal(buddy_free(&mm.buddy, range.first, &frame_count), MM_OK);
    assert_true(frame_count == length);
    struct buddy_request more = {length + 1, 1, 0, UINT64_MAX, 0};
    pfn_t first;
    assert_int_equal(buddy_alloc(&mm.buddy, &more, &first), MM_NO_ROOM);
}

static void expect_reserved(struct frame_range part, struct frame_range range, enum mm_status right)
{
    struct mm_block block;
    phys_t base = part.first << FRAME_SHIFT;
    phys_t end = part.end << FRAME_SHIFT;
    assert_int_equal(mm_reserve(&mm, base, end, "edge", &block), right);
    if (right != MM_OK)
        return;
    assert_true(block.base == base && block.size_bytes == end - base);
    base = range.first << FRAME_SHIFT;
    end = range.end << FRAME_SHIFT;
    assert_int_equal(mm_reserve(&mm, base, end, "edge", &block), MM_IN_USE);
    assert_int_equal(mm_free(&mm, part.first << FRAME_SHIFT), MM_OK);
}

static void expect_reservations(struct frame_range range)
{
    if (range.end - range.first < SHORT)
        expect_reserved(range, range, MM_OK);
    expect_reserved((struct frame_range){range.end - 1, range.end}, range, MM_OK);
    expect_reserved((struct frame_range){range.first, range.first + 1}, range, MM_OK);
    expect_reserved((struct frame_range){range.end - 1, range.end + 1}, range, MM_NOT_MANAGED);
    expect_reserved((struct frame_range){range.end, range.end + 1}, range, MM_NOT_MANAGED);
    if (range.first > 0)
        expect_reserved((struct frame_range){range.first - 1, range.first + 1}, range,
                        MM_NOT_MANAGED);
}

static void expect_range_works(struct frame_range range)
{
    open_manager();
    assert_true(buddy_table_bytes(range) > 0);
    assert_int_equal(mm_add_range(&mm, range, tables_for(range)), MM_OK);
    expect_both_ends(range);
    expect_places_inside(range);
    expect_all_of_it(range);
    expect_reservations(range);
    assert_true(mm.buddy.free_count == range.end - range.first);
    if (range.end - range.first < SHORT)
        assert_null(mm_check(&mm));
}

/* Short ranges that begin or end near an edge, whole leaves and words or not. */
static void short_ranges_work_across_each_edge(void **state)
{
    (void)state;
    static const pfn_t edges[] = {FRAMES_31, FRAMES_32, FRAMES_40 - FRAMES_32, FRAMES_40};
    static const int64_t offsets[] = {-1025, -1024, -513, -512, -511, -257, -256, -65, -64, -63,
                                      -33,   -32,   -1,   0,    1,    63,   64,   511, 512, 513};
    for (size_t i = 0; i < COUNT(edges); i++)
        for (size_t first = 0; first < COUNT(offsets); first++)
            for (size_t end = first + 1; end < COUNT(offsets); end++) {
                struct frame_range range = {edges[i] + (pfn_t)offsets[first],
                                            edges[i] + (pfn_t)offsets[end]};
                if (range.end <= FRAMES_40)
                    expect_range_works(range);
            }
}

/*
 * The longest ranges, whose own numbers end just below, in, and just above the last 512 of 2^32:
 * a leaf has 256, and leaves come in pairs.
 */
static void long_ranges_work_across_each_edge(void **state)
{
    (void)state;
    static const struct frame_range ranges[] = {
        {0, FRAMES_31},
        {0x7FFFFE00, 0xFFFFFE00},
        {0x7FFFFE01, 0xFFFFFE01}, /* the last pair of leaves */
        {0x7FFFFFFF, 0xFFFFFFC1}, /* the last word of 64 bits */
        {0x7FFFFFFF, 0xFFFFFFFF},
        {0x80000000, 0x100000000},
        {FRAMES_40 - FRAMES_31, FRAMES_40},
    };
    for (size_t i = 0; i < COUNT(ranges); i++)
        expect_range_works(ranges[i]);
}

static void add_small(pfn_t first, pfn_t end, uint64_t *small, size_t bytes)
{
    struct frame_range range = {first, end};
    assert_true(buddy_table_bytes(range) <= bytes);
    assert_int_equal(mm_add_range(&mm, range, small), MM_OK);
}

/* The short one's frames are higher, but no order is larger than the long one's. */
static void longest_range_stands_above_a_short_one(void **state)
{
    (void)state;
    static uint64_t small[512];
    const struct frame_range longest = {0x7FFFFFFF, 0xFFFFFFFF};
    open_manager();
    assert_int_equal(mm_add_range(&mm, longest, tables_for(longest)), MM_OK);
    add_small(FRAMES_40 - 16, FRAMES_40, small, sizeof small);
    assert_int_equal(mm.buddy.root->stretch.order, ORDER_MAX);
    assert_null(ranges_check(mm.buddy.highest, mm.buddy.root));
    struct buddy_request request = {FRAMES_31, 1, 0, UINT64_MAX, 0};
    assert_true(expect_place(request) == longest.first);
    assert_null(ranges_check(mm.buddy.highest, mm.buddy.root));
}

/* ---- ranges that are refused ---------------------------------------------------------------- */

/* By themselves, and nothing is written where tables would be. */
static void wrong_ranges_are_refused(void **state)
{
    (void)state;
    static const struct {
        struct frame_range range;
        enum mm_status status;
    } rows[] = {
        {{0, 0}, MM_BAD_RANGE},
        {{1, 0}, MM_BAD_RANGE},
        {{256, 256}, MM_BAD_RANGE},
        {{UINT64_MAX, 0}, MM_BAD_RANGE},
        {{UINT64_MAX, UINT64_MAX}, MM_BAD_RANGE},
        {{0, UINT64_MAX}, MM_BAD_RANGE},
        {{FRAMES_40 - 1, FRAMES_40 + 1}, MM_BAD_RANGE},
        {{FRAMES_40, FRAMES_40 + 1}, MM_BAD_RANGE},
        {{FRAMES_40 - FRAMES_31 + 1, FRAMES_40 + 1}, MM_BAD_RANGE},
        {{0, FRAMES_31 + 1}, MM_TOO_LARGE},
        {{0x7FFFFE00, 0xFFFFFE01}, MM_TOO_LARGE},
        {{0, FRAMES_32 - 1}, MM_TOO_LARGE},
        {{0, FRAMES_32}, MM_TOO_LARGE},
        {{0, FRAMES_32 + 1}, MM_TOO_LARGE},
        {{FRAMES_32, 2 * FRAMES_32 + 1}, MM_TOO_LARGE},
        {{0, FRAMES_40}, MM_TOO_LARGE},
        {{FRAMES_40 - FRAMES_31 - 1, FRAMES_40}, MM_TOO_LARGE},
    };
    open_manager();
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(buddy_table_bytes(rows[i].range), 0);
        assert_int_equal(buddy_add_range(&mm.buddy, rows[i].range, NULL), rows[i].status);
        assert_int_equal(mm_add_range(&mm, rows[i].range, NULL), rows[i].status);
        assert_null(mm_check(&mm));
        assert_true(mm.buddy.frame_count == 0);
    }
}

/* ---- requests ------------------------------------------------------------------------------- */

/* 16 frames on each side of each edge, and behind them only nothing. */
static void open_edges(void)
{
    static uint64_t small[4][512];
    open_manager();
    add_small(FRAMES_31 - 16, FRAMES_31 + 16, small[0], sizeof small[0]);
    add_small(FRAMES_32 - 16, FRAMES_32 + 16, small[1], sizeof small[1]);
    add_small(FRAMES_40 - 16, FRAMES_40, small[2], sizeof small[2]);
    add_small(16, 32, small[3], sizeof small[3]);
}

struct frame_row {
    struct buddy_request request;
    enum mm_status status;
    pfn_t first;
};

#define ANY UINT64_MAX

static const struct frame_row frame_rows[] = {
    /* lowest and limit around each edge */
    {{1, 1, 0, FRAMES_31 - 16, 0}, MM_OK, 31},
    {{1, 1, 0, FRAMES_31, 0}, MM_OK, FRAMES_31 - 1},
    {{2, 1, FRAMES_31 - 1, FRAMES_31 + 1, 0}, MM_OK, FRAMES_31 - 1},
    {{3, 1, FRAMES_31 - 1, FRAMES_31 + 1, 0}, MM_BAD_LIMIT, 0},
    {{2, 1, 0, FRAMES_31 + 1, FRAMES_31}, MM_OK, FRAMES_31 - 2},
    {{1, 1, FRAMES_32 - 1, FRAMES_32, 0}, MM_OK, FRAMES_32 - 1},
    {{1, 1, FRAMES_32, FRAMES_32 + 1, 0}, MM_OK, FRAMES_32},
    {{2, 1, FRAMES_32 - 1, FRAMES_32 + 1, 0}, MM_OK, FRAMES_32 - 1},
    {{1, 1, 0, FRAMES_32 + 16, 0}, MM_OK, FRAMES_32 + 15},
    {{1, 1, 0, FRAMES_32 + 17, 0}, MM_OK, FRAMES_32 + 15},
    {{1, FRAMES_32, 0, ANY, 0}, MM_OK, FRAMES_32},
    {{1, FRAMES_31, 0, ANY, 0}, MM_OK, FRAMES_32},
    {{1, FRAMES_31, 0, FRAMES_32, 0}, MM_OK, FRAMES_31},
    {{1, FRAMES_40, 0, ANY, 0}, MM_NO_ROOM, 0},
    {{1, FRAMES_31 << 32, 0, ANY, 0}, MM_NO_ROOM, 0},
    {{32, 1, 0, ANY, FRAMES_32}, MM_OK, FRAMES_31 - 16},
    {{32, 1, 0, ANY, FRAMES_31}, MM_NO_ROOM, 0},
    {{16, 1, 0, ANY, FRAMES_31 << 32}, MM_OK, FRAMES_40 - 16},
    {{1, 1, FRAMES_40 - 1, FRAMES_40, 0}, MM_OK, FRAMES_40 - 1},
    {{1, 1, FRAMES_40 - 1, ANY, 0}, MM_OK, FRAMES_40 - 1},
    {{2, 1, FRAMES_40 - 1, ANY, 0}, MM_NO_ROOM, 0},
    {{1, 1, FRAMES_40, ANY, 0}, MM_NO_ROOM, 0},
    {{1, 1, ANY - 1, ANY, 0}, MM_NO_ROOM, 0},
    {{2, 1, ANY - 1, ANY, 0}, MM_BAD_LIMIT, 0},
    {{1, 1, ANY, ANY, 0}, MM_BAD_LIMIT, 0},
    {{1, 1, ANY, 0, 0}, MM_BAD_LIMIT, 0},
    {{1, 1, 0, 0, 0}, MM_BAD_LIMIT, 0},
    /* lengths */
    {{16, 1, 0, ANY, 0}, MM_OK, FRAMES_40 - 16},
    {{17, 1, 0, ANY, 0}, MM_OK, FRAMES_32 - 1},
    {{32, 1, 0, ANY, 0}, MM_OK, FRAMES_32 - 16},
    {{33, 1, 0, ANY, 0}, MM_NO_ROOM, 0},
    {{FRAMES_31, 1, 0, ANY, 0}, MM_NO_ROOM, 0},
    {{FRAMES_32 + 1, 1, 0, ANY, 0}, MM_NO_ROOM, 0}, /* 1, if it lost its upper half */
    {{FRAMES_40, 1, 0, ANY, 0}, MM_NO_ROOM, 0},
    {{ANY, 1, 0, ANY, 0}, MM_NO_ROOM, 0},
    /* zero means any */
    {{1, 0, 0, ANY, 0}, MM_OK, FRAMES_40 - 1},
    {{3, 0, 1, FRAMES_32, 0}, MM_OK, FRAMES_32 - 3},
    {{3, 0, 0, FRAMES_32 + 1, 4}, MM_OK, FRAMES_32 - 3},
    {{17, 0, 0, ANY, 0}, MM_OK, FRAMES_32 - 1},
    {{33, 0, 0, ANY, 0}, MM_NO_ROOM, 0},
    /* rules, one broken at a time */
    {{0, 1, 0, ANY, 0}, MM_ZERO_SIZE, 0},
    {{0, 0, 0, ANY, 0}, MM_ZERO_SIZE, 0},
    {{0, 8, 16, ANY, 8}, MM_ZERO_SIZE, 0},
    {{1, 3, 0, ANY, 0}, MM_BAD_ALIGNMENT, 0},
    {{1, 6, 0, ANY, 0}, MM_BAD_ALIGNMENT, 0},
    {{1, ANY, 0, ANY, 0}, MM_BAD_ALIGNMENT, 0},
    {{1, FRAMES_32 + 1, 0, ANY, 0}, MM_BAD_ALIGNMENT, 0},
    {{1, 1, 0, ANY, 5}, MM_BAD_BOUNDARY, 0},
    {{1, 1, 0, ANY, ANY}, MM_BAD_BOUNDARY, 0},
    {{1, 1, 0, ANY, FRAMES_31 + FRAMES_32}, MM_BAD_BOUNDARY, 0},
    {{2, 1, 0, ANY, 1}, MM_BOUNDARY_TOO_SMALL, 0},
    {{5, 1, 0, ANY, 4}, MM_BOUNDARY_TOO_SMALL, 0},
    {{FRAMES_32, 1, 0, ANY, FRAMES_31}, MM_BOUNDARY_TOO_SMALL, 0},
    {{4, 1, 0, 3, 0}, MM_BAD_LIMIT, 0},
    {{4, 1, 20, 23, 0}, MM_BAD_LIMIT, 0},
    {{4, 1, 23, 20, 0}, MM_BAD_LIMIT, 0},
    {{4, 1, 20, 24, 0}, MM_OK, 20},
};

static bool same_state(struct frame_range *runs, size_t count)
{
    struct frame_range run = {0, 0};
    for (size_t i = 0; i < count; i++)
        if (!buddy_next_run(&mm.buddy, run.end, &run) || run.first != runs[i].first ||
            run.end != runs[i].end)
            return false;
    return !buddy_next_run(&mm.buddy, run.end, &run);
}

/* Each with kept runs of length 1 to 4 there and without them. */
static void frames_are_found_or_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(frame_rows); i++) {
        const struct frame_row *row = &frame_rows[i];
        pfn_t first = 0;
        open_edges();
        enum mm_status status = buddy_alloc(&mm.buddy, &row->request, &first);
        if (status != row->status || (status == MM_OK && first != row->first))
            fail_msg("row %zu: status %d, first 0x%llx", i, (int)status, (unsigned long long)first);
        struct frame_range run = {first, first + row->request.frame_count};
        assert_true(same_state(&run, status == MM_OK));
        assert_true(mm.buddy.free_count == 96 - (status == MM_OK ? row->request.frame_count : 0));
        assert_null(buddy_check(&mm.buddy));
    }
}

/* The shorter call says the same of a request for any frames. */
static void any_frames_are_found_or_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(frame_rows); i++) {
        const struct buddy_request *request = &frame_rows[i].request;
        pfn_t first = 0;
        if (request->align_frames > 1 || request->lowest > 0 || request->limit < ANY ||
            request->boundary_frames > 0)
            continue;
        open_edges();
        assert_int_equal(buddy_alloc_any(&mm.buddy, request->frame_count, &first),
                         frame_rows[i].status);
        assert_true(first == frame_rows[i].first);
        assert_null(buddy_check(&mm.buddy));
    }
}

static void kept_runs_are_not_for_wrong_requests(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(frame_rows); i++) {
        const struct frame_row *row = &frame_rows[i];
        pfn_t first;
        open_edges();
        for (pfn_t length = 1; length <= 4; length++) {
            struct buddy_request request = {length, 1, 0, 32, 0};
            assert_int_equal(buddy_alloc(&mm.buddy, &request, &first), MM_OK);
            assert_int_equal(buddy_free(&mm.buddy, first, NULL), MM_OK);
        }
        assert_int_equal(buddy_alloc(&mm.buddy, &row->request, &first), row->status);
        assert_null(buddy_check(&mm.buddy));
        assert_true(mm.buddy.free_count ==
                    96 - (row->status == MM_OK ? row->request.frame_count : 0));
    }
}

/* ---- requests in bytes ---------------------------------------------------------------------- */

#define FRAME ((uint64_t)FRAME_BYTES)
#define BYTES_31 (FRAMES_31 << FRAME_SHIFT)
#define BYTES_32 (FRAMES_32 << FRAME_SHIFT)

static const struct {
    uint64_t size;
    uint64_t align;
    uint64_t lowest;
    uint64_t limit;
    uint64_t boundary;
    enum mm_status status;
    phys_t base;
} byte_rows[] = {
    {1, 0, 0, BYTES_31, 0, MM_OK, BYTES_31 - FRAME},
    {FRAME, 0, BYTES_31 - FRAME, BYTES_31, 0, MM_OK, BYTES_31 - FRAME},
    {FRAME + 1, 0, BYTES_31 - FRAME, BYTES_31, 0, MM_BAD_LIMIT, 0},
    {FRAME + 1, 0, BYTES_31 - FRAME, BYTES_31 + 1, 0, MM_OK, BYTES_31 - FRAME},
    {1, 0, BYTES_31 - 1, BYTES_31, 0, MM_NO_ROOM, 0}, /* its byte is there, a frame's start not */
    {1, 0, BYTES_32 - 1, BYTES_32, 0, MM_NO_ROOM, 0},
    {1, 0, BYTES_32 - 1, BYTES_32 + 1, 0, MM_OK, BYTES_32},
    {1, 0, 1, FRAME, 0, MM_NO_ROOM, 0},
    {FRAME, 0, BYTES_32 - FRAME, BYTES_32 + FRAME, 0, MM_OK, BYTES_32},
    {2 * FRAME, 0, BYTES_32 - FRAME, BYTES_32 + FRAME, 0, MM_OK, BYTES_32 - FRAME},
    {2 * FRAME, 0, BYTES_32 - FRAME, BYTES_32 + FRAME, BYTES_32, MM_NO_ROOM, 0},
    {1, 0, PHYS_LIMIT - FRAME, PHYS_LIMIT, 0, MM_OK, PHYS_LIMIT - FRAME},
    {1, 0, PHYS_LIMIT - FRAME, ANY, 0, MM_OK, PHYS_LIMIT - FRAME},
    {2 * FRAME, 0, BYTES_31 - FRAME - 1, BYTES_31 + FRAME - 1, 0, MM_NO_ROOM, 0}, /* one frame */
    {1, 0, PHYS_LIMIT - 1, PHYS_LIMIT, 0, MM_NO_ROOM, 0},
    {1, 0, PHYS_LIMIT, ANY, 0, MM_NO_ROOM, 0},
    {1, 0, ANY - 1, ANY, 0, MM_NO_ROOM, 0},
    {1, 0, ANY, ANY, 0, MM_BAD_LIMIT, 0},
    {2, 0, ANY - 1, ANY, 0, MM_BAD_LIMIT, 0},
    {16 * FRAME, 0, 0, ANY, 0, MM_OK, PHYS_LIMIT - 16 * FRAME},
    {BYTES_31, 0, 0, ANY, 0, MM_NO_ROOM, 0},
    {BYTES_32 + 1, 0, 0, ANY, 0, MM_NO_ROOM, 0},
    {PHYS_LIMIT, 0, 0, PHYS_LIMIT, 0, MM_NO_ROOM, 0},
    {PHYS_LIMIT + 1, 0, 0, PHYS_LIMIT, 0, MM_BAD_LIMIT, 0},
    {PHYS_LIMIT + 1, 0, 0, ANY, 0, MM_NO_ROOM, 0},
    {ANY, 0, 0, ANY, 0, MM_NO_ROOM, 0},
    {ANY - FRAME + 2, 0, 0, ANY, 0, MM_NO_ROOM, 0}, /* 0 frames, if rounding up wrapped */
    {1, BYTES_32, 0, ANY, 0, MM_OK, BYTES_32},
    {1, (uint64_t)1 << 63, 0, ANY, 0, MM_NO_ROOM, 0},
    {1, 0, 0, ANY, (uint64_t)1 << 63, MM_OK, PHYS_LIMIT - FRAME},
    {0, 0, 0, ANY, 0, MM_ZERO_SIZE, 0},
    {1, 3, 0, ANY, 0, MM_BAD_ALIGNMENT, 0},
    {1, FRAME + 1, 0, ANY, 0, MM_BAD_ALIGNMENT, 0}, /* a power of two only in whole frames */
    {1, 0, 0, ANY, 5, MM_BAD_BOUNDARY, 0},
    {1, 0, 0, ANY, FRAME + 1, MM_BAD_BOUNDARY, 0},
    {2, 0, 0, ANY, 1, MM_BOUNDARY_TOO_SMALL, 0},
    {FRAME + 1, 0, 0, ANY, FRAME, MM_BOUNDARY_TOO_SMALL, 0},
    {FRAME, 0, 0, ANY, FRAME, MM_OK, PHYS_LIMIT - FRAME},
    {1, 0, 0, 0, 0, MM_BAD_LIMIT, 0},
};

static void bytes_are_found_or_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(byte_rows); i++) {
        struct mm_request request = {.size_bytes = byte_rows[i].size,
                                     .align_bytes = byte_rows[i].align,
                                     .lowest = byte_rows[i].lowest,
                                     .limit = byte_rows[i].limit,
                                     .boundary_bytes = byte_rows[i].boundary,
                                     .owner = "edge"};
        struct mm_block block = {.base = 0};
        open_edges();
        enum mm_status status = mm_alloc(&mm, &request, &block);
        if (status != byte_rows[i].status || (status == MM_OK && block.base != byte_rows[i].base))
            fail_msg("row %zu: status %d, base 0x%llx", i, (int)status,
                     (unsigned long long)block.base);
        assert_null(mm_check(&mm));
        assert_int_equal(ledger_block_count(&mm.ledger), status == MM_OK);
    }
}

/* Reservations by address, around the edges and beyond all addresses. */
static void reservations_are_made_or_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        phys_t base;
        phys_t end;
        enum mm_status status;
    } rows[] = {
        {BYTES_31 - 1, BYTES_31 + 1, MM_OK},
        {BYTES_31 - 17 * FRAME, BYTES_31, MM_NOT_MANAGED},
        {BYTES_32 - 16 * FRAME, BYTES_32 + 16 * FRAME, MM_OK},
        {BYTES_32 - 16 * FRAME, BYTES_32 + 16 * FRAME + 1, MM_NOT_MANAGED},
        {BYTES_31, BYTES_32, MM_NOT_MANAGED},
        {0, BYTES_31, MM_NOT_MANAGED},
        {PHYS_LIMIT - 1, PHYS_LIMIT, MM_OK},
        {PHYS_LIMIT - 16 * FRAME, PHYS_LIMIT, MM_OK},
        {PHYS_LIMIT - 1, PHYS_LIMIT + 1, MM_NOT_MANAGED},
        {PHYS_LIMIT, PHYS_LIMIT + 1, MM_NOT_MANAGED},
        {0, PHYS_LIMIT, MM_NOT_MANAGED},
        {0, ANY, MM_NOT_MANAGED},
        {ANY - 1, ANY, MM_NOT_MANAGED},
        {ANY, ANY, MM_BAD_RANGE},
        {ANY, 0, MM_BAD_RANGE},
        {0, 0, MM_BAD_RANGE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mm_block block;
        open_edges();
        assert_int_equal(mm_reserve(&mm, rows[i].base, rows[i].end, "edge", &block),
                         rows[i].status);
        assert_null(mm_check(&mm));
        assert_int_equal(ledger_block_count(&mm.ledger), rows[i].status == MM_OK);
    }
}

/* Addresses that nobody has, asked for and freed. */
static void addresses_beyond_all_are_nobodys(void **state)
{
    (void)state;
    static const phys_t addresses[] = {
        0,          BYTES_31 - 17 * FRAME, BYTES_31 + 16 * FRAME, BYTES_32 + 16 * FRAME,
        PHYS_LIMIT, PHYS_LIMIT + BYTES_31, (phys_t)1 << 63,       ANY - FRAME + 1,
        ANY};
    struct mm_block block;
    open_edges();
    for (size_t i = 0; i < COUNT(addresses); i++) {
        assert_int_equal(mm_free(&mm, addresses[i]), MM_NOT_MANAGED);
        assert_false(mm_find_address(&mm, addresses[i], &block));
        assert_false(mm_find_base(&mm, addresses[i], &block));
        phys_t cursor = addresses[i];
        assert_false(mm_next_block(&mm, &cursor, &block));
    }
    assert_true(mm_largest_run(&mm, 0, ANY) == 32 * FRAME);
    assert_true(mm_largest_run(&mm, ANY, ANY) == 0);
    assert_true(mm_largest_run(&mm, ANY, 0) == 0);
    assert_true(mm_largest_run(&mm, PHYS_LIMIT - 1, ANY) == 0);
    assert_true(mm_largest_run(&mm, PHYS_LIMIT - FRAME, PHYS_LIMIT - 1) == FRAME - 1);
    assert_null(mm_check(&mm));
}

/* ---- the map -------------------------------------------------------------------------------- */

static const struct {
    phys_t base;
    uint64_t length;
    bool is_right; /* what memmap_add_entry says */
    phys_t region_base; /* of the one region afterwards; both 0: there is none */
    phys_t region_end;
} entry_rows[] = {
    {BYTES_31 - 1, 2, true, 0, 0}, /* rounded inward, nothing is left */
    {BYTES_31 - FRAME, 2 * FRAME, true, BYTES_31 - FRAME, BYTES_31 + FRAME},
    {0, BYTES_31, true, 0, BYTES_31},
    {0, BYTES_31 + FRAME, true, 0, BYTES_31 + FRAME},
    {BYTES_32 - 1, FRAME + 1, true, BYTES_32, BYTES_32 + FRAME},
    {0, BYTES_32, true, 0, BYTES_32},
    {0, PHYS_LIMIT - 1, true, 0, PHYS_LIMIT - FRAME},
    {0, PHYS_LIMIT, true, 0, PHYS_LIMIT},
    {0, PHYS_LIMIT + 1, true, 0, PHYS_LIMIT},
    {0, ANY, true, 0, PHYS_LIMIT},
    {1, ANY, true, FRAME, PHYS_LIMIT},
    {2, ANY, false, FRAME, PHYS_LIMIT},
    {PHYS_LIMIT - FRAME, FRAME, true, PHYS_LIMIT - FRAME, PHYS_LIMIT},
    {PHYS_LIMIT - FRAME, FRAME + 1, true, PHYS_LIMIT - FRAME, PHYS_LIMIT},
    {PHYS_LIMIT - 1, 1, true, 0, 0},
    {PHYS_LIMIT, FRAME, true, 0, 0},
    {ANY, 1, true, 0, 0},
    {ANY, 2, false, 0, 0},
    {ANY, ANY, false, 0, 0},
    {0, 0, false, 0, 0},
    {ANY, 0, false, 0, 0},
};

static struct memmap map;

static void expect_region(phys_t base, phys_t end)
{
    assert_int_equal(map.count, end != 0);
    if (end != 0)
        assert_true(map.regions[0].base == base && map.regions[0].end == end);
}

static void map_entries_are_cut_at_the_last_address(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(entry_rows); i++) {
        memmap_init(&map);
        assert_int_equal(memmap_add_entry(&map, entry_rows[i].base, entry_rows[i].length, 1),
                         entry_rows[i].is_right);
        memmap_round(&map);
        expect_region(entry_rows[i].region_base, entry_rows[i].region_end);
    }
}

static void reserved_entries_grow_to_frames_within_all_addresses(void **state)
{
    (void)state;
    memmap_init(&map);
    memmap_add_entry(&map, PHYS_LIMIT - 1, 1, 2);
    memmap_round(&map);
    expect_region(PHYS_LIMIT - FRAME, PHYS_LIMIT);
    static const struct phys_range rows[] = {
        {PHYS_LIMIT - 1, PHYS_LIMIT}, {PHYS_LIMIT - 1, PHYS_LIMIT + 1}, {PHYS_LIMIT - 1, ANY}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        memmap_init(&map);
        memmap_reserve(&map, rows[i].base, rows[i].end, "edge");
        expect_region(PHYS_LIMIT - FRAME, PHYS_LIMIT);
    }
    memmap_init(&map);
    memmap_reserve(&map, PHYS_LIMIT, ANY, "edge");
    memmap_reserve(&map, ANY, ANY, "edge");
    memmap_reserve(&map, ANY, 0, "edge");
    expect_region(0, 0);
}

/* A place is found or not; no size and no limit makes one up. */
static void places_in_the_map_are_real(void **state)
{
    (void)state;
    static const struct {
        uint64_t size;
        phys_t limit;
        phys_t place; /* 0: none */
    } rows[] = {
        {1, ANY, PHYS_LIMIT - FRAME},
        {FRAME + 1, PHYS_LIMIT, PHYS_LIMIT - 2 * FRAME},
        {1, PHYS_LIMIT - 1, PHYS_LIMIT - 2 * FRAME},
        {16 * FRAME, ANY, PHYS_LIMIT - 16 * FRAME},
        {16 * FRAME + 1, ANY, 0},
        {1, PHYS_LIMIT - 15 * FRAME, PHYS_LIMIT - 16 * FRAME},
        {1, PHYS_LIMIT - 15 * FRAME - 1, 0},
        {PHYS_LIMIT, ANY, 0},
        {PHYS_LIMIT + 1, ANY, 0},
        {ANY - FRAME + 1, ANY, 0},
        {ANY - FRAME + 2, ANY, 0}, /* rounded up it would be 0 */
        {ANY, ANY, 0},
        {ANY, 0, 0},
    };
    memmap_init(&map);
    memmap_add_entry(&map, PHYS_LIMIT - 16 * FRAME, 16 * FRAME, 1);
    memmap_round(&map);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_true(memmap_find_top(&map, rows[i].size, rows[i].limit) == rows[i].place);
}

/* What the map has free comes in ranges that a buddy takes, from 0 to 2^52. */
static void map_of_all_addresses_comes_in_ranges_that_work(void **state)
{
    (void)state;
    struct managed_walk walk = {.map = &map};
    struct frame_range range;
    pfn_t next = 0;
    memmap_init(&map);
    memmap_add_entry(&map, 0, ANY, 1);
    memmap_round(&map);
    for (; managed_next_range(&walk, &range); next = range.end) {
        assert_true(range.first == next && range.end - range.first == BUDDY_MAX_FRAMES);
        assert_true(buddy_table_bytes(range) > 0);
    }
    assert_true(next == FRAMES_40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_ranges_work_across_each_edge),
        cmocka_unit_test(long_ranges_work_across_each_edge),
        cmocka_unit_test_teardown(longest_range_stands_above_a_short_one, close_tables),
        cmocka_unit_test(wrong_ranges_are_refused),
        cmocka_unit_test(frames_are_found_or_refused_by_name),
        cmocka_unit_test(any_frames_are_found_or_refused_by_name),
        cmocka_unit_test(kept_runs_are_not_for_wrong_requests),
        cmocka_unit_test(bytes_are_found_or_refused_by_name),
        cmocka_unit_test(reservations_are_made_or_refused_by_name),
        cmocka_unit_test(addresses_beyond_all_are_nobodys),
        cmocka_unit_test(map_entries_are_cut_at_the_last_address),
        cmocka_unit_test(reserved_entries_grow_to_frames_within_all_addresses),
        cmocka_unit_test(places_in_the_map_are_real),
        cmocka_unit_test(map_of_all_addresses_comes_in_ranges_that_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
