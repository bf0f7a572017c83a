#ifndef TESTS_EXAMPLE_MACHINE_H
#define TESTS_EXAMPLE_MACHINE_H

/* What the example knows of the machine: what the boot loader says, a serial port, and a way
   out. */

#include <stddef.h>
#include <stdint.h>

#define MULTIBOOT_LOADED 0x2BADB002
#define MULTIBOOT_HAS_MAP (1u << 6)

struct multiboot_info { /* Multiboot 0.6.96, 3.3 */
    uint32_t flags;
    uint32_t unused[10];
    uint32_t map_bytes;
    uint32_t map_base;
};

struct __attribute__((packed)) multiboot_entry {
    uint32_t size_bytes; /* of what follows */
    uint64_t base;
    uint64_t length_bytes;
    uint32_t type;
};

void kernel_main(uint32_t magic, const struct multiboot_info *info); /* boot.asm calls it */

extern const unsigned char image_start[], image_end[]; /* linker.ld */

static inline void port_write(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void print(const char *text)
{
    while (*text)
        port_write(0x3F8, (uint8_t)*text++); /* COM1, as fast as an emulator takes it */
}

static inline void print_hex(const char *label, uint64_t number)
{
    print(label);
    for (int shift = 60; shift >= 0; shift -= 4)
        port_write(0x3F8, (uint8_t) "0123456789abcdef"[number >> shift & 15]);
}

static inline _Noreturn void leave(uint8_t status)
{
    print("\n");
    port_write(0xF4, status); /* QEMU's isa-debug-exit */
    for (;;)
        __asm__ volatile("cli; hlt");
}

#endif
