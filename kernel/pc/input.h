#ifndef KERNEL_INPUT_H
#define KERNEL_INPUT_H

/* What is typed, on the serial line and on the keyboard: one stream of a terminal's bytes. */

#include <stdbool.h>
#include <stdint.h>

/* Takes the oldest byte typed; LINE_LOST (line.h) where some were lost. False if there is none. */
bool input_read(uint8_t *byte);

/* True if a byte was typed that nobody took yet. */
bool input_is_waiting(void);

/* True if the byte taken last came from the machine's own keyboard: somebody sits at the screen. */
bool input_is_local(void);

/* Waits for a byte, asleep in between; calls `idle` (may be NULL) after each interrupt. */
uint8_t input_wait(void (*idle)(void));

/* The same for that many ticks of the timer, or until a byte is waiting. */
void input_pause(uint32_t ticks, void (*idle)(void));

/*
 * Types a text, before what is typed and was not taken yet: a click stands for it. `text` lives
 * for ever. Does nothing while such a text is being taken.
 */
void input_type(const char *text);

#define INPUT_ESCAPE 27

/*
 * To be called when an INPUT_ESCAPE was taken. Takes the rest of a cursor key's sequence (ECMA-48),
 * and returns its last byte: 'D' is the left arrow. INPUT_ESCAPE: nothing followed, so it was the
 * key Esc. 0: what followed is no such sequence. `idle` is as for input_wait.
 */
uint8_t input_read_sequence(void (*idle)(void));

/* True if a Ctrl-C was typed: it is taken, with all that was typed before it, and nothing else. */
bool input_take_interrupt(void);

#endif
