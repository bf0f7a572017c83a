#ifndef KERNEL_STAGE_TELL_H
#define KERNEL_STAGE_TELL_H

/* The words of a step. The marks of this step have been set: they have its window. */

#include "stage_steps.h"

/* Fills the line with the index-th step: its sentence, and its fields. */
void stage_tell_step(struct stage_steps *steps, const struct stage *stage, size_t index,
                     struct step_line *line);

/*
 * "Frames 13 to 15 are taken now: 3 bits changed, ...", and then `old_counts`, into the text of a
 * line.
 */
void stage_tell_bits(const struct stage_steps *steps, const char *old_counts,
                     char text[EXPLAIN_TEXT_MAX]);

#endif
