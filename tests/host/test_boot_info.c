/*
 * What boot loaders may leave behind, and what must come of it. Each look at the loader's memory
 * gets a heap block of exactly the bytes that it asked for, so that a byte read too far is caught;
 * all are freed before anything is checked, so that a pointer into them is caught as well.
 *
 *   IMAGE_BASE
 *   | info or tags | strings, modules, map ... | out of reach
 */

#include "boot/boot_info.h"

#include <stdlib.h>
#include <string.h>

#include "boot/multiboot.h"
#include "test.h"

#define IMAGE_BASE 0x9000u
#define OUT_OF_REACH 0xFFFFFFF0u

#define NO_MEMORY "the boot loader told of no memory at all; Ashlar needs 2 MiB"
#define NO_REACH "the boot information is out of reach"
#define MAP_DAMAGED "the memory map ends in a damaged entry; the rest was left out"
#define MAP_CUT "the memory map ends within an entry"
#define TAG_DAMAGED "the boot information ends in a damaged tag; the rest was left out"
#define TAG_SHORT "a tag of the boot information is too short; it was left out"
#define LINE_CUT "the command line is longer than 4095 characters; the rest was left out"

static uint8_t image[160 * 1024];
static size_t image_bytes;
static struct boot_info info;
static struct multiboot1_info *const loader = (struct multiboot1_info *)(void *)image;
static struct multiboot2_info *const loader2 = (struct multiboot2_info *)(void *)image;

struct piece {
    struct piece *next;
    uint8_t bytes[];
};

static const void *copy_piece(struct piece **pieces, const void *bytes, uint64_t size_bytes)
{
    struct piece *piece = malloc(sizeof *piece + size_bytes);
    memcpy(piece->bytes, bytes, size_bytes);
    piece->next = *pieces;
    *pieces = piece;
    return piece->bytes;
}

/* Address 0 is memory as well, and a pointer that is 0 must not be taken for one to it. */
static const void *reach_at(void *context, phys_t physical, uint64_t size_bytes)
{
    static const char interrupt_vectors[16] = "no text at all";
    if (physical < sizeof interrupt_vectors)
        return size_bytes <= sizeof interrupt_vectors - physical
                   ? copy_piece(context, interrupt_vectors + physical, size_bytes)
                   : NULL;
    if (physical < IMAGE_BASE || physical - IMAGE_BASE > image_bytes ||
        size_bytes > image_bytes - (physical - IMAGE_BASE))
        return NULL;
    return copy_piece(context, image + (size_t)(physical - IMAGE_BASE), size_bytes);
}

static const char *read_at(uint32_t magic, uint32_t information)
{
    struct piece *pieces = NULL;
    struct boot_memory memory = {reach_at, &pieces};
    memset(&info, 0xA5, sizeof info);
    const char *refusal = boot_info_read(&info, magic, information, &memory);
    while (pieces) {
        struct piece *next = pieces->next;
        free(pieces);
        pieces = next;
    }
    return refusal;
}

/* Appends to the image; the result is the physical address of what was put. */
static uint32_t put(const void *bytes, size_t size_bytes)
{
    assert_true(size_bytes <= sizeof image - image_bytes);
    memcpy(image + image_bytes, bytes, size_bytes);
    image_bytes += size_bytes;
    return IMAGE_BASE + (uint32_t)(image_bytes - size_bytes);
}

static uint32_t put_text(const char *text)
{
    return put(text, strlen(text) + 1);
}

static uint32_t put_times(char character, size_t count)
{
    assert_true(count <= sizeof image - image_bytes);
    memset(image + image_bytes, character, count);
    image_bytes += count;
    return IMAGE_BASE + (uint32_t)(image_bytes - count);
}

static void expect_entry(size_t index, phys_t base, uint64_t length_bytes, uint32_t type)
{
    assert_true(index < info.map_count);
    assert_int_equal(info.map[index].base, base);
    assert_int_equal(info.map[index].length_bytes, length_bytes);
    assert_int_equal(info.map[index].type, type);
}

static void wrong_magic_is_refused(void **state)
{
    (void)state;
    put_times('\0', sizeof *loader);
    static const uint32_t magics[] = {0, 0x2BADB001, 0x1BADB002, 0x36D76288, UINT32_MAX};
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        assert_string_equal(read_at(magics[i], IMAGE_BASE),
                            "the kernel was not started by a multiboot loader");
}

/* ---- version 1 ------------------------------------------------------------------------------ */

/* Starts with an information structure that announces nothing. */
static int start_version1(void **state)
{
    (void)state;
    image_bytes = 0;
    put_times('\0', sizeof *loader);
    return 0;
}

static const char *read1(void)
{
    return read_at(MULTIBOOT1_LOADED, IMAGE_BASE);
}

static uint32_t put_entry1(uint32_t entry_bytes, phys_t base, uint64_t length_bytes, uint32_t type)
{
    struct multiboot1_map_entry entry = {entry_bytes, base, length_bytes, type};
    return put(&entry, sizeof entry);
}

/* Announces the map that begins at `map` and ends where the image does. */
static void announce_map(uint32_t map)
{
    loader->flags |= MULTIBOOT1_HAS_MAP;
    loader->map = map;
    loader->map_bytes = IMAGE_BASE + (uint32_t)image_bytes - map;
}

static void announce_small_map(void)
{
    announce_map(put_entry1(20, MIB, MIB, 1));
}

static void map1_is_copied(void **state)
{
    (void)state;
    uint32_t map = put_entry1(20, 0, 0x9FC00, 1);
    put_entry1(20, 0xFD00000000, 0x300000000, 2);
    announce_map(map);
    assert_null(read1());
    assert_int_equal(info.protocol, 1);
    assert_int_equal(info.map_count, 2);
    expect_entry(0, 0, 0x9FC00, 1);
    expect_entry(1, 0xFD00000000, 0x300000000, 2);
    assert_false(info.map_is_guessed);
    assert_null(info.warning);
}

