"""A machine of the matrix in Bochs, with Bochs's own BIOS, its window under Xvfb.

Bochs can load no kernel: it boots the image. Debian's build stops at a debugger's prompt before the
first instruction, so that it is given a file with the debugger's command to go on.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile

import screen
from machine import DEADLINE_SECONDS, Machine, MachineError, Settings, start_process
from matrix import MIB

SCREEN_SIZE = (1280, 1024)  # of Xvfb; Bochs's window stands in its corner, there being no manager
LEFT, TOP = 4, 36  # of the picture: a border of 4, and 32 rows of tools (gui/x.cc)
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


class Bochs(Machine):
    """Has the serial line of its base, and none of QEMU's monitor."""

    emulator = "Bochs"

    def __init__(self, entry, folder):
        self._entry = entry
        self._folder = folder
        self._xvfb = None
        self._prepare()

    def _start_display(self):
        """Starts Xvfb, which picks a free number and keeps its screen in a file."""
        reader, writer = os.pipe()
        with open(reader, encoding="ascii") as number:
            with open(writer, "wb") as told:
                self._xvfb = start_process(
                    ["Xvfb", "-displayfd", str(writer), "-screen", "0",
                     f"{SCREEN_SIZE[0]}x{SCREEN_SIZE[1]}x24", "-fbdir", self._folder,
                     "-nolisten", "tcp"], told, stderr=subprocess.DEVNULL)
            display = number.readline().strip()
        if not display:
            raise MachineError("Xvfb does not start")
        return f":{display}"

    def _start(self, serial_peer, monitor_peer):
        display = self._start_display()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(DEADLINE_SECONDS * Settings.patience)
            configuration = os.path.join(self._folder, "bochsrc")
            with open(configuration, "w", encoding="ascii") as file:
                file.write(CONFIGURATION.format(
                    megs=self._entry.memory_bytes // MIB, cpu=self._entry.cpu, bios=BIOS,
                    vga_bios=VGA_BIOS, medium=medium_lines(self._entry, self._folder),
                    port=listener.getsockname()[1], folder=self._folder))
            script = os.path.join(self._folder, "go")
            with open(script, "w", encoding="ascii") as file:
                file.write("c\n")
            process = start_process(
                ["bochs", "-q", "-f", configuration, "-rc", script], cwd=self._folder,
                env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL)
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                process.kill()
                raise MachineError("Bochs does not start") from None
        self._serial.close()
        self._serial = connection
        return process

    def _end_display(self):
        if self._xvfb:
            self._xvfb.kill()
            self._xvfb.wait()

    def __enter__(self):
        try:
            return super().__enter__()
        except BaseException:
            self._end_display()
            raise

    def __exit__(self, *error):
        super().__exit__(*error)
        self._end_display()

    def _last_words(self):
        with contextlib.suppress(OSError):
            with open(os.path.join(self._folder, "log"), errors="replace") as file:
                return file.read()[-300:].strip()
        return ""

    def screenshot(self):
        """The guest's picture, cut out of the window, as large as it ought to be."""
        with open(os.path.join(self._folder, "Xvfb_screen0"), "rb") as file:
            whole = screen.read_xwd(file.read())
        width, height = self._entry.screen
        return whole.region(LEFT, TOP, LEFT + width, TOP + height)


@contextlib.contextmanager
def start(entry):
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        with Bochs(entry, folder) as machine:
            yield machine
