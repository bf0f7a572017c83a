/* What mm/ wants of its host, as far as the bench calls it. */

#include "mm/port.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void mm_port_assert_failed(const char *expression, const char *file, int line)
{
    fprintf(stderr, "bench: assertion failed: %s, %s line %d\n", expression, file, line);
    abort();
}
