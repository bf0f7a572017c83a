/*
 * PCI functions of any sense, behind the two ports: an input is a list of them. Each bus that
 * somebody is on is found, unless a lower one looks the same. The walk ascends and ends; it writes
 * nothing. Measuring base addresses leaves everything as it was, happens while the function answers
 * at none of them, and finds naturally aligned ranges only.
 */

#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "fake_ports.h"

#include "drivers/pc/pci.c"

#define FUNCTIONS_MAX 24
#define HEADER_DWORDS 16
#define COMMAND_DWORD (PCI_COMMAND / 4)
#define ACCESSES_MAX (PCI_SCAN_END * 16u)
#define MEASURED_MAX 64u /* functions of a walk whose base addresses are measured */

const char fuzz_name[] = "pci";
uint64_t fuzz_step_count;

/* Answers wherever its bits of the position fit: as one function, at all eight, on every bus. */
struct fake_function {
    uint32_t position; /* bus << 8 | device << 3 | function */
    uint32_t position_mask;
    uint32_t header[HEADER_DWORDS];
    uint32_t writable[HEADER_DWORDS]; /* bits that keep what is written */
};

static struct fake_function functions[FUNCTIONS_MAX];
static size_t function_count;
static uint32_t address;
static uint32_t address_writable;
static size_t access_count;
static bool may_write;
static const char *broken; /* what the ports saw */

/* ---- the ports ------------------------------------------------------------------------------ */

static struct fake_function
    *first_functions[256 * 32]; /* of each device: most are asked for them */

static struct fake_function *find_function(uint32_t position)
{
    for (size_t i = 0; i < function_count; i++)
        if (((position ^ functions[i].position) & functions[i].position_mask) == 0)
            return &functions[i];
    return NULL;
}

static struct fake_function *function_at(uint32_t position)
{
    return position % 8 == 0 ? first_functions[position / 8] : find_function(position);
}

static struct fake_function *selected(void)
{
    return address & PCI_ADDRESS_ENABLE ? function_at(address >> 8 & 0xFFFF) : NULL;
}

static uint32_t read_data(void)
{
    const struct fake_function *function = selected();
    uint32_t dword = address >> 2 & 63;
    if (!function)
        return UINT32_MAX;
    return dword < HEADER_DWORDS ? function->header[dword] : 0;
}

static uint32_t fake_read(uint16_t port, unsigned size_bytes)
{
    access_count++;
    if (port == PCI_PORT_ADDRESS && size_bytes == 4)
        return address;
    if (port < PCI_PORT_DATA || port + size_bytes > PCI_PORT_DATA + 4u)
        broken = "another port is read";
    return read_data() >> 8 * (port & 3);
}

static bool is_bar(const struct fake_function *function, uint32_t dword)
{
    static const uint32_t counts[128] = {6, 2, 1};
    uint32_t count = counts[function->header[PCI_HEADER_TYPE / 4] >> 16 & 0x7F];
    return dword >= PCI_BAR(0) / 4 && dword < PCI_BAR(count) / 4;
}

static void write_data(uint32_t value, uint32_t mask)
{
    struct fake_function *function = selected();
    uint32_t dword = address >> 2 & 63;
    if (!function)
        return;
    if (!may_write || (dword != COMMAND_DWORD && !is_bar(function, dword))) {
        broken = "something is written that is no command and no base address";
        return;
    }
    uint32_t decodes = function->header[COMMAND_DWORD] & function->writable[COMMAND_DWORD] & 3;
    if (dword != COMMAND_DWORD && value == UINT32_MAX && decodes)
        broken = "a function is measured while it answers";
    mask &= function->writable[dword];
    function->header[dword] = (function->header[dword] & ~mask) | (value & mask);
}

static void fake_write(uint16_t port, uint32_t value, unsigned size_bytes)
{
    uint32_t mask = size_bytes == 4 ? UINT32_MAX : ((uint32_t)1 << 8 * size_bytes) - 1;
    access_count++;
    if (port == PCI_PORT_ADDRESS && size_bytes == 4)
        address = value & address_writable;
    else if (port < PCI_PORT_DATA || port + size_bytes > PCI_PORT_DATA + 4u)
        broken = "another port is written";
    else
        write_data(value << 8 * (port & 3), mask << 8 * (port & 3));
}

/* ---- functions ------------------------------------------------------------------------------ */

static uint32_t read_dword(struct fuzz_input *input)
{
    uint32_t low = fuzz_word(input);
    return low | fuzz_word(input) << 16;
}

/* Of the bits of a base address that keep what is written: as in most devices, or any. */
static uint32_t read_writable(struct fuzz_input *input, uint32_t value)
{
    uint32_t kind = fuzz_byte(input);
    if (kind == 0xFF)
        return read_dword(input);
    uint32_t flags = value & PCI_BAR_IS_IO ? PCI_BAR_IO_FLAGS : PCI_BAR_MEMORY_FLAGS;
    return kind % 33 == 32 ? 0 : ~(((uint32_t)1 << kind % 33) - 1) & ~flags;
}

