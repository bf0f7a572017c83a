"""Machines that lack something, or have it in a strange state: found out, said, and lived with."""

import os
import re

import elf_file
import gdb_stub
from machine import Machine, Settings, shell
from report import Line, alloc, check, parse

STOPPED = "The system has stopped. Switch off or reset the machine."


def devices(machine):
    """What the boot says that it found."""
    line, = [line for line in machine.screen.lines if line.startswith("devices ")]
    return Line(line)


def features(machine):
    """The processor's features, as words."""
    line, = [line for line in machine.command("report") if line.startswith("features ")]
    return line.split(" ")[1:]


def errors(machine):
    return [line for line in machine.screen.lines if line.startswith("error: ")]


def type_blind(machine, text, answer):
    """Types on the keyboard, and waits for the answer on the text screen."""
    machine.type_text(text + "\n")
    machine.wait_until(lambda: any(answer in line for line in machine.text_screen()), answer)


# ---- the processor ------------------------------------------------------------------------------

def test_386_is_told():
    """A 386 gets one sentence and no exception: what tells a 486 is patched to say no."""
    address = elf_file.symbols(Settings.elf)["cpu_is_486"]
    with elf_file.patched(Settings.elf, address, b"\x31\xC0\xC3") as elf:
        with Machine(elf=elf, append="video=text") as machine:
            machine.wait_line(r"^panic: this processor is a 386 or like one; it takes a 486$")
            machine.wait_until(lambda: STOPPED in machine.screen.lines, "end of the panic")
            machine.wait_until(lambda: STOPPED in machine.text_screen(), "its end on the screen")


# Where they may stand: in what runs once the processor was asked (kernel/main.c).
AFTER_CHECK = re.compile(
    r"(cpu_detect|cpu_read_(id|tsc)$|apic_|cache_|load_pat|(begin|end)_change|(read|write)_register|"
    r"machine_check_|open_banks|"
    r"clock_|time_loop|loop_is|paging_|memory_init|look_for_isa_hole|holds|settle_window|"
    r"(VideoPort)?Interlocked)")  # these are drivers' to call
NEW_IN_486 = {"bswap", "xadd", "cmpxchg", "invlpg", "wbinvd", "invd", "cpuid", "rdtsc", "rdmsr", "wrmsr"}
FPU = re.compile(r"(f[a-z0-9]+|emms|v?mov[adhlntu]+p[sd]|pxor|mov[dq]q?a?u?|cvt\w+)$")


def test_386_is_told_in_its_own_words():
    """No instruction that a 386 lacks stands in what runs before the check."""
    found = {(function, name) for function, name in elf_file.instructions(Settings.elf)
             if name.lower() in NEW_IN_486}
    assert ("paging_map", "invlpg") in found, "the test does not see what there is"
    too_early = [pair for pair in found if not AFTER_CHECK.match(pair[0])]
    assert not too_early, too_early


def test_no_instruction_is_newer_than_a_486():
    """cmov is nowhere, and nothing but the look for a coprocessor touches one."""
    for function, name in elf_file.instructions(Settings.elf):
        assert not name.startswith("cmov"), function
        if FPU.match(name):
            assert (function, name) in {("cpu_detect", "fninit"), ("cpu_detect", "fnstsw")}, \
                (function, name)


def test_no_fpu():
    """Without a coprocessor, which it never needed, it runs; whoever wants one would be told."""
    with shell(cpu="486,-fpu", append="video=text") as machine:
        assert "fpu" not in features(machine)
        check(machine)
        machine.command("stress 1")
        assert int(machine.qmp("human-monitor-command", **{"command-line": "info registers"})
                   .split("CR0=")[1][:8], 16) & 6 == 4, "EM is off or MP is on"


def test_no_tsc():
    """Without a time stamp counter times are the timer's."""
    with shell(cpu="pentium,-tsc", append="video=text") as machine:
        assert "tsc" not in features(machine) and "fpu" in features(machine)
        machine.command("stress 1")
        check(machine)


def test_no_pae():
    """Without PAE page tables are of the old kind, whatever else the processor has."""
    with shell(cpu="pentium3,-pae") as machine:
        assert "paging=\"classic\"" in "\n".join(machine.screen.lines)
        assert {"pat", "tsc"} <= set(features(machine))
        check(machine)


def test_no_leaves():
    """A CPUID that has no leaf but the first makes a 486 of the newest processor."""
    with shell(arch="x86_64", cpu="max,level=0,xlevel=0", append="video=text") as machine:
        assert features(machine) == ["cpuid", "signature=0x0"]
        check(machine)


def test_no_registers():
    """Without model-specific registers, none is touched: no NX, no PAT, no MTRRs."""
    with shell(arch="x86_64", cpu="qemu64,-msr", append="video=text") as machine:
        assert not {"nx", "pat", "mtrr"} & set(features(machine))
        check(machine)


def test_nmi_is_told():
    """A non-maskable interrupt is a sentence with what the board says of it."""
    with shell(append="video=text") as machine:
        machine.qmp("inject-nmi")
        machine.wait_line(r"^panic: exception 2, non-maskable interrupt: no error is latched: ")


