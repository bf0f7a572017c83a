/*
 * Waits for requests. For REQUEST_BEGIN it forks: the child serves calls until REQUEST_END, so that
 * each play of a case begins with fresh variables. The student's code runs in the children only.
 */

#define _GNU_SOURCE /* close_range */

#include "runner.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static uint32_t words[MESSAGE_WORDS_MAX];
static uint32_t token; /* of the request that is being served */
static volatile uint32_t call_steps;
static volatile bool is_counting;

/* ---- messages -------------------------------------------------------------------------------- */

static bool read_all(void *to, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = read(REQUESTS_FD, (char *)to + done, size - done);
        if (got <= 0 && errno != EINTR)
            return false;
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static void write_all(const void *from, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t put = write(ANSWERS_FD, (const char *)from + done, size - done);
        if (put <= 0)
            _exit(1);
        done += (size_t)put;
    }
}

void runner_answer(enum answer kind, const uint32_t *answer, size_t word_count)
{
    static uint32_t buffer[sizeof(struct message) / sizeof(uint32_t) + MESSAGE_WORDS_MAX];
    const struct message header = {token, kind, (uint32_t)word_count};
    memcpy(buffer, &header, sizeof header);
    if (word_count > 0)
        memcpy(buffer + sizeof header / sizeof *buffer, answer, word_count * sizeof *answer);
    write_all(buffer, sizeof header + word_count * sizeof *answer);
}

/* The judge is gone: so are we. */
static struct message next_request(void)
{
    struct message request;
    errno = 0;
    if (!read_all(&request, sizeof request) || request.word_count > MESSAGE_WORDS_MAX ||
        !read_all(words, request.word_count * sizeof *words))
        _exit(0);
    return request;
}

/* ---- calls ----------------------------------------------------------------------------------- */

void runner_enter(void)
{
    call_steps = 0;
    is_counting = true;
}

uint32_t runner_leave(void)
{
    is_counting = false;
    return call_steps;
}

/* Called at each basic block of the student's file (-fsanitize-coverage=trace-pc). */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    if (!is_counting || ++call_steps < CALL_STEPS_MAX)
        return;
    is_counting = false;
    fflush(NULL);
    runner_answer(ANSWER_ENDLESS, NULL, 0);
    _exit(0);
}

/* Named by the sanitizers' interface: options that stand in the program. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0:quarantine_size_mb=8:allocator_may_return_null=1";
}

void *runner_tables(size_t size_bytes)
{
    static void *tables;
    free(tables);
    tables = malloc(size_bytes > 0 ? size_bytes : 1);
    if (!tables)
        abort();
    memset(tables, 0xA5, size_bytes);
    return tables;
}

/* ---- processes ------------------------------------------------------------------------------- */

_Noreturn static void serve(void)
{
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    close_range(ANSWERS_FD + 1, ~0u, 0);
    runner_confine();
    for (;;) {
        const struct message request = next_request();
        if (request.kind == REQUEST_END)
            break;
        token = request.token;
        runner_serve(request.kind, words, request.word_count);
    }
    fflush(NULL);
    _exit(0);
}

static void play(uint32_t begin)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        token = 0; /* the one that only we may repeat */
        serve();
    }
    if (child < 0) {
        perror("fork");
        _exit(1);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    token = begin;
    runner_answer(ANSWER_ENDED, &(uint32_t){(uint32_t)status}, 1);
    token = 0;
}

/* Lets the sanitizer read where its lines are while it still may open files. */
void __sanitizer_symbolize_pc(void *pc, const char *format, char *text, size_t text_bytes);

int main(void)
{
    char place[64];
    __sanitizer_symbolize_pc((void *)main, "%L", place, sizeof place);
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    runner_answer(ANSWER_READY, NULL, 0);
    for (;;) {
        const struct message request = next_request();
        if (request.kind == REQUEST_BEGIN)
            play(request.token);
    }
}
