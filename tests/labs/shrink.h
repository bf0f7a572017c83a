#ifndef LABS_SHRINK_H
#define LABS_SHRINK_H

/* Makes a failing case smaller. */

#include "grader.h"

/* `still` tries a case: true if it fails, and in *steps what that took. */
void shrink_case(struct lab_case *failing,
                 bool (*still)(const struct lab_case *tried, uint64_t *steps));

#endif
