#!/usr/bin/env python3
"""Checks that the documents say what is so: a line for each page, and `N passed, N failed`.

    python3 tests/docs/run.py [--elf FILE] [--renew] [--jobs N] [--patience F] [filter ...]

In README.md, CONTRIBUTING.md, CHANGELOG.md and docs/**/*.md, links lead somewhere, lines wrap, and
`make` is told only of targets that there are. README's boot options are those that the kernel
takes, and its rooms are those of tools/rooms.txt. The newest change is of the version in VERSION.
The workflows of .github call only targets, the issue forms are complete, and tools/setup/needs.txt
has a row for each target. What `make planted` and `make prove-faults` replace is there. The table
in docs/drivers.md is made of drivers/videoport/interface.txt, and that holds. In docs/chapters,
files and functions that are named exist, line counts are about right, and what is shown of the
kernel's console is replayed in QEMU; --renew puts what came in its place. It is replayed in
docs/drivers.md as well, where the other commands are typed, too. A filter is a part of a page's
path.
"""

import argparse
import concurrent.futures
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "qemu")]
sys.dont_write_bytecode = True  # everything made lies in build/

import interface  # noqa: E402
import machine  # noqa: E402
import pages  # noqa: E402
import transcripts  # noqa: E402
from markdown import Page  # noqa: E402

ROOT = pages.ROOT
CHAPTERS = ROOT / "docs/chapters"
DRIVERS = ROOT / "docs/drivers.md"

EVERYWHERE = [pages.wrong_links, pages.wrong_width, pages.wrong_targets]
README = [pages.wrong_options, pages.wrong_rooms]
CHANGES = [pages.wrong_version]
INTERFACE = [interface.wrong_interface]
GITHUB = {"workflows": [pages.wrong_workflow], "ISSUE_TEMPLATE": [pages.wrong_issue_form]}
AT_THE_TOP = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
IN_CHAPTERS = [pages.wrong_names, pages.wrong_line_counts, pages.wrong_form]


def checks_of(path):
    if path.name == "needs.txt":
        return [pages.wrong_needs]
    if path.name in ("bugs.py", "faults.py"):
        return [pages.wrong_planted_texts]
    if path.suffix == ".yml":
        return GITHUB[path.parent.name]
    checks = list(EVERYWHERE)
    if path == ROOT / "README.md":
        checks += README
    if path == ROOT / "CHANGELOG.md":
        checks += CHANGES
    if path == DRIVERS:
        checks += INTERFACE
    if path.parent == CHAPTERS:
        checks += IN_CHAPTERS
        if path.name[0].isdigit():
            checks.append(pages.wrong_question_count)
    return checks


def show_difference(exchange, lines):
    where = f"line {exchange.first_line}: {exchange.command or 'the boot'}"
    shown = [f"  - {line}" for line in exchange.shown]
    return "\n".join([f"{where}: another thing came (+) than is shown (-)"] + shown +
                     [f"  + {line}" for line in lines])


def replay_page(page, is_to_renew):
    """[(name of the test, complaints)], one for each machine."""
    outcomes = []
    differences = []
    for session in transcripts.sessions_of(page, page.path == DRIVERS):
        complaints = list(transcripts.type_commands(session.before))
        try:
            found = list(transcripts.replay(session))
            differences += found
            complaints += [show_difference(*difference) for difference in found]
        except machine.MachineError as error:
            complaints += [f"line {session.line}: {error}"]
        outcomes.append((f"console, machine of line {session.line}", complaints))
    if is_to_renew and differences:
        transcripts.renew(page, differences)
    return outcomes


def check_page(path, is_to_renew):
    try:
        page = Page(path)
        if path == DRIVERS and is_to_renew:
            interface.renew(page)
            page = Page(path)
        outcomes = [(check.__name__.replace("wrong_", "").replace("_", " "), list(check(page)))
                    for check in checks_of(path)]
        if path.parent == CHAPTERS or path == DRIVERS:
            outcomes += replay_page(page, is_to_renew)
    except ValueError as error:
        outcomes = [("reading", [str(error)])]
    return path, outcomes


def report(path, outcomes):
    wrong = [(name, complaints) for name, complaints in outcomes if complaints]
    names = ", ".join(name for name, _ in outcomes)
    print(f"{'FAIL' if wrong else 'ok':4} {path.relative_to(ROOT)}: {names}", flush=True)
    for name, complaints in wrong:
        for complaint in complaints:
            print(f"        {name}: " + complaint.replace("\n", "\n        "), flush=True)
    return len(wrong)


def main():
    parser = argparse.ArgumentParser(description="Tests of the documents.")
    parser.add_argument("--elf", default="build/ashlar.elf")
    parser.add_argument("--renew", action="store_true", help="puts in what the kernel says now")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--patience", type=float, default=1.0, help="stretches every time limit")
    parser.add_argument("filter", nargs="*")
    options = parser.parse_args()
    machine.Settings.elf = os.path.abspath(options.elf)
    machine.Settings.patience = options.patience

    paths = [ROOT / name for name in AT_THE_TOP] + sorted((ROOT / "docs").rglob("*.md")) + [
        ROOT / "tools/setup/needs.txt", ROOT / "tests/planted/bugs.py",
        ROOT / "proof/faults.py"] + [
        path for path in sorted((ROOT / ".github").rglob("*.yml")) if path.name != "config.yml"]
    if options.filter:
        paths = [path for path in paths
                 if any(part in str(path.relative_to(ROOT)) for part in options.filter)]
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for path, outcomes in pool.map(lambda path: check_page(path, options.renew), paths):
            wrong_count = report(path, outcomes)
            failed += wrong_count
            passed += len(outcomes) - wrong_count
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
