#!/usr/bin/env python3
"""Plants the faults of proof/faults.py one by one, and says which tool's proofs find each.

    python3 tools/prove/faults.py [--tool NAME] [--kept] [--jobs N] [FILTER ...]

A filter is a part of a fault's name or file. A fault is found if a row that is proved without it
has a goal that is not proved with it, though it may take some times longer. Only rows that read the
changed line are tried, those of its file first, then the quickest, up to the first that finds it.
With --kept, only rows that were proved before are used; they are not proved now. The last lines
count what each tool finds.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import math
import os
import queue
import shutil
import sys

from run import ROOT, ROOT_SECONDS, Prover, end_on_signals, load_tools
from roots import NoRoot
from row import Wrong

from proof.faults import FAULTS

COPIES = ROOT / "build" / "prove" / "faulty"
ROOMS = ("mm", "kernel", "boot", "proof")
LONGER = 3  # a proof that takes so many times longer than without the fault finds nothing
LEAST = 10  # seconds


def make_copies(count):
    """Copies of the sources: each fault is planted in one that has no other."""
    shutil.rmtree(COPIES, ignore_errors=True)
    copies = queue.Queue()
    for number in range(count):
        for room in ROOMS:
            shutil.copytree(ROOT / room, COPIES / str(number) / room)
        copies.put(COPIES / str(number))
    return copies


def contracts_of(file):
    return f"proof/wp/{file}.acsl"


def plant(copy, file, before, after):
    path = copy / file
    text = path.read_text("utf-8")
    if text.count(before) != 1:
        raise Wrong(f"its text is not in {file} exactly once")
    path.write_text(text.replace(before, after), "utf-8")
    contracts = copy / contracts_of(file)
    if contracts.exists():  # each ends with the line of the source before which it stands
        parts = contracts.read_text("utf-8").strip("\n").split("\n\n")
        changed = [contract + end + line.replace(before, after)
                   for contract, end, line in (part.rpartition("\n") for part in parts)]
        contracts.write_text("\n\n".join(changed), "utf-8")


def restore(copy, file):
    for name in (file, contracts_of(file)):
        if (ROOT / name).exists():
            shutil.copyfile(ROOT / name, copy / name)


def read_by(folder):
    """Which of the files with faults the tool will read: its copies, or line markers, tell."""
    texts = [path.read_text("utf-8", errors="replace") for path in folder.iterdir()
             if path.is_file()]
    return {file for _, file, *_ in FAULTS
            if (folder / file).exists() or any(f'"{file}"' in text for text in texts)}


def text_of(prover, row, tree):
    """What the tool will read, and which files with faults that has."""
    folder = prover.folder()
    try:
        return prover.tool.prepare(row, tree, folder), read_by(folder)
    finally:
        shutil.rmtree(folder)


def limited(row, seconds):
    """The row, where no goal may take much longer than the whole row took. CBMC has one formula."""
    limit = math.ceil(LONGER * seconds) + LEAST
    row = dataclasses.replace(row, options={**row.options, "seconds": limit})
    return dataclasses.replace(row, seconds_max=limit) if row.tool == "CBMC" else row


class Proofs:
    """The rows of one tool that are proved without any fault."""

    def __init__(self, tool, rows, only_kept, pool):
        self.prover = Prover(tool, ROOT_SECONDS)
        self.texts = {}
        self.seconds = {}
        for row, result, why in pool.map(lambda row: self.prove(row, only_kept), rows):
            if why:
                print(f"left out: {row.id}: {why}", flush=True)
                continue
            self.texts[row] = text_of(self.prover, row, ROOT)
            self.seconds[row] = result.seconds

    def prove(self, row, only_kept):
        try:
            result = self.prover.prove(row, only_kept=only_kept)
        except Wrong as why:
            return row, None, str(why)
        return row, result, result.why_not(row)

    def find(self, copy, file, note):
        """The first row that finds the fault in the copy's file, and what it says; None if none."""
        for row in sorted(self.texts, key=lambda row: (row.file != file, self.seconds[row])):
            text, files = self.texts[row]
            try:
                if (files and file not in files) or text_of(self.prover, row, copy)[0] == text:
                    continue
                limit = limited(row, self.seconds[row])
                found = self.prover.prove(limit, tree=copy).why_not(row)
            except Wrong as why:
                note(f"{row.id}: {why}")
                continue
            if found:
                return row, found
        return None


def try_fault(fault, proofs, copies):
    """(the tools that find it, what they say)"""
    _, file, before, after, _, _ = fault
    notes = []
    found_by = []
    copy = copies.get()
    plant(copy, file, before, after)
    for tool, proof in proofs.items():
        found = proof.find(copy, file, notes.append)
        if found:
            found_by.append(tool)
            notes.append(f"{found[0].id}: {found[1]}")
    restore(copy, file)
    copies.put(copy)
    return found_by, notes


def print_fault(fault, found_by, notes):
    name, file, _, _, wrong, kind = fault
    print(f"{'found by ' + ' and '.join(found_by) if found_by else 'NOT FOUND'}  {name} ({file}): "
          f"{wrong} [{kind}]", flush=True)
    for note in notes:
        print(f"    {note[:200]}", flush=True)


def main():
    parser = argparse.ArgumentParser(description="Plants faults, and says which proofs find them.")
    parser.add_argument("--tool", action="append")
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("filters", nargs="*")
    options = parser.parse_args()
    chosen = [fault for fault in FAULTS
              if not options.filters or any(part in f"{fault[0]} {fault[1]}"
                                            for part in options.filters)]
    counts = collections.Counter()
    end_on_signals()
    try:
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            proofs = {tool.NAME: Proofs(tool, rows, options.kept, pool)
                      for tool, rows in load_tools()
                      if not options.tool or tool.NAME in options.tool}
            copies = make_copies(options.jobs)
            tried = pool.map(lambda fault: try_fault(fault, proofs, copies), chosen)
            for fault, (found_by, notes) in zip(chosen, tried):
                print_fault(fault, found_by, notes)
                counts.update([*found_by, "together"] if found_by else [])
    except (NoRoot, Wrong) as why:
        print(f"prove-faults: {why}", file=sys.stderr)
        return 1
    for tool in proofs:
        print(f"{tool} finds {counts[tool]} of {len(chosen)} faults")
    print(f"together they find {counts['together']} of {len(chosen)} faults")
    return 0 if 10 * counts["together"] >= 9 * len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
