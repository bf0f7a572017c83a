/* Eva must refuse both: a read behind the end, and code that nothing reaches. */

#include "any.h"

static int numbers[4];

int read_behind(void)
{
    return numbers[any_up_to(4)];
}

static int read_never(size_t i)
{
    return numbers[i];
}

int reach_less(void)
{
    size_t i = any_up_to(3);
    return i < 4 ? numbers[i] : read_never(i);
}
