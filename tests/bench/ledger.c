/* Grows the ledger by single frames, with memory in large pieces and by the page. */

#include "ledger.h"

#include <stdio.h>
#include <stdlib.h>

#include "allocator.h"
#include "clocks.h"
#include "random.h"
#include "targets.h"
#include "worst_record.h"
#include "worst_steps.h"

#define BLOCKS_MAX 8400000u
#define CONSTANT_BYTES 69632.0 /* of one get, which comes before it is needed, and the first page */
#define FINDS 200000

static const struct machine machine = {"64 GiB", 64 * GIB_FRAMES, 1, 0, false};
static struct world world;

static void open(bool by_page)
{
    record_clear();
    world_open(&world, &machine);
    world.by_page = by_page;
}

/* The most bytes a block at any moment, without the constant; it comes with *most_count blocks. */
static double grow(size_t block_count, size_t *most_count)
{
    double most = 0;
    struct mm_request request = {
        .size_bytes = FRAME_BYTES, .limit = MM_NO_LIMIT, .owner = "ledger"};
    for (size_t count = 1; count <= block_count; count++) {
        if (!world_alloc(&world, &request))
            abort();
        double bytes = ((double)world.mm.ledger_bytes - CONSTANT_BYTES) / (double)count;
        if (bytes <= most)
            continue;
        most = bytes;
        *most_count = count;
    }
    return most;
}

static void print_bytes(const char *name, bool by_page, size_t block_count)
{
    char note[100];
    size_t most_count = 0;
    open(by_page);
    double most = grow(block_count, &most_count);
    snprintf(note, sizeof note, "beyond %.0f, at %zu blocks; at %zu blocks %.2f in all",
             CONSTANT_BYTES, most_count, block_count,
             (double)world.mm.ledger_bytes / (double)block_count);
    targets_print(name, 64, most, "", note);
}

static double time_finds(uint64_t last_id)
{
    uint64_t random = RANDOM_SEED;
    double start = clocks_cpu_ns();
    for (int i = 0; i < FINDS; i++) {
        struct mm_block block;
        if (!mm_find_id(&world.mm, 1 + random_next(&random) % last_id, &block))
            abort();
    }
    return (clocks_cpu_ns() - start) / FINDS;
}

/*
 * Held to what any single call may take (worst_states.c). Mostly it is memory that is in no cache,
 * so with few blocks a find is much quicker.
 */
static void print_finds(void)
{
    char note[60];
    double few = time_finds(1000);
    double all = time_finds(BLOCKS_MAX);
    snprintf(note, sizeof note, "of %u; %.3f us among the first 1000", BLOCKS_MAX, few / 1000);
    targets_print("find a block by its id", 20, all / 1000, "us", note);
}

void ledger_print_targets(void)
{
    print_bytes("ledger bytes a block, by the page", true, 200000);
    print_bytes("ledger bytes a block", false, BLOCKS_MAX);
    print_finds();
}
