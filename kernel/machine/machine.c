/*
 * Opens, lists and closes simulated machines. All of a simulated machine is one real block: this
 * structure, then the ledger's first records, then the buddy's tables. What the ledger takes later
 * are blocks of the same owner, so that closing means to free everything of that owner. While a
 * machine is set aside, those that are opened have another owner.
 */

#include "machine.h"

#include "boot/bios_area.h"
#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/lib/suggest.h"
#include "kernel/log/console.h"
#include "kernel/memory/managed.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"

struct simulation {
    const struct machine_source *source;
    struct mm mm;
    struct memmap map;
    struct machine_stage stage; /* its memory is NULL if the machine is too large for one */
};

static struct simulation *simulation; /* NULL: the real machine is open */
static struct simulation *set_aside; /* while there is a guest */
static char own[] = MACHINE_OWNER;
static char guest[] = MACHINE_GUEST_OWNER;
static char *owner = own;
static const struct machine_source real = {.name = MACHINE_REAL, .text = "this machine"};
static struct mm *shown; /* NULL: the manager of the machine that is open */
static struct memmap draft; /* of a machine that is looked at, or about to be opened */

const char *machine_simulated(void)
{
    return simulation ? simulation->source->name : NULL;
}

struct memmap *machine_map(void)
{
    return simulation ? &simulation->map : memory_map();
}

struct mm *machine_manager(void)
{
    return simulation ? &simulation->mm : memory_manager();
}

void machine_show(struct mm *past)
{
    shown = past;
}

struct mm *machine_shown(void)
{
    return shown ? shown : machine_manager();
}

struct pool *machine_pool(void)
{
    return simulation ? NULL : memory_pool();
}

void machine_init(const struct boot_info *info)
{
    const struct machine_source *source;
    machine_catalog_init(info);
    for (size_t i = machines_shipped_count; (source = machine_catalog_at(i)); i++)
        machine_catalog_read(source, true, &draft);
}

bool machine_find_stage(struct machine_stage *stage)
{
    if (!simulation || !simulation->stage.memory)
        return false;
    *stage = simulation->stage;
    return true;
}

const char *machine_word(size_t index)
{
    if (index == 0)
        return MACHINE_REAL;
    const struct machine_source *source = machine_catalog_at(index - 1);
    return source ? source->name : NULL;
}

/* ---- opening and closing --------------------------------------------------------------------- */

/* The end of what the map has usable from the first byte on, in KiB, as a BIOS would say it. */
static uint16_t base_memory_kib(const struct memmap *map)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->regions[i].kind == REGION_USABLE && map->regions[i].base < MANAGED_FIRST_BYTE &&
            map->regions[i].end > MANAGED_FIRST_BYTE && map->regions[i].end < MIB)
            return (uint16_t)(map->regions[i].end >> 10);
    return 0;
}

/* False if the map has too much for a stage, or memory too far apart. */
static bool measure_stage(const struct memmap *map, struct machine_stage *stage)
{
    struct managed_walk walk = {.map = map};
    struct frame_range range;
    managed_next_range(&walk, &range);
    pfn_t first = range.first;
    while (managed_next_range(&walk, &range))
        ;
    *stage = (struct machine_stage){.first = first};
    while (stage->order <= MACHINE_STAGE_ORDER_MAX &&
           stage->first + ((pfn_t)1 << stage->order) < range.end) {
        stage->order++;
        stage->first = first >> stage->order << stage->order;
    }
    return stage->order <= MACHINE_STAGE_ORDER_MAX;
}

/*
 * The sizes of memory that QEMU's PC has in one piece below 4 GiB. More than that, a 32nd and
 * 16 MiB, is taken by this kernel itself: its tables, and what is below 16 MiB.
 */
static const struct {
    const char *name;
    uint64_t bytes;
} memory_sizes[] = {{"512M", 512 * MIB}, {"1G", GIB}, {"2G", 2 * GIB}, {"3G", 3 * GIB}};

/* The least of these in which the tables have room; NULL: none of them is enough. */
static const char *find_memory_size(uint64_t needed_bytes)
{
    uint64_t bytes = needed_bytes + needed_bytes / 32 + 16 * MIB;
    for (size_t i = 0; i < sizeof memory_sizes / sizeof *memory_sizes; i++)
        if (bytes <= memory_sizes[i].bytes)
            return memory_sizes[i].name;
    return NULL;
}

/* True if it would fit in what is free and what the open machine holds. */
static bool has_memory_for(uint64_t needed_bytes)
{
    struct mm_totals totals;
    struct mm_holding held = mm_find_holding(memory_manager(), MACHINE_OWNER);
    mm_get_totals(memory_manager(), &totals);
    return needed_bytes <= (totals.free_count << FRAME_SHIFT) + held.size_bytes;
}

