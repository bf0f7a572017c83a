/*
 * Every play is a child. What it says goes through memory that it shares with its parent: the
 * story so far, and the verdict. A child that ends without a verdict has crashed, and the
 * sanitizers' report says how.
 *
 *     grade MAPS      a line for each thing, fields separated by tabs:
 *         rule NAME POINTS MAX SENTENCE
 *         case TEXT       the smallest failing case, and what is wrong
 *         said TEXT       a line that the student's code printed there
 */

#define _GNU_SOURCE /* memfd_create */

#include "grader.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/random.h"

#define STORY_MAX 16384
#define STORY_SHOWN 700 /* characters of it, in the end */
#define CALL_STEPS_MAX 50000000u
#define CHILD_CPU_SECONDS 100
#define CHILD_MEMORY_BYTES ((size_t)256 << 20)
#define SAID_BYTES_MAX 65536
#define SAID_LINES_MAX 12
#define TRIES_MAX 1500 /* of smaller cases, for one rule */
#define SHRINK_STEPS_MAX 300000000u /* and steps that they may take together */

/* ---- what a child tells ----------------------------------------------------------------------- */

enum verdict { NO_VERDICT, RIGHT, WRONG };

struct shared {
    enum verdict verdict;
    size_t index; /* of the case that is being played */
    char function[32]; /* the student's, while it runs */
    uint64_t steps; /* of all calls */
    size_t story_length;
    char story[STORY_MAX];
    char wrong[512];
};

static struct shared *shared;
static int said; /* what a child prints, a file in memory */
static const char *maps_folder;
static volatile uint64_t call_steps;
static volatile bool is_counting;
static void *tables;

const char *grader_maps(void)
{
    return maps_folder;
}

void grader_note(const char *format, ...)
{
    va_list arguments;
    size_t room = STORY_MAX - shared->story_length;
    va_start(arguments, format);
    int length = vsnprintf(shared->story + shared->story_length, room, format, arguments);
    va_end(arguments);
    shared->story_length += (size_t)length < room ? (size_t)length : room - 1;
}

void grader_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(shared->wrong, sizeof shared->wrong, format, arguments);
    va_end(arguments);
    shared->verdict = WRONG;
    fflush(NULL);
    _exit(0);
}

void grader_enter(const char *function)
{
    snprintf(shared->function, sizeof shared->function, "%s", function);
    call_steps = 0;
    is_counting = true;
}

uint64_t grader_leave(void)
{
    is_counting = false;
    shared->function[0] = '\0';
    shared->steps += call_steps;
    return call_steps;
}

/* Called at each basic block of the student's file (-fsanitize-coverage=trace-pc). */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    if (!is_counting || ++call_steps < CALL_STEPS_MAX)
        return;
    is_counting = false;
    shared->steps += call_steps;
    grader_fail(": %s does not come to an end; stopped after %u steps", shared->function,
                CALL_STEPS_MAX);
}

/* Named by the sanitizers' interface: options that stand in the program. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0:quarantine_size_mb=8:allocator_may_return_null=1";
}

void *grader_tables(size_t size_bytes)
{
    free(tables);
    tables = malloc(size_bytes > 0 ? size_bytes : 1);
    if (!tables)
        grader_fail(": no memory for tables of %zu bytes", size_bytes);
    memset(tables, 0xA5, size_bytes);
    return tables;
}

/* ---- children --------------------------------------------------------------------------------- */

static void begin_child(void)
{
    struct rlimit cpu = {CHILD_CPU_SECONDS, CHILD_CPU_SECONDS + 1};
    struct rlimit file = {SAID_BYTES_MAX, SAID_BYTES_MAX};
    struct rlimit core = {0, 0};
    setrlimit(RLIMIT_CPU, &cpu);
    setrlimit(RLIMIT_FSIZE, &file);
    setrlimit(RLIMIT_CORE, &core);
    signal(SIGXFSZ, SIG_IGN);
    dup2(said, STDOUT_FILENO);
    dup2(said, STDERR_FILENO);
}

