#ifndef BOCHS_REGS_H
#define BOCHS_REGS_H

/*
 * Bochs' VBE extensions ("DISPI"), as the Bochs and QEMU documentation have them
 * (docs/specs/standard-vga).
 */

/* 16-bit accesses only. */
#define DISPI_PORT_INDEX 0x1CE
#define DISPI_PORT_DATA 0x1CF

#define DISPI_ID 0x0 /* 0xB0C0 to 0xB0C5; Bochs panics if an unknown one is written */
#define DISPI_ID_MASK 0xFFF0
#define DISPI_ID_BASE 0xB0C0
#define DISPI_ID_8_MIB 0xB0C4
#define DISPI_ID_MEMORY_REGISTER 0xB0C5
#define DISPI_X_RESOLUTION 0x1
#define DISPI_Y_RESOLUTION 0x2
#define DISPI_BITS_PER_PIXEL 0x3
#define DISPI_ENABLE 0x4
#define DISPI_ENABLE_ON 0x01
#define DISPI_ENABLE_GET_LIMITS 0x02 /* the resolution registers read as the largest */
#define DISPI_ENABLE_LINEAR 0x40
#define DISPI_VIRTUAL_WIDTH 0x6
#define DISPI_X_OFFSET 0x8
#define DISPI_Y_OFFSET 0x9
#define DISPI_MEMORY_64K 0xA /* video memory in units of 64 KiB */

/* In the second memory range that QEMU's PCI devices have (docs/specs/standard-vga). */
#define BOCHS_MMIO_BYTES 0x1000
#define BOCHS_MMIO_EDID 0x000
#define BOCHS_MMIO_VGA 0x400 /* ports 0x3C0 to 0x3DF */
#define BOCHS_MMIO_DISPI 0x500

#define BOCHS_ISA_FRAME_BUFFER 0xE0000000u

#define PCI_VENDOR_QEMU 0x1234
#define PCI_DEVICE_QEMU_VGA 0x1111
#define PCI_VENDOR_VIRTUALBOX 0x80EE

#endif
