#ifndef LABS_ALLOCATOR_H
#define LABS_ALLOCATOR_H

/*
 * The student's allocators of labs 2 to 5 in one shape, for the runner on the host and for the
 * kernel. Each lab has a file allocator_N.c that translates; none of them judges.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract.h"

struct allocator {
    size_t (*table_bytes)(uint32_t frame_count);
    void (*start)(void *tables, uint32_t first, uint32_t frame_count);
    uint32_t (*take)(const struct allocator_request *request);
    bool (*give)(uint32_t first, uint32_t count);
};

extern const struct allocator allocator;

#endif
