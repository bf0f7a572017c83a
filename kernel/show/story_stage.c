/*
 * Plays an alloc or a free on a small machine's picture. The textbook's allocator beside it gets
 * the same requests, whether anybody looks or not; it is shown as it is once the steps are shown.
 */

#include "story_stage.h"

#include "kernel/machine/machine.h"
#include "kernel/screen/display.h"
#include "kernel/stage/stage_steps.h"
#include "kernel/view/view_grid.h"

static struct stage_steps steps = {.splits = &story_splits};

/* The request that was explained last, for the textbook. */
static struct buddy_request asked;
static bool is_asked; /* its numbers were right */

bool story_stage_explain(const struct mm_request *request)
{
    struct stage *stage = stage_of_machine();
    if (!stage)
        return false;
    is_asked = mm_request_in_frames(request, &asked) == MM_OK;
    stage_clear_marks(stage);
    stage_look(stage, machine_manager());
    stage_keep_before(stage);
    return true;
}

/* ---- the textbook ---------------------------------------------------------------------------- */

static void take_in_textbook(struct stage *stage, const struct mm_block *block,
                             struct frame_range numbers)
{
    struct frame_range window =
        stage_numbers(stage, (struct frame_range){asked.lowest, asked.limit});
    unsigned first;
    struct textbook_request request = {.count = (unsigned)asked.frame_count,
                                       .align = (unsigned)asked.align_frames,
                                       .lowest = (unsigned)window.first,
                                       .limit = (unsigned)window.end,
                                       .id = (uint32_t)block->id,
                                       .owner = stage->now.frames[numbers.first].owner};
    if (!is_asked || textbook_take(&stage->textbook, &request, &first))
        return;
    stage->textbook.refused++;
    stage->textbook.last_refused = request;
}

/* ---- telling --------------------------------------------------------------------------------- */

static void show_steps(struct stage *stage)
{
    struct step_line line;
    do {
        for (size_t i = 0; i < steps.count && !story_is_ended(); i++) {
            stage_steps_show(&steps, stage, i, &line);
            story_show_step(&line);
        }
    } while (story_begins_again());
}

static void show_end(struct stage *stage)
{
    stage_steps_end(&steps, stage);
    display_draw_stage();
}

bool story_stage_tell_alloc(const struct explain *explain, const struct mm_block *block,
                            bool is_told)
{
    struct stage *stage = stage_of_machine();
    struct frame_range frames = {0};
    if (!stage)
        return false;
    stage_look(stage, machine_manager());
    if (block)
        frames = view_frames_between(block->base, block->base + block->size_bytes);
    if (is_told) {
        steps.spare_bytes = block ? (unsigned)(-block->size_bytes % FRAME_BYTES) : 0;
        stage_steps_alloc(&steps, stage, explain, frames);
        story_begin((unsigned)steps.count);
        show_steps(stage);
    }
    if (block)
        take_in_textbook(stage, block, stage_numbers(stage, frames));
    if (is_told)
        show_end(stage);
    return true;
}

bool story_stage_tell_search(const struct explain *explain)
{
    struct stage *stage = stage_of_machine();
    if (!stage)
        return false;
    stage_look(stage, machine_manager());
    stage_keep_before(stage);
    stage_steps_alloc(&steps, stage, explain, (struct frame_range){0});
    show_end(stage);
    return true;
}

void story_stage_note_free(const struct mm_block *block)
{
    struct stage *stage = stage_of_machine();
    if (stage)
        textbook_give(&stage->textbook, (uint32_t)block->id);
}

bool story_stage_tell_free(const struct mm_block *block)
{
    struct stage *stage = stage_of_machine();
    if (!stage)
        return false;
    stage_clear_marks(stage);
    stage_keep_before(stage);
    stage_look(stage, machine_manager());
    bool is_shown = story_begin(10);
    if (is_shown) {
        stage_steps_free(&steps, stage,
                         view_frames_between(block->base, block->base + block->size_bytes));
        show_steps(stage);
    }
    textbook_give(&stage->textbook, (uint32_t)block->id);
    if (is_shown)
        show_end(stage);
    return true;
}
