"""The end, where it goes wrong itself or comes from the machine: machine checks, and faults in the
middle of the report of another.
"""

import contextlib
import re

import gdb_stub
from machine import Machine, Settings, shell

UD2 = 0x0B0F
NOWHERE = 0xF0001000
FIRST = "panic: exception 2, non-maskable interrupt: "
ENDING = "This came while the first was reported. The system has stopped."
THIRD = "panic: a third fault, while the second was reported"
INVALID = "panic: exception 6, invalid opcode"
JUMPED = "panic: exception 14, page fault at 0xf0001000 (read, not mapped)"

# Pointers of struct panic_hooks (kernel/pc/panic.h): the first and the second of it.
PREPARE_SCREEN = "panic_hooks+0"
FINISH_SCREEN = "panic_hooks+4"

# What is broken once the first report begins (a function, or a pointer to one), what is said behind
# the first sentence, and whether its registers were told before; None: no sentence can be made.
BROKEN = [
    ({PREPARE_SCREEN: NOWHERE}, [JUMPED, ENDING], False),
    ({"symbols_find": UD2}, [INVALID, ENDING], True),
    ({"trap_stack_top": UD2}, [INVALID, ENDING], True),
    ({"paging_mode_name": UD2}, [INVALID, ENDING], True),
    ({"report_state": UD2}, [INVALID, ENDING], True),
    ({FINISH_SCREEN: NOWHERE}, [JUMPED, ENDING, THIRD], True),
    ({PREPARE_SCREEN: NOWHERE, FINISH_SCREEN: NOWHERE}, [JUMPED, ENDING, THIRD], False),
    ({"trap_name": UD2}, [THIRD], None),
    ({"console_write_remote": UD2, "symbols_find": UD2}, [], True),
]


@contextlib.contextmanager
def broken_at_panic(damages, **options):
    """A machine whose memory is changed at these symbols when its first panic begins."""
    def damage():
        for name, value in damages.items():
            if not stub.stop_count:
                symbol, _, offset = name.partition("+")
                address = gdb_stub.find_symbol(Settings.elf, symbol) + int(offset or 0)
                stub.write_word(address, value)
    with gdb_stub.listen() as stub, Machine(extra=stub.arguments, **options) as machine:
        stub.connect()
        stub.call_at(gdb_stub.find_symbol(Settings.elf, "panic_trap"), damage)
        machine.wait_prompt()
        machine.qmp("inject-nmi")
        yield machine


def said_of(machine):
    machine.wait_line("^panic: ")
    machine.wait_quiet(2)
    assert machine.qmp("query-status")["running"]
    return [line for line in machine.screen.lines
            if line.startswith("panic: ") or line == ENDING]


def check_said(machine, said, told_before):
    lines = [re.sub(r", eip=0x[0-9a-f]{8}$", "", line) for line in said_of(machine)]
    if told_before is None:
        assert lines == said, lines
        return
    assert lines[0].startswith(FIRST), lines
    assert lines[1:] == said, lines
    told = any(line.startswith("eip=") for line in machine.screen.lines)
    assert told == told_before, machine.screen.lines


def test_fault_while_a_fault_is_reported():
    """Both are told in their order, a third is one line, and there is an end each time."""
    for damages, said, told_before in BROKEN:
        with broken_at_panic(damages, append="video=text") as machine:
            check_said(machine, said, told_before)


def test_fault_while_a_fault_is_drawn():
    """The same where the screen is a picture, and what draws it is what fails."""
    for damages, said, told_before in BROKEN[0], BROKEN[5], BROKEN[6]:
        with broken_at_panic(damages) as machine:
            check_said(machine, said, told_before)


def test_both_faults_are_on_the_screen():
    """On a text screen, too, and in their order."""
    for damages in ({PREPARE_SCREEN: NOWHERE}, {"symbols_find": UD2}):
        with broken_at_panic(damages, append="video=text") as machine:
            machine.wait_until(lambda shown=machine: ENDING in shown.text_screen(), "the end")
            lines = [line for line in machine.text_screen() if line.startswith("panic: ")]
            assert lines[0].startswith(FIRST) and len(lines) == 2, lines


