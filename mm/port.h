#ifndef MM_PORT_H
#define MM_PORT_H

/*
 * All that mm/ needs of the kernel it lives in. The host supplies every function here; mm/ calls
 * nothing else but a manager's source of memory (mm.h). mm_port_map_page may call back to allocate
 * (a page table, say); the others may not.
 *
 * A compiler may also call what it may call in every freestanding program: memcpy,
 * memmove, memset and memcmp, and where the processor has no instruction to count zeros in 64 bits,
 * its own library's __ctzdi2 and __clzdi2 (libgcc). Nothing divides 64 bits.
 *
 * Nothing here locks: see mm.h.
 */

#include "types.h"

MM_BEGIN_DECLS

/* How the processor may cache a mapping. */
enum mm_cache { MM_CACHED, MM_UNCACHED, MM_WRITE_COMBINED };

/*
 * Maps one 4096-byte page at `virtual_address` to the frame at `physical`, writable, not
 * executable. Used by the pool alone, for addresses inside the pool's window.
 * Returns false, and changes nothing, when the frame is out of the paging mode's reach or no frame
 * is left for a page table.
 */
bool mm_port_map_page(uintptr_t virtual_address, phys_t physical, enum mm_cache cache);

/* Undoes mm_port_map_page; later accesses fault. */
void mm_port_unmap_page(uintptr_t virtual_address);

/* The physical address behind a page that mm_port_map_page mapped. */
phys_t mm_port_translate(uintptr_t virtual_address);

/* An assertion failed: a caller's bug. Reports it and does not return. */
MM_NORETURN void mm_port_assert_failed(const char *expression, const char *file, int line);

#define MM_ASSERT(expression)                                                                      \
    ((expression) ? (void)0 : mm_port_assert_failed(#expression, __FILE__, __LINE__))

MM_END_DECLS

#endif