/* Only the flags say which fields mean anything: without them the rest is not followed. */
static void fields_without_flag_are_not_followed(void **state)
{
    (void)state;
    announce_small_map();
    uint32_t flags = loader->flags;
    memset(loader, 0xFF, sizeof *loader);
    loader->flags = flags;
    loader->map = IMAGE_BASE + sizeof *loader;
    loader->map_bytes = 24;
    assert_null(read1());
    assert_int_equal(info.map_count, 1);
    assert_int_equal(info.module_count, 0);
    assert_string_equal(info.command_line, "");
    assert_string_equal(info.loader, "");
    assert_int_equal(info.framebuffer.base, 0);
    assert_null(info.warning);
}

static void information1_out_of_reach_is_refused(void **state)
{
    (void)state;
    announce_small_map();
    assert_string_equal(read_at(MULTIBOOT1_LOADED, 0), NO_REACH);
    assert_string_equal(read_at(MULTIBOOT1_LOADED, IMAGE_BASE - 1), NO_REACH);
    assert_string_equal(read_at(MULTIBOOT1_LOADED, OUT_OF_REACH), NO_REACH);
    image_bytes = sizeof *loader - 1;
    assert_string_equal(read1(), NO_REACH);
}

/*  | 20: entry | 24: entry, 4 bytes more | 20: entry |   each says how far the next one is */
static void entries1_are_as_long_as_they_say(void **state)
{
    (void)state;
    uint32_t map = put_entry1(20, 1 * MIB, MIB, 1);
    put_entry1(24, 2 * MIB, MIB, 3);
    put("\x01\0\0\0", 4);
    put_entry1(20, 3 * MIB, MIB, 4);
    announce_map(map);
    assert_null(read1());
    assert_int_equal(info.map_count, 3);
    expect_entry(1, 2 * MIB, MIB, 3);
    expect_entry(2, 3 * MIB, MIB, 4);
    assert_null(info.warning);
}

/* The last two would wrap a 32-bit offset back to the entry itself, or before it. */
static void impossible_entry1_length_ends_the_map(void **state)
{
    static const uint32_t lengths[] = {0, 1, 19, 21, 1000, 0x7FFFFFFF, 0xFFFFFFFC, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        start_version1(state);
        uint32_t map = put_entry1(20, MIB, MIB, 1);
        put_entry1(lengths[i], 2 * MIB, MIB, 1);
        announce_map(map);
        assert_null(read1());
        assert_int_equal(info.map_count, 1);
        assert_string_equal(info.warning, MAP_DAMAGED);
    }
}

static void map1_cut_within_an_entry_keeps_the_whole_ones(void **state)
{
    for (uint32_t cut_bytes = 1; cut_bytes < 24; cut_bytes++) {
        start_version1(state);
        uint32_t map = put_entry1(20, MIB, MIB, 1);
        put_entry1(20, 2 * MIB, MIB, 1);
        image_bytes -= cut_bytes;
        announce_map(map);
        assert_null(read1());
        assert_int_equal(info.map_count, 1);
        assert_string_equal(info.warning, MAP_CUT);
    }
}

static void map1_that_leaves_reach_keeps_what_was_there(void **state)
{
    (void)state;
    announce_small_map();
    loader->map_bytes += 24;
    assert_null(read1());
    assert_int_equal(info.map_count, 1);
    assert_string_equal(info.warning, MAP_DAMAGED);
    loader->map = OUT_OF_REACH;
    assert_string_equal(read1(), NO_MEMORY);
    assert_string_equal(info.warning, MAP_DAMAGED);
}

/*
 * 600 entries, every third usable; 512 places: no reserved one is lost while a usable one is there
 */
static void full_map_drops_usable_entries_first(void **state)
{
    (void)state;
    uint32_t map = IMAGE_BASE + (uint32_t)image_bytes;
    for (uint32_t i = 0; i < 600; i++)
        put_entry1(20, i * MIB, MIB, i % 3 ? 2 : 1);
    announce_map(map);
    assert_null(read1());
    assert_int_equal(info.map_count, BOOT_MAP_MAX);
    assert_int_equal(info.map_dropped, 88);
    bool present[600] = {false};
    for (size_t i = 0; i < info.map_count; i++)
        present[info.map[i].base / MIB] = true;
    for (size_t i = 0; i < 600; i++)
        assert_true(present[i] || i % 3 == 0);
}

/* With nothing usable to give up, the first 512 stay. */
static void full_map_of_reserved_entries_keeps_the_first(void **state)
{
    (void)state;
    uint32_t map = IMAGE_BASE + (uint32_t)image_bytes;
    for (uint32_t i = 0; i < 513; i++)
        put_entry1(20, i * MIB, MIB, 2);
    announce_map(map);
    assert_null(read1());
    assert_int_equal(info.map_dropped, 1);
    expect_entry(511, 511 * MIB, MIB, 2);
}

/*  |- mem_lower, 640 KiB at most -|   ...   1 MiB |- mem_upper ----|  */
static void map_is_guessed_from_the_two_amounts(void **state)
{
    (void)state;
    loader->flags = MULTIBOOT1_HAS_MEMORY;
    loader->mem_lower_kib = 639;
    loader->mem_upper_kib = 0x3FFBFF;
    assert_null(read1());
    assert_true(info.map_is_guessed);
    assert_int_equal(info.map_count, 2);
    expect_entry(0, 0, 639 * KIB, 1);
    expect_entry(1, MIB, 0x3FFBFF * KIB, 1);
}

static void guessed_low_memory_ends_at_640_kib(void **state)
{
    (void)state;
    static const uint32_t amounts[] = {640, 641, 1024, UINT32_MAX};
    loader->flags = MULTIBOOT1_HAS_MEMORY;
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        loader->mem_lower_kib = amounts[i];
        loader->mem_upper_kib = UINT32_MAX;
        assert_null(read1());
        expect_entry(0, 0, 640 * KIB, 1);
        expect_entry(1, MIB, UINT32_MAX * KIB, 1);
    }
}

