/*
 * Asks a miniport for its modes as NT does: how many there are, then all of them at once. What it
 * answers is checked before it is used; then the modes that can be drawn in are moved to the front.
 */
#include "mode_list.h"

#include "drivers/videoport/port/videoport.h"

#define POOL_TAG 0x65646F4D /* "Mode" */
/* Kits before NT 4 lack the last three members, which are not needed here. */
#define OLD_LENGTH FIELD_OFFSET(VIDEO_MODE_INFORMATION, VideoMemoryBitmapWidth)
#define PLANE_COUNT 4
#define PLANE_PIXELS 8 /* of a byte */
#define WINDOW_BYTES 0x10000
#define EXTENT_MAX 16384 /* the canvas's; a picture of so many pixels both ways has 2^30 bytes */

static bool refuse(struct refusal *refusal, const char *what, ULONG told, ULONG wanted)
{
    *refusal = (struct refusal){what, told, wanted};
    return false;
}

/* ---- one mode -------------------------------------------------------------------------------- */

static bool is_planar(const VIDEO_MODE_INFORMATION *mode)
{
    return mode->NumberOfPlanes == PLANE_COUNT && mode->BitsPerPlane == 1;
}

ULONG mode_list_depth(const VIDEO_MODE_INFORMATION *mode)
{
    ULONG bits = mode->BitsPerPlane * mode->NumberOfPlanes;
    ULONG used = mode->NumberRedBits + mode->NumberGreenBits + mode->NumberBlueBits;
    bool spares_one = used == 15 && (mode->RedMask | mode->GreenMask | mode->BlueMask) <= 0x7FFF;
    return bits == 16 && spares_one ? 15 : bits;
}

ULONG mode_list_line_bytes(const VIDEO_MODE_INFORMATION *mode)
{
    return is_planar(mode) ? mode->VisScreenWidth / PLANE_PIXELS
                           : mode->VisScreenWidth * ((mode->BitsPerPlane + 7) / 8);
}

bool mode_list_format(const VIDEO_MODE_INFORMATION *mode, struct pixel_format *format)
{
    ULONG depth = mode_list_depth(mode);
    return depth == 8 || is_planar(mode)
               ? pixel_format_init_usual(format, 8)
               : pixel_format_init(format, depth, mode->RedMask, mode->GreenMask, mode->BlueMask);
}

static bool is_depth(ULONG bits)
{
    return bits == 8 || bits == 15 || bits == 16 || bits == 24 || bits == 32;
}

/* The adapter's memory in bytes, if its driver wrote it to the registry as drivers do (Windows
   driver documentation, "Setting Hardware Information in the Registry"). 0: it is not known. */
static ULONG memory_bytes_of(const struct videoport_device *device)
{
    uint32_t size_bytes;
    const ULONG *bytes =
        videoport_find_value(&device->values, "HardwareInformation.MemorySize", &size_bytes);
    return bytes != NULL && size_bytes == sizeof *bytes ? *bytes : 0;
}

ULONGLONG mode_list_shown_bytes(const VIDEO_MODE_INFORMATION *mode)
{
    return (ULONGLONG)mode->ScreenStride * mode->VisScreenHeight;
}

static bool is_only_in_banks(const VIDEO_MODE_INFORMATION *mode)
{
    return (mode->AttributeFlags & VIDEO_MODE_BANKED) != 0 &&
           (mode->AttributeFlags & VIDEO_MODE_LINEAR) == 0 &&
           mode_list_shown_bytes(mode) > WINDOW_BYTES;
}

static bool is_too_large(const VIDEO_MODE_INFORMATION *mode, ULONG memory_bytes)
{
    ULONGLONG shown_bytes = mode_list_shown_bytes(mode);
    ULONGLONG planes_bytes = shown_bytes * mode->NumberOfPlanes;
    return mode->VisScreenWidth > EXTENT_MAX || mode->VisScreenHeight > EXTENT_MAX ||
           shown_bytes > 0xFFFFFFFF || (memory_bytes != 0 && planes_bytes > memory_bytes);
}

/* MODE_LEFT_OUT_COUNT: it is not left out. */
static enum mode_left_out classify(const struct mode_list *list, const VIDEO_MODE_INFORMATION *mode,
                                   ULONG memory_bytes)
{
    struct pixel_format format;
    if ((mode->AttributeFlags & VIDEO_MODE_GRAPHICS) == 0)
        return MODE_OF_TEXT;
    if (mode->NumberOfPlanes != 1 && (!is_planar(mode) || mode->VisScreenWidth % PLANE_PIXELS != 0))
        return MODE_PLANAR;
    if (!is_planar(mode) && !is_depth(mode->BitsPerPlane))
        return MODE_OF_DEPTH;
    if (!mode_list_format(mode, &format))
        return MODE_OF_MASKS;
    if (is_only_in_banks(mode))
        return MODE_BANKED;
    if (is_too_large(mode, memory_bytes))
        return MODE_TOO_LARGE;
    if (mode->VisScreenWidth == 0 || mode->VisScreenHeight == 0 ||
        mode->ScreenStride < mode_list_line_bytes(mode))
        return MODE_MALFORMED;
    if (mode_list_find(list, mode->VisScreenWidth, mode->VisScreenHeight, mode_list_depth(mode)))
        return MODE_REPEATED;
    return MODE_LEFT_OUT_COUNT;
}

