#ifndef KERNEL_BLOCK_LINE_H
#define KERNEL_BLOCK_LINE_H

#include "mm/ledger.h"

/* Writes a block as `block id=... ...`, a line. */
void block_line_print(const struct mm_block *block);

#endif