static void guess_gives_way_to_any_map(void **state)
{
    (void)state;
    announce_small_map();
    loader->flags |= MULTIBOOT1_HAS_MEMORY;
    loader->mem_lower_kib = loader->mem_upper_kib = 1000;
    assert_null(read1());
    assert_false(info.map_is_guessed);
    assert_int_equal(info.map_count, 1);
    loader->map_bytes = 0;
    assert_null(read1());
    assert_true(info.map_is_guessed);
}

static void no_memory_at_all_is_refused(void **state)
{
    (void)state;
    assert_string_equal(read1(), NO_MEMORY);
    loader->mem_lower_kib = 640;
    assert_string_equal(read1(), NO_MEMORY);
    loader->flags = MULTIBOOT1_HAS_MEMORY;
    loader->mem_lower_kib = 0;
    assert_string_equal(read1(), NO_MEMORY);
    assert_false(info.map_is_guessed);
}

static void full_map_of_usable_entries_keeps_the_first(void **state)
{
    (void)state;
    uint32_t map = IMAGE_BASE + (uint32_t)image_bytes;
    for (uint32_t i = 0; i < 520; i++)
        put_entry1(20, i * MIB, MIB, 1);
    announce_map(map);
    assert_null(read1());
    assert_int_equal(info.map_dropped, 8);
    for (uint32_t i = 0; i < BOOT_MAP_MAX; i++)
        expect_entry(i, i * MIB, MIB, 1);
}

/* ---- modules and texts, version 1 ----------------------------------------------------------- */

static void put_module1(uint32_t start, uint32_t end, uint32_t command_line)
{
    struct multiboot1_module module = {start, end, command_line, 0};
    put(&module, sizeof module);
}

static void announce_modules(uint32_t modules, uint32_t count)
{
    loader->flags |= MULTIBOOT1_HAS_MODULES;
    loader->modules = modules;
    loader->module_count = count;
}

/* Overlapping and empty modules are the memory map's affair; an inverted one is nobody's. */
static void modules1_are_copied_but_inverted_ones(void **state)
{
    (void)state;
    announce_small_map();
    uint32_t text = put_text("font.psf 8x16");
    uint32_t modules = IMAGE_BASE + (uint32_t)image_bytes;
    put_module1(0x200000, 0x300000, text);
    put_module1(0x280000, 0x380000, 0);
    put_module1(0x300001, 0x300000, text);
    put_module1(0x400000, 0x400000, OUT_OF_REACH);
    announce_modules(modules, 4);
    assert_null(read1());
    assert_int_equal(info.module_count, 3);
    assert_int_equal(info.modules[0].base, 0x200000);
    assert_int_equal(info.modules[0].end, 0x300000);
    assert_string_equal(info.modules[0].command_line, "font.psf 8x16");
    assert_int_equal(info.modules[1].base, 0x280000);
    assert_string_equal(info.modules[1].command_line, "");
    assert_int_equal(info.modules[2].end, 0x400000);
    assert_string_equal(info.modules[2].command_line, "");
    assert_string_equal(info.warning, "a module ends before it begins; it was left out");
}

/* The 64 keep what is theirs: nothing is glued to the last one. */
static void modules_beyond_64_are_left_out(void **state)
{
    (void)state;
    announce_small_map();
    uint32_t modules = IMAGE_BASE + (uint32_t)image_bytes;
    for (uint32_t i = 0; i < 64; i++)
        put_module1(0x100000 + i * 0x1000, 0x100001 + i * 0x1000, 0);
    put_module1(0x80000, 0x80010, 0);
    put_module1(0x900000, 0x900001, 0);
    announce_modules(modules, 64);
    assert_null(read1());
    assert_int_equal(info.module_count, 64);
    assert_int_equal(info.module_dropped, 0);
    announce_modules(modules, 66);
    assert_null(read1());
    assert_int_equal(info.module_count, BOOT_MODULE_MAX);
    assert_int_equal(info.module_dropped, 2);
    assert_int_equal(info.modules[63].base, 0x13F000);
    assert_int_equal(info.modules[63].end, 0x13F001);
    assert_null(info.warning);
}

static void module_list1_ends_with_reach(void **state)
{
    (void)state;
    announce_small_map();
    uint32_t modules = IMAGE_BASE + (uint32_t)image_bytes;
    put_module1(0x1000, 0x2000, 0);
    put_module1(0x2000, 0x3000, 0);
    image_bytes--;
    announce_modules(modules, UINT32_MAX);
    assert_null(read1());
    assert_int_equal(info.module_count, 1);
    assert_string_equal(info.warning, "the list of modules is out of reach; the rest was left out");
}

static void module_line_is_cut_at_191_characters(void **state)
{
    (void)state;
    announce_small_map();
    uint32_t text = put_times('m', 300);
    uint32_t modules = IMAGE_BASE + (uint32_t)image_bytes;
    put_module1(0x1000, 0x2000, text);
    announce_modules(modules, 1);
    assert_null(read1());
    assert_int_equal(strlen(info.modules[0].command_line), BOOT_MODULE_LINE_MAX - 1);
}

static void command_line1_is_copied_up_to_4095_characters(void **state)
{
    static const size_t lengths[] = {0, 1, 4094, 4095, 4096, 64 * 1024};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        start_version1(state);
        announce_small_map();
        loader->flags |= MULTIBOOT1_HAS_COMMAND_LINE;
        loader->command_line = put_times('x', lengths[i]);
        put("", 1);
        assert_null(read1());
        bool fits = lengths[i] < BOOT_COMMAND_LINE_MAX;
        assert_int_equal(strlen(info.command_line), fits ? lengths[i] : BOOT_COMMAND_LINE_MAX - 1);
        if (fits)
            assert_null(info.warning);
        else
            assert_string_equal(info.warning, LINE_CUT);
    }
}

