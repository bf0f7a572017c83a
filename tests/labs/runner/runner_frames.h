#ifndef LABS_RUNNER_FRAMES_H
#define LABS_RUNNER_FRAMES_H

/* What labs 2 to 5 have beside their allocators. */

#include <stdint.h>

/* Asks the student's other function. */
uint32_t runner_query(uint32_t argument);

#endif
