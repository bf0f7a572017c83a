#!/usr/bin/env python3
"""Runs the host tests built for counting, and shows which lines and branches of mm/ they reach.

    coverage.py FOLDER EXPLAINED PROGRAM...

FOLDER/host holds the objects, FOLDER receives the HTML pages. Every hole is listed, with the reason
if the file EXPLAINED has one (see explained.py). There, an entry may name several lines of a
function; one that never runs is named by its first line. Returns 1 if a program fails, if a hole
has no reason, or if a reason is given for a hole that is none.
"""

import bisect
import itertools
import json
import pathlib
import subprocess
import sys

import explained

SECONDS = 600


def run_programs(folder, commands):
    for counts in pathlib.Path(folder, "host").rglob("*.gcda"):
        counts.unlink()
    for command in commands:
        done = subprocess.run(command.split(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=SECONDS, check=False)
        if done.returncode != 0:
            print(done.stdout.decode(errors="replace"))
            raise SystemExit(f"coverage: {command} failed")


def gcovr(*arguments):
    subprocess.run(["gcovr", "--root", ".", "--filter", "mm/", *arguments], check=True)


def report(folder):
    """Prints the tables, writes the pages, and returns what gcovr knows."""
    trace = f"{folder}/trace.json"
    gcovr("--json", trace, f"{folder}/host/mm")
    gcovr("--add-tracefile", trace)
    gcovr("--add-tracefile", trace, "--branches")
    gcovr("--add-tracefile", trace, "--html-details", f"{folder}/index.html")
    return json.loads(pathlib.Path(trace).read_text(encoding="utf-8"))


def by_function(file):
    """(name, its lines), in the order of the file"""
    starts = sorted((function["lineno"], function["name"]) for function in file["functions"])

    def name_of(line):
        at = bisect.bisect_right(starts, (line["line_number"], chr(0x10FFFF))) - 1
        return starts[at][1] if at >= 0 else "-"

    lines = [line for line in file["lines"] if not line.get("gcovr/noncode")]
    return itertools.groupby(lines, name_of)


def missing_in(line):
    not_taken = sum(1 for branch in line["branches"] if branch["count"] == 0)
    if line["count"] == 0:
        return "never runs"
    return f"{not_taken} of {len(line['branches'])} branches never taken" if not_taken else None


def holes_of(file):
    """(function, line number, what is missing there)"""
    for function, lines in by_function(file):
        lines = list(lines)
        ever_runs = any(line["count"] for line in lines)
        for line in lines if ever_runs else lines[:1]:
            missing = missing_in(line)
            if missing:
                yield function, line["line_number"], missing


def main():
    folder, explained_path, *commands = sys.argv[1:]
    run_programs(folder, commands)
    trace = report(folder)
    reasons = explained.read_lines(explained_path)
    unused = set(reasons)
    failed = False
    for file in trace["files"]:
        source = pathlib.Path(file["file"]).read_text(encoding="utf-8").splitlines()
        for function, number, missing in holes_of(file):
            text = source[number - 1].strip()
            key = explained.key_of(file["file"], function, text)
            unused.discard(key)
            failed |= key not in reasons
            print(f"{file['file']}:{number}: {function}: {missing}: {text}")
            print(f"    {reasons.get(key, 'NOT EXPLAINED in ' + explained_path)}")
    for key in sorted(unused):
        print(f"{explained_path}: no such hole any more: {' '.join(key)}")
    print(f"pages: {folder}/index.html")
    return 1 if failed or unused else 0


if __name__ == "__main__":
    sys.exit(main())