static void text1_without_end_ends_with_reach(void **state)
{
    (void)state;
    announce_small_map();
    loader->flags |= MULTIBOOT1_HAS_COMMAND_LINE | MULTIBOOT1_HAS_LOADER_NAME;
    loader->loader_name = OUT_OF_REACH;
    loader->command_line = put("trace", 5);
    assert_null(read1());
    assert_string_equal(info.command_line, "trace");
    assert_string_equal(info.loader, "");
}

static void loader_name1_is_cut_to_its_place(void **state)
{
    (void)state;
    announce_small_map();
    loader->flags |= MULTIBOOT1_HAS_LOADER_NAME;
    loader->loader_name = put_text("GRUB 2.06");
    assert_null(read1());
    assert_string_equal(info.loader, "GRUB 2.06");
    loader->loader_name = put_times('L', 200);
    assert_null(read1());
    assert_int_equal(strlen(info.loader), BOOT_NAME_MAX - 1);
    assert_null(info.warning);
}

static void framebuffer1_is_copied(void **state)
{
    (void)state;
    announce_small_map();
    loader->flags |= MULTIBOOT1_HAS_FRAMEBUFFER;
    loader->framebuffer = 0x1FD000000;
    loader->framebuffer_pitch = 4096;
    loader->framebuffer_width = 1024;
    loader->framebuffer_height = 768;
    loader->framebuffer_bits = 32;
    loader->framebuffer_type = 1;
    memcpy(loader->colours, "\x10\x08\x08\x08\x00\x08", 6);
    assert_null(read1());
    assert_int_equal(info.framebuffer.base, 0x1FD000000);
    assert_int_equal(info.framebuffer.pitch_bytes, 4096);
    assert_int_equal(info.framebuffer.width, 1024);
    assert_int_equal(info.framebuffer.height, 768);
    assert_int_equal(info.framebuffer.bits, 32);
    assert_int_equal(info.framebuffer.type, 1);
    assert_memory_equal(info.framebuffer.colour_info, "\x10\x08\x08\x08\x00\x08", 6);
}

static void colours_may_begin_two_bytes_later(void **state)
{
    (void)state;
    announce_small_map();
    loader->flags |= MULTIBOOT1_HAS_FRAMEBUFFER;
    loader->framebuffer_type = 1;
    memcpy(loader->colours, "\0\0\x10\x08\x08\x08\x00\x08", 8);
    assert_null(read1());
    assert_memory_equal(info.framebuffer.colour_info, "\x10\x08\x08\x08\x00\x08", 6);
}

static void announce_palette(uint32_t address, uint16_t count)
{
    announce_small_map();
    loader->flags |= MULTIBOOT1_HAS_FRAMEBUFFER;
    loader->framebuffer_type = 0;
    memcpy(loader->colours + 2, &address, 4);
    memcpy(loader->colours + 6, &count, 2);
}

static void palette1_is_copied(void **state)
{
    (void)state;
    announce_palette(put("\xFF\x80\x40\x01\x02\x03", 6), 2);
    assert_null(read1());
    assert_int_equal(info.framebuffer.palette_count, 2);
    assert_int_equal(info.framebuffer.palette[0], 0xFF8040);
    assert_int_equal(info.framebuffer.palette[1], 0x010203);
    assert_null(info.warning);
}

static void palette_out_of_reach_is_left_out(void **state)
{
    (void)state;
    announce_palette(0xF0000000, 16);
    assert_null(read1());
    assert_int_equal(info.framebuffer.palette_count, 0);
    assert_string_equal(info.warning, "the framebuffer's palette is out of reach");
    announce_palette(put_times('p', 768), 999);
    assert_null(read1());
    assert_int_equal(info.framebuffer.palette_count, BOOT_PALETTE_MAX);
}

/* ---- version 2 ------------------------------------------------------------------------------ */

static int start_version2(void **state)
{
    (void)state;
    image_bytes = 0;
    put_times('\0', sizeof *loader2);
    return 0;
}

/* Reads the image as it is, with total_bytes reaching to its end. */
static const char *read2(void)
{
    loader2->total_bytes = (uint32_t)image_bytes;
    return read_at(MULTIBOOT2_LOADED, IMAGE_BASE);
}

static void pad_to_8(void)
{
    while (image_bytes % 8)
        put("\xEE", 1);
}

/* A tag that claims tag_bytes and has content_bytes behind its header. */
static uint32_t put_raw_tag(uint32_t type, uint32_t tag_bytes, const void *content,
                            size_t content_bytes)
{
    pad_to_8();
    struct multiboot2_tag tag = {type, tag_bytes};
    uint32_t address = put(&tag, sizeof tag);
    put(content, content_bytes);
    return address;
}

static uint32_t put_tag(uint32_t type, const void *content, size_t content_bytes)
{
    return put_raw_tag(type, (uint32_t)(sizeof(struct multiboot2_tag) + content_bytes), content,
                       content_bytes);
}

/*
 * A map of entry_count entries at 1 MiB, 2 MiB, ..., entry_bytes apart, cut_bytes of the last
 * missing.
 */
static void put_map2(uint32_t entry_bytes, uint32_t entry_count, uint32_t cut_bytes)
{
    static uint8_t content[16384];
    uint32_t content_bytes = 8 + entry_bytes * entry_count;
    assert_true(content_bytes <= sizeof content);
    memset(content, 0xEE, content_bytes);
    memcpy(content, &entry_bytes, 4);
    for (uint32_t i = 0; i < entry_count; i++) {
        struct multiboot2_map_entry entry = {(i + 1) * MIB, MIB, i % 3 ? 2 : 1, 0};
        uint32_t room = entry_bytes < sizeof entry ? entry_bytes : (uint32_t)sizeof entry;
        memcpy(content + 8 + i * entry_bytes, &entry, room);
    }
    put_tag(MULTIBOOT2_MAP, content, content_bytes - cut_bytes);
}

static void put_end(void)
{
    put_tag(MULTIBOOT2_END, "", 0);
}

