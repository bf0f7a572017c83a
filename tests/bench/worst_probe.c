/*
 * What a call allocates is freed again. A few blocks are kept for a while, so that what was freed
 * lately differs from call to call.
 */

#include "worst_probe.h"

#include "random.h"
#include "worst_record.h"

#define KEPT_MAX 64
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const pfn_t alignments[] = {1, 2, 4, 16, 64, 512, 1024, 65536};
static const pfn_t boundaries[] = {0, 4, 16, 64, 1024, 16384};
static const char *const owners[] = {"probe", "other", "a-third-one"};

static pfn_t frame_count(const struct world *world)
{
    return world->machine->frame_count;
}

static pfn_t choose_frame(struct world *world)
{
    return world_random_below(world, frame_count(world));
}

static uint64_t choose(struct world *world, const uint64_t *array, size_t count)
{
    return array[world_random_below(world, count)];
}

/* ---- random calls ---------------------------------------------------------------------------- */

/* One of a thousand frames near the middle of the machine or at its ends, or any. */
static phys_t choose_bound(struct world *world)
{
    pfn_t frame = choose_frame(world);
    return (world_random_below(world, 2) ? frame : frame % 8192) << FRAME_SHIFT;
}

static pfn_t choose_length(struct world *world)
{
    return 1 + random_next(&world->random) % ((uint64_t)1 << world_random_below(world, 20));
}

static struct mm_request choose_request(struct world *world)
{
    struct mm_request request = {.size_bytes = choose_length(world) << FRAME_SHIFT,
                                 .limit = MM_NO_LIMIT,
                                 .owner = owners[world_random_below(world, COUNT_OF(owners))]};
    uint64_t sort = world_random_below(world, 8);
    if (sort & 1)
        request.align_bytes = choose(world, alignments, COUNT_OF(alignments)) << FRAME_SHIFT;
    if (sort & 2)
        request.boundary_bytes = choose(world, boundaries, COUNT_OF(boundaries)) << FRAME_SHIFT;
    if (request.boundary_bytes && request.size_bytes > request.boundary_bytes)
        request.size_bytes = FRAME_BYTES + request.size_bytes % request.boundary_bytes;
    if ((sort & 4) && world_random_below(world, 2))
        request.limit = request.size_bytes + choose_bound(world);
    else if (sort & 4)
        request.lowest = choose_bound(world);
    return request;
}

static void probe_alloc(struct world *world, size_t first)
{
    struct mm_request request = choose_request(world);
    if (world_alloc(world, &request) && world_random_below(world, 4) > 0)
        world_drop(world, world->held_count - 1);
    if (world->held_count > first + KEPT_MAX)
        world_drop(world, first + world_random_below(world, KEPT_MAX));
}

/* Frees a block and takes its frames again, so that the state stays. */
static void probe_free(struct world *world)
{
    if (world->held_count == 0)
        return;
    size_t place = world_random_below(world, world->held_count);
    phys_t base = world->held[place];
    struct mm_block block;
    if (!world_find_base(world, base))
        return;
    mm_find_base(&world->mm, base, &block);
    world_drop(world, place);
    world_reserve(world, base >> FRAME_SHIFT, (base + block.size_bytes) >> FRAME_SHIFT);
}

static void probe_wrong_free(struct world *world)
{
    pfn_t frame = choose_frame(world);
    struct mm_block block;
    bool is_base = mm_find_base(&world->mm, frame << FRAME_SHIFT, &block);
    world_free(world, (frame << FRAME_SHIFT) + (is_base ? 1 : 0));
}

static void probe_reserve(struct world *world)
{
    pfn_t first = choose_frame(world);
    if (world_reserve(world, first, first + choose_length(world) % 4096 + 1))
        world_drop(world, world->held_count - 1);
}

static void probe_finds(struct world *world)
{
    struct mm_block block;
    if (world->held_count > 0) {
        phys_t base = world->held[world_random_below(world, world->held_count)];
        world_find_base(world, base);
        world_set_tag(world, base);
    }
    world_find_id(world, 1 + world_random_below(world, world->mm.ledger.last_id + 1));
    world_find_address(world, choose_frame(world) << FRAME_SHIFT, &block);
    world_find_free(world, choose_frame(world));
    world_find_holding(world, owners[world_random_below(world, COUNT_OF(owners))]);
}

static void probe_looks(struct world *world)
{
    phys_t cursor = choose_frame(world) << FRAME_SHIFT;
    phys_t lowest = choose_bound(world);
    phys_t limit = lowest + FRAME_BYTES + choose_bound(world);
    unsigned order = (unsigned)world_random_below(world, 20);
    world_next_block(world, &cursor);
    world_largest_run(world, lowest, limit);
    world_sum_up(world, choose_frame(world) >> order << order, order);
    world_get_totals(world);
}

static void probe_at_random(struct world *world, size_t first)
{
    switch (world_random_below(world, 8)) {
    case 0:
        probe_free(world);
        break;
    case 1:
        probe_wrong_free(world);
        break;
    case 2:
        probe_reserve(world);
        break;
    case 3:
        probe_finds(world);
        break;
    case 4:
        probe_looks(world);
        break;
    default:
        probe_alloc(world, first);
    }
}

/* ---- the last that is granted ---------------------------------------------------------------- */

static bool is_granted(struct world *world, struct mm_request request, pfn_t count)
{
    request.size_bytes = count << FRAME_SHIFT;
    if (!world_alloc(world, &request))
        return false;
    world_drop(world, world->held_count - 1);
    return true;
}

/* Where fewer frames fit, if more do: halves the interval until it is one frame. */
static void probe_edge(struct world *world, const struct mm_request *request)
{
    pfn_t granted = 0;
    pfn_t refused = world->mm.buddy.free_count + 1;
    pfn_t boundary_frames = request->boundary_bytes >> FRAME_SHIFT;
    if (boundary_frames && refused > boundary_frames)
        refused = boundary_frames + 1;
    while (refused - granted > 1) {
        pfn_t count = granted + (refused - granted) / 2;
        if (is_granted(world, *request, count))
            granted = count;
        else
            refused = count;
    }
}

/* Bounds that are no round numbers cut free runs and blocks. */
static void probe_edges(struct world *world)
{
    phys_t middle = (frame_count(world) / 2 - 5) << FRAME_SHIFT;
    phys_t quarter = (frame_count(world) / 4 + 3) << FRAME_SHIFT;
    const struct {
        phys_t lowest;
        phys_t limit;
    } bounds[] = {
        {0, MM_NO_LIMIT}, {0, middle}, {0, 16 * MIB}, {quarter, MM_NO_LIMIT}, {quarter, middle}};
    for (size_t a = 0; a < COUNT_OF(alignments); a++)
        for (size_t b = 0; b < COUNT_OF(boundaries); b++)
            for (size_t i = 0; i < COUNT_OF(bounds); i++) {
                struct mm_request request = {.align_bytes = alignments[a] << FRAME_SHIFT,
                                             .boundary_bytes = boundaries[b] << FRAME_SHIFT,
                                             .lowest = bounds[i].lowest,
                                             .limit = bounds[i].limit,
                                             .owner = owners[0]};
                probe_edge(world, &request);
            }
}

void probe_state(struct world *world, size_t call_count)
{
    size_t first = world->held_count;
    size_t last = record_count() + call_count;
    while (record_count() < last)
        probe_at_random(world, first);
    probe_edges(world);
}
