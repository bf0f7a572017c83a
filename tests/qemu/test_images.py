"""The images: small, sane to a strict BIOS, bootable from all that they are for; their menu."""

import contextlib
import os
import pathlib
import re
import struct
import subprocess
import tempfile

from elf_file import symbols
from machine import PROMPT, Machine, Settings, shell
from report import alloc, check

ROOT = pathlib.Path(__file__).resolve().parents[2]
MENU = ROOT / "iso/grub.cfg"
SECTOR_BYTES = 512
ACTIVE = 0x80
FAT12 = 0x01
ISO_BYTES_MAX = 6 << 20
FLOPPY_BYTES = 80 * 2 * 18 * SECTOR_BYTES

ASK_FOR_LBA = b"\xB4\x41\xBB\xAA\x55"  # mov ah, 0x41; mov bx, 0x55AA

TEXT_SIZE = (720, 400)
PASSED = 33


def first_sector(path):
    with open(path, "rb") as file:
        return file.read(SECTOR_BYTES)


def partitions(path):
    """(flag, CHS of the first sector, type, CHS of the last, first sector, sectors) of each."""
    sector = first_sector(path)
    assert sector[510:] == b"\x55\xAA"
    entries = [struct.unpack_from("<B3sB3sII", sector, 0x1BE + 16 * i) for i in range(4)]
    assert all(flag in (0, ACTIVE) for flag, *_ in entries), entries
    return [entry for entry in entries if entry[-1] > 0]


def drive(interface, path=None):
    return ("-drive", f"file={path or Settings.image},format=raw,snapshot=on,if={interface}")


@contextlib.contextmanager
def menu(**options):
    """A machine with GRUB's menu on its serial line."""
    options.setdefault("extra", drive("ide"))
    with Machine(boot=None, **options) as machine:
        machine.wait_until(lambda: b"before booting" in machine.screen.raw, "menu on the line")
        yield machine


def choose(machine, entry):
    """Boots the entry whose title begins like that."""
    titles = re.findall(r'^menuentry "(.*)"', MENU.read_text(encoding="ascii"), re.MULTILINE)
    matching = [i for i, title in enumerate(titles) if title.startswith(entry)]
    machine.send("\x1b[B" * matching[0] + "\r")


@contextlib.contextmanager
def booted(entry, **options):
    """The shell's prompt behind a menu entry."""
    with menu(**options) as machine:
        choose(machine, entry)
        machine.wait_prompt()
        yield machine


# What a BIOS sees.

def test_iso_size():
    """The ISO has at most 6 MiB."""
    assert os.path.getsize(Settings.iso) <= ISO_BYTES_MAX


def test_iso_is_active():
    """Exactly one entry of the ISO's MBR is active."""
    assert [flag for flag, *_ in partitions(Settings.iso)].count(ACTIVE) == 1


def test_bios_image_is_a_floppy():
    """The image for old PCs has a floppy's size, and a parameter block with its geometry."""
    assert os.path.getsize(Settings.image) == FLOPPY_BYTES
    bytes_a_sector, = struct.unpack_from("<H", first_sector(Settings.image), 11)
    sectors, heads = struct.unpack_from("<HH", first_sector(Settings.image), 24)
    assert (bytes_a_sector, sectors, heads) == (SECTOR_BYTES, 18, 2)


def test_bios_image_partition():
    """Its one partition is active, spans it, and ends where a cylinder of that geometry ends."""
    (flag, first_chs, kind, last_chs, first, count), = partitions(Settings.image)
    assert (flag, kind) == (ACTIVE, FAT12)
    assert first == 0 and count * SECTOR_BYTES == FLOPPY_BYTES
    assert tuple(first_chs) == (0, 1, 0), first_chs  # head, sector, cylinder
    assert tuple(last_chs) == (1, 18, 79), last_chs


def test_bios_image_files():
    """Whoever mounts it finds the menu that it boots with."""
    found = subprocess.run(["mtype", "-i", Settings.image, "::/boot/grub/grub.cfg"], check=True,
                           capture_output=True).stdout
    assert found == MENU.read_bytes()


def test_usb_names_no_device():
    """`make usb` names both images, and no device of this machine."""
    text = subprocess.run([ROOT / "tools/usb.sh", "a.iso", "b.img"], check=True,
                          capture_output=True, text=True).stdout
    assert "if=a.iso" in text and "if=b.img" in text
    assert set(re.findall(r"/dev/\w+", text)) <= {"/dev/DEVICE", "/dev/diskN", "/dev/rdiskN",
                                                  "/dev/fd0"}


def test_room_that_is_left():
    """`make` prints what the linked kernel leaves of the memory below 2 MiB."""
    end = symbols(Settings.elf)["image_end"]
    said = subprocess.run([ROOT / "tools/left.py", Settings.elf], check=True, capture_output=True,
                          text=True).stdout
    assert said == f"  LEFT  {(0x200000 - end) // 1024} KiB below 2 MiB\n", said
    would_run = subprocess.run(["make", "-n", "-C", ROOT, "all"], check=True, capture_output=True,
                               text=True).stdout
    assert "tools/left.py build/ashlar.elf" in would_run, would_run


# From what it boots.

