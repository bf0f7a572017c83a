#ifndef MM_LEDGER_H
#define MM_LEDGER_H

/*
 * Who holds what. Each live block has a record, which is found by its base or by its id. Each owner
 * that has blocks has one, too. The ledger knows nothing of free memory, and never touches a block.
 *
 *   buckets of the hash table
 *   +---------+---------+
 *   | by base | by id   |     each leads to a small tree of blocks (record.h)
 *   +---------+---------+
 *   |    .    |    .    |
 *
 * The memory comes in chunks (chunks.h), each with some buckets and some records. The table grows
 * by one bucket at a time (linear hashing: W. Litwin, VLDB 1980). The new bucket takes one half of
 * each tree of another bucket. So a call moves at most one record of each tree.
 */

#include "chunks.h"
#include "status.h"
#include "types.h"

MM_BEGIN_DECLS

#define LEDGER_OWNER_MAX 23

/* Free records that are kept while more memory is fetched, because fetching may allocate. */
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
    size_t used_count; /* how many records were in use at least once */
    ledger_link free_records; /* a chain of those of them that are free */
    size_t spare_count; /* free records, with those that never were in use */
    size_t planted_count; /* blocks in the trees; only these are in owners' sums */
    size_t owner_count;
    uint32_t bucket_count; /* in use */
    uint32_t bucket_bits; /* the largest n with 2^n <= bucket_count */
    ledger_link owners; /* the root of the tree of owners, by name */
    ledger_link owner; /* the chosen owner; it keeps its record without blocks */
    ledger_link newest; /* the block entered last, in no tree yet; it is the chosen owner's */
    ledger_link ready; /* if `newest` is 0: the record for the next block, or 0 */
    uint64_t last_id;
};

/* How many blocks, and how many free records there are. */
static inline size_t ledger_block_count(const struct ledger *ledger)
{
    return ledger->planted_count + (ledger->newest ? 1 : 0);
}

static inline size_t ledger_free_count(const struct ledger *ledger)
{
    return ledger->spare_count + (ledger->ready ? 1 : 0);
}

/* Starts without memory: nothing can be entered before ledger_add_memory. */
void ledger_init(struct ledger *ledger);

/*
 * Gives the ledger size_bytes bytes at `memory`, 8-byte aligned, for good. They are divided into
 * chunks of CHUNK_BYTES; what is left is not used. A chunk has 68 records, or becomes a directory
 * (chunks.h).
 */
void ledger_add_memory(struct ledger *ledger, void *memory, size_t size_bytes);

/* True for an owner's name: 1 to LEDGER_OWNER_MAX printable ASCII characters without blanks. */
bool ledger_is_name(const char *text);

/*
 * Chooses the owner of the blocks that are entered next. The text is copied. Fails with
 * MM_BAD_OWNER if it is not a name, or with MM_NO_RECORD if it is a new name and no record is free;
 * then the owner chosen before stays chosen.
 */
enum mm_status ledger_choose_owner(struct ledger *ledger, const char *owner);

/*
 * Enters a block of the chosen owner with a new id; *block receives what was entered. False, and
 * nothing changes, if no owner was chosen yet, or no record is free.
 */
bool ledger_enter(struct ledger *ledger, phys_t base, uint64_t size_bytes, struct mm_block *block);

/* Strikes out the block that begins at `base`. Returns its size in bytes; 0 if there is none. */
uint64_t ledger_strike(struct ledger *ledger, phys_t base);

/* Copies the block that begins at `base`, or has this id, to *block. False if there is none. */
bool ledger_find(const struct ledger *ledger, phys_t base, struct mm_block *block);
bool ledger_find_id(const struct ledger *ledger, uint64_t id, struct mm_block *block);

/* Sets the tag of the block that begins at `base`. False if there is none. */
bool ledger_set_tag(struct ledger *ledger, phys_t base, uint64_t tag);

/* What this owner holds; zeros if it has no block. */
struct mm_holding ledger_find_holding(const struct ledger *ledger, const char *owner);

/* NULL if counts, records and trees agree, else a sentence that says what is wrong. */
const char *ledger_check(const struct ledger *ledger);

MM_END_DECLS

#endif
