"""Checks idioms that the sources write in one way: `python3 tools/check_idioms.py`.

Each rule is a pattern that must not stand in a line of these rooms, and what to write instead. NT's
headers and the video drivers, which follow NT's style in part, are left alone.
"""

import re
import subprocess
import sys

ROOMS = ("boot/", "drivers/pc/", "drivers/acpi/", "kernel/main.c", *(f"kernel/{room}/" for room in (
    "bios", "check", "commands", "cpu", "lib", "log", "machine", "memory", "pc", "shell", "show",
    "screen", "video", "view")))

# A pattern, files that may have it, and what to write instead.
RULES = (
    (r"[=!]= ?NULL\b", (), "a pointer is its own condition: `if (block)`, `if (!block)`"),
    (r"color(?!_t\b)", (), "colour"),
    (r"\bunsigned long long\b(?!.*va_arg)",
     ("kernel/lib/format.h", "kernel/lib/format.c"), "number_t (kernel/lib/format.h), to print"),
    (r"\bbool no_", (), "use_...: what is not said to be left out is used"),
    (r"#define \w*TYPE_(USABLE|RESERVED|ACPI|NVS|BAD)\b", (), "E820_... (kernel/lib/e820.h)"),
    (r"\{0(, 0)+\}", (), "{0}"),
    (r"\{[^{}]*[^{} 0,][^{}]*(, 0){2,}\}", (), "designated initialisers, without the zeros"),
)


def broken_rules():
    """Yields a line for each place that breaks a rule."""
    files = subprocess.run(["git", "ls-files", "*.c", "*.h"], capture_output=True, text=True,
                           check=True).stdout.split()
    for file in files:
        rules = [(re.compile(pattern), instead) for pattern, exempt, instead in RULES
                 if file.startswith(ROOMS) and file not in exempt]
        if not rules:
            continue
        with open(file, encoding="utf-8") as source:
            for number, line in enumerate(source, 1):
                for pattern, instead in rules:
                    if pattern.search(line):
                        yield f"{file}:{number}: {line.strip()}\n  instead: {instead}"


def main():
    found = list(broken_rules())
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
