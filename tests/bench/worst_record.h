#ifndef TESTS_BENCH_WORST_RECORD_H
#define TESTS_BENCH_WORST_RECORD_H

/*
 * How long each call of a manager takes while a state is built and probed. The same calls come
 * again in each rebuild, and the least time of each counts: what interrupts a program by chance
 * does not hit the same call three times.
 */

#include <stdbool.h>
#include <stddef.h>

enum worst_kind {
    WORST_PLAIN, /* alloc without any condition */
    WORST_LIMITED, /* with a lowest address or a limit */
    WORST_ALIGNED, /* with or without them */
    WORST_BOUNDED,
    WORST_BOTH,
    WORST_PLAIN_REFUSED,
    WORST_LIMITED_REFUSED,
    WORST_ALIGNED_REFUSED,
    WORST_BOUNDED_REFUSED,
    WORST_BOTH_REFUSED,
    WORST_FREE,
    WORST_FREE_REFUSED,
    WORST_RESERVE,
    WORST_RESERVE_REFUSED,
    WORST_FIND_ID,
    WORST_FIND_BASE,
    WORST_FIND_ADDRESS,
    WORST_FIND_FREE,
    WORST_SUM_UP,
    WORST_SET_TAG,
    WORST_HOLDING,
    WORST_NEXT_BLOCK,
    WORST_LARGEST_RUN,
    WORST_TOTALS,
    WORST_KIND_COUNT
};

const char *worst_kind_name(enum worst_kind kind);

struct worst_call {
    double ns;
    size_t number; /* among the calls, from 0 on */
    size_t count; /* calls of this kind; 0: there were none */
};

/* Begins anew: no call is known. */
void record_clear(void);

/* The calls come once more, from the first on. */
void record_rewind(void);

/* The next call. Ends the program if a rebuild does not make the calls of the first. */
void record_call(enum worst_kind kind, double ns);

/* Calls since record_rewind. */
size_t record_count(void);

/* The slowest call of each kind; `calls` has WORST_KIND_COUNT elements. */
void record_worst(struct worst_call *calls);

/* ---- what a call was ------------------------------------------------------------------------- */

#define RECORD_TEXT_BYTES 160

/* From the next rewind on, the call of this number is told. */
void record_watch(size_t number);

/* True if the next call is the one. Its text is then to be written into record_text(). */
bool record_is_watched(void);

/* True if the call of this number is told. */
bool record_was_watched(size_t number);
char *record_text(void);

#endif
