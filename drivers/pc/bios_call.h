#ifndef DRIVERS_BIOS_CALL_H
#define DRIVERS_BIOS_CALL_H

/* What a call of the BIOS is given and what it returns. */

#include <stdint.h>

/* What its code finds in the processor's registers, and leaves there. */
struct bios_registers {
    uint32_t eax, ebx, ecx, edx, esi, edi, ebp;
    uint16_t ds, es;
};

/* Memory below 1 MiB that it may touch: whole frames. */
struct bios_buffer {
    uint64_t base;
    uint64_t size_bytes;
};

#endif
