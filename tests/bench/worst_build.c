/* Each step is made of calls that are recorded; none looks into the manager for what to do next. */

#include "worst_build.h"

#include "random.h"

#define BLOCKS_MAX 8400000u /* that a step allocates */
#define BLOCKS_HUGE 1000000u
#define WINDOWS 64
#define OWNER "worst"

static pfn_t smaller_of(pfn_t a, pfn_t b)
{
    return a < b ? a : b;
}

static bool take(struct world *world, pfn_t frame_count)
{
    struct mm_request request = {
        .size_bytes = frame_count << FRAME_SHIFT, .limit = MM_NO_LIMIT, .owner = OWNER};
    return world_alloc(world, &request);
}

static pfn_t blocks_max(const struct world *world)
{
    return world->machine->is_huge ? BLOCKS_HUGE : BLOCKS_MAX;
}

void build_pages(struct world *world, const uint64_t *numbers)
{
    (void)numbers;
    world->by_page = true;
}

/* ---- patterns -------------------------------------------------------------------------------- */

/* Takes what is managed and free of these frames as one block for each range. */
static void use_all(struct world *world, pfn_t first, pfn_t end)
{
    for (unsigned i = 0; i < world->machine->range_count; i++) {
        struct frame_range range = world_range(world->machine, i);
        pfn_t low = first > range.first ? first : range.first;
        pfn_t high = smaller_of(end, range.end);
        if (low < high)
            world_reserve(world, low, high);
    }
}

/* The windows of a pattern that uses a frame of each `period`, from `cursor` on, 0 at first. */
static bool next_window(struct world *world, pfn_t period, unsigned *cursor,
                        struct frame_range *window)
{
    pfn_t each = world->machine->frame_count / WINDOWS;
    pfn_t length = smaller_of(each, PATTERN_FRAMES_MAX / WINDOWS * period);
    if (*cursor == WINDOWS)
        return false;
    window->first = (*cursor)++ * each;
    window->end = window->first + length;
    if (length < each)
        use_all(world, window->end, window->first + each);
    return true;
}

static void use_frame(struct world *world, pfn_t frame)
{
    world_reserve(world, frame, frame + 1);
}

void build_every(struct world *world, const uint64_t *numbers)
{
    pfn_t period = numbers[0];
    struct frame_range window;
    for (unsigned cursor = 0; next_window(world, period, &cursor, &window);)
        for (pfn_t frame = window.first + numbers[1] % period; frame < window.end; frame += period)
            use_frame(world, frame);
}

void build_scatter(struct world *world, const uint64_t *numbers)
{
    pfn_t period = numbers[0];
    struct frame_range window;
    for (unsigned cursor = 0; next_window(world, period, &cursor, &window);)
        for (pfn_t frame = window.first; frame + period <= window.end; frame += period)
            use_frame(world, frame + world_random_below(world, period));
}

void build_half(struct world *world, const uint64_t *numbers)
{
    (void)numbers;
    struct frame_range window;
    for (unsigned cursor = 0; next_window(world, 2, &cursor, &window);)
        for (pfn_t frame = window.first; frame < window.end; frame++)
            if (random_next(&world->random) >> 63)
                use_frame(world, frame);
}

void build_rising(struct world *world, const uint64_t *numbers)
{
    pfn_t length = 0;
    struct frame_range window;
    for (unsigned cursor = 0; next_window(world, 1 + numbers[0] / 2, &cursor, &window);)
        for (pfn_t frame = window.first; frame < window.end; frame += length + 1) {
            use_frame(world, frame);
            length = length % numbers[0] + 1;
        }
}

void build_above(struct world *world, const uint64_t *numbers)
{
    use_all(world, numbers[0] * (MIB >> FRAME_SHIFT), world->machine->frame_count);
}

/* ---- blocks ---------------------------------------------------------------------------------- */

void build_take(struct world *world, const uint64_t *numbers)
{
    pfn_t most = smaller_of(numbers[0], blocks_max(world));
    for (pfn_t i = 0; i < most && take(world, numbers[1]); i++)
        continue;
}

void build_aligned(struct world *world, const uint64_t *numbers)
{
    pfn_t align_frames = 1;
    while (2 * align_frames <= numbers[2])
        align_frames *= 2;
    struct mm_request request = {.size_bytes = numbers[1] << FRAME_SHIFT,
                                 .align_bytes = align_frames << FRAME_SHIFT,
                                 .limit = MM_NO_LIMIT,
                                 .owner = OWNER};
    for (pfn_t i = 0; i < numbers[0] && world_alloc(world, &request); i++)
        continue;
}

