#ifndef MM_LEDGER_H
#define MM_LEDGER_H

/*
 * Who holds what: one record for each live block, found by its first frame. It knows nothing of
 * free memory and never touches a block.
 *
 *   buckets         records (a free record is linked into the free list)
 *   +---+      +---------------------------+     +---------------------------+
 *   | o-+----->| first_frame bytes id owner|---->| first_frame bytes id owner|
 *   +---+      +---------------------------+     +---------------------------+
 *   |   |
 *   +---+
 */

#include "types.h"

MM_BEGIN_DECLS

#define LEDGER_OWNER_MAX 23

/* Free records kept back while more memory is fetched, since fetching it may allocate. */
#define LEDGER_RESERVE 16

struct mm_block {
    phys_t base; /* a multiple of 4096 */
    uint64_t size_bytes; /* as requested; the block holds that many bytes rounded up to frames */
    uint64_t id; /* serial number, from 1, never used again */
    uint64_t tag; /* the caller's own, 0 at first */
    char owner[LEDGER_OWNER_MAX + 1];
};

struct ledger_record;

struct ledger {
    struct ledger_record **buckets;
    size_t bucket_count; /* power of two, or 0 before the first memory */
    struct ledger_record *free_records;
    size_t free_count;
    size_t live_count;
    uint64_t last_id;
};

/* Starts without memory: no record fits until ledger_add_memory. */
void ledger_init(struct ledger *ledger);

/*
 * Gives the ledger size_bytes at `memory`, 8-byte aligned, for good. A quarter becomes a larger
 * array of buckets, if the present one is smaller than that; the rest becomes records.
 */
void ledger_add_memory(struct ledger *ledger, void *memory, size_t size_bytes);

/* True if `owner` is 1 to LEDGER_OWNER_MAX printable ASCII characters without blanks. */
bool ledger_owner_is_valid(const char *owner);

/*
 * Enters a block (a copy) under a new id, which is written to block->id. False if no record is
 * free.
 */
bool ledger_enter(struct ledger *ledger, struct mm_block *block);

/* Strikes out the block that begins at `base`. False if there is none. */
bool ledger_strike(struct ledger *ledger, phys_t base);

/* Copies out the block that begins at `base`, or the one with this id. False if there is none. */
bool ledger_find(const struct ledger *ledger, phys_t base, struct mm_block *block);
bool ledger_find_id(const struct ledger *ledger, uint64_t id, struct mm_block *block);

/* Sets the tag of the block that begins at `base`. False if there is none. */
bool ledger_set_tag(struct ledger *ledger, phys_t base, uint64_t tag);

/* NULL if counts, chains and hashes agree, else a sentence that says what does not. */
const char *ledger_check(const struct ledger *ledger);

MM_END_DECLS

#endif
