"""Which lines of mm/ each host test runs: a change of another line cannot make that test fail.

The tests have been built once more, to count lines (gcc --coverage).
"""

import json
import os
import pathlib
import shutil
import subprocess


def lines_of(counts):
    """{file: {line: whether it ran}} of one file of counts (.gcda)."""
    done = subprocess.run(["gcov", "--json-format", "--stdout", counts], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return {file["file"]: {line["line_number"]: line["count"] > 0 for line in file["lines"]}
            for text in done.stdout.splitlines() for file in json.loads(text)["files"]}


def measure(build, folder, command):
    """{file: {line: whether it ran}} of one program of the build, with its counts in a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    environment = dict(os.environ, GCOV_PREFIX=str(folder))
    subprocess.run([build / command[0], *command[1:]], check=True, env=environment,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    reached = {}
    for counts in pathlib.Path(folder).rglob("mm/*.gcda"):
        notes = counts.with_suffix(".gcno")
        notes.symlink_to("/" / notes.relative_to(folder))
        for file, lines in lines_of(counts).items():
            known = reached.setdefault(file, {})
            for line, ran in lines.items():
                known[line] = known.get(line, False) or ran
    shutil.rmtree(folder)
    return reached


class Reach:
    """What was measured of one program."""

    def __init__(self, lines):
        """lines: as measured; numbers may have become texts, in JSON."""
        self.ran = {file: {int(line): ran for line, ran in of.items()}
                    for file, of in lines.items()}

    def reaches(self, file, first, last):
        """Whether one of the lines may run; one that the compiler does not know of may."""
        known = [self.ran.get(file, {}).get(line) for line in range(first, last + 1)]
        return any(known) or all(ran is None for ran in known)
