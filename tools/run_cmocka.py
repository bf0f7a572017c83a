#!/usr/bin/env python3
"""Runs cmocka programs, a line for each, and prints `N passed, N failed` at the end.

What a program prints is shown only if it fails.
"""

import concurrent.futures
import os
import re
import subprocess
import sys

SECONDS = 300


def run(program):
    """(passed, failed, output)"""
    try:
        done = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=SECONDS, check=False)
        output = done.stdout.decode(errors="replace")
        status = done.returncode
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode(errors="replace") + f"\nno end after {SECONDS} s\n"
        status = 1
    passed = sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) test", output, re.M))
    failed = sum(int(n) for n in re.findall(r"^ *(\d+) FAILED TEST", output, re.M))
    if status != 0 and failed == 0:
        failed = 1
    if passed + failed == 0:
        failed = 1
        output += "\nthe program ran no test\n"
    return passed, failed, output


def main():
    programs = sys.argv[1:]
    total_passed = total_failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for program, (passed, failed, output) in zip(programs, pool.map(run, programs)):
            total_passed += passed
            total_failed += failed
            print(f"{program}: {passed} passed" + (f", {failed} failed" if failed else ""),
                  flush=True)
            if failed:
                print(output)
    print(f"{total_passed} passed, {total_failed} failed")
    return 1 if total_failed else 0


if __name__ == "__main__":
    sys.exit(main())
