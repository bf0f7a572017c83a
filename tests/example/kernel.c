/*
 * A kernel with a memory manager and nothing else: takes the boot loader's map, gives what is free
 * to mm/, and has a block of it. Paging is off, so an address is a pointer.
 */

#include "machine.h"
#include "mm/memmap.h"
#include "mm/mm.h"
#include "mm/port.h"

static struct memmap map;
static struct mm mm;
static uint64_t first_records[MM_FIRST_RECORDS_BYTES / sizeof(uint64_t)];

static void *get_memory(void *context, size_t size_bytes)
{
    struct mm_request request = {.size_bytes = size_bytes, .limit = 4 * GIB, .owner = "ledger"};
    struct mm_block block;
    return mm_alloc(context, &request, &block) == MM_OK ? (void *)(uintptr_t)block.base : NULL;
}

static const struct mm_source source = {get_memory, &mm};

void mm_port_assert_failed(const char *expression, const char *file, int line)
{
    print_hex(file, (uint64_t)line);
    print(expression);
    leave(2);
}

static void read_map(const struct multiboot_info *info)
{
    memmap_init(&map);
    for (uint32_t at = info->map_base; at < info->map_base + info->map_bytes;) {
        const struct multiboot_entry *entry = (const struct multiboot_entry *)(uintptr_t)at;
        memmap_add_entry(&map, entry->base, entry->length_bytes, entry->type);
        at += entry->size_bytes + (uint32_t)sizeof entry->size_bytes;
    }
    memmap_round(&map);
    memmap_reserve(&map, 0, MIB, "low"); /* the BIOS's, and the boot loader's information */
    memmap_reserve(&map, (uintptr_t)image_start, (uintptr_t)image_end, "kernel");
}

/* The tables of all ranges lie together, at the top of what can be reached. */
static void add_ranges(void)
{
    struct frame_range range;
    phys_t tables_bytes = BUDDY_SPLIT_BYTES; /* they may lie in the middle of a range */
    for (size_t cursor = 0; memmap_next_free(&map, &cursor, &range);)
        tables_bytes += buddy_table_bytes(range);
    phys_t tables = memmap_find_top(&map, tables_bytes, 4 * GIB);
    MM_ASSERT(tables != 0);
    memmap_reserve(&map, tables, tables + tables_bytes, "tables");
    for (size_t cursor = 0; memmap_next_free(&map, &cursor, &range);) {
        enum mm_status status = mm_add_range(&mm, range, (void *)(uintptr_t)tables);
        MM_ASSERT(status == MM_OK);
        tables += buddy_table_bytes(range);
    }
}

static void use_a_block(void)
{
    struct mm_request request = {
        .size_bytes = 3 * MIB, .align_bytes = 64 * KIB, .limit = 16 * MIB, .owner = "sound"};
    struct mm_block block;
    enum mm_status status = mm_alloc(&mm, &request, &block);
    if (status != MM_OK) {
        print(mm_status_text(status));
        print_hex("; largest=0x", mm_largest_run(&mm, 0, request.limit));
        leave(1);
    }
    print_hex("block base=0x", block.base);
    print_hex(" end=0x", block.base + block.size_bytes);
    status = mm_free(&mm, block.base);
    MM_ASSERT(status == MM_OK);
}

void kernel_main(uint32_t magic, const struct multiboot_info *info)
{
    MM_ASSERT(magic == MULTIBOOT_LOADED && (info->flags & MULTIBOOT_HAS_MAP));
    read_map(info);
    mm_init(&mm, source, first_records, sizeof first_records);
    add_ranges();
    struct mm_totals totals;
    mm_get_totals(&mm, &totals);
    print_hex("memory frames=0x", totals.frame_count);
    print_hex(" free=0x", totals.free_count);
    print("\n");
    use_a_block();
    const char *broken = mm_check(&mm);
    print(broken ? broken : "\nok");
    leave(broken ? 1 : 0x10);
}
