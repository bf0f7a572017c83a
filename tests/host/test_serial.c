/*
 * The serial port that is not there, that nobody listens to, that is stuck, that never stops; and
 * one that receives more than anybody reads.
 */

#include "test.h"

#include "fake_ports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/pc/serial.c"
#include "kernel/lib/random.h"

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
    size_t depth; /* of what it keeps, once its FIFO is on; 0: see above */
    uint8_t kept[16];
    size_t kept_count;
    uint8_t errors; /* of the line status */
    bool interrupts_at_status; /* comes when the status was read, and before the reader goes on */
} port;

#define SERIAL_LSR_ERRORS (SERIAL_LSR_OVERRUN | SERIAL_LSR_DAMAGED | SERIAL_LSR_BREAK)

static bool is_in_interrupt;

static void interrupt(void)
{
    is_in_interrupt = true;
    serial_interrupt();
    is_in_interrupt = false;
}

/* PC16550D data sheet, 8.4: an overrun is told at once, and until the status is read. */
static uint32_t read_line_status(void)
{
    uint8_t status = port.errors & SERIAL_LSR_ERRORS;
    if (!port.never_ready && now >= port.ready_at)
        status |= SERIAL_LSR_CAN_SEND;
    if (port.receives_for_ever || port.to_receive > 0 || port.kept_count > 0)
        status |= SERIAL_LSR_RECEIVED;
    port.errors = 0;
    if (port.interrupts_at_status && !is_in_interrupt)
        interrupt();
    return status;
}

static uint8_t read_data(void)
{
    if (port.depth == 0) {
        port.to_receive -= port.to_receive > 0;
        return 'x';
    }
    uint8_t byte = port.kept[0];
    port.kept_count -= port.kept_count > 0;
    memmove(port.kept, port.kept + 1, port.kept_count);
    return byte;
}

/* The same, 8.1 and 8.4: a FIFO loses the byte that comes, a register the one that it has. */
static void arrive(uint8_t byte)
{
    bool has_fifo = port.depth > 1 && (port.registers[SERIAL_FIFO] & 1);
    if (port.kept_count == (has_fifo ? port.depth : 1)) {
        port.errors |= SERIAL_LSR_OVERRUN;
        port.kept_count -= !has_fifo;
        if (has_fifo)
            return;
    }
    port.kept[port.kept_count++] = byte;
}

static bool is_ready_to_receive(void)
{
    return port.registers[SERIAL_MODEM_CONTROL] & 2;
}

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
        return read_line_status();
    if (offset == SERIAL_DATA)
        return read_data();
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
        if (port.sent_count < sizeof port.sent - 1)
            port.sent[port.sent_count++] = (char)value;
        port.ready_at = now + port.byte_time;
    }
    if (offset == SERIAL_INTERRUPTS && port.kind == WORKS)
        value &= 0x0F;
    if (offset == SERIAL_FIFO && (value & 2))
        port.kept_count = 0;
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
    received = (struct byte_queue)BYTE_QUEUE_OF(received_bytes);
    is_held = has_lost = false;
    unbroken_count = 0;
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

/* At first for want of room, then for good. */
static void port_that_never_stops_is_silenced(void **state)
{
    (void)state;
    uint8_t byte;
    assert_true(serial_init());
    assert_false(serial_read(&byte));
    port.receives_for_ever = true;
    serial_interrupt();
    assert_int_equal(port.registers[SERIAL_INTERRUPTS], 0);
    say("hello");
    assert_string_equal(port.sent, "hello");
    for (unsigned i = 0; i < 2 * UNBROKEN_MAX && serial_read(&byte); i++)
        if (port.registers[SERIAL_INTERRUPTS] & SERIAL_IER_RECEIVE)
            serial_interrupt();
    assert_false(serial_read(&byte));
    assert_int_equal(port.registers[SERIAL_INTERRUPTS], 0);
}

/* ---- more than anybody reads ----------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t depth;
} chips[] = {{"16450", 1}, {"16550A", 16}};

#define CHIP_COUNT (sizeof chips / sizeof *chips)

static void open_chip(size_t depth)
{
    port = (struct port){.depth = depth};
    received = (struct byte_queue)BYTE_QUEUE_OF(received_bytes);
    assert_true(serial_init());
    uint8_t byte;
    assert_false(serial_read(&byte));
}

/* A byte, and the interrupt that it makes. */
static void arrive_and_interrupt(uint8_t byte)
{
    arrive(byte);
    if (port.registers[SERIAL_INTERRUPTS] & SERIAL_IER_RECEIVE)
        interrupt();
}

