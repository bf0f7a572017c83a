/*
 * Ties the video port's adapter to the canvas, and the canvas to the memory view and the
 * terminal. The canvas draws into the miniport's back buffer, and what it changed is presented
 * from there.
 */

#include "display.h"

#include "console.h"
#include "drivers/text_screen.h"
#include "drivers/video/ashlar_display.h"
#include "drivers/video/canvas.h"
#include "drivers/videoport/videoport.h"
#include "memory.h"
#include "panic.h"
#include "shell.h"
#include "terminal.h"
#include "view.h"

#define VIEW_WIDTH_MIN 640
#define VIEW_HEIGHT_MIN 480
#define MODES_MAX 128

static const char driver_name[] = "bochs";

static struct videoport_device *device; /* NULL: no adapter */
static bool graphics; /* a mode is set, and the console is on the canvas */
static bool text; /* the console is on the text screen */
static struct canvas canvas;
static struct terminal terminal;
static struct view view;
static bool view_fits;
static bool text_changed;
static uint64_t seen_last_id;
static size_t seen_live_count;

/* ---- the two screens ------------------------------------------------------------------------ */

static void put_on_canvas(char character)
{
    terminal_put(&terminal, character);
    text_changed = true;
}

void display_start_text(void)
{
    text = true;
    text_screen_clear();
    console_set_screen(text_screen_put);
}

/* A panic's text goes to the same screen; on the canvas it is drawn when it is complete. */
static void finish_panic(void)
{
    if (graphics)
        display_refresh();
}

/* ---- modes ---------------------------------------------------------------------------------- */

static const char *reason_of(VP_STATUS status)
{
    switch (status) {
    case ERROR_INVALID_PARAMETER:
        return "the adapter does not take that mode";
    case ERROR_NOT_ENOUGH_MEMORY:
        return "there is no memory for its back buffer";
    default:
        return "the adapter refused it";
    }
}

/* Draws on the back buffer of the mode that was just set. The console's text is taken along. */
static bool take_back_buffer(void)
{
    struct ashlar_back_buffer buffer;
    if (videoport_ioctl(device, IOCTL_ASHLAR_QUERY_BACK_BUFFER, NULL, 0, &buffer, sizeof buffer,
                        NULL) != NO_ERROR)
        return false;
    canvas_init(&canvas, buffer.virtual_address, (int)buffer.width, (int)buffer.height,
                buffer.stride_bytes);
    canvas_fill(&canvas, canvas_bounds(&canvas), 0);
    view_fits = buffer.width >= VIEW_WIDTH_MIN && buffer.height >= VIEW_HEIGHT_MIN;
    struct canvas_rect area = canvas_bounds(&canvas);
    if (view_fits) {
        view_init(&view, &canvas);
        area = view_terminal_area(&view);
    }
    if (graphics)
        terminal_move(&terminal, &canvas, area);
    else
        terminal_init(&terminal, &canvas, area);
    return true;
}

bool display_set_mode(struct parse_mode mode, const char **why)
{
    if (!device) {
        *why = "there is no adapter that could";
        return false;
    }
    struct ashlar_mode wanted = {mode.width, mode.height, mode.bits, 0};
    VP_STATUS status =
        videoport_ioctl(device, IOCTL_ASHLAR_SET_MODE, &wanted, sizeof wanted, NULL, 0, NULL);
    if (status != NO_ERROR) {
        *why = reason_of(status);
        return false;
    }
    if (!take_back_buffer()) {
        *why = "the adapter lost its back buffer";
        return false;
    }
    if (!graphics)
        console_replay(put_on_canvas);
    graphics = true;
    text_changed = true;
    seen_last_id = 0;
    console_set_screen(put_on_canvas);
    return true;
}

static void stop_device(void)
{
    videoport_stop(device);
    device = NULL;
}

/* A picture that nobody asked for leaves at least half of memory free. */
static bool is_affordable(const struct parse_mode *mode)
{
    struct mm_totals totals;
    mm_get_totals(memory_manager(), &totals);
    return (phys_t)mode->width * mode->height * sizeof(uint32_t) <= totals.free_count
                                                                        << (FRAME_SHIFT - 1);
}

/* The mode that was asked for, else the largest of the usual ones that there is memory for. */
static bool set_first_mode(const struct options *options)
{
    static const struct parse_mode usual[] = {{1024, 768, 32}, {800, 600, 32}, {640, 480, 32}};
    const char *why;
    if (options->video == OPTIONS_VIDEO_MODE) {
        if (display_set_mode(options->mode, &why))
            return true;
        console_error("video=%ux%ux%u: %s", options->mode.width, options->mode.height,
                      options->mode.bits, why);
    }
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        if (!is_affordable(&usual[i]))
            why = "its back buffer would take more than half of memory";
        else if (display_set_mode(usual[i], &why))
            return true;
        console_print("video mode=%ux%ux%u: %s\n", usual[i].width, usual[i].height, usual[i].bits,
                      why);
    }
    return false;
}

