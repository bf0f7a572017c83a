/*
 * The class of adapters whose miniports know only NT's requests: each of its functions makes some
 * of those. There is one display, so one such miniport at most shows the picture.
 */
#include "foreign.h"

#include "adapter.h"

#define PALETTE_COLOURS 256

static struct adapter served;
static struct videoport_device *miniport;
static PVOID mapped; /* video memory, as the miniport mapped it; NULL: it is not */

static VP_STATUS ask(ULONG code, const void *in, SIZE_T in_bytes, void *out, SIZE_T out_bytes)
{
    return videoport_ioctl(miniport, code, in, (ULONG)in_bytes, out, (ULONG)out_bytes, NULL);
}

/* ---- modes ----------------------------------------------------------------------------------- */

ULONG foreign_depth(const VIDEO_MODE_INFORMATION *mode)
{
    ULONG bits = mode->BitsPerPlane * mode->NumberOfPlanes;
    bool spares_one =
        bits == 16 && mode->NumberRedBits + mode->NumberGreenBits + mode->NumberBlueBits == 15;
    return spares_one ? 15 : bits;
}

ULONG foreign_list_modes(struct videoport_device *device, const VIDEO_MODE_INFORMATION **modes)
{
    static VIDEO_MODE_INFORMATION available[FOREIGN_MODES_MAX];
    ULONG returned = 0;
    *modes = available;
    if (videoport_ioctl(device, IOCTL_VIDEO_QUERY_AVAIL_MODES, NULL, 0, available, sizeof available,
                        &returned) != NO_ERROR)
        return 0;
    returned /= (ULONG)sizeof available[0];
    return returned < FOREIGN_MODES_MAX ? returned : FOREIGN_MODES_MAX;
}

/* The miniport's own description of a mode; NULL if it has none that could be drawn in. */
static const VIDEO_MODE_INFORMATION *find_mode(const struct ashlar_mode *wanted)
{
    const VIDEO_MODE_INFORMATION *mode;
    for (ULONG left = foreign_list_modes(miniport, &mode); left > 0; left--, mode++) {
        if ((mode->AttributeFlags & VIDEO_MODE_GRAPHICS) && mode->NumberOfPlanes == 1 &&
            mode->VisScreenWidth == wanted->width && mode->VisScreenHeight == wanted->height &&
            foreign_depth(mode) == wanted->bits_per_pixel)
            return mode;
    }
    return NULL;
}

static bool read_format(const VIDEO_MODE_INFORMATION *mode, struct pixel_format *format)
{
    ULONG depth = foreign_depth(mode);
    return depth == 8
               ? pixel_format_init_usual(format, depth)
               : pixel_format_init(format, depth, mode->RedMask, mode->GreenMask, mode->BlueMask);
}

static bool takes(const struct adapter *adapter, const struct ashlar_mode *mode)
{
    const VIDEO_MODE_INFORMATION *found = find_mode(mode);
    struct pixel_format unused;
    UNREFERENCED_PARAMETER(adapter);
    return found != NULL && !mode->flips && read_format(found, &unused);
}

static ULONG lay_out(const struct adapter *adapter, const struct ashlar_mode *mode,
                     struct pixel_format *format)
{
    const VIDEO_MODE_INFORMATION *found = find_mode(mode);
    UNREFERENCED_PARAMETER(adapter);
    return found != NULL && read_format(found, format) ? found->ScreenStride : 0;
}

/* The colours that the pixels' own bits name, with as many bits for each as the mode's has. */
static void load_colours(ULONG channel_bits)
{
    static struct {
        VIDEO_CLUT table;
        VIDEO_CLUTDATA rest[PALETTE_COLOURS - 1];
    } clut;
    clut.table.NumEntries = PALETTE_COLOURS;
    for (unsigned i = 0; i < PALETTE_COLOURS; i++)
        (&clut.table.LookupTable[0].RgbArray)[i] = ashlar_clut_entry(palette_332(i), channel_bits);
    ask(IOCTL_VIDEO_SET_COLOR_REGISTERS, &clut, sizeof clut, NULL, 0);
}

/* ---- video memory ---------------------------------------------------------------------------- */

