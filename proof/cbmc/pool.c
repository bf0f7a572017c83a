/* Mapping pages. The window's manager and the page tables are stubs that watch what is asked. */

#include "any.h"
#include "mm/pool.c"

#define PAGES 3u

static struct pool pool;
static struct mm manager;
static uintptr_t place;
static uint64_t place_bytes;
static bool is_mapped[PAGES + 3]; /* by page, from the place on */
static bool is_freed;

enum mm_status mm_alloc(struct mm *mm, const struct mm_request *request, struct mm_block *block)
{
    (void)mm;
    if (any_bool())
        return MM_NO_ROOM;
    place_bytes = request->size_bytes;
    block->base = place;
    block->size_bytes = request->size_bytes;
    return MM_OK;
}

enum mm_status mm_free(struct mm *mm, phys_t base)
{
    (void)mm;
    claim(base == place);
    is_freed = true;
    return MM_OK;
}

static unsigned page_of(uintptr_t address)
{
    claim(address > place && (address - place) % FRAME_BYTES == 0);
    claim(address - place + FRAME_BYTES < place_bytes); /* a guard page stays on either side */
    return (unsigned)((address - place) / FRAME_BYTES);
}

static bool map(uintptr_t address, phys_t physical, enum mm_cache cache)
{
    (void)physical, (void)cache;
    unsigned page = page_of(address);
    claim(!is_mapped[page]);
    if (any_bool())
        return false;
    is_mapped[page] = true;
    return true;
}

static void unmap(uintptr_t address)
{
    unsigned page = page_of(address);
    claim(is_mapped[page]);
    is_mapped[page] = false;
}

/* Just the pages between two guard pages are mapped; if one cannot be, none is. */
void prove_map_frames(void)
{
    static const struct pool_pages pages = {map, unmap, NULL};
    unsigned count = (unsigned)any_below(PAGES) + 1;
    unsigned page = (unsigned)any_below(PAGES + 2);
    uintptr_t base;
    pool.pages = &pages;
    pool.mm = &manager;
    place = (uintptr_t)any_below(1u << 16) * FRAME_BYTES;
    enum mm_status status = map_frames(&pool, any_below(1u << 20) * FRAME_BYTES,
                                       count * FRAME_BYTES, MM_CACHED, "owner", &base);
    claim(status == MM_OK || !is_mapped[page]);
    if (status == MM_OK) {
        claim(is_mapped[page] == (page >= 1 && page <= count));
        claim(base == place + FRAME_BYTES && !is_freed);
    }
    claim(status != MM_NOT_MAPPED || is_freed);
    REACHED();
}
