/*
 * A kernel with a memory manager and nothing else: takes the boot loader's map, gives what is free
 * to mm/, and has a block of it. Of this tree it uses mm/ alone, without the pool. Paging is off,
 * so an address is a pointer.
 */

#include "mm/memmap.h"
#include "mm/mm.h"
#include "mm/port.h"

#define MULTIBOOT_LOADED 0x2BADB002
#define MULTIBOOT_HAS_MAP (1u << 6)

struct multiboot_info { /* Multiboot 0.6.96, 3.3 */
    uint32_t flags;
    uint32_t unused[10];
    uint32_t map_bytes;
    uint32_t map_base;
};

struct __attribute__((packed)) multiboot_entry {
    uint32_t size_bytes; /* of what follows */
    uint64_t base;
    uint64_t length_bytes;
    uint32_t type;
};

extern const unsigned char image_start[], image_end[]; /* linker.ld */

static struct memmap map;
static struct mm mm;
static uint64_t first_records[MM_FIRST_RECORDS_BYTES / sizeof(uint64_t)];

/* ---- the machine ---------------------------------------------------------------------------- */

static void port_write(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void print(const char *text)
{
    while (*text)
        port_write(0x3F8, (uint8_t)*text++); /* COM1, as fast as an emulator takes it */
}

static void print_hex(const char *label, uint64_t number)
{
    print(label);
    for (int shift = 60; shift >= 0; shift -= 4)
        port_write(0x3F8, (uint8_t) "0123456789abcdef"[number >> shift & 15]);
}

static MM_NORETURN void leave(uint8_t status)
{
    port_write(0xF4, status); /* QEMU's isa-debug-exit */
    for (;;)
        __asm__ volatile("cli; hlt");
}

/* ---- what mm/ asks for ---------------------------------------------------------------------- */

void *mm_port_get_memory(size_t size_bytes)
{
    struct mm_request request = {.size_bytes = size_bytes, .limit = 4 * GIB, .owner = "ledger"};
    struct mm_block block;
    return mm_alloc(&mm, &request, &block) == MM_OK ? (void *)(uintptr_t)block.base : NULL;
}

void mm_port_assert_failed(const char *expression, const char *file, int line)
{
    (void)line;
    print(file);
    print(": assertion failed: ");
    print(expression);
    print("\n");
    leave(2);
}

/* ---- bringing it up ------------------------------------------------------------------------- */

static void read_map(const struct multiboot_info *info)
{
    memmap_init(&map);
    for (uint32_t at = 0; at < info->map_bytes;) {
        const struct multiboot_entry *entry =
            (const struct multiboot_entry *)(uintptr_t)(info->map_base + at);
        memmap_add_entry(&map, entry->base, entry->length_bytes, entry->type);
        at += entry->size_bytes + (uint32_t)sizeof entry->size_bytes;
    }
    memmap_round(&map);
    memmap_reserve(&map, 0, MIB, "low"); /* the BIOS's, and the boot loader's information */
    memmap_reserve(&map, (uintptr_t)image_start, (uintptr_t)image_end, "kernel");
}

static size_t table_bytes(struct frame_range range)
{
    return (buddy_table_bytes(range) + 7) & ~(size_t)7;
}

/* The tables of all ranges lie together, at the top of what can be reached. */
static void add_ranges(void)
{
    struct frame_range range;
    phys_t tables_bytes = FRAME_BYTES; /* for one range more, if they lie in the middle of one */
    for (size_t cursor = 0; memmap_next_free(&map, &cursor, &range);)
        tables_bytes += table_bytes(range);
    phys_t next = memmap_find_top(&map, tables_bytes, 4 * GIB);
    phys_t end = next + tables_bytes;
    MM_ASSERT(next != 0);
    memmap_reserve(&map, next, end, "tables");
    for (size_t cursor = 0; memmap_next_free(&map, &cursor, &range);) {
        void *tables = (void *)(uintptr_t)next;
        next += table_bytes(range);
        MM_ASSERT(next <= end && mm_add_range(&mm, range, tables) == MM_OK);
    }
}

static void say_what_there_is(void)
{
    struct mm_totals totals;
    mm_get_totals(&mm, &totals);
    print_hex("memory frames=0x", totals.frame_count);
    print_hex(" free=0x", totals.free_count);
    print("\n");
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
        print("\n");
        leave(1);
    }
    print_hex("block base=0x", block.base);
    print_hex(" end=0x", block.base + block.size_bytes);
    print("\n");
    MM_ASSERT(mm_free(&mm, block.base) == MM_OK);
}

void kernel_main(uint32_t magic, const struct multiboot_info *info); /* boot.asm */

void kernel_main(uint32_t magic, const struct multiboot_info *info)
{
    MM_ASSERT(magic == MULTIBOOT_LOADED && (info->flags & MULTIBOOT_HAS_MAP));
    read_map(info);
    mm_init(&mm, first_records, sizeof first_records);
    add_ranges();
    say_what_there_is();
    use_a_block();
    const char *broken = mm_check(&mm);
    print(broken ? broken : "ok");
    print("\n");
    leave(broken ? 1 : 0x10);
}
