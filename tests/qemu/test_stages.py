"""`make test` tells what each of its stages found, and how long it took."""

import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAGES = ("echo '2 passed, 0 failed'", "echo '1 passed, 1 failed'", "echo no count", "false")
TOLD = """== echo '2 passed, 0 failed'
2 passed, 0 failed
== N s
== echo '1 passed, 1 failed'
1 passed, 1 failed
== N s
== echo no count
no count
== N s
== false
== N s
==
echo '2 passed, 0 failed': 2 passed (N s, N processors)
echo '1 passed, 1 failed': 1 passed, 1 FAILED (N s, N processors)
echo no count: 0 passed, 1 FAILED (N s, N processors)
false: 0 passed, 1 FAILED (N s, N processors)
N s in all
3 passed, 3 failed
"""


def test_seconds():
    """Each stage prints its seconds and processors; one that fails or counts nothing is a failed test."""
    done = subprocess.run([ROOT / "tools/run_stages.py", *STAGES], capture_output=True, text=True,
                          check=False)
    told = re.sub(r"\b\d+ s\b", "N s", done.stdout)
    told = re.sub(r"\b\d+\.\d processors\b", "N processors", told)
    assert told == TOLD and done.returncode == 1, (done.returncode, told)
