#ifndef LABS_RUNNER_H
#define LABS_RUNNER_H

/*
 * The side of the student's code: it makes the calls that the judge asks for, and says what came
 * back. It decides nothing.
 */

#include <stddef.h>
#include <stdint.h>

#include "tests/labs/protocol.h"

/* What each lab has: makes the calls of a request, whose words are as protocol.h says. */
void runner_serve(uint32_t request, const uint32_t *words, size_t word_count);

/* Around each call of the student's code. Returns its steps: basic blocks gone through. */
void runner_enter(void);
uint32_t runner_leave(void);

/* Answers the request that is being served. At most MESSAGE_WORDS_MAX words. */
void runner_answer(enum answer kind, const uint32_t *words, size_t word_count);

/* Memory for the student's code that is exactly so long, filled with something. */
void *runner_tables(size_t size_bytes);

/* From now on this process computes, reads requests and writes, and can do nothing else. */
void runner_confine(void);

#endif
