#ifndef TEXT_CELLS_REGS_H
#define TEXT_CELLS_REGS_H

/*
 * The VGA's text screen (IBM VGA technical reference): cells at 0xB8000, cursor in the CRT
 * controller.
 */

#define TEXT_CELLS_COLOUR 0xB8000u
#define TEXT_CELLS_MONOCHROME 0xB0000u
#define TEXT_CELLS_BLANK 0x0720 /* light grey on black */

/* VGA's miscellaneous output register; an adapter without one reads as all ones. */
#define TEXT_CELLS_MISC_READ 0x3CC
#define TEXT_CELLS_MISC_COLOUR 0x01

/* The BIOS's list of equipment; bits 4 and 5 tell of the first video mode. */
#define BIOS_EQUIPMENT 0x410u
#define BIOS_EQUIPMENT_VIDEO 0x30
#define BIOS_EQUIPMENT_MONOCHROME 0x30

#define CRTC_INDEX 0x3D4 /* the data port follows */
#define CRTC_INDEX_MONO 0x3B4
#define CRTC_CURSOR_HIGH 0x0E
#define CRTC_CURSOR_LOW 0x0F

#endif
