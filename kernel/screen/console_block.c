/* A sixty-fourth of memory is little enough for text that nobody may ever read again. */

#include "console_block.h"

#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"

#define LARGEST_BYTES (256u << 10)
#define SMALLEST_BYTES (32u << 10)
#define SHARE 64

/* A power of two, as a ring wants it; 0: there is too little memory. */
static uint32_t choose_bytes(uint64_t memory_bytes)
{
    uint32_t bytes = LARGEST_BYTES;
    while (bytes > memory_bytes / SHARE)
        bytes /= 2;
    return bytes < SMALLEST_BYTES ? 0 : bytes;
}

void console_block_take(void)
{
    uint32_t bytes = choose_bytes(memory_manager()->buddy.frame_count << FRAME_SHIFT);
    struct mm_request request = {
        .size_bytes = bytes, .limit = paging_reach(), .owner = CONSOLE_BLOCK_OWNER};
    void *address;
    if (bytes > 0 && pool_alloc(memory_pool(), &request, MM_CACHED, NULL, &address) == MM_OK)
        console_keep_in(address, bytes);
}
