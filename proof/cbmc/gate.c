/* False goals. If one of them were proved, no proof would mean anything. */

#include "any.h"

void prove_false_assertion(void)
{
    uint32_t a = any32();
    claim(a + 1 > a);
    REACHED();
}

void prove_overflow(void)
{
    unsigned shift = any_number();
    uint32_t word = 1u << shift;
    claim(word == 1u << shift);
    REACHED();
}

void prove_loop(void)
{
    unsigned count = 0;
    for (unsigned i = 0; i < 10; i++)
        count++;
    claim(count <= 10);
    REACHED();
}

uint32_t without_body(uint32_t value);

void prove_no_body(void)
{
    claim(without_body(1) == without_body(1) || true);
    REACHED();
}

void prove_contradiction(void)
{
    uint32_t a = any32();
    assume(a < 10);
    assume(a > 20);
    claim(a == 15);
    REACHED();
}
