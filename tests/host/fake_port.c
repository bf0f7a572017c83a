/* A host for mm/: memory from malloc, and "page tables" that are an array. */

#include "fake_port.h"

#include <stdio.h>
#include <stdlib.h>

#include "mm/port.h"

static phys_t frames[FAKE_PORT_PAGES]; /* behind each page of the window; 0: not mapped */
size_t fake_port_mapped_count;
size_t fake_port_map_limit = SIZE_MAX;
bool fake_port_has_memory = true;

static size_t page_of(uintptr_t virtual_address)
{
    size_t page = (virtual_address - FAKE_PORT_BASE) >> FRAME_SHIFT;
    MM_ASSERT(virtual_address >= FAKE_PORT_BASE && page < FAKE_PORT_PAGES);
    return page;
}

void *mm_port_get_memory(size_t size_bytes)
{
    return fake_port_has_memory ? malloc(size_bytes) : NULL;
}

bool mm_port_map_page(uintptr_t virtual_address, phys_t physical, enum mm_cache cache)
{
    (void)cache;
    if (fake_port_mapped_count >= fake_port_map_limit)
        return false;
    MM_ASSERT(frames[page_of(virtual_address)] == 0);
    frames[page_of(virtual_address)] = physical;
    fake_port_mapped_count++;
    return true;
}

void mm_port_unmap_page(uintptr_t virtual_address)
{
    MM_ASSERT(frames[page_of(virtual_address)] != 0);
    frames[page_of(virtual_address)] = 0;
    fake_port_mapped_count--;
}

phys_t mm_port_translate(uintptr_t virtual_address)
{
    MM_ASSERT(frames[page_of(virtual_address)] != 0);
    return frames[page_of(virtual_address)] + (virtual_address & (FRAME_BYTES - 1));
}

bool fake_port_is_mapped(uintptr_t virtual_address)
{
    return frames[page_of(virtual_address)] != 0;
}

_Noreturn void mm_port_assert_failed(const char *expression, const char *file, int line)
{
    fprintf(stderr, "assertion failed: %s, %s line %d\n", expression, file, line);
    abort();
}
