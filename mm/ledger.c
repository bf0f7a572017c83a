/*
 * A hash table with two chains a bucket, by base and by name; a name is a block's id or an owner's
 * text. Records and buckets lie in chunks that are given to the ledger and never given back. Knows
 * no frames and asks for no memory itself.
 */

#include "ledger.h"

struct ledger_record {
    struct ledger_record *next; /* by name, or in the list of free records */
    uint64_t id; /* of a block; 0: the record is an owner's */
    union {
        struct {
            phys_t base;
            uint64_t size_bytes;
            uint64_t tag;
            struct ledger_record *owner;
            struct ledger_record *next; /* by base */
        } block;
        struct {
            char text[LEDGER_OWNER_MAX + 1];
            uint64_t size_bytes;
            size_t block_count;
        } owner;
    } as;
};

struct bucket {
    struct ledger_record *by_base;
    struct ledger_record *by_name;
};

#define CHUNK_BUCKETS 32
#define CHUNK_RECORDS                                                                              \
    ((CHUNK_BYTES - CHUNK_BUCKETS * sizeof(struct bucket)) / sizeof(struct ledger_record))

struct chunk {
    struct bucket buckets[CHUNK_BUCKETS];
    struct ledger_record records[CHUNK_RECORDS];
};

MM_STATIC_ASSERT(sizeof(struct chunk) <= CHUNK_BYTES, "a chunk fits into its memory");
MM_STATIC_ASSERT(CHUNK_BYTES / CHUNK_RECORDS <= 64, "a record costs at most 64 bytes, all told");

void ledger_init(struct ledger *ledger)
{
    chunks_init(&ledger->chunks);
    ledger->used_count = 0;
    ledger->free_records = NULL;
    ledger->free_count = 0;
    ledger->live_count = 0;
    ledger->owner_count = 0;
    ledger->bucket_count = 0;
    ledger->bucket_mask = 0;
    ledger->owner = NULL;
    ledger->newest = NULL;
    ledger->last_id = 0;
}

static struct chunk *chunk_at(const struct ledger *ledger, size_t number)
{
    return (struct chunk *)chunks_at(&ledger->chunks, number);
}

/* ---- records that are free ------------------------------------------------------------------- */

static void push_free(struct ledger *ledger, struct ledger_record *record)
{
    record->next = ledger->free_records;
    ledger->free_records = record;
    ledger->free_count++;
}

/* One that was in use before, else the next that never was. There must be one. */
static struct ledger_record *pop_free(struct ledger *ledger)
{
    struct ledger_record *record = ledger->free_records;
    ledger->free_count--;
    if (record) {
        ledger->free_records = record->next;
        return record;
    }
    size_t number = ledger->used_count++;
    return &chunk_at(ledger, number / CHUNK_RECORDS)->records[number % CHUNK_RECORDS];
}

/* ---- buckets --------------------------------------------------------------------------------- */

/*
 * Multiplicative hashing (Knuth, TAOCP 6.4) makes the upper bits good; they are laid over the lower
 * ones, which choose the bucket.
 */
static uint32_t mix(uint64_t key)
{
    uint32_t hash = ((uint32_t)key + (uint32_t)(key >> 32) * 0x85EBCA6Bu) * 0x9E3779B1u;
    return hash ^ hash >> 15;
}

static uint32_t hash_of_base(phys_t base)
{
    return mix(base >> FRAME_SHIFT);
}

/* FNV-1a (Fowler, Noll, Vo; RFC 9923) of the text. */
static uint32_t hash_of_text(const char *text)
{
    uint32_t hash = 0x811C9DC5u;
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * 0x01000193u;
    return mix(hash);
}

static uint32_t hash_of_name(const struct ledger_record *record)
{
    return record->id ? mix(record->id) : hash_of_text(record->as.owner.text);
}

/* A number that no bucket has yet is that of the bucket which is to be split for it. */
static size_t number_of(const struct ledger *ledger, uint32_t hash)
{
    size_t number = hash & ledger->bucket_mask;
    return number < ledger->bucket_count ? number : number & ledger->bucket_mask >> 1;
}

static struct bucket *bucket_at(const struct ledger *ledger, size_t number)
{
    return &chunk_at(ledger, number / CHUNK_BUCKETS)->buckets[number % CHUNK_BUCKETS];
}

static struct bucket *bucket_of(const struct ledger *ledger, uint32_t hash)
{
    return bucket_at(ledger, number_of(ledger, hash));
}

