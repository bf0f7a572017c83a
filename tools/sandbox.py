"""Runs a command where it sees little, changes nothing, and has no network: by bubblewrap.

A sandbox shows the system's programs, libraries and headers, and the folders that it is given; each
lies where it lies outside, and can only be read. One folder may be written. There is no /dev and no
/tmp. Root's commands run as a user without rights.
"""

import dataclasses
import os
import pathlib
import subprocess
import threading

NOBODY = "65534"
SYSTEM = ["/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/usr/libexec",
          "/usr/include", "/usr/local/bin", "/usr/local/lib", "/usr/local/libexec",
          "/usr/local/include", "/bin", "/lib", "/lib32", "/lib64", "/libx32",
          "/etc/alternatives", "/etc/ld.so.cache"]
NAMESPACES = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
              "--unshare-cgroup-try", "--die-with-parent", "--new-session"]
DROP = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--inh-caps=-all",
        "--bounding-set=-all", "--no-new-privs"]
# Each is tried in this order; the second is for root in a container that has one user only.
WAYS = [(["bwrap"], DROP)] if os.geteuid() == 0 else []
WAYS += [(["bwrap", "--unshare-user", "--cap-drop", "ALL"], [])]
# A sandbox within a container may not have a /proc of its own; it may show the outer one.
PROCS = [["--proc", "/proc"], ["--ro-bind", "/proc", "/proc"]]
PROBE_SECONDS = 60


class NoSandbox(Exception):
    """None can be had on this machine: why."""


@dataclasses.dataclass
class Limits:
    """Of each process: seconds that it computes, bytes of a file; of addresses: None, any."""

    cpu_seconds: int
    file_bytes: int
    address_bytes: int = None

    def command(self):
        words = ["prlimit", f"--cpu={self.cpu_seconds}", f"--fsize={self.file_bytes}", "--core=0"]
        return words + ([f"--as={self.address_bytes}"] if self.address_bytes else [])


def is_below(path, folder):
    return pathlib.Path(folder) in (path, *path.parents)


def show(path, option="--ro-bind"):
    """Options that show a folder or a file. What is above it is made, for all to go through."""
    above = [str(folder) for folder in reversed(pathlib.Path(path).parents)][1:]
    return [word for folder in above for word in ("--perms", "0755", "--dir", folder)] + [
        option, str(path), str(path)]


def show_system(hidden):
    """Options that show the system's folders, without what lies in `hidden`."""
    options = []
    crossed = [str(path) for path in sorted(pathlib.Path("/usr").glob("*-linux-gnu*"))]
    for path in SYSTEM + crossed:
        if os.path.islink(path):
            options += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            options += show(path)
            if is_below(hidden, path):
                options += ["--tmpfs", str(hidden)]
    return options


class Sandbox:
    """How commands are run on this machine. `hidden` is a folder that no sandbox shows."""

    def __init__(self, hidden, is_unsafe=False):
        self.hidden = hidden
        self.is_unsafe = is_unsafe
        self.way = self.proc = None
        if not is_unsafe:
            self.way = self.find_way(WAYS, lambda way: self.wrap(way, [], ["true"]))
            self.proc = self.find_way(PROCS, lambda proc: self.wrap(self.way, proc, ["true"]))

    @staticmethod
    def find_way(ways, command_of):
        said = []
        for way in ways:
            try:
                done = subprocess.run(command_of(way), stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                      errors="replace", timeout=PROBE_SECONDS, check=False)
            except (OSError, subprocess.TimeoutExpired) as why:
                raise NoSandbox(str(why)) from None
            if done.returncode == 0:
                return way
            said.append(done.stdout.strip())
        raise NoSandbox("; ".join(said))

    def wrap(self, way, options, words):
        bwrap, drop = way
        return [*bwrap, *NAMESPACES, *show_system(self.hidden), *options, "--remount-ro", "/",
                "--", *drop, *words]

    def command(self, words, limits, reads=(), writes=None, needs_proc=False):
        """The words that run `words` inside. `reads` and `writes` are folders."""
        words = limits.command() + words
        if self.is_unsafe:
            return words
        options = list(self.proc) if needs_proc else []
        for folder in reads:
            options += show(folder)
        if writes:
            options += [*show(writes, "--bind"), "--chdir", str(writes)]
        return self.wrap(self.way, options, words)

    def give(self, folder):
        """Lets commands inside write to the folder, which they are given as `writes`."""
        if self.way and self.way[1]:
            os.chown(folder, int(NOBODY), int(NOBODY))


def environment(folder):
    """Nothing of the caller's; temporary files go to the folder."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}


def run_bounded(command, folder, text=b"", seconds=120, most_bytes=65536):
    """Runs it with `text` as its input. (status, or None if it had to be stopped; output)."""
    with subprocess.Popen(command, cwd=folder, env=environment(folder), stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        stopped = threading.Event()

        def stop():
            stopped.set()
            process.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        feeder = threading.Thread(target=feed, args=(process.stdin, text))
        feeder.start()
        output = process.stdout.read(most_bytes)
        if len(output) == most_bytes:
            stop()
        process.wait()
        timer.cancel()
        feeder.join()
    return None if stopped.is_set() else process.returncode, output.decode(errors="replace")


def feed(stream, text):
    try:
        stream.write(text)
        stream.close()
    except OSError:
        pass  # it did not want to read all
