/*
 * Blocks with addresses, over stubs for both managers and for the mapping of pages (pool.c). The
 * stubs watch one block of memory and one place in the window.
 */

#include "any.h"
#include "mm/pool.h"

static enum mm_status stub_map_frames(struct pool *of, phys_t physical, uint64_t size_bytes,
                                      enum mm_cache cache, const char *owner, uintptr_t *base);
static void stub_unmap_place(struct pool *of, const struct mm_block *freed);
static bool stub_pool_find(const struct pool *of, uintptr_t address, struct mm_block *mapping);

#include "mm/pool.c"

static struct pool pool;
static struct mm manager;

static bool has_block;
static struct mm_block block; /* of memory; its tag says where it is mapped, 0: nowhere */
static bool has_place;
static struct mm_block
    place; /* in the window; its tag is the block's id, 0: a mapping of a device */

enum mm_status mm_alloc(struct mm *mm, const struct mm_request *request, struct mm_block *made)
{
    claim(mm == &manager && !has_block);
    if (any_bool())
        return MM_NO_ROOM;
    assume(request->size_bytes > 0 && request->size_bytes <= PHYS_LIMIT);
    block.base = any_below(PHYS_LIMIT >> FRAME_SHIFT) << FRAME_SHIFT;
    block.size_bytes = request->size_bytes;
    block.id = any64();
    block.tag = 0;
    assume(block.id > 0);
    has_block = true;
    *made = block;
    return MM_OK;
}

/* What is no block, or no place, is refused. */
enum mm_status mm_free(struct mm *mm, phys_t base)
{
    bool *has = mm == &manager ? &has_block : &has_place;
    claim(mm == &manager || mm == &pool.window);
    if (!*has || base != (mm == &manager ? block.base : place.base))
        return any_bool() ? MM_NOT_MANAGED : MM_ALREADY_FREE;
    *has = false;
    return MM_OK;
}

bool mm_find_base(const struct mm *mm, phys_t base, struct mm_block *found)
{
    bool is_memory = mm == &manager;
    claim(is_memory || mm == &pool.window);
    *found = is_memory ? block : place;
    return (is_memory ? has_block : has_place) && base == found->base;
}

bool mm_set_tag(struct mm *mm, phys_t base, uint64_t tag)
{
    struct mm_block found;
    if (!mm_find_base(mm, base, &found))
        return false;
    if (mm == &manager)
        block.tag = tag;
    else
        place.tag = tag;
    return true;
}

static void make_place(uint64_t size_bytes)
{
    place.base = any_below((UINTPTR_MAX >> FRAME_SHIFT) + (uint64_t)1) << FRAME_SHIFT;
    place.size_bytes = size_bytes;
    place.tag = 0;
    has_place = true;
    assume(place.base > 0 && size_bytes <= UINTPTR_MAX - place.base);
}

static enum mm_status stub_map_frames(struct pool *of, phys_t physical, uint64_t size_bytes,
                                      enum mm_cache cache, const char *owner, uintptr_t *base)
{
    (void)cache, (void)owner;
    claim(of == &pool && !has_place && size_bytes > 0);
    claim(physical % FRAME_BYTES == 0 && size_bytes % FRAME_BYTES == 0);
    if (any_bool())
        return any_bool() ? MM_NO_WINDOW : MM_NOT_MAPPED;
    make_place(size_bytes + 2 * GUARD_BYTES);
    *base = (uintptr_t)(place.base + GUARD_BYTES);
    return MM_OK;
}

static void stub_unmap_place(struct pool *of, const struct mm_block *freed)
{
    claim(of == &pool && has_place && freed->base == place.base);
    has_place = false;
}

/* The place whose bytes have the address. */
static bool stub_pool_find(const struct pool *of, uintptr_t address, struct mm_block *mapping)
{
    claim(of == &pool);
    *mapping = place;
    return has_place && address >= place.base && address - place.base < place.size_bytes;
}

static phys_t translate(uintptr_t address)
{
    claim(has_place && address == place.base + GUARD_BYTES);
    return block.base;
}

static const struct pool_pages pages = {NULL, NULL, translate};

