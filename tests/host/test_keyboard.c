/*
 * The keyboard controller, as it is and as it is found: slow, absent, stuck, with a mouse that
 * talks, played by firmware. Time passes with waits and port accesses, and there must be an end.
 */

#include "test.h"

#include "fake_keyboard_controller.h"

#include <string.h>

#include "drivers/pc/keyboard.c"
#include "drivers/pc/keyboard_port.c"

#define MODE_OF_FIRMWARE (KEYBOARD_MODE_MOUSE_INTERRUPT | KEYBOARD_MODE_DISABLED)

static uint8_t mouse_byte; /* the last that was passed on */
static unsigned mouse_byte_count;

void mouse_take_byte(uint8_t byte)
{
    mouse_byte = byte;
    mouse_byte_count++;
}

static int start(void **state)
{
    (void)state;
    uint8_t byte;
    now = 0;
    controller = (struct controller){.mode = MODE_OF_FIRMWARE, .answer_at = NEVER, .lights = 0x02};
    while (keyboard_read(&byte))
        ;
    caps_lock.is_on = num_lock.is_on = false;
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

/* ---- keys, and what they mean ---------------------------------------------------------------- */

/* The keyboard's own answers come as interrupts, too. */
static void press_all(const char *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        press((uint8_t)codes[i]);
        while (controller.answer_at <= now)
            keyboard_interrupt();
    }
}

#define NUM "\x45\xC5"
#define CAPS "\x3A\xBA"
#define SHIFT(keys) "\x2A" keys "\xAA"
#define RIGHT_SHIFT(keys) "\x36" keys "\xB6"
#define CTRL(keys) "\x1D" keys "\x9D"
#define UP(text) "\033[" text
#define LIT(light) KEYBOARD_LIGHT_##light##_LOCK

/*
 * Scan codes of set 1 (IBM PS/2 technical reference, keyboard): pressed, and with bit 7 released.
 */
