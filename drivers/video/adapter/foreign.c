/*
 * The class of adapters whose miniports know only NT's requests: each of its functions makes some
 * of those. There is one display, so one such miniport at most shows the picture.
 */
#include "foreign.h"

#include "mode_list.h"
#include "drivers/videoport/port/resource.h"
#include "planar.h"

#define POOL_TAG 0x6E726F46 /* "Forn" */
#define PALETTE_COLOURS 256
#define EGA_COLOURS 64 /* that a palette of 16 colours chooses from */

static struct adapter served;
static struct videoport_device *miniport;
static PVOID mapped; /* video memory, as the miniport mapped it; NULL: it is not */
static UCHAR *indices; /* of the colours of a mode in planes, in the device's pool; or NULL */
static ULONG colour_bits; /* for each part of the colours of a mode with a palette */
static bool colours_are_free; /* others can be loaded for planes than those of the text screen */
static struct mode_list modes; /* while a mode is set, and only then */
static struct refusal refusal; /* the first one while a mode is set */

static VP_STATUS ask(ULONG code, const void *in, SIZE_T in_bytes, void *out, SIZE_T out_bytes)
{
    return videoport_ioctl(miniport, code, in, (ULONG)in_bytes, out, (ULONG)out_bytes, NULL);
}

static VP_STATUS refuse(VP_STATUS status, const char *what, ULONG told, ULONG wanted)
{
    if (refusal.what == NULL)
        refusal = (struct refusal){what, told, wanted};
    return status;
}

static VP_STATUS refuse_status(VP_STATUS status, const char *what)
{
    return refuse(status, what, (ULONG)status, NO_ERROR);
}

const struct refusal *foreign_refusal(void)
{
    return &refusal;
}

/* ---- modes ----------------------------------------------------------------------------------- */

/* The miniport's own description of a mode; NULL if it has none that could be drawn in. */
static const VIDEO_MODE_INFORMATION *find_mode(const struct ashlar_mode *wanted)
{
    return mode_list_find(&modes, wanted->width, wanted->height, wanted->bits_per_pixel);
}

static ULONG lay_out(const struct adapter *adapter, const struct ashlar_mode *mode,
                     struct pixel_format *format)
{
    const VIDEO_MODE_INFORMATION *found = find_mode(mode);
    UNREFERENCED_PARAMETER(adapter);
    if (found == NULL || mode->flips || !mode_list_format(found, format))
        return 0;
    format->indices = ashlar_is_planar(mode) ? indices : NULL;
    return found->ScreenStride;
}

static bool prepare(struct adapter *adapter, const struct ashlar_mode *mode)
{
    if (!ashlar_is_planar(mode) || indices != NULL)
        return true;
    indices = VideoPortAllocatePool(adapter->extension, VpNonPagedPool, PIXEL_FORMAT_INDEX_COUNT,
                                    POOL_TAG);
    if (indices == NULL)
        refuse(ERROR_NOT_ENOUGH_MEMORY, "there is no memory for the colours of planes", 0, 0);
    return indices != NULL;
}

static void free_indices(void)
{
    if (indices != NULL)
        VideoPortFreePool(served.extension, indices);
    indices = NULL;
}

/* The masks of a mode that is set count where there are any: they may be told in the list only. */
static bool is_same(const VIDEO_MODE_INFORMATION *listed, const VIDEO_MODE_INFORMATION *set)
{
    bool has_masks = (set->RedMask | set->GreenMask | set->BlueMask) != 0;
    return set->VisScreenWidth == listed->VisScreenWidth &&
           set->VisScreenHeight == listed->VisScreenHeight &&
           set->NumberOfPlanes == listed->NumberOfPlanes &&
           set->BitsPerPlane == listed->BitsPerPlane &&
           (!has_masks || (set->RedMask == listed->RedMask && set->GreenMask == listed->GreenMask &&
                           set->BlueMask == listed->BlueMask));
}

/* ---- colours --------------------------------------------------------------------------------- */

static VP_STATUS load_colours(const ULONG *colours, ULONG count)
{
    static struct {
        VIDEO_CLUT table;
        VIDEO_CLUTDATA rest[PALETTE_COLOURS - 1];
    } clut;
    clut.table.NumEntries = (USHORT)count;
    for (ULONG i = 0; i < count; i++)
        (&clut.table.LookupTable[0].RgbArray)[i] = ashlar_clut_entry(colours[i], colour_bits);
    ULONG size_bytes = FIELD_OFFSET(VIDEO_CLUT, LookupTable) + count * sizeof(VIDEO_CLUTDATA);
    return ask(IOCTL_VIDEO_SET_COLOR_REGISTERS, &clut, size_bytes, NULL, 0);
}

