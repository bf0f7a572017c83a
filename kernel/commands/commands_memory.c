/* The commands that show memory, take it and give it back. */

#include "commands.h"

#include "drivers/videoport/port/videoport.h"
#include "kernel/lib/format.h"
#include "kernel/lib/name.h"
#include "kernel/lib/parse.h"
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

#define IDS_TOLD_MAX 10
#define UINT64_DIGITS 20
#define WANTED_MAX 96

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

const char *request_word(size_t index)
{
    static const char *const words[] = {"below", "above", "align", "within", "as"};
    return index < sizeof words / sizeof *words ? words[index] : NULL;
}

static bool read_owner(const char *name, struct mm_request *request)
{
    request->owner = name;
    if (*name == '"' || *name == '\'')
        console_error("a name is one word, without quotes, and not %s", name);
    else if (!memory_owner_is_claimed(name) && !videoport_find(name))
        return true;
    else
        console_error("the name \"%s\" belongs to the system", name);
    return false;
}

/* Reads one pair of words, such as `below 16M`, into the request. The value may be missing. */
static bool read_pair(const char *command, const char *key, const char *value,
                      struct mm_request *request)
{
    uint64_t *const numbers[] = {&request->limit, &request->lowest, &request->align_bytes,
                                 &request->boundary_bytes, NULL /* as */};
    size_t i = 0;
    while (request_word(i) && !name_is_same(request_word(i), key))
        i++;
    if (!request_word(i)) {
        char what[32];
        format_text(what, sizeof what, "%s does not know", command);
        shell_refuse_word(what, key, request_word, "help alloc lists what it takes");
        return false;
    }
    if (!value) {
        console_error("\"%s\" wants a value behind it", key);
        return false;
    }
    if (numbers[i] == &request->limit || numbers[i] == &request->lowest)
        return commands_read_address(request_word(i), value, numbers[i]);
    if (numbers[i])
        return shell_read_number(request_word(i), value, numbers[i]);
    return read_owner(value, request);
}

static bool read_request(size_t word_count, char **words, struct mm_request *request)
{
    *request = (struct mm_request){.limit = MM_NO_LIMIT, .owner = MEMORY_SHELL};
    if (!shell_read_number("the size", words[1], &request->size_bytes))
        return false;
    for (size_t i = 2; i < word_count; i += 2)
        if (!read_pair(words[0], words[i], i + 1 < word_count ? words[i + 1] : NULL, request))
            return false;
    return true;
}

/* The window's frames on a small machine, by number, if the size counts frames; else empty. */
static struct frame_range numbered_window(const struct mm_request *request, const char *size)
{
    struct machine_stage stage;
    if (!parse_counts_frames(size) || !machine_find_stage(&stage))
        return (struct frame_range){0};
    struct frame_range all = {stage.first, stage.first + ((pfn_t)1 << stage.order)};
    struct frame_range window = view_clip(
        (struct frame_range){request->lowest >> FRAME_SHIFT, request->limit >> FRAME_SHIFT}, all);
    return (struct frame_range){window.first - stage.first, window.end - stage.first};
}

/* What is wanted, and where: in frames or in bytes, as the size was given. */
static void describe_wanted(const struct mm_request *request, struct frame_range window,
                            char text[WANTED_MAX])
{
    number_t frames = request->size_bytes >> FRAME_SHIFT;
    if (window.first < window.end)
        format_text(text, WANTED_MAX, "%llu frame%s in frames %llu to %llu", frames,
                    frames == 1 ? "" : "s", (number_t)window.first, (number_t)window.end - 1);
    else
        format_text(text, WANTED_MAX, "%llu bytes in [0x%llx, 0x%llx)",
                    (number_t)request->size_bytes, (number_t)request->lowest,
                    (number_t)request->limit);
}

/* The text, the value it is about, and what would have fitted. */
static void explain_refusal(enum mm_status status, const struct mm_request *request,
                            const char *size)
{
    const char *text = mm_status_text(status);
    struct frame_range window = numbered_window(request, size);
    unsigned shift = window.first < window.end ? FRAME_SHIFT : 0;
    char wanted[WANTED_MAX];
    describe_wanted(request, window, wanted);
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
        console_error("%s: %s", text, wanted);
        break;
    case MM_NO_ROOM:
        console_error(
            "%s: %s; the longest free run there has %llu", text, wanted,
            (number_t)mm_largest_run(machine_manager(), request->lowest, request->limit) >> shift);
        break;
    default:
        console_error("%s", text);
        break;
    }
}

