"""What is typed on a minimal Debian, and what must come of it: the tables of tests/fresh/run.py."""

import dataclasses
import re
import time

from debian import USER

PROMPT = "ashlar> "

# Holds a lock as apt does (fcntl(2)), says so, and lets go of it after some seconds. A minimal
# Debian has perl, but no python.
LOCK_SECONDS = 60  # longer than a busy machine takes to come to the lock
HOLD = """perl -MFcntl -e '
    $| = 1;
    open my $file, ">>", $ARGV[0] or die;
    my $lock = pack "s s l! l! i x4", F_WRLCK, 0, 0, 0, 0;
    fcntl $file, F_SETLK, $lock or die;
    print "held\\n";
    sleep $ARGV[1]'"""

# Packages that only some targets need: whatever of these is there must be in the target's row.
GUARDED = {"bochs", "bubblewrap", "chromium", "clang", "firefox-esr", "gcc", "gcc-mingw-w64-i686-win32",
           "g++-mingw-w64-i686-win32", "gcc-powerpc-linux-gnu", "gdb", "grub-common", "grub-efi-amd64-bin",
           "grub-efi-ia32-bin", "grub-pc-bin", "libcmocka-dev", "mtools", "nodejs", "npm",
           "qemu-system-x86", "qemu-user", "xorriso", "xvfb"}


class Wrong(Exception):
    """What is wrong, in a sentence."""


def expect(condition, sentence):
    if not condition:
        raise Wrong(sentence)


@dataclasses.dataclass
class Target:
    """What is typed, the files that it makes, what it prints, and which of GUARDED it installs."""

    line: str
    files: tuple
    text: str
    packages: set
    answers: tuple = ()


TARGETS = [
    Target("make run", ("ashlar.elf",), r"No display: this is the serial line",
           {"qemu-system-x86"}, ((PROMPT, "exit\r"),)),
    Target("make iso image usb", ("ashlar.iso", "ashlar-bios.img"), r"dd if=build/ashlar\.iso",
           {"grub-common", "grub-pc-bin", "grub-efi-amd64-bin", "grub-efi-ia32-bin", "mtools",
            "xorriso"}),
    Target("make lab LAB=1", ("labs/1.png",), r"^lab 1: \d+ of 10 points$",
           {"bubblewrap", "gcc", "qemu-system-x86"}),
    Target("make driver NAME=plain SOURCES='tests/drivers/plain/*.c' INCLUDE=tests/drivers/plain/inc",
           ("drivers/plain.sys",), r"make run-driver NAME=plain starts it$",
           {"gcc-mingw-w64-i686-win32"}),
    Target("make driver NAME=classes SOURCES=tests/drivers/classes.cpp", ("drivers/classes.sys",),
           r"make run-driver NAME=classes starts it$",
           {"gcc-mingw-w64-i686-win32", "g++-mingw-w64-i686-win32"}),
    Target("make web", ("web/ashlar.html", "web/index.html"), "", {"nodejs", "npm"}),
    Target("make dist", ("dist/SHA256SUMS",), r"^[0-9a-f]{64}  ashlar-[\d.]+\.iso$",
           {"grub-common", "grub-pc-bin", "grub-efi-amd64-bin", "grub-efi-ia32-bin", "mtools",
            "xorriso", "nodejs", "npm"}),
]

# apt's and dpkg's locks, any of which another process may hold.
LOCKS = ("/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock", "/var/lib/apt/lists/lock",
         "/var/cache/apt/archives/lock")


# ---- what is there before and afterwards ---------------------------------------------------------

def paths_outside_build(copy, folder):
    """What lies in the homes and in the folders for temporary files, but for the tree's build/."""
    build = copy.path(folder) / "build"
    return {str(path.relative_to(copy.root))
            for place in ("root", "home", "tmp", "var/tmp")
            for path in copy.path(place).rglob("*")
            if path != build and build not in path.parents}


def check_made(copy, folder, target, output):
    for name in target.files:
        path = copy.path(folder) / "build" / name
        expect(path.is_file() and path.stat().st_size > 0, f"there is no build/{name}")
    expect(re.search(target.text, output, re.M), f"it does not say {target.text}")


def check_packages(copy, target):
    """How many there are; complains of those that the target does not need."""
    _, output = copy.run("dpkg-query --show --showformat='${Package}\\n'")
    extra = GUARDED.intersection(output.split()) - target.packages
    expect(not extra, f"it installed {', '.join(sorted(extra))}")
    return len(output.split())


def make(copy, target, user, folder):
    """Runs the target, and looks at what it made; what it printed."""
    before = paths_outside_build(copy, folder)
    status, output = copy.run(target.line, user, folder, answers=target.answers)
    expect(status == 0, f"{target.line} ended with {status}")
    check_made(copy, folder, target, output)
    left = paths_outside_build(copy, folder) - before
    expect(not left, f"it wrote outside of build/: {', '.join(sorted(left))}")
    return output


