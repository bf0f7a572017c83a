"""A lab's last rule: the student's file in the kernel, in QEMU. What the shell says is held against
what the kernel itself knows of its blocks, its map and its screen.
"""

import re

import screen
from machine import Machine, MachineError
from report import Line, blocks, regions

FRAME_BYTES = 4096
ALLOCATED = ("live", "in the kernel, what is handed out and taken back is what the memory view shows")
RULES = {
    1: ("boots", "the kernel boots on this map, and neither loses memory nor uses any that is none"),
    2: ALLOCATED,
    3: ALLOCATED,
    4: ALLOCATED,
    5: ALLOCATED,
    6: ("screen", "in the kernel, the screen shows what is in the back buffer, pixel by pixel"),
}

# Takes and gives in frames; "free N" gives back what the Nth take got; FIRST+N is a frame number.
PLAYS = {
    2: ["alloc 5", "alloc 100", "alloc 33", "free 2", "alloc 99", "alloc 1", "alloc 4000", "free 1",
        "alloc 700"],
    3: ["alloc 1", "alloc 64", "alloc 2", "free 1", "alloc 1024", "alloc 2048", "alloc 1024",
        "free 5", "alloc 4", "alloc 4096"],
    4: ["alloc 10", "alloc 48 align 64", "alloc 100 within 128", "free 2", "alloc 500 align 16",
        "alloc 3 below 1", "alloc 8 below FIRST+1000", "alloc 8 below FIRST+1000",
        "alloc 64 align 64 within 64"],
    5: ["alloc 3", "alloc 5", "alloc 768", "free 2", "free 1", "alloc 8", "alloc 4000", "free 3",
        "alloc 3000"],
}
LOAD_OPERATIONS = 600
ARENA_FRAMES = 4032  # no power of two; a bitmap's tables end where their page does


class Wrong(Exception):
    """How the rule was broken."""


def ask(machine, command):
    """The one line that a command answers with; an error line breaks the rule."""
    lines = [line for line in machine.command(command) if line]
    if len(lines) != 1 or lines[0].startswith("error: "):
        raise Wrong(f"{command}: {' '.join(lines)}")
    return Line(lines[0])


# ---- labs 2 to 5: an allocator ---------------------------------------------------------------------

def students_blocks(machine):
    """What the memory view shows of the student's, as (address, frames)."""
    return sorted((block.physical, block.frames) for block in blocks(machine)
                  if block.owner == "student")


def check_blocks(machine, taken, story):
    right = sorted((line.physical, line.count) for line in taken.values())
    seen = students_blocks(machine)
    if seen != right:
        raise Wrong(f"{story}: the view shows {seen}, not {right}")


def play_allocator(machine, lab):
    first = ask(machine, f"lab start {ARENA_FRAMES}").first
    taken = {}
    takes = 0
    story = f"lab start {ARENA_FRAMES}"
    for step in PLAYS[lab]:
        verb, number, *_ = step.split()
        if verb == "free":
            line = taken.pop(int(number), None)
            if line is None:
                continue
            command = f"lab free {line.first}" + (f" {line.count}" if lab == 2 else "")
            if "given" not in ask(machine, command).words:
                raise Wrong(f"{story}; {command}: refused")
        else:
            command = "lab " + re.sub(r"FIRST\+(\d+)", lambda m: str(first + int(m[1])), step)
            takes += 1
            line = ask(machine, command)
            if "first" in line.fields:
                taken[takes] = line
        story += f"; {command}"
        check_blocks(machine, taken, story)
    ask(machine, f"lab load {LOAD_OPERATIONS}")
    check_kernel(machine)


def check_kernel(machine):
    said = machine.command("check")
    if said != ["check ok"]:
        raise Wrong(f"the kernel's own check, afterwards: {' '.join(said)}")


# ---- lab 1: the map --------------------------------------------------------------------------------

def play_map(machine, _):
    lines = machine.command("lab")
    totals = Line(lines[-1])
    ranges = [Line(line) for line in lines if line.startswith("lab range ")]
    entries = "; ".join(line for line in lines if line.startswith("lab entry "))
    if totals.wrong or totals.lost:
        raise Wrong(f"{entries}: {totals.wrong} bytes are called usable and are not, "
                    f"{totals.lost} are lost")
    usable = [region for region in regions(machine) if region.kind == "usable"]
    outside = [region for region in usable
               if not any(line.base <= region.base and region.end <= line.end for line in ranges)]
    if not ranges or outside:
        raise Wrong(f"{entries}: the kernel's map has what lab_normalise has not: {outside}")
    ask(machine, "alloc 3M as demo")
    check_kernel(machine)


# ---- lab 6: the screen -----------------------------------------------------------------------------

def back_buffer(machine):
    """Width, height and address: `video` says so."""
    said = machine.command("video")
    size = Line(next(line for line in said if line.startswith("mode size=")))
    block = Line(next(line for line in said if line.startswith("block ")))
    width, height, _ = (int(number) for number in size.size.split("x"))
    return width, height, block.physical


def compare_screen(machine):
    width, height, physical = back_buffer(machine)
    shot = machine.settled_screenshot()
    pixels = machine.read_physical(physical, width * height * 4)
    right = bytearray(width * height * 3)
    right[0::3], right[1::3], right[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
    shown = bytes(shot.pixels)
    if (shot.width, shot.height) != (width, height):
        raise Wrong(f"the screen is {shot.width}x{shot.height}, not {width}x{height}")
    if shown == bytes(right):
        return
    at = next(i for i in range(len(shown)) if shown[i] != right[i]) // 3
    different = sum(shown[i:i + 3] != right[i:i + 3] for i in range(0, len(shown), 3))
    raise Wrong(f"{different} pixels on the screen are not those of the back buffer, the first is "
                f"({at % width}, {at // width})")


def play_presenter(machine, _):
    for command in ("alloc 3M as sound", "alloc 20M as textures", "help", "blocks", "free 1"):
        machine.command(command)
    totals = ask(machine, "lab")
    compare_screen(machine)
    if totals.outside:
        raise Wrong(str(totals))
    if totals.copied > 2 * totals.marked:
        raise Wrong(f"{totals}: more than twice what was marked")


# ---- all of them -----------------------------------------------------------------------------------

def plays_of(lab):
    return {1: play_map, 6: play_presenter}.get(lab, play_allocator)


def panic_of(machine):
    """The line in which the kernel says why it stopped, or None."""
    return next((line for line in machine.screen.lines if "panic" in line), None)


def wait_boot(machine):
    machine.wait_until(lambda: machine.at_prompt() or panic_of(machine), "prompt")
    if panic_of(machine):
        raise Wrong(f"the kernel does not come up: {panic_of(machine)}")


def play(lab, elf, picture):
    """None if the rule was kept, else how it was broken. Writes a picture of the screen."""
    with Machine(memory="128M", elf=elf) as machine:
        try:
            wait_boot(machine)
            plays_of(lab)(machine, lab)
            broken = None
        except (Wrong, MachineError) as why:
            broken = f"{why} {panic_of(machine) or ''}".strip()
        try:
            screen.write_png(machine.settled_screenshot(), picture)
        except (MachineError, OSError):
            if not broken:
                raise
    return broken
