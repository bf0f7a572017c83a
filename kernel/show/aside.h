#ifndef KERNEL_ASIDE_H
#define KERNEL_ASIDE_H

/*
 * Writes what a note shows (view_note.h) to where no note shows it: to the serial line, and to the
 * console, too, if the screen has no room for notes.
 */

void aside_write(const char *text);

/* Text in lines of whole words, as wide as the console, at most 76 characters. */
void aside_write_wrapped(const char *text);

/* An empty line, the title in a line, and the text wrapped. */
void aside_write_text(const char *title, const char *text);

#endif
