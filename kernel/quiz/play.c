/*
 * Asks the questions, and plays what they are about. The question is in a note above the console;
 * over the serial line, and without room for notes, it is written.
 *
 * The scene is made by the manager of machine `tiny`, without a word; what the question asks about
 * is typed at the prompt, as the tour types, and its story is shown.
 */

#include "play.h"

#include "kernel/lib/format.h"
#include "kernel/lib/parse.h"
#include "kernel/lib/string.h"
#include "kernel/lib/wrap.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/input.h"
#include "kernel/pc/paging.h"
#include "kernel/screen/display.h"
#include "kernel/shell/shell.h"
#include "kernel/show/aside.h"
#include "kernel/show/dialogue.h"
#include "kernel/show/story.h"
#include "mm/port.h"

#define MACHINE "tiny"
#define NUMBERS (QUIZ_FRAMES + 1) /* that can be answered, from 0 on */
#define KEYS_MAX 64
#define COMMAND_MAX 80

#define TYPE_TICKS 3
#define READ_TICKS 500 /* where nobody answers */
#define STORY_SLOWNESS 3

#define BACKSPACE 8
#define DELETE 127
#define DIGITS_MAX 3

/* One block, with the allocator that the questions are made on. */
struct quiz {
    struct quiz_maker maker;
    struct quiz_question question;
    enum quiz_topic topic; /* QUIZ_ALL_TOPICS: all */
    uint64_t seed;
    size_t index; /* of the question */
    unsigned right_count;
    unsigned answer_count;
    bool is_wrong_topic[QUIZ_TOPIC_COUNT]; /* a wrong answer was given */
    bool is_ended;
    pfn_t first; /* frame 0 of the machine */
    struct view_note note;
    struct view_note_choice choices[NUMBERS];
    char labels[QUIZ_CHOICES_MAX][QUIZ_LABEL_MAX + 4];
    char title[64];
    char keys[KEYS_MAX];
    char text[QUIZ_VERDICT_MAX];
};

static struct quiz *quiz; /* NULL: none is going on */

/* ---- the note -------------------------------------------------------------------------------- */

static const char *const numbers[NUMBERS] = {"0", "1",  "2",  "3",  "4",  "5",  "6",  "7", "8",
                                             "9", "10", "11", "12", "13", "14", "15", "16"};
static const char *const typed[NUMBERS] = {"0\r",  "1\r",  "2\r",  "3\r",  "4\r",  "5\r",
                                           "6\r",  "7\r",  "8\r",  "9\r",  "10\r", "11\r",
                                           "12\r", "13\r", "14\r", "15\r", "16\r"};

/* Blocks have small letters, so that nobody takes an answer for one. */
static const char *const letters[QUIZ_CHOICES_MAX] = {"A", "B", "C", "D"};

/* As many for each question, so that nothing moves; the numbers are the longest choices. */
static size_t measure(size_t columns)
{
    return quiz_text_lines(columns) + view_note_choice_lines(quiz->choices, NUMBERS, columns);
}

static void show_keys(const char *keys)
{
    format_text(quiz->keys, KEYS_MAX, "%s", keys);
    display_show_note(&quiz->note);
    display_refresh();
}

static void show_text(void)
{
    aside_write_wrapped(quiz->text);
    display_show_note(&quiz->note);
}

static void offer_numbers(void)
{
    for (size_t i = 0; i < NUMBERS; i++)
        quiz->choices[i] = (struct view_note_choice){numbers[i], typed[i]};
    quiz->note.choice_count = NUMBERS;
}

static void offer_choices(const struct quiz_question *question)
{
    for (size_t i = 0; i < question->choice_count; i++) {
        const char *label = question->choices[i].label;
        format_text(quiz->labels[i], sizeof quiz->labels[i], "%s: %s", letters[i], label);
        quiz->choices[i] = (struct view_note_choice){quiz->labels[i], letters[i]};
        aside_write(quiz->labels[i]);
        aside_write("\n");
    }
    quiz->note.choice_count = question->choice_count;
}

static const char *last_letter(const struct quiz_question *question)
{
    MM_ASSERT(question->choice_count > 0);
    return letters[question->choice_count - 1];
}

