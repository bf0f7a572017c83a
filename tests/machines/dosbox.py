"""A machine of the matrix in DOSBox, which boots the image for old PCs from a floppy.

Its BIOS has no memory map (E820): the boot loader asks it in older ways.
"""

import os
import shutil

from machine import Settings
from matrix import MIB
from windowed import Windowed

TOOLS = ("dosbox", "Xvfb")


def lacks(entry):
    """What is not installed, or None."""
    return next((name for name in TOOLS if not shutil.which(name)), None)


# Sound is off: there is nothing that plays it.
CONFIGURATION = """\
[sdl]
output=surface
[dosbox]
machine=svga_s3
memsize={megs}
[mixer]
nosound=true
[midi]
mpu401=none
mididevice=none
[sblaster]
sbtype=none
[gus]
gus=false
[speaker]
pcspeaker=false
tandy=off
disney=false
[joystick]
joysticktype=none
[serial]
serial1=nullmodem server:127.0.0.1 port:{port} transparent:1
[autoexec]
boot {image}
"""


class DosBox(Windowed):
    emulator = "DOSBox"

    def _command_of(self, folder, port):
        image = os.path.join(folder, "floppy.img")  # it opens floppies for writing
        shutil.copy(Settings.image, image)
        configuration = os.path.join(folder, "dosbox.conf")
        with open(configuration, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(megs=self._entry.memory_bytes // MIB, port=port,
                                            image=image))
        return ["dosbox", "-conf", configuration]


def start(entry):
    return DosBox(entry)
