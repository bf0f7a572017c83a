/*
 * Choosing: each miniport is started in turn and asked for a mode; the first that shows one stays.
 * What speaks against the others is kept for the `video` command.
 */

#include "graphics.h"

#include "console.h"
#include "drivers.h"
#include "drivers/video/ashlar_display.h"
#include "drivers/videoport/videoport.h"
#include "framebuffer.h"
#include "memory.h"
#include "registry.h"
#include "shell.h"
#include "string.h"
#include "view_theme.h"

#define MODES_MAX 128
#define COLOURS_16 16

typedef bool (*set_mode_t)(const struct options *options, const char **why);

static bool set_asked_mode(const struct options *options, const char **why);
static bool try_all(const struct options *options, set_mode_t set_mode);

/* From the best to the plainest. */
static struct candidate {
    const char *name; /* as video= names it; owns the miniport's memory */
    videoport_entry_t entry;
    const char *why; /* it was passed over; NULL: it was not looked for */
} candidates[] = {
    {"bochs", bochs_driver_entry, NULL},
    {"boot", boot_framebuffer_driver_entry, NULL},
    {"vga", vga_driver_entry, NULL},
};

#define CANDIDATE_COUNT (sizeof candidates / sizeof candidates[0])

static struct videoport_device *device; /* NULL: no adapter */
static bool is_own; /* one of the candidates, not a driver that was loaded */
static bool mode_is_set;
static struct ashlar_boot_framebuffer boot_framebuffer; /* width 0: the loader left none */
static enum ashlar_back_buffer_kind back_buffer_kind;
static struct options chosen; /* what to try when the adapter is lost */

/* ---- requests --------------------------------------------------------------------------------- */

/* Our own miniports know more requests than NT's; for another, the framebuffer answers them. */
static VP_STATUS ask(ULONG code, const void *in, size_t in_bytes, void *out, size_t out_bytes,
                     ULONG *returned)
{
    return (is_own ? videoport_ioctl : framebuffer_ioctl)(device, code, in, (ULONG)in_bytes, out,
                                                          (ULONG)out_bytes, returned);
}

static bool request(ULONG code, const void *in, size_t in_bytes, void *out, size_t out_bytes)
{
    return device && ask(code, in, in_bytes, out, out_bytes, NULL) == NO_ERROR;
}

static bool query_back_buffer(struct ashlar_back_buffer *buffer)
{
    return request(IOCTL_ASHLAR_QUERY_BACK_BUFFER, NULL, 0, buffer, sizeof *buffer);
}

static bool query_adapter(struct ashlar_adapter *adapter)
{
    return request(IOCTL_ASHLAR_QUERY_ADAPTER, NULL, 0, adapter, sizeof *adapter);
}

/* All modes that the adapter offers. Returns how many there are. */
static size_t query_modes(const VIDEO_MODE_INFORMATION **modes)
{
    static VIDEO_MODE_INFORMATION available[MODES_MAX];
    ULONG returned = 0;
    *modes = available;
    if (ask(IOCTL_VIDEO_QUERY_AVAIL_MODES, NULL, 0, available, sizeof available, &returned) !=
        NO_ERROR)
        return 0;
    return returned / sizeof available[0];
}

static struct parse_mode size_of(const VIDEO_MODE_INFORMATION *mode)
{
    return (struct parse_mode){mode->VisScreenWidth, mode->VisScreenHeight,
                               framebuffer_depth(mode)};
}

static const char *reason_of(VP_STATUS status)
{
    switch (status) {
    case ERROR_INVALID_PARAMETER:
        return "the adapter does not take that mode";
    case ERROR_NOT_ENOUGH_MEMORY:
        return "its video memory cannot be mapped";
    default:
        return "the adapter refused it";
    }
}

static enum ashlar_back_buffer_kind kind_of(enum options_back_buffer option)
{
    switch (option) {
    case OPTIONS_BACK_BUFFER_COMMON:
        return ASHLAR_BACK_BUFFER_COMMON;
    case OPTIONS_BACK_BUFFER_NONE:
        return ASHLAR_BACK_BUFFER_NONE;
    default:
        return ASHLAR_BACK_BUFFER_CONTIGUOUS;
    }
}

