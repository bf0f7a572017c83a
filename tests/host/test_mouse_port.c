/*
 * The mouse's port of the keyboard controller, as it is and as it is found: absent, stuck, without
 * a second port, with a key that was pressed meanwhile. What the mouse says is test_mouse.c's.
 */

#include "test.h"

#include "fake_keyboard_controller.h"

#include "drivers/pc/keyboard_port.c"
#include "drivers/pc/mouse.c"

#define MODE_OF_KEYBOARD (KEYBOARD_MODE_INTERRUPT | KEYBOARD_MODE_MOUSE_DISABLED)
#define MICROSECONDS_MAX (2 * WAIT_MICROSECONDS)

uint32_t timer_ticks(void)
{
    return 0;
}

static int start(void **state)
{
    (void)state;
    struct mouse_motion motion;
    mouse_read(&motion);
    controller =
        (struct controller){.mode = MODE_OF_KEYBOARD, .answer_at = NEVER, .has_mouse = true};
    now = 0;
    return 0;
}

static void take_bytes(const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mouse_take_byte(bytes[i]);
}

/* Acknowledges the whole set-up, as a mouse without a wheel (test_mouse.c has its bytes). */
static void set_up(void)
{
    static const uint8_t answers[] = {0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0xFA, 0x00, 0xFA};
    assert_true(mouse_init());
    take_bytes(answers, sizeof answers);
}

static void port_is_opened_with_its_interrupt(void **state)
{
    (void)state;
    assert_true(mouse_init());
    assert_int_equal(controller.mode, KEYBOARD_MODE_INTERRUPT | KEYBOARD_MODE_MOUSE_INTERRUPT);
    assert_int_equal(controller.to_mouse_count, 1);
}

/* Each byte of the set-up goes through the controller's prefix: none may reach the keyboard. */
static void set_up_reaches_the_mouse(void **state)
{
    (void)state;
    static const uint8_t sent[] = {0xF3, 200, 0xF3, 100, 0xF3, 80, 0xF2, 0xF4};
    set_up();
    assert_int_equal(controller.to_mouse_count, sizeof sent);
    assert_memory_equal(controller.to_mouse, sent, sizeof sent);
}

static void motions_add_up_until_they_are_read(void **state)
{
    (void)state;
    static const uint8_t packets[] = {0x08, 5, 0, 0x18, 0xFE, 0, 0x28, 0, 0xF0};
    struct mouse_motion motion;
    set_up();
    assert_false(mouse_read(&motion));
    take_bytes(packets, sizeof packets);
    assert_true(mouse_read(&motion));
    assert_int_equal(motion.dx, 3);
    assert_int_equal(motion.dy, 16); /* the mouse's axis points up, the screen's down */
    assert_int_equal(motion.wheel, 0);
    assert_false(mouse_read(&motion));
}

static void counters_may_wrap(void **state)
{
    (void)state;
    static const uint8_t left[] = {0x18, 0xF0, 0};
    static const uint8_t right[] = {0x08, 0x20, 0};
    struct mouse_motion motion;
    set_up();
    total_x = 4;
    mouse_read(&motion);
    take_bytes(left, sizeof left);
    assert_true(mouse_read(&motion));
    assert_int_equal(motion.dx, -16);
    take_bytes(right, sizeof right);
    assert_true(mouse_read(&motion));
    assert_int_equal(motion.dx, 32);
}

static void absent_one_is_none(void **state)
{
    (void)state;
    controller.is_absent = true;
    assert_false(mouse_init());
    assert_in_range(now, 1, MICROSECONDS_MAX);
}

static void controller_of_an_at_has_none(void **state)
{
    (void)state;
    controller.has_one_port = true;
    assert_false(mouse_init());
    controller.mode = KEYBOARD_MODE_INTERRUPT;
    assert_false(mouse_init());
    assert_int_equal(controller.mode, KEYBOARD_MODE_INTERRUPT);
    assert_int_equal(controller.to_mouse_count, 0);
}

static void command_that_is_never_taken_ends_it(void **state)
{
    (void)state;
    controller.never_takes = true;
    assert_false(mouse_init());
    assert_in_range(now, 1, MICROSECONDS_MAX);
}

static void silent_one_ends_it(void **state)
{
    (void)state;
    controller.is_silent = true;
    assert_false(mouse_init());
    assert_in_range(now, 1, MICROSECONDS_MAX);
    assert_int_equal(controller.to_mouse_count, 0);
}

static void key_of_before_is_thrown_away(void **state)
{
    (void)state;
    answer(0x1E);
    assert_true(mouse_init());
    assert_int_equal(controller.mode, KEYBOARD_MODE_INTERRUPT | KEYBOARD_MODE_MOUSE_INTERRUPT);
}

#define WITH(test) cmocka_unit_test_setup(test, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(port_is_opened_with_its_interrupt),
        WITH(set_up_reaches_the_mouse),
        WITH(motions_add_up_until_they_are_read),
        WITH(counters_may_wrap),
        WITH(absent_one_is_none),
        WITH(controller_of_an_at_has_none),
        WITH(command_that_is_never_taken_ends_it),
        WITH(silent_one_ends_it),
        WITH(key_of_before_is_thrown_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