/* Moves to the new bucket what belongs there by now. */
static void split_by_base(const struct ledger *ledger, struct ledger_record **link, size_t number)
{
    struct ledger_record **other = &bucket_at(ledger, number)->by_base;
    while (*link) {
        struct ledger_record *record = *link;
        if (number_of(ledger, hash_of_base(record->as.block.base)) != number) {
            link = &record->as.block.next;
            continue;
        }
        *link = record->as.block.next;
        record->as.block.next = *other;
        *other = record;
    }
}

static void split_by_name(const struct ledger *ledger, struct ledger_record **link, size_t number)
{
    struct ledger_record **other = &bucket_at(ledger, number)->by_name;
    while (*link) {
        struct ledger_record *record = *link;
        if (number_of(ledger, hash_of_name(record)) != number) {
            link = &record->next;
            continue;
        }
        *link = record->next;
        record->next = *other;
        *other = record;
    }
}

/* Brings one more bucket into use: it takes its part of the one whose number it shares. */
static void add_bucket(struct ledger *ledger)
{
    size_t number = ledger->bucket_count++;
    if (number > ledger->bucket_mask)
        ledger->bucket_mask = 2 * ledger->bucket_mask + 1;
    struct bucket *bucket = bucket_at(ledger, number);
    bucket->by_base = NULL;
    bucket->by_name = NULL;
    if (number == 0)
        return;
    struct bucket *split = bucket_at(ledger, number & ledger->bucket_mask >> 1);
    split_by_base(ledger, &split->by_base, number);
    split_by_name(ledger, &split->by_name, number);
}

/* A bucket a record, until the chunks have no more: then two records a bucket, or some more. */
static void add_bucket_if_due(struct ledger *ledger)
{
    if (ledger->live_count + ledger->owner_count > ledger->bucket_count &&
        ledger->bucket_count < ledger->chunks.count * CHUNK_BUCKETS)
        add_bucket(ledger);
}

void ledger_add_memory(struct ledger *ledger, void *memory, size_t size_bytes)
{
    unsigned char *chunk = (unsigned char *)memory;
    for (; size_bytes >= CHUNK_BYTES; size_bytes -= CHUNK_BYTES, chunk += CHUNK_BYTES)
        if (chunks_add(&ledger->chunks, chunk))
            ledger->free_count += CHUNK_RECORDS;
    if (ledger->bucket_count == 0 && ledger->chunks.count > 0)
        add_bucket(ledger);
}

static void link_base(struct ledger *ledger, struct ledger_record *record)
{
    struct bucket *bucket = bucket_of(ledger, hash_of_base(record->as.block.base));
    record->as.block.next = bucket->by_base;
    bucket->by_base = record;
}

static void link_name(struct ledger *ledger, struct ledger_record *record)
{
    struct bucket *bucket = bucket_of(ledger, hash_of_name(record));
    record->next = bucket->by_name;
    bucket->by_name = record;
}

static void unlink_name(struct ledger *ledger, const struct ledger_record *record)
{
    struct ledger_record **link = &bucket_of(ledger, hash_of_name(record))->by_name;
    while (*link != record)
        link = &(*link)->next;
    *link = record->next;
}

/* ---- owners ---------------------------------------------------------------------------------- */

static bool is_same(const char *text, const char *other)
{
    size_t i = 0;
    while (text[i] == other[i])
        if (text[i++] == '\0')
            return true;
    return false;
}

bool ledger_is_name(const char *text)
{
    size_t length = 0;
    if (!text)
        return false;
    while (length <= LEDGER_OWNER_MAX && text[length] > ' ' && text[length] <= '~')
        length++;
    return length > 0 && length <= LEDGER_OWNER_MAX && text[length] == '\0';
}

static struct ledger_record *find_owner(const struct ledger *ledger, const char *text)
{
    if (ledger->bucket_count == 0)
        return NULL;
    struct ledger_record *record = bucket_of(ledger, hash_of_text(text))->by_name;
    while (record && (record->id || !is_same(record->as.owner.text, text)))
        record = record->next;
    return record;
}

static struct ledger_record *add_owner(struct ledger *ledger, const char *text)
{
    struct ledger_record *owner = pop_free(ledger);
    owner->id = 0;
    size_t length = 0;
    for (; text[length]; length++)
        owner->as.owner.text[length] = text[length];
    for (; length <= LEDGER_OWNER_MAX; length++)
        owner->as.owner.text[length] = '\0';
    owner->as.owner.block_count = 0;
    owner->as.owner.size_bytes = 0;
    link_name(ledger, owner);
    ledger->owner_count++;
    return owner;
}