static void set_back_buffer(enum ashlar_back_buffer_kind kind)
{
    if (is_own)
        videoport_set_parameter(device, "BackBuffer", kind);
    else
        framebuffer_use_back_buffer(kind != ASHLAR_BACK_BUFFER_NONE);
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
    unsigned shift = 8 - mode.NumberRedBits;
    for (size_t i = 0; i < COLOURS_16; i++)
        (&clut.table.LookupTable[0].RgbArray)[i] = (VIDEO_CLUTDATA){
            (UCHAR)(colours[i] >> 16 & 0xFF) >> shift, (UCHAR)(colours[i] >> 8 & 0xFF) >> shift,
            (UCHAR)(colours[i] & 0xFF) >> shift, 0};
    request(IOCTL_VIDEO_SET_COLOR_REGISTERS, &clut, sizeof clut, NULL, 0);
}

static void say_if_direct(void)
{
    struct ashlar_back_buffer buffer;
    if (query_back_buffer(&buffer) && !buffer.virtual_address)
        console_write("video backbuffer=none: drawing goes straight to the screen, more slowly\n");
}

/* After the adapter was lost while the text screen was shown. */
static bool set_mode_anywhere(const struct graphics_mode *mode, const char **why)
{
    struct options wanted = chosen;
    wanted.adapter = NULL;
    wanted.mode = mode->size;
    wanted.flip = mode->flips;
    *why = "there is no adapter that could";
    return try_all(&wanted, set_asked_mode);
}

bool graphics_set_mode(const struct graphics_mode *mode, const char **why)
{
    if (!device)
        return set_mode_anywhere(mode, why);
    struct ashlar_mode wanted = {mode->size.width, mode->size.height, mode->size.bits, mode->flips};
    VP_STATUS status = ask(IOCTL_ASHLAR_SET_MODE, &wanted, sizeof wanted, NULL, 0, NULL);
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
    mode->size = size_of(&information);
    mode->flips = information.DriverSpecificAttributeFlags & ASHLAR_MODE_FLIPS;
    return true;
}

void graphics_use_back_buffer(bool wanted)
{
    set_back_buffer(wanted ? back_buffer_kind : ASHLAR_BACK_BUFFER_NONE);
}

bool graphics_leave(const char **why)
{
    if (!graphics_is_on() || !request(IOCTL_VIDEO_RESET_DEVICE, NULL, 0, NULL, 0)) {
        *why = "there is no text screen to go back to";
        return false;
    }
    mode_is_set = false;
    return true;
}

/* ---- the first mode ----------------------------------------------------------------------------- */

static const struct {
    uint32_t width;
    uint32_t height;
} usual_sizes[] = {{1024, 768}, {800, 600}, {640, 480}};

#define USUAL_COUNT (sizeof usual_sizes / sizeof usual_sizes[0])

/* A picture that nobody asked for leaves at least half of memory free. */
static bool is_affordable(const struct parse_mode *mode)
{
    struct mm_totals totals;
    mm_get_totals(memory_manager(), &totals);
    return (phys_t)mode->width * mode->height * sizeof(uint32_t) <= totals.free_count
                                                                        << (FRAME_SHIFT - 1);
}

static bool is_among(const VIDEO_MODE_INFORMATION *modes, size_t count,
                     const struct parse_mode *wanted)
{
    for (size_t i = 0; i < count; i++) {
        struct parse_mode mode = size_of(&modes[i]);
        if (mode.width == wanted->width && mode.height == wanted->height &&
            mode.bits == wanted->bits)
            return true;
    }
    return false;
}

static size_t list_usual_modes(const VIDEO_MODE_INFORMATION *modes, size_t mode_count,
                               uint32_t bits, struct parse_mode *first_modes)
{
    size_t count = 0;
    for (size_t i = 0; i < USUAL_COUNT; i++) {
        struct parse_mode mode = {usual_sizes[i].width, usual_sizes[i].height, bits};
        if (is_among(modes, mode_count, &mode))
            first_modes[count++] = mode;
    }
    return count;
}

/* The usual modes that the adapter has; if it has none of them, its own. At least one, or 0. */
static size_t list_first_modes(struct parse_mode *first_modes)
{
    const VIDEO_MODE_INFORMATION *modes;
    size_t mode_count = query_modes(&modes);
    size_t count = list_usual_modes(modes, mode_count, 32, first_modes);
    if (count == 0)
        count = list_usual_modes(modes, mode_count, 16, first_modes);
    for (size_t i = 0; count == 0 && i < mode_count && i < USUAL_COUNT; i++)
        first_modes[i] = size_of(&modes[i]);
    return count != 0 ? count : mode_count < USUAL_COUNT ? mode_count : USUAL_COUNT;
}

