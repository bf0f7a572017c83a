/*
 * Moves blocks of memory for the BIOS: what it reaches in any case, since it is mapped while the
 * BIOS is called, and what extended.c allows. Both sides are judged before a byte is moved.
 */

#include "extended.h"

#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"
#include "kernel/pc/panic.h"

#define STEP_BYTES 512

static void refuse(const struct extended_move *move, const char *what, const char *owner,
                   phys_t address)
{
    console_error("the BIOS may not move %u bytes from 0x%llx to 0x%llx: %s%s holds 0x%llx",
                  move->size_bytes, (number_t)move->from, (number_t)move->to, what, owner,
                  (number_t)address);
}

static bool is_open_to_bios(phys_t address)
{
    phys_t unused;
    return address < MIB && paging_translate((uintptr_t)address, &unused);
}

/* False, with a line that tells the first byte that somebody else holds. */
static bool may_have(const struct extended_move *move, phys_t base, const char *caller)
{
    phys_t end = base + move->size_bytes;
    struct mm_block block;
    for (phys_t at = base; at < end; at = (at | (FRAME_BYTES - 1)) + 1) {
        const char *owner =
            extended_find_holder(memory_map(), memory_manager(), at, caller, &block);
        if (owner && !is_open_to_bios(at)) {
            refuse(move, block.id == 0 ? "" : "a block of ", owner, at);
            return false;
        }
    }
    return true;
}

/* As `rep movsw` does: what a word overwrites, later ones may read. */
static void copy(const struct extended_move *move)
{
    uint8_t bytes[STEP_BYTES];
    bool overlaps = move->to > move->from && move->to - move->from < sizeof bytes;
    uint32_t step = overlaps ? 2 : sizeof bytes;
    uint32_t count;
    for (uint32_t done = 0; done < move->size_bytes; done += count) {
        phys_t to = move->to + done;
        count = move->size_bytes - done < step ? move->size_bytes - done : step;
        bool is_read = physical_read(NULL, move->from + done, bytes, count);
        bool is_written = physical_write(to, bytes, count, extended_is_memory(memory_map(), to));
        ASSERT(is_read && is_written);
    }
}

enum extended_status block_move(const uint8_t *table, uint16_t word_count, const char *caller)
{
    struct extended_move move;
    if (!table || !extended_read_table(table, word_count, &move)) {
        console_error("the BIOS may not move %u words: its descriptors are not of data segments "
                      "that hold them",
                      word_count);
        return EXTENDED_EXCEPTION;
    }
    if (!may_have(&move, move.from, caller) || !may_have(&move, move.to, caller))
        return EXTENDED_EXCEPTION;
    copy(&move);
    return EXTENDED_MOVED;
}
