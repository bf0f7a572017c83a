#ifndef LABS_STUDENT_H
#define LABS_STUDENT_H

/*
 * The student's process, as the judge sees it: calls go in, answers come out, and each of them
 * may be a lie. The process is watched from outside. A play ends by grader_end if it does not go
 * on.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

#define STUDENT_MILLISECONDS 3000 /* that it may compute or sleep in one play */
#define STUDENT_SAID_MAX 65536 /* bytes that are kept of what it prints */

/* The command that runs the student's program in its sandbox: NULL at its end. Kept, not copied. */
void student_prepare(char *const *command);

/* Begins a play: the student's variables are as the program has them. The process may use as many
 * milliseconds. False, with a reason on stderr, if the sandbox does not start. */
bool student_begin(unsigned milliseconds);

/* Ends the play that began. Does nothing if none did. */
void student_end(void);

/*
 * One request: `function` is the student's, for sentences. Returns the words of the answer, good
 * until the next call, `answer_count` of them at most MESSAGE_WORDS_MAX.
 */
const uint32_t *student_ask(const char *function, enum request request, const uint32_t *words,
                            size_t word_count, size_t *answer_count);

/* The same for `call_count` calls with a value each: pairs of value and steps. */
const uint32_t *student_call(const char *function, enum request request, const uint32_t *words,
                             size_t word_count, size_t call_count);

/* What comes in parts before an answer goes to `take_part`; NULL: nothing may. */
void student_take_parts(void (*take_part)(const uint32_t *words, size_t word_count));

/* Steps of all calls of the play, as the runner counted them. */
uint64_t student_steps(void);

/* What was printed since the play began, as a string. */
const char *student_said(void);

#endif
