/*
 * Where the adapter is: on PCI, where it says so itself, or at Bochs' address from before PCI. It
 * is known by its ID, which is read and never written.
 */
#include "bochs.h"
#include "drivers/video/adapter/edid.h"

#define MIB ((ULONG)1 << 20)
#define CLASS_DISPLAY 0x03
#define SUB_CLASS_VGA 0x00

/*
 * Functions whose registers are the well-known ports, if any have them. Where two VGAs are in a
 * machine, the ports answer beside either, and the wrong one's memory is shown by nobody.
 */
static const struct {
    USHORT vendor;
    USHORT device;
} imitations[] = {
    {BOCHS_VENDOR_ID, BOCHS_DEVICE_ID},
    {PCI_VENDOR_VIRTUALBOX, 0xBEEF},
    {0x1AF4, 0x1050}, /* virtio-vga */
    {0x1B36, 0x0100}, /* qxl */
    {0x15AD, 0x0405}, /* VMware's */
    {0x1002, 0x5046}, /* ati-vga: Rage 128 Pro */
    {0x1002, 0x5159}, /* and Radeon RV100 */
};

static bool is_known(const PCI_COMMON_CONFIG *config)
{
    for (ULONG i = 0; i < sizeof imitations / sizeof imitations[0]; i++) {
        if (imitations[i].vendor == config->VendorID && imitations[i].device == config->DeviceID)
            return true;
    }
    return false;
}

static bool answers(struct bochs *bochs)
{
    bochs->adapter.description.interface_version = bochs_read_dispi(bochs, DISPI_ID);
    return (bochs->adapter.description.interface_version & DISPI_ID_MASK) == DISPI_ID_BASE;
}

/* The memory that the adapter says it has, which may be less than its address range. */
static ULONG reported_memory_bytes(const struct bochs *bochs, USHORT vendor)
{
    if (vendor == PCI_VENDOR_VIRTUALBOX)
        return VideoPortReadPortUlong((PULONG)(ULONG_PTR)DISPI_PORT_DATA);
    if (bochs->adapter.description.interface_version < DISPI_ID_8_MIB)
        return 4 * MIB;
    if (bochs->adapter.description.interface_version < DISPI_ID_MEMORY_REGISTER)
        return 8 * MIB;
    USHORT units = bochs_read_dispi(bochs, DISPI_MEMORY_64K);
    return units > 1 ? (ULONG)units << 16 : 8 * MIB;
}

static void measure_memory(struct bochs *bochs, USHORT vendor, ULONG range_bytes)
{
    ULONG reported_bytes = reported_memory_bytes(bochs, vendor);
    bochs->adapter.description.memory_bytes =
        reported_bytes < range_bytes ? reported_bytes : range_bytes;
}

/* The index-th memory range, or NULL: vmware-svga's first one is of ports. */
static const VIDEO_ACCESS_RANGE *memory_range(const VIDEO_ACCESS_RANGE *ranges, unsigned count,
                                              unsigned index)
{
    for (unsigned i = 0; i < count; i++) {
        if (ranges[i].RangeLength != 0 && ranges[i].RangeInIoSpace == 0 && index-- == 0)
            return &ranges[i];
    }
    return NULL;
}

static void enable_decoding(struct bochs *bochs, USHORT command)
{
    USHORT enabled = command | PCI_ENABLE_IO_SPACE | PCI_ENABLE_MEMORY_SPACE;
    if (enabled != command)
        VideoPortSetBusData(bochs, PCIConfiguration, 0, &enabled,
                            (ULONG)FIELD_OFFSET(PCI_COMMON_CONFIG, Command), sizeof enabled);
}

/* The second range, mapped. What other makers put there is not for reading on suspicion: NULL. */
static PUCHAR map_registers(struct bochs *bochs, const PCI_COMMON_CONFIG *config,
                            const VIDEO_ACCESS_RANGE *range)
{
    if (config->VendorID != BOCHS_VENDOR_ID || config->DeviceID != BOCHS_DEVICE_ID ||
        range == NULL || range->RangeLength < BOCHS_MMIO_BYTES)
        return NULL;
    return VideoPortGetDeviceBase(bochs, range->RangeStart, BOCHS_MMIO_BYTES,
                                  VIDEO_MEMORY_SPACE_MEMORY);
}

