/*
 * Whether there is PCI at all: what answers at its ports on machines that have none. Which buses
 * and functions are found on machines that have it.
 */

#include "test.h"

#include "fake_ports.h"

#include <string.h>

#include "drivers/pc/pci.c"

static enum { MECHANISM, NOBODY, ZEROS, LAST_BYTE, BYTES } bus;
static uint32_t address; /* what port 0xCF8 holds */
static size_t accesses_elsewhere;

/* ---- a machine: a list of functions, of which the first 16 dwords are told by four ----------- */

#define FUNCTIONS_MAX 8

struct fake_function {
    uint8_t bus;
    uint8_t device;
    uint8_t function;
    uint32_t ids;
    uint32_t class_code;
    uint8_t header_type; /* 0x80 is added where there are more functions */
    uint32_t addresses[3]; /* of a bridge the third is its bus numbers */
};

struct machine {
    const char *what;
    struct fake_function functions[FUNCTIONS_MAX]; /* ids 0 ends them */
    uint8_t bus_mask; /* the bits of a bus number that the chipset looks at */
    uint32_t nobody; /* what is read where nobody is */
    uint32_t expected[FUNCTIONS_MAX]; /* bus << 8 | device << 3 | function; 0xFFFF ends them */
};

static const struct machine *machine;
static size_t read_count;

static const struct fake_function *selected(void)
{
    uint32_t number = (address >> 16 & 0xFF) & machine->bus_mask;
    for (const struct fake_function *at = machine->functions; at->ids != 0; at++)
        if (at->bus == number && at->device == (address >> 11 & 31) &&
            at->function == (address >> 8 & 7))
            return at;
    return NULL;
}

static uint32_t read_config(uint16_t port, unsigned size_bytes)
{
    const struct fake_function *function = selected();
    uint32_t offset = address & 0xFC;
    uint32_t value = 0;
    read_count++;
    assert_true(port >= PCI_PORT_DATA && port + size_bytes <= PCI_PORT_DATA + 4u);
    if (!function)
        value = machine->nobody;
    else if (offset == PCI_VENDOR_ID)
        value = function->ids;
    else if (offset == PCI_COMMAND) /* its status, which changes as one looks */
        value = (uint32_t)read_count << 16;
    else if (offset == PCI_REVISION)
        value = function->class_code << 8;
    else if (offset == (PCI_HEADER_TYPE & 0xFC))
        value = (uint32_t)function->header_type << 16;
    else if (offset >= PCI_BAR(0) && offset < PCI_BAR(3))
        value = function->addresses[(offset - PCI_BAR(0)) / 4];
    return value >> 8 * (port & 3);
}

static uint32_t fake_read(uint16_t port, unsigned size_bytes)
{
    if (bus == MECHANISM && port != PCI_PORT_ADDRESS)
        return read_config(port, size_bytes);
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
        struct pci_buses buses;
        struct pci_scan scan = {.buses = &buses};
        struct pci_function function;
        assert_false(pci_is_present());
        pci_find_buses(&buses);
        assert_false(pci_scan_next(&scan, &function));
        assert_int_equal(accesses_elsewhere, 0);
    }
}

#define HOST 0x060000
#define ISA 0x060100
#define BRIDGE 0x060400
#define DISPLAY 0x038000
#define BUSES(primary, secondary) ((primary) | (secondary) << 8 | (secondary) << 16)
#define END 0xFFFF
#define AT(bus, device, function) ((bus) << 8 | (device) << 3 | (function))
#define NOBODY_ID UINT32_MAX

