/* Makes questions: tries machines until one makes a fair question of the topic. */

#include "kernel/lib/random.h"
#include "kernel/lib/string.h"
#include "quiz_inside.h"

const char *const quiz_topic_names[QUIZ_TOPIC_COUNT] = {
    "place", "split",    "merge",         "exact",   "limit",
    "align", "boundary", "fragmentation", "longest", "textbook"};

static quiz_make_t *const makers[QUIZ_TOPIC_COUNT] = {
    quiz_make_place,   quiz_make_split,   quiz_make_merge,    quiz_make_exact,
    quiz_make_limit,   quiz_make_align,   quiz_make_boundary, quiz_make_fragmentation,
    quiz_make_longest, quiz_make_textbook};

/* Seeds are small numbers that people choose, and neighbours should have nothing in common. */
static uint64_t start_random(uint64_t seed)
{
    uint64_t state = (seed + 1) * RANDOM_SEED;
    state = state ? state : RANDOM_SEED;
    for (int i = 0; i < 8; i++)
        random_next(&state);
    return state;
}

uint64_t quiz_seed_at(uint64_t quiz_seed, size_t index)
{
    uint64_t state = start_random(quiz_seed);
    for (size_t i = 0; i < index; i++)
        random_next(&state);
    return state;
}

/* Each ten questions are another order of all topics. */
enum quiz_topic quiz_topic_at(uint64_t quiz_seed, size_t index)
{
    uint64_t state = quiz_seed_at(quiz_seed, index / QUIZ_TOPIC_COUNT);
    uint8_t topics[QUIZ_TOPIC_COUNT] = {0};
    for (unsigned i = 0; i < QUIZ_TOPIC_COUNT; i++) {
        unsigned at = random_next(&state) % (i + 1);
        topics[i] = topics[at];
        topics[at] = (uint8_t)i;
    }
    return (enum quiz_topic)topics[index % QUIZ_TOPIC_COUNT];
}

static void shuffle(struct quiz_maker *maker)
{
    struct quiz_question *question = maker->question;
    unsigned at = quiz_random(maker, (unsigned)question->choice_count);
    struct quiz_choice right = question->choices[0];
    question->choices[0] = question->choices[at];
    question->choices[at] = right;
    question->right = at;
}

void quiz_make(struct quiz_maker *maker, enum quiz_topic topic, uint64_t seed,
               struct quiz_question *question)
{
    maker->question = question;
    maker->random = start_random(seed * QUIZ_TOPIC_COUNT + topic);
    question->topic = topic;
    do
        quiz_play_scene(maker);
    while (!makers[topic](maker));
    if (!question->wants_number)
        shuffle(maker);
}
