#!/usr/bin/python3
"""Mutation testing: changes mm/ in one place at a time, and asks whether the host tests notice.

    mutants.py --plain COMMAND --sanitized COMMAND --explained FILE [--sample N]
               --program COMMAND... [FILE...]

The host tests have been built twice, by the commands given: quickly in build/mutants/host, under
sanitizers in build/host64. A mutant is compiled and linked to the tests that use what it changed,
until one fails, hangs or takes too much memory. Quick tests come first, and tests that killed many
mutants before. Those that survive these meet the slow tests and those under sanitizers, a few at a
time: changes of several functions in one program. If all tests pass, all of them survive; if not,
each half is tried again. (Two that hide each other would both count as survivors.) A mutant whose
object code is the original's is none. What is left must be explained: FILE says for each why no
test can tell it from the original (see explained.py).

Outcomes are kept in build/mutants, by the object code and that of the tests: a run that was stopped
(SIGINT, SIGTERM) goes on where it was. Returns 0 if 95 of a hundred mutants were killed and each
survivor is explained.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import dataclasses
import fcntl
import hashlib
import json
import math
import os
import pathlib
import queue
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import explained
import mutate

BUILD = pathlib.Path("build/mutants")
KILLED_PERCENT = 95
MEMORY_KIB = 4 << 20  # the longest range takes 2 GiB of tables
SECONDS = 600  # for what waits without working; the limit for working is the processor's time
QUICK = 10  # seconds of a test; a slower one runs for several mutants at once
GROUP = 8
SAVED_EVERY = 60  # seconds

# A function that does not return its value would survive by accident: it is no mutant either.
FLAGS = ["-Wno-error", "-Werror=return-type"]
CLANG_FLAGS = ["-std=c11", "-I."]


def run(command, **keywords):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **keywords)


def digest_of(paths):
    digest = hashlib.sha256()
    for path in paths:
        digest.update(pathlib.Path(path).read_bytes())
    return digest.hexdigest()


# ---- test programs ------------------------------------------------------------------------------


def objects_of(name):
    """What a program is linked from, besides libpure.a; the Makefile says the same."""
    if name.startswith("replay_"):
        return [f"tests/fuzz/fuzz_{name[len('replay_'):]}.c.o", "tests/fuzz/replay.c.o"]
    return [f"tests/host/{name}.c.o"]


class Program:
    """One test program of a suite, as it is linked and run for a mutant."""

    def __init__(self, suite, words):
        self.suite = suite
        self.name = words[0]
        self.arguments = words[1:]
        self.objects = [suite.folder / name for name in objects_of(self.name)]
        self.seconds = 0
        self.kills = 0
        self.members = self.find_members()

    def link(self, objects, output, *flags):
        return run([*self.suite.compiler, *flags, *map(str, self.objects), *objects,
                    str(self.suite.library), "-lcmocka", "-o", str(output)])

    def find_members(self):
        """The archive's objects that it is made of: what a change can reach it through."""
        traced = self.link([], self.suite.folder / "traced", "-Wl,--trace,--trace")
        return set(re.findall(r"libpure\.a[()]([\w.]+\.o)", traced.stdout.decode()))

    def run(self, path, cpu_seconds):
        """True if it ends well within its limits."""
        limits = f"ulimit -c 0; ulimit -t {cpu_seconds}; {self.suite.limits}; exec \"$@\""
        try:
            return run(["sh", "-c", limits, "sh", str(path), *self.arguments], timeout=SECONDS,
                       env=self.suite.environment).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def seconds_a_kill(self):
        return self.seconds / (1 + self.kills)

    def measure(self):
        before = time.monotonic()
        if not self.run(self.suite.folder / self.name, SECONDS):
            raise SystemExit(f"{self.suite.folder / self.name} fails without any mutation")
        self.seconds = time.monotonic() - before


class Suite:
    """All test programs in one build."""

    def __init__(self, folder, compiler, limits, environment):
        self.folder = pathlib.Path(folder).resolve()
        self.library = self.folder / "libpure.a"
        self.compiler = compiler.split()
        self.limits = limits
        self.environment = dict(os.environ, CMOCKA_TEST_ABORT="1", **environment)
        self.programs = []

    def start(self, programs):
        self.programs = [Program(self, words) for words in programs]
        for program in self.programs:
            if any(name in MEMBERS for name in program.members):
                program.measure()

    def compile(self, folder, source, output):
        """Compiles with the sources of a folder; False if the compiler refuses."""
        return run([*self.compiler, *FLAGS, "-c", source, "-o", str(output)],
                   cwd=folder).returncode == 0

    def killer(self, folder, sources, objects, wanted=lambda program: True):
        """The name of the first program that fails with these objects; None if none does."""
        members = {member_of(source) for source in sources}
        for program in sorted(self.programs, key=Program.seconds_a_kill):
            if not members & program.members or not wanted(program):
                continue
            path = folder / "program"
            used = [str(item) for source, item in zip(sources, objects)
                    if member_of(source) in program.members]
            linked = program.link(used, path)
            if linked.returncode != 0:
                raise SystemExit(linked.stdout.decode())
            if not program.run(path, math.ceil(4 * program.seconds) + 2):
                program.kills += 1
                return program.name
        return None

    def fingerprint(self):
        return digest_of([path for program in self.programs for path in program.objects]
                         + [self.library])


