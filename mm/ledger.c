/*
 * A hash table with chains. Records are carved from memory that the ledger is given and never gives
 * back; so are the buckets, which double when the memory comes in pieces that double. Knows no
 * frames and asks for no memory itself.
 */

#include "ledger.h"

struct ledger_record {
    struct mm_block block;
    struct ledger_record *next; /* in its bucket, or in the list of free records */
};

void ledger_init(struct ledger *ledger)
{
    ledger->buckets = NULL;
    ledger->bucket_count = 0;
    ledger->free_records = NULL;
    ledger->free_count = 0;
    ledger->live_count = 0;
    ledger->last_id = 0;
}

/* Fibonacci hashing: the multiplier is 2^32 divided by the golden ratio (Knuth, TAOCP 6.4). */
static size_t bucket_of(const struct ledger *ledger, phys_t base)
{
    uint64_t pfn = base >> FRAME_SHIFT;
    uint32_t hash = ((uint32_t)pfn ^ (uint32_t)(pfn >> 32)) * 0x9E3779B1u;
    return (hash >> 12) & (ledger->bucket_count - 1);
}

static void push_free(struct ledger *ledger, struct ledger_record *record)
{
    record->next = ledger->free_records;
    ledger->free_records = record;
    ledger->free_count++;
}

static void carve_records(struct ledger *ledger, void *memory, size_t size_bytes)
{
    struct ledger_record *records = (struct ledger_record *)memory;
    for (size_t i = 0; i < size_bytes / sizeof *records; i++)
        push_free(ledger, &records[i]);
}

static void replace_buckets(struct ledger *ledger, struct ledger_record **buckets, size_t count)
{
    struct ledger old = *ledger;
    ledger->buckets = buckets;
    ledger->bucket_count = count;
    for (size_t i = 0; i < count; i++)
        buckets[i] = NULL;
    for (size_t i = 0; i < old.bucket_count; i++) {
        struct ledger_record *record = old.buckets[i];
        while (record) {
            struct ledger_record *next = record->next;
            struct ledger_record **bucket = &buckets[bucket_of(ledger, record->block.base)];
            record->next = *bucket;
            *bucket = record;
            record = next;
        }
    }
    carve_records(ledger, old.buckets, old.bucket_count * sizeof *old.buckets);
}

void ledger_add_memory(struct ledger *ledger, void *memory, size_t size_bytes)
{
    size_t count = 8;
    while (count * 2 * sizeof(struct ledger_record *) <= size_bytes / 4)
        count *= 2;
    size_t buckets_bytes = count * sizeof(struct ledger_record *);
    if (count > ledger->bucket_count && buckets_bytes <= size_bytes) {
        replace_buckets(ledger, (struct ledger_record **)memory, count);
        memory = (unsigned char *)memory + buckets_bytes;
        size_bytes -= buckets_bytes;
    }
    carve_records(ledger, memory, size_bytes);
}

static size_t owner_length(const char *owner)
{
    size_t length = 0;
    while (length <= LEDGER_OWNER_MAX && owner[length] > ' ' && owner[length] <= '~')
        length++;
    return length;
}

bool ledger_owner_is_valid(const char *owner)
{
    if (!owner)
        return false;
    size_t length = owner_length(owner);
    return length > 0 && length <= LEDGER_OWNER_MAX && owner[length] == '\0';
}

bool ledger_enter(struct ledger *ledger, struct mm_block *block)
{
    struct ledger_record *record = ledger->free_records;
    if (!record || ledger->bucket_count == 0)
        return false;
    ledger->free_records = record->next;
    ledger->free_count--;
    ledger->live_count++;
    block->id = ++ledger->last_id;
    record->block = *block;
    struct ledger_record **bucket = &ledger->buckets[bucket_of(ledger, block->base)];
    record->next = *bucket;
    *bucket = record;
    return true;
}

/* The link that leads to the record, so that it can be unlinked; NULL if there is none. */
static struct ledger_record **find_link(const struct ledger *ledger, phys_t base)
{
    if (ledger->bucket_count == 0)
        return NULL;
    struct ledger_record **link = &ledger->buckets[bucket_of(ledger, base)];
    while (*link && (*link)->block.base != base)
        link = &(*link)->next;
    return *link ? link : NULL;
}

bool ledger_strike(struct ledger *ledger, phys_t base)
{
    struct ledger_record **link = find_link(ledger, base);
    if (!link)
        return false;
    struct ledger_record *record = *link;
    *link = record->next;
    ledger->live_count--;
    push_free(ledger, record);
    return true;
}

bool ledger_find(const struct ledger *ledger, phys_t base, struct mm_block *block)
{
    struct ledger_record **link = find_link(ledger, base);
    if (link)
        *block = (*link)->block;
    return link != NULL;
}

bool ledger_find_id(const struct ledger *ledger, uint64_t id, struct mm_block *block)
{
    for (size_t i = 0; i < ledger->bucket_count; i++) {
        for (const struct ledger_record *record = ledger->buckets[i]; record;
             record = record->next) {
            if (record->block.id == id) {
                *block = record->block;
                return true;
            }
        }
    }
    return false;
}

bool ledger_set_tag(struct ledger *ledger, phys_t base, uint64_t tag)
{
    struct ledger_record **link = find_link(ledger, base);
    if (link)
        (*link)->block.tag = tag;
    return link != NULL;
}

static const char *check_record(const struct ledger *ledger, const struct ledger_record *record,
                                size_t bucket)
{
    if (bucket_of(ledger, record->block.base) != bucket)
        return "a record is in the wrong bucket";
    if (record->block.size_bytes == 0 || !ledger_owner_is_valid(record->block.owner))
        return "a record has no size or no owner";
    if (record->block.id == 0 || record->block.id > ledger->last_id)
        return "a record has an id that was never given";
    return NULL;
}

const char *ledger_check(const struct ledger *ledger)
{
    size_t live_count = 0;
    for (size_t i = 0; i < ledger->bucket_count; i++) {
        for (const struct ledger_record *record = ledger->buckets[i]; record;
             record = record->next) {
            const char *broken = check_record(ledger, record, i);
            if (broken)
                return broken;
            if (++live_count > ledger->live_count)
                return "there are more records than blocks";
        }
    }
    size_t free_count = 0;
    for (const struct ledger_record *record = ledger->free_records; record; record = record->next)
        if (++free_count > ledger->free_count)
            return "there are more free records than were counted";
    if (live_count != ledger->live_count || free_count != ledger->free_count)
        return "the counts of records are wrong";
    return NULL;
}
