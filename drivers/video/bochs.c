/*
 * The video miniport for Bochs' VBE adapter and its imitations in QEMU, VirtualBox and v86: finds
 * it, sets modes, and owns the back buffer that is copied to it. It speaks to the video port alone,
 * by NT's interface, and would not know the kernel if it met it.
 */
#include "bochs.h"

#include "bochs_regs.h"

#define MIB ((ULONG)1 << 20)
#define NO_MODE_INDEX 0xFFFFFFFFu
#define CLASS_DISPLAY 0x03
#define SUB_CLASS_VGA 0x00

static const struct {
    USHORT width;
    USHORT height;
} sizes[] = {
    {640, 480},   {800, 600},   {1024, 768},  {1152, 864},  {1280, 720},  {1280, 800},
    {1280, 1024}, {1400, 1050}, {1440, 900},  {1600, 900},  {1600, 1200}, {1680, 1050},
    {1920, 1080}, {1920, 1200}, {2048, 1152}, {2560, 1440}, {2560, 1600},
};

static const UCHAR depths[] = {8, 15, 16, 24, 32};

#define SIZE_COUNT (sizeof sizes / sizeof sizes[0])
#define DEPTH_COUNT (sizeof depths / sizeof depths[0])
#define MODE_COUNT (SIZE_COUNT * DEPTH_COUNT)

/* Modes are numbered over all of the table, so that a number means the same on every adapter. */
static struct ashlar_mode mode_at(ULONG index)
{
    return (struct ashlar_mode){.width = sizes[index / DEPTH_COUNT].width,
                                .height = sizes[index / DEPTH_COUNT].height,
                                .bits_per_pixel = depths[index % DEPTH_COUNT]};
}

static ULONG index_of(const struct ashlar_mode *mode)
{
    for (ULONG i = 0; i < MODE_COUNT; i++) {
        struct ashlar_mode other = mode_at(i);
        if (other.width == mode->width && other.height == mode->height &&
            other.bits_per_pixel == mode->bits_per_pixel)
            return i;
    }
    return NO_MODE_INDEX;
}

static ULONG count_modes(const struct bochs_adapter *adapter)
{
    ULONG count = 0;

    for (ULONG i = 0; i < MODE_COUNT; i++) {
        struct ashlar_mode mode = mode_at(i);
        count += bochs_mode_fits(adapter, &mode);
    }
    return count;
}

/* Colours as bits of a pixel; none of them where a palette turns pixels into colours. */
static void describe_colours(VIDEO_MODE_INFORMATION *information)
{
    static const struct {
        UCHAR bits_per_pixel, red_bits, green_bits, blue_bits;
        ULONG red, green, blue;
    } formats[] = {
        {8, 6, 6, 6, 0, 0, 0},
        {15, 5, 5, 5, 0x7C00, 0x03E0, 0x001F},
        {16, 5, 6, 5, 0xF800, 0x07E0, 0x001F},
        {24, 8, 8, 8, 0xFF0000, 0x00FF00, 0x0000FF},
        {32, 8, 8, 8, 0xFF0000, 0x00FF00, 0x0000FF},
    };

    for (ULONG i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (formats[i].bits_per_pixel != information->BitsPerPlane)
            continue;
        information->NumberRedBits = formats[i].red_bits;
        information->NumberGreenBits = formats[i].green_bits;
        information->NumberBlueBits = formats[i].blue_bits;
        information->RedMask = formats[i].red;
        information->GreenMask = formats[i].green;
        information->BlueMask = formats[i].blue;
    }
}

