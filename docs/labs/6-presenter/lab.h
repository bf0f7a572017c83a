#ifndef LABS_PRESENTER_LAB_H
#define LABS_PRESENTER_LAB_H

/* Lab 6: copies the pixels that changed to the screen, each only once, and few others. */

/* The pixels in [left, right) by [top, bottom). Empty if left >= right or top >= bottom. */
struct lab_rect {
    int left;
    int top;
    int right;
    int bottom;
};

/* With up to so many marks between two presents, few pixels that were not marked may be copied: */
#define LAB_MARKS_MAX 16
#define LAB_WASTE_PIXELS 1024 /* at most so many for each mark */

/* Starts anew with a screen of 1x1 to 4096x4096 pixels. Nothing is marked. */
void lab_init(int width, int height);

/* Marks `rect`, because something was drawn there. Any part of it may lie outside of the screen. */
void lab_mark(struct lab_rect rect);

/*
 * Copies every pixel of the screen that was marked since the last present, by calls of lab_copy. No
 * pixel is copied twice. Then nothing is marked any more.
 */
void lab_present(void);

/* This function exists already. It copies the pixels [left, left + count) of line y. All of them
 * must be on the screen, and count must be 1 or more. */
void lab_copy(int left, int y, int count);

#endif
