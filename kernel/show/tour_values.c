/*
 * Finds the value that a {NAME} in the tour's script stands for. Everything is looked up when it is
 * asked for, since the step before may have changed it.
 */

#include "tour.h"

#include "drivers/videoport/port/videoport.h"
#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/memory/memory.h"
#include "kernel/screen/display.h"
#include "kernel/video/graphics.h"
#include "kernel/view/view.h"
#include "kernel/view/view_inspect.h"

#define BLOCKS_MAX 8 /* that a step takes */

static struct tour_sizes sizes;
static struct graphics_mode first_mode;
static bool has_mode;
static bool was_large; /* the letters in that mode */
static uint64_t block_ids[BLOCKS_MAX]; /* what the step took, in this order */
static size_t block_count;
static uint64_t last_id; /* the newest block's, when the step's were noted */

bool tour_values_begin(void)
{
    has_mode = graphics_is_on() && graphics_get_mode(&first_mode);
    was_large = display_is_large();
    return tour_sizes_find(&sizes, memory_manager());
}

/* ---- blocks ---------------------------------------------------------------------------------- */

void tour_values_begin_step(void)
{
    block_count = 0;
    last_id = memory_manager()->ledger.last_id;
}

/* Not the back buffer, nor what the ledger got for its records. */
static bool is_ours(uint64_t id)
{
    struct mm_block block;
    return mm_find_id(memory_manager(), id, &block) && !memory_owner_is_claimed(block.owner) &&
           !videoport_find(block.owner);
}

void tour_values_note_blocks(void)
{
    uint64_t newest = memory_manager()->ledger.last_id;
    for (uint64_t id = last_id + 1; id <= newest; id++)
        if (is_ours(id) && block_count < BLOCKS_MAX)
            block_ids[block_count++] = id;
    last_id = newest;
}

static bool tell_id(size_t index, char word[TOUR_WORD_MAX])
{
    if (index >= block_count || !is_ours(block_ids[index]))
        return false;
    format_text(word, TOUR_WORD_MAX, "%llu", (number_t)block_ids[index]);
    return true;
}

/* The frame before the block, or the one behind it, whichever is free; most often the first is. */
static bool tell_beside(char word[TOUR_WORD_MAX])
{
    struct mm_block block;
    struct view_inspection frame;
    if (block_count == 0 || !mm_find_id(memory_manager(), block_ids[0], &block))
        return false;
    const phys_t addresses[] = {block.base - FRAME_BYTES, block.base + block.size_bytes};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        view_inspect(&frame, memory_map(), memory_manager(), addresses[i] >> FRAME_SHIFT);
        format_text(word, TOUR_WORD_MAX, "0x%llx", (number_t)addresses[i]);
        if (frame.state == VIEW_FREE)
            return true;
    }
    return false;
}

/* ---- the display ----------------------------------------------------------------------------- */

static bool tell_mode(const struct graphics_mode *mode, bool is_large, char word[TOUR_WORD_MAX])
{
    format_text(word, TOUR_WORD_MAX, "%ux%ux%u%s%s", (unsigned)mode->size.width,
                (unsigned)mode->size.height, (unsigned)mode->size.bits, mode->flips ? " flip" : "",
                is_large ? " large" : "");
    return true;
}

static uint32_t area_of(const struct parse_mode *mode)
{
    return mode->width * mode->height; /* at most 65535 each */
}

/*
 * How well a change to that mode shows: of the same depth, a picture with all its parts, a smaller
 * one, and of those the largest; of larger ones the smallest.
 */
static uint64_t worth_of(const struct parse_mode *mode)
{
    const struct parse_mode *now = &first_mode.size;
    bool is_smaller = area_of(mode) < area_of(now);
    uint64_t rank = (mode->bits == now->bits ? 4 : 0) +
                    (mode->width >= 640 && mode->height >= 480 ? 2 : 0) + (is_smaller ? 1 : 0);
    return rank << 32 | (is_smaller ? area_of(mode) : UINT32_MAX - area_of(mode));
}

static bool find_other_mode(struct graphics_mode *other)
{
    struct mode_list list;
    const char *why;
    bool is_found = false;
    if (!has_mode || !graphics_device() || !graphics_list_modes(&list, &why))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        struct parse_mode mode = graphics_size_of(&list.modes[i]);
        if (memcmp(&mode, &first_mode.size, sizeof mode) == 0 || mode.width < VIEW_WIDTH_MIN ||
            mode.height < VIEW_HEIGHT_MIN ||
            (is_found && worth_of(&mode) <= worth_of(&other->size)))
            continue;
        *other = (struct graphics_mode){.size = mode};
        is_found = true;
    }
    mode_list_free(&list);
    return is_found;
}

bool tour_values_serve(enum tour_need need)
{
    struct mm_block block;
    struct graphics_mode other;
    if (need == TOUR_NEEDS_NOTHING)
        return true;
    return graphics_get_back_buffer(&block) &&
           (need == TOUR_NEEDS_BACK_BUFFER || find_other_mode(&other));
}

static bool tell_display(const char *name, char word[TOUR_WORD_MAX])
{
    struct graphics_mode other;
    struct mm_block block;
    if (strcmp(name, "mode") == 0)
        return has_mode && tell_mode(&first_mode, was_large, word);
    if (strcmp(name, "other") == 0)
        return find_other_mode(&other) && tell_mode(&other, false, word);
    bool is_id = strcmp(name, "buffer") == 0;
    if ((!is_id && strcmp(name, "picture") != 0) || !graphics_get_back_buffer(&block))
        return false;
    format_text(word, TOUR_WORD_MAX, is_id ? "%llu" : "0x%llx",
                (number_t)(is_id ? block.id : block.base));
    return true;
}

/* ---- by name --------------------------------------------------------------------------------- */

static bool look_up(void *context, const char *name, char word[TOUR_WORD_MAX])
{
    (void)context;
    if (name[0] >= '1' && name[0] <= '9' && name[1] == '\0')
        return tell_id((size_t)(name[0] - '1'), word);
    if (strcmp(name, "ask") == 0) { /* a frame more than there is in one piece now */
        tour_format_size(word, mm_largest_run(memory_manager(), 0, MM_NO_LIMIT) + FRAME_BYTES);
        return true;
    }
    if (strcmp(name, "beside") == 0)
        return tell_beside(word);
    return tour_sizes_tell(&sizes, name, word) || tell_display(name, word);
}

bool tour_values_expand(char text[TOUR_TEXT_MAX], const char *pattern)
{
    return tour_expand(text, pattern, look_up, NULL);
}
