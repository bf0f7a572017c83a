"""Tests of drivers/videoport/include: that sources from a driver kit compile.

Each header by itself, each before all others, and the sources of nt/, by every compiler that is
there, as C and as C++, with calling conventions written and without. Numbers, sizes and offsets are
compared with those of mingw-w64, which has NT's headers from another hand.
"""

import functools
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NT = ROOT / "drivers/videoport/include"
SOURCES = ROOT / "tests/portable/nt"
LIST = ROOT / "drivers/videoport/interface.txt"
HEADERS = sorted(path.name for path in NT.glob("*.h"))
PACKING = [name for name in HEADERS if name.startswith(("pshpack", "poppack"))]

FLAGS = ["-ffreestanding", "-fshort-wchar", f"-I{NT}", "-DDBG=1"]
STRICT = ["-Wall", "-Wextra", "-Wno-multichar", "-Werror"]
PLAIN = ["-mrtd", "-DNTAPI="]  # sources without calling conventions
C_STANDARDS = ["c11", "gnu99"]
CPP_STANDARDS = ["c++17", "gnu++98"]

# What compiles C and what compiles C++, and whether for 32-bit x86, as drivers are.
COMPILERS = [
    (["gcc"], ["g++"], False),
    (["gcc-14"], ["g++-14"], False),
    (["clang"], ["clang++"], False),
    (["clang", "--target=i686-linux-gnu"], ["clang++", "--target=i686-linux-gnu"], True),
    (["gcc for 32-bit x86"], None, True),
    (["i686-w64-mingw32-gcc"], ["i686-w64-mingw32-g++"], True),
]

MINGW = "i686-w64-mingw32-gcc"
# NT's headers as mingw-w64 has them, in orders that they take; and how many numbers both have.
MINGW_INCLUDES = [
    (["ntdef.h", "dderror.h", "devioctl.h", "miniport.h", "ntddvdeo.h", "video.h"], 400),
    (["ntdef.h", "wdm.h"], 100),
    (["ntdef.h", "winerror.h"], 50),
    (["ntdef.h", "ntstatus.h"], 30),
]

COMMENT = re.compile(r"/\*.*?\*/", re.S)
DEFINED = re.compile(r"^#define (\w+) (?!\\$)(.+)$", re.M)
STRUCTURE = re.compile(r"typedef (?:struct|union) \w+ \{\n(.*?)^\} (\w+)", re.S | re.M)
MEMBER = re.compile(r"^    [\w ]+?[ *](\w+)(?:\[\w+\])?;", re.M)


def syntax(run, command, standard, flags, source, folder):
    run([*command, f"-std={standard}", *FLAGS, *flags, "-fsyntax-only", source], folder)


def write(folder, name, *headers):
    path = folder / name
    text = "".join(f'#include "{header}"\n' for header in headers)
    path.write_text(text + "\nint declares_something;\n", "ascii")
    return path


def without_packing():
    return [name for name in HEADERS if name not in PACKING]


def compile_headers(tools, command, standard, folder):
    """Each by itself, twice, and first before all others."""
    command = tools.compiler(command)
    suffix = "cpp" if "++" in standard else "c"
    names = without_packing()
    for number, name in enumerate(names):
        alone = write(folder, f"alone{number}.{suffix}", name, name)
        first = write(folder, f"first{number}.{suffix}", *names[number:], *names[:number])
        for path in (alone, first):
            syntax(tools.run, command, standard, STRICT, path, folder)


def as_language(standard):
    return ["-x", "c++"] if "++" in standard else []


def compile_source(tools, command, standard, flags, name, folder):
    """A source of nt/, whose names of headers may be in any case."""
    command = tools.compiler(command)
    source = SOURCES / name
    names = tools.run(["python3", ROOT / "tools/header_names.py", folder / "names", source],
                      folder).strip()
    syntax(tools.run, command, standard, [*flags, names, *as_language(standard)], source, folder)


# ---- beside other headers ------------------------------------------------------------------------

def mingw_folder(tools):
    """Where mingw has its headers."""
    tools.compiler([MINGW])
    text = subprocess.run([MINGW, "-E", "-include", "_mingw.h", "-x", "c", "/dev/null"],
                          capture_output=True, text=True, check=True).stdout
    return pathlib.Path(re.search(r'^# 1 "(/[^"]*)/_mingw\.h"', text, re.M)[1]).resolve()


