/* Interrupts that are none: noise on the last line of either controller; and why an NMI came. */

#include "test.h"

#include "fake_ports.h"

#include <string.h>

#include "drivers/pc/pic.c"

static uint8_t in_service[2]; /* of master and slave */
static uint8_t masks[2];
static size_t ends[2]; /* told so often that an interrupt was handled */
static uint8_t port_b;

static uint32_t fake_read(uint16_t port, unsigned size_bytes)
{
    assert_int_equal(size_bytes, 1);
    if (port == NMI_PORT_B)
        return port_b;
    size_t index = port >= PIC_SLAVE;
    return port & PIC_DATA ? masks[index] : in_service[index];
}

static void fake_write(uint16_t port, uint32_t value, unsigned size_bytes)
{
    assert_int_equal(size_bytes, 1);
    size_t index = port >= PIC_SLAVE;
    if (port & PIC_DATA)
        masks[index] = (uint8_t)value;
    else if (value == PIC_OCW2_END)
        ends[index]++;
    else if ((value & ~7u) == PIC_OCW2_END_LINE)
        in_service[index] = (uint8_t)(in_service[index] & ~(1u << (value & 7)));
    else
        assert_true(value == PIC_OCW3_READ_IN_SERVICE || value == PIC_ICW1_INIT);
}

static int start(void **state)
{
    (void)state;
    memset(in_service, 0, sizeof in_service);
    memset(ends, 0, sizeof ends);
    return 0;
}

static void real_interrupts_are_ended(void **state)
{
    (void)state;
    in_service[0] = in_service[1] = 0x80;
    for (unsigned line = 0; line < PIC_LINES; line++) {
        assert_true(pic_begin(line));
        pic_end(line);
        assert_int_equal(ends[0], line + 1);
        assert_int_equal(ends[1], line < 8 ? 0 : line - 7);
    }
}

static void noise_at_the_master_is_not_ended(void **state)
{
    (void)state;
    in_service[0] = 0x01;
    assert_false(pic_begin(7));
    assert_int_equal(ends[0] + ends[1], 0);
}

static void noise_at_the_slave_is_real_to_the_master(void **state)
{
    (void)state;
    in_service[0] = 1 << PIC_CASCADE_LINE;
    assert_false(pic_begin(15));
    assert_int_equal(ends[0], 1);
    assert_int_equal(ends[1], 0);
}

static void what_could_not_be_delivered_is_ended(void **state)
{
    (void)state;
    static const struct {
        uint8_t master, slave; /* in service */
        uint16_t begun;
        uint8_t master_left, slave_left;
    } rows[] = {
        {0x00, 0x00, 0x0000, 0x00, 0x00},
        {0x01, 0x00, 0x0000, 0x00, 0x00}, /* the timer's */
        {0x01, 0x00, 0x0001, 0x01, 0x00}, /* its handler runs */
        {0x03, 0x00, 0x0002, 0x02, 0x00},
        {0x04, 0x10, 0x0000, 0x00, 0x00}, /* line 12, and the line of its controller */
        {0x04, 0x10, 0x1000, 0x04, 0x10},
        {0x05, 0x10, 0x1000, 0x04, 0x10},
        {0x04, 0x11, 0x1000, 0x04, 0x10},
        {0x04, 0x00, 0x0000, 0x00, 0x00}, /* noise at the slave */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        in_service[0] = rows[i].master;
        in_service[1] = rows[i].slave;
        pic_end_undelivered(rows[i].begun);
        assert_int_equal(in_service[0], rows[i].master_left);
        assert_int_equal(in_service[1], rows[i].slave_left);
    }
    assert_int_equal(ends[0] + ends[1], 0);
}

static void all_lines_are_off_at_first(void **state)
{
    (void)state;
    pic_init(32);
    assert_int_equal(masks[0], 0xFF & ~(1 << PIC_CASCADE_LINE));
    assert_int_equal(masks[1], 0xFF);
}

static void nmi_has_the_boards_reason(void **state)
{
    (void)state;
    static const struct {
        uint8_t port;
        const char *word;
    } cases[] = {{0x80, "parity"},
                 {0xB0, "parity"},
                 {0x40, "channel"},
                 {0x20, "no error"},
                 {0xFF, "no error"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        port_b = cases[i].port;
        assert_non_null(strstr(pic_nmi_reason(), cases[i].word));
    }
}

#define WITH(test) cmocka_unit_test_setup(test, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(real_interrupts_are_ended),
        WITH(noise_at_the_master_is_not_ended),
        WITH(noise_at_the_slave_is_real_to_the_master),
        WITH(what_could_not_be_delivered_is_ended),
        WITH(all_lines_are_off_at_first),
        WITH(nmi_has_the_boards_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
