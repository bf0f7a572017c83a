"""Machines of a few frames: their picture, their steps, and the textbook beside them."""

import re

from machine import Machine, shell
from report import Line, alloc, check, error, free, parse
from test_view import prompt_waits

FRAME = 4096
EXAMPLE = ("machine tiny", "alloc 2f below 2f as a", "alloc 3f below 8f as b",
           "alloc 2f above 12f below 14f as d")


def open_example(machine):
    """a a . . . b b b . . . . d d . ."""
    for line in EXAMPLE:
        machine.command(line)


def tell(machine, command):
    """With step on: the fields and the sentence of each step of a command."""
    machine.command("step on")
    before = len(machine.screen.lines)
    machine.send(command + "\r")
    steps = []
    while True:
        machine.wait_until(lambda: prompt_waits(machine) and len(machine.screen.lines) > before + 1
                           or machine.at_prompt() and len(machine.screen.lines) > before, "a step")
        if machine.at_prompt():
            machine.command("step off")
            return steps
        fields, sentence = machine.screen.lines[-2:]
        steps.append((Line(fields), sentence.strip()))
        before = len(machine.screen.lines)
        machine.send(" ")
        machine.wait_until(lambda: len(machine.screen.lines) > before, "what follows")


def test_small_steps():
    """Window, search, way, place, splits, bits and counts of an alloc; merges of its free."""
    with shell() as machine:
        open_example(machine)
        steps = tell(machine, "alloc 3f above 4f below 12f as c")
        kinds = [str(fields.what) for fields, _ in steps]
        assert kinds[0] == "window" and kinds.index("place") < kinds.index("split"), kinds
        assert re.fullmatch(r"window( cut| short)*( lists)?( way)+ place( split)+ bits( counts)+"
                            r"( same)?", " ".join(kinds)), kinds
        place = dict(zip(kinds, steps))["place"]
        assert (place[0].base, place[0].end) == (0x409000, 0x40C000), place
        assert "frames 9 to 11" in place[1], place
        for fields, sentence in steps:
            if fields.what in ("way", "counts", "same"):
                assert fields.base % (FRAME << fields.order) == 0, fields
                count = fields.fields.get("nodes", 1)
                assert fields.end - fields.base == count * FRAME << fields.order, fields
        root = Line(machine.command("at 0f 4")[0])
        last = steps[-1][0]
        assert last.order == 4 and \
            (last.head, last.longest, last.tail) == (root.head, root.longest, root.tail)
        steps = tell(machine, "free 4")
        kinds = [str(fields.what) for fields, _ in steps]
        assert re.fullmatch(r"bits pieces( merge)+( counts)+( same)?", " ".join(kinds)), kinds
        assert any("frames 10 to 11 are the halves" in sentence for _, sentence in steps), steps
        check(machine)


def test_small_steps_without_a_screen():
    """On the serial line alone the steps are the same."""
    with shell(append="video=off") as machine:
        open_example(machine)
        bare = [sentence for _, sentence in tell(machine, "alloc 3f below 12f as c")]
    with shell(append="video=640x480") as machine:
        open_example(machine)
        drawn = [sentence for _, sentence in tell(machine, "alloc 3f below 12f as c")]
    assert bare == drawn and any("The place: " in line for line in bare), (bare, drawn)


def test_small_refusal():
    """A request that does not fit is told, and changes nothing."""
    with shell() as machine:
        open_example(machine)
        before = machine.command("blocks")
        steps = tell(machine, "alloc 5f")
        assert steps[-1][1] == "No free run will do: the longest has 4, and 5 are wanted. " \
            "The request is refused.", steps
        assert any("has 4 (wanted: 5): no place" in sentence for _, sentence in steps), steps
        for size, where, told in (
                ("5f", "", "5 frames in frames 0 to 15; the longest free run there has 4"),
                ("4f", " above 1f below 9f", "4 frames in frames 1 to 8; the longest free run "
                                             "there has 3"),
                ("3f", " below 2f", "3 frames in frames 0 to 1; the longest free run there has 0"),
                ("20K", "", "20480 bytes in [0x0, 0x10000000000000); the longest free run there "
                            "has 16384")):
            assert error(machine.command(f"alloc {size}{where}")) == \
                f"no free run satisfies the request: {told}"
        assert machine.command("blocks") == before
        check(machine)


def picture(machine):
    """Above the console, at 1024x768."""
    return machine.settled_screenshot().rows(0, 440)


def tree(shot):
    """The title and the boxes, without the frames."""
    return shot.rows(0, 220)


