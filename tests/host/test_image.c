/*
 * The loader of driver binaries: a small one loads at any base; and each field that does not hold
 * is named in a sentence of its own.
 */

#include "tiny_image.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "test.h"

static uint8_t file[TINY_IMAGE_BYTES];
static uint8_t *memory;
static struct image image;
static char why[IMAGE_WHY_MAX];

static char reported[8192]; /* sentences, each with its driver before it and a line end behind */

static uintptr_t resolve(const char *library, const char *function, const char **reason)
{
    *reason = function ? "there is no such function" : "there is none here";
    if (!function)
        return strcmp(library, "VIDEOPRT.SYS") == 0;
    assert_string_equal(library, "VIDEOPRT.SYS");
    return strcmp(function, "VideoPortInitialize") == 0   ? 0x11111111
           : strcmp(function, "VideoPortZeroMemory") == 0 ? 0x22222222
                                                          : 0;
}

static void report(const char *name, const char *sentence)
{
    size_t length = strlen(reported);
    snprintf(reported + length, sizeof reported - length, "%s: %s\n", name, sentence);
}

static const struct image_binder binder = {resolve, report, "tiny"};

static int open_file(void **state)
{
    (void)state;
    reported[0] = '\0';
    tiny_image_make(file);
    memory = NULL;
    why[0] = '\0';
    return 0;
}

static int close_file(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

static bool load(uint32_t base)
{
    free(memory);
    memory = malloc(image.size_bytes);
    assert_non_null(memory);
    return image_load(&image, memory, base, &binder, why);
}

static uint32_t at(uint32_t rva)
{
    uint32_t value;
    memcpy(&value, memory + rva, sizeof value);
    return value;
}

static void image_is_read(void **state)
{
    (void)state;
    assert_true(image_read(&image, file, sizeof file, why));
    assert_int_equal(image.size_bytes, 0x5000);
    assert_int_equal(image.entry, 0x1020);
    assert_int_equal(image.section_count, 4);
    assert_int_equal(image_page_rights(&image, 0), IMAGE_READ);
    assert_int_equal(image_page_rights(&image, 1), IMAGE_READ | IMAGE_EXECUTE);
    assert_int_equal(image_page_rights(&image, 2), IMAGE_READ | IMAGE_WRITE);
    assert_int_equal(image_page_rights(&image, 3), IMAGE_READ);
    assert_int_equal(image_page_rights(&image, 5), 0);
}

static void image_is_loaded_at_any_base(void **state)
{
    (void)state;
    static const uint32_t bases[] = {TINY_IMAGE_BASE, 0x53be7000, 0x1000, 0xFFFF0000};
    assert_true(image_read(&image, file, sizeof file, why));
    for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
        assert_true(load(bases[i]));
        assert_int_equal(at(0x1010), bases[i] + 0x2004);
        assert_int_equal(at(0x3040), 0x11111111);
        assert_int_equal(at(0x3044), 0x22222222);
        assert_memory_equal(memory + 0x2000, "data", 4);
        for (uint32_t rva = 0x2080; rva < 0x3000; rva++)
            assert_int_equal(memory[rva], 0);
        assert_memory_equal(memory, file, TINY_TEXT);
    }
}

/* Old linkers put sections 32 bytes apart: a page may be used for all that any of them wants. */
static void sections_may_share_a_page(void **state)
{
    (void)state;
    tiny_put32(file, TINY_OPTIONAL + offsetof(struct pe_optional_header, section_align), 0x20);
    tiny_put32(file, TINY_SECTIONS + 40 + offsetof(struct pe_section, rva), 0x1100);
    assert_true(image_read(&image, file, sizeof file, why));
    assert_int_equal(image_page_rights(&image, 1), IMAGE_READ | IMAGE_WRITE | IMAGE_EXECUTE);
    assert_int_equal(image_page_rights(&image, 2), 0);
}

static void image_may_import_nothing(void **state)
{
    (void)state;
    tiny_put32(file, TINY_DIRECTORIES + 8 * PE_DIRECTORY_IMPORTS, 0);
    assert_true(image_read(&image, file, sizeof file, why));
    assert_true(load(0x1000));
    assert_int_equal(at(0x3040), 0x3060);
}

/* Tables bound beforehand have addresses where names were; the other table still has the names. */
static void names_come_from_their_own_table(void **state)
{
    (void)state;
    tiny_put32(file, TINY_IMPORTS + 0x40, 0xDEADBEEF);
    assert_true(image_read(&image, file, sizeof file, why));
    assert_true(load(0x1000));
    assert_int_equal(at(0x3040), 0x11111111);
    tiny_image_make(file);
    tiny_put32(file, TINY_IMPORTS, 0); /* and where there is none, from the only one */
    assert_true(image_read(&image, file, sizeof file, why));
    assert_true(load(0x1000));
    assert_int_equal(at(0x3044), 0x22222222);
}