def member_of(source):
    return pathlib.Path(source).name + ".o"


SOURCES = sorted(str(path) for path in pathlib.Path("mm").glob("*.c"))
MEMBERS = {member_of(source) for source in SOURCES}


def sources_with(file):
    """What has to be compiled anew when the file changes."""
    if file.endswith(".c"):
        return [file]
    users = []
    for source in SOURCES:
        depends = run(["gcc", "-std=c11", "-I.", "-MM", source]).stdout.decode()
        if re.search(rf"(^|\s){re.escape(file)}(\s|$)", depends):
            users.append(source)
    return users


# ---- mutants ------------------------------------------------------------------------------------


@dataclasses.dataclass
class Outcome:
    state: str  # killed, survived, identical or refused; open until the slow tests have run
    killer: str = None
    key: str = None  # under which it is kept


def is_quick(program):
    return program.seconds <= QUICK


def is_slow(program):
    return not is_quick(program)


def groups_of(mutants):
    """Groups of at most GROUP mutants, each of another function."""
    groups = []
    for mutant in mutants:
        for group in groups:
            if len(group) < GROUP and mutant.function not in {m.function for m in group}:
                group.append(mutant)
                break
        else:
            groups.append([mutant])
    return groups


def mutated(original, mutants):
    for mutant in sorted(mutants, key=lambda m: m.start, reverse=True):
        original = mutant.source(original)
    return original


class Laboratory:
    """Tries mutants, a few at a time, each in a folder with a copy of mm/."""

    def __init__(self, plain, sanitized):
        self.suites = [plain, sanitized]
        self.fingerprint = plain.fingerprint() + sanitized.fingerprint()
        self.known_path = BUILD / "outcomes.json"
        self.known = {}
        if self.known_path.exists():
            self.known = json.loads(self.known_path.read_text(encoding="utf-8"))
        self.saved_at = time.monotonic()
        self.lock = threading.Lock()
        self.originals = {}
        self.folders = queue.Queue()
        self.worker_count = os.cpu_count() or 1
        for i in range(self.worker_count):
            folder = (BUILD / f"worker{i}").resolve()
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree("mm", folder / "mm")
            self.folders.put(folder)

    def compile(self, suite, folder, sources):
        """The objects, or None if the compiler refuses one."""
        objects = []
        for source in sources:
            objects.append(folder / member_of(source))
            if not suite.compile(folder, source, objects[-1]):
                return None
        return objects

    def keep(self, key, state, killer=None):
        with self.lock:
            self.known[key] = [state, killer]
            if time.monotonic() - self.saved_at > SAVED_EVERY:
                self.save()
        return Outcome(state, killer, key)

    def try_quickly(self, folder, sources, file):
        objects = self.compile(self.suites[0], folder, sources)
        if not objects:
            return Outcome("refused")
        digest = digest_of(objects)
        if digest == self.originals[file]:
            return Outcome("identical")
        key = hashlib.sha256((digest + self.fingerprint).encode()).hexdigest()
        with self.lock:
            known = self.known.get(key)
        if known:
            return Outcome(*known, key)
        killer = self.suites[0].killer(folder, sources, objects, is_quick)
        return self.keep(key, "killed" if killer else "open", killer)

    def slow_killer(self, folder, sources):
        objects = self.compile(self.suites[0], folder, sources)
        killer = self.suites[0].killer(folder, sources, objects, is_slow)
        if killer:
            return killer
        objects = self.compile(self.suites[1], folder, sources)
        killer = self.suites[1].killer(folder, sources, objects) if objects else None
        return killer and killer + " (sanitized)"

    def prepare(self, file):
        """Compiles the file unchanged, and finds out who uses it."""
        sources = sources_with(file)
        folder = self.folders.get()
        self.originals[file] = digest_of(self.compile(self.suites[0], folder, sources))
        self.folders.put(folder)
        return sources

    @contextlib.contextmanager
    def folder_with(self, file, source, original):
        folder = self.folders.get()
        try:
            (folder / file).write_bytes(source)
            yield folder
        finally:
            (folder / file).write_bytes(original)
            self.folders.put(folder)

    def try_mutant(self, mutant, original, sources):
        with self.folder_with(mutant.file, mutant.source(original), original) as folder:
            return self.try_quickly(folder, sources, mutant.file)

    def try_group(self, group, outcomes, original, sources):
        """Settles the open outcomes of a group of mutants of one file."""
        source = mutated(original, group)
        with self.folder_with(group[0].file, source, original) as folder:
            killer = self.slow_killer(folder, sources)
        if killer and len(group) > 1:
            middle = len(group) // 2
            for half in (group[:middle], group[middle:]):
                self.try_group(half, outcomes, original, sources)
            return
        for mutant in group:
            outcomes[mutant] = self.keep(outcomes[mutant].key,
                                         "killed" if killer else "survived", killer)

    def save(self):
        self.saved_at = time.monotonic()
        self.known_path.write_text(json.dumps(self.known), encoding="utf-8")


