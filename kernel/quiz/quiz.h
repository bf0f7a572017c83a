#ifndef KERNEL_QUIZ_H
#define KERNEL_QUIZ_H

/*
 * Questions about the allocator. Each is made from a topic and a seed: a machine of 16 frames in
 * which blocks were allocated and freed, and something that is about to happen there. The same
 * topic and seed always make the same question.
 *
 *   frames   . . . . c c . . b b b . a a a a     the machine, frame 0 at the left
 *   asked    alloc 2f: at which frame does the block begin?
 *
 * The right answer is what the allocator itself says of such a machine. tests/host/test_quiz.c
 * holds each answer against other programs.
 */

#include "mm/buddy.h"

#define QUIZ_FRAMES 16u
#define QUIZ_ORDER_MAX 4u /* of all of them */
#define QUIZ_ACTS_MAX 12
#define QUIZ_CHOICES_MAX 4
#define QUIZ_FREED_MAX 3

#define QUIZ_LABEL_MAX 32
#define QUIZ_BECAUSE_MAX 96
#define QUIZ_TEXT_MAX 352
#define QUIZ_WHY_MAX 200

enum quiz_topic {
    QUIZ_PLACE, /* where a block goes */
    QUIZ_SPLIT, /* into which buddies a free one falls */
    QUIZ_MERGE, /* how large a buddy becomes when blocks are freed */
    QUIZ_EXACT, /* how many frames a block takes */
    QUIZ_LIMIT, /* what fits below a limit */
    QUIZ_ALIGN, /* where a block with an alignment goes */
    QUIZ_BOUNDARY, /* where a block goes that may not cross multiples of a boundary */
    QUIZ_FRAGMENTATION, /* if a block fits, and if not, what would */
    QUIZ_LONGEST, /* head, longest or tail of a node of the tree */
    QUIZ_TEXTBOOK, /* what a buddy allocator of powers of two would lose or refuse */
    QUIZ_TOPIC_COUNT,
};

/* One word, as it is typed. */
extern const char *const quiz_topic_names[QUIZ_TOPIC_COUNT];

/* What is asked, so that it can be answered without reading the text. */
enum quiz_asked {
    QUIZ_ASKS_PLACE, /* of the request: the block's first frame */
    QUIZ_ASKS_REST, /* of the request: the free buddies in `node` afterwards, as the label says */
    QUIZ_ASKS_ORDER, /* the order of the largest free buddy, after `freed` were freed */
    QUIZ_ASKS_TAKEN, /* the frames of a block of size_kib KiB */
    QUIZ_ASKS_FREE, /* the free frames after the request */
    QUIZ_ASKS_LARGEST, /* the largest block that fits in the request's window */
    QUIZ_ASKS_FIT, /* 0 if the request fits, else the largest block that does */
    QUIZ_ASKS_HEAD, /* of `node`, after `freed` were freed */
    QUIZ_ASKS_LONGEST,
    QUIZ_ASKS_TAIL,
    QUIZ_ASKS_LOSS, /* the frames that powers of two would add to the live blocks */
    QUIZ_ASKS_SERVERS, /* of the request: whom it can be served by, enum quiz_server */
};

/* Of a textbook's allocator and this one. The last one is offered, but is never right. */
enum quiz_server { QUIZ_NEITHER, QUIZ_ONLY_THIS, QUIZ_BOTH, QUIZ_ONLY_TEXTBOOK };

/* Frames first to end - 1. */
struct quiz_range {
    uint8_t first;
    uint8_t end;
};

/* As buddy_request, in frames. */
struct quiz_request {
    uint8_t count;
    uint8_t align; /* 0: any place will do */
    uint8_t boundary; /* 0: none */
    uint8_t limit; /* the block ends at or below this frame; QUIZ_FRAMES: anywhere */
};

/* What happened before, one after the other. */
struct quiz_act {
    char name; /* of a block, a letter */
    uint8_t frame_count; /* to allocate; 0: the block is freed */
};

struct quiz_choice {
    uint8_t value; /* by enum quiz_asked */
    char label[QUIZ_LABEL_MAX];
    char because[QUIZ_BECAUSE_MAX]; /* a sentence: what is wrong with it; empty: it is right */
};

struct quiz_question {
    enum quiz_topic topic;
    enum quiz_asked asked;
    struct quiz_act acts[QUIZ_ACTS_MAX];
    size_t act_count;
    char frames[QUIZ_FRAMES + 1]; /* after them: a block's letter, or '.' for a free frame */
    struct quiz_request request; /* count 0: there is none */
    unsigned size_kib; /* in its place, if it is asked in bytes; else 0 */
    char freed[QUIZ_FREED_MAX + 1]; /* the blocks that are about to be freed */
    struct quiz_range node;
    bool wants_number; /* 0 to 16; the choices then are wrong numbers that have a sentence */
    struct quiz_choice choices[QUIZ_CHOICES_MAX];
    size_t choice_count;
    unsigned right; /* the number, or the index of the choice */
    char text[QUIZ_TEXT_MAX]; /* the rule that is needed, and then the question */
    size_t asked_at; /* where in `text` the question itself begins, with all its conditions */
    char why[QUIZ_WHY_MAX]; /* the right answer is right */
};

/* The allocator that questions are tried on, some 2 KiB: 16 frames, the first has the number 0. */
struct quiz_maker {
    struct buddy buddy;
    uint64_t random;
    unsigned lowest_used; /* no frame below was ever in a block */
    struct quiz_question *question;
    uint64_t tables[160];
};

/* Makes the question. `maker` needs no contents. Always succeeds. */
void quiz_make(struct quiz_maker *maker, enum quiz_topic topic, uint64_t seed,
               struct quiz_question *question);

/* The seed of the index-th question of a quiz. */
uint64_t quiz_seed_at(uint64_t quiz_seed, size_t index);

/* The topic of the index-th question of a quiz of all topics, each once in ten. */
enum quiz_topic quiz_topic_at(uint64_t quiz_seed, size_t index);

/* ---- answers --------------------------------------------------------------------------------- */

/* An answer is the number, or the index of the choice. */
#define QUIZ_NO_ANSWER UINT32_MAX

#define QUIZ_TYPED_MAX 12

/* What is typed for an answer: the number, or the choice's letter, from 'A' on. Returns `text`. */
const char *quiz_tell_typed(const struct quiz_question *question, uint32_t answer,
                            char text[QUIZ_TYPED_MAX]);

/* Why that answer is wrong. Never NULL; may be empty. */
const char *quiz_because(const struct quiz_question *question, uint32_t answer);

#define QUIZ_VERDICT_MAX 560

/* "Right. ...", or what is wrong with the answer; which one is right, why, and what was asked. */
void quiz_tell_verdict(const struct quiz_question *question, uint32_t answer,
                       char text[QUIZ_VERDICT_MAX]);

/* The most lines of so many columns that a question's text takes. */
size_t quiz_text_lines(size_t columns);

#endif
