/* Writes the line in which commands and errors name a block. */

#include "block_line.h"

#include "kernel/log/console.h"
#include "mm/pool.h"

void block_line_print(const struct mm_block *block)
{
    console_print("block id=%llu physical=0x%llx end=0x%llx bytes=%llu frames=%llu",
                  (number_t)block->id, (number_t)block->base,
                  (number_t)(block->base + block->size_bytes), (number_t)block->size_bytes,
                  (number_t)((block->size_bytes + FRAME_BYTES - 1) >> FRAME_SHIFT));
    const void *address = pool_block_address(block);
    if (address)
        console_print(" virtual=%p owner=%s\n", address, block->owner);
    else
        console_print(" virtual=none owner=%s\n", block->owner);
}
