/* The mouse's protocol: set up by answers, whatever comes in between; packets, whole or torn. */

#include "drivers/pc/mouse.h"

#include "test.h"

#define ACK 0xFA
#define RESEND 0xFE

static struct mouse_protocol mouse;
static struct mouse_answer answer;
static uint32_t now;

static void take(uint8_t byte)
{
    mouse_protocol_take(&mouse, byte, now, &answer);
}

static void expect_sent(uint8_t byte)
{
    assert_true(answer.has_byte);
    assert_int_equal(answer.byte, byte);
}

/* Answers each byte of the set-up with an acknowledgement, and with this id. */
static void set_up(uint8_t id)
{
    static const uint8_t sent[] = {200, 0xF3, 100, 0xF3, 80, 0xF2};
    now = 0xFFFFFFF0;
    assert_int_equal(mouse_protocol_start(&mouse), 0xF3);
    for (size_t i = 0; i < sizeof sent; i++) {
        take(ACK);
        expect_sent(sent[i]);
    }
    take(ACK);
    assert_false(answer.has_byte);
    take(id);
    expect_sent(0xF4);
    assert_false(mouse.is_ready);
    take(ACK);
    assert_false(answer.has_byte);
    assert_true(mouse.is_ready);
    assert_int_equal(mouse.has_wheel, id == 3);
}

static void expect_motion(int dx, int dy, int wheel)
{
    assert_true(answer.has_motion);
    assert_int_equal(answer.motion.dx, dx);
    assert_int_equal(answer.motion.dy, dy);
    assert_int_equal(answer.motion.wheel, wheel);
}

static void plain_mouse_sends_three_bytes(void **state)
{
    (void)state;
    set_up(0);
    take(0x08);
    take(5);
    assert_false(answer.has_motion);
    take(3);
    expect_motion(5, -3, 0);
    take(0x38);
    take(0xFB);
    take(0x00);
    expect_motion(-5, 256, 0);
}

static void wheel_mouse_sends_four(void **state)
{
    (void)state;
    set_up(3);
    take(0x28);
    take(0);
    take(0xFF);
    assert_false(answer.has_motion);
    take(0x01);
    expect_motion(0, 1, 1);
    take(0x08), take(0), take(0), take(0x0F);
    expect_motion(0, 0, -1);
    take(0x08), take(0), take(0), take(0xFF);
    expect_motion(0, 0, -1);
}

/* Pressed once, held while it moves, let go, and pressed again: two clicks. */
static void presses_are_clicks(void **state)
{
    static const struct {
        uint8_t buttons;
        int clicks;
    } packets[] = {{0x08, 0}, {0x09, 1}, {0x09, 0}, {0x0B, 0}, {0x0A, 0}, {0x09, 1}, {0x08, 0}};
    (void)state;
    set_up(0);
    for (size_t i = 0; i < sizeof packets / sizeof *packets; i++) {
        take(packets[i].buttons), take(1), take(0);
        expect_motion(1, 0, 0);
        assert_int_equal(answer.motion.clicks, packets[i].clicks);
    }
}

static void resend_is_tried_a_few_times(void **state)
{
    (void)state;
    mouse_protocol_start(&mouse);
    take(RESEND);
    expect_sent(0xF3);
    take(ACK);
    expect_sent(200);
    take(RESEND);
    expect_sent(200);
    take(RESEND);
    expect_sent(200);
    take(RESEND);
    assert_false(answer.has_byte);
    take(0x55);
    assert_false(answer.has_byte);
}

static void byte_that_begins_no_packet_is_dropped(void **state)
{
    (void)state;
    set_up(0);
    take(0x00);
    take(0x07);
    take(0x09), take(1), take(1);
    expect_motion(1, -1, 0);
}

static void torn_packet_is_forgotten_after_a_gap(void **state)
{
    (void)state;
    set_up(0);
    take(0x08), take(100);
    now += MOUSE_GAP_TICKS + 1;
    take(0x08), take(2), take(0);
    expect_motion(2, 0, 0);
    take(0x08), take(3);
    now += MOUSE_GAP_TICKS;
    take(0);
    expect_motion(3, 0, 0);
}

static void overflow_is_no_motion(void **state)
{
    (void)state;
    set_up(0);
    take(0x48), take(1), take(1);
    assert_false(answer.has_motion);
    take(0x08), take(1), take(0);
    expect_motion(1, 0, 0);
}

static void mouse_that_was_plugged_in_is_set_up_again(void **state)
{
    (void)state;
    set_up(3);
    take(0xAA);
    take(0x00);
    expect_sent(0xF3);
    assert_false(mouse.is_ready);
    set_up(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_mouse_sends_three_bytes),
        cmocka_unit_test(wheel_mouse_sends_four),
        cmocka_unit_test(presses_are_clicks),
        cmocka_unit_test(resend_is_tried_a_few_times),
        cmocka_unit_test(byte_that_begins_no_packet_is_dropped),
        cmocka_unit_test(torn_packet_is_forgotten_after_a_gap),
        cmocka_unit_test(overflow_is_no_motion),
        cmocka_unit_test(mouse_that_was_plugged_in_is_set_up_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
