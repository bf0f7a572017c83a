/*
 * Shows the picture of a crime and its explanation. The scene is photographed, then cleared up:
 * nothing is held for as long as somebody looks.
 */

#include "crimes.h"

#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/panic.h"
#include "kernel/screen/display.h"

#define CELLS_PER_BLOCK 4u
#define BLOCK_BYTES_MIN (2 * FRAME_BYTES)
#define BLOCK_BYTES_MAX (256 * KIB)

static uint64_t last_id_before;

uint64_t crime_block_bytes(void)
{
    struct frame_range shown;
    pfn_t cell_frames;
    if (!display_get_zoom(&shown, &cell_frames))
        return BLOCK_BYTES_MIN;
    uint64_t bytes = CELLS_PER_BLOCK * cell_frames << FRAME_SHIFT;
    if (bytes < BLOCK_BYTES_MIN)
        return BLOCK_BYTES_MIN;
    return bytes < BLOCK_BYTES_MAX ? bytes : BLOCK_BYTES_MAX;
}

enum mm_status crime_take_in(struct phys_range window, uint64_t size_bytes, uint64_t align_bytes,
                             struct mm_block *block)
{
    struct mm_request request = {.size_bytes = size_bytes,
                                 .align_bytes = align_bytes,
                                 .lowest = window.base,
                                 .limit = window.end,
                                 .owner = CRIME_OWNER};
    return mm_alloc(memory_manager(), &request, block);
}

enum mm_status crime_take(phys_t limit, uint64_t size_bytes, uint64_t align_bytes,
                          struct mm_block *block)
{
    struct frame_range shown;
    pfn_t cell_frames;
    if (display_get_zoom(&shown, &cell_frames)) {
        struct phys_range window = {shown.first << FRAME_SHIFT, shown.end << FRAME_SHIFT};
        window.end = window.end < limit ? window.end : limit;
        if (crime_take_in(window, size_bytes, align_bytes, block) == MM_OK)
            return MM_OK;
    }
    return crime_take_in((struct phys_range){0, limit}, size_bytes, align_bytes, block);
}

bool crime_take_mapped(uint64_t size_bytes, struct mm_block *block, unsigned char **address)
{
    enum mm_status status = crime_take(4 * GIB, size_bytes, 0, block);
    if (status == MM_OK) {
        status = pool_map_block(memory_pool(), block, MM_CACHED);
        if (status != MM_OK)
            mm_free(memory_manager(), block->base);
    }
    if (status != MM_OK)
        console_error("no block to commit the crime with: %s", mm_status_text(status));
    *address = status == MM_OK ? pool_block_address(block) : NULL;
    return status == MM_OK;
}

void crime_forget_marks(void)
{
    view_marks_clear(display_marks_to_hold());
}

bool crime_begin(struct crime_scene *scene, const char *crime, uint64_t block_bytes)
{
    *scene = (struct crime_scene){.crime = crime};
    crime_forget_marks();
    last_id_before = memory_manager()->ledger.last_id;
    if (block_bytes > 0 && !crime_take_mapped(block_bytes, &scene->block, &scene->address))
        return false;
    scene->shown = (struct phys_range){scene->block.base, scene->block.base + block_bytes};
    return true;
}

void crime_free_all(void)
{
    struct mm_block block;
    for (phys_t cursor = 0; mm_next_block(memory_manager(), &cursor, &block);) {
        if (block.id <= last_id_before || strcmp(block.owner, CRIME_OWNER) != 0)
            continue;
        enum mm_status status = pool_free_block(memory_pool(), block.base);
        ASSERT(status == MM_OK);
    }
}

/* ---- the picture ---------------------------------------------------------------------------- */

void crime_mark(phys_t base, phys_t end, enum view_mark_look look)
{
    view_marks_add(display_marks_to_hold(), VIEW_MARK_NO_ORDER, view_frames_between(base, end),
                   look);
}

void crime_mark_window(phys_t base, phys_t end)
{
    display_marks_to_hold()->window = view_frames_between(base, end);
}

void crime_show(const struct crime_scene *scene, const char *explanation)
{
    console_print("explanation crime=%s text=\"%s\"\n", scene->crime, explanation);
    display_hold(view_frames_between(scene->shown.base, scene->shown.end), scene->crime,
                 explanation);
}
