/*
 * Edits a line of input on a terminal. Each change is made to the text first; then the terminal is
 * brought up to date by going back to where the shown part begins and writing it anew. A character
 * typed at the end takes the short way.
 */

#include "line.h"

#include "string.h"

#define CTRL(letter) ((letter) - 'A' + 1)
#define BACKSPACE 8
#define ESCAPE 27
#define DELETE 127

enum { ESCAPE_NONE, ESCAPE_SEEN, ESCAPE_BRACKET, ESCAPE_SS3 };

void line_init(struct line *line, void (*echo)(char character))
{
    memset(line, 0, sizeof *line);
    line->echo = echo;
}

void line_begin(struct line *line)
{
    line->length = line->cursor = line->window = 0;
    line->shown_length = line->shown_cursor = 0;
    line->escape_state = ESCAPE_NONE;
    line->history_back = 0;
    line->has_lost = line->is_overfull = false;
    line->text[0] = '\0';
}

/* ---- the terminal --------------------------------------------------------------------------- */

static void echo_times(const struct line *line, char character, size_t count)
{
    while (count-- > 0)
        line->echo(character);
}

/* Slides the window so that the cursor is in it, and no text is hidden while it has room. */
static void slide_window(struct line *line)
{
    size_t last = line->length > LINE_SHOWN_MAX ? line->length - LINE_SHOWN_MAX : 0;
    if (line->window > last)
        line->window = last;
    if (line->cursor < line->window)
        line->window = line->cursor;
    if (line->cursor - line->window > LINE_SHOWN_MAX)
        line->window = line->cursor - LINE_SHOWN_MAX;
}

static void show(struct line *line)
{
    slide_window(line);
    size_t length = line->length - line->window;
    if (length > LINE_SHOWN_MAX)
        length = LINE_SHOWN_MAX;
    size_t erased = line->shown_length > length ? line->shown_length - length : 0;
    echo_times(line, '\b', line->shown_cursor);
    for (size_t i = 0; i < length; i++)
        line->echo(line->text[line->window + i]);
    echo_times(line, ' ', erased);
    line->shown_length = length;
    line->shown_cursor = line->cursor - line->window;
    echo_times(line, '\b', length + erased - line->shown_cursor);
}

void line_show_again(struct line *line)
{
    line->shown_length = line->shown_cursor = 0;
    show(line);
}

/* ---- editing -------------------------------------------------------------------------------- */

static void insert(struct line *line, char character)
{
    if (line->length == LINE_MAX) {
        line->is_overfull = true;
        return;
    }
    bool at_end = line->cursor == line->length;
    memmove(line->text + line->cursor + 1, line->text + line->cursor,
            line->length - line->cursor + 1);
    line->text[line->cursor++] = character;
    line->length++;
    if (at_end && line->cursor - line->window <= LINE_SHOWN_MAX) {
        line->echo(character);
        line->shown_length++;
        line->shown_cursor++;
    } else {
        show(line);
    }
}

/* Nothing, if not all of [from, to) is text: there is none before the first character. */
static void erase(struct line *line, size_t from, size_t to)
{
    if (from > to || to > line->length)
        return;
    memmove(line->text + from, line->text + to, line->length - to + 1);
    line->length -= to - from;
    line->is_overfull = false;
    line->cursor = from;
    show(line);
}

static void move_to(struct line *line, size_t cursor)
{
    if (cursor > line->length)
        return; /* also before the first character, which is a large number */
    line->cursor = cursor;
    show(line);
}

size_t line_word_start(const struct line *line)
{
    size_t start = line->cursor;
    while (start > 0 && line->text[start - 1] != ' ' && line->text[start - 1] != ';')
        start--;
    return start;
}

/* Where the word begins that Ctrl-W erases: only blanks end one. */
static size_t blank_word_start(const struct line *line)
{
    size_t start = line->cursor;
    while (start > 0 && line->text[start - 1] == ' ')
        start--;
    while (start > 0 && line->text[start - 1] != ' ')
        start--;
    return start;
}

/* ---- history -------------------------------------------------------------------------------- */

static char *history_line(struct line *line, size_t back)
{
    return line->history[(line->history_count - back) % LINE_HISTORY_MAX];
}

