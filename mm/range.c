/* Lays a range out in its tables, and finds where live runs begin and end near any frame. */

#include "range.h"

#include "index.h"

pfn_t range_band_base(unsigned band)
{
    static const pfn_t bases[] = {0, 16 * MIB >> FRAME_SHIFT, 4 * GIB >> FRAME_SHIFT};
    return bases[band];
}

static pfn_t origin_of(struct frame_range frames)
{
    return frames.first / WORD_BITS * WORD_BITS;
}

/*
 * The frame behind the last one has a record, too, because the last run may end there. One record
 * more is read.
 */
static size_t record_count(struct frame_range frames)
{
    return (size_t)((frames.end - origin_of(frames)) / WORD_BITS + 2);
}

static size_t header_bytes(void)
{
    return (sizeof(struct buddy_range) + 7) & ~(size_t)7;
}

size_t range_table_bytes(struct frame_range frames)
{
    return header_bytes() + sizeof(struct range_part) * record_count(frames) +
           marks_bytes((uint32_t)record_count(frames)) + stretch_bytes(frames) +
           index_bytes(frames.end - frames.first, 0) + tree_table_bytes(frames);
}

/* Where `base` lies, in the range's numbers, perhaps behind the range; 0 if it is below. */
MM_NOINLINE static uint32_t border_at(const struct buddy_range *range, pfn_t base)
{
    return base > range->origin ? (uint32_t)(base - range->origin) : 0;
}

MM_COLD static void set_borders(struct buddy_range *range)
{
    for (unsigned band = 0; band < BAND_COUNT; band++)
        range->borders[band] = border_at(range, range_band_base(band));
    range->borders[BAND_COUNT] = UINT32_MAX;
    range->low_frames = border_at(range, SHELF_LOW_END) - range->borders[SHELF_LOW_BAND];
}

/*
 * No frame is live. The range begins with the end of a run, and ends with the begin of one, as if
 * live runs lay outside.
 */
MM_COLD static void clear_records(struct buddy_range *range, size_t count)
{
    static const struct range_part none = {0, 0, 0, 0, 0};
    for (size_t i = 0; i < count; i++)
        range->records[i] = none;
    range_record(range, range->first)->ends |= bits_of(range->first);
    range_record(range, range->end)->begins |= bits_of(range->end);
}

MM_COLD struct buddy_range *range_create(struct frame_range frames, void *tables)
{
    struct buddy_range *range = (struct buddy_range *)tables;
    unsigned char *next = (unsigned char *)tables + header_bytes();
    range->lower = NULL;
    range->live_count = 0;
    range->first_pfn = frames.first;
    range->end_pfn = frames.end;
    range->origin = origin_of(frames);
    range->first = (uint32_t)(frames.first - range->origin);
    range->end = (uint32_t)(frames.end - range->origin);
    range->number = RANGE_NOT_LISTED;
    set_borders(range);
    range->records = (struct range_part *)(void *)next;
    next += sizeof(struct range_part) * record_count(frames);
    marks_init(&range->longs, (uint32_t)record_count(frames), next);
    next += marks_bytes((uint32_t)record_count(frames));
    stretch_init(&range->stretch, frames, next);
    next += stretch_bytes(frames);
    range->index_memory = next;
    next += index_bytes(frames.end - frames.first, 0);
    tree_init(&range->tree, frames, next);
    range->tree_offset = (uint32_t)(range->origin - range->tree.origin);
    clear_records(range, record_count(frames));
    return range;
}

void range_tree_give(struct buddy_range *range, uint32_t first, uint32_t end)
{
    uint32_t rows = tree_give(&range->tree, first + range->tree_offset, end + range->tree_offset);
    stretch_tell_free(range, rows, true);
}

void range_tree_take(struct buddy_range *range, uint32_t first, uint32_t end)
{
    uint32_t rows = tree_take(&range->tree, first + range->tree_offset, end + range->tree_offset);
    stretch_tell_free(range, rows, false);
}

/* ---- where runs begin and end ---------------------------------------------------------------- */

uint32_t range_next_begin(const struct buddy_range *range, uint32_t frame)
{
    const struct range_part *record = range_record(range, frame);
    uint64_t begins = record->begins >> frame % WORD_BITS;
    if (begins)
        return frame + bits_lowest(begins);
    while (!(++record)->begins)
        ;
    return (uint32_t)(record - range->records) * WORD_BITS + bits_lowest(record->begins);
}

/* How many records below a frame's own are searched for a border. */
#define NEAR_RECORDS (RANGE_LONG / WORD_BITS)

static uint64_t bits_up_to(uint64_t bits, uint32_t frame)
{
    return bits & WORD_ONES >> (WORD_BITS - 1 - frame % WORD_BITS);
}

MM_INLINE uint64_t borders_of(const struct range_part *record, bool are_begins)
{
    return are_begins ? record->begins : record->ends;
}

/* The nearest begin or the nearest end at or below `frame`, if it is near. */
MM_INLINE bool find_near(const struct buddy_range *range, uint32_t frame, bool is_begin,
                         uint32_t *border)
{
    const struct range_part *last = range_record(range, frame);
    const struct range_part *record = last;
    uint64_t bits = bits_up_to(borders_of(record, is_begin), frame);
    while (!bits && record > range->records && (uint32_t)(last - record) < NEAR_RECORDS)
        bits = borders_of(--record, is_begin);
    if (bits)
        *border = (uint32_t)(record - range->records) * WORD_BITS + bits_highest(bits);
    return bits != 0;
}

bool range_near_end(const struct buddy_range *range, uint32_t frame, uint32_t *end)
{
    return find_near(range, frame, false, end);
}

static bool near_begin(const struct buddy_range *range, uint32_t frame, uint32_t *first)
{
    return find_near(range, frame, true, first);
}

/*
 * Finds the begin of the nearest marked run that is not near. No other run begins above it in its
 * record, because it is long.
 */
static bool far_begin(const struct buddy_range *range, uint32_t frame, uint32_t *first)
{
    uint32_t record;
    if (frame < RANGE_LONG ||
        !marks_find_below(&range->longs, (frame - RANGE_LONG) / WORD_BITS, &record))
        return false;
    *first = record * WORD_BITS + bits_highest(range->records[record].begins);
    return true;
}

bool range_find(const struct buddy_range *range, uint32_t frame, uint32_t *first)
{
    return (near_begin(range, frame, first) || far_begin(range, frame, first)) &&
           frame - *first < range_length(range, *first);
}

void range_mark_live(struct buddy_range *range, uint32_t first, uint32_t length)
{
    MM_ASSERT_COSTLY(length <= RANGE_LONG || !marks_has(&range->longs, first / WORD_BITS));
    if (length > RANGE_LONG)
        marks_add(&range->longs, first / WORD_BITS);
    if (range->live_count == length && range->stretch.above)
        stretch_tell_live(range);
}

void range_mark_free(struct buddy_range *range, uint32_t first, uint32_t length)
{
    MM_ASSERT_COSTLY(length <= RANGE_LONG || marks_has(&range->longs, first / WORD_BITS));
    if (length > RANGE_LONG)
        marks_remove(&range->longs, first / WORD_BITS);
    if (range->live_count == 0 && range->stretch.above)
        stretch_tell_live(range);
}
