"""It boots on the machines it names, obeys its options, and ends as it is told."""

import os
import re
import shutil
import tempfile

from machine import Machine, Settings, shell
from report import FRAME_BYTES, Line, alloc, buddy, check, error, free, parse

MIB = 1 << 20

DEMO = "run=map;alloc 3M below 16M align 64K as demo;blocks;buddy;check;exit"


def lines_of(machine, noun):
    return [Line(text) for text in machine.screen.lines if text.split(" ")[:1] == [noun]]


def test_run_line_and_exit_status():
    """run= runs the commands and exit ends QEMU with status 33."""
    with Machine(append=DEMO) as machine:
        assert machine.wait_exit() == 33
        for noun in ("region", "block", "order", "total"):
            assert lines_of(machine, noun), f"no {noun} line"
        made, *listed = lines_of(machine, "block")
        assert made.frames == 768 and made.end <= 0x1000000, made
        assert made.physical % 0x10000 == 0 and made.owner == "demo", made
        assert made.text in [line.text for line in listed], listed
        assert "check ok" in machine.screen.lines


def test_kernel_in_a_folder_with_a_blank():
    """The name of such a folder is told of once, and the options behind it count."""
    with tempfile.TemporaryDirectory(prefix="ashlar ") as folder:
        elf = shutil.copy(Settings.elf, os.path.join(folder, "ashlar.elf"))
        with Machine(elf=elf, append="trac video=off run=exit 5") as machine:
            assert machine.wait_exit() == 43
            said = [line for line in machine.screen.lines
                    if line.startswith("error: ") or "file=" in line]
            assert said == [
                f'boot file="{elf}": taken for the kernel\'s name, up to its last word with a '
                "slash or a dot",
                'error: boot option "trac": there is no such boot option'], said


def test_run_line_above_4g():
    """With 6 GiB on a 64-bit PC run= lists RAM above 4 GiB and gets 1 GiB of it."""
    with Machine(memory="6G", arch="x86_64",
                 append="run=map;alloc 1G above 4G;check;exit") as machine:
        assert machine.wait_exit() == 33
        assert any(line.kind == "usable" and line.end > 1 << 32
                   for line in lines_of(machine, "region"))
        block, = lines_of(machine, "block")
        assert block.physical >= 1 << 32 and block.frames == 1 << 18, block
        assert "check ok" in machine.screen.lines


def test_run_line_with_wrong_requests():
    """Wrong requests in run= get one error line each, and the rest of the line still runs."""
    with Machine(append="run=alloc 0;alloc 3M below 64K;alloc 5 align 3;free 99;"
                        "alloc 99999999999999999999;check;exit") as machine:
        assert machine.wait_exit() == 33
        errors = [text for text in machine.screen.lines if text.startswith("error: ")]
        assert len(errors) == 5, errors
        assert "check ok" in machine.screen.lines


def test_run_line_then_prompt():
    """Without exit, run= is followed by the prompt."""
    with shell(append="run=alloc 64K as early") as machine:
        assert any(line.owner == "early" for line in parse(machine.command("blocks"), "block"))


def test_exit_status():
    """exit N ends QEMU with status ((0x10 + N) << 1) | 1."""
    for argument, status in (("", 33), (" 3", 39), (" 0x10", 65)):
        with shell() as machine:
            machine.send(f"exit{argument}\r")
            assert machine.wait_exit() == status, argument


def test_reboot():
    """reboot resets the machine, which -no-reboot turns into QEMU's ordinary end."""
    with shell() as machine:
        machine.send("reboot\r")
        assert machine.wait_exit() == 0


def test_selftest():
    """The tests in the kernel pass, and say so in their last line."""
    with Machine(append="selftest") as machine:
        status = machine.wait_exit()
        result = machine.wait_line(r"^([0-9]+) passed, ([0-9]+) failed$")
        assert int(result.group(1)) > 0 and result.group(2) == "0", result.group()
        assert status == 33


def test_selftest_without_pae():
    """The tests in the kernel pass with two-level page tables too."""
    with Machine(append="selftest", cpu="pentium") as machine:
        assert machine.wait_exit() == 33
        machine.wait_line(r"^[1-9][0-9]* passed, 0 failed$")


def test_selftest_with_pae_off():
    """The tests in the kernel pass where there is PAE and NX that a boot option forbids."""
    with Machine(append="selftest pae=off", cpu="max") as machine:
        assert machine.wait_exit() == 33
        machine.wait_line(r"^[1-9][0-9]* passed, 0 failed$")


def test_selftest_command():
    """In a shell, among blocks and holes, the same tests pass, and leave no trace."""
    with shell(memory="16M") as machine:
        made = [alloc(machine, f"{size}K").id for size in (4, 64, 8, 1024, 12, 300, 8)]
        for identity in made[::2]:
            free(machine, identity)
        before = machine.command("blocks"), machine.command("buddy")
        lines = machine.command("selftest")
        assert re.fullmatch(r"[1-9][0-9]* passed, 0 failed", lines[-1]), lines
        assert (machine.command("blocks"), machine.command("buddy")) == before
        check(machine)


