"""
Interrupt 15h, AH=87h and AH=88h, called by a video BIOS: what the kernel moves in the BIOS's place,
and what it refuses.
"""

import contextlib
import os
import re
import tempfile

from machine import Settings, shell
from report import Line, alloc, blocks, check, free
from test_display import adapter_of, check_picture
from test_drivers import binary, errors_of

ROM_BASE = 0xC0000  # the adapter's
VIDEO = 0xFD800000  # of QEMU's standard adapter, where no picture is
KERNEL = 0x100000


@contextlib.contextmanager
def option_rom():
    """The tests' BIOS, with the sum of 0 that a BIOS wants."""
    with open(os.path.join(Settings.drivers, "drivers", "moving_bios.rom"), "rb") as file:
        image = bytearray(file.read())
    image[-1] = -sum(image) & 0xFF
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        path = os.path.join(folder, "move.rom")
        with open(path, "wb") as file:
            file.write(image)
        yield path


@contextlib.contextmanager
def moving_machine(**options):
    """A machine with that BIOS, where `load mover` has it make a move."""
    with option_rom() as rom:
        with shell(extra=["-option-rom", rom, "-initrd", binary("mover")], **options) as machine:
            yield machine


def move(machine, **values):
    """What the miniport said of a move, and the lines of errors but for its own end's."""
    lines = machine.command(" ".join(["load mover"] + [f"{key}={value:#x}"
                                                       for key, value in values.items()]))
    said = next(line.split(" text: ")[1] for line in lines if " text: mover " in line)
    return said, [line for line in errors_of(lines) if "driver mover:" not in line]


def check_moved(machine, own=0xA5A5A5A5, **values):
    assert move(machine, **values) == (f"mover ax=0x87 carry=0 own={own:#x}", [])


def check_refused(machine, why, target, **values):
    """One line says why, and no byte of the target is changed."""
    before = machine.read_physical(target, 0x1000)
    said, errors = move(machine, **values)
    assert said == "mover ax=0x287 carry=1 own=0xa5a5a5a5", said
    error, = errors
    assert re.fullmatch(f"error: the BIOS may not move {why}", error), error
    assert machine.read_physical(target, 0x1000) == before


# ---- what is done ----------------------------------------------------------------------------------


def test_blocks_are_moved():
    """A driver's block, a ROM, video memory and memory that is nobody's are moved to and from."""
    with moving_machine() as machine:
        rom = machine.read_physical(ROM_BASE, 0x10000)
        check_moved(machine, From=ROM_BASE, Words=0x8000, own=int.from_bytes(rom[:4], "little"))
        nobodys = alloc(machine, "64K below 8M")
        free(machine, nobodys.id)
        base = nobodys.physical + 0x800
        check_moved(machine, From=ROM_BASE, To=base, Words=0x400)
        assert machine.read_physical(base, 0x800) == rom[:0x800]
        check_moved(machine, To=base + 1, Words=1)
        assert machine.read_physical(base, 4) == rom[:1] + b"\xa5\xa5" + rom[3:4]
        check_moved(machine, From=ROM_BASE, To=VIDEO, Words=0x100)
        assert machine.read_physical(VIDEO, 0x200) == rom[:0x200]
        check(machine)


def test_overlapping_words_are_moved_upwards():
    """A word that was moved is moved on, as a processor's string instruction does."""
    with moving_machine() as machine:
        rom = machine.read_physical(ROM_BASE, 8)
        check_moved(machine, From=ROM_BASE, To=VIDEO, Words=0x1000)
        check_moved(machine, From=VIDEO, To=VIDEO + 2, Words=0x1000)
        assert machine.read_physical(VIDEO, 0x2002) == rom[:2] * 0x1001
        check_moved(machine, From=ROM_BASE, To=VIDEO, Words=4)
        check_moved(machine, From=VIDEO, To=VIDEO + 3, Words=2)
        assert machine.read_physical(VIDEO, 7) == rom[:3] + rom[:3] + rom[:1]


def test_size_of_extended_memory():
    """It is the map's, up to 15 MiB."""
    with moving_machine() as machine:
        assert move(machine)[0] == "mover ax=0x3c00 carry=0 own=0xa5a5a5a5"
    with moving_machine(memory="8M", cpu="486", append="video=text") as machine:
        check_moved(machine, From=VIDEO, To=VIDEO + 0x100, Words=0x80)
        size = int(re.search(r"ax=(0x[0-9a-f]+)", move(machine)[0])[1], 0)
        assert 6 * 1024 < size <= 7 * 1024, size


def test_vesa_on_ati():
    """A VESA miniport sets modes by a BIOS that moves memory."""
    with shell(extra=["-device", "ati-vga", "-initrd", binary("vesa")], vga="none",
               append="video=1024x768x32") as machine:
        assert adapter_of(machine) == "vesa"
        check_picture(machine, (1024, 768), 32)
        assert machine.command("mode 800x600x16")[-1] == "mode size=800x600x16"
        check_picture(machine, (800, 600), 16)
        assert Line(machine.command("bios")[-1]).noun == "bios"
        machine.command("mode text")
        check(machine)


# ---- what is refused -------------------------------------------------------------------------------


def test_memory_of_others_is_refused():
    """The kernel and the blocks of other owners are neither read nor written."""
    with moving_machine() as machine:
        block = alloc(machine, "64K below 8M")
        before = machine.command("map")
        for text, base, holder in (("0x100000", KERNEL, "kernel"),
                                   (f"{block.physical:#x}", block.physical, "a block of shell")):
            check_refused(machine, f"512 bytes from 0xc0000 to {text}: {holder} holds {text}", base,
                          From=ROM_BASE, To=base, Words=0x100)
            check_refused(machine, f"2 bytes from {text} to 0xfd800000: {holder} holds {text}",
                          VIDEO, From=base, To=VIDEO, Words=1)
        start = block.physical - 0x1000  # nobody's; the last byte is the block's
        check_refused(machine, f"4098 bytes from 0xc0000 to {start:#x}: a block of shell holds "
                      f"{block.physical:#x}", start, From=ROM_BASE, To=start, Words=0x801)
        assert machine.command("map") == before
        assert block.text in [held.text for held in blocks(machine)]
        check(machine)


def test_wrong_descriptors_are_refused():
    """A BIOS would get an exception by them."""
    why = "{} words: its descriptors are not of data segments that hold them"
    with moving_machine() as machine:
        for words, values in ((1, {"Rights": 0}), (1, {"Rights": 0x9B}), (0x8001, {}),
                              (2, {"To": 0xFFFFFFFE})):
            check_refused(machine, why.format(words), VIDEO,
                          **{"From": ROM_BASE, "To": VIDEO, "Words": words, **values})
        check(machine)
