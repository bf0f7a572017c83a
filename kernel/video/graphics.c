/*
 * Sends requests to the adapter that shows the picture, one device at a time; which one, adapters.c
 * decides.
 */

#include "graphics.h"

#include "drivers/video/adapter/ashlar_display.h"
#include "drivers/video/adapter/foreign.h"
#include "drivers/videoport/port/videoport.h"
#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/block_line.h"
#include "kernel/memory/memory.h"
#include "kernel/view/view_format.h"

#define COLOURS_16 16
#define EXTENTS_MAX 32
#define SIZES_IN_A_LINE 6 /* 79 columns if all have 4 digits by 4 */

static struct videoport_device *device; /* NULL: no adapter */
static bool is_own; /* a driver of the kernel's own, not one that was loaded */
static bool mode_is_set;
static enum ashlar_back_buffer_kind back_buffer_kind;

/* ---- requests -------------------------------------------------------------------------------- */

/* Our own miniports know more requests than NT's. */
static VP_STATUS ask(ULONG code, const void *in, size_t in_bytes, void *out, size_t out_bytes)
{
    return is_own ? videoport_ioctl(device, code, in, (ULONG)in_bytes, out, (ULONG)out_bytes, NULL)
                  : foreign_ioctl(code, in, (ULONG)in_bytes, out, (ULONG)out_bytes);
}

static bool request(ULONG code, const void *in, size_t in_bytes, void *out, size_t out_bytes)
{
    return device && ask(code, in, in_bytes, out, out_bytes) == NO_ERROR;
}

static bool query_back_buffer(struct ashlar_back_buffer *buffer)
{
    return request(IOCTL_ASHLAR_QUERY_BACK_BUFFER, NULL, 0, buffer, sizeof *buffer);
}

static bool query_adapter(struct ashlar_adapter *adapter)
{
    return request(IOCTL_ASHLAR_QUERY_ADAPTER, NULL, 0, adapter, sizeof *adapter);
}

/* ---- why not --------------------------------------------------------------------------------- */

#define WHY_MAX 160

static char why_text[WHY_MAX];

static const char *text_of(const struct refusal *refusal)
{
    if (refusal->told == refusal->wanted)
        return refusal->what;
    format_text(why_text, sizeof why_text, "%s %u, not %u", refusal->what, (unsigned)refusal->told,
                (unsigned)refusal->wanted);
    return why_text;
}

static const char *reason_of(VP_STATUS status)
{
    if (!is_own && foreign_refusal()->what)
        return text_of(foreign_refusal());
    if (status == ERROR_INVALID_PARAMETER)
        return "the adapter does not take that mode";
    if (status == ERROR_DEV_NOT_EXIST)
        return "there is no memory where it shows the picture";
    return status == ERROR_NOT_ENOUGH_MEMORY ? "its video memory cannot be mapped"
                                             : "the adapter refused it";
}

/* ---- modes ----------------------------------------------------------------------------------- */

struct parse_mode graphics_size_of(const VIDEO_MODE_INFORMATION *mode)
{
    return (struct parse_mode){mode->VisScreenWidth, mode->VisScreenHeight, mode_list_depth(mode)};
}

/* As " text=3 planar=1", with those that there are. Returns how many modes that are. */
static unsigned count_left_out(const struct mode_list *list, char *text, size_t text_bytes)
{
    static const char *const names[MODE_LEFT_OUT_COUNT] = {
        [MODE_OF_TEXT] = "text",        [MODE_PLANAR] = "planar",
        [MODE_OF_DEPTH] = "depth",      [MODE_OF_MASKS] = "masks",
        [MODE_BANKED] = "banked",       [MODE_MALFORMED] = "malformed",
        [MODE_TOO_LARGE] = "too-large", [MODE_REPEATED] = "repeated",
    };
    unsigned total = 0;
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < MODE_LEFT_OUT_COUNT; i++) {
        unsigned count = (unsigned)list->left_out[i];
        total += count;
        if (count != 0 && length < text_bytes)
            length += format_text(text + length, text_bytes - length, " %s=%u", names[i], count);
    }
    return total;
}

bool graphics_list_modes(struct mode_list *list, const char **why)
{
    struct refusal refusal;
    char left_out[WHY_MAX / 2];
    if (!mode_list_read(list, device, &refusal)) {
        *why = text_of(&refusal);
        return false;
    }
    if (list->count != 0)
        return true;
    *why = "it has no mode";
    if (count_left_out(list, left_out, sizeof left_out) != 0) {
        format_text(why_text, sizeof why_text, "it has no mode that can be drawn in:%s", left_out);
        *why = why_text;
    }
    mode_list_free(list);
    return false;
}

static struct parse_mode extents[EXTENTS_MAX];
static size_t extent_count;

static void add_extent(const VIDEO_MODE_INFORMATION *mode)
{
    size_t i = 0;
    while (i < extent_count &&
           (extents[i].width != mode->VisScreenWidth || extents[i].height != mode->VisScreenHeight))
        i++;
    if (i == extent_count && i < EXTENTS_MAX)
        extents[extent_count++] = graphics_size_of(mode);
}

