#ifndef KERNEL_TOUR_WORDS_H
#define KERNEL_TOUR_WORDS_H

/*
 * Values of this machine for the tour's script: sizes that every machine can serve, chosen from
 * what is free. It changes nothing, and knows neither screen nor shell.
 */

#include "mm/mm.h"

#include <stdbool.h>

#define TOUR_WORD_MAX 120
#define TOUR_TEXT_MAX 512

/* Bytes. `one` is a power of two of frames, at most a 64th of the largest free run. */
struct tour_sizes {
    uint64_t one;
    uint64_t three; /* of it */
    uint64_t four;
    uint64_t fifth; /* of the largest free run, at most, and a multiple of `one` */
    uint64_t beyond; /* a frame more than the largest free run */
    phys_t limit; /* 16 MiB; another power of two where that parts nothing */
    uint64_t low; /* 3 * 2^n, a quarter of what is free below the limit, at most */
};

/* False, finding none, if there is too little memory: less than 16 frames in one piece. */
bool tour_sizes_find(struct tour_sizes *sizes, struct mm *mm);

/* A size as alloc takes it, exact: "3M", "15612K". It is a multiple of 4096. */
const char *tour_format_size(char word[TOUR_WORD_MAX], uint64_t size_bytes);

/*
 * Puts the value of a name into `word`; false if there is none: sizes by the names above, and
 * `standin`, a sentence if the limit is not 16M, else empty.
 */
bool tour_sizes_tell(const struct tour_sizes *sizes, const char *name, char word[TOUR_WORD_MAX]);

/* Who knows more names than these. */
typedef bool tour_lookup_t(void *context, const char *name, char word[TOUR_WORD_MAX]);

/* The text with the values of its {names}. False if one is unknown; then it stands as it is. */
bool tour_expand(char text[TOUR_TEXT_MAX], const char *pattern, tour_lookup_t *lookup,
                 void *context);

#endif
