#!/usr/bin/env python3
"""Writes how each file is compiled, for editors and clang's tools (compile_commands.json).

  compile_commands.py OUTPUT "COMPILER FLAGS" FILE... [-- "COMPILER FLAGS" FILE...]...
"""

import json
import os
import pathlib
import sys


def main():
    output, groups = sys.argv[1], [[]]
    for argument in sys.argv[2:]:
        if argument == "--":
            groups.append([])
        else:
            groups[-1].append(argument)
    entries = [{"directory": os.getcwd(), "file": file, "command": f"{command} -c {file}"}
               for command, *files in groups for file in files]
    pathlib.Path(output).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(output).write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    print(f"{output}: {len(entries)} files")


if __name__ == "__main__":
    sys.exit(main())
