#ifndef KERNEL_LINE_H
#define KERNEL_LINE_H

/*
 * A line of input with editing, history and completion. It takes a terminal's bytes and answers
 * with a terminal's bytes: printable characters, blanks and backspaces alone, so that any screen
 * will do. Knows neither commands nor devices.
 *
 *   Left Right Home End Ctrl-A Ctrl-E   move
 *   Up Down Ctrl-P Ctrl-N               history
 *   Tab                                 complete
 *   Backspace Delete Ctrl-D             erase a character
 *   Ctrl-U Ctrl-K Ctrl-W                erase to the start, to the end, a word
 *   Ctrl-C                              give the line up
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_MAX 255 /* characters */
#define LINE_SHOWN_MAX 66 /* characters of it that are shown at a time: a line never wraps */
#define LINE_HISTORY_MAX 32 /* lines */

#define LINE_LOST 0xFFu /* in the place of bytes that were lost on the way here */

#define LINE_POINTED_BYTES "\033[99~" /* what stands for LINE_POINTED among what is typed */

enum line_event { LINE_EDITING, LINE_DONE, LINE_GIVEN_UP, LINE_COMPLETE, LINE_OTHER_KEY };

/* Keys that do nothing to the line, for whoever shows something beside it. */
enum line_key {
    LINE_PAGE_UP,
    LINE_PAGE_DOWN,
    LINE_SHIFT_PAGE_UP,
    LINE_SHIFT_PAGE_DOWN,
    LINE_CONTROL_UP,
    LINE_CONTROL_DOWN,
    LINE_CONTROL_RIGHT,
    LINE_CONTROL_LEFT,

    /* From here on only while the line is empty. */
    LINE_RIGHT,
    LINE_LEFT,
    LINE_SHIFT_RIGHT,
    LINE_SHIFT_LEFT,
    LINE_HOME,
    LINE_END,
    LINE_POINTED, /* no key: the mouse chose a place on the line of moments */
    LINE_ESCAPE, /* no sequence: line_put cannot know it, who waits for bytes can */
};

struct line {
    void (*echo)(char character);
    char text[LINE_MAX + 1];
    size_t length;
    size_t cursor;
    size_t window; /* the first character shown */
    size_t shown_length;
    size_t shown_cursor;
    uint8_t escape_state;
    uint8_t escape_number;
    uint8_t escape_modifier; /* 0: none was named */
    bool escape_modified; /* digits are the modifier's from now on */
    enum line_key other_key; /* of LINE_OTHER_KEY */
    bool has_lost; /* bytes of it were lost on the way here */
    bool is_overfull; /* a character came that it had no room for, and nothing was erased since */
    char history[LINE_HISTORY_MAX][LINE_MAX + 1];
    size_t history_count; /* lines ever entered */
    size_t history_back; /* how far back the shown one lies; 0: the line being typed */
    char typed[LINE_MAX + 1]; /* what was being typed before history was shown */
};

/* Starts with an empty line and no history. `echo` puts a character on the terminal. */
void line_init(struct line *line, void (*echo)(char character));

/* Empties the line for the next input; the prompt was just written. */
void line_begin(struct line *line);

/*
 * Takes a byte. LINE_DONE: line->text is the line, entered in the history, and the terminal is on
 * a new line; LINE_GIVEN_UP: the same, but the line is empty; LINE_COMPLETE: Tab was pressed, for
 * the caller to call line_complete; LINE_OTHER_KEY: line->other_key was pressed; else LINE_EDITING.
 * A LINE_DONE with line->has_lost or line->is_overfull is not the line that was typed: it is there
 * to be shown and edited, and not to be obeyed.
 */
enum line_event line_put(struct line *line, uint8_t byte);

/*
 * Completes the word before the cursor from candidates: candidate(i) is the i-th, NULL at the end,
 * and good until the next call. Of a candidate the first 63 characters count.
 * Adds what all that fit share, and a blank behind the only one. Returns how many fit.
 */
size_t line_complete(struct line *line, const char *(*candidate)(size_t index));

/* The start of the word before the cursor. */
size_t line_word_start(const struct line *line);

/* Shows prompt-less input again, after something else was written and a prompt put behind it. */
void line_show_again(struct line *line);

#endif
