/* HwStartIO: opens the packets, and answers what is the same for every adapter. */
#include "adapter.h"

#define NO_MODE_INDEX 0xFFFFFFFFu

/* The packet's output buffer, if that many bytes fit, and the status that goes with it. */
static PVOID open_output(PVIDEO_REQUEST_PACKET packet, ULONG size_bytes)
{
    if (packet->OutputBuffer == NULL || packet->OutputBufferLength < size_bytes) {
        packet->StatusBlock->Status = ERROR_INSUFFICIENT_BUFFER;
        return NULL;
    }
    packet->StatusBlock->Information = size_bytes;
    packet->StatusBlock->Status = NO_ERROR;
    return packet->OutputBuffer;
}

static const void *open_input(PVIDEO_REQUEST_PACKET packet, ULONG size_bytes)
{
    if (packet->InputBuffer == NULL || packet->InputBufferLength < size_bytes) {
        packet->StatusBlock->Status = ERROR_INSUFFICIENT_BUFFER;
        return NULL;
    }
    return packet->InputBuffer;
}

/* ---- modes ---------------------------------------------------------------------------------- */

static bool is_same_mode(const struct ashlar_mode *a, const struct ashlar_mode *b)
{
    return a->width == b->width && a->height == b->height && a->bits_per_pixel == b->bits_per_pixel;
}

static ULONG index_of(const struct adapter *adapter, const struct ashlar_mode *mode)
{
    struct ashlar_mode other;

    for (ULONG i = 0; adapter->class->get_mode(adapter, i, &other); i++) {
        if (is_same_mode(mode, &other))
            return i;
    }
    return NO_MODE_INDEX;
}

static ULONG count_modes(const struct adapter *adapter)
{
    struct ashlar_mode mode;
    ULONG count = 0;

    for (ULONG i = 0; adapter->class->get_mode(adapter, i, &mode); i++)
        count += adapter->class->takes(adapter, &mode);
    return count;
}

static ULONG bits_in(ULONG mask)
{
    ULONG count = 0;

    for (; mask != 0; mask &= mask - 1)
        count++;
    return count;
}

/* No masks where a palette turns pixels into colours; VGA's DAC has 6 bits for each. */
void adapter_describe_pixels(VIDEO_MODE_INFORMATION *information, const struct pixel_format *format)
{
    information->NumberOfPlanes = 1;
    information->BitsPerPlane = format->bits;
    if (format->bits == 8) {
        information->AttributeFlags |= VIDEO_MODE_PALETTE_DRIVEN;
        information->NumberRedBits = information->NumberGreenBits = information->NumberBlueBits = 6;
        return;
    }
    information->RedMask = format->red.mask;
    information->GreenMask = format->green.mask;
    information->BlueMask = format->blue.mask;
    information->NumberRedBits = bits_in(format->red.mask);
    information->NumberGreenBits = bits_in(format->green.mask);
    information->NumberBlueBits = bits_in(format->blue.mask);
}

static VIDEO_MODE_INFORMATION describe_mode(const struct adapter *adapter,
                                            const struct ashlar_mode *mode)
{
    VIDEO_MODE_INFORMATION information = {
        .Length = sizeof information,
        .ModeIndex = index_of(adapter, mode),
        .VisScreenWidth = mode->width,
        .VisScreenHeight = mode->height,
        .Frequency = 1,
        .XMillimeter = 320,
        .YMillimeter = 240,
        .AttributeFlags = VIDEO_MODE_COLOR | VIDEO_MODE_GRAPHICS,
        .VideoMemoryBitmapWidth = mode->width,
    };

    adapter->class->describe(adapter, mode, &information);
    information.VideoMemoryBitmapHeight =
        adapter->description.memory_bytes / information.ScreenStride;
    return information;
}

static void query_num_modes(const struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    VIDEO_NUM_MODES *modes = open_output(packet, sizeof *modes);

    if (modes != NULL)
        *modes = (VIDEO_NUM_MODES){.NumModes = count_modes(adapter),
                                   .ModeInformationLength = sizeof(VIDEO_MODE_INFORMATION)};
}

