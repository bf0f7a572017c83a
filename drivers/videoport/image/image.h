#ifndef VIDEOPORT_IMAGE_H
#define VIDEOPORT_IMAGE_H

/*
 * Driver binaries: PE32 images for i386 and the native subsystem, as NT's linkers make them
 * (Microsoft, "PE Format"). Pure: reads bytes, writes bytes. Whatever does not hold is refused by
 * the name of the field or the import.
 *
 *   file      | headers | section | section | ...          offsets
 *   memory    | headers |     section     | zeros | section |     RVAs: offsets from the base
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMAGE_SECTIONS_MAX 32
#define IMAGE_BYTES_MAX (16u << 20)
#define IMAGE_PAGE_BYTES 4096u
#define IMAGE_WHY_MAX 160
#define IMAGE_NAME_MAX 63 /* characters of an import's name */

enum image_rights { IMAGE_READ = 1, IMAGE_WRITE = 2, IMAGE_EXECUTE = 4 };

struct image_range {
    uint32_t rva;
    uint32_t size_bytes;
};

struct image_section {
    struct image_range memory; /* as far as it is occupied, zeros included */
    struct image_range file; /* offset and size */
    unsigned rights;
};

struct image {
    const unsigned char *file;
    uint32_t file_bytes;
    uint32_t preferred_base; /* what the addresses in the file assume */
    uint32_t size_bytes; /* in memory */
    uint32_t headers_bytes;
    uint32_t entry; /* RVA */
    struct image_range imports;
    struct image_range relocations;
    size_t section_count;
    struct image_section sections[IMAGE_SECTIONS_MAX];
};

/*
 * Reads the headers and checks all of them. False, with a sentence in `why`, if the file is no
 * driver that could be loaded. *image refers to the file, which must live as long.
 */
bool image_read(struct image *image, const void *file, size_t file_bytes, char why[IMAGE_WHY_MAX]);

/* What an image is bound by. */
struct image_binder {
    /*
     * The address of a function or a variable, both names as the import table spells them; 0, with
     * a phrase that lives for ever in *why, if there is none. With NULL for a function, not 0 if
     * there is that library.
     */
    uintptr_t (*resolve)(const char *library, const char *function, const char **why);

    /* Takes a sentence about an import that is missing, of several; with the driver's name. */
    void (*report)(const char *name, const char *why);
    const char *name;
};

/*
 * Puts the image into `memory`, size_bytes bytes that the driver will see at address `base`:
 * copies, relocates, and binds every import. False, with a sentence in `why`, if a relocation or an
 * import does not hold; what is in memory then must not be run. If several imports are missing,
 * those before the last were reported, a sentence each.
 */
bool image_load(const struct image *image, void *memory, uint32_t base,
                const struct image_binder *binder, char why[IMAGE_WHY_MAX]);

/* What a page of the image (rva / IMAGE_PAGE_BYTES) may be used for: all that any section in it
   may, since old linkers put several into one. 0: nothing is there. */
unsigned image_page_rights(const struct image *image, uint32_t page);

#endif