static VIDEO_MODE_INFORMATION describe_mode(const struct bochs_adapter *adapter,
                                            const struct ashlar_mode *mode, ULONG stride_bytes)
{
    VIDEO_MODE_INFORMATION information = {
        .Length = sizeof information,
        .ModeIndex = index_of(mode),
        .VisScreenWidth = mode->width,
        .VisScreenHeight = mode->height,
        .ScreenStride = stride_bytes,
        .NumberOfPlanes = 1,
        .BitsPerPlane = mode->bits_per_pixel,
        .Frequency = 1,
        .XMillimeter = 320,
        .YMillimeter = 240,
        .AttributeFlags = VIDEO_MODE_COLOR | VIDEO_MODE_GRAPHICS |
                          (mode->bits_per_pixel == 8 ? VIDEO_MODE_PALETTE_DRIVEN : 0),
        .VideoMemoryBitmapWidth = mode->width,
        .VideoMemoryBitmapHeight = adapter->memory_bytes / stride_bytes,
    };

    describe_colours(&information);
    return information;
}

static VP_STATUS NTAPI take_highest(PVOID HwDeviceExtension, PVOID Context, PWSTR ValueName,
                                    PVOID ValueData, ULONG ValueLength)
{
    PHYSICAL_ADDRESS *highest = Context;

    UNREFERENCED_PARAMETER(HwDeviceExtension);
    UNREFERENCED_PARAMETER(ValueName);
    if (ValueLength == sizeof(ULONG))
        highest->QuadPart = *(const ULONG *)ValueData;
    else if (ValueLength == sizeof *highest)
        *highest = *(const PHYSICAL_ADDRESS *)ValueData;
    else
        return ERROR_INVALID_PARAMETER;
    return NO_ERROR;
}

/* A block such as a card with 32 address lines could fetch from, unless the parameter has another
   card in mind. */
static PHYSICAL_ADDRESS back_buffer_highest(struct bochs_adapter *adapter)
{
    static WCHAR name[] = u"BackBufferHighest";
    PHYSICAL_ADDRESS highest = {.QuadPart = 0xFFFFFFFF};

    VideoPortGetRegistryParameters(adapter, name, FALSE, take_highest, &highest);
    return highest;
}

static bool allocate_back_buffer(struct bochs_adapter *adapter, struct bochs_screen *screen)
{
    ULONG size_bytes = screen->mode.width * screen->mode.height * sizeof(ULONG);

    screen->pixels =
        VideoPortAllocateContiguousMemory(adapter, size_bytes, back_buffer_highest(adapter));
    if (screen->pixels == NULL)
        return false;
    screen->pixels_physical = MmGetPhysicalAddress(screen->pixels);
    VideoPortZeroMemory(screen->pixels, size_bytes);
    return true;
}

static void free_back_buffer(struct bochs_screen *screen)
{
    if (screen->pixels != NULL)
        MmFreeContiguousMemory(screen->pixels);
    screen->pixels = NULL;
}

/* Maps as much of video memory as the mode shows; what is mapped already may suffice. */
static bool map_frame_buffer(struct bochs_adapter *adapter, const struct ashlar_mode *mode)
{
    ULONG size_bytes =
        mode->width * mode->height * bochs_pixel_bytes(adapter, mode->bits_per_pixel);

    if (size_bytes <= adapter->frame_buffer_bytes)
        return true;
    UCHAR *mapped = VideoPortGetDeviceBase(adapter, adapter->memory_physical, size_bytes,
                                           VIDEO_MEMORY_SPACE_P6CACHE);
    if (mapped == NULL)
        return false;
    if (adapter->frame_buffer != NULL)
        VideoPortFreeDeviceBase(adapter, adapter->frame_buffer);
    adapter->frame_buffer = mapped;
    adapter->frame_buffer_bytes = size_bytes;
    return true;
}

/* After a mode that the adapter did not take: what was there before. */
static void go_back(struct bochs_adapter *adapter)
{
    const struct ashlar_mode *mode = &adapter->screen.mode;

    if (adapter->screen.pixels == NULL) {
        bochs_text_restore(adapter);
        return;
    }
    bochs_program_mode(adapter, &adapter->screen);
    bochs_present(adapter,
                  &(struct ashlar_rectangle){.right = mode->width, .bottom = mode->height});
}

