#!/usr/bin/env python3
"""Tries that a signal which ends the prover's program (tools/prove) ends the prover, too.

The prover is `sleep` here. The last line is `N passed, N failed`.
"""

import os
import pathlib
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SECONDS = 60  # to wait for what must come

PROGRAM = """
import sys, types
sys.path.insert(0, "tools/prove")
sys.dont_write_bytecode = True
import row, run
tool = types.SimpleNamespace(SUITE="none", PACKAGES=(), COMMAND="sleep",
                             argv=lambda row: ["sh", "-c", "echo $$ > pid.new; mv pid.new pid; "
                                                           "exec sleep 600"])
run.end_on_signals()
prover = run.Prover(tool, 1)
prover.run(row.Row("sleep", "none", "none", "nothing is proved"), prover.folder())
"""


def wait_for(condition):
    """What the condition gives once that is true; None if it does not come."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    return None


def has_ended(pid):
    """An ended process may be left as a zombie where nobody asks for it."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return True
    return text.rpartition(")")[2].split()[0] == "Z"


def ends_prover(number):
    with subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT) as program:
        path = ROOT / "build" / "prove" / "rows" / f"{program.pid}-1" / "pid"
        pid = wait_for(lambda: path.exists() and int(path.read_text("ascii")))
        program.send_signal(number)
        status = program.wait(SECONDS)
    if not pid:
        return "the prover does not start"
    if not wait_for(lambda: has_ended(pid)):
        os.kill(pid, signal.SIGKILL)
        return "the prover goes on"
    if path.parent.exists():
        return "the prover's folder is left"
    return None if status == 128 + number else f"the status is {status}"


def main():
    failed = 0
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        why = ends_prover(number)
        print(f"{'FAILED' if why else 'ok'}  {number.name} ends a prover" +
              (f": {why}" if why else ""))
        failed += bool(why)
    print(f"{len(numbers) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
