"""The matrix and what came of it as a table in Markdown, the same for the same results."""

import re

from checks import CHECKS
from matrix import GIB, KIB, MIB, TEXT, TIB

BEGIN = "<!-- machines: begin -->"
END = "<!-- machines: end -->"

NAMES = {"pc": "QEMU pc", "q35": "QEMU q35", "isapc": "QEMU isapc", "microvm": "QEMU microvm",
         "bochs": "Bochs", "dosbox": "DOSBox", "v86": "v86"}
MEDIA = {"cd": "CD", "floppy": "floppy", "net": "network, PXE",
         "usb-xhci": "USB stick, xHCI", "usb-ehci": "USB stick, EHCI",
         "usb-uhci": "USB stick, UHCI", "usb-ohci": "USB stick, OHCI"}


def amount(size_bytes):
    for unit, name in ((TIB, "TiB"), (GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if size_bytes >= unit:
            return f"{size_bytes / unit:g} {name}"
    return f"{size_bytes} bytes"


def medium(entry):
    if entry.boots == "kernel":
        return "kernel, multiboot 1"
    name = MEDIA.get(entry.boots) or ("AHCI disk" if entry.board == "q35" else "IDE disk")
    image = "image for old PCs, " if entry.image == "old" else ""
    return f"{name}, {image}{entry.loader}, multiboot {entry.multiboot}"


def picture(entry):
    if entry.screen is None:
        return "none"
    size = TEXT if entry.screen == TEXT else "{}x{}".format(*entry.screen)
    return f"{entry.display}, {size}"


def self_test(entry, word):
    return f"all but {', '.join(entry.fails)}" if word == "ok" and entry.fails else word


def row(entry, result):
    return " | ".join((entry.name, NAMES[entry.board], "" if entry.board == "v86" else entry.cpu,
                       amount(entry.memory_bytes), entry.firmware, medium(entry), picture(entry),
                       *result))


def format_table(results):
    """results: (entry, {check: word}) in the matrix's order."""
    checks = ["prompt"] + [name for name, _ in CHECKS]

    def cells(entry, words):
        return [self_test(entry, words[name]) if name == "self-test" else words[name]
                for name in checks]
    head = ["machine", "board", "processor", "memory", "firmware", "boots from", "display", *checks]
    lines = [" | ".join(head), " | ".join(["---"] * len(head))]
    lines += [row(entry, cells(entry, words)) for entry, words in results]
    return "".join(f"| {line} |\n" for line in lines)


def between(text):
    """What stands between the markers of a document; raises if they are not there once each."""
    match = re.fullmatch(f"(.*{BEGIN}\n)(.*)(\n?{END}.*)", text, re.DOTALL)
    if not match:
        raise ValueError(f"no {BEGIN} and {END} in it")
    return match.groups()


def renew(text, table):
    before, _, after = between(text)
    return before + table + after.lstrip("\n")
