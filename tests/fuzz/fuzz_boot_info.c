/*
 * What a boot loader left: an input is memory from 0x9000 on, and its first byte says which protocol
 * and where in it the information begins. What is read out is bounded and terminated, whatever it was
 * read from.
 */

#include "boot/boot_info.h"
#include "fuzz.h"

#include <string.h>

#define MEMORY_BASE 0x9000u
#define MAGIC1 0x2BADB002u
#define MAGIC2 0x36D76289u

const char fuzz_name[] = "boot_info";
uint64_t fuzz_step_count;

struct memory {
    const uint8_t *bytes;
    size_t size_bytes;
};

static const void *at(void *context, phys_t physical, uint64_t size_bytes)
{
    const struct memory *memory = context;
    if (physical < MEMORY_BASE || physical - MEMORY_BASE > memory->size_bytes ||
        size_bytes > memory->size_bytes - (physical - MEMORY_BASE))
        return NULL;
    return memory->bytes + (physical - MEMORY_BASE);
}

static int is_text(const char *text, size_t size_bytes)
{
    return memchr(text, '\0', size_bytes) != NULL;
}

static const char *check(const struct boot_info *info)
{
    if (info->map_count == 0 || info->map_count > BOOT_MAP_MAX)
        return "there is no map, or more of it than there is room for";
    if (info->module_count > BOOT_MODULE_MAX)
        return "there are more modules than there is room for";
    if (!is_text(info->loader, sizeof info->loader) ||
        !is_text(info->command_line, sizeof info->command_line))
        return "a text has no end";
    for (size_t i = 0; i < info->module_count; i++)
        if (!is_text(info->modules[i].command_line, sizeof info->modules[i].command_line) ||
            info->modules[i].base > info->modules[i].end)
            return "a module has no end";
    if (info->framebuffer.palette_count > BOOT_PALETTE_MAX ||
        info->acpi_root_bytes > BOOT_ACPI_ROOT_MAX)
        return "a table is longer than there is room for";
    return NULL;
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    static struct boot_info info;
    struct memory memory = {data + 1, size_bytes - 1};
    const struct boot_memory reach = {at, &memory};
    if (size_bytes == 0)
        return NULL;
    fuzz_step_count++;
    uint32_t magic = data[0] & 1 ? MAGIC2 : MAGIC1;
    const char *why = boot_info_read(&info, magic, MEMORY_BASE + (data[0] >> 1) % 16 * 8, &reach);
    return why ? NULL : check(&info);
}
