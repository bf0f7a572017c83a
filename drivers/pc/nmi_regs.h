#ifndef NMI_REGS_H
#define NMI_REGS_H

/* System control port B (IBM PS/2 Model 80 technical reference, system board, ports). */

#define NMI_PORT_B 0x61
#define NMI_CHANNEL_CHECK 0x40 /* an adapter reported an error */
#define NMI_PARITY_CHECK 0x80 /* memory did; on PCI, SERR# */
#define NMI_PORT_ABSENT 0xFF

#endif
