#ifndef MM_POOL_H
#define MM_POOL_H

/*
 * The nonpaged pool: physically contiguous blocks, mapped in a window of virtual addresses with an
 * unmapped guard page on either side. The window's pages are handed out by a second memory manager,
 * for which a page of address space is a frame like any other.
 *
 *   window   | guard | block ........ | guard | free ...         one page = 4096 bytes
 *
 * The two know each other by their tags: a block's tag is the number of its first virtual page (0:
 * not mapped), a window block's tag the id of the block behind it (0: a plain mapping).
 */

#include "mm.h"

MM_BEGIN_DECLS

/* How the processor may cache a mapping. */
enum mm_cache { MM_CACHED, MM_UNCACHED, MM_WRITE_COMBINED };

/* The pages of a window, as the kernel's page tables have them. */
struct pool_pages {
    /*
     * Maps one page of FRAME_BYTES at `virtual_address` to the frame at `physical`, writable, not
     * executable. False, and nothing changes, if the frame is out of the paging mode's reach or no
     * frame is left for a page table. May call back to allocate one.
     */
    bool (*map)(uintptr_t virtual_address, phys_t physical, enum mm_cache cache);

    /* Undoes that; later accesses fault. */
    void (*unmap)(uintptr_t virtual_address);

    /* The physical address behind a page that was mapped. */
    phys_t (*translate)(uintptr_t virtual_address);
};

struct pool {
    const struct pool_pages *pages;
    struct mm *mm;
    struct mm window; /* addresses are virtual ones */
};

/*
 * Starts the pool over the window [base, end) of virtual addresses, multiples of 4096, not 0, with
 * nothing mapped there. `pages` must live as long as the pool. `tables` as for mm_add_range over
 * base / 4096 to end / 4096, `records` as for mm_init.
 */
void pool_init(struct pool *pool, const struct pool_pages *pages, struct mm *mm, uintptr_t base,
               uintptr_t end, void *tables, void *records, size_t records_bytes);

/*
 * Allocates a block (see mm_alloc for the request and its failures) and maps it. Fails with what
 * mm_alloc or pool_map_block fail with; nothing is held then. *block may be NULL. Freed by
 * pool_free or pool_free_block.
 */
enum mm_status pool_alloc(struct pool *pool, const struct mm_request *request, enum mm_cache cache,
                          struct mm_block *block, void **virtual_address);

/*
 * Maps a live block of the manager's that is not mapped yet, and notes its page in block->tag.
 * MM_NO_WINDOW, MM_NOT_MAPPED or MM_NO_RECORD; the block then stays as it was.
 */
enum mm_status pool_map_block(struct pool *pool, struct mm_block *block, enum mm_cache cache);

/* The virtual address of a block, by its tag; NULL if it is not mapped. */
void *pool_block_address(const struct mm_block *block);

/*
 * Frees a block by its exact virtual address. MM_NOT_MANAGED, MM_ALREADY_FREE, MM_INSIDE_BLOCK or
 * MM_NOT_A_BLOCK (a mapping of pool_map's), and nothing changes, for any other address.
 */
enum mm_status pool_free(struct pool *pool, const void *virtual_address);

/* Frees a block by its physical base, mapped or not; fails as mm_free does. */
enum mm_status pool_free_block(struct pool *pool, phys_t base);

/*
 * Maps [physical, physical + size_bytes), whole frames around it, for `owner`, and stores the
 * virtual address of `physical` in *virtual_address. The frames stay whose they are. Fails with
 * MM_ZERO_SIZE, MM_BAD_OWNER, MM_NO_WINDOW, MM_NOT_MAPPED or MM_NO_RECORD; nothing stays mapped
 * then. Undone by pool_unmap.
 */
enum mm_status pool_map(struct pool *pool, phys_t physical, uint64_t size_bytes,
                        enum mm_cache cache, const char *owner, void **virtual_address);

/*
 * Undoes pool_map, given any address inside the mapping. MM_NOT_MANAGED, MM_ALREADY_FREE, or
 * MM_NOT_A_BLOCK for a block's address, and nothing changes, for any other.
 */
enum mm_status pool_unmap(struct pool *pool, const void *virtual_address);

/*
 * The mapping, guard pages included, that a virtual address lies in: base, size_bytes (with both
 * guards) and owner. False if the address is outside of the window or in an unused part.
 */
bool pool_find(const struct pool *pool, uintptr_t address, struct mm_block *mapping);

MM_END_DECLS

#endif
