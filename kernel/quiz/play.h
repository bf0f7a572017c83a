#ifndef KERNEL_QUIZ_PLAY_H
#define KERNEL_QUIZ_PLAY_H

/*
 * The quiz: questions about the machine `tiny`, which is opened for each of them. The answer is a
 * key, a number or a click; then the reader is told why, and what was asked about is typed and
 * played. At the end the machine that was open is open again, as it was.
 *
 * On the serial line, each question and each answer is a line of fields, with sentences below it.
 */

#include "quiz.h"

#define QUIZ_OWNER "quiz" /* of the block that a quiz takes while it lasts */

#define QUIZ_LENGTH 10 /* questions */

/* All topics, each once, in an order that the seed makes. */
#define QUIZ_ALL_TOPICS QUIZ_TOPIC_COUNT

/*
 * Asks QUIZ_LENGTH questions of the topic; a line on the log if there is no memory for it. In a
 * script at boot nobody answers: there each question is followed by the right answer.
 */
void quiz_play(enum quiz_topic topic, uint64_t seed);

#endif
