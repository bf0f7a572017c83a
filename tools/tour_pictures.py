#!/usr/bin/env python3
"""Takes a picture of each step of the tour on several screens, so that people can look at them.

    tools/tour_pictures.py ELF FOLDER [SCREEN...]     FOLDER/SCREEN/01a.png, 01b.png, ...

a: the step's sentences, before its commands. b: after them.
"""

import argparse
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "qemu"))
sys.dont_write_bytecode = True  # everything made lies in build/

import machine  # noqa: E402
import screen  # noqa: E402

# A screen by its name: the boot option, and a command.
SCREENS = {
    "640x480": ("video=640x480x32", None),
    "1024x768": ("video=1024x768x32", None),
    "1920x1080": ("video=1920x1080x32", None),
    "1920x1080-large": ("video=1920x1080x32", "mode 1920x1080x32 large"),
    "text": ("video=text", None),
}
# On the serial line, the keys of a step that waits, before and after its commands.
WAITS = {"a": ("Enter: show",), "b": ("Enter: next", "Enter: end")}


def place_of(guest):
    """The step that waits for a key, and its part; None while nothing waits."""
    titles = [line for line in guest.screen.lines if re.match(r"\d+/\d+ ", line)]
    parts = [part for part, keys in WAITS.items() if guest.screen.current.startswith(keys)]
    return (titles[-1], parts[0]) if titles and parts else None


def take_tour(guest, folder):
    """Presses Enter until the tour ends, and keeps a picture wherever it waits for a key."""
    def ended():
        return any(line.startswith("tour end ") for line in guest.screen.lines)

    last = None
    guest.send("tour\r")
    while True:
        guest.wait_until(lambda: place_of(guest) not in (None, last) or ended(), "step")
        if ended():
            return
        last = place_of(guest)
        number = int(last[0].partition("/")[0])
        screen.write_png(guest.settled_screenshot(), folder / f"{number:02}{last[1]}.png")
        guest.send("\r")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("elf")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("screens", nargs="*", help="some of: " + ", ".join(SCREENS))
    arguments = parser.parse_args()
    machine.Settings.elf = arguments.elf
    for name in arguments.screens or SCREENS:
        append, command = SCREENS[name]
        folder = arguments.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        with machine.shell(append=append, memory="512M") as guest:
            if command:
                guest.command(command)
            take_tour(guest, folder)
        print(f"{folder}: {len(list(folder.glob('*.png')))} pictures")


if __name__ == "__main__":
    main()
