#!/usr/bin/env python3
"""Keeps the kernel at work for a long time, and asks whether anything was lost.

    tests/long/kernel.py ELF SECONDS

In QEMU, where the clock counts instructions (-icount shift=0): `stress` over and over, which draws
the memory view while it runs, with timer, keyboard and serial line interrupting it, blocks of the
shell's that stay while it runs, and a change of the display's mode in between. At the end `check`
must be ok, every block but the ledger's be there as before, and no frame be missing.
"""

import pathlib
import random
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "qemu"))
sys.dont_write_bytecode = True  # everything made lies in build/

import machine  # noqa: E402
import report  # noqa: E402

FIRST_MODE = "1024x768x32"
PATIENCE_SECONDS = 600  # for one command, which counts instructions and not seconds


def modes_of(pc):
    """What `mode` takes: the modes that `video` lists, flipped to as well where two pictures fit."""
    lines = pc.command("video")
    room = int(re.search(r"framebuffer=\S+ bytes=(\d+)", " ".join(lines))[1])
    found = []
    for line in lines:
        match = re.match(r"modes bits=(\d+) sizes=(.*)", line)
        for size in match[2].split(",") if match else ():
            width, height, bits = *map(int, size.split("x")), int(match[1])
            picture = width * height * ((bits + 7) // 8)
            assert picture <= room, line
            found.append(f"{size}x{bits}")
            if 2 * picture <= room:
                found.append(f"{size}x{bits} flip")
    return found


def set_mode(pc, mode):
    answer = pc.command(f"mode {mode}", PATIENCE_SECONDS)
    assert answer[-1].startswith("mode "), answer


def stress(pc, seconds):
    """Runs stress while keys are pressed that type nothing; returns the operations."""
    def at_end():
        pc.press("shift")
        pc.send(b"\x7f")
        return len(pc.screen.lines) > begin and pc.at_prompt()
    begin = len(pc.screen.lines)
    pc.send(f"stress {seconds}\r")
    pc.wait_until(at_end, "end of stress", PATIENCE_SECONDS)
    line = pc.screen.lines[-1]
    match = re.fullmatch(r"stress operations=(\d+) failed=0 ok", line)
    assert match, line
    return int(match[1])


def take_and_free(pc, choice):
    """Takes a block, or frees one of the shell's."""
    mine = [block for block in report.blocks(pc) if block.owner == "shell"]
    if len(mine) < 8 and choice.random() < 0.6:
        pc.command(f"alloc {choice.randint(1, 2000)}K below {choice.choice((1, 16, 64, 4096))}M")
    elif mine:
        pc.command(f"free {choice.choice(mine).id}")


def holdings(pc):
    """(owner, bytes) of each block but the ledger's, and all frames that are free or the ledger's."""
    blocks = report.blocks(pc)
    total = re.search(r"free=(\d+)", pc.command("buddy")[-1])
    ledger = sum(block.bytes for block in blocks if block.owner == "ledger") // 4096
    return (sorted((block.owner, block.bytes) for block in blocks if block.owner != "ledger"),
            int(total[1]) + ledger)


def work(pc, seconds):
    """Until the time is up; returns operations of stress and changes of mode."""
    choice = random.Random(7)
    modes = modes_of(pc)
    operations = changes = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        operations += stress(pc, choice.randint(1, 3))
        take_and_free(pc, choice)
        set_mode(pc, choice.choice(modes) if choice.random() < 0.9 else "text")
        changes += 1
    return operations, changes


def main():
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    seconds = int(sys.argv[2])
    with machine.shell(memory="128M", elf=sys.argv[1], lifetime=seconds + 2 * PATIENCE_SECONDS,
                       extra=["-icount", "shift=0"]) as pc:
        set_mode(pc, FIRST_MODE)
        before = holdings(pc)
        operations, changes = work(pc, seconds)
        for block in report.blocks(pc):
            if block.owner == "shell":
                pc.command(f"free {block.id}")
        set_mode(pc, FIRST_MODE)
        after = holdings(pc)
        assert after == before, f"before: {before}\nafter: {after}"
        assert pc.command("check", PATIENCE_SECONDS) == ["check ok"]
    print(f"kernel: {operations} operations of stress, {changes} changes of mode, check ok, "
          "nothing lost")


if __name__ == "__main__":
    main()
