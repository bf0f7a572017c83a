#!/usr/bin/env python3
"""Boots the kernel on each machine of the matrix (matrix.py), and checks what must hold on all.

    python3 tests/machines/run.py [--quick] [--list] [--renew FILE] [--jobs N] [--patience F]
                                  [--elf FILE] [--iso FILE] [--image FILE] [filter ...]

A filter is a part of a machine's name. Pictures, and what a failed machine said, are left in
build/machines; the table in build/machines.md. When all machines were tried, FILE's table (docs/
machines.md) must be that one; --renew makes it so.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "qemu")]
sys.dont_write_bytecode = True  # everything made lies in build/

import bochs  # noqa: E402
import dosbox  # noqa: E402
import machine  # noqa: E402
import qemu  # noqa: E402
import screen  # noqa: E402
import table  # noqa: E402
import v86  # noqa: E402
from checks import CHECKS, applies, wait_prompt  # noqa: E402
from evidence import forget_evidence, keep_evidence  # noqa: E402
from expected import memory_of  # noqa: E402
from matrix import GIB, MACHINES  # noqa: E402

ROOT = HERE.parent.parent
DOCUMENT = ROOT / "docs" / "machines.md"

EMULATORS = {"bochs": bochs, "dosbox": dosbox, "v86": v86}  # all other boards are QEMU's


def emulator_of(entry):
    return EMULATORS.get(entry.board, qemu)


def try_checks(guest, entry, words):
    """Every check, though one before it failed, while the guest answers; the first error."""
    first = None
    for name, check in CHECKS:
        if not applies(name, entry):
            words[name] = "-"
            continue
        try:
            check(guest, entry, memory_of(entry))
            words[name] = "ok"
        except Exception as error:  # an emulator may die in any way; the others go on
            words[name] = "**failed**"
            first = first or (name, error)
            if isinstance(error, machine.MachineError):
                break
    return first


def boot_and_check(entry, folder, words):
    """(check that failed, error), or None."""
    try:
        with emulator_of(entry).start(entry) as guest:
            wait_prompt(guest, entry)
            words["prompt"] = "ok"
            failure = try_checks(guest, entry, words)
            if entry.screen:
                folder.mkdir(parents=True, exist_ok=True)
                screen.write_png(guest.screenshot(), folder / f"{entry.name}.png")
            return failure
    except Exception as error:
        return "prompt" if words["prompt"] != "ok" else "screen", error


def run_machine(entry, folder):
    """Returns the entry, its seconds, a word for each check, and lines that tell of a failure."""
    begin = time.monotonic()
    forget_evidence(folder, entry.name)
    machine.forget_machine()
    words = {name: "not reached" for name, _ in CHECKS}
    words["prompt"] = "**failed**"
    failure = boot_and_check(entry, folder, words)
    complaint = []
    if failure:
        name, error = failure
        keep_evidence(folder, entry.name, error)
        sentence = re.sub(r"\s*\n\s*", " ", str(error).strip() or type(error).__name__)
        complaint = [f"{name}: {sentence[:600]}"]
        last = machine.last_machine()
        if last:
            shown = last.screen.lines[-12:] + [last.screen.current]
            complaint += [f"  | {line[:150]}" for line in shown]
    return entry, time.monotonic() - begin, words, complaint


def run_all(entries, folder, jobs):
    """{name: words}; prints a line for each machine as it ends."""
    results = {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = [pool.submit(run_machine, entry, folder) for entry in entries]
        for done in concurrent.futures.as_completed(running):
            entry, seconds, words, complaint = done.result()
            results[entry.name] = words, bool(complaint)
            print(f"{'FAIL' if complaint else 'ok':4} {seconds:5.1f} s  {entry.name}", flush=True)
            for line in complaint:
                print(f"        {line}", flush=True)
    return results


def keep_table(text, renew):
    """Writes it to build/; True if the document's is the same, or was made so."""
    (ROOT / "build" / "machines.md").write_text(text)
    document = DOCUMENT.read_text()
    if renew:
        DOCUMENT.write_text(table.renew(document, text))
        return True
    if table.renew(document, text) == document:
        return True
    print("FAIL          the table in docs/machines.md; make docs-machines renews it")
    return False


def choose(options):
    """(machines to try, whether these are all)"""
    chosen = [entry for entry in MACHINES
              if (entry.quick or not options.quick)
              and (not options.filter or any(part in entry.name for part in options.filter))]
    entries = []
    for entry in chosen:
        missing = emulator_of(entry).lacks(entry)
        if missing:
            print(f"left out: {entry.name}: {missing} is not installed")
        else:
            entries.append(entry)
    return entries, len(entries) == len(MACHINES)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--elf", default="build/ashlar.elf")
    parser.add_argument("--iso", default="build/ashlar.iso")
    parser.add_argument("--image", default="build/ashlar-bios.img", help="the image for old PCs")
    parser.add_argument("--quick", action="store_true", help="only those that `make test` tries")
    parser.add_argument("--renew", action="store_true", help="puts the table into the document")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--patience", type=float, default=1.0, help="stretches every time limit")
    parser.add_argument("--list", action="store_true", help="names the machines")
    parser.add_argument("filter", nargs="*")
    options = parser.parse_args()
    machine.Settings.elf = os.path.abspath(options.elf)
    machine.Settings.iso = os.path.abspath(options.iso)
    machine.Settings.image = os.path.abspath(options.image)
    machine.Settings.patience = options.patience

    entries, are_all = choose(options)
    if options.list:
        print("\n".join(entry.name for entry in entries))
        return 0
    # The longest first, so that they do not end alone.
    entries.sort(key=lambda entry: -entry.memory_bytes // (64 * GIB))
    results = run_all(entries, ROOT / "build" / "machines", options.jobs)
    failed = sum(is_bad for _, is_bad in results.values())
    count = len(entries)
    if are_all:
        rows = [(entry, results[entry.name][0]) for entry in MACHINES]
        count += 1
        failed += not keep_table(table.format_table(rows), options.renew)
    print(f"{count - failed} passed, {failed} failed")
    return 1 if failed or not entries else 0


if __name__ == "__main__":
    sys.exit(main())