static void every_tag_is_copied(void **state)
{
    (void)state;
    put_tag(MULTIBOOT2_COMMAND_LINE, "video=text", 11);
    put_tag(MULTIBOOT2_LOADER_NAME, "GRUB 2.06", 10);
    put_tag(MULTIBOOT2_MODULE, "\0\0\x20\0\0\0\x30\0initrd", 15);
    put_tag(MULTIBOOT2_FRAMEBUFFER,
            "\0\0\0\xFD\x01\0\0\0\0\x10\0\0\0\x04\0\0\0\x03\0\0\x20\x01\0\0\x10\x08\x08\x08\0\x08",
            30);
    put_map2(24, 2, 0);
    put_end();
    assert_null(read2());
    assert_int_equal(info.protocol, 2);
    assert_string_equal(info.command_line, "video=text");
    assert_string_equal(info.loader, "GRUB 2.06");
    assert_int_equal(info.module_count, 1);
    assert_int_equal(info.modules[0].base, 0x200000);
    assert_int_equal(info.modules[0].end, 0x300000);
    assert_string_equal(info.modules[0].command_line, "initrd");
    assert_int_equal(info.framebuffer.base, 0x1FD000000);
    assert_int_equal(info.framebuffer.pitch_bytes, 4096);
    assert_int_equal(info.framebuffer.width, 1024);
    assert_int_equal(info.framebuffer.height, 768);
    assert_int_equal(info.framebuffer.bits, 32);
    assert_int_equal(info.framebuffer.type, 1);
    assert_memory_equal(info.framebuffer.colour_info, "\x10\x08\x08\x08\x00\x08", 6);
    assert_int_equal(info.map_count, 2);
    expect_entry(0, MIB, MIB, 1);
    expect_entry(1, 2 * MIB, MIB, 2);
    assert_null(info.warning);
}

/* As GRUB writes it: without colours, which text does not have. */
static void text_framebuffer2_needs_no_colours(void **state)
{
    (void)state;
    put_tag(MULTIBOOT2_FRAMEBUFFER,
            "\0\x80\x0B\0\0\0\0\0\xA0\0\0\0\x50\0\0\0\x19\0\0\0\x10\x02\0\0", 24);
    put_map2(24, 1, 0);
    put_end();
    assert_null(read2());
    assert_null(info.warning);
    assert_int_equal(info.framebuffer.base, 0xB8000);
    assert_int_equal(info.framebuffer.width, 80);
    assert_int_equal(info.framebuffer.type, 2);
}

/* The tag holds two colours, whatever their number says. */
static void palette2_is_copied_as_far_as_it_goes(void **state)
{
    static const uint16_t counts[] = {2, 200};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char tag[32] = "\0\0\x0A\0\0\0\0\0\x80\x02\0\0\x80\x02\0\0\xE0\x01\0\0\x08\0\0";
        memcpy(tag + 24, &counts[i], 2);
        memcpy(tag + 26, "\xFF\x80\x40\x01\x02\x03", 6);
        start_version2(NULL);
        put_tag(MULTIBOOT2_FRAMEBUFFER, tag, sizeof tag);
        put_map2(24, 2, 0);
        put_end();
        assert_null(read2());
        assert_int_equal(info.framebuffer.palette_count, 2);
        assert_int_equal(info.framebuffer.palette[1], 0x010203);
    }
}

/* But for tabs, which part words. */
static void what_cannot_be_printed_is_a_question_mark(void **state)
{
    (void)state;
    put_tag(MULTIBOOT2_COMMAND_LINE, "a\tb \x1b[2J\x07\x7f\xC3\xA4~", 14);
    put_tag(MULTIBOOT2_LOADER_NAME, "\x01\xFFGRUB\n", 8);
    put_tag(MULTIBOOT2_MODULE, "\0\0\x20\0\0\0\x30\0\x0E.sys", 14);
    put_map2(24, 2, 0);
    put_end();
    assert_null(read2());
    assert_string_equal(info.command_line, "a\tb ?[2J????~");
    assert_string_equal(info.loader, "??GRUB?");
    assert_string_equal(info.modules[0].command_line, "?.sys");
}

/* An indexed framebuffer's palette is not taken over by the one of the next tag. */
static void last_framebuffer2_counts_alone(void **state)
{
    (void)state;
    put_tag(MULTIBOOT2_FRAMEBUFFER,
            "\0\0\x0A\0\0\0\0\0\x80\x02\0\0\x80\x02\0\0\xE0\x01\0\0\x08\0\0\0"
            "\x01\0\xFF\x80\x40",
            29);
    put_tag(MULTIBOOT2_FRAMEBUFFER,
            "\0\0\0\xFD\x01\0\0\0\0\x10\0\0\0\x04\0\0\0\x03\0\0\x20\x01\0\0\x10\x08\x08\x08\0\x08",
            30);
    put_map2(24, 2, 0);
    put_end();
    assert_null(read2());
    assert_int_equal(info.framebuffer.base, 0x1FD000000);
    assert_int_equal(info.framebuffer.type, 1);
    assert_int_equal(info.framebuffer.palette_count, 0);
    assert_int_equal(info.framebuffer.palette[0], 0);
}

static void map2_that_ends_within_an_entry_warns(void **state)
{
    (void)state;
    put_map2(24, 3, 5);
    assert_null(read2());
    assert_int_equal(info.map_count, 2);
    assert_string_equal(info.warning, "the memory map ends within an entry");
}

static void information2_out_of_reach_is_refused(void **state)
{
    (void)state;
    put_map2(24, 1, 0);
    put_end();
    assert_null(read2());
    loader2->total_bytes++;
    assert_string_equal(read_at(MULTIBOOT2_LOADED, IMAGE_BASE), NO_REACH);
    loader2->total_bytes = UINT32_MAX;
    assert_string_equal(read_at(MULTIBOOT2_LOADED, IMAGE_BASE), NO_REACH);
    assert_string_equal(read_at(MULTIBOOT2_LOADED, 0), NO_REACH);
    image_bytes = 7;
    assert_string_equal(read2(), NO_REACH);
}

