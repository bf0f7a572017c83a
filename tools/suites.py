"""The host's test programs, as tools/mutants.py links and runs them.

All sources but the tests themselves are in an archive, libpure.a: objects that are named before it
take the place of its own.
"""

import contextlib
import hashlib
import math
import os
import pathlib
import re
import select
import subprocess
import threading

SECONDS = 600  # of the processor, for a program without mutants
LOOK_EVERY = 2  # seconds: a program that slept and did nothing between two looks is stuck

# A function that does not return its value would survive by accident: it is no mutant either.
FLAGS = ["-Wno-error", "-Werror=return-type", "-fmax-errors=0"]


def run(command, **keywords):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **keywords)


def digest_of(paths):
    digest = hashlib.sha256()
    for path in paths:
        digest.update(pathlib.Path(path).read_bytes())
    return digest.hexdigest()


def member_of(source):
    """The object in the archive that is made of a source."""
    return pathlib.Path(source).name + ".o"


def objects_of(name):
    """What a program is linked from, besides libpure.a; the Makefile says the same."""
    if name.startswith("replay_"):
        return [f"tests/fuzz/fuzz_{name[len('replay_'):]}.c.o", "tests/fuzz/replay.c.o"]
    return [f"tests/host/{name}.c.o"]


def work_if_asleep(pid):
    """The processor's time that a process took, if all its threads sleep; else None."""
    threads = [path.read_text().rpartition(")")[2].split()
               for path in pathlib.Path(f"/proc/{pid}/task").glob("*/stat")]
    if any(thread[0] != "S" for thread in threads):
        return None
    return sum(int(thread[11]) + int(thread[12]) for thread in threads)


def kill_if_stuck(process):
    """Waits until a process ends; kills it if its threads wait for each other."""
    worked = None
    descriptor = os.pidfd_open(process.pid)
    while not select.select([descriptor], [], [], LOOK_EVERY)[0]:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread ends
            before, worked = worked, work_if_asleep(process.pid)
            if worked is not None and worked == before:
                process.kill()
    os.close(descriptor)


class Program:
    """One test program of a suite."""

    def __init__(self, suite, words):
        self.suite = suite
        self.name = words[0]
        self.arguments = words[1:]
        self.objects = [suite.folder / name for name in objects_of(self.name)]
        self.label = f"{suite.folder.name}/{self.name}"
        self.seconds = 0
        self.reach = None  # a Reach, once it is measured
        self.members = self.find_members()

    def link(self, objects, output, *flags):
        return run([*self.suite.compiler, *flags, *map(str, self.objects), *map(str, objects),
                    str(self.suite.library), "-lcmocka", "-lm", "-o", str(output)])

    def find_members(self):
        """The archive's objects that it is made of: what a change can reach it through."""
        traced = self.link([], self.suite.folder / "traced", "-Wl,--trace,--trace")
        return set(re.findall(r"libpure\.a[()]([\w.]+\.o)", traced.stdout.decode()))

    def run(self, path, cpu_seconds, environment=()):
        """The seconds of the processor that it took; None if it failed, or took too much."""
        limits = f"ulimit -c 0; ulimit -t {math.ceil(cpu_seconds)}; {self.suite.limits}; exec \"$@\""
        with subprocess.Popen(["sh", "-c", limits, "sh", str(path), *self.arguments],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL,
                              env={**self.suite.environment, **dict(environment)}) as process:
            kill_if_stuck(process)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return used.ru_utime + used.ru_stime if process.returncode == 0 else None

    def limit(self):
        """Mutants that are chosen when the program starts make it slower by themselves."""
        return 8 * self.seconds + 0.5

    def measure(self):
        self.seconds = self.run(self.suite.folder / self.name, SECONDS)
        if self.seconds is None:
            raise SystemExit(f"{self.suite.folder / self.name} fails without any mutation")


class Suite:
    """All test programs in one build."""

    def __init__(self, folder, compiler, limits, environment):
        self.folder = pathlib.Path(folder).resolve()
        self.library = self.folder / "libpure.a"
        self.compiler = compiler.split()
        self.limits = limits
        self.environment = dict(os.environ, CMOCKA_TEST_ABORT="1", **environment)
        self.programs = []

    def start(self, programs, members, known):
        """
        Looks at the programs, and measures those that are made of one of these members; `known`
        keeps what was measured: {text: seconds}.
        """
        self.programs = [Program(self, words) for words in programs]
        used = [program for program in self.programs if members & program.members]
        for program in used:
            key = f"{self.folder} {program.name} {digest_of([self.library, *program.objects])}"
            if key not in known:
                program.measure()
                known[key] = program.seconds
            program.seconds = known[key]

    def translate(self, folder, source, output):
        """To assembly with the sources of a folder; what the compiler says if it refuses."""
        done = run([*self.compiler, *FLAGS, "-S", source, "-o", str(output)], cwd=folder)
        return None if done.returncode == 0 else done.stdout.decode()

    def assemble(self, source, output):
        run([*self.compiler, "-c", str(source), "-o", str(output)]).check_returncode()

    def users(self, sources):
        """The programs that a change of these sources can reach, the quickest first."""
        members = {member_of(source) for source in sources}
        return [program for program in sorted(self.programs, key=lambda p: p.seconds)
                if members & program.members]

    def tests(self):
        """{label of a program: a digest of its own sources' objects}"""
        return {program.label: digest_of(program.objects) for program in self.programs}


class Build:
    """A suite's programs with changed sources of mm/, linked when they are first needed."""

    def __init__(self, suite, folder, sources):
        self.suite = suite
        self.folder = folder
        self.sources = sources
        self.objects = [folder / member_of(source) for source in sources]
        self.lock = threading.Lock()
        self.locks = {program.name: threading.Lock() for program in suite.programs}
        self.paths = {}
        self.sound = set()
        self.selector = folder / "selector.o"

    def assembly(self, source):
        return self.folder / (member_of(source) + ".s")

    def assemble(self, selector=None):
        """Makes the objects, with the source that chooses mutants if there is one."""
        for source, item in zip(self.sources, self.objects):
            self.suite.assemble(self.assembly(source), item)
        if selector is not None:
            path = self.folder / "selector.c"
            path.write_text(selector, encoding="utf-8")
            self.suite.assemble(path, self.selector)

    def path_of(self, program):
        with self.locks[program.name]:
            if program.name not in self.paths:
                path = self.folder / program.name
                used = [item for item in self.objects if item.name in program.members]
                if self.selector.exists():
                    used.append(self.selector)
                linked = program.link(used, path)
                if linked.returncode != 0:
                    raise SystemExit(linked.stdout.decode())
                self.paths[program.name] = path
            return self.paths[program.name]

    def check(self, program, path):
        """Without a mutant, the program passes: else it is not the mutant that fails."""
        with self.locks[program.name]:
            if program.name not in self.sound:
                if program.run(path, program.limit()) is None:
                    raise SystemExit(f"{path} fails without any mutant")
                self.sound.add(program.name)

    def passes(self, program, choice):
        """Whether a program passes with the mutants that are chosen."""
        path = self.path_of(program)
        limit = {"MUTANT_MICROSECONDS": str(round(1e6 * program.limit()))}
        if program.run(path, program.limit(), {**choice, **limit}) is not None:
            return True
        if choice:
            self.check(program, path)
        return False
