#ifndef TEXT_SCREEN_H
#define TEXT_SCREEN_H

/* 80x25 colour text, as every VGA shows it from the start. Writing where none is does no harm. */

/* Empties the screen. */
void text_screen_clear(void);

/*
 * Puts a character: printable ASCII, \n, \r, \b (back without erasing), \t. Scrolls at the
 * bottom.
 */
void text_screen_put(char character);

#endif