/* Totals that hold no whole tag: the tags behind them are there, and are not read. */
static void total_that_holds_no_tag_tells_of_no_memory(void **state)
{
    (void)state;
    put_map2(24, 1, 0);
    for (uint32_t total_bytes = 0; total_bytes < 16; total_bytes++) {
        loader2->total_bytes = total_bytes;
        assert_string_equal(read_at(MULTIBOOT2_LOADED, IMAGE_BASE), NO_MEMORY);
    }
}

/*  | map | a tag that cannot be | command line |  : where the third begins, nobody knows */
static void impossible_tag_length_ends_the_list(void **state)
{
    static const uint32_t lengths[] = {0, 1, 7, 1000, 0x7FFFFFFF, 0xFFFFFFF8, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        start_version2(state);
        put_map2(24, 1, 0);
        put_raw_tag(MULTIBOOT2_LOADER_NAME, lengths[i], "name", 5);
        put_tag(MULTIBOOT2_COMMAND_LINE, "trace", 6);
        assert_null(read2());
        assert_string_equal(info.warning, TAG_DAMAGED);
        assert_string_equal(info.loader, "");
        assert_string_equal(info.command_line, "");
    }
}

static void tags_begin_at_multiples_of_8(void **state)
{
    for (size_t length = 0; length < 17; length++) {
        start_version2(state);
        char content[32] = "0123456789ABCDEF";
        put_tag(99, content, length);
        put_tag(MULTIBOOT2_COMMAND_LINE, "trace", 6);
        put_map2(24, 1, 0);
        put_end();
        assert_null(read2());
        assert_string_equal(info.command_line, "trace");
        assert_int_equal(info.map_count, 1);
        assert_null(info.warning);
    }
}

/* The list may end with the total instead, even in the middle of padding or of a tag's header. */
static void missing_end_tag_is_no_harm(void **state)
{
    for (size_t rest = 0; rest < 8; rest++) {
        start_version2(state);
        put_map2(24, 1, 0);
        put_tag(MULTIBOOT2_COMMAND_LINE, "trace", 5);
        if (rest > 0)
            pad_to_8();
        put_times('\0', rest);
        assert_null(read2());
        assert_string_equal(info.command_line, "trace");
        assert_int_equal(info.map_count, 1);
    }
}

static void tags_behind_the_end_are_not_read(void **state)
{
    (void)state;
    put_map2(24, 1, 0);
    put_end();
    put_tag(MULTIBOOT2_COMMAND_LINE, "trace", 6);
    put_map2(24, 1, 0);
    assert_null(read2());
    assert_string_equal(info.command_line, "");
    assert_int_equal(info.map_count, 1);
}

static void tag_too_short_for_its_fields_is_left_out(void **state)
{
    static const struct {
        uint32_t type;
        size_t content_bytes;
    } tags[] = {{MULTIBOOT2_MODULE, 7}, {MULTIBOOT2_MODULE, 0},       {MULTIBOOT2_MEMORY, 7},
                {MULTIBOOT2_MAP, 7},    {MULTIBOOT2_FRAMEBUFFER, 29}, {MULTIBOOT2_FRAMEBUFFER, 0}};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        start_version2(state);
        put_map2(24, 1, 0);
        put_tag(tags[i].type, "01234567890123456789012345678", tags[i].content_bytes);
        assert_null(read2());
        assert_string_equal(info.warning, TAG_SHORT);
        assert_int_equal(info.module_count, 0);
        assert_int_equal(info.framebuffer.base, 0);
        assert_int_equal(info.map_count, 1);
    }
}

static void short_tag_does_not_hide_the_next(void **state)
{
    (void)state;
    put_tag(MULTIBOOT2_MODULE, "0123", 4);
    put_map2(24, 1, 0);
    assert_null(read2());
    assert_int_equal(info.map_count, 1);
    assert_string_equal(info.warning, TAG_SHORT);
}

static void entries2_are_as_long_as_the_map_says(void **state)
{
    static const uint32_t lengths[] = {24, 25, 32, 40};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        start_version2(state);
        put_map2(lengths[i], 3, 0);
        assert_null(read2());
        assert_int_equal(info.map_count, 3);
        expect_entry(2, 3 * MIB, MIB, 2);
        assert_null(info.warning);
    }
}

static void map2_of_short_entries_is_left_out(void **state)
{
    static const uint32_t lengths[] = {0, 1, 19, 20, 23};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        start_version2(state);
        put_map2(lengths[i], 3, 0);
        put_tag(MULTIBOOT2_MEMORY, "\x7F\x02\0\0\0\x10\0\0", 8);
        assert_null(read2());
        assert_true(info.map_is_guessed);
        assert_string_equal(info.warning,
                            "the memory map's entries are too short; it was left out");
    }
}

static void map2_of_huge_entries_has_none(void **state)
{
    static const uint32_t lengths[] = {49, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        start_version2(state);
        put_map2(24, 2, 0);
        memcpy(image + 16, &lengths[i], 4);
        assert_string_equal(read2(), NO_MEMORY);
    }
}

static void map2_cut_within_an_entry_keeps_the_whole_ones(void **state)
{
    for (uint32_t cut_bytes = 1; cut_bytes < 24; cut_bytes++) {
        start_version2(state);
        put_map2(24, 2, cut_bytes);
        assert_null(read2());
        assert_int_equal(info.map_count, 1);
        expect_entry(0, MIB, MIB, 1);
    }
}

static void full_map2_drops_usable_entries_first(void **state)
{
    (void)state;
    put_map2(24, 600, 0);
    assert_null(read2());
    assert_int_equal(info.map_count, BOOT_MAP_MAX);
    assert_int_equal(info.map_dropped, 88);
    size_t reserved_count = 0;
    for (size_t i = 0; i < info.map_count; i++)
        reserved_count += info.map[i].type == 2;
    assert_int_equal(reserved_count, 400);
}

