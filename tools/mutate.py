"""Makes mutants of a C file: the file with one operator, constant, condition or statement changed.

The places come from clang's syntax tree (libclang), so that a dropped statement is a statement and
a negated condition all of it. What a macro expands to is not looked into: a macro that stands for a
number is a number, the arguments of one that looks like a function are changed word by word. Knows
nothing of compiling and testing.
"""

import dataclasses
import pathlib
import re

import clang.cindex
from clang.cindex import CursorKind as Kind
from clang.cindex import TypeKind

BINARY = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
    "==": ("!=",), "!=": ("==",), "&&": ("||",), "||": ("&&",),
    "+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "%": ("/",),
    "&": ("|",), "|": ("&",), "^": ("&",), "<<": (">>",), ">>": ("<<",),
    "+=": ("-=", "="), "-=": ("+=", "="), "*=": ("/=",), "/=": ("*=",), "%=": ("/=",),
    "&=": ("|=", "="), "|=": ("&=", "="), "^=": ("=",), "<<=": (">>=",), ">>=": ("<<=",),
}
STEPS = {"++": "--", "--": "++"}
COMMENT = re.compile(rb"/\*.*?\*/", re.S)
INTEGER = re.compile(rb"(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)")
WORDS = re.compile(rb'"(?:\\.|[^"\\])*"|\w+|<<=?|>>=?|[<>=!]=|&&|\|\||[-+*/%&|^]=|\+\+|--|->'
                   rb"|[^\s\w]")
EXPRESSIONS = {Kind.BINARY_OPERATOR, Kind.COMPOUND_ASSIGNMENT_OPERATOR, Kind.UNARY_OPERATOR,
               Kind.CALL_EXPR, Kind.PAREN_EXPR, Kind.UNEXPOSED_EXPR, Kind.CSTYLE_CAST_EXPR,
               Kind.CONDITIONAL_OPERATOR}
STATEMENTS = EXPRESSIONS | {Kind.RETURN_STMT, Kind.BREAK_STMT, Kind.CONTINUE_STMT}
INTEGER_TYPES = {TypeKind.BOOL, TypeKind.INT, TypeKind.UINT, TypeKind.LONG, TypeKind.ULONG,
                 TypeKind.LONGLONG, TypeKind.ULONGLONG, TypeKind.USHORT, TypeKind.SHORT,
                 TypeKind.UCHAR, TypeKind.SCHAR, TypeKind.CHAR_S, TypeKind.CHAR_U, TypeKind.ENUM}


@dataclasses.dataclass(frozen=True)
class Mutant:
    """A change of one file: bytes [start, end) become `text`."""
    file: str
    function: str
    line: int
    start: int
    end: int
    text: bytes
    before: str  # the lines that are changed, as they were
    after: str

    def source(self, original):
        return original[:self.start] + self.text + original[self.end:]

    def last_line(self):
        """What is changed keeps its lines: see Mutator.add."""
        return self.line + self.text.count(b"\n")


@dataclasses.dataclass(frozen=True)
class Function:
    """Where a function's definition is in its file: offsets in bytes."""
    name: str
    start: int  # of its line, with what stands before its type
    name_at: int
    body: int
    end: int
    parameters: tuple  # names
    returns: bool  # something