def test_bios_image_on_a_486():
    """It boots unattended from the hard disk of a 486 with 4 MiB and no PCI."""
    with shell(boot=None, machine="isapc", cpu="486", memory="4M", extra=drive("ide")) as machine:
        assert alloc(machine, "256K").frames == 64
        check(machine)


def test_bios_image_without_lba():
    """
    A BIOS that reads hard disks by cylinder, head and sector alone, and keeps the last cylinder of
    one for itself, loads it. Whether it knows more is asked wrongly here: AH=0xFE for 0x41.
    """
    with tempfile.NamedTemporaryFile(suffix=".img") as file:
        image = bytearray(pathlib.Path(Settings.image).read_bytes())
        image[image.index(ASK_FOR_LBA, 0, SECTOR_BYTES) + 1] = 0xFE
        file.write(image)
        file.flush()
        with booted("Ashlar", extra=drive("ide", file.name)) as machine:
            check(machine)


def test_bios_image_from_floppy():
    """It boots from a 486's floppy, which a BIOS reads by cylinder, head and sector."""
    floppy = drive("floppy")
    with booted("Ashlar", machine="isapc", cpu="486", memory="4M", extra=floppy) as machine:
        check(machine)


def test_bios_image_from_usb():
    """It boots from a USB stick."""
    stick = ("-device", "qemu-xhci,id=hc", *drive("none,id=stick"),
             "-device", "usb-storage,bus=hc.0,drive=stick,bootindex=0")
    with booted("Ashlar", extra=stick) as machine:
        check(machine)


def test_bios_image_from_cd():
    """A CD that holds it boots as an emulated floppy."""
    with booted("Ashlar", extra=("-cdrom", Settings.image, "-boot", "d")) as machine:
        check(machine)


def test_no_serial_line():
    """Without a serial port the menu counts down all the same, and the kernel comes up."""
    no_ports = ("-serial", "none") * 4  # a PC has four at most, so that ours is none of them
    with Machine(boot=None, memory="16M", extra=(*drive("ide"), *no_ports)) as machine:
        machine.wait_screenshot(lambda shot: shot.size == (1024, 768), "graphics")
        assert not machine.screen.raw


def test_loader_does_not_complain():
    """From a BIOS's first line to the kernel's, no image asks for a file that is not on it.

    Without a screen, SeaBIOS's console is the serial line: all that GRUB says is there. For UEFI,
    tests/machines looks.
    """
    for medium in (("-cdrom", Settings.iso), drive("ide", Settings.iso), drive("ide"),
                   drive("floppy")):
        with Machine(boot=None, machine="pc,graphics=off", extra=medium) as machine:
            lines = machine.wait_prompt()
            assert any("GRUB" in line for line in lines), lines
            complaints = [line for line in lines if re.search("(?i)error|not found", line)]
            assert not complaints, (medium, complaints)


# The menu.

def test_entry_default():
    """The first entry comes up in graphics."""
    with booted("Ashlar") as machine:
        assert machine.screenshot().size == (1024, 768)
        assert any(line.startswith("boot protocol=multiboot2") for line in machine.screen.lines)


def test_entry_safe():
    """Safe: a text screen, classic page tables and no write-combining where there is better."""
    with booted("Safe", cpu="max") as machine:
        text = "\n".join(machine.screen.lines)
        assert 'paging="classic"' in text and "write-combining=none" in text, text
        assert "error:" not in text, text
        assert machine.screenshot().size == TEXT_SIZE
        machine.wait_until(lambda: any(PROMPT in line for line in machine.text_screen()),
                           "shell on the text screen")


def test_entry_self_test():
    """Self-test: passes, and ends QEMU as it promises."""
    with menu() as machine:
        choose(machine, "Self-test")
        assert machine.wait_exit() == PASSED
        machine.wait_line(r"^[1-9][0-9]* passed, 0 failed$")


def test_entry_memory_test():
    """Memory test: the command memtest runs on a text screen, and the shell follows."""
    with booted("Memory test", memory="16M") as machine:
        machine.wait_line(r"^memtest tested=\d+ untested=0 passes=1 bad=0 ok$", 300)
        assert machine.screenshot().size == TEXT_SIZE


def test_entry_trace():
    """Trace: numbered steps in order, on a text screen."""
    with booted("Trace") as machine:
        steps = [int(step) for step in
                 re.findall(r"^trace step=(\d+) ", "\n".join(machine.screen.lines), re.MULTILINE)]
        assert len(steps) > 3 and steps == list(range(1, len(steps) + 1)), steps
        assert machine.screenshot().size == TEXT_SIZE


def test_entry_serial():
    """Serial line only: the shell is there, and the screen is not touched."""
    with booted("Serial") as machine:
        check(machine)
        assert not any(PROMPT in line for line in machine.text_screen())


def test_entry_multiboot_1():
    """Multiboot 1 is in the menu, too."""
    with booted("By multiboot 1") as machine:
        assert any(line.startswith("boot protocol=multiboot1") for line in machine.screen.lines)
        check(machine)


def test_iso_menu_over_serial():
    """The ISO's menu is on the serial line, too."""
    with menu(extra=drive("ide", Settings.iso)) as machine:
        choose(machine, "Safe")
        machine.wait_prompt()
        assert any('paging="classic"' in line for line in machine.screen.lines)
