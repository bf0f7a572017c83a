#ifndef KERNEL_OPTIONS_BADRAM_H
#define KERNEL_OPTIONS_BADRAM_H

/*
 * The value of badram=: a list with commas between, in one of two forms.
 *
 *   ADDR,ADDR-ADDR,ADDR+SIZE     addresses and ranges, as memtest prints them here
 *   ADDR,MASK,ADDR,MASK          pairs, as Linux's BadRAM patch, memtest86+ and GRUB have them: all
 *                                addresses that agree with ADDR in the bits that MASK has set
 *
 * A list is pairs if each second item is surely a mask, which no address of RAM can be, and no ADDR
 * has a bit that its MASK has not. Surely a mask is a number with its top bits set: the upper 4 of
 * 32 bits (a PC has devices and firmware in the last 256 MiB below 4 GiB), or the upper 12 of 64 (no
 * memory has more than 52 bits). A mask of 32 bits means the first 4 GiB of an ADDR below it.
 *
 * Any other list is addresses. If a second item might be a mask all the same, a problem says so.
 */

#include "options.h"

/*
 * Adds the list to options->bad_memory. It is cut at its commas in place. What is wrong with one item
 * is noted among the problems, and costs that item only.
 */
void options_read_badram(struct options *options, char *list);

#endif
