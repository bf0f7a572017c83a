/*
 * The quiz's answers, held against other programs than the one that made the questions: the rule
 * (rule.c) and the model replay what happened, and everything else is counted frame by frame.
 */

#include "kernel/quiz/quiz.h"

#include "arena.h"
#include "fake_port.h"
#include "kernel/lib/wrap.h"
#include "kernel/view/view_note.h"
#include "rule.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEDS 10000

static struct arena arena; /* the allocator, beside the model */
static struct rule rule;
static struct quiz_maker maker;
static struct quiz_question question;
static char owners[QUIZ_FRAMES + 1]; /* what replaying leads to, and what is asked, too */
static bool was_used[QUIZ_FRAMES]; /* ever */
static uint64_t seed;

/* Fails, and says of which question. */
static void wrong(const char *format, ...)
{
    char text[200];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    fail_msg("%s, seed %llu, [%s] %s: %s", quiz_topic_names[question.topic],
             (unsigned long long)seed, question.frames, question.text, text);
}

/* ---- what happened --------------------------------------------------------------------------- */

static void open_machine(void)
{
    enum mm_status status;
    arena_open(&arena);
    assert_null(arena_add(&arena, (struct frame_range){0, QUIZ_FRAMES}, &status));
    rule_init(&rule);
    rule_add_range(&rule, (struct frame_range){0, QUIZ_FRAMES});
    rule_move_index(&rule, &arena.buddy.index);
    memset(owners, '.', QUIZ_FRAMES);
    memset(was_used, 0, sizeof was_used);
}

/* By the rule; the allocator does the same, and the model agrees. QUIZ_FRAMES: refused. */
static pfn_t take(char name, struct quiz_request wanted)
{
    struct buddy_request in_full = {.frame_count = wanted.count,
                                    .align_frames = wanted.align,
                                    .limit = wanted.limit,
                                    .boundary_frames = wanted.boundary};
    const struct buddy_request *request = &in_full;
    pfn_t first = QUIZ_FRAMES;
    pfn_t answer = QUIZ_FRAMES;
    enum mm_status status;
    bool has_place = rule_alloc(&rule, request, &first);
    const char *broken = arena_alloc(&arena, request, &status, &answer);
    if (broken || (status == MM_OK) != has_place || (has_place && first != answer))
        wrong("the allocator, the model and the rule differ: %s", broken ? broken : "");
    if (!has_place)
        return QUIZ_FRAMES;
    memset(owners + first, name, wanted.count);
    memset(was_used + first, true, wanted.count);
    return first;
}

static void give(char name)
{
    pfn_t first = (pfn_t)(strchr(owners, name) - owners);
    enum mm_status status;
    pfn_t count;
    rule_free(&rule, first);
    if (arena_free(&arena, first, &status, &count) || status != MM_OK)
        wrong("block %c was not freed", name);
    for (pfn_t i = first; i < first + count; i++)
        owners[i] = '.';
}

static void replay(void)
{
    for (size_t i = 0; i < question.act_count; i++) {
        const struct quiz_act *act = &question.acts[i];
        struct quiz_request request = {.count = act->frame_count, .limit = QUIZ_FRAMES};
        if (act->frame_count == 0)
            give(act->name);
        else if (take(act->name, request) == QUIZ_FRAMES)
            wrong("there is no room for block %c", act->name);
    }
    if (strcmp(owners, question.frames) != 0)
        wrong("it should be [%s]", owners);
}

/* ---- frame by frame -------------------------------------------------------------------------- */

static bool is_free(unsigned first, unsigned count)
{
    bool all = first + count <= QUIZ_FRAMES;
    for (unsigned i = first; all && i < first + count; i++)
        all = owners[i] == '.';
    return all;
}

static unsigned count_in(unsigned first, unsigned end, char owner)
{
    unsigned count = 0;
    for (unsigned i = first; i < end; i++)
        count += owners[i] == owner;
    return count;
}

/* The longest free run in [first, end), by trying all. */
static unsigned longest_in(unsigned first, unsigned end)
{
    unsigned longest = 0;
    for (unsigned at = first; at < end; at++)
        for (unsigned count = 1; at + count <= end; count++)
            if (is_free(at, count) && count > longest)
                longest = count;
    return longest;
}