static void churn(struct world *world, size_t first, pfn_t longest, size_t steps)
{
    for (; steps > 0 && world->held_count > first; steps--) {
        size_t block_count = world->held_count - first;
        world_drop(world, first + world_random_below(world, block_count));
        take(world, 1 + world_random_below(world, longest));
    }
}

void build_churn(struct world *world, const uint64_t *numbers)
{
    size_t first = world->held_count;
    pfn_t target = world->mm.buddy.frame_count / 100 * (100 - numbers[0] % 101);
    pfn_t most = blocks_max(world) / 4;
    for (pfn_t i = 0; i < most && world->mm.buddy.free_count > target; i++)
        if (!take(world, 1 + world_random_below(world, numbers[1])))
            break;
    churn(world, first, numbers[1], 2 * (world->held_count - first));
}

void build_drop(struct world *world, const uint64_t *numbers)
{
    for (uint64_t i = 0; i < numbers[0] && world->held_count > 0; i++)
        world_drop(world, world->held_count - 1);
}

void build_drop_every(struct world *world, const uint64_t *numbers)
{
    size_t count = world->held_count;
    for (size_t place = count; place > 0; place--)
        if (place % numbers[0] == 0)
            world_drop(world, place - 1);
}

void build_drop_random(struct world *world, const uint64_t *numbers)
{
    size_t count = world->held_count * (numbers[0] % 101) / 100;
    for (; count > 0; count--)
        world_drop(world, world_random_below(world, world->held_count));
}

void build_lately(struct world *world, const uint64_t *numbers)
{
    size_t first = world->held_count;
    for (uint64_t i = 0; i < numbers[0]; i++)
        take(world, 1 + world_random_below(world, numbers[1]));
    while (world->held_count > first)
        world_drop(world, world->held_count - 1);
}

void build_open(struct world *world, const uint64_t *numbers)
{
    pfn_t length = smaller_of(numbers[0], world->machine->frame_count / 2);
    pfn_t start = world->machine->frame_count / 3 / length * length;
    struct mm_block block;
    for (pfn_t frame = start; frame < start + length; frame++)
        if (world_find_address(world, frame << FRAME_SHIFT, &block))
            world_free(world, block.base);
    size_t kept = 0;
    for (size_t i = 0; i < world->held_count; i++)
        if (mm_find_base(&world->mm, world->held[i], &block))
            world->held[kept++] = world->held[i];
    world->held_count = kept;
}

static void take_and_drop(struct world *world, pfn_t frame_count)
{
    if (frame_count > 0 && take(world, frame_count))
        world_drop(world, world->held_count - 1);
}

void build_turn(struct world *world, const uint64_t *numbers)
{
    for (uint64_t i = 0; i < numbers[1]; i++) {
        take_and_drop(world, numbers[0]);
        take_and_drop(world, numbers[0] - 1);
    }
}

void build_looks(struct world *world, const uint64_t *numbers)
{
    phys_t cursor = 0;
    for (uint64_t i = 0; i < numbers[0]; i++) {
        if (i % 2 == 0 || world->held_count == 0)
            take(world, 1 + world_random_below(world, numbers[1]));
        else
            world_drop(world, world_random_below(world, world->held_count));
        world_get_totals(world);
        if (!world_next_block(world, &cursor))
            cursor = 0;
        if (take(world, world->mm.buddy.free_count + 1))
            world_drop(world, world->held_count - 1);
    }
}

/* ---- the ledger ------------------------------------------------------------------------------ */

/* The code of a frame in mm/record.h, as somebody knows it who means harm. An id's is itself. */
static uint32_t code_of(pfn_t key)
{
    uint32_t hash = ((uint32_t)key + (uint32_t)(key >> 32) * 0x85EBCA6Bu) * 0x9E3779B1u;
    return hash ^ hash >> 15;
}

/* As many buckets as there will be blocks, and all blocks in the same. */
static uint32_t hash_mask(uint64_t count)
{
    uint32_t mask = 1;
    while (mask < count)
        mask = 2 * mask + 1;
    return mask;
}

void build_bases(struct world *world, const uint64_t *numbers)
{
    uint32_t mask = hash_mask(numbers[0]);
    uint64_t count = 0;
    for (pfn_t frame = 0; frame < world->machine->frame_count && count < numbers[0]; frame++)
        if ((code_of(frame) & mask) == 0)
            count += world_reserve(world, frame, frame + 1);
}

void build_ids(struct world *world, const uint64_t *numbers)
{
    uint32_t mask = hash_mask(numbers[0]);
    uint64_t last = numbers[0] * numbers[1];
    while (world->mm.ledger.last_id < last && take(world, 1))
        if (world->mm.ledger.last_id & mask)
            world_drop(world, world->held_count - 1);
}