/* On a machine of few frames, a small number was meant to count them. */
static void hint_at_frames(const struct mm_request *request)
{
    number_t size = request->size_bytes;
    if (stage_of_machine() && size <= STAGE_FRAMES_MAX)
        console_print("hint: %llu byte%s; %lluf is %llu frame%s\n", size, size == 1 ? "" : "s",
                      size, size, size == 1 ? "" : "s");
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
        explain_refusal(status, &request, words[1]);
        return;
    }
    if (machine_pool())
        pool_map_block(machine_pool(), &block, MM_CACHED);
    block_line_print(&block);
    hint_at_frames(&request);
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
        explain_refusal(status, &request, words[1]);
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

/* ---- free ----------------------------------------------------------------------------------- */

/* True if a user of the shell may free blocks of this owner. */
static bool is_own(const struct mm_block *block)
{
    return !memory_owner_is_claimed(block->owner) && !videoport_find(block->owner);
}

static enum mm_status give_back(const struct mm_block *block)
{
    return machine_pool() ? pool_free_block(machine_pool(), block->base)
                          : mm_free(machine_manager(), block->base);
}

static void free_block(const struct mm_block *block)
{
    if (!is_own(block)) {
        console_error("block %llu is in use by %s", (number_t)block->id, block->owner);
        return;
    }
    enum mm_status status = give_back(block);
    if (status == MM_OK)
        story_tell_free(block);
    if (status == MM_OK)
        console_print("freed id=%llu\n", (number_t)block->id);
    else
        console_error("%s", mm_status_text(status));
}

static void free_all(void)
{
    struct mm_block block;
    uint64_t size_bytes = 0;
    size_t count = 0;
    for (phys_t cursor = 0; mm_next_block(machine_manager(), &cursor, &block);) {
        if (!is_own(&block) || give_back(&block) != MM_OK)
            continue;
        story_note_free(&block);
        size_bytes += block.size_bytes;
        count++;
    }
    console_print("freed blocks=%zu bytes=%llu\n", count, (number_t)size_bytes);
}

/* The next owner of blocks that may be freed, in alphabetical order; "" behind the last. */
static void find_next_owner(char owner[LEDGER_OWNER_MAX + 1])
{
    struct mm_block block;
    char next[LEDGER_OWNER_MAX + 1] = "";
    for (phys_t cursor = 0; mm_next_block(machine_manager(), &cursor, &block);)
        if (strcmp(block.owner, owner) > 0 && is_own(&block) &&
            (!next[0] || strcmp(block.owner, next) < 0))
            memcpy(next, block.owner, sizeof next);
    memcpy(owner, next, sizeof next);
}

/* "all", then the owners. They are mostly asked for one after the other. */
static const char *owner_word(size_t index)
{
    static char owner[LEDGER_OWNER_MAX + 1];
    static size_t owner_index;
    if (index == 0)
        return "all";
    if (index != owner_index + 1) {
        owner[0] = '\0';
        owner_index = 0;
    }
    for (; owner_index < index; owner_index++) {
        find_next_owner(owner);
        if (!owner[0])
            break;
    }
    return owner[0] ? owner : NULL;
}

/* How many blocks the owner has; the first of them, and a text with the ids of the first ones. */
static size_t find_owned(const char *owner, struct mm_block *first, char *ids, size_t ids_bytes)
{
    struct mm_block block;
    size_t count = 0;
    size_t length = 0;
    for (phys_t cursor = 0; mm_next_block(machine_manager(), &cursor, &block);) {
        if (strcmp(block.owner, owner) != 0)
            continue;
        if (count++ == 0)
            *first = block;
        if (count > IDS_TOLD_MAX + 1)
            continue;
        length += count > IDS_TOLD_MAX
                      ? format_text(ids + length, ids_bytes - length, " ...")
                      : format_text(ids + length, ids_bytes - length, " %llu", (number_t)block.id);
    }
    return count;
}

