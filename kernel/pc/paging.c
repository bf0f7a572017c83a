/*
 * Maps virtual memory by page tables of 4 KiB pages. The two formats differ in the width of an
 * entry, and in PAE's extra level at the top, whose four entries never change; the walk below is
 * the same for both. Tables are identity-mapped, so a table's physical address is its pointer.
 *
 *   PAE       2 bits   9 bits   9 bits   12 bits      entries of 8 bytes, frames up to 2^52
 *   classic           10 bits  10 bits   12 bits      entries of 4 bytes, frames up to 4 GiB
 *            pointer directory table     offset
 *
 * Intel SDM vol. 3A, 4.3 and 4.4.
 */

#include "paging.h"

#include "cache.h"
#include "kernel/lib/string.h"
#include "panic.h"

#define PAGE_BYTES 4096u
#define ENTRY_PRESENT 0x001u
#define ENTRY_WRITABLE 0x002u
#define ENTRY_USER 0x004u
#define ENTRY_WRITE_THROUGH 0x008u
#define ENTRY_CACHE_DISABLED 0x010u
#define ENTRY_NO_EXECUTE ((uint64_t)1 << 63)
#define ENTRY_FRAME_MASK (((uint64_t)1 << 52) - PAGE_BYTES)

#define DIRECTORIES_MAX 4

static unsigned char directories[DIRECTORIES_MAX][PAGE_BYTES] __attribute__((aligned(4096)));
static uint64_t directory_pointers[4] __attribute__((aligned(32)));
static bool pae;
static bool nx;
static unsigned physical_bits;
static bool enabled;
static unsigned char *next_table;
static size_t tables_left;

static unsigned table_shift(bool with_pae)
{
    return with_pae ? 21 : 22;
}

size_t paging_table_bytes(const struct cpu_features *features, uintptr_t base, uintptr_t end)
{
    return (((end - base) >> table_shift(features->pae)) + 2) * PAGE_BYTES;
}

phys_t paging_reach(void)
{
    return (phys_t)1 << physical_bits;
}

const char *paging_mode_name(void)
{
    if (!pae)
        return "classic";
    return nx ? "pae nx" : "pae";
}

void paging_init(const struct cpu_features *features, void *tables, size_t tables_bytes)
{
    pae = features->pae;
    nx = features->nx;
    physical_bits = pae ? features->physical_bits : 32;
    next_table = tables;
    tables_left = tables_bytes / PAGE_BYTES;
    for (unsigned i = 0; i < 4; i++)
        directory_pointers[i] = (uint32_t)(uintptr_t)directories[i] | ENTRY_PRESENT;
}

/* ---- entries -------------------------------------------------------------------------------- */

static uint64_t read_entry(const void *table, uint32_t index)
{
    return pae ? ((const uint64_t *)table)[index] : ((const uint32_t *)table)[index];
}

/* An entry is never seen half-written: its present bit goes first, and comes back last. */
static void write_entry(void *table, uint32_t index, uint64_t entry)
{
    volatile uint32_t *words = table;
    if (!pae) {
        words[index] = (uint32_t)entry;
        return;
    }
    words[2 * index] = 0;
    words[2 * index + 1] = (uint32_t)(entry >> 32);
    words[2 * index] = (uint32_t)entry;
}

static void *directory_of(uintptr_t address)
{
    return directories[pae ? address >> 30 : 0];
}

static uint32_t directory_index(uintptr_t address)
{
    return pae ? (uint32_t)(address >> 21 & 511) : (uint32_t)(address >> 22);
}

static uint32_t table_index(uintptr_t address)
{
    return (uint32_t)(address >> 12 & (pae ? 511 : 1023));
}

/* NULL if there is no table for the address. */
static void *table_of(uintptr_t address)
{
    uint64_t entry = read_entry(directory_of(address), directory_index(address));
    return entry & ENTRY_PRESENT ? (void *)(uintptr_t)(entry & ENTRY_FRAME_MASK) : NULL;
}

static uint64_t make_entry(phys_t physical, unsigned rights)
{
    uint64_t entry = physical | ENTRY_PRESENT;
    if (rights & PAGING_WRITE)
        entry |= ENTRY_WRITABLE;
    if (rights & PAGING_USER)
        entry |= ENTRY_USER;
    if ((rights & PAGING_WRITE_COMBINED) && cache_pages_combine())
        entry |= ENTRY_WRITE_THROUGH;
    else if (rights & (PAGING_UNCACHED | PAGING_WRITE_COMBINED))
        entry |= ENTRY_CACHE_DISABLED | ENTRY_WRITE_THROUGH;
    if (nx && !(rights & PAGING_EXECUTE))
        entry |= ENTRY_NO_EXECUTE;
    return entry;
}

/* ---- mapping -------------------------------------------------------------------------------- */

static void *make_table(uintptr_t address)
{
    ASSERT(tables_left > 0);
    void *table = next_table;
    next_table += PAGE_BYTES;
    tables_left--;
    memset(table, 0, PAGE_BYTES);
    write_entry(directory_of(address), directory_index(address),
                (uint32_t)(uintptr_t)table | ENTRY_PRESENT | ENTRY_WRITABLE | ENTRY_USER);
    return table;
}