/* Adapters that are not the VGA answer in memory alone. */
static VP_STATUS find_by_mmio(struct bochs *bochs, PUCHAR registers)
{
    bochs->mmio = registers;
    bochs->adapter.description.access = ASHLAR_ACCESS_MMIO;
    if (registers != NULL && answers(bochs))
        return NO_ERROR;
    bochs->mmio = NULL;
    return ERROR_DEV_NOT_EXIST;
}

static void read_monitor(struct bochs *bochs, PUCHAR registers)
{
    UCHAR bytes[EDID_BYTES_MAX];
    VideoPortReadRegisterBufferUchar(registers + BOCHS_MMIO_EDID, bytes, sizeof bytes);
    adapter_describe_monitor(&bochs->adapter, bytes, sizeof bytes);
}

/* The well-known ports belong to the VGA-compatible adapter, never to a second one. */
static VP_STATUS find_on_pci(struct bochs *bochs)
{
    PCI_COMMON_CONFIG config;
    VIDEO_ACCESS_RANGE ranges[PCI_TYPE0_ADDRESSES];
    VP_STATUS status =
        VideoPortGetAccessRanges(bochs, 0, NULL, PCI_TYPE0_ADDRESSES, ranges, NULL, NULL, NULL);
    if (status != NO_ERROR)
        return status;
    const VIDEO_ACCESS_RANGE *memory = memory_range(ranges, PCI_TYPE0_ADDRESSES, 0);
    if (memory == NULL || VideoPortGetBusData(bochs, PCIConfiguration, 0, &config, 0,
                                              PCI_COMMON_HDR_LENGTH) != PCI_COMMON_HDR_LENGTH)
        return ERROR_DEV_NOT_EXIST;
    bochs->has_vga = config.BaseClass != CLASS_DISPLAY || config.SubClass == SUB_CLASS_VGA;
    enable_decoding(bochs, config.Command);
    PUCHAR registers = map_registers(bochs, &config, memory_range(ranges, PCI_TYPE0_ADDRESSES, 1));
    if (!bochs->has_vga || !is_known(&config) || !answers(bochs))
        status = find_by_mmio(bochs, registers);
    if (status == NO_ERROR && registers != NULL)
        read_monitor(bochs, registers);
    if (bochs->mmio == NULL && registers != NULL)
        VideoPortFreeDeviceBase(bochs, registers);
    if (status != NO_ERROR)
        return status;
    bochs->adapter.description.memory_physical = memory->RangeStart;
    measure_memory(bochs, config.VendorID, memory->RangeLength);
    return NO_ERROR;
}

/* True if a display is on PCI, for which the well-known registers may answer: where its memory is,
   only it could have said. */
static bool is_on_pci(struct bochs *bochs)
{
    UCHAR class_codes[2]; /* sub-class, class */
    for (ULONG slot = 0; slot < PCI_MAX_DEVICES; slot++) {
        if (VideoPortGetBusData(bochs, PCIConfiguration, slot, class_codes,
                                (ULONG)FIELD_OFFSET(PCI_COMMON_CONFIG, SubClass),
                                sizeof class_codes) == sizeof class_codes &&
            class_codes[1] == CLASS_DISPLAY)
            return true;
    }
    return false;
}

/* Bochs' address from before PCI. Its size can be known from the adapter alone. */
static VP_STATUS find_on_isa(struct bochs *bochs)
{
    if (!answers(bochs) || is_on_pci(bochs))
        return ERROR_DEV_NOT_EXIST;
    bochs->adapter.description.access = ASHLAR_ACCESS_ISA;
    bochs->has_vga = true;
    bochs->adapter.description.memory_physical.QuadPart = BOCHS_ISA_FRAME_BUFFER;
    measure_memory(bochs, 0, 0xFFFFFFFF);
    return NO_ERROR;
}

static VP_STATUS claim_legacy_ranges(struct bochs *bochs)
{
    VIDEO_ACCESS_RANGE ranges[] = {VGA_ACCESS_RANGES, VGA_RANGE(DISPI_PORT_INDEX, 3, 1)};
    return VideoPortVerifyAccessRanges(bochs, sizeof ranges / sizeof ranges[0], ranges);
}

VP_STATUS bochs_find(struct adapter *adapter, INTERFACE_TYPE bus)
{
    struct bochs *bochs = bochs_of(adapter);
    VP_STATUS status = bus == PCIBus ? find_on_pci(bochs) : find_on_isa(bochs);
    if (status == NO_ERROR && bochs->has_vga)
        status = claim_legacy_ranges(bochs);
    return status;
}
