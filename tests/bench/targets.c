/* How a target's line looks. It knows no workload. */

#include "targets.h"

#include <stdio.h>

#define LINE "%-34s %10s %10s  %-7s%s%s\n"

/* Three figures of a number that is not whole, or all before the point. */
static int places_of(double number)
{
    if (number >= 100 || number == (double)(long long)number)
        return 0;
    return number >= 10 ? 1 : number >= 1 ? 2 : 3;
}

static void print_number(char *text, size_t size_bytes, const char *sign, double number,
                         const char *unit)
{
    int places = places_of(number);
    snprintf(text, size_bytes, "%s%.*f%s%s", sign, places, number, *unit ? " " : "", unit);
}

static void print_text(const char *name, const char *limit, const char *text, const char *verdict,
                       const char *note)
{
    printf(LINE, name, limit, text, verdict, *note ? "  " : "", note);
    fflush(stdout);
}

static void print_line(const char *name, const char *limit, double figure, const char *unit,
                       const char *verdict, const char *note)
{
    char text[32];
    print_number(text, sizeof text, "", figure, unit);
    print_text(name, limit, text, verdict, note);
}

void targets_print_head(void)
{
    printf("\n" LINE, "target", "limit", "figure", "", "", "");
}

void targets_print(const char *name, double limit, double figure, const char *unit,
                   const char *note)
{
    char text[32];
    print_number(text, sizeof text, "<= ", limit, unit);
    print_line(name, text, figure, unit, figure <= limit ? "holds" : "MISSED", note);
}

void targets_print_skipped(const char *name, double limit, const char *note)
{
    char text[32];
    print_number(text, sizeof text, "<= ", limit, "");
    print_text(name, text, "-", "SKIPPED", note);
}

void targets_print_figure(const char *name, double figure, const char *unit, const char *note)
{
    print_line(name, "-", figure, unit, "", note);
}
