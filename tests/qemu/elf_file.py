"""The built kernel as a file: where its functions are, and copies of it that behave otherwise."""

import contextlib
import os
import re
import struct
import subprocess
import tempfile

LOADED = 1  # a program header's type (System V ABI)


def symbols(path):
    """{name: address} of everything in the file that has a name."""
    lines = subprocess.run(["nm", path], check=True, capture_output=True, text=True).stdout
    return {name: int(address, 16)
            for address, name in re.findall(r"^([0-9a-f]+) \w (\S+)$", lines, re.M)}


def offset_of(data, address):
    """Where in the file the byte is that is loaded to the address."""
    headers, = struct.unpack_from("<I", data, 28)
    size, count = struct.unpack_from("<HH", data, 42)
    for index in range(count):
        kind, offset, virtual, _, file_bytes = struct.unpack_from("<5I", data, headers + index * size)
        if kind == LOADED and 0 <= address - virtual < file_bytes:
            return offset + address - virtual
    raise AssertionError(f"nothing is loaded to 0x{address:x}")


@contextlib.contextmanager
def patched(path, address, code):
    """The path of a copy that has this code at the address."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    at = offset_of(data, address)
    data[at:at + len(code)] = code
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        copy = os.path.join(folder, "ashlar.elf")
        with open(copy, "wb") as file:
            file.write(data)
        yield copy


def jump(origin, target):
    """The instruction that goes from one address to the other."""
    return b"\xE9" + struct.pack("<i", target - origin - 5)


def instructions(path):
    """(function, mnemonic) of each instruction."""
    text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", path], check=True,
                          capture_output=True, text=True).stdout
    function = None
    for line in text.splitlines():
        if match := re.match(r"[0-9a-f]+ <(.+)>:$", line):
            function = match.group(1)
        elif match := re.match(r" +[0-9a-f]+:\t(?:(?:rep\S*|lock) )?(\S+)", line):
            yield function, match.group(1)
