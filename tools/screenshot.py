#!/usr/bin/env python3
"""Boots the kernel in QEMU, gives it a few commands, and writes a picture of its screen.

    tools/screenshot.py ELF OUT.png [--memory 128M] [--append OPTIONS] [COMMAND ...]
"""

import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "qemu"))

import machine  # noqa: E402
import screen  # noqa: E402

COMMANDS = [
    "alloc 3M below 16M align 64K as sound",
    "alloc 20M as textures",
    "alloc 1M align 1M as network",
    "alloc 12M above 32M below 64M as camera",
    "alloc 256K below 1M as floppy",
    "alloc 3M below 64K",
    "check",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("elf")
    parser.add_argument("out")
    parser.add_argument("--memory", default="128M")
    parser.add_argument("--append", default="")
    parser.add_argument("commands", nargs="*")
    arguments = parser.parse_args()
    machine.Settings.elf = arguments.elf
    arch = "x86_64" if arguments.memory.endswith("G") else "i386"
    with machine.Machine(memory=arguments.memory, append=arguments.append, arch=arch) as guest:
        guest.wait_prompt()
        for command in arguments.commands or COMMANDS:
            print("\n".join(guest.command(command)))
        screen.write_png(guest.settled_screenshot(), arguments.out)


if __name__ == "__main__":
    main()
