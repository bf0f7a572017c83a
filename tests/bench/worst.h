#ifndef TESTS_BENCH_WORST_H
#define TESTS_BENCH_WORST_H

/* The slowest single call of a manager, in states that are meant to be hard for it. */

#include "worst_record.h"
#include "worst_steps.h"

#define WORST_REBUILDS 3

/*
 * Builds the state and probes it with so many random calls, WORST_REBUILDS times. `calls` has
 * WORST_KIND_COUNT elements. Ends the program if the manager is broken afterwards, as far as that
 * can be seen in a second.
 */
void worst_measure(const struct machine *machine, const struct steps *steps, size_t probe_count,
                   struct worst_call *calls);

/* The kind with the slowest call. */
enum worst_kind worst_slowest(const struct worst_call *calls);

/* What the call of that number was, of the state that was measured last. May build it once more. */
const char *worst_tell(const struct machine *machine, const struct steps *steps, size_t probe_count,
                       size_t number);

/* A machine by its name; NULL if there is none. */
const struct machine *worst_find_machine(const char *name);
const struct machine *worst_machine(size_t number);
size_t worst_machine_count(void);

/* The steps of a state of the table. */
const char *worst_state(size_t number);
size_t worst_state_count(void);

/* The part of `bench`: each state on each machine, then each kind of call. */
void worst_print_targets(void);

#endif
