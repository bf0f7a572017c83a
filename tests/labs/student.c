/*
 * The sandbox is one process to us, whose end ends all in it. It is started once, and again
 * whenever something in it went so wrong that it had to be killed.
 */

#define _GNU_SOURCE /* pipe2, getrandom */

#include "student.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crash.h"
#include "grader.h"
#include "watch.h"

#define SAID_FLOOD ((size_t)4 << 20)
#define LOOK_MILLISECONDS 20
#define START_MILLISECONDS 30000
#define END_MILLISECONDS 2000

static char *const *command;
static pid_t sandbox; /* 0: none runs */
static int requests = -1;
static int answers = -1;
static int output = -1;

static struct {
    bool is_open;
    uint32_t token; /* of REQUEST_BEGIN */
    const char *function; /* the student's that runs, or "the file" */
    unsigned milliseconds; /* allowed */
    uint64_t steps;
    void (*take_part)(const uint32_t *words, size_t word_count);
    struct watch watch;
} play;

static char said[STUDENT_SAID_MAX];
static size_t said_count; /* all of it, kept or not */

uint64_t student_steps(void)
{
    return play.steps;
}

const char *student_said(void)
{
    return said;
}

void student_take_parts(void (*take_part)(const uint32_t *words, size_t word_count))
{
    play.take_part = take_part;
}

/* ---- the sandbox ----------------------------------------------------------------------------- */

void student_prepare(char *const *sandbox_command)
{
    command = sandbox_command;
    signal(SIGPIPE, SIG_IGN);
}

