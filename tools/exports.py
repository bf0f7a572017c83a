#!/usr/bin/env python3
"""Lists what driver binaries may import: all functions that NT's headers here declare.

    exports.py HEADER... > export_table.c

The table is drivers/videoport/port/videoport.h's. memcpy and its like are in it because a compiler
calls them by itself.
"""

import pathlib
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/", re.S)
DECLARED = re.compile(r"\b(?:NTAPI\s+|VOID )((?:VideoPort|Mm)[A-Z]\w*)\(")
COMPILERS = {"memcmp", "memcpy", "memmove", "memset"}


def names_in(header):
    return DECLARED.findall(COMMENT.sub("", pathlib.Path(header).read_text(encoding="utf-8")))


def main():
    headers = sys.argv[1:]
    names = sorted(COMPILERS.union(*map(names_in, headers)))
    print("/* Made by tools/exports.py; do not edit. */\n")
    for header in (*headers, "drivers/videoport/port/videoport.h", "kernel/lib/string.h"):
        print(f'#include "{header}"')
    print("\n#define EXPORT(name) {#name, (uintptr_t)name},\n")
    print("const struct exported_function export_table[] = {")
    for name in names:
        print(f"    EXPORT({name})")
    print("    {0, 0},\n};")


main()
