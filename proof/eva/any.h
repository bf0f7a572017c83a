#ifndef PROOF_EVA_ANY_H
#define PROOF_EVA_ANY_H

/*
 * What the harnesses for Eva share. Eva runs a harness with ranges of values in place of values. A
 * function any_... returns all values that its contract allows.
 */

#include <stddef.h>
#include <stdint.h>

/*@ assigns \result \from \nothing; */
extern int any_int(void);

/*@ assigns \result \from \nothing; */
extern uint64_t any64(void);

/*@ assigns \result \from \nothing;
    ensures 0 <= \result <= most; */
extern size_t any_up_to(size_t most);

#endif