static const struct {
    const char *codes;
    const char *typed;
    uint8_t lights; /* that are lit in the end */
} presses[] = {
    /* The keypad moves the cursor. */
    {"\x47\xC7", UP("H"), 0},
    {"\x48\xC8", UP("A"), 0},
    {"\x49\xC9", UP("5~"), 0},
    {"\x4B\xCB", UP("D"), 0},
    {"\x4C\xCC", "", 0},
    {"\x4D\xCD", UP("C"), 0},
    {"\x4F\xCF", UP("F"), 0},
    {"\x50\xD0", UP("B"), 0},
    {"\x51\xD1", UP("6~"), 0},
    {"\x52\xD2", "", 0},
    {"\x53\xD3", UP("3~"), 0},
    {CTRL("\x48\xC8"), UP("1;5A"), 0},
    /* With Num Lock it has digits. */
    {NUM "\x47\x48\x49\x4B\x4C\x4D\x4F\x50\x51\x52\x53", "7894561230.", LIT(NUM)},
    {NUM NUM "\x47\xC7", UP("H"), 0},
    {NUM "\x45\x45\x45\xC5" NUM "\x4C", "5", LIT(NUM)}, /* held: it repeats */
    {NUM SHIFT("\x48\xC8") "\x48", UP("A") "8", LIT(NUM)},
    {SHIFT("\x48\xC8") "\x48", "8" UP("A"), 0},
    {RIGHT_SHIFT("\x4C"), "5", 0},
    /* Its other keys mean the same either way. */
    {"\x4A\xCA\x4E\xCE\x37\xB7\xE0\x35\xE0\xB5\xE0\x1C\xE0\x9C", "-+*/\r", 0},
    {NUM "\x4A\x4E\x37\xE0\x35\xE0\x1C", "-+*/\r", LIT(NUM)},
    {SHIFT("\x4A\x4E\xE0\x35"), "-+/", 0},
    /* The cursor's own keys do not hear of Num Lock, though they send a Shift of their own then. */
    {NUM "\xE0\x2A\xE0\x48\xE0\xC8\xE0\xAA", UP("A"), LIT(NUM)},
    {NUM SHIFT("\xE0\xAA\xE0\x53\xE0\xD3\xE0\x2A") "\x48", UP("3~") "8", LIT(NUM)},
    {"\xE0\x47\xE0\x48\xE0\x49\xE0\x4B", UP("H") UP("A") UP("5~") UP("D"), 0},
    {"\xE0\x4D\xE0\x4F\xE0\x50\xE0\x51", UP("C") UP("F") UP("B") UP("6~"), 0},
    {"\xE0\x52\xE0\xD2\xE0\x5B\xE0\x5C\xE0\x5D\xE0\x38", "", 0},
    /* The extra key. */
    {"\x56\xD6" SHIFT("\x56\xD6") RIGHT_SHIFT("\x56"), "\\||", 0},
    {CAPS "\x56" CAPS "\x2B" SHIFT("\x2B"), "\\\\|", 0},
    /* Caps Lock is for letters. */
    {CAPS "\x1E\x02\x4C" SHIFT("\x1E\x02"), "A1a!", LIT(CAPS)},
    {CAPS NUM "\x1E\x4C", "A5", LIT(CAPS) | LIT(NUM)},
    {"\x3A\x3A\x3A\xBA\x1E", "A", LIT(CAPS)},
    {CAPS CAPS "\x1E", "a", 0},
    /* One of two Shift keys let go is not both. */
    {"\x2A\x36\xAA\x1E\xB6\x1E", "Aa", 0},
    {CTRL("\x2E") "\xE0\x1D\x2E\xE0\x9D\x2E", "\003\003c", 0},
    /*
     * Pause looks like Ctrl with Num Lock; Print Screen, Ctrl with Pause, and keys that type
     * nothing.
     */
    {"\xE1\x1D\x45\xE1\x9D\xC5\x4C\x2E", "c", 0},
    {NUM "\xE1\x1D\x45\xE1\x9D\xC5\x4C\x2E", "5c", LIT(NUM)},
    {"\xE0\x2A\xE0\x37\xE0\xB7\xE0\xAA\x1E\x54\xD4", "a", 0},
    {CTRL("\xE0\x46\xE0\xC6") "\x46\xC6\x1E", "a", 0},
    {"\x3B\x44\x57\x58\x38\xB8\x70\x7D\x7F\x1E", "a", 0},
};

static void each_key_means_what_is_on_it(void **state)
{
    for (size_t i = 0; i < sizeof presses / sizeof *presses; i++) {
        char text[64];
        size_t length = 0;
        start(state);
        assert_ready();
        press_all(presses[i].codes, strlen(presses[i].codes));
        while (length + 1 < sizeof text && keyboard_read((uint8_t *)&text[length]))
            length++;
        text[length] = '\0';
        if (strcmp(text, presses[i].typed) != 0 || controller.lights != presses[i].lights)
            fail_msg("row %zu: \"%s\" is lit 0x%x", i, text, controller.lights);
    }
}

static void num_lock_of_firmware_goes_out(void **state)
{
    (void)state;
    assert_int_equal(controller.lights, KEYBOARD_LIGHT_NUM_LOCK);
    assert_ready();
    assert_int_equal(controller.lights, 0);
}

/* Neither a key of its answers, nor an end to its keys. */
static void keyboard_without_lights_types_all_the_same(void **state)
{
    (void)state;
    uint8_t byte;
    controller.has_no_lights = true;
    assert_ready();
    press_all(NUM "\x4C" NUM "\x1E", 6);
    assert_true(keyboard_read(&byte) && byte == '5');
    assert_true(keyboard_read(&byte) && byte == 'a');
    assert_false(keyboard_read(&byte));
}

static void answer_that_never_comes_is_not_waited_for(void **state)
{
    (void)state;
    uint8_t byte;
    assert_ready();
    controller.loses_answers = true;
    press_all(NUM "\x4C", 3);
    controller.loses_answers = false;
    press_all(CAPS "\x1E", 3);
    assert_true(keyboard_read(&byte) && byte == '5');
    assert_true(keyboard_read(&byte) && byte == 'A');
    assert_int_equal(controller.lights, KEYBOARD_LIGHT_NUM_LOCK | KEYBOARD_LIGHT_CAPS_LOCK);
}

