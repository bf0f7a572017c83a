"""A PC in QEMU, as a test sees it: a serial line with a shell on it, a keyboard, a screen.

Knows QEMU and the shell's prompt; knows nothing of what commands print. Only this process's own
QEMU is ever killed, by its process id, and always: when the `with` block ends and when its time is
up, whichever comes first. Other emulators are subclasses (tests/machines): they start otherwise and
take their pictures otherwise, and have the serial line in common.
"""

import contextlib
import json
import os
import re
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time

import screen
from terminal import SerialScreen

PROMPT = "ashlar>"
LEAST_SECONDS = 60  # of every deadline
DEADLINE_SECONDS = 120  # for all that a test waits for, if it does not ask for more
LIFETIME_SECONDS = 3600  # of an emulator, whatever happens
TEXT_HEIGHT = 400  # pixels

# The keyboard controller's (IBM PS/2 Hardware Interface Technical Reference, 1991).
KEYBOARD_STATUS = 0x64
KEYBOARD_HAS_DATA = 0x01

# How QEMU names the keys of a PC keyboard (qapi/ui.json, QKeyCode).
KEY_NAMES = {
    " ": ["spc"], "\n": ["ret"], "\t": ["tab"], "\b": ["backspace"], "-": ["minus"],
    "=": ["equal"], ";": ["semicolon"], ",": ["comma"], ".": ["dot"], "/": ["slash"],
    "_": ["shift", "minus"], "+": ["shift", "equal"], ":": ["shift", "semicolon"],
}


class Settings:
    """What the command line of the runner says, for all machines."""

    elf = "build/ashlar.elf"
    iso = "build/ashlar.iso"
    image = "build/ashlar-bios.img"
    example = "build/example.elf"
    drivers = "build"  # where test miniports are: NAME.elf, drivers/NAME.sys
    patience = 1.0


class MachineError(AssertionError):
    """The machine did not do in time what a test waited for."""


def deadline(seconds):
    """When to give up a wait that begins now, on the clock of time.monotonic()."""
    if seconds < LEAST_SECONDS:
        raise ValueError(f"a deadline of {seconds} s; a busy host needs {LEAST_SECONDS} s")
    return time.monotonic() + seconds * Settings.patience


def start_process(command, *sockets, **options):
    """Starts an emulator, which gets these sockets under their numbers."""
    if shutil.which("setpriv"):  # if this process is killed, so is its emulator
        command = ["setpriv", "--pdeathsig", "KILL"] + command
    return subprocess.Popen(command, pass_fds=[peer.fileno() for peer in sockets],
                            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                               "stderr": subprocess.PIPE, **options})


