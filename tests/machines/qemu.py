"""A machine of the matrix as options of QEMU."""

import contextlib

import uefi
from machine import Machine, Settings
from matrix import GIB, KIB
from test_grub import iso_with

FIRMWARE_BITS = {"UEFI 64": 64, "UEFI 32": 32}
USB_HOSTS = {"usb-xhci": "qemu-xhci", "usb-ehci": "usb-ehci", "usb-uhci": "piix3-usb-uhci",
             "usb-ohci": "pci-ohci"}
PROCESSORS_64 = ("core2duo", "max")


def lacks(entry):
    """What is not installed, or None."""
    bits = FIRMWARE_BITS.get(entry.firmware)
    return uefi.lacks(bits) if bits else None


def board_options(entry):
    board, cpu, extra = entry.board, entry.cpu, []
    if entry.memory_bytes >= GIB:  # never more than is touched, whatever the host has
        board += ",memory-backend=ram"
        extra += ["-object", f"memory-backend-ram,id=ram,size={entry.memory_bytes},reserve=off"]
    if entry.memory_bytes > 64 * GIB:
        cpu += ",phys-bits=46"
    if entry.firmware in FIRMWARE_BITS:
        bits = FIRMWARE_BITS[entry.firmware]
        more_board, more = uefi.board_options(bits)
        board += more_board
        extra += more + uefi.firmware_options(bits)
    return board, cpu, extra


def display_options(entry):
    if entry.display == "ramfb":
        return "none", ["-device", "ramfb"]
    return entry.display, []


def medium_options(entry, image):
    """(boot of Machine, more options)"""
    if entry.boots == "kernel":
        return "elf", []
    if entry.boots == "floppy":
        return None, ["-drive", f"if=floppy,format=raw,snapshot=on,file={image}"]
    if not entry.boots.startswith("usb-"):
        return entry.boots, []
    return None, [
        "-device", f"{USB_HOSTS[entry.boots]},id=hc",
        "-drive", f"if=none,id=stick,format=raw,snapshot=on,file={image}",
        "-device", "usb-storage,bus=hc.0,drive=stick,bootindex=0"]


@contextlib.contextmanager
def image_of(entry):
    """The build's own images speak multiboot 2; for 1, one is made that says so in its menu."""
    if entry.image == "old":
        yield Settings.image
    elif entry.boots == "kernel" or entry.multiboot == 2:
        yield Settings.iso
    else:
        with iso_with("multiboot /ashlar.elf") as iso:
            yield iso


@contextlib.contextmanager
def start(entry):
    board, cpu, extra = board_options(entry)
    vga, display = display_options(entry)
    with image_of(entry) as image:
        boot, medium = medium_options(entry, image)
        with Machine(memory=f"{entry.memory_bytes // KIB}K", boot=boot, iso=image, machine=board,
                     cpu=cpu, vga=vga, arch="x86_64" if entry.cpu in PROCESSORS_64 else "i386",
                     extra=extra + display + medium) as machine:
            yield machine
