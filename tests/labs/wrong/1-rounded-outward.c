/* Wrong: usable entries are rounded as all others are, outward. */

#include "lab.h"

#define lab_normalise normalise_all
#include "docs/labs/solutions/1.c"
#undef lab_normalise

size_t lab_normalise(const struct lab_entry *entries, size_t entry_count, struct lab_range *ranges)
{
    static struct lab_entry rounded[LAB_ENTRIES_MAX];
    for (size_t i = 0; i < entry_count; i++) {
        rounded[i] = entries[i];
        if (entries[i].type != 1 || entries[i].length_bytes == 0 ||
            entries[i].length_bytes > LAB_ADDRESS_END)
            continue;
        rounded[i].base &= ~(uint64_t)(LAB_FRAME_BYTES - 1);
        rounded[i].length_bytes += entries[i].base - rounded[i].base + LAB_FRAME_BYTES - 1;
        rounded[i].length_bytes &= ~(uint64_t)(LAB_FRAME_BYTES - 1);
    }
    return normalise_all(rounded, entry_count, ranges);
}
