#!/usr/bin/env python3
"""Lists what driver binaries may import: all functions that NT's headers here declare.

    exports.py HEADER... > export_table.c
    nm -u export_table.o | exports.py --library NAME > NAME.def

The table is drivers/videoport/port/videoport.h's. memcpy and its like are in it because compilers
call them by themselves, and so are the functions of crt.h, without the "crt_" before their names.

The second form is for import libraries: nm's names, of an object for NT, have the sizes of stdcall's
and fastcall's arguments behind them.
"""

import pathlib
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/", re.S)
NT_NAME = r"(?:VideoPort|Mm|Ex|Exf|Rtl|Ke|Kf|Kef|Interlocked|READ_|WRITE_)[A-Z]\w*"
DECLARED = re.compile(rf"\b(?:NTAPI\s+|FASTCALL |(?<!inline )(?<!inline__ )VOID |ULONG )({NT_NAME}|Dbg[A-Z]\w+)\(")
VARIABLE = re.compile(r"^KERNEL_VARIABLE .*?(\w+);", re.M)
CRT_PREFIX = "crt_"
CRT = re.compile(rf"\b{CRT_PREFIX}\w+(?=\()")
LIBRARY = {"memcmp", "memcpy", "memmove", "memset", "strcmp", "strlen", "strncmp"}
OTHER_HEADERS = ("drivers/videoport/port/videoport.h", "kernel/lib/string.h")
NAME_MAX = 63  # exports.c

# Which of NT's two has a function on i386 (Windows DDK, "System-supplied functions"); the kernel
# takes either (exports.c).
HAL = re.compile(r"(READ|WRITE)_PORT_|Kf|Ke(GetCurrent|Raise|Lower)Irql|Ke(Acquire|Release)SpinLock(@|$)|"
                 r"KeStall|KeQueryPerf")
VARIABLES = {"KeTickCount"}


def read(header):
    return COMMENT.sub("", pathlib.Path(header).read_text(encoding="utf-8"))


def public(symbol):
    return symbol.removeprefix(CRT_PREFIX)


def encode(names):
    """Each name without what it shares with the one before, and that length before it."""
    before = ""
    for name in names:
        shared = 0
        while name[shared:shared + 1] == before[shared:shared + 1] != "":
            shared += 1
        yield f'"\\{shared:03o}" "{name[shared:]}\\0"'
        before = name


def write_table(headers):
    symbols = set(LIBRARY)
    for text in map(read, headers):
        symbols.update(DECLARED.findall(text), VARIABLE.findall(text), CRT.findall(text))
    symbols = sorted(symbols, key=public)
    assert max(map(len, symbols)) <= NAME_MAX
    print("/* Made by tools/exports.py; do not edit. */\n")
    for header in (*headers, *OTHER_HEADERS):
        print(f'#include "{header}"')
    print("\n#define EXPORT(name) (uintptr_t)&name,\n")
    print("const uintptr_t export_addresses[] = {")
    for symbol in symbols:
        print(f"    EXPORT({symbol})")
    print("};\n\nconst char export_names[] =")
    print("\n".join(f"    {code}" for code in encode(map(public, symbols))) + ";")
    print("\nconst size_t export_count = sizeof export_addresses / sizeof export_addresses[0];")


def library_of(name):
    plain = name.lstrip("@")
    if plain.startswith("VideoPort"):
        return "VIDEOPRT.SYS"
    return "HAL.dll" if HAL.match(plain) else "ntoskrnl.exe"


def write_definitions(library):
    """A C name has an underscore before it, unless it is fastcall's."""
    print(f'LIBRARY "{library}"\nEXPORTS')
    for line in sys.stdin:
        name = public(line.split()[-1].removeprefix("_"))
        if library_of(name) == library:
            print(name + (" DATA" if name in VARIABLES else ""))


def main():
    if sys.argv[1] == "--library":
        write_definitions(sys.argv[2])
    else:
        write_table(sys.argv[1:])


main()
