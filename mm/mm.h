#ifndef MM_MM_H
#define MM_MM_H

/*
 * The memory manager as its callers see it: physically contiguous blocks, requested in bytes and
 * freed by base address, each with an owner. The buddy below (buddy.h) deals in frames and knows
 * nobody; the ledger (ledger.h) remembers who holds what.
 *
 * Nothing here locks: callers take one lock around each call. An interrupt handler may call only if
 * the lock masks interrupts wherever it is taken.
 */

#include "buddy.h"
#include "ledger.h"
#include "status.h"
#include "types.h"

MM_BEGIN_DECLS

/*
 * Where a manager gets memory for its records: get(context, size_bytes) returns size_bytes, at
 * most MM_GET_MAX_BYTES, 8-byte aligned, readable and writable, for as long as the manager is used;
 * or NULL if there is none. It may allocate from the very manager that asks, which keeps
 * LEDGER_RESERVE records for that. It is called inside mm_alloc and mm_reserve only, at the end.
 */
struct mm_source {
    void *(*get)(void *context, size_t size_bytes);
    void *context;
};

#define MM_GET_MAX_BYTES 65536u

struct mm {
    struct buddy buddy;
    struct ledger ledger;
    struct mm_source source;
    size_t ledger_bytes; /* what the ledger was given so far */
    bool ledger_growing; /* inside the source's get */
};

#define MM_NO_LIMIT PHYS_LIMIT

struct mm_request {
    uint64_t size_bytes; /* at least 1; the block takes the frames that these bytes need */
    uint64_t align_bytes; /* power of two, or 0 for any; less than 4096 counts as 4096 */
    phys_t lowest; /* the block's first byte lies at or above this */
    phys_t limit; /* exclusive: the block's last byte lies below this */
    uint64_t boundary_bytes; /* power of two, or 0 for none: no multiple of it lies inside */
    const char *owner; /* 1 to LEDGER_OWNER_MAX printable characters without blanks; copied */
};

struct mm_totals {
    pfn_t frame_count; /* frames under management */
    pfn_t free_count;
    pfn_t largest_run; /* frames in the largest free run */
    size_t block_count;
};

/* What mm_init wants for the first records: enough for 60 blocks, and more is fetched later. */
#define MM_FIRST_RECORDS_BYTES 4096

/*
 * Starts without frames. `records` is MM_FIRST_RECORDS_BYTES bytes or more, 8-byte aligned, and
 * stays with the manager for good. `source` gives more of it later.
 */
void mm_init(struct mm *mm, struct mm_source source, void *records, size_t records_bytes);

/*
 * Brings frames under management. `tables` is buddy_table_bytes(range) bytes, 8-byte aligned,
 * outside the range or carved off it beforehand, and stays with the manager for good.
 * Fails with MM_BAD_RANGE if the range is empty or overlaps one that is there, MM_TOO_LARGE beyond
 * BUDDY_MAX_FRAMES; nothing is changed then.
 */
enum mm_status mm_add_range(struct mm *mm, struct frame_range range, void *tables);

/*
 * Allocates a block that satisfies the request, from the highest band (see buddy.h) that has room
 * for it. Contents are whatever was there.
 * Fails, changing nothing, with MM_ZERO_SIZE, MM_BAD_ALIGNMENT, MM_BAD_BOUNDARY (no power of two),
 * MM_BOUNDARY_TOO_SMALL (less than the size), MM_BAD_LIMIT (lowest + size > limit), MM_BAD_OWNER,
 * MM_NO_ROOM (see mm_largest_run for what would have fitted), or MM_NO_RECORD (the ledger found no
 * memory for its records). The caller frees with mm_free.
 */
enum mm_status mm_alloc(struct mm *mm, const struct mm_request *request, struct mm_block *block);

/*
 * The request in frames, as mm_alloc puts it to its buddy; changes nothing. Fails as mm_alloc does
 * with what is wrong with the numbers, or with MM_NO_ROOM if no whole frames lie between the
 * bounds.
 */
enum mm_status mm_request_in_frames(const struct mm_request *request, struct buddy_request *run);

/*
 * Takes frames out of use by their address, bad ones or a device's, or for a block at a fixed
 * place: exactly the frames around [base, end) become a block of `owner`. Fails, changing nothing,
 * with MM_BAD_RANGE (empty), MM_BAD_OWNER, MM_IN_USE (a block holds some of them), MM_NOT_MANAGED
 * (they do not all lie in one range of mm_add_range's) or MM_NO_RECORD. Undone by mm_free.
 */
enum mm_status mm_reserve(struct mm *mm, phys_t base, phys_t end, const char *owner,
                          struct mm_block *block);

/*
 * Frees the block that begins at `base`. Fails, changing nothing, with MM_NOT_MANAGED (no such
 * memory here), MM_ALREADY_FREE, or MM_INSIDE_BLOCK (base is not a block's first byte).
 */
enum mm_status mm_free(struct mm *mm, phys_t base);

/* Sets the tag of the live block that begins at `base`. False if there is none. */
bool mm_set_tag(struct mm *mm, phys_t base, uint64_t tag);

/* Finds the live block with this serial number. False if there is none. */
bool mm_find_id(const struct mm *mm, uint64_t id, struct mm_block *block);

/* Finds the live block that begins at `base`. False if there is none. */
bool mm_find_base(const struct mm *mm, phys_t base, struct mm_block *block);

/* Finds the live block that holds this address. False if none does. */
bool mm_find_address(const struct mm *mm, phys_t address, struct mm_block *block);

/*
 * The live blocks in ascending order: the first one at or above *cursor (0 at the start), which
 * moves behind it. False when there are no more.
 */
bool mm_next_block(const struct mm *mm, phys_t *cursor, struct mm_block *block);

/*
 * The size_bytes of the largest request that would fit in [lowest, limit), with no alignment and no
 * boundary; 0 if none would. A multiple of 4096, unless the run that counts reaches the limit and
 * that is none.
 */
uint64_t mm_largest_run(const struct mm *mm, phys_t lowest, phys_t limit);

/* What this owner holds, in O(1); nothing if it has no block. */
struct mm_holding mm_find_holding(const struct mm *mm, const char *owner);

/* Adds up what is managed, free and held. */
void mm_get_totals(const struct mm *mm, struct mm_totals *totals);

/*
 * Validates every invariant of buddy and ledger, from the ground up. Returns NULL if all hold, else
 * a sentence that names the first that does not.
 */
const char *mm_check(const struct mm *mm);

MM_END_DECLS

#endif
