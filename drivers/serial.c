/* The port is looked for, never assumed: many machines have none. */

#include "serial.h"

#include "byte_queue.h"
#include "ports.h"
#include "serial_regs.h"
#include "timer.h"

/*
 * A UART without a cable sends all the same, a byte in 87 us, so one that does not become ready is
 * broken; but an emulator's waits for whoever reads at the other end. It gets three seconds, once:
 * longer, and the machine looks hung.
 */
#define SEND_MICROSECONDS 3000000u
#define SEND_STEP_MICROSECONDS 20u

/* More than any FIFO holds: a port that goes on and on is broken. */
#define RECEIVE_MAX 65536

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

/*
 * An 8250 has no scratch register, but no PC with a multiboot loader has an 8250. A bus that nobody
 * drives may keep the byte that was on it last, but not show zeros at another port meanwhile.
 */
static bool keeps(uint8_t value)
{
    write_register(SERIAL_SCRATCH, value);
    return !(read_register(SERIAL_INTERRUPTS) & SERIAL_IER_ZEROS) &&
           read_register(SERIAL_SCRATCH) == value;
}

static bool find_port(void)
{
    return keeps(0x5A) && keeps(0xA5);
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
    uint32_t waited = stuck ? SEND_MICROSECONDS : 0;
    while (!(read_register(SERIAL_LINE_STATUS) & SERIAL_LSR_CAN_SEND)) {
        stuck = waited >= SEND_MICROSECONDS;
        if (stuck)
            return;
        timer_wait(SEND_STEP_MICROSECONDS);
        waited += SEND_STEP_MICROSECONDS;
    }
    write_register(SERIAL_DATA, byte);
    stuck = false;
}

bool serial_is_present(void)
{
    return present;
}

/* What never stops receiving is not listened to any more. */
void serial_interrupt(void)
{
    if (!present)
        return;
    for (int i = 0; i < RECEIVE_MAX; i++) {
        if (!(read_register(SERIAL_LINE_STATUS) & SERIAL_LSR_RECEIVED))
            return;
        byte_queue_put(&received, read_register(SERIAL_DATA));
    }
    write_register(SERIAL_INTERRUPTS, 0);
}

bool serial_read(uint8_t *byte)
{
    return byte_queue_take(&received, byte);
}
