#ifndef LABS_PROTOCOL_H
#define LABS_PROTOCOL_H

/*
 * What the judge and the runner write to each other. The judge decides, and trusts no answer.
 * The runner is linked with the student's file, and runs in a sandbox.
 *
 * A message is a header and words of 32 bits, in the machine's own byte order. A request has a
 * token that cannot be guessed, and its answer repeats it: so nobody can answer before being
 * asked.
 */

#include <stdint.h>

/* The runner's descriptors; 1 and 2 take what the student's code prints. */
#define REQUESTS_FD 0
#define ANSWERS_FD 3

#define MESSAGE_WORDS_MAX 4096
#define CALLS_MAX 512 /* of the same function in one request */

struct message {
    uint32_t token;
    uint32_t kind;
    uint32_t word_count; /* that follow */
};

enum request {
    REQUEST_BEGIN = 1, /* a new process, in which the student's code has not run yet */
    REQUEST_END, /* of that process */

    /*
     * Calls: arguments in a row, for one call or more; each is answered with its value and
     * steps.
     */
    CALL_TABLE_BYTES, /* frame_count */
    CALL_START, /* first frame, frame_count, bytes of the tables */
    CALL_TAKE, /* count, align, lowest, limit, boundary */
    CALL_GIVE, /* first, count */
    CALL_QUERY, /* the lab's own */
    CALL_INIT, /* width, height */
    CALL_MARK, /* left, top, right, bottom */
    CALL_PRESENT, /* nothing; parts of left, y, count come first, for each lab_copy */

    /*
     * Entries of five words: base, length (each the low word first), type. Answered with the
     * count of ranges, and those that fit into what was given: base and end.
     */
    CALL_NORMALISE,
};

enum answer {
    ANSWER_READY = 1, /* once, with token 0 */
    ANSWER_PART, /* more follows */
    ANSWER_DONE,
    ANSWER_ENDLESS, /* a call took CALL_STEPS_MAX steps; the process ends */
    ANSWER_REFUSED, /* it asked the system for what it may not: the call's number; it ends */
    ANSWER_ENDED, /* the process ended, with the token of REQUEST_BEGIN: status as from wait */
};

#define CALL_STEPS_MAX 50000000u /* basic blocks of one call */
#define CALL_VALUE_WORDS 2 /* of an answer: value, steps */

#endif