static void unmap(void)
{
    VIDEO_MEMORY memory = {mapped};
    if (mapped != NULL)
        ask(IOCTL_VIDEO_UNMAP_VIDEO_MEMORY, &memory, sizeof memory, NULL, 0);
    mapped = NULL;
    served.description.memory_physical.QuadPart = 0;
    served.description.memory_bytes = 0;
}

/* False if the miniport maps less than the picture takes. */
static bool map(ULONGLONG size_bytes)
{
    VIDEO_MEMORY memory = {NULL};
    VIDEO_MEMORY_INFORMATION information;
    unmap();
    if (ask(IOCTL_VIDEO_MAP_VIDEO_MEMORY, &memory, sizeof memory, &information,
            sizeof information) != NO_ERROR)
        return false;
    mapped = information.VideoRamBase;
    if (mapped != NULL) {
        served.description.memory_physical = MmGetPhysicalAddress(mapped);
        served.description.memory_bytes = information.VideoRamLength;
    }
    served.linear.base = information.FrameBufferBase;
    return information.FrameBufferBase != NULL && size_bytes <= information.FrameBufferLength;
}

/* From here on the screen is the new mode's, or nobody's. */
static VP_STATUS program(struct adapter *adapter, const struct ashlar_mode *mode,
                         ULONG *stride_bytes)
{
    const VIDEO_MODE_INFORMATION *found = find_mode(mode);
    VIDEO_MODE_INFORMATION current;
    if (found == NULL)
        return ERROR_INVALID_PARAMETER;
    VIDEO_MODE index = {found->ModeIndex};
    VP_STATUS status = ask(IOCTL_VIDEO_SET_CURRENT_MODE, &index, sizeof index, NULL, 0);
    if (status != NO_ERROR)
        return status;
    if (ask(IOCTL_VIDEO_QUERY_CURRENT_MODE, NULL, 0, &current, sizeof current) != NO_ERROR)
        return ERROR_INVALID_PARAMETER;
    if (current.ScreenStride < mode->width * adapter->linear.format.bytes)
        return ERROR_INVALID_PARAMETER;
    *stride_bytes = current.ScreenStride;
    if (mode->bits_per_pixel == 8)
        load_colours(current.NumberRedBits);
    return map((ULONGLONG)current.ScreenStride * mode->height) ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

static bool leave(struct adapter *adapter)
{
    UNREFERENCED_PARAMETER(adapter);
    if (ask(IOCTL_VIDEO_RESET_DEVICE, NULL, 0, NULL, 0) != NO_ERROR)
        return false;
    unmap();
    return true;
}

static const struct adapter_class class = {
    .takes = takes,
    .lay_out = lay_out,
    .program = program,
    .leave = leave,
};

/* ---- the device ------------------------------------------------------------------------------ */

void foreign_open(struct videoport_device *device)
{
    miniport = device;
    served = (struct adapter){
        .class = &class, .extension = device->extension, .description.access = ASHLAR_ACCESS_NONE};
}

void foreign_close(void)
{
    back_buffer_free(&served, &served.screen);
    served.screen = (struct adapter_screen){0};
    unmap();
}

/* The first child that has an EDID. */
static void describe_monitor(void)
{
    const struct videoport_child *child = miniport->children;
    served.description.preferred.width = 0;
    served.description.monitor[0] = '\0';
    for (size_t i = 0; i < miniport->child_count; i++, child++) {
        if (child->type == Monitor &&
            adapter_describe_monitor(&served, child->descriptor, sizeof child->descriptor))
            return;
    }
}

VP_STATUS foreign_ioctl(ULONG code, const void *in, ULONG in_bytes, void *out, ULONG out_bytes)
{
    STATUS_BLOCK status;
    VIDEO_REQUEST_PACKET packet = {code, &status, (PVOID)(ULONG_PTR)in, in_bytes, out, out_bytes};
    bool is_ours = code >= IOCTL_ASHLAR_SET_MODE && code <= IOCTL_ASHLAR_WRITE_PIXELS;
    if (!is_ours && code != IOCTL_VIDEO_RESET_DEVICE)
        return ask(code, in, in_bytes, out, out_bytes);
    if (code == IOCTL_ASHLAR_QUERY_ADAPTER)
        describe_monitor();
    adapter_start_io(&served, &packet);
    return status.Status;
}
