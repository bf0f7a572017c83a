"""NT's interface for miniports: drivers/videoport/interface.txt against what is so.

A row that says "there" is declared by the header that it names, and exported if it is a function;
one that does not is neither. What is declared or exported has a row. The table in docs/drivers.md
is made of the rows.
"""

import collections
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIST = ROOT / "drivers/videoport/interface.txt"
HEADERS = ROOT / "drivers/videoport/include"
EXPORTS = ROOT / "build/export_table.c"
ASKING = ["drivers/video/adapter", "kernel"]  # who sends requests
BEGIN, END = "<!-- made of drivers/videoport/interface.txt: -->", "<!-- the end of what is made -->"

THERE = "there"
KINDS = {"function": "functions", "variable": "variables", "request": "requests", "type": "types"}
SINCE = ["3.1", "4", "2000", "XP"]

COMMENT = re.compile(r"/\*.*?\*/", re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.M)
ATTRIBUTE = re.compile(r"__attribute__\s*\(\([^()]*(?:\([^()]*\))?[^()]*\)\)")
REQUEST = re.compile(r"^#define (IOCTL_VIDEO_\w+)", re.M)
PAGE = re.compile(r"(?:windows-hardware/drivers|windows/win32)(?:/[a-z0-9_-]+)+")
EXPORT = re.compile(r"^ +EXPORT\((\w+)\)", re.M)

Row = collections.namedtuple("Row", "name kind since header page state")


def rows():
    for line in LIST.read_text(encoding="ascii").splitlines():
        if line and not line.startswith("#"):
            yield Row(*line.split(None, 5))


# ---- what the headers declare ------------------------------------------------------------------

def statements(text):
    """Each at the top level, with what stands between braces left out."""
    text = DIRECTIVE.sub("", COMMENT.sub("", text)).replace('extern "C" {', "")
    text = ATTRIBUTE.sub("", text).replace("__extension__", "")
    depth, statement = 0, ""
    for character in text:
        if character == "{":
            depth += 1
            statement += "{}" if depth == 1 else ""
        elif character == "}":
            depth = max(depth - 1, 0)
            if depth == 0 and not statement.strip().startswith("typedef"):
                yield statement.strip()
                statement = ""
        elif depth == 0 and character == ";":
            yield statement.strip()
            statement = ""
        elif depth == 0:
            statement += character


def types_of(statement):
    """The names that a typedef makes, without the pointers PNAME to its NAME."""
    pointer = re.search(r"\(\w* ?\*(\w+)\)", statement)
    if pointer:
        return [pointer[1]]
    words = re.sub(r"^typedef\s+|\{\}|\[.*?\]", " ", statement, flags=re.S).split(",")
    names = [re.findall(r"\w+", word)[-1] for word in words]
    return [name for name in names if not (name.startswith("P") and name[1:] in names)]


def declared():
    """{(name, kind): header}"""
    found = {}
    for path in sorted(HEADERS.glob("*.h")):
        text = path.read_text(encoding="ascii")
        found.update({(name, "request"): path.name for name in REQUEST.findall(text)})
        for statement in statements(text):
            if statement.startswith("typedef"):
                found.update({(name, "type"): path.name for name in types_of(statement)})
            elif statement.startswith(("extern", "KERNEL_VARIABLE")):
                found[re.findall(r"\w+", statement)[-1], "variable"] = path.name
            else:
                function = re.search(r"\b(\w+)\(", statement)
                if function and not re.match(r"C_ASSERT|DEFINE_GUID", statement):
                    found[function[1], "function"] = path.name
    found.pop(("DriverEntry", "function"))  # the driver's own
    return found


def inline_functions():
    text = "".join(path.read_text(encoding="ascii") for path in HEADERS.glob("*.h"))
    return set(re.findall(r"^static __inline__ .*?(\w+)\(", COMMENT.sub("", text), re.M))


def exported():
    """What binaries may import, but for the C library's functions, whose names are in lower case."""
    names = EXPORT.findall(EXPORTS.read_text(encoding="ascii"))
    return {name for name in names if not name.islower()}


def asked():
    """The requests that the kernel sends to a driver."""
    return {name for folder in ASKING for path in (ROOT / folder).rglob("*.c")
            for name in re.findall(r"\bIOCTL_VIDEO_\w+", path.read_text(encoding="utf-8"))}


# ---- the checks --------------------------------------------------------------------------------

def wrong_row(row, there, exports, sent, inlines):
    is_declared = (row.name, row.kind) in there
    if row.kind not in KINDS or row.since not in SINCE:
        yield f"{row.name}: a {row.kind} since {row.since}"
    if row.state != THERE and not row.state.startswith("no: "):
        yield f'{row.name}: neither "{THERE}" nor "no: " and why'
    if not PAGE.fullmatch(row.page):
        yield f"{row.name}: {row.page} is no page"
    if is_declared and there[row.name, row.kind] != row.header:
        yield f"{row.name} is in {there[row.name, row.kind]}, not in {row.header}"
    if row.kind == "request":
        if not is_declared:
            yield f"{row.name} is not in {row.header}"
        if (row.name in sent) != (row.state == THERE):
            yield f"{row.name}: the kernel asks it, or not; the list says: {row.state}"
    elif is_declared != (row.state == THERE):
        yield f"{row.name}: {'declared' if is_declared else 'not declared'}, but: {row.state}"
    elif row.kind in ("function", "variable") and row.name not in inlines:
        if (row.name in exports) != (row.state == THERE):
            yield f"{row.name}: {'no ' if row.state == THERE else ''}driver can import it"


def wrong_list():
    listed = list(rows())
    there, exports, sent, inlines = declared(), exported(), asked(), inline_functions()
    counts = collections.Counter((row.name, row.kind) for row in listed)
    yield from (f"{name} has {count} rows" for (name, _), count in counts.items() if count > 1)
    for row in listed:
        yield from wrong_row(row, there, exports, sent, inlines)
    for name, kind in sorted(there.keys() - counts.keys()):
        yield f"{kind} {name} of {there[name, kind]} has no row"
    for name in sorted(exports - {name for name, _ in counts}):
        yield f"drivers can import {name}, and it has no row"


# ---- the table ---------------------------------------------------------------------------------

def table():
    """The lines of the table: a row for each kind, header and answer."""
    groups = collections.defaultdict(list)
    for row in rows():
        kind = list(KINDS).index(row.kind)
        groups[kind, row.header, row.state != THERE, row.state].append(row.name)
    yield "| what | here | names |"
    yield "| --- | --- | --- |"
    for (kind, header, _, state), names in sorted(groups.items()):
        codes = ", ".join(f"`{name}`" for name in sorted(names, key=str.lower))
        yield f"| {list(KINDS.values())[kind]}, `{header}` | {state} | {codes} |"


def wrong_interface(page):
    """The list holds, and the page's table is made of it."""
    yield from wrong_list()
    if BEGIN not in page.lines or END not in page.lines:
        yield f"the marks of the table are not there: {BEGIN} and {END}"
    elif page.lines[page.lines.index(BEGIN) + 2:page.lines.index(END) - 1] != list(table()):
        yield f"the table is not what {LIST.relative_to(ROOT)} says (make test-docs RENEW=1)"


def renew(page):
    first, last = page.lines.index(BEGIN), page.lines.index(END)
    lines = [*page.lines[:first + 1], "", *table(), "", *page.lines[last:]]
    page.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