static unsigned largest_order(void)
{
    unsigned largest = 0;
    for (unsigned order = 0; order <= 4; order++)
        for (unsigned first = 0; first < QUIZ_FRAMES; first += 1u << order)
            if (is_free(first, 1u << order))
                largest = order;
    return largest;
}

static unsigned rounded(unsigned count)
{
    static const unsigned powers[] = {0, 1, 2, 4, 4, 8, 8, 8, 8, 16, 16, 16, 16, 16, 16, 16, 16};
    return powers[count];
}

/* True if a block may lie there, by the request's conditions and by what is free. */
static bool may_be_at(unsigned first)
{
    struct quiz_request request = question.request;
    unsigned count = request.count;
    if (!is_free(first, count) || first + count > request.limit ||
        (request.align && first % request.align != 0))
        return false;
    for (unsigned i = first + 1; request.boundary && i < first + count; i++)
        if (i % request.boundary == 0)
            return false;
    return true;
}

/* ---- what is right --------------------------------------------------------------------------- */

static unsigned right_place(void)
{
    unsigned count = 0;
    for (unsigned first = 0; first < QUIZ_FRAMES; first++)
        count += may_be_at(first);
    pfn_t first = take('x', question.request);
    if (question.topic != QUIZ_PLACE && count != 1)
        wrong("%u places would do", count);
    return (unsigned)first;
}

static unsigned right_loss(void)
{
    unsigned loss = 0;
    for (char name = 'a'; name <= 'h'; name++) {
        unsigned count = count_in(0, QUIZ_FRAMES, name);
        loss += rounded(count) - count;
    }
    return loss;
}

static unsigned head_in(unsigned first, unsigned end)
{
    unsigned head = 0;
    while (first + head < end && owners[first + head] == '.')
        head++;
    return head;
}

static unsigned tail_in(unsigned first, unsigned end)
{
    unsigned tail = 0;
    while (end - tail > first && owners[end - tail - 1] == '.')
        tail++;
    return tail;
}

static unsigned right_value(void)
{
    unsigned count = question.request.count;
    unsigned longest = longest_in(0, question.request.limit);
    unsigned first = (unsigned)question.node.first;
    unsigned end = (unsigned)question.node.end;
    for (const char *name = question.freed; *name; name++)
        give(*name);
    switch (question.asked) {
    case QUIZ_ASKS_PLACE:
        return right_place();
    case QUIZ_ASKS_ORDER:
        return largest_order();
    case QUIZ_ASKS_TAKEN:
        return (question.size_kib * 1024 + 4095) / 4096;
    case QUIZ_ASKS_FREE:
        assert_true(take('x', question.request) < QUIZ_FRAMES);
        return count_in(0, QUIZ_FRAMES, '.');
    case QUIZ_ASKS_LARGEST:
        return longest;
    case QUIZ_ASKS_FIT:
        return take('x', question.request) < QUIZ_FRAMES ? 0 : longest;
    case QUIZ_ASKS_HEAD:
        return head_in(first, end);
    case QUIZ_ASKS_LONGEST:
        return longest_in(first, end);
    case QUIZ_ASKS_TAIL:
        return tail_in(first, end);
    case QUIZ_ASKS_LOSS:
        return right_loss();
    case QUIZ_ASKS_SERVERS:
        return (longest >= count) + (1u << largest_order() >= rounded(count));
    case QUIZ_ASKS_REST: /* told by its label */
        break;
    }
    return 0;
}

/* The largest aligned free blocks in the node, as a label has them: "0-7, 8-9 and 10". */
static void tell_rest(char *label)
{
    unsigned pieces[16];
    size_t count = 0;
    take('x', question.request);
    for (unsigned at = (unsigned)question.node.first; at < question.node.end;) {
        unsigned size = 16;
        while (size > 1 && (at % size != 0 || !is_free(at, size)))
            size /= 2;
        if (owners[at] == '.')
            pieces[count++] = at << 8 | (at + size - 1);
        at += size;
    }
    label[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        unsigned first = pieces[i] >> 8;
        unsigned last = pieces[i] & 255;
        const char *before = i == 0 ? "" : i + 1 == count ? " and " : ", ";
        label += sprintf(label, first == last ? "%s%u" : "%s%u-%u", before, first, last);
    }
}

