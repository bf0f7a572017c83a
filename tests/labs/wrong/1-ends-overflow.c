/* Wrong: the end of an entry is base + length_bytes, whatever comes out in 64 bits. */

#include "lab.h"

#define lab_normalise normalise_all
#include "docs/labs/solutions/1.c"
#undef lab_normalise

size_t lab_normalise(const struct lab_entry *entries, size_t entry_count, struct lab_range *ranges)
{
    static struct lab_entry kept[LAB_ENTRIES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < entry_count; i++) {
        uint64_t end = entries[i].base + entries[i].length_bytes;
        if (end > entries[i].base)
            kept[count++] = entries[i];
    }
    return normalise_all(kept, count, ranges);
}