/* The colours that the pixels' own bits name. */
static VP_STATUS load_332_colours(void)
{
    ULONG colours[PALETTE_COLOURS];
    for (unsigned i = 0; i < PALETTE_COLOURS; i++)
        colours[i] = palette_332(i);
    return load_colours(colours, PALETTE_COLOURS);
}

/* Lets each of 16 colours name the colour register of its own number. */
static VP_STATUS set_palette_registers(void)
{
    static struct {
        VIDEO_PALETTE_DATA table;
        USHORT rest[PLANAR_COLOURS - 1];
    } palette;
    palette.table.NumEntries = PLANAR_COLOURS;
    for (USHORT i = 0; i < PLANAR_COLOURS; i++)
        (&palette.table.Colors[0])[i] = i;
    return ask(IOCTL_VIDEO_SET_PALETTE_REGISTERS, &palette, sizeof palette, NULL, 0);
}

/*
 * Where a driver does not set palette registers, a BIOS may have, and then they name those of 64
 * colour registers that had these colours on an EGA. So the colours go there as well.
 */
static VP_STATUS load_to_all_registers(const ULONG colours[PLANAR_COLOURS])
{
    static const UCHAR ega[PLANAR_COLOURS] = {0,    1,    2,    3,    4,    5,    0x14, 7,
                                              0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F};
    ULONG loaded[EGA_COLOURS] = {0};
    for (ULONG i = 0; i < PLANAR_COLOURS; i++)
        loaded[i] = loaded[ega[i]] = colours[i];
    return load_colours(loaded, EGA_COLOURS);
}

/* The text screen's colours are in EGA's registers already, even if none but 16 can be loaded. */
static VP_STATUS load_planar_colours(const ULONG colours[PLANAR_COLOURS])
{
    bool has_palette = set_palette_registers() == NO_ERROR;
    VP_STATUS status = load_colours(colours, PLANAR_COLOURS);
    if (status != NO_ERROR)
        return status;
    bool has_all = load_to_all_registers(colours) == NO_ERROR;
    colours_are_free = has_palette || has_all;
    palette_build_indices((const uint32_t *)colours, PLANAR_COLOURS, indices);
    return NO_ERROR;
}

static bool set_colours(struct adapter *adapter, const VIDEO_CLUT *clut)
{
    ULONG colours[PLANAR_COLOURS];
    UNREFERENCED_PARAMETER(adapter);
    return colours_are_free && planar_read_colours(clut, colour_bits, colours) &&
           load_planar_colours(colours) == NO_ERROR;
}

