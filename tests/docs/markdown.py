"""A page of Markdown, as far as the checks need it: fenced blocks, and the text around them."""

import re
import unicodedata

FENCE = re.compile(r"^ {0,3}```(.*)$")
HEADING = re.compile(r"^#{1,6} +(.*?) *#*$")
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)")


class Fence:
    """A fenced block: what stands behind its opening fence, the line below that, its lines."""

    def __init__(self, language, first_line):
        self.language = language
        self.first_line = first_line
        self.lines = []


class Page:
    """`prose` has all lines, with those of fenced blocks empty, so that line numbers hold."""

    def __init__(self, path):
        self.path = path
        self.lines = path.read_text(encoding="utf-8").splitlines()
        self.prose = []
        self.fences = []
        fence = None
        for number, line in enumerate(self.lines, 1):
            mark = FENCE.match(line)
            self.prose.append("" if fence or mark else line)
            if mark and fence:
                fence = None
            elif mark:
                fence = Fence(mark[1].strip(), number + 1)
                self.fences.append(fence)
            elif fence:
                fence.lines.append(line)
        if fence:
            raise ValueError(f"{path}: the block from line {fence.first_line} on has no end")

    def anchors(self):
        """What a # may name: GitHub's way of making a word of a heading."""
        found = set()
        for line in self.prose:
            heading = HEADING.match(line)
            if not heading:
                continue
            text = LINK.sub(r"\2", heading[1]).replace("`", "").lower()
            kept = [character for character in text
                    if character in " -_" or unicodedata.category(character)[0] in "LN"]
            word = "".join(kept).replace(" ", "-")
            name, count = word, 0
            while name in found:
                count += 1
                name = f"{word}-{count}"
            found.add(name)
        return found

    def links(self):
        """(line, text, target), pictures included, but for what is code."""
        for number, line in enumerate(self.prose, 1):
            # Code keeps its length and loses what might look like a link.
            blank = CODE.sub(lambda code: re.sub(r"[\[\]()]", "_", code[0]), line)
            for link in LINK.finditer(blank):
                yield number, line[link.start(2):link.end(2)], link[3]

    def code(self):
        """(line, text) of what stands between backticks."""
        for number, line in enumerate(self.prose, 1):
            for code in CODE.finditer(line):
                yield number, code[1]
