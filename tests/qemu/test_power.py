"""exit and reboot find the way that a machine has, and name each one that they try."""

import re

from machine import Machine, shell
from report import blocks, buddy, check, error

BARE = {"exit_device": False, "vga": "none"}
NO_HYPERVISOR = {"cpu": "qemu32,-hypervisor"}  # as a real processor
OLD = {"machine": "isapc", "cpu": "486", "memory": "16M"}


def ways(lines, command):
    said = [re.fullmatch(rf"{command} way=(.*)", line) for line in lines]
    return [match.group(1) for match in said if match]


def end_by(machine, command):
    """Types the command; returns the ways that were tried and, once QEMU has ended, why it did."""
    machine.qmp("query-status")
    machine.send(command + "\r")
    reason = machine.wait_end()
    return ways(machine.screen.lines, command), reason


def end(command, **options):
    with shell(**{**BARE, **options}) as machine:
        return end_by(machine, command)


def end_of_microvm(command):
    """The same on a machine whose power management lies in memory (ACPI's reduced hardware)."""
    with Machine(machine="microvm,acpi=on", append=f"run={command}", **BARE) as machine:
        machine.qmp("query-status")
        reason = machine.wait_end()
        return ways(machine.screen.lines, command), reason


def test_exit_by_acpi():
    """Without an exit device, exit switches off as the tables say."""
    assert end("exit") == (["acpi"], "guest-shutdown")
    assert end("exit", machine="q35", **NO_HYPERVISOR) == (["acpi"], "guest-shutdown")


def test_exit_by_a_register_in_memory():
    """Where the register to sleep by lies in memory, it is mapped, and works."""
    assert end_of_microvm("exit") == (["acpi"], "guest-shutdown")


def test_exit_without_memory():
    """When all memory is taken, exit still reads the tables and switches off."""
    with shell(machine="q35", memory="16M", **BARE) as machine:
        while (largest := buddy(machine)[1].largest) > 0:
            machine.command(f"alloc {largest * 4096}")
        assert end_by(machine, "exit") == (["acpi"], "guest-shutdown")


def test_exit_of_an_emulator():
    """Without ACPI, a machine that says it is emulated is ended at its emulator's ports."""
    assert end("exit", machine="q35", append="acpi=off") == (["emulator"], "guest-shutdown")


def test_exit_by_apm():
    """Without ACPI, the BIOS of a real machine is asked."""
    assert end("exit", machine="q35", append="acpi=off",
               **NO_HYPERVISOR) == (["apm"], "guest-shutdown")


def test_exit_that_cannot_be():
    """On a machine that nothing switches off, exit says so and why, and the shell goes on."""
    with shell(**{**BARE, **OLD}) as machine:
        lines = machine.command("exit")
        assert ways(lines, "exit") == ["emulator", "apm"], lines
        assert re.search(r"cannot be switched off.* ACPI: root pointer .*; APM: the BIOS ",
                         error(lines[-1:])), lines
        check(machine)


def test_reboot_by_acpi():
    """Where the tables name a reset register, reboot writes to it, at a port or in memory."""
    assert end("reboot", machine="q35") == (["acpi"], "guest-reset")
    assert end_of_microvm("reboot") == (["acpi"], "guest-reset")


def test_reboot_by_keyboard():
    """Without one, the keyboard controller resets, as it has since the AT."""
    assert end("reboot") == (["keyboard"], "guest-reset")
    assert end("reboot", **OLD) == (["keyboard"], "guest-reset")


def test_reboot_without_keyboard_controller():
    """Without a keyboard controller the chipset does it, and on an ISA bus a triple fault."""
    assert end("reboot", machine="pc,i8042=off") == (["keyboard", "chipset"], "guest-reset")
    assert end("reboot", **{**OLD, "machine": "isapc,i8042=off"}) == (
        ["keyboard", "triple-fault"], "guest-reset")


def test_reboot_boots_again():
    """After reboot there is the prompt again, with nothing left of what was before."""
    with shell(extra=["-action", "reboot=reset"], **BARE) as machine:
        machine.command("alloc 1M as before")
        machine.send("reboot\r")
        machine.wait_line("^reboot way=")
        machine.wait_until(machine.at_prompt, "prompt after the reboot")
        assert not any(line.owner == "before" for line in blocks(machine))