/* ---- the question ---------------------------------------------------------------------------- */

static void expect_label(const struct quiz_choice *choice)
{
    static const char *const servers[] = {"neither", "only this allocator", "both",
                                          "only the textbook's"};
    char label[QUIZ_LABEL_MAX];
    unsigned value = choice->value;
    if (question.asked == QUIZ_ASKS_REST)
        return;
    if (question.asked == QUIZ_ASKS_PLACE)
        sprintf(label, "frame %u", value);
    else if (question.asked == QUIZ_ASKS_ORDER)
        sprintf(label, "order %u, %u frame%s", value, 1u << value, value ? "s" : "");
    else if (question.asked == QUIZ_ASKS_FIT && value == 0)
        strcpy(label, "it fits");
    else if (question.asked == QUIZ_ASKS_FIT)
        sprintf(label, "no, %u at most", value);
    else
        strcpy(label, servers[value]);
    if (strcmp(label, choice->label) != 0)
        wrong("\"%s\" stands for %u", choice->label, value);
}

static void expect_sentence(const char *text, const char *ends)
{
    size_t length = strlen(text);
    if (length == 0 || !strchr(ends, text[length - 1]) || strstr(text, " 1 frames") ||
        strstr(text, "  ") || strspn(text, " ") > 0)
        wrong("no sentence: \"%s\"", text);
}

/* Just one choice is right, and each wrong one has a reason. */
static void expect_choices(unsigned value, const char *label)
{
    assert_in_range(question.choice_count, 3, QUIZ_CHOICES_MAX);
    for (unsigned i = 0; i < question.choice_count; i++) {
        const struct quiz_choice *choice = &question.choices[i];
        bool is_right = label ? strcmp(choice->label, label) == 0 : choice->value == value;
        expect_label(choice);
        if (is_right != (i == question.right))
            wrong("\"%s\" is %s", choice->label, is_right ? "right" : "wrong");
        if (is_right != (choice->because[0] == '\0'))
            wrong("\"%s\" because \"%s\"", choice->label, choice->because);
        if (!is_right)
            expect_sentence(choice->because, ".");
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(choice->label, question.choices[j].label);
    }
}

static void expect_number(unsigned value)
{
    if (question.right != value)
        wrong("%u was said, %u is right", question.right, value);
    for (unsigned i = 0; i < question.choice_count; i++) {
        assert_int_not_equal(question.choices[i].value, value);
        expect_sentence(question.choices[i].because, ".");
    }
    assert_string_equal(quiz_because(&question, value), "");
}

/* Text and choices fit into the lines that the note has for them, on any screen. */
static void expect_lines(void)
{
    static const size_t columns[] = {76, 78, 100, 123, 155, 240};
    struct view_note_choice choices[QUIZ_FRAMES + 1];
    char labels[QUIZ_CHOICES_MAX][QUIZ_LABEL_MAX + 4];
    char verdict[QUIZ_VERDICT_MAX];
    for (size_t i = 0; i < question.choice_count; i++)
        sprintf(labels[i], "%c: %s", 'A' + (int)i, question.choices[i].label);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        size_t text_lines = quiz_text_lines(columns[i]);
        for (size_t number = 0; number <= QUIZ_FRAMES; number++)
            choices[number].label = number < 10 ? "1" : "12";
        size_t number_lines = view_note_choice_lines(choices, QUIZ_FRAMES + 1, columns[i]);
        for (size_t at = 0; at < question.choice_count; at++)
            choices[at].label = labels[at];
        if (wrap_count(question.text, columns[i]) > text_lines ||
            (!question.wants_number &&
             view_note_choice_lines(choices, question.choice_count, columns[i]) > number_lines))
            wrong("no room in %zu columns", columns[i]);
        for (uint32_t answer = 0; answer <= 4; answer++) {
            quiz_tell_verdict(&question, answer == 4 ? QUIZ_NO_ANSWER : answer, verdict);
            if (wrap_count(verdict, columns[i]) > text_lines + number_lines)
                wrong("no room in %zu columns: %s", columns[i], verdict);
        }
    }
}

/* The sentence holds that number, not as a part of a longer one. */
static bool tells_number(const char *text, unsigned number)
{
    while (*text) {
        char *end;
        if (*text < '0' || *text > '9')
            text++;
        else if (strtoul(text, &end, 10) == number)
            return true;
        else
            text = end;
    }
    return false;
}

