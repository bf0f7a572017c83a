"""A machine of the matrix as options of QEMU."""

import contextlib
import os

import media
import uefi
from machine import Machine
from matrix import GIB, KIB

FIRMWARE_BITS = {"UEFI 64": 64, "UEFI 32": 32}
USB_HOSTS = {"usb-xhci": "qemu-xhci", "usb-ehci": "usb-ehci", "usb-uhci": "piix3-usb-uhci",
             "usb-ohci": "pci-ohci"}
PROCESSORS_64 = ("core2duo", "max")
# Adapters that -vga does not name.
DISPLAYS = {
    "ramfb": ("-device", "ramfb"),
    "bochs on pxb": ("-device", "pxb,bus_nr=64,id=root",
                     "-device", "bochs-display,bus=root,addr=1"),
    "bochs on pxb-pcie": ("-device", "pxb-pcie,bus_nr=128,id=root",
                          "-device", "pcie-root-port,bus=root,id=behind,chassis=9",
                          "-device", "bochs-display,bus=behind"),
}
NETWORK_ROM = "/usr/lib/ipxe/qemu/pxe-e1000.rom"


def lacks(entry):
    """What is not installed, or None."""
    bits = FIRMWARE_BITS.get(entry.firmware)
    missing = uefi.lacks(bits) if bits else None
    if entry.boots == "net" and not os.path.exists(NETWORK_ROM):
        missing = NETWORK_ROM
    return missing or media.lacks(entry)


def board_options(entry):
    board, cpu, extra = entry.board, entry.cpu, []
    if entry.memory_bytes >= GIB:  # never more than is touched, whatever the host has
        board += ",memory-backend=ram"
        extra += ["-object", f"memory-backend-ram,id=ram,size={entry.memory_bytes},reserve=off"]
    if entry.memory_bytes > 64 * GIB:
        cpu += ",phys-bits=46"
    if not entry.can_type:
        board += ",i8042=off"
    if entry.firmware in FIRMWARE_BITS:
        bits = FIRMWARE_BITS[entry.firmware]
        more_board, more = uefi.board_options(bits)
        board += more_board
        extra += more + uefi.firmware_options(bits)
    return board, cpu, extra


def display_options(entry):
    if entry.display in DISPLAYS:
        return "none", list(DISPLAYS[entry.display])
    return entry.display, []


def input_options(entry):
    """A PC has four serial ports at most: where these are none, ours is too."""
    return [] if entry.can_type else ["-serial", "none"] * 4


def medium_options(entry, image):
    """(boot of Machine, more options)"""
    if entry.boots == "kernel":
        return "elf", []
    if entry.boots == "floppy":
        return None, ["-drive", f"if=floppy,format=raw,snapshot=on,file={image}"]
    if entry.boots == "net":
        return None, ["-netdev", f"user,id=net,tftp={image},bootfile={media.first_of(entry)}",
                      "-device", "e1000,netdev=net,bootindex=0"]
    if not entry.boots.startswith("usb-"):
        return entry.boots, []
    return None, [
        "-device", f"{USB_HOSTS[entry.boots]},id=hc",
        "-drive", f"if=none,id=stick,format=raw,snapshot=on,file={image}",
        "-device", "usb-storage,bus=hc.0,drive=stick,bootindex=0"]


@contextlib.contextmanager
def start(entry):
    board, cpu, extra = board_options(entry)
    vga, display = display_options(entry)
    with media.medium_of(entry) as image:
        boot, medium = medium_options(entry, image)
        with Machine(memory=f"{entry.memory_bytes // KIB}K", boot=boot, iso=image, machine=board,
                     cpu=cpu, vga=vga, arch="x86_64" if entry.cpu in PROCESSORS_64 else "i386",
                     extra=extra + display + input_options(entry) + medium) as machine:
            yield machine
