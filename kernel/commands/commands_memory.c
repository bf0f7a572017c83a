/* The commands that show memory, take it and give it back. */

#include "commands.h"

#include "drivers/videoport/port/videoport.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/memory/badram.h"
#include "kernel/memory/block_line.h"
#include "kernel/memory/memory.h"
#include "kernel/show/story.h"
#include "kernel/stage/stage.h"
#include "kernel/view/step_line.h"
#include "kernel/view/view_grid.h"

static void print_region(phys_t base, phys_t end, enum region_kind kind, const char *owner)
{
    if (base < end)
        console_print("region base=0x%llx end=0x%llx bytes=%llu kind=%s owner=%s\n", (number_t)base,
                      (number_t)end, (number_t)(end - base), region_kind_name(kind), owner);
}

/* A free region of real memory, but for what was found bad in it since. */
static void print_free_region(const struct region *region)
{
    phys_t base = region->base;
    struct phys_range bad;
    for (phys_t cursor = base; badram_next_taken(&cursor, region->end, &bad); base = bad.end) {
        print_region(base, bad.base, REGION_USABLE, "none");
        print_region(bad.base, bad.end, REGION_BAD, MEMORY_BAD);
    }
    print_region(base, region->end, REGION_USABLE, "none");
}

static void run_map(void)
{
    const struct memmap *map = machine_map();
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        if (region_is_free(region) && !machine_simulated())
            print_free_region(region);
        else
            print_region(region->base, region->end, region->kind,
                         region->owner            ? region->owner
                         : region_is_free(region) ? "none"
                                                  : "firmware");
    }
}

/* ---- alloc ---------------------------------------------------------------------------------- */

/* Reads one pair of words, such as `below 16M`, into the request. */
static bool read_pair(const char *command, const char *key, const char *value,
                      struct mm_request *request)
{
    if (strcmp(key, "below") == 0)
        return commands_read_address("below", value, &request->limit);
    if (strcmp(key, "above") == 0)
        return commands_read_address("above", value, &request->lowest);
    if (strcmp(key, "align") == 0)
        return shell_read_number("align", value, &request->align_bytes);
    if (strcmp(key, "within") == 0)
        return shell_read_number("within", value, &request->boundary_bytes);
    if (strcmp(key, "as") != 0) {
        console_error("%s does not know \"%s\"; help alloc lists what it takes", command, key);
        return false;
    }
    request->owner = value;
    if (!memory_owner_is_claimed(value) && !videoport_find(value))
        return true;
    console_error("the name \"%s\" belongs to the system", value);
    return false;
}

static bool read_request(size_t word_count, char **words, struct mm_request *request)
{
    *request = (struct mm_request){.limit = MM_NO_LIMIT, .owner = MEMORY_SHELL};
    if (!shell_read_number("the size", words[1], &request->size_bytes))
        return false;
    for (size_t i = 2; i < word_count; i += 2) {
        if (i + 1 == word_count) {
            console_error("\"%s\" wants a value behind it", words[i]);
            return false;
        }
        if (!read_pair(words[0], words[i], words[i + 1], request))
            return false;
    }
    return true;
}

/* The text, the value it is about, and what would have fitted. */
static void explain_refusal(enum mm_status status, const struct mm_request *request)
{
    const char *text = mm_status_text(status);
    switch (status) {
    case MM_BAD_ALIGNMENT:
        console_error("%s: %llu", text, (number_t)request->align_bytes);
        break;
    case MM_BAD_BOUNDARY:
        console_error("%s: %llu", text, (number_t)request->boundary_bytes);
        break;
    case MM_BOUNDARY_TOO_SMALL:
        console_error("%s: %llu bytes within %llu", text, (number_t)request->size_bytes,
                      (number_t)request->boundary_bytes);
        break;
    case MM_BAD_OWNER:
        console_error("%s: \"%s\"", text, request->owner);
        break;
    case MM_BAD_LIMIT:
        console_error("%s: %llu bytes in [0x%llx, 0x%llx)", text, (number_t)request->size_bytes,
                      (number_t)request->lowest, (number_t)request->limit);
        break;
    case MM_NO_ROOM:
        console_error("%s: %llu bytes in [0x%llx, 0x%llx); the largest free run there has %llu",
                      text, (number_t)request->size_bytes, (number_t)request->lowest,
                      (number_t)request->limit,
                      (number_t)mm_largest_run(machine_manager(), request->lowest, request->limit));
        break;
    default:
        console_error("%s", text);
        break;
    }
}

/* A block is one even if no page table reaches it, no window holds it, or it is not there. */
static void run_alloc(size_t word_count, char **words)
{
    struct mm_request request;
    if (!read_request(word_count, words, &request))
        return;
    struct mm_block block;
    story_explain(&request);
    enum mm_status status = mm_alloc(machine_manager(), &request, &block);
    story_tell_alloc(status == MM_OK ? &block : NULL);
    if (status != MM_OK) {
        explain_refusal(status, &request);
        return;
    }
    if (machine_pool())
        pool_map_block(machine_pool(), &block, MM_CACHED);
    block_line_print(&block);
}

/* ---- explain -------------------------------------------------------------------------------- */

static void print_step(const struct explain *explain, const struct explain_step *step)
{
    struct step_line line;
    step_line_explain(&line, explain, step);
    step_line_print(&line);
}

