/*
 * Prints what the VESA BIOS says of itself (VESA BIOS Extension 3.0, 4.3). Function 00h fills a
 * block that the caller marked "VBE2".
 */

#include "v86.h"

#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"

#define VIDEO_VECTOR 0x10
#define GET_INFORMATION 0x4F00
#define DONE 0x004F
#define MEMORY_UNIT_BYTES 0x10000ull
#define MODES_END 0xFFFF
#define MODES_MAX 512
#define NAME_MAX 63

struct __attribute__((packed)) vbe_information {
    char signature[4];
    uint16_t version;
    uint32_t name; /* segment << 16 | offset, as all addresses here */
    uint32_t capabilities;
    uint32_t modes;
    uint16_t memory_units;
    uint8_t rest[512 - 20];
};
_Static_assert(sizeof(struct vbe_information) == 512, "VBE 3.0: 512 bytes");

static uint32_t linear_of(uint32_t address)
{
    return (address >> 16 << 4) + (address & 0xFFFF);
}

/* From the block itself, or from the BIOS's own memory. */
static bool read_far(const struct mm_block *block, const void *memory, uint32_t address, void *to,
                     size_t size_bytes)
{
    uint32_t linear = linear_of(address);
    if (linear >= block->base && linear + size_bytes <= block->base + block->size_bytes) {
        memcpy(to, (const unsigned char *)memory + (linear - block->base), size_bytes);
        return true;
    }
    return memory_read_bios(linear, to, size_bytes);
}

static void read_name(const struct mm_block *block, const void *memory, uint32_t address,
                      char name[NAME_MAX + 1])
{
    size_t length = 0;
    while (length < NAME_MAX &&
           read_far(block, memory, address + (uint32_t)length, &name[length], 1) &&
           name[length] >= ' ' && name[length] <= '~' && name[length] != '"')
        length++;
    name[length] = '\0';
}

static unsigned count_modes(const struct mm_block *block, const void *memory, uint32_t address)
{
    unsigned count = 0;
    uint16_t mode;
    while (count < MODES_MAX && read_far(block, memory, address + 2 * count, &mode, sizeof mode) &&
           mode != MODES_END)
        count++;
    return count;
}

static void describe(const struct mm_block *block, struct vbe_information *information)
{
    struct bios_registers registers = {.eax = GET_INFORMATION, .es = (uint16_t)(block->base >> 4)};
    struct bios_buffer buffer = {block->base, block->size_bytes};
    char name[NAME_MAX + 1];
    memset(information, 0, sizeof *information);
    memcpy(information->signature, "VBE2", 4);
    const char *why = v86_interrupt(VIDEO_VECTOR, V86_OWNER, &registers, &buffer, 1);
    if (why) {
        console_error("%s", why);
        return;
    }
    if ((registers.eax & 0xFFFF) != DONE) {
        console_error("the BIOS knows no VESA extension: ax=0x%x", registers.eax & 0xFFFF);
        return;
    }
    read_name(block, information, information->name, name);
    console_print("bios vbe=%x.%x oem=\"%s\" bytes=%llu modes=%u\n", information->version >> 8,
                  information->version & 0xFF, name, information->memory_units * MEMORY_UNIT_BYTES,
                  count_modes(block, information, information->modes));
}

void bios_describe(void)
{
    struct mm_request request = {.size_bytes = sizeof(struct vbe_information),
                                 .limit = V86_MEMORY_LIMIT,
                                 .owner = V86_OWNER};
    struct mm_block block;
    void *memory;
    enum mm_status status = pool_alloc(memory_pool(), &request, MM_CACHED, &block, &memory);
    if (status != MM_OK) {
        console_error("no memory below 640 KiB: %s", mm_status_text(status));
        return;
    }
    describe(&block, memory);
    pool_free(memory_pool(), memory);
}
