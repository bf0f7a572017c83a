/*
 * A line of input as the person at the terminal sees it. A terminal of one row applies what the
 * line echoes; after every key the row must show the part of the text that it should, with the
 * cursor where it should be.
 *
 *   column   0                                66
 *            |s h o w n   p a r t . . . . . . .|      66 characters, and the cursor
 */

#include "kernel/lib/line.h"

#include <stdio.h>
#include <string.h>

#include "kernel/lib/random.h"
#include "test.h"

#define UP "\x1B[A"
#define DOWN "\x1B[B"
#define RIGHT "\x1B[C"
#define LEFT "\x1B[D"
#define HOME "\x1B[H"
#define END "\x1B[F"
#define DELETE "\x1B[3~"
#define CTRL_A "\x01"
#define CTRL_B "\x02"
#define CTRL_C "\x03"
#define CTRL_D "\x04"
#define CTRL_E "\x05"
#define CTRL_F "\x06"
#define CTRL_K "\x0B"
#define CTRL_N "\x0E"
#define CTRL_P "\x10"
#define CTRL_U "\x15"
#define CTRL_W "\x17"
#define BACKSPACE "\x7F"

static struct line line;

/* ---- the terminal --------------------------------------------------------------------------- */

static char row[LINE_SHOWN_MAX];
static size_t column;
static size_t row_count; /* rows finished */

static void clear_row(void)
{
    memset(row, ' ', LINE_SHOWN_MAX);
    column = 0;
}

/* Leaving the part of the row that is the line's would overwrite the prompt, or wrap. */
static void echo(char character)
{
    if (character == '\n') {
        row_count++;
        clear_row();
    } else if (character == '\b') {
        assert_true(column > 0);
        column--;
    } else {
        assert_true(character >= ' ' && character <= '~');
        assert_true(column < LINE_SHOWN_MAX);
        row[column++] = character;
    }
}

static int start(void **state)
{
    (void)state;
    row_count = 0;
    clear_row();
    line_init(&line, echo);
    line_begin(&line);
    return 0;
}

/*
 * Where the shown part must begin: the cursor is in it, and no place is wasted while text is
 * hidden.
 */
static void expect_window(void)
{
    assert_true(line.window <= line.cursor && line.cursor - line.window <= LINE_SHOWN_MAX);
    if (line.length <= LINE_SHOWN_MAX)
        assert_int_equal(line.window, 0);
    else
        assert_true(line.length - line.window >= LINE_SHOWN_MAX);
}

static void expect_terminal(const char *text, size_t cursor)
{
    size_t length = strlen(text);
    assert_string_equal(line.text, text);
    assert_int_equal(line.length, length);
    assert_int_equal(line.cursor, cursor);
    expect_window();
    assert_int_equal(column, cursor - line.window);
    for (size_t i = 0; i < LINE_SHOWN_MAX; i++)
        assert_int_equal(row[i], line.window + i < length ? text[line.window + i] : ' ');
}

/* In an empty line, keys that move the cursor may be told to others. */
static void put(char key)
{
    enum line_event event = line_put(&line, (uint8_t)key);
    if (event != LINE_OTHER_KEY || line.length > 0)
        assert_int_equal(event, LINE_EDITING);
}

static void type(const char *keys)
{
    for (; *keys; keys++)
        put(*keys);
}

static void type_times(char key, size_t count)
{
    while (count-- > 0)
        put(key);
}

static void enter(const char *keys)
{
    type(keys);
    assert_int_equal(line_put(&line, '\r'), LINE_DONE);
    line_begin(&line);
}

/* ---- editing -------------------------------------------------------------------------------- */

static void typed_text_appears(void **state)
{
    (void)state;
    expect_terminal("", 0);
    type("alloc 3M ~");
    expect_terminal("alloc 3M ~", 10);
}

static void text_is_inserted_at_the_cursor(void **state)
{
    (void)state;
    type("aloc" LEFT LEFT "l");
    expect_terminal("alloc", 3);
    type(HOME "x" END "y");
    expect_terminal("xallocy", 7);
}

