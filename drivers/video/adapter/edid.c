/*
 * Reads a monitor's name and modes out of its EDID: blocks of 128 bytes, of which all bytes
 * together are a multiple of 256. The first one:
 *
 *   0   header                   00 FF FF FF FF FF FF 00
 *  54   four descriptors of 18   a detailed timing (3.10.1), of which the first is preferred; or a
 *                                monitor's descriptor: a pixel clock of 0, and its kind in byte 3
 * 126   how many extension blocks follow
 *
 * An extension begins with its kind: CTA-861 has such descriptors too, DisplayID blocks of its own.
 */
#include "edid.h"

#define DESCRIPTORS 54
#define DESCRIPTOR_BYTES 18
#define EXTENSION_COUNT 126
#define CHECKSUM 127

/* In a detailed timing. */
#define WIDTH_LOW 2
#define WIDTH_HIGH 4 /* upper four bits */
#define HEIGHT_LOW 5
#define HEIGHT_HIGH 7
#define FLAGS 17
#define FLAG_INTERLACED 0x80

/* In a monitor's descriptor. */
#define KIND 3
#define KIND_NAME 0xFC
#define TEXT 5

/* CTA-861-G, 7.5 */
#define EXTENSION_CTA 0x02
#define CTA_DESCRIPTORS 2 /* where they begin; 0: there are none */
#define CTA_HEADER_BYTES 4

/* VESA DisplayID 1.3, 2 and 4.4.2, and 2.0, 4.3 */
#define EXTENSION_DISPLAYID 0x70
#define DISPLAYID_BYTES 2 /* of all its data blocks */
#define DISPLAYID_BLOCKS 5
#define DISPLAYID_HEADER_BYTES 3 /* of each: kind, revision, how many bytes follow */
#define DISPLAYID_TIMING_1 0x03
#define DISPLAYID_TIMING_7 0x22
#define DISPLAYID_TIMING_BYTES 20
#define DISPLAYID_WIDTH 4 /* less one, as the height */
#define DISPLAYID_HEIGHT 12

static bool has_right_sum(const uint8_t *block)
{
    uint8_t sum = 0;
    for (size_t i = 0; i < EDID_BYTES; i++)
        sum = (uint8_t)(sum + block[i]);
    return sum == 0;
}

static bool has_header(const uint8_t *block)
{
    static const uint8_t header[8] = {0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};
    for (size_t i = 0; i < sizeof header; i++)
        if (block[i] != header[i])
            return false;
    return true;
}

/* The first one that makes sense is the monitor's own. */
static void take_size(struct edid *edid, unsigned width, unsigned height)
{
    if (edid->width != 0 || width == 0 || height == 0 || width > UINT16_MAX || height > UINT16_MAX)
        return;
    edid->width = (uint16_t)width;
    edid->height = (uint16_t)height;
}

/* Of an interlaced timing the height is half a picture's. */
static void read_timing(struct edid *edid, const uint8_t *timing)
{
    unsigned width = timing[WIDTH_LOW] | (timing[WIDTH_HIGH] & 0xF0u) << 4;
    unsigned height = timing[HEIGHT_LOW] | (timing[HEIGHT_HIGH] & 0xF0u) << 4;
    take_size(edid, width, timing[FLAGS] & FLAG_INTERLACED ? 2 * height : height);
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

/* As many as there is room for in the block from `at` on. */
static void read_descriptors(struct edid *edid, const uint8_t *block, size_t at)
{
    for (; at + DESCRIPTOR_BYTES <= CHECKSUM; at += DESCRIPTOR_BYTES) {
        const uint8_t *descriptor = block + at;
        if (descriptor[0] != 0 || descriptor[1] != 0)
            read_timing(edid, descriptor);
        else if (descriptor[KIND] == KIND_NAME && edid->name[0] == '\0')
            read_name(edid, descriptor + TEXT);
    }
}

static void read_displayid(struct edid *edid, const uint8_t *block)
{
    size_t end = DISPLAYID_BLOCKS + block[DISPLAYID_BYTES];
    if (end > CHECKSUM)
        end = CHECKSUM;
    for (size_t at = DISPLAYID_BLOCKS; at + DISPLAYID_HEADER_BYTES <= end;) {
        const uint8_t *timing = block + at + DISPLAYID_HEADER_BYTES;
        bool is_timing = block[at] == DISPLAYID_TIMING_1 || block[at] == DISPLAYID_TIMING_7;
        at += DISPLAYID_HEADER_BYTES + block[at + 2];
        if (is_timing && timing + DISPLAYID_TIMING_BYTES <= block + at && at <= end)
            take_size(edid, (timing[DISPLAYID_WIDTH] | timing[DISPLAYID_WIDTH + 1] << 8) + 1u,
                      (timing[DISPLAYID_HEIGHT] | timing[DISPLAYID_HEIGHT + 1] << 8) + 1u);
    }
}

static void read_extension(struct edid *edid, const uint8_t *block)
{
    if (!has_right_sum(block))
        return;
    if (block[0] == EXTENSION_CTA && block[CTA_DESCRIPTORS] >= CTA_HEADER_BYTES)
        read_descriptors(edid, block, block[CTA_DESCRIPTORS]);
    else if (block[0] == EXTENSION_DISPLAYID)
        read_displayid(edid, block);
}

bool edid_read(struct edid *edid, const uint8_t *bytes, size_t size_bytes)
{
    *edid = (struct edid){.width = 0};
    if (!has_header(bytes) || !has_right_sum(bytes))
        return false;
    read_descriptors(edid, bytes, DESCRIPTORS);
    for (size_t i = 1; i <= bytes[EXTENSION_COUNT] && (i + 1) * EDID_BYTES <= size_bytes; i++)
        read_extension(edid, bytes + i * EDID_BYTES);
    return true;
}