/* The question, without the rule before it, holds all that the answer depends on. */
static void expect_whole(void)
{
    const char *asked = question.text + question.asked_at;
    struct quiz_request request = question.request;
    unsigned kib = question.size_kib;
    bool asks_largest = question.asked == QUIZ_ASKS_LARGEST; /* the count is the answer */
    bool is_told = asks_largest || kib > 0 || !request.count || tells_number(asked, request.count);
    is_told &= kib == 0 || tells_number(asked, kib);
    is_told &= request.limit == QUIZ_FRAMES || !request.count || tells_number(asked, request.limit);
    is_told &= !request.align || tells_number(asked, request.align);
    is_told &= !request.boundary || tells_number(asked, request.boundary);
    for (const char *name = question.freed; *name; name++)
        is_told = is_told && strchr(asked, *name);
    if (!is_told || strlen(asked) < 30 || asked[0] < 'A' || asked[0] > 'Z')
        wrong("not whole: %s", asked);
}

static void expect_verdicts(void)
{
    char verdict[QUIZ_VERDICT_MAX];
    char asked[QUIZ_TEXT_MAX + 32];
    char told[64];
    char typed[QUIZ_TYPED_MAX];
    expect_whole();
    sprintf(asked, " (The question was: %s)", question.text + question.asked_at);
    sprintf(told, "The answer is %s", quiz_tell_typed(&question, question.right, typed));
    if (!question.wants_number) {
        assert_true(strlen(typed) == 1 && typed[0] == 'A' + (int)question.right);
        sprintf(told + strlen(told), ": %s", question.choices[question.right].label);
    }
    strcat(told, ". ");
    for (uint32_t answer = 0; answer <= QUIZ_FRAMES; answer++) {
        if (!question.wants_number && answer >= question.choice_count)
            continue;
        quiz_tell_verdict(&question, answer, verdict);
        expect_sentence(verdict, ")");
        const char *repeated = strstr(verdict, " (The question was: ");
        if (!repeated || strcmp(repeated, asked) != 0 || !strstr(verdict, told))
            wrong("question or answer is not repeated: %s", verdict);
        if ((answer == question.right) != (strncmp(verdict, "Right. ", 7) == 0) ||
            (answer != question.right) != (strncmp(verdict, "Wrong. ", 7) == 0) ||
            !strstr(verdict, question.why) || !strstr(verdict, quiz_because(&question, answer)))
            wrong("the verdict on %u is: %s", (unsigned)answer, verdict);
    }
}

/* Free frames are there to be asked about, and a wrong answer tempts, with a reason against it. */
static void expect_choice(void)
{
    unsigned free_count = count_in(0, QUIZ_FRAMES, '.');
    if (question.wants_number && question.choice_count == 0)
        wrong("no wrong number tempts");
    if (!question.freed[0] && question.asked != QUIZ_ASKS_LOSS && free_count == 0)
        wrong("no frame is free");
    if (question.request.count > free_count)
        wrong("only %u frames are free", free_count);
}

/* "8, 10-11": the free runs in that place, or "none". */
static void tell_parts(char *text, enum rule_holder holder)
{
    size_t length = 0;
    strcpy(text, "none");
    for (size_t i = 0; i < rule.part_count; i++) {
        const struct rule_part *part = &rule.parts[i];
        unsigned first = (unsigned)part->first;
        unsigned last = (unsigned)part->end - 1;
        if (part->holder == holder)
            length += (size_t)sprintf(text + length, first == last ? "%s%u" : "%s%u-%u",
                                      length > 0 ? ", " : "", first, last);
    }
}

/* The question tells the free runs apart, which the picture does not. */
static void expect_told_apart(void)
{
    char last[48];
    char before[48];
    char unused[48];
    char told[240];
    tell_parts(last, RULE_LAST);
    tell_parts(before, RULE_LISTED);
    tell_parts(unused, RULE_CUT);
    sprintf(told, "Freed last: %s. Freed before, in a list: %s. Never used, set aside: %s. ", last,
            before, unused);
    if (strncmp(question.text, told, strlen(told)) != 0)
        wrong("it should be %s", told);
}

/*
 * Where a block goes can be told from the picture and the sentences: each free run is in one place
 * only, and what is set aside was never used.
 */
