#ifndef NMI_H
#define NMI_H

/* Why a non-maskable interrupt came, as far as the board says: a text that lives for ever. */
const char *nmi_reason(void);

#endif
