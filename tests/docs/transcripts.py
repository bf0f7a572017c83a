"""Replays what the chapters show of the running kernel.

A block ```sh whose first line starts with qemu-system- names a machine, which is booted as it says,
but for where its serial line goes. The ```console blocks behind it, up to the next such block, are
one dialogue with it: lines that begin with the prompt are typed, the others must come out. What
stands before the first prompt is the boot's. A line `...` stands for one or more lines, `...`
within a line for any text.

Of a page that builds what it starts, all that stands in ```sh blocks is typed, in the page's order;
`make run-driver NAME=foo` starts a machine, too.
"""

import os
import re
import shlex
import subprocess

import machine

ELF = "build/ashlar.elf"
PROMPT = machine.PROMPT + " "
SERIAL = ["-serial", "stdio"]  # of the reader's; a test has its own
RUN_DRIVER = re.compile(r"make run-driver NAME=([\w-]+)(?: APPEND='([^']*)')?")
BUILD_SECONDS = 600
OUTER_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")


class Exchange:
    """A typed command, or None for the boot, and the lines that the page shows after it."""

    def __init__(self, command, first_line):
        self.command = command
        self.first_line = first_line  # of what is shown, in the page
        self.shown = []


class Session:
    """A machine, by the command line that starts it, and a dialogue with it."""

    def __init__(self, command, line):
        self.command = command
        self.line = line
        self.exchanges = []
        self.before = []  # (line, command) that are typed before it is started


def machine_of(command):
    """The words that start the machine of a command line; None if it starts none."""
    driver = RUN_DRIVER.fullmatch(command)
    if driver:  # as tools/run.sh does it without a window
        return ["qemu-system-i386", "-m", "512M", "-device",
                "isa-debug-exit,iobase=0xf4,iosize=4", "-kernel", ELF, "-append", driver[2] or "",
                "-display", "none", "-initrd", f"build/drivers/{driver[1]}.sys"]
    return shlex.split(command) if command.startswith("qemu-system-") else None


def commands_of(fence):
    """(line, command) of a block of shell commands, lines that end in \\ joined."""
    number, command = fence.first_line, ""
    for offset, line in enumerate(fence.lines):
        number = number if command else fence.first_line + offset
        command += line.removesuffix("\\")
        if not line.endswith("\\"):
            yield number, " ".join(command.split("  #")[0].split())
            command = ""


def sessions_of(page, is_building=False):
    sessions = []
    before = []
    for fence in page.fences:
        if fence.language == "sh":
            commands = list(commands_of(fence))
            for line, command in commands if is_building else commands[:1]:
                words = machine_of(command)
                if words:
                    sessions.append(Session(words, line))
                    sessions[-1].before, before = before, []
                elif is_building:
                    before.append((line, command))
        elif fence.language == "console":
            if not sessions:
                raise ValueError(f"{page.path}:{fence.first_line}: no machine to replay this on")
            read_dialogue(page, sessions[-1], fence)
    return sessions


def type_commands(commands):
    """Yields a complaint for each that fails."""
    environment = {key: value for key, value in os.environ.items() if key not in OUTER_MAKE}
    for line, command in commands:
        done = subprocess.run(command, shell=True, check=False, env=environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=BUILD_SECONDS)
        if done.returncode != 0:
            yield f"line {line}: {command}: {done.stdout.strip()}"


def read_dialogue(page, session, fence):
    exchange = None
    for number, line in enumerate(fence.lines, fence.first_line):
        if line.startswith(PROMPT):
            exchange = Exchange(line[len(PROMPT):], number + 1)
            session.exchanges.append(exchange)
            continue
        if exchange is None:
            if session.exchanges:
                raise ValueError(f"{page.path}:{number}: the boot's lines come first")
            exchange = Exchange(None, number)
            session.exchanges.append(exchange)
        exchange.shown.append(line)


def matches(shown, lines):
    pattern = "".join(
        r"(?:.*\n)+" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + r"\n"
        for line in shown)
    return re.fullmatch(pattern, "".join(line + "\n" for line in lines)) is not None


class ChapterMachine(machine.Machine):
    """The machine of a session's command line."""

    def __init__(self, command):
        super().__init__(elf=machine.Settings.elf)
        words = [machine.Settings.elf if word == ELF else word for word in command]
        at = next((i for i in range(len(words)) if words[i:i + 2] == SERIAL), None)
        if at is not None:
            del words[at:at + 2]
        self._command = words + ["-no-reboot"]


def replay(session):
    """Yields (exchange, lines that came) for what came otherwise than shown."""
    with ChapterMachine(session.command) as guest:
        boot_lines = guest.wait_prompt()
        for exchange in session.exchanges:
            if exchange.command is None:
                lines = boot_lines
            else:
                lines = guest.command(exchange.command)
            if not matches(exchange.shown, lines):
                yield exchange, lines


def renew(page, differences):
    """Writes into the page what came. From its end on, so that line numbers hold."""
    for exchange, lines in sorted(differences, key=lambda pair: -pair[0].first_line):
        start = exchange.first_line - 1
        page.lines[start:start + len(exchange.shown)] = lines
    page.path.write_text("\n".join(page.lines) + "\n", encoding="utf-8")