def test_jump_of_the_kernel_to_nowhere():
    """Where the kernel itself goes where no code is, the backtrace still begins with who did it."""
    with gdb_stub.listen() as stub, Machine(extra=stub.arguments, append="video=text") as machine:
        stub.connect()
        stub.call_at(gdb_stub.find_symbol(Settings.elf, "shell_run"), lambda: stub.write_word(
            gdb_stub.find_symbol(Settings.elf, "line_handlers"), NOWHERE))
        machine.wait_prompt()
        machine.send("buddy\r")
        machine.wait_line(r"^The system has stopped\.")
        lines = machine.screen.lines
        assert JUMPED in lines
        backtrace = lines[lines.index("backtrace") + 1:]
        assert backtrace[0] == "  0xf0001000", backtrace
        assert re.fullmatch(r"  0x[0-9a-f]{8} (handle_line|trap_handle)\+0x[0-9a-f]+",
                            backtrace[1]), backtrace


# Intel SDM vol. 3B, 15.3.2.2: valid, uncorrected, enabled, context corrupt; and an address.
CHECKS = [
    ("mce -b 0 0 0xb200000000000000 0x0 0x0 0x0", "bank 0 status=0xb200000000000000"),
    ("mce -b 0 1 0xb600000000000136 0x0 0x12345678 0x0",
     "bank 1 status=0xb600000000000136 address=0x12345678"),
    ("mce -b 0 9 0xb600000000000000 0x4 0xfedcba9876543210 0x0",
     "bank 9 status=0xb600000000000000 address=0xfedcba9876543210"),
]


def check_machine_check(order, bank, **options):
    with shell(**options) as machine:
        machine.qmp("human-monitor-command", **{"command-line": order})
        machine.wait_line(r"^The system has stopped\.")
        lines = machine.screen.lines
        at = lines.index("panic: exception 18, machine check: the processor found an error of the "
                         "hardware")
        # It comes at any moment, also while a display driver draws.
        if re.fullmatch(r"driver \w+ was running", lines[at + 1]):
            at += 1
        assert lines[at + 1] == bank, lines[at:]
        assert lines[at + 2].startswith("eax="), lines[at:]
        backtrace = "\n".join(lines[at:])  # a long one is cut before it comes to kmain
        assert re.search(r"\bkmain\+0x|^  \.\.\. \d+ more$", backtrace, re.M), lines[at:]


def test_machine_check():
    """A machine check gets its sentence, and a line for each bank that holds an error."""
    for order, bank in CHECKS:
        check_machine_check(order, bank, arch="x86_64", append="video=text")
    for cpu in ("max", "Nehalem", "coreduo", "n270"):
        check_machine_check(*CHECKS[1], arch="x86_64", cpu=cpu)


def test_errors_of_before_are_forgotten():
    """What the banks held before the kernel came is no error of now, and no bank is named twice."""
    with shell(arch="x86_64") as machine:
        machine.qmp("human-monitor-command",
                    **{"command-line": "mce 0 2 0x9000000000000000 0x0 0x0 0x0"})  # corrected
        machine.qmp("human-monitor-command", **{"command-line": CHECKS[0][0]})
        machine.wait_line(r"^The system has stopped\.")
        banks = [line for line in machine.screen.lines if line.startswith("bank ")]
        assert banks == ["bank 0 status=0xb200000000000000",
                         "bank 2 status=0x9000000000000000"], banks


def test_backtrace_goes_through_an_interrupt():
    """A fault in an interrupt's handler shows what was interrupted as well."""
    def damage():
        if not stub.stop_count:
            stub.write_word(gdb_stub.find_symbol(Settings.elf, "timer_interrupt"), UD2)
    with gdb_stub.listen() as stub, Machine(extra=stub.arguments, append="video=text") as machine:
        stub.connect()
        stub.call_at(gdb_stub.find_symbol(Settings.elf, "shell_loop"), damage)
        machine.wait_line(r"^The system has stopped\.")
        lines = "\n".join(machine.screen.lines)
        assert re.search(r"\btimer_interrupt\+0x0\b", lines), lines
        assert re.search(r"\btrap_common\.flat\+0x", lines), lines
        assert re.search(r"\bboot_extended\+0x", lines), lines
