/*
 * Makes this machine's memory usable, by steps 2 to 6 of the way of the data: map, reservations,
 * tables, buddy, paging, pool. The tables of all of these are one carving, taken from an end of a
 * free range before anything is handed out (managed_find_place):
 *
 *   | page tables | of the buddy of RAM | of the buddy of the window | records | records |
 */

#include "memory.h"

#include "badram.h"
#include "boot/bios_area.h"
#include "kernel/lib/name.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/pc/paging.h"
#include "kernel/pc/panic.h"
#include "managed.h"

#define TABLES_LIMIT (PAGING_WINDOW_BASE) /* identity-mapped, so below the window */
#define WINDOW_ALIGN (4 * (uint32_t)MIB)
#define WINDOW_EXTRA (64 * MIB) /* for devices */
#define CLAIMED_OWNERS_MAX 32 /* main.c, adapters.c, and a lab in the kernel */

extern const unsigned char image_start[], image_end[], text_start[], text_end[], rodata_start[],
    rodata_end[], data_start[], data_end[], boot_stack_guard[];

/* Words of the BIOS data area (linker.ld). */
extern const volatile uint16_t bios_ebda_segment, bios_base_kib;

static phys_t bios_area; /* up to 1 MiB */
static struct memmap map;
static struct mm manager;
static struct pool pool;
static char records_owner[] = "ledger";
static const char *claimed_owners[CLAIMED_OWNERS_MAX];
static size_t claimed_owner_count;

struct memmap *memory_map(void)
{
    return &map;
}

struct mm *memory_manager(void)
{
    return &manager;
}

struct pool *memory_pool(void)
{
    return &pool;
}

static void *get_records(void *owner, size_t size_bytes)
{
    struct mm_request request = {
        .size_bytes = size_bytes, .limit = paging_reach(), .owner = (const char *)owner};
    void *memory;
    return pool_alloc(&pool, &request, MM_CACHED, NULL, &memory) == MM_OK ? memory : NULL;
}

struct mm_source memory_source(char *owner)
{
    return (struct mm_source){get_records, owner};
}

void memory_claim_owner(const char *name)
{
    ASSERT(claimed_owner_count < CLAIMED_OWNERS_MAX);
    claimed_owners[claimed_owner_count++] = name;
}

bool memory_owner_is_claimed(const char *name)
{
    for (size_t i = 0; i < claimed_owner_count; i++)
        if (name_is_same(claimed_owners[i], name))
            return true;
    return false;
}

const char *memory_find_holder(phys_t base, phys_t end, const char *besides)
{
    for (size_t i = 0; i < map.count; i++) {
        const struct region *region = &map.regions[i];
        if (region->base < end && base < region->end && region->owner &&
            strcmp(region->owner, besides) != 0)
            return region->owner;
    }
    return NULL;
}

static uintptr_t address_of(const unsigned char *symbol)
{
    return (uintptr_t)symbol;
}

struct phys_range memory_image(void)
{
    return (struct phys_range){address_of(image_start), address_of(image_end)};
}

/* ---- the map -------------------------------------------------------------------------------- */

static void read_map(const struct boot_info *info, const struct options *options)
{
    memmap_init(&map);
    for (size_t i = 0; i < info->map_count; i++) {
        const struct boot_map_entry *entry = &info->map[i];
        if (!memmap_add_entry(&map, entry->base, entry->length_bytes, entry->type) &&
            entry->length_bytes > 0)
            console_print("memory entry=%zu base=0x%llx: runs past 2^64; cut there\n", i,
                          (number_t)entry->base);
    }
    badram_add(&map, options);
    memmap_round(&map);
}

static uint64_t count_bytes(enum region_kind kind)
{
    uint64_t size_bytes = 0;
    for (size_t i = 0; i < map.count; i++)
        if (map.regions[i].kind == kind)
            size_bytes += map.regions[i].end - map.regions[i].base;
    return size_bytes;
}

/* Bad memory is what firmware calls so, and what the option badram= names. */
static _Noreturn void refuse_small_memory(void)
{
    number_t usable_kib = count_bytes(REGION_USABLE) >> 10;
    number_t bad_kib = count_bytes(REGION_BAD) >> 10;
    if (bad_kib > 0)
        panic("Ashlar needs 2 MiB of memory; the memory map has %llu KiB, without %llu KiB of bad "
              "memory (badram=)",
              usable_kib, bad_kib);
    panic("Ashlar needs 2 MiB of memory; the memory map has %llu KiB", usable_kib);
}

