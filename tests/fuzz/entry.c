/* A target for libFuzzer: what is wrong ends the process, and libFuzzer keeps the input. */

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes)
{
    const char *broken = fuzz_one(data, size_bytes);
    if (!broken)
        return 0;
    fprintf(stderr, "%s: %s\n", fuzz_name, broken);
    abort();
}
