"""The shell over serial: its commands, its help, and editing a line."""

import re
import time

from machine import Machine, shell
from report import Line, alloc, check, error, only, regions

COMMANDS = ("help", "map", "alloc", "free", "blocks", "buddy", "check", "machine", "stress",
            "selftest", "bench", "video", "mode", "inject", "exit", "reboot")

LEFT, RIGHT, UP, DOWN = b"\x1b[D", b"\x1b[C", b"\x1b[A", b"\x1b[B"
HOME, END, DELETE = b"\x1b[H", b"\x1b[F", b"\x1b[3~"
CTRL_C, CTRL_U, TAB = b"\x03", b"\x15", b"\t"


def test_help_names_every_command():
    """help lists every command, and help COMMAND explains each one that it lists."""
    with shell() as machine:
        listing = "\n".join(machine.command("help"))
        for command in COMMANDS:
            assert re.search(rf"\b{command}\b", listing), f"help does not list {command}"
            lines = [line for line in machine.command(f"help {command}") if line]
            assert lines, f"help {command} prints nothing"
            assert not any(line.startswith("error:") for line in lines), lines
            assert command in "\n".join(lines), lines


def test_help_of_nothing():
    """help with a command that does not exist is an error that names it."""
    with shell() as machine:
        assert "frobnicate" in error(machine.command("help frobnicate"))


def test_unknown_command():
    """A command that does not exist is an error that names it."""
    with shell() as machine:
        assert "frobnicate" in error(machine.command("frobnicate 1 2"))
        check(machine)


def test_words_too_many():
    """A word more than a command takes is an error, not silence."""
    with shell() as machine:
        for command in ("check now", "blocks 1", "buddy x", "map all", "free 1 2"):
            error(machine.command(command))


def test_empty_lines():
    """An empty line, and one of blanks, print nothing."""
    with shell() as machine:
        assert machine.submit("") == []
        assert machine.submit("   ") == []


def test_blanks_around_words():
    """Blanks before, between and after words do not matter."""
    with shell() as machine:
        block = Line(only(machine.submit("  alloc   64K    as   spaced  ")))
        assert (block.noun, block.frames, block.owner) == ("block", 16, "spaced"), block


def test_units():
    """Numbers take K, M, G, in either case, and 0x."""
    with shell() as machine:
        for number, frames in (("8192", 2), ("0x2000", 2), ("0X2000", 2), ("8K", 2), ("8k", 2),
                               ("1M", 256), ("1m", 256)):
            assert alloc(machine, number).frames == frames, number


def test_video_command():
    """video says which mode is on, and names the back buffer's block."""
    with shell() as machine:
        text = "\n".join(machine.command("video"))
        assert "1024x768x32" in text, text
        assert not text.startswith("error:"), text
        check(machine)


def test_every_region_line_is_whole():
    """map prints the five fields that scripts read, in their order."""
    with shell() as machine:
        for region in regions(machine):
            assert list(region.fields)[:4] == ["base", "end", "bytes", "kind"], region
            assert re.match(r"region base=0x[0-9a-f]+ end=0x[0-9a-f]+ bytes=[0-9]+ kind=[a-z]+ "
                            r"owner=", region.text), region


def test_block_line_is_whole():
    """alloc prints the seven fields that scripts read, in their order."""
    with shell() as machine:
        block = alloc(machine, "64K as fields")
        assert list(block.fields)[:7] == ["id", "physical", "end", "bytes", "frames", "virtual",
                                          "owner"], block


def submitted(machine, keys):
    """What the shell printed for keys typed as a person would: one at a time, as they are shown."""
    return [line for line in machine.submit(keys) if line]


def test_backspace():
    """Backspace takes back a character, whichever code the terminal sends for it."""
    with shell() as machine:
        assert submitted(machine, b"checkk\x7f") == ["check ok"]
        assert submitted(machine, b"checkxy\x08\x08") == ["check ok"]
        assert submitted(machine, b"\x7f\x7fcheck") == ["check ok"]


