#ifndef MM_RECORD_H
#define MM_RECORD_H

/*
 * How records and buckets lie in the ledger's chunks, and the ledger's quickest functions. Only
 * ledger.c, ledger_check.c and mm.c include this.
 *
 * The blocks of a bucket are in two digital search trees (Knuth, TAOCP 6.3), one by base and one by
 * id. A key is turned into a code of 32 bits. The code's lowest bits choose the bucket. Each
 * further bit chooses one half of the tree below. A record stands at the first empty place of its
 * path:
 *
 *   bucket 01           ..0110 01
 *                     0 /       \ 1
 *                ..0010 01   ..1011 01
 *
 * So a path is no longer than a code has bits, whatever keys are in the ledger. Only keys with the
 * same code make it longer: their path goes on with the same bits again.
 */

#include "bits.h"
#include "ledger.h"
#include "port.h"

MM_BEGIN_DECLS

/* The two trees of a block. */
#define BY_BASE 0
#define BY_ID 1

struct ledger_record {
    union {
        struct {
            ledger_link halves[2][2]; /* the two halves below it, in both trees */
            ledger_link owner;
            phys_t base;
            uint64_t size_bytes;
            uint64_t tag;
        } block;
        struct {
            ledger_link halves[2]; /* in the tree of owners */
            char text[LEDGER_OWNER_MAX + 1];
            size_t block_count;
            uint64_t size_bytes;
        } owner;
        ledger_link next; /* the next free record */
    } as;
    uint64_t id; /* of a block; 0: the record is an owner's */
};

struct bucket {
    ledger_link trees[2];
};

/*
 * A chunk has 68 records, and the buckets that fit in beside them. LINK_SHIFT bits count the
 * records.
 */
#define CHUNK_BUCKETS (sizeof(struct ledger_record) <= 52 ? 64u : 32u)
#define CHUNK_RECORDS 68u
#define LINK_SHIFT 7

struct chunk {
    struct bucket buckets[CHUNK_BUCKETS];
    struct ledger_record records[CHUNK_RECORDS];
};

MM_STATIC_ASSERT(sizeof(struct chunk) <= CHUNK_BYTES, "a chunk fits into its memory");
MM_STATIC_ASSERT(CHUNK_BYTES / CHUNK_RECORDS < 64, "a block costs less than 64 bytes, all told");

/* No path in a tree is longer: see code_of_base and code_of_id. */
#define WAY_MAX 512u

/* The longest path in the tree of owners: the bits of a hash, and those of a name. */
#define OWNER_WAY_MAX (32u + 8 * (LEDGER_OWNER_MAX + 1))

static inline struct chunk *chunk_at(const struct ledger *ledger, size_t number)
{
    return (struct chunk *)chunks_at(&ledger->chunks, number);
}

/*
 * The record of a link that is not 0. The link is the record's address, or, if addresses have more
 * bits than a link, the record's chunk and its number in the chunk.
 */
static inline struct ledger_record *record_at(const struct ledger *ledger, ledger_link link)
{
    MM_ASSERT_COSTLY(link != 0);
    if (sizeof(void *) <= sizeof link)
        return (struct ledger_record *)(uintptr_t)link;
    return &chunk_at(ledger, link >> LINK_SHIFT)->records[link % (1u << LINK_SHIFT) - 1];
}

/* ---- the block entered last ------------------------------------------------------------------ */

/* True if `name` is the name of the chosen owner. */
static inline bool record_owner_is(const struct ledger *ledger, const char *name)
{
    if (!name || !ledger->owner)
        return false;
    const char *text = record_at(ledger, ledger->owner)->as.owner.text;
    while (*name == *text) {
        if (*name == '\0')
            return true;
        name++;
        text++;
    }
    return false;
}

/* Makes a record ready for the next block. False if none is free. An owner must be chosen. */
bool ledger_make_ready(struct ledger *ledger);

/* Copies a name in three pieces, because compilers for a 486 make a loop of a single copy. */
static inline void record_copy_name(char *to, const char *from)
{
    __builtin_memcpy(to, from, 8);
    __builtin_memcpy(to + 8, from + 8, 8);
    __builtin_memcpy(to + 16, from + 16, 8);
}
MM_STATIC_ASSERT(LEDGER_OWNER_MAX + 1 == 24, "three pieces are a name");

