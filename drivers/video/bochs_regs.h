#ifndef BOCHS_REGS_H
#define BOCHS_REGS_H

/*
 * Bochs' VBE extensions ("DISPI"), as the Bochs and QEMU documentation have them
 * (docs/specs/standard-vga), and the VGA registers that saving text takes.
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
#define DISPI_ENABLE_LINEAR 0x40
#define DISPI_VIRTUAL_WIDTH 0x6
#define DISPI_X_OFFSET 0x8
#define DISPI_Y_OFFSET 0x9
#define DISPI_MEMORY_64K 0xA /* video memory in units of 64 KiB */

/* In the memory range of QEMU's PCI devices 1234:1111, its second one. */
#define BOCHS_MMIO_BYTES 0x1000
#define BOCHS_MMIO_VGA 0x400 /* ports 0x3C0 to 0x3DF */
#define BOCHS_MMIO_DISPI 0x500

#define BOCHS_ISA_FRAME_BUFFER 0xE0000000u

#define PCI_VENDOR_QEMU 0x1234
#define PCI_DEVICE_QEMU_VGA 0x1111
#define PCI_VENDOR_VIRTUALBOX 0x80EE

/* VGA: IBM's PS/2 hardware technical reference; FreeVGA. */
#define VGA_PORT_FIRST 0x3C0
#define VGA_PORT_COUNT 0x20
#define VGA_ATTRIBUTE 0x3C0 /* index and data in turn; a read of 0x3DA makes index the next */
#define VGA_ATTRIBUTE_READ 0x3C1
#define VGA_ATTRIBUTE_UNBLANK 0x20
#define VGA_ATTRIBUTE_COUNT 21
#define VGA_MISC_WRITE 0x3C2
#define VGA_SEQUENCER 0x3C4
#define VGA_SEQUENCER_COUNT 5
#define VGA_SEQUENCER_RESET 0
#define VGA_SEQUENCER_RUN 0x03
#define VGA_SEQUENCER_MAP_MASK 2
#define VGA_SEQUENCER_MEMORY_MODE 4
#define VGA_SEQUENCER_PLANAR 0x06 /* all memory, neither odd/even nor chain 4 */
#define VGA_DAC_MASK 0x3C6
#define VGA_DAC_READ 0x3C7
#define VGA_DAC_WRITE 0x3C8
#define VGA_DAC_DATA 0x3C9
#define VGA_DAC_BYTES 768
#define VGA_MISC_READ 0x3CC
#define VGA_MISC_COLOUR 0x01 /* CRTC at 0x3D4, text at 0xB8000 */
#define VGA_GRAPHICS 0x3CE
#define VGA_GRAPHICS_COUNT 9
#define VGA_GRAPHICS_READ_MAP 4
#define VGA_GRAPHICS_MODE 5
#define VGA_GRAPHICS_MISC 6
#define VGA_GRAPHICS_MISC_GRAPHICS 0x01
#define VGA_GRAPHICS_MISC_64K 0x04 /* A0000 to AFFFF, no odd/even */
#define VGA_CRTC 0x3D4
#define VGA_CRTC_COUNT 25
#define VGA_CRTC_PROTECT 0x11
#define VGA_CRTC_PROTECT_BIT 0x80
#define VGA_STATUS 0x3DA

#define VGA_WINDOW 0xA0000
#define VGA_WINDOW_BYTES 0x20000
#define VGA_TEXT_OFFSET 0x18000 /* 0xB8000, seen from the window's start */
#define VGA_TEXT_BYTES 0x8000
#define VGA_FONT_PLANE 2
#define VGA_FONT_BYTES 0x2000 /* 256 glyphs, 32 lines each */

#endif
