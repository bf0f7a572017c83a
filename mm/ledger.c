/*
 * Records who holds which block: a hash table of small trees, by base and by id, and a tree of
 * owners. Records and buckets lie in chunks that are given to the ledger and never given back.
 * Knows no frames and asks for no memory itself.
 */

#include "record.h"

MM_COLD void ledger_init(struct ledger *ledger)
{
    chunks_init(&ledger->chunks);
    ledger->used_count = 0;
    ledger->free_records = 0;
    ledger->spare_count = 0;
    ledger->planted_count = 0;
    ledger->owner_count = 0;
    ledger->bucket_count = 0;
    ledger->bucket_bits = 0;
    ledger->owners = 0;
    ledger->owner = 0;
    ledger->newest = 0;
    ledger->ready = 0;
    ledger->last_id = 0;
}

/* ---- records that are free ------------------------------------------------------------------- */

static void push_free(struct ledger *ledger, ledger_link link)
{
    MM_ASSERT_COSTLY(link != ledger->free_records && link != ledger->ready);
    MM_ASSERT_COSTLY(link != ledger->newest && link != ledger->owner);
    record_at(ledger, link)->as.next = ledger->free_records;
    ledger->free_records = link;
    ledger->spare_count++;
}

/* The next record that was never in use. There must be one. */
static ledger_link next_unused(struct ledger *ledger)
{
    MM_ASSERT_COSTLY(ledger->used_count < ledger->chunks.count * CHUNK_RECORDS);
    size_t number = ledger->used_count++;
    size_t chunk = number / CHUNK_RECORDS;
    size_t place = number % CHUNK_RECORDS;
    if (sizeof(void *) <= sizeof(ledger_link))
        return (ledger_link)(uintptr_t)&chunk_at(ledger, chunk)->records[place];
    return (ledger_link)(chunk << LINK_SHIFT | (place + 1));
}

/* Takes a free record; 0 if there is none. `ready` is taken only if there is no other. */
static ledger_link pop_free(struct ledger *ledger)
{
    ledger_link link = ledger->free_records;
    if (ledger->spare_count == 0) {
        link = ledger->ready;
        ledger->ready = 0;
        return link;
    }
    ledger->spare_count--;
    if (link == 0)
        return next_unused(ledger);
    ledger->free_records = record_at(ledger, link)->as.next;
    return link;
}

/* ---- trees ----------------------------------------------------------------------------------- */

static void clear_halves(ledger_link *halves)
{
    halves[0] = halves[1] = 0;
}

/* Enters a record, which has this code, at the first empty place of its path. */
MM_INLINE void tree_enter(struct ledger *ledger, unsigned which, ledger_link entered, uint32_t code)
{
    ledger_link *link = tree_of(ledger, which, &code);
    while (*link) {
        MM_ASSERT_COSTLY(*link != entered);
        link = &record_at(ledger, *link)->as.block.halves[which][code & 1];
        code = code_turn(code, 1);
    }
    clear_halves(record_at(ledger, entered)->as.block.halves[which]);
    *link = entered;
}

/* Takes a record without halves out of the tree: the one at the link, or one below it. */
static ledger_link tree_pick(struct ledger *ledger, unsigned which, ledger_link *link)
{
    for (;;) {
        ledger_link picked = *link;
        ledger_link *halves = record_at(ledger, picked)->as.block.halves[which];
        if ((halves[0] | halves[1]) == 0) {
            *link = 0;
            return picked;
        }
        link = &halves[halves[0] == 0];
    }
}

/* Takes the record at the link out of its tree. A record from below takes its place. */
static void tree_remove(struct ledger *ledger, unsigned which, ledger_link *link)
{
    ledger_link removed = *link;
    MM_ASSERT_COSTLY(removed != 0);
    ledger_link picked = tree_pick(ledger, which, link);
    if (picked == removed)
        return;
    const ledger_link *halves = record_at(ledger, removed)->as.block.halves[which];
    ledger_link *others = record_at(ledger, picked)->as.block.halves[which];
    others[0] = halves[0];
    others[1] = halves[1];
    *link = picked;
}