static void every_moving_key_moves(void **state)
{
    static const struct {
        const char *keys;
        size_t cursor;
    } cases[] = {
        {LEFT, 2},      {CTRL_B, 2},      {HOME, 0},           {CTRL_A, 0},
        {"\x1B[1~", 0}, {"\x1B[7~", 0},   {HOME RIGHT, 1},     {HOME CTRL_F, 1},
        {HOME END, 3},  {HOME CTRL_E, 3}, {HOME "\x1B[4~", 3}, {HOME "\x1B[8~", 3},
        {"\x1BOD", 2},  {"\x1BOH", 0},    {HOME "\x1BOF", 3},  {HOME "\x1BOC", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start(state);
        type("abc");
        type(cases[i].keys);
        expect_terminal("abc", cases[i].cursor);
    }
}

static void cursor_stays_in_the_text(void **state)
{
    (void)state;
    type(LEFT RIGHT HOME END CTRL_A CTRL_E);
    expect_terminal("", 0);
    type("ab" RIGHT RIGHT);
    expect_terminal("ab", 2);
    type(LEFT LEFT LEFT LEFT);
    expect_terminal("ab", 0);
}

static void every_erasing_key_erases(void **state)
{
    static const struct {
        const char *keys;
        const char *text;
        size_t cursor;
    } cases[] = {
        {BACKSPACE, "map all fre", 11},
        {"\b", "map all fre", 11},
        {LEFT LEFT BACKSPACE, "map all fee", 9},
        {HOME DELETE, "ap all free", 0},
        {HOME CTRL_D, "ap all free", 0},
        {CTRL_U, "", 0},
        {LEFT LEFT CTRL_U, "ee", 0},
        {LEFT LEFT CTRL_K, "map all fr", 10},
        {HOME CTRL_K, "", 0},
        {CTRL_W, "map all ", 8},
        {CTRL_W CTRL_W, "map ", 4},
        {CTRL_W CTRL_W CTRL_W, "", 0},
        {LEFT LEFT CTRL_W, "map all ee", 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start(state);
        type("map all free");
        type(cases[i].keys);
        expect_terminal(cases[i].text, cases[i].cursor);
    }
}

static void erasing_nothing_changes_nothing(void **state)
{
    (void)state;
    type(BACKSPACE DELETE CTRL_D CTRL_U CTRL_K CTRL_W);
    expect_terminal("", 0);
    type("ab" DELETE CTRL_D CTRL_K HOME BACKSPACE CTRL_U CTRL_W);
    expect_terminal("ab", 0);
}

static void other_control_characters_are_ignored(void **state)
{
    (void)state;
    type("ab");
    for (int byte = 0; byte < 256; byte++) {
        bool is_known = (byte >= ' ' && byte <= 127) || strchr("\b\t\n\r\x1B", byte) ||
                        strchr("\x01\x02\x03\x04\x05\x06\x0B\x0E\x10\x15\x17", byte);
        if (byte == 0 || !is_known) {
            assert_int_equal(line_put(&line, (uint8_t)byte), LINE_EDITING);
            expect_terminal("ab", 2);
        }
    }
}

static void enter_hands_over_the_whole_line(void **state)
{
    (void)state;
    type("blocks" HOME RIGHT);
    assert_int_equal(line_put(&line, '\r'), LINE_DONE);
    assert_string_equal(line.text, "blocks");
    assert_int_equal(row_count, 1);
    line_begin(&line);
    expect_terminal("", 0);
    assert_int_equal(line_put(&line, '\n'), LINE_DONE);
    assert_string_equal(line.text, "");
    assert_int_equal(row_count, 2);
}

static void ctrl_c_gives_the_line_up(void **state)
{
    (void)state;
    type("blocks" LEFT);
    assert_int_equal(line_put(&line, 3), LINE_GIVEN_UP);
    assert_string_equal(line.text, "");
    assert_int_equal(row_count, 1);
    line_begin(&line);
    type(UP);
    expect_terminal("", 0);
}

static void line_is_shown_again_behind_other_output(void **state)
{
    (void)state;
    type("blocks" LEFT LEFT);
    echo('\n');
    line_show_again(&line);
    expect_terminal("blocks", 4);
    type("x");
    expect_terminal("blocxks", 5);
}

/* ---- long lines ----------------------------------------------------------------------------- */

/*  0123456789...        67 characters: the first makes room, the cursor stands behind the last */
static void long_line_slides_through_its_window(void **state)
{
    (void)state;
    char text[LINE_MAX + 1] = "";
    for (size_t i = 0; i < 200; i++) {
        char key[2] = {(char)('!' + i % 90), '\0'};
        strcat(text, key);
        type(key);
        expect_terminal(text, i + 1);
    }
    for (size_t i = 200; i > 0; i--) {
        type(LEFT);
        expect_terminal(text, i - 1);
    }
    for (size_t i = 0; i < 200; i++) {
        type(RIGHT);
        expect_terminal(text, i + 1);
    }
    type(HOME);
    expect_terminal(text, 0);
    type(END);
    expect_terminal(text, 200);
}

static void long_line_is_erased_in_sight(void **state)
{
    (void)state;
    char text[LINE_MAX + 1];
    memset(text, 'x', 150);
    text[150] = '\0';
    type(text);
    for (size_t length = 150; length > 0; length--) {
        type(BACKSPACE);
        text[length - 1] = '\0';
        expect_terminal(text, length - 1);
    }
}

/* What is shown after a long line must not be the empty place behind a short one. */
static void short_line_is_seen_after_a_long_one(void **state)
{
    (void)state;
    enter("map");
    type_times('x', 150);
    type(UP);
    expect_terminal("map", 3);
    type(DOWN);
    assert_int_equal(line.length, 150);
    type(LEFT CTRL_U);
    expect_terminal("x", 0);
}

static void full_line_takes_no_more(void **state)
{
    (void)state;
    type_times('x', LINE_MAX);
    assert_int_equal(line.length, LINE_MAX);
    type("yz" HOME "y");
    assert_int_equal(line.length, LINE_MAX);
    assert_null(strchr(line.text, 'y'));
    type(BACKSPACE DELETE "y");
    assert_int_equal(line.length, LINE_MAX);
    assert_int_equal(line.text[0], 'y');
}

/* ---- history -------------------------------------------------------------------------------- */

static void history_goes_back_and_forth(void **state)
{
    (void)state;
    enter("map");
    enter("blocks");
    enter("check");
    type("typ" UP);
    expect_terminal("check", 5);
    type(CTRL_P);
    expect_terminal("blocks", 6);
    type("\x1BOA");
    expect_terminal("map", 3);
    type(UP UP);
    expect_terminal("map", 3);
    type(DOWN);
    expect_terminal("blocks", 6);
    type(CTRL_N "\x1BOB");
    expect_terminal("typ", 3);
    type(DOWN DOWN);
    expect_terminal("typ", 3);
}

static void no_history_leaves_the_line(void **state)
{
    (void)state;
    type("ab" LEFT UP);
    expect_terminal("ab", 1);
    type(DOWN);
    expect_terminal("ab", 1);
}

static void empty_and_repeated_lines_are_not_kept(void **state)
{
    (void)state;
    enter("map");
    enter("");
    enter("check");
    enter("check");
    enter("map");
    type(UP UP UP);
    expect_terminal("map", 3);
    type(DOWN);
    expect_terminal("check", 5);
    type(DOWN DOWN);
    expect_terminal("", 0);
}

static void recalled_line_is_a_copy(void **state)
{
    (void)state;
    enter("map");
    enter("check");
    type(UP UP "x");
    expect_terminal("mapx", 4);
    type(DOWN UP);
    expect_terminal("map", 3);
    enter("2");
    type(UP);
    expect_terminal("map2", 4);
    type(UP UP);
    expect_terminal("map", 3);
}

static void only_the_newest_32_lines_are_kept(void **state)
{
    (void)state;
    char text[32];
    for (int i = 0; i < 3 * LINE_HISTORY_MAX + 5; i++) {
        snprintf(text, sizeof text, "free %d", i);
        enter(text);
    }
    for (int i = 3 * LINE_HISTORY_MAX + 4; i >= 2 * LINE_HISTORY_MAX + 5; i--) {
        type(UP);
        snprintf(text, sizeof text, "free %d", i);
        expect_terminal(text, strlen(text));
    }
    type(UP);
    expect_terminal(text, strlen(text));
}

/* ---- escape sequences ----------------------------------------------------------------------- */

static void unknown_sequences_are_swallowed_whole(void **state)
{
    (void)state;
    static const char *const sequences[] = {
        "\x1B[Z",    "\x1B[5;3~", "\x1B[6;5~", "\x1B[2~",     "\x1B[15~",
        "\x1B[200~", "\x1B[3;5~", "\x1B[?1c",  "\x1B[24;80R", "\x1BOP",
        "\x1BOS",    "\x1Bq",     "\x1B[0~",   "\x1B[~",      "\x1B[33~",
    };
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
        start(state);
        type("ab" LEFT);
        type(sequences[i]);
        expect_terminal("ab", 1);
        type("x");
        expect_terminal("axb", 2);
    }
}

/*
 * Alt with an arrow sends two escapes; a line's end must not be lost in a sequence that was cut
 * off.
 */
static void control_character_ends_a_sequence(void **state)
{
    (void)state;
    type("ab\x1B\x1B[D");
    expect_terminal("ab", 1);
    type("\x1B[\x01");
    expect_terminal("ab", 0);
    assert_int_equal(line_put(&line, 0x1B), LINE_EDITING);
    assert_int_equal(line_put(&line, '\r'), LINE_DONE);
}

static void modifiers_do_not_hide_the_arrow(void **state)
{
    (void)state;
    type("abc\x1B[1;3D\x1B[1;2D");
    expect_terminal("abc", 1);
}

/* They belong to whoever shows something beside the line, and leave it as it is. */
static void keys_for_others_are_told_and_change_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *sequence;
        enum line_key key;
    } keys[] = {{"\x1B[5~", LINE_PAGE_UP},         {"\x1B[6~", LINE_PAGE_DOWN},
                {"\x1B[5;2~", LINE_SHIFT_PAGE_UP}, {"\x1B[6;2~", LINE_SHIFT_PAGE_DOWN},
                {"\x1B[1;5A", LINE_CONTROL_UP},    {"\x1B[1;5B", LINE_CONTROL_DOWN},
                {"\x1B[1;5C", LINE_CONTROL_RIGHT}, {"\x1B[1;5D", LINE_CONTROL_LEFT}};
    type("ab" LEFT);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *byte = keys[i].sequence;
        for (; byte[1]; byte++)
            assert_int_equal(line_put(&line, (uint8_t)*byte), LINE_EDITING);
        assert_int_equal(line_put(&line, (uint8_t)*byte), LINE_OTHER_KEY);
        assert_int_equal(line.other_key, keys[i].key);
        expect_terminal("ab", 1);
    }
    type("x");
    expect_terminal("axb", 2);
}