/* All that can be refused is obtained before the adapter, and the former mode, is touched. */
static VP_STATUS set_mode(struct bochs_adapter *adapter, const struct ashlar_mode *mode)
{
    struct bochs_screen next = {.mode = *mode};

    if (!bochs_mode_fits(adapter, mode))
        return ERROR_INVALID_PARAMETER;
    if (!map_frame_buffer(adapter, mode) || !allocate_back_buffer(adapter, &next))
        return ERROR_NOT_ENOUGH_MEMORY;
    if (adapter->screen.pixels == NULL)
        bochs_text_save(adapter);
    if (!bochs_program_mode(adapter, &next) ||
        next.stride_bytes * mode->height > adapter->frame_buffer_bytes) {
        free_back_buffer(&next);
        go_back(adapter);
        return ERROR_INVALID_PARAMETER;
    }
    free_back_buffer(&adapter->screen);
    adapter->screen = next;
    return NO_ERROR;
}

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

static void query_num_modes(const struct bochs_adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    VIDEO_NUM_MODES *modes = open_output(packet, sizeof *modes);

    if (modes != NULL)
        *modes = (VIDEO_NUM_MODES){.NumModes = count_modes(adapter),
                                   .ModeInformationLength = sizeof(VIDEO_MODE_INFORMATION)};
}

static void query_modes(const struct bochs_adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    VIDEO_MODE_INFORMATION *information =
        open_output(packet, count_modes(adapter) * (ULONG)sizeof *information);

    for (ULONG i = 0; i < MODE_COUNT && information != NULL; i++) {
        struct ashlar_mode mode = mode_at(i);
        if (bochs_mode_fits(adapter, &mode))
            *information++ = describe_mode(
                adapter, &mode, mode.width * bochs_pixel_bytes(adapter, mode.bits_per_pixel));
    }
}

static void query_current_mode(const struct bochs_adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    VIDEO_MODE_INFORMATION *information = open_output(packet, sizeof *information);

    if (information != NULL)
        *information = describe_mode(adapter, &adapter->screen.mode, adapter->screen.stride_bytes);
}

static void set_current_mode(struct bochs_adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const VIDEO_MODE *request = open_input(packet, sizeof *request);

    if (request == NULL)
        return;
    ULONG index = request->RequestedMode & ~(VIDEO_MODE_NO_ZERO_MEMORY | VIDEO_MODE_MAP_MEM_LINEAR);
    packet->StatusBlock->Status = ERROR_INVALID_PARAMETER;
    if (index < MODE_COUNT) {
        struct ashlar_mode mode = mode_at(index);
        packet->StatusBlock->Status = set_mode(adapter, &mode);
    }
}

static void set_any_mode(struct bochs_adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct ashlar_mode *mode = open_input(packet, sizeof *mode);

    if (mode != NULL)
        packet->StatusBlock->Status = set_mode(adapter, mode);
}

/* All of video memory; the frame buffer is what the current mode shows of it, if there is one. */
static void map_video_memory(struct bochs_adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct bochs_screen *screen = &adapter->screen;
    VIDEO_MEMORY_INFORMATION *information = open_output(packet, sizeof *information);
    ULONG length = adapter->memory_bytes;
    ULONG space = VIDEO_MEMORY_SPACE_P6CACHE;
    PVOID mapped = NULL;

    if (information == NULL)
        return;
    packet->StatusBlock->Status =
        VideoPortMapMemory(adapter, adapter->memory_physical, &length, &space, &mapped);
    if (packet->StatusBlock->Status != NO_ERROR) {
        packet->StatusBlock->Information = 0;
        return;
    }
    *information = (VIDEO_MEMORY_INFORMATION){
        .VideoRamBase = mapped,
        .VideoRamLength = length,
        .FrameBufferBase = mapped,
        .FrameBufferLength =
            screen->pixels == NULL ? length : screen->stride_bytes * screen->mode.height,
    };
}