struct damage {
    size_t offset;
    unsigned size_bytes;
    uint32_t value;
    const char *why;
};

#define FILE_HEADER(field) TINY_PE + offsetof(struct pe_file_header, field)
#define OPTIONAL(field) TINY_OPTIONAL + offsetof(struct pe_optional_header, field)
#define DIRECTORY(index, field) TINY_DIRECTORIES + 8 * (index) + offsetof(struct image_range, field)
#define SECTION(index, field) TINY_SECTIONS + 40 * (index) + offsetof(struct pe_section, field)

static const struct damage damaged_headers[] = {
    {0, 2, 0x4D5B, "the first word is 0x4d5b: a driver begins with MZ (0x5a4d)"},
    {60, 4, 0x4F0, "e_lfanew is 0x4f0: points past the end of the file"},
    {60, 4, 0xFFFFFFFF, "e_lfanew is 0xffffffff: points past the end of the file"},
    {FILE_HEADER(signature), 4, 0x454E, "the PE signature is 0x454e: this is no PE file"},
    {FILE_HEADER(machine), 2, 0x8664, "Machine is 0x8664: only i386 (0x14c) can be run here"},
    {FILE_HEADER(section_count), 2, 0, "NumberOfSections is 0x0: 1 to 32 are taken"},
    {FILE_HEADER(section_count), 2, 33, "NumberOfSections is 0x21: 1 to 32 are taken"},
    {FILE_HEADER(section_count), 2, 32,
     "section : VirtualAddress is 0x0: overlaps what lies before it"},
    {FILE_HEADER(optional_header_bytes), 2, 95, "SizeOfOptionalHeader is 0x5f: too small"},
    {FILE_HEADER(optional_header_bytes), 2, 0xFFFF,
     "SizeOfOptionalHeader is 0xffff: the file ends inside the header"},
    {FILE_HEADER(optional_header_bytes), 2, 100,
     "NumberOfRvaAndSizes is 0x10: more directories than the header has room for"},
    {FILE_HEADER(characteristics), 2, 0x0100,
     "Characteristics is 0x100: the linker did not finish this file"},
    {FILE_HEADER(characteristics), 2, 0x0103,
     "Characteristics is 0x103: without relocations it cannot be loaded"},
    {OPTIONAL(magic), 2, 0x20B, "Magic is 0x20b: only 32-bit images (0x10b) can be run here"},
    {OPTIONAL(subsystem), 2, 3, "Subsystem is 0x3: a driver's is native (1)"},
    {OPTIONAL(section_align), 4, 0, "SectionAlignment is 0x0: not a power of two from 16 on"},
    {OPTIONAL(section_align), 4, 8, "SectionAlignment is 0x8: not a power of two from 16 on"},
    {OPTIONAL(section_align), 4, 0x1800,
     "SectionAlignment is 0x1800: not a power of two from 16 on"},
    {OPTIONAL(image_bytes), 4, 0, "SizeOfImage is 0x0: 1 byte to 16 MiB are taken"},
    {OPTIONAL(image_bytes), 4, 0x1000001, "SizeOfImage is 0x1000001: 1 byte to 16 MiB are taken"},
    {OPTIONAL(image_bytes), 4, 0x401F,
     "section .reloc: VirtualSize is 0x20: runs past the end of the image"},
    {OPTIONAL(headers_bytes), 4, 0x5001, "SizeOfHeaders is 0x5001: larger than the image"},
    {OPTIONAL(headers_bytes), 4, 0x501, "SizeOfHeaders is 0x501: larger than the file"},
    {OPTIONAL(image_base), 4, 0x10010, "ImageBase is 0x10010: not a multiple of a page"},
    {OPTIONAL(entry), 4, 0x2000, "AddressOfEntryPoint is 0x2000: lies in no section of code"},
    {OPTIONAL(entry), 4, 0x1100, "AddressOfEntryPoint is 0x1100: lies in no section of code"},
    {OPTIONAL(entry), 4, 0xFFFFFFF0,
     "AddressOfEntryPoint is 0xfffffff0: lies in no section of code"},
    {DIRECTORY(PE_DIRECTORY_IMPORTS, rva), 4, 0x4FFF,
     "the import directory is 0x4fff: the directory runs past the end of the image"},
    {DIRECTORY(PE_DIRECTORY_RELOCATIONS, size_bytes), 4, 0xFFFFF000,
     "the relocation directory is 0x4000: the directory runs past the end of the image"},
    {DIRECTORY(PE_DIRECTORY_TLS, rva), 8, 0x1000,
     "the TLS directory is 0x1000: drivers have no thread storage"},
    {SECTION(1, rva), 4, 0x1080,
     "section .data: VirtualAddress is 0x1080: not a multiple of SectionAlignment"},
    {SECTION(1, rva), 4, 0x1000,
     "section .data: VirtualAddress is 0x1000: overlaps what lies before it"},
    {SECTION(0, rva), 4, 0, "section .text: VirtualAddress is 0x0: overlaps what lies before it"},
    {SECTION(3, rva), 4, 0xFFFFF000,
     "section .reloc: VirtualSize is 0x20: runs past the end of the image"},
    {SECTION(0, memory_bytes), 4, 0xFFFFFFFF,
     "section .text: VirtualSize is 0xffffffff: runs past the end of the image"},
    {SECTION(2, file_offset), 4, 0x401,
     "section INIT: PointerToRawData is 0x401: runs past the end of the file"},
    {SECTION(2, file_data_bytes), 4, 0xFFFFFFFF,
     "section INIT: PointerToRawData is 0x380: runs past the end of the file"},
};