void display_start(const struct options *options)
{
    panic_set_screen(NULL, finish_panic);
    if (options->video == OPTIONS_VIDEO_TEXT || options->video == OPTIONS_VIDEO_OFF)
        return;
    const char *why;
    memory_claim_owner(driver_name);
    device = videoport_start(driver_name, bochs_driver_entry, NULL, 0, &why);
    if (!device) {
        console_print("video adapter=none: %s\n", why);
        return;
    }
    if (!set_first_mode(options))
        stop_device();
}

/* ---- refreshing ----------------------------------------------------------------------------- */

static bool memory_changed(void)
{
    const struct ledger *ledger = &memory_manager()->ledger;
    bool changed = ledger->last_id != seen_last_id || ledger->live_count != seen_live_count;
    seen_last_id = ledger->last_id;
    seen_live_count = ledger->live_count;
    return changed;
}

static void present(void)
{
    struct canvas_rect dirty[CANVAS_DIRTY_MAX];
    struct ashlar_rectangle rectangles[CANVAS_DIRTY_MAX];
    size_t count = canvas_take_dirty(&canvas, dirty, CANVAS_DIRTY_MAX);
    for (size_t i = 0; i < count; i++)
        rectangles[i] = (struct ashlar_rectangle){(ULONG)dirty[i].left, (ULONG)dirty[i].top,
                                                  (ULONG)dirty[i].right, (ULONG)dirty[i].bottom};
    if (count > 0)
        videoport_ioctl(device, IOCTL_ASHLAR_PRESENT, rectangles,
                        (ULONG)(count * sizeof *rectangles), NULL, 0, NULL);
}

void display_refresh(void)
{
    if (!graphics)
        return;
    if (view_fits && memory_changed())
        view_draw(&view, memory_map(), memory_manager());
    if (text_changed)
        terminal_draw(&terminal);
    text_changed = false;
    present();
}

/* ---- what there is -------------------------------------------------------------------------- */

static void describe_modes_of_depth(const VIDEO_MODE_INFORMATION *modes, size_t count, ULONG bits)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (modes[i].BitsPerPlane * modes[i].NumberOfPlanes != bits)
            continue;
        if (!any)
            console_print("modes bits=%u sizes=", (unsigned)bits);
        console_print("%s%ux%u", any ? "," : "", (unsigned)modes[i].VisScreenWidth,
                      (unsigned)modes[i].VisScreenHeight);
        any = true;
    }
    if (any)
        console_put('\n');
}

static void describe_modes(void)
{
    static VIDEO_MODE_INFORMATION modes[MODES_MAX];
    ULONG returned = 0;
    if (videoport_ioctl(device, IOCTL_VIDEO_QUERY_AVAIL_MODES, NULL, 0, modes, sizeof modes,
                        &returned) != NO_ERROR)
        return;
    size_t count = returned / sizeof modes[0];
    static const ULONG depths[] = {8, 15, 16, 24, 32};
    for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++) {
        ULONG bits = depths[i];
        describe_modes_of_depth(modes, count, bits);
    }
}

static void describe_adapter(void)
{
    static const char *const access_names[] = {"ports", "mmio", "isa"};
    struct ashlar_adapter adapter;
    if (videoport_ioctl(device, IOCTL_ASHLAR_QUERY_ADAPTER, NULL, 0, &adapter, sizeof adapter,
                        NULL) == NO_ERROR)
        console_print(
            "video adapter=%s version=0x%x access=%s framebuffer=0x%llx bytes=%u\n", driver_name,
            (unsigned)adapter.interface_version, access_names[adapter.access],
            (unsigned long long)adapter.memory_physical.QuadPart, (unsigned)adapter.memory_bytes);
}

static void describe_current_mode(void)
{
    VIDEO_MODE_INFORMATION mode;
    struct ashlar_back_buffer buffer;
    struct mm_block block;
    if (videoport_ioctl(device, IOCTL_VIDEO_QUERY_CURRENT_MODE, NULL, 0, &mode, sizeof mode,
                        NULL) == NO_ERROR)
        console_print("mode size=%ux%ux%u stride=%u\n", (unsigned)mode.VisScreenWidth,
                      (unsigned)mode.VisScreenHeight,
                      (unsigned)(mode.BitsPerPlane * mode.NumberOfPlanes),
                      (unsigned)mode.ScreenStride);
    if (videoport_ioctl(device, IOCTL_ASHLAR_QUERY_BACK_BUFFER, NULL, 0, &buffer, sizeof buffer,
                        NULL) == NO_ERROR &&
        mm_find_address(memory_manager(), (phys_t)buffer.physical.QuadPart, &block))
        shell_print_block(&block);
}

void display_describe(void)
{
    if (!device) {
        console_print("video adapter=none screen=%s\n", text ? "text" : "off");
        return;
    }
    describe_adapter();
    describe_current_mode();
    describe_modes();
}
