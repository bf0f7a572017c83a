"""Puts many mutants into one program, which is told when it starts which of them it is.

A function with mutants becomes several: the original, one for each mutant, and one under the old
name that calls the chosen one. So the compiler and the linker run once for hundreds of mutants
("mutant schemata", Untch, Offutt and Harrold, 1993). None of these functions is inlined or joined
with another (`noipa`), so two of them do the same if their code is the same. MUTANTS=3:7,9:1 in
the environment chooses the seventh mutant of function 3, and the first one of function 9.
MUTANT_MICROSECONDS is what the program may take of the processor.
"""

import collections
import hashlib
import re

SELECTOR = """
#include <stdlib.h>
#include <sys/time.h>
unsigned short mutant_of[%d];
__attribute__((constructor)) static void choose(void)
{
    char *text = getenv("MUTANT_MICROSECONDS");
    long limit = text ? atol(text) : 0;
    struct itimerval timer = {.it_value = {limit / 1000000, limit %% 1000000}};
    setitimer(ITIMER_PROF, &timer, NULL);
    text = getenv("MUTANTS");
    while (text && *text) {
        unsigned long function = strtoul(text, &text, 10);
        mutant_of[function] = strtoul(text + 1, &text, 10);
        text += *text == ',';
    }
}
"""
DECLARATION = b"extern unsigned short mutant_of[];\n"
LOCAL_LABEL = re.compile(r"\.L\w*\d+")
CONSTANT = re.compile(r"^(\.LC\d+):\n((?:\t\..*\n)+)", re.M)
ERROR = re.compile(r"^([^\s:]+):(\d+):\d+: error:", re.M)


def is_inside(mutant, functions):
    """Whether the mutant changes the body of a function that has a text of its own."""
    function = functions.get(mutant.function)
    return function is not None and function.body <= mutant.start and mutant.end <= function.end


class Schema:
    """The mutants of some files, numbered, and the texts of these files with all of them."""

    def __init__(self, mutants, functions, originals):
        """functions: {file: {name: Function}}; originals: {file: bytes}."""
        self.functions = functions
        self.originals = originals
        self.mutants = collections.OrderedDict()  # {(file, function name): its mutants}
        for mutant in mutants:
            self.mutants.setdefault((mutant.file, mutant.function), []).append(mutant)
        self.place = {}  # {mutant: (number of its function, its own number)}
        for number, group in enumerate(self.mutants.values()):
            for i, mutant in enumerate(group, 1):
                self.place[mutant] = (number, i)
        self.lines = {}  # {file: [(first line, line behind the last one, mutant)]}
        self.refused = set()

    def selector(self):
        return SELECTOR % max(1, len(self.mutants))

    def choice(self, mutants):
        """What chooses these mutants, each of another function."""
        return {"MUTANTS": ",".join(f"{f}:{i}" for f, i in map(self.place.get, mutants))}

    # ---- the text ------------------------------------------------------------------------------

    @staticmethod
    def variant(source, function, number, body):
        head = source[function.start:function.name_at]
        head = re.sub(rb"\bMM_INLINE\b", b"static", re.sub(rb"\binline\b", b"", head))
        name = source[function.name_at:function.body]
        if number is not None:
            name = name.replace(function.name.encode(), f"{function.name}__{number}".encode(), 1)
        return b"__attribute__((noipa)) " + head + name + body + b"\n"

    @staticmethod
    def dispatcher(function, number, numbers):
        arguments = ", ".join(function.parameters)
        lines = [f"{{ switch (mutant_of[{number}]) {{"]
        for i in numbers:
            call = f"{function.name}__{i}({arguments});"
            lines.append(f"case {i}: " + (f"return {call}" if function.returns
                                          else f"{call} return;"))
        call = f"{function.name}__0({arguments});"
        lines.append(f"default: {'return ' if function.returns else ''}{call} }} }}\n")
        return "\n".join(lines).encode()

    def text(self, file):
        """The file with all mutants that the compiler has not refused."""
        source = self.originals[file]
        parts = [DECLARATION]
        at = 0
        self.lines[file] = []
        line = DECLARATION.count(b"\n") + 1
        wanted = [(self.functions[file][name], group)
                  for (of, name), group in self.mutants.items() if of == file]
        for function, group in sorted(wanted, key=lambda item: item[0].start):
            group = [m for m in group if m not in self.refused]
            number = self.place[group[0]][0] if group else 0
            body = source[function.body:function.end]
            pieces = [(None, source[at:function.start]),
                      (None, self.variant(source, function, None, b";")),  # it may call itself
                      (None, self.variant(source, function, 0, body))]
            for mutant in group:
                changed = (source[function.body:mutant.start] + mutant.text
                           + source[mutant.end:function.end])
                pieces.append((mutant, self.variant(source, function, self.place[mutant][1],
                                                    changed)))
            pieces.append((None, self.variant(
                source, function, None,
                self.dispatcher(function, number, [self.place[m][1] for m in group]))))
            for mutant, piece in pieces:
                after = line + piece.count(b"\n")
                if mutant:
                    self.lines[file].append((line, after, mutant))
                line = after
                parts.append(piece)
            at = function.end
        return b"".join(parts) + source[at:]

    def refuse(self, messages):
        """Leaves out the mutants that the compiler complained of; False if there is none."""
        found = set()
        for path, number in ERROR.findall(messages):
            for first, after, mutant in self.lines.get(path, ()):
                if first <= int(number) < after:
                    found.add(mutant)
        self.refused |= found
        return bool(found)

    # ---- the code ------------------------------------------------------------------------------

    def codes(self, assemblies):
        """{mutant: digest of its code}; None for a mutant whose code is the original's."""
        texts = [Assembly(text) for text in assemblies]
        codes = {}
        for (_, name), group in self.mutants.items():
            original = [text.function(f"{name}__0") for text in texts]
            for mutant in group:
                if mutant not in self.refused:
                    code = [text.function(f"{name}__{self.place[mutant][1]}") for text in texts]
                    codes[mutant] = None if code == original else hashlib.sha256(
                        repr((name, code)).encode()).hexdigest()
        return codes


class Assembly:
    """What the compiler made of a file, by function."""

    def __init__(self, text):
        self.text = text
        self.constants = {label: value for label, value in CONSTANT.findall(text)}
        self.bodies = {}
        for match in re.finditer(r"^(\w+):\n(.*?)^\t\.size\t\1,", text, re.M | re.S):
            self.bodies[match[1]] = match[2]

    def function(self, name):
        """Its code, with labels by their order and constants by their value."""
        body = self.bodies.get(name)
        if body is None:
            return None
        labels = {}

        def label(match):
            if match[0] in self.constants:
                return "{" + self.constants[match[0]] + "}"
            return labels.setdefault(match[0], f".L{len(labels)}")
        return re.sub(rf"\b{name}\b", "self", LOCAL_LABEL.sub(label, body))