# ---- memory -------------------------------------------------------------------------------------

def loader(memory, elf=None):
    """The kernel, started by a loader that left address line 20 off and tells of 16 MiB."""
    return Machine(memory=memory, elf=os.path.join(Settings.drivers, "a20_off.elf"),
                   extra=["-initrd", elf or Settings.elf])


def test_less_than_2_mib():
    """Where memory ends before the kernel does, one sentence says so, on screen and serial line."""
    sentence = "panic: Ashlar needs 2 MiB of memory; this PC has none where the kernel ends"
    end_kib = gdb_stub.find_symbol(Settings.elf, "image_end") >> 10
    for memory_kib in (1536, (end_kib - 1) // 8 * 8):  # QEMU counts in 8 KiB
        with Machine(memory=f"{memory_kib}K", machine="isapc", cpu="486") as machine:
            machine.wait_until(lambda: machine.screen.current == sentence, sentence)
            machine.wait_until(lambda: machine.text_screen()[0].rstrip() == sentence,
                               "the sentence on the screen")


def test_2_mib_are_enough():
    """With 2 MiB there is a prompt, and something to allocate."""
    with shell(memory="2M", machine="isapc", cpu="486") as machine:
        alloc(machine, "64K")
        check(machine)


def test_a20_is_opened():
    """Address line 20 is turned on where it is off, and nothing is lost by it."""
    with loader("16M") as machine:
        machine.wait_prompt()
        assert devices(machine).a20 == "opened"
        assert not [line for line in machine.command("map") if "isa-hole" in line]
        check(machine)


def test_a20_cannot_be_opened():
    """If it cannot be turned on, one sentence says so, on screen and serial line."""
    names = elf_file.symbols(Settings.elf)
    code = elf_file.jump(names["a20_open.low"], names["a20_refuse"])
    with elf_file.patched(Settings.elf, names["a20_open.low"], code) as elf:
        with loader("16M", elf) as machine:
            sentence = "panic: address line 20 is off and cannot be turned on"
            machine.wait_until(lambda: machine.screen.current.startswith(sentence), sentence)
            machine.wait_until(lambda: machine.text_screen()[0].startswith(sentence),
                               "the sentence on the screen")


def test_a20_is_on():
    """A loader that keeps its word is believed only after a look."""
    with shell() as machine:
        assert devices(machine).a20 == "on"


def test_isa_hole_is_found():
    """From 15 to 16 MiB there is nothing, though the map says so: it is not handed out."""
    with loader("15M") as machine:
        machine.wait_prompt()
        hole, = [line for line in parse(machine.command("map"), "region") if line.owner == "isa-hole"]
        assert (hole.base, hole.end) == (15 << 20, 16 << 20), hole
        check(machine)


def test_isa_hole_in_the_map():
    """Where memory ends before the hole, nothing is looked for there."""
    with shell(machine="isapc", cpu="486", memory="15M") as machine:
        assert not [line for line in machine.command("map") if "isa-hole" in line]
        assert alloc(machine, "1M below 15M").end <= 15 << 20


# ---- devices ------------------------------------------------------------------------------------

def test_no_serial():
    """Without a serial port the shell is on the screen and the keyboard."""
    with Machine(extra=["-serial", "none"], append="video=text") as machine:
        machine.wait_until(lambda: "ashlar>" in machine.text_screen(), "prompt on the screen")
        assert any("serial=no" in line for line in machine.text_screen())
        type_blind(machine, "check", "check ok")


def test_console_serial_without_serial():
    """console=serial without a serial port would be no console: it takes the screen, and says why."""
    with Machine(extra=["-serial", "none"], append="console=serial video=text") as machine:
        machine.wait_until(lambda: "ashlar>" in machine.text_screen(), "prompt on the screen")
        text = "\n".join(machine.text_screen())
        assert "serial=no" in text and "error: console=serial: there is no serial port" in text, text
        type_blind(machine, "check", "check ok")
        assert not machine.screen.raw


def test_no_keyboard_controller():
    """Without a keyboard controller the serial line does."""
    with shell(machine="q35,i8042=off") as machine:
        assert devices(machine).keyboard == "no"
        assert not errors(machine)
        check(machine)


def test_no_pci():
    """On an ISA machine PCI is not there, and what lies elsewhere is found."""
    with shell(machine="isapc", cpu="486", memory="8M") as machine:
        assert devices(machine).pci == "no"
        check(machine)


def check_all_commands(machine):
    """What takes time, or memory, or waits, comes to its end."""
    machine.command("stress 1")
    machine.command("inject interrupt-alloc")
    machine.command("bios")
    machine.command("mode text")
    check(machine)


def test_no_timer():
    """Without a timer times are rough, but nothing waits for ever."""
    with shell(machine="pc,pit=off,hpet=off") as machine:
        assert (devices(machine).timer, devices(machine).interrupts) == ("no", "no")
        assert any("timer" in line for line in errors(machine)), errors(machine)
        check_all_commands(machine)


def test_no_interrupts():
    """Without an interrupt controller keyboard and serial line are asked; nothing sleeps for ever."""
    with shell(machine="q35,pic=off") as machine:
        assert (devices(machine).timer, devices(machine).interrupts) == ("yes", "no")
        assert any("interrupt" in line for line in errors(machine)), errors(machine)
        check_all_commands(machine)
        type_blind(machine, "check", "check ok")


def test_nothing_of_a_pc():
    """No timer, no interrupt controller, no keyboard, no VGA: the shell is on the serial line."""
    with shell(machine="pc,pit=off,pic=off,hpet=off,i8042=off", vga="none") as machine:
        check(machine)
        machine.command("stress 1")


# ---- trace --------------------------------------------------------------------------------------

# In this order, each before what it names: the beginnings of steps.
STEPS = ["timer", "serial line", "processor: is it a 486", "processor: CPUID", "segments", "traps",
         "memory types", "memory map", "memory from 15", "tables", "paging on", "keyboard",
         "interrupts on", "clock", "adapter bochs", "PCI", "mode 1024x768x32", "shell"]


def trace_steps(lines):
    return [(int(number), text) for number, text in
            re.findall(r"^trace step=([0-9]+) (.+)$", "\n".join(lines), re.M)]


def test_trace_steps():
    """trace numbers each step from 1 on, in the order in which things are touched."""
    with shell(append="trace") as machine:
        steps = trace_steps(machine.screen.lines)
        assert [number for number, _ in steps] == list(range(1, len(steps) + 1)), steps
        rest = iter(text for _, text in steps)
        for step in STEPS:
            assert any(text.startswith(step) for text in rest), f"no {step!r} in its place: {steps}"
        machine.command("mode 800x600x32")
        later = trace_steps(machine.screen.lines)[len(steps):]
        assert later[0] == (len(steps) + 1, "mode 800x600x32 by bochs"), later


def test_trace_is_on_the_screen():
    """The same steps are on the text screen, for a photo."""
    with Machine(append="video=text trace run=bios", extra=["-serial", "none"]) as machine:
        machine.wait_until(lambda: "ashlar>" in machine.text_screen(), "prompt on the screen")
        steps = trace_steps(machine.text_screen())
        assert any(text.startswith("BIOS: interrupt 0x10") for _, text in steps), steps
        numbers = [number for number, _ in steps]
        assert numbers == list(range(numbers[0], numbers[0] + len(steps))), steps


# ---- panic --------------------------------------------------------------------------------------

def check_panic(lines, reason):
    """All of a panic, from its reason to its end, in 24 lines of 80 columns."""
    begin = next((at for at, line in enumerate(lines) if line.startswith("panic: ")), None)
    assert begin is not None, "its reason is not there: " + "\n".join(lines)
    text = [line for line in lines[begin:] if line]
    assert reason in text[0], text[0]
    for pattern in (r"^eax=0x", r"^eip=0x", r"^cr0=0x", r"^backtrace$", r"^  0x[0-9a-f]{8} \w+\+0x",
                    r"^memory frames=[1-9][0-9]* free=[1-9]", r"^build [0-9a-f]{40}$"):
        assert any(re.match(pattern, line) for line in text), f"no {pattern}: {text}"
    assert text[-1] == STOPPED, text[-1]
    assert len(text) <= 24 and max(map(len, text)) <= 80, text
    return text


def panic_lines(machine, crime):
    """Commits it; the lines on the serial line from then on."""
    begin = len(machine.screen.lines)
    machine.send(f"inject {crime}\r")
    machine.wait_until(lambda: STOPPED in machine.screen.lines, "end of the panic")
    return machine.screen.lines[begin:]


def screen_of_panic(machine):
    """The text screen's rows; each line comes there after it went to the serial line."""
    machine.wait_until(lambda: STOPPED in machine.text_screen(), "its end on the screen")
    return machine.text_screen()


def test_panic_fits_the_text_screen():
    """A panic is on the text screen as a whole, with the names of functions."""
    with shell(append="video=text") as machine:
        check_panic(panic_lines(machine, "panic"), "page fault at 0x00000000 (read, not mapped)")
        text = check_panic(screen_of_panic(machine), "page fault")
        assert any("kmain" in line for line in text), text


def test_long_panic_fits_the_text_screen():
    """A backtrace of hundreds of calls is cut, and says by how many."""
    with shell(append="video=text") as machine:
        panic_lines(machine, "stack")
        text = check_panic(screen_of_panic(machine), "double fault (the stack is full)")
        assert any(re.match(r"^  \.\.\. [0-9]{2,} more$", line) for line in text), text


def ink_rows(picture):
    """Rows of pixels that are not all of one colour."""
    return [y for y in range(picture.size[1]) if len(set(picture.row(y))) > 3]


def test_long_panic_fits_the_smallest_mode():
    """In 640x480 the whole of it is there too: on 25 rows of the screen, none of them the view's."""
    with shell(append="video=640x480x32") as machine:
        check_panic(panic_lines(machine, "stack"), "double fault")
        shot = machine.settled_screenshot()
        assert len(shot.colours()) < 12, "the memory view is still there"
        rows = {y // 16 for y in ink_rows(shot)}
        assert len(rows) >= 24, sorted(rows)
