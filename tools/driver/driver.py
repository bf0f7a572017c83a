#!/usr/bin/env python3
"""Builds a miniport from sources as NT's driver kits had them, or says in one line what is wrong.

    driver.py check GOAL...                       what `make driver` and `make run-driver` were given
    driver.py build FOLDER CC CXX LINK LIBRARY... into FOLDER/NAME.sys; each of the first three is a
                                                  command with its flags

NAME, SOURCES (which may have * in it), INCLUDE and DEFINES are in the environment, where make puts
them. Headers may be spelled as NT's disks took them (tools/header_names.py).
"""

import glob
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

SUPPORT = pathlib.Path("tools/driver/support.c")
WIDE = "tools/driver/wide.h"  # included before all else
HEADERS = "drivers/videoport/include"
HEADER_NAMES = "tools/header_names.py"

# How functions are called, for C and for C++. In NT's kits, one that does not say it is stdcall
# (/Gz), as it is here with -mrtd; the C library's are cdecl, as string.h says also to who calls
# memcpy without a header. Sources that declare such functions themselves do not compile so. The
# second way is for these: a function that does not say it is cdecl, and where NT would call it,
# that is an error.
CONVENTIONS = ((["-mrtd", "-include", "string.h"], ["-mrtd", "-include", "string.h"]),
               (["-Werror=incompatible-pointer-types"], ["-fno-permissive"]))

NAME_MAX = 23  # VIDEOPORT_NAME_MAX
C = {".c"}
CXX = {".cpp", ".cc", ".cxx"}
DEFINE = re.compile(r"[A-Za-z_]\w*(\([^)]*\))?(=.*)?", re.S)
ENTRY = re.compile(r" T (_DriverEntry(?:@8)?)$", re.M)
UNDEFINED = re.compile(r"undefined reference to `_?(.+?)(?:@\d+)?'")


class Wrong(Exception):
    """What the user should know."""


class CannotCompile(Wrong):
    """The same of a source; `said` is what the compiler said."""

    def __init__(self, source, said):
        super().__init__(f"{source} cannot be compiled")
        self.said = said


def words_of(variable):
    return os.environ.get(variable, "").split()


# ---- what was asked for ----------------------------------------------------------------------------


def check_name(goal):
    name = os.environ.get("NAME", "")
    if not name:
        sources = ' SOURCES="a.c b.c"' if goal == "driver" else ""
        raise Wrong(f"NAME is missing: make {goal} NAME=foo{sources}")
    if not re.fullmatch(rf"[\w-]{{1,{NAME_MAX}}}", name, re.A):
        raise Wrong(f'NAME="{name}" is not a name: 1 to {NAME_MAX} letters, digits, - and _')
    return name


def check_sources():
    sources = [pathlib.Path(path) for word in words_of("SOURCES")
               for path in sorted(glob.glob(os.path.expanduser(word))) or [word]]
    if not sources:
        raise Wrong('SOURCES is missing: make driver NAME=foo SOURCES="a.c b.c"')
    for source in sources:
        if not source.is_file():
            raise Wrong(f"SOURCES: {source} is not there")
        if source.suffix.lower() not in C | CXX:
            raise Wrong(f"SOURCES: {source} is neither C (.c) nor C++ (.cpp, .cc, .cxx)")
    return sources


def check_folders():
    folders = [pathlib.Path(word) for word in words_of("INCLUDE")]
    for folder in folders:
        if not folder.is_dir():
            raise Wrong(f"INCLUDE: there is no folder {folder}")
    return folders


def check_defines():
    try:
        defines = shlex.split(os.environ.get("DEFINES", ""))
    except ValueError as error:
        raise Wrong(f"DEFINES: {error}") from error
    for define in defines:
        if not DEFINE.fullmatch(define):
            raise Wrong(f"DEFINES: {define} has not the form NAME or NAME=VALUE")
    return defines


def check(goals):
    if "driver" in goals:
        check_name("driver"), check_sources(), check_folders(), check_defines()
    elif "run-driver" in goals:
        name = check_name("run-driver")
        if not any(os.path.exists(f"build/drivers/{name}{end}") for end in (".sys", ".SYS")):
            raise Wrong(f"build/drivers/{name}.sys is not there: make driver NAME={name} "
                        'SOURCES="..." builds it')


# ---- building --------------------------------------------------------------------------------------


def header_names(target, sources, folders):
    """The option by which the compiler finds headers that are spelled otherwise."""
    return subprocess.run([sys.executable, HEADER_NAMES, target, *sources, "--", *folders],
                          check=True, capture_output=True, text=True).stdout.strip()


def compile_source(source, output, compilers, flags, convention):
    """What there is to print; CannotCompile."""
    is_cxx = source.suffix.lower() in CXX
    done = subprocess.run([*compilers[is_cxx], *flags, *convention[is_cxx], "-x",
                           "c++" if is_cxx else "c", "-c", str(source), "-o", output],
                          check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise CannotCompile(source, done.stderr)
    return f"  {'CXX' if is_cxx else 'CC '}   {source}\n{done.stderr}"


def compile_sources(sources, folder, compilers, flags):
    """The objects. What the compiler says is printed, that of the first way if none will do."""
    objects = [str(folder / f"{number}.o") for number in range(len(sources))]
    failure = None
    for convention in CONVENTIONS:
        try:
            said = [compile_source(source, output, compilers, flags, convention)
                    for source, output in zip(sources, objects)]
            print("".join(said), end="", flush=True)
            return objects
        except CannotCompile as error:
            failure = failure or error
    sys.stderr.write(failure.said)
    raise failure


def symbols_of(linker, objects):
    nm = re.sub("gcc$", "nm", linker[0])
    return subprocess.run([nm, *objects], check=True, capture_output=True, text=True).stdout


def link(linker, objects, libraries, output):
    symbols = symbols_of(linker, objects)
    entry = ENTRY.search(symbols)
    if not entry:
        raise Wrong('no source has DriverEntry (in C++, it must be extern "C")')
    if "_GLOBAL__sub_I_" in symbols:
        print("driver: warning: an object outside of functions has a constructor: nobody calls it")
    done = subprocess.run([*linker, f"-Wl,--entry,{entry[1]}", *objects, *libraries, "-o",
                           str(output)], check=False, capture_output=True, text=True)
    missing = sorted(set(UNDEFINED.findall(done.stderr)))
    if missing:
        raise Wrong(f"neither in the sources nor in this system: {', '.join(missing)}")
    sys.stderr.write(done.stderr)
    if done.returncode != 0:
        raise Wrong(f"{output} cannot be linked")


def build(folder, compiler, cxx_compiler, linker, *libraries):
    name, sources, defines = check_name("driver"), check_sources(), check_defines()
    folders = [*check_folders(), HEADERS]
    output = pathlib.Path(folder, f"{name}.sys")
    made = pathlib.Path(folder, f"{name}.made")
    output.unlink(missing_ok=True)
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    if not any(define.split("=")[0] == "DBG" for define in defines):
        defines.append("DBG=1")
    flags = [f"-I{path}" for path in folders] + [header_names(made / "headers", sources, folders)]
    flags += [f"-D{define}" for define in defines] + ["-include", WIDE]
    compilers = shlex.split(compiler), shlex.split(cxx_compiler)
    objects = compile_sources([*sources, SUPPORT], made, compilers, flags)
    link(shlex.split(linker), objects, libraries, output)
    print(f"  SYS   {output}: make run-driver NAME={name} starts it")


def main():
    task, *arguments = sys.argv[1:]
    try:
        check(arguments) if task == "check" else build(*arguments)
    except Wrong as wrong:
        print(f"driver: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
