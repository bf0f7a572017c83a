#ifndef KERNEL_MTRR_H
#define KERNEL_MTRR_H

/*
 * The variable memory type range registers, as numbers: which of them could make a range
 * write-combining. Touches no register (cache.c does). Intel SDM vol. 3A, 12.11.2.3.
 */

#include <stdbool.h>
#include <stdint.h>

#define MTRR_VALID ((uint64_t)1 << 11) /* in a mask */
#define MTRR_TYPE_WRITE_COMBINING 1u /* in a base */

struct mtrr {
    uint64_t base;
    uint64_t mask;
};

/*
 * Chooses a register for [base, base + size_bytes), made larger to the next power of two. Returns
 * its index, and what to write in *wanted; or -1: the base is no multiple of that size, all
 * registers are taken, or the range meets one that is, for where two types meet, neither is sure.
 */
int mtrr_choose(const struct mtrr *registers, unsigned count, uint64_t base, uint64_t size_bytes,
                unsigned physical_bits, struct mtrr *wanted);

#endif
