/* Puts the words of a question together, and those of the verdict on an answer. */

#include <stdarg.h>

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "mm/port.h"
#include "quiz_inside.h"

const char *quiz_tell_range(char text[QUIZ_RANGE_MAX], struct quiz_range range)
{
    unsigned first = range.first;
    unsigned last = range.end - 1u;
    if (first == last)
        format_text(text, QUIZ_RANGE_MAX, "frame %u", first);
    else
        format_text(text, QUIZ_RANGE_MAX, "frames %u to %u", first, last);
    return text;
}

const char *quiz_tell_short(char text[QUIZ_RANGE_MAX], struct quiz_range range)
{
    format_text(text, QUIZ_RANGE_MAX, quiz_length(range) > 1 ? "%u-%u" : "%u", range.first,
                range.end - 1u);
    return text;
}

const char *quiz_tell_count(char text[QUIZ_RANGE_MAX], unsigned count)
{
    format_text(text, QUIZ_RANGE_MAX, count == 1 ? "%u frame" : "%u frames", count);
    return text;
}

/* Too long a text would be a fault of the maker; the tests make each. */
static void put(char *text, size_t text_bytes, const char *format, va_list values)
{
    size_t length = format_list(text, text_bytes, format, values);
    MM_ASSERT(length < text_bytes);
}

void quiz_teach(struct quiz_maker *maker, const char *format, ...)
{
    struct quiz_question *question = maker->question;
    va_list values;
    va_start(values, format);
    put(question->text, QUIZ_TEXT_MAX - 1, format, values);
    va_end(values);
    question->asked_at = strlen(question->text) + 1;
    question->text[question->asked_at - 1] = ' ';
}

void quiz_ask(struct quiz_maker *maker, enum quiz_asked asked, const char *format, ...)
{
    struct quiz_question *question = maker->question;
    size_t at = question->asked_at;
    va_list values;
    va_start(values, format);
    put(question->text + at, QUIZ_TEXT_MAX - at, format, values);
    va_end(values);
    question->asked = asked;
}

void quiz_tell_why(struct quiz_maker *maker, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    put(maker->question->why, QUIZ_WHY_MAX, format, values);
    va_end(values);
}

/* NULL if there is no room, or one like it is there. */
static struct quiz_choice *add_choice(struct quiz_question *question, unsigned value,
                                      const char *label)
{
    for (size_t i = 0; i < question->choice_count; i++)
        if (strcmp(question->choices[i].label, label) == 0)
            return NULL;
    if (question->choice_count == QUIZ_CHOICES_MAX)
        return NULL;
    struct quiz_choice *choice = &question->choices[question->choice_count++];
    choice->value = (uint8_t)value;
    format_text(choice->label, QUIZ_LABEL_MAX, "%s", label);
    return choice;
}

void quiz_offer(struct quiz_maker *maker, unsigned value, const char *label, const char *because,
                ...)
{
    struct quiz_question *question = maker->question;
    char number[QUIZ_RANGE_MAX];
    format_text(number, sizeof number, "%u", value);
    if (!label && value == question->right)
        return;
    struct quiz_choice *choice = add_choice(question, value, label ? label : number);
    if (!choice)
        return;
    va_list values;
    va_start(values, because);
    put(choice->because, QUIZ_BECAUSE_MAX, because, values);
    va_end(values);
}

void quiz_want_number(struct quiz_maker *maker, unsigned right)
{
    maker->question->wants_number = true;
    maker->question->right = right;
}

/* ---- answers --------------------------------------------------------------------------------- */

#define LONGEST_TEXT 348u /* characters of a question */
#define LOST_COLUMNS 6u /* at the end of a line, where no word fits */

size_t quiz_text_lines(size_t columns)
{
    return LONGEST_TEXT / (columns - LOST_COLUMNS) + 1;
}

const char *quiz_tell_typed(const struct quiz_question *question, uint32_t answer,
                            char text[QUIZ_TYPED_MAX])
{
    if (question->wants_number)
        format_text(text, QUIZ_TYPED_MAX, "%u", (unsigned)answer);
    else
        format_text(text, QUIZ_TYPED_MAX, "%c", 'A' + (int)answer);
    return text;
}

const char *quiz_because(const struct quiz_question *question, uint32_t answer)
{
    for (size_t i = 0; i < question->choice_count; i++)
        if (answer == (question->wants_number ? question->choices[i].value : i))
            return question->choices[i].because;
    return "";
}

/* "4", or "B: frame 1" */
static size_t tell_answer(const struct quiz_question *question, uint32_t answer, char *text,
                          size_t room)
{
    char typed[QUIZ_TYPED_MAX];
    quiz_tell_typed(question, answer, typed);
    if (question->wants_number)
        return format_text(text, room, "%s", typed);
    return format_text(text, room, "%s: %s", typed, question->choices[answer].label);
}

void quiz_tell_verdict(const struct quiz_question *question, uint32_t answer,
                       char text[QUIZ_VERDICT_MAX])
{
    const char *because = quiz_because(question, answer);
    bool is_right = answer == question->right;
    size_t length = format_text(text, QUIZ_VERDICT_MAX, is_right ? "Right. " : "");
    if (!is_right && answer != QUIZ_NO_ANSWER)
        length = format_text(text, QUIZ_VERDICT_MAX, "Wrong. %s%s", because, *because ? " " : "");
    length += format_text(text + length, QUIZ_VERDICT_MAX - length, "The answer is ");
    length += tell_answer(question, question->right, text + length, QUIZ_VERDICT_MAX - length);
    format_text(text + length, QUIZ_VERDICT_MAX - length, ". %s (The question was: %s)",
                question->why, question->text + question->asked_at);
}
