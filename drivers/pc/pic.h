#ifndef PIC_H
#define PIC_H

/* The 8259 interrupt controllers: which lines may interrupt, when they are done; and the NMI. */

#include <stdbool.h>
#include <stdint.h>

#define PIC_LINES 16
#define PIC_CASCADE_LINE 2 /* where the second controller is */

/* Moves the lines to vectors first_vector to first_vector + 15, a multiple of 8; all are off. */
void pic_init(unsigned first_vector);

/* Lets a line (0 to 15) interrupt, or no longer. */
void pic_enable(unsigned line);
void pic_disable(unsigned line);

/*
 * To be called when a line's interrupt is about to be handled. False if it was spurious: noise on
 * lines 7 and 15 that must not be answered with pic_end.
 */
bool pic_begin(unsigned line);

/* The line's interrupt was handled; the next may come. */
void pic_end(unsigned line);

/*
 * Ends every line that is in service but not in `begun` (a bit a line): the processor took its
 * interrupt, and could not deliver it because it faulted when it pushed to the stack.
 */
void pic_end_undelivered(uint16_t begun);

/* Why a non-maskable interrupt came, as far as the board says: a text that lives for ever. */
const char *pic_nmi_reason(void);

#endif