struct idle_key {
    const char *sequence;
    enum line_key key;
    size_t cursor; /* where it leaves the cursor in the line "abc", which stood at 1 */
};

static void expect_idle_key(const struct idle_key *key)
{
    const char *byte = key->sequence;
    start(NULL);
    for (; byte[1]; byte++)
        assert_int_equal(line_put(&line, (uint8_t)*byte), LINE_EDITING);
    assert_int_equal(line_put(&line, (uint8_t)*byte), LINE_OTHER_KEY);
    assert_int_equal(line.other_key, key->key);
    expect_terminal("", 0);
    type("abc" LEFT LEFT);
    for (byte = key->sequence; *byte; byte++)
        assert_int_equal(line_put(&line, (uint8_t)*byte), LINE_EDITING);
    expect_terminal("abc", key->cursor);
}

/* With nothing to move over they are told to others; in a text they move the cursor. */
static void keys_that_move_are_told_while_the_line_is_empty(void **state)
{
    static const struct idle_key keys[] = {{RIGHT, LINE_RIGHT, 2},
                                           {LEFT, LINE_LEFT, 0},
                                           {"\x1B[1;2C", LINE_SHIFT_RIGHT, 2},
                                           {"\x1B[1;2D", LINE_SHIFT_LEFT, 0},
                                           {HOME, LINE_HOME, 0},
                                           {END, LINE_END, 3},
                                           {"\x1BOH", LINE_HOME, 0},
                                           {"\x1BOF", LINE_END, 3},
                                           {"\x1B[1~", LINE_HOME, 0},
                                           {"\x1B[4~", LINE_END, 3},
                                           {"\x1B[7~", LINE_HOME, 0},
                                           {"\x1B[8~", LINE_END, 3}};
    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        expect_idle_key(&keys[i]);
}

