#!/usr/bin/env python3
"""Writes how each file is compiled, for editors and clang's tools (compile_commands.json).

  compile_commands.py OUTPUT "COMPILER FLAGS" FILE... [-- "COMPILER FLAGS" FILE...]...

Of a file that is named twice, the first way counts. Flags that only write more files are left out.
"""

import json
import os
import pathlib
import shlex
import sys

UNUSED = ("-MMD", "-MP", "-ffile-prefix-map=")


def split_groups(arguments):
    groups = [[]]
    for argument in arguments:
        if argument == "--":
            groups.append([])
        else:
            groups[-1].append(argument)
    return groups


def main():
    output, entries = pathlib.Path(sys.argv[1]), {}
    for command, *files in split_groups(sys.argv[2:]):
        words = [word for word in shlex.split(command) if not word.startswith(UNUSED)]
        for file in files:
            entries.setdefault(file, {"directory": os.getcwd(), "file": file,
                                      "arguments": [*words, "-c", file]})
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(list(entries.values()), indent=1) + "\n", encoding="utf-8")
    print(f"{output}: {len(entries)} files")


if __name__ == "__main__":
    sys.exit(main())
