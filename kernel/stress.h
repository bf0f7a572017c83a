#ifndef KERNEL_STRESS_H
#define KERNEL_STRESS_H

#include <stddef.h>
#include <stdint.h>

struct stress_result {
    uint32_t operations;
    uint32_t failed; /* answers that were wrong; a refusal is right where nothing free fits */
    const char *broken; /* the first of them; NULL: none */
};

/*
 * Allocates and frees blocks of random sizes, alignments and limits, `operations` of them,
 * keeping what it holds from one call to the next; each answer is checked. stress_finish frees
 * all, and checks the manager.
 */
void stress_start(void);
void stress_run(size_t operations, struct stress_result *result);
void stress_finish(struct stress_result *result);

#endif
