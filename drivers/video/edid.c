/*
 *   0   header                   00 FF FF FF FF FF FF 00
 *  54   four descriptors of 18   the first is the preferred timing (3.10.1); a monitor's descriptor
 *                                begins with a pixel clock of 0 and has its kind in byte 3
 * 127   checksum                 all bytes together are a multiple of 256
 */
#include "edid.h"

#include <stddef.h>

#define DESCRIPTORS 54
#define DESCRIPTOR_COUNT 4
#define DESCRIPTOR_BYTES 18

/* In a detailed timing. */
#define WIDTH_LOW 2
#define WIDTH_HIGH 4 /* upper four bits */
#define HEIGHT_LOW 5
#define HEIGHT_HIGH 7

/* In a monitor's descriptor. */
#define KIND 3
#define KIND_NAME 0xFC
#define TEXT 5

static bool is_whole(const uint8_t *bytes)
{
    static const uint8_t header[8] = {0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};
    uint8_t sum = 0;
    for (size_t i = 0; i < EDID_BYTES; i++)
        sum = (uint8_t)(sum + bytes[i]);
    for (size_t i = 0; i < sizeof header; i++)
        if (bytes[i] != header[i])
            return false;
    return sum == 0;
}

static void read_timing(struct edid *edid, const uint8_t *timing)
{
    unsigned width = timing[WIDTH_LOW] | (timing[WIDTH_HIGH] & 0xF0u) << 4;
    unsigned height = timing[HEIGHT_LOW] | (timing[HEIGHT_HIGH] & 0xF0u) << 4;
    if (width == 0 || height == 0)
        return;
    edid->width = (uint16_t)width;
    edid->height = (uint16_t)height;
}

/* A line feed ends it, and blanks fill the rest. */
static void read_name(struct edid *edid, const uint8_t *text)
{
    size_t length = 0;
    for (; length < EDID_NAME_MAX && text[length] >= ' ' && text[length] <= '~'; length++)
        edid->name[length] = (char)text[length];
    while (length > 0 && edid->name[length - 1] == ' ')
        length--;
    edid->name[length] = '\0';
}

bool edid_read(struct edid *edid, const uint8_t bytes[EDID_BYTES])
{
    *edid = (struct edid){.width = 0};
    if (!is_whole(bytes))
        return false;
    for (size_t i = 0; i < DESCRIPTOR_COUNT; i++) {
        const uint8_t *descriptor = bytes + DESCRIPTORS + i * DESCRIPTOR_BYTES;
        bool is_timing = descriptor[0] != 0 || descriptor[1] != 0;
        if (is_timing && i == 0)
            read_timing(edid, descriptor);
        else if (!is_timing && descriptor[KIND] == KIND_NAME)
            read_name(edid, descriptor + TEXT);
    }
    return true;
}
