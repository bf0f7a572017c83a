#ifndef KERNEL_MAP_TEXT_H
#define KERNEL_MAP_TEXT_H

/*
 * A firmware's memory map as text, line by line, in any of these forms:
 *
 *   9fc00 400 2                                        base and length in hexadecimal, E820's type
 *   entry base=0x9fc00 bytes=0x400 type=2              from the command report
 *   region base=0x9fc00 end=0xa0000 ... kind=reserved  from the command map
 *   BIOS-e820: [mem 0x000000000009fc00-0x000000000009ffff] reserved           Linux, end inclusive
 *   BIOS-e820: [gap 0x00000000000a0000-0x00000000000effff]                    no entry
 *   BIOS-e820: 000000000009fc00 - 00000000000a0000 (reserved)                 Linux before 3.5
 *   BIOS-e820: 0000000000000400 @ 000000000009fc00 (reserved)                 Linux 2.4, size first
 *   BIOS-e801: BIOS-88: Xen: extended:                                        Linux, the same forms
 *   (XEN)  [000000000009fc00, 000000000009ffff] (reserved)                    Xen, end inclusive
 *   (XEN)  000000000009fc00 - 00000000000a0000 (reserved)                     older Xen
 *   SMAP type=02 base=000000000009fc00 len=0000000000000400                   FreeBSD
 *   addr 0x9fc00  size 0x400  type 0x2                                        NetBSD
 *   Region 1: type 2 at 0x9fc00 for 1KB                                       OpenBSD's loader
 *   pm 0000000000000000 - 000000000000009f                                    memtest86+, frames
 *
 * What follows a # is a comment. A text with a line of any form but the first is a log: there,
 * lines of no such form are passed over, and what stands before these forms in a line as well. In
 * any other text, a line that is not empty must be an entry: of the first form, with a number or a
 * kind's name as its type, or a range and a kind as above without what marks it.
 *
 * Where Xen's own table is, Linux's is one that Xen made for it, and is passed over; so is the
 * table under "Dom0 memory map:".
 *
 * A kind of memory that is not known is reserved. Byte order marks, UTF-16, colours and ends of
 * lines from Windows are read over. Of a line, the first 512 characters count.
 *
 * Nothing is made of the entries here, which may overlap or be empty: that is mm/memmap's work.
 */

#include "kernel/lib/piece.h"
#include "mm/types.h"

#define MAP_TEXT_VALUE_MAX 48
#define MAP_TEXT_LINE_MAX 512

struct map_text {
    const char *next;
    const char *end;
    size_t line; /* the number of the line that was read last, from 1 */
    bool is_log;
    bool is_hypervisors; /* a log with a hypervisor's table: others' tables are passed over */
    bool is_guests; /* the line is in a table that the hypervisor made for a guest */
    bool is_big_endian; /* of UTF-16 */
    size_t character_bytes; /* 1, or 2 in UTF-16 */
    char text[MAP_TEXT_LINE_MAX]; /* of that line */
};

struct map_entry {
    phys_t base;
    uint64_t length_bytes;
    uint32_t type; /* as memmap_add_entry has it */
};

/* To be told as: line N: "VALUE" TEXT. */
struct map_problem {
    size_t line;
    const char *text;
    char value[MAP_TEXT_VALUE_MAX + 1]; /* printable; ends in ".." where it was longer */
};

enum map_event {
    MAP_END,
    MAP_ENTRY,
    MAP_UNKNOWN, /* an entry of a kind that is not known: reserved */
    MAP_WRONG,
};

/* Begins with size_bytes bytes at `text`, which must stay; they may be anything. */
void map_text_start(struct map_text *map, const char *text, size_t size_bytes);

/*
 * Reads on to the next entry, or to the next line that is wrong. Only that line is lost. MAP_END
 * comes for ever once it has come. *entry changes on MAP_ENTRY and MAP_UNKNOWN only, *problem on
 * MAP_UNKNOWN and MAP_WRONG only.
 */
enum map_event map_text_next(struct map_text *map, struct map_entry *entry,
                             struct map_problem *problem);

/* ---- one line (map_text_forms.c) ------------------------------------------------------------- */

/*
 * One line of a map as text: in which of the forms of map_text.h it is, and what it says. Each form
 * is a row of a table; each kind of memory is one, too.
 */

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
