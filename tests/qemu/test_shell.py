"""The shell over serial: its commands, its help, and editing a line."""

import re
import time

from machine import Machine, shell
from report import Line, alloc, check, error, only, regions

COMMANDS = ("help", "clear", "map", "alloc", "explain", "free", "blocks", "buddy", "check", "at",
            "zoom", "step", "tour", "quiz", "machine", "stress", "memtest", "selftest", "bench",
            "drivers", "load", "unload", "video", "mode", "bios", "inject", "report", "exit",
            "quit", "reboot")
GROUPS = ("start", "memory", "picture", "tests", "display", "system")

LEFT, RIGHT, UP, DOWN = b"\x1b[D", b"\x1b[C", b"\x1b[A", b"\x1b[B"
HOME, END, DELETE = b"\x1b[H", b"\x1b[F", b"\x1b[3~"
CTRL_C, CTRL_U, TAB = b"\x03", b"\x15", b"\t"


def test_help_names_every_command():
    """help lists every command in 8 rows, and help COMMAND explains each one that it lists."""
    with shell() as machine:
        lines = machine.command("help")
        assert len(lines) <= 8 and max(map(len, lines)) <= 80, lines
        listing = "\n".join(lines)
        for command in COMMANDS:
            assert re.search(rf"\b{command}\b", listing), f"help does not list {command}"
            lines = [line for line in machine.command(f"help {command}") if line]
            assert lines, f"help {command} prints nothing"
            assert not any(line.startswith("error:") for line in lines), lines
            assert command in "\n".join(lines), lines


def test_help_of_a_group():
    """help GROUP has a line for each command that help lists behind the group's name."""
    with shell() as machine:
        for group in GROUPS:
            line, = [line for line in machine.command("help") if line.split()[0] == group]
            listed = [line.split()[0] for line in machine.command(f"help {group}")]
            assert listed == line.split()[1:], listed
        assert machine.command("help BUDDY") == machine.command("HELP buddy")


def test_help_of_nothing():
    """help with a command that does not exist is an error that names it."""
    with shell() as machine:
        assert "frobnicate" in error(machine.command("help frobnicate"))


def test_unknown_command():
    """A command that does not exist is an error that names it."""
    with shell() as machine:
        assert "frobnicate" in error(machine.command("frobnicate 1 2"))
        check(machine)


# What is typed, and the whole line that answers it.
REFUSALS = [
    ("hlep", 'there is no command "hlep"; did you mean "help"?'),
    ("bud", 'there is no command "bud"; did you mean "buddy"?'),
    ("xyzzy", 'there is no command "xyzzy"; help lists them'),
    ("help hlep", 'there is no command "hlep"; did you mean "help"?'),
    ("help memori", 'there is no command "memori"; did you mean "memory"?'),
    ("help xyzzy", 'there is no command "xyzzy"; help lists them'),
    ("inject nul", 'there is no crime "nul"; did you mean "null"?'),
    ("inject double_free", 'there is no crime "double_free"; did you mean "double-free"?'),
    ("inject theft", 'there is no crime "theft"; inject without a name lists them'),
    ("machine srever", 'there is no machine "srever"; did you mean "server"?'),
    ("machine Server", 'there is no machine "Server"; did you mean "server"?'),
    ("machine nought", 'there is no machine "nought"; machine without a name lists them'),
    ("mode txt", 'there is no mode "txt"; did you mean "text"?'),
    ("mode 1024*768", 'there is no mode "1024*768"; did you mean "1024x768"?'),
    ("mode big", 'there is no mode "big"; WIDTHxHEIGHTxBITS is one, such as 800x600x32, and text'),
    ("step of", 'step does not know "of"; it takes on, show, auto or off'),
    ("step shwo", 'step does not know "shwo"; did you mean "show"?'),
    ("tour quik", 'tour does not know "quik"; did you mean "quick"?'),
    ("tour xyzzy", 'tour does not know "xyzzy"; it takes auto, quick and a step\'s number'),
    ("alloc 4K bellow 16M", 'alloc does not know "bellow"; did you mean "below"?'),
    ("alloc 4K under 16M", 'alloc does not know "under"; help alloc lists what it takes'),
    ("explain 4K bellow 16M", 'explain does not know "bellow"; did you mean "below"?'),
    ("alloc 3MX", 'the size "3MX" is not a number'),
    ("alloc 3.5M", 'the size "3.5M" is not a number'),
    ("alloc 3 X", 'alloc does not know "X"; help alloc lists what it takes'),
    ("alloc 3 M M", 'alloc does not know "M"; help alloc lists what it takes'),
    ("alloc 3M MB", 'alloc does not know "MB"; help alloc lists what it takes'),
    ("alloc MB 3", 'the size "MB" is not a number'),
    ("alloc 4K below", '"below" wants a value behind it'),
    ("alloc 4K below M", 'below "M" is not a number'),
    ('alloc 4K as "a b"', 'a name is one word, without quotes, and not "a'),
    ("alloc 4K as a b", 'alloc does not know "b"; help alloc lists what it takes'),
    ("alloc 4K as all", 'the name "all" belongs to the system'),
    ("x" * 60, f'there is no command "{"x" * 32}..."; help lists them'),
    ("alloc " + "9" * 60, f'the size "{"9" * 32}..." is too large a number'),
    ("check " + "y" * 60, f'check does not take "{"y" * 32}...": check'),
]