/* Alt is 3, and so is Delete. */
static void modifier_is_not_the_key(void **state)
{
    (void)state;
    type("abc" HOME "\x1B[9;3~");
    expect_terminal("abc", 0);
    type("\x1B[3;5~\x1B[5;7~\x1B[2;5A");
    expect_terminal("abc", 0);
    type("\x1B[3~");
    expect_terminal("bc", 0);
}

static void number_too_large_is_no_other_key(void **state)
{
    (void)state;
    type("ab" HOME "\x1B[259~");
    expect_terminal("ab", 0);
}

/* ---- completion ----------------------------------------------------------------------------- */

static const char *const commands[] = {"alloc", "blocks", "bench", "buddy", "check", "map", NULL};

static const char *command(size_t index)
{
    return commands[index];
}

/* All in one buffer, as names that are made when they are asked for. */
static const char *made_name(size_t index)
{
    static char name[100];
    static const char letters[] = "abcx";
    if (!letters[index])
        return NULL;
    memset(name, 'n', sizeof name);
    name[index == 3 ? 80 : 4] = letters[index];
    name[index == 3 ? 90 : 5] = '\0';
    return name;
}

static size_t complete(void)
{
    assert_int_equal(line_put(&line, '\t'), LINE_COMPLETE);
    return line_complete(&line, command);
}

