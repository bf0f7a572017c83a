#ifndef LABS_CRASH_H
#define LABS_CRASH_H

/* What a process that ended by itself died of, in words. */

#include <stdint.h>

#define CRASH_TEXT_MAX 320

/*
 * From its status, as from wait, and from what it printed. The text goes behind a function's
 * name.
 */
void crash_explain(int status, const char *said, char text[CRASH_TEXT_MAX]);

/* A system call that the filter refused, by its number, as "opens a file". */
void crash_name_call(uint32_t call, char text[CRASH_TEXT_MAX]);

#endif