bool graphics_extent_at(size_t index, struct parse_mode *extent)
{
    struct mode_list list;
    struct refusal refusal;
    if (index == 0)
        extent_count = 0;
    if (index == 0 && device && mode_list_read(&list, device, &refusal)) {
        for (size_t i = 0; i < list.count; i++)
            add_extent(&list.modes[i]);
        mode_list_free(&list);
    }
    if (index < extent_count)
        *extent = extents[index];
    return index < extent_count;
}

/* ---- the device ------------------------------------------------------------------------------ */

void graphics_open(struct videoport_device *opened, bool is_kernels_own,
                   enum options_back_buffer back_buffer)
{
    static const enum ashlar_back_buffer_kind kinds[] = {
        [OPTIONS_BACK_BUFFER_CONTIGUOUS] = ASHLAR_BACK_BUFFER_CONTIGUOUS,
        [OPTIONS_BACK_BUFFER_COMMON] = ASHLAR_BACK_BUFFER_COMMON,
        [OPTIONS_BACK_BUFFER_NONE] = ASHLAR_BACK_BUFFER_NONE,
    };
    device = opened;
    is_own = is_kernels_own;
    mode_is_set = false;
    back_buffer_kind = kinds[back_buffer];
    graphics_use_back_buffer(true);
    if (!is_own)
        foreign_open(device);
}

void graphics_close(void)
{
    if (is_own) {
        request(IOCTL_VIDEO_RESET_DEVICE, NULL, 0, NULL, 0);
        videoport_stop(device);
    } else {
        foreign_close();
    }
    device = NULL;
    mode_is_set = false;
}

struct videoport_device *graphics_device(void)
{
    return device;
}

bool graphics_is_on(void)
{
    return device && mode_is_set;
}

/* The screen's own colours instead of the adapter's usual ones. */
static void load_colours(void)
{
    static const color_t colours[COLOURS_16] = THEME_COLOURS_16;
    struct {
        VIDEO_CLUT table;
        VIDEO_CLUTDATA rest[COLOURS_16 - 1];
    } clut = {.table.NumEntries = COLOURS_16};
    VIDEO_MODE_INFORMATION mode;
    if (!request(IOCTL_VIDEO_QUERY_CURRENT_MODE, NULL, 0, &mode, sizeof mode))
        return;
    for (size_t i = 0; i < COLOURS_16; i++)
        (&clut.table.LookupTable[0].RgbArray)[i] =
            ashlar_clut_entry(colours[i], ashlar_part_bits(mode.NumberRedBits));
    request(IOCTL_VIDEO_SET_COLOR_REGISTERS, &clut, sizeof clut, NULL, 0);
}

static void say_if_direct(void)
{
    struct ashlar_back_buffer buffer;
    if (query_back_buffer(&buffer) && !buffer.virtual_address)
        console_write("video backbuffer=none: drawing goes straight to the screen, more slowly\n");
}

bool graphics_set_mode(const struct graphics_mode *mode, const char **why)
{
    if (!device) {
        *why = "there is no adapter that could";
        return false;
    }
    struct ashlar_mode wanted = {mode->size.width, mode->size.height, mode->size.bits, mode->flips};
    trace_step("mode %ux%ux%u by %s", mode->size.width, mode->size.height, mode->size.bits,
               device->name);
    VP_STATUS status = ask(IOCTL_ASHLAR_SET_MODE, &wanted, sizeof wanted, NULL, 0);
    if (status != NO_ERROR) {
        *why = reason_of(status);
        return false;
    }
    mode_is_set = true;
    if (mode->size.bits == 4)
        load_colours();
    say_if_direct();
    return true;
}

bool graphics_get_mode(struct graphics_mode *mode)
{
    VIDEO_MODE_INFORMATION information;
    if (!request(IOCTL_VIDEO_QUERY_CURRENT_MODE, NULL, 0, &information, sizeof information))
        return false;
    mode->size = graphics_size_of(&information);
    mode->flips = is_own && (information.DriverSpecificAttributeFlags & ASHLAR_MODE_FLIPS);
    return true;
}

bool graphics_get_back_buffer(struct mm_block *block)
{
    struct ashlar_back_buffer buffer;
    return mode_is_set && query_back_buffer(&buffer) && buffer.virtual_address &&
           mm_find_address(memory_manager(), (phys_t)buffer.physical.QuadPart, block);
}

void graphics_use_back_buffer(bool wanted)
{
    videoport_set_number(&device->values, "BackBuffer",
                         wanted ? back_buffer_kind : ASHLAR_BACK_BUFFER_NONE);
}

bool graphics_leave(const char **why)
{
    trace_step("back to the text screen");
    if (!graphics_is_on() || !request(IOCTL_VIDEO_RESET_DEVICE, NULL, 0, NULL, 0)) {
        *why = "there is no text screen to go back to";
        return false;
    }
    mode_is_set = false;
    return true;
}

/* ---- pixels ---------------------------------------------------------------------------------- */

