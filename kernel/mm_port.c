/* What mm/ asks of its host (mm/port.h), in this kernel. */

#include "mm/port.h"

#include "paging.h"
#include "panic.h"

static unsigned rights_of(enum mm_cache cache)
{
    switch (cache) {
    case MM_UNCACHED:
        return PAGING_UNCACHED;
    case MM_WRITE_COMBINED:
        return PAGING_WRITE_COMBINED;
    default:
        return 0;
    }
}

bool mm_port_map_page(uintptr_t virtual_address, phys_t physical, enum mm_cache cache)
{
    return paging_map(virtual_address, physical, PAGING_WRITE | rights_of(cache));
}

void mm_port_unmap_page(uintptr_t virtual_address)
{
    paging_unmap(virtual_address);
}

phys_t mm_port_translate(uintptr_t virtual_address)
{
    phys_t physical;
    bool is_mapped = paging_translate(virtual_address, &physical);
    ASSERT(is_mapped);
    return physical;
}

void mm_port_assert_failed(const char *expression, const char *file, int line)
{
    panic_assert(expression, file, line);
}