static void refuse(const char *name, uint64_t needed_bytes)
{
    char needed[FORMAT_BYTES_MAX];
    char largest[FORMAT_BYTES_MAX];
    char remedy[64] = "no PC has room for them";
    uint64_t largest_bytes = mm_largest_run(memory_manager(), 0, paging_reach());
    const char *size = find_memory_size(needed_bytes);
    if (has_memory_for(needed_bytes))
        format_text(remedy, sizeof remedy, "free and machine real make room for them");
    else if (size)
        format_text(remedy, sizeof remedy, "make run MEMORY=%s has room for them", size);
    console_error("the tables of machine \"%s\" take %llu bytes (%s); the longest free run here "
                  "has %llu (%s); %s",
                  name, (number_t)needed_bytes, format_bytes(needed, needed_bytes),
                  (number_t)largest_bytes, format_bytes(largest, largest_bytes), remedy);
}

/* A real block for it, or a line that says why there is none. */
static void *take_block(const char *name, uint64_t size_bytes, struct mm_block *block)
{
    struct mm_request request = {.size_bytes = size_bytes, .limit = paging_reach(), .owner = owner};
    void *memory;
    enum mm_status status = pool_alloc(memory_pool(), &request, MM_CACHED, block, &memory);
    if (status == MM_OK)
        return memory;
    if (status == MM_NO_ROOM || status == MM_BAD_LIMIT)
        refuse(name, size_bytes);
    else
        console_error("the tables of machine \"%s\", %llu bytes: %s", name, (number_t)size_bytes,
                      mm_status_text(status));
    return NULL;
}

/* All of the owner's but that one; 0 is nobody's id. */
static void free_blocks(uint64_t kept_id)
{
    struct mm_block block;
    for (phys_t cursor = 0; mm_next_block(memory_manager(), &cursor, &block);)
        if (block.id != kept_id && strcmp(block.owner, owner) == 0)
            pool_free_block(memory_pool(), block.base);
}

static void refuse_name(const char *name)
{
    const char *near = suggest_word(name, machine_word);
    if (near)
        console_error("there is no machine \"%s\"; did you mean \"%s\"?", name, near);
    else
        console_error("there is no machine \"%s\"; machine without a name lists them", name);
}

bool machine_open(const char *name)
{
    const struct machine_source *source = machine_catalog_find(name);
    struct managed_sizes sizes;
    struct machine_stage stage;
    struct mm_block block;
    if (!source) {
        refuse_name(name);
        return false;
    }
    if (!machine_catalog_read(source, true, &draft))
        return false;
    /* As if this kernel had booted there, with its tables elsewhere. */
    managed_reserve(&draft, memory_image(), boot_find_bios_area(0, base_memory_kib(&draft)));
    managed_measure(&draft, &sizes);
    if (sizes.frame_count == 0) {
        console_error("machine \"%s\" has no memory that could be managed", name);
        return false;
    }
    bool is_stage = measure_stage(&draft, &stage);
    size_t head_bytes = (sizeof *simulation + 7) & ~(size_t)7;
    size_t stage_at = head_bytes;
    head_bytes += is_stage ? MACHINE_STAGE_BYTES : 0;
    unsigned char *memory =
        take_block(name, head_bytes + sizes.records_bytes + sizes.tables_bytes, &block);
    if (!memory)
        return false;
    stage.memory = is_stage ? memset(memory + stage_at, 0, MACHINE_STAGE_BYTES) : NULL;
    simulation = (struct simulation *)memory;
    shown = NULL;
    simulation->source = source;
    simulation->map = draft;
    simulation->stage = stage;
    mm_init(&simulation->mm, memory_source(owner), memory + head_bytes, sizes.records_bytes);
    managed_add(&simulation->mm, &simulation->map, memory + head_bytes + sizes.records_bytes);
    free_blocks(block.id);
    if (draft.dropped_bytes)
        console_print("machine name=%s dropped=%llu: too many pieces\n", name,
                      (number_t)draft.dropped_bytes);
    return true;
}

void machine_close(void)
{
    simulation = NULL;
    shown = NULL;
    free_blocks(0);
}

void machine_set_aside(void)
{
    set_aside = simulation;
    simulation = NULL;
    owner = guest;
}

bool machine_has_guest(void)
{
    return owner == guest;
}

void machine_take_back(void)
{
    machine_close();
    simulation = set_aside;
    set_aside = NULL;
    owner = own;
}

/* ---- listing --------------------------------------------------------------------------------- */

/* What is usable by the firmware's word, whoever holds it; neighbours are one range. */
static void describe(const struct machine_source *source, const struct memmap *map, bool is_open)
{
    uint64_t usable_bytes = 0;
    size_t range_count = 0;
    phys_t end = PHYS_LIMIT;
    char ram[FORMAT_BYTES_MAX];
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        if (region->kind != REGION_USABLE)
            continue;
        usable_bytes += region->end - region->base;
        range_count += region->base != end;
        end = region->end;
    }
    console_print("machine name=%s ram=%llu ranges=%zu open=%s text=\"%s, %s\"\n", source->name,
                  (number_t)usable_bytes, range_count, is_open ? "yes" : "no",
                  format_bytes(ram, usable_bytes), source->text);
}

void machine_list(void)
{
    const struct machine_source *source;
    describe(&real, memory_map(), !simulation);
    for (size_t i = 0; (source = machine_catalog_at(i)); i++)
        if (machine_catalog_read(source, false, &draft))
            describe(source, &draft, simulation && simulation->source == source);
}

void machine_describe(void)
{
    describe(simulation ? simulation->source : &real, machine_map(), true);
}