/* The link that leads to the block, so that it can be removed. The link is 0 if there is none. */
static ledger_link *find_base(const struct ledger *ledger, phys_t base)
{
    uint32_t code = code_of_base(base);
    ledger_link *link = tree_of(ledger, BY_BASE, &code);
    while (*link) {
        struct ledger_record *record = record_at(ledger, *link);
        if (bits_are_same(record->as.block.base, base))
            break;
        link = &record->as.block.halves[BY_BASE][code & 1];
        code = code_turn(code, 1);
    }
    return link;
}

static ledger_link *find_id(const struct ledger *ledger, uint64_t id)
{
    uint32_t code = code_of_id(id);
    ledger_link *link = tree_of(ledger, BY_ID, &code);
    while (*link) {
        struct ledger_record *record = record_at(ledger, *link);
        if (bits_are_same(record->id, id))
            break;
        link = &record->as.block.halves[BY_ID][code & 1];
        code = code_turn(code, 1);
    }
    return link;
}

/* ---- buckets --------------------------------------------------------------------------------- */

/* The halves of a tree become two trees. The record that was its root is entered anew. */
MM_COLD static void split_tree(struct ledger *ledger, unsigned which, ledger_link *tree,
                               ledger_link *other)
{
    ledger_link link = *tree;
    if (link == 0)
        return;
    struct ledger_record *record = record_at(ledger, link);
    *tree = record->as.block.halves[which][0];
    *other = record->as.block.halves[which][1];
    tree_enter(ledger, which, link, code_of(record, which));
}

/* Adds a bucket. It is split off another one, and takes one half of each tree there. */
MM_COLD static void add_bucket(struct ledger *ledger)
{
    MM_ASSERT_COSTLY(ledger->bucket_count < ledger->chunks.count * CHUNK_BUCKETS);
    uint32_t number = ledger->bucket_count++;
    uint32_t whole = 1u << ledger->bucket_bits;
    if (ledger->bucket_count == 2 * whole)
        ledger->bucket_bits++;
    struct bucket *bucket = bucket_at(ledger, number);
    for (unsigned which = BY_BASE; which <= BY_ID; which++) {
        bucket->trees[which] = 0;
        if (number > 0)
            split_tree(ledger, which, &bucket_at(ledger, number - whole)->trees[which],
                       &bucket->trees[which]);
    }
}

/*
 * Adds a bucket if there are more blocks than buckets, as long as the chunks have room for one.
 * After that, some two blocks share a bucket.
 */
static void add_bucket_if_due(struct ledger *ledger)
{
    if (ledger->planted_count > ledger->bucket_count &&
        ledger->bucket_count < ledger->chunks.count * CHUNK_BUCKETS)
        add_bucket(ledger);
}

MM_COLD void ledger_add_memory(struct ledger *ledger, void *memory, size_t size_bytes)
{
    unsigned char *chunk = (unsigned char *)memory;
    for (; size_bytes >= CHUNK_BYTES; size_bytes -= CHUNK_BYTES, chunk += CHUNK_BYTES)
        if (chunks_add(&ledger->chunks, chunk))
            ledger->spare_count += CHUNK_RECORDS;
    if (ledger->bucket_count == 0 && ledger->chunks.count > 0)
        add_bucket(ledger);
}

/* ---- owners ---------------------------------------------------------------------------------- */

bool ledger_is_name(const char *text)
{
    size_t length = 0;
    if (!text)
        return false;
    while (length <= LEDGER_OWNER_MAX && text[length] > ' ' && text[length] <= '~')
        length++;
    return length > 0 && length <= LEDGER_OWNER_MAX && text[length] == '\0';
}

static bool is_same(const char *text, const char *other)
{
    size_t i = 0;
    while (text[i] == other[i])
        if (text[i++] == '\0')
            return true;
    return false;
}

/* FNV-1a (Fowler, Noll, Vo; RFC 9923). */
static uint32_t hash_of_name(const char *name)
{
    uint32_t hash = 0x811C9DC5u;
    for (; *name; name++)
        hash = (hash ^ (uint8_t)*name) * 0x01000193u;
    return hash ^ hash >> 15;
}

