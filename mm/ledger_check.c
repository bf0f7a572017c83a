/*
 * Checks whether the ledger's records, trees and counts agree. A damaged tree may lead back to
 * itself, so each walk counts what it sees.
 */

#include "record.h"

/* What the trees add up to. */
struct sums {
    size_t blocks[2]; /* in both sorts of trees */
    size_t owners, blocks_of_owners, free;
    uint64_t bytes, bytes_of_owners;
};

/* ---- the records of a tree ------------------------------------------------------------------- */

/* A walk over a tree. On each level, the half that comes later waits. */
struct walk {
    ledger_link waiting[WAY_MAX];
    unsigned count;
};

static ledger_link walk_start(struct walk *walk, ledger_link tree)
{
    walk->count = 0;
    return tree;
}

/* The next record, where these are the halves of the last one; 0 at the end. */
MM_COLD static ledger_link walk_next(struct walk *walk, const ledger_link *halves)
{
    ledger_link next = halves[0] ? halves[0] : halves[1];
    if (halves[0] && halves[1] && walk->count < WAY_MAX)
        walk->waiting[walk->count++] = halves[1];
    if (next == 0 && walk->count > 0)
        next = walk->waiting[--walk->count];
    return next;
}

/* True if a block stands on the path of its code. */
MM_COLD static bool is_on_its_way(const struct ledger *ledger, unsigned which, ledger_link block)
{
    uint32_t code = code_of(record_at(ledger, block), which);
    ledger_link at = *tree_of(ledger, which, &code);
    for (unsigned level = 0; level < WAY_MAX && at != 0; level++) {
        if (at == block)
            return true;
        at = record_at(ledger, at)->as.block.halves[which][code & 1];
        code = code_turn(code, 1);
    }
    return false;
}

/* ---- what is checked ------------------------------------------------------------------------- */

MM_COLD static const char *check_block(const struct ledger *ledger,
                                       const struct ledger_record *record)
{
    if (record->id == 0 || record->id > ledger->last_id)
        return "a record has an id that was never given";
    if (record->as.block.size_bytes == 0)
        return "a record has no size";
    ledger_link owner = record->as.block.owner;
    return owner == 0 || record_at(ledger, owner)->id ? "a record has no owner" : NULL;
}

/* The newest block, which is in no tree, and not in its owner's sums. */
static const char *check_newest(const struct ledger *ledger)
{
    if (!ledger->newest)
        return NULL;
    const struct ledger_record *record = record_at(ledger, ledger->newest);
    if (ledger->ready != 0)
        return "a record is ready although a block is the newest";
    if (record->as.block.owner != ledger->owner)
        return "the newest block is not the chosen owner's";
    return check_block(ledger, record);
}

MM_COLD static const char *check_tree(const struct ledger *ledger, unsigned which, uint32_t number,
                                      struct sums *sums)
{
    struct walk walk;
    ledger_link link = walk_start(&walk, bucket_at(ledger, number)->trees[which]);
    while (link != 0) {
        const struct ledger_record *record = record_at(ledger, link);
        const char *broken = check_block(ledger, record);
        if (broken)
            return broken;
        if (++sums->blocks[which] > ledger->planted_count)
            return "there are more records than blocks";
        if (!is_on_its_way(ledger, which, link))
            return "a record is in the wrong place";
        if (which == BY_BASE)
            sums->bytes += record->as.block.size_bytes;
        link = walk_next(&walk, record->as.block.halves[which]);
    }
    return NULL;
}

MM_COLD static const char *check_owners(const struct ledger *ledger, struct sums *sums)
{
    struct walk walk;
    ledger_link link = walk_start(&walk, ledger->owners);
    while (link != 0) {
        const struct ledger_record *record = record_at(ledger, link);
        if (record->id != 0 || !ledger_is_name(record->as.owner.text))
            return "an owner has no name";
        if (++sums->owners > ledger->owner_count)
            return "there are more owners than were counted";
        if (ledger_find_owner(ledger, record->as.owner.text) != link)
            return "an owner is in the wrong place";
        sums->blocks_of_owners += record->as.owner.block_count;
        sums->bytes_of_owners += record->as.owner.size_bytes;
        link = walk_next(&walk, record->as.owner.halves);
    }
    return NULL;
}

static const char *check_free(const struct ledger *ledger, struct sums *sums)
{
    sums->free = ledger->chunks.count * CHUNK_RECORDS - ledger->used_count;
    for (ledger_link link = ledger->free_records; link; link = record_at(ledger, link)->as.next)
        if (++sums->free > ledger->spare_count)
            return "there are more free records than were counted";
    return NULL;
}

static const char *check_sums(const struct ledger *ledger, const struct sums *sums)
{
    size_t planted = ledger->planted_count;
    if (sums->blocks[BY_BASE] != planted || sums->blocks[BY_ID] != planted ||
        sums->owners != ledger->owner_count || sums->free != ledger->spare_count ||
        ledger_block_count(ledger) + sums->owners + ledger_free_count(ledger) !=
            ledger->chunks.count * CHUNK_RECORDS)
        return "the counts of records are wrong";
    if (sums->blocks_of_owners != planted || sums->bytes_of_owners != sums->bytes)
        return "the owners' sums are wrong";
    return NULL;
}

MM_COLD const char *ledger_check(const struct ledger *ledger)
{
    struct sums sums = {{0, 0}, 0, 0, 0, 0, 0};
    const char *broken = check_newest(ledger);
    if (ledger->bucket_count > ledger->chunks.count * CHUNK_BUCKETS)
        return "there are more buckets than chunks hold";
    for (uint32_t number = 0; !broken && number < ledger->bucket_count; number++) {
        broken = check_tree(ledger, BY_BASE, number, &sums);
        if (!broken)
            broken = check_tree(ledger, BY_ID, number, &sums);
    }
    if (!broken)
        broken = check_owners(ledger, &sums);
    if (!broken)
        broken = check_free(ledger, &sums);
    return broken ? broken : check_sums(ledger, &sums);
}
