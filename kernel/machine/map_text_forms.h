#ifndef KERNEL_MAP_TEXT_FORMS_H
#define KERNEL_MAP_TEXT_FORMS_H

/*
 * One line of a map as text: in which of the forms of map_text.h it is, and what it says. Each form
 * is a row of a table; each kind of memory is one, too.
 */

#include "kernel/lib/piece.h"
#include "map_text.h"

/* What a line says. */
struct map_line {
    struct map_entry entry;
    const char *note; /* what is wrong or unknown; NULL: nothing */
    struct piece noted; /* the part of the line that the note is about */
};

/* Whose tables of a log count. */
enum map_tables {
    MAP_TABLES_ALL,
    MAP_TABLES_OF_HYPERVISOR,
};

/*
 * Reads a line of a log, without its comment. MAP_END if it is in none of the forms of the tables,
 * and so no entry. MAP_UNKNOWN sets both the entry, which is reserved, and the note.
 */
enum map_event map_line_read_log(struct map_line *line, struct piece text, enum map_tables tables);

/* True if the line heads a hypervisor's table; *is_guests: one that it made for a guest. */
bool map_line_heads_table(struct piece text, bool *is_guests);

/* The same for a line of a text that is no log. MAP_END if it is empty. */
enum map_event map_line_read_plain(struct map_line *line, struct piece text);

#endif