/*
 * The half in which an owner's path goes on. First the bits of a hash are used, then those of the
 * name, so that the paths of two names part. No bit behind the end of a name is read: a name that
 * agrees with another one up to there is the same, and the search ends.
 */
static unsigned half_of_name(const char *name, uint32_t hash, unsigned level)
{
    if (level < 32)
        return hash >> level & 1;
    return (uint8_t)name[(level - 32) / 8] >> (level - 32) % 8 & 1;
}

/* The link that leads to the owner, or to its place if there is none; `link` leads to the tree. */
MM_COLD static ledger_link *find_owner(const struct ledger *ledger, ledger_link *link,
                                       const char *name)
{
    uint32_t hash = hash_of_name(name);
    for (unsigned level = 0; *link && level < OWNER_WAY_MAX; level++) {
        struct ledger_record *record = record_at(ledger, *link);
        if (is_same(record->as.owner.text, name))
            break;
        link = &record->as.owner.halves[half_of_name(name, hash, level)];
    }
    return link;
}

ledger_link ledger_find_owner(const struct ledger *ledger, const char *name)
{
    ledger_link tree = ledger->owners;
    return *find_owner(ledger, &tree, name);
}

/* Makes a free record an owner's. */
MM_COLD static void add_owner(struct ledger *ledger, ledger_link added, const char *name)
{
    struct ledger_record *record = record_at(ledger, added);
    ledger->owner_count++;
    clear_halves(record->as.owner.halves);
    record->id = 0;
    record->as.owner.block_count = 0;
    record->as.owner.size_bytes = 0;
    size_t length = 0;
    for (; name[length]; length++)
        record->as.owner.text[length] = name[length];
    for (; length <= LEDGER_OWNER_MAX; length++)
        record->as.owner.text[length] = '\0';
}

/* Frees the record of an owner without blocks, unless the owner is chosen. */
MM_COLD static void drop_if_idle(struct ledger *ledger, ledger_link owner)
{
    struct ledger_record *record = record_at(ledger, owner);
    if (record->as.owner.block_count > 0 || owner == ledger->owner)
        return;
    tree_remove(ledger, BY_BASE, find_owner(ledger, &ledger->owners, record->as.owner.text));
    push_free(ledger, owner);
    ledger->owner_count--;
}

/* Puts the block entered last into the trees, and adds it to its owner's sums. */
static MM_NOINLINE void plant_newest(struct ledger *ledger)
{
    ledger_link newest = ledger->newest;
    MM_ASSERT_COSTLY(newest && ledger->owner &&
                     *find_id(ledger, record_at(ledger, newest)->id) == 0);
    const struct ledger_record *record = record_at(ledger, newest);
    struct ledger_record *owner = record_at(ledger, ledger->owner);
    ledger->newest = 0;
    owner->as.owner.size_bytes += record->as.block.size_bytes;
    owner->as.owner.block_count++;
    ledger->planted_count++;
    tree_enter(ledger, BY_BASE, newest, code_of(record, BY_BASE));
    tree_enter(ledger, BY_ID, newest, code_of(record, BY_ID));
    add_bucket_if_due(ledger);
}

MM_COLD static enum mm_status change_owner(struct ledger *ledger, const char *name)
{
    if (!ledger_is_name(name))
        return MM_BAD_OWNER;
    ledger_link *link = find_owner(ledger, &ledger->owners, name);
    if (*link == 0) {
        ledger_link added = pop_free(ledger);
        if (added == 0)
            return MM_NO_RECORD;
        add_owner(ledger, added, name);
        *link = added;
    }
    if (ledger->newest)
        plant_newest(ledger);
    ledger_link before = ledger->owner;
    ledger->owner = *link;
    if (before)
        drop_if_idle(ledger, before);
    return MM_OK;
}

enum mm_status ledger_choose_owner(struct ledger *ledger, const char *owner)
{
    return record_owner_is(ledger, owner) ? MM_OK : change_owner(ledger, owner);
}