static void expect_plain(void)
{
    for (size_t i = 0; i < rule.part_count; i++) {
        const struct rule_part *part = &rule.parts[i];
        bool touches = i > 0 && rule.parts[i - 1].holder != RULE_BLOCK;
        if (part->holder == RULE_BLOCK)
            continue;
        if (touches || part->holder == RULE_TREE)
            wrong("the free run at %u is in two places", (unsigned)part->first);
        for (pfn_t frame = part->first; part->holder == RULE_CUT && frame < part->end; frame++)
            if (was_used[frame])
                wrong("frame %u was in use", (unsigned)frame);
    }
}

/* ---- how often an answer is right ------------------------------------------------------------ */

#define ANSWERS_MAX 1000

struct answer {
    enum quiz_asked asked;
    char text[QUIZ_LABEL_MAX]; /* the label or the number */
    unsigned count;
};

static struct answer answers[ANSWERS_MAX];
static unsigned asked_counts[QUIZ_ASKS_SERVERS + 1];

static void count_answer(void)
{
    struct answer *answer = answers;
    char number[QUIZ_TYPED_MAX];
    const char *text = question.wants_number ? quiz_tell_typed(&question, question.right, number)
                                             : question.choices[question.right].label;
    asked_counts[question.asked]++;
    while (answer->count > 0 &&
           (answer->asked != question.asked || strcmp(answer->text, text) != 0))
        answer++;
    assert_true(answer < answers + ANSWERS_MAX - 1);
    answer->asked = question.asked;
    answer->count++;
    strcpy(answer->text, text);
}

/* Nobody who always says the same is right too often, whatever is asked. */
static void expect_answers_vary(void)
{
    for (const struct answer *answer = answers; answer->count > 0; answer++)
        if (answer->count * 5 > asked_counts[answer->asked] * 3)
            fail_msg("%u of %u answers are \"%s\"", answer->count, asked_counts[answer->asked],
                     answer->text);
    for (size_t i = 0; i <= QUIZ_ASKS_SERVERS; i++)
        assert_true(asked_counts[i] > 100);
}

static void check_question(enum quiz_topic topic)
{
    char label[QUIZ_LABEL_MAX * 2];
    quiz_make(&maker, topic, seed, &question);
    assert_int_equal(question.topic, topic);
    open_machine();
    replay();
    if (topic == QUIZ_PLACE) {
        expect_plain();
        expect_told_apart();
    }
    expect_choice();
    expect_sentence(question.text, "?");
    expect_sentence(question.why, ".");
    if (question.asked == QUIZ_ASKS_REST) {
        tell_rest(label);
        expect_choices(0, label);
    } else if (question.wants_number) {
        expect_number(right_value());
    } else {
        expect_choices(right_value(), NULL);
    }
    expect_verdicts();
    expect_lines();
    count_answer();
    arena_close(&arena);
}

/* Two questions of each seed, so that each topic has a fifth of the seeds. */
static void answers_are_right(void **state)
{
    (void)state;
    for (seed = 0; seed < SEEDS; seed++) {
        check_question((enum quiz_topic)(seed % QUIZ_TOPIC_COUNT));
        check_question((enum quiz_topic)((seed + 5) % QUIZ_TOPIC_COUNT));
    }
    expect_answers_vary();
}

/* ---- a quiz ---------------------------------------------------------------------------------- */

static void each_topic_comes_once_in_ten(void **state)
{
    (void)state;
    for (seed = 0; seed < 1000; seed++) {
        unsigned seen = 0;
        for (size_t i = 0; i < QUIZ_TOPIC_COUNT; i++)
            seen |= 1u << quiz_topic_at(seed, i);
        assert_int_equal(seen, (1u << QUIZ_TOPIC_COUNT) - 1);
    }
}

