#ifndef BOCHS_H
#define BOCHS_H

/*
 * The miniport's device extension and what its files share: bochs.c is the class, bochs_find.c
 * looks for the adapter, bochs_mode.c programs it.
 */

#include "drivers/video/adapter/adapter.h"
#include "vga_text.h"

struct bochs {
    struct adapter adapter; /* first: the video port's extension is the adapter */
    bool has_vga; /* and its registers, at the well-known ports */
    bool has_all_depths; /* not 16 and 32 alone */
    PUCHAR mmio; /* NULL: registers are reached by ports */
    struct vga_text text;
};

static inline struct bochs *bochs_of(struct adapter *adapter)
{
    return (struct bochs *)(void *)adapter;
}

static inline const struct bochs *bochs_of_const(const struct adapter *adapter)
{
    return (const struct bochs *)(const void *)adapter;
}

USHORT bochs_read_dispi(const struct bochs *bochs, USHORT index);
void bochs_write_dispi(const struct bochs *bochs, USHORT index, USHORT value);

/* The class's `find`. */
VP_STATUS bochs_find(struct adapter *adapter, INTERFACE_TYPE bus);

/* Finds out whether the adapter has all depths: QEMU's bochs-display has but two, and no way to ask
   for its limits. */
bool bochs_has_all_depths(const struct bochs *bochs);

/* How many pixels a line takes in video memory. QEMU ends when it draws one whose bytes are not a
   multiple of 4. */
static inline ULONG bochs_line_pixels(const struct ashlar_mode *mode)
{
    return (mode->width + 1) & ~1u;
}

/* Programs a mode, which clears video memory, and returns its stride. 0 if the adapter did not take
   it; what it shows then is undefined. */
ULONG bochs_program_mode(const struct bochs *bochs, const struct ashlar_mode *mode);

/* Shows the lines from `line` on. False if the adapter will not. */
bool bochs_show_line(const struct bochs *bochs, ULONG line);

#endif