static void remember(struct line *line)
{
    if (line->length == 0)
        return;
    if (line->history_count > 0 && strcmp(history_line(line, 1), line->text) == 0)
        return;
    memcpy(line->history[line->history_count % LINE_HISTORY_MAX], line->text, line->length + 1);
    line->history_count++;
}

/* Shows the line that was entered `back` lines ago; 0: what was being typed. */
static void recall(struct line *line, size_t back)
{
    size_t kept = line->history_count < LINE_HISTORY_MAX ? line->history_count : LINE_HISTORY_MAX;
    if (back > kept)
        return;
    if (line->history_back == 0)
        memcpy(line->typed, line->text, line->length + 1);
    const char *text = back > 0 ? history_line(line, back) : line->typed;
    line->history_back = back;
    line->length = strlen(text);
    memcpy(line->text, text, line->length + 1);
    line->is_overfull = false;
    move_to(line, line->length);
}

/* ---- bytes ---------------------------------------------------------------------------------- */

/* Keys that move the cursor to a place, or erase what lies between. */
static const struct {
    uint8_t control;
    bool erases;
    enum { START, LEFT, RIGHT, END, WORD } place;
} edits[] = {{CTRL('A'), false, START}, {CTRL('B'), false, LEFT},  {CTRL('D'), true, RIGHT},
             {CTRL('E'), false, END},   {CTRL('F'), false, RIGHT}, {BACKSPACE, true, LEFT},
             {DELETE, true, LEFT},      {CTRL('K'), true, END},    {CTRL('U'), true, START},
             {CTRL('W'), true, WORD}};

static void put_control(struct line *line, uint8_t byte)
{
    size_t cursor = line->cursor;
    const size_t places[] = {[START] = 0,
                             [LEFT] = cursor - 1,
                             [RIGHT] = cursor + 1,
                             [END] = line->length,
                             [WORD] = blank_word_start(line)};
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        size_t place = places[edits[i].place];
        if (byte == edits[i].control && edits[i].erases)
            erase(line, place < cursor ? place : cursor, place < cursor ? cursor : place);
        else if (byte == edits[i].control)
            move_to(line, place);
    }
    if (byte == CTRL('N') || byte == CTRL('P'))
        recall(line, byte == CTRL('N') ? line->history_back - 1 : line->history_back + 1);
    if (byte == ESCAPE)
        line->escape_state = ESCAPE_SEEN;
}

/* Keys with sequences ESC [ number letter or ESC O letter do what a control character does. */
static void finish_escape(struct line *line, uint8_t byte)
{
    static const struct {
        uint8_t letter;
        uint8_t number; /* without a modifier; 0: any, with any */
        uint8_t control;
    } keys[] = {{'A', 0, CTRL('P')}, {'B', 0, CTRL('N')}, {'C', 0, CTRL('F')}, {'D', 0, CTRL('B')},
                {'H', 0, CTRL('A')}, {'F', 0, CTRL('E')}, {'~', 1, CTRL('A')}, {'~', 7, CTRL('A')},
                {'~', 4, CTRL('E')}, {'~', 8, CTRL('E')}, {'~', 3, CTRL('D')}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (byte == keys[i].letter &&
            (keys[i].number == 0 ||
             (line->escape_number == keys[i].number && !line->escape_modified)))
            put_control(line, keys[i].control);
}

#define MODIFIER_NONE 0
#define MODIFIER_SHIFT 2
#define MODIFIER_CONTROL 5

/*
 * Page Up and Down, also with Shift; arrows with Ctrl; and, while the line is empty, keys that else
 * move the cursor (xterm's control sequences, PC keys).
 */
static bool is_other_key(struct line *line, uint8_t byte)
{
    static const struct {
        uint8_t letter, number, modifier;
        uint8_t key;
    } keys[] = {{'~', 5, MODIFIER_NONE, LINE_PAGE_UP},
                {'~', 6, MODIFIER_NONE, LINE_PAGE_DOWN},
                {'~', 5, MODIFIER_SHIFT, LINE_SHIFT_PAGE_UP},
                {'~', 6, MODIFIER_SHIFT, LINE_SHIFT_PAGE_DOWN},
                {'A', 1, MODIFIER_CONTROL, LINE_CONTROL_UP},
                {'B', 1, MODIFIER_CONTROL, LINE_CONTROL_DOWN},
                {'C', 1, MODIFIER_CONTROL, LINE_CONTROL_RIGHT},
                {'D', 1, MODIFIER_CONTROL, LINE_CONTROL_LEFT},
                {'C', 0, MODIFIER_NONE, LINE_RIGHT},
                {'D', 0, MODIFIER_NONE, LINE_LEFT},
                {'C', 1, MODIFIER_SHIFT, LINE_SHIFT_RIGHT},
                {'D', 1, MODIFIER_SHIFT, LINE_SHIFT_LEFT},
                {'H', 0, MODIFIER_NONE, LINE_HOME},
                {'~', 1, MODIFIER_NONE, LINE_HOME},
                {'~', 7, MODIFIER_NONE, LINE_HOME},
                {'F', 0, MODIFIER_NONE, LINE_END},
                {'~', 4, MODIFIER_NONE, LINE_END},
                {'~', 8, MODIFIER_NONE, LINE_END},
                {'~', 99, MODIFIER_NONE, LINE_POINTED}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i].key >= LINE_RIGHT && line->length > 0)
            return false;
        if (keys[i].letter != byte || keys[i].number != line->escape_number ||
            keys[i].modifier != line->escape_modifier)
            continue;
        line->other_key = (enum line_key)keys[i].key;
        return true;
    }
    return false;
}

