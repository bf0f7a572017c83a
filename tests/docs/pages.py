"""Checks of the pages by themselves. Each yields a sentence for all that is wrong.

Knows the repository's files, and starts nothing.
"""

import functools
import pathlib
import re

from markdown import CODE, Page

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDERS = ("boot", "docs", "drivers", "iso", "kernel", "mm", "tests", "tools")
SOURCES = {".c", ".h", ".asm", ".ld"}
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
DRAWING_COLUMNS = 72  # what a telephone's width can show

FILE_NAME = re.compile(r"^[\w./-]*\w\.(?:c|h|asm|ld|py|sh|md|cfg)$")
FOLDER_NAME = re.compile(r"^\w[\w/-]*/$")
# A name of a function, a structure or a macro; single words in lower case are left to the reader.
IDENTIFIER = re.compile(r"^(?:struct |enum )?([A-Za-z]\w*)(\(\))?$")
NAME_SHAPE = re.compile(r"_|[a-z][A-Z]|\(\)$|^struct |^enum ")
LINE_COUNT = re.compile(r"`([\w./-]+\.(?:c|h|asm))` (\d+)\b")


@functools.lru_cache(None)
def all_files():
    """The repository's files, from its root; what was made is not among them."""
    found = {path.name for path in ROOT.iterdir() if path.is_file()}
    for folder in FOLDERS:
        found.update(path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*")
                     if path.is_file())
    return found


@functools.lru_cache(None)
def words_of_sources():
    """Every word of the sources, comments left out, since those name other systems too."""
    words = set()
    for name in all_files():
        if pathlib.PurePath(name).suffix in SOURCES:
            text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
            words.update(re.findall(r"[A-Za-z_]\w*", COMMENT.sub(" ", text)))
    return words


@functools.lru_cache(None)
def anchors_of(path):
    return Page(path).anchors()


def wrong_links(page):
    """Links into the repository must lead to a file, and to a heading in it."""
    for line, _, target in page.links():
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.path.parent / name).resolve() if name else page.path
        if not path.exists():
            yield f"line {line}: {target} leads nowhere"
        elif anchor and anchor not in anchors_of(path):
            yield f"line {line}: {target}: there is no such heading"


def foreign_names(page):
    """Names of other systems: code that is linked to a public page where it is told of."""
    return {code[1] for _, text, target in page.links() if target.startswith("http")
            for code in CODE.finditer(text)}


def is_there(name):
    """False if it looks like a file or a name of the sources, and is none."""
    files = all_files()
    if name.startswith("build/"):
        return True
    if FILE_NAME.match(name):
        return name in files or any(file.endswith("/" + name) for file in files)
    if FOLDER_NAME.match(name):
        return (ROOT / name).is_dir()
    identifier = IDENTIFIER.match(name)
    return not identifier or not NAME_SHAPE.search(name) or identifier[1] in words_of_sources()


def wrong_names(page):
    """Files, functions and macros between backticks must be there, or be linked elsewhere."""
    foreign = foreign_names(page)
    for line, name in page.code():
        if name not in foreign and not is_there(name):
            yield f"line {line}: `{name}` is nowhere in the sources"


def wrong_line_counts(page):
    """`FILE` N: the file has N lines, give or take what a month of work may bring."""
    for number, line in enumerate(page.prose, 1):
        for name, said in LINE_COUNT.findall(line):
            path = ROOT / name
            if not path.is_file():
                continue  # wrong_names tells
            count = len(path.read_text(encoding="utf-8").splitlines())
            if abs(count - int(said)) > 10 + count * 15 // 100:
                yield f"line {number}: {name} has {count} lines, not {said}"


def wrong_form(page):
    """Answers fold, and drawings are as narrow as a telephone."""
    depth = 0
    for number, line in enumerate(page.prose, 1):
        depth += line.count("<details>") - line.count("</details>")
        if depth not in (0, 1):
            yield f"line {number}: <details> in or behind another"
            return
        if "</summary>" in line and page.lines[number:number + 1] != [""]:
            yield f"line {number}: no empty line behind </summary>, as GitHub wants it"
    if depth:
        yield "a <details> has no end"
    for fence in page.fences:
        if fence.language != "text":
            continue
        for offset, line in enumerate(fence.lines):
            if len(line) > DRAWING_COLUMNS:
                yield f"line {fence.first_line + offset}: a drawing of {len(line)} columns"


def wrong_question_count(page):
    count = sum(line.count("<details>") for line in page.prose)
    if not 5 <= count <= 8:
        yield f"{count} questions, not 5 to 8"


def wrong_options(page):
    """README's table of boot options names those of kernel/lib/options.c, no more and no fewer."""
    source = (ROOT / "kernel/lib/options.c").read_text(encoding="utf-8")
    taken = set(re.findall(r'^    \{"(\w+)=", \w+', source, re.M))
    taken.update(re.findall(r'^    \{"(\w+)(?:=\w+)?", offsetof', source, re.M))
    table = False
    told = set()
    for line in page.prose:
        if line.startswith("| option |"):
            table = True
        elif not line.startswith("|"):
            table = False
        elif table:
            # Behind the first, a word without = is another value of it.
            codes = CODE.findall(line.split("|")[1])
            told.update(re.match(r"\w+", code)[0] for code in codes
                        if code == codes[0] or "=" in code)
    for name in sorted(taken - told):
        yield f"boot option {name} of kernel/lib/options.c is not in the table"
    for name in sorted(told - taken):
        yield f"boot option {name} of the table is not in kernel/lib/options.c"