/* The record of an owner without blocks is free again, unless it is the one that is chosen. */
static void drop_if_idle(struct ledger *ledger, struct ledger_record *owner)
{
    if (owner->as.owner.block_count > 0 || owner == ledger->owner)
        return;
    unlink_name(ledger, owner);
    push_free(ledger, owner);
    ledger->owner_count--;
}

static MM_NOINLINE enum mm_status change_owner(struct ledger *ledger, const char *text)
{
    if (!ledger_is_name(text))
        return MM_BAD_OWNER;
    struct ledger_record *owner = find_owner(ledger, text);
    if (!owner && ledger->free_count == 0)
        return MM_NO_RECORD;
    if (!owner)
        owner = add_owner(ledger, text);
    struct ledger_record *before = ledger->owner;
    ledger->owner = owner;
    if (before)
        drop_if_idle(ledger, before);
    return MM_OK;
}

bool ledger_has_chosen(const struct ledger *ledger, const char *owner)
{
    return owner && ledger->owner && is_same(ledger->owner->as.owner.text, owner);
}

enum mm_status ledger_choose_owner(struct ledger *ledger, const char *owner)
{
    return ledger_has_chosen(ledger, owner) ? MM_OK : change_owner(ledger, owner);
}

struct mm_holding ledger_find_holding(const struct ledger *ledger, const char *owner)
{
    const struct ledger_record *record = find_owner(ledger, owner);
    struct mm_holding holding = {0, 0};
    if (record) {
        holding.block_count = record->as.owner.block_count;
        holding.size_bytes = record->as.owner.size_bytes;
    }
    return holding;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static void copy_out(const struct ledger_record *record, struct mm_block *block)
{
    block->base = record->as.block.base;
    block->size_bytes = record->as.block.size_bytes;
    block->id = record->id;
    block->tag = record->as.block.tag;
    __builtin_memcpy(block->owner, record->as.block.owner->as.owner.text, sizeof block->owner);
}

/* Many blocks are freed before the next is entered. They never see a chain. */
static MM_NOINLINE void link_newest(struct ledger *ledger)
{
    link_base(ledger, ledger->newest);
    link_name(ledger, ledger->newest);
    add_bucket_if_due(ledger);
}

bool ledger_enter(struct ledger *ledger, phys_t base, uint64_t size_bytes, struct mm_block *block)
{
    if (ledger->free_count == 0 || !ledger->owner)
        return false;
    if (ledger->newest)
        link_newest(ledger);
    struct ledger_record *record = pop_free(ledger);
    record->id = ++ledger->last_id;
    record->as.block.base = base;
    record->as.block.size_bytes = size_bytes;
    record->as.block.tag = 0;
    record->as.block.owner = ledger->owner;
    ledger->owner->as.owner.size_bytes += size_bytes;
    ledger->owner->as.owner.block_count++;
    ledger->newest = record;
    ledger->live_count++;
    copy_out(record, block);
    return true;
}

/* The link that leads to the record, so that it can be unlinked; NULL if there is none. */
static struct ledger_record **find_link(const struct ledger *ledger, phys_t base)
{
    if (ledger->bucket_count == 0)
        return NULL;
    struct ledger_record **link = &bucket_of(ledger, hash_of_base(base))->by_base;
    while (*link && (*link)->as.block.base != base)
        link = &(*link)->as.block.next;
    return *link ? link : NULL;
}

static struct ledger_record *find_base(const struct ledger *ledger, phys_t base)
{
    struct ledger_record *newest = ledger->newest;
    if (newest && newest->as.block.base == base)
        return newest;
    struct ledger_record **link = find_link(ledger, base);
    return link ? *link : NULL;
}

/* Takes it out of both chains. NULL if there is none. */
static MM_NOINLINE struct ledger_record *unlink_block(struct ledger *ledger, phys_t base)
{
    struct ledger_record **link = find_link(ledger, base);
    if (!link)
        return NULL;
    struct ledger_record *record = *link;
    *link = record->as.block.next;
    unlink_name(ledger, record);
    return record;
}

bool ledger_strike(struct ledger *ledger, phys_t base)
{
    struct ledger_record *record = ledger->newest;
    if (record && record->as.block.base == base)
        ledger->newest = NULL;
    else if (!(record = unlink_block(ledger, base)))
        return false;
    struct ledger_record *owner = record->as.block.owner;
    owner->as.owner.size_bytes -= record->as.block.size_bytes;
    if (--owner->as.owner.block_count == 0)
        drop_if_idle(ledger, owner);
    push_free(ledger, record);
    ledger->live_count--;
    return true;
}

bool ledger_find(const struct ledger *ledger, phys_t base, struct mm_block *block)
{
    const struct ledger_record *record = find_base(ledger, base);
    if (record)
        copy_out(record, block);
    return record != NULL;
}

bool ledger_find_id(const struct ledger *ledger, uint64_t id, struct mm_block *block)
{
    const struct ledger_record *record = ledger->newest;
    if (ledger->bucket_count == 0 || id == 0)
        return false;
    if (!record || record->id != id)
        record = bucket_of(ledger, mix(id))->by_name;
    while (record && record->id != id)
        record = record->next;
    if (record)
        copy_out(record, block);
    return record != NULL;
}

bool ledger_set_tag(struct ledger *ledger, phys_t base, uint64_t tag)
{
    struct ledger_record *record = find_base(ledger, base);
    if (record)
        record->as.block.tag = tag;
    return record != NULL;
}

/* ---- the check ------------------------------------------------------------------------------- */

/* What the chains add up to. */
struct sums {
    size_t by_base, by_name, owners, blocks_of_owners, free;
    uint64_t bytes, bytes_of_owners;
};

static const char *check_block(const struct ledger *ledger, const struct ledger_record *record)
{
    if (record->id == 0 || record->id > ledger->last_id)
        return "a record has an id that was never given";
    if (record->as.block.size_bytes == 0)
        return "a record has no size";
    const struct ledger_record *owner = record->as.block.owner;
    return !owner || owner->id ? "a record has no owner" : NULL;
}

/* The one block that is in no chain. */
static const char *check_newest(const struct ledger *ledger, struct sums *sums)
{
    if (!ledger->newest)
        return NULL;
    sums->by_base++;
    sums->by_name++;
    sums->bytes += ledger->newest->as.block.size_bytes;
    return check_block(ledger, ledger->newest);
}

static const char *check_by_base(const struct ledger *ledger, size_t number, struct sums *sums)
{
    const struct ledger_record *record = bucket_at(ledger, number)->by_base;
    for (; record; record = record->as.block.next) {
        const char *broken = check_block(ledger, record);
        if (broken)
            return broken;
        if (number_of(ledger, hash_of_base(record->as.block.base)) != number)
            return "a record is in the wrong bucket";
        if (++sums->by_base > ledger->live_count)
            return "there are more records than blocks";
        sums->bytes += record->as.block.size_bytes;
    }
    return NULL;
}

static const char *check_by_name(const struct ledger *ledger, size_t number, struct sums *sums)
{
    const struct ledger_record *record = bucket_at(ledger, number)->by_name;
    for (; record; record = record->next) {
        if (record->id == 0 && !ledger_is_name(record->as.owner.text))
            return "an owner has no name";
        if (number_of(ledger, hash_of_name(record)) != number)
            return "a name is in the wrong bucket";
        if (++sums->by_name > ledger->live_count + ledger->owner_count)
            return "there are more names than blocks and owners";
        if (record->id)
            continue;
        sums->owners++;
        sums->blocks_of_owners += record->as.owner.block_count;
        sums->bytes_of_owners += record->as.owner.size_bytes;
    }
    return NULL;
}

static const char *check_free(const struct ledger *ledger, struct sums *sums)
{
    sums->free = ledger->chunks.count * CHUNK_RECORDS - ledger->used_count;
    for (const struct ledger_record *record = ledger->free_records; record; record = record->next)
        if (++sums->free > ledger->free_count)
            return "there are more free records than were counted";
    return NULL;
}

static const char *check_sums(const struct ledger *ledger, const struct sums *sums)
{
    if (sums->by_base != ledger->live_count || sums->owners != ledger->owner_count ||
        sums->by_name != ledger->live_count + ledger->owner_count ||
        sums->free != ledger->free_count ||
        sums->by_name + sums->free != ledger->chunks.count * CHUNK_RECORDS)
        return "the counts of records are wrong";
    if (sums->blocks_of_owners != ledger->live_count || sums->bytes_of_owners != sums->bytes)
        return "the owners' sums are wrong";
    return NULL;
}

MM_COLD const char *ledger_check(const struct ledger *ledger)
{
    struct sums sums = {0, 0, 0, 0, 0, 0, 0};
    const char *broken = check_newest(ledger, &sums);
    if (ledger->bucket_count > ledger->chunks.count * CHUNK_BUCKETS)
        return "there are more buckets than chunks hold";
    for (size_t number = 0; !broken && number < ledger->bucket_count; number++) {
        broken = check_by_base(ledger, number, &sums);
        if (!broken)
            broken = check_by_name(ledger, number, &sums);
    }
    if (!broken)
        broken = check_free(ledger, &sums);
    return broken ? broken : check_sums(ledger, &sums);
}
