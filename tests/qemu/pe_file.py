"""A driver binary's headers, for tests that break them (Microsoft, "PE Format")."""

import struct

IMPORTS, RELOCATIONS = 1, 5


class PeFile:
    """The bytes of a PE32 file, and where the fields are that a test changes."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = bytearray(file.read())
        self.headers = self.get(60, "<I")
        self.optional = self.headers + 24
        self.sections = self.optional + self.get(self.headers + 20, "<H")

    def get(self, offset, kind):
        return struct.unpack_from(kind, self.bytes, offset)[0]

    def put(self, offset, kind, value):
        struct.pack_into(kind, self.bytes, offset, value)

    def directory(self, index):
        """The place of a data directory's address and size."""
        return self.optional + 96 + 8 * index

    def offset_of(self, rva):
        """Where in the file a byte of the image is."""
        count = self.get(self.headers + 6, "<H")
        for section in range(self.sections, self.sections + 40 * count, 40):
            size, first, _, offset = struct.unpack_from("<IIII", self.bytes, section + 8)
            if first <= rva < first + size:
                return offset + rva - first
        raise ValueError(hex(rva))

    def write(self, path):
        with open(path, "wb") as file:
            file.write(self.bytes)
