#ifndef BOOT_BOOT_INFO_H
#define BOOT_BOOT_INFO_H

/*
 * What the boot loader said, copied out of its memory and checked: after boot_info_read nothing
 * points there any more, but for the modules' own contents. In texts, what is neither printable
 * ASCII nor a tab is a question mark.
 */

#include "mm/types.h"

#define BOOT_MAP_MAX 512
#define BOOT_MODULE_MAX 64
#define BOOT_COMMAND_LINE_MAX 4096
#define BOOT_NAME_MAX 64
#define BOOT_MODULE_LINE_MAX 192
#define BOOT_PALETTE_MAX 256
#define BOOT_ACPI_ROOT_MAX 36 /* the RSDP of ACPI 2.0 and later */

struct boot_map_entry {
    phys_t base;
    uint64_t length_bytes;
    uint32_t type;
};

struct boot_module {
    phys_t base;
    phys_t end;
    char command_line[BOOT_MODULE_LINE_MAX];
};

/* A framebuffer's type, as both protocols number them. */
#define BOOT_FRAMEBUFFER_INDEXED 0
#define BOOT_FRAMEBUFFER_RGB 1
#define BOOT_FRAMEBUFFER_TEXT 2

struct boot_framebuffer {
    phys_t base; /* 0: the loader set none */
    uint32_t pitch_bytes;
    uint32_t width;
    uint32_t height;
    uint8_t bits;
    uint8_t type; /* as the loader gave it: it may be none of the above */
    uint8_t colour_info[6]; /* of RGB: position and length of red, green and blue */
    uint16_t palette_count; /* of indexed; 0: the loader gave none */
    uint32_t palette[BOOT_PALETTE_MAX]; /* 0x00RRGGBB */
};

struct boot_info {
    unsigned protocol; /* 1 or 2 */
    char loader[BOOT_NAME_MAX];
    char command_line[BOOT_COMMAND_LINE_MAX];
    struct boot_map_entry map[BOOT_MAP_MAX];
    size_t map_count;
    size_t map_dropped; /* entries beyond BOOT_MAP_MAX; usable ones are dropped first */
    bool map_is_guessed; /* no map: made up from mem_lower and mem_upper */
    struct boot_module modules[BOOT_MODULE_MAX];
    size_t module_count;
    size_t module_dropped; /* modules beyond BOOT_MODULE_MAX, whose memory is as any other */
    struct boot_framebuffer framebuffer;
    uint8_t acpi_root[BOOT_ACPI_ROOT_MAX]; /* the loader's copy of the RSDP */
    size_t acpi_root_bytes; /* 0: the loader gave none */
    const char *warning; /* what was odd, NULL: nothing */
};

/*
 * The loader's memory, as the reader may see it. Returns a pointer to size_bytes bytes at the
 * physical address, or NULL if any of them lies out of reach. Only these bytes are read, and only
 * until boot_info_read returns.
 */
struct boot_memory {
    const void *(*at)(void *context, phys_t physical, uint64_t size_bytes);
    void *context;
};

/*
 * Reads what EAX (`magic`) and EBX (`information`) announce. Returns NULL when a map was had, or
 * guessed; else a sentence that says why the system cannot start: the magic is no multiboot
 * loader's, the information is out of reach or too short, or it tells of no memory at all. What is
 * damaged but not needed is left out, and *info's warning says so.
 */
const char *boot_info_read(struct boot_info *info, uint32_t magic, uint32_t information,
                           const struct boot_memory *memory);

/*
 * True if this loader begins the command line with the kernel's file name. GRUB 2 does not, and
 * neither does a loader without a name, as emulators have it built in; QEMU, SYSLINUX, iPXE and
 * GRUB before 2 do, which all speak version 1 only.
 */
bool boot_info_has_file_name(const struct boot_info *info);

#endif
