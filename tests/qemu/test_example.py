"""The example of docs/porting.md: a kernel of its own around mm/."""

import re

from machine import Machine, Settings

MIB = 1 << 20
FRAME_BYTES = 4096


def run_example(**options):
    """QEMU's exit status, the bytes under management, and the lines behind that one."""
    with Machine(elf=Settings.example, **options) as machine:
        status = machine.wait_exit()
        first, *lines = machine.screen.lines
    match = re.fullmatch(r"memory frames=0x([0-9a-f]{16}) free=0x([0-9a-f]{16})", first)
    assert match and match[1] == match[2], first
    return status, int(match[1], 16) * FRAME_BYTES, lines


def check_success(status, lines):
    assert status == 33, (status, lines)
    block, last = lines
    match = re.fullmatch(r"block base=0x([0-9a-f]{16}) end=0x([0-9a-f]{16})", block)
    assert match, lines
    base, end = (int(number, 16) for number in match.groups())
    assert end - base == 3 * MIB and MIB <= base and end <= 16 * MIB, block
    assert base % 0x10000 == 0, block
    assert last == "ok", lines


def test_example_takes_and_frees_a_block():
    """It finds 3 MiB below 16 MiB, frees them, and mm_check finds nothing broken."""
    status, managed_bytes, lines = run_example(memory="128M")
    check_success(status, lines)
    assert 126 * MIB < managed_bytes < 127 * MIB, managed_bytes


def test_example_with_memory_above_4g():
    """RAM beyond the reach of its pointers is managed too; its tables lie below."""
    status, managed_bytes, lines = run_example(memory="6G", arch="x86_64")
    check_success(status, lines)
    # Not the first MiB, the image, the firmware's own, nor the tables: a byte a frame at most.
    assert 6141 * MIB < managed_bytes < 6143 * MIB, managed_bytes


def test_example_without_room():
    """With 2 MiB of RAM it says what would have fitted."""
    status, managed_bytes, lines = run_example(memory="2M")
    assert status == 3, (status, lines)
    text, = lines
    match = re.fullmatch(r"no free run satisfies the request; largest=0x([0-9a-f]{16})", text)
    assert match and 0 < int(match[1], 16) <= managed_bytes < MIB, (text, managed_bytes)
