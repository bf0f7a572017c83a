/*
 * Reads both multiboot protocols into one structure. Every length that the loader states is held
 * against what is there before it is followed. Allocates nothing, prints nothing, and reaches
 * memory through its caller alone, so that tests and fuzzers can hand it anything.
 */

#include "boot_info.h"

#include "kernel/lib/string.h"
#include "multiboot.h"

static const void *look(const struct boot_memory *memory, phys_t physical, uint64_t size_bytes)
{
    return memory->at(memory->context, physical, size_bytes);
}

static void warn(struct boot_info *info, const char *warning)
{
    if (!info->warning)
        info->warning = warning;
}

/* Texts end up on terminals, which control characters would control. */
static char printable(char character)
{
    bool is_text = (character >= ' ' && character <= '~') || character == '\t';
    return is_text ? character : '?';
}

/*
 * Copies at most size_bytes of text that ends with a NUL or with the memory. False if it was cut.
 */
static bool copy_text(char *to, size_t to_bytes, const struct boot_memory *memory, phys_t physical,
                      uint64_t size_bytes)
{
    size_t length = 0;
    for (; length < size_bytes; length++) {
        const char *character = look(memory, physical + length, 1);
        if (!character || *character == '\0')
            break;
        if (length >= to_bytes - 1) {
            to[to_bytes - 1] = '\0';
            return false;
        }
        to[length] = printable(*character);
    }
    to[length] = '\0';
    return true;
}

static void read_command_line(struct boot_info *info, const struct boot_memory *memory,
                              phys_t physical, uint64_t size_bytes)
{
    if (!copy_text(info->command_line, sizeof info->command_line, memory, physical, size_bytes))
        warn(info, "the command line is longer than 4095 characters; the rest was left out");
}

/* ---- the map -------------------------------------------------------------------------------- */

/* When there is no place left, a usable entry makes way for one that is not: losing RAM is safe. */
static void add_entry(struct boot_info *info, phys_t base, uint64_t length_bytes, uint32_t type)
{
    struct boot_map_entry entry = {base, length_bytes, type};
    if (info->map_count < BOOT_MAP_MAX) {
        info->map[info->map_count++] = entry;
        return;
    }
    info->map_dropped++;
    for (size_t i = BOOT_MAP_MAX; type != 1 && i > 0; i--) {
        if (info->map[i - 1].type == 1) {
            info->map[i - 1] = entry;
            return;
        }
    }
}

/* The low part ends at 640 KiB at most; the upper part begins at 1 MiB (Multiboot 0.6.96, 3.3). */
static void guess_map(struct boot_info *info, uint32_t lower_kib, uint32_t upper_kib)
{
    if (lower_kib == 0 && upper_kib == 0)
        return;
    info->map_is_guessed = true;
    add_entry(info, 0, (lower_kib < 640 ? lower_kib : 640) * KIB, 1);
    add_entry(info, MIB, upper_kib * KIB, 1);
}

static const char *require_map(const struct boot_info *info)
{
    return info->map_count > 0 ? NULL
                               : "the boot loader told of no memory at all; Ashlar needs 2 MiB";
}

/* ---- version 1 ------------------------------------------------------------------------------ */

/* Entries are as long as they say, which is 20 bytes behind their length or more. */
static void read_map1(struct boot_info *info, const struct boot_memory *memory, phys_t map,
                      uint32_t map_bytes)
{
    uint32_t offset = 0;
    while (map_bytes - offset >= sizeof(struct multiboot1_map_entry)) {
        const struct multiboot1_map_entry *entry = look(memory, map + offset, sizeof *entry);
        if (!entry || entry->entry_bytes < 20 || entry->entry_bytes > map_bytes - offset - 4) {
            warn(info, "the memory map ends in a damaged entry; the rest was left out");
            return;
        }
        add_entry(info, entry->base, entry->length_bytes, entry->type);
        offset += entry->entry_bytes + 4;
    }
    if (offset != map_bytes)
        warn(info, "the memory map ends within an entry");
}

