/*
 * Reads the PS/2 keyboard. Scan codes of set 1, which the controller translates to on every PC,
 * become a terminal's bytes. Firmware leaves the controller in any state, and may itself be what
 * answers at its ports (USB keyboards, by system management mode): so it is asked little, and
 * nothing is waited for without end.
 */

#include "keyboard.h"

#include "byte_queue.h"
#include "keyboard_port.h"
#include "mouse.h"
#include "ports.h"
#include "timer.h"

#define SCAN_RELEASED 0x80
#define SCAN_EXTENDED 0xE0
#define SCAN_CONTROL 0x1D
#define SCAN_LEFT_SHIFT 0x2A
#define SCAN_RIGHT_SHIFT 0x36
#define SCAN_CAPS_LOCK 0x3A
#define SCAN_NUM_LOCK 0x45
#define SCAN_KEYPAD_FIRST 0x47
#define SCAN_KEYPAD_LAST 0x53
#define SCAN_EXTRA 0x56 /* left of Z, on keyboards with one key more than the American ones */
#define SCAN_PAUSE 0xE1 /* then 1D 45, as of Ctrl and Num Lock; and the same released */
#define PAUSE_BYTES 2

#define CTRL_C 3

#define STEP_MICROSECONDS 10u
#define OUTPUT_BYTES_MAX 64
#define QUEUE_BYTES 1024u /* typed while nobody reads */

/* From scan code 0 on; 0: no character. */
static const char plain[] =
    "\0\0331234567890-=\177\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char shifted[] =
    "\0\033!@#$%^&*()_+\177\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

/* From SCAN_KEYPAD_FIRST on, with Num Lock. */
static const char keypad[] = "789-456+1230.";

/* A key that stays switched on, and the keyboard's light for it. */
struct lock {
    uint8_t light;
    bool is_held; /* it repeats like any other key */
    bool is_on;
};

static bool present;
static uint8_t typed_bytes[QUEUE_BYTES];
static struct byte_queue typed = BYTE_QUEUE_OF(typed_bytes);
static bool shift_left;
static bool shift_right;
static bool control;
static struct lock caps_lock = {.light = KEYBOARD_LIGHT_CAPS_LOCK};
static struct lock num_lock = {.light = KEYBOARD_LIGHT_NUM_LOCK};
static bool extended;
static unsigned pause_bytes_left;
/* What the keyboard was told last, and did not acknowledge yet. */
static enum { TOLD_NOTHING, TOLD_SET_LIGHTS, TOLD_LIGHTS } told;

/* ---- the controller -------------------------------------------------------------------------- */

/* False if bytes come without end, as from a port that is stuck: both devices are quiet by now. */
static bool empty_output(void)
{
    for (int i = 0; i < OUTPUT_BYTES_MAX; i++) {
        if (!(port_read8(KEYBOARD_STATUS) & KEYBOARD_STATUS_OUTPUT_FULL))
            return true;
        port_read8(KEYBOARD_DATA);
        timer_wait(STEP_MICROSECONDS);
    }
    return false;
}

/*
 * Keyboard on, with interrupts and translation; mouse off: a byte of its that nobody fetches would
 * hold up the keyboard's. A controller that does not tell what it is set to stays as firmware,
 * which may be what plays it, set it up.
 */
static void set_mode(void)
{
    uint8_t mode;
    if (!keyboard_port_write(KEYBOARD_COMMAND, KEYBOARD_COMMAND_READ_MODE) ||
        !keyboard_port_read(&mode))
        return;
    mode |= KEYBOARD_MODE_INTERRUPT | KEYBOARD_MODE_TRANSLATE | KEYBOARD_MODE_MOUSE_DISABLED;
    mode &= (uint8_t) ~(KEYBOARD_MODE_MOUSE_INTERRUPT | KEYBOARD_MODE_DISABLED);
    if (keyboard_port_write(KEYBOARD_COMMAND, KEYBOARD_COMMAND_WRITE_MODE))
        keyboard_port_write(KEYBOARD_DATA, mode);
}

