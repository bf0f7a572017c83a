"""QEMU's own debugger (its gdb stub), for what no monitor command does: to change the memory of a
running machine, at a place in its code.

    with gdb_stub.listen() as stub, Machine(extra=stub.arguments) as machine:
        stub.connect()
        stub.call_at(gdb_stub.find_symbol(Settings.elf, "kmain"), action)

Packets as in the manual of GDB, appendix "GDB Remote Serial Protocol"; Qqemu.PhyMemMode is QEMU's
(docs/system/gdb.rst).
"""

import contextlib
import os
import socket
import subprocess
import tempfile
import threading
import time

from machine import DEADLINE_SECONDS, deadline


class Closed(Exception):
    """QEMU ended, or this side did."""


class GdbStub:
    def __init__(self, path):
        self.arguments = ["-gdb", f"unix:{path},server=on,wait=off"]
        self._path = path
        self._socket = None
        self._data = b""
        self._thread = None
        self.stop_count = 0

    def _try_to_connect(self):
        """False before QEMU listens; the socket's file is there a little earlier."""
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.connect(self._path)
        except (FileNotFoundError, ConnectionRefusedError):
            self._socket.close()
            return False
        return True

    def connect(self):
        """Attaches, which stops the machine."""
        end = deadline(DEADLINE_SECONDS)
        while not self._try_to_connect():
            assert time.monotonic() < end, "QEMU does not listen"
            time.sleep(0.05)
        assert self._ask("Qqemu.PhyMemMode:1") == "OK"

    def close(self):
        if self._socket:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread:
            self._thread.join(DEADLINE_SECONDS)
        if self._socket:
            self._socket.close()

    def _send(self, packet):
        self._socket.sendall(b"$%s#%02x" % (packet.encode(), sum(packet.encode()) & 255))

    def _receive(self):
        while True:
            begin = self._data.find(b"$")
            end = self._data.find(b"#", begin)
            if begin >= 0 and end >= 0 and len(self._data) >= end + 3:
                packet = self._data[begin + 1:end]
                self._data = self._data[end + 3:]
                self._socket.sendall(b"+")
                return packet.decode()
            data = self._socket.recv(4096)
            if not data:
                raise Closed
            self._data += data

    def _ask(self, packet):
        """The answer; that attaching stopped the machine may be told before it."""
        self._send(packet)
        while (answer := self._receive()).startswith("T"):
            pass
        return answer

    def call_at(self, address, action):
        """Lets the machine run, and calls action() whenever it comes to this address."""
        self._set_breakpoint(address, True)
        self._send("c")
        self._thread = threading.Thread(target=self._serve, args=(address, action), daemon=True)
        self._thread.start()

    def _set_breakpoint(self, address, is_set):
        assert self._ask(f"{'Z' if is_set else 'z'}0,{address:x},1") == "OK"

    def _serve(self, address, action):
        while True:
            try:
                self._receive()
            except (OSError, Closed):
                return
            action()
            self.stop_count += 1
            self._set_breakpoint(address, False)  # or it would stop here again at once
            self._send("s")
            self._receive()
            self._set_breakpoint(address, True)
            self._send("c")

    def read_word(self, physical):
        return int.from_bytes(bytes.fromhex(self._ask(f"m{physical:x},4")), "little")

    def write_word(self, physical, value):
        assert self._ask(f"M{physical:x},4:{value.to_bytes(4, 'little').hex()}") == "OK"


@contextlib.contextmanager
def listen():
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        stub = GdbStub(os.path.join(folder, "gdb"))
        try:
            yield stub
        finally:
            stub.close()


def find_symbol(elf, name):
    """The address of a function, by its name in the ELF file's symbols."""
    output = subprocess.run(["nm", elf], check=True, capture_output=True, text=True).stdout
    for line in output.splitlines():
        if line.split()[-1] == name:
            return int(line.split()[0], 16)
    raise AssertionError(f"{elf} has no symbol {name}")
