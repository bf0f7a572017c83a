"""`make run` without a display, in terminals of several sizes."""

import contextlib
import fcntl
import os
import pathlib
import pty
import select
import signal
import struct
import termios
import time

from machine import LIFETIME_SECONDS, Settings, start_process

RUN = pathlib.Path(__file__).resolve().parent.parent.parent / "tools" / "run.sh"
SERIAL = "this is the serial line. To leave, type exit; or press Ctrl-A, then X."
TEXT = ("No display: the system runs here as text. To leave, type exit; or press Esc 2, "
        "then type quit.")
PROMPT = "ashlar>"


UNKNOWN = f"No display, and this terminal does not tell its size: {SERIAL}"


def too_small(size):
    return (f"No display, and this terminal of {size} is too small for the text screen of 80x25: "
            f"{SERIAL}")


class Terminal:
    """A command, tools/run.sh if no other is given, in a terminal of its own."""

    def __init__(self, columns, rows, command=None):
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("DISPLAY", "WAYLAND_DISPLAY", "LINES", "COLUMNS")}
        command = command or [str(RUN), Settings.elf, "-no-reboot"]
        self._process = start_process(command, stdin=slave, stdout=slave, stderr=slave,
                                      start_new_session=True,
                                      env={**environment, "TERM": "xterm"})
        os.close(slave)
        self._deadline = time.monotonic() + LIFETIME_SECONDS * Settings.patience
        self.output = ""

    def _read(self):
        """False at the end."""
        left = max(0, self._deadline - time.monotonic())
        assert select.select([self._master], [], [], left)[0], f"no end after {self.output!r}"
        with contextlib.suppress(OSError):  # EIO: the other side is closed
            data = os.read(self._master, 65536)
            self.output += data.decode("latin-1")
            return bool(data)
        return False

    def wait(self, text):
        while text not in self.output:
            assert self._read(), f"no {text!r} in {self.output!r}"

    def type(self, text):
        os.write(self._master, text.encode())

    def wait_exit(self):
        while self._read():
            pass
        return self._process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)  # the emulator, too
            self._process.wait()
        os.close(self._master)


def check_run(columns, rows, sentence):
    """It says the sentence, comes to the prompt, and ends with 0 when `exit` is typed."""
    with Terminal(columns, rows) as terminal:
        terminal.wait(sentence)
        terminal.wait(PROMPT)
        terminal.type("exit\r")
        assert terminal.wait_exit() == 0, terminal.output
        assert terminal.output.count("No display") == 1, terminal.output


def test_small_terminals():
    """With fewer than 25 rows or 80 columns, it is the serial line, and it says why."""
    for columns, rows in ((80, 24), (79, 25)):
        check_run(columns, rows, too_small(f"{columns}x{rows}"))
    check_run(0, 0, UNKNOWN)


def test_terminals_that_fit():
    """A terminal of 80x25 or more shows the text screen."""
    for columns, rows in ((80, 25), (132, 50)):
        check_run(columns, rows, TEXT)


def test_memory_serves_the_documents():
    """Without MEMORY, the largest machine that the tour and the documents open has room."""
    with Terminal(80, 24) as terminal:
        terminal.wait(PROMPT)
        terminal.type("machine server\r")
        terminal.wait('open=yes text="1.4 TiB')
        terminal.type("quit\r")
        assert terminal.wait_exit() == 0, terminal.output
