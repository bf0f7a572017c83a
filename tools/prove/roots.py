"""Where the provers are: on this machine, or in a minimal Debian under build/prove.

Debian 13 has CBMC, Debian 12 has Frama-C, and neither has the other. A Debian that this machine is
not is debootstrapped once, which needs root and the network.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "build" / "prove"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

sys.path.insert(0, str(ROOT / "tests" / "fresh"))
from debian import (Copy, copy_network, find_mirror, last_line,  # noqa: E402
                    run_quietly)


class NoRoot(Exception):
    """The tools cannot be had here; the text is one line that says why."""


class Root:
    """A place where a tool can run: `inside` is the folder in which rows are prepared."""

    def __init__(self, suite, command):
        self.suite = suite
        self.base = None if shutil.which(command) else FOLDER / suite
        self.inside = (self.base or FOLDER) / "rows"

    def command(self, argv, folder):
        """The command that runs argv in a folder below `inside`."""
        if not self.base:
            return argv, folder
        line = 'cd "$1" && shift && exec "$@"'
        return (["chroot", str(self.base), "env", "-i", f"PATH={PATH}", "HOME=/root",
                 "LANG=C.UTF-8", "sh", "-c", line, "sh", f"/rows/{folder.name}", *argv], None)

    def version(self, command):
        argv, _ = self.command([command, "--version"], self.inside)
        if self.base:
            argv = ["chroot", str(self.base), command, "--version"]
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


def find_root(suite, packages, command, seconds):
    """Makes the Debian if there is none yet, in so many seconds. Raises NoRoot."""
    root = Root(suite, command)
    if root.base and not (root.base / "ready").exists():
        make_debian(root.base, suite, packages, seconds)
    root.inside.mkdir(parents=True, exist_ok=True)
    return root


def make_debian(base, suite, packages, seconds):
    if os.geteuid() != 0:
        raise NoRoot(f"a Debian {suite} for its provers is made by root only")
    if not shutil.which("debootstrap"):
        raise NoRoot("there is no debootstrap: apt-get install debootstrap")
    shutil.rmtree(base, ignore_errors=True)
    base.parent.mkdir(parents=True, exist_ok=True)
    log = base.parent / f"{suite}.log"
    debootstrap = ["debootstrap", "--variant=minbase", suite, str(base), find_mirror()]
    done = run_quietly(["env", f"PATH={PATH}", "DPKG_FORCE=unsafe-io", *debootstrap], log, seconds)
    if done:
        done = install(base, packages, log, seconds)
    if not done:
        raise NoRoot(f"no Debian {suite} with {packages[0]}: {re.sub(' +', ' ', last_line(log))} "
                     f"(all of it: {os.path.relpath(log)})")
    (base / "ready").touch()


def install(base, packages, log, seconds):
    """By apt: debootstrap does not know of packages that others provide."""
    (base / "etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n", "ascii")
    copy_network(base)
    debian = Copy(base)
    status, _ = debian.run("apt-get -q update && "
                           f"timeout {seconds} apt-get -q -y --no-install-recommends install "
                           f"{' '.join(packages)} && apt-get clean")
    log.write_text(debian.output, "utf-8")
    return status == 0
