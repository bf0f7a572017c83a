#!/usr/bin/env python3
"""Runs test commands one after the other, and adds up their `N passed, N failed` lines.

Prints the seconds that each of them took, and how many processors it kept at work.

A command that fails without such a line, or that prints none, counts as one failed test.
"""

import re
import resource
import subprocess
import sys
import time

LAST_LINE = re.compile(r"^(\d+) passed, (\d+) failed$")


def worked():
    """Seconds of processors that the commands took so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command):
    """(passed, failed, seconds, processors)"""
    begin = time.monotonic()
    worked_before = worked()
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
    seconds = time.monotonic() - begin
    return passed, failed, seconds, (worked() - worked_before) / seconds


def main():
    results = []
    for command in sys.argv[1:]:
        print(f"== {command}", flush=True)
        results.append(run(command))
        print(f"== {results[-1][2]:.0f} s", flush=True)
    print("==")
    for command, (passed, failed, seconds, processors) in zip(sys.argv[1:], results):
        print(f"{command}: {passed} passed" + (f", {failed} FAILED" if failed else "") +
              f" ({seconds:.0f} s, {processors:.1f} processors)")
    passed = sum(result[0] for result in results)
    failed = sum(result[1] for result in results)
    print(f"{sum(result[2] for result in results):.0f} s in all")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
