#ifndef KERNEL_CRIMES_H
#define KERNEL_CRIMES_H

#include <stdbool.h>

/* What drivers do wrong, done on purpose: each crime is caught, reported in a line, and undone. */

/* Writes a line for each crime there is. */
void crimes_list(void);

/* Commits a crime by its name. False if there is none of that name. */
bool crimes_commit(const char *name);

#endif
