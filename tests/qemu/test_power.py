"""exit and reboot find the way that the machine has, and say which one they take."""

import re

from machine import shell

NO_DEVICE = {"exit_device": False, "vga": "none"}


def ways_of(machine, command):
    """The ways that a command took, in their order, once QEMU has ended; and why it did."""
    machine.qmp("query-status")
    begin = len(machine.screen.lines)
    machine.send(command + "\r")
    reason = machine.wait_end()
    said = [re.fullmatch(rf"{command} way=(.*)", line) for line in machine.screen.lines[begin:]]
    return [match.group(1) for match in said if match], reason


def end(command, **options):
    with shell(**{**NO_DEVICE, **options}) as machine:
        return ways_of(machine, command)
