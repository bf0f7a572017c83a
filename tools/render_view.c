/*
 * Draws the memory view on the host, for a machine given as a file of firmware map entries, into a
 * PPM image: `render_view WIDTH HEIGHT MAPFILE OUT.ppm`. Its blocks are made up, the same on every
 * run. So the picture is judged at every size and for every machine without booting any.
 */

#include "drivers/video/canvas/canvas.h"
#include "kernel/screen/terminal.h"
#include "kernel/view/view.h"
#include "mm/port.h"
#include "tests/host/e820_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_COUNT 400
#define RECORDS_BYTES ((size_t)1 << 20)

static struct memmap map;
static struct mm mm;
static struct view view;
static struct terminal terminal;
static char memory[4096];
static struct scrollback kept;
static uint32_t random_state = 1;

static void *get_memory(void *context, size_t size_bytes)
{
    (void)context;
    return calloc(1, size_bytes);
}

static const struct mm_source source = {get_memory, NULL};

_Noreturn void mm_port_assert_failed(const char *expression, const char *file, int line)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, expression);
    exit(2);
}

/* Marsaglia's xorshift: the same blocks everywhere. */
static uint32_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

/* What a kernel takes before there is an allocator. */
static void reserve_boot(void)
{
    phys_t tables;
    memmap_reserve(&map, 0, 64 * KIB, "first-64k");
    memmap_reserve(&map, 0x9F000, MIB, "ebda-and-rom");
    memmap_reserve(&map, MIB, MIB + 412 * KIB, "kernel");
    memmap_reserve(&map, MIB + 412 * KIB, MIB + 416 * KIB, "boot-data");
    tables = memmap_find_top(&map, 512 * KIB, 4 * GIB);
    if (tables != 0)
        memmap_reserve(&map, tables, tables + 512 * KIB, "buddy-tables");
}

static bool add_ranges(void)
{
    struct frame_range range;
    size_t cursor = 0;
    mm_init(&mm, source, calloc(1, RECORDS_BYTES), RECORDS_BYTES);
    while (memmap_next_free(&map, &cursor, &range)) {
        while (range.first < range.end) {
            struct frame_range part = range;
            void *tables;
            if (part.end - part.first > BUDDY_MAX_FRAMES)
                part.end = part.first + BUDDY_MAX_FRAMES;
            tables = malloc(buddy_table_bytes(part));
            if (!tables || mm_add_range(&mm, part, tables) != MM_OK)
                return false;
            range.first = part.end;
        }
    }
    return true;
}

static void make_blocks(void)
{
    static const char *const owners[] = {"bochs",    "shell",       "stress",
                                         "dma-ring", "framebuffer", "page-tables",
                                         "alice",    "bob",         "a-rather-long-owner"};
    static phys_t bases[BLOCK_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < BLOCK_COUNT; i++) {
        uint64_t size_bytes = (uint64_t)(next_random() % 4096 + 1) << (next_random() % 9);
        struct mm_request request = {.size_bytes = size_bytes, .limit = MM_NO_LIMIT};
        struct mm_block block;
        if (i < 4)
            request.size_bytes = mm.buddy.free_count * FRAME_BYTES / 16;
        if (i % 5 == 0)
            request.limit = 16 * MIB;
        request.owner = owners[next_random() % (sizeof owners / sizeof owners[0])];
        if (mm_alloc(&mm, &request, &block) == MM_OK)
            bases[count++] = block.base;
        view_draw(&view, &map, &mm);
    }
    for (size_t i = 0; i < count; i++) {
        if (next_random() % 3 == 0)
            mm_free(&mm, bases[i]);
        view_draw(&view, &map, &mm);
    }
}

static void put(const char *text)
{
    while (*text)
        scrollback_put(&kept, *text++);
}

static void write_terminal(void)
{
    struct mm_block block;
    phys_t cursor = 0;
    char line[200];
    put("ashlar> blocks\n");
    for (int i = 0; i < 6 && mm_next_block(&mm, &cursor, &block); i++) {
        snprintf(line, sizeof line,
                 "block id=%u physical=0x%" PRIx64 " bytes=%" PRIu64 " owner=%s\n",
                 (unsigned)block.id, block.base, block.size_bytes, block.owner);
        put(line);
    }
    put("ashlar> free 1000\nerror: there is no block 1000\nashlar> ");
}

static bool save_image(const struct canvas *canvas, const char *path)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    fprintf(file, "P6 %d %d 255\n", canvas->width, canvas->height);
    for (int i = 0; i < canvas->width * canvas->height; i++) {
        putc(canvas->pixels[i] >> 16 & 255, file);
        putc(canvas->pixels[i] >> 8 & 255, file);
        putc(canvas->pixels[i] & 255, file);
    }
    return fclose(file) == 0;
}

int main(int argument_count, char **arguments)
{
    struct canvas canvas;
    int width = argument_count == 5 ? atoi(arguments[1]) : 0;
    int height = argument_count == 5 ? atoi(arguments[2]) : 0;
    if (width < VIEW_WIDTH_MIN || height < VIEW_HEIGHT_MIN || width > 16384 || height > 16384) {
        fprintf(stderr, "usage: render_view WIDTH HEIGHT MAPFILE OUT.ppm, at least 320 200\n");
        return 2;
    }
    if (!e820_file_read(arguments[3], &map)) {
        fprintf(stderr, "render_view: cannot read %s\n", arguments[3]);
        return 1;
    }
    reserve_boot();
    if (!add_ranges()) {
        fprintf(stderr, "render_view: not enough memory for the tables of %s\n", arguments[3]);
        return 1;
    }
    canvas_init(&canvas, calloc((size_t)width * (size_t)height, 4), width, height,
                (size_t)width * 4);
    view_init(&view, &canvas);
    kept = (struct scrollback){.text = memory, .size_bytes = sizeof memory};
    terminal_place(&terminal, &canvas, view_terminal_font(&view), view.terminal);
    make_blocks();
    view_draw(&view, &map, &mm);
    write_terminal();
    terminal_draw(&terminal, &kept);
    if (!save_image(&canvas, arguments[4])) {
        fprintf(stderr, "render_view: cannot write %s\n", arguments[4]);
        return 1;
    }
    return 0;
}
