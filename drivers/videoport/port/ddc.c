/*
 * A monitor's EDID over two wires, a clock and a data line that either side may pull low: I2C with
 * the adapter as the only master (VESA E-DDC 1.2, 2.2; I2C-bus specification UM10204, 3.1). The
 * driver moves the lines; the times between are kept here.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"
#include "kernel/lib/string.h"

#define HALF_PERIOD_MICROSECONDS 5 /* 100 kHz at most */
#define STRETCH_MICROSECONDS_MAX 2000 /* a slow monitor holds the clock down */

#define EDID_ADDRESS 0xA0 /* with bit 0: reading */
#define SEGMENT_ADDRESS 0x60

static const UCHAR edid_header[8] = {0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};

struct bus {
    PVOID extension;
    const I2C_CALLBACKS *lines;
};

static void wait_half_period(void)
{
    videoport_host->stall(HALF_PERIOD_MICROSECONDS);
}

static void set_data(const struct bus *bus, bool is_high)
{
    bus->lines->WriteDataLine(bus->extension, is_high);
    wait_half_period();
}

static void pull_clock(const struct bus *bus)
{
    bus->lines->WriteClockLine(bus->extension, 0);
    wait_half_period();
}

/* False if somebody holds it down for ever. */
static bool release_clock(const struct bus *bus)
{
    bus->lines->WriteClockLine(bus->extension, 1);
    wait_half_period();
    for (unsigned waited = 0; !bus->lines->ReadClockLine(bus->extension);
         waited += HALF_PERIOD_MICROSECONDS) {
        if (waited >= STRETCH_MICROSECONDS_MAX)
            return false;
        wait_half_period();
    }
    return true;
}

/* Data falls while the clock is high; also in the middle of a transfer, to turn it round. */
static bool start(const struct bus *bus)
{
    set_data(bus, true);
    if (!release_clock(bus))
        return false;
    set_data(bus, false);
    pull_clock(bus);
    return true;
}

/* Data rises while the clock is high. */
static void stop(const struct bus *bus)
{
    set_data(bus, false);
    release_clock(bus);
    set_data(bus, true);
}

static bool write_bit(const struct bus *bus, bool bit)
{
    set_data(bus, bit);
    bool moved = release_clock(bus);
    pull_clock(bus);
    return moved;
}

static bool read_bit(const struct bus *bus, bool *bit)
{
    bus->lines->WriteDataLine(bus->extension, 1);
    bool moved = release_clock(bus);
    *bit = bus->lines->ReadDataLine(bus->extension) != FALSE;
    pull_clock(bus);
    return moved;
}

/* True if the other side pulled the ninth bit low. */
static bool write_byte(const struct bus *bus, UCHAR byte)
{
    bool is_refused = true;
    for (unsigned bit = 8; bit-- > 0;) {
        if (!write_bit(bus, byte >> bit & 1))
            return false;
    }
    return read_bit(bus, &is_refused) && !is_refused;
}

/* The last byte is not acknowledged: that ends the transfer. */
static bool read_byte(const struct bus *bus, bool is_last, UCHAR *byte)
{
    bool bit = false;
    *byte = 0;
    for (unsigned i = 0; i < 8; i++) {
        if (!read_bit(bus, &bit))
            return false;
        *byte = (UCHAR)(*byte << 1 | bit);
    }
    return write_bit(bus, is_last);
}

/* Segments of 256 bytes: the first is there without being asked for. */
static bool select_segment(const struct bus *bus, UCHAR segment)
{
    return segment == 0 ||
           (start(bus) && write_byte(bus, SEGMENT_ADDRESS) && write_byte(bus, segment));
}

static bool read_edid(const struct bus *bus, UCHAR segment, UCHAR *buffer, ULONG size_bytes)
{
    if (!select_segment(bus, segment) || !start(bus) || !write_byte(bus, EDID_ADDRESS) ||
        !write_byte(bus, 0) || !start(bus) || !write_byte(bus, EDID_ADDRESS | 1))
        return false;
    for (ULONG i = 0; i < size_bytes; i++) {
        if (!read_byte(bus, i + 1 == size_bytes, &buffer[i]))
            return false;
    }
    return true;
}

static bool is_complete(const DDC_CONTROL *control)
{
    return control->Size >= sizeof *control && control->I2CCallbacks.WriteClockLine != NULL &&
           control->I2CCallbacks.WriteDataLine != NULL &&
           control->I2CCallbacks.ReadClockLine != NULL &&
           control->I2CCallbacks.ReadDataLine != NULL;
}

BOOLEAN NTAPI VideoPortDDCMonitorHelper(PVOID HwDeviceExtension, PVOID DDCControl,
                                        PUCHAR EdidBuffer, ULONG EdidBufferSize)
{
    const DDC_CONTROL *control = DDCControl;
    if (device_admit(HwDeviceExtension, __func__) == NULL || control == NULL ||
        EdidBuffer == NULL || EdidBufferSize == 0 || !is_complete(control))
        return FALSE;
    const struct bus bus = {HwDeviceExtension, &control->I2CCallbacks};
    bool is_read = read_edid(&bus, control->EdidSegment, EdidBuffer, EdidBufferSize);
    stop(&bus);
    if (is_read && control->EdidSegment == 0)
        is_read = EdidBufferSize >= sizeof edid_header &&
                  memcmp(EdidBuffer, edid_header, sizeof edid_header) == 0;
    if (!is_read)
        memset(EdidBuffer, 0, EdidBufferSize);
    return is_read;
}