/* Those that a mode with a palette begins with. */
static VP_STATUS load_first_colours(const struct ashlar_mode *mode)
{
    if (ashlar_is_planar(mode))
        return load_planar_colours(planar_usual_colours);
    return mode->bits_per_pixel == 8 ? load_332_colours() : NO_ERROR;
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

/* True if these bytes lie in one block or mapping of the miniport's. Others would fault, or be
   somebody's. */
static bool holds(const void *base, ULONG size_bytes)
{
    const struct resource *held = NULL;
    while ((held = resource_next_of(held, RESOURCE_HELD_KINDS, miniport)) != NULL) {
        uint64_t offset = (uintptr_t)base - held->virtual_address;
        if (!held->in_io_space && offset < held->size_bytes &&
            size_bytes <= held->size_bytes - offset)
            return true;
    }
    return false;
}

static VP_STATUS map(ULONG picture_bytes)
{
    VIDEO_MEMORY memory = {NULL};
    VIDEO_MEMORY_INFORMATION information = {0};
    unmap();
    VP_STATUS status =
        ask(IOCTL_VIDEO_MAP_VIDEO_MEMORY, &memory, sizeof memory, &information, sizeof information);
    if (status != NO_ERROR)
        return refuse_status(status, "it does not map its video memory: status");
    mapped = information.VideoRamBase;
    if (mapped != NULL) {
        served.description.memory_physical = MmGetPhysicalAddress(mapped);
        served.description.memory_bytes = information.VideoRamLength;
    }
    served.linear.base = information.FrameBufferBase;
    if (information.FrameBufferLength < picture_bytes)
        return refuse(ERROR_NOT_ENOUGH_MEMORY,
                      "the frame buffer that it maps is smaller than the picture: bytes",
                      information.FrameBufferLength, picture_bytes);
    if (!holds(information.FrameBufferBase, picture_bytes))
        return refuse(ERROR_INVALID_PARAMETER,
                      "the frame buffer that it tells of is not all of it mapped", 0, 0);
    return NO_ERROR;
}

/* ---- setting a mode -------------------------------------------------------------------------- */

/* What the miniport says of the mode that it set has to be what it had listed. */
static VP_STATUS check_mode(const VIDEO_MODE_INFORMATION *listed, const VIDEO_MODE_INFORMATION *set)
{
    ULONG line_bytes = mode_list_line_bytes(listed);
    if (!is_same(listed, set))
        return refuse(ERROR_INVALID_PARAMETER, "the mode that it set is not as it was listed", 0,
                      0);
    if (set->ScreenStride < line_bytes)
        return refuse(ERROR_INVALID_PARAMETER, "its lines are too short: bytes", set->ScreenStride,
                      line_bytes);
    if (set->ScreenStride > 0xFFFFFFFF / set->VisScreenHeight)
        return refuse(ERROR_INVALID_PARAMETER, "its lines are too long: bytes", set->ScreenStride,
                      line_bytes);
    return NO_ERROR;
}

static VP_STATUS set(ULONG index_and_flags)
{
    VIDEO_MODE mode = {index_and_flags};
    return ask(IOCTL_VIDEO_SET_CURRENT_MODE, &mode, sizeof mode, NULL, 0);
}

/* Some miniports want to be told that video memory is to be linear; some take no flag at all. */
static VP_STATUS set_linear(const VIDEO_MODE_INFORMATION *listed)
{
    if ((listed->AttributeFlags & VIDEO_MODE_LINEAR) != 0 &&
        set(listed->ModeIndex | VIDEO_MODE_MAP_MEM_LINEAR) == NO_ERROR)
        return NO_ERROR;
    return set(listed->ModeIndex);
}

static VP_STATUS set_and_check(const VIDEO_MODE_INFORMATION *listed, VIDEO_MODE_INFORMATION *set)
{
    VP_STATUS status = set_linear(listed);
    if (status != NO_ERROR)
        return refuse_status(status, "it does not set the mode: status");
    *set = (VIDEO_MODE_INFORMATION){0};
    status = ask(IOCTL_VIDEO_QUERY_CURRENT_MODE, NULL, 0, set, sizeof *set);
    if (status != NO_ERROR)
        return refuse_status(status, "it does not say which mode it set: status");
    return check_mode(listed, set);
}

/* From here on the screen is the new mode's, or nobody's. */
static VP_STATUS program(struct adapter *adapter, const struct ashlar_mode *mode,
                         ULONG *stride_bytes)
{
    const VIDEO_MODE_INFORMATION *found = find_mode(mode);
    VIDEO_MODE_INFORMATION current;
    UNREFERENCED_PARAMETER(adapter);
    if (found == NULL)
        return ERROR_INVALID_PARAMETER;
    VP_STATUS status = set_and_check(found, &current);
    if (status != NO_ERROR)
        return status;
    *stride_bytes = current.ScreenStride;
    colour_bits = ashlar_part_bits(current.NumberRedBits);
    status = load_first_colours(mode);
    if (status != NO_ERROR)
        return refuse_status(status, "it does not load the colours of the mode's palette: status");
    if (ashlar_is_planar(mode))
        planar_open();
    return map(current.ScreenStride * mode->height);
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
    .takes_others = true,
    .lay_out = lay_out,
    .prepare = prepare,
    .program = program,
    .leave = leave,
    .set_colours = set_colours,
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
    free_indices();
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

/* Colours of planes are ours to know: pixels are made of them. */
static bool is_for_adapter(ULONG code)
{
    return (code >= IOCTL_ASHLAR_SET_MODE && code <= IOCTL_ASHLAR_WRITE_PIXELS) ||
           code == IOCTL_VIDEO_RESET_DEVICE ||
           (code == IOCTL_VIDEO_SET_COLOR_REGISTERS && ashlar_is_planar(&served.screen.mode));
}

/* The list is read once for all of a change of mode, so that it does not change meanwhile. */
static void answer(PVIDEO_REQUEST_PACKET packet)
{
    bool sets_mode = packet->IoControlCode == IOCTL_ASHLAR_SET_MODE;
    if (sets_mode) {
        refusal.what = NULL;
        mode_list_read(&modes, miniport, &refusal);
    }
    adapter_start_io(&served, packet);
    if (sets_mode)
        mode_list_free(&modes);
}

VP_STATUS foreign_ioctl(ULONG code, const void *in, ULONG in_bytes, void *out, ULONG out_bytes)
{
    STATUS_BLOCK status;
    VIDEO_REQUEST_PACKET packet = {code, &status, (PVOID)(ULONG_PTR)in, in_bytes, out, out_bytes};
    if (!is_for_adapter(code))
        return ask(code, in, in_bytes, out, out_bytes);
    if (code == IOCTL_ASHLAR_QUERY_ADAPTER)
        describe_monitor();
    answer(&packet);
    return status.Status;
}
