/* Putting an image into memory: copying, relocating, binding. Everything is found by its RVA. */
#include "image.h"

#include "image_format.h"
#include "kernel/lib/format.h"
#include "kernel/lib/string.h"

struct loading {
    const struct image *image;
    unsigned char *memory;
    uint32_t base;
    const struct image_binder *binder;
    char *why; /* IMAGE_WHY_MAX */
    unsigned import_count;
    unsigned missing_count; /* the last one's sentence is in `why` */
};

#define IMPORTS_MAX 4096 /* no driver has as many; a table that repeats itself would */
#define MISSING_MAX 100 /* that are told */

/* `size_bytes` bytes of the image, or NULL if they do not all lie in it. */
static unsigned char *at(const struct loading *loading, uint64_t rva, uint64_t size_bytes)
{
    return rva + size_bytes <= loading->image->size_bytes ? loading->memory + rva : NULL;
}

static bool read_at(const struct loading *loading, uint64_t rva, void *to, size_t size_bytes)
{
    const unsigned char *from = at(loading, rva, size_bytes);
    if (from)
        memcpy(to, from, size_bytes);
    return from;
}

static void copy(const struct loading *loading)
{
    const struct image *image = loading->image;
    memset(loading->memory, 0, image->size_bytes);
    memcpy(loading->memory, image->file, image->headers_bytes);
    for (size_t i = 0; i < image->section_count; i++) {
        const struct image_section *section = &image->sections[i];
        memcpy(loading->memory + section->memory.rva, image->file + section->file.rva,
               section->file.size_bytes);
    }
}

/* ---- relocations ----------------------------------------------------------------------------- */

static bool relocate_entry(const struct loading *loading, uint32_t page_rva, uint16_t entry)
{
    uint64_t rva = (uint64_t)page_rva + (entry & 0xFFF);
    uint32_t address;
    if (entry >> 12 == PE_RELOCATION_NONE)
        return true;
    if (entry >> 12 != PE_RELOCATION_HIGHLOW)
        return image_refuse(loading->why, "a relocation's type", entry >> 12,
                            "only 0 and 3 are i386's");
    if (!read_at(loading, rva, &address, sizeof address))
        return image_refuse(loading->why, "a relocation's place", (uint32_t)rva,
                            "lies outside of the image");
    address += loading->base - loading->image->preferred_base;
    memcpy(at(loading, rva, sizeof address), &address, sizeof address);
    return true;
}

static bool relocate_block(const struct loading *loading, uint32_t rva,
                           const struct pe_relocation_block *block)
{
    for (uint32_t done = sizeof *block; done + 2 <= block->size_bytes; done += 2) {
        uint16_t entry;
        if (!read_at(loading, (uint64_t)rva + done, &entry, sizeof entry) ||
            !relocate_entry(loading, block->rva, entry))
            return false;
    }
    return true;
}

/* A block's own size leads to the next one, inside the directory. */
static bool relocate(const struct loading *loading)
{
    const struct image_range *directory = &loading->image->relocations;
    uint32_t done = 0;
    while (directory->size_bytes - done >= sizeof(struct pe_relocation_block)) {
        struct pe_relocation_block block;
        if (!read_at(loading, (uint64_t)directory->rva + done, &block, sizeof block) ||
            block.size_bytes == 0)
            break;
        if (block.size_bytes < sizeof block || block.size_bytes > directory->size_bytes - done)
            return image_refuse(loading->why, "a relocation block's size", block.size_bytes,
                                "leads out of the directory");
        if (!relocate_block(loading, directory->rva + done, &block))
            return false;
        done += block.size_bytes;
    }
    return true;
}

/* ---- imports --------------------------------------------------------------------------------- */

/* A printable name that ends inside the image. */
static bool read_name(const struct loading *loading, uint64_t rva, const char *field,
                      char name[IMAGE_NAME_MAX + 1])
{
    for (unsigned i = 0; i <= IMAGE_NAME_MAX; i++) {
        if (!read_at(loading, rva + i, &name[i], 1))
            break;
        if (name[i] == '\0' && i > 0)
            return true;
        if (name[i] <= ' ' || name[i] > '~')
            break;
    }
    return image_refuse(loading->why, field, (uint32_t)rva, "no name is there");
}

