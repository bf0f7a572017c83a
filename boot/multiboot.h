#ifndef BOOT_MULTIBOOT_H
#define BOOT_MULTIBOOT_H

/*
 * What the boot loader leaves in memory, as the Multiboot specifications lay it out: version 0.6.96
 * (section 3.3) and version 2.0 (section 3.6). Everything is little-endian and at any alignment.
 */

#include <stddef.h>
#include <stdint.h>

#define MULTIBOOT1_LOADED 0x2BADB002u /* in EAX */
#define MULTIBOOT2_LOADED 0x36D76289u

/* ---- version 1 ------------------------------------------------------------------------------ */

#define MULTIBOOT1_HAS_MEMORY (1u << 0)
#define MULTIBOOT1_HAS_COMMAND_LINE (1u << 2)
#define MULTIBOOT1_HAS_MODULES (1u << 3)
#define MULTIBOOT1_HAS_MAP (1u << 6)
#define MULTIBOOT1_HAS_LOADER_NAME (1u << 9)
#define MULTIBOOT1_HAS_FRAMEBUFFER (1u << 12)

struct __attribute__((packed)) multiboot1_info {
    uint32_t flags;
    uint32_t mem_lower_kib;
    uint32_t mem_upper_kib;
    uint32_t boot_device;
    uint32_t command_line;
    uint32_t module_count;
    uint32_t modules;
    uint32_t symbols[4];
    uint32_t map_bytes;
    uint32_t map;
    uint32_t drives_bytes;
    uint32_t drives;
    uint32_t config_table;
    uint32_t loader_name;
    uint32_t apm_table;
    uint32_t vbe[4];
    uint64_t framebuffer;
    uint32_t framebuffer_pitch;
    uint32_t framebuffer_width;
    uint32_t framebuffer_height;
    uint8_t framebuffer_bits;
    uint8_t framebuffer_type;
    /*
     * Here the specification's table has six bytes of colours. Its own header file, which GRUB took
     * over, aligns them to 4 instead, and so they begin two bytes later, behind zeros.
     */
    uint8_t colours[8];
};
_Static_assert(sizeof(struct multiboot1_info) == 118, "Multiboot 0.6.96, 3.3");
_Static_assert(offsetof(struct multiboot1_info, colours) == 110, "Multiboot 0.6.96, 3.3");

struct __attribute__((packed)) multiboot1_module {
    uint32_t start;
    uint32_t end;
    uint32_t command_line;
    uint32_t reserved;
};
_Static_assert(sizeof(struct multiboot1_module) == 16, "Multiboot 0.6.96, 3.3");

/* entry_bytes does not count itself. */
struct __attribute__((packed)) multiboot1_map_entry {
    uint32_t entry_bytes;
    uint64_t base;
    uint64_t length_bytes;
    uint32_t type;
};
_Static_assert(sizeof(struct multiboot1_map_entry) == 24, "Multiboot 0.6.96, 3.3");

/* ---- version 2 ------------------------------------------------------------------------------ */

enum multiboot2_tag_type {
    MULTIBOOT2_END = 0,
    MULTIBOOT2_COMMAND_LINE = 1,
    MULTIBOOT2_LOADER_NAME = 2,
    MULTIBOOT2_MODULE = 3,
    MULTIBOOT2_MEMORY = 4,
    MULTIBOOT2_MAP = 6,
    MULTIBOOT2_FRAMEBUFFER = 8,
    MULTIBOOT2_ACPI_OLD = 14,
    MULTIBOOT2_ACPI_NEW = 15,
};

struct __attribute__((packed)) multiboot2_info {
    uint32_t total_bytes;
    uint32_t reserved;
};

struct __attribute__((packed)) multiboot2_tag {
    uint32_t type;
    uint32_t tag_bytes; /* with this header, without the padding to 8 */
};

struct __attribute__((packed)) multiboot2_module {
    struct multiboot2_tag tag;
    uint32_t start;
    uint32_t end; /* the command line follows */
};

struct __attribute__((packed)) multiboot2_memory {
    struct multiboot2_tag tag;
    uint32_t mem_lower_kib;
    uint32_t mem_upper_kib;
};

struct __attribute__((packed)) multiboot2_map {
    struct multiboot2_tag tag;
    uint32_t entry_bytes;
    uint32_t entry_version; /* the entries follow */
};

struct __attribute__((packed)) multiboot2_map_entry {
    uint64_t base;
    uint64_t length_bytes;
    uint32_t type;
    uint32_t reserved;
};
_Static_assert(sizeof(struct multiboot2_map_entry) == 24, "Multiboot 2.0, 3.6.8");

struct __attribute__((packed)) multiboot2_framebuffer {
    struct multiboot2_tag tag;
    uint64_t address;
    uint32_t pitch_bytes;
    uint32_t width;
    uint32_t height;
    uint8_t bits;
    uint8_t type;
    uint16_t reserved;
    union {
        uint8_t colour_info[6];
        uint16_t palette_count; /* as GRUB has it; the colours follow */
    };
};
_Static_assert(sizeof(struct multiboot2_framebuffer) == 38, "Multiboot 2.0, 3.6.12");

/* One colour of a palette, in either version. */
struct multiboot_colour {
    uint8_t red;
    uint8_t green;
    uint8_t blue;
};
_Static_assert(sizeof(struct multiboot_colour) == 3, "Multiboot 2.0, 3.6.12");

#endif
