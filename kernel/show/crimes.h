#ifndef KERNEL_CRIMES_H
#define KERNEL_CRIMES_H

#include <stdbool.h>

/*
 * What drivers and firmware do wrong, done on purpose: each crime is caught, reported in a line,
 * explained where its block is, and undone. The picture of it stays until display_release.
 */

/* Writes a line for each crime there is. */
void crimes_list(void);

/*
 * Commits a crime by its name, or, by the name "all", those that the system survives, one after the
 * other. False if there is none of that name.
 */
bool crimes_commit(const char *name);

#endif
