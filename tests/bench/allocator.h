#ifndef TESTS_BENCH_ALLOCATOR_H
#define TESTS_BENCH_ALLOCATOR_H

/* What the workloads want of an allocator: runs of frames below a limit. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct allocator {
    const char *name;
    void (*open)(uint64_t frame_count); /* frames 0 to frame_count - 1, all free */
    void (*close)(void);
    bool (*alloc)(uint64_t frame_count, uint64_t limit, uint64_t *first); /* limit is exclusive */
    void (*free)(uint64_t first, uint64_t frame_count);
    uint64_t (*waste)(uint64_t frame_count); /* frames that a block of so many takes beyond them */
    size_t (*table_bytes)(uint64_t frame_count);
};

/* Nanoseconds of one request that ours must refuse after looking at every free run of 1 GiB: a frame
   at an even number, with all even ones used; and of a plain one for two frames, in *plain_ns. */
double ashlar_worst_refusal_ns(double (*now_ns)(void), double *plain_ns);

extern const struct allocator allocator_null;
extern const struct allocator allocator_ashlar;
extern const struct allocator allocator_textbook;
extern const struct allocator allocator_first_fit;

#endif
