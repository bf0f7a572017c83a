/* Wrong: the list has as many places as marks are promised to be few, and the next one is
   dropped. */

#include "lab.h"

#define lab_mark mark_any
#define lab_present present_all
#include "docs/labs/solutions/6.c"
#undef lab_mark
#undef lab_present

static int mark_count;

void lab_mark(struct lab_rect rect)
{
    if (mark_count < LAB_MARKS_MAX)
        mark_any(rect);
    mark_count++;
}

void lab_present(void)
{
    mark_count = 0;
    present_all();
}
