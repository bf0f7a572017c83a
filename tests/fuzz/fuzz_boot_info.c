/*
 * What a boot loader left: an input is memory, and its first byte says with which magic, where that
 * memory lies, and where in it the information begins.
 *
 *   bit 0      0 Multiboot 1, 1 Multiboot 2
 *   bits 1-4   the information's place, in 8 bytes from the memory's start
 *   bit 5      0 memory begins at 0x9000, 1 it ends at 4 GiB
 *   bit 6      1 the input is repeated until there are 16 KiB of it, or 72 KiB below 4 GiB: more
 *              entries of a map, longer texts, and more modules than are believed
 *   bit 7      1 magic and place are words of the input instead, in front of the memory
 *
 * What is read out is bounded and terminated, and nothing is read that was not asked for: memory is
 * poisoned until the reader looks at it.
 */

#define _GNU_SOURCE /* memmem */

#include "boot/boot_info.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size_bytes) ((void)(address), (void)(size_bytes))
#define ASAN_UNPOISON_MEMORY_REGION(address, size_bytes) ((void)(address), (void)(size_bytes))
#endif

#define LOW_BASE 0x9000u
#define LOW_BYTES ((size_t)16 * 1024)
#define HIGH_BYTES ((size_t)72 * 1024)
#define LOOKS_MAX 1000000u /* 4096 modules with their texts, and some */
#define MAGIC1 0x2BADB002u
#define MAGIC2 0x36D76289u

const char fuzz_name[] = "boot_info";
uint64_t fuzz_step_count;

static struct {
    phys_t base;
    uint8_t *bytes;
    size_t size_bytes;
    size_t look_count;
} memory;

static const void *at(void *context, phys_t physical, uint64_t size_bytes)
{
    (void)context;
    memory.look_count++;
    if (physical < memory.base || physical - memory.base > memory.size_bytes ||
        size_bytes > memory.size_bytes - (physical - memory.base))
        return NULL;
    uint8_t *found = memory.bytes + (physical - memory.base);
    ASAN_UNPOISON_MEMORY_REGION(found, (size_t)size_bytes);
    return found;
}

static bool fill_memory(const uint8_t *data, size_t size_bytes, bool is_high, bool is_repeated)
{
    size_t repeated_bytes = is_high ? HIGH_BYTES : LOW_BYTES;
    bool grows = is_repeated && size_bytes > 0 && size_bytes < repeated_bytes;
    memory.size_bytes = grows ? repeated_bytes : size_bytes;
    memory.bytes = malloc(memory.size_bytes + 1);
    memory.base = is_high ? 4 * GIB - memory.size_bytes : LOW_BASE;
    memory.look_count = 0;
    for (size_t i = 0; memory.bytes && i < memory.size_bytes; i += size_bytes) {
        size_t left_bytes = memory.size_bytes - i;
        memcpy(memory.bytes + i, data, left_bytes < size_bytes ? left_bytes : size_bytes);
    }
    return memory.bytes;
}

/* ---- the map once more, counted by hand ------------------------------------------------------ */

static bool read32(uint64_t physical, uint32_t *value)
{
    bool is_there = physical >= memory.base && memory.size_bytes >= 4 &&
                    physical - memory.base <= memory.size_bytes - 4;
    if (is_there)
        memcpy(value, memory.bytes + (physical - memory.base), 4);
    return is_there;
}

static bool is_there(uint64_t physical, uint64_t size_bytes)
{
    return physical >= memory.base && physical + size_bytes <= memory.base + memory.size_bytes;
}

/* Entries of 24 bytes or more, each behind the length of what follows it. */
static size_t count_map1(uint64_t information)
{
    uint32_t flags, map_bytes, map, entry_bytes;
    size_t count = 0;
    if (!read32(information, &flags) || !(flags & 1u << 6) ||
        !read32(information + 44, &map_bytes) || !read32(information + 48, &map))
        return 0;
    for (uint64_t at = map, map_end = at + map_bytes; at + 24 <= map_end; count++) {
        if (!is_there(at, 24) || !read32(at, &entry_bytes) || entry_bytes < 20 ||
            at + 4 + entry_bytes > map_end)
            break;
        at += 4 + (uint64_t)entry_bytes;
    }
    return count;
}

/* Tags at multiples of 8 bytes, of type and length; of type 6, as many entries as fit. */
static size_t count_map2(uint64_t information)
{
    uint32_t total_bytes, type, tag_bytes, entry_bytes;
    size_t count = 0;
    if (!read32(information, &total_bytes))
        return 0;
    uint64_t last = information + total_bytes;
    for (uint64_t at = information + 8; at + 8 <= last; at += ((uint64_t)tag_bytes + 7) / 8 * 8) {
        if (!read32(at, &type) || !read32(at + 4, &tag_bytes) || type == 0 || tag_bytes < 8 ||
            at + tag_bytes > last)
            break;
        if (type == 6 && tag_bytes >= 16 && read32(at + 8, &entry_bytes) && entry_bytes >= 24)
            count += (tag_bytes - 16) / entry_bytes;
    }
    return count;
}

