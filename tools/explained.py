"""Reads the lists of what tests/ cannot reach or kill, each with the reason why.

An entry is a paragraph, and a paragraph whose lines all begin with '#' is a comment:

    mm/file.c function
    - the line of the source, as it is
    + the same line, mutated (in a list of mutants)
    The reason, over as many lines as it takes.

One reason may stand for several lines of a function, and for several mutants of a line. Lines are
known by file, function and text, so that an entry stays true when lines move. Spaces at a line's
ends do not count.
"""

import pathlib
import re


def key_of(file, function, *texts):
    return (file, function) + tuple(" ".join(text.split()) for text in texts)


def entries(path):
    """(file, function, [(mark, line)], reason) of each entry; complains of one without a reason."""
    for paragraph in re.split(r"\n\s*\n", pathlib.Path(path).read_text(encoding="utf-8")):
        lines = [line for line in paragraph.strip().splitlines() if not line.startswith("#")]
        if not lines:
            continue
        texts = [(line[0], line[2:]) for line in lines[1:] if line[:2] in ("- ", "+ ")]
        reason = " ".join(line.strip() for line in lines[1 + len(texts):])
        place = lines[0].split()
        if len(place) != 2 or not texts or texts[0][0] != "-" or not reason:
            raise SystemExit(f"{path}: not an entry:\n{paragraph}")
        yield (*place, texts, reason)


def read_lines(path):
    """{key_of(file, function, line): reason}"""
    return {key_of(file, function, text): reason
            for file, function, texts, reason in entries(path) for _, text in texts}


def read_mutants(path):
    """{key_of(file, function, line as it is, line mutated): reason}"""
    found = {}
    for file, function, texts, reason in entries(path):
        for mark, text in texts:
            if mark == "-":
                before = text
            else:
                found[key_of(file, function, before, text)] = reason
    return found