/*
 * Enters a block of the chosen owner in the record that is ready. The trees and the owner's sums
 * get it only when the next block is entered. So a block that is freed before changes neither.
 */
static inline void record_enter(struct ledger *ledger, phys_t base, uint64_t size_bytes,
                                struct mm_block *block)
{
    MM_ASSERT_COSTLY(ledger->ready && !ledger->newest && ledger->owner);
    struct ledger_record *record = record_at(ledger, ledger->ready);
    ledger->newest = ledger->ready;
    ledger->ready = 0;
    block->base = record->as.block.base = base;
    block->size_bytes = record->as.block.size_bytes = size_bytes;
    block->id = record->id = ++ledger->last_id;
    block->tag = record->as.block.tag = 0;
    record->as.block.owner = ledger->owner;
    record_copy_name(block->owner, record_at(ledger, ledger->owner)->as.owner.text);
}

/* The block entered last, if it begins at `base`; else NULL. */
static inline struct ledger_record *record_newest(const struct ledger *ledger, phys_t base)
{
    if (!ledger->newest)
        return NULL;
    struct ledger_record *record = record_at(ledger, ledger->newest);
    return bits_are_same(record->as.block.base, base) ? record : NULL;
}

/* Strikes out the block entered last. */
static inline void record_strike_newest(struct ledger *ledger)
{
    MM_ASSERT_COSTLY(ledger->newest && !ledger->ready);
    ledger->ready = ledger->newest;
    ledger->newest = 0;
}

/* The owner with this name; 0 if it has no record. */
ledger_link ledger_find_owner(const struct ledger *ledger, const char *name);

/* ---- buckets --------------------------------------------------------------------------------- */

/*
 * Multiplicative hashing (Knuth, TAOCP 6.4) makes good upper bits; they are mixed into the lower
 * bits. Frames 0 to 2^32 - 1 all have different codes, and so have the next 2^32 frames, and so on:
 * below PHYS_LIMIT, at most 256 frames share a code.
 */
static inline uint32_t code_of_base(phys_t base)
{
    pfn_t pfn = base >> FRAME_SHIFT;
    uint32_t code = ((uint32_t)pfn + (uint32_t)(pfn >> 32) * 0x85EBCA6Bu) * 0x9E3779B1u;
    return code ^ code >> 15;
}

/*
 * Ids are given out one after the other, so their lowest bits are spread evenly. Two ids share a
 * code only if 2^32 ids were given out from one to the other.
 */
static inline uint32_t code_of_id(uint64_t id)
{
    return (uint32_t)id;
}

static inline uint32_t code_of(const struct ledger_record *record, unsigned which)
{
    return which == BY_BASE ? code_of_base(record->as.block.base) : code_of_id(record->id);
}

/* The bits of a code in the order in which they are used, when so many of them have been used. */
static inline uint32_t code_turn(uint32_t code, unsigned bits)
{
    return code >> bits | code << (-bits & 31);
}

static inline struct bucket *bucket_at(const struct ledger *ledger, size_t number)
{
    MM_ASSERT_COSTLY(number < ledger->bucket_count);
    return &chunk_at(ledger, number / CHUNK_BUCKETS)->buckets[number % CHUNK_BUCKETS];
}

/*
 * The tree in which a code belongs. *code becomes the bits that choose the path in this tree. There
 * are 2^n buckets and some more. Those are split off the first buckets; for both, the bucket is
 * chosen by one more bit.
 */
static inline ledger_link *tree_of(const struct ledger *ledger, unsigned which, uint32_t *code)
{
    uint32_t bits = ledger->bucket_bits;
    uint32_t whole = 1u << bits;
    uint32_t number = *code & (whole - 1);
    if (number + whole < ledger->bucket_count) {
        number = *code & (2 * whole - 1);
        bits++;
    }
    *code = code_turn(*code, bits);
    return &bucket_at(ledger, number)->trees[which];
}

MM_END_DECLS

#endif