static void add_module(struct boot_info *info, const struct boot_memory *memory, uint32_t start,
                       uint32_t end, phys_t text, uint64_t text_bytes)
{
    if (start > end) {
        warn(info, "a module ends before it begins; it was left out");
        return;
    }
    if (info->module_count >= BOOT_MODULE_MAX) {
        info->module_dropped++;
        return;
    }
    struct boot_module *module = &info->modules[info->module_count++];
    module->base = start;
    module->end = end;
    if (!copy_text(module->command_line, sizeof module->command_line, memory, text, text_bytes))
        warn(info, "a module's command line is longer than 63 characters; the rest was left out");
}

#define MODULES_BELIEVED_MAX 4096 /* a count beyond it is damage, and would take long to follow */

static void read_modules1(struct boot_info *info, const struct boot_memory *memory,
                          const struct multiboot1_info *loader)
{
    for (uint32_t i = 0; i < loader->module_count; i++) {
        if (i == MODULES_BELIEVED_MAX) {
            warn(info, "the boot loader tells of more than 4096 modules; the rest was left out");
            return;
        }
        phys_t address = loader->modules + (phys_t)i * sizeof(struct multiboot1_module);
        const struct multiboot1_module *module = look(memory, address, sizeof *module);
        if (!module) {
            warn(info, "the list of modules is out of reach; the rest was left out");
            return;
        }
        add_module(info, memory, module->start, module->end, module->command_line,
                   module->command_line ? BOOT_MODULE_LINE_MAX : 0);
    }
}

/* Without its palette, an indexed framebuffer is of no use, but everything else is. */
static void read_palette(struct boot_info *info, const struct boot_memory *memory, phys_t address,
                         uint32_t colour_count)
{
    uint32_t count = colour_count < BOOT_PALETTE_MAX ? colour_count : BOOT_PALETTE_MAX;
    uint32_t i = 0;
    for (; i < count; i++) {
        const struct multiboot_colour *colour =
            look(memory, address + i * sizeof *colour, sizeof *colour);
        if (!colour)
            break;
        info->framebuffer.palette[i] =
            (uint32_t)colour->red << 16 | (uint32_t)colour->green << 8 | colour->blue;
    }
    if (i == count && count > 0)
        info->framebuffer.palette_count = (uint16_t)count;
    else
        warn(info, "the framebuffer's palette is out of reach");
}

/* Red has a length. A palette at a multiple of 64 KiB would be mistaken, and is not met. */
static const uint8_t *colours_of(const struct multiboot1_info *loader)
{
    bool is_aligned = loader->colours[0] == 0 && loader->colours[1] == 0;
    return loader->colours + (is_aligned ? 2 : 0);
}

static void read_framebuffer1(struct boot_info *info, const struct boot_memory *memory,
                              const struct multiboot1_info *loader)
{
    const uint8_t *colours = colours_of(loader);
    info->framebuffer.base = loader->framebuffer;
    info->framebuffer.pitch_bytes = loader->framebuffer_pitch;
    info->framebuffer.width = loader->framebuffer_width;
    info->framebuffer.height = loader->framebuffer_height;
    info->framebuffer.bits = loader->framebuffer_bits;
    info->framebuffer.type = loader->framebuffer_type;
    memcpy(info->framebuffer.colour_info, colours, sizeof info->framebuffer.colour_info);
    if (loader->framebuffer_type == BOOT_FRAMEBUFFER_INDEXED) {
        uint32_t palette;
        uint16_t palette_count;
        memcpy(&palette, colours, sizeof palette);
        memcpy(&palette_count, colours + sizeof palette, sizeof palette_count);
        read_palette(info, memory, palette, palette_count);
    }
}

/*
 * Fields behind those that the flags announce need not be there, but all of the structure is RAM.
 */
static const char *read_version1(struct boot_info *info, const struct boot_memory *memory,
                                 phys_t information)
{
    const struct multiboot1_info *loader = look(memory, information, sizeof *loader);
    if (!loader)
        return "the boot information is out of reach";
    if (loader->flags & MULTIBOOT1_HAS_COMMAND_LINE)
        read_command_line(info, memory, loader->command_line, UINT32_MAX);
    if (loader->flags & MULTIBOOT1_HAS_LOADER_NAME)
        copy_text(info->loader, sizeof info->loader, memory, loader->loader_name, UINT32_MAX);
    if (loader->flags & MULTIBOOT1_HAS_MODULES)
        read_modules1(info, memory, loader);
    if (loader->flags & MULTIBOOT1_HAS_FRAMEBUFFER)
        read_framebuffer1(info, memory, loader);
    if (loader->flags & MULTIBOOT1_HAS_MAP)
        read_map1(info, memory, loader->map, loader->map_bytes);
    if (info->map_count == 0 && (loader->flags & MULTIBOOT1_HAS_MEMORY))
        guess_map(info, loader->mem_lower_kib, loader->mem_upper_kib);
    return require_map(info);
}

