#ifndef KERNEL_MACHINE_CHECK_H
#define KERNEL_MACHINE_CHECK_H

/*
 * Machine checks: errors that the processor found in itself, on its bus or in memory (Intel SDM
 * vol. 3B, chapter 15). Without them such an error shuts the processor down, and most boards reset.
 */

#include "kernel/cpu/cpu_features.h"

struct machine_check {
    unsigned bank; /* of registers: a part of the processor has its own */
    uint64_t status;
    uint64_t address;
    bool has_address;
};

/* Has the processor raise them, if it has any, and forgets earlier ones. Traps must be set up. */
void machine_check_init(const struct cpu_features *features);

/*
 * Reads the next bank with an error, from *bank on, which is moved behind it. False when there are
 * no more, or the processor has no such banks.
 */
bool machine_check_next(unsigned *bank, struct machine_check *check);

#endif