def test_small_picture():
    """Blocks are drawn; explain draws and takes nothing; marks go with the next command."""
    with shell(append="video=1024x768") as machine:
        real = picture(machine)
        open_example(machine)
        machine.command("step off")
        before = picture(machine)
        assert before.changed_pixels(real) > 50000, "the picture is the large machine's"
        told = machine.command("explain 3f below 12f")
        assert told[-1].startswith("explained "), told
        assert picture(machine).changed_pixels(before) > 2000, "explain draws nothing"
        machine.command("step off")
        assert picture(machine) == before
        block = alloc(machine, "3f below 12f as c")
        free(machine, block.id)
        machine.command("step off")
        assert tree(picture(machine)) == tree(before), "its frames say that they were freed"
        machine.command("machine real")
        machine.wait_screenshot(lambda shot: shot.rows(0, 130) == real.rows(0, 130), "the real one")


def test_small_place_that_is_told():
    """at marks a block's frames, or a box, until the next command."""
    with shell(append="video=1024x768") as machine:
        open_example(machine)
        machine.command("step off")
        before = picture(machine)
        marked = []
        for command in ("at 6f", "at 6f 2", "at 3f"):
            machine.command(command)
            marked.append(picture(machine))
            assert marked[-1].changed_pixels(before) > 300, command
            machine.command("step off")
            assert picture(machine) == before, command
        assert marked[0] != marked[1] and marked[0] != marked[2]


def test_small_picture_in_each_mode():
    """It is laid out anew in each mode, and is the same when one comes back."""
    with shell(append="video=640x480") as machine:
        open_example(machine)
        machine.command("step off")
        first = machine.settled_screenshot().rows(0, 320)
        machine.command("mode 1920x1080")
        assert machine.settled_screenshot().width == 1920
        machine.command("mode text")
        rows = machine.text_screen()
        assert rows[0].split()[:3] == ["machine", "tiny:", "16"], rows
        assert "AAA" in rows[5] and "BBB" in rows[5] and "16 frames" in rows[1], rows
        machine.command("mode 640x480")
        machine.command("step off")
        assert machine.settled_screenshot().rows(0, 320) == first


def test_small_steps_in_text():
    """On a text screen the steps are drawn as well."""
    with shell(append="video=text") as machine:
        open_example(machine)
        machine.command("step on")
        machine.send("alloc 3f below 12f\r")
        machine.wait_until(lambda: prompt_waits(machine), "a step")
        machine.wait_until(lambda: any("below frame 12" in row and "it must" in row
                                       for row in machine.text_screen()[:10]), "the window")
        machine.send("q")
        machine.wait_prompt()
        check(machine)


def test_small_pointing():
    """The mouse tells frames and boxes; Page Up does nothing; zoom says why it does not."""
    with shell(append="video=640x480") as machine:
        open_example(machine)
        before = machine.settled_screenshot().rows(0, 320)
        machine.send_input(("rel", {"axis": "x", "value": 10}), ("rel", {"axis": "y", "value": -60}))
        machine.wait_screenshot(lambda shot: shot.rows(290, 320) != before.rows(290, 320), "words")
        assert "all frames of this machine are shown" in error(machine.command("zoom 3f 2f"))
        (whole,) = parse(machine.command("zoom"), "zoom")
        assert (whole.base, whole.end, whole.cell) == (0x400000, 0x410000, FRAME)
        machine.send("\x1b[5~\x1b[6~")
        check(machine)


def textbook(machine, word=""):
    (line,) = parse(machine.command(f"textbook {word}".strip()), "textbook")
    return line


def test_textbook():
    """The textbook's buddy loses frames inside of blocks, and refuses what Ashlar serves."""
    with shell(append="video=1024x768") as machine:
        assert "machine tiny" in error(machine.command("textbook on"))
        machine.command("machine tiny")
        assert '"maybe"' in error(machine.command("textbook maybe"))
        without = picture(machine)
        line = textbook(machine, "on")
        assert (line.shown, line.lost, line.free, line.largest) == ("yes", 0, 16, 16), line
        assert picture(machine).changed_pixels(without) > 2000
        alloc(machine, "3f as a")
        assert textbook(machine).lost == 1
        alloc(machine, "3f as b")
        alloc(machine, "5f as c")
        line = textbook(machine)
        assert (line.lost, line.free, line.refused) == (5, 0, 0), line
        alloc(machine, "3f as d")
        assert textbook(machine).refused == 1
        free(machine, 4)
        free(machine, 3)
        free(machine, 2)
        free(machine, 1)
        alloc(machine, "3f as e")
        machine.command("free all")
        line = textbook(machine, "off")
        assert (line.shown, line.free, line.largest, line.lost) == ("no", 16, 16, 0), line
        machine.command("step off")
        assert tree(picture(machine)) == tree(without)


def test_small_machine_in_a_small_pc():
    """A PC of 4 MiB has room for it, and gets it back."""
    with Machine(memory="4M", append="run=buddy;machine tiny;textbook on;alloc 3f;explain 2f;"
                                     "machine 256;alloc 9f;machine real;buddy;check;exit") as machine:
        machine.wait_exit()
        lines = machine.screen.lines
    totals = [line for line in lines if line.startswith("total frames=")]
    assert totals[0] == totals[1] and "check ok" in lines, lines
