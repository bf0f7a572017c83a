"""What a machine boots from: an image, or a folder that a network's server gives out.

Knows the boot loaders, where Debian keeps them and what their menus look like. Knows nothing of
emulators.
"""

import contextlib
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from machine import Settings

ROOT = pathlib.Path(__file__).resolve().parents[2]
SYSLINUX = "/usr/lib/syslinux/modules/bios/"
SYSLINUX_MODULES = tuple(SYSLINUX + name for name in ("ldlinux.c32", "libcom32.c32", "mboot.c32"))
SYSLINUX_MENU = "DEFAULT ashlar\nLABEL ashlar\nKERNEL mboot.c32\nAPPEND ashlar.elf\n"


@dataclasses.dataclass(frozen=True)
class Loader:
    """A boot loader that is only for the tests, as files in a folder beside ashlar.elf.

    files: what must be installed, and comes along. first: the one that the BIOS starts; for a CD,
    without a file system's help (El Torito's "no emulation"). menu: its name and what is in it.
    """

    files: tuple
    first: str
    menu: tuple


LOADERS = {
    "ISOLINUX": Loader(("/usr/lib/ISOLINUX/isolinux.bin", *SYSLINUX_MODULES), "isolinux.bin",
                       ("isolinux.cfg", SYSLINUX_MENU)),
    "PXELINUX": Loader(("/usr/lib/PXELINUX/pxelinux.0", *SYSLINUX_MODULES), "pxelinux.0",
                       ("pxelinux.cfg/default", SYSLINUX_MENU)),
    "iPXE": Loader((), "ashlar.ipxe", ("ashlar.ipxe", "#!ipxe\nkernel ashlar.elf\nboot\n")),
    "GRUB legacy": Loader(("/usr/lib/grub/x86_64-pc/stage2_eltorito",), "stage2_eltorito",
                          ("boot/grub/menu.lst", "timeout 0\ntitle Ashlar\nkernel /ashlar.elf\n")),
}


def lacks(entry):
    """What is not installed of its boot loader, or None."""
    loader = LOADERS.get(entry.loader)
    needed = loader.files if loader else ()
    return next((path for path in needed if not os.path.exists(path)), None)


def first_of(entry):
    """The file that a PC which boots from the network asks for."""
    return LOADERS[entry.loader].first


def fill(folder, loader):
    shutil.copy(Settings.elf, os.path.join(folder, "ashlar.elf"))
    for path in loader.files:
        shutil.copy(path, folder)
    name, text = loader.menu
    path = pathlib.Path(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="ascii")


def make_cd(tree, loader, path):
    subprocess.run(["xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", path, "-b", loader.first,
                    "-c", "boot.cat", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
                    tree], check=True, capture_output=True)


def make_iso_of_multiboot_1(folder):
    """The build's own image, but for the entry of its menu that starts by itself."""
    menu = (ROOT / "iso/grub.cfg").read_text(encoding="ascii")
    titles = re.findall(r'^menuentry "(.*)"', menu, re.MULTILINE)
    chosen = next(i for i, title in enumerate(titles) if "multiboot 1" in title)
    config = os.path.join(folder, "grub.cfg")
    with open(config, "w", encoding="ascii") as file:
        file.write(menu.replace("set default=0", f"set default={chosen}"))
    iso = os.path.join(folder, "ashlar.iso")
    subprocess.run([ROOT / "tools/make_iso.sh", Settings.elf, config, iso], check=True)
    return iso


@contextlib.contextmanager
def medium_of(entry):
    """The path of the kernel, of an image, or of a folder for the network's server."""
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        loader = LOADERS.get(entry.loader)
        if entry.boots == "kernel":
            yield Settings.elf
        elif loader:
            tree = os.path.join(folder, "tree")
            os.mkdir(tree)
            fill(tree, loader)
            if entry.boots == "cd":
                make_cd(tree, loader, os.path.join(folder, "cd.iso"))
            yield tree if entry.boots == "net" else os.path.join(folder, "cd.iso")
        elif entry.image == "old":
            yield Settings.image
        else:
            yield Settings.iso if entry.multiboot == 2 else make_iso_of_multiboot_1(folder)
