#ifndef PCI_REGS_H
#define PCI_REGS_H

/* PCI Local Bus Specification 3.0, chapter 6, and PCI-to-PCI Bridge Architecture 1.2, 3.2. */

#define PCI_PORT_ADDRESS 0xCF8
#define PCI_PORT_DATA 0xCFC
#define PCI_ADDRESS_ENABLE 0x80000000u

#define PCI_VENDOR_ID 0x00
#define PCI_VENDOR_NONE 0xFFFF
#define PCI_COMMAND 0x04
#define PCI_COMMAND_IO 0x0001
#define PCI_COMMAND_MEMORY 0x0002
#define PCI_REVISION 0x08 /* and the class code in the three bytes above it */
#define PCI_HEADER_TYPE 0x0E
#define PCI_HEADER_MULTI_FUNCTION 0x80

#define PCI_BAR(index) (0x10u + 4 * (index))
#define PCI_BAR_IS_IO 0x1u
#define PCI_BAR_IO_FLAGS 0x3u
#define PCI_BAR_TYPE 0x6u
#define PCI_BAR_TYPE_64 0x4u
#define PCI_BAR_PREFETCHABLE 0x8u
#define PCI_BAR_MEMORY_FLAGS 0xFu

#define PCI_BUS_COUNT 256u
#define PCI_DEVICES_PER_BUS 32u
#define PCI_SCAN_END (PCI_BUS_COUNT << 8) /* one past the last bus << 8 | device << 3 | function */

#endif
