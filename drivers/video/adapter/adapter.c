/* HwStartIO: opens the packets, and answers what is the same for every adapter. */
#include "adapter.h"

#include "edid.h"

#define NO_MODE_INDEX 0xFFFFFFFFu

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

bool adapter_takes(const struct adapter *adapter, const struct ashlar_mode *mode)
{
    const struct adapter_class *class = adapter->class;
    struct pixel_format format;
    return (class->takes_others || (!mode->flips && index_of(adapter, mode) != NO_MODE_INDEX)) &&
           class->lay_out(adapter, mode, &format) != 0;
}

static ULONG count_modes(const struct adapter *adapter)
{
    struct ashlar_mode mode;
    ULONG count = 0;
    for (ULONG i = 0; adapter->class->get_mode(adapter, i, &mode); i++)
        count += adapter_takes(adapter, &mode);
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
static void describe_colours(VIDEO_MODE_INFORMATION *information, const struct pixel_format *format)
{
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
    bool is_planar = ashlar_is_planar(mode);
    struct pixel_format format;
    ULONG stride_bytes = adapter->class->lay_out(adapter, mode, &format);
    VIDEO_MODE_INFORMATION information = {
        .Length = sizeof information,
        .ModeIndex = index_of(adapter, mode),
        .VisScreenWidth = mode->width,
        .VisScreenHeight = mode->height,
        .ScreenStride = stride_bytes,
        .NumberOfPlanes = is_planar ? 4 : 1,
        .BitsPerPlane = is_planar ? 1 : format.bits,
        .Frequency = 1,
        .XMillimeter = 320,
        .YMillimeter = 240,
        .AttributeFlags = VIDEO_MODE_COLOR | VIDEO_MODE_GRAPHICS,
        .VideoMemoryBitmapWidth = mode->width,
        .VideoMemoryBitmapHeight = adapter->description.memory_bytes / stride_bytes,
    };
    describe_colours(&information, &format);
    return information;
}

static VP_STATUS query_num_modes(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    *(VIDEO_NUM_MODES *)packet->OutputBuffer = (VIDEO_NUM_MODES){
        .NumModes = count_modes(adapter), .ModeInformationLength = sizeof(VIDEO_MODE_INFORMATION)};
    return NO_ERROR;
}

static VP_STATUS query_modes(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    VIDEO_MODE_INFORMATION *information = packet->OutputBuffer;
    ULONG size_bytes = count_modes(adapter) * (ULONG)sizeof *information;
    struct ashlar_mode mode;
    if (information == NULL || packet->OutputBufferLength < size_bytes)
        return ERROR_INSUFFICIENT_BUFFER;
    for (ULONG i = 0; adapter->class->get_mode(adapter, i, &mode); i++) {
        if (adapter_takes(adapter, &mode))
            *information++ = describe_mode(adapter, &mode);
    }
    packet->StatusBlock->Information = size_bytes;
    return NO_ERROR;
}

static VP_STATUS query_current_mode(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    VIDEO_MODE_INFORMATION *information = packet->OutputBuffer;
    *information = describe_mode(adapter, &adapter->screen.mode);
    information->ScreenStride = adapter->screen.stride_bytes;
    if (adapter->screen.mode.flips)
        information->DriverSpecificAttributeFlags = ASHLAR_MODE_FLIPS;
    return NO_ERROR;
}

static VP_STATUS set_current_mode(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const VIDEO_MODE *request = packet->InputBuffer;
    ULONG index = request->RequestedMode & ~(VIDEO_MODE_NO_ZERO_MEMORY | VIDEO_MODE_MAP_MEM_LINEAR);
    struct ashlar_mode mode;
    return adapter->class->get_mode(adapter, index, &mode) ? adapter_set_mode(adapter, &mode)
                                                           : ERROR_INVALID_PARAMETER;
}

static VP_STATUS set_any_mode(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    return adapter_set_mode(adapter, packet->InputBuffer);
}

static VP_STATUS reset_device(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    UNREFERENCED_PARAMETER(packet);
    return adapter_leave(adapter) ? NO_ERROR : ERROR_INVALID_FUNCTION;
}

/* ---- video memory and colours ---------------------------------------------------------------- */

/* All of video memory; the frame buffer is what the current mode shows of it, if there is one. */
static VP_STATUS map_video_memory(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct adapter_screen *screen = &adapter->screen;
    ULONG length = adapter->description.memory_bytes;
    ULONG space = VIDEO_MEMORY_SPACE_P6CACHE;
    PVOID mapped = NULL;
    VP_STATUS status = VideoPortMapMemory(adapter->extension, adapter->description.memory_physical,
                                          &length, &space, &mapped);
    if (status == NO_ERROR)
        *(VIDEO_MEMORY_INFORMATION *)packet->OutputBuffer = (VIDEO_MEMORY_INFORMATION){
            .VideoRamBase = mapped,
            .VideoRamLength = length,
            .FrameBufferBase = mapped,
            .FrameBufferLength =
                screen->mode.width == 0 ? length : screen->stride_bytes * screen->mode.height,
        };
    return status;
}

static VP_STATUS unmap_video_memory(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const VIDEO_MEMORY *memory = packet->InputBuffer;
    return VideoPortUnmapMemory(adapter->extension, memory->RequestedVirtualAddress, NULL);
}

static VP_STATUS set_colours(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const VIDEO_CLUT *colours = packet->InputBuffer;
    if (adapter->class->set_colours == NULL)
        return ERROR_INVALID_FUNCTION;
    if ((packet->InputBufferLength - FIELD_OFFSET(VIDEO_CLUT, LookupTable)) /
            sizeof colours->LookupTable[0] <
        colours->NumEntries)
        return ERROR_INSUFFICIENT_BUFFER;
    return adapter->class->set_colours(adapter, colours) ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

/* ---- pixels ---------------------------------------------------------------------------------- */

static VP_STATUS query_back_buffer(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct adapter_screen *screen = &adapter->screen;
    *(struct ashlar_back_buffer *)packet->OutputBuffer = (struct ashlar_back_buffer){
        .virtual_address = screen->pixels,
        .physical = screen->pixels_physical,
        .size_bytes = screen->mode.width * screen->mode.height * (ULONG)sizeof(ULONG),
        .stride_bytes = screen->mode.width * (ULONG)sizeof(ULONG),
        .width = screen->mode.width,
        .height = screen->mode.height,
    };
    return NO_ERROR;
}

static bool is_on_screen(const struct adapter_screen *screen,
                         const struct ashlar_rectangle *rectangle)
{
    return rectangle->left < rectangle->right && rectangle->right <= screen->mode.width &&
           rectangle->top < rectangle->bottom && rectangle->bottom <= screen->mode.height;
}

static VP_STATUS present(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct ashlar_rectangle *rectangles = packet->InputBuffer;
    ULONG count = packet->InputBufferLength / (ULONG)sizeof *rectangles;
    if (adapter->screen.pixels == NULL)
        return ERROR_INVALID_FUNCTION;
    if (packet->InputBufferLength % sizeof *rectangles != 0 || count > ASHLAR_RECTANGLES_MAX)
        return ERROR_INVALID_PARAMETER;
    for (ULONG i = 0; i < count; i++) {
        if (!is_on_screen(&adapter->screen, &rectangles[i]))
            return ERROR_INVALID_PARAMETER;
    }
    adapter_present(adapter, rectangles, count);
    return NO_ERROR;
}

static VP_STATUS write_pixels(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct ashlar_mode *mode = &adapter->screen.mode;
    const struct ashlar_pixels *pixels = packet->InputBuffer;
    if (pixels->top >= mode->height || pixels->left >= mode->width || pixels->count == 0 ||
        pixels->count > mode->width - pixels->left)
        return ERROR_INVALID_PARAMETER;
    adapter_write(adapter, pixels);
    return NO_ERROR;
}

static VP_STATUS query_adapter(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    *(struct ashlar_adapter *)packet->OutputBuffer = adapter->description;
    return NO_ERROR;
}

bool adapter_describe_monitor(struct adapter *adapter, const UCHAR *edid_bytes, ULONG size_bytes)
{
    struct ashlar_adapter *description = &adapter->description;
    struct edid edid;
    if (!edid_read(&edid, edid_bytes, size_bytes))
        return false;
    description->preferred =
        (struct ashlar_mode){.width = edid.width, .height = edid.height, .bits_per_pixel = 32};
    VideoPortMoveMemory(description->monitor, edid.name, sizeof edid.name);
    return true;
}

/* ---- requests -------------------------------------------------------------------------------- */

static const struct request {
    ULONG code;
    VP_STATUS (*answer)(struct adapter *adapter, PVIDEO_REQUEST_PACKET packet);
    ULONG in_bytes; /* at least */
    ULONG out_bytes; /* that the answer fills; query_modes counts its own */
    bool wants_mode; /* makes sense only while a mode is set */
} requests[] = {
    /* The most frequent ones come first. */
    {IOCTL_ASHLAR_WRITE_PIXELS, write_pixels, sizeof(struct ashlar_pixels), 0, true},
    {IOCTL_ASHLAR_PRESENT, present, sizeof(struct ashlar_rectangle), 0, true},
    {IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES, query_num_modes, 0, sizeof(VIDEO_NUM_MODES), false},
    {IOCTL_VIDEO_QUERY_AVAIL_MODES, query_modes, 0, 0, false},
    {IOCTL_VIDEO_SET_CURRENT_MODE, set_current_mode, sizeof(VIDEO_MODE), 0, false},
    {IOCTL_VIDEO_MAP_VIDEO_MEMORY, map_video_memory, 0, sizeof(VIDEO_MEMORY_INFORMATION), false},
    {IOCTL_VIDEO_UNMAP_VIDEO_MEMORY, unmap_video_memory, sizeof(VIDEO_MEMORY), 0, false},
    {IOCTL_VIDEO_RESET_DEVICE, reset_device, 0, 0, false},
    {IOCTL_ASHLAR_SET_MODE, set_any_mode, sizeof(struct ashlar_mode), 0, false},
    {IOCTL_ASHLAR_QUERY_ADAPTER, query_adapter, 0, sizeof(struct ashlar_adapter), false},
    {IOCTL_VIDEO_QUERY_CURRENT_MODE, query_current_mode, 0, sizeof(VIDEO_MODE_INFORMATION), true},
    {IOCTL_VIDEO_SET_COLOR_REGISTERS, set_colours, FIELD_OFFSET(VIDEO_CLUT, LookupTable), 0, true},
    {IOCTL_ASHLAR_QUERY_BACK_BUFFER, query_back_buffer, 0, sizeof(struct ashlar_back_buffer), true},
};

static VP_STATUS answer(struct adapter *adapter, const struct request *request,
                        PVIDEO_REQUEST_PACKET packet)
{
    if (request->wants_mode && adapter->screen.stride_bytes == 0)
        return ERROR_INVALID_FUNCTION;
    if ((packet->InputBuffer == NULL ? 0 : packet->InputBufferLength) < request->in_bytes ||
        (packet->OutputBuffer == NULL ? 0 : packet->OutputBufferLength) < request->out_bytes)
        return ERROR_INSUFFICIENT_BUFFER;
    VP_STATUS status = request->answer(adapter, packet);
    if (status == NO_ERROR && request->out_bytes != 0)
        packet->StatusBlock->Information = request->out_bytes;
    return status;
}

BOOLEAN NTAPI adapter_start_io(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET packet)
{
    const struct request *request = requests;
    packet->StatusBlock->Status = ERROR_INVALID_FUNCTION;
    packet->StatusBlock->Information = 0;
    for (; request < requests + sizeof requests / sizeof requests[0]; request++) {
        if (request->code == packet->IoControlCode) {
            packet->StatusBlock->Status = answer(HwDeviceExtension, request, packet);
            break;
        }
    }
    return TRUE;
}

/* ---- parameters ------------------------------------------------------------------------------ */

struct parameter {
    PVOID to;
    ULONG room_bytes;
    ULONG size_bytes;
};

static VP_STATUS NTAPI take_parameter(PVOID HwDeviceExtension, PVOID Context, PWSTR ValueName,
                                      PVOID ValueData, ULONG ValueLength)
{
    struct parameter *parameter = Context;
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    UNREFERENCED_PARAMETER(ValueName);
    parameter->size_bytes = ValueLength;
    VideoPortMoveMemory(parameter->to, ValueData,
                        ValueLength < parameter->room_bytes ? ValueLength : parameter->room_bytes);
    return NO_ERROR;
}

ULONG adapter_read_parameter(const struct adapter *adapter, const WCHAR *name, PVOID to,
                             ULONG room_bytes)
{
    struct parameter parameter = {to, room_bytes, 0};
    VideoPortGetRegistryParameters(adapter->extension, (PWSTR)(ULONG_PTR)name, FALSE,
                                   take_parameter, &parameter);
    return parameter.size_bytes;
}

/* ---- the miniport ---------------------------------------------------------------------------- */

/* HwContext is the class. */
static VP_STATUS NTAPI find_adapter(PVOID HwDeviceExtension, PVOID HwContext, PWSTR ArgumentString,
                                    PVIDEO_PORT_CONFIG_INFO ConfigInfo, PUCHAR Again)
{
    struct adapter *adapter = HwDeviceExtension;
    UNREFERENCED_PARAMETER(ArgumentString);
    *Again = FALSE;
    if (ConfigInfo->Length < sizeof *ConfigInfo)
        return ERROR_INVALID_PARAMETER;
    adapter->class = HwContext;
    adapter->extension = HwDeviceExtension;
    return adapter->class->find(adapter, ConfigInfo->AdapterInterfaceType);
}

static BOOLEAN NTAPI initialize(PVOID HwDeviceExtension)
{
    struct adapter *adapter = HwDeviceExtension;
    if (adapter->class->start != NULL)
        adapter->class->start(adapter);
    return TRUE;
}

ULONG adapter_enter(PVOID Context1, PVOID Context2, const struct adapter_class *class)
{
    VIDEO_HW_INITIALIZATION_DATA data = {
        .HwInitDataSize = sizeof data,
        .HwFindAdapter = find_adapter,
        .HwInitialize = initialize,
        .HwStartIO = adapter_start_io,
        .HwDeviceExtensionSize = class->extension_bytes,
    };
    return VideoPortInitialize(Context1, Context2, &data, (PVOID)(ULONG_PTR) class);
}