static void only_fitting_word_is_completed_with_a_blank(void **state)
{
    (void)state;
    type("al");
    assert_int_equal(complete(), 1);
    expect_terminal("alloc ", 6);
}

static void shared_beginning_is_completed_alone(void **state)
{
    (void)state;
    type("b");
    assert_int_equal(complete(), 3);
    expect_terminal("b", 1);
    type("u");
    assert_int_equal(complete(), 1);
    expect_terminal("buddy ", 6);
}

static const char *stressful(size_t index)
{
    static const char *const words[] = {"map", "stress", "strength", "strong", NULL};
    return words[index];
}

static void all_that_fit_add_what_they_share(void **state)
{
    (void)state;
    type("s");
    assert_int_equal(line_complete(&line, stressful), 3);
    expect_terminal("str", 3);
    type("e");
    assert_int_equal(line_complete(&line, stressful), 2);
    expect_terminal("stre", 4);
}

static void candidates_may_share_a_buffer(void **state)
{
    (void)state;
    type("n");
    line_complete(&line, made_name);
    expect_terminal("nnnn", 4);
    type("b");
    line_complete(&line, made_name);
    expect_terminal("nnnnb ", 6);
}

static void nothing_fitting_changes_nothing(void **state)
{
    (void)state;
    type("xyz");
    assert_int_equal(complete(), 0);
    expect_terminal("xyz", 3);
}

static void nothing_typed_fits_everything(void **state)
{
    (void)state;
    assert_int_equal(complete(), 6);
    expect_terminal("", 0);
}

/*  free 3;ma|x   : the word begins behind the semicolon, and ends at the cursor */
static void word_before_the_cursor_is_completed(void **state)
{
    (void)state;
    type("free 3;max" LEFT);
    assert_int_equal(line_word_start(&line), 7);
    assert_int_equal(complete(), 1);
    expect_terminal("free 3;map x", 11);
}

