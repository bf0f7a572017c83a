#ifndef KERNEL_PAST_H
#define KERNEL_PAST_H

/*
 * What happened to a memory manager, so that one can go back to how it was, and forth again. After
 * each command the manager is compared with a copy of it. What differs is an event: one block that
 * was allocated or freed, or many at once (a stress test, a driver's start). The copy then does the
 * same. To show a moment, the copy undoes events, or does them once more; the manager itself is
 * never changed.
 *
 *   moments   0       1       2       3      (3 is now)
 *   events        1       2       3
 *             |---alloc---many----free---|
 *
 * A moment has the number of the event that it comes after. Events are kept in a ring: the newest
 * entries displace the oldest ones.
 *
 * The copy has the same blocks: base, bytes, id and owner. The same frames are free, but they need
 * not lie in the same lists, because what the allocator sets aside is not recorded. Still, a moment
 * is the same whichever way one comes to it, down to the lists.
 */

#include "mm/memmap.h"
#include "mm/mm.h"

enum past_what { PAST_ALLOCATED, PAST_FREED, PAST_MANY };

/* Of the ring. An event is one entry, or a PAST_MANY and one for each block that differs. */
struct past_entry {
    enum past_what what;
    uint32_t event;
    const char *cause; /* the command's name */
    union {
        struct {
            phys_t base;
            uint64_t size_bytes;
            uint64_t id;
            char owner[LEDGER_OWNER_MAX + 1];
        } block;
        struct {
            uint64_t allocated; /* blocks in all, also those that are freed again */
            uint64_t freed;
        } many;
    } as;
};

struct past {
    struct mm *source; /* whose past it is */
    const struct memmap *map;
    struct mm copy; /* as the source was at the moment `at` */
    uint32_t at;
    uint32_t oldest; /* the first moment that is kept; so many events are not */
    uint32_t last; /* the moment of the last comparison: now */
    uint64_t seen_last_id; /* of the source, at that comparison */
    size_t seen_block_count;
    bool is_lost; /* the copy lacks blocks, because it has no record for them */
    struct past_entry *entries;
    size_t capacity;
    size_t first; /* where in the ring the oldest entry stands */
    size_t count;
    size_t position; /* entries before the moment `at` */
};

/* The bytes that past_open needs for a manager of this map and so many entries. */
uint64_t past_bytes(const struct memmap *map, size_t entry_count);

/*
 * Begins the past of the manager `source`, which manages what `map` has free, at moment 0. Both
 * must live as long as the past. `memory` has past_bytes() bytes, is 8-byte aligned, and belongs to
 * the past as long as it is used. At least one entry is needed.
 */
struct past *past_open(void *memory, struct mm *source, const struct memmap *map,
                       size_t entry_count);

/*
 * Compares, and makes an event of what differs; cheap if nothing does. `cause` must live as long as
 * the past. Goes to the newest moment. An event that alone has more entries than the ring drops
 * everything before and itself.
 */
void past_observe(struct past *past, const char *cause);

/*
 * Goes to a moment, from past->oldest to past->last. False, with past->is_lost, if the copy has no
 * record for a block.
 */
bool past_go(struct past *past, uint32_t moment);

/* The first entry of the event before the moment `at`. NULL: it is the oldest moment. */
const struct past_entry *past_event(const struct past *past);

/* The first entry of each event that is kept, oldest first; *cursor begins as 0. NULL: the end. */
const struct past_entry *past_next_event(const struct past *past, size_t *cursor);

#endif
