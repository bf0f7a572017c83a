#ifndef VIDEOPORT_IMAGE_FORMAT_H
#define VIDEOPORT_IMAGE_FORMAT_H

/* The parts of a PE file that a loader looks at (Microsoft, "PE Format"), little-endian. */

#include "image.h"

#define PE_DOS_MAGIC 0x5A4D
#define PE_SIGNATURE 0x00004550u
#define PE_MACHINE_I386 0x14C
#define PE_MAGIC_32 0x10B
#define PE_SUBSYSTEM_NATIVE 1

/* Characteristics */
#define PE_RELOCATIONS_STRIPPED 0x0001
#define PE_EXECUTABLE 0x0002

/* Of sections */
#define PE_SECTION_CODE 0x00000020u
#define PE_SECTION_EXECUTE 0x20000000u
#define PE_SECTION_WRITE 0x80000000u

#define PE_DIRECTORIES 16
#define PE_DIRECTORY_IMPORTS 1
#define PE_DIRECTORY_RELOCATIONS 5
#define PE_DIRECTORY_TLS 9

#define PE_ORDINAL_FLAG 0x80000000u

/* The upper four bits of a relocation's entry; the lower twelve are the place in its page. */
#define PE_RELOCATION_NONE 0
#define PE_RELOCATION_HIGHLOW 3

struct __attribute__((packed)) pe_dos_header {
    uint16_t magic;
    uint16_t unused[29];
    uint32_t pe_offset;
};

struct __attribute__((packed)) pe_file_header {
    uint32_t signature;
    uint16_t machine;
    uint16_t section_count;
    uint32_t unused[3];
    uint16_t optional_header_bytes;
    uint16_t characteristics;
};

struct __attribute__((packed)) pe_optional_header {
    uint16_t magic;
    uint16_t unused;
    uint32_t unused_sizes[3];
    uint32_t entry;
    uint32_t unused_rvas[2];
    uint32_t image_base;
    uint32_t section_align;
    uint32_t file_align;
    uint32_t unused_versions[4];
    uint32_t image_bytes;
    uint32_t headers_bytes;
    uint32_t checksum;
    uint16_t subsystem;
    uint16_t unused_characteristics;
    uint32_t unused_memory[5];
    uint32_t directory_count;
};

#define PE_OPTIONAL_HEADER_BYTES_MIN 96

struct pe_directories {
    struct image_range ranges[PE_DIRECTORIES];
};

struct __attribute__((packed)) pe_section {
    char name[8];
    uint32_t memory_bytes;
    uint32_t rva;
    uint32_t file_data_bytes;
    uint32_t file_offset;
    uint32_t unused[3];
    uint32_t flags;
};

struct __attribute__((packed)) pe_import {
    uint32_t names_rva; /* 0: the addresses' table holds the names until it is bound */
    uint32_t timestamp;
    uint32_t forwarder;
    uint32_t library_rva; /* 0: this is the end */
    uint32_t addresses_rva;
};

struct __attribute__((packed)) pe_relocation_block {
    uint32_t rva; /* of a page */
    uint32_t size_bytes; /* this header, and 16 bits an entry */
};

/* Says why a file is refused: what is wrong with a field's value. False, so that it is one
   statement. */
bool image_refuse(char why[IMAGE_WHY_MAX], const char *field, uint32_t value, const char *what);

_Static_assert(sizeof(struct pe_dos_header) == 64, "the DOS header has 64 bytes");
_Static_assert(sizeof(struct pe_file_header) == 24, "signature and COFF header");
_Static_assert(sizeof(struct pe_optional_header) == PE_OPTIONAL_HEADER_BYTES_MIN,
               "the optional header without directories");
_Static_assert(sizeof(struct pe_section) == 40, "a section's header");
_Static_assert(sizeof(struct pe_import) == 20, "an import descriptor");

#endif
