#!/usr/bin/env python3
"""Makes a test of the memory map in a report.

    tools/report_map.py NAME < REPORT

REPORT is what the command `report` printed, anything around it included. Writes
tests/maps/maps/NAME.e820, the firmware's entries, and tests/maps/expect/NAME.expect, the usable
frames that must come out: worked out here, without the kernel's code. `make test-maps` holds the one
against the other.
"""

import pathlib
import re
import sys

FRAME_BYTES = 4096
LIMIT = 1 << 52
USABLE = 1
MAPS = pathlib.Path(__file__).resolve().parent.parent / "tests/maps"


def read_entries(text):
    """(base, end, type) of each line `entry base=0x... bytes=0x... type=N`."""
    found = re.findall(r"\bentry base=0x([0-9a-f]+) bytes=0x([0-9a-f]+) type=(\d+)", text)
    return [(int(base, 16), int(base, 16) + int(size, 16), int(kind)) for base, size, kind in found]


def usable_ranges(entries):
    """Whole frames that something calls usable and nothing calls anything else."""
    edges = sorted({min(edge, LIMIT) for base, end, _ in entries for edge in (base, end)})
    pieces = []  # [base, end, is it usable], as the entries have it byte by byte
    for base, end in zip(edges, edges[1:]):
        kinds = {kind for first, last, kind in entries if first <= base and end <= last}
        if kinds and pieces and pieces[-1][1] == base and pieces[-1][2] == (kinds == {USABLE}):
            pieces[-1][1] = end
        elif kinds:
            pieces.append([base, end, kinds == {USABLE}])
    taken = [(base // FRAME_BYTES * FRAME_BYTES, -(-end // FRAME_BYTES) * FRAME_BYTES)
             for base, end, is_usable in pieces if not is_usable]
    for base, end, is_usable in pieces:
        base, end = -(-base // FRAME_BYTES) * FRAME_BYTES, end // FRAME_BYTES * FRAME_BYTES
        if not is_usable:
            continue
        for first, last in taken:
            if first <= base < last:
                base = last
            if first < end <= last:
                end = first
        if base < end:
            yield base, end


def main():
    if len(sys.argv) != 2 or not re.fullmatch(r"[a-z0-9.-]+", sys.argv[1]):
        print("usage: tools/report_map.py NAME < REPORT (NAME of a-z, 0-9, dots and dashes)",
              file=sys.stderr)
        return 2
    name = sys.argv[1]
    entries = read_entries(sys.stdin.read())
    if not entries:
        print("report_map.py: there is no line `entry base=...` in the input", file=sys.stderr)
        return 1
    files = {"maps": ("e820", [f"{base:x} {end - base:x} {kind}" for base, end, kind in entries]),
             "expect": ("expect", [f"{base:x} {end:x}" for base, end in usable_ranges(entries)])}
    for folder, (suffix, lines) in files.items():
        path = MAPS / folder / f"{name}.{suffix}"
        path.write_text("\n".join(lines) + "\n", encoding="ascii")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