def test_arrows_within_a_line():
    """Left, right, Home and End move; what is typed is inserted there."""
    with shell() as machine:
        assert submitted(machine, b"chck" + LEFT + LEFT + b"e") == ["check ok"]
        assert submitted(machine, b"chck" + LEFT + LEFT + RIGHT + LEFT + b"e") == ["check ok"]
        assert submitted(machine, b"heck" + HOME + b"c" + END) == ["check ok"]
        assert submitted(machine, b"xcheck" + HOME + DELETE) == ["check ok"]
        assert submitted(machine, LEFT * 5 + b"check" + RIGHT * 5) == ["check ok"]


def test_history():
    """Up brings back earlier lines, Down goes forward again."""
    with shell() as machine:
        machine.command("check")
        machine.command("blocks")
        assert submitted(machine, UP + UP) == ["check ok"]
        machine.command("buddy")
        machine.command("blocks")
        machine.command("check")
        assert submitted(machine, UP + UP + UP + DOWN + DOWN) == ["check ok"]
        assert submitted(machine, UP + b"\x7f" * 5 + b"check") == ["check ok"]


def test_completion():
    """Tab completes a word that is the beginning of one command alone."""
    with shell() as machine:
        assert submitted(machine, b"che" + TAB) == ["check ok"]
        assert "frames=256" in only(submitted(machine, b"al" + TAB + b"1M"))


def test_completion_of_many():
    """Tab on the beginning of several commands runs none of them and loses nothing."""
    with shell() as machine:
        begin = len(machine.screen.lines)
        machine.send(b"b" + TAB + TAB)
        machine.wait_until(lambda: len(machine.screen.lines) >= begin + 4 and
                           machine.screen.current == "ashlar> b", "the beginning again")
        assert submitted(machine, CTRL_U + b"check") == ["check ok"]


def test_control_u():
    """Ctrl-U empties the line."""
    with shell() as machine:
        assert submitted(machine, b"alloc 1M as gone" + CTRL_U + b"check") == ["check ok"]


def test_control_c():
    """Ctrl-C drops the line and gives a fresh prompt."""
    with shell() as machine:
        begin = len(machine.screen.lines)
        machine.send(b"alloc 1M as gone")
        machine.wait_until(lambda: machine.screen.current.endswith("gone"), "echo")
        machine.send(CTRL_C)
        machine.wait_until(lambda: len(machine.screen.lines) > begin and machine.at_prompt(),
                           "fresh prompt")
        assert "gone" not in "\n".join(machine.command("blocks"))


def test_line_too_long():
    """A line longer than the shell can hold does no harm, and the next one works."""
    with shell() as machine:
        machine.send(b"a" * 2000)
        assert submitted(machine, CTRL_U + b"check") == ["check ok"]
        check(machine)


def test_keys_without_meaning():
    """Unknown escape sequences, control and 8-bit characters do not end up in a command."""
    with shell() as machine:
        assert submitted(machine, b"\x1b[99~\x1bOP\x01\x00che\xc3\x1b[1;5Cck\x02\x80"
                         + END) == ["check ok"]
        check(machine)


def test_slow_reader_loses_nothing():
    """A terminal that reads late gets every byte: the serial line waits for it."""
    helps = 40
    with Machine(append="console=serial run=" + ";".join(["help"] * helps)) as machine:
        time.sleep(2)
        machine.wait_prompt()
        text = "\n".join(machine.screen.lines)
        assert text.count("\nreboot   starts the machine anew\nNumbers may end in") == helps


def test_commands_in_a_burst():
    """Lines that arrive faster than they are carried out are all carried out."""
    with shell() as machine:
        begin = len(machine.screen.lines)
        machine.send("check\r" * 20)
        machine.wait_until(lambda: machine.screen.lines[begin:].count("check ok") == 20,
                           "20 times check ok")
