/* Records what happened to a memory manager, and goes back and forth in it with a copy. */

#include "past.h"

#include "kernel/lib/string.h"
#include "kernel/memory/managed.h"
#include "mm/port.h"

/* The copy never gets more memory for records than at the start. */
static void *give_nothing(void *context, size_t size_bytes)
{
    (void)context;
    (void)size_bytes;
    return NULL;
}

static const struct mm_source no_source = {give_nothing, NULL};

static size_t head_bytes(void)
{
    return (sizeof(struct past) + 7) & ~(size_t)7;
}

uint64_t past_bytes(const struct memmap *map, size_t entry_count)
{
    struct managed_sizes sizes;
    managed_measure(map, &sizes);
    return head_bytes() + sizes.records_bytes + sizes.tables_bytes +
           entry_count * sizeof(struct past_entry);
}

struct past *past_open(void *memory, struct mm *source, const struct memmap *map,
                       size_t entry_count)
{
    struct managed_sizes sizes;
    struct past *past = memory;
    unsigned char *records = (unsigned char *)memory + head_bytes();
    managed_measure(map, &sizes);
    unsigned char *tables = records + sizes.records_bytes;
    *past = (struct past){.source = source, .map = map, .capacity = entry_count};
    past->entries = (struct past_entry *)(void *)(tables + (size_t)sizes.tables_bytes);
    mm_init(&past->copy, no_source, records, sizes.records_bytes);
    managed_add(&past->copy, map, tables);
    past_observe(past, NULL);
    past->count = past->position = past->at = past->last = past->oldest = 0;
    return past;
}

/* ---- the ring -------------------------------------------------------------------------------- */

static struct past_entry *entry_at(const struct past *past, size_t index)
{
    return &past->entries[(past->first + index) % past->capacity];
}

static void drop_oldest(struct past *past)
{
    past->oldest = entry_at(past, 0)->event;
    while (past->count > 0 && entry_at(past, 0)->event == past->oldest) {
        past->first = (past->first + 1) % past->capacity;
        past->count--;
    }
}

/* No moment but the newest is known. */
static void forget(struct past *past)
{
    past->count = past->position = 0;
    past->oldest = past->last;
}

/* Of the event past->last. If that has more entries than the ring, none of them is kept. */
static void add(struct past *past, const struct past_entry *entry)
{
    if (past->oldest == past->last)
        return;
    if (past->count == past->capacity)
        drop_oldest(past);
    if (past->oldest == past->last)
        return;
    *entry_at(past, past->count++) = *entry;
    entry_at(past, past->count - 1)->event = past->last;
}

static void add_block(struct past *past, enum past_what what, const char *cause,
                      const struct mm_block *block)
{
    struct past_entry entry = {.what = what, .cause = cause};
    entry.as.block.base = block->base;
    entry.as.block.size_bytes = block->size_bytes;
    entry.as.block.id = block->id;
    memcpy(entry.as.block.owner, block->owner, sizeof entry.as.block.owner);
    add(past, &entry);
}

/* ---- the copy -------------------------------------------------------------------------------- */

/*
 * A request that has only one place. The ledger gives a block the id behind its last one; so that
 * the block has the source's id, the last one is set before, and afterwards to the source's.
 */
static void put_block(struct past *past, phys_t base, uint64_t size_bytes, uint64_t id,
                      const char *owner)
{
    struct mm_request request = {
        .size_bytes = size_bytes, .lowest = base, .limit = base + size_bytes, .owner = owner};
    struct mm_block block;
    past->copy.ledger.last_id = id - 1;
    if (mm_alloc(&past->copy, &request, &block) != MM_OK)
        past->is_lost = true;
    past->copy.ledger.last_id = past->source->ledger.last_id;
}

/* Does what an entry says, or undoes it. */
static void apply(struct past *past, const struct past_entry *entry, bool is_forward)
{
    if (entry->what == PAST_MANY)
        return;
    if ((entry->what == PAST_ALLOCATED) == is_forward)
        put_block(past, entry->as.block.base, entry->as.block.size_bytes, entry->as.block.id,
                  entry->as.block.owner);
    else if (mm_free(&past->copy, entry->as.block.base) != MM_OK)
        past->is_lost = true;
}

/* ---- comparing ------------------------------------------------------------------------------- */

static bool has_block(const struct mm *mm, const struct mm_block *block)
{
    struct mm_block found;
    return mm_find_base(mm, block->base, &found) && found.id == block->id;
}