class Machine:
    """One running PC. Use it in a `with` statement.

    boot: "elf" (-kernel), "cd" (the ISO by GRUB), "disk" (the ISO as a hard disk, as on a USB
    stick). append: the kernel's command line, for "elf" alone. iso: another than the build's.
    exit_device: whether there is an isa-debug-exit. serial: whether there is a serial port.
    """

    emulator = "QEMU"

    def __init__(self, memory="128M", boot="elf", append=None, arch="i386", machine=None, cpu=None,
                 vga="std", elf=None, iso=None, extra=(), exit_device=True, serial=True,
                 lifetime=LIFETIME_SECONDS):
        self._has_serial = serial
        self._command = [f"qemu-system-{arch}", "-m", memory, "-display", "none", "-vga", vga,
                         "-nic", "none", "-no-reboot"]
        if exit_device:
            self._command += ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
        if machine:
            self._command += ["-machine", machine]
        if cpu:
            self._command += ["-cpu", cpu]
        if boot == "elf":
            self._command += ["-kernel", elf or Settings.elf]
        elif boot == "cd":
            self._command += ["-cdrom", iso or Settings.iso, "-boot", "d"]
        elif boot == "disk":
            self._command += ["-drive", f"file={iso or Settings.iso},format=raw,snapshot=on"]
        if append:
            self._command += ["-append", append]
        self._command += list(extra)
        self._prepare(lifetime)

    def _prepare(self, lifetime=LIFETIME_SECONDS):
        self._lifetime = lifetime * Settings.patience
        self.screen = SerialScreen()
        self.last_picture = None  # what it showed when its test failed

    def _start(self, serial_peer, monitor_peer):
        """Starts the emulator with the other ends of its serial line and monitor."""
        return start_process(self._command + [
            "-chardev", f"socket,id=serial,fd={serial_peer.fileno()}",
            "-serial", "chardev:serial" if self._has_serial else "none",
            "-chardev", f"socket,id=qmp,fd={monitor_peer.fileno()}",
            "-mon", "chardev=qmp,mode=control"], serial_peer, monitor_peer)

    def __enter__(self):
        self._serial, serial_peer = socket.socketpair()
        self._monitor, monitor_peer = socket.socketpair()
        with serial_peer, monitor_peer:
            self._process = self._start(serial_peer, monitor_peer)
        self._serial_open = True
        self._monitor_file = None
        self._timed_out = False
        self._watchdog = threading.Timer(self._lifetime, self._end_of_time)
        self._watchdog.daemon = True
        self._watchdog.start()
        _current.machine = self
        return self

    def __exit__(self, error, *_):
        if error and self._process.poll() is None:
            with contextlib.suppress(Exception):
                self.last_picture = self.screenshot()
        self._watchdog.cancel()
        self._process.kill()
        self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        self._serial.close()
        if self._monitor_file:
            self._monitor_file.close()
        self._monitor.close()

    def _end_of_time(self):
        self._timed_out = True
        self._process.kill()

    # The serial line.

    def _pump(self, seconds):
        """Reads what has arrived, waiting up to this long. False once the line is closed."""
        if self._serial_open and select.select([self._serial], [], [], max(0, seconds))[0]:
            try:
                data = self._serial.recv(65536)
            except ConnectionError:
                data = b""
            if data:
                self.screen.feed(data)
            else:
                self._serial_open = False
        return self._serial_open

    def wait_until(self, condition, what, seconds=DEADLINE_SECONDS):
        """Reads the serial line until condition() holds; fails if QEMU ends or time is up."""
        end = deadline(seconds)
        while not condition():
            left = end - time.monotonic()
            if left <= 0:
                raise MachineError(f"after {seconds} s still no {what}")
            if not self._pump(min(left, 0.5)) and not condition():
                raise MachineError(f"{self.emulator} ended; no {what}. {self._last_words()}")

    def _last_words(self):
        if self._timed_out:
            return f"It was killed after {self._lifetime:g} s."
        status = self._process.wait()
        return f"Status {status}. {self._process.stderr.read().decode(errors='replace').strip()}"

    def wait_quiet(self, seconds=0.5):
        """Reads until nothing has come for this long."""
        length = -1
        while length != len(self.screen.raw):
            length = len(self.screen.raw)
            self._pump(seconds)

    def at_prompt(self):
        return self.screen.current.rstrip() == PROMPT

    def wait_prompt(self, seconds=DEADLINE_SECONDS):
        """Waits for the shell's first prompt; returns the lines that came before it."""
        self.wait_until(self.at_prompt, "prompt", seconds)
        return list(self.screen.lines)

    def wait_line(self, pattern, seconds=DEADLINE_SECONDS):
        """Waits for a line in which the regular expression is found, and returns the match."""
        def find():
            return next(filter(None, map(re.compile(pattern).search, self.screen.lines)), None)
        self.wait_until(find, f"line with {pattern!r}", seconds)
        return find()

    def send(self, keys):
        """Types on the serial line: text, or bytes with escape sequences."""
        self._serial.sendall(keys.encode() if isinstance(keys, str) else keys)

    def submit(self, keys, seconds=DEADLINE_SECONDS):
        """Types a line and Enter, and returns the lines printed before the next prompt."""
        begin = len(self.screen.lines)
        self.send(keys)
        self.send("\r")
        self.wait_until(lambda: len(self.screen.lines) > begin and self.at_prompt(),
                        f"prompt after {keys!r}", seconds)
        return self.screen.lines[begin + 1:]

    def command(self, text, seconds=DEADLINE_SECONDS):
        """submit(), for a command that the shell must echo as it is."""
        begin = len(self.screen.lines)
        lines = self.submit(text, seconds)
        echo = self.screen.lines[begin]
        if not echo.endswith(text) or not echo.startswith(PROMPT):
            raise MachineError(f"the shell echoed {echo!r}, not {text!r}")
        return lines

    def wait_exit(self, seconds=DEADLINE_SECONDS):
        """Reads to the end of the serial line; returns QEMU's exit status."""
        end = deadline(seconds)
        while self._pump(0.5):
            if time.monotonic() > end:
                raise MachineError(f"after {seconds} s QEMU still runs")
        status = self._process.wait()
        if self._timed_out:
            raise MachineError(self._last_words())
        return status

    # QEMU's monitor (docs/interop/qmp-spec.txt).

    def qmp(self, execute, **arguments):
        if self._monitor_file is None:
            self._monitor.settimeout(DEADLINE_SECONDS * Settings.patience)
            self._monitor_file = self._monitor.makefile("rwb")
            self._monitor_file.readline()
            self.qmp("qmp_capabilities")
        request = {"execute": execute, "arguments": arguments}
        self._monitor_file.write(json.dumps(request).encode() + b"\n")
        self._monitor_file.flush()
        while True:
            line = self._monitor_file.readline()
            if not line:
                raise MachineError(f"QEMU ended during {execute}. {self._last_words()}")
            answer = json.loads(line)
            if "error" in answer:
                raise MachineError(f"{execute}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def wait_end(self):
        """Waits until the guest ends QEMU; returns why it did, in QMP's words, such as
        "guest-shutdown" or "guest-reset". Needs a call of qmp() before."""
        status = self.wait_exit()
        if status != 0:
            raise MachineError(self._last_words())
        events = [json.loads(line) for line in self._monitor_file]
        return next(event["data"]["reason"] for event in events
                    if event.get("event") == "SHUTDOWN")

    def _file_from_qmp(self, execute, **arguments):
        with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
            path = os.path.join(folder, "file")
            self.qmp(execute, filename=path, **arguments)
            with open(path, "rb") as file:
                return file.read()

    head = None  # the id of the device whose display is looked at; None: the first

    def screenshot(self):
        """What the display shows now. PPM, which every QEMU writes; PNG came with 7.1."""
        device = {"device": self.head} if self.head else {}
        return screen.read_ppm(self._file_from_qmp("screendump", **device))

    def wait_screenshot(self, condition, what, seconds=DEADLINE_SECONDS):
        """Takes screenshots until condition(screenshot) holds, and returns that one."""
        end = deadline(seconds)
        while True:
            shot = self.screenshot()
            if condition(shot):
                return shot
            if time.monotonic() > end:
                raise MachineError(f"after {seconds} s the screen still does not show {what}")
            self._pump(0.2)

    def settled_screenshot(self):
        """A screenshot that shows the same as the two before it, half a second apart: on a busy host
        the machine may stand still for some of that. On a text screen, whose cursor blinks, as the
        one before it, a little earlier."""
        shots = [self.screenshot()]

        def at_rest(shot):
            shots.append(shot)
            if shots[-2] != shot:
                del shots[:-1]
            if shot.height == TEXT_HEIGHT:
                return len(shots) == 2
            self.let_pass(0.3)
            return len(shots) == 3
        self.let_pass(0.3)
        return self.wait_screenshot(at_rest, "a picture at rest")

    def let_pass(self, seconds):
        """Waits that long, whatever is on the serial line."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._pump(end - time.monotonic()):
            pass

    def read_physical(self, address, size_bytes):
        return self._file_from_qmp("pmemsave", val=address, size=size_bytes)

    def text_screen(self):
        """The 25 lines of the VGA's colour text mode (memory at 0xB8000, 80 columns)."""
        cells = self.read_physical(0xB8000, 80 * 25 * 2)[::2]
        text = "".join(chr(cell) if 0x20 <= cell < 0x7F else " " for cell in cells)
        return [text[at:at + 80].rstrip() for at in range(0, len(text), 80)]

    def press(self, *keys):
        """Presses keys together on the PS/2 keyboard, by QEMU's names, and lets go."""
        for order, down in ((keys, True), (keys[::-1], False)):
            self.send_input(*(("key", {"down": down, "key": {"type": "qcode", "data": key}})
                              for key in order))

    def send_input(self, *events):
        """Has the PS/2 keyboard or mouse say (type, data) of QMP's InputEvent (qapi/ui.json).

        Waits until the guest has read it: they hold 16 bytes, and lose what comes then.
        """
        self.qmp("input-send-event", events=[{"type": kind, "data": data} for kind, data in events])
        end = deadline(DEADLINE_SECONDS)
        while self._read_port(KEYBOARD_STATUS) & KEYBOARD_HAS_DATA:
            if time.monotonic() > end:
                raise MachineError(f"after {DEADLINE_SECONDS} s the guest did not read {events}")
            self._pump(0.01)

    def _read_port(self, port):
        said = self.qmp("human-monitor-command", **{"command-line": f"i /b {port:#x}"})
        return int(said.split("=")[1], 16)  # "portb[0x0064] = 0x1c"

    def type_text(self, text):
        for character in text:
            if character in KEY_NAMES:
                self.press(*KEY_NAMES[character])
            elif character.isupper():
                self.press("shift", character.lower())
            else:
                self.press(character)


# The machine that this thread started last, for the report of a failed test.
_current = threading.local()


def forget_machine():
    _current.machine = None


def last_machine():
    return getattr(_current, "machine", None)


@contextlib.contextmanager
def shell(**options):
    """A Machine whose shell is waiting for a command."""
    with Machine(**options) as machine:
        machine.wait_prompt()
        yield machine