MM_COLD struct mm_holding ledger_find_holding(const struct ledger *ledger, const char *owner)
{
    struct mm_holding holding = {0, 0};
    ledger_link link = ledger_find_owner(ledger, owner);
    if (link) {
        const struct ledger_record *record = record_at(ledger, link);
        holding.block_count = record->as.owner.block_count;
        holding.size_bytes = record->as.owner.size_bytes;
    }
    if (link == ledger->owner && ledger->newest) {
        holding.block_count++;
        holding.size_bytes += record_at(ledger, ledger->newest)->as.block.size_bytes;
    }
    return holding;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static void copy_out(const struct ledger *ledger, const struct ledger_record *record,
                     struct mm_block *block)
{
    const struct ledger_record *owner = record_at(ledger, record->as.block.owner);
    block->base = record->as.block.base;
    block->size_bytes = record->as.block.size_bytes;
    block->id = record->id;
    block->tag = record->as.block.tag;
    record_copy_name(block->owner, owner->as.owner.text);
}

MM_NOINLINE bool ledger_make_ready(struct ledger *ledger)
{
    if (ledger->newest && ledger->spare_count > 0)
        plant_newest(ledger);
    if (!ledger->newest && !ledger->ready)
        ledger->ready = pop_free(ledger);
    return ledger->ready != 0;
}

bool ledger_enter(struct ledger *ledger, phys_t base, uint64_t size_bytes, struct mm_block *block)
{
    if (!ledger->owner || !ledger_make_ready(ledger))
        return false;
    record_enter(ledger, base, size_bytes, block);
    return true;
}

/* NULL if there is none. */
static struct ledger_record *find_block(const struct ledger *ledger, phys_t base)
{
    struct ledger_record *record = record_newest(ledger, base);
    if (record || ledger->bucket_count == 0)
        return record;
    ledger_link link = *find_base(ledger, base);
    return link ? record_at(ledger, link) : NULL;
}

static void leave_owner(struct ledger *ledger, const struct ledger_record *record)
{
    struct ledger_record *owner = record_at(ledger, record->as.block.owner);
    MM_ASSERT_COSTLY(owner->as.owner.block_count > 0 &&
                     owner->as.owner.size_bytes >= record->as.block.size_bytes);
    owner->as.owner.size_bytes -= record->as.block.size_bytes;
    if (--owner->as.owner.block_count == 0)
        drop_if_idle(ledger, record->as.block.owner);
}

uint64_t ledger_strike(struct ledger *ledger, phys_t base)
{
    struct ledger_record *record = record_newest(ledger, base);
    if (record) {
        record_strike_newest(ledger);
        return record->as.block.size_bytes;
    }
    if (ledger->bucket_count == 0)
        return 0;
    ledger_link *link = find_base(ledger, base);
    ledger_link struck = *link;
    if (struck == 0)
        return 0;
    record = record_at(ledger, struck);
    tree_remove(ledger, BY_BASE, link);
    tree_remove(ledger, BY_ID, find_id(ledger, record->id));
    leave_owner(ledger, record);
    push_free(ledger, struck);
    ledger->planted_count--;
    return record->as.block.size_bytes;
}

bool ledger_find(const struct ledger *ledger, phys_t base, struct mm_block *block)
{
    const struct ledger_record *record = find_block(ledger, base);
    if (record)
        copy_out(ledger, record, block);
    return record;
}

bool ledger_find_id(const struct ledger *ledger, uint64_t id, struct mm_block *block)
{
    ledger_link link = ledger->newest;
    if (ledger->bucket_count == 0)
        return false;
    if (link == 0 || record_at(ledger, link)->id != id)
        link = *find_id(ledger, id);
    if (link)
        copy_out(ledger, record_at(ledger, link), block);
    return link != 0;
}

bool ledger_set_tag(struct ledger *ledger, phys_t base, uint64_t tag)
{
    struct ledger_record *record = find_block(ledger, base);
    if (record)
        record->as.block.tag = tag;
    return record;
}
