#ifndef TESTS_BENCH_WORST_WORLD_H
#define TESTS_BENCH_WORST_WORLD_H

/* A machine with a manager of ours, and each of its calls with a clock around it. */

#include "mm/mm.h"

struct machine {
    const char *name;
    pfn_t frame_count; /* from frame 0 on, holes counted */
    unsigned range_count; /* of one length; between two is a hole of one frame */
    double limit_us; /* that a call may take */
    bool is_huge; /* needs a host with 8 GiB */
};

struct world {
    struct mm mm;
    const struct machine *machine;
    bool by_page; /* the source gives a page at a time */
    phys_t *held; /* bases of the blocks that are live, in the order in which they came */
    size_t held_count;
    uint64_t random;
};

/* An empty machine. The memory is the same each time, and was written to before. */
void world_open(struct world *world, const struct machine *machine);

/* Gives all memory back to the host. */
void world_free_memory(void);

/* The frames of a range of the machine, from 0 on. */
struct frame_range world_range(const struct machine *machine, unsigned number);

uint64_t world_random_below(struct world *world, uint64_t count);

/* ---- calls ----------------------------------------------------------------------------------- */

/* Each is one call of mm.h or buddy.h, and is recorded (worst_record.h). */

/* The block becomes the last that is held. */
bool world_alloc(struct world *world, const struct mm_request *request);
bool world_reserve(struct world *world, pfn_t first, pfn_t end);

/* Whatever lies there. It stays in `held`. */
bool world_free(struct world *world, phys_t base);

/* Frees a block that is held; the last one takes its place. */
void world_drop(struct world *world, size_t place);

void world_find_id(struct world *world, uint64_t id);
bool world_find_base(struct world *world, phys_t base);
bool world_find_address(struct world *world, phys_t address, struct mm_block *block);
void world_find_free(struct world *world, pfn_t frame);
void world_sum_up(struct world *world, pfn_t first, unsigned order);
void world_set_tag(struct world *world, phys_t base);
void world_find_holding(struct world *world, const char *owner);
bool world_next_block(struct world *world, phys_t *cursor);
void world_largest_run(struct world *world, phys_t lowest, phys_t limit);
void world_get_totals(struct world *world);

#endif
