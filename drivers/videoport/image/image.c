/* Reading the headers. Sums are made in 64 bits: no field can make one wrap. */
#include "image.h"

#include "image_format.h"
#include "kernel/lib/format.h"
#include "kernel/lib/string.h"

#define SECTION_ALIGN_MIN 16

bool image_refuse(char why[IMAGE_WHY_MAX], const char *field, uint32_t value, const char *what)
{
    format_text(why, IMAGE_WHY_MAX, "%s is 0x%x: %s", field, (unsigned)value, what);
    return false;
}

static bool is_in_file(const struct image *image, uint64_t offset, uint64_t size_bytes)
{
    return offset + size_bytes <= image->file_bytes;
}

static bool read_at(const struct image *image, uint64_t offset, void *to, size_t size_bytes)
{
    if (!is_in_file(image, offset, size_bytes))
        return false;
    memcpy(to, image->file + offset, size_bytes);
    return true;
}

static bool is_power_of_two(uint32_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/* ---- headers --------------------------------------------------------------------------------- */

static bool check_file_header(const struct pe_file_header *header, char why[IMAGE_WHY_MAX])
{
    if (header->signature != PE_SIGNATURE)
        return image_refuse(why, "the PE signature", header->signature, "this is no PE file");
    if (header->machine != PE_MACHINE_I386)
        return image_refuse(why, "Machine", header->machine, "only i386 (0x14c) can be run here");
    if (header->section_count == 0 || header->section_count > IMAGE_SECTIONS_MAX)
        return image_refuse(why, "NumberOfSections", header->section_count, "1 to 32 are taken");
    if (header->optional_header_bytes < PE_OPTIONAL_HEADER_BYTES_MIN)
        return image_refuse(why, "SizeOfOptionalHeader", header->optional_header_bytes,
                            "too small");
    if (!(header->characteristics & PE_EXECUTABLE))
        return image_refuse(why, "Characteristics", header->characteristics,
                            "the linker did not finish this file");
    if (header->characteristics & PE_RELOCATIONS_STRIPPED)
        return image_refuse(why, "Characteristics", header->characteristics,
                            "without relocations it cannot be loaded");
    return true;
}

static bool check_optional_header(const struct pe_optional_header *header, char why[IMAGE_WHY_MAX])
{
    if (header->magic != PE_MAGIC_32)
        return image_refuse(why, "Magic", header->magic,
                            "only 32-bit images (0x10b) can be run here");
    if (header->subsystem != PE_SUBSYSTEM_NATIVE)
        return image_refuse(why, "Subsystem", header->subsystem, "a driver's is native (1)");
    if (!is_power_of_two(header->section_align) || header->section_align < SECTION_ALIGN_MIN)
        return image_refuse(why, "SectionAlignment", header->section_align,
                            "not a power of two from 16 on");
    if (header->image_bytes == 0 || header->image_bytes > IMAGE_BYTES_MAX)
        return image_refuse(why, "SizeOfImage", header->image_bytes, "1 byte to 16 MiB are taken");
    if (header->headers_bytes > header->image_bytes)
        return image_refuse(why, "SizeOfHeaders", header->headers_bytes, "larger than the image");
    if (header->image_base % IMAGE_PAGE_BYTES != 0)
        return image_refuse(why, "ImageBase", header->image_base, "not a multiple of a page");
    return true;
}

/* A directory that is there lies inside the image. */
static bool read_directory(const struct image *image, const struct pe_directories *directories,
                           unsigned index, const char *name, struct image_range *range,
                           char why[IMAGE_WHY_MAX])
{
    *range = directories->ranges[index];
    if (range->rva == 0 || range->size_bytes == 0)
        *range = (struct image_range){0};
    if ((uint64_t)range->rva + range->size_bytes > image->size_bytes)
        return image_refuse(why, name, range->rva, "the directory runs past the end of the image");
    return true;
}

static bool read_directories(struct image *image, const struct pe_optional_header *header,
                             uint64_t offset, uint32_t available_bytes, char why[IMAGE_WHY_MAX])
{
    struct pe_directories directories;
    uint32_t count = header->directory_count;
    struct image_range unused;
    memset(&directories, 0, sizeof directories);
    if (count > PE_DIRECTORIES)
        count = PE_DIRECTORIES;
    if (count * sizeof directories.ranges[0] > available_bytes ||
        !read_at(image, offset, &directories, count * sizeof directories.ranges[0]))
        return image_refuse(why, "NumberOfRvaAndSizes", header->directory_count,
                            "more directories than the header has room for");
    if (!read_directory(image, &directories, PE_DIRECTORY_IMPORTS, "the import directory",
                        &image->imports, why) ||
        !read_directory(image, &directories, PE_DIRECTORY_RELOCATIONS, "the relocation directory",
                        &image->relocations, why))
        return false;
    if (read_directory(image, &directories, PE_DIRECTORY_TLS, "the TLS directory", &unused, why) &&
        unused.size_bytes == 0)
        return true;
    return image_refuse(why, "the TLS directory", directories.ranges[PE_DIRECTORY_TLS].rva,
                        "drivers have no thread storage");
}

/* ---- sections -------------------------------------------------------------------------------- */

static unsigned rights_of(uint32_t flags)
{
    unsigned rights = IMAGE_READ;
    if (flags & PE_SECTION_WRITE)
        rights |= IMAGE_WRITE;
    if (flags & (PE_SECTION_EXECUTE | PE_SECTION_CODE))
        rights |= IMAGE_EXECUTE;
    return rights;
}

/* The sections ascend, apart from each other and from the headers: `end` is where the last
   ended. */
static bool read_section(struct image *image, const struct pe_section *header, uint32_t align,
                         uint64_t *end, char why[IMAGE_WHY_MAX])
{
    struct image_section *section = &image->sections[image->section_count];
    char field[40];
    char name[9] = {0};
    for (unsigned i = 0; i < 8 && header->name[i] > ' ' && header->name[i] <= '~'; i++)
        name[i] = header->name[i];
    uint32_t size_bytes =
        header->memory_bytes != 0 ? header->memory_bytes : header->file_data_bytes;
    format_text(field, sizeof field, "section %s: VirtualAddress", name);
    if (header->rva % align != 0)
        return image_refuse(why, field, header->rva, "not a multiple of SectionAlignment");
    if (header->rva < *end)
        return image_refuse(why, field, header->rva, "overlaps what lies before it");
    format_text(field, sizeof field, "section %s: VirtualSize", name);
    if ((uint64_t)header->rva + size_bytes > image->size_bytes)
        return image_refuse(why, field, size_bytes, "runs past the end of the image");
    format_text(field, sizeof field, "section %s: PointerToRawData", name);
    if (header->file_data_bytes != 0 &&
        !is_in_file(image, header->file_offset, header->file_data_bytes))
        return image_refuse(why, field, header->file_offset, "runs past the end of the file");
    *section = (struct image_section){
        .memory = {header->rva, size_bytes},
        .file = {header->file_offset,
                 header->file_data_bytes < size_bytes ? header->file_data_bytes : size_bytes},
        .rights = rights_of(header->flags),
    };
    *end = (uint64_t)header->rva + size_bytes;
    image->section_count++;
    return true;
}

static bool read_sections(struct image *image, uint64_t offset, unsigned count, uint32_t align,
                          char why[IMAGE_WHY_MAX])
{
    uint64_t end = image->headers_bytes;
    for (unsigned i = 0; i < count; i++, offset += sizeof(struct pe_section)) {
        struct pe_section header;
        if (!read_at(image, offset, &header, sizeof header))
            return image_refuse(why, "NumberOfSections", count,
                                "the file ends among their headers");
        if (!read_section(image, &header, align, &end, why))
            return false;
    }
    return true;
}

static bool is_code(const struct image *image, uint32_t rva)
{
    for (size_t i = 0; i < image->section_count; i++) {
        const struct image_section *section = &image->sections[i];
        if (rva >= section->memory.rva && rva - section->memory.rva < section->memory.size_bytes)
            return (section->rights & IMAGE_EXECUTE) != 0;
    }
    return false;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static bool read_headers(struct image *image, struct pe_file_header *file_header,
                         uint64_t *file_header_at, char why[IMAGE_WHY_MAX])
{
    struct pe_dos_header dos;
    if (!read_at(image, 0, &dos, sizeof dos))
        return image_refuse(why, "the file's size", image->file_bytes, "too small for a driver");
    if (dos.magic != PE_DOS_MAGIC)
        return image_refuse(why, "the first word", dos.magic, "a driver begins with MZ (0x5a4d)");
    *file_header_at = dos.pe_offset;
    if (!read_at(image, dos.pe_offset, file_header, sizeof *file_header))
        return image_refuse(why, "e_lfanew", dos.pe_offset, "points past the end of the file");
    return check_file_header(file_header, why);
}

bool image_read(struct image *image, const void *file, size_t file_bytes, char why[IMAGE_WHY_MAX])
{
    struct pe_file_header file_header;
    struct pe_optional_header header;
    uint64_t at = 0;
    memset(image, 0, sizeof *image);
    image->file = file;
    image->file_bytes = file_bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)file_bytes;
    if (!read_headers(image, &file_header, &at, why))
        return false;
    at += sizeof file_header;
    if (!read_at(image, at, &header, sizeof header) ||
        !is_in_file(image, at, file_header.optional_header_bytes))
        return image_refuse(why, "SizeOfOptionalHeader", file_header.optional_header_bytes,
                            "the file ends inside the header");
    if (!check_optional_header(&header, why))
        return false;
    image->preferred_base = header.image_base;
    image->size_bytes = header.image_bytes;
    image->headers_bytes = header.headers_bytes;
    image->entry = header.entry;
    if (image->headers_bytes > image->file_bytes)
        return image_refuse(why, "SizeOfHeaders", header.headers_bytes, "larger than the file");
    if (!read_directories(image, &header, at + sizeof header,
                          file_header.optional_header_bytes - (uint32_t)sizeof header, why) ||
        !read_sections(image, at + file_header.optional_header_bytes, file_header.section_count,
                       header.section_align, why))
        return false;
    if (!is_code(image, image->entry))
        return image_refuse(why, "AddressOfEntryPoint", image->entry, "lies in no section of code");
    return true;
}

unsigned image_page_rights(const struct image *image, uint32_t page)
{
    uint64_t first = (uint64_t)page * IMAGE_PAGE_BYTES;
    uint64_t end = first + IMAGE_PAGE_BYTES;
    unsigned rights = first < image->headers_bytes ? IMAGE_READ : 0;
    for (size_t i = 0; i < image->section_count; i++) {
        const struct image_section *section = &image->sections[i];
        if (section->memory.rva < end &&
            (uint64_t)section->memory.rva + section->memory.size_bytes > first)
            rights |= section->rights;
    }
    return rights;
}
