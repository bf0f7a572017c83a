/* A boot loader's memory of any content, through a reader that keeps its contract and no more. */

#include "boot/boot_info.c"
#include "any.h"

#define LOADED_BYTES 4096

static unsigned char loaded[LOADED_BYTES];
static struct boot_info info;

/*@ assigns loaded[0 .. LOADED_BYTES - 1] \from \nothing;
    ensures \initialized(loaded + (0 .. LOADED_BYTES - 1)); */
extern void load_any(void);

/* Not one byte can be read behind those that were asked for. */
static const void *any_at(void *context, phys_t physical, uint64_t size_bytes)
{
    (void)context;
    (void)physical;
    if (any_int())
        return NULL;
    load_any();
    return loaded + LOADED_BYTES - (size_bytes < LOADED_BYTES ? size_bytes : LOADED_BYTES);
}

void prove_boot_info(uint32_t magic, uint32_t information)
{
    struct boot_memory memory = {any_at, NULL};
    boot_info_read(&info, magic, information, &memory);
    boot_info_has_file_name(&info);
}
