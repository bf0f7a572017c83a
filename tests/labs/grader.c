/*
 * The judge's program. All that is compared lies in this process; the student's code runs in
 * another one, in a sandbox (student.h).
 *
 *     grade MAPS COMMAND...    COMMAND runs the student's program. Prints a line for each thing,
 *                              when it is known; fields are separated by tabs:
 *         rule NAME POINTS MAX SENTENCE
 *         case TEXT       the smallest failing case, and what is wrong
 *         said TEXT       a line that the student's code printed there
 *         end             of the rule
 *         foul TEXT       the code did what is no mistake; nothing follows
 */

#include "grader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/lib/random.h"
#include "shrink.h"
#include "student.h"

#define STORY_MAX 16384
#define STORY_SHOWN 700 /* characters of it, in the end */
#define WRONG_MAX 512
#define SAID_LINES_MAX 12
#define RULES_MAX 16

/* How a play went. */
struct result {
    enum outcome outcome;
    char story[STORY_MAX];
    char wrong[WRONG_MAX];
};

static const struct lab_rule *rule;
static struct result now; /* of the play that runs, or ran last */
static size_t story_length;
static size_t case_index; /* of the case that is being played */
static jmp_buf end_of_play;
static const char *maps_folder;

/* ---- what a play calls ----------------------------------------------------------------------- */

const char *grader_maps(void)
{
    return maps_folder;
}

void grader_note(const char *format, ...)
{
    va_list arguments;
    size_t room = STORY_MAX - story_length;
    va_start(arguments, format);
    int length = vsnprintf(now.story + story_length, room, format, arguments);
    va_end(arguments);
    story_length += (size_t)length < room ? (size_t)length : room - 1;
}

_Noreturn static void end_play(enum outcome outcome, const char *format, va_list arguments)
{
    vsnprintf(now.wrong, sizeof now.wrong, format, arguments);
    now.outcome = outcome;
    longjmp(end_of_play, 1);
}

void grader_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    end_play(OUTCOME_WRONG, format, arguments);
}

void grader_end(enum outcome outcome, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    end_play(outcome, format, arguments);
}

/* ---- plays ----------------------------------------------------------------------------------- */

static void begin_story(void)
{
    story_length = 0;
    now.story[0] = '\0';
}

/* A foul ends everything: such a file is graded no further. */
static void check_foul(void)
{
    if (now.outcome != OUTCOME_FOUL)
        return;
    printf("foul\t%s\n", now.wrong);
    exit(0);
}

/* Lets `routine` play in a new process of the student's. True if nothing was wrong. */
static bool run(void (*routine)(const void *context), const void *context)
{
    begin_story();
    now.outcome = OUTCOME_RIGHT;
    now.wrong[0] = '\0';
    if (!student_begin(STUDENT_MILLISECONDS))
        exit(2);
    if (setjmp(end_of_play) == 0)
        routine(context);
    student_end();
    check_foul();
    return now.outcome == OUTCOME_RIGHT;
}

static void play(const void *context)
{
    begin_story();
    lab_play(context, rule);
}

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
    for (case_index = 0; make_case(&made, case_index); case_index++)
        play(&made);
}

/* Smaller cases are wanted of a failure that comes soon: none that ends by running out of time. */
static bool is_late;

static bool still_fails(const struct lab_case *tried, uint64_t *steps)
{
    if (is_late)
        return false;
    bool fails = !run(play, tried);
    *steps = student_steps();
    is_late = now.outcome == OUTCOME_LATE;
    return fails && !is_late;
}

/* ---- telling --------------------------------------------------------------------------------- */

/* Failures so far, to tell one cause once. */
static struct {
    const char *rule;
    struct result result;
} causes[RULES_MAX];
static size_t cause_count;

/* A crash is the same wherever it comes from; a wrong answer, if the story is. */
static const char *find_cause(void)
{
    for (size_t i = 0; i < cause_count; i++) {
        const struct result *known = &causes[i].result;
        if (known->outcome == now.outcome && strcmp(known->wrong, now.wrong) == 0 &&
            (now.outcome != OUTCOME_WRONG || strcmp(known->story, now.story) == 0))
            return causes[i].rule;
    }
    return NULL;
}

/* The middle of a long story is left out. */
static void print_story(const char *before)
{
    size_t length = strlen(now.story);
    if (length <= STORY_SHOWN)
        printf("case\t%s%s%s\n", before, now.story, now.wrong);
    else
        printf("case\t%s%.*s ... %s%s\n", before, STORY_SHOWN / 2, now.story,
               now.story + length - STORY_SHOWN / 2, now.wrong);
}

/* Up to where the sanitizers' report begins. */
static void print_said(void)
{
    static char text[STUDENT_SAID_MAX];
    size_t lines = 0;
    snprintf(text, sizeof text, "%s", student_said());
    for (char *line = strtok(text, "\n"); line && lines < SAID_LINES_MAX;
         line = strtok(NULL, "\n")) {
        if (strncmp(line, "====", 4) == 0 || strstr(line, ": runtime error: "))
            break;
        printf("said\t%s\n", line);
        lines++;
    }
}

static bool tell_known(void)
{
    const char *known = find_cause();
    const char *wrong = now.wrong + (strncmp(now.wrong, ": ", 2) == 0 ? 2 : 0);
    if (!known)
        return false;
    if (now.outcome == OUTCOME_WRONG)
        printf("case\tthe same cause as above, see %s\n", known);
    else
        printf("case\tthe same cause as above, see %s: %s\n", known, wrong);
    return true;
}

static void tell_new(const char *before)
{
    if (tell_known())
        return;
    print_story(before);
    print_said();
    if (cause_count < RULES_MAX) {
        causes[cause_count].rule = rule->name;
        causes[cause_count++].result = now;
    }
}

/* Plays the case once more, and smaller ones. */
static void tell_smallest(void)
{
    static struct lab_case failing;
    static struct result first;
    char before[sizeof failing.name + 2];
    make_case(&failing, case_index);
    first = now;
    if (run(play, &failing)) {
        now = first;
        tell_new("after other cases, not alone (does lab_init start everything anew?): ");
        return;
    }
    is_late = now.outcome == OUTCOME_LATE;
    if (!is_late) {
        shrink_case(&failing, still_fails);
        run(play, &failing);
    }
    snprintf(before, sizeof before, "%s%s", failing.name, failing.name[0] ? ": " : "");
    tell_new(before);
}

static void grade(const struct lab_rule *graded)
{
    rule = graded;
    bool is_kept = run(play_all, NULL);
    printf("rule\t%s\t%u\t%u\t%s\n", rule->name, is_kept ? rule->points : 0, rule->points,
           rule->sentence);
    if (!is_kept && now.outcome == OUTCOME_LATE)
        tell_new("");
    else if (!is_kept && (now.outcome == OUTCOME_WRONG || !tell_known()))
        tell_smallest();
    printf("end\n");
    fflush(stdout);
}

int main(int argument_count, char **arguments)
{
    if (argument_count < 3) {
        fprintf(stderr, "usage: grade MAPS COMMAND...\n");
        return 2;
    }
    maps_folder = arguments[1];
    student_prepare(arguments + 2);
    for (size_t i = 0; i < lab_rule_count; i++)
        grade(&lab_rules[i]);
    return 0;
}
