#!/usr/bin/env python3
"""Makes a C table of firmware maps, for the command `machine`.

    tools/machines.py LIST MAPS OUTPUT

LIST has a line for each machine: its name, the name of its map in the folder MAPS, and what is
special about it. The maps' lines are `START_HEX LENGTH_HEX TYPE`, after a # is a comment. What does
not fit the table's types (kernel/machine/machine.h) fails here.
"""

import pathlib
import re
import sys

NAME = re.compile(r"[a-z0-9-]{1,23}")


def lines_of(path):
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
        line = line.partition("#")[0].strip()
        if line:
            yield f"{path}:{number}", line


def read_entries(path):
    entries = []
    for place, line in lines_of(path):
        words = line.split()
        if len(words) != 3:
            raise SystemExit(f"{place}: not an entry: {line}")
        base, length, kind = int(words[0], 16), int(words[1], 16), int(words[2], 0)
        if base >> 64 or length >> 64 or kind >> 32:
            raise SystemExit(f"{place}: too large: {line}")
        entries.append((base, length, kind))
    return entries


def main():
    if len(sys.argv) != 4:
        print("usage: tools/machines.py LIST MAPS OUTPUT", file=sys.stderr)
        return 2
    maps = pathlib.Path(sys.argv[2])
    tables, rows, names = [], [], set()
    for place, line in lines_of(pathlib.Path(sys.argv[1])):
        name, source, text = line.split(None, 2)
        if not NAME.fullmatch(name) or name in names | {"real"} or '"' in text or "\\" in text:
            raise SystemExit(f"{place}: not a machine: {line}")
        names.add(name)
        entries = read_entries(maps / f"{source}.e820")
        body = "".join(f"    {{0x{base:x}, 0x{length:x}, {kind}}},\n"
                       for base, length, kind in entries)
        tables.append(f"/* {source} */\nstatic const struct map_entry entries_{len(rows)}[] = {{\n"
                      f"{body}}};\n")
        rows.append(f'    {{"{name}", "{text}", entries_{len(rows)}, {len(entries)}, NULL}},\n')
    pathlib.Path(sys.argv[3]).write_text(
        "/* Made by tools/machines.py. */\n\n#include \"kernel/machine/machine.h\"\n\n"
        + "\n".join(tables) + "\nconst struct machine_source machines_shipped[] = {\n"
        + "".join(rows) + f"}};\n\nconst size_t machines_shipped_count = {len(rows)};\n",
        encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
