"""Screenshots: reading QEMU's, looking at them, keeping one as a PNG. Knows nothing of machines."""

import struct
import zlib


class Picture:
    """Pixels, three bytes each: red, green, blue; rows from the top."""

    def __init__(self, width, height, pixels):
        self.width = width
        self.height = height
        self.pixels = pixels

    @property
    def size(self):
        return self.width, self.height

    def __eq__(self, other):
        return self.size == other.size and self.pixels == other.pixels

    def row(self, y):
        stride_bytes = self.width * 3
        return self.pixels[y * stride_bytes:(y + 1) * stride_bytes]

    def rows(self, top, bottom):
        """The rows [top, bottom) as a picture."""
        stride_bytes = self.width * 3
        return Picture(self.width, bottom - top,
                       self.pixels[top * stride_bytes:bottom * stride_bytes])

    def region(self, left, top, right, bottom):
        """A part as a picture of its own; edges are half-open."""
        rows = (self.row(y)[left * 3:right * 3] for y in range(top, bottom))
        return Picture(right - left, bottom - top, b"".join(rows))

    def halved(self):
        """Every second pixel of every second row: a doubled picture as it was."""
        rows = []
        for y in range(0, self.height, 2):
            row = self.row(y)
            rows.append(b"".join(row[at:at + 3] for at in range(0, len(row), 6)))
        return Picture(self.width // 2, self.height // 2, b"".join(rows))

    def likeness(self, other, tolerances):
        """The share of pixels of which no colour is off by more than its tolerance."""
        alike = 0
        for at in range(0, len(self.pixels), 3):
            alike += all(abs(self.pixels[at + i] - other.pixels[at + i]) <= tolerances[i]
                         for i in range(3))
        return alike / (self.width * self.height)

    def colours(self):
        """How many pixels each colour has."""
        counts = {}
        for at in range(0, len(self.pixels), 3):
            colour = self.pixels[at:at + 3]
            counts[colour] = counts.get(colour, 0) + 1
        return counts

    def changed_rows(self, other):
        """The rows in which two pictures of one size differ."""
        return [y for y in range(self.height) if self.row(y) != other.row(y)]

    def changed_pixels(self, other):
        """How many pixels differ between two pictures of one size."""
        count = 0
        for y in self.changed_rows(other):
            ours, theirs = self.row(y), other.row(y)
            count += sum(ours[at:at + 3] != theirs[at:at + 3] for at in range(0, len(ours), 3))
        return count

    def edge_pixels(self):
        """How many pixels differ from their left neighbour: text has many, a plain area none."""
        count = 0
        for y in range(self.height):
            row = self.row(y)
            count += sum(row[at:at + 3] != row[at - 3:at] for at in range(3, len(row), 3))
        return count


def read_ppm(data):
    """A Picture from a binary PPM (ppm(5)), 8 bits a channel. QEMU fills lines up to 4 bytes."""
    fields = []
    at = 0
    while len(fields) < 4:
        end = at
        while data[end] not in b" \t\r\n":
            end += 1
        if data[at:at + 1] == b"#":
            end = data.index(b"\n", at)
        elif end > at:
            fields.append(data[at:end])
        at = end + 1
    magic, width, height, maximum = fields[0], int(fields[1]), int(fields[2]), int(fields[3])
    pixels = data[at:]
    line_bytes = width * 3
    if len(pixels) != line_bytes * height:
        filled_bytes = -(-line_bytes // 4) * 4
        pixels = b"".join(pixels[y * filled_bytes:y * filled_bytes + line_bytes]
                          for y in range(height) if len(data) - at == filled_bytes * height)
    if magic != b"P6" or maximum != 255 or len(pixels) != line_bytes * height:
        raise ValueError("not a binary PPM with 8 bits a channel")
    return Picture(width, height, pixels)


def read_xwd(data):
    """A Picture from an X window dump (XWDFile.h, version 7) of a screen with 24 bits of colour."""
    header = struct.unpack(">25I", data[:100])
    header_bytes, version, _, depth, width, height = header[:6]
    bits, stride_bytes, colour_count = header[11], header[12], header[19]
    if version != 7 or depth != 24 or bits != 32 or header[7] != 0:
        raise ValueError("not a window dump with 24 bits of colour, lowest byte first")
    begin = header_bytes + colour_count * 12
    pixels = bytearray(width * height * 3)
    for y in range(height):
        row = data[begin + y * stride_bytes:begin + y * stride_bytes + width * 4]
        for channel in range(3):
            pixels[y * width * 3 + channel:(y + 1) * width * 3:3] = row[2 - channel::4]
    return Picture(width, height, bytes(pixels))


def write_png(picture, path):
    """Writes a PNG (ISO/IEC 15948): one IDAT chunk, no row filters."""
    def chunk(kind, body):
        return (struct.pack(">I", len(body)) + kind + body
                + struct.pack(">I", zlib.crc32(kind + body)))
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + picture.row(y) for y in range(picture.height))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                   + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
