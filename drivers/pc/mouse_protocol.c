/*
 * Sets up a PS/2 mouse byte by byte, and decodes what it reports. The wheel is woken by three
 * sample rates in a row; who knows them answers with another id. A mouse that is plugged in later
 * says so, and is set up then.
 */

#include "mouse.h"

#define MOUSE_SET_RATE 0xF3
#define MOUSE_GET_ID 0xF2
#define MOUSE_ENABLE 0xF4
#define MOUSE_ACK 0xFA
#define MOUSE_RESEND 0xFE
#define MOUSE_TEST_PASSED 0xAA
#define MOUSE_ID_WHEEL 3

#define TRIES_MAX 3

#define PACKET_LEFT 0x01
#define PACKET_ALWAYS_SET 0x08
#define PACKET_X_SIGN 0x10
#define PACKET_Y_SIGN 0x20
#define PACKET_OVERFLOW 0xC0

static const uint8_t setup[] = {MOUSE_SET_RATE, 200, MOUSE_SET_RATE, 100,
                                MOUSE_SET_RATE, 80,  MOUSE_GET_ID,   MOUSE_ENABLE};
#define SETUP_COUNT (sizeof setup / sizeof *setup)

uint8_t mouse_protocol_start(struct mouse_protocol *protocol)
{
    *protocol = (struct mouse_protocol){.step = 0};
    return setup[0];
}

static void send(struct mouse_protocol *protocol, struct mouse_answer *answer)
{
    answer->has_byte = true;
    answer->byte = setup[protocol->step];
}

/* One that does not understand is left alone after a few tries. */
static void take_setup(struct mouse_protocol *protocol, uint8_t byte, struct mouse_answer *answer)
{
    if (protocol->wants_id) {
        protocol->has_wheel = byte == MOUSE_ID_WHEEL;
        protocol->wants_id = false;
    } else if (byte == MOUSE_RESEND) {
        protocol->tries++;
        if (protocol->tries < TRIES_MAX)
            send(protocol, answer);
        return;
    } else if (byte != MOUSE_ACK) {
        return;
    } else if (setup[protocol->step] == MOUSE_GET_ID) {
        protocol->wants_id = true;
        return;
    }
    protocol->step++;
    protocol->tries = 0;
    protocol->is_ready = protocol->step == SETUP_COUNT;
    if (!protocol->is_ready)
        send(protocol, answer);
}

/* Four bits: mice with more buttons have those in the others. */
static int wheel_of(uint8_t byte)
{
    int low = byte & 15;
    return low < 8 ? low : low - 16;
}

/* The signs stand apart, as the ninth bits of the two numbers. */
static void finish_packet(struct mouse_protocol *protocol, struct mouse_answer *answer)
{
    const uint8_t *packet = protocol->packet;
    bool was_pressed = protocol->is_pressed;
    if (packet[0] & PACKET_OVERFLOW)
        return;
    answer->has_motion = true;
    protocol->is_pressed = packet[0] & PACKET_LEFT;
    answer->motion.clicks = protocol->is_pressed && !was_pressed;
    answer->motion.dx = (int)packet[1] - (packet[0] & PACKET_X_SIGN ? 256 : 0);
    answer->motion.dy = (packet[0] & PACKET_Y_SIGN ? 256 : 0) - (int)packet[2];
    answer->motion.wheel = protocol->has_wheel ? wheel_of(packet[3]) : 0;
}

static void take_packet(struct mouse_protocol *protocol, uint8_t byte, struct mouse_answer *answer)
{
    if (protocol->count == 0 && !(byte & PACKET_ALWAYS_SET))
        return; /* in the middle of one: the next first byte is waited for */
    protocol->packet[protocol->count++] = byte;
    if (protocol->count == 2 && protocol->packet[0] == MOUSE_TEST_PASSED && byte == 0) {
        answer->has_byte = true; /* as a packet it would have an overflow: it was plugged in */
        answer->byte = mouse_protocol_start(protocol);
    } else if (protocol->count == (protocol->has_wheel ? 4 : 3)) {
        protocol->count = 0;
        finish_packet(protocol, answer);
    }
}

void mouse_protocol_take(struct mouse_protocol *protocol, uint8_t byte, uint32_t ticks,
                         struct mouse_answer *answer)
{
    *answer = (struct mouse_answer){.has_byte = false};
    if (ticks - protocol->last_ticks > MOUSE_GAP_TICKS)
        protocol->count = 0;
    protocol->last_ticks = ticks;
    if (protocol->is_ready)
        take_packet(protocol, byte, answer);
    else
        take_setup(protocol, byte, answer);
}