static void free_named(const char *owner)
{
    struct mm_block block;
    char ids[IDS_TOLD_MAX * (UINT64_DIGITS + 1) + sizeof " ..."];
    size_t count = find_owned(owner, &block, ids, sizeof ids);
    if (count == 0)
        shell_refuse_word("no block belongs to", owner, owner_word, "blocks lists them");
    else if (!is_own(&block))
        console_error("\"%s\" belongs to the system, and so do its blocks:%s", owner, ids);
    else if (count > 1)
        console_error("%zu blocks belong to \"%s\"; free one by its id:%s", count, owner, ids);
    else
        free_block(&block);
}

/* Nobody's name is a number: that is an id. */
static void run_free(size_t word_count, char **words)
{
    (void)word_count;
    uint64_t id;
    struct mm_block block;
    if (name_is_same(words[1], "all"))
        free_all();
    else if (parse_number(words[1], &id) == PARSE_NOT_A_NUMBER)
        free_named(words[1]);
    else if (!shell_read_number("the id", words[1], &id))
        return;
    else if (!mm_find_id(machine_manager(), id, &block))
        console_error("there is no block with the id %llu", (number_t)id);
    else
        free_block(&block);
}

static void run_blocks(void)
{
    struct mm_block block;
    bool any = false;
    for (phys_t cursor = 0; mm_next_block(machine_manager(), &cursor, &block); any = true)
        block_line_print(&block);
    if (!any)
        console_write("no blocks\n");
}

/* At least the orders up to 4 MiB, so that the table has a steady shape; fewer on a stage. */
#define ORDERS_SHOWN_MIN 11

static void run_buddy(void)
{
    pfn_t counts[BUDDY_ORDER_COUNT];
    buddy_count_orders(&machine_manager()->buddy, counts);
    unsigned shown = BUDDY_ORDER_COUNT;
    struct stage *stage = stage_of_machine();
    unsigned least = stage ? stage->order + 1 : ORDERS_SHOWN_MIN;
    while (shown > least && counts[shown - 1] == 0)
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
     "  as NAME      it belongs to NAME, a word; to " MEMORY_SHELL " if left out\n"
     "  SIZE may count frames of 4096 bytes: 3f. On a small machine (machine tiny), 12f as an "
     "ADDR\n"
     "  is where its frame 12 begins.\n"
     "  Sizes and addresses may end in K, M, G or T, or in KB, KiB and so on: powers of 1024.\n"
     "  For example: alloc 3M below 16M align 64K as demo\n",
     2, 12, .run = run_alloc, .arguments = request_word},
    {"explain", "SIZE [below ADDR] [above ADDR] [align N] [within N]",
     "tells how alloc would search, step by step, and takes nothing",
     "  step what=... base=... end=..., and below it a sentence: blocks of the tree with the free\n"
     "  frames at their head, in their longest run and at their tail; the runs that were refused,\n"
     "  and why; from=... says what holds a run: last (freed last), list (runs by length), rest "
     "or\n"
     "  joined (set aside), tree. On a small machine (machine tiny), it is drawn as well.\n"
     "  explained steps=N physical=ADDR: where alloc would put the block; none if it would fail\n",
     2, 12, .run = run_explain, .arguments = request_word},
    {"free", "ID | NAME | all",
     "frees a block, by the id that alloc and blocks show, or by its name",
     "  NAME   the owner: exactly one block must belong to it. A number is always an id\n"
     "  all    every block that alloc gave here, by whatever name: all but the system's own,\n"
     "         which belong to the kernel and to drivers\n"
     "  freed id=N, or with all: freed blocks=N bytes=N\n",
     2, 2, .run = run_free, .arguments = owner_word},
    {"blocks", "", "lists the allocated blocks", "  If there are none: no blocks\n", 1, 1,
     .act = run_blocks},
    {"buddy", "", "counts the free buddies of each order",
     "  order order=N free=N bytes=N: so many free blocks of 2^N frames, and the bytes in them\n"
     "  total frames=N free=N used=N largest=N: in frames of 4096 bytes\n",
     1, 1, .act = run_buddy},
    {"check", "", "checks every invariant of the allocator", NULL, 1, 1, .act = run_check},
    {0},
};