/* The largest mode that memory is left for; if there is none, the smallest, without a back buffer. */
static bool set_first_mode(const struct options *options, const char **why)
{
    struct parse_mode first_modes[USUAL_COUNT];
    size_t count = list_first_modes(first_modes);
    *why = "it has no mode";
    for (size_t i = 0; i < count; i++) {
        struct graphics_mode mode = {first_modes[i], options->flip};
        bool affordable = is_affordable(&mode.size);
        if (!affordable && i + 1 < count)
            continue;
        if (!affordable)
            graphics_use_back_buffer(false);
        bool is_set = graphics_set_mode(&mode, why);
        graphics_use_back_buffer(true);
        if (is_set)
            return true;
    }
    return false;
}

static bool set_asked_mode(const struct options *options, const char **why)
{
    struct graphics_mode mode = {options->mode, options->flip};
    return graphics_set_mode(&mode, why);
}

/* ---- the adapter -------------------------------------------------------------------------------- */

/* A driver that was loaded stays so, unless it is unloaded. */
static void leave_device(void)
{
    if (is_own)
        videoport_stop(device);
    else
        framebuffer_close(device);
    device = NULL;
    mode_is_set = false;
}

static bool use_device(const struct options *options, set_mode_t set_mode, const char **why)
{
    back_buffer_kind = kind_of(options->back_buffer);
    set_back_buffer(back_buffer_kind);
    if (set_mode(options, why)) {
        *why = NULL;
        return true;
    }
    leave_device();
    return false;
}

static bool try_candidate(struct candidate *candidate, const struct options *options,
                          set_mode_t set_mode)
{
    if (options->adapter && strcmp(options->adapter, candidate->name) != 0) {
        candidate->why = "video= names another";
        return false;
    }
    if (!memory_owner_is_claimed(candidate->name))
        memory_claim_owner(candidate->name);
    static struct registry registry;
    candidate->why = "a parameter is wrong";
    if (!registry_open(&registry, candidate->name))
        return false;
    if (boot_framebuffer.width != 0 && registry.count < VIDEOPORT_VALUE_COUNT_MAX)
        registry.values[registry.count++] =
            (struct videoport_parameter){.name = "Framebuffer",
                                         .data = &boot_framebuffer,
                                         .data_bytes = sizeof boot_framebuffer};
    device = videoport_start(candidate->name, candidate->entry, registry.values, registry.count,
                             &candidate->why);
    if (!device && candidate->entry == boot_framebuffer_driver_entry && !boot_framebuffer.width)
        candidate->why = "the boot loader left no framebuffer";
    is_own = true;
    return device && use_device(options, set_mode, &candidate->why);
}

/* A driver that faults on the way is unloaded, so that others can have its adapter. */
static bool try_loaded(struct videoport_device *loaded, const struct options *options,
                       set_mode_t set_mode)
{
    const char *why;
    device = loaded;
    is_own = false;
    if (use_device(options, set_mode, &why))
        return true;
    console_print("passed adapter=%s why=\"%s\"\n", videoport_name(loaded), why);
    if (videoport_is_broken(loaded) && drivers_is_loaded(loaded))
        drivers_unload(loaded);
    return false;
}

/* Drivers that were loaded come first: who brings one wants to see it work. */
static bool try_all_loaded(const struct options *options, set_mode_t set_mode)
{
    struct videoport_device *next = videoport_next(NULL);
    while (next) {
        struct videoport_device *loaded = next;
        next = videoport_next(loaded);
        bool is_wanted = !options->adapter || strcmp(options->adapter, videoport_name(loaded)) == 0;
        if (is_wanted && !videoport_is_broken(loaded) && try_loaded(loaded, options, set_mode))
            return true;
    }
    return false;
}

/* Drivers that were loaded come first: who brings one wants to see it work. */

static bool try_all(const struct options *options, set_mode_t set_mode)
{
    if (try_all_loaded(options, set_mode))
        return true;
    for (size_t i = 0; i < CANDIDATE_COUNT; i++)
        if (try_candidate(&candidates[i], options, set_mode))
            return true;
    return false;
}

static void describe_passed(void)
{
    for (size_t i = 0; i < CANDIDATE_COUNT; i++) {
        const char *name = candidates[i].name;
        if (device && strcmp(videoport_name(device), name) == 0)
            continue;
        const char *why = candidates[i].why ? candidates[i].why : "a better one was found";
        console_print("passed adapter=%s why=\"%s\"\n", name, why);
    }
}

