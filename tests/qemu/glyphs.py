"""Finds words in a picture of the kernel's screen, by the font that it was built with."""

import gzip
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tools"))

import font as build_font  # noqa: E402

GLYPH_BITS = 16  # of a glyph's row, the leftmost pixel first

# What the kernel writes on (kernel/view/view_format.h). A VGA's palette has 6 bits a channel, and some
# modes have 5.
GROUND = (0x12, 0x16, 0x1B)
TOLERANCE = 8


def masks_of(word):
    """The word as rows of pixels, 1 for ink, once for each font that the kernel has."""
    for _, source in build_font.FONTS:
        with gzip.open(os.path.join(build_font.DEFAULT_DIR, source), "rb") as file:
            font = build_font.Pcf(file.read())
        glyphs = [font.rows(ord(letter)) for letter in word]
        yield [bytes(glyph[y] >> (GLYPH_BITS - 1 - x) & 1 for glyph in glyphs
                     for x in range(font.width)) for y in range(font.height)]


def ink_rows(shot):
    """Every row of the picture as bytes: 1 where a pixel has another colour than the ground."""
    def ink(row, at):
        return any(abs(row[at + i] - GROUND[i]) > TOLERANCE for i in range(3))
    for y in range(shot.height):
        row = shot.row(y)
        yield bytes(ink(row, at) for at in range(0, len(row), 3))


def shows(shot, word):
    """Whether the word stands on the ground somewhere in the picture."""
    rows = list(ink_rows(shot))
    return any(stands_at(rows, mask, y) for mask in masks_of(word)
               for y in range(len(rows) - len(mask) + 1))


def stands_at(rows, mask, top):
    """Whether the mask's upper edge is in this row, at any column."""
    middle = len(mask) // 2  # letters have ink there, and the first row seldom has
    column = rows[top + middle].find(mask[middle])
    while column >= 0:
        if all(rows[top + y][column:column + len(line)] == line for y, line in enumerate(mask)):
            return True
        column = rows[top + middle].find(mask[middle], column + 1)
    return False
