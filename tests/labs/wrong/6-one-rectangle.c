/* Wrong: all marks become one rectangle around them. */

#include "lab.h"

static int screen_width;
static int screen_height;
static struct lab_rect all;

static int min(int a, int b)
{
    return a < b ? a : b;
}

static int max(int a, int b)
{
    return a > b ? a : b;
}

static void forget(void)
{
    all = (struct lab_rect){screen_width, screen_height, 0, 0};
}

void lab_init(int width, int height)
{
    screen_width = width;
    screen_height = height;
    forget();
}

void lab_mark(struct lab_rect rect)
{
    if (rect.left >= rect.right || rect.top >= rect.bottom)
        return;
    all.left = max(0, min(all.left, rect.left));
    all.top = max(0, min(all.top, rect.top));
    all.right = min(screen_width, max(all.right, rect.right));
    all.bottom = min(screen_height, max(all.bottom, rect.bottom));
}

void lab_present(void)
{
    for (int y = all.top; y < all.bottom && all.left < all.right; y++)
        lab_copy(all.left, y, all.right - all.left);
    forget();
}
