#!/usr/bin/env python3
"""Boots the built kernel in QEMU, over and over, and checks what users rely on.

    python3 tests/qemu/run.py [--elf FILE] [--iso FILE] [--image FILE] [--example FILE]
                                 [--drivers FOLDER] [--jobs N] [--patience F] [filter ...]

A test is a function test_* in a file test_*.py here; its docstring names the one rule it checks.
A filter is a part of FILE.FUNCTION. What a failed test saw is left in build/qemu.
"""

import argparse
import concurrent.futures
import importlib
import os
import pathlib
import re
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True  # everything made lies in build/

import machine  # noqa: E402
from evidence import forget_evidence, keep_evidence  # noqa: E402

# A test waits more than it works: for pictures at rest, for what must not come.
JOBS = min(8, 2 * (os.cpu_count() or 1))


def discover(filters):
    """(name, function) for every test that fits one of the filters, or for all."""
    found = []
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(path.stem)
        for attribute, function in vars(module).items():
            name = f"{path.stem}.{attribute}"
            if not attribute.startswith("test_") or not callable(function):
                continue
            if not filters or any(part in name for part in filters):
                found.append((name, function))
    return found


def where_it_failed(error):
    """The lines of the tests that led to the error, innermost last, as file:line: code."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if frame.filename.startswith(str(HERE / "test_"))]
    return [f"{os.path.relpath(frame.filename)}:{frame.lineno}: {frame.line}" for frame in frames]


def run_test(name, function, folder):
    """Runs one test; returns its seconds and, if it failed, a list of lines that say how."""
    begin = time.monotonic()
    forget_evidence(folder, name)
    machine.forget_machine()
    complaint = None
    try:
        function()
    except Exception as error:  # a test may fail in any way; the others go on
        keep_evidence(folder, name, error)
        sentence = str(error).strip() or type(error).__name__
        complaint = [re.sub(r"\s*\n\s*", " ", sentence)[:600]] + where_it_failed(error)
        last = machine.last_machine()
        if last:
            shown = last.screen.lines[-12:] + [last.screen.current]
            complaint += [f"  | {line[:150]}" for line in shown]
    return name, time.monotonic() - begin, complaint


def report(name, seconds, complaint):
    print(f"{'FAIL' if complaint else 'ok':4} {seconds:5.1f} s  {name}", flush=True)
    for line in complaint or []:
        print(f"        {line}", flush=True)


def main():
    parser = argparse.ArgumentParser(description="Tests of the kernel in QEMU.")
    parser.add_argument("--elf", default="build/ashlar.elf")
    parser.add_argument("--iso", default="build/ashlar.iso")
    parser.add_argument("--image", default="build/ashlar-bios.img", help="the image for old PCs")
    parser.add_argument("--example", default="build/example.elf")
    parser.add_argument("--drivers", default="build", help="where the test miniports were built")
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--patience", type=float, default=1.0, help="stretches every time limit")
    parser.add_argument("--list", action="store_true", help="names the tests and their rules")
    parser.add_argument("filter", nargs="*")
    options = parser.parse_args()

    tests = discover(options.filter)
    if options.list:
        for name, function in tests:
            print(f"{name}: {(function.__doc__ or '').strip()}")
        return 0
    for path in (options.elf, options.iso, options.image, options.example):
        if not os.path.exists(path):
            print(f"error: {path} is not there; build it first", file=sys.stderr)
            return 2
    machine.Settings.elf = os.path.abspath(options.elf)
    machine.Settings.iso = os.path.abspath(options.iso)
    machine.Settings.image = os.path.abspath(options.image)
    machine.Settings.example = os.path.abspath(options.example)
    machine.Settings.drivers = os.path.abspath(options.drivers)
    machine.Settings.patience = options.patience

    folder = pathlib.Path(options.elf).resolve().parent / "qemu"
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = [pool.submit(run_test, name, function, folder) for name, function in tests]
        for done in concurrent.futures.as_completed(running):
            name, seconds, complaint = done.result()
            failed += complaint is not None
            report(name, seconds, complaint)
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed or not tests else 0


if __name__ == "__main__":
    sys.exit(main())