static void unmap_video_memory(struct bochs_adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const VIDEO_MEMORY *memory = open_input(packet, sizeof *memory);

    if (memory != NULL)
        packet->StatusBlock->Status =
            VideoPortUnmapMemory(adapter, memory->RequestedVirtualAddress, NULL);
}

static bool return_to_text(struct bochs_adapter *adapter)
{
    if (adapter->screen.pixels == NULL)
        return true;
    if (!bochs_text_restore(adapter))
        return false;
    free_back_buffer(&adapter->screen);
    return true;
}

static void query_back_buffer(const struct bochs_adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct bochs_screen *screen = &adapter->screen;
    struct ashlar_back_buffer *buffer = open_output(packet, sizeof *buffer);

    if (buffer == NULL)
        return;
    *buffer = (struct ashlar_back_buffer){
        .virtual_address = screen->pixels,
        .physical = screen->pixels_physical,
        .size_bytes = screen->mode.width * screen->mode.height * sizeof(ULONG),
        .stride_bytes = screen->mode.width * sizeof(ULONG),
        .width = screen->mode.width,
        .height = screen->mode.height,
    };
}

static bool is_on_screen(const struct bochs_screen *screen,
                         const struct ashlar_rectangle *rectangle)
{
    return rectangle->left < rectangle->right && rectangle->right <= screen->mode.width &&
           rectangle->top < rectangle->bottom && rectangle->bottom <= screen->mode.height;
}

static void present(const struct bochs_adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    const struct ashlar_rectangle *rectangles = open_input(packet, sizeof *rectangles);
    ULONG count = packet->InputBufferLength / (ULONG)sizeof *rectangles;

    if (rectangles == NULL)
        return;
    packet->StatusBlock->Status = ERROR_INVALID_PARAMETER;
    if (packet->InputBufferLength % sizeof *rectangles != 0)
        return;
    for (ULONG i = 0; i < count; i++) {
        if (!is_on_screen(&adapter->screen, &rectangles[i]))
            return;
    }
    for (ULONG i = 0; i < count; i++)
        bochs_present(adapter, &rectangles[i]);
    packet->StatusBlock->Status = NO_ERROR;
}

static void query_adapter(const struct bochs_adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    struct ashlar_adapter *out = open_output(packet, sizeof *out);

    if (out != NULL)
        *out = (struct ashlar_adapter){.memory_physical = adapter->memory_physical,
                                       .memory_bytes = adapter->memory_bytes,
                                       .interface_version = adapter->interface_version,
                                       .access = adapter->access};
}

/* Requests that make sense only while a mode is set. */
static bool handle_mode_request(struct bochs_adapter *adapter, PVIDEO_REQUEST_PACKET packet)
{
    switch (packet->IoControlCode) {
    case IOCTL_VIDEO_QUERY_CURRENT_MODE:
        query_current_mode(adapter, packet);
        return true;
    case IOCTL_ASHLAR_QUERY_BACK_BUFFER:
        query_back_buffer(adapter, packet);
        return true;
    case IOCTL_ASHLAR_PRESENT:
        present(adapter, packet);
        return true;
    default:
        return false;
    }
}

static BOOLEAN NTAPI bochs_start_io(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET packet)
{
    struct bochs_adapter *adapter = HwDeviceExtension;

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
        if (return_to_text(adapter))
            packet->StatusBlock->Status = NO_ERROR;
        break;
    case IOCTL_ASHLAR_SET_MODE:
        set_any_mode(adapter, packet);
        break;
    case IOCTL_ASHLAR_QUERY_ADAPTER:
        query_adapter(adapter, packet);
        break;
    default:
        if (adapter->screen.pixels != NULL)
            handle_mode_request(adapter, packet);
        break;
    }
    return TRUE;
}

static bool answers(struct bochs_adapter *adapter)
{
    adapter->interface_version = bochs_read_dispi(adapter, DISPI_ID);
    return (adapter->interface_version & DISPI_ID_MASK) == DISPI_ID_BASE;
}

