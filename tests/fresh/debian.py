"""Minimal Debians in build/fresh, and copies of them to try things in.

A suite is debootstrapped once, with make and a user without rights. Each copy begins as that one,
so that nothing that was installed for another test hides a missing package. Packages that were
downloaded once are kept, and laid where apt-get looks for them.
"""

import contextlib
import os
import pathlib
import re
import select
import shutil
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "build" / "fresh"
ENTER = ROOT / "tests" / "fresh" / "enter.sh"

DEFAULT_MIRROR = "http://deb.debian.org/debian"
DEBOOTSTRAP_SECONDS = 1200
COMMAND_SECONDS = 1800
USER = "student"
DPKG_OPTION = "unsafe-io"  # what is thrown away need not survive a power failure
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
WITH_US = ["setpriv", "--pdeathsig=KILL"]  # a command that ends when this process does
ARCHIVES = "var/cache/apt/archives"
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
CERTIFICATES = "usr/local/share/ca-certificates/host.pem"


class CannotBuild(Exception):
    """There is no minimal Debian; the text is one line that says why."""


def find_mirror():
    """MIRROR=, or the first mirror of Debian that this machine's apt has, or Debian's own."""
    if os.environ.get("MIRROR"):
        return os.environ["MIRROR"]
    apt = pathlib.Path("/etc/apt")
    for path in [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*"))]:
        if path.is_file():
            found = re.search(r"^[^#\n]*?(https?://\S+/debian)/?(?=\s)", path.read_text("utf-8"),
                              re.M)
            if found:
                return found[1]
    return DEFAULT_MIRROR


def run_quietly(command, log, seconds):
    """True if the command succeeds; what it prints goes to the log."""
    with open(log, "wb") as output:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output,
                              stderr=subprocess.STDOUT, timeout=seconds, check=False
                              ).returncode == 0


def last_line(log):
    lines = log.read_text("utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def tracked_files():
    """The files that git knows, by their paths from the root."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    return [name for name in done.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


class Copy:
    """A Debian of its own: `run` runs commands in it, as root or as the user."""

    def __init__(self, root):
        self.root = root
        self.output = ""  # of all commands so far

    def home(self, user):
        return "/root" if user == "root" else f"/home/{user}"

    def path(self, inside):
        return self.root / str(inside).lstrip("/")

    def put_tree(self, user, name="ashlar"):
        """Copies the files that git knows into a folder of the user's home; its path inside."""
        folder = f"{self.home(user)}/{name}"
        for file in tracked_files():
            target = self.path(folder) / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, target)
        owner = self.path(self.home(user)).stat()
        for path in [self.path(folder), *self.path(folder).rglob("*")]:
            os.chown(path, owner.st_uid, owner.st_gid)
        return folder

    def _environment(self, user):
        values = {"HOME": self.home(user), "USER": user, "PATH": PATH, "LANG": "C.UTF-8",
                  "TERM": "dumb", "MAKEFLAGS": f"-j{os.cpu_count()}"}
        values.update({name: os.environ[name] for name in PROXIES if name in os.environ})
        if self.path(CERTIFICATES).exists():
            values["NODE_EXTRA_CA_CERTS"] = f"/{CERTIFICATES}"
        return [f"{name}={value}" for name, value in values.items()]

    def _command(self, line, user, folder, offline):
        become = [] if user == "root" else [
            "setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        return [*WITH_US, str(ENTER), *(["--offline"] if offline else []),
                str(self.root), "env", "-i", *self._environment(user), *become,
                "sh", "-c", 'cd "$1" && eval "$2"', "sh", folder or self.home(user), line]

    def run(self, line, user="root", folder=None, offline=False, answers=()):
        """Runs a shell line; (status, output). answers: pairs of a text to wait for, and what is
        typed then."""
        process = subprocess.Popen(self._command(line, user, folder, offline),
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT)
        with process:
            try:
                output = converse(process, list(answers), time.monotonic() + COMMAND_SECONDS)
            finally:
                if process.poll() is None:
                    process.kill()
        self.output += f"$ {line}\n{output}"
        return process.returncode, output


