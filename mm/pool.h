#ifndef MM_POOL_H
#define MM_POOL_H

/*
 * The nonpaged pool: physically contiguous blocks, mapped in a window of virtual addresses. Each
 * has an unmapped guard page on either side. A second memory manager hands out the window's pages;
 * for this manager, a page of address space is a frame like any other.
 *
 *   window   | guard | block ........ | guard | free ...         one page = 4096 bytes
 *
 * The two managers refer to each other by tags. A block's tag is the number of its first virtual
 * page (0: not mapped). The tag of a block of the window is the id of the block that is mapped
 * there (0: a plain mapping).
 */

#include "mm.h"

MM_BEGIN_DECLS

/* How the processor may cache a mapping. */
enum mm_cache { MM_CACHED, MM_UNCACHED, MM_WRITE_COMBINED };

/* The pages of a window, as the kernel's page tables have them. */
struct pool_pages {
    /*
     * Maps one page of FRAME_BYTES at `virtual_address` to the frame at `physical`, writable, not
     * executable. False, and nothing changes, if the paging mode cannot reach the frame, or if no
     * frame is left for a page table. It may call the manager to allocate a frame for a page table.
     */
    bool (*map)(uintptr_t virtual_address, phys_t physical, enum mm_cache cache);

    /* Unmaps a page that was mapped; later accesses fault. */
    void (*unmap)(uintptr_t virtual_address);

    /* The physical address of a page that was mapped. */
    phys_t (*translate)(uintptr_t virtual_address);
};

struct pool {
    const struct pool_pages *pages;
    struct mm *mm;
    struct mm window; /* its addresses are virtual */
};

/*
 * Starts the pool over the window [base, end) of virtual addresses, multiples of FRAME_BYTES.
 * `base` is not 0, and nothing is mapped in the window. `pages` must live as long as the pool.
 * `tables` is as for mm_add_range over the pages of the window, `records` as for mm_init.
 */
void pool_init(struct pool *pool, const struct pool_pages *pages, struct mm *mm, uintptr_t base,
               uintptr_t end, void *tables, void *records, size_t records_bytes);

/*
 * Allocates a block (see mm_alloc for the request) and maps it. *block (may be NULL) receives the
 * block, *virtual_address its address. Fails as mm_alloc or pool_map_block do; nothing is held
 * then. The caller frees it with pool_free or pool_free_block.
 */
enum mm_status pool_alloc(struct pool *pool, const struct mm_request *request, enum mm_cache cache,
                          struct mm_block *block, void **virtual_address);

/*
 * Maps a live block of the manager that is not mapped yet, and stores its page in block->tag. Fails
 * with MM_NO_WINDOW, MM_NOT_MAPPED or MM_NO_RECORD; then the block stays as it was.
 */
enum mm_status pool_map_block(struct pool *pool, struct mm_block *block, enum mm_cache cache);

/* The virtual address of a block, from its tag; NULL if it is not mapped. */
void *pool_block_address(const struct mm_block *block);

/*
 * Frees a block by its exact virtual address. For any other address, it fails, and nothing changes,
 * with MM_NOT_MANAGED, MM_ALREADY_FREE, MM_INSIDE_BLOCK, or MM_NOT_A_BLOCK (a mapping of pool_map).
 */
enum mm_status pool_free(struct pool *pool, const void *virtual_address);

/* Frees a block by its physical base, mapped or not. Fails as mm_free does. */
enum mm_status pool_free_block(struct pool *pool, phys_t base);

/*
 * Maps all frames that [physical, physical + size_bytes) touches, for `owner`. *virtual_address
 * receives the virtual address of `physical`. The frames keep their owner. Fails with MM_ZERO_SIZE,
 * MM_BAD_OWNER, MM_NO_WINDOW, MM_NOT_MAPPED or MM_NO_RECORD; nothing stays mapped then. Undone by
 * pool_unmap.
 */
enum mm_status pool_map(struct pool *pool, phys_t physical, uint64_t size_bytes,
                        enum mm_cache cache, const char *owner, void **virtual_address);

/*
 * Undoes pool_map. `virtual_address` may be any address inside the mapping. For any other address,
 * it fails, and nothing changes, with MM_NOT_MANAGED, MM_ALREADY_FREE, or MM_NOT_A_BLOCK (a block's
 * address).
 */
enum mm_status pool_unmap(struct pool *pool, const void *virtual_address);

/*
 * The mapping in which a virtual address lies: its base and size_bytes, both with the guard pages,
 * and its owner. False if the address is outside of the window or in an unused part.
 */
bool pool_find(const struct pool *pool, uintptr_t address, struct mm_block *mapping);

MM_END_DECLS

#endif
