#ifndef MM_LEDGER_H
#define MM_LEDGER_H

/*
 * Who holds what: one record for each live block, found by its base or by its id, and one for each
 * owner that has blocks. It knows nothing of free memory and never touches a block.
 *
 *   buckets of the hash table
 *   +---------+---------+
 *   | by base | by id   |     each leads to a small tree of blocks (record.h)
 *   +---------+---------+
 *   |    .    |    .    |
 *
 * The memory comes in chunks (chunks.h), each with some buckets and some records. The table grows
 * by a bucket at a time (linear hashing: W. Litwin, VLDB 1980), which takes one of the halves of
 * another bucket's tree. So no call moves more than one record.
 */

#include "chunks.h"
#include "status.h"
#include "types.h"

MM_BEGIN_DECLS

#define LEDGER_OWNER_MAX 23

/* Free records kept back while more memory is fetched, since fetching it may allocate. */
#define LEDGER_RESERVE 16

struct mm_block {
    phys_t base; /* a multiple of FRAME_BYTES */
    uint64_t size_bytes; /* as requested; the block holds that many bytes rounded up to frames */
    uint64_t id; /* serial number, from 1, never used again */
    uint64_t tag; /* the caller's own, 0 at first */
    char owner[LEDGER_OWNER_MAX + 1];
};

/* What an owner holds. */
struct mm_holding {
    size_t block_count;
    uint64_t size_bytes; /* as requested */
};

typedef uint32_t ledger_link; /* leads to a record; 0: to none (record.h) */

struct ledger {
    struct chunks chunks;
    size_t used_count; /* records that were in use at least once */
    ledger_link free_records; /* of those, the free ones */
    size_t spare_count; /* with those that never were in use */
    size_t planted_count; /* blocks in the trees; their owners' sums are of those */
    size_t owner_count;
    uint32_t bucket_count; /* in use */
    uint32_t bucket_bits; /* the largest n such that these are 2^n or more */
    ledger_link owners; /* a tree of them, by name */
    ledger_link owner; /* chosen last; it stays when its last block has gone */
    ledger_link newest; /* the block entered last, in no tree yet; it is the chosen owner's */
    ledger_link ready; /* if there is none, the record for the next one, or 0 */
    uint64_t last_id;
};

/* Blocks, and free records. */
static inline size_t ledger_block_count(const struct ledger *ledger)
{
    return ledger->planted_count + (ledger->newest ? 1 : 0);
}

static inline size_t ledger_free_count(const struct ledger *ledger)
{
    return ledger->spare_count + (ledger->ready ? 1 : 0);
}

/* Starts without memory: no record fits until ledger_add_memory. */
void ledger_init(struct ledger *ledger);

/*
 * Gives the ledger size_bytes at `memory`, 8-byte aligned, for good: as many chunks of CHUNK_BYTES
 * as it holds. A chunk has 68 records.
 */
void ledger_add_memory(struct ledger *ledger, void *memory, size_t size_bytes);

/* True for an owner's name: 1 to LEDGER_OWNER_MAX printable ASCII characters without blanks. */
bool ledger_is_name(const char *text);

/*
 * Chooses the owner of the block that is entered next. MM_BAD_OWNER unless it is
 * a name, MM_NO_RECORD if it is a new one and no record is free; the owner that was chosen before
 * stays then. The text is copied.
 */
enum mm_status ledger_choose_owner(struct ledger *ledger, const char *owner);

/*
 * Enters a block of the chosen owner under a new id; *block is what was entered. False, and nothing
 * changes, if no owner was chosen yet or no record is free.
 */
bool ledger_enter(struct ledger *ledger, phys_t base, uint64_t size_bytes, struct mm_block *block);

/*
 * Strikes out the block that begins at `base`, and returns its size in bytes. 0 if there is none.
 */
uint64_t ledger_strike(struct ledger *ledger, phys_t base);

/* Copies out the block that begins at `base`, or the one with this id. False if there is none. */
bool ledger_find(const struct ledger *ledger, phys_t base, struct mm_block *block);
bool ledger_find_id(const struct ledger *ledger, uint64_t id, struct mm_block *block);

/* Sets the tag of the block that begins at `base`. False if there is none. */
bool ledger_set_tag(struct ledger *ledger, phys_t base, uint64_t tag);

/* What this owner holds; nothing if it has no block. */
struct mm_holding ledger_find_holding(const struct ledger *ledger, const char *owner);

/* NULL if counts, records and trees agree, else a sentence that says what does not. */
const char *ledger_check(const struct ledger *ledger);

MM_END_DECLS

#endif
