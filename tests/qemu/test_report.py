"""The report of a machine says what it is, and its map makes a test of its own."""

import pathlib
import sys

from machine import Settings, shell
from report import regions

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import report_map  # noqa: E402

VOLUME_NAME = 16 * 2048 + 40  # in the primary volume descriptor (ECMA-119, 8.4)


def report_of(machine):
    lines = machine.command("report")
    assert lines[0] == "report begin" and lines[-1] == "report end", lines
    return lines[1:-1]


def test_report_is_complete():
    """Version, build, boot loader, processor, map, memory and display are in it, in this order."""
    with shell(memory="64M") as machine:
        nouns = [line.split()[0] for line in report_of(machine)]
        assert [noun for i, noun in enumerate(nouns) if noun not in nouns[:i]] == [
            "ashlar", "build", "boot", "cpu", "features", "devices", "entry", "memory", "acpi", "video",
            "monitor", "mode", "block", "modes", "passed"], nouns


def test_version():
    """Banner, report and ISO name the version that the file VERSION has."""
    name = "ashlar " + (ROOT / "VERSION").read_text(encoding="ascii").strip()
    with shell(vga="none") as machine:
        assert f"{name}, a kernel that shows its memory" in machine.screen.lines
        assert report_of(machine)[0] == name
    with open(Settings.iso, "rb") as file:
        file.seek(VOLUME_NAME)
        assert file.read(32).decode("ascii").rstrip() == name


def test_report_without_cpuid_or_display():
    """It says what there is, on a 486 without an adapter, too."""
    with shell(cpu="486", memory="4M", machine="isapc", vga="none") as machine:
        lines = report_of(machine)
        assert any(line.startswith("cpu vendor=") for line in lines), lines
        assert any(line.startswith("entry base=0x0 ") for line in lines), lines
        assert "video adapter=none screen=none" in lines


def test_report_of_acpi():
    """It says what ACPI's tables tell of switching off and resetting, or why they do not."""
    with shell(machine="q35", vga="none") as machine:
        assert ('acpi oem="BOCHS" revision=0 tables=5 sleep=io:0x604 s5=0,0 reset=io:0xcf9'
                in report_of(machine))
    with shell(vga="none", append="acpi=off") as machine:
        line, = [line for line in report_of(machine) if line.startswith("acpi ")]
        assert line.endswith(' problem="the tables are left alone: acpi=off"'), line


def check_map(**options):
    """What the tool makes of the report is what the kernel made of the firmware's map."""
    with shell(**options) as machine:
        entries = report_map.read_entries("\n".join(report_of(machine)))
        expected = list(report_map.usable_ranges(entries))
        usable = [(line.base, line.end) for line in regions(machine) if line.kind == "usable"]
    merged = []
    for base, end in usable:
        if merged and merged[-1][1] == base:
            base = merged.pop()[0]
        merged.append((base, end))
    assert merged == expected, (merged, expected)


def test_map_of_a_report():
    """The expectation that tools/report_map.py works out holds on the machine itself."""
    check_map(memory="128M")
    check_map(memory="5G", arch="x86_64")
    check_map(memory="16M", machine="isapc", cpu="486", vga="none")
