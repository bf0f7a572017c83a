/* The command that asks questions. */

#include "commands.h"

#include "drivers/pc/timer.h"
#include "kernel/lib/parse.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/quiz/play.h"

#define SEED_MAX 9999u /* of those that nobody chose: short enough to be told to others */

static bool find_topic(const char *word, enum quiz_topic *topic)
{
    for (size_t i = 0; i < QUIZ_TOPIC_COUNT; i++) {
        if (strcmp(quiz_topic_names[i], word) != 0)
            continue;
        *topic = (enum quiz_topic)i;
        return true;
    }
    return false;
}

static const char *topic_word(size_t index)
{
    return index < QUIZ_TOPIC_COUNT ? quiz_topic_names[index] : NULL;
}

static void refuse(const char *word)
{
    shell_refuse_word("quiz does not know", word, topic_word,
                      "it takes a topic and a seed; help quiz lists the topics");
}

static void run_quiz(size_t word_count, char **words)
{
    enum quiz_topic topic = QUIZ_ALL_TOPICS;
    uint64_t seed = timer_ticks() % SEED_MAX + 1;
    size_t at = word_count > 1 && find_topic(words[1], &topic) ? 2 : 1;
    if (at < word_count && parse_number(words[at], &seed) != PARSE_OK)
        refuse(words[at]);
    else if (at + 1 < word_count)
        refuse(words[at + 1]);
    else
        quiz_play(topic, seed);
}

const struct shell_command quiz_commands[] = {
    {"quiz", "[TOPIC] [SEED]", "asks ten questions about a machine of 16 frames",
     "  TOPIC  place, split, merge, exact, limit, align, boundary, fragmentation, longest or\n"
     "         textbook; if it is left out, one question of each\n"
     "  SEED   a number: the same number makes the same questions\n"
     "  You see a picture, and say what will happen. Keys: a letter from A to D, or, where a "
     "number\n"
     "  is asked for, the number and Enter; or a click on the answer. Then you are told why, and\n"
     "  Enter plays it. Esc or q ends the quiz.\n"
     "  question number=N of=10 topic=... seed=N frames=... answer=A-D|number: frames has a\n"
     "  character for each frame, a block's letter, or a dot if the frame is free\n"
     "  answer number=N given=... answer=... score=N of=N\n"
     "  quiz end right=N answered=N of=10 topic=... seed=N wrong=TOPICS\n",
     1, 3, .run = run_quiz, .arguments = topic_word},
    {0},
};
