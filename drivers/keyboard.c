/*
 * Scan codes of set 1, which the controller translates to on every PC, become a terminal's bytes.
 */

#include "keyboard.h"

#include "byte_queue.h"
#include "keyboard_regs.h"
#include "ports.h"

#define SCAN_RELEASED 0x80
#define SCAN_EXTENDED 0xE0
#define SCAN_CONTROL 0x1D
#define SCAN_LEFT_SHIFT 0x2A
#define SCAN_RIGHT_SHIFT 0x36
#define SCAN_CAPS_LOCK 0x3A

#define WAIT_TRIES 20000

/* From scan code 0 on; 0: no character. */
static const char plain[] =
    "\0\0331234567890-=\177\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char shifted[] =
    "\0\033!@#$%^&*()_+\177\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

static struct byte_queue typed;
static bool shift;
static bool control;
static bool caps_lock;
static bool extended;

static bool wait_for_input_room(void)
{
    for (int i = 0; i < WAIT_TRIES; i++)
        if (!(port_read8(KEYBOARD_STATUS) & KEYBOARD_STATUS_INPUT_FULL))
            return true;
    return false;
}

bool keyboard_init(void)
{
    if (port_read8(KEYBOARD_STATUS) == KEYBOARD_NO_DEVICE)
        return false;
    for (int i = 0; i < 64 && (port_read8(KEYBOARD_STATUS) & KEYBOARD_STATUS_OUTPUT_FULL); i++)
        port_read8(KEYBOARD_DATA);
    if (wait_for_input_room())
        port_write8(KEYBOARD_DATA, KEYBOARD_ENABLE_SCANNING);
    return true;
}

static void put_text(const char *text)
{
    while (*text)
        byte_queue_put(&typed, (uint8_t)*text++);
}

/* Keys behind an E0; the ones on the numeric pad share their codes and mean the same here. */
static void put_cursor_key(uint8_t code)
{
    switch (code) {
    case 0x47:
        put_text("\033[H");
        break;
    case 0x48:
        put_text("\033[A");
        break;
    case 0x4B:
        put_text("\033[D");
        break;
    case 0x4D:
        put_text("\033[C");
        break;
    case 0x4F:
        put_text("\033[F");
        break;
    case 0x50:
        put_text("\033[B");
        break;
    case 0x53:
        put_text("\033[3~");
        break;
    case 0x1C:
        put_text("\r");
        break;
    case 0x35:
        put_text("/");
        break;
    default:
        break;
    }
}

static void put_character(uint8_t code)
{
    if (code >= sizeof plain - 1) {
        put_cursor_key(code);
        return;
    }
    char character = shift ? shifted[code] : plain[code];
    bool is_letter = (plain[code] >= 'a' && plain[code] <= 'z');
    if (caps_lock && is_letter)
        character = (char)(character ^ 0x20);
    if (control && is_letter)
        character = (char)(plain[code] & 0x1F);
    if (character)
        byte_queue_put(&typed, (uint8_t)character);
}

static void handle_code(uint8_t code)
{
    bool pressed = !(code & SCAN_RELEASED);
    bool was_extended = extended;
    extended = code == SCAN_EXTENDED;
    if (extended)
        return;
    switch (code & ~SCAN_RELEASED) {
    case SCAN_CONTROL:
        control = pressed;
        return;
    case SCAN_LEFT_SHIFT:
    case SCAN_RIGHT_SHIFT:
        if (!was_extended) /* some extended keys send a shift of their own */
            shift = pressed;
        return;
    case SCAN_CAPS_LOCK:
        caps_lock ^= pressed;
        return;
    default:
        break;
    }
    if (pressed && was_extended)
        put_cursor_key(code);
    else if (pressed)
        put_character(code);
}

void keyboard_interrupt(void)
{
    uint8_t status = port_read8(KEYBOARD_STATUS);
    if (!(status & KEYBOARD_STATUS_OUTPUT_FULL))
        return;
    uint8_t code = port_read8(KEYBOARD_DATA);
    if (!(status & KEYBOARD_STATUS_FROM_MOUSE))
        handle_code(code);
}

bool keyboard_read(uint8_t *byte)
{
    return byte_queue_take(&typed, byte);
}

void keyboard_reset_cpu(void)
{
    if (wait_for_input_room())
        port_write8(KEYBOARD_COMMAND, KEYBOARD_COMMAND_RESET_CPU);
}
