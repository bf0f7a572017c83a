/*
 * The loader of driver binaries: an input is a file. Whatever it holds, reading and loading it stay
 * inside the file and the memory that were given; and what was loaded keeps the loader's promises.
 */

#include "drivers/videoport/image/image.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

const char fuzz_name[] = "image";
uint64_t fuzz_step_count;

static size_t reported_count;

/* Every second name is known, and three libraries of four. */
static uintptr_t resolve(const char *library, const char *function, const char **why)
{
    size_t length = strlen(library) + (function ? strlen(function) : 0);
    *why = "it is not known";
    return length % (function ? 2 : 4) == 0 ? 0 : length;
}

static void report(const char *name, const char *why)
{
    reported_count += *name && *why;
}

static const struct image_binder binder = {resolve, report, "fuzz"};

static const char *check_sections(const struct image *image, const unsigned char *memory)
{
    uint32_t end = image->headers_bytes;
    (void)memory;
    for (size_t i = 0; i < image->section_count; i++) {
        const struct image_section *section = &image->sections[i];
        if (section->memory.rva < end ||
            section->memory.size_bytes > image->size_bytes - section->memory.rva)
            return "a section lies outside of the image, or over another";
        if (section->file.size_bytes > image->file_bytes)
            return "a section is larger than its file";
        end = section->memory.rva + section->memory.size_bytes;
    }
    return NULL;
}

static const char *check_entry(const struct image *image)
{
    unsigned rights = image_page_rights(image, image->entry / IMAGE_PAGE_BYTES);
    return rights & IMAGE_EXECUTE ? NULL : "the entry point cannot be executed";
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    char why[IMAGE_WHY_MAX] = "";
    struct image image;
    fuzz_step_count++;
    if (!image_read(&image, data, size_bytes, why))
        return why[0] ? NULL : "a file is refused without a reason";
    unsigned char *memory = malloc(image.size_bytes);
    if (!memory)
        return NULL;
    why[0] = '\0';
    reported_count = 0;
    bool is_loaded = image_load(&image, memory, 0x53be7000, &binder, why);
    const char *broken = !is_loaded && !why[0]         ? "an image is refused without a reason"
                         : is_loaded && reported_count ? "an image without an import is taken"
                                                       : NULL;
    if (!broken)
        broken = check_sections(&image, memory);
    if (!broken)
        broken = check_entry(&image);
    free(memory);
    return broken;
}
