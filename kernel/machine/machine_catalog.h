#ifndef KERNEL_MACHINE_CATALOG_H
#define KERNEL_MACHINE_CATALOG_H

/*
 * The firmware maps of other machines: those that are built in (kernel/machine/machines.txt), and
 * those that came as modules of the boot loader, text files whose names end in .map or .e820:
 *
 *   module line                  machine
 *   /boot/my.map                 my
 *   /boot/my.map mine            mine
 *
 * Knows maps alone: what is opened with them is machine.h's.
 */

#include "boot/boot_info.h"
#include "map_text.h"
#include "mm/memmap.h"

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
