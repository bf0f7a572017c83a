/* Tells which keys lead through a story, a tour or a quiz. */

#include "dialogue.h"

#include "kernel/pc/input.h"

#define CTRL_C 3
#define DELETE 127

/* Behind an escape: a cursor key, or the key Esc itself. */
static enum dialogue_act read_sequence(void (*idle)(void))
{
    switch (input_read_sequence(idle)) {
    case INPUT_ESCAPE:
        return DIALOGUE_END;
    case 'C':
        return DIALOGUE_NEXT;
    case 'D':
        return DIALOGUE_BACK;
    default:
        return DIALOGUE_NONE;
    }
}

enum dialogue_act dialogue_act_of(uint8_t byte, void (*idle)(void))
{
    switch (byte) {
    case '\r':
    case '\n':
    case ' ':
        return DIALOGUE_NEXT;
    case 'b':
    case '\b':
    case DELETE:
        return DIALOGUE_BACK;
    case 'q':
    case CTRL_C:
        return DIALOGUE_END;
    case INPUT_ESCAPE:
        return read_sequence(idle);
    default:
        return DIALOGUE_NONE;
    }
}
