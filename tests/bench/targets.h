#ifndef TESTS_BENCH_TARGETS_H
#define TESTS_BENCH_TARGETS_H

/* The second table: a line for each aim, with its limit, its figure, and whether it holds. */

void targets_print_head(void);

/* An aim is met when the figure is at most the limit. The note may be empty. */
void targets_print(const char *name, double limit, double figure, const char *unit,
                   const char *note);

/* An aim that cannot be measured here; the note says why. */
void targets_print_skipped(const char *name, double limit, const char *note);

/* A figure that has no limit. */
void targets_print_figure(const char *name, double figure, const char *unit, const char *note);

#endif
