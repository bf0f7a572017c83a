"""What only UEFI's machines have, or lack."""

import contextlib

import uefi
from machine import Machine
from report import check
from test_grub import iso_with

BOOT_SECONDS = 150


@contextlib.contextmanager
def uefi_shell(bits, *commands, **options):
    """A Machine that GRUB booted by these commands, with the shell waiting."""
    board, extra = uefi.board_options(bits)
    with iso_with(*commands) as iso:
        with Machine(machine="q35" + board, cpu="max", memory="256M", boot="cd", iso=iso,
                     arch="x86_64" if bits == 64 else "i386", lifetime=2 * BOOT_SECONDS,
                     extra=extra + uefi.firmware_options(bits), **options) as machine:
            machine.wait_prompt(BOOT_SECONDS)
            yield machine


def end_by_acpi(machine):
    machine.qmp("query-status")
    machine.send("exit\r")
    assert machine.wait_end() == "guest-shutdown"
    assert machine.screen.lines[-1] == "exit way=acpi", machine.screen.lines[-3:]


def test_exit_by_multiboot_1():
    """Multiboot 1 says nothing of ACPI, and UEFI has its root pointer in no BIOS: exit finds it."""
    with uefi_shell(64, "multiboot /ashlar.elf", exit_device=False) as machine:
        end_by_acpi(machine)


def test_no_screen():
    """Without an adapter there is neither graphics nor text; the shell and exit work."""
    with uefi_shell(32, "multiboot /ashlar.elf", vga="none", exit_device=False) as machine:
        assert machine.command("video")[0] == "video adapter=none screen=none"
        check(machine)
        end_by_acpi(machine)


def test_no_text_screen():
    """Where the firmware shows graphics, there is no text, though there is a VGA."""
    with uefi_shell(64, "multiboot2 /ashlar.elf video=text") as machine:
        assert machine.command("video")[0] == "video adapter=none screen=none"
        assert machine.command("mode text") == [
            "error: mode text: there is no text screen to go back to"]
        check(machine)