static void make_pool(void)
{
    pool.pages = &pages;
    pool.mm = &manager;
}

static uint64_t whole_frames(uint64_t size_bytes)
{
    return (size_bytes + FRAME_BYTES - 1) / FRAME_BYTES * FRAME_BYTES;
}

/* A block has a place, and each knows the other; a refusal leaves neither. */
void prove_pool_alloc(void)
{
    struct mm_request request = {any64(), any64(), any64(), any64(), any64(), "owner"};
    struct mm_block made;
    void *address;
    make_pool();
    enum mm_status status = pool_alloc(&pool, &request, MM_CACHED, &made, &address);
    claim(has_block == (status == MM_OK) && has_place == (status == MM_OK));
    if (status == MM_OK) {
        claim((uintptr_t)address == place.base + GUARD_BYTES);
        claim(place.size_bytes == whole_frames(request.size_bytes) + 2 * GUARD_BYTES);
        claim(made.base == block.base && made.tag == block.tag && made.id == block.id);
        claim(block.tag == (uintptr_t)address >> FRAME_SHIFT && place.tag == block.id);
    }
    REACHED();
}

/* A block that is mapped, or a mapping of a device, or neither. */
static void make_mapping(void)
{
    make_pool();
    if (any_bool()) {
        uint64_t size_bytes = any_below(PHYS_LIMIT) + 1;
        make_place(whole_frames(size_bytes) + 2 * GUARD_BYTES);
        has_block = any_bool();
        block.base = any_below(PHYS_LIMIT >> FRAME_SHIFT) << FRAME_SHIFT;
        block.size_bytes = size_bytes;
        block.id = any64();
        block.tag = (place.base + GUARD_BYTES) >> FRAME_SHIFT;
        place.tag = has_block ? block.id : 0;
        assume(block.id > 0);
    }
}

/* A block is freed together with its place, by its address; nothing else is freed. */
void prove_pool_free(void)
{
    make_mapping();
    uintptr_t address = (uintptr_t)any64();
    bool had_place = has_place;
    bool is_block = has_block && address == place.base + GUARD_BYTES;
    bool had_block = has_block;
    bool is_inside = had_place && address >= place.base && address - place.base < place.size_bytes;
    enum mm_status status = pool_free(&pool, (const void *)address);
    claim((status == MM_OK) == is_block);
    claim(has_place == (had_place && !is_block) && has_block == (had_block && !is_block));
    claim(!is_inside || is_block || status == (had_block ? MM_INSIDE_BLOCK : MM_NOT_A_BLOCK));
    REACHED();
}

/* A mapping of a device goes by each of its addresses; a block stays. */
void prove_pool_unmap(void)
{
    make_mapping();
    uintptr_t address = (uintptr_t)any64();
    bool had_place = has_place;
    bool had_block = has_block;
    bool is_inside = had_place && address >= place.base && address - place.base < place.size_bytes;
    enum mm_status status = pool_unmap(&pool, (const void *)address);
    claim((status == MM_OK) == (is_inside && !had_block));
    claim(has_place == (had_place && !(is_inside && !had_block)) && has_block == had_block);
    REACHED();
}

/* All bytes that were asked for lie between the guard pages, and no frame is mapped in vain. */
void prove_pool_map(void)
{
    phys_t physical = any64();
    uint64_t size_bytes = any64();
    void *address;
    make_pool();
    enum mm_status status = pool_map(&pool, physical, size_bytes, MM_UNCACHED, "device", &address);
    claim(has_place == (status == MM_OK));
    claim(size_bytes > 0 || status == MM_ZERO_SIZE);
    if (status == MM_OK) {
        uintptr_t first = (uintptr_t)place.base + GUARD_BYTES;
        uint64_t mapped = place.size_bytes - 2 * GUARD_BYTES;
        uint64_t offset = (uintptr_t)address - first;
        claim(offset == physical % FRAME_BYTES && offset + size_bytes <= mapped);
        claim(mapped - (offset + size_bytes) < FRAME_BYTES && place.tag == 0);
    }
    REACHED();
}
