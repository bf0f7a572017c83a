#!/usr/bin/env python3
"""Checks who may know whom: which room includes which headers, and calls whose functions.

tools/rooms.txt lists the rooms, which are folders, from the ground up. A room stays replaceable only
while nothing below it needs it. Prints file:line for each include, and both files for each call,
that goes upward, and returns 1; prints nothing if there is none.

  check_includes.py [ROOT]    the includes
  check_includes.py --calls   the calls between the kernel's objects in build/ as well
  check_includes.py --rooms   prints the rooms, with files, lines and calls upward
"""

import collections
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
NT_HEADERS = "drivers/videoport/include"
OBJECTS = "build/kernel"

# Headers that the compiler itself has. limits.h is none of them, although C11, 4p6 lists it: gcc's
# hands on to a C library's, which a cross compiler may lack. __INT_MAX__ and __SIZEOF_LONG__ need
# no header.
FREESTANDING = {
    "stdalign.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdnoreturn.h",
}

# Calls upward that cannot be otherwise: the boot code starts the kernel, and the processor enters it
# there; a library has no way of its own to stop the system.
DOORS = {
    ("boot", "kmain"), ("boot", "trap_handle"), ("boot", "double_fault_handle"),
    ("mm", "mm_port_assert_failed"),
}

ASSEMBLY_FILES = {"drivers/pc/ports.h", "kernel/cpu/cpu.h"}

# Comments and literals, so that a word in them is not taken for code.
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
ASSEMBLY = re.compile(r"\b(?:asm|__asm|__asm__)\b")
ROOM = re.compile(r"(\S+)(?: \[(.*)\])? - (.*)")


class Rooms:
    def __init__(self, root):
        self.root = root
        self.allowed = {}  # room -> rooms that it may know
        self.duties = {}
        for line in (HERE / "rooms.txt").read_text(encoding="utf-8").splitlines():
            match = ROOM.fullmatch(line)
            if line.startswith("#") or not match:
                continue
            room, only, duty = match.groups()
            self.allowed[room] = {room} | set(self.allowed if only is None else only.split())
            self.duties[room] = duty

    def of(self, path):
        """The room that a file is in; None outside of all."""
        folder = path.rpartition("/")[0]
        return folder if folder in self.allowed else None

    def sources(self):
        for room in self.allowed:
            for path in sorted((self.root / room).glob("*.[ch]")):
                yield room, path.relative_to(self.root).as_posix()


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def blank_comment(match):
    return blank(match) if match.group().startswith("/") else match.group()


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def resolve(root, source, name):
    """The header's path from the root, as the compiler finds it with -I. and the NT headers."""
    for folder in (source.rpartition("/")[0], "", NT_HEADERS):
        path = f"{folder}/{name}" if folder else name
        if (root / path).is_file():
            return path
    return name


def include_error(rooms, source, quote, name):
    if ".." in name.split("/"):
        return f"{name}: no way upwards; name it from the root"
    if quote == "<":
        if name in FREESTANDING:
            return None
        return f"<{name}> is not a header of the compiler itself"
    path = resolve(rooms.root, source, name)
    room = rooms.of(source)
    if rooms.of(path) not in rooms.allowed[room]:
        return f"may not include {path} (allowed: {', '.join(sorted(rooms.allowed[room]))})"
    return None


def errors_of(rooms, source):
    text = (rooms.root / source).read_text(encoding="utf-8")
    for match in INCLUDE.finditer(NOT_CODE.sub(blank_comment, text)):
        error = include_error(rooms, source, match.group(1), match.group(2))
        if error:
            yield line_of(text, match.start(1)), error
    if source not in ASSEMBLY_FILES:
        for match in ASSEMBLY.finditer(NOT_CODE.sub(blank, text)):
            yield line_of(text, match.start()), "inline assembly belongs in " + " or ".join(
                sorted(ASSEMBLY_FILES))


# ---- calls ------------------------------------------------------------------------------------

def symbols_of(root):
    """(who defines each symbol, which symbols each object wants), by the sources' paths."""
    defined, wanted = {}, collections.defaultdict(set)
    objects = sorted(path for path in (root / OBJECTS).rglob("*.o")
                     if (root / path.relative_to(root / OBJECTS).with_suffix("")).is_file())
    if not objects:
        sys.exit(f"{OBJECTS} has no objects yet: run make first")
    compiler = subprocess.run([HERE / "cross.sh"], check=True, capture_output=True, text=True)
    nm = re.sub("gcc$", "nm", compiler.stdout.split()[0])
    listing = subprocess.run([nm, "-A", *objects], check=True, capture_output=True, text=True)
    for line in listing.stdout.splitlines():
        path, _, rest = line.partition(".o:")
        source = pathlib.Path(path).relative_to(root / OBJECTS).as_posix()
        kind, name = rest.split()[-2:]
        if kind == "U":
            wanted[source].add(name)
        elif kind.isupper():
            defined[name] = source
    return defined, wanted


def calls_upward(rooms):
    """(source, symbol, where it is defined) for each that is not allowed."""
    defined, wanted = symbols_of(rooms.root)
    for source, names in sorted(wanted.items()):
        room = rooms.of(source)
        for name in sorted(names):
            other = rooms.of(defined.get(name, ""))
            if room and other and other not in rooms.allowed[room] and (room, name) not in DOORS:
                yield source, name, defined[name]


def print_rooms(rooms, upward):
    files, lines = collections.Counter(), collections.Counter()
    for room, source in rooms.sources():
        files[room] += 1
        lines[room] += (rooms.root / source).read_text(encoding="utf-8").count("\n")
    print(f"{'room':<27}{'files':>6}{'lines':>7}{'upward':>8}  duty")
    for room, duty in rooms.duties.items():
        count = sum(rooms.of(source) == room for source, _, _ in upward)
        print(f"{room:<27}{files[room]:>6}{lines[room]:>7}{count:>8}  {duty}")
    print(f"{'':<27}{files.total():>6}{lines.total():>7}{len(upward):>8}")


def main():
    argument = sys.argv[1] if len(sys.argv) > 1 else "."
    has_mode = argument in ("--calls", "--rooms")
    rooms = Rooms(HERE.parent if has_mode or argument == "." else pathlib.Path(argument).resolve())
    upward = list(calls_upward(rooms)) if has_mode else []
    if argument == "--rooms":
        print_rooms(rooms, upward)
    failed = bool(upward)
    for source, name, other in upward:
        print(f"{source}: may not call {name} of {other}", file=sys.stderr)
    for _, source in rooms.sources():
        for line, error in errors_of(rooms, source):
            print(f"{source}:{line}: {error}", file=sys.stderr)
            failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main())