/* ---- rules ---------------------------------------------------------------------------------- */

static bool is_text(const char *text, size_t size_bytes)
{
    size_t length = 0;
    while (length < size_bytes &&
           (text[length] == '\t' || (text[length] >= ' ' && text[length] <= '~')))
        length++;
    return length < size_bytes && text[length] == '\0';
}

static const char *check_guess(const struct boot_info *info)
{
    bool is_so = info->map_count == 2 && info->map[0].base == 0 &&
                 info->map[0].length_bytes <= 640 * KIB && info->map[1].base == MIB &&
                 info->map[1].length_bytes < 4096 * GIB && info->map[0].type == 1 &&
                 info->map[1].type == 1;
    return is_so ? NULL : "a map was made up that is not two pieces";
}

/* Every entry stands somewhere in memory, base, length and type side by side, as it was read. */
static const char *check_map(const struct boot_info *info, uint32_t information)
{
    size_t count = info->protocol == 1 ? count_map1(information) : count_map2(information);
    if (info->map_count == 0 || info->map_count > BOOT_MAP_MAX)
        return "there is no map, or more of it than there is room for";
    if (info->map_dropped && info->map_count < BOOT_MAP_MAX)
        return "an entry was dropped while there was room";
    if (info->map_is_guessed)
        return count == 0 ? check_guess(info) : "a map was made up though there is one";
    if (info->map_count + info->map_dropped != count)
        return "the map has more entries or fewer than memory holds";
    for (size_t i = 0; i < info->map_count; i += 1 + info->map_count / 32) {
        uint8_t entry[20];
        memcpy(entry, &info->map[i].base, 8);
        memcpy(entry + 8, &info->map[i].length_bytes, 8);
        memcpy(entry + 16, &info->map[i].type, 4);
        if (!memmem(memory.bytes, memory.size_bytes, entry, sizeof entry))
            return "an entry of the map is not in memory";
    }
    return NULL;
}

static const char *check_modules(const struct boot_info *info)
{
    if (info->module_count > BOOT_MODULE_MAX)
        return "there are more modules than there is room for";
    if (info->module_dropped && info->module_count < BOOT_MODULE_MAX)
        return "a module was dropped while there was room";
    for (size_t i = 0; i < info->module_count; i++)
        if (!is_text(info->modules[i].command_line, sizeof info->modules[i].command_line) ||
            info->modules[i].base > info->modules[i].end)
            return "a module has no end, or a text that cannot be printed";
    return NULL;
}

static const char *check_rest(const struct boot_info *info)
{
    if (!is_text(info->loader, sizeof info->loader) ||
        !is_text(info->command_line, sizeof info->command_line))
        return "a text has no end, or cannot be printed";
    if (info->framebuffer.palette_count > BOOT_PALETTE_MAX ||
        info->acpi_root_bytes > BOOT_ACPI_ROOT_MAX)
        return "a table is longer than there is room for";
    if (info->framebuffer.palette_count && info->framebuffer.type != 0)
        return "a framebuffer has a palette, and no use for it";
    for (size_t i = 0; i < BOOT_PALETTE_MAX; i++)
        if (info->framebuffer.palette[i] > 0xFFFFFF)
            return "a colour is none";
    return NULL;
}

static const char *check(const struct boot_info *info, uint32_t magic, uint32_t information,
                         const char *why)
{
    bool is_known = magic == MAGIC1 || magic == MAGIC2;
    ASAN_UNPOISON_MEMORY_REGION(memory.bytes, memory.size_bytes);
    if (memory.look_count > LOOKS_MAX)
        return "it takes too long";
    if (!is_known)
        return why && memory.look_count == 0 ? NULL : "memory is read for the wrong magic";
    if (info->protocol != (magic == MAGIC2 ? 2 : 1))
        return "the protocol is not the magic's";
    const char *broken = why ? NULL : check_map(info, information);
    if (why && info->map_count > 0)
        return "there is a map, and yet it does not start";
    if (!broken)
        broken = check_modules(info);
    return broken ? broken : check_rest(info);
}

static uint32_t read_dword(struct fuzz_input *input)
{
    uint32_t low = fuzz_word(input);
    return low | fuzz_word(input) << 16;
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    static struct boot_info info;
    static const struct boot_memory reach = {at, NULL};
    struct fuzz_input input = {data, data + size_bytes};
    uint32_t control = fuzz_byte(&input);
    uint32_t magic = control & 1 ? MAGIC2 : MAGIC1;
    uint32_t place = (control >> 1 & 15) * 8;
    if (control & 0x80) {
        magic = read_dword(&input);
        place = read_dword(&input);
    }
    if (!fill_memory(input.next, (size_t)(input.end - input.next), control & 0x20, control & 0x40))
        return "no memory";
    uint32_t information = control & 0x80 ? place : (uint32_t)memory.base + place;
    fuzz_step_count++;
    ASAN_POISON_MEMORY_REGION(memory.bytes, memory.size_bytes);
    const char *why = boot_info_read(&info, magic, information, &reach);
    const char *broken = check(&info, magic, information, why);
    free(memory.bytes);
    return broken;
}
