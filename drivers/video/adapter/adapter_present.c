/*
 * Copies from the back buffer to video memory: each changed line once, in ascending order, and
 * never a read. Where two pages take turns, what is written to the hidden one is what changed now,
 * and what had changed when it was last hidden.
 *
 *   presented      A           B           C
 *   written to  page 1: A   page 0: A B  page 1: B C
 *   then shown  page 1      page 0       page 1
 */
#include "adapter.h"
#include "line_spans.h"
#include "planar.h"

static void write_span(struct adapter *adapter, ULONG y, struct line_span span)
{
    const struct adapter_screen *screen = &adapter->screen;
    struct ashlar_pixels pixels = {
        .left = span.left,
        .top = y,
        .count = span.right - span.left,
        .pixels = screen->pixels + (SIZE_T)y * screen->mode.width + span.left,
    };
    adapter_write(adapter, &pixels);
}

static void write_rectangles(struct adapter *adapter, const struct ashlar_rectangle *rectangles,
                             ULONG count)
{
    struct line_span spans[2 * ASHLAR_RECTANGLES_MAX];
    ULONG align = ashlar_is_planar(&adapter->screen.mode) ? PLANAR_BYTE_PIXELS : 1;
    ULONG top = adapter->screen.mode.height;
    ULONG bottom = 0;
    for (ULONG i = 0; i < count; i++) {
        top = rectangles[i].top < top ? rectangles[i].top : top;
        bottom = rectangles[i].bottom > bottom ? rectangles[i].bottom : bottom;
    }
    for (ULONG y = top; y < bottom; y++) {
        ULONG found = line_spans(rectangles, count, y, align, spans);
        for (ULONG i = 0; i < found; i++)
            write_span(adapter, y, spans[i]);
    }
}

static void copy(struct ashlar_rectangle *to, const struct ashlar_rectangle *from, ULONG count)
{
    VideoPortMoveMemory(to, (PVOID)(ULONG_PTR)from, count * (ULONG)sizeof *from);
}

static void present_by_flip(struct adapter *adapter, const struct ashlar_rectangle *rectangles,
                            ULONG count)
{
    struct adapter_screen *screen = &adapter->screen;
    struct ashlar_rectangle all[2 * ASHLAR_RECTANGLES_MAX];
    copy(all, screen->stale, screen->stale_count);
    copy(all + screen->stale_count, rectangles, count);
    write_rectangles(adapter, all, screen->stale_count + count);
    copy(screen->stale, rectangles, count);
    screen->stale_count = count;
    /* What was combined on its way must be there when it is shown. */
    KeMemoryBarrier();
    adapter->class->show_page(adapter, screen->hidden_page);
    screen->hidden_page ^= 1;
}

void adapter_present(struct adapter *adapter, const struct ashlar_rectangle *rectangles,
                     ULONG count)
{
    if (adapter->screen.mode.flips)
        present_by_flip(adapter, rectangles, count);
    else
        write_rectangles(adapter, rectangles, count);
}

void adapter_write(struct adapter *adapter, const struct ashlar_pixels *pixels)
{
    const struct adapter_screen *screen = &adapter->screen;
    ULONG page_bytes = screen->mode.height * screen->stride_bytes;
    if (ashlar_is_planar(&screen->mode))
        planar_write(&adapter->linear, screen->stride_bytes, pixels);
    else
        linear_write(&adapter->linear, screen->hidden_page * page_bytes, screen->stride_bytes,
                     pixels);
    adapter->description.written_pixels += pixels->count;
}
