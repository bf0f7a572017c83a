/* Says what a frame is. It asks the map, then the allocator, and puts their answers together. */

#include "view_inspect.h"

#include "kernel/memory/managed.h"
#include "view_format.h"
#include "view_grid.h"
#include "view_splits.h"

#define HOLDER_MAX 64

void view_inspect(struct view_inspection *inspection, const struct memmap *map, struct mm *mm,
                  pfn_t pfn)
{
    const struct region *region = managed_find_region(map, pfn << FRAME_SHIFT);
    *inspection = (struct view_inspection){.pfn = pfn, .region = region};
    if (!region)
        return;
    inspection->range = view_frames_of(region);
    inspection->state = region->kind == REGION_USABLE ? VIEW_BOOT : VIEW_FIRMWARE;
    if (mm_find_address(mm, pfn << FRAME_SHIFT, &inspection->block)) {
        const struct mm_block *block = &inspection->block;
        inspection->state = VIEW_USED;
        inspection->range = view_frames_between(block->base, block->base + block->size_bytes);
    } else if (buddy_find_free(&mm->buddy, pfn, &inspection->range)) {
        inspection->state = VIEW_FREE;
        buddy_find_part(&mm->buddy, pfn, &inspection->holder, &inspection->part);
    }
    struct view_buddy node = view_buddy_around(inspection->range, pfn);
    inspection->order = node.order;
    inspection->node = node.first;
    inspection->buddy = node.first ^ (pfn_t)1 << node.order;
}

/* Who has it, of how many frames. */
static void tell_holder(const struct view_inspection *inspection, char text[HOLDER_MAX])
{
    static const char *const formats[] = {"in the tree", "in the list of %llu frames",
                                          "%llu frames of it set aside to be cut",
                                          "%llu frames of it freed last"};
    format_text(text, HOLDER_MAX, formats[inspection->holder],
                (number_t)(inspection->part.end - inspection->part.first));
}

static size_t tell_used(const struct view_inspection *inspection, char *text, size_t text_bytes)
{
    const struct mm_block *block = &inspection->block;
    return format_text(text, text_bytes,
                       "block %llu of %s, %llu bytes in [0x%llx, 0x%llx); order %u at 0x%llx, "
                       "buddy at 0x%llx",
                       (number_t)block->id, block->owner, (number_t)block->size_bytes,
                       (number_t)block->base, view_bytes(inspection->range.end), inspection->order,
                       view_bytes(inspection->node), view_bytes(inspection->buddy));
}

static size_t tell_free(const struct view_inspection *inspection, char *text, size_t text_bytes)
{
    char amount[VIEW_AMOUNT_MAX];
    char holder[HOLDER_MAX];
    pfn_t frame_count = inspection->range.end - inspection->range.first;
    tell_holder(inspection, holder);
    view_format_amount(amount, frame_count << FRAME_SHIFT);
    return format_text(
        text, text_bytes,
        "free, run of %s in [0x%llx, 0x%llx), %s; order %u at 0x%llx, buddy at 0x%llx", amount,
        view_bytes(inspection->range.first), view_bytes(inspection->range.end), holder,
        inspection->order, view_bytes(inspection->node), view_bytes(inspection->buddy));
}

static size_t tell_region(const struct view_inspection *inspection, char *text, size_t text_bytes)
{
    const struct region *region = inspection->region;
    const char *owner = region->owner ? region->owner : "nobody";
    if (inspection->state == VIEW_FIRMWARE)
        return format_text(text, text_bytes, "%s, by the firmware's word: [0x%llx, 0x%llx)",
                           region_kind_name(region->kind), (number_t)region->base,
                           (number_t)region->end);
    return format_text(text, text_bytes, "taken at boot by %s: [0x%llx, 0x%llx)", owner,
                       (number_t)region->base, (number_t)region->end);
}

/* The first block of the cell that does not begin before it, if the frame is not one of its. */
static void tell_other_block(const struct view_inspection *inspection, struct mm *mm,
                             struct frame_range cell, char *text, size_t text_bytes)
{
    phys_t cursor = cell.first << FRAME_SHIFT;
    struct mm_block block;
    if (inspection->state == VIEW_USED && inspection->range.end < cell.end)
        cursor = inspection->range.end << FRAME_SHIFT;
    if (mm_next_block(mm, &cursor, &block) && block.base >> FRAME_SHIFT < cell.end &&
        (inspection->state != VIEW_USED || block.id != inspection->block.id))
        format_text(text, text_bytes, "; then block %llu of %s", (number_t)block.id, block.owner);
}

const char *view_inspect_tell(const struct view_inspection *inspection, struct mm *mm,
                              struct frame_range cell, char text[VIEW_INSPECT_MAX])
{
    size_t length = format_text(text, VIEW_INSPECT_MAX, "0x%llx: ", view_bytes(inspection->pfn));
    char *rest = text + length;
    size_t left = VIEW_INSPECT_MAX - length;
    switch (inspection->state) {
    case VIEW_NOTHING:
        length = format_text(rest, left, "no memory");
        break;
    case VIEW_USED:
        length = tell_used(inspection, rest, left);
        break;
    case VIEW_FREE:
        length = tell_free(inspection, rest, left);
        break;
    default:
        length = tell_region(inspection, rest, left);
        break;
    }
    if (length < left)
        tell_other_block(inspection, mm, cell, rest + length, left - length);
    return text;
}

const char *view_inspect_tell_block(const struct view_inspection *inspection, const struct mm *mm,
                                    unsigned order, char text[VIEW_INSPECT_MAX])
{
    pfn_t first = inspection->pfn >> order << order;
    struct buddy_summary sum = buddy_sum_up(&mm->buddy, first, order);
    char holder[HOLDER_MAX];
    size_t length = format_text(
        text, VIEW_INSPECT_MAX,
        "order %u at 0x%llx: free frames: %llu at its start, %llu in its longest "
        "run, %llu at its end",
        order, view_bytes(first), (number_t)sum.head, (number_t)sum.longest, (number_t)sum.tail);
    if (inspection->state == VIEW_FREE) {
        tell_holder(inspection, holder);
        format_text(text + length, VIEW_INSPECT_MAX - length, "; 0x%llx: %s",
                    view_bytes(inspection->pfn), holder);
    }
    return text;
}
