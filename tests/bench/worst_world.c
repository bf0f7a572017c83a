/*
 * The memory for tables and records is fetched from the host once and written to, as a kernel's is
 * mapped: else the host's page faults are what is measured.
 */

#include "worst_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clocks.h"
#include "random.h"
#include "worst_record.h"

#define SLAB_BYTES MM_GET_MAX_BYTES
#define SLABS_MAX 32768

static void *tables;
static size_t tables_bytes;
static void *slabs[SLABS_MAX]; /* for records */
static size_t slab_count; /* that there are */
static size_t slabs_given; /* to this manager */
static size_t last_slab_bytes; /* given of the last of them */
static phys_t *held;
static size_t held_capacity;
static double get_ns; /* time inside the source, in this call */

static void fail(const char *sentence)
{
    fprintf(stderr, "bench: %s\n", sentence);
    abort();
}

static void *fetch(size_t size_bytes)
{
    void *memory = aligned_alloc(64, (size_bytes + 63) & ~(size_t)63);
    if (!memory)
        fail("no memory for the worst cases");
    memset(memory, 0xA5, size_bytes);
    return memory;
}

/* ---- the source of memory for records -------------------------------------------------------- */

static void *next_slab(void)
{
    if (slabs_given == SLABS_MAX)
        fail("no more memory for records");
    if (slabs_given == slab_count)
        slabs[slab_count++] = fetch(SLAB_BYTES);
    last_slab_bytes = 0;
    return slabs[slabs_given++];
}

static void *carve(size_t size_bytes)
{
    if (size_bytes > SLAB_BYTES)
        fail("the manager asks for more than it may");
    if (slabs_given == 0 || SLAB_BYTES - last_slab_bytes < size_bytes)
        next_slab();
    void *memory = (char *)slabs[slabs_given - 1] + last_slab_bytes;
    last_slab_bytes += size_bytes;
    return memory;
}

static void *get(void *context, size_t size_bytes)
{
    const struct world *world = context;
    double start = clocks_wall_ns();
    bool is_given = !world->by_page || size_bytes <= FRAME_BYTES;
    void *memory = is_given ? carve(size_bytes) : NULL;
    get_ns += clocks_wall_ns() - start;
    return memory;
}

/* ---- opening --------------------------------------------------------------------------------- */

struct frame_range world_range(const struct machine *machine, unsigned number)
{
    pfn_t each = machine->frame_count / machine->range_count;
    unsigned hole = machine->range_count > 1;
    return (struct frame_range){number * each, (number + 1) * each - hole};
}

static size_t index_bytes_of(const struct machine *machine)
{
    return buddy_index_bytes(machine->frame_count, machine->range_count);
}

static size_t measure_tables(const struct machine *machine)
{
    size_t size_bytes = index_bytes_of(machine);
    for (unsigned i = 0; i < machine->range_count; i++)
        size_bytes += buddy_table_bytes(world_range(machine, i));
    return size_bytes;
}

static void add_ranges(struct world *world)
{
    const struct machine *machine = world->machine;
    char *memory = tables;
    if (machine->range_count > 1)
        buddy_add_index(&world->mm.buddy, machine->frame_count, machine->range_count, memory);
    memory += index_bytes_of(machine);
    for (unsigned i = 0; i < machine->range_count; i++) {
        struct frame_range range = world_range(machine, i);
        if (mm_add_range(&world->mm, range, memory) != MM_OK)
            fail("a range was not added");
        memory += buddy_table_bytes(range);
    }
}

void world_open(struct world *world, const struct machine *machine)
{
    size_t size_bytes = measure_tables(machine);
    if (size_bytes > tables_bytes) {
        free(tables);
        tables = fetch(size_bytes);
        tables_bytes = size_bytes;
    }
    slabs_given = 0;
    world->machine = machine;
    world->by_page = false;
    world->held = held;
    world->held_count = 0;
    world->random = RANDOM_SEED;
    struct mm_source source = {get, world};
    mm_init(&world->mm, source, carve(MM_FIRST_RECORDS_BYTES), MM_FIRST_RECORDS_BYTES);
    add_ranges(world);
}

void world_free_memory(void)
{
    free(tables);
    tables = NULL;
    tables_bytes = 0;
    while (slab_count > 0)
        free(slabs[--slab_count]);
}

uint64_t world_random_below(struct world *world, uint64_t count)
{
    return random_next(&world->random) % count;
}

/* ---- calls that change something ------------------------------------------------------------- */

static double begin(void)
{
    get_ns = 0;
    return clocks_wall_ns();
}

static void end(enum worst_kind kind, double start)
{
    record_call(kind, clocks_wall_ns() - start - get_ns);
}

static void hold(struct world *world, phys_t base)
{
    if (world->held_count == held_capacity) {
        held_capacity = held_capacity ? 2 * held_capacity : 1 << 20;
        held = realloc(held, held_capacity * sizeof *held);
        if (!held)
            fail("no memory for the blocks' bases");
        world->held = held;
    }
    world->held[world->held_count++] = base;
}

static enum worst_kind kind_of(const struct mm_request *request, bool is_granted)
{
    bool is_aligned = request->align_bytes > FRAME_BYTES;
    bool is_limited = request->lowest > 0 || request->limit < MM_NO_LIMIT;
    enum worst_kind kind = is_aligned && request->boundary_bytes ? WORST_BOTH
                           : is_aligned                          ? WORST_ALIGNED
                           : request->boundary_bytes             ? WORST_BOUNDED
                           : is_limited                          ? WORST_LIMITED
                                                                 : WORST_PLAIN;
    return is_granted ? kind : kind + (WORST_PLAIN_REFUSED - WORST_PLAIN);
}