/*
 * The kernel ends just below 2 MiB. A map with nothing usable behind it is that of a smaller PC,
 * unless firmware keeps tables of its own at the end of just 2 MiB.
 */
static void require_memory_behind_the_kernel(void)
{
    phys_t image = address_of(image_end);
    for (size_t i = 0; i < map.count; i++) {
        const struct region *region = &map.regions[i];
        if (region->end > image && (region->kind == REGION_USABLE || region->base < image))
            return;
    }
    refuse_small_memory();
}

static void reserve_framebuffer(const struct boot_framebuffer *framebuffer)
{
    phys_t bytes = (phys_t)framebuffer->pitch_bytes * framebuffer->height;
    if (framebuffer->base >= MIB && bytes > 0 && bytes < PHYS_LIMIT - framebuffer->base)
        memmap_reserve(&map, framebuffer->base, framebuffer->base + bytes, MEMORY_FRAMEBUFFER);
}

static void reserve_what_is_in_use(const struct boot_info *info)
{
    bios_area = boot_find_bios_area(bios_ebda_segment, bios_base_kib);
    managed_reserve(&map, memory_image(), bios_area);
    for (size_t i = 0; i < info->module_count; i++)
        memmap_reserve(&map, info->modules[i].base, info->modules[i].end, "module");
    reserve_framebuffer(&info->framebuffer);
}

/* ---- the ISA hole --------------------------------------------------------------------------- */

#define HOLE_BASE (15 * MIB)
#define HOLE_END (16 * MIB)
#define HOLE_STEP (64 * KIB)

static bool is_free(phys_t address)
{
    const struct region *region = managed_find_region(&map, address);
    return region && region_is_free(region);
}

/* Memory holds both of two values, and lets no cache answer in its place. */
static bool holds(volatile uint32_t *word)
{
    uint32_t before = *word;
    bool is_memory = true;
    for (uint32_t value = 0x5AA55AA5; is_memory && value != 0; value = value >> 31 ? 0 : ~value) {
        *word = value;
        cpu_flush_caches();
        is_memory = *word == value;
    }
    *word = before;
    return is_memory;
}

/*
 * Chipsets give the last MiB below 16 MiB to the bus if the setup says so, for cards with frame
 * buffers, and firmware's map need not know: so whatever it calls free there is tried.
 */
static void look_for_isa_hole(void)
{
    trace_step("memory from 15 to 16 MiB: is there any?");
    for (phys_t base = HOLE_BASE; base < HOLE_END; base += HOLE_STEP) {
        if (!is_free(base) || holds((volatile uint32_t *)(uintptr_t)base))
            continue;
        console_print("memory base=0x%llx: holds nothing, though the map calls it usable\n",
                      (number_t)base);
        memmap_reserve(&map, HOLE_BASE, HOLE_END, MEMORY_ISA_HOLE);
        return;
    }
}

/* Whoever lies in bad memory got there before it was known, and is named. */
static void reserve_bad_memory(const struct options *options)
{
    for (size_t i = 0; i < options->bad_memory_count; i++)
        memmap_reserve(&map, options->bad_memory[i].base, options->bad_memory[i].end,
                       MEMORY_BAD_AT_BOOT);
    for (size_t i = 0; i < map.count; i++) {
        const struct region *region = &map.regions[i];
        if (region->kind == REGION_BAD && region->owner &&
            strcmp(region->owner, MEMORY_BAD_AT_BOOT) != 0)
            console_error("bad memory at [0x%llx, 0x%llx) cannot be taken out of use, it holds: %s",
                          (number_t)region->base, (number_t)region->end, region->owner);
    }
}

/* ---- the tables ----------------------------------------------------------------------------- */

/* Hands out the carving from its start, in multiples of 8 bytes. */
struct carving {
    unsigned char *next;
    unsigned char *end;
};

static void *carve(struct carving *carving, size_t size_bytes)
{
    size_bytes = (size_bytes + 7) & ~(size_t)7;
    ASSERT((size_t)(carving->end - carving->next) >= size_bytes);
    void *piece = carving->next;
    carving->next += size_bytes;
    return piece;
}

/* Twice the RAM, so that fragmentation of addresses never matters, and room for devices. */
static uintptr_t choose_window_end(void)
{
    struct managed_sizes sizes;
    managed_measure(&map, &sizes);
    uint64_t bytes = (sizes.frame_count << FRAME_SHIFT) * 2 + WINDOW_EXTRA;
    uint64_t most = PAGING_WINDOW_LIMIT - PAGING_WINDOW_BASE;
    if (bytes > most)
        bytes = most;
    return PAGING_WINDOW_BASE + ((uint32_t)bytes & ~(WINDOW_ALIGN - 1));
}