static void read_function(struct fuzz_input *input, struct fake_function *function)
{
    static const uint32_t masks[] = {0xFFFF, 0xFFF8, 0xFF00, 0x00FF, 0x0007, 0x00F8};
    memset(function, 0, sizeof *function);
    function->position = fuzz_word(input);
    uint32_t kind = fuzz_byte(input);
    function->position_mask = kind < 0x80 ? 0xFFFF : masks[kind % 6];
    if (kind == 0xFF)
        function->position_mask = fuzz_word(input);
    for (size_t i = 0; i < HEADER_DWORDS; i++)
        if (i < 10)
            function->header[i] = read_dword(input);
    for (unsigned i = PCI_BAR(0) / 4; i < PCI_BAR(6) / 4; i++)
        function->writable[i] = read_writable(input, function->header[i]);
    function->writable[COMMAND_DWORD] = kind & 0x40 ? fuzz_word(input) : 0xFFFF;
}

static bool is_power_of_two(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

static const char *check_bar(const struct pci_bar *bar)
{
    static const uint64_t limits[] = {
        [PCI_BAR_IO] = 0x10000, [PCI_BAR_MEMORY32] = (uint64_t)1 << 32, [PCI_BAR_MEMORY64] = 0};
    uint64_t last = limits[bar->kind] - 1;
    if (!is_power_of_two(bar->size_bytes))
        return "a range has no size, or an odd one";
    if (bar->base == 0 || (bar->base & (bar->size_bytes - 1)) != 0)
        return "a range does not lie at a multiple of its size";
    if (bar->base > last || bar->size_bytes - 1 > last - bar->base)
        return "a range runs past the end of its space";
    return NULL;
}

static const char *measure(const struct pci_function *function)
{
    static struct fake_function before[FUNCTIONS_MAX];
    struct pci_bar bars[PCI_BAR_MAX + 1];
    const char *wrong = NULL;
    memcpy(before, functions, sizeof before);
    memset(bars, 0xA5, sizeof bars);
    may_write = true;
    size_t count = pci_read_bars(function, bars);
    may_write = false;
    if (count > PCI_BAR_MAX)
        return "there are more ranges than registers";
    for (size_t i = 0; i < count && !wrong; i++) {
        wrong = check_bar(&bars[i]);
        if (i > 0 && bars[i].index <= bars[i - 1].index)
            wrong = "ranges are not in the order of their registers";
    }
    if (memcmp(before, functions, sizeof before) != 0)
        return "configuration space is not as it was";
    return wrong;
}

/* ---- buses ---------------------------------------------------------------------------------- */

/* NULL: nobody is there. */
static const struct fake_function *somebody_at(uint32_t bus, uint32_t device)
{
    const struct fake_function *function = function_at(bus << 8 | device << 3);
    uint16_t vendor = function ? (uint16_t)function->header[0] : 0;
    return vendor == 0 || vendor == PCI_VENDOR_NONE ? NULL : function;
}

static bool is_empty(uint32_t bus)
{
    for (uint32_t device = 0; device < 32; device++)
        if (somebody_at(bus, device))
            return false;
    return true;
}

/* By who is there and by the first three base addresses. */
static bool look_alike(uint32_t bus, uint32_t other)
{
    for (uint32_t device = 0; device < 32; device++) {
        const struct fake_function *one = somebody_at(bus, device);
        const struct fake_function *two = somebody_at(other, device);
        if (!one != !two)
            return false;
        if (one && (one->header[0] != two->header[0] ||
                    memcmp(&one->header[4], &two->header[4], 3 * sizeof one->header[4]) != 0))
            return false;
    }
    return true;
}

static const char *check_buses(const struct pci_buses *buses)
{
    for (uint32_t bus = 0; bus < 256; bus++) {
        bool is_found = buses->exists[bus / 32] >> bus % 32 & 1;
        bool is_another = false;
        for (uint32_t lower = 0; lower < bus && !is_another; lower++)
            is_another = (buses->exists[lower / 32] >> lower % 32 & 1) && look_alike(bus, lower);
        if (is_found != (!is_empty(bus) && !is_another))
            return is_found ? "a bus is found that is none" : "a bus is not found";
    }
    return NULL;
}

static const char *walk(const struct pci_buses *buses)
{
    struct pci_scan scan = {.buses = buses};
    struct pci_function function;
    unsigned last = 0;
    size_t count = 0;
    for (; !broken && pci_scan_next(&scan, &function); count++) {
        unsigned position = function.bus << 8 | function.device << 3 | function.function;
        if (function.device > 31 || function.function > 7 || (count > 0 && position <= last))
            return "the walk does not ascend";
        if (function.vendor_id == PCI_VENDOR_NONE || function.header_type > 0x7F)
            return "a function is found where none is";
        const char *wrong = count < MEASURED_MAX ? measure(&function) : NULL;
        if (wrong)
            return wrong;
        last = position;
    }
    return access_count > ACCESSES_MAX ? "the walk takes too long" : broken;
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    struct fuzz_input input = {data, data + size_bytes};
    fuzz_step_count++;
    broken = NULL;
    access_count = 0;
    may_write = false;
    address = 0;
    memset(functions, 0, sizeof functions);
    /* Without PCI, something else may be at the address port, which does not hold all that is
       written. */
    address_writable =
        fuzz_byte(&input) == 0xFF ? read_dword(&input) & ~PCI_ADDRESS_ENABLE : UINT32_MAX;
    for (function_count = 0; function_count < FUNCTIONS_MAX && input.next < input.end;)
        read_function(&input, &functions[function_count++]);
    for (uint32_t i = 0; i < 256 * 32; i++)
        first_functions[i] = find_function(8 * i);
    struct pci_buses buses;
    pci_find_buses(&buses);
    bool has_pci = address_writable == UINT32_MAX;
    const char *wrong = has_pci ? check_buses(&buses) : NULL;
    return wrong ? wrong : walk(&buses);
}
