/* Lab 6: a dirty-rectangle presenter. The task is in README.md, the contract in lab.h. */

#include "lab.h"

void lab_init(int width, int height)
{
    (void)width, (void)height;
}

void lab_mark(struct lab_rect rect)
{
    (void)rect;
}

void lab_present(void)
{
}