#define KEPT_MAX (QUEUE_BYTES - 3) /* the rest is for a mark and a Ctrl-C */

/* Nobody reads: what no longer has room is gone, and is known to be. */
static void keys_that_are_lost_leave_a_mark(void **state)
{
    (void)state;
    uint8_t byte;
    assert_ready();
    for (size_t i = 0; i < QUEUE_BYTES + 10; i++)
        press(0x1E);
    for (size_t i = 0; i < KEPT_MAX; i++)
        assert_true(keyboard_read(&byte) && byte == 'a');
    assert_false(keyboard_read(&byte));
    press(0x30);
    assert_true(keyboard_read(&byte) && byte == BYTE_QUEUE_LOST);
    assert_true(keyboard_read(&byte) && byte == 'b');
    assert_false(keyboard_read(&byte));
}

static void ctrl_c_is_taken_with_what_was_typed_before_it(void **state)
{
    (void)state;
    uint8_t byte;
    assert_ready();
    press_all("\x1E\x1E", 2);
    assert_false(keyboard_take_through(3));
    press_all(CTRL("\x2E") "\x30", 4);
    assert_true(keyboard_take_through(3));
    assert_true(keyboard_read(&byte) && byte == 'b');
    assert_false(keyboard_read(&byte));
}

/* However often it is pressed: one is enough, and the keys behind it are lost as before. */
static void ctrl_c_comes_through_where_other_keys_are_lost(void **state)
{
    (void)state;
    uint8_t byte;
    for (size_t lost_count = 0; lost_count < 3; lost_count++) {
        assert_ready();
        for (size_t i = 0; i < KEPT_MAX + lost_count; i++)
            press(0x1E);
        for (size_t i = 0; i < 1 + 2 * lost_count; i++)
            press_all(CTRL("\x2E") "\x1E", 4);
        assert_true(keyboard_take_through(3));
        while (keyboard_read(&byte))
            assert_true(byte == 3 || byte == BYTE_QUEUE_LOST);
        press(0x30);
        while (keyboard_read(&byte))
            assert_true(byte == 'b' || byte == BYTE_QUEUE_LOST);
        assert_int_equal(byte, 'b');
    }
}

static void shift_and_a_page_key_are_a_key_of_their_own(void **state)
{
    (void)state;
    static const struct {
        const char *codes;
        const char *text;
    } keys[] = {{"\x2A\xE0\x49\xE0\xC9\xAA", "\033[5;2~"},
                {"\x36\xE0\x51\xE0\xD1\xB6", "\033[6;2~"},
                {"\xE0\x49\xE0\xC9", "\033[5~"},
                /* with Num Lock's light on, the keyboard takes Shift back around the key */
                {"\x2A\xE0\xAA\xE0\x49\xE0\xC9\xE0\x2A\xAA", "\033[5;2~"},
                {"\x2A\xE0\x48\xE0\xC8\xAA", "\033[A"}};
    uint8_t byte;
    assert_ready();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        press_all(keys[i].codes, strlen(keys[i].codes));
        for (const char *next = keys[i].text; *next; next++)
            assert_true(keyboard_read(&byte) && byte == *next);
        assert_false(keyboard_read(&byte));
    }
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
        WITH(each_key_means_what_is_on_it),
        WITH(num_lock_of_firmware_goes_out),
        WITH(keyboard_without_lights_types_all_the_same),
        WITH(answer_that_never_comes_is_not_waited_for),
        WITH(keys_that_are_lost_leave_a_mark),
        WITH(ctrl_c_is_taken_with_what_was_typed_before_it),
        WITH(ctrl_c_comes_through_where_other_keys_are_lost),
        WITH(shift_and_a_page_key_are_a_key_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
