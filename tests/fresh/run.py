#!/usr/bin/env python3
"""Types what new users type on a minimal Debian: a line for each test, and `N passed, N failed`.

    python3 tests/fresh/run.py [--suite SUITE] [filter ...]

A test is a row of a table in cases.py, and runs in a fresh copy of the Debian and of the files that
git knows. A filter is a part of SUITE NAME. The suites are bookworm and trixie. Needs root. What a
test printed is left in build/fresh/SUITE/NAME.log.
"""

import argparse
import os
import pathlib
import re
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True  # everything made lies in build/

from cases import TESTS, Wrong  # noqa: E402
from debian import CannotBuild, Debian  # noqa: E402

SUITES = ("bookworm", "trixie")


def run_test(debian, name, test):
    """Runs one test and prints its line; True if it passed."""
    begin = time.monotonic()
    log = debian.folder / f"{re.sub('[^a-z0-9]+', '-', name)}.log"
    with debian.copy(test.downloaded) as copy:
        wrong = None
        try:
            said = test(copy)
        except Wrong as why:
            wrong = str(why)
        log.write_text(copy.output, "utf-8")
    seconds = time.monotonic() - begin
    print(f"{debian.suite} {name}: {f'FAILED: {wrong}' if wrong else said} ({seconds:.0f} s)",
          flush=True)
    if wrong:
        print("".join(f"    {line}\n" for line in copy.output.splitlines()[-12:]) +
              f"    all of it: {os.path.relpath(log)}", flush=True)
    return not wrong


def run_suite(suite, filters):
    """(passed, failed)"""
    chosen = {name: test for name, test in TESTS.items()
              if not filters or any(part in f"{suite} {name}" for part in filters)}
    debian = Debian(suite)
    begin = time.monotonic()
    try:
        debian.prepare()
    except (CannotBuild, OSError) as why:
        print(f"test-fresh: {why}", file=sys.stderr)
        return 0, 1
    print(f"{suite}: a minimal Debian ({time.monotonic() - begin:.0f} s)", flush=True)
    results = [run_test(debian, name, test) for name, test in chosen.items()]
    return sum(results), len(results) - sum(results)


def main():
    parser = argparse.ArgumentParser(description="Types what new users type on a minimal Debian.")
    parser.add_argument("--suite", choices=SUITES, action="append")
    parser.add_argument("filters", nargs="*")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("test-fresh: run it as root: debootstrap and mounts need that", file=sys.stderr)
        return 1
    if "IN_OWN_MOUNTS" not in os.environ:  # so that none outlives this process
        os.environ["IN_OWN_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv])
    results = [run_suite(suite, options.filters) for suite in options.suite or SUITES]
    passed, failed = (sum(numbers) for numbers in zip(*results))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