static void take_digit(uint8_t *number, uint8_t digit)
{
    unsigned value = *number * 10u + digit - '0';
    *number = value < UINT8_MAX ? (uint8_t)value : UINT8_MAX;
}

static enum line_event put_escape(struct line *line, uint8_t byte)
{
    if (line->escape_state == ESCAPE_SEEN) {
        line->escape_number = line->escape_modifier = 0;
        line->escape_modified = false;
        line->escape_state = byte == '[' ? ESCAPE_BRACKET : byte == 'O' ? ESCAPE_SS3 : ESCAPE_NONE;
    } else if (byte >= '0' && byte <= '9') {
        take_digit(line->escape_modified ? &line->escape_modifier : &line->escape_number, byte);
    } else if (byte == ';') {
        line->escape_modifier = 0;
        line->escape_modified = true;
    } else if (byte >= 0x40 && byte <= 0x7E) {
        line->escape_state = ESCAPE_NONE;
        if (is_other_key(line, byte))
            return LINE_OTHER_KEY;
        finish_escape(line, byte);
    }
    return LINE_EDITING;
}

enum line_event line_put(struct line *line, uint8_t byte)
{
    if (byte == LINE_LOST) {
        line->has_lost = true;
        return LINE_EDITING;
    }
    if (line->escape_state != ESCAPE_NONE && byte >= ' ')
        return put_escape(line, byte);
    line->escape_state = ESCAPE_NONE; /* a control character ends a sequence that was cut off */
    if (byte == '\r' || byte == '\n') {
        line->echo('\n');
        remember(line);
        return LINE_DONE;
    }
    if (byte == CTRL('C')) {
        line->echo('^');
        line->echo('C');
        line->echo('\n');
        line->text[line->length = line->cursor = 0] = '\0';
        return LINE_GIVEN_UP;
    }
    if (byte == '\t')
        return LINE_COMPLETE;
    if (byte >= ' ' && byte < DELETE)
        insert(line, (char)byte);
    else
        put_control(line, byte);
    return LINE_EDITING;
}

/* ---- completion ----------------------------------------------------------------------------- */

#define CANDIDATE_MAX 63 /* characters of one that count */

static size_t lower_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t shared_length(const char *left, const char *right, size_t length)
{
    size_t shared = 0;
    while (shared < length && left[shared] == right[shared])
        shared++;
    return shared;
}

size_t line_complete(struct line *line, const char *(*candidate)(size_t index))
{
    size_t start = line_word_start(line);
    size_t typed_length = line->cursor - start;
    char first[CANDIDATE_MAX];
    size_t common = 0;
    size_t count = 0;
    const char *text;
    for (size_t i = 0; (text = candidate(i)); i++) {
        if (strncmp(text, line->text + start, typed_length) != 0)
            continue;
        if (count++ == 0) {
            common = lower_of(strlen(text), CANDIDATE_MAX);
            memcpy(first, text, common);
        }
        common = shared_length(first, text, common);
    }
    for (size_t i = typed_length; i < common; i++)
        insert(line, first[i]);
    if (count == 1)
        insert(line, ' ');
    return count;
}
