/* Wrong: entries are taken to come in ascending order, as most firmware has them, and apart. */

#include "lab.h"

size_t lab_normalise(const struct lab_entry *entries, size_t entry_count, struct lab_range *ranges)
{
    size_t count = 0;
    for (size_t i = 0; i < entry_count; i++) {
        uint64_t base = (entries[i].base + LAB_FRAME_BYTES - 1) & ~(uint64_t)(LAB_FRAME_BYTES - 1);
        uint64_t end =
            (entries[i].base + entries[i].length_bytes) & ~(uint64_t)(LAB_FRAME_BYTES - 1);
        if (entries[i].type != 1 || base >= end)
            continue;
        if (count > 0 && ranges[count - 1].end == base)
            ranges[count - 1].end = end;
        else
            ranges[count++] = (struct lab_range){base, end};
    }
    return count;
}