def test_refusals_say_what_is_wrong():
    """A word that is not known is named, with the one that was meant; and nothing changes."""
    with shell() as machine:
        before = machine.command("blocks")
        for line, sentence in REFUSALS:
            assert error(machine.command(line)) == sentence, line
        assert machine.command("blocks") == before
        check(machine)


def test_case_of_commands_does_not_matter():
    """Commands, and the words behind alloc, may be typed in capitals."""
    with shell() as machine:
        assert machine.command("CHECK") == ["check ok"]
        block = Line(only(machine.command("Alloc 4K BELOW 16M AS caps")))
        assert block.end <= 16 << 20 and block.owner == "caps"
        assert machine.command("FREE caps") == [f"freed id={block.id}"]


def test_quit_is_exit():
    """quit switches off with its status, as exit does."""
    with shell() as machine:
        machine.send("quit 5\r")
        assert machine.wait_exit() == 43


def test_clear():
    """clear empties the screen and the serial line's terminal; what was there is kept."""
    with shell(append="video=text") as machine:
        machine.command("blocks")
        machine.send("clear\r")
        machine.wait_until(lambda: machine.screen.raw.endswith(b"\x1b[2J\x1b[Hashlar> "), "clear")
        machine.wait_until(lambda: [row for row in machine.text_screen()[12:] if row]
                           == ["ashlar>"], "an empty screen")
        machine.press("shift", "pgup")
        machine.wait_until(lambda: "ashlar> blocks" in machine.text_screen(), "what was there")


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
                               ("1M", 256), ("1m", 256), ("3 MB", 768), ("3MiB", 768),
                               ("3 M", 768), ("3 mb", 768), ("3mib", 768), ("3072 KB", 768),
                               ("0x3 M", 768)):
            assert alloc(machine, number).frames == frames, number
        block = alloc(machine, "1 MB below 16 M align 64 KiB above 1 M as spaced")
        assert block.end <= 16 << 20 and block.physical % (64 << 10) == 0, block
        assert machine.command("at 16 MB") == machine.command("at 16M")


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


def test_completion_of_arguments():
    """Tab completes what the command takes: crimes, machines, modes, groups, owners, words."""
    with shell() as machine:
        alloc(machine, "4K as sound")
        assert submitted(machine, b"he" + TAB + b"chec" + TAB)[0].startswith("check")
        assert submitted(machine, b"help pict" + TAB)[0].startswith("at ")
        assert submitted(machine, b"inject double" + TAB)[0].startswith("inject crime=double-free")
        assert submitted(machine, b"explain 4K bel" + TAB + b"16M")[-1].startswith("explained ")
        assert submitted(machine, b"step au" + TAB) == ["step auto"]
        assert submitted(machine, b"check; free so" + TAB)[-1].startswith("freed id=")
        assert submitted(machine, b"machine isa" + TAB)[0].startswith("machine name=isa-hole ")
        assert submitted(machine, b"machine re" + TAB)[0].startswith("machine name=real ")
        assert submitted(machine, b"mode 1280x7" + TAB)[-1] == "mode size=1280x720x32"
        assert submitted(machine, b"check" + b" a" + TAB + CTRL_U + b"check") == ["check ok"]


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
    with Machine(append="console=serial run=" + ";".join(["help alloc", "help system"] * helps)
                 ) as machine:
        time.sleep(2)
        machine.wait_prompt()
        text = "\n".join(machine.screen.lines)
        assert text.count("\nreboot   starts the machine anew\n") == helps


def test_commands_in_a_burst():
    """Lines that arrive faster than they are carried out are all carried out."""
    with shell() as machine:
        begin = len(machine.screen.lines)
        machine.send("check\r" * 20)
        machine.wait_until(lambda: machine.screen.lines[begin:].count("check ok") == 20,
                           "20 times check ok")