static const struct machine machines[] = {
    {"one bus",
     {{0, 0, 0, 0x12378086, HOST, 0, {0}}, {0, 2, 0, 0x11111234, DISPLAY, 0, {0xFD000008}}},
     0xFF,
     NOBODY_ID,
     {AT(0, 0, 0), AT(0, 2, 0), END}},
    {"nobody", {{0, 0, 0, 0, 0, 0, {0}}}, 0xFF, NOBODY_ID, {END}},
    {"a bridge",
     {{0, 0, 0, 0x12378086, HOST, 0, {0}},
      {0, 3, 0, 0x244E8086, BRIDGE, 1, {0, 0, BUSES(0, 1)}},
      {1, 5, 0, 0x11111234, DISPLAY, 0, {0xFD000008}}},
     0xFF,
     NOBODY_ID,
     {AT(0, 0, 0), AT(0, 3, 0), AT(1, 5, 0), END}},
    {"QEMU's pxb: a root bus that no bridge leads to",
     {{0, 0, 0, 0x12378086, HOST, 0, {0}},
      {0, 2, 0, 0x00091B36, HOST, 0, {0}},
      {64, 0, 0, 0x00011B36, BRIDGE, 1, {0, 0, BUSES(64, 65)}},
      {65, 1, 0, 0x11111234, DISPLAY, 0, {0xFD000008}}},
     0xFF,
     NOBODY_ID,
     {AT(0, 0, 0), AT(0, 2, 0), AT(64, 0, 0), AT(65, 1, 0), END}},
    {"two such root buses: bridges differ by their buses",
     {{0, 0, 0, 0x12378086, HOST, 0, {0}},
      {64, 0, 0, 0x00011B36, BRIDGE, 1, {0, 0, BUSES(64, 65)}},
      {128, 0, 0, 0x00011B36, BRIDGE, 1, {0, 0, BUSES(128, 129)}}},
     0xFF,
     NOBODY_ID,
     {AT(0, 0, 0), AT(64, 0, 0), AT(128, 0, 0), END}},
    {"cards alike on two buses: they differ by their addresses",
     {{0, 0, 0, 0x12378086, HOST, 0, {0}},
      {1, 0, 0, 0x11111234, DISPLAY, 0, {0xFD000008}},
      {2, 0, 0, 0x11111234, DISPLAY, 0, {0xFC000008}},
      {3, 0, 0, 0x11111234, DISPLAY, 0, {0xFC000008, 0, 0xFB000000}},
      {4, 1, 0, 0x11111234, DISPLAY, 0, {0xFC000008}}},
     0xFF,
     NOBODY_ID,
     {AT(0, 0, 0), AT(1, 0, 0), AT(2, 0, 0), AT(3, 0, 0), AT(4, 1, 0), END}},
    {"the last bus and device",
     {{0, 0, 0, 0x12378086, HOST, 0, {0}}, {255, 31, 0, 0x11111234, DISPLAY, 0, {0xFD000008}}},
     0xFF,
     NOBODY_ID,
     {AT(0, 0, 0), AT(255, 31, 0), END}},
    {"several hosts as functions of one device",
     {{0, 0, 0, 0x00091166, HOST, 0x80, {0}},
      {0, 0, 1, 0x00091166, HOST, 0x80, {0}},
      {1, 4, 0, 0x11111234, DISPLAY, 0, {0xFD000008}}},
     0xFF,
     NOBODY_ID,
     {AT(0, 0, 0), AT(0, 0, 1), AT(1, 4, 0), END}},
    {"a chipset that ignores the bus: one bus, not 256",
     {{0, 0, 0, 0x04868086, HOST, 0, {0}},
      {0, 2, 0, 0x04848086, ISA, 0, {0}},
      {0, 6, 0, 0x88C05333, DISPLAY, 0, {0xF8000000}}},
     0x00,
     NOBODY_ID,
     {AT(0, 0, 0), AT(0, 2, 0), AT(0, 6, 0), END}},
    {"a chipset that looks at three bits of it",
     {{0, 0, 0, 0x12378086, HOST, 0, {0}},
      {0, 1, 0, 0x244E8086, BRIDGE, 1, {0, 0, BUSES(0, 5)}},
      {5, 4, 0, 0x11111234, DISPLAY, 0, {0xFD000008}}},
     0x07,
     NOBODY_ID,
     {AT(0, 0, 0), AT(0, 1, 0), AT(5, 4, 0), END}},
    {"nobody reads as zeros",
     {{0, 0, 0, 0x12378086, HOST, 0, {0}}, {64, 2, 0, 0x11111234, DISPLAY, 0, {0xFD000008}}},
     0xFF,
     0,
     {AT(0, 0, 0), AT(64, 2, 0), END}},
    {"nobody reads as a vendor of ones",
     {{0, 0, 0, 0x12378086, HOST, 0, {0}}, {64, 2, 0, 0x11111234, DISPLAY, 0, {0xFD000008}}},
     0xFF,
     0x0000FFFF,
     {AT(0, 0, 0), AT(64, 2, 0), END}},
    {"functions other than the first need that one's word",
     {{0, 0, 0, 0x12378086, HOST, 0, {0}},
      {0, 0, 3, 0x11111234, DISPLAY, 0, {0xFD000008}},
      {7, 1, 0, 0x70008086, ISA, 0x80, {0}},
      {7, 1, 7, 0x70108086, DISPLAY, 0, {0}}},
     0xFF,
     NOBODY_ID,
     {AT(0, 0, 0), AT(7, 1, 0), AT(7, 1, 7), END}},
};

static void expect_functions(const struct pci_buses *buses, const uint32_t *expected)
{
    struct pci_scan scan = {.buses = buses};
    struct pci_function function;
    size_t count = 0;
    for (; pci_scan_next(&scan, &function); count++) {
        uint32_t position = AT((uint32_t)function.bus, function.device, function.function);
        if (position != expected[count])
            fail_msg("%s: %x is found, not %x", machine->what, position, expected[count]);
    }
    if (expected[count] != END)
        fail_msg("%s: %x is not found", machine->what, expected[count]);
}

static void all_functions_of_all_root_buses_are_found_once(void **state)
{
    (void)state;
    bus = MECHANISM;
    for (machine = machines; machine < machines + sizeof machines / sizeof *machines; machine++) {
        struct pci_buses buses;
        read_count = 0;
        pci_find_buses(&buses);
        assert_in_range(read_count, 256 * 32, 256 * 32 * 4);
        expect_functions(&buses, machine->expected);
        read_count = 0; /* a second walk looks for no bus */
        expect_functions(&buses, machine->expected);
        assert_true(read_count <= FUNCTIONS_MAX * (32 + 8 * 3));
        assert_int_equal(accesses_elsewhere, 0);
    }
}

#define WITH(test) cmocka_unit_test_setup(test, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(mechanism_is_found_and_left_as_it_was),
        WITH(machine_without_it_is_not_scanned),
        WITH(all_functions_of_all_root_buses_are_found_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