/* What was left out may be what mattered; erasing is done by who sees the line. */
static void line_that_had_no_room_is_known_by_it(void **state)
{
    (void)state;
    static const char *const edits[] = {BACKSPACE, CTRL_U, CTRL_W, HOME DELETE, HOME CTRL_K, UP};
    enter("a");
    type_times('x', LINE_MAX);
    assert_false(line.is_overfull);
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        type_times('x', LINE_MAX + 1);
        assert_true(line.is_overfull);
        type(edits[i]);
        assert_false(line.is_overfull);
        type(END CTRL_U);
    }
    type_times('x', LINE_MAX + 1);
    assert_int_equal(line_put(&line, '\r'), LINE_DONE);
    assert_true(line.is_overfull);
    line_begin(&line);
    assert_false(line.is_overfull);
}

static void line_that_lost_bytes_is_known_by_it(void **state)
{
    (void)state;
    static const char *const parts[][2] = {
        {"", "free 1"}, {"fr", "ee 1"}, {"free 1", ""}, {"free 1\033[", "D"}, {"f", BACKSPACE}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        type(parts[i][0]);
        assert_false(line.has_lost);
        assert_int_equal(line_put(&line, LINE_LOST), LINE_EDITING);
        type(parts[i][1]);
        assert_int_equal(line_put(&line, '\r'), LINE_DONE);
        assert_true(line.has_lost);
        line_begin(&line);
        assert_false(line.has_lost);
    }
}

static void completion_fits_into_a_full_line(void **state)
{
    (void)state;
    type_times('x', LINE_MAX - 4);
    type(" al");
    assert_int_equal(complete(), 1);
    assert_int_equal(line.length, LINE_MAX);
    assert_string_equal(line.text + LINE_MAX - 4, " all");
    expect_window();
}

/* ---- the model ------------------------------------------------------------------------------ */

/* The same line kept in the simplest way: a text, a cursor, and every line ever entered. */
static char model[LINE_MAX + 1];
static char model_typed[LINE_MAX + 1];
static size_t model_cursor;
static char entered[4096][LINE_MAX + 1];
static size_t entered_count;
static size_t model_back;
static uint64_t random_state = RANDOM_SEED;

static uint32_t next_random(void)
{
    return random_next(&random_state);
}

static void model_erase(size_t from, size_t to)
{
    memmove(model + from, model + to, strlen(model + to) + 1);
    model_cursor = from;
}

static void model_insert(char character)
{
    size_t length = strlen(model);
    if (length == LINE_MAX)
        return;
    memmove(model + model_cursor + 1, model + model_cursor, length - model_cursor + 1);
    model[model_cursor++] = character;
}

static void model_erase_word(void)
{
    size_t from = model_cursor;
    while (from > 0 && model[from - 1] == ' ')
        from--;
    while (from > 0 && model[from - 1] != ' ')
        from--;
    model_erase(from, model_cursor);
}

static void model_recall(size_t back)
{
    if (back > entered_count || back > LINE_HISTORY_MAX)
        return;
    if (model_back == 0)
        strcpy(model_typed, model);
    strcpy(model, back > 0 ? entered[entered_count - back] : model_typed);
    model_back = back;
    model_cursor = strlen(model);
}

static void model_enter(void)
{
    bool is_repeated = entered_count > 0 && strcmp(entered[entered_count - 1], model) == 0;
    if (model[0] && !is_repeated) {
        assert_true(entered_count < sizeof entered / sizeof *entered);
        strcpy(entered[entered_count++], model);
    }
    model[0] = '\0';
    model_cursor = model_back = 0;
}

static void press_moving_key(void)
{
    size_t length = strlen(model);
    switch (next_random() % 4) {
    case 0:
        type(LEFT);
        model_cursor -= model_cursor > 0;
        break;
    case 1:
        type(RIGHT);
        model_cursor += model_cursor < length;
        break;
    case 2:
        type(HOME);
        model_cursor = 0;
        break;
    default:
        type(END);
        model_cursor = length;
        break;
    }
}

