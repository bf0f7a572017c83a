#ifndef TESTS_HOST_GOLDEN_H
#define TESTS_HOST_GOLDEN_H

/*
 * Pictures as text, kept in tests/host/golden, where a change is read in a diff. One character
 * stands for a block of pixels, by the colour that most of them have; the colours are listed below
 * the picture. With blocks of more than a pixel, the shapes of letters hardly matter, so another
 * release of the font gives the same text. UPDATE_GOLDEN=1 in the environment writes the files.
 */

#include "drivers/video/canvas/canvas.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN_COLOR_MAX 62

struct golden_palette {
    color_t colours[GOLDEN_COLOR_MAX];
    size_t count;
};

static char golden_letter(struct golden_palette *palette, color_t colour)
{
    static const char letters[] = ".#abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567";
    size_t i = 0;

    while (i < palette->count && palette->colours[i] != colour)
        i++;
    assert_true(i < GOLDEN_COLOR_MAX);
    palette->colours[i] = colour;
    palette->count = i < palette->count ? palette->count : i + 1;
    return letters[i];
}

/* The most frequent colour; of equals the one met first. */
static color_t golden_majority(const struct canvas *canvas, int left, int top, int width,
                               int height)
{
    struct golden_palette seen = {.count = 0};
    unsigned counts[GOLDEN_COLOR_MAX] = {0};
    size_t best = 0;

    for (int i = 0; i < width * height; i++) {
        size_t stride = canvas->stride_bytes / sizeof(uint32_t);
        color_t colour =
            canvas->pixels[(size_t)(top + i / width) * stride + (size_t)(left + i % width)];
        size_t at = 0;

        golden_letter(&seen, colour);
        while (seen.colours[at] != colour)
            at++;
        counts[at]++;
        best = counts[at] > counts[best] ? at : best;
    }
    return seen.colours[best];
}

static inline char *golden_describe(const struct canvas *canvas, int block_width, int block_height)
{
    int columns = canvas->width / block_width;
    int rows = canvas->height / block_height;
    char *text = malloc((size_t)(columns + 1) * (size_t)rows + GOLDEN_COLOR_MAX * 16 + 1);
    char *end = text;
    struct golden_palette palette = {.count = 0};

    for (int y = 0; y < rows; y++) {
        for (int x = 0; x < columns; x++)
            *end++ =
                golden_letter(&palette, golden_majority(canvas, x * block_width, y * block_height,
                                                        block_width, block_height));
        *end++ = '\n';
    }
    for (size_t i = 0; i < palette.count; i++)
        end += sprintf(end, "%c %06X\n", golden_letter(&palette, palette.colours[i]),
                       (unsigned)palette.colours[i]);
    *end = '\0';
    return text;
}

static char *golden_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 20);

    if (file) {
        assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
        fclose(file);
    }
    return text;
}

/* Compares a text with tests/host/golden/NAME.txt. Programs run in the project's root. */
static void golden_check_text(const char *actual, const char *name)
{
    char path[200];
    char *expected;

    snprintf(path, sizeof path, "tests/host/golden/%s.txt", name);
    if (getenv("UPDATE_GOLDEN")) {
        FILE *file = fopen(path, "wb");

        assert_non_null(file);
        fputs(actual, file);
        fclose(file);
    }
    expected = golden_read(path);
    if (strcmp(actual, expected) != 0)
        print_error("%s differs. UPDATE_GOLDEN=1 writes it anew; git diff shows how.\n%s", path,
                    actual);
    assert_string_equal(actual, expected);
    free(expected);
}

/* Compares the canvas with tests/host/golden/NAME.txt. */
static inline void golden_check(const struct canvas *canvas, const char *name, int block_width,
                                int block_height)
{
    char *actual = golden_describe(canvas, block_width, block_height);

    golden_check_text(actual, name);
    free(actual);
}

#endif
