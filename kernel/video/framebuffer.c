/* There is one display, so there is one of these. */

#include "framebuffer.h"

#include "drivers/pc/ports.h"
#include "drivers/video/adapter/edid.h"
#include "drivers/video/adapter/line_spans.h"
#include "drivers/video/canvas/pixel_format.h"
#include "kernel/lib/string.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"

#define MODES_MAX 128
#define CHUNK_PIXELS 256
#define PALETTE_COLOURS 256

struct picture {
    struct ashlar_mode mode; /* width 0: none is set */
    ULONG index; /* the miniport's */
    ULONG stride_bytes;
    struct pixel_format format;
    uint32_t *pixels; /* the back buffer, or NULL */
    phys_t pixels_physical;
};

static struct picture picture;
static VIDEO_MEMORY_INFORMATION mapped; /* VideoRamBase NULL: nothing is */
static bool wants_back_buffer = true;
static ULONGLONG written_pixels;

void framebuffer_use_back_buffer(bool wanted)
{
    wants_back_buffer = wanted;
}

/* ---- the miniport's requests ------------------------------------------------------------------- */

static VP_STATUS ask(struct videoport_device *device, ULONG code, const void *in, size_t in_bytes,
                     void *out, size_t out_bytes)
{
    return videoport_ioctl(device, code, in, (ULONG)in_bytes, out, (ULONG)out_bytes, NULL);
}

ULONG framebuffer_depth(const VIDEO_MODE_INFORMATION *mode)
{
    ULONG bits = mode->BitsPerPlane * mode->NumberOfPlanes;
    bool spares_one =
        bits == 16 && mode->NumberRedBits + mode->NumberGreenBits + mode->NumberBlueBits == 15;
    return spares_one ? 15 : bits;
}

static bool find_mode(struct videoport_device *device, const struct ashlar_mode *wanted,
                      VIDEO_MODE_INFORMATION *found)
{
    static VIDEO_MODE_INFORMATION modes[MODES_MAX];
    ULONG returned = 0;
    if (videoport_ioctl(device, IOCTL_VIDEO_QUERY_AVAIL_MODES, NULL, 0, modes, sizeof modes,
                        &returned) != NO_ERROR)
        return false;
    for (size_t i = 0; i < returned / sizeof modes[0]; i++) {
        const VIDEO_MODE_INFORMATION *mode = &modes[i];
        if ((mode->AttributeFlags & VIDEO_MODE_GRAPHICS) && mode->NumberOfPlanes == 1 &&
            mode->VisScreenWidth == wanted->width && mode->VisScreenHeight == wanted->height &&
            framebuffer_depth(mode) == wanted->bits_per_pixel) {
            *found = *mode;
            return true;
        }
    }
    return false;
}

static bool read_format(const VIDEO_MODE_INFORMATION *mode, struct pixel_format *format)
{
    ULONG depth = framebuffer_depth(mode);
    if (depth == 8)
        return pixel_format_init_usual(format, depth);
    return pixel_format_init(format, depth, mode->RedMask, mode->GreenMask, mode->BlueMask);
}

static void unmap(struct videoport_device *device)
{
    VIDEO_MEMORY memory = {mapped.VideoRamBase};
    if (mapped.VideoRamBase)
        ask(device, IOCTL_VIDEO_UNMAP_VIDEO_MEMORY, &memory, sizeof memory, NULL, 0);
    mapped.VideoRamBase = NULL;
}

/* False if the miniport maps less than the picture takes. */
static bool map(struct videoport_device *device, const struct picture *shown)
{
    VIDEO_MEMORY memory = {NULL};
    unmap(device);
    if (ask(device, IOCTL_VIDEO_MAP_VIDEO_MEMORY, &memory, sizeof memory, &mapped, sizeof mapped) !=
        NO_ERROR) {
        mapped.VideoRamBase = NULL;
        return false;
    }
    return mapped.FrameBufferBase &&
           (uint64_t)shown->stride_bytes * shown->mode.height <= mapped.FrameBufferLength;
}

/* The colours that the pixels' own bits name: three of red, three of green, two of blue. */
static void load_colours(struct videoport_device *device, ULONG channel_bits)
{
    static struct {
        VIDEO_CLUT table;
        VIDEO_CLUTDATA rest[PALETTE_COLOURS - 1];
    } clut;
    VIDEO_CLUTDATA *entries = &clut.table.LookupTable[0].RgbArray;
    unsigned shift = channel_bits < 8 ? 8 - channel_bits : 0;
    clut.table.NumEntries = PALETTE_COLOURS;
    for (unsigned i = 0; i < PALETTE_COLOURS; i++)
        entries[i] = (VIDEO_CLUTDATA){(UCHAR)((i >> 5) * 255 / 7 >> shift),
                                      (UCHAR)((i >> 2 & 7) * 255 / 7 >> shift),
                                      (UCHAR)((i & 3) * 255 / 3 >> shift), 0};
    ask(device, IOCTL_VIDEO_SET_COLOR_REGISTERS, &clut, sizeof clut, NULL, 0);
}

