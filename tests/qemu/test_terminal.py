"""The tests' own terminal: it reads what real ones read, however the bytes come."""

from machine import shell
from terminal import SerialScreen

# What comes, the lines that ended, and the one that the cursor stands in.
STREAMS = (
    # Text, and what moves the cursor.
    (b"one\r\ntwo", ["one"], "two"),
    (b"abc\rX", [], "Xbc"),
    (b"ab\b\bX", [], "Xb"),
    (b"\b\bX", [], "X"),
    (b"ab\x1b[3CX", [], "ab   X"),
    (b"abc\x1b[2DX", [], "aXc"),
    (b"abc\x1b[9DX", [], "Xbc"),
    (b"abc\x1b[2GX", [], "aXc"),
    (b"abc\b\x1b[K", [], "ab"),
    (b"abc\b\b\x1b[1KX", [], " Xc"),
    (b"abc\x1b[2KX", [], "   X"),
    (b"abc\x1b[2J\x1b[HX", [], "X"),
    (b"abc\x1b[24;1HX", [], "X"),
    (b"\xc4\xbf", [], "??"),
    (b"a\x7fb", [], "ab"),
    # What changes no text.
    (b"\x1b[0m\x1b[30;47ma\x1b[m", [], "a"),
    (b"\x1b[?25la\x1b[=3hb\x1b[>0cc\x1b[!pd", [], "abcd"),
    (b"\x1b(Ba\x1b#8b\x1b=c\x1b7d\x1bce", [], "abcde"),
    (b"\x1b]0;title\x07a", [], "a"),
    (b"\x1b]0;title\x1b\\a", [], "a"),
    (b"\x1bPstring\x1b\\a", [], "a"),
    (b"\x1b[99~a\x1b[Zb\x1b[1;2;3;4;5;6;7;8;9;10;11;12zc", [], "abc"),
    # Cut in two: another writer's sequence, text or line end lies in the middle.
    (b"\x1b[0\x1b[1mtext that follows", [], "text that follows"),
    (b"\x1b\x1b[1mtext that follows", [], "text that follows"),
    (b"\x1b[24;\x1b[0m\x1b[37mtext that follows", [], "text that follows"),
    (b"a\x1b[2\rX5mb", [], "5mb"),  # X ends the sequence
    (b"abc\x1b[2\r\n;5mdef", ["abc"], "def"),
    (b"abc\x1b[\b\bKdef", [], "adef"),
    (b"\x1b[0 seconds left", [], "econds left"),
    (b"\x1b[01;The text that follows", [], "he text that follows"),
    (b"\x1b[1\xc4\xc4a", [], "??a"),
    (b"\x1b\xc4a", [], "?a"),
    (b"\x1b[1;\x18a", [], "a"),
    (b"\x1b[1;\x1aa", [], "a"),
    (b"\x1b]0;\x18a", [], "a"),
    (b"\x1b]0;title\x1b[1ma", [], "a"),
    (b"\x1bPress enter\r\nashlar> ", [""], "ashlar> "),
    # No number is too long.
    (b"\x1b[99999999999999999999m\x1b[1Ga", [], "a"),
    (b"a\x1b[99999999999999999999Da", [], "a"),
)


def read(pieces):
    screen = SerialScreen()
    for piece in pieces:
        screen.feed(piece)
    return screen.lines, screen.current


def test_streams():
    """Each stream of the table looks as it does on a terminal."""
    for data, lines, current in STREAMS:
        assert read([data]) == (lines, current), (data, read([data]))


def test_pieces():
    """A stream looks the same in any two pieces, and byte by byte."""
    for data, *_ in STREAMS:
        whole = read([data])
        assert read([data[at:at + 1] for at in range(len(data))]) == whole, data
        for at in range(len(data)):
            assert read([data[:at], data[at:]]) == whole, (data, at)


def test_interrupted():
    """Whatever interrupts a sequence of GRUB's countdown, the lines that follow are read whole."""
    for sequence in (b"\x1b[0m", b"\x1b[24;01H", b"\x1b[?25l", b"\x1b[=3h", b"\x1b(B"):
        for at in range(1, len(sequence)):
            for other in (b"\x1b[22;5H", b"\r\n", b"5s.\r\n", b"\xc4\xc4", b"\x1b[m\x1b[H\x1b[J"):
                lines, current = read([sequence[:at], other, sequence[at:], b"\r\nashlar> "])
                assert current == "ashlar> ", (sequence, at, other, lines, current)


def test_far_columns():
    """Far to the right is a place, and not a reason to fill memory."""
    _, current = read([b"\x1b[99999999C" * 9 + b"a"])
    assert len(current) == 10000 and current.strip() == "a"


def test_kernel_needs_no_sequences():
    """The kernel writes text, line ends and backspaces only, whatever the line's editor does."""
    with shell() as machine:
        machine.command("help")
        machine.submit(b"chek\x1b[Dc\x1b[H\x1b[F\x7f\x15al\tb\x15check")
        machine.submit(b"\x1b[A")
        machine.command("inject all")
        machine.command("memtest 1")
        strange = {byte for byte in machine.screen.raw if byte < 0x20} - set(b"\r\n\b")
        assert not strange and not any(byte > 0x7E for byte in machine.screen.raw), strange
