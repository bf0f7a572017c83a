/*
 * Where live runs begin and end, from any records on. A range of RECORDS * 64 frames at most; the
 * bits are whatever the memory has, unless a property says what they mean.
 */

#include "records.h"
#include "mm/marks.c"
#include "mm/range.c"

static uint64_t marks_words[2];
static struct buddy_range range;

/* A range with any bits; the record behind the last one is empty, as range_create leaves it. */
static void make_range(void)
{
    make_records();
    range.records = records;
    range.first = (uint32_t)any_below(WORD_BITS);
    range.end = (uint32_t)any_below(FRAMES) + 1;
    range.origin = 0;
    range.longs.words = marks_words;
    range.longs.limit = RECORDS + 2;
    marks_words[0] = 0;
    range.live_count = any32();
    range.stretch.above = NULL;
    assume(range.first < range.end);
}

static uint32_t any_frame(void)
{
    uint32_t frame = any32();
    assume(frame >= range.first && frame < range.end);
    return frame;
}

/* The length of a live run is the distance of its two bits. */
void prove_length(void)
{
    make_range();
    uint32_t first = any_frame();
    uint32_t end = any_frame() + 1;
    assume(is_live(first, end));
    claim(range_length(&range, first) == end - first);
    REACHED();
}

/* A run that is entered is live, and what lies outside stays as it was. */
void prove_enter(void)
{
    make_range();
    uint32_t first = any_frame();
    uint32_t end = any_frame() + 1;
    uint32_t other = any_frame();
    assume(first < end && !begins(first) && is_bare(first, end));
    bool has_begin = begins(other);
    bool has_end = ends(other);
    uint32_t length = records[other / WORD_BITS].length;
    range_enter(&range, first, end - first);
    claim(is_live(first, end));
    claim(begins(other) == (has_begin || other == first));
    claim(ends(other) == (has_end || other == end));
    claim(records[other / WORD_BITS].length == length || other / WORD_BITS == first / WORD_BITS);
    range_strike(&range, first, end);
    claim(!begins(first) && !ends(end));
    claim(begins(other) == (has_begin && other != first));
    claim(ends(other) == (has_end && other != end));
    REACHED();
}

/* A run of more than 64 frames leaves the lengths of other long runs alone. */
void prove_other_length(void)
{
    make_range();
    uint32_t first = any_frame();
    uint32_t end = any_frame() + 1;
    uint32_t live = any_frame();
    uint32_t live_end = any_frame() + 1;
    assume(first < end && !begins(first) && is_bare(first, end));
    assume(is_live(live, live_end) && (live_end <= first || live >= end));
    range_enter(&range, first, end - first);
    claim(range_length(&range, live) == live_end - live);
    REACHED();
}

/* The next begin and the nearest end are the nearest ones. */
void prove_near(void)
{
    make_range();
    uint32_t frame = any_frame();
    uint32_t other = any_frame();
    uint32_t end;
    assume(begins(range.end) && records[RECORDS].ends == 0);
    uint32_t next = range_next_begin(&range, frame);
    claim(next >= frame && begins(next) && (other < frame || !begins(other) || next <= other));
    if (range_near_end(&range, frame, &end))
        claim(end <= frame && ends(end) && (other > frame || !ends(other) || other <= end));
    else
        claim(other > frame || other / WORD_BITS + RANGE_LONG / WORD_BITS < frame / WORD_BITS ||
              !ends(other));
    REACHED();
}

/* Each frame of a live run leads to its beginning, and a frame of no live run to none. */
void prove_find(void)
{
    make_range();
    uint32_t first = any_frame();
    uint32_t end = any_frame() + 1;
    uint32_t frame = any_frame();
    uint32_t found;
    assume(is_live(first, end));
    if (end - first > RANGE_LONG)
        marks_words[0] = own_bit(first / WORD_BITS);
    marks_words[1] = marks_words[0] != 0;
    if (frame >= first && frame < end)
        claim(range_find(&range, frame, &found) && found == first);
    assume(frame >= end && is_bare(end, frame + 1) && !begins(end));
    claim(!range_find(&range, frame, &found));
    REACHED();
}

/* The tables of a range lie inside the memory that it asks for, one behind the other. */
void prove_layout(void)
{
    pfn_t first = any_below((pfn_t)1 << 40);
    uint32_t length = any32();
    struct frame_range frames = {first, first + length};
    assume(length > 0 && length <= (uint32_t)1 << 31);
    pfn_t origin = origin_of(frames);
    size_t count = record_count(frames);
    claim(origin % WORD_BITS == 0 && origin <= first && first - origin < WORD_BITS);
    claim((frames.end - origin) / WORD_BITS + 1 < count);
    claim(header_bytes() >= sizeof(struct buddy_range) && header_bytes() % 8 == 0);
    REACHED();
}