/* ---- the back buffer ----------------------------------------------------------------------------- */

static void take_back_buffer(struct videoport_device *device, struct picture *next)
{
    struct mm_request request = {
        .size_bytes = (uint64_t)next->mode.width * next->mode.height * sizeof(uint32_t),
        .limit = paging_reach(),
        .owner = videoport_name(device),
    };
    struct mm_block block;
    void *address;
    if (!wants_back_buffer ||
        pool_alloc(memory_pool(), &request, MM_CACHED, &block, &address) != MM_OK)
        return;
    next->pixels = memset(address, 0, (size_t)request.size_bytes);
    next->pixels_physical = block.base;
}

static void give_back_buffer(struct picture *old)
{
    if (old->pixels)
        pool_free(memory_pool(), old->pixels);
    old->pixels = NULL;
}

void framebuffer_close(struct videoport_device *device)
{
    give_back_buffer(&picture);
    picture.mode.width = 0;
    unmap(device);
    written_pixels = 0;
}

/* ---- pixels -------------------------------------------------------------------------------------- */

/* Converted in cached memory; video memory is never read, and written by the dword where it can. */
static void write_run(ULONG left, ULONG top, const uint32_t *pixels, ULONG count)
{
    static uint32_t converted[CHUNK_PIXELS];
    const struct pixel_format *format = &picture.format;
    unsigned char *target = (unsigned char *)mapped.FrameBufferBase +
                            (size_t)top * picture.stride_bytes + (size_t)left * format->bytes;
    written_pixels += count;
    if (pixel_format_is_native(format)) {
        port_copy32(target, pixels, count);
        return;
    }
    while (count > 0) {
        ULONG now = count < CHUNK_PIXELS ? count : CHUNK_PIXELS;
        pixel_format_convert(format, pixels, now, converted);
        memcpy(target, converted, now * format->bytes);
        target += now * format->bytes;
        pixels += now;
        count -= now;
    }
}

static bool is_on_screen(const struct ashlar_rectangle *rectangle)
{
    return rectangle->left < rectangle->right && rectangle->right <= picture.mode.width &&
           rectangle->top < rectangle->bottom && rectangle->bottom <= picture.mode.height;
}

static VP_STATUS present(const struct ashlar_rectangle *rectangles, ULONG count)
{
    struct line_span spans[2 * ASHLAR_RECTANGLES_MAX];
    ULONG top = picture.mode.height;
    ULONG bottom = 0;
    if (!picture.pixels)
        return ERROR_INVALID_FUNCTION;
    if (count > ASHLAR_RECTANGLES_MAX)
        return ERROR_INVALID_PARAMETER;
    for (ULONG i = 0; i < count; i++) {
        if (!is_on_screen(&rectangles[i]))
            return ERROR_INVALID_PARAMETER;
        top = rectangles[i].top < top ? rectangles[i].top : top;
        bottom = rectangles[i].bottom > bottom ? rectangles[i].bottom : bottom;
    }
    for (ULONG y = top; y < bottom; y++) {
        ULONG found = line_spans(rectangles, count, y, 1, spans);
        for (ULONG i = 0; i < found; i++)
            write_run(spans[i].left, y,
                      picture.pixels + (size_t)y * picture.mode.width + spans[i].left,
                      spans[i].right - spans[i].left);
    }
    return NO_ERROR;
}

static VP_STATUS write_pixels(const struct ashlar_pixels *run)
{
    if (run->top >= picture.mode.height || run->left >= picture.mode.width || run->count == 0 ||
        run->count > picture.mode.width - run->left)
        return ERROR_INVALID_PARAMETER;
    write_run(run->left, run->top, (const uint32_t *)run->pixels, run->count);
    return NO_ERROR;
}

/* ---- modes --------------------------------------------------------------------------------------- */

