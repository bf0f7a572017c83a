"""Both multiboot protocols, as GRUB speaks them: command line, map and modules come through."""

import contextlib
import os
import shutil
import subprocess
import tempfile

from machine import Machine, Settings, shell
from report import Line, check, is_free, regions

MKRESCUE = ("grub-mkrescue", "grub2-mkrescue", "i686-elf-grub-mkrescue")
MODULE_BYTES = 1 << 20


@contextlib.contextmanager
def iso_with(*commands, files=()):
    """
    An ISO whose GRUB runs these commands at once: kernel in /ashlar.elf, 1 MiB in /module, and files
    under their own names.
    """
    tool = next(filter(shutil.which, MKRESCUE))
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        tree = os.path.join(folder, "tree")
        os.makedirs(os.path.join(tree, "boot/grub"))
        shutil.copy(Settings.elf, os.path.join(tree, "ashlar.elf"))
        for name in files:
            shutil.copy(name, tree)
        with open(os.path.join(tree, "module"), "wb") as file:
            file.write(b"module! " * (MODULE_BYTES // 8))
        with open(os.path.join(tree, "boot/grub/grub.cfg"), "w", encoding="ascii") as file:
            file.write("\n".join((*commands, "boot", "")))
        iso = os.path.join(folder, "test.iso")
        subprocess.run([tool, "-o", iso, tree, "--install-modules=multiboot multiboot2 normal "
                        "iso9660 part_msdos part_gpt boot all_video iorw", "--fonts=", "--locales=",
                        "--themes="], check=True, capture_output=True)
        yield iso


def run_line(protocol):
    # GRUB passes no file name before the options, as QEMU does: the first word counts. In its
    # language a semicolon ends a command, unless it is escaped.
    with iso_with(f"{protocol} /ashlar.elf run=alloc 3M below 16M as grub\\;check\\;exit 2") as iso:
        with Machine(boot="cd", iso=iso) as machine:
            assert machine.wait_exit() == 37
            block, = [Line(text) for text in machine.screen.lines if text.startswith("block ")]
            assert block.frames == 768 and block.owner == "grub", block
            assert "check ok" in machine.screen.lines


def quoted_line(protocol):
    """An argument with blanks arrives in quotes, one with a quote in it behind a backslash."""
    with iso_with(f'{protocol} /ashlar.elf video=text "run=alloc 3M below 16M as grub;check;'
                  'at \\"0x1000\\";at \'0x1000;exit 2" trac') as iso:
        with Machine(boot="cd", iso=iso) as machine:
            assert machine.wait_exit() == 37
            lines = machine.screen.lines
    block, = [Line(text) for text in lines if text.startswith("block ")]
    assert block.frames == 768 and block.owner == "grub", block
    assert "check ok" in lines
    errors = [line for line in lines if line.startswith("error: ")]
    assert errors[0] == 'error: boot option "trac": there is no such boot option', errors
    assert '"0x1000"' in errors[1] and "'0x1000" in errors[2] and len(errors) == 3, errors


def test_multiboot_1_quotes():
    """Multiboot 1: GRUB's quotes and backslashes are read."""
    quoted_line("multiboot")


def test_multiboot_2_quotes():
    """Multiboot 2: GRUB's quotes and backslashes are read."""
    quoted_line("multiboot2")


def first_word(protocol):
    """GRUB passes no file name: a first word that is no option is mistyped."""
    with iso_with(f"{protocol} /ashlar.elf trac run=map\\;exit 2") as iso:
        with Machine(boot="cd", iso=iso) as machine:
            assert machine.wait_exit() == 37
            errors = [line for line in machine.screen.lines if line.startswith("error: ")]
    assert errors == ['error: boot option "trac": there is no such boot option'], errors


def test_multiboot_1_first_word():
    """Multiboot 1 of GRUB: the first word is an option."""
    first_word("multiboot")


def test_multiboot_2_first_word():
    """Multiboot 2 of GRUB: the first word is an option."""
    first_word("multiboot2")


def test_multiboot_1_command_line():
    """Multiboot 1: the kernel gets its command line."""
    run_line("multiboot")


def test_multiboot_2_command_line():
    """Multiboot 2: the kernel gets its command line."""
    run_line("multiboot2")


def test_protocols_agree():
    """Both protocols bring the same firmware map."""
    found = []
    for protocol in ("multiboot", "multiboot2"):
        with iso_with(f"{protocol} /ashlar.elf video=off") as iso:
            with shell(boot="cd", iso=iso, memory="6G", arch="x86_64") as machine:
                lines = regions(machine)
                check(machine)
        found.append({kind: sum(line.bytes for line in lines if line.kind == kind)
                      for kind in ("usable", "acpi", "nvs", "bad")})
    assert found[0] == found[1], found
    assert found[0]["usable"] > 5 << 30, found


def modules(load_kernel, load_module):
    with iso_with(f"{load_kernel} /ashlar.elf", f"{load_module} /module first",
                  f"{load_module} /module second") as iso:
        with shell(boot="cd", iso=iso) as machine:
            lines = regions(machine)
            held = [line for line in lines if "module" in str(line.fields.get("owner"))]
            assert sum(line.bytes for line in held) >= 2 * MODULE_BYTES, held
            assert not any(is_free(line) for line in held), held
            address = held[0].base
            assert machine.read_physical(address, 8) == b"module! ", "the module was overwritten"
            check(machine)


def test_modules_of_multiboot_1():
    """Multiboot 1: modules are reserved, and stay as they were loaded."""
    modules("multiboot", "module")


def test_modules_of_multiboot_2():
    """Multiboot 2: modules are reserved, and stay as they were loaded."""
    modules("multiboot2", "module2")