/* The amounts stand before or behind other tags; they count only if there is no map. */
static void map2_is_guessed_from_the_two_amounts(void **state)
{
    (void)state;
    put_tag(MULTIBOOT2_MEMORY, "\xFF\xFF\0\0\0\x10\0\0", 8);
    put_end();
    assert_null(read2());
    assert_true(info.map_is_guessed);
    expect_entry(0, 0, 640 * KIB, 1);
    expect_entry(1, MIB, 4 * MIB, 1);
    start_version2(state);
    put_tag(MULTIBOOT2_MEMORY, "\xFF\xFF\0\0\0\x10\0\0", 8);
    put_map2(24, 1, 0);
    assert_null(read2());
    assert_false(info.map_is_guessed);
    assert_int_equal(info.map_count, 1);
}

static void no_memory_in_any_tag_is_refused(void **state)
{
    (void)state;
    put_tag(MULTIBOOT2_MEMORY, "\0\0\0\0\0\0\0\0", 8);
    put_tag(MULTIBOOT2_COMMAND_LINE, "trace", 6);
    put_end();
    assert_string_equal(read2(), NO_MEMORY);
    assert_string_equal(info.command_line, "trace");
}

/*  | header | t r a c e |  no NUL: the text ends with its tag, not in the padding */
static void text2_without_end_ends_with_its_tag(void **state)
{
    (void)state;
    put_map2(24, 1, 0);
    put_tag(MULTIBOOT2_COMMAND_LINE, "trace", 5);
    put_tag(MULTIBOOT2_LOADER_NAME, "GRUB", 4);
    put_tag(MULTIBOOT2_MODULE, "\0\0\x20\0\0\0\x30\0ini", 11);
    put_end();
    assert_null(read2());
    assert_string_equal(info.command_line, "trace");
    assert_string_equal(info.loader, "GRUB");
    assert_string_equal(info.modules[0].command_line, "ini");
}

static void empty_texts_are_empty(void **state)
{
    (void)state;
    put_map2(24, 1, 0);
    put_tag(MULTIBOOT2_COMMAND_LINE, "", 0);
    put_tag(MULTIBOOT2_LOADER_NAME, "", 0);
    put_tag(MULTIBOOT2_MODULE, "\0\0\x20\0\0\0\x30\0", 8);
    assert_null(read2());
    assert_string_equal(info.command_line, "");
    assert_string_equal(info.loader, "");
    assert_string_equal(info.modules[0].command_line, "");
}

static void command_line2_of_64_kib_is_cut(void **state)
{
    (void)state;
    static char text[64 * 1024];
    memset(text, 'x', sizeof text);
    put_map2(24, 1, 0);
    put_tag(MULTIBOOT2_COMMAND_LINE, text, sizeof text);
    assert_null(read2());
    assert_int_equal(strlen(info.command_line), BOOT_COMMAND_LINE_MAX - 1);
    assert_string_equal(info.warning, LINE_CUT);
}

static void modules2_beyond_64_are_left_out(void **state)
{
    (void)state;
    put_map2(24, 1, 0);
    put_tag(MULTIBOOT2_MODULE, "\x01\0\x20\0\0\0\x20\0inverted", 17);
    for (int i = 0; i < 64; i++)
        put_tag(MULTIBOOT2_MODULE, "\0\0\x20\0\0\0\x30\0same", 13);
    put_tag(MULTIBOOT2_MODULE, "\0\0\x40\0\0\0\x50\0last", 13);
    assert_null(read2());
    assert_int_equal(info.module_count, BOOT_MODULE_MAX);
    assert_int_equal(info.module_dropped, 1);
    assert_int_equal(info.modules[63].base, 0x200000);
    assert_int_equal(info.modules[63].end, 0x300000);
    assert_string_equal(info.modules[63].command_line, "same");
    assert_string_equal(info.warning, "a module ends before it begins; it was left out");
}

/*
 * The RSDP is copied; the newer one, which comes later, is preferred, and never more than it has.
 */
static void acpi_root_is_copied(void **state)
{
    (void)state;
    put_map2(24, 1, 0);
    assert_null(read2());
    assert_int_equal(info.acpi_root_bytes, 0);
    put_tag(MULTIBOOT2_ACPI_OLD, "RSD PTR 0123456789AB", 20);
    assert_null(read2());
    assert_int_equal(info.acpi_root_bytes, 20);
    assert_memory_equal(info.acpi_root, "RSD PTR 0123456789AB", 20);
    put_tag(MULTIBOOT2_ACPI_NEW, "RSD PTR 0123456789AB0123456789ABCDEF....", 40);
    assert_null(read2());
    assert_int_equal(info.acpi_root_bytes, 36);
    assert_memory_equal(info.acpi_root, "RSD PTR 0123456789AB0123456789ABCDEF", 36);
}

/* ---- anything at all ------------------------------------------------------------------------ */

static uint64_t random_state = 0x9E3779B97F4A7C15u;

static uint32_t next_random(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)(random_state * 0x2545F4914F6CDD1Du >> 32);
}

/* Small, near a number that matters, or anything: uniform numbers alone would hit no edge. */
static uint32_t odd_number(void)
{
    switch (next_random() % 4) {
    case 0:
        return next_random() % 64;
    case 1:
        return IMAGE_BASE + next_random() % 512;
    case 2:
        return UINT32_MAX - next_random() % 64;
    default:
        return next_random();
    }
}

static void damage_image(void)
{
    for (uint32_t count = next_random() % 8; count > 0; count--) {
        uint32_t number = odd_number();
        memcpy(image + next_random() % (image_bytes - 3), &number, 1 + next_random() % 4);
    }
    if (next_random() % 4 == 0)
        image_bytes -= next_random() % (image_bytes / 2);
}

