#ifndef TESTS_HOST_FAKE_PORT_H
#define TESTS_HOST_FAKE_PORT_H

#include "mm/pool.h"
#include "mm/port.h"

#define FAKE_PORT_BASE ((uintptr_t)0x40000000)
#define FAKE_PORT_PAGES 4096

extern size_t fake_port_mapped_count;
extern size_t fake_port_map_limit; /* pages that can be mapped at a time */
extern bool fake_port_has_memory; /* what the source gives */

/* Memory from malloc. */
extern const struct mm_source fake_port_source;

/* "Page tables": an array. */
extern const struct pool_pages fake_port_pages;

/* Called at the start of each call to the source, as a host may that allocates its memory; or
   NULL. */
extern void (*fake_port_before_memory)(size_t size_bytes);

/* Called when an assertion of mm/ fails, and must not return; NULL: the program ends. */
extern void (*fake_port_on_assertion)(const char *expression, const char *file, int line);

/* Nothing mapped, no limits, no hooks; frees all that the source gave. */
void fake_port_reset(void);

bool fake_port_is_mapped(uintptr_t virtual_address);

/* The cache type of a page that is mapped. */
enum mm_cache fake_port_cache(uintptr_t virtual_address);

#endif