static uint32_t mask_of(const uint8_t *position_and_length)
{
    unsigned position = position_and_length[0];
    unsigned length = position_and_length[1];
    if (length == 0 || length > 16 || position > 32 - length)
        return 0;
    return ((1u << length) - 1) << position;
}

/* In the video port's types. A text screen is none. */
static void take_boot_framebuffer(const struct boot_framebuffer *given)
{
    if (given->type > 1)
        return;
    boot_framebuffer = (struct ashlar_boot_framebuffer){
        .physical.QuadPart = (LONGLONG)given->base,
        .stride_bytes = given->pitch_bytes,
        .width = given->width,
        .height = given->height,
        .bits_per_pixel = given->bits,
        .red_mask = mask_of(given->colour_info),
        .green_mask = mask_of(given->colour_info + 2),
        .blue_mask = mask_of(given->colour_info + 4),
        .is_indexed = given->type == 0,
        .palette_count = given->palette_count,
    };
    for (size_t i = 0; i < given->palette_count; i++)
        boot_framebuffer.palette[i] = given->palette[i];
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < CANDIDATE_COUNT; i++)
        if (strcmp(candidates[i].name, name) == 0)
            return true;
    return videoport_find(name) != NULL;
}

static bool start_any(const struct options *options)
{
    if (options->adapter && !is_known(options->adapter)) {
        console_error("video=%s: there is no adapter and no driver of that name", options->adapter);
        return false;
    }
    if (options->has_mode) {
        if (try_all(options, set_asked_mode))
            return true;
        console_error("video=%ux%ux%u: %s", options->mode.width, options->mode.height,
                      options->mode.bits, "no adapter takes that mode");
    }
    if (try_all(options, set_first_mode))
        return true;
    describe_passed();
    return false;
}

bool graphics_start(const struct options *options, const struct boot_framebuffer *framebuffer)
{
    take_boot_framebuffer(framebuffer);
    chosen = *options;
    return start_any(options);
}

/* ---- when it is lost ---------------------------------------------------------------------------- */

struct videoport_device *graphics_failed(void)
{
    return device && videoport_is_broken(device) ? device : NULL;
}

bool graphics_forget(struct videoport_device *leaving)
{
    if (!device || device != leaving)
        return false;
    leave_device();
    return true;
}

bool graphics_restart(void)
{
    chosen.adapter = NULL;
    return start_any(&chosen);
}

/* ---- pixels ------------------------------------------------------------------------------------- */

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

/* ---- what there is -------------------------------------------------------------------------------- */

static void describe_modes_of_depth(const VIDEO_MODE_INFORMATION *modes, size_t count,
                                    uint32_t bits)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        struct parse_mode mode = size_of(&modes[i]);
        if (mode.bits != bits)
            continue;
        if (!any)
            console_print("modes bits=%u sizes=", (unsigned)bits);
        console_print("%s%ux%u", any ? "," : "", (unsigned)mode.width, (unsigned)mode.height);
        any = true;
    }
    if (any)
        console_put('\n');
}

static void describe_modes(void)
{
    static const uint8_t depths[] = {4, 8, 15, 16, 24, 32};
    const VIDEO_MODE_INFORMATION *modes;
    size_t count = query_modes(&modes);
    for (size_t i = 0; i < sizeof depths; i++)
        describe_modes_of_depth(modes, count, depths[i]);
}

static void describe_monitor(const struct ashlar_adapter *adapter)
{
    if (adapter->preferred.width != 0)
        console_print("monitor name=\"%s\" preferred=%ux%u\n", adapter->monitor,
                      (unsigned)adapter->preferred.width, (unsigned)adapter->preferred.height);
}

static void describe_adapter(void)
{
    static const char *const access_names[] = {"ports", "mmio", "isa", "memory"};
    struct ashlar_adapter adapter;
    if (!query_adapter(&adapter))
        return;
    console_print(
        "video adapter=%s version=0x%x access=%s framebuffer=0x%llx bytes=%u\n",
        videoport_name(device), (unsigned)adapter.interface_version, access_names[adapter.access],
        (unsigned long long)adapter.memory_physical.QuadPart, (unsigned)adapter.memory_bytes);
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
    if (buffer.virtual_address &&
        mm_find_address(memory_manager(), (phys_t)buffer.physical.QuadPart, &block))
        shell_print_block(&block);
}

void graphics_describe(void)
{
    if (device) {
        describe_adapter();
        describe_current_mode();
        describe_modes();
    }
    describe_passed();
}
