#!/usr/bin/env python3
"""Makes the image for old PCs: 1440 KiB that boot as floppy, USB stick, hard disk or CD.

    tools/make_bios_image.py KERNEL GRUB_CFG OUT

A BIOS may present a stick as a floppy or as a hard disk, as it sees fit, so the first sector is all
of it at once: GRUB's boot sector, a FAT volume's parameter block, and a partition table whose
active entry spans the very same volume. Both tables tell a floppy's geometry, since there are
BIOSes that take a stick's geometry from them. A CD that holds the image is a bootable one as well,
whose BIOS finds a boot catalogue that presents the image's own bytes as a floppy.

    sector  0     boot sector, parameter block, partition table
           68     the CD's boot record, terminator and catalogue
           80     FAT12: /boot/ashlar.elf (compressed), /boot/grub/grub.cfg
           ...    GRUB: all that it needs, so that no module is ever looked for
         2844     nothing: a BIOS may keep a disk's last cylinder for itself

The same input gives the same bits.
"""

import glob
import gzip
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

SECTOR_BYTES = 512
CYLINDERS, HEADS, SECTORS = 80, 2, 18
IMAGE_SECTORS = CYLINDERS * HEADS * SECTORS
CORE_END = IMAGE_SECTORS - HEADS * SECTORS

MODULES = """biosdisk fat normal echo test configfile boot multiboot multiboot2 gzio serial terminal
             vbe""".split()

GRUB_FOLDERS = ("/usr/lib/grub/i386-pc", "/usr/share/grub2/i386-pc", "/usr/local/lib/grub/i386-pc",
                "/opt/homebrew/opt/i686-elf-grub/lib/*/grub/i386-pc",
                "/usr/local/opt/i686-elf-grub/lib/*/grub/i386-pc")
MKIMAGE = ("grub-mkimage", "grub2-mkimage", "i686-elf-grub-mkimage")

# For mtools: 2000-01-01, the same in every zone.
FIXED_TIME = {"SOURCE_DATE_EPOCH": "946684800", "TZ": "UTC"}
SERIAL_NUMBER = "20000101"

FAT_MEDIA_FLOPPY = 0xF0

# GRUB's boot sector leaves room for the parameter block up to 0x5A, has the first sector of the
# rest of GRUB (8 bytes) at 0x5C, and probes floppies where others have the partition table; that
# is for BIOSes before the AT's, which do not tell a floppy's geometry (GRUB's
# grub-core/boot/i386/pc/boot.S, include/grub/i386/pc/boot.h).
BOOT_PARAMETERS = slice(0x03, 0x3E)
BOOT_CORE_SECTOR = 0x5C
PARTITION_TABLE = 0x1BE
PARTITION_FORMAT = "<B3sB3sII"
PARTITION_ACTIVE = 0x80
PARTITION_FAT12 = 0x01

# The rest's first sector ends with a list of what to load behind it: first sector (8 bytes), number
# of sectors, segment (grub-core/boot/i386/pc/diskboot.S).
CORE_LIST = SECTOR_BYTES - 12

# A CD's sectors have 2048 bytes. El Torito specification 1.0: the boot record is the 17th of them.
CD_SECTOR_BYTES = 2048
CD_BOOT_RECORD = 17
CD_CATALOGUE = 19
CD_FLOPPY_1440 = 2
FAT_SECTOR = 20 * CD_SECTOR_BYTES // SECTOR_BYTES


def find_tool(names):
    tool = next(filter(shutil.which, names), None)
    if not tool:
        sys.exit(f"tools/make_bios_image.py: no {names[0]}; make setup installs it")
    return tool


def find_grub_folder():
    folders = [path for pattern in GRUB_FOLDERS for path in glob.glob(pattern)]
    if not folders:
        sys.exit("tools/make_bios_image.py: no GRUB for BIOS (i386-pc); make setup installs it")
    return pathlib.Path(folders[0])


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **FIXED_TIME})


def make_core(grub_folder, work):
    """GRUB behind its boot sector, in whole sectors, and the sector where its list says it lies."""
    path = work / "core.img"
    run(find_tool(MKIMAGE), "-d", str(grub_folder), "-O", "i386-pc", "-p", "/boot/grub",
        "-o", str(path), *MODULES)
    core = bytearray(path.read_bytes())
    core += bytes(-len(core) % SECTOR_BYTES)
    core_sector = CORE_END - len(core) // SECTOR_BYTES
    struct.pack_into("<Q", core, CORE_LIST, core_sector + 1)
    return core, core_sector