static void close_pipe(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

static void kill_sandbox(void)
{
    if (sandbox > 0) {
        kill(-sandbox, SIGKILL);
        kill(sandbox, SIGKILL);
        while (waitpid(sandbox, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    sandbox = 0;
    play.is_open = false;
    close_pipe(&requests);
    close_pipe(&answers);
    close_pipe(&output);
}

/* In the child. The pipes' ends are moved out of the way of the numbers that they are to get. */
_Noreturn static void run_command(int request_end, int output_end, int answer_end)
{
    setpgid(0, 0);
    request_end = fcntl(request_end, F_DUPFD, 10);
    output_end = fcntl(output_end, F_DUPFD, 10);
    answer_end = fcntl(answer_end, F_DUPFD, 10);
    if (dup2(request_end, REQUESTS_FD) < 0 || dup2(output_end, STDOUT_FILENO) < 0 ||
        dup2(output_end, STDERR_FILENO) < 0 || dup2(answer_end, ANSWERS_FD) < 0)
        _exit(127);
    close(request_end);
    close(output_end);
    close(answer_end);
    execvp(command[0], command);
    perror(command[0]);
    _exit(127);
}

static bool start_sandbox(void)
{
    int to[2];
    int from[2];
    int prints[2];
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0 || pipe2(prints, O_CLOEXEC) != 0)
        return false;
    sandbox = fork();
    if (sandbox == 0)
        run_command(to[0], prints[1], from[1]);
    close(to[0]);
    close(from[1]);
    close(prints[1]);
    requests = to[1];
    answers = from[0];
    output = prints[0];
    fcntl(answers, F_SETFL, O_NONBLOCK);
    fcntl(output, F_SETFL, O_NONBLOCK);
    return sandbox > 0;
}

/* ---- messages -------------------------------------------------------------------------------- */

/* Takes what is printed, so that nobody waits for room. */
static void drain_said(void)
{
    char piece[4096];
    ssize_t got;
    while (said_count <= SAID_FLOOD && (got = read(output, piece, sizeof piece)) > 0) {
        size_t kept = strlen(said);
        size_t room = sizeof said - 1 - kept;
        size_t more = (size_t)got < room ? (size_t)got : room;
        memcpy(said + kept, piece, more);
        said[kept + more] = '\0';
        said_count += (size_t)got;
    }
}

enum received { RECEIVED, RECEIVED_END, RECEIVED_LATE, RECEIVED_GREED, RECEIVED_FLOOD };

/* Waits until something can be read of the answers, and looks at the process meanwhile. */
static enum received wait_for_answer(unsigned milliseconds)
{
    struct pollfd ends[] = {{.fd = answers, .events = POLLIN}, {.fd = output, .events = POLLIN}};
    for (;;) {
        if (poll(ends, 2, LOOK_MILLISECONDS) < 0 && errno != EINTR)
            return RECEIVED_END;
        if (ends[1].revents)
            drain_said();
        if (said_count > SAID_FLOOD)
            return RECEIVED_FLOOD;
        if (ends[0].revents)
            return RECEIVED;
        if (ends[1].revents & POLLHUP) /* nobody is left */
            return RECEIVED_END;
        watch_look(&play.watch, sandbox, LOOK_MILLISECONDS);
        if (play.watch.used_milliseconds > milliseconds)
            return RECEIVED_LATE;
        if (play.watch.resident_bytes > WATCH_MEMORY_BYTES)
            return RECEIVED_GREED;
    }
}

static enum received receive(void *to, size_t size, unsigned milliseconds)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = read(answers, (char *)to + done, size - done);
        if (got == 0)
            return RECEIVED_END;
        if (got > 0) {
            done += (size_t)got;
            continue;
        }
        enum received result = wait_for_answer(milliseconds);
        if (result != RECEIVED)
            return result;
    }
    return RECEIVED;
}

static uint32_t new_token(void)
{
    static uint32_t tokens[256];
    static size_t left;
    if (left == 0) {
        if (getrandom(tokens, sizeof tokens, 0) != sizeof tokens)
            abort();
        left = sizeof tokens / sizeof *tokens;
    }
    return tokens[--left] | 1; /* never 0, which is the runner's first */
}

/* A request is smaller than a pipe, and is read before anything is answered. */
static bool send_request(uint32_t token, enum request request, const uint32_t *words,
                         size_t word_count)
{
    static uint32_t buffer[sizeof(struct message) / sizeof(uint32_t) + MESSAGE_WORDS_MAX];
    const struct message header = {token, request, (uint32_t)word_count};
    size_t size = sizeof header + word_count * sizeof *words;
    memcpy(buffer, &header, sizeof header);
    if (word_count > 0)
        memcpy(buffer + sizeof header / sizeof *buffer, words, word_count * sizeof *words);
    return write(requests, buffer, size) == (ssize_t)size;
}

static uint32_t answer_words[MESSAGE_WORDS_MAX];

static enum received receive_message(struct message *message, unsigned milliseconds)
{
    enum received result = receive(message, sizeof *message, milliseconds);
    if (result == RECEIVED && message->word_count <= MESSAGE_WORDS_MAX)
        result = receive(answer_words, message->word_count * sizeof *answer_words, milliseconds);
    return result;
}

/* ---- plays ----------------------------------------------------------------------------------- */

static bool is_ready(void)
{
    struct message message;
    return receive_message(&message, START_MILLISECONDS) == RECEIVED &&
           message.kind == ANSWER_READY && message.token == 0 && message.word_count == 0;
}

static void begin_watch(unsigned milliseconds)
{
    play.milliseconds = milliseconds;
    play.steps = 0;
    play.function = "the file";
    play.watch = (struct watch){0};
    said_count = 0;
    said[0] = '\0';
}

bool student_begin(unsigned milliseconds)
{
    student_end();
    begin_watch(milliseconds);
    if (sandbox == 0 && (!start_sandbox() || !is_ready())) {
        drain_said();
        fprintf(stderr, "the sandbox does not start: %s\n", said);
        kill_sandbox();
        return false;
    }
    begin_watch(milliseconds);
    play.token = new_token();
    play.is_open = true;
    return send_request(play.token, REQUEST_BEGIN, NULL, 0);
}

void student_end(void)
{
    struct message message;
    if (!play.is_open)
        return;
    play.watch = (struct watch){0};
    if (!send_request(new_token(), REQUEST_END, NULL, 0) ||
        receive_message(&message, END_MILLISECONDS) != RECEIVED || message.kind != ANSWER_ENDED ||
        message.token != play.token || message.word_count != 1)
        kill_sandbox();
    else
        drain_said();
    play.is_open = false;
}

/* Why nothing was received. */
_Noreturn static void give_up(enum received why)
{
    kill_sandbox();
    if (why == RECEIVED_LATE)
        grader_end(OUTCOME_LATE, ": %s does not come to an end; stopped after %u s", play.function,
                   play.milliseconds / 1000);
    if (why == RECEIVED_GREED)
        grader_end(OUTCOME_LATE, ": %s takes more than %zu MiB of memory", play.function,
                   WATCH_MEMORY_BYTES >> 20);
    if (why == RECEIVED_FLOOD)
        grader_end(OUTCOME_LATE, ": %s prints more than %zu MiB", play.function, SAID_FLOOD >> 20);
    grader_end(OUTCOME_FOUL, "%s ends the sandbox", play.function);
}

_Noreturn static void tell_end(uint32_t status)
{
    char text[CRASH_TEXT_MAX];
    play.is_open = false;
    drain_said();
    if (WIFSIGNALED((int)status) && WTERMSIG((int)status) == SIGSYS)
        grader_end(OUTCOME_FOUL, "%s asks the system for what no lab needs", play.function);
    crash_explain((int)status, said, text);
    grader_end(OUTCOME_CRASH, ": %s %s", play.function, text);
}

_Noreturn static void tell_refused(uint32_t call)
{
    char text[CRASH_TEXT_MAX];
    crash_name_call(call, text);
    grader_end(OUTCOME_FOUL, "%s %s", play.function, text);
}

_Noreturn static void tell_forgery(void)
{
    kill_sandbox();
    grader_end(OUTCOME_FOUL, "%s writes what only the grader's own runner writes", play.function);
}

/* An answer that ends the play. */
static void check_end(const struct message *message, uint32_t token)
{
    bool is_ours = message->token == token;
    if (message->kind == ANSWER_ENDED && message->token == play.token && message->word_count == 1)
        tell_end(answer_words[0]);
    if (is_ours && message->kind == ANSWER_REFUSED && message->word_count == 1)
        tell_refused(answer_words[0]);
    if (is_ours && message->kind == ANSWER_ENDLESS) {
        play.steps += CALL_STEPS_MAX;
        grader_end(OUTCOME_CRASH, ": %s does not come to an end; stopped after %u steps",
                   play.function, CALL_STEPS_MAX);
    }
    if (!is_ours || message->word_count > MESSAGE_WORDS_MAX ||
        (message->kind != ANSWER_DONE && !(message->kind == ANSWER_PART && play.take_part)))
        tell_forgery();
}

const uint32_t *student_ask(const char *function, enum request request, const uint32_t *words,
                            size_t word_count, size_t *answer_count)
{
    struct message message;
    uint32_t token = new_token();
    play.function = function;
    if (!send_request(token, request, words, word_count))
        give_up(RECEIVED_END);
    for (;;) {
        enum received result = receive_message(&message, play.milliseconds);
        if (result != RECEIVED)
            give_up(result);
        check_end(&message, token);
        if (message.kind == ANSWER_DONE)
            break;
        play.take_part(answer_words, message.word_count);
    }
    *answer_count = message.word_count;
    return answer_words;
}

const uint32_t *student_call(const char *function, enum request request, const uint32_t *words,
                             size_t word_count, size_t call_count)
{
    size_t count;
    const uint32_t *answer = student_ask(function, request, words, word_count, &count);
    if (count != call_count * CALL_VALUE_WORDS)
        tell_forgery();
    for (size_t i = 0; i < call_count; i++)
        play.steps += answer[i * CALL_VALUE_WORDS + 1];
    return answer;
}
