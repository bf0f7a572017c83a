/* Wrong: only the usable entries are looked at, so RAM wins over what is reserved in it. */

#include "lab.h"

#define lab_normalise normalise_all
#include "docs/labs/solutions/1.c"
#undef lab_normalise

size_t lab_normalise(const struct lab_entry *entries, size_t entry_count, struct lab_range *ranges)
{
    static struct lab_entry usable[LAB_ENTRIES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < entry_count; i++)
        if (entries[i].type == 1)
            usable[count++] = entries[i];
    return normalise_all(usable, count, ranges);
}