def refusal(copy, line, user, folder, offline=False):
    """The one sentence with which a make that cannot install something ends."""
    status, output = copy.run(line, user, folder, offline)
    expect(status != 0, f"{line} ended with 0")
    expect(re.search(r"^make: \*\*\* .* Error 1$", output, re.M), "its command did not end with 1")
    lines = [text for text in output.splitlines()
             if not re.match(r"make(\[\d\])?: |(Makefile|tools/make/\w+\.mk):\d+: |\+ |setup: installing |  [A-Z]+ +\S+$",
                             text)]
    expect(len(lines) == 1, f"it says {len(lines)} lines, not one: {lines}")
    return lines[0]


# ---- the tests -----------------------------------------------------------------------------------

class Test:
    """A test: called with a copy, it returns what to print, or raises Wrong."""

    downloaded = True


@dataclasses.dataclass
class Made(Test):
    """A user without rights is told in one line what root must install. Root's make installs just
    that, and the target works for root; and then for the user."""

    target: Target

    def __call__(self, copy):
        folder = copy.put_tree(USER)
        before = paths_outside_build(copy, folder)
        sentence = refusal(copy, self.target.line, USER, folder)
        found = re.fullmatch(r"setup: run as root: (apt-get install .*)", sentence)
        expect(found, f"it says: {sentence}")
        expect(paths_outside_build(copy, folder) == before, "it wrote something")
        begin = time.monotonic()
        output = make(copy, self.target, "root", copy.put_tree("root"))
        expect(f"+ {found[1]}" in output.splitlines(), f"root's make did not run {found[1]}")
        count = check_packages(copy, self.target)
        middle = time.monotonic()
        make(copy, self.target, USER, folder)
        return (f"ok, root {middle - begin:.0f} s, user {time.monotonic() - middle:.0f} s, "
                f"{count} packages")


@dataclasses.dataclass
class Blanks(Test):
    """A folder with blanks, and more than one of them, in its name."""

    goals: str
    program: str  # a host test

    name = "two words,  it's three"

    def __call__(self, copy):
        folder = copy.put_tree("root", self.name)
        status, _ = copy.run(f"make {self.goals} {self.program}", folder=folder)
        expect(status == 0, f"make ended with {status}")
        status, output = copy.run(f"python3 tools/run_cmocka.py {self.program}", folder=folder)
        expect(status == 0, "the host tests failed")
        text = copy.path(folder).joinpath("build/ashlar.elf").read_bytes()
        expect(self.name.encode() not in text, "the kernel has the folder's name in it")
        return f"ok, host tests: {output.splitlines()[-1]}"


@dataclasses.dataclass
class Locked(Test):
    """Another process holds one of apt's locks for some seconds."""

    lock: str

    def __call__(self, copy):
        folder = copy.put_tree("root")
        if "lists" in self.lock:  # so that they must be fetched
            for path in copy.path("var/lib/apt/lists").glob("*Packages*"):
                path.unlink()
        status, output = copy.run(f"{HOLD} {self.lock} {LOCK_SECONDS} | "
                                  "{ read held && tools/setup.sh generated; }", folder=folder)
        expect(status == 0, f"tools/setup.sh ended with {status}")
        waits = re.findall(rf"^setup: waiting up to 10 minutes: Could not get lock {self.lock}\. "
                           r"It is held by process .*$", output, re.M)
        expect(len(waits) == 1, f"it says {len(waits)} times that it waits")
        return "ok"


@dataclasses.dataclass
class Offline(Test):
    """No network: one sentence that says what failed and what to do."""

    line: str
    installed: str  # what tools/setup.sh installs beforehand, with a network
    failed: str

    downloaded = False

    def __call__(self, copy):
        folder = copy.put_tree("root")
        if self.installed:
            status, _ = copy.run(f"tools/setup.sh {self.installed}", folder=folder)
            expect(status == 0, f"tools/setup.sh ended with {status}")
        sentence = refusal(copy, self.line, "root", folder, offline=True)
        expect(re.fullmatch(rf"setup: {self.failed}: \S.*; connect this machine to the network, "
                            r"then run make again", sentence), sentence)
        return "ok"


OFFLINE = [
    Offline("make run", "", "apt-get could not install the packages"),
    Offline("make web", "kernel javascript", "npm could not install what package-lock.json names"),
    Offline("make build/host32/flags.mk", "test-host",
            "apt-get could not fetch cmocka"),
]

TESTS = {
    **{target.line: Made(target) for target in TARGETS},
    "folder with blanks": Blanks("all iso image", "build/host64/test_mm"),
    "folder with blanks, 32 bits": Blanks("all", "build/host32/test_mm"),
    **{f"locked {lock}": Locked(lock) for lock in LOCKS},
    **{f"offline {test.line}": test for test in OFFLINE},
}
