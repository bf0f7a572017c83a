#!/usr/bin/env python3
"""Prints how much of the kernel's image is left below 2 MiB, where it has to end (linker.ld).

    tools/left.py ELF
"""

import struct
import sys

KIB = 1 << 10
LIMIT = 2 << 20
LOADED = 1  # a program header's type (System V ABI, "Program Header")


def end_of_image(elf):
    """The end of the highest segment that a loader puts into memory; physical addresses."""
    headers, = struct.unpack_from("<I", elf, 28)
    header_bytes, count = struct.unpack_from("<HH", elf, 42)
    segments = [struct.unpack_from("<6I", elf, headers + index * header_bytes)
                for index in range(count)]
    return max(physical + memory_bytes for kind, _, _, physical, _, memory_bytes in segments
               if kind == LOADED)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as file:
        left_bytes = LIMIT - end_of_image(file.read())
    print(f"  LEFT  {left_bytes // KIB} KiB below 2 MiB")


if __name__ == "__main__":
    main()
