/* Lab 1: normalise a map. The task is in README.md, the contract in lab.h. */

#include "lab.h"

size_t lab_normalise(const struct lab_entry *entries, size_t entry_count, struct lab_range *ranges)
{
    /* As it is, this finds no memory. */
    (void)entries, (void)entry_count, (void)ranges;
    return 0;
}
