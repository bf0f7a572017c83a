"""Checks of the pages by themselves. Each yields a sentence for all that is wrong.

Knows the repository's files, and starts nothing.
"""

import functools
import pathlib
import re
import runpy

from markdown import CODE, LINK, Page

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDERS = (".github", "boot", "docs", "drivers", "iso", "kernel", "mm", "tests", "tools")
SOURCES = {".c", ".h", ".asm", ".ld"}
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
DRAWING_COLUMNS = 72  # what a telephone's width can show
COLUMNS = 100

FILE_NAME = re.compile(r"^[\w./-]*\w\.(?:c|h|asm|ld|py|sh|md|cfg)$")
FOLDER_NAME = re.compile(r"^\w[\w/-]*/$")
# A name of a function, a structure or a macro; single words in lower case are left to the reader.
IDENTIFIER = re.compile(r"^(?:struct |enum )?([A-Za-z]\w*)(\(\))?$")
NAME_SHAPE = re.compile(r"_|[a-z][A-Z]|\(\)$|^struct |^enum ")
# make with one target, and what stands behind it: variables, options, file names.
MAKE = re.compile(r"^(?:sudo )?make((?: +[^\s#|>]+)*)")
TARGET = re.compile(r"^([a-z][a-z_.-]*):(?!=)", re.M)
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


def wrong_width(page):
    """Lines wrap (tools/wrap_docs.py), but for tables, pictures, and a link that is longer."""
    for number, line in enumerate(page.prose, 1):
        if len(line) > COLUMNS and not line.startswith(("|", "![")) and " " in LINK.sub(
                "link", line).strip():
            yield f"line {number}: {len(line)} columns, not at most {COLUMNS}"


@functools.lru_cache(None)
def targets():
    files = [ROOT / "Makefile", ROOT / "tools/make/upkeep.mk", ROOT / "tools/make/prove.mk"]
    return {name for file in files for name in TARGET.findall(file.read_text(encoding="utf-8"))}


def unknown_targets(command):
    """What a command line `make ...` asks for and the Makefile does not have."""
    found = MAKE.match(re.sub(r"\"[^\"]*\"|'[^']*'", "", command.strip()))
    words = found[1].split() if found else []
    return [word for word in words if re.match(r"^[a-z][a-z_.-]*$", word) and word not in targets()]


def wrong_targets(page):
    """`make NAME`, in a sentence or typed in a block, is a target."""
    lines = list(page.code())
    for fence in page.fences:
        if fence.language == "sh":
            lines += enumerate(fence.lines, fence.first_line)
    for number, line in lines:
        for name in unknown_targets(line):
            yield f"line {number}: the Makefile has no target {name}"


def wrong_rooms(page):
    """README tells every room of tools/rooms.txt, and each once."""
    rooms = re.findall(r"^([a-z]\S*) (?:\[.*\] )?- ", (ROOT / "tools/rooms.txt").read_text(
        encoding="utf-8"), re.M)
    told = re.findall(r"^\| `([\w/]+)/` \|.*\| (?:core|skim|wing) \|$", "\n".join(page.prose), re.M)
    if told != rooms:
        yield f"the table of rooms has {told}, tools/rooms.txt has {rooms}"


def wrong_version(page):
    """The first entry of the list of changes is of the version in VERSION, and has a date."""
    version = (ROOT / "VERSION").read_text(encoding="ascii").strip()
    first = next((line for line in page.prose if line.startswith("## ")), "")
    if not re.fullmatch(rf"## {re.escape(version)}, \d{{4}}-\d\d-\d\d", first):
        yield f"the first entry is \"{first}\", VERSION says {version}"


def wrong_workflow(page):
    """A workflow prepares a bare machine, calls targets, publishes; no step does work of its own."""
    prepares = re.compile(r"apt-get update && apt-get install -y --no-install-recommends [\w -]+|"
                          r"git config --global --add safe\.directory \S+|gh release create .*")
    steps = [(number, line.split("run: ", 1)[1]) for number, line in enumerate(page.lines, 1)
             if re.match(r" +(?:- )?run: ", line)]
    for number, step in steps:
        if prepares.fullmatch(step):
            continue
        if not MAKE.match(step):
            yield f"line {number}: \"{step}\" is no target of the Makefile"
        for name in unknown_targets(step):
            yield f"line {number}: the Makefile has no target {name}"
    called = {word for _, step in steps if MAKE.match(step) for word in step.split()[1:2]}
    for name in sorted({"test", "test-fresh", "test-dist", "dist", "check-tag"} - called):
        yield f"make {name} is not called"


def wrong_issue_form(page):
    """A form has a name, a description, and for each field a label."""
    text = "\n".join(page.lines)
    for key in ("name", "description", "title", "body"):
        if not re.search(rf"^{key}:", text, re.M):
            yield f"there is no {key}"
    for field in text.split("  - type: ")[1:]:
        wanted = r"^ {6}value: " if field.startswith("markdown") else r"^ {6}label: \S"
        if not re.search(wanted, field, re.M):
            yield f"a field has no label: {field.splitlines()[0]}"


def wrong_planted_texts(page):
    """What `make planted` and `make prove-faults` replace stands in its file once."""
    tables = runpy.run_path(str(page.path))
    for name, file, right, wrong, *_ in tables.get("BUGS") or tables["FAULTS"]:
        count = (ROOT / file).read_text(encoding="utf-8").count(right)
        if count != 1:
            yield f"{name}: its text stands in {file} {count} times"
        if right == wrong:
            yield f"{name}: nothing is changed"


def wrong_needs(page):
    """Each target that installs something has a row, and no row needs itself."""
    rows = {name: words.split() for name, words in re.findall(
        r"^([\w.-]+): *(.*)$", "\n".join(page.lines), re.M)}
    for name in sorted(targets() - set(rows) - {"check-tag", "clean", "help", "lint"}):
        yield f"target {name} of the Makefile has no row"
    for name in rows:
        reached, ahead = set(), list(rows[name])
        while ahead:
            word = ahead.pop()
            if word not in reached:
                reached.add(word)
                ahead += rows.get(word, [])
        if name in reached:
            yield f"row {name} needs itself, which would never end"


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
