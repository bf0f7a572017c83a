/* Wrong: a mark that reaches out of the screen is copied as it is. */

#include "lab.h"

#define lab_mark mark_clipped
#include "docs/labs/solutions/6.c"
#undef lab_mark

void lab_mark(struct lab_rect rect)
{
    mark_clipped(rect);
    if (rect.left < rect.right && rect.top < rect.bottom && rect.left < canvas.width &&
        rect.right > canvas.width && rect.top >= 0 && rect.top < canvas.height)
        canvas.dirty[canvas.dirty_count - 1].right = rect.right;
}
