"""A machine of the matrix in Bochs, with Bochs's own BIOS.

Bochs can load no kernel: it boots the image. Debian's build stops at a debugger's prompt before the
first instruction, so that it is given a file with the debugger's command to go on.
"""

import os
import shutil

from machine import Settings
from matrix import MIB
from windowed import Windowed

TOOLS = ("bochs", "Xvfb")
BIOS = "/usr/share/bochs/BIOS-bochs-latest"
VGA_BIOS = "/usr/share/bochs/VGABIOS-lgpl-latest"


def lacks(entry):
    """What is not installed, or None."""
    for name in TOOLS:
        if not shutil.which(name):
            return name
    return next((name for name in (BIOS, VGA_BIOS) if not os.path.exists(name)), None)


CONFIGURATION = """\
megs: {megs}
cpu: model={cpu}, reset_on_triple_fault=0
romimage: file={bios}, options=fastboot
vgaromimage: file={vga_bios}
vga: extension=vbe
pci: enabled=1, chipset=i440fx
{medium}
display_library: x
sound: driver=dummy
com1: enabled=1, mode=socket-client, dev=127.0.0.1:{port}
log: {folder}/log
panic: action=fatal
"""


def medium_lines(entry, folder):
    if entry.boots == "cd":
        return (f"ata0-master: type=cdrom, path={Settings.iso}, status=inserted\n"
                "boot: cdrom")
    copy = os.path.join(folder, "disk")
    image = Settings.image if entry.image == "old" else Settings.iso
    shutil.copy(image, copy)  # it opens disks for writing
    if entry.boots == "floppy":
        return f"floppya: 1_44={copy}, status=inserted\nboot: floppy"
    return f"ata0-master: type=disk, path={copy}, mode=flat\nboot: disk"


class Bochs(Windowed):
    emulator = "Bochs"
    left, top = 4, 36  # a border of 4, and 32 rows of tools (gui/x.cc)

    def _command_of(self, folder, port):
        configuration = os.path.join(folder, "bochsrc")
        with open(configuration, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(
                megs=self._entry.memory_bytes // MIB, cpu=self._entry.cpu, bios=BIOS,
                vga_bios=VGA_BIOS, medium=medium_lines(self._entry, folder), port=port,
                folder=folder))
        script = os.path.join(folder, "go")
        with open(script, "w", encoding="ascii") as file:
            file.write("c\n")
        return ["bochs", "-q", "-f", configuration, "-rc", script]


def start(entry):
    return Bochs(entry)
