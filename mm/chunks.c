/*
 * Adds chunks to a tree of directories that grows at its root. Chunks come in ascending order. So
 * if the path to the next number ends too early, the directory that is missing there comes first.
 */

#include "chunks.h"

MM_STATIC_ASSERT((size_t)1 << CHUNKS_FANOUT_SHIFT == CHUNKS_FANOUT, "a directory fills a chunk");

void chunks_init(struct chunks *chunks)
{
    chunks->root = NULL;
    chunks->height = 0;
    chunks->count = 0;
}

/* How many chunks `height` levels of directories have room for. */
static size_t capacity_of(uint32_t height)
{
    return (size_t)1 << height * CHUNKS_FANOUT_SHIFT;
}

static void make_directory(void *chunk, void *first)
{
    void **entries = (void **)chunk;
    for (size_t i = 0; i < CHUNKS_FANOUT; i++)
        entries[i] = NULL;
    entries[0] = first;
}

bool chunks_add(struct chunks *chunks, void *chunk)
{
    MM_ASSERT_COSTLY(chunk && (uintptr_t)chunk % sizeof(void *) == 0);
    if (chunks->count == capacity_of(chunks->height)) {
        make_directory(chunk, chunks->root);
        chunks->root = chunk;
        chunks->height++;
        return false;
    }
    void **link = &chunks->root;
    uint32_t level = chunks->height;
    for (; level > 0 && *link; level--) {
        size_t digit = chunks->count / capacity_of(level - 1);
        link = (void **)*link + (digit & (CHUNKS_FANOUT - 1));
    }
    *link = chunk;
    if (level > 0) {
        make_directory(chunk, NULL);
        return false;
    }
    chunks->count++;
    return true;
}