void paging_cover(uintptr_t base, uintptr_t end)
{
    unsigned shift = table_shift(pae);
    for (uintptr_t part = base >> shift; part <= (end - 1) >> shift; part++)
        if (!table_of(part << shift))
            make_table(part << shift);
}

void paging_map_identity(uintptr_t base, uintptr_t end, unsigned rights)
{
    if (base >= end)
        return;
    paging_cover(base, end);
    for (uintptr_t address = base; address < end; address += PAGE_BYTES)
        paging_map(address, address, rights);
}

bool paging_map(uintptr_t virtual_address, phys_t physical, unsigned rights)
{
    void *table = table_of(virtual_address);
    ASSERT(table);
    if (physical >= paging_reach())
        return false;
    write_entry(table, table_index(virtual_address), make_entry(physical, rights));
    if (enabled)
        cpu_invalidate_page(virtual_address);
    return true;
}

void paging_unmap(uintptr_t virtual_address)
{
    void *table = table_of(virtual_address);
    ASSERT(table);
    write_entry(table, table_index(virtual_address), 0);
    if (enabled)
        cpu_invalidate_page(virtual_address);
}

bool paging_translate(uintptr_t virtual_address, phys_t *physical)
{
    const void *table = table_of(virtual_address);
    uint64_t entry = table ? read_entry(table, table_index(virtual_address)) : 0;
    if (!(entry & ENTRY_PRESENT))
        return false;
    *physical = (entry & ENTRY_FRAME_MASK) + (virtual_address & (PAGE_BYTES - 1));
    return true;
}

/* Of a page that is mapped. */
static phys_t translate_page(uintptr_t virtual_address)
{
    phys_t physical;
    bool is_mapped = paging_translate(virtual_address, &physical);
    ASSERT(is_mapped);
    return physical;
}

void paging_protect(uintptr_t virtual_address, unsigned rights)
{
    paging_map(virtual_address, translate_page(virtual_address), rights);
}

void paging_enable(void)
{
    uint32_t top = (uint32_t)(uintptr_t)directories[0];
    if (pae) {
        cpu_write_cr4(cpu_read_cr4() | CR4_PAE);
        top = (uint32_t)(uintptr_t)directory_pointers;
    }
    if (nx)
        cpu_write_msr(MSR_EFER, cpu_read_msr(MSR_EFER) | EFER_NXE);
    cpu_set_page_tables(top);
    cpu_write_cr3(top);
    cpu_write_cr0(cpu_read_cr0() | CR0_PAGING | CR0_WRITE_PROTECT);
    enabled = true;
}

/* ---- the pool's pages ------------------------------------------------------------------------ */

static bool map_page(uintptr_t virtual_address, phys_t physical, enum mm_cache cache)
{
    static const unsigned rights[] = {[MM_CACHED] = PAGING_WRITE,
                                      [MM_UNCACHED] = PAGING_WRITE | PAGING_UNCACHED,
                                      [MM_WRITE_COMBINED] = PAGING_WRITE | PAGING_WRITE_COMBINED};
    return paging_map(virtual_address, physical, rights[cache]);
}

const struct pool_pages paging_pool_pages = {map_page, paging_unmap, translate_page};

/* ---- physical memory ------------------------------------------------------------------------- */

/* It is one of the kernel's image, whose page tables are there in any case. */
static unsigned char page[FRAME_BYTES] __attribute__((aligned(4096)));

static bool move(phys_t physical, unsigned rights)
{
    return paging_map((uintptr_t)page, physical & ~(FRAME_BYTES - 1), rights);
}

/* Copies to physical memory if it may be written with these rights, else from there. */
static bool copy(phys_t physical, unsigned char *next, size_t size_bytes, unsigned rights)
{
    while (size_bytes > 0) {
        size_t offset = (size_t)(physical & (FRAME_BYTES - 1));
        size_t count = (size_t)FRAME_BYTES - offset;
        if (count > size_bytes)
            count = size_bytes;
        if (!move(physical, rights))
            return false;
        if (rights & PAGING_WRITE)
            memcpy(page + offset, next, count);
        else
            memcpy(next, page + offset, count);
        physical += count;
        next += count;
        size_bytes -= count;
    }
    return true;
}

bool physical_read(void *context, phys_t physical, void *to, size_t size_bytes)
{
    (void)context;
    return copy(physical, to, size_bytes, PAGING_READ);
}

bool physical_write(phys_t physical, void *from, size_t size_bytes, bool is_memory)
{
    return copy(physical, from, size_bytes, PAGING_WRITE | (is_memory ? 0 : PAGING_UNCACHED));
}

volatile void *physical_map(phys_t physical, size_t size_bytes)
{
    size_t offset = (size_t)(physical & (FRAME_BYTES - 1));
    if (size_bytes > FRAME_BYTES - offset || !move(physical, PAGING_WRITE | PAGING_UNCACHED))
        return NULL;
    return page + offset;
}
