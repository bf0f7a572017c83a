"""No test gives up on a busy host: what is waited for may take a minute, in every harness."""

import pathlib
import re

from machine import LEAST_SECONDS, Machine, deadline

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ("tests/**/*.py", "tests/**/*.mjs", "tools/**/*.py", "tools/**/*.mjs", "tools/*.sh")

# How the harnesses write a time limit: group 1 is its number; where there is a group 2, in ms.
LIMITS = (
    r"\b(?:\w+_)?SECONDS(?:_MAX)? = ([\d.]+)",
    r"\b(?:seconds|lifetime|timeout)=([\d.]+)[,)]",
    r"\btimeout: ([\d.]+)()",
    r"\bsettimeout\(([\d.]+)",
    r"\b(?:wait_exit|wait_prompt|deadline)\(([\d.]+)",
    r"\bwait_(?:line|until|screenshot)\([^()]*, ([\d.]+)\)",
    r"\s-timeout=([\d.]+)",
    r"\bPATIENCE = ([\d.]+)(; // milli)",
    r"\b[sS]etDefault\w*Timeout\(([\d.]+)()",
)
NO_LIMIT = "def wait_quiet("  # how long nothing may come is no time limit


def limits():
    """(file, line, seconds) of each that is written as a number."""
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if NO_LIMIT in line or path.name == pathlib.Path(__file__).name:
                    continue
                for limit in LIMITS:
                    for match in re.finditer(limit, line):
                        scale = 1000 if match.re.groups == 2 else 1
                        yield path.relative_to(ROOT), number, float(match[1]) / scale


def test_no_short_deadline():
    """Every time limit in the tests and in their tools is a minute or more."""
    found = list(limits())
    assert len(found) >= 10, found  # the patterns find what there is
    short = [f"{path}:{line}: {seconds:g} s" for path, line, seconds in found
             if seconds < LEAST_SECONDS]
    assert not short, short


def test_short_deadline_is_refused():
    """A test that asks for less is told so before it waits."""
    machine = Machine()
    for wait in (lambda: deadline(59), lambda: machine.wait_until(lambda: True, "", 59),
                 lambda: machine.wait_screenshot(lambda _: True, "", 10)):
        try:
            wait()
        except ValueError as error:
            assert "needs 60 s" in str(error), error
        else:
            raise AssertionError("59 s were taken")
