/* What lab 4 wants of its allocator. */

#include "contract.h"

const struct contract contract = {
    .place = PLACE_HIGHEST,
    .has_constraints = true,
    .tables_per_frame = 1,
    .tables_beside = 8,
};
