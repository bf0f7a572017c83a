/*
 * Allocates blocks that have virtual addresses. A block's place in the window and its place in
 * memory are two allocations, from two managers. The kernel maps the pages between them (struct
 * pool_pages).
 */

#include "pool.h"

#include "port.h"

#define GUARD_BYTES FRAME_BYTES

void pool_init(struct pool *pool, const struct pool_pages *pages, struct mm *mm, uintptr_t base,
               uintptr_t end, void *tables, void *records, size_t records_bytes)
{
    pool->pages = pages;
    pool->mm = mm;
    mm_init(&pool->window, mm->source, records, records_bytes);
    struct frame_range range = {base >> FRAME_SHIFT, end >> FRAME_SHIFT};
    MM_ASSERT(base != 0);
    enum mm_status status = mm_add_range(&pool->window, range, tables);
    MM_ASSERT(status == MM_OK);
}

static uint64_t round_to_frames(uint64_t size_bytes)
{
    return (size_bytes + FRAME_BYTES - 1) & ~(FRAME_BYTES - 1);
}

static void unmap_pages(const struct pool *pool, uintptr_t base, uint64_t size_bytes)
{
    for (uint64_t offset = 0; offset < size_bytes; offset += FRAME_BYTES)
        pool->pages->unmap(base + (uintptr_t)offset);
}

static bool map_pages(const struct pool *pool, uintptr_t base, phys_t physical, uint64_t size_bytes,
                      enum mm_cache cache)
{
    for (uint64_t offset = 0; offset < size_bytes; offset += FRAME_BYTES) {
        if (!pool->pages->map(base + (uintptr_t)offset, physical + offset, cache)) {
            unmap_pages(pool, base, offset);
            return false;
        }
    }
    return true;
}

/*
 * Maps frames: `physical` and `size_bytes` are multiples of FRAME_BYTES. *base receives the first
 * mapped page, behind the guard page.
 */
static enum mm_status map_frames(struct pool *pool, phys_t physical, uint64_t size_bytes,
                                 enum mm_cache cache, const char *owner, uintptr_t *base)
{
    struct mm_request request = {size_bytes + 2 * GUARD_BYTES, 0, 0, MM_NO_LIMIT, 0, owner};
    struct mm_block place;
    enum mm_status status = mm_alloc(&pool->window, &request, &place);
    if (status == MM_NO_ROOM || status == MM_BAD_LIMIT)
        return MM_NO_WINDOW;
    if (status != MM_OK)
        return status;
    *base = (uintptr_t)(place.base + GUARD_BYTES);
    if (map_pages(pool, *base, physical, size_bytes, cache))
        return MM_OK;
    mm_free(&pool->window, place.base);
    return MM_NOT_MAPPED;
}

static void unmap_place(struct pool *pool, const struct mm_block *place)
{
    unmap_pages(pool, (uintptr_t)(place->base + GUARD_BYTES), place->size_bytes - 2 * GUARD_BYTES);
    mm_free(&pool->window, place->base);
}

/* Why an address that lies in no mapping cannot be freed: the window's own manager says it. */
static enum mm_status refuse(struct pool *pool, uintptr_t address)
{
    enum mm_status status = mm_free(&pool->window, address);
    MM_ASSERT(status != MM_OK);
    return status;
}

/* ---- blocks -------------------------------------------------------------------------------- */

enum mm_status pool_map_block(struct pool *pool, struct mm_block *block, enum mm_cache cache)
{
    uintptr_t base;
    enum mm_status status = map_frames(pool, block->base, round_to_frames(block->size_bytes), cache,
                                       block->owner, &base);
    if (status != MM_OK)
        return status;
    block->tag = base >> FRAME_SHIFT;
    mm_set_tag(pool->mm, block->base, block->tag);
    mm_set_tag(&pool->window, base - GUARD_BYTES, block->id);
    return MM_OK;
}

void *pool_block_address(const struct mm_block *block)
{
    return (void *)(uintptr_t)(block->tag << FRAME_SHIFT);
}

enum mm_status pool_alloc(struct pool *pool, const struct mm_request *request, enum mm_cache cache,
                          struct mm_block *block, void **virtual_address)
{
    struct mm_block made;
    enum mm_status status = mm_alloc(pool->mm, request, &made);
    if (status != MM_OK)
        return status;
    status = pool_map_block(pool, &made, cache);
    if (status != MM_OK) {
        mm_free(pool->mm, made.base);
        return status;
    }
    *virtual_address = pool_block_address(&made);
    if (block)
        *block = made;
    return MM_OK;
}

enum mm_status pool_free(struct pool *pool, const void *virtual_address)
{
    uintptr_t address = (uintptr_t)virtual_address;
    struct mm_block place;
    if (!mm_find_base(&pool->window, address - GUARD_BYTES, &place)) {
        if (!pool_find(pool, address, &place))
            return refuse(pool, address);
        return place.tag == 0 ? MM_NOT_A_BLOCK : MM_INSIDE_BLOCK;
    }
    if (place.tag == 0)
        return MM_NOT_A_BLOCK;
    phys_t base = pool->pages->translate(address);
    unmap_place(pool, &place);
    return mm_free(pool->mm, base);
}

enum mm_status pool_free_block(struct pool *pool, phys_t base)
{
    struct mm_block block;
    if (!mm_find_base(pool->mm, base, &block) || block.tag == 0)
        return mm_free(pool->mm, base);
    return pool_free(pool, pool_block_address(&block));
}

/* ---- mappings ------------------------------------------------------------------------------ */

enum mm_status pool_map(struct pool *pool, phys_t physical, uint64_t size_bytes,
                        enum mm_cache cache, const char *owner, void **virtual_address)
{
    if (size_bytes == 0)
        return MM_ZERO_SIZE;
    if (physical >= PHYS_LIMIT || size_bytes > PHYS_LIMIT - physical)
        return MM_NOT_MAPPED;
    uintptr_t offset = (uintptr_t)(physical & (FRAME_BYTES - 1));
    uintptr_t base;
    enum mm_status status = map_frames(pool, physical - offset,
                                       round_to_frames(size_bytes + offset), cache, owner, &base);
    if (status == MM_OK)
        *virtual_address = (void *)(base + offset);
    return status;
}

enum mm_status pool_unmap(struct pool *pool, const void *virtual_address)
{
    uintptr_t address = (uintptr_t)virtual_address;
    struct mm_block place;
    if (!pool_find(pool, address, &place))
        return refuse(pool, address);
    if (place.tag != 0)
        return MM_NOT_A_BLOCK;
    unmap_place(pool, &place);
    return MM_OK;
}

bool pool_find(const struct pool *pool, uintptr_t address, struct mm_block *mapping)
{
    return mm_find_address(&pool->window, address, mapping);
}
