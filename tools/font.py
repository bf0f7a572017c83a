#!/usr/bin/env python3
"""Turns Terminus, as the distribution installs it, into the C file behind drivers/video/canvas/font.h.

Reads X11's compiled bitmap format (PCF) and writes one file, the same bytes on every run. It
knows the few characters that Ashlar draws and refuses to know any other.
"""

import argparse
import gzip
import os
import struct
import sys

FONTS = [
    ("font_small", "ter-u12n_unicode.pcf.gz"),
    ("font_medium", "ter-u14n_unicode.pcf.gz"),
    ("font_normal", "ter-u16n_unicode.pcf.gz"),
    ("font_bold", "ter-u16b_unicode.pcf.gz"),
    ("font_large", "ter-u24n_unicode.pcf.gz"),
    ("font_title", "ter-u24b_unicode.pcf.gz"),
]

# In the order of the codes in font.h: ASCII, the placeholder, the multiplication sign.
CODEPOINTS = [*range(32, 127), 0xFFFD, 0x00D7]

SPARE_BYTES = 2  # FONT_SPARE_BYTES

DOUBLED = "const struct font font_huge = {16, 32, font_normal_bits, true};\n"

DEFAULT_DIR = "/usr/share/fonts/X11/misc"

HEADER = """\
/*
 * Made by tools/font.py; do not edit.
 *
 * Glyphs of Terminus Font, Copyright (C) Dimitar Toshkov Zhekov, licensed under the SIL Open Font
 * License, version 1.1 (https://scripts.sil.org/OFL).
 */

#include "drivers/video/canvas/font.h"
"""

# Table types and format bits of PCF (X.Org, libXfont, pcf.h).
PCF_METRICS, PCF_BITMAPS, PCF_ENCODINGS, PCF_BDF_ACCELERATORS = 1 << 2, 1 << 3, 1 << 5, 1 << 8
FORMAT_MSB_BYTES, FORMAT_MSB_BITS, FORMAT_COMPRESSED_METRICS = 1 << 2, 1 << 3, 1 << 8
NO_GLYPH = 0xFFFF


class Table:
    """One table of a PCF file, read in the byte order that its own format word names."""

    def __init__(self, data, offset):
        self.data, self.at = data, offset
        self.format = struct.unpack_from("<I", data, offset)[0]
        self.order = ">" if self.format & FORMAT_MSB_BYTES else "<"
        self.at += 4

    def take(self, layout):
        values = struct.unpack_from(self.order + layout, self.data, self.at)
        self.at += struct.calcsize(self.order + layout)
        return values


class Pcf:
    """A character-cell font: every glyph fills the same width, ascent and descent."""

    def __init__(self, data):
        if data[:4] != b"\x01fcp":
            raise ValueError("not a PCF font")
        count = struct.unpack_from("<I", data, 4)[0]
        entries = [struct.unpack_from("<IIII", data, 8 + 16 * i) for i in range(count)]
        self.tables = {kind: Table(data, offset) for kind, _, _, offset in entries}
        self._read_height()
        self._read_metrics()
        self._read_bitmaps()
        self._read_encodings()

    def _read_height(self):
        self.ascent, self.descent = self.tables[PCF_BDF_ACCELERATORS].take("8xii")
        self.height = self.ascent + self.descent

    def _read_metrics(self):
        table = self.tables[PCF_METRICS]
        if table.format & FORMAT_COMPRESSED_METRICS:
            (count,) = table.take("H")
            self.metrics = [tuple(v - 0x80 for v in table.take("5B")) for _ in range(count)]
        else:
            (count,) = table.take("I")
            self.metrics = [table.take("5hH")[:5] for _ in range(count)]
        self.width = self.metrics[0][2]

    def _read_bitmaps(self):
        table = self.tables[PCF_BITMAPS]
        if not table.format & FORMAT_MSB_BITS:
            raise ValueError("bitmaps with the least significant bit first")
        self.row_bytes = 1 << (table.format & 3)
        (count,) = table.take("I")
        self.offsets = table.take(f"{count}I")
        table.take("4I")
        self.bitmaps = table.data[table.at :]

    def _read_encodings(self):
        table = self.tables[PCF_ENCODINGS]
        low_min, low_max, high_min, high_max, _ = table.take("5H")
        columns = low_max - low_min + 1
        indices = table.take(f"{columns * (high_max - high_min + 1)}H")
        self.glyphs = {
            ((high_min + i // columns) << 8) + low_min + i % columns: glyph
            for i, glyph in enumerate(indices)
            if glyph != NO_GLYPH
        }

    def rows(self, codepoint):
        """The glyph's rows over the whole cell, bit 15 leftmost."""
        glyph = self.glyphs[codepoint]
        left, right, _, ascent, descent = self.metrics[glyph]
        bytes_per_row = -(-(right - left) // (8 * self.row_bytes)) * self.row_bytes
        rows = [0] * self.height
        for y in range(ascent + descent):
            start = self.offsets[glyph] + y * bytes_per_row
            bits = int.from_bytes(self.bitmaps[start : start + bytes_per_row], "big")
            aligned = (bits << 16 >> (8 * bytes_per_row)) >> left
            rows[self.ascent - ascent + y] = aligned & 0xFFFF
        return rows


def emit(name, source, font):
    bits = "".join(f"{row:016b}"[: font.width] for code in CODEPOINTS for row in font.rows(code))
    bits += "0" * (-len(bits) % 8 + 8 * SPARE_BYTES)
    byte_texts = [f"0x{int(bits[at : at + 8], 2):02x}" for at in range(0, len(bits), 8)]
    lines = [f"\n/* {source} */", f"static const uint8_t {name}_bits[] = {{"]
    for i in range(0, len(byte_texts), 16):
        lines.append("    " + ", ".join(byte_texts[i : i + 16]) + ",")
    lines.append("};\n")
    lines.append(f"const struct font {name} = {{{font.width}, {font.height}, {name}_bits, false}};")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", required=True, help="the C file to write")
    parser.add_argument("--dir", default=DEFAULT_DIR, help="where the fonts are installed")
    arguments = parser.parse_args()

    text = HEADER
    for name, source in FONTS:
        path = os.path.join(arguments.dir, source)
        try:
            with gzip.open(path, "rb") as file:
                font = Pcf(file.read())
            text += emit(name, source, font)
        except FileNotFoundError:
            sys.exit(f"font.py: no {path}: install the package xfonts-terminus, or name --dir")
        except (OSError, ValueError, KeyError, struct.error) as error:
            sys.exit(f"font.py: {path} cannot be used: {error!r}")
    text += "\n/* Twice as large. */\n" + DOUBLED
    with open(arguments.output, "w", encoding="ascii") as file:
        file.write(text)


if __name__ == "__main__":
    main()
