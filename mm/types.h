#ifndef MM_TYPES_H
#define MM_TYPES_H

/*
 * The scalars of physical memory. Addresses and frame numbers are 64 bits wide on every target: a
 * 32-bit kernel still has to name RAM above 4 GiB, and 0xFD00000000 must not become 0.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * All of mm/ compiles as C11, and as C++ from C++17 on. Its headers keep C linkage, so that a
 * kernel in C++ may use objects compiled as C. If the two languages have different words for a
 * thing, it has one name here.
 */
#ifdef __cplusplus
#define MM_BEGIN_DECLS extern "C" {
#define MM_END_DECLS }
#define MM_NORETURN [[noreturn]]
#define MM_STATIC_ASSERT static_assert
#else
#define MM_BEGIN_DECLS
#define MM_END_DECLS
#define MM_NORETURN _Noreturn
#define MM_STATIC_ASSERT _Static_assert
#endif

/* Not inlined: code that seldom runs stays out of the functions that run all the time. */
#define MM_NOINLINE __attribute__((noinline))

/* Compiled to be small, because it never runs where time matters. */
#define MM_COLD __attribute__((cold))

/* Inlined into each caller, so that what the caller knows of the arguments costs nothing. */
#define MM_INLINE static inline __attribute__((always_inline))

typedef uint64_t phys_t; /* a physical address, in bytes */
typedef uint64_t pfn_t; /* a page frame number: physical address >> FRAME_SHIFT */

/* A frame has 2^FRAME_SHIFT bytes: 4 KiB, as x86 pages have, or up to 64 KiB, as the build says. */
#ifndef FRAME_SHIFT
#define FRAME_SHIFT 12
#endif
MM_STATIC_ASSERT(FRAME_SHIFT >= 12 && FRAME_SHIFT <= 16, "frames of 4 to 64 KiB");

#define FRAME_BYTES ((phys_t)1 << FRAME_SHIFT)

/* One past the last byte that any x86 can address (Intel SDM vol. 3A, 4.1.4: MAXPHYADDR <= 52). */
#define PHYS_LIMIT ((phys_t)1 << 52)

#define KIB ((phys_t)1 << 10)
#define MIB ((phys_t)1 << 20)
#define GIB ((phys_t)1 << 30)

/* Half-open ranges: [base, end) in bytes, [first, end) in frames. */
struct phys_range {
    phys_t base;
    phys_t end;
};

struct frame_range {
    pfn_t first;
    pfn_t end;
};

#endif
