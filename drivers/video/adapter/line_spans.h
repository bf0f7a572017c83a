#ifndef VIDEO_LINE_SPANS_H
#define VIDEO_LINE_SPANS_H

/*
 * Which pixels of a line several rectangles cover, each of them once. Knows no adapter.
 *
 *   line    ---[====]--------   a rectangle
 *           ------[=====]----   another
 *           ---[========]----   the span
 */

#include "ashlar_display.h"

/* Half-open. */
struct line_span {
    ULONG left;
    ULONG right;
};

/*
 * The spans of line `y`, ascending and apart from each other, widened to multiples of `align` (a
 * power of two), in `spans`, which has room for `count`. Returns how many there are.
 */
ULONG line_spans(const struct ashlar_rectangle *rectangles, ULONG count, ULONG y, ULONG align,
                 struct line_span *spans);

#endif
