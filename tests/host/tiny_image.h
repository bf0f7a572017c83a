#ifndef TESTS_HOST_TINY_IMAGE_H
#define TESTS_HOST_TINY_IMAGE_H

/*
 * A driver binary of 1280 bytes, made in memory: code, data, imports, relocations, and nothing that
 * could be run.
 *
 *   0x1000 .text    0x1010: the address of 0x2004     entry 0x1020
 *   0x2000 .data    0x200 bytes, half of them in the file
 *   0x3000 INIT     two functions of VIDEOPRT.SYS, addresses at 0x3040
 *   0x4000 .reloc   one block: the dword at 0x1010
 */

#include <stdint.h>
#include <string.h>

#include "drivers/videoport/image/image_format.h"

#define TINY_IMAGE_BYTES 0x500
#define TINY_IMAGE_BASE 0x10000

#define TINY_PE 0x40 /* where the headers are, in the file */
#define TINY_OPTIONAL (TINY_PE + (unsigned)sizeof(struct pe_file_header))
#define TINY_DIRECTORIES (TINY_OPTIONAL + PE_OPTIONAL_HEADER_BYTES_MIN)
#define TINY_SECTIONS (TINY_DIRECTORIES + (unsigned)sizeof(struct pe_directories))
#define TINY_TEXT 0x200 /* and the sections */
#define TINY_DATA 0x300
#define TINY_IMPORTS 0x380
#define TINY_RELOCATIONS 0x480

static inline void tiny_put(uint8_t *file, size_t offset, const void *bytes, size_t size_bytes)
{
    memcpy(file + offset, bytes, size_bytes);
}

static inline void tiny_put32(uint8_t *file, size_t offset, uint32_t value)
{
    tiny_put(file, offset, &value, sizeof value);
}

static inline void tiny_image_make(uint8_t file[TINY_IMAGE_BYTES])
{
    static const struct pe_section sections[] = {
        {".text", 0x100, 0x1000, 0x100, TINY_TEXT, {0}, PE_SECTION_CODE | PE_SECTION_EXECUTE},
        {".data", 0x200, 0x2000, 0x80, TINY_DATA, {0}, PE_SECTION_WRITE},
        {"INIT", 0x100, 0x3000, 0x100, TINY_IMPORTS, {0}, 0},
        {".reloc", 0x20, 0x4000, 0x20, TINY_RELOCATIONS, {0}, 0},
    };
    static const struct pe_import imports[] = {{0x3030, 0, 0, 0x30C0, 0x3040}, {0}};
    static const uint16_t relocations[] = {PE_RELOCATION_HIGHLOW << 12 | 0x010, 0};
    struct pe_directories directories = {0};
    directories.ranges[PE_DIRECTORY_IMPORTS] = (struct image_range){0x3000, sizeof imports};
    directories.ranges[PE_DIRECTORY_RELOCATIONS] = (struct image_range){0x4000, 12};
    memset(file, 0, TINY_IMAGE_BYTES);
    tiny_put(file, 0, &(struct pe_dos_header){.magic = PE_DOS_MAGIC, .pe_offset = TINY_PE},
             sizeof(struct pe_dos_header));
    tiny_put(file, TINY_PE,
             &(struct pe_file_header){.signature = PE_SIGNATURE,
                                      .machine = PE_MACHINE_I386,
                                      .section_count = sizeof sections / sizeof sections[0],
                                      .optional_header_bytes =
                                          PE_OPTIONAL_HEADER_BYTES_MIN + sizeof directories,
                                      .characteristics = PE_EXECUTABLE | 0x0100},
             sizeof(struct pe_file_header));
    tiny_put(file, TINY_OPTIONAL,
             &(struct pe_optional_header){.magic = PE_MAGIC_32,
                                          .entry = 0x1020,
                                          .image_base = TINY_IMAGE_BASE,
                                          .section_align = 0x1000,
                                          .file_align = 0x20,
                                          .image_bytes = 0x5000,
                                          .headers_bytes = TINY_TEXT,
                                          .subsystem = PE_SUBSYSTEM_NATIVE,
                                          .directory_count = PE_DIRECTORIES},
             sizeof(struct pe_optional_header));
    tiny_put(file, TINY_DIRECTORIES, &directories, sizeof directories);
    tiny_put(file, TINY_SECTIONS, sections, sizeof sections);
    tiny_put32(file, TINY_TEXT + 0x10, TINY_IMAGE_BASE + 0x2004);
    tiny_put(file, TINY_DATA, "data", 4);
    tiny_put(file, TINY_IMPORTS, imports, sizeof imports);
    for (unsigned table = 0x30; table <= 0x40; table += 0x10) {
        tiny_put32(file, TINY_IMPORTS + table, 0x3060);
        tiny_put32(file, TINY_IMPORTS + table + 4, 0x3080);
    }
    tiny_put(file, TINY_IMPORTS + 0x62, "VideoPortInitialize", 20);
    tiny_put(file, TINY_IMPORTS + 0x82, "VideoPortZeroMemory", 20);
    tiny_put(file, TINY_IMPORTS + 0xC0, "VIDEOPRT.SYS", 13);
    tiny_put32(file, TINY_RELOCATIONS, 0x1000);
    tiny_put32(file, TINY_RELOCATIONS + 4, 8 + sizeof relocations);
    tiny_put(file, TINY_RELOCATIONS + 8, relocations, sizeof relocations);
}

#endif