/* The memory that the adapter says it has, which may be less than its address range. */
static ULONG reported_memory_bytes(const struct bochs_adapter *adapter, USHORT vendor)
{
    if (vendor == PCI_VENDOR_VIRTUALBOX)
        return VideoPortReadPortUlong((PULONG)(ULONG_PTR)DISPI_PORT_DATA);
    if (adapter->interface_version < DISPI_ID_8_MIB)
        return 4 * MIB;
    if (adapter->interface_version < DISPI_ID_MEMORY_REGISTER)
        return 8 * MIB;
    USHORT units = bochs_read_dispi(adapter, DISPI_MEMORY_64K);
    return units > 1 ? (ULONG)units << 16 : 8 * MIB;
}

static void measure_memory(struct bochs_adapter *adapter, USHORT vendor, ULONG range_bytes)
{
    ULONG reported_bytes = reported_memory_bytes(adapter, vendor);

    adapter->memory_bytes = reported_bytes < range_bytes ? reported_bytes : range_bytes;
}

/* The index-th memory range, or NULL: vmware-svga's first one is of ports. */
static const VIDEO_ACCESS_RANGE *memory_range(const VIDEO_ACCESS_RANGE *ranges, unsigned count,
                                              unsigned index)
{
    for (unsigned i = 0; i < count; i++) {
        if (ranges[i].RangeLength != 0 && ranges[i].RangeInIoSpace == 0 && index-- == 0)
            return &ranges[i];
    }
    return NULL;
}

static void enable_decoding(struct bochs_adapter *adapter, USHORT command)
{
    USHORT enabled = command | PCI_ENABLE_IO_SPACE | PCI_ENABLE_MEMORY_SPACE;

    if (enabled != command)
        VideoPortSetBusData(adapter, PCIConfiguration, 0, &enabled,
                            (ULONG)FIELD_OFFSET(PCI_COMMON_CONFIG, Command), sizeof enabled);
}

/* QEMU's own adapters that are not the VGA answer in memory alone. What other makers put into their
   second range is not for reading on suspicion. */