static void write_question(const struct quiz_question *question)
{
    char line[200];
    size_t length = format_text(
        line, sizeof line,
        "question number=%zu of=%u topic=%s seed=%llu frames=%s answer=", quiz->index + 1,
        QUIZ_LENGTH, quiz_topic_names[question->topic], (number_t)quiz->seed, question->frames);
    if (question->wants_number)
        format_text(line + length, sizeof line - length, "number\n");
    else
        format_text(line + length, sizeof line - length, "A-%s\n", last_letter(question));
    console_write_remote("\n");
    console_write_remote(line);
}

static void show_question(const struct quiz_question *question)
{
    format_text(quiz->title, sizeof quiz->title, "Quiz %zu/%u: %s", quiz->index + 1, QUIZ_LENGTH,
                quiz_topic_names[question->topic]);
    quiz->keys[0] = '\0';
    format_text(quiz->text, QUIZ_VERDICT_MAX, "%s", question->text);
    write_question(question);
    quiz->note.choice_count = 0;
    show_text();
    if (question->wants_number)
        offer_numbers();
    else
        offer_choices(question);
}

/* ---- the scene ------------------------------------------------------------------------------- */

static bool find_block(char name, struct mm_block *block)
{
    for (phys_t cursor = 0; mm_next_block(machine_manager(), &cursor, block);)
        if (block->owner[0] == name && !block->owner[1])
            return true;
    return false;
}

static void act(const struct quiz_act *act)
{
    char name[] = {act->name, '\0'};
    struct mm_block block;
    struct mm_request request = {
        .size_bytes = act->frame_count * FRAME_BYTES, .limit = MM_NO_LIMIT, .owner = name};
    enum mm_status status = MM_OK;
    if (act->frame_count > 0)
        status = mm_alloc(machine_manager(), &request, &block);
    else if (find_block(act->name, &block))
        status = mm_free(machine_manager(), block.base);
    MM_ASSERT(status == MM_OK);
}

/* False, with a line on the log, if there is too little memory for the machine. */
static bool make_scene(const struct quiz_question *question)
{
    struct machine_stage stage;
    if (!machine_open(MACHINE))
        return false;
    if (machine_find_stage(&stage))
        quiz->first = stage.first;
    for (size_t i = 0; i < question->act_count; i++)
        act(&question->acts[i]);
    display_change_machine();
    return true;
}

/* ---- what was asked about -------------------------------------------------------------------- */

static void pause_at_character(void)
{
    if (display_marks())
        input_pause(TYPE_TICKS, shell_idle);
}

static void type(char *command)
{
    enum story_mode mode = story.mode;
    unsigned slowness = story.slowness;
    if (story.mode != STORY_STEP)
        story.mode = STORY_SHOW;
    story.slowness = STORY_SLOWNESS;
    shell_type(command, pause_at_character);
    story.slowness = slowness;
    if (story.mode == STORY_SHOW)
        story.mode = mode;
}

static void play_request(const struct quiz_question *question)
{
    struct quiz_request request = question->request;
    char command[COMMAND_MAX];
    size_t length = question->size_kib > 0
                        ? format_text(command, COMMAND_MAX, "alloc %uK", question->size_kib)
                        : format_text(command, COMMAND_MAX, "alloc %uf", request.count);
    if (request.limit < QUIZ_FRAMES)
        length += format_text(command + length, COMMAND_MAX - length, " below %uf", request.limit);
    if (request.align > 0)
        length += format_text(command + length, COMMAND_MAX - length, " align %uf", request.align);
    if (request.boundary > 0)
        length +=
            format_text(command + length, COMMAND_MAX - length, " within %uf", request.boundary);
    format_text(command + length, COMMAND_MAX - length, " as x");
    type(command);
}

static void play_frees(const struct quiz_question *question)
{
    char command[COMMAND_MAX];
    for (const char *name = question->freed; *name; name++) {
        format_text(command, COMMAND_MAX, "free %c", *name);
        type(command);
    }
}

static void play_node(const struct quiz_question *question)
{
    char command[COMMAND_MAX];
    unsigned order = 0;
    while (1 << order < question->node.end - question->node.first)
        order++;
    format_text(command, COMMAND_MAX, "at %uf %u", question->node.first, order);
    type(command);
}

/* False if there is nothing to play: the answer is told by the picture as it is. */
static bool has_truth(const struct quiz_question *question)
{
    return question->request.count > 0 || question->freed[0];
}

