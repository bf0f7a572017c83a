/*
 * Measures how long drawing and presenting take in each mode. The second present of a mode is
 * measured: the first fills caches, and an emulator's as well.
 */

#include "bench.h"

#include "kernel/log/console.h"
#include "kernel/pc/clock.h"
#include "kernel/screen/display.h"

#define NANOSECONDS_PER_SECOND 1000000000u

enum path { PATH_COPY, PATH_FLIP, PATH_DIRECT };

static const char *const path_names[] = {"copy", "flip", "direct"};

static void draw(struct canvas *canvas, color_t colour)
{
    canvas_fill(canvas, canvas_bounds(canvas), colour);
}

/* What reaches the screen: by presenting, or, without a back buffer, by drawing. */
static uint64_t measure(struct canvas *canvas, enum path path)
{
    uint32_t flags;
    if (path != PATH_DIRECT)
        draw(canvas, 0x204060);
    uint64_t start = bench_start(&flags);
    if (path == PATH_DIRECT)
        draw(canvas, 0x204060);
    else
        graphics_present(canvas);
    return bench_stop(start, flags);
}

static void print_rate(uint64_t units, uint64_t pixels, unsigned pixel_bits)
{
    if (units == 0 || pixels == 0)
        console_put('\n');
    else if (clock_counts_instructions())
        console_print(" instructions-per-1000-pixels=%llu\n", (number_t)(units * 1000 / pixels));
    else
        console_print(" bytes-per-second=%llu\n",
                      (number_t)(pixels * pixel_bits / 8 * NANOSECONDS_PER_SECOND / units));
}

static void bench_path(struct parse_mode size, enum path path)
{
    struct graphics_mode mode = {size, path == PATH_FLIP};
    struct canvas canvas;
    const char *why;
    if (!graphics_set_mode(&mode, &why) || !graphics_open_canvas(&canvas))
        return;
    measure(&canvas, path);
    uint64_t before = graphics_written_pixels();
    uint64_t units = measure(&canvas, path);
    uint64_t pixels = graphics_written_pixels() - before;
    console_print("bench name=present-%s-%u %s=%llu pixels=%llu", path_names[path],
                  (unsigned)size.bits, clock_unit(), (number_t)units, (number_t)pixels);
    print_rate(units, pixels, size.bits == 15 ? 16 : size.bits);
}

static void bench_depth(struct parse_mode size)
{
    bench_path(size, PATH_COPY);
    bench_path(size, PATH_FLIP);
    graphics_use_back_buffer(false);
    bench_path(size, PATH_DIRECT);
    graphics_use_back_buffer(true);
}

void bench_display_run(void)
{
    static const uint8_t depths[] = {4, 8, 15, 16, 24, 32};
    bool is_large = display_is_large();
    struct graphics_mode before;
    const char *why;
    if (!graphics_get_mode(&before))
        return;
    for (size_t i = 0; i < sizeof depths; i++) {
        struct parse_mode size = {before.size.width, before.size.height, depths[i]};
        bench_depth(size);
    }
    display_set_mode(&before, is_large, &why);
}
