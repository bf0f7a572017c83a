/* Sends and receives bytes through COM1. Many machines have none, so the port is looked for. */

#include "serial.h"

#include "byte_queue.h"
#include "ports.h"
#include "timer.h"

/* The 16550 UART (National Semiconductor PC16550D data sheet), at COM1. */

#define SERIAL_COM1 0x3F8

#define SERIAL_DATA 0 /* offsets; 0 and 1 are the divisor while SERIAL_LCR_DIVISOR is set */
#define SERIAL_INTERRUPTS 1
#define SERIAL_FIFO 2
#define SERIAL_LINE_CONTROL 3
#define SERIAL_MODEM_CONTROL 4
#define SERIAL_LINE_STATUS 5
#define SERIAL_SCRATCH 7

#define SERIAL_IER_RECEIVE 0x01
#define SERIAL_IER_ZEROS 0xF0 /* always read as zeros */
#define SERIAL_FCR_ENABLE 0x07 /* on, both FIFOs emptied, interrupt at the first byte */
#define SERIAL_LCR_8N1 0x03
#define SERIAL_LCR_DIVISOR 0x80
#define SERIAL_MCR_READY 0x0B /* DTR, RTS, and OUT2, which lets interrupts through on a PC */
#define SERIAL_MCR_HELD 0x09 /* the same without RTS: the sender shall wait */
#define SERIAL_LSR_RECEIVED 0x01
#define SERIAL_LSR_OVERRUN 0x02 /* it had no room for a byte; reading clears this, and the next */
#define SERIAL_LSR_DAMAGED 0x0C /* parity or framing error of the byte to be read */
#define SERIAL_LSR_BREAK 0x10 /* the byte to be read is none, and not damaged */
#define SERIAL_LSR_CAN_SEND 0x20

#define SERIAL_DIVISOR_115200 1

/*
 * A UART without a cable sends all the same, a byte in 87 us, so one that does not become ready is
 * broken; but an emulator's waits for whoever reads at the other end. It gets three seconds, once:
 * longer, and the machine looks hung.
 */
#define SEND_MICROSECONDS 3000000u
#define SEND_STEP_MICROSECONDS 20u

/* A port that gives more than this without a pause is broken, and is not listened to any more. */
#define UNBROKEN_MAX (1u << 20)

/* With so many bytes in the queue, the sender is asked to wait: it may have sent some already. */
#define QUEUE_BYTES 4096u
#define HOLD_BYTES (QUEUE_BYTES * 3 / 4)
#define RESUME_BYTES (QUEUE_BYTES / 4)

static bool present;
static bool stuck; /* it was not ready in all that time; nobody waits for it again until it is */
static uint8_t received_bytes[QUEUE_BYTES];
static struct byte_queue received = BYTE_QUEUE_OF(received_bytes);
static volatile bool is_held; /* the sender; RTS says so */
static volatile bool has_lost; /* bytes, among the ones that are not read from it yet */
static uint32_t unbroken_count; /* of bytes since it had none the last time */

/*
 * An 8250 has no scratch register, but no PC with a multiboot loader has an 8250. A bus that nobody
 * drives may keep the byte that was on it last, but not show zeros at another port meanwhile.
 */
static bool keeps(uint8_t value)
{
    port_write8(SERIAL_COM1 + SERIAL_SCRATCH, value);
    return !(port_read8(SERIAL_COM1 + SERIAL_INTERRUPTS) & SERIAL_IER_ZEROS) &&
           port_read8(SERIAL_COM1 + SERIAL_SCRATCH) == value;
}

/*
 * The status of the line. Reading it clears what it says of lost bytes, so nothing else reads it.
 * By the time the main program knows, an interrupt may have put what lies behind the gap.
 */
static uint8_t read_status(void)
{
    uint32_t put_count = received.put_count;
    uint8_t status = port_read8(SERIAL_COM1 + SERIAL_LINE_STATUS);
    bool is_damaged = (status & SERIAL_LSR_DAMAGED) && !(status & SERIAL_LSR_BREAK);
    if ((status & SERIAL_LSR_OVERRUN) || is_damaged) {
        has_lost = true;
        byte_queue_lose_behind(&received, put_count);
    }
    return status;
}

/* The UART keeps what comes from now on; what it has no room for, it says to be lost. */
static void hold_sender(bool stops_receiving)
{
    is_held = true;
    port_write8(SERIAL_COM1 + SERIAL_MODEM_CONTROL, SERIAL_MCR_HELD);
    if (stops_receiving)
        port_write8(SERIAL_COM1 + SERIAL_INTERRUPTS, 0);
}

static void let_sender_go(void)
{
    is_held = false;
    port_write8(SERIAL_COM1 + SERIAL_MODEM_CONTROL, SERIAL_MCR_READY);
    port_write8(SERIAL_COM1 + SERIAL_INTERRUPTS, SERIAL_IER_RECEIVE);
}

/*
 * A FIFO loses bytes behind the ones it holds, a UART without one the byte before the one it has.
 * So all is in doubt until it is empty, and the first byte after that.
 */
static void receive(void)
{
    while (read_status() & SERIAL_LSR_RECEIVED) {
        if (!byte_queue_has_room(&received) || unbroken_count > UNBROKEN_MAX) {
            hold_sender(true);
            return;
        }
        if (has_lost)
            byte_queue_lose(&received);
        byte_queue_put(&received, port_read8(SERIAL_COM1 + SERIAL_DATA));
        unbroken_count++;
        if (!is_held && byte_queue_length(&received) >= HOLD_BYTES)
            hold_sender(false);
    }
    if (has_lost)
        byte_queue_lose(&received);
    has_lost = false;
    unbroken_count = 0;
}

/*
 * The sender waits until somebody reads: until then, nobody answers interrupts either. What
 * firmware left unread would vanish when the FIFO is emptied.
 */
bool serial_init(void)
{
    present = keeps(0x5A) && keeps(0xA5);
    if (!present)
        return false;
    hold_sender(true);
    port_write8(SERIAL_COM1 + SERIAL_LINE_CONTROL, SERIAL_LCR_DIVISOR);
    port_write8(SERIAL_COM1 + SERIAL_DATA, SERIAL_DIVISOR_115200);
    port_write8(SERIAL_COM1 + SERIAL_INTERRUPTS, 0);
    port_write8(SERIAL_COM1 + SERIAL_LINE_CONTROL, SERIAL_LCR_8N1);
    receive();
    port_write8(SERIAL_COM1 + SERIAL_FIFO, SERIAL_FCR_ENABLE);
    return true;
}

void serial_write(uint8_t byte)
{
    if (!present)
        return;
    uint32_t waited = stuck ? SEND_MICROSECONDS : 0;
    while (!(read_status() & SERIAL_LSR_CAN_SEND)) {
        stuck = waited >= SEND_MICROSECONDS;
        if (stuck)
            return;
        timer_wait(SEND_STEP_MICROSECONDS);
        waited += SEND_STEP_MICROSECONDS;
    }
    port_write8(SERIAL_COM1 + SERIAL_DATA, byte);
    stuck = false;
}

bool serial_is_present(void)
{
    return present;
}

void serial_interrupt(void)
{
    if (present)
        receive();
}

bool serial_read(uint8_t *byte)
{
    bool is_there = byte_queue_take(&received, byte);
    if (present && is_held && byte_queue_length(&received) <= RESUME_BYTES &&
        unbroken_count <= UNBROKEN_MAX)
        let_sender_go();
    return is_there;
}

bool serial_take_through(uint8_t byte)
{
    return byte_queue_take_through(&received, byte);
}