/* What was freed comes first, so that what was allocated there since finds its place. */
static void copy_changes(struct past *past, const char *cause)
{
    struct mm_block block;
    for (phys_t cursor = 0; mm_next_block(&past->copy, &cursor, &block);) {
        if (has_block(past->source, &block))
            continue;
        mm_free(&past->copy, block.base);
        add_block(past, PAST_FREED, cause, &block);
    }
    for (phys_t cursor = 0; mm_next_block(past->source, &cursor, &block);) {
        if (has_block(&past->copy, &block))
            continue;
        put_block(past, block.base, block.size_bytes, block.id, block.owner);
        add_block(past, PAST_ALLOCATED, cause, &block);
    }
}

/* The ids that were given out count what was allocated, also what is no longer there. */
static void add_event(struct past *past, const char *cause)
{
    const struct ledger *ledger = &past->source->ledger;
    struct past_entry entry = {.what = PAST_MANY, .cause = cause};
    entry.as.many.allocated = ledger->last_id - past->seen_last_id;
    entry.as.many.freed =
        entry.as.many.allocated + past->seen_block_count - ledger_block_count(ledger);
    past->at = ++past->last;
    if (entry.as.many.allocated + entry.as.many.freed != 1)
        add(past, &entry);
    copy_changes(past, cause);
    past->position = past->count;
}

void past_observe(struct past *past, const char *cause)
{
    const struct ledger *ledger = &past->source->ledger;
    size_t block_count = ledger_block_count(ledger);
    if (ledger->last_id == past->seen_last_id && block_count == past->seen_block_count &&
        !past->is_lost) {
        past_go(past, past->last);
        return;
    }
    bool was_lost = past->is_lost || !past_go(past, past->last);
    past->is_lost = false;
    add_event(past, cause);
    past->seen_last_id = ledger->last_id;
    past->seen_block_count = block_count;
    if (was_lost || past->is_lost || past->oldest == past->last)
        forget(past);
}

/* ---- the order of free runs ------------------------------------------------------------------ */

/* Takes all free runs of a range, which then have no record. */
static void take_free_runs(struct buddy *buddy, struct frame_range range)
{
    struct frame_range run;
    pfn_t taken;
    for (pfn_t pfn = range.first; pfn < range.end; pfn = run.end) {
        if (!buddy_find_free(buddy, pfn, &run)) {
            buddy_find_run(buddy, pfn, &run);
            continue;
        }
        struct buddy_request request = {.frame_count = run.end - run.first,
                                        .align_frames = 1,
                                        .lowest = run.first,
                                        .limit = run.end};
        enum mm_status status = buddy_alloc(buddy, &request, &taken);
        MM_ASSERT(status == MM_OK);
    }
}

/*
 * Which list a free run is in depends on what was freed before it. So all of them are taken, and
 * freed in the order of their addresses.
 */
static void settle(struct past *past)
{
    struct managed_walk walk = {.map = past->map};
    struct buddy *buddy = &past->copy.buddy;
    struct frame_range run;
    struct mm_block block;
    while (managed_next_range(&walk, &run))
        take_free_runs(buddy, run);
    for (pfn_t pfn = 0; buddy_next_run(buddy, pfn, &run); pfn = run.end)
        if (!mm_find_base(&past->copy, run.first << FRAME_SHIFT, &block))
            buddy_free(buddy, run.first, NULL);
}

/* ---- going back and forth -------------------------------------------------------------------- */

static void undo(struct past *past)
{
    while (past->position > 0 && entry_at(past, past->position - 1)->event == past->at)
        apply(past, entry_at(past, --past->position), false);
    past->at--;
}

static void redo(struct past *past)
{
    past->at++;
    while (past->position < past->count && entry_at(past, past->position)->event == past->at)
        apply(past, entry_at(past, past->position++), true);
}

bool past_go(struct past *past, uint32_t moment)
{
    bool is_there = past->at == moment;
    while (past->at > moment && !past->is_lost)
        undo(past);
    while (past->at < moment && !past->is_lost)
        redo(past);
    if (!is_there)
        settle(past);
    return !past->is_lost;
}

const struct past_entry *past_event(const struct past *past)
{
    size_t index = past->position;
    if (past->at == past->oldest)
        return NULL;
    while (index > 0 && entry_at(past, index - 1)->event == past->at)
        index--;
    return entry_at(past, index);
}

const struct past_entry *past_next_event(const struct past *past, size_t *cursor)
{
    if (*cursor == past->count)
        return NULL;
    const struct past_entry *event = entry_at(past, *cursor);
    while (*cursor < past->count && entry_at(past, *cursor)->event == event->event)
        ++*cursor;
    return event;
}
