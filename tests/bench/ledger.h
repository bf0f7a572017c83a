#ifndef TESTS_BENCH_LEDGER_H
#define TESTS_BENCH_LEDGER_H

/* What the ledger takes for a block, at the worst moment, and how long it looks for an id. */

void ledger_print_targets(void);

#endif