def pack_kernel(kernel, work):
    """Without symbols, which GRUB would load with it, and compressed: a floppy is slow."""
    stripped = work / "kernel"
    strip = find_tool(("i686-elf-strip", "i686-linux-gnu-strip", "strip"))
    run(strip, "--strip-all", "-o", str(stripped), kernel)
    packed = work / "ashlar.elf"
    packed.write_bytes(gzip.compress(stripped.read_bytes(), 9, mtime=0))
    return packed


def make_volume(path, volume_sectors, kernel, config, work):
    """A floppy's FAT volume, which leaves room before its tables and behind it."""
    image = ("-i", str(path))
    run("mformat", *image, "-C", "-T", str(volume_sectors), "-h", str(HEADS), "-s", str(SECTORS),
        "-m", str(FAT_MEDIA_FLOPPY), "-R", str(FAT_SECTOR), "-N", SERIAL_NUMBER, "-v", "ASHLAR",
        "::")
    run("mmd", *image, "::/boot", "::/boot/grub")
    for source, target in ((pack_kernel(kernel, work), "::/boot/ashlar.elf"),
                           (config, "::/boot/grub/grub.cfg")):
        run("mcopy", *image, str(source), target)


def chs(sector):
    """As in a partition table: head, sector from 1 on with the cylinder's high bits, cylinder."""
    cylinder, rest = divmod(sector, HEADS * SECTORS)
    head, sector = divmod(rest, SECTORS)
    return bytes((head, sector + 1 | cylinder >> 2 & 0xC0, cylinder & 0xFF))


def make_boot_sector(grub_folder, core_sector, volume):
    sector = bytearray((grub_folder / "boot.img").read_bytes())
    sector[BOOT_PARAMETERS] = volume[BOOT_PARAMETERS]
    struct.pack_into("<Q", sector, BOOT_CORE_SECTOR, core_sector)
    table = struct.pack(PARTITION_FORMAT, PARTITION_ACTIVE, chs(0), PARTITION_FAT12,
                        chs(IMAGE_SECTORS - 1), 0, IMAGE_SECTORS)
    sector[PARTITION_TABLE:SECTOR_BYTES - 2] = table.ljust(64, b"\0")
    return sector


def make_cd_records():
    """The CD's sectors from the boot record on: that, the terminator, the boot catalogue."""
    record = struct.pack("<B5sB32s32xI", 0, b"CD001", 1, b"EL TORITO SPECIFICATION", CD_CATALOGUE)
    terminator = struct.pack("<B5sB", 255, b"CD001", 1)
    validation = bytearray(struct.pack("<BB2x24sHBB", 1, 0, b"Ashlar", 0, 0x55, 0xAA))
    words = struct.unpack("<16H", validation)
    struct.pack_into("<H", validation, 28, -sum(words) & 0xFFFF)
    entry = struct.pack("<BBHBxHI20x", 0x88, CD_FLOPPY_1440, 0, 0, 1, 0)
    return b"".join(part.ljust(CD_SECTOR_BYTES, b"\0")
                    for part in (record, terminator, bytes(validation) + entry))


def put(image, offset, data):
    assert not any(image[offset:offset + len(data)]), f"something is at {offset} already"
    image[offset:offset + len(data)] = data


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: tools/make_bios_image.py KERNEL GRUB_CFG OUT")
    kernel, config, out = sys.argv[1:]
    grub_folder = find_grub_folder()
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        work = pathlib.Path(folder)
        core, core_sector = make_core(grub_folder, work)
        volume = work / "volume"
        make_volume(volume, core_sector, kernel, config, work)
        image = bytearray(volume.read_bytes())
    assert len(image) == core_sector * SECTOR_BYTES
    image[:SECTOR_BYTES] = make_boot_sector(grub_folder, core_sector, image)
    put(image, CD_BOOT_RECORD * CD_SECTOR_BYTES, make_cd_records())
    image += core + bytes((IMAGE_SECTORS - CORE_END) * SECTOR_BYTES)
    pathlib.Path(out).write_bytes(image)


if __name__ == "__main__":
    main()
