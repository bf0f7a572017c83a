/*
 * Everything goes through the manager's public functions: blocks are freed and, at once, reserved
 * anew with other ends. Nobody else runs in between.
 */

#include "lab_arena.h"

#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"

static struct phys_range arena; /* empty: there is none */

static bool is_ours(const struct mm_block *block)
{
    return strcmp(block->owner, LAB_ARENA_OWNER) == 0 ||
           strcmp(block->owner, LAB_ARENA_STUDENT) == 0;
}

static bool reserve(phys_t base, phys_t end, const char *owner)
{
    struct mm_block block;
    if (base >= end)
        return true;
    enum mm_status status = mm_reserve(memory_manager(), base, end, owner, &block);
    if (status != MM_OK)
        console_error("the arena cannot be shown: %s", mm_status_text(status));
    return status == MM_OK;
}

static bool find(phys_t address, struct mm_block *block)
{
    return address >= arena.base && address < arena.end &&
           mm_find_address(memory_manager(), address, block) && is_ours(block);
}

static void close_arena(void)
{
    struct mm_block block;
    for (phys_t cursor = arena.base; cursor < arena.end && find(cursor, &block);) {
        cursor = block.base + block.size_bytes;
        mm_free(memory_manager(), block.base);
    }
    arena = (struct phys_range){0, 0};
}

/* The alignment lets buddies of the arena be buddies of the machine. */
enum mm_status lab_arena_open(uint32_t frame_count)
{
    struct mm_request request = {.size_bytes = (uint64_t)frame_count << FRAME_SHIFT,
                                 .align_bytes = FRAME_BYTES,
                                 .limit = 4 * GIB,
                                 .owner = LAB_ARENA_OWNER};
    struct mm_block block;
    close_arena();
    while (request.align_bytes < request.size_bytes)
        request.align_bytes *= 2;
    enum mm_status status = mm_alloc(memory_manager(), &request, &block);
    if (status == MM_NO_ROOM) {
        request.align_bytes = 0;
        status = mm_alloc(memory_manager(), &request, &block);
    }
    if (status == MM_OK)
        arena = (struct phys_range){block.base, block.base + block.size_bytes};
    return status;
}

phys_t lab_arena_base(void)
{
    return arena.base;
}

/* Frees what of [base, end) blocks hold, and gives them back what of them lies outside. */
static bool cut_out(phys_t base, phys_t end)
{
    struct mm_block block;
    for (phys_t cursor = base; cursor < end;) {
        if (!find(cursor, &block))
            return false;
        phys_t block_end = block.base + block.size_bytes;
        mm_free(memory_manager(), block.base);
        if (!reserve(block.base, base, block.owner) || !reserve(end, block_end, block.owner))
            return false;
        cursor = block_end;
    }
    return true;
}

/* What is not handed out is one block as far as it goes. */
static void join_neighbours(phys_t *base, phys_t *end)
{
    struct mm_block block;
    if (find(*base - 1, &block) && strcmp(block.owner, LAB_ARENA_OWNER) == 0) {
        mm_free(memory_manager(), block.base);
        *base = block.base;
    }
    if (find(*end, &block) && strcmp(block.owner, LAB_ARENA_OWNER) == 0) {
        mm_free(memory_manager(), block.base);
        *end = block.base + block.size_bytes;
    }
}

bool lab_arena_show(uint32_t first, uint32_t end_frame, const char *owner)
{
    phys_t base = arena.base + ((phys_t)first << FRAME_SHIFT);
    phys_t end = arena.base + ((phys_t)end_frame << FRAME_SHIFT);
    if (!cut_out(base, end))
        return false;
    if (strcmp(owner, LAB_ARENA_OWNER) == 0)
        join_neighbours(&base, &end);
    return reserve(base, end, owner);
}
