#ifndef PIC_REGS_H
#define PIC_REGS_H

/* The pair of 8259A interrupt controllers of a PC (Intel 8259A data sheet, 231468). */

#define PIC_MASTER 0x20
#define PIC_SLAVE 0xA0
#define PIC_COMMAND 0 /* offsets */
#define PIC_DATA 1

#define PIC_ICW1_INIT 0x11 /* edge triggered, cascade, ICW4 follows */
#define PIC_ICW3_MASTER 0x04 /* the slave is at line 2 */
#define PIC_ICW3_SLAVE 0x02
#define PIC_ICW4_8086 0x01
#define PIC_OCW2_END 0x20
#define PIC_OCW2_END_LINE 0x60 /* and the line, 0 to 7 */
#define PIC_OCW3_READ_IN_SERVICE 0x0B

#define PIC_CASCADE_LINE 2

#endif
