"""The shell's lines as values: a noun, then key=value fields. Knows no machine and no screen."""

import re

FRAME_BYTES = 4096


class Line:
    """A noun, its fields in order (numbers where they look like numbers), and bare words."""

    def __init__(self, text):
        self.text = text
        self.noun, *rest = text.split()
        self.fields = {}
        self.words = []
        for part in rest:
            key, equals, value = part.partition("=")
            if not equals:
                self.words.append(part)
                continue
            if key in self.fields:
                raise AssertionError(f"{key} twice in {text!r}")
            self.fields[key] = number_or_text(value)

    def __getattr__(self, key):
        try:
            return self.__dict__["fields"][key]
        except KeyError:
            raise AssertionError(f"no {key}= in {self.__dict__['text']!r}") from None

    def __repr__(self):
        return self.text


def number_or_text(value):
    if re.fullmatch(r"0x[0-9a-fA-F]+", value):
        return int(value, 16)
    if re.fullmatch(r"[0-9]+", value):
        return int(value)
    return value


def parse(lines, noun):
    """Each line as a Line, which must begin with the noun and hold nothing but fields."""
    parsed = [Line(text) for text in lines if text]
    for line in parsed:
        assert line.noun == noun and not line.words, f"not a {noun} line: {line.text!r}"
    return parsed


def only(lines):
    assert len(lines) == 1, f"one line expected: {lines}"
    return lines[0]


def regions(machine):
    return parse(machine.command("map"), "region")


def blocks(machine):
    lines = machine.command("blocks")
    return [] if lines == ["no blocks"] else parse(lines, "block")


def alloc(machine, request):
    return only(parse(machine.command(f"alloc {request}"), "block"))


def free(machine, identity):
    line = only(parse(machine.command(f"free {identity}"), "freed"))
    assert line.id == identity, f"freed {identity}, but it says {line}"


def buddy(machine):
    """(orders, total)"""
    lines = [text for text in machine.command("buddy") if text]
    return parse(lines[:-1], "order"), only(parse(lines[-1:], "total"))


def error(lines):
    """The sentence of the one error line that is all of the output."""
    text = only([line for line in lines if line])
    assert re.fullmatch(r"error: \S.*", text), f"not an error line: {text!r}"
    return text[len("error: "):]


def check(machine):
    assert machine.command("check") == ["check ok"], "the memory manager's invariants are broken"


def is_free(region):
    """Usable by the firmware's word, and nobody's."""
    return region.kind == "usable" and region.fields.get("owner") in (None, "", "-", "none", "free")
