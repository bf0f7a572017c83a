#!/usr/bin/env python3
"""Shows that mm/ and NT's headers are portable: a line for each test, then `N passed, N failed`.

Compiles mm/ for many targets as C and as C++, freestanding, with every warning an error and with
no headers but the compiler's own, and looks at what a link of it would still need. Sees that
tools/check_includes.py refuses the headers of a C library. Then runs the same random sequence
(sequence.c) on this machine and on a 32-bit big-endian one, and compares what came out; the same
with frames of 16 and of 64 KiB. Compiles sources in the style of driver kits with the headers in
drivers/videoport/include (nt_headers.py). Compiles with clang what `make fuzz` compiles. What this
machine has no tool for is left out, with a line that says so.
"""

import concurrent.futures
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import types

import nt_headers

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = sorted((ROOT / "mm").glob("*.c"))
HEADERS = sorted((ROOT / "mm").glob("*.h"))
SEQUENCE = ROOT / "tests/portable/sequence.c"
OUT = ROOT / "build/portable"
SECONDS = 120
FUZZED_SECONDS = 600
JUDGED = ["buddy", "mm"]  # of tests/fuzz
RANDOM_LASTS = "3"  # seconds

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Wsign-conversion",
            "-Werror"]
C_ONLY = ["-std=c11", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wvla"]
CPP20 = ["-x", "c++", "-std=c++20"]
CPP17 = ["-x", "c++", "-std=c++17"]

# Stands for the compiler that tools/cross.sh names.
X86_32 = ["gcc for 32-bit x86"]

# Freestanding compilations: command and language.
COMPILATIONS = [
    (["gcc"], C_ONLY),
    (["clang"], C_ONLY),
    (["g++"], CPP17),
    (["g++"], CPP20),
    (["clang++"], CPP17),
    (["clang++"], CPP20),
    (["gcc", "-DMM_COSTLY"], C_ONLY),
    (["clang++", "-DMM_COSTLY"], CPP17),
    (X86_32, C_ONLY),
    (["gcc", "-m32"], C_ONLY),
    (["clang", "--target=i686-linux-gnu"], C_ONLY),
    (["clang++", "--target=i686-linux-gnu"], CPP20),
    (["powerpc-linux-gnu-gcc"], C_ONLY),
    (["clang", "--target=powerpc-linux-gnu"], C_ONLY),
    (["clang++", "--target=powerpc-linux-gnu"], CPP20),
    (["clang", "--target=s390x-linux-gnu"], C_ONLY),
    (["clang++", "--target=s390x-linux-gnu"], CPP20),
    (["clang", "--target=aarch64-linux-gnu"], C_ONLY),
    (["clang", "--target=riscv32-unknown-elf"], C_ONLY),
    (["riscv64-linux-gnu-gcc"], C_ONLY),
    (["aarch64-linux-gnu-gcc"], C_ONLY),
    (["arm-linux-gnueabihf-gcc"], C_ONLY),
]

# The headers that tools/check_includes.py lets in, and some that need a C library or an operating
# system. The first list is what gcc and clang bring for every target.
OWN_HEADERS = ["stdalign.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdnoreturn.h"]
FOREIGN_HEADERS = ["assert.h", "ctype.h", "errno.h", "inttypes.h", "limits.h", "stdio.h",
                   "stdlib.h", "string.h", "sys/types.h", "unistd.h"]
CHECKED_FOLDERS = ["boot", "drivers/pc", "kernel", "mm"]

# Programs that run: what compiles sequence.c and links, what compiles mm/, and what runs the
# result, if it is not for this machine; the latter bring no libraries.
PROGRAMS = [
    (["gcc"], C_ONLY, ["gcc"], C_ONLY, None),
    (["g++"], CPP20, ["gcc"], C_ONLY, None),
    (["g++"], CPP20, ["g++"], CPP20, None),
    (["clang"], C_ONLY, ["clang"], C_ONLY, None),
    (["clang++"], CPP20, ["clang++"], CPP20, None),
    (X86_32, C_ONLY, X86_32, C_ONLY, None),
    (["powerpc-linux-gnu-gcc"], C_ONLY, ["powerpc-linux-gnu-gcc"], C_ONLY, "qemu-ppc"),
]

# Those that frames of another size are tried with: 64 and 32 bits, and the other order of bytes.
FEW_PROGRAMS = [PROGRAMS[0], *PROGRAMS[-2:]]

# log2 of a frame's bytes: the default, and others, each with a hash of its own.
FRAME_SHIFTS = [12, 14, 16]

# What a compiler may call in any freestanding program (mm/port.h), and what a linker provides.
COMPILERS_OWN = {"memcpy", "memmove", "memset", "memcmp", "__ctzdi2", "__clzdi2",
                 "__ashldi3", "__lshrdi3", "_GLOBAL_OFFSET_TABLE_", ".TOC."}
SYMBOL = re.compile(r"^ *\d+: +\S+ +\S+ +\S+ +(GLOBAL|WEAK) +\S+ +(\S+) +(\S+)$", re.M)


# What docs/porting.md names for the buddy by itself.
BUDDY_PARTS = ["buddy", "buddy_check", "choose", "free", "index", "marks", "place", "range", "ranges",
               "reach", "search", "stretch", "tree"]
BUDDY_HEADERS = ["bits", "inside", "last", "port", "request", "status", "types"]
BUDDY_USER = """#include "buddy.h"

int main(void)
{
    static uint64_t tables[1024];
    static struct buddy buddy;
    struct frame_range range = {16, 1024};
    struct buddy_request request = {3, 0, 0, 1000, 0};
    pfn_t first;
    buddy_init(&buddy);
    if (buddy_table_bytes(range) > sizeof tables ||
        buddy_add_range(&buddy, range, tables) != MM_OK ||
        buddy_alloc(&buddy, &request, &first) != MM_OK || buddy_check(&buddy))
        return 1;
    return first + 3 == 1000 && buddy_free(&buddy, first, NULL) == MM_OK ? 0 : 1;
}
"""


class Failed(Exception):
    """A test failed; the text says why."""


class LeftOut(Exception):
    """This machine has no tool for a test; the text says which."""


def run(command, folder, seconds=SECONDS):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", timeout=seconds, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def find_tool(*names):
    for name in names:
        if shutil.which(name):
            return name
    raise LeftOut(f"no {names[0]}")


def cross_compiler(scope):
    """The command for 32-bit x86 code on this machine: see tools/cross.sh."""
    done = subprocess.run([ROOT / "tools/cross.sh", scope], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise LeftOut(done.stderr.strip())
    return done.stdout.split()


def empty_folder(path):
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def own_headers_only(command):
    """Flags with which the compiler finds no header but those that it brings itself."""
    done = subprocess.run([*command, "-print-file-name=include"], capture_output=True, text=True,
                          check=True)
    return ["-nostdinc", "-isystem", done.stdout.strip()]


def check_includes(header, folder):
    """What tools/check_includes.py says of a tree whose folders each include the header."""
    for name in CHECKED_FOLDERS:
        (folder / name).mkdir(parents=True)
        (folder / name / "file.c").write_text(f"#include <{header}>\n", "ascii")
    done = subprocess.run([sys.executable, ROOT / "tools/check_includes.py", folder],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def take_header(header, folder):
    result = check_includes(header, folder)
    if result != (0, ""):
        raise Failed(f"{result}")


def refuse_header(header, folder):
    expected = "".join(f"{name}/file.c:1: <{header}> is not a header of the compiler itself\n"
                       for name in CHECKED_FOLDERS)
    result = check_includes(header, folder)
    if sorted(result[1].splitlines()) != sorted(expected.splitlines()) or result[0] != 1:
        raise Failed(f"{result}")


def undefined_symbols(objects, folder):
    readelf = find_tool("readelf", "llvm-readelf")
    defined, used = set(), set()
    for _, section, name in SYMBOL.findall(run([readelf, "-sW", *objects], folder)):
        (used if section == "UND" else defined).add(name)
    return used - defined


def compile_freestanding(command, language, folder):
    """Each source, each header by itself, and nothing missing but what the host supplies."""
    command = cross_compiler("kernel") if command is X86_32 else command
    find_tool(command[0])
    flags = [*language, *WARNINGS, "-O2", "-ffreestanding", *own_headers_only(command),
             f"-I{ROOT}"]
    run([*command, *flags, "-c", *SOURCES], folder)
    for header in HEADERS:
        alone = folder / f"{header.stem}_alone.c"
        alone.write_text(f'#include "mm/{header.name}"\n', "ascii")
        run([*command, *flags, "-fsyntax-only", alone], folder)
    objects = [folder / f"{source.stem}.o" for source in SOURCES]
    extra = {name for name in undefined_symbols(objects, folder)
             if not name.startswith("mm_port_")} - COMPILERS_OWN
    if extra:
        raise Failed(f"a link would need {', '.join(sorted(extra))}")


def run_sequence(compiler, language, mm_compiler, mm_language, emulator, frame_shift, folder):
    """The line that the program prints."""
    if compiler is X86_32:
        compiler = mm_compiler = cross_compiler("hosted")
    find_tool(compiler[0])
    find_tool(mm_compiler[0])
    emulate = [find_tool(emulator, f"{emulator}-static")] if emulator else []
    flags = [*WARNINGS, "-O2", f"-I{ROOT}"]
    if frame_shift != FRAME_SHIFTS[0]:
        flags.append(f"-DFRAME_SHIFT={frame_shift}")
    run([*mm_compiler, *mm_language, *flags, "-c", *SOURCES], folder)
    run([*compiler, *language, *flags, "-c", SEQUENCE], folder)
    # A cross compiler's C library lies where the system's loader does not look.
    static = ["-static"] if emulator or "-linux-gnu-" in compiler[0] else []
    run([*compiler, *static, "-o", "sequence", *sorted(folder.glob("*.o"))], folder)
    return run([*emulate, "./sequence"], folder).strip()


def run_buddy_alone(folder):
    """Copies the files that are named for it, and no others, and works with them."""
    find_tool("gcc")
    for name in BUDDY_PARTS + BUDDY_HEADERS:
        for file in (ROOT / "mm").glob(f"{name}.[ch]"):
            if name in BUDDY_PARTS or file.suffix == ".h":
                shutil.copy(file, folder)
    (folder / "main.c").write_text(BUDDY_USER, "ascii")
    run(["gcc", *C_ONLY, *WARNINGS, "-O2", *sorted(folder.glob("*.c")), "-o", "main"], folder)
    return run(["./main"], folder)


def run_judged(targets, frame_shift, folder):
    """Random steps of fuzz targets with frames of another size, each held against the model.

    The kernel's own memcpy and the like are linked in, as in `make soak`."""
    find_tool("gcc")
    sources = [*SOURCES, *(ROOT / "kernel/check").glob("model*.c"), ROOT / "tests/host/arena.c",
               ROOT / "tests/host/arena_calls.c", ROOT / "tests/host/arena_fronts.c",
               ROOT / "tests/host/rule.c",
               ROOT / "tests/host/fake_port.c", ROOT / "tests/long/random.c",
               ROOT / "kernel/lib/string.c"]
    command = ["gcc", *C_ONLY, *WARNINGS, "-O2", f"-I{ROOT}", f"-I{ROOT}/tests/host",
               f"-DFRAME_SHIFT={frame_shift}"]
    run([*command, "-c", *sources], folder)
    objects = sorted(folder.glob("*.o"))
    last = []
    for target in targets:
        run([*command, *objects, ROOT / f"tests/fuzz/fuzz_{target}.c", "-o", target], folder)
        last.append(run([f"./{target}", RANDOM_LASTS, "1"], folder).splitlines()[-1])
    return "; ".join(last)


def compile_fuzzed(_):
    """Installs nothing: what a fuzzer is linked with need not be there."""
    find_tool("clang")
    sources = sorted((ROOT / "tests/fuzz").glob("fuzz_*.c"))
    run(["make", "-j2", "-o", "setup", "build/fuzz/libpure.a",
         *(f"build/fuzz/tests/fuzz/{source.name}.o" for source in sources)], ROOT, FUZZED_SECONDS)


def language_name(language):
    return next(word for word in language if word.startswith("-std=")).removeprefix("-std=")


def frames_name(frame_shift):
    return "" if frame_shift == FRAME_SHIFTS[0] else f", frames of {1 << frame_shift - 10} KiB"


class Sequences:
    """The first line that a sequence prints is what all others must print, for frames of a size."""

    def __init__(self, frame_shift):
        self.frame_shift = frame_shift
        self.expected = None

    def run(self, program, folder):
        line = run_sequence(*program, self.frame_shift, folder)
        self.expected = self.expected or line
        if line != self.expected:
            raise Failed(f"{line}, but elsewhere {self.expected}")
        return line


def tests():
    """(name, function of a folder that returns what to print)"""
    for command, language in COMPILATIONS:
        yield (f"compile {' '.join(command)} {language_name(language)}",
               functools.partial(compile_freestanding, command, language))
    for header in OWN_HEADERS:
        yield f"include <{header}>", functools.partial(take_header, header)
    for header in FOREIGN_HEADERS:
        yield f"refuse <{header}>", functools.partial(refuse_header, header)
    yield "compile what is fuzzed", compile_fuzzed
    yield "run the buddy by itself", run_buddy_alone
    for frame_shift in FRAME_SHIFTS:
        yield from sequence_tests(Sequences(frame_shift))
        yield (f"judge {' and '.join(JUDGED)}{frames_name(frame_shift)}",
               functools.partial(run_judged, JUDGED, frame_shift))
    yield from nt_headers.tests(types.SimpleNamespace(run=run, compiler=compiler, Failed=Failed))


def compiler(command):
    """The command, with the compiler that tools/cross.sh names in its place; LeftOut if it is not
    there."""
    command = cross_compiler("kernel") if command == X86_32 else command
    find_tool(command[0])
    return command


def sequence_tests(sequences):
    is_default = sequences.frame_shift == FRAME_SHIFTS[0]
    for program in PROGRAMS if is_default else FEW_PROGRAMS:
        compiler, language, mm_compiler, mm_language, emulator = program
        words = [f"run {' '.join(compiler)} {language_name(language)}"]
        if mm_language is not language:
            words.append(f"with mm by {mm_compiler[0]} {language_name(mm_language)}")
        if emulator:
            words.append(f"in {emulator}")
        yield (" ".join(words) + frames_name(sequences.frame_shift),
               functools.partial(sequences.run, program))


def try_one(number, test):
    """(passed, failed, what to print)"""
    try:
        return 1, 0, test(empty_folder(OUT / str(number))) or "ok"
    except LeftOut as reason:
        return 0, 0, f"left out, {reason}"
    except (Failed, OSError, subprocess.TimeoutExpired) as reason:
        return 0, 1, f"FAILED\n{reason}"


def main():
    passed = failed = 0
    names, functions = zip(*tests())
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, result in zip(names, pool.map(try_one, range(len(functions)), functions)):
            passed += result[0]
            failed += result[1]
            print(f"{name}: {result[2]}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
