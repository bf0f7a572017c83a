"""
Which functions count as a driver's when one faults: those between two symbols that linker.ld sets
by the paths of files. A path that no longer fits would move them without a word.
"""

import collections
import glob
import os
import subprocess

from machine import Settings

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
START, END = "drivers_text_start", "drivers_text_end"

# Our display drivers, and what they share; the video port's functions that keep no state.
MEANT = ("drivers/video/**/*.c",
         *(f"drivers/videoport/port/{name}.c" for name in ("access", "crt", "objects", "strings")))


def symbols_of(*files):
    """(address, kind, name) of all that the files define."""
    lines = subprocess.run(["nm", "--defined-only", *files], check=True, capture_output=True,
                           text=True).stdout.splitlines()
    return [(int(words[0], 16), words[1], words[2])
            for words in map(str.split, lines) if len(words) == 3]


def functions_in(symbols):
    """How often each name of a function is there: static ones repeat."""
    return collections.Counter(name for _, kind, name in symbols if kind in "Tt")


def functions_between(elf):
    """Those between the two symbols; a label of the multiboot header ends where they begin."""
    symbols = symbols_of(elf)
    bounds = {name: address for address, _, name in symbols if name in (START, END)}
    return functions_in(symbol for symbol in symbols if symbol[2] not in (START, "header2.end")
                        and bounds[START] <= symbol[0] < bounds[END])


def functions_meant():
    """Those of the files that are meant, by their objects."""
    sources = [path for pattern in MEANT
               for path in glob.glob(pattern, root_dir=ROOT, recursive=True)]
    assert len(sources) > 15, sources
    objects = os.path.join(os.path.dirname(Settings.elf), "kernel")
    return functions_in(symbols_of(*(os.path.join(objects, source + ".o") for source in sources)))


def test_our_drivers():
    """All functions of our display drivers count as a driver's, and none of anything else."""
    found, meant = functions_between(Settings.elf), functions_meant()
    assert found == meant, (found - meant, meant - found)
    for name in ("adapter_start_io", "linear_write", "vga_driver_entry",
                 "VideoPortWriteRegisterBufferUlong", "VideoPortZeroMemory"):
        assert name in found, name
    for name in ("videoport_ioctl", "VideoPortAllocateContiguousMemory", "fault_guard_driver"):
        assert name not in found, name


def test_linked_drivers():
    """So do all of a driver that is linked in, those among them in sections of NT's names."""
    added = functions_between(os.path.join(Settings.drivers, "kit.elf")) - functions_meant()
    own = {name for name in added if name.startswith("Kit") or name == "DriverEntry"}
    assert set(added) == own, added
    assert {"DriverEntry", "KitStartIO", "KitFindAdapter", "KitInitialize"} <= own, own
