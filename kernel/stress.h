#ifndef KERNEL_STRESS_H
#define KERNEL_STRESS_H

#include <stddef.h>
#include <stdint.h>

struct stress_result {
    uint32_t operations;
    uint32_t failed;    /* requests that were refused, each checked: no run was there */
    const char *broken; /* NULL: every answer was right; else the first that was not */
};

/*
 * Allocates and frees blocks of random sizes, alignments and limits, `operations` of them, keeping what it
 * holds from one call to the next; each block is checked against its request. stress_finish frees all.
 */
void stress_start(void);
void stress_run(size_t operations, struct stress_result *result);
void stress_finish(struct stress_result *result);

#endif