static void play_truth(const struct quiz_question *question)
{
    uint8_t byte;
    show_keys("");
    if (question->request.count > 0)
        play_request(question);
    if (question->freed[0]) {
        play_frees(question);
        play_node(question);
    }
    /* The key that shortened the story has done its work, and does not lead on as well. */
    if (story.has_dialogue && display_marks() && input_is_waiting())
        input_read(&byte);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static bool is_end(uint8_t byte)
{
    return dialogue_act_of(byte, shell_idle) == DIALOGUE_END;
}

static void refuse(const char *answer, const char *wanted)
{
    console_error("\"%s\" is no answer here; %s, or q to end the quiz", answer, wanted);
}

static void refuse_key(uint8_t byte, const char *wanted)
{
    char name[16];
    if (byte > ' ' && byte <= '~')
        format_text(name, sizeof name, "%c", byte);
    else
        format_text(name, sizeof name, "%s",
                    byte == '\r' || byte == '\n' ? "Enter"
                    : byte == ' '                ? "space"
                                                 : "that key");
    refuse(name, wanted);
}

/* Which keys there are, where no note shows it; the answer follows. */
static void prompt(const char *keys)
{
    aside_write(keys);
    aside_write(" ");
}

/* False: it was no answer, and that was said. */
static bool read_choice(const struct quiz_question *question, uint32_t *answer)
{
    char wanted[24];
    uint8_t byte = input_wait(shell_idle);
    uint8_t letter = byte >= 'a' && byte <= 'z' ? (uint8_t)(byte - 'a' + 'A') : byte;
    bool is_choice = letter >= 'A' && letter < 'A' + question->choice_count;
    *answer = is_choice ? (uint32_t)(letter - 'A') : QUIZ_NO_ANSWER;
    aside_write("\n");
    if (is_choice || is_end(byte))
        return true;
    format_text(wanted, sizeof wanted, "type A to %s", last_letter(question));
    refuse_key(byte, wanted);
    return false;
}

/* Edits the digits, which are shown. Returns the byte that is none of them. */
static uint8_t read_digits(char text[DIGITS_MAX + 1])
{
    size_t length = 0;
    for (;;) {
        uint8_t byte = input_wait(shell_idle);
        text[length] = '\0';
        if ((byte == BACKSPACE || byte == DELETE) && length > 0) {
            console_write("\b \b");
            length--;
        } else if (byte >= '0' && byte <= '9' && length < DIGITS_MAX) {
            console_put((char)byte);
            text[length++] = (char)byte;
        } else {
            console_put('\n');
            return byte;
        }
    }
}

/* False: it was no answer, and that was said. */
static bool read_number(uint32_t *answer)
{
    static const char wanted[] = "type a number from 0 to 16 and Enter";
    char text[DIGITS_MAX + 1];
    uint64_t number;
    uint8_t byte = read_digits(text);
    *answer = QUIZ_NO_ANSWER;
    if (is_end(byte))
        return true;
    if ((byte != '\r' && byte != '\n') || parse_number(text, &number) != PARSE_OK) {
        refuse_key(byte, wanted);
        return false;
    }
    if (number >= NUMBERS) {
        refuse(text, wanted);
        return false;
    }
    *answer = (uint32_t)number;
    return true;
}

/* A key that leads on. False: the quiz is ended. */
static bool wait_for_next(const char *keys)
{
    show_keys(story.has_dialogue ? keys : "");
    if (!story.has_dialogue) {
        input_pause(display_marks() ? READ_TICKS : 0, shell_idle);
        return true;
    }
    for (;;) {
        prompt(keys);
        uint8_t byte = input_wait(shell_idle);
        enum dialogue_act act = dialogue_act_of(byte, shell_idle);
        aside_write("\n");
        if (act == DIALOGUE_NEXT || act == DIALOGUE_END)
            return act == DIALOGUE_NEXT;
        refuse_key(byte, "press Enter");
    }
}

/* ---- answers --------------------------------------------------------------------------------- */

static uint32_t ask(const struct quiz_question *question)
{
    char keys[KEYS_MAX];
    uint32_t answer = QUIZ_NO_ANSWER;
    if (question->wants_number)
        format_text(keys, KEYS_MAX, "number, Enter: answer  q: end");
    else
        format_text(keys, KEYS_MAX, "A-%s: answer  q: end", last_letter(question));
    show_keys(story.has_dialogue ? keys : "");
    if (!story.has_dialogue) {
        input_pause(display_marks() ? READ_TICKS : 0, shell_idle);
        return QUIZ_NO_ANSWER;
    }
    do {
        prompt(keys);
    } while (!(question->wants_number ? read_number(&answer) : read_choice(question, &answer)));
    return answer;
}

static void count_answer(const struct quiz_question *question, uint32_t answer)
{
    if (answer == QUIZ_NO_ANSWER)
        return;
    quiz->answer_count++;
    if (answer == question->right)
        quiz->right_count++;
    else
        quiz->is_wrong_topic[question->topic] = true;
}

static void show_verdict(const struct quiz_question *question, uint32_t answer)
{
    char given[QUIZ_TYPED_MAX] = "none";
    char right[QUIZ_TYPED_MAX];
    if (answer != QUIZ_NO_ANSWER)
        quiz_tell_typed(question, answer, given);
    count_answer(question, answer);
    quiz_tell_verdict(question, answer, quiz->text);
    quiz->note.choice_count = 0;
    console_print("answer number=%zu given=%s answer=%s score=%u of=%u\n", quiz->index + 1, given,
                  quiz_tell_typed(question, question->right, right), quiz->right_count,
                  quiz->answer_count);
    show_text();
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* False: the quiz is ended. */
static bool play_question(const struct quiz_question *question)
{
    show_question(question);
    uint32_t answer = ask(question);
    if (answer == QUIZ_NO_ANSWER && story.has_dialogue)
        return false;
    show_verdict(question, answer);
    if (has_truth(question)) {
        if (!wait_for_next("Enter: see it  q: end"))
            return false;
        play_truth(question);
    }
    return wait_for_next(quiz->index + 1 < QUIZ_LENGTH ? "Enter: next  q: end" : "Enter: end");
}

static void play_all(void)
{
    bool goes_on = true;
    for (quiz->index = 0; goes_on && quiz->index < QUIZ_LENGTH; quiz->index++) {
        enum quiz_topic topic =
            quiz->topic == QUIZ_ALL_TOPICS ? quiz_topic_at(quiz->seed, quiz->index) : quiz->topic;
        quiz_make(&quiz->maker, topic, quiz_seed_at(quiz->seed, quiz->index), &quiz->question);
        goes_on = make_scene(&quiz->question) && play_question(&quiz->question);
    }
}

static void write_score(void)
{
    char wrong[QUIZ_TOPIC_COUNT * 12] = "none";
    size_t length = 0;
    for (size_t i = 0; i < QUIZ_TOPIC_COUNT; i++)
        if (quiz->is_wrong_topic[i])
            length += format_text(wrong + length, sizeof wrong - length, "%s%s",
                                  length > 0 ? "," : "", quiz_topic_names[i]);
    console_print("quiz end right=%u answered=%u of=%u topic=%s seed=%llu wrong=%s\n"
                  "%u of %u answers were right. The machine is again as it was before the quiz.\n",
                  quiz->right_count, quiz->answer_count, QUIZ_LENGTH,
                  quiz->topic == QUIZ_ALL_TOPICS ? "all" : quiz_topic_names[quiz->topic],
                  (number_t)quiz->seed, wrong, quiz->right_count, quiz->answer_count);
}

/* NULL, with a line on the log: there is too little memory. */
static void *take_block(struct mm_block *block)
{
    struct mm_request request = {
        .size_bytes = sizeof *quiz, .limit = paging_reach(), .owner = QUIZ_OWNER};
    void *memory;
    enum mm_status status = pool_alloc(memory_pool(), &request, MM_CACHED, block, &memory);
    if (status == MM_OK)
        return memset(memory, 0, sizeof *quiz);
    console_error("there is too little free memory for a quiz: it takes %zu bytes", sizeof *quiz);
    return NULL;
}

void quiz_play(enum quiz_topic topic, uint64_t seed)
{
    struct frame_range zoom = display_zoomed_part();
    struct mm_block block;
    const char *why;
    quiz = take_block(&block);
    if (!quiz)
        return;
    quiz->topic = topic;
    quiz->seed = seed;
    quiz->note = (struct view_note){quiz->title, quiz->keys, quiz->text, quiz->choices, 0};
    machine_set_aside();
    offer_numbers();
    display_open_notes(measure);
    play_all();
    display_close_notes();
    machine_take_back();
    display_change_machine();
    if (zoom.first < zoom.end)
        display_zoom(zoom, &why);
    write_score();
    pool_free_block(memory_pool(), block.base);
    quiz = NULL;
}
