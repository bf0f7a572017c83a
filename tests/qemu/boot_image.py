"""A kernel file in which the boot information is the test's own: any bytes, anywhere in memory.

QEMU's -kernel takes it for an ELF file with a Multiboot 1 header (specification 0.6.96, 3.1): it puts
the kernel and the pieces to their addresses and starts a few instructions, which set EAX and EBX and
jump into the kernel.

    0x00100000   the kernel
    LOADER       the instructions
    pieces       wherever they are wanted, from the kernel's end to the end of memory
"""

import struct

LOADER = 0x00F00000
EM_386 = 3
PT_LOAD = 1
HEADER_BYTES = 52
PROGRAM_HEADER = struct.Struct("<8I")
MULTIBOOT1_HEADER = 0x1BADB002


def segments(elf):
    """(address, bytes, bytes in memory) of each loaded part of an ELF file, and its entry."""
    entry, table = struct.unpack_from("<II", elf, 24)
    size, count = struct.unpack_from("<HH", elf, 42)
    found = []
    for index in range(count):
        kind, offset, _, address, in_file, in_memory, _, _ = PROGRAM_HEADER.unpack_from(
            elf, table + index * size)
        if kind == PT_LOAD:
            found.append((address, elf[offset:offset + in_file], in_memory))
    return found, entry


def loader_code(eax, ebx, entry):
    """The header; mov eax; mov ebx; mov ecx, entry; jmp ecx."""
    header = struct.pack("<III", MULTIBOOT1_HEADER, 0, -MULTIBOOT1_HEADER & 0xFFFFFFFF)
    return header + struct.pack("<BIBIBI", 0xB8, eax, 0xBB, ebx, 0xB9, entry) + b"\xFF\xE1"


def build(kernel, eax, ebx, pieces):
    """The file, as bytes. kernel: an ELF file's; pieces: (address, bytes) each."""
    parts, entry = segments(kernel)
    parts.insert(0, (LOADER, loader_code(eax, ebx, entry), None))
    parts += [(address, data, None) for address, data in pieces]
    offset = HEADER_BYTES + len(parts) * PROGRAM_HEADER.size
    table, contents = b"", b""
    for address, data, in_memory in parts:
        table += PROGRAM_HEADER.pack(PT_LOAD, offset + len(contents), address, address, len(data),
                                     in_memory or len(data), 7, 1)
        contents += data
    ident = b"\x7fELF\x01\x01\x01" + bytes(9)
    header = ident + struct.pack("<HHIIIIIHHHHHH", 2, EM_386, 1, LOADER + 12, HEADER_BYTES, 0, 0,
                                 HEADER_BYTES, PROGRAM_HEADER.size, len(parts), 0, 0, 0)
    return header + table + contents