static uint8_t lights(void)
{
    return (uint8_t)((caps_lock.is_on ? caps_lock.light : 0) |
                     (num_lock.is_on ? num_lock.light : 0));
}

/* True if the keyboard acknowledges the byte. Without a keyboard nobody answers. */
static bool tell_keyboard(uint8_t byte)
{
    uint8_t answer = KEYBOARD_RESEND;
    for (int i = 0; i < 3 && answer == KEYBOARD_RESEND; i++)
        if (!keyboard_port_write(KEYBOARD_DATA, byte) || !keyboard_port_read(&answer))
            return false;
    return answer == KEYBOARD_ACKNOWLEDGE;
}

/*
 * A keyboard may be plugged in later, and sends by itself then. Firmware may have lit Num Lock:
 * what the lights show and what the keys mean begin as one.
 */
static void start_keyboard(void)
{
    if (tell_keyboard(KEYBOARD_ENABLE_SCANNING) && tell_keyboard(KEYBOARD_SET_LIGHTS))
        tell_keyboard(lights());
}

bool keyboard_init(void)
{
    present = port_read8(KEYBOARD_STATUS) != KEYBOARD_NO_DEVICE &&
              keyboard_port_write(KEYBOARD_COMMAND, KEYBOARD_COMMAND_DISABLE) &&
              keyboard_port_write(KEYBOARD_COMMAND, KEYBOARD_COMMAND_DISABLE_MOUSE) &&
              empty_output();
    if (!present)
        return false;
    set_mode();
    keyboard_port_write(KEYBOARD_COMMAND, KEYBOARD_COMMAND_ENABLE);
    start_keyboard();
    return true;
}

bool keyboard_is_present(void)
{
    return present;
}

/* ---- lights ---------------------------------------------------------------------------------- */

/* True if the byte is the keyboard's answer, and no key. One that wants it again has no lights. */
static bool take_answer(uint8_t byte)
{
    if (told == TOLD_NOTHING || (byte != KEYBOARD_ACKNOWLEDGE && byte != KEYBOARD_RESEND))
        return false;
    bool goes_on = told == TOLD_SET_LIGHTS && byte == KEYBOARD_ACKNOWLEDGE;
    told = goes_on && keyboard_port_write(KEYBOARD_DATA, lights()) ? TOLD_LIGHTS : TOLD_NOTHING;
    return true;
}

static void handle_lock(struct lock *lock, bool pressed)
{
    bool is_new = pressed && !lock->is_held;
    lock->is_held = pressed;
    if (!is_new)
        return;
    lock->is_on = !lock->is_on;
    told = keyboard_port_write(KEYBOARD_DATA, KEYBOARD_SET_LIGHTS) ? TOLD_SET_LIGHTS : TOLD_NOTHING;
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void put_text(const char *text)
{
    while (*text)
        byte_queue_put(&typed, (uint8_t)*text++);
}

/* Keys behind an E0, and those of the keypad that share their codes: the same keys, once. */
static void put_cursor_key(uint8_t code)
{
    bool shift = shift_left || shift_right;
    static const struct {
        uint8_t code;
        const char *text;
        const char *with_control; /* NULL: the same */
        const char *with_shift;
    } keys[] = {{0x47, "\033[H", NULL, NULL},
                {0x48, "\033[A", "\033[1;5A", NULL},
                {0x49, "\033[5~", NULL, "\033[5;2~"},
                {0x4B, "\033[D", "\033[1;5D", "\033[1;2D"},
                {0x4D, "\033[C", "\033[1;5C", "\033[1;2C"},
                {0x4F, "\033[F", NULL, NULL},
                {0x50, "\033[B", "\033[1;5B", NULL},
                {0x51, "\033[6~", NULL, "\033[6;2~"},
                {0x53, "\033[3~", NULL, NULL},
                {0x1C, "\r", NULL, NULL},
                {0x35, "/", NULL, NULL}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].code == code)
            put_text(control && keys[i].with_control ? keys[i].with_control
                     : shift && keys[i].with_shift   ? keys[i].with_shift
                                                     : keys[i].text);
}