static bool is_terminated(const char *text, size_t text_bytes)
{
    return memchr(text, '\0', text_bytes);
}

static void expect_sane(const char *refusal)
{
    assert_true(!refusal == (info.map_count > 0));
    assert_true(info.map_count <= BOOT_MAP_MAX && info.module_count <= BOOT_MODULE_MAX);
    assert_true(is_terminated(info.command_line, sizeof info.command_line));
    assert_true(is_terminated(info.loader, sizeof info.loader));
    for (size_t i = 0; i < info.module_count; i++) {
        assert_true(info.modules[i].base <= info.modules[i].end);
        assert_true(is_terminated(info.modules[i].command_line, BOOT_MODULE_LINE_MAX));
    }
    assert_true(info.acpi_root_bytes <= BOOT_ACPI_ROOT_MAX);
}

static void build_version1(void **state)
{
    start_version1(state);
    uint32_t map = put_entry1(20, MIB, MIB, 1);
    put_entry1(20, 2 * MIB, MIB, 2);
    announce_map(map);
    uint32_t text = put_text("text");
    uint32_t modules = IMAGE_BASE + (uint32_t)image_bytes;
    put_module1(0x1000, 0x2000, text);
    announce_modules(modules, 1);
    loader->flags = UINT32_MAX;
    loader->command_line = loader->loader_name = text;
}

static void build_version2(void **state)
{
    start_version2(state);
    static const uint8_t content[48] = {1};
    for (uint32_t count = next_random() % 6; count > 0; count--)
        put_tag(next_random() % 17, content, next_random() % sizeof content);
    put_map2(24, 2, 0);
    put_end();
    loader2->total_bytes = (uint32_t)image_bytes;
}

static void damaged_information_is_survived(void **state)
{
    size_t accepted = 0;
    for (int i = 0; i < 200000; i++) {
        bool is_first = next_random() % 2;
        if (is_first)
            build_version1(state);
        else
            build_version2(state);
        damage_image();
        const char *refusal = read_at(is_first ? MULTIBOOT1_LOADED : MULTIBOOT2_LOADED, IMAGE_BASE);
        expect_sane(refusal);
        accepted += !refusal;
    }
    assert_in_range(accepted, 20000, 180000);
}

static void random_bytes_are_survived(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        image_bytes = 1 + next_random() % 200;
        for (size_t j = 0; j < image_bytes; j++)
            image[j] = (uint8_t)(next_random() % 3 ? 0 : next_random());
        expect_sane(read_at(MULTIBOOT1_LOADED, IMAGE_BASE));
        expect_sane(read_at(MULTIBOOT2_LOADED, IMAGE_BASE));
    }
}

int main(void)
{
#define RULE1(rule) cmocka_unit_test_setup(rule, start_version1)
#define RULE2(rule) cmocka_unit_test_setup(rule, start_version2)
    const struct CMUnitTest tests[] = {
        RULE1(wrong_magic_is_refused),
        RULE1(map1_is_copied),
        RULE1(fields_without_flag_are_not_followed),
        RULE1(information1_out_of_reach_is_refused),
        RULE1(entries1_are_as_long_as_they_say),
        RULE1(impossible_entry1_length_ends_the_map),
        RULE1(map1_cut_within_an_entry_keeps_the_whole_ones),
        RULE1(map1_that_leaves_reach_keeps_what_was_there),
        RULE1(full_map_drops_usable_entries_first),
        RULE1(full_map_of_reserved_entries_keeps_the_first),
        RULE1(full_map_of_usable_entries_keeps_the_first),
        RULE1(map_is_guessed_from_the_two_amounts),
        RULE1(guessed_low_memory_ends_at_640_kib),
        RULE1(guess_gives_way_to_any_map),
        RULE1(no_memory_at_all_is_refused),
        RULE1(modules1_are_copied_but_inverted_ones),
        RULE1(modules_beyond_64_are_left_out),
        RULE1(module_list1_ends_with_reach),
        RULE1(module_line_is_cut_at_191_characters),
        RULE1(command_line1_is_copied_up_to_4095_characters),
        RULE1(text1_without_end_ends_with_reach),
        RULE1(loader_name1_is_cut_to_its_place),
        RULE1(framebuffer1_is_copied),
        RULE1(colours_may_begin_two_bytes_later),
        RULE1(palette1_is_copied),
        RULE1(palette_out_of_reach_is_left_out),
        RULE2(every_tag_is_copied),
        RULE2(text_framebuffer2_needs_no_colours),
        RULE2(palette2_is_copied_as_far_as_it_goes),
        RULE2(last_framebuffer2_counts_alone),
        RULE2(what_cannot_be_printed_is_a_question_mark),
        RULE2(map2_that_ends_within_an_entry_warns),
        RULE2(information2_out_of_reach_is_refused),
        RULE2(total_that_holds_no_tag_tells_of_no_memory),
        RULE2(impossible_tag_length_ends_the_list),
        RULE2(tags_begin_at_multiples_of_8),
        RULE2(missing_end_tag_is_no_harm),
        RULE2(tags_behind_the_end_are_not_read),
        RULE2(tag_too_short_for_its_fields_is_left_out),
        RULE2(short_tag_does_not_hide_the_next),
        RULE2(entries2_are_as_long_as_the_map_says),
        RULE2(map2_of_short_entries_is_left_out),
        RULE2(map2_of_huge_entries_has_none),
        RULE2(map2_cut_within_an_entry_keeps_the_whole_ones),
        RULE2(full_map2_drops_usable_entries_first),
        RULE2(map2_is_guessed_from_the_two_amounts),
        RULE2(no_memory_in_any_tag_is_refused),
        RULE2(text2_without_end_ends_with_its_tag),
        RULE2(empty_texts_are_empty),
        RULE2(command_line2_of_64_kib_is_cut),
        RULE2(modules2_beyond_64_are_left_out),
        RULE2(acpi_root_is_copied),
        RULE1(damaged_information_is_survived),
        RULE1(random_bytes_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