class Mutator:
    """Walks one file and collects its mutants."""

    def __init__(self, file, arguments):
        self.file = file
        self.source = pathlib.Path(file).read_bytes()
        self.function = "-"
        self.result = None  # the type of what the function returns
        self.mutants = {}
        self.functions = {}
        options = clang.cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
        self.unit = clang.cindex.Index.create().parse(file, arguments, options=options)
        errors = [str(d) for d in self.unit.diagnostics if d.severity >= d.Error]
        if errors:
            raise SystemExit("\n".join(errors))
        self.macros = {self.range_of(cursor) for cursor in self.own_cursors()
                       if cursor.kind == Kind.MACRO_INSTANTIATION}

    def own_cursors(self):
        for cursor in self.unit.cursor.get_children():
            if cursor.location.file and cursor.location.file.name == self.file:
                yield cursor

    @staticmethod
    def range_of(cursor):
        return cursor.extent.start.offset, cursor.extent.end.offset

    def text_of(self, cursor):
        start, end = self.range_of(cursor)
        return self.source[start:end]

    # ---- adding one ----------------------------------------------------------------------------

    def add(self, start, end, text):
        """Lines stay where they are, or every assertion below would say another one."""
        if isinstance(text, str):
            text = text.encode()
        old = self.source[start:end]
        if old == text:
            return
        text += b"\n" * (old.count(b"\n") - text.count(b"\n"))
        first = self.source.rfind(b"\n", 0, start) + 1
        last = self.source.find(b"\n", end)
        before = self.source[first:last].decode()
        after = (self.source[first:start] + text + self.source[end:last]).decode()
        line = self.source.count(b"\n", 0, start) + 1
        self.mutants[start, end, text] = Mutant(
            self.file, self.function, line, start, end, text, " ".join(before.split()),
            " ".join(after.split()))

    def add_operator(self, start, end, table):
        """The operator is what stands in [start, end), but for comments."""
        between = COMMENT.sub(lambda match: b" " * len(match[0]), self.source[start:end])
        operator = between.strip().decode()
        at = start + len(between) - len(between.lstrip())
        for other in table.get(operator, ()):
            self.add(at, at + len(operator), other)

    def add_number(self, start, end):
        match = INTEGER.fullmatch(self.source[start:end])
        if not match:
            return
        digits, suffix = match[1].decode(), match[2].decode()
        value = int(digits, 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" else 10)
        for other in {value + 1, value - 1, 0} - {value}:
            self.add(start, end, f"{other}{suffix}" if other >= 0 else f"({other}{suffix})")

    def add_named_number(self, start, end):
        name = self.source[start:end].decode()
        if name in ("true", "false"):
            self.add(start, end, "false" if name == "true" else "true")
        else:
            for other in (f"({name} + 1)", f"({name} - 1)", "0"):
                self.add(start, end, other)

    def add_negation(self, condition):
        start, end = self.range_of(condition)
        self.add(start, end, b"!(" + self.source[start:end] + b")")

    def add_words(self, start, end):
        """Operators and numbers in the body of a macro, or in what is passed to one."""
        last = b"("
        for match in WORDS.finditer(self.source, start, end):
            word = match[0]
            at, after = match.span()
            if INTEGER.fullmatch(word):
                self.add_number(at, after)
            elif word in (b"true", b"false"):
                self.add_named_number(at, after)
            elif re.fullmatch(rb"\w+|[)\]]", last):
                self.add_operator(at, after, BINARY)
            last = word

    # ---- expressions ---------------------------------------------------------------------------

    def binary(self, cursor):
        left, right = cursor.get_children()
        self.add_operator(left.extent.end.offset, right.extent.start.offset, BINARY)
        operator = self.source[left.extent.end.offset:right.extent.start.offset].strip()
        if operator in (b"&&", b"||"):
            for half in (left, right):
                self.add(*self.range_of(cursor), b"(" + self.text_of(half) + b")")

    def unary(self, cursor):
        (operand,) = cursor.get_children()
        start, end = self.range_of(cursor)
        first, last = self.range_of(operand)
        operator = (self.source[start:first] + self.source[last:end]).strip().decode()
        if operator in STEPS:
            at = start if first > start else end - 2
            self.add(at, at + 2, STEPS[operator])
        elif operator in ("!", "~", "-"):
            self.add(start, first, b"")

    def conditional(self, cursor):
        condition = next(cursor.get_children())
        self.add_negation(condition)
        for constant in ("1", "0"):
            self.add(*self.range_of(condition), constant)

    def string(self, cursor):
        self.add(*self.range_of(cursor), '""')

    def number(self, cursor):
        self.add_number(*self.range_of(cursor))

    def reference(self, cursor):
        if cursor.referenced and cursor.referenced.kind == Kind.ENUM_CONSTANT_DECL:
            self.add_named_number(*self.range_of(cursor))

    # ---- statements ----------------------------------------------------------------------------

    def drop(self, statement):
        if statement.kind in STATEMENTS:
            self.add(*self.range_of(statement), b"")

    def compound(self, cursor):
        for statement in cursor.get_children():
            self.drop(statement)

    def if_else(self, cursor):
        condition, *branches = cursor.get_children()
        self.add_negation(condition)
        for constant in ("1", "0"):
            self.add(*self.range_of(condition), constant)
        for branch in branches:
            self.drop(branch)

    def while_loop(self, cursor):
        condition, body = cursor.get_children()
        self.add_negation(condition)
        self.add(*self.range_of(condition), "0")
        self.drop(body)

    def do_loop(self, cursor):
        body, condition = cursor.get_children()
        self.add_negation(condition)
        self.add(*self.range_of(condition), "0")
        self.drop(body)

    def for_loop(self, cursor):
        """Parts that are left out are no children: the semicolons tell which are there."""
        *parts, body = cursor.get_children()
        header = self.source[cursor.extent.start.offset:body.extent.start.offset]
        first = cursor.extent.start.offset + header.index(b";")
        second = cursor.extent.start.offset + header.index(b";", header.index(b";") + 1)
        for part in parts:
            if part.extent.start.offset > first and part.extent.end.offset <= second:
                self.add_negation(part)
                self.add(*self.range_of(part), "0")
        self.drop(body)

    def case(self, cursor):
        self.drop(list(cursor.get_children())[-1])

    def return_value(self, cursor):
        values = list(cursor.get_children())
        if not values:
            return
        start, end = self.range_of(values[0])
        value = self.source[start:end]
        kind = self.result.get_canonical().kind
        if kind == TypeKind.BOOL:
            self.add_negation(values[0])
        elif kind == TypeKind.POINTER:
            is_text = self.result.get_canonical().get_pointee().kind in (TypeKind.CHAR_S,
                                                                         TypeKind.CHAR_U)
            if value != b"NULL":
                self.add(start, end, "NULL")
            elif is_text:
                self.add(start, end, '"mutant"')
        elif kind in INTEGER_TYPES:
            self.add(start, end, "0")
            self.add(start, end, b"(" + value + b") + 1")

    # ---- the walk ------------------------------------------------------------------------------

    VISITORS = {
        Kind.BINARY_OPERATOR: binary, Kind.COMPOUND_ASSIGNMENT_OPERATOR: binary,
        Kind.UNARY_OPERATOR: unary, Kind.CONDITIONAL_OPERATOR: conditional,
        Kind.STRING_LITERAL: string, Kind.INTEGER_LITERAL: number, Kind.DECL_REF_EXPR: reference,
        Kind.COMPOUND_STMT: compound, Kind.IF_STMT: if_else, Kind.WHILE_STMT: while_loop,
        Kind.DO_STMT: do_loop, Kind.FOR_STMT: for_loop, Kind.CASE_STMT: case,
        Kind.DEFAULT_STMT: case, Kind.RETURN_STMT: return_value,
    }

    def walk_macro(self, cursor):
        start, end = self.range_of(cursor)
        arguments = self.source.find(b"(", start, end)
        if arguments >= 0:
            self.add_words(arguments + 1, end)
        elif cursor.type.get_canonical().kind in INTEGER_TYPES:
            self.add_named_number(start, end)

    def walk(self, cursor):
        if self.range_of(cursor) in self.macros:
            self.walk_macro(cursor)
            return
        if cursor.kind in self.VISITORS:
            self.VISITORS[cursor.kind](self, cursor)
        children = list(cursor.get_children())
        if cursor.kind == Kind.CASE_STMT:
            children = children[1:]
        for child in children:
            self.walk(child)

    def define(self, cursor):
        """The body of a macro. Those of headers are for users, and part of the contract."""
        if self.file.endswith(".h"):
            return
        start, end = self.range_of(cursor)
        self.function = "#define"
        self.add_words(start + len(cursor.spelling), end)

    def enter(self, cursor):
        """A function that a macro defines stands where the macro is used: it has no text."""
        self.function = cursor.spelling
        self.result = cursor.result_type
        name_at = cursor.location.offset
        name_end = name_at + len(cursor.spelling)
        if self.source[name_at:name_end].decode() != cursor.spelling:
            return
        self.functions[cursor.spelling] = Function(
            cursor.spelling, self.source.rfind(b"\n", 0, cursor.extent.start.offset) + 1, name_at,
            list(cursor.get_children())[-1].extent.start.offset, cursor.extent.end.offset,
            tuple(argument.spelling for argument in cursor.get_arguments()),
            self.result.get_canonical().kind != TypeKind.VOID)

    def run(self):
        for cursor in self.own_cursors():
            if cursor.kind == Kind.MACRO_DEFINITION:
                self.define(cursor)
            elif cursor.kind == Kind.FUNCTION_DECL and cursor.is_definition():
                self.enter(cursor)
                self.walk(list(cursor.get_children())[-1])
            elif cursor.kind == Kind.VAR_DECL:
                self.function = cursor.spelling
                for child in cursor.get_children():
                    self.walk(child)
        return sorted(self.mutants.values(), key=lambda m: (m.start, m.end, m.text))


def mutants_of(file, arguments):
    """The mutants of a file, and {name: Function} of its functions."""
    mutator = Mutator(file, arguments)
    return mutator.run(), mutator.functions
