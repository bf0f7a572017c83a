/*
 * What a monitor says of itself: an input is its 128 bytes, of which the first one says whether header
 * and sum are put right. What is read is what stands there, a name that can be printed, or nothing.
 */

#include "drivers/video/edid.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#define HEADER_BYTES 8
#define TIMING 54 /* the first descriptor (VESA Enhanced EDID, 3.10) */

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

static void put_right(uint8_t *bytes)
{
    memcpy(bytes, header, sizeof header);
    bytes[EDID_BYTES - 1] = (uint8_t)(bytes[EDID_BYTES - 1] - sum_of(bytes));
}

static const char *check_name(const struct edid *edid, const uint8_t *bytes)
{
    size_t length = 0;
    for (; length <= EDID_NAME_MAX && edid->name[length]; length++)
        if (edid->name[length] < ' ' || edid->name[length] > '~')
            return "a monitor's name cannot be printed";
    if (length > EDID_NAME_MAX)
        return "a monitor's name has no end";
    if (length > 0 && edid->name[length - 1] == ' ')
        return "a monitor's name ends in a blank";
    for (size_t i = TIMING; i + length <= EDID_BYTES - 1; i++)
        if (memcmp(bytes + i, edid->name, length) == 0)
            return NULL;
    return "a monitor's name stands nowhere";
}

static const char *check_size(const struct edid *edid, const uint8_t *bytes)
{
    const uint8_t *timing = bytes + TIMING;
    unsigned width = timing[2] | (timing[4] & 0xF0u) << 4;
    unsigned height = timing[5] | (timing[7] & 0xF0u) << 4;
    if ((timing[0] == 0 && timing[1] == 0) || width == 0 || height == 0)
        width = height = 0;
    return edid->width == width && edid->height == height ? NULL : "the mode is not the monitor's";
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    struct edid edid;
    uint8_t *bytes = calloc(1, EDID_BYTES); /* a sanitizer sees what is read beyond them */
    if (!bytes)
        return "no memory";
    fuzz_step_count++;
    memset(&edid, 0xA5, sizeof edid);
    memcpy(bytes, data, size_bytes < EDID_BYTES ? size_bytes : EDID_BYTES);
    if (size_bytes > 0 && data[0] % 4 != 1)
        put_right(bytes);
    bool is_right = memcmp(bytes, header, sizeof header) == 0 && sum_of(bytes) == 0;
    const char *broken = NULL;
    if (edid_read(&edid, bytes) != is_right)
        broken = "a block is not judged by its header and its sum";
    else if (!is_right)
        broken = edid.name[0] || edid.width || edid.height ? "a wrong block says something" : NULL;
    else
        broken = check_size(&edid, bytes);
    if (!broken)
        broken = check_name(&edid, bytes);
    free(bytes);
    return broken;
}
