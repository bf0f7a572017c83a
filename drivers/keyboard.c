/*
 * Scan codes of set 1, which the controller translates to on every PC, become a terminal's bytes.
 * Firmware leaves the controller in any state, and may itself be what answers at its ports (USB
 * keyboards, by system management mode): so it is asked little, and nothing is waited for without
 * end.
 */

#include "keyboard.h"

#include "byte_queue.h"
#include "keyboard_regs.h"
#include "mouse.h"
#include "ports.h"
#include "timer.h"

#define SCAN_RELEASED 0x80
#define SCAN_EXTENDED 0xE0
#define SCAN_CONTROL 0x1D
#define SCAN_LEFT_SHIFT 0x2A
#define SCAN_RIGHT_SHIFT 0x36
#define SCAN_CAPS_LOCK 0x3A

#define WAIT_MICROSECONDS 100000u
#define STEP_MICROSECONDS 10u
#define OUTPUT_BYTES_MAX 64

/* From scan code 0 on; 0: no character. */
static const char plain[] =
    "\0\0331234567890-=\177\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char shifted[] =
    "\0\033!@#$%^&*()_+\177\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

static bool present;
static struct byte_queue typed;
static bool shift;
static bool control;
static bool caps_lock;
static bool extended;

/* ---- the controller --------------------------------------------------------------------------- */

/* True once the status has the bits, within 100 ms: five times what a keyboard may take. */
static bool wait_for_status(uint8_t mask, uint8_t bits)
{
    for (unsigned waited = 0; waited < WAIT_MICROSECONDS; waited += STEP_MICROSECONDS) {
        if ((port_read8(KEYBOARD_STATUS) & mask) == bits)
            return true;
        timer_wait(STEP_MICROSECONDS);
    }
    return false;
}

static bool write_port(uint16_t port, uint8_t value)
{
    if (!wait_for_status(KEYBOARD_STATUS_INPUT_FULL, 0))
        return false;
    port_write8(port, value);
    return true;
}

static bool read_answer(uint8_t *answer)
{
    if (!wait_for_status(KEYBOARD_STATUS_OUTPUT_FULL, KEYBOARD_STATUS_OUTPUT_FULL))
        return false;
    *answer = port_read8(KEYBOARD_DATA);
    return true;
}

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
 * hold up the keyboard's. A controller that does not tell what it is set to stays as firmware, which
 * may be what plays it, set it up.
 */
static void set_mode(void)
{
    uint8_t mode;
    if (!write_port(KEYBOARD_COMMAND, KEYBOARD_COMMAND_READ_MODE) || !read_answer(&mode))
        return;
    mode |= KEYBOARD_MODE_INTERRUPT | KEYBOARD_MODE_TRANSLATE | KEYBOARD_MODE_MOUSE_DISABLED;
    mode &= (uint8_t) ~(KEYBOARD_MODE_MOUSE_INTERRUPT | KEYBOARD_MODE_DISABLED);
    if (write_port(KEYBOARD_COMMAND, KEYBOARD_COMMAND_WRITE_MODE))
        write_port(KEYBOARD_DATA, mode);
}

/* Without a keyboard nobody answers; one may be plugged in later, and sends by itself then. */
static void start_scanning(void)
{
    uint8_t answer = KEYBOARD_RESEND;
    for (int i = 0; i < 3 && answer == KEYBOARD_RESEND; i++)
        if (!write_port(KEYBOARD_DATA, KEYBOARD_ENABLE_SCANNING) || !read_answer(&answer))
            return;
}

bool keyboard_init(void)
{
    present = port_read8(KEYBOARD_STATUS) != KEYBOARD_NO_DEVICE &&
              write_port(KEYBOARD_COMMAND, KEYBOARD_COMMAND_DISABLE) &&
              write_port(KEYBOARD_COMMAND, KEYBOARD_COMMAND_DISABLE_MOUSE) && empty_output();
    if (!present)
        return false;
    set_mode();
    write_port(KEYBOARD_COMMAND, KEYBOARD_COMMAND_ENABLE);
    start_scanning();
    return true;
}

bool keyboard_is_present(void)
{
    return present;
}

/* ---- keys ------------------------------------------------------------------------------------- */

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
        put_text(control ? "\033[1;5A" : "\033[A");
        break;
    case 0x49:
        put_text("\033[5~");
        break;
    case 0x4B:
        put_text(control ? "\033[1;5D" : "\033[D");
        break;
    case 0x4D:
        put_text(control ? "\033[1;5C" : "\033[C");
        break;
    case 0x4F:
        put_text("\033[F");
        break;
    case 0x50:
        put_text(control ? "\033[1;5B" : "\033[B");
        break;
    case 0x51:
        put_text("\033[6~");
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

void keyboard_reset_cpu(void)
{
    write_port(KEYBOARD_COMMAND, KEYBOARD_COMMAND_RESET_CPU);
}