static size_t resident_bytes(pid_t child)
{
    char path[64];
    size_t pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)child);
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    if (fscanf(file, "%*s %zu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Looks at its memory from time to time, until it ends. */
static int wait_for(pid_t child)
{
    const struct timespec while_ = {0, 20000000};
    sigset_t ended;
    int status;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    while (waitpid(child, &status, WNOHANG) == 0) {
        sigtimedwait(&ended, NULL, &while_);
        if (resident_bytes(child) > CHILD_MEMORY_BYTES) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            snprintf(shared->wrong, sizeof shared->wrong, ": %s takes more than %zu MiB of memory",
                     shared->function, CHILD_MEMORY_BYTES >> 20);
            shared->verdict = WRONG;
            return status;
        }
    }
    return status;
}

/* The text behind `key` up to one of `ends`, in what the child printed. False if it is not there. */
static bool find_said(const char *text, const char *key, const char *ends, char *found,
                      size_t found_bytes)
{
    const char *at = strstr(text, key);
    if (!at)
        return false;
    at += strlen(key);
    snprintf(found, found_bytes, "%.*s", (int)strcspn(at, ends), at);
    return true;
}

static void read_said(char *text, size_t text_bytes)
{
    ssize_t length = pread(said, text, text_bytes - 1, 0);
    text[length > 0 ? length : 0] = '\0';
}

/* AddressSanitizer's report has `ERROR: AddressSanitizer: KIND`, then `READ of size N`, and at its
 * end `SUMMARY: ... KIND FILE:LINE in FUNCTION`; the undefined behaviour's is `FILE:LINE:COLUMN:
 * runtime error: TEXT`. */
static void explain_crash(int status)
{
    static char text[SAID_BYTES_MAX];
    char kind[64];
    char access[32] = "";
    char place[200] = "";
    const char *who = shared->function[0] ? shared->function : "the grader";
    read_said(text, sizeof text);
    const char *runtime = strstr(text, ": runtime error: ");
    if (runtime) {
        const char *line = runtime;
        while (line > text && line[-1] != '\n' && line[-1] != '/')
            line--;
        snprintf(shared->wrong, sizeof shared->wrong, ": %s is undefined there: %.*s", who,
                 (int)strcspn(line, "\n"), line);
        return;
    }
    if (!find_said(text, "ERROR: AddressSanitizer: ", " \n", kind, sizeof kind)) {
        snprintf(shared->wrong, sizeof shared->wrong, ": %s ends the program (%s)", who,
                 WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "exit");
        return;
    }
    if (!find_said(text, "\nREAD of size ", " \n", access + 1, sizeof access - 1) &&
        !find_said(text, "\nWRITE of size ", " \n", access + 1, sizeof access - 1))
        access[1] = '\0';
    const char *summary = strstr(text, "SUMMARY: AddressSanitizer: ");
    if (summary && find_said(summary, kind, "\n", place, sizeof place)) {
        const char *base = strrchr(place, '/');
        memmove(place, base ? base + 1 : place + strspn(place, " "),
                strlen(base ? base + 1 : place + strspn(place, " ")) + 1);
    }
    snprintf(shared->wrong, sizeof shared->wrong, ": %s crashes: %s%s%s%s%s", who, kind,
             access[1] ? ", " : "", access[1] ? access + 1 : "", access[1] ? " bytes, " : ", ",
             place);
}

/* Lets `routine` run in a child. True if the verdict is RIGHT. */
static bool run_child(void (*routine)(const void *context), const void *context)
{
    shared->verdict = NO_VERDICT;
    shared->story_length = 0;
    shared->story[0] = '\0';
    shared->wrong[0] = '\0';
    shared->function[0] = '\0';
    shared->steps = 0;
    if (ftruncate(said, 0) != 0 || lseek(said, 0, SEEK_SET) != 0)
        abort();
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        begin_child();
        routine(context);
        shared->verdict = RIGHT;
        fflush(NULL);
        _exit(0);
    }
    if (child < 0) {
        perror("fork");
        exit(2);
    }
    int status = wait_for(child);
    if (WIFSIGNALED(status)) /* it took all that it could have */
        shared->steps += CALL_STEPS_MAX;
    if (shared->verdict == NO_VERDICT)
        explain_crash(status);
    return shared->verdict == RIGHT;
}

/* ---- one case --------------------------------------------------------------------------------- */

static const struct lab_rule *rule;

static void play(const void *context)
{
    shared->story_length = 0;
    lab_play(context, rule);
}

static bool fails(const struct lab_case *tried)
{
    return !run_child(play, tried);
}

/* ---- all cases of a rule ---------------------------------------------------------------------- */

static bool make_case(struct lab_case *made, size_t index)
{
    uint64_t random = RANDOM_SEED + index * 0x10001u + rule->points;
    random_next(&random);
    *made = (struct lab_case){.item_count = 0};
    return rule->make(made, index, &random);
}

static void play_all(const void *context)
{
    static struct lab_case made;
    (void)context;
    for (shared->index = 0; make_case(&made, shared->index); shared->index++)
        play(&made);
}

/* ---- making it smaller ------------------------------------------------------------------------ */

static size_t tries;
static uint64_t shrink_steps;

static bool still_fails(const struct lab_case *smaller)
{
    if (tries >= TRIES_MAX || shrink_steps > SHRINK_STEPS_MAX || !lab_is_legal(smaller))
        return false;
    tries++;
    bool result = fails(smaller);
    shrink_steps += shared->steps;
    return result;
}

/* Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002: pieces are left
 * out, from large ones to single items, as long as the rest still fails. */
