#ifndef KERNEL_DIALOGUE_H
#define KERNEL_DIALOGUE_H

/* Which keys lead through a story, a tour or a quiz. */

#include <stdint.h>

enum dialogue_act {
    DIALOGUE_NONE, /* none of these keys */
    DIALOGUE_NEXT, /* Enter, space, right arrow */
    DIALOGUE_BACK, /* b, Backspace, Delete, left arrow */
    DIALOGUE_END /* q, Esc, Ctrl-C */
};

/*
 * What a byte from input_wait stands for. Takes the rest of a cursor key's sequence; `idle` is as
 * for input_wait.
 */
enum dialogue_act dialogue_act_of(uint8_t byte, void (*idle)(void));

#endif
