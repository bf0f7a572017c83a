#!/usr/bin/python3
"""Mutation testing: changes mm/ in one place at a time, and asks whether the host tests notice.

    mutants.py --plain COMMAND --sanitized COMMAND --explained FILE [--sample N]
               --program COMMAND... [FILE...]

The host tests have been built three times: quickly in build/mutants/host, under sanitizers in
build/host64, and in build/mutants/reach to see which lines each of them runs. The mutants of a file
are put into one program (see schemata.py), which is told at its start which of them it is; those
that are outside of functions have a program each. A test fails, hangs or takes too much memory, or
the mutant survives it. Tests come by their time, and only those that run a changed line.

Changes of several functions share a run while few are killed. If the test passes, all of them
survive it; if not, each half is tried again. The slow tests and those under sanitizers come last,
with what is left of all files in one program. A mutant whose code is the original's is none. What
survives all must be explained: FILE says for each why no test can tell it from the original (see
explained.py). Two changes in one run may hide each other. So what is left unexplained meets the
quick tests once more, each mutant alone.

Outcomes are kept in build/mutants: a run that was stopped (SIGINT, SIGTERM) goes on where it was. A
mutant that was killed is tried again if its test has changed; one that survived meets only the
tests that have changed. Returns 0 if 95 of a hundred mutants were killed and each survivor is
explained.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import pathlib
import queue
import random
import re
import shutil
import signal
import sys
import threading
import time

import explained
import mutate
import reach
import schemata
from suites import Build, Suite, digest_of, member_of, run

BUILD = pathlib.Path("build/mutants").resolve()
KILLED_PERCENT = 95
MEMORY_KIB = 4 << 20  # the longest range takes 2 GiB of tables
QUICK = 1.5  # seconds of a test; slower ones run when those of all files have run
GROUP = 256  # at most so many mutants in a run
SAVED_EVERY = 60  # seconds
DIFFERS = "is another code than the original's"  # stands beside the tests that a mutant passed

CLANG_FLAGS = ["-std=c11", "-I."]
SOURCES = sorted(str(path) for path in pathlib.Path("mm").glob("*.c"))
MEMBERS = {member_of(source) for source in SOURCES}
WORKERS = os.cpu_count() or 1


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


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def digest(*texts):
    return hashlib.sha256(repr(texts).encode()).hexdigest()


def in_parallel(function, items):
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        try:
            return list(pool.map(function, items))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


# ---- trying mutants -----------------------------------------------------------------------------


@dataclasses.dataclass
class Outcome:
    """Of all mutants with the same code."""
    state: str  # killed, identical or refused; open if no test has killed it so far
    key: str = None  # under which it is kept
    killer: str = None  # the test that killed it; if it is open, an earlier form of that test did
    passed: dict = dataclasses.field(default_factory=dict)  # {test that it survived: its digest}


def is_quick(program):
    return program.seconds <= QUICK


def is_slow(program):
    return not is_quick(program)


def place_of(mutant):
    return mutant.file, mutant.function


def spread(mutants):
    """In an order in which those of one function are far from each other."""
    count = collections.Counter()
    turn = {}
    for mutant in mutants:
        turn[mutant] = count[place_of(mutant)]
        count[place_of(mutant)] += 1
    return sorted(mutants, key=lambda mutant: (turn[mutant], place_of(mutant)))


def take(waiting, size):
    """Takes mutants of different functions off a list: at most `size`."""
    taken = {}
    for mutant in waiting:
        if len(taken) == size:
            break
        taken.setdefault(place_of(mutant), mutant)
    group = list(taken.values())
    chosen = set(group)
    waiting[:] = [mutant for mutant in waiting if mutant not in chosen]
    return group


def culprits(passes, group):
    """Those that fail by themselves in a group that fails."""
    if len(group) == 1:
        return group
    left, right = group[:len(group) // 2], group[len(group) // 2:]
    found = [] if passes(left) else culprits(passes, left)
    if (not found and len(right) > 1) or not passes(right):
        found += culprits(passes, right)
    return found


def cull(passes, mutants):
    """Those that fail; the more pass, the more of them share a run."""
    waiting = spread(mutants)
    found = []
    size = 1
    while waiting:
        group = take(waiting, size)
        if passes(group):
            size = min(2 * size, GROUP)
        else:
            size = max(1, size // 2)
            found += culprits(passes, group)
    return found


class Laboratory:
    """Tries mutants in folders with a copy of mm/."""

    def __init__(self, plain, sanitized, mutators):
        self.plain = plain
        self.sanitized = sanitized
        self.functions = {file: functions for file, (_, functions) in mutators.items()}
        self.originals = {file: pathlib.Path(file).read_bytes() for file in mutators}
        self.sources = {file: sources_with(file) for file in mutators}
        self.unchanged = {}  # {file: assemblies of its sources as they are}
        self.libraries = digest_of([plain.library, sanitized.library])
        self.tests = {**plain.tests(), **sanitized.tests()}
        self.known_path = BUILD / "outcomes.json"
        self.known = read_json(self.known_path)
        self.saved_at = time.monotonic()
        self.lock = threading.Lock()
        self.folders = queue.Queue()
        for i in range(WORKERS):
            self.folders.put(self.copy(f"worker{i}"))

    @staticmethod
    def copy(name):
        folder = BUILD / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree("mm", folder / "mm")
        return folder

    def keep(self, outcome):
        with self.lock:
            self.known[outcome.key] = {"state": outcome.state, "killer": outcome.killer,
                                       "test": self.tests.get(outcome.killer),
                                       "passed": outcome.passed}
            if time.monotonic() - self.saved_at > SAVED_EVERY:
                self.save()

    def recall(self, code):
        """What is known of this code. One that was killed is open if its killer has changed."""
        key = digest(code, self.libraries)
        with self.lock:
            known = self.known.get(key)
        if not known:
            return Outcome("open", key)
        is_known = known["state"] != "killed" or known["test"] == self.tests.get(known["killer"])
        return Outcome(known["state"] if is_known else "open", key, known["killer"],
                       known["passed"])

    def has_passed(self, outcome, program):
        return outcome.passed.get(program.label) == self.tests[program.label]

    def note(self, outcome, program, is_killed):
        if is_killed:
            outcome.state, outcome.killer = "killed", program.label
        else:
            outcome.passed[program.label] = self.tests[program.label]
        self.keep(outcome)

    def save(self):
        self.saved_at = time.monotonic()
        self.known_path.write_text(json.dumps(self.known), encoding="utf-8")

    def is_inside(self, mutant):
        return schemata.is_inside(mutant, self.functions[mutant.file])

    # ---- many in one program -------------------------------------------------------------------

    def build(self, suite, name, schema):
        """The suite with all mutants of the schema, but for those that the compiler refuses."""
        folder = self.copy(name)
        files = list(dict.fromkeys(file for file, _ in schema.mutants))
        sources = sorted({source for file in files for source in self.sources[file]})
        build = Build(suite, folder, sources)
        while True:
            for file in files:
                (folder / file).write_bytes(schema.text(file))
            messages = in_parallel(
                lambda source: suite.translate(folder, source, build.assembly(source)), sources)
            if not any(messages):
                break
            if not schema.refuse("".join(filter(None, messages))):
                raise SystemExit("".join(filter(None, messages)))
        build.assemble(schema.selector())
        return build

    def schema(self, mutants):
        return schemata.Schema(mutants, self.functions, self.originals)

    def try_together(self, file, mutants):
        """{mutant: outcome} of the quick tests."""
        schema = self.schema(mutants)
        build = self.build(self.plain, "quick", schema)
        codes = schema.codes(build.assembly(source).read_text() for source in build.sources)

        known = {}  # {key: outcome}, one for all mutants with the same code
        outcomes = {}
        for mutant in mutants:
            if mutant in schema.refused:
                outcomes[mutant] = Outcome("refused")
            elif codes[mutant] is None:
                outcomes[mutant] = Outcome("identical")
            else:
                outcome = self.recall(codes[mutant])
                outcomes[mutant] = known.setdefault(outcome.key, outcome)
        self.try_programs(build, schema, outcomes, is_quick)
        return outcomes

    def try_programs(self, build, schema, outcomes, wanted):
        """Tries what is open; tests that killed a mutant in an earlier form come first."""
        programs = sorted(filter(wanted, build.suite.programs), key=lambda p: p.seconds)
        for is_first in (True, False):
            for program in programs:
                left = [mutant for mutant in self.left_for(program, outcomes)
                        if not is_first or outcomes[mutant].killer == program.label]
                self.try_program(build, schema, program, left, outcomes)

    def left_for(self, program, outcomes):
        """The open mutants that a program has to try, one of each code."""
        left = {outcome.key: mutant for mutant, outcome in outcomes.items()
                if outcome.state == "open" and self.can_kill(program, mutant)
                and not self.has_passed(outcome, program)}
        return list(left.values())

    def can_kill(self, program, mutant):
        members = {member_of(source) for source in self.sources[mutant.file]}
        return bool(members & program.members) and program.reach.reaches(
            mutant.file, mutant.line, mutant.last_line())

    def try_program(self, build, schema, program, mutants, outcomes):
        def try_some(some):
            return cull(lambda group: build.passes(program, schema.choice(group)), some)
        parts = [mutants[i::WORKERS] for i in range(WORKERS)]
        killed = {mutant for found in in_parallel(try_some, parts) for mutant in found}
        for mutant in mutants:
            self.note(outcomes[mutant], program, mutant in killed)

    def settle_together(self, outcomes):
        """What the slow tests and the sanitizers say of those that are open."""
        for suite, name, wanted in ((self.plain, "slow", is_slow),
                                    (self.sanitized, "sanitized", lambda program: True)):
            left = [mutant for mutant, outcome in outcomes.items() if outcome.state == "open"]
            if any(self.left_for(program, outcomes) for program in suite.programs
                   if wanted(program)):
                schema = self.schema(left)
                build = self.build(suite, name, schema)
                self.try_programs(build, schema, outcomes, wanted)
            killed = sum(outcomes[mutant].state == "killed" for mutant in left)
            say(f"{name} tests: {killed} of {len(left)} killed")

    # ---- one alone -----------------------------------------------------------------------------

    @contextlib.contextmanager
    def changed(self, mutant):
        """A folder with the mutant; its file is as before when it is given back."""
        folder = self.folders.get()
        original = self.originals[mutant.file]
        try:
            (folder / mutant.file).write_bytes(mutant.source(original))
            yield folder
        finally:
            (folder / mutant.file).write_bytes(original)
            self.folders.put(folder)

    def translated(self, suite, folder, file):
        """The build, and the assemblies; None for these if the compiler refuses."""
        build = Build(suite, folder, self.sources[file])
        for source in build.sources:
            if suite.translate(folder, source, build.assembly(source)):
                return build, None
        return build, [build.assembly(source).read_text() for source in build.sources]

    def prepare(self, file):
        folder = self.folders.get()
        _, self.unchanged[file] = self.translated(self.plain, folder, file)
        self.folders.put(folder)

    def is_same_alone(self, mutant):
        """Whether its code is the original's where the compiler may inline the function."""
        with self.changed(mutant) as folder:
            return self.translated(self.plain, folder, mutant.file)[1] == \
                self.unchanged[mutant.file]

    def try_alone(self, mutant):
        with self.changed(mutant) as folder:
            build, texts = self.translated(self.plain, folder, mutant.file)
            if texts is None:
                return Outcome("refused")
            if texts == self.unchanged[mutant.file]:
                return Outcome("identical")
            outcome = self.recall(texts)
            self.try_programs_alone(build, outcome, is_quick)
            return outcome

    def try_programs_alone(self, build, outcome, wanted):
        left = [program for program in build.suite.users(build.sources)
                if wanted(program) and not self.has_passed(outcome, program)]
        if left and outcome.state == "open":
            build.assemble()
        for program in left:
            if outcome.state == "open":
                self.note(outcome, program, not build.passes(program, {}))

    def settle_alone(self, mutant, outcome):
        for suite, wanted in ((self.plain, is_slow), (self.sanitized, lambda program: True)):
            with self.changed(mutant) as folder:
                build, texts = self.translated(suite, folder, mutant.file)
                if texts is not None:
                    self.try_programs_alone(build, outcome, wanted)

    # ---- all -----------------------------------------------------------------------------------

    def try_file(self, file, mutants):
        """{mutant: outcome} after the quick tests."""
        together = [mutant for mutant in mutants if self.is_inside(mutant)]
        alone = [mutant for mutant in mutants if not self.is_inside(mutant)]
        if alone:
            self.prepare(file)
        outcomes = self.try_together(file, together) if together else {}
        outcomes.update(zip(alone, in_parallel(self.try_alone, alone)))
        self.save()
        return outcomes

    def try_each(self, outcomes):
        """The quick tests again, for each mutant alone: two in one run may hide each other."""
        left = [mutant for mutant, outcome in outcomes.items()
                if outcome.state == "open" and self.is_inside(mutant)]
        if not left:
            return
        schema = self.schema(left)
        build = self.build(self.plain, "each", schema)
        for program in filter(is_quick, build.suite.programs):
            some = [mutant for mutant in left if outcomes[mutant].state == "open"
                    and self.can_kill(program, mutant)]
            passed = in_parallel(lambda m: build.passes(program, schema.choice([m])), some)
            for mutant, has_passed in zip(some, passed):
                self.note(outcomes[mutant], program, not has_passed)
        killed = sum(outcomes[mutant].state == "killed" for mutant in left)
        say(f"each alone: {killed} of {len(left)} killed")

    def compare_alone(self, outcomes):
        left = [mutant for mutant, outcome in outcomes.items() if outcome.state == "open"
                and DIFFERS not in outcome.passed and self.is_inside(mutant)]
        for file in {mutant.file for mutant in left} - set(self.unchanged):
            self.prepare(file)
        for mutant, same in zip(left, in_parallel(self.is_same_alone, left)):
            if same:
                outcomes[mutant].state = "identical"
            outcomes[mutant].passed[DIFFERS] = ""
            self.keep(outcomes[mutant])

    def settle(self, outcomes):
        self.settle_together({m: o for m, o in outcomes.items() if self.is_inside(m)})
        alone = [m for m, o in outcomes.items() if o.state == "open" and not self.is_inside(m)]
        in_parallel(lambda mutant: self.settle_alone(mutant, outcomes[mutant]), alone)
        self.compare_alone(outcomes)
        self.save()


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
    if outcome.state == "open":
        show(mutant, reason)
        return ["survived"] if reason else ["survived", "unexplained"]
    if reason and outcome.state == "killed":
        print(f"\nexplained, but killed by {outcome.killer}:")
        show(mutant, reason)
    return [outcome.state]


