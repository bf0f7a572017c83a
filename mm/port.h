#ifndef MM_PORT_H
#define MM_PORT_H

/*
 * What mm/ calls of the kernel it lives in: one function, for a caller's bug. All else it is given:
 * a manager's source of memory (mm.h), a pool's pages (pool.h).
 *
 * A compiler may also call what it may call in every freestanding program: memcpy,
 * memmove, memset and memcmp, and where the processor has no instruction to count zeros in 64 bits,
 * its own library's __ctzdi2 and __clzdi2 (libgcc). Nothing divides 64 bits.
 */

#include "types.h"

MM_BEGIN_DECLS

/* An assertion failed: a caller's bug. Reports it and does not return. */
MM_NORETURN void mm_port_assert_failed(const char *expression, const char *file, int line);

#define MM_ASSERT(expression)                                                                      \
    ((expression) ? (void)0 : mm_port_assert_failed(#expression, __FILE__, __LINE__))

/*
 * The same for what mm/'s own functions ask of each other: a run that is taken is free, a node that
 * is unlinked is linked. It is asked only where MM_COSTLY is defined, as in the host tests.
 * Elsewhere the expression is compiled and never evaluated, so it costs nothing. It must change
 * nothing.
 */
#ifdef MM_COSTLY
#define MM_ASSERT_COSTLY(expression) MM_ASSERT(expression)
#else
#define MM_ASSERT_COSTLY(expression) ((void)(false && (expression)))
#endif

MM_END_DECLS

#endif
