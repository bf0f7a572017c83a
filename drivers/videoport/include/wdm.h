#ifndef WDM_H
#define WDM_H

/* NT's memory manager, as far as it concerns physically contiguous memory. */

#include "ntdef.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum _MEMORY_CACHING_TYPE {
    MmNonCached = 0,
    MmCached = 1,
    MmWriteCombined = 2
} MEMORY_CACHING_TYPE;

/*
 * Allocates NumberOfBytes, page-aligned, uninitialised, whose last byte lies at or below
 * HighestAcceptableAddress. NULL on failure, for 0 bytes, or above PASSIVE_LEVEL; the log says why.
 * Freed by MmFreeContiguousMemory.
 */
PVOID NTAPI MmAllocateContiguousMemory(SIZE_T NumberOfBytes,
                                       PHYSICAL_ADDRESS HighestAcceptableAddress);

/*
 * The same between two addresses, both inclusive, mapped with that cache type; the block crosses no
 * multiple of BoundaryAddressMultiple, a power of two or 0 for none. NULL also for any other one.
 */
PVOID NTAPI MmAllocateContiguousMemorySpecifyCache(SIZE_T NumberOfBytes,
                                                   PHYSICAL_ADDRESS LowestAcceptableAddress,
                                                   PHYSICAL_ADDRESS HighestAcceptableAddress,
                                                   PHYSICAL_ADDRESS BoundaryAddressMultiple,
                                                   MEMORY_CACHING_TYPE CacheType);

/*
 * Frees a block by its exact base: one from the two functions above, or from
 * VideoPortAllocateContiguousMemory. Anything else is refused, and named on the log.
 */
VOID NTAPI MmFreeContiguousMemory(PVOID BaseAddress);

/* The physical address behind a mapped one, at any level; 0 if nothing is mapped there. */
PHYSICAL_ADDRESS NTAPI MmGetPhysicalAddress(PVOID BaseAddress);

/* Memory accesses before it are done before any after it, those that the processor combines
   included: a locked operation, which a 486 has as well (Intel SDM vol. 3A, 9.2.2 and 12.3.1). */
static __inline__ VOID KeMemoryBarrier(VOID)
{
    __sync_synchronize();
}

#ifdef __cplusplus
}
#endif

#endif
