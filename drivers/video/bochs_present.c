/*
 * From the back buffer's dwords to whatever video memory holds. Video memory is written in
 * ascending order and never read: reads from it are slow everywhere.
 *
 *   pixel    0 0 0 0 0 0 0 0 r r r r r r r r g g g g g g g g b b b b b b b b
 *   32 bpp   the same; 24 bpp: the lower three bytes
 *   16 bpp   r r r r r g g g g g g b b b b b; 15 bpp: 0 r r r r r g g g g g b b b b b
 *    8 bpp   r r r g g g b b
 */
#include "bochs.h"

static UCHAR to_8(ULONG pixel)
{
    return (UCHAR)((pixel >> 16 & 0xE0) | (pixel >> 11 & 0x1C) | (pixel >> 6 & 0x03));
}

static USHORT to_15(ULONG pixel)
{
    return (USHORT)((pixel >> 9 & 0x7C00) | (pixel >> 6 & 0x03E0) | (pixel >> 3 & 0x001F));
}

static USHORT to_16(ULONG pixel)
{
    return (USHORT)((pixel >> 8 & 0xF800) | (pixel >> 5 & 0x07E0) | (pixel >> 3 & 0x001F));
}

static void copy_line(volatile UCHAR *target, const ULONG *source, ULONG count,
                      ULONG bits_per_pixel)
{
    volatile USHORT *words = (volatile USHORT *)(volatile void *)target;

    switch (bits_per_pixel) {
    case 8:
        for (ULONG i = 0; i < count; i++)
            target[i] = to_8(source[i]);
        break;
    case 15:
        for (ULONG i = 0; i < count; i++)
            words[i] = to_15(source[i]);
        break;
    case 16:
        for (ULONG i = 0; i < count; i++)
            words[i] = to_16(source[i]);
        break;
    case 24:
        for (ULONG i = 0; i < count; i++) {
            target[3 * i] = (UCHAR)source[i];
            target[3 * i + 1] = (UCHAR)(source[i] >> 8);
            target[3 * i + 2] = (UCHAR)(source[i] >> 16);
        }
        break;
    default:
        VideoPortWriteRegisterBufferUlong((PULONG)(ULONG_PTR)target, (PULONG)(ULONG_PTR)source,
                                          count);
        break;
    }
}

void bochs_present(const struct bochs_adapter *adapter, const struct ashlar_rectangle *rectangle)
{
    const struct bochs_screen *screen = &adapter->screen;
    ULONG bits_per_pixel = screen->mode.bits_per_pixel;
    ULONG left_bytes = rectangle->left * bochs_pixel_bytes(adapter, bits_per_pixel);

    for (ULONG y = rectangle->top; y < rectangle->bottom; y++)
        copy_line(adapter->frame_buffer + (SIZE_T)y * screen->stride_bytes + left_bytes,
                  screen->pixels + (SIZE_T)y * screen->mode.width + rectangle->left,
                  rectangle->right - rectangle->left, bits_per_pixel);
}