static void write_pixels(void *context, int left, int y, const uint32_t *pixels, int count)
{
    (void)context;
    struct ashlar_pixels run = {(ULONG)left, (ULONG)y, (ULONG)count,
                                (const ULONG *)(const void *)pixels};
    request(IOCTL_ASHLAR_WRITE_PIXELS, &run, sizeof run, NULL, 0);
}

bool graphics_open_canvas(struct canvas *canvas)
{
    struct ashlar_back_buffer buffer;
    if (!query_back_buffer(&buffer))
        return false;
    if (buffer.virtual_address)
        canvas_init(canvas, buffer.virtual_address, (int)buffer.width, (int)buffer.height,
                    buffer.stride_bytes);
    else
        canvas_init_direct(canvas, write_pixels, NULL, (int)buffer.width, (int)buffer.height);
    return true;
}

void graphics_present(struct canvas *canvas)
{
    struct canvas_rect dirty[CANVAS_DIRTY_MAX];
    struct ashlar_rectangle rectangles[CANVAS_DIRTY_MAX];
    size_t count = canvas_take_dirty(canvas, dirty, CANVAS_DIRTY_MAX);
    _Static_assert(CANVAS_DIRTY_MAX <= ASHLAR_RECTANGLES_MAX, "one request presents all");
    for (size_t i = 0; i < count; i++)
        rectangles[i] = (struct ashlar_rectangle){(ULONG)dirty[i].left, (ULONG)dirty[i].top,
                                                  (ULONG)dirty[i].right, (ULONG)dirty[i].bottom};
    if (count > 0)
        request(IOCTL_ASHLAR_PRESENT, rectangles, count * sizeof *rectangles, NULL, 0);
}

uint64_t graphics_written_pixels(void)
{
    struct ashlar_adapter adapter;
    return query_adapter(&adapter) ? adapter.written_pixels : 0;
}

/* ---- what there is --------------------------------------------------------------------------- */

/* Several lines, if one would be longer than a row of any screen: sizes are one word. */
static void describe_modes_of_depth(const struct mode_list *list, uint32_t bits)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct parse_mode mode = graphics_size_of(&list->modes[i]);
        if (mode.bits != bits)
            continue;
        if (count % SIZES_IN_A_LINE != 0)
            console_put(',');
        else
            console_print("%smodes bits=%u sizes=", count > 0 ? "\n" : "", (unsigned)bits);
        console_print("%ux%u", (unsigned)mode.width, (unsigned)mode.height);
        count++;
    }
    if (count > 0)
        console_put('\n');
}

static void describe_modes(void)
{
    static const uint8_t depths[] = {4, 8, 15, 16, 24, 32};
    struct mode_list list;
    struct refusal refusal;
    char left_out[WHY_MAX / 2];
    if (!mode_list_read(&list, device, &refusal)) {
        console_error("modes of %s: %s", device->name, text_of(&refusal));
        return;
    }
    for (size_t i = 0; i < sizeof depths; i++)
        describe_modes_of_depth(&list, depths[i]);
    unsigned left_out_count = count_left_out(&list, left_out, sizeof left_out);
    if (left_out_count != 0)
        console_print("modes left-out=%u%s\n", left_out_count, left_out);
    mode_list_free(&list);
}

static void describe_monitor(const struct ashlar_adapter *adapter)
{
    if (adapter->preferred.width != 0)
        console_print("monitor name=\"%s\" preferred=%ux%u\n", adapter->monitor,
                      (unsigned)adapter->preferred.width, (unsigned)adapter->preferred.height);
    else if (adapter->monitor[0] != '\0')
        console_print("monitor name=\"%s\" preferred=none\n", adapter->monitor);
}

static void describe_adapter(void)
{
    static const char *const access_names[] = {"ports", "mmio", "isa", "memory"};
    struct ashlar_adapter adapter;
    if (!query_adapter(&adapter))
        return;
    console_print("video adapter=%s version=0x%x access=%s framebuffer=0x%llx bytes=%u\n",
                  device->name, (unsigned)adapter.interface_version, access_names[adapter.access],
                  (number_t)adapter.memory_physical.QuadPart, (unsigned)adapter.memory_bytes);
    describe_monitor(&adapter);
}

static void describe_current_mode(void)
{
    VIDEO_MODE_INFORMATION information;
    struct ashlar_back_buffer buffer;
    struct graphics_mode mode;
    struct mm_block block;
    if (!graphics_get_mode(&mode) || !query_back_buffer(&buffer) ||
        !request(IOCTL_VIDEO_QUERY_CURRENT_MODE, NULL, 0, &information, sizeof information))
        return;
    console_print("mode size=%ux%ux%u stride=%u present=%s\n", (unsigned)mode.size.width,
                  (unsigned)mode.size.height, (unsigned)mode.size.bits,
                  (unsigned)information.ScreenStride,
                  !buffer.virtual_address ? "direct"
                  : mode.flips            ? "flip"
                                          : "copy");
    if (graphics_get_back_buffer(&block))
        block_line_print(&block);
}

void graphics_describe(void)
{
    if (!device)
        return;
    describe_adapter();
    describe_current_mode();
    describe_modes();
}
