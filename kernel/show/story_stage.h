#ifndef KERNEL_STORY_STAGE_H
#define KERNEL_STORY_STAGE_H

/*
 * Stories on a small machine (kernel/stage), and what the two files of the stories share. Each of
 * the first four returns false, and does nothing, if the open machine is too large for a stage.
 */

#include "kernel/view/step_line.h"
#include "kernel/view/view_splits.h"
#include "mm/mm.h"

/* Before a request is made: looks at memory as it is. */
bool story_stage_explain(const struct mm_request *request);

/* After it was made, or refused. `is_told`: it was explained, and is to be told. */
bool story_stage_tell_alloc(const struct explain *explain, const struct mm_block *block,
                            bool is_told);

/* After it was explained, and will not be made. */
bool story_stage_tell_search(const struct explain *explain);

/* After a block was freed. */
bool story_stage_tell_free(const struct mm_block *block);

/* A free that is not told: the textbook's allocator gets it all the same. */
void story_stage_note_free(const struct mm_block *block);

/* ---- of story.c ------------------------------------------------------------------------------ */

/* For one step at a time: of view_splits.h. */
extern struct view_splits story_splits;

/* Begins a story of about so many steps. False: nobody wants to see any. */
bool story_begin(unsigned step_count);

/* Shows a step: what is marked, and the line. */
void story_show_step(const struct step_line *line);

/* True if no more steps are wanted. */
bool story_is_ended(void);

/* True if the reader went back: all is to be told once more, and is shown from there on. */
bool story_begins_again(void);

#endif