static void damage_to_headers_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof damaged_headers / sizeof damaged_headers[0]; i++) {
        const struct damage *damage = &damaged_headers[i];
        tiny_image_make(file);
        uint64_t value = damage->value | (uint64_t)0x18 << 32; /* a size behind an address */
        tiny_put(file, damage->offset, &value, damage->size_bytes);
        if (image_read(&image, file, sizeof file, why))
            fail_msg("taken: %s", damage->why);
        assert_string_equal(why, damage->why);
    }
}

static const struct damage damaged_tables[] = {
    {TINY_RELOCATIONS + 4, 4, 7, "a relocation block's size is 0x7: leads out of the directory"},
    {TINY_RELOCATIONS + 4, 4, 13, "a relocation block's size is 0xd: leads out of the directory"},
    {TINY_RELOCATIONS + 8, 2, 0xA010, "a relocation's type is 0xa: only 0 and 3 are i386's"},
    {TINY_RELOCATIONS, 4, 0x4FF0, "a relocation's place is 0x5000: lies outside of the image"},
    {TINY_RELOCATIONS, 4, 0x4FED, "a relocation's place is 0x4ffd: lies outside of the image"},
    {TINY_RELOCATIONS, 4, 0xFFFFFFFF, "a relocation's place is 0xf: lies outside of the image"},
    {TINY_IMPORTS + 0x30, 4, 0x80000007, "import 7 of VIDEOPRT.SYS: by number, not by name"},
    {TINY_IMPORTS + 0x30, 4, 0x7FFFFFFF, "an import's name is 0x80000001: no name is there"},
    {TINY_IMPORTS + 0x62, 1, 'X',
     "import XideoPortInitialize of VIDEOPRT.SYS: there is no such function"},
    {TINY_IMPORTS + 0x62, 1, 0, "an import's name is 0x3062: no name is there"},
    {TINY_IMPORTS + 0x63, 1, 7, "an import's name is 0x3062: no name is there"},
    {TINY_IMPORTS + 0xC0, 1, 0, "an imported library's name is 0x30c0: no name is there"},
    {TINY_IMPORTS + 12, 4, 0x5000, "an imported library's name is 0x5000: no name is there"},
    {TINY_IMPORTS, 4, 0x4FFE,
     "an import table's address is 0x3040: it has no end inside the image"},
    {TINY_IMPORTS + 16, 4, 0x4FFC,
     "an import table's address is 0x4ffc: it has no end inside the image"},
    {DIRECTORY(PE_DIRECTORY_IMPORTS, rva), 4, 0x4FD0, NULL}, /* zeros: no library is imported */
};

static void damage_to_tables_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof damaged_tables / sizeof damaged_tables[0]; i++) {
        const struct damage *damage = &damaged_tables[i];
        tiny_image_make(file);
        tiny_put(file, damage->offset, &damage->value, damage->size_bytes);
        assert_true(image_read(&image, file, sizeof file, why));
        why[0] = '\0';
        if (load(0x53000000) != !damage->why)
            fail_msg("taken: %s", damage->why);
        assert_string_equal(why, damage->why ? damage->why : "");
    }
}

