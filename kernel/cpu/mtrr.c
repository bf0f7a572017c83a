/*
 * Chooses the memory type range register for a range. A register covers the addresses that agree
 * with its base in all bits of its mask.
 */

#include "mtrr.h"

#define ADDRESS_MASK (~(uint64_t)0xFFF)

static uint64_t round_up_to_power(uint64_t size_bytes)
{
    uint64_t power = 4096;
    while (power < size_bytes)
        power *= 2;
    return power;
}

/* Two ranges meet if their bases agree wherever both masks look. */
static bool meet(const struct mtrr *a, const struct mtrr *b)
{
    uint64_t both = a->mask & b->mask & ADDRESS_MASK;
    return (a->base & both) == (b->base & both);
}

int mtrr_choose(const struct mtrr *registers, unsigned count, uint64_t base, uint64_t size_bytes,
                unsigned physical_bits, struct mtrr *wanted)
{
    uint64_t power = round_up_to_power(size_bytes);
    uint64_t all = ((uint64_t)1 << physical_bits) - 1;
    int chosen = -1;
    *wanted = (struct mtrr){base | MTRR_TYPE_WRITE_COMBINING, (all & ~(power - 1)) | MTRR_VALID};
    if (size_bytes == 0 || base & (power - 1) || base > all)
        return -1;
    for (unsigned i = count; i-- > 0;)
        if (!(registers[i].mask & MTRR_VALID))
            chosen = (int)i;
        else if (meet(&registers[i], wanted))
            return -1;
    return chosen;
}
