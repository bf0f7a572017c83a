#ifndef KERNEL_SYMBOLS_H
#define KERNEL_SYMBOLS_H

#include <stdint.h>

/*
 * The function that an address of the kernel's text lies in, and how far into it. NULL outside of
 * the text. The table is made from the linked kernel itself (tools/symbols.py).
 */
const char *symbols_find(uint32_t address, uint32_t *offset);

#endif
