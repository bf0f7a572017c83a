"""Checks idioms that the sources write in one way: `python3 tools/check_idioms.py`.

Each rule is a pattern that must not stand in a line, and what to write instead. A rule holds for
all C files but those whose paths begin with what it names. And no function has a blank line: what
wants one is two functions. No line is longer than COLUMNS. This includes
comments, which clang-format leaves as they are.
"""

import re
import subprocess
import sys

# NT's headers, what implements and calls their functions, and miniports: in NT's style.
NT = ("drivers/video/adapter/", "drivers/video/miniports/", "drivers/videoport/include/",
      "drivers/videoport/port/", "tests/drivers/", "tests/portable/nt/")
# What prints by the C library's printf, or what students read.
HOSTED = ("docs/labs/", "tests/", "tools/")
# The initialisers of mm/ are C++ as well, which wants all of them, in order.
ROWS = ("mm/", "tests/", "docs/labs/")

COLUMNS = 100  # as in .clang-format

# A pattern, where it may stand, and what to write instead.
RULES = (
    (r"[=!]= ?NULL\b", NT, "a pointer is its own condition: `if (block)`, `if (!block)`"),
    (r"color(?!_t\b)", (), "colour"),
    (r"\bunsigned long long\b(?!.*va_arg)", ("kernel/lib/format.", *NT, *HOSTED),
     "number_t (kernel/lib/format.h), to print"),
    (r"\bbool no_", (), "use_...: what is not said to be left out is used"),
    (r"#define \w*TYPE_(USABLE|RESERVED|ACPI|NVS|BAD)\b", (), "E820_... (kernel/lib/e820.h)"),
    (r"\{0(, 0)+\}", ROWS, "{0}"),
    (r"\{[^{}]*[^{} 0,][^{}]*(, 0){2,}\}", ROWS, "designated initialisers, without the zeros"),
)


def blank_lines(lines):
    """The numbers of blank lines inside functions, whose braces are in the first column."""
    is_inside = False
    for number, line in enumerate(lines, 1):
        if line[0] in "{}":
            is_inside = line[0] == "{"
        elif is_inside and not line.strip():
            yield number


def broken_rules():
    """Yields a line for each place that breaks a rule."""
    files = subprocess.run(["git", "ls-files", "*.c", "*.h"], capture_output=True, text=True,
                           check=True).stdout.split()
    for file in files:
        rules = [(re.compile(pattern), instead) for pattern, exempt, instead in RULES
                 if not file.startswith(exempt)]
        with open(file, encoding="utf-8") as source:
            lines = source.readlines()
        for number in blank_lines(lines):
            yield f"{file}:{number}: a blank line inside a function"
        for number, line in enumerate(lines, 1):
            if len(line.rstrip("\n")) > COLUMNS:
                yield f"{file}:{number}: longer than {COLUMNS} columns"
            for pattern, instead in rules:
                if pattern.search(line):
                    yield f"{file}:{number}: {line.strip()}\n  instead: {instead}"


def main():
    found = list(broken_rules())
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
