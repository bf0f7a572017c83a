"""A machine of the matrix as options of QEMU."""

import contextlib
import os

from machine import Machine, Settings
from matrix import GIB, KIB
from test_grub import iso_with

# 64-bit firmware wants nothing of the board; Debian's in 32 bits is made for secure boot alone, and
# keeps its variables where only system management mode may write.
FIRMWARE_FOLDER = "/usr/share/OVMF"
FIRMWARE = {
    "UEFI 64": ("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"),
    "UEFI 32": ("OVMF32_CODE_4M.secboot.fd", "OVMF32_VARS_4M.fd"),
}
USB_HOSTS = {"usb-xhci": "qemu-xhci", "usb-ehci": "usb-ehci", "usb-uhci": "piix3-usb-uhci",
             "usb-ohci": "pci-ohci"}
PROCESSORS_64 = ("core2duo", "max")


def lacks(entry):
    """What is not installed, or None."""
    for name in FIRMWARE.get(entry.firmware, ()):
        if not os.path.exists(os.path.join(FIRMWARE_FOLDER, name)):
            return name
    return None


def board_options(entry):
    board, cpu, extra = entry.board, entry.cpu, []
    if entry.memory_bytes >= GIB:  # never more than is touched, whatever the host has
        board += ",memory-backend=ram"
        extra += ["-object", f"memory-backend-ram,id=ram,size={entry.memory_bytes},reserve=off"]
    if entry.memory_bytes > 64 * GIB:
        cpu += ",phys-bits=46"
    if entry.firmware == "UEFI 32":
        board += ",smm=on"
        extra += ["-global", "driver=cfi.pflash01,property=secure,value=on"]
    return board, cpu, extra


def firmware_options(entry):
    options = []
    for unit, name in enumerate(FIRMWARE.get(entry.firmware, ())):
        access = "snapshot=on" if unit else "readonly=on"
        options += ["-drive", f"if=pflash,unit={unit},format=raw,{access},"
                              f"file={os.path.join(FIRMWARE_FOLDER, name)}"]
    return options


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
def start(entry, lifetime):
    board, cpu, extra = board_options(entry)
    vga, display = display_options(entry)
    with image_of(entry) as image:
        boot, medium = medium_options(entry, image)
        with Machine(memory=f"{entry.memory_bytes // KIB}K", boot=boot, iso=image, machine=board,
                     cpu=cpu, vga=vga, arch="x86_64" if entry.cpu in PROCESSORS_64 else "i386",
                     extra=extra + firmware_options(entry) + display + medium,
                     lifetime=lifetime) as machine:
            yield machine