/* As on every PC, Shift makes a digit's key mean the other thing, with Num Lock and without it. */
static void put_keypad_key(uint8_t code)
{
    char character = keypad[code - SCAN_KEYPAD_FIRST];
    bool is_sign = character == '-' || character == '+';
    if (is_sign || num_lock.is_on != (shift_left || shift_right))
        byte_queue_put(&typed, (uint8_t)character);
    else
        put_cursor_key(code);
}

static void put_character(uint8_t code)
{
    bool shift = shift_left || shift_right;
    char character = shift ? shifted[code] : plain[code];
    bool is_letter = (plain[code] >= 'a' && plain[code] <= 'z');
    if (caps_lock.is_on && is_letter)
        character = (char)(character ^ 0x20);
    if (control && is_letter)
        character = (char)(plain[code] & 0x1F);
    if (character == CTRL_C)
        byte_queue_put_urgent(&typed, CTRL_C);
    else if (character)
        byte_queue_put(&typed, (uint8_t)character);
}

static void press_key(uint8_t code)
{
    if (code >= SCAN_KEYPAD_FIRST && code <= SCAN_KEYPAD_LAST)
        put_keypad_key(code);
    else if (code == SCAN_EXTRA)
        byte_queue_put(&typed, shift_left || shift_right ? '|' : '\\');
    else if (code < sizeof plain - 1)
        put_character(code);
}

/* True for a key that only changes what others mean. Some extended keys send their own Shift. */
static bool handle_modifier(uint8_t code, bool pressed, bool is_extended)
{
    if (code == SCAN_CONTROL)
        control = pressed;
    else if (code == SCAN_LEFT_SHIFT && !is_extended)
        shift_left = pressed;
    else if (code == SCAN_RIGHT_SHIFT && !is_extended)
        shift_right = pressed;
    else if (code == SCAN_CAPS_LOCK)
        handle_lock(&caps_lock, pressed);
    else if (code == SCAN_NUM_LOCK && !is_extended)
        handle_lock(&num_lock, pressed);
    else
        return code == SCAN_LEFT_SHIFT || code == SCAN_RIGHT_SHIFT;
    return true;
}

/* True for bytes that announce others, and for those of Pause, which means nothing here. */
static bool is_prefix(uint8_t byte)
{
    extended = byte == SCAN_EXTENDED;
    if (byte == SCAN_PAUSE)
        pause_bytes_left = PAUSE_BYTES;
    else if (pause_bytes_left > 0)
        pause_bytes_left--;
    else
        return extended;
    return true;
}

static void handle_code(uint8_t byte)
{
    bool is_extended = extended;
    bool pressed = !(byte & SCAN_RELEASED);
    uint8_t code = byte & (uint8_t)~SCAN_RELEASED;
    if (take_answer(byte) || is_prefix(byte) || handle_modifier(code, pressed, is_extended))
        return;
    if (pressed && is_extended)
        put_cursor_key(code);
    else if (pressed)
        press_key(code);
}

void keyboard_interrupt(void)
{
    uint8_t status = port_read8(KEYBOARD_STATUS);
    if (!present || !(status & KEYBOARD_STATUS_OUTPUT_FULL))
        return;
    uint8_t code = port_read8(KEYBOARD_DATA);
    if (status & KEYBOARD_STATUS_FROM_MOUSE)
        mouse_take_byte(code);
    else
        handle_code(code);
}

bool keyboard_read(uint8_t *byte)
{
    return byte_queue_take(&typed, byte);
}

bool keyboard_take_through(uint8_t byte)
{
    return byte_queue_take_through(&typed, byte);
}

void keyboard_reset_cpu(void)
{
    keyboard_port_write(KEYBOARD_COMMAND, KEYBOARD_COMMAND_RESET_CPU);
}
