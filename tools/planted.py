#!/usr/bin/env python3
"""Plants bugs in mm/, one at a time, and sees whether the model finds each.

    tools/planted.py SECONDS

In a copy of the tree under build/planted. Random steps, each held against the model
(tests/long/random.c), have SECONDS for each bug, on the buddy and on the manager. The tree as it is
must pass them, or finding would mean nothing. `make planted` calls it.
"""

import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TREE = ROOT / "build" / "planted"
PROGRAMS = ["random_buddy", "random_mm"]

sys.path.insert(0, str(ROOT / "tests" / "planted"))
from bugs import BUGS  # noqa: E402 (the path comes first)


def copy_tree():
    """Only what changed is copied, so that little is built anew; what is no longer there goes."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = files.stdout.split()
    for copy in TREE.rglob("*"):
        name = str(copy.relative_to(TREE))
        if copy.is_file() and not name.startswith("build/") and name not in names:
            copy.unlink()
    for name in names:
        source, copy = ROOT / name, TREE / name
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            shutil.copymode(source, copy)


def build():
    """None, or what the compiler said."""
    goals = [f"build/long/{program}" for program in PROGRAMS]
    made = subprocess.run(["make", "-s", "COSTLY=", *goals], cwd=TREE, capture_output=True, text=True)
    return made.stderr if made.returncode else None


def find(seconds):
    """Whether the model said that something is wrong, and which program said what."""
    limit = 4 * seconds + 60  # of the processor's time: a busy machine changes nothing
    for program in PROGRAMS:
        run = subprocess.run(
            [f"build/long/{program}", str(seconds), "1"], cwd=TREE, capture_output=True, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)))
        if run.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return False, f"{program}: it does not end"
        if run.returncode:
            said = re.search(r"^\w+: (.*) \(seed", run.stdout + run.stderr, re.M)
            return bool(said), f"{program}: {said.group(1) if said else 'it crashed'}"
    return False, None


def plant(file, right, wrong):
    path = TREE / file
    text = path.read_text()
    if text.count(right) != 1:
        return False
    path.write_text(text.replace(right, wrong))
    return True


def main():
    seconds = int(sys.argv[1])
    copy_tree()
    broken = build() or find(seconds)[1]
    if broken:
        print(f"planted: the tree as it is does not pass: {broken}", file=sys.stderr)
        return 1
    found_count = 0
    for name, file, right, wrong in BUGS:
        if not plant(file, right, wrong):
            print(f"NOT PLANTED  {name}: its text is not in {file} exactly once")
            continue
        broken = build()
        found, said = (False, f"it does not compile: {broken}") if broken else find(seconds)
        print(f"{'found' if found else 'NOT FOUND'}  {name} ({file}): {said}", flush=True)
        found_count += found
        shutil.copyfile(ROOT / file, TREE / file)
    print(f"{found_count} passed, {len(BUGS) - found_count} failed")
    return found_count != len(BUGS)


if __name__ == "__main__":
    sys.exit(main())
