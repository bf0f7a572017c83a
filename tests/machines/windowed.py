"""A machine of the matrix in an emulator that draws a window, and takes its serial line from TCP.

The window stands under Xvfb, whose picture is a file.
"""

import contextlib
import os
import socket
import subprocess
import tempfile

import screen
from machine import Machine, MachineError, Settings, start_process

SCREEN_SIZE = (1280, 1024)  # of Xvfb
PICTURE = "Xvfb_screen0"
START_SECONDS = 100
STARTS = 3  # on a busy host, DOSBox now and then hangs before it has a window


class Windowed(Machine):
    """Has the serial line of its base, and none of QEMU's monitor.

    A subclass says what starts the emulator, and where in Xvfb's corner the guest's picture begins,
    there being no window manager.
    """

    left = top = 0

    def __init__(self, entry):
        self._entry = entry
        self._prepare()

    def _command_of(self, folder, port):
        """The emulator's command line; its serial line is to connect to the port."""
        raise NotImplementedError

    def _start_display(self):
        """Starts Xvfb, which picks a free number and keeps its screen in a file."""
        reader, writer = os.pipe()
        with open(reader, encoding="ascii") as number:
            with open(writer, "wb") as told:
                self._xvfb = start_process(
                    ["Xvfb", "-displayfd", str(writer), "-screen", "0",
                     f"{SCREEN_SIZE[0]}x{SCREEN_SIZE[1]}x24", "-fbdir", self._folder,
                     "-nolisten", "tcp"], told, stderr=subprocess.DEVNULL)
            display = number.readline().strip()
        if not display:
            raise MachineError("Xvfb does not start")
        return f":{display}"

    def _start(self, serial_peer, monitor_peer):
        environment = {**os.environ, "DISPLAY": self._start_display(), "HOME": self._folder}
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(START_SECONDS * Settings.patience)
            for _ in range(STARTS):
                process = start_process(self._command_of(self._folder, listener.getsockname()[1]),
                                        cwd=self._folder, env=environment,
                                        stderr=subprocess.DEVNULL)
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    process.kill()
                    process.wait()
                    continue
                self._serial.close()
                self._serial = connection
                return process
        raise MachineError(f"{self.emulator} does not start")

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self._folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ashlar-"))
            self._xvfb = None
            stack.callback(self._end_display)
            super().__enter__()
            self._ending = stack.pop_all()
        return self

    def __exit__(self, *error):
        with self._ending:
            super().__exit__(*error)

    def _end_display(self):
        if self._xvfb:
            self._xvfb.kill()
            self._xvfb.wait()

    def _last_words(self):
        with contextlib.suppress(OSError):
            with open(os.path.join(self._folder, "log"), errors="replace") as file:
                return file.read()[-300:].strip()
        return ""

    def screenshot(self):
        """The guest's picture, cut out of the window, as large as it ought to be."""
        with open(os.path.join(self._folder, PICTURE), "rb") as file:
            whole = screen.read_xwd(file.read())
        width, height = self._entry.screen
        return whole.region(self.left, self.top, self.left + width, self.top + height)
