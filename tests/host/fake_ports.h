#ifndef TESTS_HOST_FAKE_PORTS_H
#define TESTS_HOST_FAKE_PORTS_H

/*
 * In the place of drivers/pc/ports.h, for a test that includes a driver's source behind this header:
 * the test plays the device. Whoever reads gets what fake_read says.
 */

#define PORTS_H

#include <stdint.h>

static uint32_t fake_read(uint16_t port, unsigned size_bytes);
static void fake_write(uint16_t port, uint32_t value, unsigned size_bytes);

static inline uint8_t port_read8(uint16_t port)
{
    return (uint8_t)fake_read(port, 1);
}

static inline uint16_t port_read16(uint16_t port)
{
    return (uint16_t)fake_read(port, 2);
}

static inline uint32_t port_read32(uint16_t port)
{
    return fake_read(port, 4);
}

static inline void port_write8(uint16_t port, uint8_t value)
{
    fake_write(port, value, 1);
}

static inline void port_write16(uint16_t port, uint16_t value)
{
    fake_write(port, value, 2);
}

static inline void port_write32(uint16_t port, uint32_t value)
{
    fake_write(port, value, 4);
}

#endif