static bool drop_items(struct lab_case *failing)
{
    static struct lab_case smaller;
    bool dropped = false;
    for (size_t piece = failing->item_count; piece > 0; piece /= 2) {
        for (size_t at = failing->item_count; at > 0;) {
            size_t begin = at > piece ? at - piece : 0;
            smaller = *failing;
            memmove(smaller.items + begin, smaller.items + at,
                    (smaller.item_count - at) * sizeof *smaller.items);
            smaller.item_count -= at - begin;
            if (still_fails(&smaller)) {
                *failing = smaller;
                dropped = true;
            }
            at = begin;
        }
    }
    return dropped;
}

static uint64_t *number_of(struct lab_case *of, size_t item, size_t number)
{
    return item == IN_HEAD ? &of->head[number] : &of->items[item].numbers[number];
}

/* Tries one value in place of another. */
static bool replace(struct lab_case *failing, size_t item, size_t number, uint64_t value)
{
    static struct lab_case smaller;
    if (*number_of(failing, item, number) == value)
        return false;
    smaller = *failing;
    *number_of(&smaller, item, number) = value;
    if (!still_fails(&smaller))
        return false;
    *failing = smaller;
    return true;
}

/* To the target at once, else half the way, else a step: again and again. */
static bool walk(struct lab_case *failing, size_t item, size_t number, struct lab_target target)
{
    bool replaced = replace(failing, item, number, target.value);
    if (replaced || !target.is_walk)
        return replaced;
    for (;;) {
        uint64_t from = *number_of(failing, item, number);
        uint64_t away = from > target.value ? from - target.value : target.value - from;
        bool is_above = from > target.value;
        uint64_t step = away;
        do {
            step /= 2;
        } while (step > 0 && !replace(failing, item, number, is_above ? from - step : from + step));
        if (step == 0)
            return replaced;
        replaced = true;
    }
}

static bool simplify_numbers(struct lab_case *failing, size_t item, size_t number_count)
{
    bool simplified = false;
    for (size_t number = 0; number < number_count; number++) {
        struct lab_target targets[2];
        size_t count = lab_targets(failing, item, number, targets);
        for (size_t i = 0; i < count; i++)
            if (walk(failing, item, number, targets[i]))
                simplified = true;
    }
    return simplified;
}

static void shrink(struct lab_case *failing)
{
    bool changed = true;
    tries = 0;
    shrink_steps = 0;
    while (changed) {
        changed = drop_items(failing);
        if (simplify_numbers(failing, IN_HEAD, HEAD_NUMBERS))
            changed = true;
        for (size_t item = 0; item < failing->item_count; item++)
            if (simplify_numbers(failing, item, ITEM_NUMBERS))
                changed = true;
    }
}

/* ---- telling ---------------------------------------------------------------------------------- */

/* The middle of a long story is left out. */
static void print_story(void)
{
    size_t length = shared->story_length;
    if (length <= STORY_SHOWN)
        printf("%s", shared->story);
    else
        printf("%.*s ... %s", STORY_SHOWN / 2, shared->story,
               shared->story + length - STORY_SHOWN / 2);
    printf("%s\n", shared->wrong);
}

/* Up to where the sanitizers' report begins. */
static void print_said(void)
{
    static char text[SAID_BYTES_MAX];
    read_said(text, sizeof text);
    size_t lines = 0;
    for (char *line = strtok(text, "\n"); line && lines < SAID_LINES_MAX;
         line = strtok(NULL, "\n")) {
        if (strncmp(line, "====", 4) == 0 || strstr(line, ": runtime error: "))
            break;
        printf("said\t%s\n", line);
        lines++;
    }
}

static void tell_failure(void)
{
    static struct lab_case failing;
    static struct shared first;
    make_case(&failing, shared->index);
    first = *shared;
    if (!fails(&failing)) {
        *shared = first;
        printf("case\tafter other cases, not alone (does lab_init start everything anew?): ");
        print_story();
        return;
    }
    shrink(&failing);
    fails(&failing);
    printf("case\t%s%s", failing.name, failing.name[0] ? ": " : "");
    print_story();
    print_said();
}

static void grade(const struct lab_rule *graded)
{
    rule = graded;
    bool is_kept = run_child(play_all, NULL);
    printf("rule\t%s\t%u\t%u\t%s\n", rule->name, is_kept ? rule->points : 0, rule->points,
           rule->sentence);
    if (!is_kept)
        tell_failure();
    fflush(stdout);
}

int main(int argument_count, char **arguments)
{
    if (argument_count != 2) {
        fprintf(stderr, "usage: grade MAPS\n");
        return 2;
    }
    maps_folder = arguments[1];
    sigset_t ended;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    sigprocmask(SIG_BLOCK, &ended, NULL);
    said = memfd_create("said", MFD_CLOEXEC);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (said < 0 || shared == MAP_FAILED) {
        perror("grade");
        return 2;
    }
    for (size_t i = 0; i < lab_rule_count; i++)
        grade(&lab_rules[i]);
    return 0;
}
