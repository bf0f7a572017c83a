/* Compares names without regard to case. */

#include "name.h"

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool name_begins(const char *text, const char *beginning)
{
    while (*beginning && fold(*text) == fold(*beginning)) {
        text++;
        beginning++;
    }
    return !*beginning;
}

bool name_is_same(const char *a, const char *b)
{
    return name_begins(a, b) && name_begins(b, a);
}
