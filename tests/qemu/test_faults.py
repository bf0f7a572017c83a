"""Crimes committed on purpose: each is caught, named, and survived where that is possible."""

import re

from machine import shell
from report import check


def inject(machine, crime):
    """Commits a crime that can be survived; returns what was said about it."""
    before = machine.command("buddy")
    lines = [line for line in machine.command(f"inject {crime}") if line]
    assert lines, f"inject {crime} says nothing"
    assert "unknown" not in lines[0], lines
    assert machine.command("buddy") == before, f"inject {crime} left frames behind"
    check(machine)
    return "\n".join(lines)


def test_double_free():
    """A second free is refused and named."""
    with shell() as machine:
        assert re.search(r"free", inject(machine, "double-free"))


def test_bad_free():
    """A free of an address that is no block's is refused and named."""
    with shell() as machine:
        assert re.search(r"block|inside|address|managed", inject(machine, "bad-free"))


def test_overrun():
    """A write past a block's end hits the guard page, whose address is reported."""
    with shell() as machine:
        text = inject(machine, "overrun")
        assert re.search(r"guard", text) and re.search(r"0x[0-9a-f]{4,}", text), text


def test_interrupt_alloc():
    """An allocation in an interrupt handler is refused and named."""
    with shell() as machine:
        assert re.search(r"interrupt|IRQL|PASSIVE", inject(machine, "interrupt-alloc"))


def test_unknown_crime():
    """inject of something it does not know is an error."""
    with shell() as machine:
        lines = machine.command("inject kindness")
        assert len(lines) == 1 and lines[0].startswith("error: "), lines


def test_crimes_repeated():
    """The same crimes again and again leave the system as it was."""
    with shell() as machine:
        for crime in ("double-free", "bad-free", "overrun", "interrupt-alloc") * 3:
            inject(machine, crime)


def test_overrun_without_pae():
    """The guard page is there with two-level page tables too."""
    with shell(cpu="pentium") as machine:
        assert "guard" in inject(machine, "overrun")


def check_report(machine):
    """Registers and a backtrace with the names of functions, on the serial line."""
    machine.wait_line(r"(?i)\beip\b")
    machine.wait_line(r"\bkmain\b")


def test_exception_is_reported():
    """An exception nobody expects is reported with registers and a backtrace, on the screen too."""
    with shell() as machine:
        before = machine.settled_screenshot()
        machine.qmp("inject-nmi")
        check_report(machine)
        machine.wait_screenshot(lambda shot: shot.size != before.size
                                or shot.changed_pixels(before) > 2000, "the report")


def test_exception_is_reported_in_text_mode():
    """The same on the text screen."""
    with shell(append="video=text") as machine:
        machine.qmp("inject-nmi")
        check_report(machine)
        machine.wait_until(lambda: "kmain" in "\n".join(machine.text_screen()),
                           "backtrace on the text screen")
