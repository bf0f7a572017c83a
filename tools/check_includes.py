#!/usr/bin/env python3
"""Checks who may know whom: which folder includes which headers.

The folders are layers, and a layer stays replaceable only while nobody reaches around it. Prints
file:line for each violation and returns 1; prints nothing if there is none.
"""

import fnmatch
import pathlib
import re
import sys

FOLDERS = ("boot", "mm", "kernel", "drivers")
NT_HEADERS = "drivers/videoport/include"

# Headers that the compiler itself has. limits.h is none of them, although C11, 4p6 lists it: gcc's
# hands on to a C library's, which a cross compiler may lack. __INT_MAX__ and __SIZEOF_LONG__ need
# no header.
FREESTANDING = {
    "stdalign.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdnoreturn.h",
}

# Text and bytes: they know no device, so everybody above mm/ may use them.
TEXT = ["kernel/string.h", "kernel/format.h"]

# What is compiled into host tests as it is: pixels, the memory view, the shell's text handling, the
# allocator's model, its explanation.
PURE = ["drivers/video/canvas*", "drivers/video/edid*", "drivers/video/font*",
        "drivers/video/palette*", "drivers/video/pixel_format*", "kernel/command_line*",
        "kernel/cpu_features*", "kernel/explain*", "kernel/view*", "kernel/terminal*",
        "kernel/format*", "kernel/line*", "kernel/managed*", "kernel/map_text*",
        "kernel/memtest_patterns*", "kernel/model*",
        "kernel/random*", "kernel/mtrr*", "kernel/options*", "kernel/parse*", "kernel/piece*",
        "kernel/tour_script*", "kernel/tour_words*", "kernel/wrap*"]

# (files, headers that they may include); the first line that matches a file counts.
RULES = [
    (["mm/*"], ["mm/*"]),
    (PURE, ["mm/*", "kernel/string.h"] + PURE),
    (["drivers/video/*"], [NT_HEADERS + "/*", "drivers/video/*.h"]),
    (["drivers/videoport/*"], ["drivers/videoport/*", "drivers/*.h", "mm/*"] + TEXT),
    (["drivers/*"], ["drivers/*.h", "mm/types.h"] + TEXT),
    (["boot/*"], ["boot/*", "mm/types.h"] + TEXT),
    (["kernel/*"], ["*/*"]),
]

ASSEMBLY_FILES = {"drivers/ports.h", "kernel/cpu.h"}

# Comments and literals, so that a word in them is not taken for code.
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
ASSEMBLY = re.compile(r"\b(?:asm|__asm|__asm__)\b")


def matches(path, patterns):
    """True if a pattern fits; only one that ends in "/*" reaches into subfolders."""
    return any(
        fnmatch.fnmatchcase(path, pattern)
        and (pattern.endswith("/*") or pattern.count("/") == path.count("/"))
        for pattern in patterns)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def blank_comment(match):
    return blank(match) if match.group().startswith("/") else match.group()


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def resolve(root, source, name):
    """The header's path from the root, as the compiler finds it with -I. and the NT headers."""
    for folder in (source.rsplit("/", 1)[0], "", NT_HEADERS):
        path = f"{folder}/{name}" if folder else name
        if (root / path).is_file():
            return path
    return name


def include_error(root, source, quote, name):
    if ".." in name.split("/"):
        return f"{name}: no way upwards; name it from the root"
    if quote == "<":
        if name in FREESTANDING:
            return None
        return f"<{name}> is not a header of the compiler itself"
    allowed = next(headers for files, headers in RULES if matches(source, files))
    path = resolve(root, source, name)
    if matches(path, allowed):
        return None
    return f"may not include {path} (allowed: {', '.join(allowed)})"


def errors_of(root, source):
    text = (root / source).read_text(encoding="utf-8")
    for match in INCLUDE.finditer(NOT_CODE.sub(blank_comment, text)):
        error = include_error(root, source, match.group(1), match.group(2))
        if error:
            yield line_of(text, match.start(1)), error
    if source not in ASSEMBLY_FILES:
        for match in ASSEMBLY.finditer(NOT_CODE.sub(blank, text)):
            yield line_of(text, match.start()), "inline assembly belongs in " + " or ".join(
                sorted(ASSEMBLY_FILES))


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    if len(sys.argv) > 1:
        root = pathlib.Path(sys.argv[1])
    failed = False
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.[ch]")):
            source = path.relative_to(root).as_posix()
            for line, error in errors_of(root, source):
                print(f"{source}:{line}: {error}", file=sys.stderr)
                failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main())
