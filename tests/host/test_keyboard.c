/*
 * The keyboard controller, as it is and as it is found: slow, absent, stuck, with a mouse that
 * talks, played by firmware. Time passes with waits and port accesses, and there must be an end.
 */

#include "test.h"

#include "fake_ports.h"

#include <string.h>

#include "drivers/keyboard.c"

#define MODE_OF_FIRMWARE (KEYBOARD_MODE_MOUSE_INTERRUPT | KEYBOARD_MODE_DISABLED)
#define NEVER UINT64_MAX

static uint64_t now; /* microseconds */
static uint8_t mouse_byte; /* the last that was passed on */
static unsigned mouse_byte_count;

void mouse_take_byte(uint8_t byte)
{
    mouse_byte = byte;
    mouse_byte_count++;
}

static struct controller {
    bool is_absent; /* nobody drives the bus */
    bool is_silent; /* takes commands, answers none */
    bool has_no_keyboard;
    bool never_takes; /* the input buffer stays full */
    bool never_empty; /* the output buffer does */
    bool mouse_talks; /* a byte is there whenever it may send */
    unsigned resends; /* so many bytes the keyboard wants again */
    uint64_t delay; /* microseconds, for each command and each answer */
    uint8_t mode;
    uint8_t command; /* that waits for its byte; 0: none */
    uint64_t taken_at; /* the input buffer is full until then */
    uint64_t answer_at;
    uint8_t answer;
    bool keyboard_scans;
} controller;

static void answer(uint8_t byte)
{
    controller.answer = byte;
    controller.answer_at = controller.is_silent ? NEVER : now + controller.delay;
}

static bool mouse_byte_waits(void)
{
    return controller.mouse_talks && !(controller.mode & KEYBOARD_MODE_MOUSE_DISABLED) &&
           controller.answer_at == NEVER;
}

static uint8_t status(void)
{
    uint8_t bits = 0;
    if (controller.never_takes || now < controller.taken_at)
        bits |= KEYBOARD_STATUS_INPUT_FULL;
    if (controller.never_empty || controller.answer_at <= now)
        bits |= KEYBOARD_STATUS_OUTPUT_FULL;
    if (mouse_byte_waits())
        bits |= KEYBOARD_STATUS_OUTPUT_FULL | KEYBOARD_STATUS_FROM_MOUSE;
    return bits;
}

static uint32_t fake_read(uint16_t port, unsigned size_bytes)
{
    assert_int_equal(size_bytes, 1);
    now++;
    if (controller.is_absent)
        return 0xFF;
    if (port == KEYBOARD_STATUS)
        return status();
    assert_int_equal(port, KEYBOARD_DATA);
    if (mouse_byte_waits())
        return 0x08;
    controller.answer_at = NEVER;
    return controller.answer;
}

static void take_command(uint8_t command)
{
    controller.command = 0;
    switch (command) {
    case KEYBOARD_COMMAND_READ_MODE:
        answer(controller.mode);
        break;
    case KEYBOARD_COMMAND_WRITE_MODE:
        controller.command = command;
        break;
    case KEYBOARD_COMMAND_DISABLE_MOUSE:
        controller.mode |= KEYBOARD_MODE_MOUSE_DISABLED;
        break;
    case KEYBOARD_COMMAND_DISABLE:
        controller.mode |= KEYBOARD_MODE_DISABLED;
        break;
    case KEYBOARD_COMMAND_ENABLE:
        controller.mode &= (uint8_t)~KEYBOARD_MODE_DISABLED;
        break;
    default:
        fail_msg("command 0x%02x", command);
    }
}

static void take_byte(uint8_t byte)
{
    if (controller.command == KEYBOARD_COMMAND_WRITE_MODE) {
        controller.mode = byte;
    } else if (!controller.has_no_keyboard && controller.resends > 0) {
        controller.resends--;
        answer(KEYBOARD_RESEND);
    } else if (!controller.has_no_keyboard) {
        assert_int_equal(byte, KEYBOARD_ENABLE_SCANNING);
        controller.keyboard_scans = true;
        answer(KEYBOARD_ACKNOWLEDGE);
    }
    controller.command = 0;
}

static void fake_write(uint16_t port, uint32_t value, unsigned size_bytes)
{
    assert_int_equal(size_bytes, 1);
    now++;
    if (controller.is_absent)
        return;
    assert_false(status() & KEYBOARD_STATUS_INPUT_FULL);
    controller.taken_at = now + controller.delay;
    if (port == KEYBOARD_COMMAND)
        take_command((uint8_t)value);
    else
        take_byte((uint8_t)value);
}

void timer_wait(uint32_t microseconds)
{
    now += microseconds;
}

static int start(void **state)
{
    (void)state;
    uint8_t byte;
    now = 0;
    controller = (struct controller){.mode = MODE_OF_FIRMWARE, .answer_at = NEVER};
    while (keyboard_read(&byte))
        ;
    return 0;
}

static void assert_ready(void)
{
    assert_true(keyboard_init());
    assert_true(keyboard_is_present());
    assert_true(controller.keyboard_scans);
    assert_int_equal(controller.mode, KEYBOARD_MODE_INTERRUPT | KEYBOARD_MODE_TRANSLATE |
                                          KEYBOARD_MODE_MOUSE_DISABLED);
}

