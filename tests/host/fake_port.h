#ifndef TESTS_HOST_FAKE_PORT_H
#define TESTS_HOST_FAKE_PORT_H

#include "mm/types.h"

#define FAKE_PORT_BASE ((uintptr_t)0x40000000)
#define FAKE_PORT_PAGES 4096

extern size_t fake_port_mapped_count;
extern size_t fake_port_map_limit; /* pages that can be mapped at a time */
extern bool fake_port_has_memory;  /* what mm_port_get_memory gives */

bool fake_port_is_mapped(uintptr_t virtual_address);

#endif
