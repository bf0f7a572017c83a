#ifndef LABS_CONTRACT_H
#define LABS_CONTRACT_H

/*
 * What labs 2 to 5 want of an allocator, as the judge needs it. Each lab has a file
 * contract_N.c, which needs nothing of the student's.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALLOCATOR_NONE UINT32_MAX

struct allocator_request {
    uint32_t count;
    uint32_t align; /* power of two */
    uint32_t lowest;
    uint32_t limit; /* exclusive; UINT32_MAX: none */
    uint32_t boundary; /* power of two, 0: none */
};

/* Which of the places that satisfy a request a lab wants. */
enum allocator_place { PLACE_ANY, PLACE_LOWEST, PLACE_HIGHEST, PLACE_SMALLEST_BUDDY };

struct contract {
    enum allocator_place place;
    bool is_in_orders; /* requests are for powers of two, aligned to their size */
    bool has_constraints; /* requests may name more than a count, and frames have real numbers */
    bool frees_in_parts; /* any taken frames may be given back, not only whole blocks */
    bool checks_frees; /* a wrong free is refused */
    size_t tables_per_frame; /* bytes, at most, */
    size_t tables_beside; /* and those in addition */
};

extern const struct contract contract;

#endif
