#ifndef TESTS_BENCH_ALLOCATOR_H
#define TESTS_BENCH_ALLOCATOR_H

/* What the workloads want of an allocator: runs of frames below a limit. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MIB_FRAMES ((uint64_t)256)
#define GIB_FRAMES ((uint64_t)1 << 18)

struct allocator {
    const char *name;
    void (*open)(uint64_t frame_count); /* frames 0 to frame_count - 1, all free */
    void (*close)(void);
    bool (*alloc)(uint64_t frame_count, uint64_t limit, uint64_t *first); /* limit is exclusive */
    void (*free)(uint64_t first, uint64_t frame_count);
    uint64_t (*waste)(uint64_t frame_count); /* frames that a block of so many takes beyond them */
    size_t (*table_bytes)(uint64_t frame_count);
};

extern const struct allocator allocator_null;
extern const struct allocator allocator_ashlar;
extern const struct allocator allocator_ashlar_200; /* the frames in so many ranges that touch */
extern const struct allocator allocator_ashlar_1000;
extern const struct allocator allocator_textbook;
extern const struct allocator allocator_first_fit;

/*
 * The same allocator, but the program ends with a message if what it gives lies above the limit or
 * in what somebody has. One at a time.
 */
const struct allocator *allocator_checked(const struct allocator *allocator);

#endif
