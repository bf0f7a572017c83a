#ifndef KERNEL_MACHINE_H
#define KERNEL_MACHINE_H

/*
 * The machine that the shell and the memory view look at: the real one, or another that is
 * simulated beside it. A simulated machine is a firmware map (machine_catalog.h) and a manager of
 * its own for what it has free. Nothing of its memory is there, so nothing may be written to it,
 * and none of its blocks has a virtual address; the manager needs none of that.
 *
 *   real memory   | kernel | ... | a block of "machine": map, manager, records, tables | ...
 *                                           |
 *   simulated     0x0 ...... 1.5 TiB  <-----+   managed, and nothing more
 *
 * Everything else in this kernel goes on with memory_manager() and its pool.
 */

#include "machine_catalog.h"
#include "mm/pool.h"

#define MACHINE_OWNER "machine" /* of real blocks that hold a simulated machine */

/* Reads the maps that came as modules, and tells on the log what is wrong with them. */
void machine_init(const struct boot_info *info);

/*
 * Opens the machine of that name in place of the one that is open. False, with a line on the log,
 * if there is none, if its map has nothing to manage, or if there is no room for its tables; the
 * one that is open stays so.
 */
bool machine_open(const char *name);

/* Goes back to the real machine. All that the simulated one took of it is free again. */
void machine_close(void);

/* The name of what is simulated; NULL: nothing is, the machine that is open is the real one. */
const char *machine_simulated(void);

/* Of the machine that is open. */
struct memmap *machine_map(void);
struct mm *machine_manager(void);

/* What maps the open machine's blocks; NULL if it is simulated. */
struct pool *machine_pool(void);

/* Writes a line for each machine that there is, the real one first. */
void machine_list(void);

/* Writes that line for the machine that is open. */
void machine_describe(void);

#endif
