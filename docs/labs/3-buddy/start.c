/* Lab 3: a buddy. The task is in README.md, the contract in lab.h. */

#include "lab.h"

size_t lab_table_bytes(uint32_t frame_count)
{
    (void)frame_count;
    return 8;
}

void lab_init(void *tables, uint32_t frame_count)
{
    (void)tables, (void)frame_count;
}

uint32_t lab_alloc(unsigned order)
{
    (void)order;
    return LAB_NONE;
}

bool lab_free(uint32_t first)
{
    (void)first;
    return false;
}

uint32_t lab_count(unsigned order)
{
    (void)order;
    return 0;
}
