#ifndef KERNEL_EXTENDED_H
#define KERNEL_EXTENDED_H

/*
 * Memory above 1 MiB, for 16-bit code: functions 87h (block move) and 88h (extended memory size) of
 * interrupt 15h. A BIOS does the first in protected mode, where it gets by `lgdt`; virtual-8086
 * mode forbids that, so the kernel does both in the BIOS's place.
 * (IBM Personal Computer AT Technical Reference, 1984, section 5, interrupt 15h; Ralf Brown's
 * Interrupt List 61, INT 15/AH=87h and INT 15/AH=88h.)
 */

#include "mm/memmap.h"
#include "mm/mm.h"

/* ---- what is asked for, and whether it may be (extended.c) ----------------------------------- */

#define EXTENDED_TABLE_BYTES 48
#define EXTENDED_WORDS_MAX 0x8000u

struct extended_move {
    phys_t from;
    phys_t to;
    uint32_t size_bytes;
};

/*
 * Reads the caller's table of six descriptors of 8 bytes: 10h the source's, 18h the target's, the
 * others for the BIOS to fill. False for more than EXTENDED_WORDS_MAX words, and if a descriptor is
 * none of a present data segment that holds so many words below 4 GiB, the target's a writable one:
 * there a BIOS gets an exception.
 */
bool extended_read_table(const uint8_t table[EXTENDED_TABLE_BYTES], uint16_t word_count,
                         struct extended_move *move);

/* True if the address is memory by the firmware's map, not a device's. */
bool extended_is_memory(const struct memmap *map, phys_t address);

/*
 * The name of the owner of the memory at an address, if this owner is not `caller`. The name lives
 * as long as the map and *block. *block is the owner's block, or has the id 0 if the owner has the
 * memory by the map. NULL: nobody owns the memory, or it is a device's.
 */
const char *extended_find_holder(const struct memmap *map, const struct mm *mm, phys_t address,
                                 const char *caller, struct mm_block *block);

/* How many KiB of memory there are from 1 MiB on without a hole: at most 15 MiB, since callers know
   addresses of 24 bits. */
uint16_t extended_size_kib(const struct memmap *map);

/* ---- the move (block_move.c) ----------------------------------------------------------------- */

enum extended_status { EXTENDED_MOVED = 0x00, EXTENDED_EXCEPTION = 0x02 }; /* in AH */

/*
 * Moves words as the table says (NULL: it is none of the caller's memory). Both sides must be
 * `caller`'s blocks, what the BIOS sees below 1 MiB, a device's or nobody's. Anything else is
 * refused with a line on the log, and nothing is moved. For a BIOS that is being called (v86.c).
 */
enum extended_status block_move(const uint8_t *table, uint16_t word_count, const char *caller);

#endif
