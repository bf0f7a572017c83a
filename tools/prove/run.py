#!/usr/bin/env python3
"""Proves the core, row by row, and prints what was proved, how far, and by which tool.

    python3 tools/prove/run.py [--quick] [--fresh] [--jobs N] [--table FILE] [FILTER ...]

The rows stand in proof/cbmc.py and proof/wp.py. A filter is a part of FILE:NAME:BITS. A row that
was proved with the same preprocessed source, harness, options and tool is not proved again;
--fresh forgets that. --quick proves the rows that `make test` needs, and is left out, with a line,
where the provers cannot be had. --table FILE renews the table of docs/proof.md.

First, each tool must fail on false goals of several kinds. The last line is `N passed, N failed`.
"""

import argparse
import concurrent.futures
import hashlib
import importlib
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = ROOT / "build" / "prove" / "cache"
TABLE_RULE = "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
ROOT_SECONDS = 1200
QUICK_ROOT_SECONDS = 240
WAIT = 8  # the machine may be so many times slower than its processor
sys.path[:0] = [str(HERE), str(ROOT)]
sys.dont_write_bytecode = True  # everything made lies in build/

from roots import NoRoot, find_root  # noqa: E402
from row import Result, Wrong  # noqa: E402


running = {}  # process: its folder


def end_all(number, _frame):
    for process, folder in list(running.items()):
        os.killpg(process.pid, 9)
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(128 + number)


def end_on_signals():
    """Provers have sessions of their own: a signal to this program does not reach them."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_all)


def load_tools():
    """The tools, and their rows: [(tool, rows)]."""
    return [(importlib.import_module(tool_name), importlib.import_module(rows_name).ROWS)
            for tool_name, rows_name in (("tool_cbmc", "proof.cbmc"), ("tool_wp", "proof.wp"))]


class Prover:
    """A tool in its root."""

    def __init__(self, tool, seconds):
        """seconds: how long its Debian may take."""
        self.tool = tool
        self.root = find_root(tool.SUITE, tool.PACKAGES, tool.COMMAND, seconds)
        self.version = self.root.version(tool.COMMAND)
        self.lock = threading.Lock()
        self.count = 0

    def folder(self):
        with self.lock:
            self.count += 1
            path = self.root.inside / f"{os.getpid()}-{self.count}"
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        return path

    def prove(self, row, tree=ROOT, fresh=False, only_kept=False):
        """Result. Raises Wrong. Only what holds is kept."""
        folder = self.folder()
        try:
            text = self.tool.prepare(row, tree, folder)
            key = hashlib.sha256("\0".join([self.tool.NAME, self.version, text]).encode())
            kept = CACHE / f"{key.hexdigest()}.json"
            if kept.exists() and not fresh:
                return Result(**json.loads(kept.read_text("utf-8")), is_cached=True)
            if only_kept:
                raise Wrong("it was not proved before")
            result = self.run(row, folder)
            if result.why_not(row) is None:
                CACHE.mkdir(parents=True, exist_ok=True)
                parts = {name: getattr(result, name)
                         for name in ("goals", "proved", "open", "seconds")}
                kept.write_text(json.dumps(parts), "utf-8")
            return result
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def run(self, row, folder):
        argv, cwd = self.root.command(self.tool.argv(row), folder)
        limit = row.seconds_max
        with (folder / "output").open("wb") as output, (folder / "errors").open("wb") as errors:
            process = subprocess.Popen(
                argv, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                start_new_session=True,
                preexec_fn=lambda: (os.nice(10), resource.setrlimit(resource.RLIMIT_CPU,
                                                                    (limit, limit + 5))))
            running[process] = folder
            status, seconds = wait(process, WAIT * limit)
            del running[process]
        if status is None or status in (-24, 128 + 24) or seconds >= limit:
            raise Wrong(f"no end within {limit} s")
        text = (folder / "output").read_text("utf-8", errors="replace")
        if not text.strip():
            text = (folder / "errors").read_text("utf-8", errors="replace")
        result = self.tool.judge(row, status, text, folder)
        result.seconds = seconds
        return result


def wait(process, seconds):
    """(exit status, or None if it had to be ended; seconds of the processor)"""
    deadline = time.monotonic() + seconds
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage.ru_utime + usage.ru_stime
        if time.monotonic() > deadline:
            os.killpg(process.pid, 9)
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = -9
            return None, usage.ru_utime + usage.ru_stime
        time.sleep(0.05)


def try_gate(prover):
    """The false goals that the tool let through."""
    through = []
    for row, reason in prover.tool.GATE:
        try:
            said = prover.prove(row, fresh=True).why_not(row)
        except Wrong as why:
            said = str(why)
        if said is None or reason not in said:
            through.append(f"{row.name}: {said or 'proved'}")
    return through


def prove_row(prover, row, fresh):
    """(result or None, why it does not hold or None)"""
    try:
        result = prover.prove(row, fresh=fresh)
    except Wrong as why:
        return None, str(why)
    return result, result.why_not(row)


def print_row(row, result, why):
    counts = f"{result.proved}/{result.goals} goals" if result else "no goals"
    seconds = f"{result.seconds:.0f} s{', kept' if result.is_cached else ''}" if result else "-"
    print(f"{'proved' if not why else 'NOT PROVED'}  {row.id}: {row.says} [{row.tool}, {counts}, "
          f"{seconds}; bound: {row.bound}; assumes: {row.assumes}]", flush=True)
    if why:
        print(f"    {why}", flush=True)


def table_line(row, result):
    return (f"| `{row.file}` | {row.says} | {row.bits} | {row.tool} | {result.proved}/"
            f"{result.goals} | {result.seconds:.0f} | {row.bound} | {row.assumes} |")


def write_table(path, done):
    """Puts the lines of all rows that hold behind the table's head in a document."""
    text = path.read_text("utf-8")
    start = text.index(TABLE_RULE) + len(TABLE_RULE)
    end = text.index("\n\n", start) + 1
    lines = sorted(table_line(row, result) for row, result, why in done if not why)
    path.write_text(text[:start] + "".join(f"{line}\n" for line in lines) + text[end:], "utf-8")


def prove_all(options):
    """[(row, result, why)]; raises NoRoot."""
    done = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        waiting = {}
        for tool, rows in load_tools():
            chosen = [row for row in rows if (row.quick or not options.quick) and
                      (not options.filters or any(part in row.id for part in options.filters))]
            if not chosen:
                continue
            prover = Prover(tool, QUICK_ROOT_SECONDS if options.quick else ROOT_SECONDS)
            for text in try_gate(prover):
                done.append((tool, None, f"a false goal is let through: {text}"))
                print(f"NOT PROVED  {tool.NAME}: {done[-1][2]}", flush=True)
            for row in chosen:
                waiting[pool.submit(prove_row, prover, row, options.fresh)] = row
        for future in concurrent.futures.as_completed(waiting):
            row = waiting[future]
            done.append((row, *future.result()))
            print_row(*done[-1])
    return done


def main():
    parser = argparse.ArgumentParser(description="Proves the core, row by row.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("filters", nargs="*")
    options = parser.parse_args()
    end_on_signals()
    try:
        done = prove_all(options)
    except NoRoot as why:
        if options.quick:
            print(f"prove: left out: {why}\n0 passed, 0 failed")
            return 0
        print(f"prove: {why}", file=sys.stderr)
        return 1
    if options.table:
        write_table(options.table, done)
    failed = sum(1 for _, _, why in done if why)
    print(f"{len(done) - failed} passed, {failed} failed")
    return 1 if failed or not done else 0


if __name__ == "__main__":
    sys.exit(main())