/* ---- version 2 ------------------------------------------------------------------------------ */

struct tag {
    phys_t address;
    uint32_t type;
    uint32_t size_bytes;
};

/* Its first bytes, so many; NULL, and a warning, if it has fewer. */
static const void *look_tag(struct boot_info *info, const struct boot_memory *memory,
                            struct tag tag, uint32_t size_bytes)
{
    const void *fields =
        tag.size_bytes >= size_bytes ? look(memory, tag.address, size_bytes) : NULL;
    if (!fields)
        warn(info, "a tag of the boot information is too short; it was left out");
    return fields;
}

static void read_map2(struct boot_info *info, const struct boot_memory *memory, struct tag tag)
{
    const struct multiboot2_map *map = look_tag(info, memory, tag, sizeof *map);
    if (!map)
        return;
    uint32_t entry_bytes = map->entry_bytes;
    if (entry_bytes < sizeof(struct multiboot2_map_entry)) {
        warn(info, "the memory map's entries are too short; it was left out");
        return;
    }
    uint32_t offset = sizeof *map;
    for (; tag.size_bytes - offset >= entry_bytes; offset += entry_bytes) {
        const struct multiboot2_map_entry *entry =
            look(memory, tag.address + offset, sizeof *entry);
        if (!entry)
            break;
        add_entry(info, entry->base, entry->length_bytes, entry->type);
    }
    if (offset != tag.size_bytes)
        warn(info, "the memory map ends within an entry");
}

static void read_module2(struct boot_info *info, const struct boot_memory *memory, struct tag tag)
{
    const struct multiboot2_module *module = look_tag(info, memory, tag, sizeof *module);
    if (module)
        add_module(info, memory, module->start, module->end, tag.address + sizeof *module,
                   tag.size_bytes - sizeof *module);
}

/* The colours lie in the tag, behind their number, which lies where an RGB framebuffer's masks
   do. */
static void read_palette2(struct boot_info *info, const struct boot_memory *memory, struct tag tag,
                          uint32_t colour_count)
{
    uint32_t offset = offsetof(struct multiboot2_framebuffer, palette_count) + sizeof(uint16_t);
    uint32_t room = (tag.size_bytes - offset) / sizeof(struct multiboot_colour);
    read_palette(info, memory, tag.address + offset, colour_count < room ? colour_count : room);
}

/*
 * Of several tags the last one counts, and nothing of those before it. Text has no colours, and
 * GRUB's tag for it ends where they would begin (2.0, 3.6.12).
 */
static void read_framebuffer2(struct boot_info *info, const struct boot_memory *memory,
                              struct tag tag)
{
    const struct multiboot2_framebuffer *fields =
        look_tag(info, memory, tag, offsetof(struct multiboot2_framebuffer, colour_info));
    bool has_colours = fields && fields->type != BOOT_FRAMEBUFFER_TEXT;
    if (has_colours)
        fields = look_tag(info, memory, tag, sizeof *fields);
    if (!fields)
        return;
    memset(&info->framebuffer, 0, sizeof info->framebuffer);
    info->framebuffer.base = fields->address;
    info->framebuffer.pitch_bytes = fields->pitch_bytes;
    info->framebuffer.width = fields->width;
    info->framebuffer.height = fields->height;
    info->framebuffer.bits = fields->bits;
    info->framebuffer.type = fields->type;
    if (has_colours)
        memcpy(info->framebuffer.colour_info, fields->colour_info, sizeof fields->colour_info);
    if (info->framebuffer.type == BOOT_FRAMEBUFFER_INDEXED)
        read_palette2(info, memory, tag, fields->palette_count);
}