static VP_STATUS find_by_mmio(struct bochs_adapter *adapter, const PCI_COMMON_CONFIG *config,
                              const VIDEO_ACCESS_RANGE *range)
{
    if (config->VendorID != PCI_VENDOR_QEMU || config->DeviceID != PCI_DEVICE_QEMU_VGA ||
        range == NULL || range->RangeLength < BOCHS_MMIO_BYTES)
        return ERROR_DEV_NOT_EXIST;
    adapter->mmio = VideoPortGetDeviceBase(adapter, range->RangeStart, BOCHS_MMIO_BYTES,
                                           VIDEO_MEMORY_SPACE_MEMORY);
    if (adapter->mmio == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    adapter->access = ASHLAR_ACCESS_MMIO;
    if (answers(adapter))
        return NO_ERROR;
    VideoPortFreeDeviceBase(adapter, adapter->mmio);
    return ERROR_DEV_NOT_EXIST;
}

/* The well-known ports belong to the VGA-compatible adapter, never to a second one. */
static VP_STATUS find_on_pci(struct bochs_adapter *adapter)
{
    PCI_COMMON_CONFIG config;
    VIDEO_ACCESS_RANGE ranges[PCI_TYPE0_ADDRESSES];
    VP_STATUS status =
        VideoPortGetAccessRanges(adapter, 0, NULL, PCI_TYPE0_ADDRESSES, ranges, NULL, NULL, NULL);

    if (status != NO_ERROR)
        return status;
    const VIDEO_ACCESS_RANGE *memory = memory_range(ranges, PCI_TYPE0_ADDRESSES, 0);
    if (memory == NULL || VideoPortGetBusData(adapter, PCIConfiguration, 0, &config, 0,
                                              PCI_COMMON_HDR_LENGTH) != PCI_COMMON_HDR_LENGTH)
        return ERROR_DEV_NOT_EXIST;
    adapter->has_vga = config.BaseClass != CLASS_DISPLAY || config.SubClass == SUB_CLASS_VGA;
    enable_decoding(adapter, config.Command);
    if (!adapter->has_vga || !answers(adapter))
        status = find_by_mmio(adapter, &config, memory_range(ranges, PCI_TYPE0_ADDRESSES, 1));
    if (status != NO_ERROR)
        return status;
    adapter->memory_physical = memory->RangeStart;
    measure_memory(adapter, config.VendorID, memory->RangeLength);
    return NO_ERROR;
}

/* Bochs' address from before PCI. Its size can be known from the adapter alone. */
static VP_STATUS find_on_isa(struct bochs_adapter *adapter)
{
    if (!answers(adapter))
        return ERROR_DEV_NOT_EXIST;
    adapter->access = ASHLAR_ACCESS_ISA;
    adapter->has_vga = true;
    adapter->memory_physical.QuadPart = BOCHS_ISA_FRAME_BUFFER;
    measure_memory(adapter, 0, 0xFFFFFFFF);
    return NO_ERROR;
}

/* Not shared: no other driver may touch these while this one does. */
static VP_STATUS claim_legacy_ranges(struct bochs_adapter *adapter)
{
    VIDEO_ACCESS_RANGE ranges[] = {
        {.RangeStart.QuadPart = DISPI_PORT_INDEX, .RangeLength = 3, .RangeInIoSpace = 1},
        {.RangeStart.QuadPart = VGA_PORT_FIRST, .RangeLength = VGA_PORT_COUNT, .RangeInIoSpace = 1},
        {.RangeStart.QuadPart = VGA_WINDOW, .RangeLength = VGA_WINDOW_BYTES},
    };

    return VideoPortVerifyAccessRanges(adapter, sizeof ranges / sizeof ranges[0], ranges);
}

static VP_STATUS NTAPI bochs_find_adapter(PVOID HwDeviceExtension, PVOID HwContext,
                                          PWSTR ArgumentString, PVIDEO_PORT_CONFIG_INFO ConfigInfo,
                                          PUCHAR Again)
{
    struct bochs_adapter *adapter = HwDeviceExtension;

    UNREFERENCED_PARAMETER(HwContext);
    UNREFERENCED_PARAMETER(ArgumentString);
    *Again = FALSE;
    if (ConfigInfo->Length < sizeof *ConfigInfo)
        return ERROR_INVALID_PARAMETER;
    VP_STATUS status =
        ConfigInfo->AdapterInterfaceType == PCIBus ? find_on_pci(adapter) : find_on_isa(adapter);
    if (status == NO_ERROR && adapter->has_vga)
        status = claim_legacy_ranges(adapter);
    return status;
}

static BOOLEAN NTAPI bochs_initialize(PVOID HwDeviceExtension)
{
    bochs_text_prepare(HwDeviceExtension);
    return TRUE;
}

/* The size is the saved screen's. */
static BOOLEAN NTAPI bochs_reset_hw(PVOID HwDeviceExtension, ULONG Columns, ULONG Rows)
{
    UNREFERENCED_PARAMETER(Columns);
    UNREFERENCED_PARAMETER(Rows);
    return return_to_text(HwDeviceExtension);
}

/* PCI first: only there does the adapter say where its memory is. */
ULONG NTAPI bochs_driver_entry(PVOID Context1, PVOID Context2)
{
    VIDEO_HW_INITIALIZATION_DATA data = {
        .HwInitDataSize = sizeof data,
        .AdapterInterfaceType = PCIBus,
        .HwFindAdapter = bochs_find_adapter,
        .HwInitialize = bochs_initialize,
        .HwStartIO = bochs_start_io,
        .HwResetHw = bochs_reset_hw,
        .HwDeviceExtensionSize = sizeof(struct bochs_adapter),
    };

    ULONG status = VideoPortInitialize(Context1, Context2, &data, NULL);
    if (status == NO_ERROR)
        return status;
    data.AdapterInterfaceType = Isa;
    return VideoPortInitialize(Context1, Context2, &data, NULL);
}
