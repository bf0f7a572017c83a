#ifndef MM_CHUNKS_H
#define MM_CHUNKS_H

/*
 * Chunks of memory. They may lie anywhere. They are numbered in the order in which they come, and a
 * chunk is found by its number. From time to time, a chunk becomes a directory: a page of pointers
 * to other chunks.
 *
 *   root --> [ o | o | o | . ]            a directory, itself a chunk
 *              |   |   |
 *              v   v   v
 *              0   1   2                  the chunks
 *
 * So an array can grow although no two of its pages are neighbours, and nothing ever moves.
 */

#include "port.h"
#include "types.h"

MM_BEGIN_DECLS

#define CHUNK_BYTES 4096u

struct chunks {
    void *root; /* a directory; with one chunk, that chunk; else NULL */
    uint32_t height; /* levels of directories */
    size_t count; /* chunks that have a number */
};

/* Starts without chunks. */
void chunks_init(struct chunks *chunks);

/*
 * Takes CHUNK_BYTES bytes at `chunk`, aligned for a pointer, for good. True: the chunk has the next
 * number. False: it became a directory, and the caller continues with another chunk.
 */
bool chunks_add(struct chunks *chunks, void *chunk);

#define CHUNKS_FANOUT (CHUNK_BYTES / sizeof(void *)) /* a power of two */
#define CHUNKS_FANOUT_SHIFT (sizeof(void *) == 8 ? 9u : 10u)

/* The chunk with this number, which is less than the count. */
static inline void *chunks_at(const struct chunks *chunks, size_t number)
{
    void *at = chunks->root;
    MM_ASSERT_COSTLY(number < chunks->count);
    if (chunks->height == 1)
        return ((void **)at)[number];
    for (uint32_t level = chunks->height; level > 0; level--) {
        size_t digit = number >> (level - 1) * CHUNKS_FANOUT_SHIFT;
        at = ((void **)at)[digit & (CHUNKS_FANOUT - 1)];
    }
    return at;
}

MM_END_DECLS

#endif