/* The same seed, the same question; another seed or another place in the quiz, another one. */
static void seeds_make_questions(void **state)
{
    static struct quiz_question other;
    unsigned same = 0;
    (void)state;
    for (seed = 0; seed < 200; seed++) {
        enum quiz_topic topic = (enum quiz_topic)(seed % QUIZ_TOPIC_COUNT);
        quiz_make(&maker, topic, quiz_seed_at(seed, 3), &question);
        memset(&maker, 0xA5, sizeof maker);
        memset(&other, 0xA5, sizeof other);
        quiz_make(&maker, topic, quiz_seed_at(seed, 3), &other);
        assert_string_equal(question.text, other.text);
        assert_string_equal(question.frames, other.frames);
        assert_string_equal(question.why, other.why);
        assert_int_equal(question.right, other.right);
        quiz_make(&maker, topic, quiz_seed_at(seed + 1, 3), &other);
        same += strcmp(question.frames, other.frames) == 0;
        quiz_make(&maker, topic, quiz_seed_at(seed, 4), &other);
        same += strcmp(question.frames, other.frames) == 0;
    }
    assert_in_range(same, 0, 8);
}

/* Nobody who always presses the same key, or never looks, gets many right. */
static void no_answer_is_right_too_often(void **state)
{
    (void)state;
    for (int topic = 0; topic < QUIZ_TOPIC_COUNT; topic++) {
        unsigned counts[QUIZ_FRAMES + 1] = {0};
        for (seed = 0; seed < 500; seed++) {
            quiz_make(&maker, (enum quiz_topic)topic, seed, &question);
            assert_in_range(question.right, 0, QUIZ_FRAMES);
            counts[question.right]++;
        }
        for (size_t i = 0; i <= QUIZ_FRAMES; i++)
            if (counts[i] > 250)
                fail_msg("%s: %u of 500 answers are %zu", quiz_topic_names[topic], counts[i], i);
    }
}

/* All that may be asked is asked, and blocks go to each kind of place. */
static void questions_vary(void **state)
{
    static const char *const places[] = {"The run freed last, ", "shortest that is", "never used"};
    unsigned asked[QUIZ_ASKS_SERVERS + 1] = {0};
    unsigned placed[3] = {0};
    (void)state;
    for (seed = 0; seed < 2000; seed++) {
        quiz_make(&maker, (enum quiz_topic)(seed % QUIZ_TOPIC_COUNT), seed, &question);
        asked[question.asked]++;
        for (size_t i = 0; i < 3; i++)
            if (question.topic == QUIZ_PLACE && strstr(question.why, places[i]))
                placed[i]++;
    }
    for (size_t i = 0; i <= QUIZ_ASKS_SERVERS; i++)
        assert_in_range(asked[i], 40, 600);
    for (size_t i = 0; i < 3; i++)
        assert_in_range(placed[i], 15, 150);
}

/* On the machine that the quiz opens, the blocks lie as on the maker's. */
static void other_machine_is_the_same(void **state)
{
    (void)state;
    static struct mm mm;
    static uint64_t records[MM_FIRST_RECORDS_BYTES / 8];
    static uint64_t tables[256];
    struct frame_range range = {0x400, 0x400 + QUIZ_FRAMES};
    for (seed = 0; seed < 500; seed++) {
        struct mm_block blocks[8];
        quiz_make(&maker, QUIZ_PLACE, seed, &question);
        mm_init(&mm, fake_port_source, records, sizeof records);
        assert_true(buddy_table_bytes(range) <= sizeof tables);
        memset(tables, 0, sizeof tables);
        assert_int_equal(mm_add_range(&mm, range, tables), MM_OK);
        memset(owners, '.', QUIZ_FRAMES);
        for (size_t i = 0; i < question.act_count; i++) {
            const struct quiz_act *act = &question.acts[i];
            struct mm_block *block = &blocks[act->name - 'a'];
            struct mm_request request = {
                .size_bytes = act->frame_count * FRAME_BYTES, .limit = MM_NO_LIMIT, .owner = "x"};
            if (act->frame_count > 0)
                assert_int_equal(mm_alloc(&mm, &request, block), MM_OK);
            else
                assert_int_equal(mm_free(&mm, block->base), MM_OK);
            memset(owners + (block->base >> FRAME_SHIFT) - range.first,
                   act->frame_count > 0 ? act->name : '.', block->size_bytes >> FRAME_SHIFT);
        }
        assert_string_equal(owners, question.frames);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_right),    cmocka_unit_test(each_topic_comes_once_in_ten),
        cmocka_unit_test(seeds_make_questions), cmocka_unit_test(no_answer_is_right_too_often),
        cmocka_unit_test(questions_vary),       cmocka_unit_test(other_machine_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
