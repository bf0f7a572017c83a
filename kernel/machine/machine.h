#ifndef KERNEL_MACHINE_H
#define KERNEL_MACHINE_H

/*
 * The machine that the shell and the memory view look at: the real one, or another that is
 * simulated beside it. A simulated machine is a firmware map and a manager of its own for what it
 * has free. Nothing of its memory is there, so nothing may be written to it,
 * and none of its blocks has a virtual address; the manager needs none of that.
 *
 *   real memory   | kernel | ... | a block of "machine": map, manager, records, tables | ...
 *                                           |
 *   simulated     0x0 ...... 1.5 TiB  <-----+   managed, and nothing more
 *
 * Everything else in this kernel goes on with memory_manager() and its pool.
 */

#include "boot/boot_info.h"
#include "map_text.h"
#include "mm/memmap.h"
#include "mm/pool.h"

#define MACHINE_OWNER "machine" /* of real blocks that hold a simulated machine */
#define MACHINE_GUEST_OWNER "guest" /* the same, while another machine is set aside */

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

/*
 * Sets the open machine aside, as it is, and goes to the real one. What is opened from now on is a
 * guest, until machine_take_back closes it and goes back to what was set aside. Not to be nested.
 */
void machine_set_aside(void);
void machine_take_back(void);

/* True from machine_set_aside until machine_take_back. */
bool machine_has_guest(void);

/* The name of what is simulated; NULL: nothing is, the machine that is open is the real one. */
const char *machine_simulated(void);

/* Of the machine that is open. */
struct memmap *machine_map(void);
struct mm *machine_manager(void);

/*
 * What the picture shows in the place of machine_manager(): a manager of the same map, as it was
 * at another time. NULL, as at the start and when another machine is opened: memory as it is.
 */
void machine_show(struct mm *past);

/* The manager that the picture shows. */
struct mm *machine_shown(void);

/* What maps the open machine's blocks; NULL if it is simulated. */
struct pool *machine_pool(void);

/* The most frames that a machine may have to be drawn frame by frame, as a stage. */
#define MACHINE_STAGE_ORDER_MAX 8

/* The smallest aligned block, of 2^order frames, that has all of a machine's memory. */
struct machine_stage {
    pfn_t first; /* frames are numbered from here, for people */
    unsigned order; /* at most MACHINE_STAGE_ORDER_MAX */
    void *memory; /* MACHINE_STAGE_BYTES for its picture; zeroed when the machine is opened */
};

#define MACHINE_STAGE_BYTES (20 * (size_t)KIB)

/* True if the open machine is simulated, and so small that such a block has its memory. */
bool machine_find_stage(struct machine_stage *stage);

/* The names that machine_open knows, behind "real"; NULL behind the last. */
const char *machine_word(size_t index);

/* Writes a line for each machine that there is, the real one first. */
void machine_list(void);

/* Writes that line for the machine that is open. */
void machine_describe(void);

/* ---- firmware maps (machine_catalog.c) ------------------------------------------------------- */

/*
 * The firmware maps of other machines: those that are built in (kernel/machine/machines.txt), and
 * those that came as modules of the boot loader, text files whose names end in .map or .e820:
 *
 *   module line                  machine
 *   /boot/my.map                 my
 *   /boot/my.map mine            mine
 */

#define MACHINE_NAME_MAX 23
#define MACHINE_REAL "real" /* no other may have this name */

/* A machine: a row of the table that tools/machines.py makes, or a module. */
struct machine_source {
    const char *name;
    const char *text; /* what is special about it */
    const struct map_entry *entries; /* its map, or */
    size_t entry_count;
    const struct boot_module *module; /* which has the map as text; NULL if there are entries */
};

extern const struct machine_source machines_shipped[];
extern const size_t machines_shipped_count;

/*
 * Learns which modules are maps. A name that is taken or too long costs that module, and is an
 * error on the log. *info is referred to from now on.
 */
void machine_catalog_init(const struct boot_info *info);

/* The index-th machine, built-in ones first. NULL behind the last. */
const struct machine_source *machine_catalog_at(size_t index);

/* NULL if there is none of that name. */
const struct machine_source *machine_catalog_find(const char *name);

/*
 * Reads the machine's map, rounds it, and leaves it without reservations. Of a module, lines that
 * are wrong are left out; with `tells`, each is an error on the log. False, with a line on the log,
 * if a module cannot be mapped.
 */
bool machine_catalog_read(const struct machine_source *source, bool tells, struct memmap *map);

#endif
