#ifndef TEXT_SCREEN_REGS_H
#define TEXT_SCREEN_REGS_H

/*
 * The VGA's text screen (IBM VGA technical reference): cells at 0xB8000, cursor in the CRT
 * controller.
 */

#define TEXT_SCREEN_CELLS 0xB8000u
#define TEXT_SCREEN_CELLS_MONO 0xB0000u
#define TEXT_SCREEN_ATTRIBUTE 0x0700 /* light grey on black */
#define TEXT_SCREEN_ERROR_ATTRIBUTE 0x0C00 /* light red on black */
#define TEXT_SCREEN_ERROR_ATTRIBUTE_MONO 0x0F00 /* bright */

/* VGA's miscellaneous output register; an adapter without one reads as all ones. */
#define TEXT_SCREEN_MISC_READ 0x3CC
#define TEXT_SCREEN_MISC_COLOUR 0x01

/* The BIOS's list of equipment; bits 4 and 5 tell of the first video mode. */
#define BIOS_EQUIPMENT 0x410u
#define BIOS_EQUIPMENT_VIDEO 0x30
#define BIOS_EQUIPMENT_MONOCHROME 0x30

#define CRTC_INDEX 0x3D4 /* the data port follows */
#define CRTC_INDEX_MONO 0x3B4
#define CRTC_CURSOR_HIGH 0x0E
#define CRTC_CURSOR_LOW 0x0F

#endif