def live_with_winerror(tools, folder):
    """Where mingw's own winerror.h and ntstatus.h are found first, before and after video.h."""
    command = tools.compiler([MINGW])
    for number, order in enumerate([("video.h", "winerror.h", "ntstatus.h"),
                                    ("winerror.h", "video.h", "ntstatus.h"),
                                    ("_mingw.h", "dderror.h", "winerror.h")]):
        path = folder / f"winerror{number}.c"
        path.write_text("".join(f"#include <{name}>\n" for name in order) +
                        "long declared = ERROR_MORE_DATA + ERROR_CONTINUE;\n", "ascii")
        tools.run([*command, "-std=c11", "-ffreestanding", *STRICT,
                   "-idirafter", NT, "-fsyntax-only", path], folder)
        text = tools.run([*command, "-E", "-idirafter", NT, path], folder)
        if "mingw-w64/include/winerror.h" not in text:
            raise tools.Failed("mingw's winerror.h was not found first")


# ---- the same numbers as another hand's ----------------------------------------------------------

def values(tools, includes, flags, expressions, folder):
    """{what: number} of the expressions that compile: (what, the macro that must be there, C)."""
    lines = {number: f"const long long value_{number} = (long long)({expression});\n"
             for number, (_, _, expression) in enumerate(expressions)}
    path = folder / "values.c"
    while True:
        text = "".join(f"#include <{include}>\n" for include in includes)
        for number, line in lines.items():
            guard = expressions[number][1]
            text += f"#ifdef {guard}\n{line}#endif\n" if guard else line
        path.write_text(text, "ascii")
        done = subprocess.run([MINGW, "-std=gnu11", "-ffreestanding", "-S", "-O0", "-w", *flags,
                               "-o", "-", path], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            break
        wrong = {int(number) for number in re.findall(r"value_(\d+)", done.stderr)} & lines.keys()
        if not wrong:
            raise tools.Failed(done.stderr)
        for number in wrong:
            del lines[number]
    numbers = re.findall(r"_value_(\d+):\n\t\.long\t(-?\d+)\n", done.stdout)
    return {expressions[int(number)][0]: int(low) % 2 ** 32 for number, low in numbers}


def expressions_of(text):
    """Macros that are numbers, and structures' sizes and members' offsets."""
    text = COMMENT.sub("", text)
    for name, _ in DEFINED.findall(text):
        yield name, name, name
    for body, name in STRUCTURE.findall(text):
        yield f"sizeof({name})", None, f"sizeof({name})"
        depth = 0
        for line in body.splitlines():
            member = MEMBER.match(line) if depth == 0 else None
            depth += line.count("{") - line.count("}")
            if member:
                yield (f"{name}.{member[1]}", None, f"__builtin_offsetof({name}, {member[1]})")


def compare_with_mingw(tools, includes, least, folder):
    """At least so many numbers are in both, and the same."""
    folder_of_theirs = mingw_folder(tools)
    headers = [ROOT / "drivers/videoport/include" / name for name in without_packing()]
    texts = "".join(path.read_text("ascii") for path in headers)
    expressions = list(dict.fromkeys(expressions_of(texts)))
    ours = values(tools, without_packing(), [f"-I{NT}"], expressions, folder)
    theirs = values(tools, includes, [f"-I{folder_of_theirs}/ddk"], expressions, folder)
    both = sorted(ours.keys() & theirs.keys())
    different = [f"{name}: {ours[name]:#x} here, {theirs[name]:#x} there" for name in both
                 if ours[name] != theirs[name]]
    if different or len(both) < least:
        raise tools.Failed("\n".join([f"{len(both)} numbers compared", *different]))
    return f"{len(both)} numbers are the same"


# ---- the same functions ------------------------------------------------------------------------

# Types that are one, for a caller.
SAME_TYPES = [(r"\bconst (\w+) \*", r"P\1"), (r"\bHANDLE\b|void \*", "PVOID"),
              (r"\bPC(\w*S\w+)", r"P\1"), (r"\bSIZE_T\b", "ULONG"), (r"\b(P?)KIRQL\b", r"\1UCHAR"),
              (r"\bPRK", "PK"), (r"\bPSZ\b|\bPCHAR\b", "PSTR"), (r"\b(?:VPAPI|NTAPI)\b", "")]
PROTOTYPE = re.compile(r":NC \*/ extern (.*?)(\w+) \((.*)\);")  # not of definitions


def prototypes(tools, includes, flags, folder):
    """{function: its result's and arguments' types}, as the compiler understands them."""
    path, listing = folder / "functions.c", folder / "functions.x"
    path.write_text("".join(f"#include <{name}>\n" for name in includes), "ascii")
    tools.run([MINGW, "-std=gnu11", "-ffreestanding", "-w", *flags, "-fsyntax-only", "-aux-info",
               listing, path], folder)
    found = {}
    for result, name, arguments in PROTOTYPE.findall(listing.read_text("latin-1")):
        types = f"{result} {arguments}"
        for pattern, same in SAME_TYPES:
            types = re.sub(pattern, same, types)
        found[name] = re.sub(r"\W+", " ", types).strip()
    return found


def compare_functions(tools, folder):
    """What both declare takes and returns the same types."""
    theirs = {}
    for includes in (MINGW_INCLUDES[0][0], ["ntddk.h"]):
        theirs.update(prototypes(tools, includes, [f"-I{mingw_folder(tools)}/ddk"], folder))
    ours = prototypes(tools, ["video.h", "ntddk.h"], [f"-I{NT}"], folder)
    both = sorted(ours.keys() & theirs.keys())
    different = [f"{name}: {ours[name]} here, {theirs[name]} there" for name in both
                 if ours[name] != theirs[name]]
    if different or len(both) < 70:
        raise tools.Failed("\n".join([f"{len(both)} functions compared", *different]))
    return f"{len(both)} functions are the same"


# What mingw's headers have of NT's after XP.
NOT_IN_THE_LIST = {"IRQ_DEVICE_POLICY", "IRQ_PRIORITY"}


def list_all_of_mingw(tools, folder):
    """What mingw's headers for miniports declare has a row in the list."""
    del folder
    theirs = mingw_folder(tools)
    text = "".join((theirs / name).read_text("latin-1") for name in (
        "ddk/video.h", "ddk/videoagp.h", "ntddvdeo.h", "ddk/miniport.h"))
    names = set(re.findall(r"^(VideoPort\w+) ?\(", text, re.M))
    names |= set(re.findall(r"^#define (IOCTL_VIDEO_\w+)", text, re.M))
    names |= set(re.findall(r"^\(NTAPI \*(\w+)\)", text, re.M))
    names |= set(re.findall(r"^\} ?(\w+)(?:, \*\w+)?;", text, re.M))
    listed = {line.split()[0] for line in LIST.read_text("ascii").splitlines() if line}
    missing = sorted(names - listed - NOT_IN_THE_LIST)
    if missing or len(names) < 200:
        raise tools.Failed(f"{len(names)} names there, without a row: {', '.join(missing)}")
    return f"{len(names)} names are in the list"


# ---- all of them ---------------------------------------------------------------------------------

def tests(tools):
    """(name, function of a folder). `tools` has run, compiler (the command, or LeftOut), Failed."""
    for c, cpp, is_x86 in COMPILERS:
        for command, standards in ((c, C_STANDARDS), (cpp, CPP_STANDARDS)):
            if command is None:
                continue
            words = " ".join(command)
            for standard in standards:
                yield (f"NT's headers, {words} {standard}",
                       functools.partial(compile_headers, tools, command, standard))
                for source in ["names.c", "new.c", "functions.c"]:
                    yield (f"NT's source {source}, {words} {standard}", functools.partial(
                        compile_source, tools, command, standard, STRICT, source))
                    if is_x86:
                        yield (f"NT's source {source} with {' '.join(PLAIN)}, {words} {standard}",
                               functools.partial(compile_source, tools, command, standard,
                                                 [*STRICT, *PLAIN], source))
        if is_x86:
            yield (f"NT's source old.c, {' '.join(c)}", functools.partial(
                compile_source, tools, c, "gnu99", PLAIN, "old.c"))
    yield "NT's headers beside mingw's winerror.h", functools.partial(live_with_winerror, tools)
    for includes, least in MINGW_INCLUDES:
        yield (f"NT's numbers as in mingw's {includes[-1]}", functools.partial(
            compare_with_mingw, tools, includes, least))
    yield "NT's functions as in mingw's headers", functools.partial(compare_functions, tools)
    yield "NT's list beside mingw's headers", functools.partial(list_all_of_mingw, tools)