static void sender_waits_until_somebody_reads(void **state)
{
    (void)state;
    uint8_t byte;
    assert_true(serial_init());
    assert_false(is_ready_to_receive());
    assert_int_equal(port.registers[SERIAL_INTERRUPTS], 0);
    assert_false(serial_read(&byte));
    assert_true(is_ready_to_receive());
    assert_int_equal(port.registers[SERIAL_INTERRUPTS], SERIAL_IER_RECEIVE);
}

static void what_was_typed_before_the_kernel_is_kept(void **state)
{
    (void)state;
    uint8_t byte;
    port.depth = 16;
    port.registers[SERIAL_FIFO] = 1;
    arrive('a');
    arrive('b');
    assert_true(serial_init());
    assert_true(serial_read(&byte) && byte == 'a');
    assert_true(serial_read(&byte) && byte == 'b');
    assert_false(serial_read(&byte));
}

/* One that never listens loses nothing before the port itself is full. */
static void full_queue_leaves_bytes_in_the_port(void **state)
{
    (void)state;
    for (size_t chip = 0; chip < CHIP_COUNT; chip++) {
        open_chip(chips[chip].depth);
        size_t at_hold = 0;
        size_t room = QUEUE_BYTES - 3 + port.depth;
        for (size_t i = 0; i < room; i++) {
            arrive_and_interrupt((uint8_t)(i % 100));
            at_hold = is_ready_to_receive() ? i + 1 : at_hold;
        }
        assert_in_range(at_hold, QUEUE_BYTES / 2, QUEUE_BYTES - 256);
        assert_int_equal(port.registers[SERIAL_INTERRUPTS], 0);
        assert_int_equal(port.registers[SERIAL_MODEM_CONTROL], SERIAL_MCR_HELD);
        assert_int_equal(port.kept_count, port.depth);
        for (size_t i = 0; i < room; i++) {
            uint8_t byte;
            assert_true(serial_read(&byte));
            assert_int_equal(byte, i % 100);
            if (port.kept_count > 0 && (port.registers[SERIAL_INTERRUPTS] & SERIAL_IER_RECEIVE))
                interrupt();
        }
        assert_true(is_ready_to_receive());
        assert_int_equal(port.registers[SERIAL_INTERRUPTS], SERIAL_IER_RECEIVE);
    }
}

/* Lines that can be told from any part of any other: "17:aaaaa:17". */
static size_t make_line(char text[64], unsigned number)
{
    int fill = (int)(number * 7 % 31);
    return (size_t)snprintf(text, 64, "%u:%.*s:%u\r", number, fill,
                            "abcdefghijklmnopqrstuvwxyzabcdefgh", number);
}

/* What the shell would see. */
static struct {
    char text[4096];
    size_t length;
    bool has_lost;
    unsigned run_count;
    unsigned refused_count;
} reader;

static void run_line(void)
{
    char expected[64];
    unsigned number = (unsigned)strtoul(reader.text, NULL, 10);
    reader.text[reader.length] = '\0';
    reader.run_count += !reader.has_lost;
    reader.refused_count += reader.has_lost;
    make_line(expected, number);
    if (!reader.has_lost && strcmp(reader.text, expected) != 0)
        fail_msg("\"%s\" would be run", reader.text);
    reader.length = 0;
    reader.has_lost = false;
}

static void read_some(size_t count)
{
    uint8_t byte;
    while (count-- > 0 && serial_read(&byte)) {
        if (byte == BYTE_QUEUE_LOST)
            reader.has_lost = true;
        else if (reader.length < sizeof reader.text - 2)
            reader.text[reader.length++] = (char)byte;
        if (byte == '\r')
            run_line();
        /* What came while interrupts were off is told when they are on. */
        if (port.kept_count > 0 && (port.registers[SERIAL_INTERRUPTS] & SERIAL_IER_RECEIVE))
            interrupt();
    }
}

#define LINE_COUNT 20000u

/*
 * Bytes, interrupts that come late, reading and writing in any order. After RTS went down, the
 * sender still sends so many bytes; UINT32_MAX: it does not look at RTS.
 */
