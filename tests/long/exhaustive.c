/*
 * tests/host/test_exhaustive.c for as long as one likes: each kind of search goes deeper, round by
 * round, until its share of the time is over. A line tells what was searched to the end.
 *
 *     exhaustive SECONDS
 */

#include "explore.h"

#include <stdio.h>
#include <stdlib.h>

#define DEPTH_MAX 12
#define PATTERN_FRAMES_MAX 16

static bool any_broken;

/* True if the next round may begin. */
static bool tell(const char *what, unsigned number, const struct explore_result *result)
{
    printf("%s %u: %llu states, %llu transitions, %s\n", what, number,
           (unsigned long long)result->states, (unsigned long long)result->transitions,
           result->broken   ? result->broken
           : result->is_cut ? "none wrong until the time was over"
                            : "complete, none wrong");
    fflush(stdout);
    any_broken = any_broken || result->broken;
    return !result->broken && !result->is_cut;
}

static bool goes_on(const struct explore_result *result)
{
    return !result->broken && !result->is_cut;
}

static void search_one_range(unsigned frame_count, time_t deadline)
{
    struct explore_result result = {0};
    bool more = true;
    for (unsigned depth = 1; more && depth <= DEPTH_MAX; depth++) {
        result = (struct explore_result){0};
        for (size_t place = 0; place < EXPLORE_PLACE_COUNT && goes_on(&result); place++) {
            pfn_t base = explore_place(place);
            struct explore_shape shape = {{{base, base + frame_count}}, 1};
            explore_sequences(&shape, depth, deadline, &result);
        }
        more = tell(frame_count == 16 ? "one range of 16 frames, 8 places, depth"
                                      : "one range of 32 frames, 8 places, depth",
                    depth, &result);
    }
}

/* All shapes of up to three ranges, at all places. */
static void search_shapes(time_t deadline)
{
    struct explore_result result = {0};
    bool more = true;
    for (unsigned depth = 1; more && depth <= DEPTH_MAX; depth++) {
        result = (struct explore_result){0};
        for (size_t place = 0; place < EXPLORE_PLACE_COUNT; place++) {
            struct explore_shape shape;
            uint32_t managed = 0;
            while (goes_on(&result) &&
                   explore_next_shape(explore_place(place), 16, 3, &managed, &shape))
                explore_sequences(&shape, depth, deadline, &result);
        }
        more = tell("16 frames with any two holes, 8 places, depth", depth, &result);
    }
}

static void search_patterns(time_t deadline)
{
    struct explore_result result = {0};
    bool more = true;
    for (unsigned frames = 4; more && frames <= PATTERN_FRAMES_MAX; frames++) {
        result = (struct explore_result){0};
        for (size_t place = 0; place < EXPLORE_PLACE_COUNT && goes_on(&result); place++) {
            pfn_t base = explore_place(place);
            struct explore_shape shape = {{{base, base + frames}}, 1};
            explore_patterns(&shape, deadline, &result);
        }
        more = tell("all patterns and all requests, 8 places, frames", frames, &result);
    }
}

int main(int argument_count, char **arguments)
{
    if (argument_count != 2) {
        fprintf(stderr, "usage: %s SECONDS\n", arguments[0]);
        return 2;
    }
    time_t share = atol(arguments[1]) / 4;
    search_one_range(16, time(NULL) + share);
    search_one_range(32, time(NULL) + share);
    search_shapes(time(NULL) + share);
    search_patterns(time(NULL) + share);
    return any_broken ? 1 : 0;
}
