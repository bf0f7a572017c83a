/*
 * A host for mm/: memory from malloc, and "page tables" that are an array. Mapping a page twice,
 * and unmapping or translating one that is not mapped, is a caller's bug and ends the test.
 */

#include "fake_port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GIVEN_MAX 1024

struct page {
    bool is_mapped;
    phys_t physical;
    enum mm_cache cache;
};

static struct page pages[FAKE_PORT_PAGES];
static void *given[GIVEN_MAX];
static size_t given_count;

size_t fake_port_mapped_count;
size_t fake_port_map_limit = SIZE_MAX;
bool fake_port_has_memory = true;
void (*fake_port_before_memory)(size_t size_bytes);
void (*fake_port_on_assertion)(const char *expression, const char *file, int line);

void fake_port_reset(void)
{
    memset(pages, 0, sizeof pages);
    while (given_count > 0)
        free(given[--given_count]);
    fake_port_mapped_count = 0;
    fake_port_map_limit = SIZE_MAX;
    fake_port_has_memory = true;
    fake_port_before_memory = NULL;
    fake_port_on_assertion = NULL;
}

static struct page *page_of(uintptr_t virtual_address)
{
    size_t index = (virtual_address - FAKE_PORT_BASE) >> FRAME_SHIFT;
    MM_ASSERT(virtual_address >= FAKE_PORT_BASE && index < FAKE_PORT_PAGES);
    return &pages[index];
}

static void *get_memory(void *context, size_t size_bytes)
{
    (void)context;
    if (fake_port_before_memory)
        fake_port_before_memory(size_bytes);
    if (!fake_port_has_memory)
        return NULL;
    MM_ASSERT(given_count < GIVEN_MAX);
    return given[given_count++] = malloc(size_bytes);
}

const struct mm_source fake_port_source = {get_memory, NULL};

static bool map_page(uintptr_t virtual_address, phys_t physical, enum mm_cache cache)
{
    struct page *page = page_of(virtual_address);
    MM_ASSERT(!page->is_mapped && ((virtual_address | physical) & (FRAME_BYTES - 1)) == 0);
    if (fake_port_mapped_count >= fake_port_map_limit)
        return false;
    *page = (struct page){true, physical, cache};
    fake_port_mapped_count++;
    return true;
}

static void unmap_page(uintptr_t virtual_address)
{
    MM_ASSERT(page_of(virtual_address)->is_mapped && (virtual_address & (FRAME_BYTES - 1)) == 0);
    page_of(virtual_address)->is_mapped = false;
    fake_port_mapped_count--;
}

static phys_t translate_page(uintptr_t virtual_address)
{
    MM_ASSERT(page_of(virtual_address)->is_mapped);
    return page_of(virtual_address)->physical + (virtual_address & (FRAME_BYTES - 1));
}

const struct pool_pages fake_port_pages = {map_page, unmap_page, translate_page};

bool fake_port_is_mapped(uintptr_t virtual_address)
{
    return page_of(virtual_address)->is_mapped;
}

enum mm_cache fake_port_cache(uintptr_t virtual_address)
{
    MM_ASSERT(page_of(virtual_address)->is_mapped);
    return page_of(virtual_address)->cache;
}

_Noreturn void mm_port_assert_failed(const char *expression, const char *file, int line)
{
    if (fake_port_on_assertion)
        fake_port_on_assertion(expression, file, line);
    fprintf(stderr, "assertion failed: %s, %s line %d\n", expression, file, line);
    abort();
}
