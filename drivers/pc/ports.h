#ifndef PORTS_H
#define PORTS_H

/*
 * The processor's input and output instructions. Nothing else in the tree may spell them out; which
 * number means what, each device's driver knows.
 */

#include <stddef.h>
#include <stdint.h>

/* port_read8 and port_write8, and so on: one access of that width, by the instruction's suffix. */
#define DEFINE_PORT_ACCESS(width, suffix)                                                          \
    static inline uint##width##_t port_read##width(uint16_t port)                                  \
    {                                                                                              \
        uint##width##_t value;                                                                     \
        __asm__ volatile("in" suffix " %1, %0" : "=a"(value) : "Nd"(port) : "memory");             \
        return value;                                                                              \
    }                                                                                              \
    static inline void port_write##width(uint16_t port, uint##width##_t value)                     \
    {                                                                                              \
        __asm__ volatile("out" suffix " %0, %1" : : "a"(value), "Nd"(port) : "memory");            \
    }

DEFINE_PORT_ACCESS(8, "b")
DEFINE_PORT_ACCESS(16, "w")
DEFINE_PORT_ACCESS(32, "l")

/*
 * Copies `count` dwords to device memory in ascending order, each in one access. A string move,
 * since that is what processors and emulators have made fast for frame buffers.
 */
static inline void port_copy32(volatile void *device, const void *source, size_t count)
{
    __asm__ volatile("rep movsl" : "+D"(device), "+S"(source), "+c"(count) : : "memory");
}

#endif