/* All that is missing is said at once, the last as the reason. */
static void every_missing_import_is_told(void **state)
{
    (void)state;
    tiny_put32(file, TINY_IMPORTS + 0x30, 0x80000007);
    file[TINY_IMPORTS + 0x82] = 'X';
    assert_true(image_read(&image, file, sizeof file, why));
    assert_false(load(0x1000));
    assert_string_equal(reported, "tiny: import 7 of VIDEOPRT.SYS: by number, not by name\n");
    assert_string_equal(why,
                        "import XideoPortZeroMemory of VIDEOPRT.SYS: there is no such function");
}

/* The functions of a library that is not there are not told. */
static void missing_library_is_told_as_such(void **state)
{
    (void)state;
    static const struct pe_import imports[] = {
        {0x3030, 0, 0, 0x30E0, 0x3050}, {0x3030, 0, 0, 0x30C0, 0x3040}, {0}};
    tiny_put(file, TINY_DATA + 0x10, imports, sizeof imports);
    tiny_put(file, TINY_IMPORTS + 0xE0, "foo.dll", 8);
    tiny_put32(file, TINY_DIRECTORIES + 8 * PE_DIRECTORY_IMPORTS, 0x2010);
    assert_true(image_read(&image, file, sizeof file, why));
    assert_false(load(0x1000));
    assert_string_equal(reported, "");
    assert_string_equal(why, "import library foo.dll: there is none here");
}

/* Nobody reads a thousand lines. */
static void missing_imports_are_told_up_to_a_number(void **state)
{
    (void)state;
    size_t lines = 0;
    assert_true(image_read(&image, file, sizeof file, why));
    image.size_bytes = 0x10000;
    uint8_t *large = calloc(1, image.size_bytes);
    memcpy(large, file, sizeof file);
    image.file = large;
    image.file_bytes = image.size_bytes;
    image.sections[3].memory.size_bytes = image.size_bytes - 0x4000;
    image.sections[3].file = (struct image_range){0x4000, image.size_bytes - 0x4000};
    image.relocations.size_bytes = 0;
    for (size_t i = 0; i < 1000; i++)
        tiny_put32(large, 0x4000 + i * 4, 0x80000001 + (uint32_t)i);
    tiny_put32(large, TINY_IMPORTS, 0x4000);
    tiny_put32(large, TINY_IMPORTS + 16, 0x4000);
    assert_false(load(0x1000));
    for (const char *at = reported; (at = strchr(at, '\n')); at++)
        lines++;
    assert_int_equal(lines, 100);
    assert_string_equal(why, "more imports are missing");
    free(large);
}

/* An import directory that leads round and round is given up. */
static void imports_have_an_end(void **state)
{
    (void)state;
    assert_true(image_read(&image, file, sizeof file, why));
    image.size_bytes = 0x100000;
    image.sections[3].memory.size_bytes = image.size_bytes - 0x4000;
    uint8_t *large = calloc(1, image.size_bytes);
    memcpy(large, file, sizeof file);
    image.file = large;
    image.file_bytes = image.size_bytes;
    image.imports = (struct image_range){0x4000, 0x1000};
    image.sections[3].file = (struct image_range){0x10000, image.size_bytes - 0x10000};
    struct pe_import import;
    memcpy(&import, file + TINY_IMPORTS, sizeof import);
    for (size_t i = 0; i < 10000; i++)
        memcpy(large + 0x10000 + i * sizeof import, &import, sizeof import);
    image.relocations.size_bytes = 0;
    assert_false(load(0x1000));
    assert_string_equal(why, "the number of imports is 0x1001: no driver has as many");
    free(large);
}

/* Every length that the file could be cut to. */
static void cut_files_are_refused(void **state)
{
    (void)state;
    for (size_t size_bytes = 0; size_bytes < TINY_RELOCATIONS + 0x20; size_bytes++) {
        uint8_t *cut = malloc(size_bytes + 1);
        memcpy(cut, file, size_bytes);
        assert_false(image_read(&image, cut, size_bytes, why));
        assert_true(why[0] != '\0');
        free(cut);
    }
    assert_true(image_read(&image, file, TINY_RELOCATIONS + 0x20, why));
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, open_file, close_file)
    const struct CMUnitTest tests[] = {
        WITH(image_is_read),
        WITH(image_is_loaded_at_any_base),
        WITH(sections_may_share_a_page),
        WITH(image_may_import_nothing),
        WITH(names_come_from_their_own_table),
        WITH(damage_to_headers_is_named),
        WITH(damage_to_tables_is_named),
        WITH(every_missing_import_is_told),
        WITH(missing_library_is_told_as_such),
        WITH(missing_imports_are_told_up_to_a_number),
        WITH(imports_have_an_end),
        WITH(cut_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