struct table_sizes {
    size_t pages;
    uint64_t ram; /* more than a pointer holds, in a machine of many TiB */
    size_t window;
    size_t records; /* for each of the two managers */
    uint64_t total;
};

/*
 * What the carving itself may cost: it cuts a range in two only where one goes from below 16 MiB to
 * beyond TABLES_LIMIT (managed_find_place).
 */
static size_t split_bytes(pfn_t frame_count)
{
    return frame_count > TABLES_LIMIT / 2 >> FRAME_SHIFT ? BUDDY_SPLIT_BYTES : 4096;
}

static struct table_sizes measure_tables(const struct cpu_features *features, uintptr_t window_end)
{
    struct managed_sizes managed;
    struct table_sizes sizes;
    struct frame_range window = {PAGING_WINDOW_BASE >> FRAME_SHIFT, window_end >> FRAME_SHIFT};
    managed_measure(&map, &managed);
    sizes.records = managed.records_bytes;
    sizes.ram = managed.tables_bytes + split_bytes(managed.frame_count);
    sizes.window = buddy_table_bytes(window);
    sizes.pages = paging_table_bytes(features, 0, address_of(image_end)) +
                  paging_table_bytes(features, PAGING_WINDOW_BASE, window_end);
    uint64_t others = sizes.ram + sizes.window + 2 * sizes.records;
    if (others < TABLES_LIMIT) /* else they will not fit anyway */
        sizes.pages += paging_table_bytes(features, 0, (uintptr_t)(sizes.pages + others));
    sizes.total = (sizes.pages + others + FRAME_BYTES - 1) & ~(uint64_t)(FRAME_BYTES - 1);
    return sizes;
}

/*
 * With many TiB, the tables may not fit below 1 GiB. Then the upper half of the highest free
 * range is left alone, again and again, until they do. False if there is nothing more to leave.
 */
static bool leave_highest_half(void)
{
    size_t highest = map.count;
    while (highest > 0 && !region_is_free(&map.regions[highest - 1]))
        highest--;
    if (highest == 0 || map.regions[highest - 1].end <= 4 * GIB)
        return false;
    struct region region = map.regions[highest - 1];
    phys_t base = region.base + (region.end - region.base) / 2;
    if (region.end - region.base < GIB)
        base = region.base;
    map.dropped_bytes += region.end - base;
    memmap_reserve(&map, base, region.end, "unmanaged");
    return true;
}

/*
 * Each frame is written before any is read, and caches are emptied in between: they would hold what
 * no memory does. Returns the first frame that lost what was written, or `end`.
 */
static uint32_t find_lost_frame(uint32_t base, uint32_t end, uint32_t pattern)
{
    for (uint32_t frame = base; frame < end; frame += (uint32_t)FRAME_BYTES)
        *(volatile uint32_t *)(uintptr_t)frame = frame ^ pattern;
    cpu_flush_caches();
    uint32_t frame = base;
    while (frame < end && *(volatile uint32_t *)(uintptr_t)frame == (frame ^ pattern))
        frame += (uint32_t)FRAME_BYTES;
    return frame;
}

/* A map may call memory what is none. Page tables there would end in a triple fault. */
static void require_memory(uint32_t base, uint32_t end)
{
    uint32_t lost = find_lost_frame(base, end, 0x5A5A5A5A);
    if (lost == end)
        lost = find_lost_frame(base, end, 0xA5A5A5A5);
    if (lost != end)
        panic("the memory map is wrong: nothing holds what is written at 0x%x", lost);
}

static struct carving take_carving(const struct table_sizes *sizes)
{
    phys_t base = managed_find_place(&map, sizes->total, TABLES_LIMIT);
    if (base == 0 && count_bytes(REGION_USABLE) < 2 * MIB)
        refuse_small_memory();
    if (base == 0)
        panic("no %llu KiB of free memory for tables below 1 GiB", (number_t)(sizes->total >> 10));
    memmap_reserve(&map, base, base + sizes->total, "tables");
    require_memory((uint32_t)base, (uint32_t)(base + sizes->total));
    unsigned char *memory = (unsigned char *)(uintptr_t)base;
    return (struct carving){memory, memory + sizes->total};
}

