#ifndef KERNEL_MODULE_LINE_H
#define KERNEL_MODULE_LINE_H

/*
 * What a module of the boot loader is, by its command line. Its first word is its file's name,
 * whose ending, in any case, says what the file holds; words are as in command_line.h:
 *
 *   /drivers/kit.sys Crime=1      a driver, kit; what follows are its parameters
 *   /maps/my.map mine             a map, my; a word behind it is another name
 *   anything else                 nobody's
 */

#include "boot/boot_info.h"

enum module_kind { MODULE_OTHER, MODULE_MAP, MODULE_DRIVER };

struct module_line {
    enum module_kind kind;
    const char
        *name; /* the file's, without folders, and without its ending if that says something */
    char *rest; /* the words behind it, for command_line_take_word */
    char text[BOOT_MODULE_LINE_MAX]; /* that these two lie in */
};

/* Reads a module's command line, at most BOOT_MODULE_LINE_MAX bytes, which stay as they are. */
void module_line_read(struct module_line *line, const char *command_line);

#endif
