/* How a range lies in its tables, and where live runs begin and end, seen from any frame. */

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

/* The frame behind the last has a record as well: the last run may end there. One more is read. */
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
    return header_bytes() + sizeof(struct range_record) * record_count(frames) +
           index_bytes(frames.end - frames.first) + tree_table_bytes(frames);
}

static void set_borders(struct buddy_range *range)
{
    for (unsigned band = 0; band < BAND_COUNT; band++) {
        pfn_t base = range_band_base(band);
        if (base <= range->origin)
            range->borders[band] = 0;
        else if (base >= range->end_pfn)
            range->borders[band] = UINT32_MAX;
        else
            range->borders[band] = (uint32_t)(base - range->origin);
    }
    range->borders[BAND_COUNT] = UINT32_MAX;
}

struct buddy_range *range_create(struct frame_range frames, void *tables)
{
    struct buddy_range *range = (struct buddy_range *)tables;
    unsigned char *next = (unsigned char *)tables + header_bytes();
    range->lower = NULL;
    range->first_pfn = frames.first;
    range->end_pfn = frames.end;
    range->origin = origin_of(frames);
    range->first = (uint32_t)(frames.first - range->origin);
    range->end = (uint32_t)(frames.end - range->origin);
    range->number = RANGE_NOT_LISTED;
    set_borders(range);
    range->records = (struct range_record *)(void *)next;
    for (size_t i = 0; i < record_count(frames); i++)
        range->records[i] = (struct range_record){0, 0, 0, 0, 0};
    range_record(range, range->first)->ends |= bits_of(range->first);
    range_record(range, range->end)->begins |= bits_of(range->end);
    next += sizeof(struct range_record) * record_count(frames);
    range->index_memory = next;
    tree_init(&range->tree, frames, next + index_bytes(frames.end - frames.first));
    range->tree_offset = (uint32_t)(range->origin - range->tree.origin);
    return range;
}

/* ---- where runs begin and end ---------------------------------------------------------------- */

uint32_t range_next_begin(const struct buddy_range *range, uint32_t frame)
{
    const struct range_record *record = range_record(range, frame);
    uint64_t begins = record->begins >> frame % WORD_BITS;
    if (begins)
        return frame + bits_lowest(begins);
    while (!(++record)->begins)
        ;
    return (uint32_t)(record - range->records) * WORD_BITS + bits_lowest(record->begins);
}

/* The highest end at or below `frame`, in that many records; NULL if there is none. */
static const struct range_record *find_end(const struct buddy_range *range, uint32_t frame,
                                           uint32_t record_count, uint32_t *end)
{
    const struct range_record *record = range_record(range, frame);
    const struct range_record *last = record;
    uint64_t ends = record->ends << (WORD_BITS - 1 - frame % WORD_BITS);
    if (ends) {
        *end = frame - bits_zeros_at_top(ends);
        return record;
    }
    while (record > range->records && (uint32_t)(last - record) < record_count) {
        record--;
        if (record->ends) {
            *end = (uint32_t)(record - range->records) * WORD_BITS + bits_highest(record->ends);
            return record;
        }
    }
    return NULL;
}

uint32_t range_last_end(const struct buddy_range *range, uint32_t frame)
{
    uint32_t end = range->first;
    find_end(range, frame, UINT32_MAX, &end);
    return end;
}

bool range_near_end(const struct buddy_range *range, uint32_t frame, uint32_t *end)
{
    return find_end(range, frame, 1024 / WORD_BITS, end) != NULL;
}

bool range_find(const struct buddy_range *range, uint32_t frame, uint32_t *first)
{
    const struct range_record *record = range_record(range, frame);
    uint64_t begins = record->begins << (WORD_BITS - 1 - frame % WORD_BITS);
    while (!begins && record > range->records)
        begins = (--record)->begins;
    if (!begins)
        return false;
    if (record == range_record(range, frame))
        *first = frame - bits_zeros_at_top(begins);
    else
        *first = (uint32_t)(record - range->records) * WORD_BITS + bits_highest(begins);
    return frame - *first < range_length(range, *first);
}
