/* Drives two 8259 controllers in cascade as one with 16 lines, from any base vector on. */

#include "pic.h"

#include "ports.h"

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

/* System control port B (IBM PS/2 Model 80 technical reference, system board, ports). */
#define NMI_PORT_B 0x61
#define NMI_CHANNEL_CHECK 0x40 /* an adapter reported an error */
#define NMI_PARITY_CHECK 0x80 /* memory did; on PCI, SERR# */
#define NMI_PORT_ABSENT 0xFF

static void init_one(uint16_t pic, uint8_t vector, uint8_t cascade)
{
    port_write8(pic + PIC_COMMAND, PIC_ICW1_INIT);
    port_write8(pic + PIC_DATA, vector);
    port_write8(pic + PIC_DATA, cascade);
    port_write8(pic + PIC_DATA, PIC_ICW4_8086);
    port_write8(pic + PIC_DATA, 0xFF);
}

void pic_init(unsigned first_vector)
{
    init_one(PIC_MASTER, (uint8_t)first_vector, PIC_ICW3_MASTER);
    init_one(PIC_SLAVE, (uint8_t)(first_vector + 8), PIC_ICW3_SLAVE);
    pic_enable(PIC_CASCADE_LINE);
}

static uint16_t pic_of(unsigned line)
{
    return line < 8 ? PIC_MASTER : PIC_SLAVE;
}

void pic_enable(unsigned line)
{
    uint16_t pic = pic_of(line);
    port_write8(pic + PIC_DATA, (uint8_t)(port_read8(pic + PIC_DATA) & ~(1u << (line & 7))));
}

void pic_disable(unsigned line)
{
    uint16_t pic = pic_of(line);
    port_write8(pic + PIC_DATA, (uint8_t)(port_read8(pic + PIC_DATA) | 1u << (line & 7)));
}

static uint8_t read_in_service(uint16_t pic)
{
    port_write8(pic + PIC_COMMAND, PIC_OCW3_READ_IN_SERVICE);
    return port_read8(pic + PIC_COMMAND);
}

/* A spurious interrupt of the slave is still a real one for the master. */
bool pic_begin(unsigned line)
{
    if ((line & 7) != 7)
        return true;
    uint16_t pic = pic_of(line);
    if (read_in_service(pic) & 0x80)
        return true;
    if (pic == PIC_SLAVE)
        port_write8(PIC_MASTER + PIC_COMMAND, PIC_OCW2_END);
    return false;
}

void pic_end(unsigned line)
{
    if (line >= 8)
        port_write8(PIC_SLAVE + PIC_COMMAND, PIC_OCW2_END);
    port_write8(PIC_MASTER + PIC_COMMAND, PIC_OCW2_END);
}

static void end_all_but(uint16_t pic, uint8_t begun)
{
    unsigned undelivered = read_in_service(pic) & ~(unsigned)begun;
    for (unsigned line = 0; line < 8; line++)
        if (undelivered >> line & 1)
            port_write8(pic + PIC_COMMAND, (uint8_t)(PIC_OCW2_END_LINE | line));
}

void pic_end_undelivered(uint16_t begun)
{
    uint8_t slave_begun = (uint8_t)(begun >> 8);
    end_all_but(PIC_SLAVE, slave_begun);
    end_all_but(PIC_MASTER, (uint8_t)(begun | (slave_begun ? 1u << PIC_CASCADE_LINE : 0)));
}

/* Reads what the board latched, and changes nothing: there is no going on after it. */
const char *pic_nmi_reason(void)
{
    uint8_t port = port_read8(NMI_PORT_B);
    if (port == NMI_PORT_ABSENT || !(port & (NMI_PARITY_CHECK | NMI_CHANNEL_CHECK)))
        return "no error is latched: a button, a watchdog or the power supply";
    return port & NMI_PARITY_CHECK ? "memory parity, or a PCI system error"
                                   : "an adapter's channel check";
}