# ---- the report ---------------------------------------------------------------------------------


def show(mutant, reason):
    print(f"\n# line {mutant.line}")
    print(f"{mutant.file} {mutant.function}\n- {mutant.before}\n+ {mutant.after}")
    print(reason or "NOT EXPLAINED", flush=True)


def key_of(mutant):
    return explained.key_of(mutant.file, mutant.function, mutant.before, mutant.after)


def percent_killed(counts):
    tried = counts["killed"] + counts["survived"]
    return 100 * counts["killed"] / tried if tried else 100


def judge(mutant, outcome, reason):
    """Shows what needs an explanation, or has one that is wrong; returns what to count."""
    if outcome.state == "survived":
        show(mutant, reason)
        return ["survived"] if reason else ["survived", "unexplained"]
    if reason and outcome.state == "killed":
        print(f"\nexplained, but killed by {outcome.killer}:")
        show(mutant, reason)
    return [outcome.state]


def in_parallel(pool, function, items):
    try:
        return list(pool.map(function, items))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def try_file(laboratory, file, mutants, reasons):
    """Counts of the outcomes; "unexplained" among them. Shows the survivors."""
    sources = laboratory.prepare(file)
    original = pathlib.Path(file).read_bytes()
    with concurrent.futures.ThreadPoolExecutor(laboratory.worker_count) as pool:
        quick = in_parallel(pool, lambda m: laboratory.try_mutant(m, original, sources), mutants)
        outcomes = dict(zip(mutants, quick))
        groups = groups_of([m for m, outcome in outcomes.items() if outcome.state == "open"])
        in_parallel(pool, lambda g: laboratory.try_group(g, outcomes, original, sources), groups)
    counts = collections.Counter()
    for mutant, outcome in outcomes.items():
        counts.update(judge(mutant, outcome, reasons.get(key_of(mutant))))
    laboratory.save()
    return counts


def print_table(table):
    columns = ("killed", "survived", "unexplained", "identical", "refused")
    print(f"\n{'file':<16}" + "".join(f"{column:>13}" for column in columns) + f"{'killed %':>13}")
    for file, counts in table.items():
        print(f"{file:<16}" + "".join(f"{counts[column]:>13}" for column in columns)
              + f"{percent_killed(counts):>13.1f}")


def sample_of(mutants, count):
    """The same ones each time."""
    chosen = random.Random(1).sample(range(len(mutants)), min(count, len(mutants)))
    return [mutants[i] for i in sorted(chosen)]


def make_mutants(files, sample):
    mutants = []
    for file in files:
        mutants += mutate.mutants_of(file, CLANG_FLAGS + (["-xc"] if file.endswith(".h") else []))
    if sample:
        mutants = sample_of(mutants, sample)
    by_file = collections.OrderedDict()
    for mutant in mutants:
        by_file.setdefault(mutant.file, []).append(mutant)
    return by_file


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plain", required=True)
    parser.add_argument("--sanitized", required=True)
    parser.add_argument("--explained", required=True)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--program", action="append", required=True)
    parser.add_argument("files", nargs="*")
    return parser.parse_args()


def lock():
    """One run at a time, for the folders it works in are its own. Held until the program ends."""
    BUILD.mkdir(parents=True, exist_ok=True)
    file = open(BUILD / "lock", "w", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise SystemExit("mutants: another run is at work in build/mutants") from None
    return file


def main():
    arguments = read_arguments()
    os.nice(10)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("mutants: stopped"))
    held = lock()
    programs = [program.split() for program in arguments.program]
    plain = Suite(BUILD / "host", arguments.plain, f"ulimit -v {MEMORY_KIB}", {})
    sanitized = Suite("build/host64", arguments.sanitized, ":",
                      {"ASAN_OPTIONS": f"hard_rss_limit_mb={MEMORY_KIB >> 10}"})
    for suite in (plain, sanitized):
        suite.start(programs)
    laboratory = Laboratory(plain, sanitized)
    reasons = explained.read(arguments.explained)
    files = arguments.files or SOURCES + sorted(str(p) for p in pathlib.Path("mm").glob("*.h"))
    table = collections.OrderedDict()
    try:
        for file, mutants in make_mutants(files, arguments.sample).items():
            table[file] = try_file(laboratory, file, mutants, reasons)
    finally:
        laboratory.save()
    total = sum(table.values(), collections.Counter())
    table["total"] = total
    print_table(table)
    held.close()
    return 0 if percent_killed(total) >= KILLED_PERCENT and not total["unexplained"] else 1


if __name__ == "__main__":
    sys.exit(main())
