"""What must hold on every machine: its map, its self-test, invariants, its screen."""

import re

import glyphs
import report
from glyphs import GROUND, TOLERANCE
from machine import DEADLINE_SECONDS, PROMPT
from matrix import GIB, KIB, MIB, TEXT
from test_memory import check_map as check_promises

TEXT_SIZE = (720, 400)

# Of the shell's theme (kernel/view/view_format.h).
TEXT_COLOUR = (0xE8, 0xE3, 0xD9)
ACCENTS = (0xE3, 0xB7, 0x78), (0xF3, 0xA7, 0x3A)  # the second where there are 16 colours

# How the loaders call themselves in the boot information, or begin to.
LOADER_NAMES = {"GRUB": "GRUB 2", "GRUB legacy": "GNU GRUB 0.97", "iPXE": "iPXE 1",
                "ISOLINUX": "ISOLINUX 6", "PXELINUX": "PXELINUX 6"}
BOOT_SECONDS = 300  # Bochs takes its time, and so does firmware that looks for sticks
FRAMES_TIME_BYTES = 256 * GIB  # so much memory more, and what looks at every frame takes longer
COMPLAINT = re.compile(r"(?i)error|not found|warning|fail")
UEFI_BOOT_MANAGER = "BdsDxe:"  # tells of an empty drive, before it finds the loader


def longer(seconds, entry):
    """The time limit for a machine of this size, where it is that for a small one."""
    return seconds * (1 + entry.memory_bytes // FRAMES_TIME_BYTES)


def wait_prompt(machine, entry):
    """Until the shell waits for a command: on the serial line or, without one, on the screen."""
    if entry.can_type:
        machine.wait_prompt(longer(BOOT_SECONDS, entry))
    else:
        machine.wait_screenshot(lambda shot: glyphs.shows(shot, PROMPT), "prompt", BOOT_SECONDS)


def check_loader(machine, entry, expected):
    """The loader that is meant loaded the kernel, by that protocol, and nothing was missing."""
    complaints = [line for line in machine.screen.lines
                  if COMPLAINT.search(line) and not line.startswith(UEFI_BOOT_MANAGER)]
    assert not complaints, complaints
    boot, = [line for line in machine.screen.lines if line.startswith("boot protocol=")]
    assert f"protocol=multiboot{entry.multiboot} " in boot, boot
    name = LOADER_NAMES[entry.loader] if entry.boots != "kernel" else ""
    assert re.search(f'loader="?{name}', boot), boot


def check_map(machine, entry, expected):
    """Usable is nothing but RAM, all of it but for what firmware keeps, and all above 4 GiB."""
    lines = report.regions(machine)
    check_promises(lines)
    usable = [line for line in lines if line.kind == "usable"]
    for line in usable:
        assert any(base <= line.base and line.end <= end for base, end in expected.ranges), \
            f"usable, but no RAM of this machine: {line}"
    kept_bytes = expected.total_bytes - sum(line.bytes for line in usable)
    assert kept_bytes <= expected.kept_bytes, f"{kept_bytes} bytes of RAM are missing"
    high = [(line.base, line.end) for line in usable if line.base >= 4 * GIB]
    assert high == expected.above_4g, f"above 4 GiB: {high}, not {expected.above_4g}"
    for line in lines:
        in_hole = line.base < MIB and line.end > 640 * KIB
        assert not (in_hole and report.is_free(line)), f"free between 640 KiB and 1 MiB: {line}"
        assert line.fields.get("owner") != "unmanaged", f"left alone: {line}"


def check_selftest(machine, entry, expected):
    lines = machine.command("selftest", seconds=longer(DEADLINE_SECONDS, entry))
    failed = [line for line in lines if re.match(r"test name=\S+ failed", line)]
    names = tuple(line.split()[1].removeprefix("name=") for line in failed)
    assert names == entry.fails, failed
    assert any(re.fullmatch(rf"[1-9][0-9]* passed, {len(names)} failed", line) for line in lines)


def check_invariants(machine, entry, expected):
    assert machine.command("check", seconds=longer(DEADLINE_SECONDS, entry)) == ["check ok"]


def near(colour, wanted):
    return all(abs(ours - theirs) <= TOLERANCE for ours, theirs in zip(colour, wanted))


def share(colours, wanted):
    """The share of pixels that have about this colour."""
    return sum(count for colour, count in colours.items() if near(colour, wanted)) / \
        sum(colours.values())


def part(shot, left, top, right, bottom):
    """A part of the picture; edges in percent of its width and height."""
    width, height = shot.size
    return shot.region(width * left // 100, height * top // 100, width * right // 100,
                       height * bottom // 100)


def check_regions(shot):
    """Title, strip, map of frames, panels and shell: what kernel/view/view.h draws, each where it is."""
    title = part(shot, 0, 0, 100, 6)
    name = part(shot, 0, 0, 30, 6).colours()
    assert any(share(name, accent) > 0.005 for accent in ACCENTS), "no name in the title"
    assert share(part(shot, 30, 0, 100, 6).colours(), TEXT_COLOUR) > 0.002, "no figures on top"
    assert share(title.colours(), GROUND) > 0.6, "the title has another ground"
    strip = part(shot, 0, 12, 100, 24).colours()
    assert share(strip, GROUND) < 0.8 and len(strip) >= 4, "no strip of the address space"
    frames = part(shot, 12, 25, 55, 50).colours()
    assert share(frames, GROUND) < 0.8 and len(frames) >= 2, "no map of frames"
    panels = part(shot, 60, 20, 100, 52)
    assert panels.edge_pixels() > 300, "no orders and no legend"
    terminal = part(shot, 0, 72, 100, 100)
    assert share(terminal.colours(), GROUND) > 0.75, "the shell has another ground"
    assert share(terminal.colours(), TEXT_COLOUR) > 0.002, "no text in the shell"


def check_typing(machine, entry, before):
    """What is typed changes the shell's part of the picture, and nothing of the memory view."""
    check_invariants(machine, entry, None)
    after = machine.wait_screenshot(lambda shot: shot != before, "what was typed")
    top = min(before.changed_rows(after))
    assert top > before.height // 2, f"typing changed row {top}"


def check_text_screen(machine):
    assert machine.screenshot().size == TEXT_SIZE, "no text mode"
    assert any(line.startswith("ashlar>") for line in machine.text_screen()), "no prompt on screen"


def check_screen(machine, entry, expected):
    if entry.screen == TEXT:
        check_text_screen(machine)
        return
    shot = machine.settled_screenshot()
    assert shot.size == entry.screen, f"a picture of {shot.size}"
    check_regions(shot)
    if entry.can_type:
        check_typing(machine, entry, shot)
    if entry.adapter:
        video = machine.command("video")
        assert f"adapter={entry.adapter} " in video[0], video


CHECKS = (("loader", check_loader), ("map", check_map), ("self-test", check_selftest),
          ("check", check_invariants), ("screen", check_screen))


def applies(name, entry):
    """Whether there is what it looks at: a screen, or a line to type commands on."""
    return entry.screen is not None if name == "screen" else entry.can_type
