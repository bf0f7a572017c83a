#!/usr/bin/env python3
"""Runs test commands one after the other, and adds up their `N passed, N failed` lines.

Prints the seconds that each of them took.

A command that fails without such a line, or that prints none, counts as one failed test.
"""

import re
import subprocess
import sys
import time

LAST_LINE = re.compile(r"^(\d+) passed, (\d+) failed$")


def run(command):
    """(passed, failed, seconds)"""
    begin = time.monotonic()
    passed = failed = 0
    counted = False
    with subprocess.Popen(command, shell=True, stdout=subprocess.PIPE, text=True,
                          errors="replace") as process:
        for line in process.stdout:
            match = LAST_LINE.match(line.strip())
            if match:
                counted = True
                passed += int(match[1])
                failed += int(match[2])
            print(line, end="", flush=True)
    if failed == 0 and (process.returncode != 0 or not counted):
        failed = 1
    return passed, failed, time.monotonic() - begin


def main():
    results = []
    for command in sys.argv[1:]:
        print(f"== {command}", flush=True)
        results.append(run(command))
        print(f"== {results[-1][2]:.0f} s", flush=True)
    print("==")
    for command, (passed, failed, seconds) in zip(sys.argv[1:], results):
        print(f"{command}: {passed} passed" + (f", {failed} FAILED" if failed else "") +
              f" ({seconds:.0f} s)")
    passed = sum(result[0] for result in results)
    failed = sum(result[1] for result in results)
    print(f"{sum(result[2] for result in results):.0f} s in all")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
