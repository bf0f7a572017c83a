"""A machine of the matrix in v86, in node: the kernel by v86's own loader, or the CD by SeaBIOS."""

import os
import shutil

from machine import DEADLINE_SECONDS, Machine, MachineError, Settings, start_process

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.abspath(os.path.join(HERE, "../../build/npm/node_modules/v86"))

# v86 brings no BIOS. Debian's package seabios, which QEMU's depends on, has those for its hardware.
BIOSES = ("/usr/share/seabios/bios.bin", "/usr/share/seabios/vgabios-stdvga.bin")


def lacks(entry):
    """What is not installed, or None."""
    if not shutil.which("node"):
        return "node"
    needed = [PACKAGE] + (list(BIOSES) if entry.boots == "cd" else [])
    return next((path for path in needed if not os.path.exists(path)), None)


class V86(Machine):
    """Has the serial line of its base; its monitor takes names of files for pictures."""

    emulator = "v86"

    def __init__(self, entry):
        self._entry = entry
        self._prepare()

    def _start(self, serial_peer, monitor_peer):
        boots = self._entry.boots
        image = Settings.elf if boots == "kernel" else Settings.iso
        return start_process(
            ["node", os.path.join(HERE, "v86.mjs"), PACKAGE, str(self._entry.memory_bytes),
             str(monitor_peer.fileno()), boots, image, *BIOSES],
            monitor_peer, stdin=serial_peer, stdout=serial_peer)

    def qmp(self, execute, filename):
        """Only what screenshots need."""
        assert execute == "screendump", execute
        if self._monitor_file is None:
            self._monitor.settimeout(DEADLINE_SECONDS * Settings.patience)
            self._monitor_file = self._monitor.makefile("rwb")
        self._monitor_file.write(filename.encode() + b"\n")
        self._monitor_file.flush()
        answer = self._monitor_file.readline().decode().rstrip("\n")
        if answer:
            raise MachineError(f"no picture: {answer}")


def start(entry):
    return V86(entry)
