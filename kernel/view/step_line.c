/* Writes steps on the console, the fields first. */

#include "step_line.h"

#include "kernel/log/console.h"
#include "view_grid.h"

void step_line_explain(struct step_line *line, const struct explain *explain,
                       const struct explain_step *step)
{
    bool is_block = explain_is_block(step);
    *line = (struct step_line){.what = explain_word(step),
                               .from = explain_from_word(step),
                               .has_order = is_block,
                               .has_counts = is_block,
                               .order = step->order,
                               .head = step->head,
                               .longest = step->longest,
                               .tail = step->tail,
                               .range = step->range};
    explain_tell(explain, step, line->text);
}

void step_line_print(const struct step_line *line)
{
    console_print("step what=%s", line->what);
    if (line->from)
        console_print(" from=%s", line->from);
    if (line->has_order)
        console_print(" order=%u", line->order);
    if (line->node_count > 1)
        console_print(" nodes=%u", line->node_count);
    if (line->has_counts)
        console_print(" head=%u longest=%u tail=%u", (unsigned)line->head, (unsigned)line->longest,
                      (unsigned)line->tail);
    console_print(" base=0x%llx end=0x%llx\n  %s\n", view_bytes(line->range.first),
                  view_bytes(line->range.end), line->text);
}
