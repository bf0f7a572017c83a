#ifndef KERNEL_BIOS_H
#define KERNEL_BIOS_H

/* What the adapter's BIOS says of itself: the `bios` command. */
void bios_describe(void);

#endif
