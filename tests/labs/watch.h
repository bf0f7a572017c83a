#ifndef LABS_WATCH_H
#define LABS_WATCH_H

/*
 * Looks at the student's process from outside, through /proc (Linux manual page proc(5)). Memory is
 * what is resident: AddressSanitizer reserves terabytes of addresses, so these say nothing.
 */

#include <stddef.h>
#include <sys/types.h>

#define WATCH_MEMORY_BYTES ((size_t)256 << 20)

struct watch {
    pid_t process; /* 0: not looked for yet */
    unsigned used_milliseconds; /* computed by it, or slept while an answer was due */
    unsigned slept_milliseconds;
    size_t resident_bytes;
};

/* Looks at the youngest descendant of `sandbox`, `milliseconds` after the last look. */
void watch_look(struct watch *watch, pid_t sandbox, unsigned milliseconds);

#endif
