#ifndef LABS_PRESENTER_LAB_H
#define LABS_PRESENTER_LAB_H

/* Lab 6: what changed in the back buffer goes to the screen, each pixel once, and little else. */

/* Half-open: [left, right) by [top, bottom). Empty if left >= right or top >= bottom. */
struct lab_rect {
    int left;
    int top;
    int right;
    int bottom;
};

/* Up to so many marks between two presents, what is copied and was not marked is bounded. */
#define LAB_MARKS_MAX 16
#define LAB_WASTE_PIXELS 1024 /* for each of them */

/* Starts anew, nothing marked, with a screen of 1x1 to 4096x4096 pixels. */
void lab_init(int width, int height);

/* Something was drawn in `rect`, any part of which may lie outside of the screen. */
void lab_mark(struct lab_rect rect);

/*
 * Copies every pixel of the screen that was marked since the last time, none of them twice, by
 * calls of lab_copy; then nothing is marked any more.
 */
void lab_present(void);

/* Not yours to write: copies the pixels [left, left + count) of line y, all of them on the
 * screen; count is 1 or more. */
void lab_copy(int left, int y, int count);

#endif
