#ifndef TESTS_HOST_ARENA_H
#define TESTS_HOST_ARENA_H

/*
 * A buddy with the model beside it. Each function does the same to both, and returns NULL or what
 * the model says is wrong with the buddy's answer; the answer itself goes to *status and so on. A
 * refusal and a look may change nothing, not one byte of the buddy and of its tables.
 */

#include "kernel/check/model.h"
#include "mm/buddy.h"

#define ARENA_RANGES_MAX 256

struct arena_tables {
    struct frame_range range;
    void *buddy;
    size_t buddy_bytes;
    void *model;
    size_t model_bytes;
};

struct arena {
    struct buddy buddy;
    struct model model;
    struct arena_tables tables[ARENA_RANGES_MAX]; /* of the ranges that were added */
    size_t range_count;
    unsigned char *before; /* buddy and tables as they were before a call */
    size_t before_bytes;
    unsigned watch_count; /* calls that were not watched since the last that was */
    bool is_watched; /* `before` is of this call */
};

/* Starts without frames, whatever was there before. */
void arena_open(struct arena *arena);

/* Frees the tables. */
void arena_close(struct arena *arena);

/* At most ARENA_RANGES_MAX ranges can be added. */
const char *arena_add(struct arena *arena, struct frame_range range, enum mm_status *status);

const char *arena_alloc(struct arena *arena, const struct buddy_request *request,
                        enum mm_status *status, pfn_t *first);
const char *arena_free(struct arena *arena, pfn_t first, enum mm_status *status,
                       pfn_t *frame_count);

/*
 * The largest free run within [lowest, limit), and what an aligned block about as long and near it
 * knows of its free frames.
 */
const char *arena_look(struct arena *arena, pfn_t lowest, pfn_t limit);

/* The allocated run that holds `pfn`, the next one, and the free run that holds it. */
const char *arena_find(struct arena *arena, pfn_t pfn);

/* All that can be asked, and buddy_check. */
const char *arena_compare(struct arena *arena);

/*
 * For more functions of this kind: before a call, and after a refusal or a look. False if something
 * changed between the two.
 */
void arena_watch(struct arena *arena);
bool arena_is_as_before(const struct arena *arena);

/*
 * Buddy, model and tables are plain memory: saved, and later put back where they were, they know
 * nothing of what happened between. `snapshot` is arena_snapshot_bytes, 8-byte aligned; equal
 * states have equal snapshots.
 */
size_t arena_snapshot_bytes(const struct arena *arena);
void arena_save(const struct arena *arena, void *snapshot);
void arena_restore(struct arena *arena, const void *snapshot);

#endif
