/*
 * Finds the pixels of a line that rectangles cover. The spans are sorted by insertion, because
 * there are few; then those that touch become one.
 */
#include "line_spans.h"

static void insert(struct line_span *spans, ULONG count, struct line_span span)
{
    for (; count > 0 && spans[count - 1].left > span.left; count--)
        spans[count] = spans[count - 1];
    spans[count] = span;
}

static ULONG merge(struct line_span *spans, ULONG count)
{
    ULONG last = 0;
    for (ULONG i = 1; i < count; i++) {
        if (spans[i].left > spans[last].right)
            spans[++last] = spans[i];
        else if (spans[i].right > spans[last].right)
            spans[last].right = spans[i].right;
    }
    return count == 0 ? 0 : last + 1;
}

ULONG line_spans(const struct ashlar_rectangle *rectangles, ULONG count, ULONG y, ULONG align,
                 struct line_span *spans)
{
    ULONG found = 0;
    for (ULONG i = 0; i < count; i++) {
        const struct ashlar_rectangle *rectangle = &rectangles[i];
        struct line_span span = {rectangle->left & ~(align - 1),
                                 (rectangle->right + align - 1) & ~(align - 1)};
        if (rectangle->top <= y && y < rectangle->bottom)
            insert(spans, found++, span);
    }
    return merge(spans, found);
}
