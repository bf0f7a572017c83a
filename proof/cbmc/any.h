#ifndef PROOF_ANY_H
#define PROOF_ANY_H

/*
 * What all harnesses share. A function any_... returns any value of its type; the prover tries all
 * of them at once. `assume` leaves out the values for which a condition is false. `claim` is what
 * is proved.
 */

#include "mm/port.h"
#include "mm/types.h"

uint64_t nondet_any64(void);
uint32_t nondet_any32(void);
unsigned nondet_any(void);
bool nondet_bool(void);

#define any64 nondet_any64
#define any32 nondet_any32
#define any_number nondet_any
#define any_bool nondet_bool

#define assume(condition) __CPROVER_assume(condition)

/*
 * REACHED() stands at the end of each proof. The file is read twice: once to prove the claims, and
 * once, with REACH defined, to see that the end can be reached: there, it must fail. Else no input
 * would satisfy what is assumed.
 */
#ifdef REACH
#define claim(condition) ((void)(condition))
#define REACHED() __CPROVER_assert(0, "reached: the end")
#else
#define claim(condition) __CPROVER_assert(condition, #condition)
#define REACHED() ((void)0)
#endif

static inline uint64_t any_below(uint64_t limit)
{
    uint64_t value = any64();
    assume(value < limit);
    return value;
}

/* What one function of mm/ requires of another is a claim, too, where MM_COSTLY is defined. */
MM_NORETURN void mm_port_assert_failed(const char *expression, const char *file, int line)
{
    (void)expression, (void)file, (void)line;
#ifndef REACH
    __CPROVER_assert(0, "an assertion of mm holds");
#endif
    __CPROVER_assume(0);
}

#endif