def converse(process, answers, deadline):
    """All that the process prints until it ends; types each answer once its text has come."""
    output = b""
    begin = 0  # of what may hold the next text
    if not answers:
        process.stdin.close()
    while True:
        if not select.select([process.stdout], [], [], max(0, deadline - time.monotonic()))[0]:
            return output.decode(errors="replace") + f"\nno end after {COMMAND_SECONDS} s\n"
        data = os.read(process.stdout.fileno(), 65536)
        if not data:
            process.wait()
            return output.decode(errors="replace")
        output += data
        if answers and answers[0][0].encode() in output[begin:]:
            begin = len(output)
            process.stdin.write(answers.pop(0)[1].encode())
            process.stdin.flush()


def copy_network(base):
    """What this machine needs to reach the network: its proxies, and who vouches for them."""
    shutil.copy("/etc/resolv.conf", base / "etc/resolv.conf")
    dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=False)
    proxies = re.findall(r"^Acquire::https?::proxy.*$", dump.stdout, re.M | re.I)
    (base / "etc/apt/apt.conf.d/host").write_text("\n".join(proxies) + "\n", "utf-8")
    certificates = os.environ.get("NODE_EXTRA_CA_CERTS")
    if certificates:
        target = base / CERTIFICATES
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(certificates, target)


class Debian:
    """A suite."""

    def __init__(self, suite):
        self.suite = suite
        self.folder = FOLDER / suite
        self.base = self.folder / "base"
        self.archives = self.folder / "archives"

    def prepare(self):
        """Debootstraps it, unless that was done. Raises CannotBuild."""
        if (self.folder / "ready").exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.archives.mkdir(parents=True)
        mirror = find_mirror()
        log = self.folder / "debootstrap.log"
        if not run_quietly([*WITH_US, "env", f"PATH={PATH}", f"DPKG_FORCE={DPKG_OPTION}",
                            "debootstrap", "--variant=minbase", self.suite, str(self.base), mirror],
                           log, DEBOOTSTRAP_SECONDS):
            raise CannotBuild(f"debootstrap cannot build {self.suite} from {mirror}: "
                              f"{last_line(log)} (all of it: {os.path.relpath(log)})")
        (self.base / "etc/dpkg/dpkg.cfg.d/fresh").write_text(f"force-{DPKG_OPTION}\n", "ascii")
        copy_network(self.base)
        copy = Copy(self.base)
        status, _ = copy.run("apt-get -q update && apt-get -q -y install make && "
                             f"apt-get clean && useradd --create-home {USER}")
        log.write_text(copy.output, "utf-8")
        if status != 0:
            raise CannotBuild(f"make cannot be installed in {self.suite}: {last_line(log)} "
                              f"(all of it: {os.path.relpath(log)})")
        (self.folder / "ready").touch()

    @contextlib.contextmanager
    def copy(self, downloaded=True):
        """A copy, thrown away at the end. downloaded: whether it has the packages of earlier ones,
        which are not installed, but need no network."""
        work = self.folder / "copy"
        shutil.rmtree(work, ignore_errors=True)
        root = work / "root"
        root.mkdir(parents=True)
        is_mounted = mount_overlay(self.base, work, root)
        if not is_mounted:
            subprocess.run([*WITH_US, "cp", "-a", "--reflink=auto", f"{self.base}/.", str(root)],
                           check=True)
        if downloaded:
            copy_packages(self.archives, root / ARCHIVES)
        try:
            yield Copy(root)
        finally:
            copy_packages(root / ARCHIVES, self.archives)
            if is_mounted:
                subprocess.run(["umount", str(root)], check=True)
            shutil.rmtree(work)


def mount_overlay(base, work, root):
    """Shows the base at the root; changes go to the work folder. False if this system cannot."""
    layers = [work / "changes", work / "overlay"]
    for path in layers:
        path.mkdir()
    options = f"lowerdir={base},upperdir={layers[0]},workdir={layers[1]}"
    return subprocess.run(["mount", "-t", "overlay", "-o", options, "overlay", str(root)],
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def copy_packages(source, target):
    for path in source.glob("*.deb"):
        if not (target / path.name).exists():
            shutil.copy2(path, target / path.name)