static void tell_request(const struct mm_request *request)
{
    snprintf(record_text(), RECORD_TEXT_BYTES,
             "%llu frames, align %llu, boundary %llu, lowest %llu, limit %llu, owner %s",
             (unsigned long long)(request->size_bytes >> FRAME_SHIFT),
             (unsigned long long)(request->align_bytes >> FRAME_SHIFT),
             (unsigned long long)(request->boundary_bytes >> FRAME_SHIFT),
             (unsigned long long)(request->lowest >> FRAME_SHIFT),
             (unsigned long long)(request->limit >> FRAME_SHIFT), request->owner);
}

bool world_alloc(struct world *world, const struct mm_request *request)
{
    if (record_is_watched())
        tell_request(request);
    struct mm_block block;
    double start = begin();
    enum mm_status status = mm_alloc(&world->mm, request, &block);
    end(kind_of(request, status == MM_OK), start);
    if (status == MM_OK)
        hold(world, block.base);
    return status == MM_OK;
}

static void tell(const char *what, uint64_t a, uint64_t b)
{
    if (record_is_watched())
        snprintf(record_text(), RECORD_TEXT_BYTES, "%s %llu, %llu", what, (unsigned long long)a,
                 (unsigned long long)b);
}

bool world_reserve(struct world *world, pfn_t first, pfn_t end_frame)
{
    tell("frames from, to", first, end_frame);
    struct mm_block block;
    double start = begin();
    enum mm_status status =
        mm_reserve(&world->mm, first << FRAME_SHIFT, end_frame << FRAME_SHIFT, "reserved", &block);
    end(status == MM_OK ? WORST_RESERVE : WORST_RESERVE_REFUSED, start);
    if (status == MM_OK)
        hold(world, block.base);
    return status == MM_OK;
}

bool world_free(struct world *world, phys_t base)
{
    tell("frame, held", base >> FRAME_SHIFT, world->held_count);
    double start = begin();
    enum mm_status status = mm_free(&world->mm, base);
    end(status == MM_OK ? WORST_FREE : WORST_FREE_REFUSED, start);
    return status == MM_OK;
}

void world_drop(struct world *world, size_t place)
{
    if (!world_free(world, world->held[place]))
        fail("a block could not be freed");
    world->held[place] = world->held[--world->held_count];
}

/* ---- calls that only look -------------------------------------------------------------------- */

void world_find_id(struct world *world, uint64_t id)
{
    tell("id, of", id, world->mm.ledger.last_id);
    struct mm_block block;
    double start = begin();
    mm_find_id(&world->mm, id, &block);
    end(WORST_FIND_ID, start);
}

bool world_find_base(struct world *world, phys_t base)
{
    tell("frame, held", base >> FRAME_SHIFT, world->held_count);
    struct mm_block block;
    double start = begin();
    bool is_found = mm_find_base(&world->mm, base, &block);
    end(WORST_FIND_BASE, start);
    return is_found;
}

bool world_find_address(struct world *world, phys_t address, struct mm_block *block)
{
    tell("frame, held", address >> FRAME_SHIFT, world->held_count);
    double start = begin();
    bool is_found = mm_find_address(&world->mm, address, block);
    end(WORST_FIND_ADDRESS, start);
    return is_found;
}

void world_find_free(struct world *world, pfn_t frame)
{
    tell("frame, held", frame, world->held_count);
    struct frame_range run;
    double start = begin();
    buddy_find_free(&world->mm.buddy, frame, &run);
    end(WORST_FIND_FREE, start);
}

void world_sum_up(struct world *world, pfn_t first, unsigned order)
{
    tell("frame, order", first, order);
    double start = begin();
    buddy_sum_up(&world->mm.buddy, first, order);
    end(WORST_SUM_UP, start);
}

void world_set_tag(struct world *world, phys_t base)
{
    tell("frame, held", base >> FRAME_SHIFT, world->held_count);
    double start = begin();
    mm_set_tag(&world->mm, base, base);
    end(WORST_SET_TAG, start);
}

void world_find_holding(struct world *world, const char *owner)
{
    if (record_is_watched())
        snprintf(record_text(), RECORD_TEXT_BYTES, "owner %s", owner);
    double start = begin();
    mm_find_holding(&world->mm, owner);
    end(WORST_HOLDING, start);
}

bool world_next_block(struct world *world, phys_t *cursor)
{
    tell("frame, held", *cursor >> FRAME_SHIFT, world->held_count);
    struct mm_block block;
    double start = begin();
    bool is_found = mm_next_block(&world->mm, cursor, &block);
    end(WORST_NEXT_BLOCK, start);
    return is_found;
}

void world_largest_run(struct world *world, phys_t lowest, phys_t limit)
{
    tell("frames from, to", lowest >> FRAME_SHIFT, limit >> FRAME_SHIFT);
    double start = begin();
    mm_largest_run(&world->mm, lowest, limit);
    end(WORST_LARGEST_RUN, start);
}

void world_get_totals(struct world *world)
{
    tell("frames, held", world->machine->frame_count, world->held_count);
    struct mm_totals totals;
    double start = begin();
    mm_get_totals(&world->mm, &totals);
    end(WORST_TOTALS, start);
}