static void run_explain(size_t word_count, char **words)
{
    struct explain *explain = &explain_shared;
    struct mm_request request;
    if (!read_request(word_count, words, &request))
        return;
    explain->naming = stage_naming();
    enum mm_status status = explain_request(explain, machine_manager(), &request);
    if (status != MM_OK && explain->step_count == 0) {
        explain_refusal(status, &request);
        return;
    }
    size_t left_out = explain->step_count - explain_kept_steps(explain);
    for (size_t i = 0; i < explain_kept_steps(explain); i++) {
        if (i == EXPLAIN_FIRST_MAX && left_out > 0)
            console_print("... %llu steps are left out\n", (number_t)left_out);
        print_step(explain, explain_step_at(explain, i));
    }
    if (explain->found)
        console_print("explained steps=%llu physical=0x%llx\n", (number_t)explain->step_count,
                      view_bytes(explain->place.first));
    else
        console_print("explained steps=%llu physical=none\n", (number_t)explain->step_count);
    story_tell_search();
}

static void run_free(size_t word_count, char **words)
{
    (void)word_count;
    uint64_t id;
    struct mm_block block;
    if (!shell_read_number("the id", words[1], &id))
        return;
    if (!mm_find_id(machine_manager(), id, &block)) {
        console_error("there is no block with the id %llu", (number_t)id);
        return;
    }
    if (memory_owner_is_claimed(block.owner) || videoport_find(block.owner)) {
        console_error("block %llu is in use by %s", (number_t)id, block.owner);
        return;
    }
    enum mm_status status = machine_pool() ? pool_free_block(machine_pool(), block.base)
                                           : mm_free(machine_manager(), block.base);
    if (status == MM_OK)
        story_tell_free(&block);
    if (status == MM_OK)
        console_print("freed id=%llu\n", (number_t)id);
    else
        console_error("%s", mm_status_text(status));
}

static void run_blocks(void)
{
    struct mm_block block;
    for (phys_t cursor = 0; mm_next_block(machine_manager(), &cursor, &block);)
        block_line_print(&block);
}

/* At least the orders up to 4 MiB, so that the table has a steady shape. */
#define ORDERS_SHOWN_MIN 11

static void run_buddy(void)
{
    pfn_t counts[BUDDY_ORDER_COUNT];
    buddy_count_orders(&machine_manager()->buddy, counts);
    unsigned shown = BUDDY_ORDER_COUNT;
    while (shown > ORDERS_SHOWN_MIN && counts[shown - 1] == 0)
        shown--;
    for (unsigned order = 0; order < shown; order++)
        console_print("order order=%u free=%llu bytes=%llu\n", order, (number_t)counts[order],
                      (number_t)(counts[order] << (order + FRAME_SHIFT)));
    struct mm_totals totals;
    mm_get_totals(machine_manager(), &totals);
    console_print("total frames=%llu free=%llu used=%llu largest=%llu\n",
                  (number_t)totals.frame_count, (number_t)totals.free_count,
                  (number_t)(totals.frame_count - totals.free_count), (number_t)totals.largest_run);
}

static void run_check(void)
{
    const char *broken = mm_check(machine_manager());
    if (broken) {
        console_error("%s", broken);
        return;
    }
    broken = machine_pool() ? mm_check(&machine_pool()->window) : NULL;
    if (broken)
        console_error("in the pool's window, %s", broken);
    else
        console_write("check ok\n");
}

const struct shell_command memory_commands[] = {
    {"map", "", "lists the firmware's memory map with the reservations in it",
     "  region base=... end=... bytes=... kind=... owner=...\n"
     "  kind is the firmware's word, owner who holds the region: none if it may be allocated.\n",
     1, 1, .act = run_map},
    {"alloc", "SIZE [below ADDR] [above ADDR] [align N] [within N] [as NAME]",
     "allocates a physically contiguous block",
     "  below ADDR   the block ends at or below ADDR\n"
     "  above ADDR   it begins at or above ADDR\n"
     "  align N      it begins at a multiple of N, a power of two\n"
     "  within N     no multiple of N, a power of two, lies inside it\n"
     "  as NAME      it belongs to NAME; to " MEMORY_SHELL " if left out\n"
     "  SIZE may count frames of 4096 bytes: 3f. On a small machine (machine tiny), 12f as an "
     "ADDR\n"
     "  is where its frame 12 begins.\n"
     "  For example: alloc 3M below 16M align 64K as demo\n",
     2, 12, .run = run_alloc},
    {"explain", "SIZE [below ADDR] [above ADDR] [align N] [within N]",
     "tells how alloc would search, step by step, and takes nothing",
     "  step what=... base=... end=..., and below it a sentence: blocks of the tree with the free\n"
     "  frames at their head, in their longest run and at their tail; the runs that were refused,\n"
     "  and why; from=... says what holds a run: last (freed last), list (runs by length), rest "
     "or\n"
     "  joined (set aside), tree. On a small machine (machine tiny), it is drawn as well.\n"
     "  explained steps=N physical=ADDR: where alloc would put the block; none if it would fail\n",
     2, 12, .run = run_explain},
    {"free", "ID", "frees a block, by the id that alloc and blocks show", NULL, 2, 2,
     .run = run_free},
    {"blocks", "", "lists the allocated blocks", NULL, 1, 1, .act = run_blocks},
    {"buddy", "", "counts the free buddies of each order",
     "  order order=N free=N bytes=N: so many free blocks of 2^N frames, and the bytes in them\n"
     "  total frames=N free=N used=N largest=N: in frames of 4096 bytes\n",
     1, 1, .act = run_buddy},
    {"check", "", "checks every invariant of the allocator", NULL, 1, 1, .act = run_check},
    {0},
};
