/* Owners' names, the bucket of a code, and small trees of records. */

#include "any.h"
#include "mm/chunks.c"
#include "mm/ledger.c"

static struct ledger ledger;
static struct chunk chunk;

static void make_ledger(void)
{
    ledger.chunks.root = &chunk;
    ledger.chunks.height = 0;
    ledger.chunks.count = 1;
}

/* A name has 1 to 23 printable characters, and ends behind them. */
void prove_name(void)
{
    char text[LEDGER_OWNER_MAX + 4];
    for (unsigned i = 0; i < sizeof text; i++)
        text[i] = (char)any32();
    text[sizeof text - 1] = '\0';
    bool is_name = ledger_is_name(text);
    size_t length = 0;
    bool is_printable = true;
    for (unsigned i = 0; i < sizeof text && text[i]; i++) {
        length++;
        is_printable = is_printable && text[i] > ' ' && text[i] <= '~';
    }
    claim(is_name == (length >= 1 && length <= 23 && is_printable));
    claim(!ledger_is_name(NULL));
    REACHED();
}

/* The bucket of a code is there, and codes that differ only above its bits share it. */
void prove_bucket(void)
{
    make_ledger();
    ledger.bucket_bits = (uint32_t)any_below(6);
    ledger.bucket_count = any32();
    uint32_t whole = 1u << ledger.bucket_bits;
    assume(ledger.bucket_count >= whole && ledger.bucket_count < 2 * whole);
    assume(ledger.bucket_count <= CHUNK_BUCKETS);
    uint32_t code = any32();
    uint32_t rest = code;
    const ledger_link *tree = tree_of(&ledger, BY_ID, &rest);
    size_t number = (size_t)((const struct bucket *)(const void *)(tree - BY_ID) - chunk.buckets);
    claim(number < ledger.bucket_count && number % whole == code % whole);
    REACHED();
}

#define LINK(n) ((ledger_link)(n))

/* What is taken out of a tree of three records leaves the other two in it. */
void prove_remove(void)
{
    make_ledger();
    bool has_left = any_bool();
    bool has_right = any_bool();
    chunk.records[0].as.block.halves[BY_ID][0] = has_left ? LINK(2) : 0;
    chunk.records[0].as.block.halves[BY_ID][1] = has_right ? LINK(3) : 0;
    chunk.records[1].as.block.halves[BY_ID][0] = chunk.records[1].as.block.halves[BY_ID][1] = 0;
    chunk.records[2].as.block.halves[BY_ID][0] = chunk.records[2].as.block.halves[BY_ID][1] = 0;
    ledger_link root = LINK(1);
    tree_remove(&ledger, BY_ID, &root);
    claim(root == (has_left ? LINK(2) : has_right ? LINK(3) : 0));
    if (has_left)
        claim(chunk.records[1].as.block.halves[BY_ID][0] == 0 &&
              chunk.records[1].as.block.halves[BY_ID][1] == (has_right ? LINK(3) : 0));
    REACHED();
}

static void *directory[CHUNKS_FANOUT];
static unsigned char added[CHUNK_BYTES] __attribute__((aligned(8)));

/* A chunk that is added has the next number. */
void prove_chunk(void)
{
    struct chunks chunks = {directory, 1, 0};
    static unsigned char old[8];
    chunks.count = any_below(CHUNKS_FANOUT);
    assume(chunks.count > 1);
    directory[0] = old;
    size_t number = chunks.count;
    claim(chunks_add(&chunks, added));
    claim(chunks.count == number + 1 && chunks_at(&chunks, number) == added);
    claim(chunks_at(&chunks, 0) == old);
    REACHED();
}