def say(text):
    print(text, file=sys.stderr, flush=True)


def try_all(laboratory, mutators, reasons):
    """{mutant: outcome} of all files."""
    outcomes = {}
    for file, (mutants, _) in mutators.items():
        begin = time.monotonic()
        tried = laboratory.try_file(file, mutants)
        outcomes.update(tried)
        left = sum(outcome.state == "open" for outcome in tried.values())
        say(f"{file}: {len(mutants)} mutants, {left} left for the slow tests "
            f"({time.monotonic() - begin:.0f} s)")
    begin = time.monotonic()
    laboratory.settle(outcomes)
    laboratory.try_each({m: o for m, o in outcomes.items() if not reasons.get(key_of(m))})
    say(f"slow tests: {time.monotonic() - begin:.0f} s")
    return outcomes


def table_of(outcomes, reasons):
    """Counts of the outcomes by file; "unexplained" among them. Shows the survivors."""
    table = collections.OrderedDict()
    for mutant, outcome in outcomes.items():
        counts = table.setdefault(mutant.file, collections.Counter())
        counts.update(judge(mutant, outcome, reasons.get(key_of(mutant))))
    return table


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
    """{file: (its mutants, its functions)}"""
    made = collections.OrderedDict(
        (file, mutate.mutants_of(file, CLANG_FLAGS + (["-xc"] if file.endswith(".h") else [])))
        for file in files)
    if sample:
        chosen = set(sample_of([m for mutants, _ in made.values() for m in mutants], sample))
        for file, (mutants, functions) in made.items():
            made[file] = [m for m in mutants if m in chosen], functions
    return made


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plain", required=True)
    parser.add_argument("--sanitized", required=True)
    parser.add_argument("--explained", required=True)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--program", action="append", required=True)
    parser.add_argument("files", nargs="*")
    return parser.parse_args()


