/* A block is cut off the end of a cutting run, in a range of two words. */

#include "records.h"
#include "mm/buddy.c"

/*
 * The block is a live run, and if it is long, its length is stored. What is left of the cutting run
 * has its two ends. (Its length is not stored: the buddy knows it.)
 */
void prove_cut(void)
{
    struct buddy_range range;
    make_records();
    range.records = records;
    range.first = 0;
    range.end = FRAMES;
    uint32_t first = (uint32_t)any_below(FRAMES);
    uint32_t end = (uint32_t)any_below(FRAMES) + 1;
    uint32_t length = any32();
    assume(is_live(first, end) && length > 0 && length <= end - first);
    struct buddy_run run = {&range, first, end};
    cut(&run, length);
    uint32_t border = end - length;
    claim(is_live(border, end));
    if (border == first) {
        claim(!run.range && run.first == run.end);
    } else {
        claim(run.range == &range && run.first == first && run.end == border);
        claim(begins(first) && ends(border) && is_bare(first, border));
    }
    REACHED();
}
