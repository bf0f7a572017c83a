#!/usr/bin/env python3
"""Takes the documents' pictures of the kernel's screen anew: boots it in QEMU and shows it each.

    tools/screenshots.py ELF FOLDER [NAME...]     all of SCENES, or those named, as FOLDER/NAME.png
"""

import argparse
import collections
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "qemu"))
sys.dont_write_bytecode = True  # everything made lies in build/

import machine  # noqa: E402
import screen  # noqa: E402

BLOCKS = (
    "alloc 3M below 16M align 64K as sound",
    "alloc 20M as textures",
    "alloc 1M align 1M as network",
    "alloc 12M above 32M below 64M as camera",
)

SMALL = ("machine tiny", "alloc 2f below 2f as a", "alloc 3f below 8f as b",
         "alloc 2f above 12f below 14f as d")
SMALL_REQUEST = "alloc 3f above 4f below 12f as c"

# options: of machine.Machine. commands: typed one after the other. last: one more, which waits for
# keys: it gets Enter until `until` is on the serial line.
Scene = collections.namedtuple("Scene", "options commands last until", defaults=("", None))

SCENES = {
    "view": Scene({}, (*BLOCKS, "alloc 256K below 1M as floppy", "alloc 3M below 64K", "check")),
    "zoom": Scene({}, (*BLOCKS, "alloc 28K below 13M as codec", "zoom 0xce0000 256K", "at 0xcfa000")),
    "step": Scene({}, (*BLOCKS, "free sound", "step on"),
                  "alloc 5M below 48M align 1M as late", "The place: "),
    "small-place": Scene({}, (*SMALL, "step on"), SMALL_REQUEST, "what=place"),
    "small-split": Scene({}, (*SMALL, "step on"), SMALL_REQUEST, "what=split"),
    "small-counts": Scene({}, (*SMALL, "step on"), SMALL_REQUEST, "what=counts order=3"),
    "small-merge": Scene({}, (*SMALL, SMALL_REQUEST, "step on"), "free 4", "what=merge order=2"),
    "small-textbook": Scene({}, ("machine tiny", "textbook on", "alloc 3f as a", "alloc 5f as b",
                                 "alloc 3f as c", "alloc 3f as d")),
    "past": Scene({}, (*BLOCKS, "free textures", "stress 1", "alloc 5M below 48M align 1M as late",
                       "alloc 9M as late", "back 4")),
    "tour": Scene({}, (), "tour 14", "owner=sound"),
    "quiz": Scene({}, (), "quiz split 10", "q: end"),
    "crime": Scene({}, (*BLOCKS, "inject fragmentation")),
    "server": Scene({"memory": "512M"}, ("machine server", "alloc 1T as database",
                                         "alloc 300G as cache", "alloc 3M below 16M as sound",
                                         "alloc 2G align 1G as dma", "free 2")),
    "text": Scene({"append": "video=text"}, (*BLOCKS, "check")),
}


def show(guest, scene):
    for command in scene.commands:
        print("\n".join(guest.command(command)))
    if scene.last:
        guest.send(scene.last)
        while scene.until.encode() not in guest.screen.raw:
            guest.send("\r")
            guest.wait_quiet()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("elf")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", help="some of: " + ", ".join(SCENES))
    arguments = parser.parse_args()
    machine.Settings.elf = arguments.elf
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or SCENES:
        scene = SCENES[name]
        with machine.shell(**scene.options) as guest:
            show(guest, scene)
            screen.write_png(guest.settled_screenshot(), arguments.folder / f"{name}.png")


if __name__ == "__main__":
    main()
