/* The serial port that is not there, that nobody listens to, that is stuck, that never stops. */

#include "test.h"

#include "fake_ports.h"

#include <string.h>

#include "drivers/serial.c"

static uint64_t now; /* microseconds */

static struct port {
    enum { WORKS, ABSENT, ECHOES, IS_RAM } kind; /* ECHOES: the bus shows what was last on it */
    uint8_t registers[8];
    uint8_t last;
    uint64_t byte_time; /* a byte is on its way for so long */
    uint64_t ready_at;
    bool never_ready;
    bool receives_for_ever;
    size_t to_receive;
    char sent[64];
    size_t sent_count;
} port;

static uint32_t fake_read(uint16_t number, unsigned size_bytes)
{
    assert_int_equal(size_bytes, 1);
    unsigned offset = number - SERIAL_COM1;
    assert_in_range(offset, 0, 7);
    now++;
    if (port.kind == ABSENT)
        return 0xFF;
    if (port.kind == ECHOES)
        return port.last;
    if (port.kind == IS_RAM)
        return port.registers[offset];
    if (offset == SERIAL_LINE_STATUS)
        return (port.never_ready || now < port.ready_at ? 0u : SERIAL_LSR_CAN_SEND) |
               (port.receives_for_ever || port.to_receive > 0 ? SERIAL_LSR_RECEIVED : 0u);
    if (offset == SERIAL_DATA) {
        port.to_receive -= port.to_receive > 0;
        return 'x';
    }
    return port.registers[offset];
}

static void fake_write(uint16_t number, uint32_t value, unsigned size_bytes)
{
    assert_int_equal(size_bytes, 1);
    unsigned offset = number - SERIAL_COM1;
    assert_in_range(offset, 0, 7);
    now++;
    port.last = (uint8_t)value;
    bool is_divisor = port.registers[SERIAL_LINE_CONTROL] & SERIAL_LCR_DIVISOR;
    if (offset == SERIAL_DATA && port.kind == WORKS && !is_divisor) {
        assert_true(port.sent_count < sizeof port.sent - 1);
        port.sent[port.sent_count++] = (char)value;
        port.ready_at = now + port.byte_time;
    }
    if (offset == SERIAL_INTERRUPTS && port.kind == WORKS)
        value &= 0x0F;
    port.registers[offset] = (uint8_t)value;
}

void timer_wait(uint32_t microseconds)
{
    now += microseconds;
}

static int start(void **state)
{
    (void)state;
    now = 0;
    stuck = false;
    received = (struct byte_queue){0};
    port = (struct port){.byte_time = 87};
    return 0;
}

static void say(const char *text)
{
    while (*text)
        serial_write((uint8_t)*text++);
}

static void nobody_at_the_other_end_does_not_matter(void **state)
{
    (void)state;
    assert_true(serial_init());
    assert_true(serial_is_present());
    say("hello");
    assert_string_equal(port.sent, "hello");
    assert_in_range(now, 4 * 87, 10 * 87);
}

static void absent_port_costs_nothing(void **state)
{
    (void)state;
    port.kind = ABSENT;
    assert_false(serial_init());
    assert_false(serial_is_present());
    now = 0;
    say("hello");
    serial_interrupt();
    assert_int_equal(now, 0);
}

static void bus_that_keeps_the_last_byte_is_no_port(void **state)
{
    (void)state;
    port.kind = ECHOES;
    assert_false(serial_init());
}

static void register_with_wrong_ones_is_no_port(void **state)
{
    (void)state;
    port.kind = IS_RAM;
    port.registers[SERIAL_INTERRUPTS] = 0x30;
    assert_false(serial_init());
}

static void stuck_port_is_waited_for_once(void **state)
{
    (void)state;
    assert_true(serial_init());
    port.never_ready = true;
    say("h");
    assert_in_range(now, 2000000, 4000000);
    uint64_t then = now;
    say("ello, a whole line of text");
    assert_in_range(now - then, 0, 1000);
    assert_int_equal(port.sent_count, 0);
}

static void port_that_comes_back_is_used_again(void **state)
{
    (void)state;
    assert_true(serial_init());
    port.never_ready = true;
    say("h");
    port.never_ready = false;
    say("ello");
    assert_string_equal(port.sent, "ello");
}

static void all_that_came_is_read(void **state)
{
    (void)state;
    assert_true(serial_init());
    port.to_receive = 16;
    serial_interrupt();
    uint8_t byte;
    size_t count = 0;
    while (serial_read(&byte))
        count++;
    assert_int_equal(count, 16);
    assert_int_equal(port.registers[SERIAL_INTERRUPTS], SERIAL_IER_RECEIVE);
}

static void port_that_never_stops_is_silenced(void **state)
{
    (void)state;
    assert_true(serial_init());
    port.receives_for_ever = true;
    serial_interrupt();
    assert_int_equal(port.registers[SERIAL_INTERRUPTS], 0);
    say("hello");
    assert_string_equal(port.sent, "hello");
}

#define WITH(test) cmocka_unit_test_setup(test, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(nobody_at_the_other_end_does_not_matter),
        WITH(absent_port_costs_nothing),
        WITH(bus_that_keeps_the_last_byte_is_no_port),
        WITH(register_with_wrong_ones_is_no_port),
        WITH(stuck_port_is_waited_for_once),
        WITH(port_that_comes_back_is_used_again),
        WITH(all_that_came_is_read),
        WITH(port_that_never_stops_is_silenced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
