#!/usr/bin/env python3
"""Lets sources spell headers as NT's disks take them: in any case, and with \\ for /.

    header_names.py FOLDER SOURCE... [-- INCLUDE_FOLDER...]

Follows the #include lines of the sources, and of the headers that they find beside them and in the
folders. For each name that no file has, but that one has in another spelling, FOLDER gets a header
of that name, which includes the file. So only spellings that occur are made, and whatever spelling
it is. Prints the option that makes a compiler look there: -IPATH. FOLDER is emptied first.
"""

import os
import pathlib
import re
import shutil
import sys

NT_HEADERS = pathlib.Path(__file__).resolve().parent.parent / "drivers/videoport/include"
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*["<]([^">\n]+)[">]', re.M)

# Names that begin with ../ stay below FOLDER this way.
DEEP = "up/up/up/up"


def find_in_any_case(folder, name):
    """The file that NT would open, or None."""
    path = folder
    for word in name.replace("\\", "/").split("/"):
        if word in ("", ".", ".."):
            path = path / word
            continue
        if not path.is_dir():
            return None
        names = sorted(entry.name for entry in path.iterdir() if entry.name.lower() == word.lower())
        if not names:
            return None
        path = path / (word if word in names else names[0])
    return path if path.is_file() else None


def names_in(source):
    return INCLUDE.findall(source.read_text(encoding="latin-1"))


def spellings(sources, folders):
    """(name, file) for each name that a compiler would not find as it is spelled. Headers of the
    compiler's own have names in lower case."""
    ahead, seen = list(sources), set()
    while ahead:
        source = ahead.pop()
        if source.resolve() in seen:
            continue
        seen.add(source.resolve())
        for name in names_in(source):
            places = [source.parent, *folders]
            file = next((place / name for place in places if (place / name).is_file()), None)
            if file is None:
                file = next(filter(None, (find_in_any_case(place, name) for place in places)), None)
                if file is not None:
                    yield name, file
                elif name != name.lower():
                    yield name, None
            if file is not None:
                ahead.append(file)


def write_header(path, name, file):
    path.parent.mkdir(parents=True, exist_ok=True)
    target = f'"{os.path.relpath(file, path.parent)}"' if file else f"<{name.lower()}>"
    path.write_text(f"#include {target}\n", encoding="utf-8")


def main():
    words = sys.argv[1:]
    split = words.index("--") if "--" in words else len(words)
    top, *sources = map(pathlib.Path, words[:split])
    folders = [*map(pathlib.Path, words[split + 1:]), NT_HEADERS]
    shutil.rmtree(top, ignore_errors=True)
    place = top / DEEP
    place.mkdir(parents=True)
    for name, file in spellings(sources, folders):
        write_header(pathlib.Path(os.path.normpath(place / name)), name, file)
    print(f"-I{place}")


if __name__ == "__main__":
    main()