static void send_lines(uint32_t late_bytes, uint32_t interrupt_share, uint64_t seed)
{
    memset(&reader, 0, sizeof reader);
    uint32_t since_held = 0;
    for (unsigned number = 1; number <= LINE_COUNT; number++) {
        char text[64];
        size_t length = make_line(text, number);
        for (size_t i = 0; i < length;) {
            since_held = is_ready_to_receive() ? 0 : since_held + 1;
            if (since_held <= late_bytes) {
                arrive((uint8_t)text[i++]);
                since_held += since_held > 0;
            }
            bool is_on = port.registers[SERIAL_INTERRUPTS] & SERIAL_IER_RECEIVE;
            if (is_on && random_next(&seed) % 100 < interrupt_share)
                interrupt();
            if (random_next(&seed) % 64 == 0)
                serial_write('.');
            if (random_next(&seed) % 2000 == 0)
                read_some(random_next(&seed) % 8192);
        }
    }
    port.interrupts_at_status = false;
    interrupt();
    read_some(SIZE_MAX);
}

static void sender_that_waits_loses_nothing(void **state)
{
    (void)state;
    for (size_t chip = 0; chip < CHIP_COUNT; chip++) {
        open_chip(chips[chip].depth);
        send_lines(900, 100, RANDOM_SEED + chip);
        assert_int_equal(reader.run_count, LINE_COUNT);
        assert_int_equal(reader.refused_count, 0);
    }
}

/* Whatever the port and its reader do: what is run is what was sent. */
static void no_part_of_a_line_is_ever_run(void **state)
{
    (void)state;
    static const struct {
        uint32_t late_bytes;
        uint32_t interrupt_share;
        bool interrupts_at_status;
    } senders[] = {{UINT32_MAX, 100, false},
                   {UINT32_MAX, 100, true},
                   {UINT32_MAX, 60, true},
                   {UINT32_MAX, 7, true},
                   {20000, 100, true},
                   {0, 50, true},
                   {0, 5, true}};
    for (size_t i = 0; i < sizeof senders / sizeof *senders * CHIP_COUNT; i++) {
        size_t sender = i / CHIP_COUNT;
        open_chip(chips[i % CHIP_COUNT].depth);
        port.interrupts_at_status = senders[sender].interrupts_at_status;
        send_lines(senders[sender].late_bytes, senders[sender].interrupt_share, RANDOM_SEED + i);
        print_message("%s, sender %zu: %u run, %u refused\n", chips[i % CHIP_COUNT].name, sender,
                      reader.run_count, reader.refused_count);
        assert_true(reader.refused_count > 0 || senders[sender].late_bytes != UINT32_MAX);
        assert_true(reader.run_count + reader.refused_count <= LINE_COUNT);
    }
}

static void damaged_byte_is_as_good_as_lost(void **state)
{
    (void)state;
    static const struct {
        uint8_t errors;
        bool is_lost;
    } rows[] = {{0x04, true},  {0x08, true},  {0x0C, true}, {0x02, true},
                {0x10, false}, {0x18, false}, {0x12, true}, {0, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t byte;
        open_chip(16);
        arrive('a');
        port.errors = rows[i].errors;
        interrupt();
        assert_true(serial_read(&byte));
        if (rows[i].is_lost) {
            assert_int_equal(byte, BYTE_QUEUE_LOST);
            assert_true(serial_read(&byte));
        }
        assert_int_equal(byte, 'a');
        assert_false(serial_read(&byte));
    }
}

static void byte_that_looks_like_the_mark_is_none(void **state)
{
    (void)state;
    uint8_t byte;
    open_chip(16);
    arrive_and_interrupt(BYTE_QUEUE_LOST);
    assert_true(serial_read(&byte) && byte == 0);
    assert_false(serial_read(&byte));
}

static void ctrl_c_is_taken_with_what_came_before_it(void **state)
{
    (void)state;
    uint8_t byte;
    open_chip(16);
    arrive_and_interrupt('a');
    assert_false(serial_take_through(3));
    arrive_and_interrupt(3);
    arrive_and_interrupt('b');
    assert_true(serial_take_through(3));
    assert_false(serial_take_through(3));
    assert_true(serial_read(&byte) && byte == 'b');
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
        WITH(sender_waits_until_somebody_reads),
        WITH(what_was_typed_before_the_kernel_is_kept),
        WITH(full_queue_leaves_bytes_in_the_port),
        WITH(sender_that_waits_loses_nothing),
        WITH(no_part_of_a_line_is_ever_run),
        WITH(damaged_byte_is_as_good_as_lost),
        WITH(byte_that_looks_like_the_mark_is_none),
        WITH(ctrl_c_is_taken_with_what_came_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