/* The carving itself has changed the map, so what is left is measured anew. */
static void add_ranges(struct carving *carving, size_t records_bytes)
{
    struct managed_sizes sizes;
    mm_init(&manager, memory_source(records_owner), carve(carving, records_bytes), records_bytes);
    managed_measure(&map, &sizes);
    managed_add(&manager, &map, carve(carving, (size_t)sizes.tables_bytes));
}

/* ---- paging --------------------------------------------------------------------------------- */

#define ADAPTER_BASE 0xA0000u /* video memory */
#define ADAPTER_END 0xC0000u

/* What is the BIOS's and the adapter's of the first MiB, with these rights besides writing. */
static void map_bios(unsigned rights)
{
    uintptr_t bios_base = (uintptr_t)bios_area & ~(uintptr_t)(FRAME_BYTES - 1);
    paging_map_identity(FRAME_BYTES, MANAGED_FIRST_BYTE, PAGING_WRITE | rights);
    paging_map_identity(bios_base, ADAPTER_BASE, PAGING_WRITE | rights);
    paging_map_identity(ADAPTER_BASE, ADAPTER_END, PAGING_WRITE | PAGING_UNCACHED | rights);
    paging_map_identity(ADAPTER_END, (uintptr_t)MIB, PAGING_WRITE | rights);
}

void memory_open_bios(bool is_open)
{
    map_bios(is_open ? PAGING_EXECUTE | PAGING_USER : 0);
    if (is_open)
        paging_map(0, 0, PAGING_WRITE | PAGING_USER);
    else
        paging_unmap(0);
}

bool memory_read_bios(phys_t physical, void *to, size_t size_bytes)
{
    bool is_low = physical < MANAGED_FIRST_BYTE && size_bytes <= MANAGED_FIRST_BYTE - physical;
    bool is_high = physical >= bios_area && physical < MIB && size_bytes <= MIB - physical;
    if (!is_low && !is_high)
        return false;
    memory_open_bios(true);
    memcpy(to, (const void *)(uintptr_t)physical, size_bytes);
    memory_open_bios(false);
    return true;
}

static void map_kernel(void)
{
    map_bios(0);
    paging_map_identity(address_of(text_start), address_of(text_end), PAGING_EXECUTE);
    paging_map_identity(address_of(rodata_start), address_of(rodata_end), PAGING_READ);
    paging_map_identity(address_of(data_start), address_of(data_end), PAGING_WRITE);
    paging_unmap(address_of(boot_stack_guard));
}

/*
 * NX is a bit of PAE's entries, and goes with them. What CR4 holds at the start is not defined
 * (Multiboot 0.6.96, 3.2).
 */
static void forgo_pae(struct cpu_features *chosen)
{
    cpu_write_cr4(cpu_read_cr4() & ~CR4_PAE);
    chosen->pae = false;
    chosen->nx = false;
}

void memory_init(const struct boot_info *info, const struct options *options,
                 const struct cpu_features *features)
{
    struct cpu_features chosen = *features;
    if (features->pae && !options->use_pae)
        forgo_pae(&chosen);
    trace_step("memory map: BIOS data area, reservations");
    read_map(info, options);
    require_memory_behind_the_kernel();
    reserve_what_is_in_use(info);
    look_for_isa_hole();
    reserve_bad_memory(options);
    uintptr_t window_end = choose_window_end();
    struct table_sizes sizes = measure_tables(&chosen, window_end);
    while (managed_find_place(&map, sizes.total, TABLES_LIMIT) == 0 && leave_highest_half())
        sizes = measure_tables(&chosen, window_end);
    trace_step("tables of %llu KiB, written for the first time", (number_t)(sizes.total >> 10));
    struct carving carving = take_carving(&sizes);
    unsigned char *carving_start = carving.next;
    if (map.dropped_bytes)
        console_print("memory dropped=%llu: too many pieces, or too much for the tables\n",
                      (number_t)map.dropped_bytes);
    paging_init(&chosen, carve(&carving, sizes.pages), sizes.pages);
    add_ranges(&carving, sizes.records);
    map_kernel();
    paging_map_identity((uintptr_t)carving_start, (uintptr_t)carving.end, PAGING_WRITE);
    paging_cover(PAGING_WINDOW_BASE, window_end);
    trace_step("paging on: %s", paging_mode_name());
    paging_enable();
    pool_init(&pool, &paging_pool_pages, &manager, PAGING_WINDOW_BASE, window_end,
              carve(&carving, sizes.window), carve(&carving, sizes.records), sizes.records);
}
