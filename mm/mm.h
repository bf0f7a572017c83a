#ifndef MM_MM_H
#define MM_MM_H

/*
 * The memory manager as its callers see it: physically contiguous blocks, each with an owner. They
 * are requested in bytes, and freed by base address. Below it, the buddy (buddy.h) handles frames
 * and knows no owners; the ledger (ledger.h) records who holds what.
 *
 * No function here takes a lock: callers take one lock around each call. An interrupt handler may
 * call only if the lock masks interrupts wherever it is taken.
 */

#include "buddy.h"
#include "ledger.h"
#include "status.h"
#include "types.h"

MM_BEGIN_DECLS

/*
 * Where a manager gets memory for its records. get(context, size_bytes) returns size_bytes bytes,
 * at most MM_GET_MAX_BYTES, 8-byte aligned, readable and writable, for as long as the manager is
 * used; or NULL if there is no memory. It may allocate from the manager that asks, which keeps
 * LEDGER_RESERVE records for this. It is called only inside mm_alloc and mm_reserve, after they
 * have taken their frames.
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
    size_t ledger_bytes; /* all memory that the ledger was given so far */
    bool ledger_growing; /* the source's get is running */
};

#define MM_NO_LIMIT PHYS_LIMIT

struct mm_request {
    uint64_t size_bytes; /* at least 1; the block takes the frames that these bytes need */
    uint64_t align_bytes; /* power of two, or 0 for any; less than a frame counts as a frame */
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

/* The least that mm_init needs for the first records, of 60 blocks. More is fetched later. */
#define MM_FIRST_RECORDS_BYTES 4096

/*
 * Starts without frames. `records` has `records_bytes` bytes, at least MM_FIRST_RECORDS_BYTES, is
 * 8-byte aligned, and stays with the manager for good. `source` gives more memory later.
 */
void mm_init(struct mm *mm, struct mm_source source, void *records, size_t records_bytes);

/*
 * Brings frames under management; all are free. `tables` has buddy_table_bytes(range) bytes, is
 * 8-byte aligned, lies outside the range (which may be made smaller for it before), and stays with
 * the manager for good. Fails, and nothing changes, with MM_BAD_RANGE if the range is empty, ends
 * above PHYS_LIMIT or overlaps another range, or with MM_TOO_LARGE if it has more than
 * BUDDY_MAX_FRAMES.
 */
enum mm_status mm_add_range(struct mm *mm, struct frame_range range, void *tables);

/*
 * Allocates a block that satisfies the request, from the highest band (buddy.h) that has room for
 * it; *block receives it. The memory is not cleared. The caller frees it with mm_free. Fails, and
 * nothing changes, with MM_ZERO_SIZE, MM_BAD_ALIGNMENT, MM_BAD_BOUNDARY (not a power of two),
 * MM_BOUNDARY_TOO_SMALL (less than the size), MM_BAD_LIMIT (lowest + size > limit), MM_BAD_OWNER,
 * MM_NO_ROOM (mm_largest_run says what would have fitted), or MM_NO_RECORD (no memory for the
 * ledger's records).
 */
enum mm_status mm_alloc(struct mm *mm, const struct mm_request *request, struct mm_block *block);

/*
 * Makes *run of a request: the request in frames, as mm_alloc passes it to its buddy. Changes
 * nothing else. Fails as mm_alloc does if a number is wrong, or with MM_NO_ROOM if no whole frames
 * lie between the bounds.
 */
enum mm_status mm_request_in_frames(const struct mm_request *request, struct buddy_request *run);

/*
 * Takes frames out of use by their address: bad frames, a device's frames, or a block at a fixed
 * place. Exactly the frames that [base, end) touches become a block of `owner`; *block receives it.
 * Fails, and nothing changes, with MM_BAD_RANGE (empty), MM_BAD_OWNER, MM_IN_USE (a block has some
 * of them), MM_NOT_MANAGED (they do not all lie in one range of mm_add_range), or MM_NO_RECORD.
 * Undone by mm_free.
 */
enum mm_status mm_reserve(struct mm *mm, phys_t base, phys_t end, const char *owner,
                          struct mm_block *block);

/*
 * Frees the block that begins at `base`. Fails, and nothing changes, with MM_NOT_MANAGED (this
 * memory is not managed here), MM_ALREADY_FREE, or MM_INSIDE_BLOCK (base is not a block's first
 * byte).
 */
enum mm_status mm_free(struct mm *mm, phys_t base);

/* Sets the tag of the live block that begins at `base`. False if there is none. */
bool mm_set_tag(struct mm *mm, phys_t base, uint64_t tag);

/* Finds the live block with this serial number. False if there is none. */
bool mm_find_id(const struct mm *mm, uint64_t id, struct mm_block *block);

/* Finds the live block that begins at `base`. False if there is none. */
bool mm_find_base(const struct mm *mm, phys_t base, struct mm_block *block);

/* Finds the live block that holds this address. False if there is none. */
bool mm_find_address(const struct mm *mm, phys_t address, struct mm_block *block);

/*
 * The live blocks in ascending order. Each call returns the first one that begins at or above
 * *cursor (0 at the start), and moves *cursor behind its frames. False when there are no more.
 */
bool mm_next_block(const struct mm *mm, phys_t *cursor, struct mm_block *block);

/*
 * The size_bytes of the largest request that would fit in [lowest, limit), with no alignment and no
 * boundary; 0 if none would. It is a multiple of a frame's size, unless the largest run reaches the
 * limit, and the limit is no such multiple.
 */
uint64_t mm_largest_run(const struct mm *mm, phys_t lowest, phys_t limit);

/* What this owner holds; zeros if it has no block. Takes no more time if it has more blocks. */
struct mm_holding mm_find_holding(const struct mm *mm, const char *owner);

/* Counts what is managed, free and held. */
void mm_get_totals(const struct mm *mm, struct mm_totals *totals);

/*
 * Checks every invariant of buddy and ledger, from the bits up. NULL if all hold, else a sentence
 * that names the first one that does not.
 */
const char *mm_check(const struct mm *mm);

MM_END_DECLS

#endif