static void query_modes(const struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    VIDEO_MODE_INFORMATION *information =
        open_output(packet, count_modes(adapter) * (ULONG)sizeof *information);
    struct ashlar_mode mode;

    if (information == NULL)
        return;
    for (ULONG i = 0; adapter->class->get_mode(adapter, i, &mode); i++) {
        if (adapter->class->takes(adapter, &mode))
            *information++ = describe_mode(adapter, &mode);
    }
}

static void query_current_mode(const struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    VIDEO_MODE_INFORMATION *information = open_output(packet, sizeof *information);

    if (information == NULL)
        return;
    *information = describe_mode(adapter, &adapter->screen.mode);
    information->ScreenStride = adapter->screen.stride_bytes;
    if (adapter->screen.mode.flips)
        information->DriverSpecificAttributeFlags = ASHLAR_MODE_FLIPS;
}

static void set_current_mode(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const VIDEO_MODE *request = open_input(packet, sizeof *request);
    struct ashlar_mode mode;

    if (request == NULL)
        return;
    ULONG index = request->RequestedMode & ~(VIDEO_MODE_NO_ZERO_MEMORY | VIDEO_MODE_MAP_MEM_LINEAR);
    packet->StatusBlock->Status = adapter->class->get_mode(adapter, index, &mode)
                                      ? adapter_set_mode(adapter, &mode)
                                      : ERROR_INVALID_PARAMETER;
}

static void set_any_mode(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct ashlar_mode *mode = open_input(packet, sizeof *mode);

    if (mode != NULL)
        packet->StatusBlock->Status = adapter_set_mode(adapter, mode);
}

/* ---- video memory and colours ---------------------------------------------------------------- */

/* All of video memory; the frame buffer is what the current mode shows of it, if there is one. */
static void map_video_memory(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct adapter_screen *screen = &adapter->screen;
    VIDEO_MEMORY_INFORMATION *information = open_output(packet, sizeof *information);
    ULONG length = adapter->description.memory_bytes;
    ULONG space = VIDEO_MEMORY_SPACE_P6CACHE;
    PVOID mapped = NULL;

    if (information == NULL)
        return;
    packet->StatusBlock->Status =
        VideoPortMapMemory(adapter, adapter->description.memory_physical, &length, &space, &mapped);
    if (packet->StatusBlock->Status != NO_ERROR) {
        packet->StatusBlock->Information = 0;
        return;
    }
    *information = (VIDEO_MEMORY_INFORMATION){
        .VideoRamBase = mapped,
        .VideoRamLength = length,
        .FrameBufferBase = mapped,
        .FrameBufferLength =
            screen->mode.width == 0 ? length : screen->stride_bytes * screen->mode.height,
    };
}

static void unmap_video_memory(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const VIDEO_MEMORY *memory = open_input(packet, sizeof *memory);

    if (memory != NULL)
        packet->StatusBlock->Status =
            VideoPortUnmapMemory(adapter, memory->RequestedVirtualAddress, NULL);
}

