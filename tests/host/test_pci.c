/* Whether there is PCI at all: what answers at its ports on machines that have none. */

#include "test.h"

#include "fake_ports.h"

#include <string.h>

#include "drivers/pci.c"

static enum { MECHANISM, NOBODY, ZEROS, LAST_BYTE, BYTES } bus;
static uint32_t address; /* what port 0xCF8 holds */
static size_t accesses_elsewhere;

static uint32_t fake_read(uint16_t port, unsigned size_bytes)
{
    if (port != PCI_PORT_ADDRESS || size_bytes != 4) {
        accesses_elsewhere++;
        return UINT32_MAX;
    }
    switch (bus) {
    case MECHANISM:
        return address;
    case LAST_BYTE: /* the bus keeps it, four times */
        return (address >> 24) * 0x01010101u;
    case BYTES: /* a chip that decodes the first port alone */
        return 0xFFFFFF00u | (address & 0xFF);
    case ZEROS:
        return 0;
    default:
        return UINT32_MAX;
    }
}

static void fake_write(uint16_t port, uint32_t value, unsigned size_bytes)
{
    if (port == PCI_PORT_ADDRESS && size_bytes == 4)
        address = value;
    else
        accesses_elsewhere++;
}

static int start(void **state)
{
    (void)state;
    address = 0x12345678;
    accesses_elsewhere = 0;
    return 0;
}

static void mechanism_is_found_and_left_as_it_was(void **state)
{
    (void)state;
    bus = MECHANISM;
    assert_true(pci_is_present());
    assert_int_equal(address, 0x12345678);
    assert_int_equal(accesses_elsewhere, 0);
}

static void machine_without_it_is_not_scanned(void **state)
{
    (void)state;
    for (bus = NOBODY; bus <= BYTES; bus++) {
        struct pci_scan scan;
        struct pci_function function;
        assert_false(pci_is_present());
        pci_scan_begin(&scan);
        assert_false(pci_scan_next(&scan, &function));
        assert_int_equal(accesses_elsewhere, 0);
    }
}

#define WITH(test) cmocka_unit_test_setup(test, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(mechanism_is_found_and_left_as_it_was),
        WITH(machine_without_it_is_not_scanned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
