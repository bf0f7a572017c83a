/*
 * The miniport for the framebuffer that the boot loader left: memory that shows, in the one mode
 * that it is in, without a register to speak to. Most PCs have nothing better to offer.
 */
#include "boot/boot_info.h"
#include "drivers/video/adapter/adapter.h"

#define RESOLUTION_MAX 16384
#define POOL_TAG 0x746F6F42 /* "Boot" */

struct boot_screen {
    struct adapter adapter; /* first: the video port's extension is the adapter */
    struct boot_framebuffer given;
    struct pixel_format format;
};

static const struct boot_screen *boot_screen_of(const struct adapter *adapter)
{
    return (const struct boot_screen *)(const void *)adapter;
}

/* ---- the mode -------------------------------------------------------------------------------- */

static bool get_mode(const struct adapter *adapter, ULONG index, struct ashlar_mode *mode)
{
    const struct boot_framebuffer *given = &boot_screen_of(adapter)->given;
    *mode = (struct ashlar_mode){
        .width = given->width, .height = given->height, .bits_per_pixel = given->bits};
    return index == 0;
}

static ULONG lay_out(const struct adapter *adapter, const struct ashlar_mode *mode,
                     struct pixel_format *format)
{
    const struct boot_screen *boot = boot_screen_of(adapter);
    UNREFERENCED_PARAMETER(mode);
    *format = boot->format;
    return boot->given.pitch_bytes;
}

static bool prepare(struct adapter *adapter, const struct ashlar_mode *mode)
{
    UNREFERENCED_PARAMETER(mode);
    return linear_map(adapter, adapter->description.memory_bytes);
}

/* The boot loader set it; what it left there is wiped. */
static VP_STATUS program(struct adapter *adapter, const struct ashlar_mode *mode,
                         ULONG *stride_bytes)
{
    static const ULONG black[64];
    for (ULONG y = 0; y < mode->height; y++) {
        for (ULONG x = 0; x < mode->width; x += 64) {
            ULONG left = mode->width - x;
            struct ashlar_pixels run = {x, y, left < 64 ? left : 64, black};
            linear_write(&adapter->linear, 0, *stride_bytes, &run);
        }
    }
    return NO_ERROR;
}

/* ---- what the boot loader said --------------------------------------------------------------- */

static bool init_indexed(struct boot_screen *boot)
{
    const struct boot_framebuffer *given = &boot->given;
    if (given->bits != 8 || given->palette_count == 0 || given->palette_count > BOOT_PALETTE_MAX)
        return false;
    UCHAR *indices =
        VideoPortAllocatePool(boot, VpNonPagedPool, PIXEL_FORMAT_INDEX_COUNT, POOL_TAG);
    if (indices == NULL)
        return false;
    palette_build_indices(given->palette, given->palette_count, indices);
    pixel_format_init_usual(&boot->format, 8);
    boot->format.indices = indices;
    return true;
}

static uint32_t mask_of(const uint8_t *position_and_length)
{
    unsigned position = position_and_length[0];
    unsigned length = position_and_length[1];
    if (length == 0 || length > 16 || position > 32 - length)
        return 0;
    return ((1u << length) - 1) << position;
}

static bool init_format(struct boot_screen *boot)
{
    const struct boot_framebuffer *given = &boot->given;
    return given->type == BOOT_FRAMEBUFFER_INDEXED
               ? init_indexed(boot)
               : pixel_format_init(&boot->format, given->bits, mask_of(given->colour_info),
                                   mask_of(given->colour_info + 2),
                                   mask_of(given->colour_info + 4));
}

static bool is_sane(const struct boot_framebuffer *given)
{
    return given->base != 0 && given->width != 0 && given->width <= RESOLUTION_MAX &&
           given->height != 0 && given->height <= RESOLUTION_MAX &&
           given->pitch_bytes >= given->width * ((given->bits + 7) / 8) &&
           given->pitch_bytes <= RESOLUTION_MAX * 4;
}

static VP_STATUS find(struct adapter *adapter, INTERFACE_TYPE bus)
{
    struct boot_screen *boot = (struct boot_screen *)(void *)adapter;
    if (bus == PCIBus || adapter_read_parameter(adapter, u"Framebuffer", &boot->given,
                                                sizeof boot->given) != sizeof boot->given)
        return ERROR_DEV_NOT_EXIST;
    if (!is_sane(&boot->given) || !init_format(boot))
        return ERROR_INVALID_PARAMETER;
    adapter->description.access = ASHLAR_ACCESS_NONE;
    adapter->description.memory_physical.QuadPart = (LONGLONG)boot->given.base;
    adapter->description.memory_bytes = boot->given.pitch_bytes * boot->given.height;
    return NO_ERROR;
}

static const struct adapter_class class = {
    .extension_bytes = sizeof(struct boot_screen),
    .find = find,
    .get_mode = get_mode,
    .lay_out = lay_out,
    .prepare = prepare,
    .program = program,
};

ULONG NTAPI boot_framebuffer_driver_entry(PVOID Context1, PVOID Context2)
{
    return adapter_enter(Context1, Context2, &class);
}
