#!/usr/bin/env python3
"""Wraps the lines of documents at 100 columns, as tests/docs wants them.

    tools/wrap_docs.py FILE.md...

Paragraphs and items of lists are wrapped anew. Tables, headings, pictures, blocks of code and
comments stay as they are, and so does all that a check reads line by line: code, links, and a
file's name with its number of lines. The same input gives the same lines.
"""

import pathlib
import re
import sys

COLUMNS = 100
FENCE = re.compile(r" {0,3}```")
ITEM = re.compile(r"( *(?:[-*]|\d+\.) )(.*)")
KEPT_LINE = re.compile(r"\||#|    |!\[|</?details>|<!--|$")
# A word that is never broken, blanks and all. What would begin an item of a list is kept behind the
# word before it.
UNBROKEN = re.compile(r"`[\w./-]+\.(?:c|h|asm)` \d+\b|`[^`]+`|"
                      r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)|"
                      r"\S+ (?:\d+\.|[-*+#>|])(?= )")
BLANK = "\0"  # one within such a word


def wrap(text, first, rest):
    """The text in lines; the first begins with `first`, the others with `rest`."""
    words = UNBROKEN.sub(lambda found: found[0].replace(" ", BLANK), text).split()
    lines = [first + words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) > COLUMNS:
            lines.append(rest + word)
        else:
            lines[-1] += " " + word
    return [line.replace(BLANK, " ") for line in lines]


def ends_paragraph(text, line):
    return (KEPT_LINE.match(line) or FENCE.match(line) or ITEM.match(line) or
            line.startswith("<summary>") or text.endswith("</summary>"))


def wrap_page(lines):
    in_fence = False
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if FENCE.match(line):
            in_fence = not in_fence
        if in_fence or FENCE.match(line) or KEPT_LINE.match(line):
            yield line
            continue
        item = ITEM.match(line)
        first = item[1] if item else re.match(" *", line)[0]
        text = item[2] if item else line
        while at < len(lines) and not ends_paragraph(text, lines[at].lstrip() if item else lines[at]):
            text += " " + lines[at]
            at += 1
        yield from wrap(text, first, " " * len(first))


def main():
    for name in sys.argv[1:]:
        path = pathlib.Path(name)
        text = path.read_text(encoding="utf-8")
        wrapped = "\n".join(wrap_page(text.splitlines())) + "\n"
        if wrapped != text:
            path.write_text(wrapped, encoding="utf-8")


if __name__ == "__main__":
    main()
