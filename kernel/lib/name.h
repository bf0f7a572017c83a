#ifndef KERNEL_NAME_H
#define KERNEL_NAME_H

/* Compares names in which the case of A to Z does not count: those of files and of drivers. */

#include <stdbool.h>

bool name_is_same(const char *a, const char *b);

/* True if the text begins with this. */
bool name_begins(const char *text, const char *beginning);

#endif
