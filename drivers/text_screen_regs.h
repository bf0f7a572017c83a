#ifndef TEXT_SCREEN_REGS_H
#define TEXT_SCREEN_REGS_H

/*
 * The VGA's text screen (IBM VGA technical reference): cells at 0xB8000, cursor in the CRT
 * controller.
 */

#define TEXT_SCREEN_CELLS 0xB8000u
#define TEXT_SCREEN_COLUMNS 80
#define TEXT_SCREEN_ROWS 25
#define TEXT_SCREEN_ATTRIBUTE 0x0700 /* light grey on black */
#define TEXT_SCREEN_ERROR_ATTRIBUTE 0x0C00 /* light red on black */

#define CRTC_INDEX 0x3D4
#define CRTC_DATA 0x3D5
#define CRTC_CURSOR_HIGH 0x0E
#define CRTC_CURSOR_LOW 0x0F

#endif
