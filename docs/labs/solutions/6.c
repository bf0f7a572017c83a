/*
 * Lab 6 with the kernel's own files: the canvas collects what changed
 * (drivers/video/canvas/canvas.c), and line_spans says which pixels of a line changed.
 */

#include "docs/labs/6-presenter/lab.h"

#include "drivers/video/canvas/canvas.h"
#include "drivers/video/adapter/line_spans.h"

static struct canvas canvas;
static uint32_t no_pixels; /* nothing is drawn here, only marked */

void lab_init(int width, int height)
{
    canvas_init(&canvas, &no_pixels, width, height, sizeof no_pixels * (size_t)width);
}

void lab_mark(struct lab_rect rect)
{
    canvas_mark_dirty(&canvas, (struct canvas_rect){rect.left, rect.top, rect.right, rect.bottom});
}

void lab_present(void)
{
    struct canvas_rect dirty[CANVAS_DIRTY_MAX];
    struct ashlar_rectangle rectangles[CANVAS_DIRTY_MAX];
    size_t count = canvas_take_dirty(&canvas, dirty, CANVAS_DIRTY_MAX);
    for (size_t i = 0; i < count; i++)
        rectangles[i] = (struct ashlar_rectangle){(ULONG)dirty[i].left, (ULONG)dirty[i].top,
                                                  (ULONG)dirty[i].right, (ULONG)dirty[i].bottom};
    for (int y = 0; y < canvas.height && count > 0; y++) {
        struct line_span spans[CANVAS_DIRTY_MAX];
        ULONG span_count = line_spans(rectangles, (ULONG)count, (ULONG)y, 1, spans);
        for (ULONG i = 0; i < span_count; i++)
            lab_copy((int)spans[i].left, y, (int)(spans[i].right - spans[i].left));
    }
}
