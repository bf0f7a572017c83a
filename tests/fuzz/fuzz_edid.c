/*
 * What a monitor says of itself: an input is its blocks, and the first byte says whether the header
 * and the sums are put right. What is read is what stands there, a name that can be printed, or
 * nothing.
 */

#include "drivers/video/adapter/edid.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#define HEADER_BYTES 8
#define TIMING 54 /* the first of four descriptors (VESA Enhanced EDID, 3.10) */
#define TIMING_BYTES 18
#define TIMINGS_END 126

const char fuzz_name[] = "edid";
uint64_t fuzz_step_count;

static const uint8_t header[HEADER_BYTES] = {0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};

static uint8_t sum_of(const uint8_t *bytes)
{
    uint8_t sum = 0;
    for (size_t i = 0; i < EDID_BYTES; i++)
        sum = (uint8_t)(sum + bytes[i]);
    return sum;
}

static void put_right(uint8_t *bytes, size_t size_bytes)
{
    memcpy(bytes, header, sizeof header);
    for (uint8_t *block = bytes; block < bytes + size_bytes; block += EDID_BYTES)
        block[EDID_BYTES - 1] = (uint8_t)(block[EDID_BYTES - 1] - sum_of(block));
}

static const char *check_name(const struct edid *edid, const uint8_t *bytes, size_t size_bytes)
{
    size_t length = 0;
    for (; length <= EDID_NAME_MAX && edid->name[length]; length++)
        if (edid->name[length] < ' ' || edid->name[length] > '~')
            return "a monitor's name cannot be printed";
    if (length > EDID_NAME_MAX)
        return "a monitor's name has no end";
    if (length > 0 && edid->name[length - 1] == ' ')
        return "a monitor's name ends in a blank";
    for (size_t i = TIMING; i + length <= size_bytes - 1; i++)
        if (memcmp(bytes + i, edid->name, length) == 0)
            return NULL;
    return "a monitor's name stands nowhere";
}

struct size {
    unsigned width;
    unsigned height;
};

static bool is_size(const struct edid *edid, struct size size)
{
    return edid->width == size.width && edid->height == size.height;
}

static struct size size_of_timing(const uint8_t *timing)
{
    unsigned width = timing[2] | (timing[4] & 0xF0u) << 4;
    unsigned height = timing[5] | (timing[7] & 0xF0u) << 4;
    bool is_timing = (timing[0] != 0 || timing[1] != 0) && width != 0 && height != 0;
    if (!is_timing)
        return (struct size){0, 0};
    return (struct size){width, timing[17] >= 0x80 ? 2 * height : height};
}

static struct size size_of_displayid(const uint8_t *timing)
{
    return (struct size){(timing[4] | timing[5] << 8) + 1u, (timing[12] | timing[13] << 8) + 1u};
}

/* Whether any bytes of the block could be read as a timing of that size. */
static bool is_in_block(const struct edid *edid, const uint8_t *block)
{
    for (size_t i = 1; sum_of(block) == 0 && i + TIMING_BYTES <= EDID_BYTES - 1; i++)
        if ((block[0] == 0x02 && is_size(edid, size_of_timing(block + i))) ||
            (block[0] == 0x70 && i >= 8 && is_size(edid, size_of_displayid(block + i))))
            return true;
    return false;
}

/* The first block's first timing; without one there, what stands in an extension. */
static const char *check_size(const struct edid *edid, const uint8_t *bytes, size_t size_bytes)
{
    for (size_t at = TIMING; at + TIMING_BYTES <= TIMINGS_END; at += TIMING_BYTES) {
        struct size size = size_of_timing(bytes + at);
        if (size.width != 0)
            return is_size(edid, size) ? NULL : "the mode is not the monitor's";
    }
    if (is_size(edid, (struct size){0, 0}))
        return NULL;
    for (size_t i = 1; i <= bytes[126] && (i + 1) * EDID_BYTES <= size_bytes; i++)
        if (edid->width != 0 && edid->height != 0 && is_in_block(edid, bytes + i * EDID_BYTES))
            return NULL;
    return "the mode stands nowhere";
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    struct edid edid;
    size_t block_count = size_bytes / EDID_BYTES;
    size_t edid_bytes = (block_count == 0 ? 1 : block_count) * EDID_BYTES;
    uint8_t *bytes = calloc(1, edid_bytes); /* a sanitizer sees what is read beyond them */
    if (!bytes)
        return "no memory";
    fuzz_step_count++;
    memset(&edid, 0xA5, sizeof edid);
    memcpy(bytes, data, size_bytes < edid_bytes ? size_bytes : edid_bytes);
    if (size_bytes > 0 && data[0] % 4 != 1)
        put_right(bytes, edid_bytes);
    bool is_right = memcmp(bytes, header, sizeof header) == 0 && sum_of(bytes) == 0;
    const char *broken = NULL;
    if (edid_read(&edid, bytes, edid_bytes) != is_right)
        broken = "a block is not judged by its header and its sum";
    else if (!is_right)
        broken = edid.name[0] || edid.width || edid.height ? "a wrong block says something" : NULL;
    else
        broken = check_size(&edid, bytes, edid_bytes);
    if (!broken)
        broken = check_name(&edid, bytes, edid_bytes);
    free(bytes);
    return broken;
}
