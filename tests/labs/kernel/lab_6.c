/*
 * Lab 6 in the kernel: the student's presenter stands in front of the kernel's own (ld --wrap), and
 * all that reaches the screen goes through it. A present that crashes is the last: then the
 * kernel's own shows everything.
 */

#include "docs/labs/6-presenter/lab.h"
#include "drivers/video/adapter/ashlar_display.h"
#include "drivers/video/canvas/canvas.h"
#include "drivers/videoport/port/videoport.h"
#include "kernel/commands/commands.h"
#include "kernel/log/console.h"
#include "kernel/video/graphics.h"
#include "lab_guard.h"

void __real_graphics_present(struct canvas *canvas);
void __wrap_graphics_present(struct canvas *canvas);

static struct canvas *shown;
static const uint32_t *shown_pixels; /* the back buffer that lab_init was called for */
static struct lab_crash crash; /* told when somebody asks: a picture is no place for a line */
static struct {
    unsigned long long presents;
    unsigned long long marked; /* pixels in marks; those in two count twice */
    unsigned long long copied;
    unsigned long long outside; /* calls of lab_copy that were refused */
} counts;

void lab_copy(int left, int y, int count)
{
    if (left < 0 || count < 1 || left >= shown->width || count > shown->width - left || y < 0 ||
        y >= shown->height) {
        counts.outside++;
        return;
    }
    const uint32_t *row = shown->pixels + (size_t)y * (shown->stride_bytes / sizeof(uint32_t));
    struct ashlar_pixels run = {(ULONG)left, (ULONG)y, (ULONG)count,
                                (const ULONG *)(const void *)(row + left)};
    videoport_ioctl(graphics_device(), IOCTL_ASHLAR_WRITE_PIXELS, &run, sizeof run, NULL, 0, NULL);
    counts.copied += (unsigned)count;
}

static void call_init(void *context)
{
    (void)context;
    lab_init(shown->width, shown->height);
}

static void call_mark(void *context)
{
    const struct canvas_rect *rect = context;
    lab_mark((struct lab_rect){rect->left, rect->top, rect->right, rect->bottom});
}

static void call_present(void *context)
{
    (void)context;
    lab_present();
}

/* A new mode has a new back buffer. */
static bool start(void)
{
    if (shown->pixels == shown_pixels)
        return true;
    shown_pixels = shown->pixels;
    return lab_try(call_init, NULL, "lab_init", &crash);
}

static bool mark_all(void)
{
    struct canvas_rect dirty[CANVAS_DIRTY_MAX];
    size_t count = canvas_take_dirty(shown, dirty, CANVAS_DIRTY_MAX);
    for (size_t i = 0; i < count; i++) {
        counts.marked += (unsigned long long)(dirty[i].right - dirty[i].left) *
                         (unsigned)(dirty[i].bottom - dirty[i].top);
        if (!lab_try(call_mark, &dirty[i], "lab_mark", &crash))
            return false;
    }
    return true;
}

/* Where the canvas has no pixels of its own, there is nothing to present. */
void __wrap_graphics_present(struct canvas *canvas)
{
    if (crash.function || !canvas->pixels) {
        __real_graphics_present(canvas);
        return;
    }
    shown = canvas;
    if (start() && mark_all() && lab_try(call_present, NULL, "lab_present", &crash)) {
        counts.presents++;
        return;
    }
    canvas_mark_dirty(canvas, canvas_bounds(canvas));
    __real_graphics_present(canvas);
}

static void run_lab(void)
{
    if (crash.function)
        lab_tell(&crash);
    else
        console_print("lab presenter presents=%llu marked=%llu copied=%llu outside=%llu\n",
                      counts.presents, counts.marked, counts.copied, counts.outside);
}

const struct shell_command lab_commands[] = {
    {"lab", "", "adds up what lab_present copied to the screen",
     "  marked and copied count pixels, outside calls of lab_copy that were refused.\n", 1, 1,
     .act = run_lab},
    {0},
};
