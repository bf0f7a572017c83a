#!/usr/bin/env python3
"""Runs the host tests built for counting, and shows which lines and branches of mm/ they reach.

    coverage.py FOLDER EXPLAINED PROGRAM...

FOLDER/host holds the objects, FOLDER receives the HTML pages. Every hole is listed, with the reason
if the file EXPLAINED has one (see explained.py). Returns 1 if a program fails, if a hole has no
reason, or if a reason is given for a hole that is none.
"""

import bisect
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


def holes_of(file):
    """(function, line number, what is missing there)"""
    starts = sorted((function["lineno"], function["name"]) for function in file["functions"])
    for line in file["lines"]:
        number = line["line_number"]
        at = bisect.bisect_right(starts, (number, chr(0x10FFFF))) - 1
        function = starts[at][1] if at >= 0 else "-"
        if line.get("gcovr/noncode"):
            continue
        branches = line["branches"]
        not_taken = sum(1 for branch in branches if branch["count"] == 0)
        if line["count"] == 0:
            yield function, number, "never runs"
        elif not_taken:
            yield function, number, f"{not_taken} of {len(branches)} branches never taken"


def main():
    folder, explained_path, *commands = sys.argv[1:]
    run_programs(folder, commands)
    trace = report(folder)
    reasons = explained.read(explained_path)
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