def measure_reach(programs, suites):
    """What each program reaches, for the programs of all suites; kept by its code."""
    path = BUILD / "reach.json"
    known = read_json(path)

    def reached(words):
        key = digest_of([BUILD / "reach" / words[0]])
        if key not in known:
            known[key] = reach.measure(BUILD / "reach", BUILD / "counts" / words[0], words)
        return reach.Reach(known[key])
    for number, found in enumerate(in_parallel(reached, programs)):
        for suite in suites:
            suite.programs[number].reach = found
    path.write_text(json.dumps(known), encoding="utf-8")


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
    files = arguments.files or SOURCES + sorted(str(p) for p in pathlib.Path("mm").glob("*.h"))
    mutators = make_mutants(files, arguments.sample)
    programs = [program.split() for program in arguments.program]
    plain = Suite(BUILD / "host", arguments.plain, f"ulimit -v {MEMORY_KIB}", {})
    sanitized = Suite("build/host64", arguments.sanitized, ":",
                      {"ASAN_OPTIONS": f"hard_rss_limit_mb={MEMORY_KIB >> 10}"})
    known = read_json(BUILD / "seconds.json")
    for suite in (plain, sanitized):
        suite.start(programs, MEMBERS, known)
    (BUILD / "seconds.json").write_text(json.dumps(known), encoding="utf-8")
    measure_reach(programs, (plain, sanitized))
    laboratory = Laboratory(plain, sanitized, mutators)
    reasons = explained.read_mutants(arguments.explained)
    try:
        outcomes = try_all(laboratory, mutators, reasons)
    finally:
        laboratory.save()
    table = table_of(outcomes, reasons)
    total = sum(table.values(), collections.Counter())
    table["total"] = total
    print_table(table)
    held.close()
    return 0 if percent_killed(total) >= KILLED_PERCENT and not total["unexplained"] else 1


if __name__ == "__main__":
    sys.exit(main())
