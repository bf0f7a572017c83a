#ifndef TESTS_HOST_FAKE_PORTS_H
#define TESTS_HOST_FAKE_PORTS_H

/*
 * In the place of drivers/pc/ports.h, for a test that includes a driver's source behind this
 * header: the test plays the device. Whoever reads gets what fake_read says.
 */

#define PORTS_H

#include <stdint.h>

static uint32_t fake_read(uint16_t port, unsigned size_bytes);
static void fake_write(uint16_t port, uint32_t value, unsigned size_bytes);

#define DEFINE_PORT_ACCESS(width)                                                                  \
    static inline uint##width##_t port_read##width(uint16_t port)                                  \
    {                                                                                              \
        return (uint##width##_t)fake_read(port, width / 8);                                        \
    }                                                                                              \
    static inline void port_write##width(uint16_t port, uint##width##_t value)                     \
    {                                                                                              \
        fake_write(port, value, width / 8);                                                        \
    }

DEFINE_PORT_ACCESS(8)
DEFINE_PORT_ACCESS(16)
DEFINE_PORT_ACCESS(32)

#endif
