/* A wrong input for the prover: a call of a function that is declared only below. */

#include "any.h"

void prove_not_declared(void)
{
    claim(declared_below(1) == 1);
    REACHED();
}

static uint64_t declared_below(uint64_t value)
{
    return value;
}
