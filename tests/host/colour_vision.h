#ifndef TESTS_HOST_COLOUR_VISION_H
#define TESTS_HOST_COLOUR_VISION_H

/*
 * How well two colours can be told apart, by published formulas:
 *
 *   contrast      of text: WCAG 2.1, "contrast ratio" and "relative luminance"
 *   difference    CIEDE2000, after Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula:
 *                 Implementation Notes" (2005), from sRGB (IEC 61966-2-1) under D65
 *   vision        what someone sees who lacks a kind of cones: Machado, Oliveira and Fernandes, "A
 *                 Physiologically-based Model for Simulation of Color Vision Deficiency" (2009),
 *                 the matrices of severity 1.0, applied to linear RGB
 */

#include "drivers/video/canvas/canvas.h"

#include <math.h>

enum vision {
    VISION_NORMAL,
    VISION_PROTANOPIA,
    VISION_DEUTERANOPIA,
    VISION_TRITANOPIA,
    VISION_COUNT,
};

static const char *const vision_names[VISION_COUNT] = {"normal vision", "protanopia",
                                                       "deuteranopia", "tritanopia"};

/* Red, green, blue as parts of light; or L, a, b. */
struct triple {
    double v[3];
};

#define DEGREES (3.14159265358979323846 / 180)

static inline struct triple linear_of(color_t colour)
{
    struct triple light;
    for (int i = 0; i < 3; i++) {
        double part = (colour >> (16 - 8 * i) & 255) / 255.0;
        light.v[i] = part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
    }
    return light;
}

static inline double contrast_of(color_t a, color_t b)
{
    struct triple x = linear_of(a);
    struct triple y = linear_of(b);
    double light = 0.2126 * x.v[0] + 0.7152 * x.v[1] + 0.0722 * x.v[2] + 0.05;
    double other = 0.2126 * y.v[0] + 0.7152 * y.v[1] + 0.0722 * y.v[2] + 0.05;
    return light > other ? light / other : other / light;
}

static inline struct triple seen_by(enum vision vision, struct triple light)
{
    static const double machado[VISION_COUNT][3][3] = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
                                                       {{0.152286, 1.052583, -0.204868},
                                                        {0.114503, 0.786281, 0.099216},
                                                        {-0.003882, -0.048116, 1.051998}},
                                                       {{0.367322, 0.860646, -0.227968},
                                                        {0.280085, 0.672501, 0.047413},
                                                        {-0.011820, 0.042940, 0.968881}},
                                                       {{1.255528, -0.076749, -0.178779},
                                                        {-0.078411, 0.930809, 0.147602},
                                                        {0.004733, 0.691367, 0.303900}}};
    struct triple seen;
    for (int i = 0; i < 3; i++) {
        const double *row = machado[vision][i];
        double part = row[0] * light.v[0] + row[1] * light.v[1] + row[2] * light.v[2];
        seen.v[i] = part < 0 ? 0 : part > 1 ? 1 : part;
    }
    return seen;
}

static inline struct triple lab_of(struct triple light)
{
    static const double xyz[3][3] = {{0.4124564, 0.3575761, 0.1804375},
                                     {0.2126729, 0.7151522, 0.0721750},
                                     {0.0193339, 0.1191920, 0.9503041}};
    static const double white[3] = {0.95047, 1, 1.08883};
    double f[3];
    for (int i = 0; i < 3; i++) {
        const double *row = xyz[i];
        double t = (row[0] * light.v[0] + row[1] * light.v[1] + row[2] * light.v[2]) / white[i];
        f[i] = t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }
    return (struct triple){{116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])}};
}

/* Of a hue in degrees, 0 for a grey. */
static inline double hue_of(double a, double b)
{
    double hue = a == 0 && b == 0 ? 0 : atan2(b, a) / DEGREES;
    return hue < 0 ? hue + 360 : hue;
}

/* The numbers in the names are those of the equations in Sharma's paper. */
static inline double ciede2000(struct triple x, struct triple y)
{
    double c = (hypot(x.v[1], x.v[2]) + hypot(y.v[1], y.v[2])) / 2;
    double g = 0.5 * (1 - sqrt(pow(c, 7) / (pow(c, 7) + pow(25, 7)))); /* 4 */
    double a1 = (1 + g) * x.v[1], a2 = (1 + g) * y.v[1]; /* 5 */
    double c1 = hypot(a1, x.v[2]), c2 = hypot(a2, y.v[2]); /* 6 */
    double h1 = hue_of(a1, x.v[2]), h2 = hue_of(a2, y.v[2]); /* 7 */
    double turn = c1 * c2 == 0 ? 0 : h2 - h1; /* 10 */
    turn = turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn;
    double dh = 2 * sqrt(c1 * c2) * sin(turn / 2 * DEGREES); /* 11 */
    double l = (x.v[0] + y.v[0]) / 2, cm = (c1 + c2) / 2; /* 12, 13 */
    double h = c1 * c2 == 0 ? h1 + h2 : (h1 + h2) / 2; /* 14 */
    if (c1 * c2 != 0 && fabs(h1 - h2) > 180)
        h += h1 + h2 < 360 ? 180 : -180;
    double t = 1 - 0.17 * cos((h - 30) * DEGREES) + 0.24 * cos(2 * h * DEGREES) +
               0.32 * cos((3 * h + 6) * DEGREES) - 0.20 * cos((4 * h - 63) * DEGREES); /* 15 */
    double bow = 30 * exp(-pow((h - 275) / 25, 2)); /* 16 */
    double rc = 2 * sqrt(pow(cm, 7) / (pow(cm, 7) + pow(25, 7))); /* 17 */
    double sl = 1 + 0.015 * pow(l - 50, 2) / sqrt(20 + pow(l - 50, 2)); /* 18 */
    double dl = (y.v[0] - x.v[0]) / sl, dc = (c2 - c1) / (1 + 0.045 * cm); /* 19 */
    dh /= 1 + 0.015 * cm * t; /* 20 */
    return sqrt(dl * dl + dc * dc + dh * dh - sin(2 * bow * DEGREES) * rc * dc * dh); /* 21, 22 */
}

static inline double difference_of(color_t a, color_t b, enum vision vision)
{
    return ciede2000(lab_of(seen_by(vision, linear_of(a))), lab_of(seen_by(vision, linear_of(b))));
}

/* In the vision that tells them apart least. */
static inline double least_difference(color_t a, color_t b)
{
    double least = difference_of(a, b, VISION_NORMAL);
    for (int vision = VISION_PROTANOPIA; vision < VISION_COUNT; vision++)
        least = fmin(least, difference_of(a, b, (enum vision)vision));
    return least;
}

#endif
