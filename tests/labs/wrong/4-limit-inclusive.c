/* Wrong: the limit is taken for the last frame that may be used, as NT's highest address is. */

#include "lab.h"

#define lab_find find_below
#include "docs/labs/solutions/4.c"
#undef lab_find

uint32_t lab_find(const struct lab_arena *arena, const struct lab_request *request)
{
    struct lab_request inclusive = *request;
    if (inclusive.limit != LAB_NO_LIMIT)
        inclusive.limit++;
    return find_below(arena, &inclusive);
}
