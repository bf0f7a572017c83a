#ifndef KERNEL_STEP_LINE_H
#define KERNEL_STEP_LINE_H

/*
 * A step of a search, a split, a merge or an update, as the console writes it: a line of fields,
 * and below it, behind two blanks, the sentence that the picture shows.
 *
 *   step what=place from=list base=0x409000 end=0x40c000
 *     The place: frames 9 to 11, in the shortest run of the lists that will do, of 3 frames.
 */

#include "explain.h"

struct step_line {
    const char *what;
    const char *from; /* NULL: it has none */
    bool has_order;
    bool has_counts;
    unsigned order;
    unsigned node_count; /* of that order: the range goes from the first to the last; 0, 1: one */
    uint32_t head;
    uint32_t longest;
    uint32_t tail;
    struct frame_range range;
    char text[EXPLAIN_TEXT_MAX];
};

/* Of a step of a search. */
void step_line_explain(struct step_line *line, const struct explain *explain,
                       const struct explain_step *step);

void step_line_print(const struct step_line *line);

#endif
