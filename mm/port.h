#ifndef MM_PORT_H
#define MM_PORT_H

/*
 * The one function that mm/ calls in the kernel around it: it reports a caller's bug. Everything
 * else is passed to mm/: a manager's source of memory (mm.h), the functions for a pool's pages
 * (pool.h).
 *
 * The compiler may add calls, as in every freestanding program: to memcpy, memmove, memset and
 * memcmp. If the processor has no instruction that counts zeros in 64 bits, it may also call
 * __ctzdi2 and __clzdi2 of its own library (libgcc). mm/ divides no number of 64 bits.
 */

#include "types.h"

MM_BEGIN_DECLS

/* An assertion failed: a caller's bug. Reports it and does not return. */
MM_NORETURN void mm_port_assert_failed(const char *expression, const char *file, int line);

#define MM_ASSERT(expression)                                                                      \
    ((expression) ? (void)0 : mm_port_assert_failed(#expression, __FILE__, __LINE__))

/*
 * The same for what one function of mm/ requires of another: for example, a run that is taken must
 * be free. The expression is tested only if MM_COSTLY is defined, as in the host tests. Else it is
 * compiled and never evaluated, so it costs nothing. It must change nothing.
 */
#ifdef MM_COSTLY
#define MM_ASSERT_COSTLY(expression) MM_ASSERT(expression)
#else
#define MM_ASSERT_COSTLY(expression) ((void)(false && (expression)))
#endif

MM_END_DECLS

#endif