/* The copy of a newer ACPI version comes later, and stays. */
static void read_acpi_root(struct boot_info *info, const struct boot_memory *memory, phys_t root,
                           uint32_t root_bytes)
{
    size_t size_bytes = 0;
    for (; size_bytes < BOOT_ACPI_ROOT_MAX && size_bytes < root_bytes; size_bytes++) {
        const uint8_t *byte = look(memory, root + size_bytes, 1);
        if (!byte)
            break;
        info->acpi_root[size_bytes] = *byte;
    }
    info->acpi_root_bytes = size_bytes;
}

struct basic_memory {
    uint32_t lower_kib;
    uint32_t upper_kib;
};

static void read_basic_memory(struct boot_info *info, const struct boot_memory *memory,
                              struct tag tag, struct basic_memory *basic)
{
    const struct multiboot2_memory *amounts = look_tag(info, memory, tag, sizeof *amounts);
    if (amounts)
        *basic = (struct basic_memory){amounts->mem_lower_kib, amounts->mem_upper_kib};
}

static void read_tag(struct boot_info *info, const struct boot_memory *memory, struct tag tag,
                     struct basic_memory *basic)
{
    phys_t text = tag.address + sizeof(struct multiboot2_tag);
    uint32_t text_bytes = tag.size_bytes - (uint32_t)sizeof(struct multiboot2_tag);
    switch (tag.type) {
    case MULTIBOOT2_COMMAND_LINE:
        read_command_line(info, memory, text, text_bytes);
        break;
    case MULTIBOOT2_LOADER_NAME:
        copy_text(info->loader, sizeof info->loader, memory, text, text_bytes);
        break;
    case MULTIBOOT2_MODULE:
        read_module2(info, memory, tag);
        break;
    case MULTIBOOT2_MEMORY:
        read_basic_memory(info, memory, tag, basic);
        break;
    case MULTIBOOT2_MAP:
        read_map2(info, memory, tag);
        break;
    case MULTIBOOT2_FRAMEBUFFER:
        read_framebuffer2(info, memory, tag);
        break;
    case MULTIBOOT2_ACPI_OLD:
    case MULTIBOOT2_ACPI_NEW:
        read_acpi_root(info, memory, text, text_bytes);
        break;
    default:
        break;
    }
}

static uint64_t round_up_to_8(uint32_t bytes)
{
    return ((uint64_t)bytes + 7) & ~(uint64_t)7;
}

/* A tag that claims more than is left ends the list: there is no telling where the next one is. */
static const char *read_version2(struct boot_info *info, const struct boot_memory *memory,
                                 phys_t information)
{
    const struct multiboot2_info *loader = look(memory, information, sizeof *loader);
    if (!loader || !look(memory, information, loader->total_bytes))
        return "the boot information is out of reach";
    uint64_t total_bytes = loader->total_bytes;
    uint64_t offset = sizeof *loader;
    struct basic_memory basic = {0};
    while (offset < total_bytes && total_bytes - offset >= sizeof(struct multiboot2_tag)) {
        const struct multiboot2_tag *head = look(memory, information + offset, sizeof *head);
        if (!head || head->type == MULTIBOOT2_END)
            break;
        struct tag tag = {information + offset, head->type, head->tag_bytes};
        if (tag.size_bytes < sizeof *head || tag.size_bytes > total_bytes - offset) {
            warn(info, "the boot information ends in a damaged tag; the rest was left out");
            break;
        }
        read_tag(info, memory, tag, &basic);
        offset += round_up_to_8(tag.size_bytes);
    }
    if (info->map_count == 0)
        guess_map(info, basic.lower_kib, basic.upper_kib);
    return require_map(info);
}

const char *boot_info_read(struct boot_info *info, uint32_t magic, uint32_t information,
                           const struct boot_memory *memory)
{
    memset(info, 0, sizeof *info);
    if (magic == MULTIBOOT1_LOADED) {
        info->protocol = 1;
        return read_version1(info, memory, information);
    }
    if (magic == MULTIBOOT2_LOADED) {
        info->protocol = 2;
        return read_version2(info, memory, information);
    }
    return "the kernel was not started by a multiboot loader";
}

bool boot_info_has_file_name(const struct boot_info *info)
{
    return info->protocol == 1 && info->loader[0] && strncmp(info->loader, "GRUB 2", 6) != 0;
}
