#ifndef PORTS_H
#define PORTS_H

/*
 * The processor's input and output instructions. Nothing else in the tree may spell them out; which
 * number means what is the business of the *_regs.h headers.
 */

#include <stddef.h>
#include <stdint.h>

static inline uint8_t port_read8(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline uint16_t port_read16(uint16_t port)
{
    uint16_t value;
    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline uint32_t port_read32(uint16_t port)
{
    uint32_t value;
    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline void port_write8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void port_write16(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void port_write32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

/*
 * Copies `count` dwords to device memory in ascending order, each in one access. A string move,
 * since that is what processors and emulators have made fast for frame buffers.
 */
static inline void port_copy32(volatile void *device, const void *source, size_t count)
{
    __asm__ volatile("rep movsl" : "+D"(device), "+S"(source), "+c"(count) : : "memory");
}

#endif
