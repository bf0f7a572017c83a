/* Lab 6: the calls of the presenter. What it copies is passed on, part by part. */

#include "runner.h"

#include "docs/labs/6-presenter/lab.h"

#define COPY_WORDS 3
#define COPIES_MAX 1024 /* in one part */

static uint32_t copies[COPIES_MAX * COPY_WORDS];
static size_t copy_count;

static void pass_on(void)
{
    if (copy_count > 0)
        runner_answer(ANSWER_PART, copies, copy_count * COPY_WORDS);
    copy_count = 0;
}

void lab_copy(int left, int y, int count)
{
    uint32_t *copy = copies + copy_count * COPY_WORDS;
    copy[0] = (uint32_t)left;
    copy[1] = (uint32_t)y;
    copy[2] = (uint32_t)count;
    if (++copy_count == COPIES_MAX)
        pass_on();
}

void runner_serve(uint32_t request, const uint32_t *words, size_t word_count)
{
    (void)word_count;
    runner_enter();
    if (request == CALL_INIT)
        lab_init((int)words[0], (int)words[1]);
    else if (request == CALL_MARK)
        lab_mark((struct lab_rect){(int)words[0], (int)words[1], (int)words[2], (int)words[3]});
    else
        lab_present();
    uint32_t steps = runner_leave();
    pass_on();
    runner_answer(ANSWER_DONE, (uint32_t[]){0, steps}, CALL_VALUE_WORDS);
}