def test_selftest_when_memory_is_full():
    """What needs free memory is not run, which is no failure, and said in one line."""
    with shell(memory="16M", append="video=off") as machine:
        while buddy(machine)[1].largest > 0:
            alloc(machine, str(buddy(machine)[1].largest * FRAME_BYTES))
        before = machine.command("blocks"), machine.command("buddy")
        lines = machine.command("selftest", seconds=60)
        assert lines[-2:] == [
            "error: memory is full: 2 tests need free memory and were not run",
            "5 passed, 0 failed, 2 not run"], lines
        assert len(lines) == 7 and all(re.fullmatch("test name=[a-z0-9_]+ ok", line)
                                       for line in lines[:5]), lines
        assert (machine.command("blocks"), machine.command("buddy")) == before
        check(machine)


def test_selftest_when_memory_is_nearly_full():
    """With runs of two frames, what two frames are enough for is run."""
    with shell(memory="16M", append="video=off") as machine:
        while buddy(machine)[1].largest > 2:
            alloc(machine, str((buddy(machine)[1].largest - 2) * FRAME_BYTES))
        lines = machine.command("selftest", seconds=60)
        assert lines[-1] == "6 passed, 0 failed, 1 not run", lines
        assert "test name=random_requests_are_answered_right ok" in lines, lines
        check(machine)


def test_cd():
    """The ISO boots from CD by GRUB's first entry, unattended."""
    with shell(boot="cd") as machine:
        assert alloc(machine, "3M").frames == 768
        check(machine)


def test_disk():
    """The ISO boots as a disk, as it does from a USB stick."""
    with shell(boot="disk") as machine:
        check(machine)


def test_unknown_options():
    """Options that it does not know never stop the boot."""
    with shell(append="frobnicate=7 quiet") as machine:
        check(machine)


def test_long_command_line():
    """A command line of 1500 characters, all of them commands, boots."""
    with shell(append="run=" + "check;" * 249) as machine:
        check(machine)


def test_console_serial():
    """console=serial leaves the screen to the firmware; the shell is on the line."""
    with shell(append="console=serial") as machine:
        assert machine.screenshot().size == (720, 400)
        check(machine)


def check_text_shell(machine):
    """The same shell stands on the VGA's text screen."""
    machine.command("check")
    machine.wait_until(lambda: any("check ok" in line for line in machine.text_screen()),
                       "shell on the text screen")
    text = "\n".join(machine.text_screen())
    assert "ashlar>" in text, text


def test_video_text():
    """video=text stays in text mode, with the shell on the screen."""
    with shell(append="video=text") as machine:
        assert machine.screenshot().size == (720, 400)
        check_text_shell(machine)


def test_video_off():
    """video=off sets no graphics mode, and the shell works."""
    with shell(append="video=off") as machine:
        assert machine.screenshot().size == (720, 400)
        check(machine)


def test_no_adapter():
    """Without any display adapter the memory manager and the shell work over serial."""
    with shell(vga="none") as machine:
        assert alloc(machine, "1M").frames == 256
        check(machine)


def test_video_nonsense():
    """A mode that makes no sense is one error line, and never stops the boot."""
    for value in ("banana", "0x0x0", "99999x99999x32", "640x480x7"):
        with Machine(append=f"video={value}") as machine:
            before = machine.wait_prompt()
            assert [line for line in before if line.startswith("error: ")], f"video={value}"
            check(machine)


def test_486_on_isa():
    """It boots on a 486 with an ISA bus: no PCI, no PAE, no CPUID, no cmov."""
    with shell(machine="isapc", cpu="486", memory="16M") as machine:
        assert alloc(machine, "1M").frames == 256
        check(machine)


def test_486_with_4m():
    """4 MiB are enough."""
    with shell(machine="isapc", cpu="486", memory="4M") as machine:
        check(machine)


def test_pentium():
    """It boots on a Pentium: neither PAE nor NX."""
    with shell(cpu="pentium") as machine:
        check(machine)


def test_newest_processor():
    """It boots on the newest processor that QEMU knows, with every feature on."""
    with shell(arch="x86_64", cpu="max") as machine:
        assert alloc(machine, "1M").frames == 256
        check(machine)


def test_interrupts_behind_a_masked_apic():
    """Where firmware left the local APIC masked, as on QEMU's microvm, interrupts come through."""
    with shell(machine="microvm", cpu="pentium3", vga="none") as machine:
        check(machine)


def test_several_processors():
    """Processors that nobody asked for do no harm."""
    with shell(extra=["-smp", "4"]) as machine:
        check(machine)


def test_trace():
    """trace prints more than a boot without it."""
    with shell() as machine:
        plain = len(machine.screen.lines)
    with shell(append="trace") as machine:
        assert len(machine.screen.lines) > plain


def test_mode_command_refuses_nonsense():
    """mode with a value that makes no sense is an error, and the mode stays."""
    with shell() as machine:
        size = machine.screenshot().size
        for value in ("", " banana", " 99999x99999x32", " 1x1"):
            error(machine.command("mode" + value))
        assert machine.screenshot().size == size