const VIDEO_MODE_INFORMATION *mode_list_find(const struct mode_list *list, ULONG width,
                                             ULONG height, ULONG depth)
{
    for (ULONG i = 0; i < list->count; i++) {
        const VIDEO_MODE_INFORMATION *mode = &list->modes[i];
        if (mode->VisScreenWidth == width && mode->VisScreenHeight == height &&
            mode_list_depth(mode) == depth)
            return mode;
    }
    return NULL;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static VP_STATUS ask(struct videoport_device *device, ULONG code, void *out, ULONG out_bytes,
                     ULONG *returned)
{
    return videoport_ioctl(device, code, NULL, 0, out, out_bytes, returned);
}

/* How many modes there are, and how many bytes describe one. */
static bool ask_number(struct videoport_device *device, VIDEO_NUM_MODES *number,
                       struct refusal *refusal)
{
    ULONG returned;
    VP_STATUS status =
        ask(device, IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES, number, sizeof *number, &returned);
    if (status != NO_ERROR)
        return refuse(refusal, "it does not say how many modes it has: status", (ULONG)status, 0);
    if (number->NumModes > MODE_LIST_MAX)
        return refuse(refusal,
                      "it says that it has more modes than a list takes:", number->NumModes,
                      MODE_LIST_MAX);
    if (number->NumModes != 0 && number->ModeInformationLength < OLD_LENGTH)
        return refuse(refusal,
                      "it describes a mode in too few bytes:", number->ModeInformationLength,
                      OLD_LENGTH);
    if (number->NumModes != 0 && number->ModeInformationLength > 0xFFFFFFFF / number->NumModes)
        return refuse(refusal,
                      "it describes a mode in too many bytes:", number->ModeInformationLength,
                      sizeof(VIDEO_MODE_INFORMATION));
    return true;
}

/* Descriptions may end before or behind those that we know. What they lack is 0. */
static void sift(struct mode_list *list, const UCHAR *told, ULONG told_count, ULONG told_bytes)
{
    ULONG memory_bytes = memory_bytes_of(list->device);
    for (ULONG i = 0; i < told_count; i++) {
        VIDEO_MODE_INFORMATION mode = {0};
        VideoPortMoveMemory(&mode, (PVOID)(ULONG_PTR)(told + (SIZE_T)i * told_bytes),
                            told_bytes < sizeof mode ? told_bytes : sizeof mode);
        enum mode_left_out why = classify(list, &mode, memory_bytes);
        if (why == MODE_LEFT_OUT_COUNT)
            list->modes[list->count++] = mode;
        else
            list->left_out[why]++;
    }
}

/* What is told goes to the end of the list's memory, so that no mode in the list is put over one
   that is still to be looked at. */
bool mode_list_read(struct mode_list *list, struct videoport_device *device,
                    struct refusal *refusal)
{
    VIDEO_NUM_MODES number = {0};
    ULONG returned;
    *list = (struct mode_list){.device = device};
    if (!ask_number(device, &number, refusal))
        return false;
    if (number.NumModes == 0)
        return true;
    ULONG length = number.ModeInformationLength;
    ULONG told_bytes = number.NumModes * length;
    ULONG size_bytes =
        number.NumModes * (length < sizeof *list->modes ? sizeof *list->modes : length);
    list->modes = VideoPortAllocatePool(device->extension, VpNonPagedPool, size_bytes, POOL_TAG);
    if (list->modes == NULL)
        return refuse(refusal, "there is no memory for the list of its modes", 0, 0);
    VideoPortZeroMemory(list->modes, size_bytes);
    UCHAR *told = (UCHAR *)list->modes + (size_bytes - told_bytes);
    VP_STATUS status = ask(device, IOCTL_VIDEO_QUERY_AVAIL_MODES, told, told_bytes, &returned);
    if (status == NO_ERROR && returned <= told_bytes) {
        sift(list, told, returned / length, length);
        return true;
    }
    mode_list_free(list);
    return status != NO_ERROR
               ? refuse(refusal, "it does not list its modes: status", (ULONG)status, 0)
               : refuse(refusal, "it lists more modes than it said it has: bytes", returned,
                        told_bytes);
}

void mode_list_free(struct mode_list *list)
{
    if (list->modes != NULL)
        VideoPortFreePool(list->device->extension, list->modes);
    list->modes = NULL;
    list->count = 0;
}