static void press(uint8_t code)
{
    controller.answer = code;
    controller.answer_at = now;
    keyboard_interrupt();
}

static void firmwares_state_does_not_matter(void **state)
{
    (void)state;
    assert_ready();
    assert_in_range(now, 1, 1000);
    uint8_t byte;
    press(0x1E);
    assert_true(keyboard_read(&byte));
    assert_int_equal(byte, 'a');
}

static void slow_one_gets_its_time(void **state)
{
    (void)state;
    controller.delay = 20000;
    assert_ready();
}

static void absent_one_costs_nothing(void **state)
{
    (void)state;
    controller.is_absent = true;
    assert_false(keyboard_init());
    assert_false(keyboard_is_present());
    assert_in_range(now, 1, 10);
    keyboard_interrupt();
    uint8_t byte;
    assert_false(keyboard_read(&byte));
}

static void bytes_without_end_are_no_keyboard(void **state)
{
    (void)state;
    controller.never_empty = true;
    assert_false(keyboard_init());
    assert_in_range(now, 1, 10000);
    keyboard_interrupt();
    uint8_t byte;
    assert_false(keyboard_read(&byte));
}

static void command_that_is_never_taken_ends_it(void **state)
{
    (void)state;
    controller.never_takes = true;
    assert_false(keyboard_init());
    assert_in_range(now, 1, 200000);
    keyboard_reset_cpu();
}

static void silent_one_is_used_as_firmware_left_it(void **state)
{
    (void)state;
    controller.is_silent = true;
    controller.mode = KEYBOARD_MODE_INTERRUPT | KEYBOARD_MODE_TRANSLATE;
    assert_true(keyboard_init());
    assert_in_range(now, 1, 500000);
    assert_true(controller.keyboard_scans);
    assert_int_equal(controller.mode & (KEYBOARD_MODE_INTERRUPT | KEYBOARD_MODE_DISABLED),
                     KEYBOARD_MODE_INTERRUPT);
}

static void missing_keyboard_may_come_later(void **state)
{
    (void)state;
    controller.has_no_keyboard = true;
    assert_true(keyboard_init());
    assert_in_range(now, 1, 200000);
    uint8_t byte;
    press(0x1E);
    assert_true(keyboard_read(&byte));
}

static void keyboard_that_misheard_is_told_again(void **state)
{
    (void)state;
    controller.resends = 2;
    assert_ready();
}

static void byte_that_was_there_before_is_thrown_away(void **state)
{
    (void)state;
    answer(0x1E);
    assert_ready();
    uint8_t byte;
    keyboard_interrupt();
    assert_false(keyboard_read(&byte));
}

static void mouse_is_silenced(void **state)
{
    (void)state;
    controller.mouse_talks = true;
    assert_ready();
    uint8_t byte;
    keyboard_interrupt();
    assert_false(keyboard_read(&byte));
}

/* Once its port is open, a mouse's byte is neither a key nor lost. */
static void byte_of_the_mouse_is_passed_on(void **state)
{
    (void)state;
    assert_ready();
    mouse_byte_count = 0;
    controller.mouse_talks = true;
    controller.mode &= (uint8_t)~KEYBOARD_MODE_MOUSE_DISABLED;
    uint8_t byte;
    keyboard_interrupt();
    assert_false(keyboard_read(&byte));
    assert_int_equal(mouse_byte_count, 1);
    assert_int_equal(mouse_byte, 0x08);
    controller.mouse_talks = false;
    press(0x1E);
    assert_true(keyboard_read(&byte));
    assert_int_equal(mouse_byte_count, 1);
}

static const char *keys_of(uint8_t code, bool is_control)
{
    static char keys[16];
    size_t length = 0;
    if (is_control)
        press(0x1D);
    press(0xE0);
    press(code);
    press(0x9D);
    while (length + 1 < sizeof keys && keyboard_read((uint8_t *)&keys[length]))
        length++;
    keys[length] = '\0';
    return keys;
}

static void control_and_an_arrow_are_a_key_of_their_own(void **state)
{
    (void)state;
    assert_ready();
    assert_string_equal(keys_of(0x48, false), "\033[A");
    assert_string_equal(keys_of(0x48, true), "\033[1;5A");
    assert_string_equal(keys_of(0x50, true), "\033[1;5B");
    assert_string_equal(keys_of(0x4D, true), "\033[1;5C");
    assert_string_equal(keys_of(0x4B, true), "\033[1;5D");
    assert_string_equal(keys_of(0x49, false), "\033[5~");
    assert_string_equal(keys_of(0x51, false), "\033[6~");
}

#define WITH(test) cmocka_unit_test_setup(test, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(firmwares_state_does_not_matter),
        WITH(slow_one_gets_its_time),
        WITH(absent_one_costs_nothing),
        WITH(bytes_without_end_are_no_keyboard),
        WITH(command_that_is_never_taken_ends_it),
        WITH(silent_one_is_used_as_firmware_left_it),
        WITH(missing_keyboard_may_come_later),
        WITH(keyboard_that_misheard_is_told_again),
        WITH(byte_that_was_there_before_is_thrown_away),
        WITH(mouse_is_silenced),
        WITH(byte_of_the_mouse_is_passed_on),
        WITH(control_and_an_arrow_are_a_key_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
