#!/usr/bin/env python3
"""Makes the table of function names for the kernel's backtraces.

Reads the output of `nm -n` for the kernel as linked with an empty table, and writes the assembly of
the real one. The table lies behind all code, so the second link moves no function.
"""

import sys


def read_functions(lines):
    functions = {}
    for line in lines:
        fields = line.split()
        if len(fields) == 3 and fields[1] in "tT" and not fields[2].startswith((".", "text_")):
            functions.setdefault(int(fields[0], 16), fields[2])
    return sorted(functions.items())


def main():
    functions = read_functions(sys.stdin)
    out = ["; made by tools/symbols.py", "section .symbols alloc noexec nowrite progbits align=4",
           "global symbol_count, symbol_table, symbol_names",
           f"symbol_count: dd {len(functions)}", "symbol_table:"]
    offset = 0
    for address, name in functions:
        out.append(f"    dd 0x{address:08x}\n    dw {offset}")
        offset += len(name) + 1
    assert offset <= 1 << 16, "the names' offsets have 16 bits"
    out.append("symbol_names:")
    out.extend(f"    db '{name}', 0" for _, name in functions)
    out.append("    db 0")
    print("\n".join(out))


if __name__ == "__main__":
    main()