/* Hands on the one before. False if there are too many to go on. */
static bool miss(struct loading *loading, const char *sentence)
{
    if (loading->missing_count++ > 0)
        loading->binder->report(loading->binder->name, loading->why);
    if (loading->missing_count > MISSING_MAX)
        sentence = "more imports are missing";
    format_text(loading->why, IMAGE_WHY_MAX, "%s", sentence);
    return loading->missing_count <= MISSING_MAX;
}

static bool miss_function(struct loading *loading, const char *library, const char *function,
                          const char *why)
{
    char sentence[IMAGE_WHY_MAX];
    format_text(sentence, sizeof sentence, "import %s of %s: %s", function, library, why);
    return miss(loading, sentence);
}

/* False if the table does not hold, or too many imports are missing. */
static bool bind_function(struct loading *loading, const char *library, uint32_t thunk,
                          uint32_t place)
{
    char name[IMAGE_NAME_MAX + 1];
    const char *why;
    if (++loading->import_count > IMPORTS_MAX)
        return image_refuse(loading->why, "the number of imports", loading->import_count,
                            "no driver has as many");
    if (thunk & PE_ORDINAL_FLAG) {
        format_text(name, sizeof name, "%u", (unsigned)(thunk & 0xFFFF));
        return miss_function(loading, library, name, "by number, not by name");
    }
    if (!read_name(loading, (uint64_t)thunk + 2, "an import's name", name)) /* behind a hint */
        return false;
    uint32_t address = (uint32_t)loading->binder->resolve(library, name, &why);
    if (address == 0)
        return miss_function(loading, library, name, why);
    memcpy(at(loading, place, sizeof address), &address, sizeof address);
    return true;
}

static bool bind_library(struct loading *loading, const struct pe_import *import)
{
    uint32_t names = import->names_rva != 0 ? import->names_rva : import->addresses_rva;
    char library[IMAGE_NAME_MAX + 1];
    const char *why;
    if (!read_name(loading, import->library_rva, "an imported library's name", library))
        return false;
    if (loading->binder->resolve(library, NULL, &why) == 0) {
        char sentence[IMAGE_WHY_MAX];
        format_text(sentence, sizeof sentence, "import library %s: %s", library, why);
        return miss(loading, sentence);
    }
    for (uint64_t i = 0;; i += sizeof(uint32_t)) {
        uint32_t thunk;
        if (!read_at(loading, names + i, &thunk, sizeof thunk) ||
            !at(loading, import->addresses_rva + i, sizeof thunk))
            return image_refuse(loading->why, "an import table's address", import->addresses_rva,
                                "it has no end inside the image");
        if (thunk == 0)
            return true;
        if (!bind_function(loading, library, thunk, (uint32_t)(import->addresses_rva + i)))
            return false;
    }
}

/* Descriptors until one without a library; the directory's size may not say how many. */
static bool bind(struct loading *loading)
{
    uint64_t rva = loading->image->imports.rva;
    if (loading->image->imports.size_bytes == 0)
        return true;
    for (;; rva += sizeof(struct pe_import)) {
        struct pe_import import;
        if (!read_at(loading, rva, &import, sizeof import))
            return image_refuse(loading->why, "the import directory", loading->image->imports.rva,
                                "it has no end inside the image");
        if (import.library_rva == 0)
            return loading->missing_count == 0;
        if (!bind_library(loading, &import))
            return false;
    }
}

bool image_load(const struct image *image, void *memory, uint32_t base,
                const struct image_binder *binder, char why[IMAGE_WHY_MAX])
{
    struct loading loading = {
        .image = image, .memory = memory, .base = base, .binder = binder, .why = why};
    copy(&loading);
    return relocate(&loading) && bind(&loading);
}