static void set_colours(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const VIDEO_CLUT *colours = open_input(packet, FIELD_OFFSET(VIDEO_CLUT, LookupTable));

    if (colours == NULL || adapter->class->set_colours == NULL)
        return;
    colours = open_input(packet, (ULONG)(FIELD_OFFSET(VIDEO_CLUT, LookupTable) +
                                         colours->NumEntries * sizeof colours->LookupTable[0]));
    if (colours != NULL)
        packet->StatusBlock->Status =
            adapter->class->set_colours(adapter, colours) ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

/* ---- pixels ----------------------------------------------------------------------------------- */

static void query_back_buffer(const struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct adapter_screen *screen = &adapter->screen;
    struct ashlar_back_buffer *buffer = open_output(packet, sizeof *buffer);

    if (buffer == NULL)
        return;
    *buffer = (struct ashlar_back_buffer){
        .virtual_address = screen->pixels,
        .physical = screen->pixels_physical,
        .size_bytes = screen->mode.width * screen->mode.height * (ULONG)sizeof(ULONG),
        .stride_bytes = screen->mode.width * (ULONG)sizeof(ULONG),
        .width = screen->mode.width,
        .height = screen->mode.height,
    };
}

static bool is_on_screen(const struct adapter_screen *screen,
                         const struct ashlar_rectangle *rectangle)
{
    return rectangle->left < rectangle->right && rectangle->right <= screen->mode.width &&
           rectangle->top < rectangle->bottom && rectangle->bottom <= screen->mode.height;
}

static void present(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct ashlar_rectangle *rectangles = open_input(packet, sizeof *rectangles);
    ULONG count = packet->InputBufferLength / (ULONG)sizeof *rectangles;

    if (rectangles == NULL || adapter->screen.pixels == NULL)
        return;
    packet->StatusBlock->Status = ERROR_INVALID_PARAMETER;
    if (packet->InputBufferLength % sizeof *rectangles != 0 || count > ASHLAR_RECTANGLES_MAX)
        return;
    for (ULONG i = 0; i < count; i++) {
        if (!is_on_screen(&adapter->screen, &rectangles[i]))
            return;
    }
    adapter_present(adapter, rectangles, count);
    packet->StatusBlock->Status = NO_ERROR;
}

static void write_pixels(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct ashlar_mode *mode = &adapter->screen.mode;
    const struct ashlar_pixels *pixels = open_input(packet, sizeof *pixels);

    if (pixels == NULL)
        return;
    packet->StatusBlock->Status = ERROR_INVALID_PARAMETER;
    if (pixels->top >= mode->height || pixels->left >= mode->width || pixels->count == 0 ||
        pixels->count > mode->width - pixels->left)
        return;
    adapter_write(adapter, pixels);
    packet->StatusBlock->Status = NO_ERROR;
}

static void query_adapter(const struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    struct ashlar_adapter *out = open_output(packet, sizeof *out);

    if (out != NULL)
        *out = adapter->description;
}

/* ---- requests ---------------------------------------------------------------------------------- */

/* Those that make sense only while a mode is set. */
static void handle_mode_request(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    switch (packet->IoControlCode) {
    case IOCTL_VIDEO_QUERY_CURRENT_MODE:
        query_current_mode(adapter, packet);
        break;
    case IOCTL_VIDEO_SET_COLOR_REGISTERS:
        set_colours(adapter, packet);
        break;
    case IOCTL_ASHLAR_QUERY_BACK_BUFFER:
        query_back_buffer(adapter, packet);
        break;
    case IOCTL_ASHLAR_PRESENT:
        present(adapter, packet);
        break;
    case IOCTL_ASHLAR_WRITE_PIXELS:
        write_pixels(adapter, packet);
        break;
    default:
        break;
    }
}

BOOLEAN NTAPI adapter_start_io(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET packet)
{
    struct adapter *adapter = HwDeviceExtension;

    packet->StatusBlock->Status = ERROR_INVALID_FUNCTION;
    packet->StatusBlock->Information = 0;
    switch (packet->IoControlCode) {
    case IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES:
        query_num_modes(adapter, packet);
        break;
    case IOCTL_VIDEO_QUERY_AVAIL_MODES:
        query_modes(adapter, packet);
        break;
    case IOCTL_VIDEO_SET_CURRENT_MODE:
        set_current_mode(adapter, packet);
        break;
    case IOCTL_VIDEO_MAP_VIDEO_MEMORY:
        map_video_memory(adapter, packet);
        break;
    case IOCTL_VIDEO_UNMAP_VIDEO_MEMORY:
        unmap_video_memory(adapter, packet);
        break;
    case IOCTL_VIDEO_RESET_DEVICE:
        if (adapter_leave(adapter))
            packet->StatusBlock->Status = NO_ERROR;
        break;
    case IOCTL_ASHLAR_SET_MODE:
        set_any_mode(adapter, packet);
        break;
    case IOCTL_ASHLAR_QUERY_ADAPTER:
        query_adapter(adapter, packet);
        break;
    default:
        if (adapter->screen.mode.width != 0)
            handle_mode_request(adapter, packet);
        break;
    }
    return TRUE;
}

/* The size is the saved screen's. */
BOOLEAN NTAPI adapter_reset_hw(PVOID HwDeviceExtension, ULONG Columns, ULONG Rows)
{
    UNREFERENCED_PARAMETER(Columns);
    UNREFERENCED_PARAMETER(Rows);
    return adapter_leave(HwDeviceExtension);
}