static void press_erasing_key(void)
{
    size_t length = strlen(model);
    switch (next_random() % 16) {
    case 0:
        type(CTRL_U);
        model_erase(0, model_cursor);
        break;
    case 1:
        type(CTRL_K);
        model[model_cursor] = '\0';
        break;
    case 2:
        type(CTRL_W);
        model_erase_word();
        break;
    case 3:
    case 4:
    case 5:
        type(DELETE);
        if (model_cursor < length)
            model_erase(model_cursor, model_cursor + 1);
        break;
    default:
        type(BACKSPACE);
        if (model_cursor > 0)
            model_erase(model_cursor - 1, model_cursor);
        break;
    }
}

static void press_history_key(void)
{
    if (next_random() % 3) {
        type(UP);
        model_recall(model_back + 1);
    } else {
        type(DOWN);
        if (model_back > 0)
            model_recall(model_back - 1);
    }
}

static void press_printable_keys(void)
{
    for (uint32_t count = 1 + next_random() % 12; count > 0; count--) {
        char character = (char)(next_random() % 6 ? ' ' + next_random() % 95 : ' ');
        type_times(character, 1);
        model_insert(character);
    }
}

static void press_any_key(void)
{
    uint32_t choice = next_random() % 100;
    if (choice < 50) {
        press_printable_keys();
    } else if (choice < 70) {
        press_moving_key();
    } else if (choice < 90) {
        press_erasing_key();
    } else if (choice < 97) {
        press_history_key();
    } else {
        enter("");
        model_enter();
    }
}

static void agrees_with_the_model_after_every_key(void **state)
{
    (void)state;
    size_t longest = 0;
    for (int i = 0; i < 60000; i++) {
        press_any_key();
        expect_terminal(model, model_cursor);
        longest = strlen(model) > longest ? strlen(model) : longest;
    }
    assert_int_equal(longest, LINE_MAX);
    assert_true(entered_count > 2 * LINE_HISTORY_MAX);
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup(rule, start)
    const struct CMUnitTest tests[] = {
        RULE(typed_text_appears),
        RULE(text_is_inserted_at_the_cursor),
        RULE(every_moving_key_moves),
        RULE(cursor_stays_in_the_text),
        RULE(every_erasing_key_erases),
        RULE(erasing_nothing_changes_nothing),
        RULE(other_control_characters_are_ignored),
        RULE(enter_hands_over_the_whole_line),
        RULE(ctrl_c_gives_the_line_up),
        RULE(line_is_shown_again_behind_other_output),
        RULE(long_line_slides_through_its_window),
        RULE(long_line_is_erased_in_sight),
        RULE(short_line_is_seen_after_a_long_one),
        RULE(full_line_takes_no_more),
        RULE(history_goes_back_and_forth),
        RULE(no_history_leaves_the_line),
        RULE(empty_and_repeated_lines_are_not_kept),
        RULE(recalled_line_is_a_copy),
        RULE(only_the_newest_32_lines_are_kept),
        RULE(unknown_sequences_are_swallowed_whole),
        RULE(control_character_ends_a_sequence),
        RULE(modifiers_do_not_hide_the_arrow),
        RULE(keys_for_others_are_told_and_change_nothing),
        RULE(keys_that_move_are_told_while_the_line_is_empty),
        RULE(modifier_is_not_the_key),
        RULE(number_too_large_is_no_other_key),
        RULE(only_fitting_word_is_completed_with_a_blank),
        RULE(shared_beginning_is_completed_alone),
        RULE(all_that_fit_add_what_they_share),
        RULE(candidates_may_share_a_buffer),
        RULE(nothing_fitting_changes_nothing),
        RULE(nothing_typed_fits_everything),
        RULE(word_before_the_cursor_is_completed),
        RULE(completion_fits_into_a_full_line),
        RULE(line_that_had_no_room_is_known_by_it),
        RULE(line_that_lost_bytes_is_known_by_it),
        RULE(agrees_with_the_model_after_every_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
