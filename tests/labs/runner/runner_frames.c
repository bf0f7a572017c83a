/* Labs 2 to 5: calls of the student's allocator. */

#include "runner.h"

#include "runner_frames.h"
#include "tests/labs/allocator.h"

/* A size that does not fit is more than any lab allows. */
static uint32_t table_bytes(const uint32_t *arguments)
{
    size_t size_bytes = allocator.table_bytes(arguments[0]);
    return size_bytes < UINT32_MAX ? (uint32_t)size_bytes : UINT32_MAX;
}

static uint32_t start(const uint32_t *arguments)
{
    allocator.start(runner_tables(arguments[2]), arguments[0], arguments[1]);
    return 0;
}

static uint32_t take(const uint32_t *arguments)
{
    return allocator.take(&(struct allocator_request){arguments[0], arguments[1], arguments[2],
                                                      arguments[3], arguments[4]});
}

static uint32_t give(const uint32_t *arguments)
{
    return allocator.give(arguments[0], arguments[1]);
}

static uint32_t query(const uint32_t *arguments)
{
    return runner_query(arguments[0]);
}

static const struct {
    size_t argument_count;
    uint32_t (*call)(const uint32_t *arguments);
} calls[] = {
    [CALL_TABLE_BYTES] = {1, table_bytes},
    [CALL_START] = {3, start},
    [CALL_TAKE] = {5, take},
    [CALL_GIVE] = {2, give},
    [CALL_QUERY] = {1, query},
};

void runner_serve(uint32_t request, const uint32_t *words, size_t word_count)
{
    uint32_t answers[CALLS_MAX * CALL_VALUE_WORDS];
    size_t arguments = calls[request].argument_count;
    size_t call_count = word_count / arguments;
    for (size_t i = 0; i < call_count; i++) {
        runner_enter();
        answers[i * CALL_VALUE_WORDS] = calls[request].call(words + i * arguments);
        answers[i * CALL_VALUE_WORDS + 1] = runner_leave();
    }
    runner_answer(ANSWER_DONE, answers, call_count * CALL_VALUE_WORDS);
}
