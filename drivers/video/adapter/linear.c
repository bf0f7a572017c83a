/*
 * Writes pixels to video memory that is one linear frame buffer. Pixels are converted in cached
 * memory and go out in blocks; of video memory, two bytes are read, once in a mode.
 */
#include "adapter.h"

#define CHUNK_PIXELS 256

bool linear_map(struct adapter *adapter, ULONG size_bytes)
{
    struct linear *linear = &adapter->linear;
    if (size_bytes <= linear->size_bytes)
        return true;
    UCHAR *mapped = VideoPortGetDeviceBase(adapter->extension, adapter->description.memory_physical,
                                           size_bytes, VIDEO_MEMORY_SPACE_P6CACHE);
    if (mapped == NULL)
        return false;
    if (linear->base != NULL)
        VideoPortFreeDeviceBase(adapter->extension, linear->base);
    linear->base = mapped;
    linear->size_bytes = size_bytes;
    return true;
}

static bool keeps(UCHAR *byte)
{
    UCHAR before = VideoPortReadRegisterUchar(byte);
    VideoPortWriteRegisterUchar(byte, 0x55);
    bool is_kept = VideoPortReadRegisterUchar(byte) == 0x55;
    VideoPortWriteRegisterUchar(byte, 0xAA);
    is_kept &= VideoPortReadRegisterUchar(byte) == 0xAA;
    VideoPortWriteRegisterUchar(byte, before);
    return is_kept;
}

bool linear_keeps(const struct linear *linear, ULONG picture_bytes)
{
    return keeps(linear->base) && keeps(linear->base + picture_bytes - 1);
}

/* Dwords at multiples of 4, for the bytes on their way to be few and large. */
static void write_block(UCHAR *target, UCHAR *bytes, ULONG count)
{
    ULONG head = (ULONG)(-(ULONG_PTR)target & 3);
    head = head < count ? head : count;
    ULONG tail = (count - head) & 3;
    VideoPortWriteRegisterBufferUchar(target, bytes, head);
    VideoPortWriteRegisterBufferUlong((PULONG)(void *)(target + head),
                                      (PULONG)(void *)(bytes + head), (count - head) / 4);
    VideoPortWriteRegisterBufferUchar(target + count - tail, bytes + count - tail, tail);
}

static void write_converted(const struct pixel_format *format, UCHAR *target, const ULONG *pixels,
                            ULONG count)
{
    ULONG converted[CHUNK_PIXELS];
    while (count > 0) {
        ULONG now = count < CHUNK_PIXELS ? count : CHUNK_PIXELS;
        pixel_format_convert(format, (const uint32_t *)pixels, now, converted);
        write_block(target, (PUCHAR)converted, now * format->bytes);
        target += now * format->bytes;
        pixels += now;
        count -= now;
    }
}

void linear_write(const struct linear *linear, ULONG offset_bytes, ULONG stride_bytes,
                  const struct ashlar_pixels *pixels)
{
    UCHAR *target = linear->base + offset_bytes + (SIZE_T)pixels->top * stride_bytes +
                    (SIZE_T)pixels->left * linear->format.bytes;
    if (pixel_format_is_native(&linear->format))
        VideoPortWriteRegisterBufferUlong((PULONG)(ULONG_PTR)target,
                                          (PULONG)(ULONG_PTR)pixels->pixels, pixels->count);
    else
        write_converted(&linear->format, target, pixels->pixels, pixels->count);
}