/* From here on the screen is the new mode's, or nobody's. */
static VP_STATUS program(struct videoport_device *device, struct picture *next)
{
    VIDEO_MODE mode = {next->index};
    VIDEO_MODE_INFORMATION current;
    VP_STATUS status = ask(device, IOCTL_VIDEO_SET_CURRENT_MODE, &mode, sizeof mode, NULL, 0);
    if (status != NO_ERROR)
        return status;
    if (ask(device, IOCTL_VIDEO_QUERY_CURRENT_MODE, NULL, 0, &current, sizeof current) != NO_ERROR)
        return ERROR_INVALID_PARAMETER;
    next->stride_bytes = current.ScreenStride;
    if (next->mode.bits_per_pixel == 8)
        load_colours(device, current.NumberRedBits);
    return map(device, next) ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

static VP_STATUS set_mode(struct videoport_device *device, const struct ashlar_mode *wanted)
{
    struct picture next = {.mode = *wanted};
    VIDEO_MODE_INFORMATION found;
    if (wanted->flips || !find_mode(device, wanted, &found) || !read_format(&found, &next.format))
        return ERROR_INVALID_PARAMETER;
    next.index = found.ModeIndex;
    take_back_buffer(device, &next);
    VP_STATUS status = program(device, &next);
    if (status == NO_ERROR) {
        give_back_buffer(&picture);
        picture = next;
        return NO_ERROR;
    }
    give_back_buffer(&next);
    if (picture.mode.width != 0 && program(device, &picture) != NO_ERROR)
        picture.mode.width = 0;
    return status;
}

static VP_STATUS reset(struct videoport_device *device)
{
    VP_STATUS status = ask(device, IOCTL_VIDEO_RESET_DEVICE, NULL, 0, NULL, 0);
    if (status == NO_ERROR)
        framebuffer_close(device);
    return status;
}

/* ---- what there is --------------------------------------------------------------------------------- */

/* The first child that has an EDID. */
static void describe_monitor(const struct videoport_device *device, struct ashlar_adapter *adapter)
{
    struct videoport_child child;
    struct edid edid;
    for (size_t cursor = 0; videoport_next_child(device, &cursor, &child);) {
        if (child.type != Monitor || !edid_read(&edid, child.descriptor, 2 * EDID_BYTES))
            continue;
        adapter->preferred = (struct ashlar_mode){edid.width, edid.height, 32, 0};
        memcpy(adapter->monitor, edid.name, sizeof edid.name);
        return;
    }
}

static VP_STATUS query_adapter(const struct videoport_device *device,
                               struct ashlar_adapter *adapter)
{
    phys_t physical = 0;
    *adapter =
        (struct ashlar_adapter){.access = ASHLAR_ACCESS_NONE, .written_pixels = written_pixels};
    if (mapped.VideoRamBase && paging_translate((uintptr_t)mapped.VideoRamBase, &physical)) {
        adapter->memory_physical.QuadPart = (LONGLONG)physical;
        adapter->memory_bytes = mapped.VideoRamLength;
    }
    describe_monitor(device, adapter);
    return NO_ERROR;
}

static VP_STATUS query_back_buffer(struct ashlar_back_buffer *buffer)
{
    ULONG stride_bytes = picture.mode.width * (ULONG)sizeof(uint32_t);
    *buffer = (struct ashlar_back_buffer){
        .virtual_address = picture.pixels,
        .physical.QuadPart = (LONGLONG)picture.pixels_physical,
        .size_bytes = stride_bytes * picture.mode.height,
        .stride_bytes = stride_bytes,
        .width = picture.mode.width,
        .height = picture.mode.height,
    };
    return NO_ERROR;
}

/* ---- requests ---------------------------------------------------------------------------------------- */

/* Those that make sense only while a mode is set. */
static VP_STATUS answer_mode_request(ULONG code, const void *in, ULONG in_bytes, void *out)
{
    switch (code) {
    case IOCTL_ASHLAR_QUERY_BACK_BUFFER:
        return query_back_buffer(out);
    case IOCTL_ASHLAR_PRESENT:
        return present(in, in_bytes / (ULONG)sizeof(struct ashlar_rectangle));
    case IOCTL_ASHLAR_WRITE_PIXELS:
        return write_pixels(in);
    default:
        return ERROR_INVALID_FUNCTION;
    }
}

VP_STATUS framebuffer_ioctl(struct videoport_device *device, ULONG code, const void *in,
                            ULONG in_bytes, void *out, ULONG out_bytes, ULONG *returned)
{
    switch (code) {
    case IOCTL_ASHLAR_SET_MODE:
        return set_mode(device, in);
    case IOCTL_ASHLAR_QUERY_ADAPTER:
        return query_adapter(device, out);
    case IOCTL_VIDEO_RESET_DEVICE:
        return reset(device);
    case IOCTL_ASHLAR_QUERY_BACK_BUFFER:
    case IOCTL_ASHLAR_PRESENT:
    case IOCTL_ASHLAR_WRITE_PIXELS:
        return picture.mode.width == 0 ? ERROR_INVALID_FUNCTION
                                       : answer_mode_request(code, in, in_bytes, out);
    default:
        return videoport_ioctl(device, code, in, in_bytes, out, out_bytes, returned);
    }
}
