/* The port is looked for, never assumed: many machines have none. */

#include "serial.h"

#include "byte_queue.h"
#include "ports.h"
#include "serial_regs.h"

/*
 * A UART without a cable sends all the same, so one that does not become ready is broken; but an
 * emulator's waits for whoever reads at the other end. That is a minute or two on a real machine,
 * some ten seconds in QEMU, and once.
 */
#define SEND_TRIES 100000000

static bool present;
static bool stuck; /* it was not ready in all that time; nobody waits for it again until it is */
static struct byte_queue received;

static uint8_t read_register(unsigned offset)
{
    return port_read8((uint16_t)(SERIAL_COM1 + offset));
}

static void write_register(unsigned offset, uint8_t value)
{
    port_write8((uint16_t)(SERIAL_COM1 + offset), value);
}

/* An 8250 has no scratch register, but no PC with a multiboot loader has an 8250. */
static bool find_port(void)
{
    write_register(SERIAL_SCRATCH, 0x5A);
    if (read_register(SERIAL_SCRATCH) != 0x5A)
        return false;
    write_register(SERIAL_SCRATCH, 0xA5);
    return read_register(SERIAL_SCRATCH) == 0xA5;
}

bool serial_init(void)
{
    present = find_port();
    if (!present)
        return false;
    write_register(SERIAL_INTERRUPTS, 0);
    write_register(SERIAL_LINE_CONTROL, SERIAL_LCR_DIVISOR);
    write_register(SERIAL_DATA, SERIAL_DIVISOR_115200);
    write_register(SERIAL_INTERRUPTS, 0);
    write_register(SERIAL_LINE_CONTROL, SERIAL_LCR_8N1);
    write_register(SERIAL_FIFO, SERIAL_FCR_ENABLE);
    write_register(SERIAL_MODEM_CONTROL, SERIAL_MCR_READY);
    write_register(SERIAL_INTERRUPTS, SERIAL_IER_RECEIVE);
    return true;
}

void serial_write(uint8_t byte)
{
    if (!present)
        return;
    for (int tries = stuck ? 1 : SEND_TRIES; tries > 0; tries--) {
        if (read_register(SERIAL_LINE_STATUS) & SERIAL_LSR_CAN_SEND) {
            write_register(SERIAL_DATA, byte);
            stuck = false;
            return;
        }
    }
    stuck = true;
}

void serial_interrupt(void)
{
    while (present && (read_register(SERIAL_LINE_STATUS) & SERIAL_LSR_RECEIVED))
        byte_queue_put(&received, read_register(SERIAL_DATA));
}

bool serial_read(uint8_t *byte)
{
    return byte_queue_take(&received, byte);
}
