"""Finds what a lab's file must not contain: code that runs before or beside the graded calls.

C itself has no way to run code before main, to name a section, or to switch the sanitizers off.
Attributes, pragmas and assembly have. So these are refused in the student's own lines, before
anything is compiled.
"""

import re

SIZE_MAX = 256 * 1024

TRIGRAPHS = dict(zip("=/'()!<>-", "#\\^[]|{}~"))
COMMENT_OR_TEXT = re.compile(
    r'//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t\f\v]*(?:#|%:)[ \t\f\v]*(line\b|pragma\b|ident\b|sccs\b|\d)", re.M)
REFUSED = re.compile(
    r"\b(asm|__asm|__asm__|__attribute|__attribute__|_Pragma|runner_\w+"
    r"|__(?:asan|lsan|ubsan|sanitizer)_\w*)\b|^\s*#\s*(pragma)\b|(\[\s*\[|<:\s*<:|<:\s*\[|\[\s*<:)",
    re.M)
MARKER = re.compile(r'^# (\d+) "((?:[^"\\]|\\.)*)"((?: \d)*)$')


def without_text(source):
    """Comments and the insides of strings are left out, as far as lines go."""
    return COMMENT_OR_TEXT.sub(lambda match: '""' if match[0][0] in "\"'" else
                               " " + "\n" * match[0].count("\n"), source)


def logical_lines(source):
    """Translation phases 1 to 3 (C11, 5.1.1.2)."""
    source = re.sub(r"\?\?([=/'()!<>-])", lambda match: TRIGRAPHS[match[1]], source)
    return without_text(re.sub(r"\\[ \t\f\v]*\r?\n", "", source))


def find_directive(source):
    """A directive that would hide which lines are the student's own, or None."""
    found = DIRECTIVE.search(logical_lines(source))
    return f"#{found[1]}" if found else None


def own_lines(preprocessed):
    """The lines that are not out of system headers: those are marked with a 3 (GCC, `cpp` manual,
    "Preprocessor Output")."""
    is_own = True
    for line in preprocessed.splitlines():
        marker = MARKER.match(line)
        if marker:
            is_own = "3" not in marker[3].split()
        elif is_own:
            yield line


def find_refused(preprocessed):
    """What of the preprocessed text is refused, or None."""
    found = REFUSED.search(without_text("\n".join(own_lines(preprocessed))))
    if not found:
        return None
    return found[1] or (f"#{found[2]}" if found[2] else "[[")
