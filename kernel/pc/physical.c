/*
 * Reaches physical memory of any address through one page that is mapped there. The page is one of
 * the kernel's image, whose page tables are there in any case.
 */

#include "paging.h"

#include "kernel/lib/string.h"

static unsigned char page[FRAME_BYTES] __attribute__((aligned(4096)));

static bool move(phys_t physical, unsigned rights)
{
    return paging_map((uintptr_t)page, physical & ~(FRAME_BYTES - 1), rights);
}

bool physical_read(void *context, phys_t physical, void *to, size_t size_bytes)
{
    unsigned char *next = to;
    (void)context;
    while (size_bytes > 0) {
        size_t offset = (size_t)(physical & (FRAME_BYTES - 1));
        size_t count = (size_t)FRAME_BYTES - offset;
        if (count > size_bytes)
            count = size_bytes;
        if (!move(physical, PAGING_READ))
            return false;
        memcpy(next, page + offset, count);
        physical += count;
        next += count;
        size_bytes -= count;
    }
    return true;
}

volatile void *physical_map(phys_t physical, size_t size_bytes)
{
    size_t offset = (size_t)(physical & (FRAME_BYTES - 1));
    if (size_bytes > FRAME_BYTES - offset || !move(physical, PAGING_WRITE | PAGING_UNCACHED))
        return NULL;
    return page + offset;
}
