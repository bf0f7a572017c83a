"""The tour shows what it says, waits for keys or not, and gives all back."""

import re

from machine import PROMPT, Machine, shell
from report import blocks, check, error, parse
from test_crimes import BOX_PIXELS_MIN, box_pixels

# The clock runs as fast as the processor has nothing to do: waiting takes no time.
NO_WAITING = ("-icount", "shift=0,sleep=off")
SHOW = "Enter: show"
NEXT = "Enter: next"
NOTE_GROUND = bytes((0x32, 0x37, 0x3C))  # THEME_PANEL


class Step:
    """A step as it was told: its title, its sentences in one line, and what was typed."""

    def __init__(self, title):
        self.title = title
        self.text = ""
        self.typed = []  # (command, its lines)

    def lines(self, command):
        """What the first such command printed."""
        return next(lines for text, lines in self.typed if re.match(command, text))

    def value(self, command, noun):
        """The one line of that noun that such a command printed."""
        (line,) = [line for line in self.lines(command) if line.startswith(noun)]
        return parse([line], noun)[0]


def read_steps(lines, first=1):
    """The steps that a tour has written, from that one on, by title."""
    steps = {}
    step = None
    for line in lines:
        head = re.fullmatch(r"(\d+)/(\d+) (.*)", line)
        if head:
            step = steps[head.group(3)] = Step(head.group(3))
            assert int(head.group(1)) == len(steps) + first - 1, line
        elif step and line.startswith(PROMPT + " "):
            step.typed.append((line[len(PROMPT) + 1:], []))
        elif step and step.typed and line:
            step.typed[-1][1].append(line)
        elif step and not step.typed:
            step.text = f"{step.text} {line}".strip()
    return steps


def end_of(machine):
    """Waits for the tour's last line, and holds what is free against what was."""
    machine.wait_line("^tour end ")
    machine.wait_prompt()
    (line,) = [line for line in machine.screen.lines if line.startswith("tour end ")]
    end = parse([line.removeprefix("tour ")], "end")[0]
    assert end.free == end.before, line
    return end


def play(machine, command):
    begin = len(machine.screen.lines)
    machine.send(command + "\r")
    end_of(machine)
    return machine.screen.lines[begin:]


def size(text):
    return int(text[:-1]) << {"K": 10, "M": 20, "G": 30}[text[-1]]


def check_small_steps(steps):
    """The small machine shows the same ideas first, with few frames, and is closed each time."""
    for step in steps.values():
        if step.title == "Sixteen frames" or step.title.startswith("Small: "):
            assert step.typed[-1] == ("machine real", step.lines("machine real")), step.typed
    assert steps["Sixteen frames"].lines("alloc 3f")[0].startswith("block id=2 ")
    assert steps["Small: a split"].value("alloc", "block").frames == 3
    assert steps["Small: a merge"].lines("free 1") == ["freed id=1"]
    for command in ("alloc 3f as a", "alloc 5f as b", "alloc 3f as c", "alloc 3f as d"):
        block = steps["Small: exact sizes"].value(command, "block")
        assert block.frames == int(command[6]), block
    assert steps["Small: a limit"].value("alloc 4f", "block").end <= 0x40C000
    middle = steps["Small: across the middle"]
    halves = [middle.value(f"at {where}", "node") for where in ("0f 2", "4f 2", "0f 3")]
    assert [(node.head, node.longest, node.tail) for node in halves] == \
        [(0, 2, 2), (2, 2, 0), (0, 4, 0)], halves
    assert middle.value("alloc 4f", "block").physical == 0x402000
    places = steps["Small: align and within"]
    assert places.value("alloc 3f align", "block").physical == 0x40C000
    assert places.value("alloc 3f within", "block").end == 0x408000
    refused = steps["Small: fragmentation"].lines("alloc 8f")
    assert error(refused).endswith(": 8 frames in frames 0 to 15; the longest free run there has 4")


def check_memory_steps(steps):
    """What the commands gave is what the sentences say, on any machine."""
    check_small_steps(steps)
    assert any("owner=kernel" in line for line in steps["The firmware's map"].lines("map"))
    assert "owner=low" in steps["What was reserved"].lines("at 0x500")[0]
    assert "owner=kernel" in steps["What was reserved"].lines("at 1M")[0]
    assert steps["Orders"].lines("buddy")[-1].startswith("total frames=")
    assert steps["A split"].lines("alloc")[0].startswith("block id=")
    assert steps["A split"].typed[-1][0].startswith("free ")
    assert steps["A merge"].lines("free")[0].startswith("freed id=")

    command = steps["Below a limit"].typed[0][0]
    low = steps["Below a limit"].value("alloc", "block")
    assert low.end <= size(command.split()[3]), command
    command = steps["Alignment"].typed[0][0]
    assert steps["Alignment"].value("alloc", "block").physical % size(command.split()[3]) == 0
    command = steps["A boundary"].typed[0][0]
    floppy = steps["A boundary"].value("alloc", "block")
    within = size(command.split()[3])
    assert floppy.physical // within == (floppy.end - 1) // within, floppy

    never, now = [lines for _, lines in steps["Refusals"].typed]
    assert "larger than the range" in error(never)
    beyond = re.search(r": (\d+) bytes .* has (\d+)", error(now))
    assert int(beyond.group(1)) == int(beyond.group(2)) + 4096, now

    asked, textbook = map(size, re.match("Asked for (.*), a textbook buddy hands out (.*?)\\. ",
                                         steps["Exact sizes"].text).groups())
    exact = steps["Exact sizes"].value("alloc", "block")
    assert exact.bytes == asked == exact.frames * 4096 and textbook > asked
    if any(text.startswith("at ") for text, _ in steps["Exact sizes"].typed):
        assert steps["Exact sizes"].value("at", "frame").state == "free"

    fragments = steps["Fragmentation"]
    total = parse([fragments.lines("buddy")[-1]], "total")[0]
    refused = re.search(r": (\d+) bytes", error(fragments.lines("alloc .* as late")))
    assert total.largest * 4096 < int(refused.group(1)) < total.free * 4096, total
    assert [text.startswith("free ") for text, _ in fragments.typed[-2:]] == [True, True]

    assert '"kernel" belongs to the system' in error(steps["Owners"].lines("alloc 4K as kernel"))
    listed = [line.rsplit("owner=")[-1] for line in steps["Owners"].lines("blocks")]
    assert {"camera", "network"} <= set(listed), listed
    assert "guard page behind block" in steps["Guard pages"].lines("inject overrun")[0]
    assert "page fault" in steps["Guard pages"].lines("inject use-after-free")[0]
    assert "is free already" in steps["Freed twice"].lines("inject double-free")[0]
    assert "inside a block" in steps["Freed twice"].lines("inject bad-free")[0]
    elsewhere = steps["Memory that is not here"]
    assert "name=thinkpad" in elsewhere.lines("machine thinkpad")[0]
    assert "virtual=none" in elsewhere.lines("alloc")[0]
    assert elsewhere.typed[-1][0] == "machine real"
    assert steps["Where to go on"].lines("check")[0] == "check ok"


def held(machine):
    """Who holds what; a block that was taken anew may lie elsewhere."""
    return sorted((line.owner, line.bytes) for line in blocks(machine))


def test_whole_tour():
    """Every step shows what it says; mode, blocks and free memory are as before."""
    with shell() as machine:
        before = held(machine)
        steps = read_steps(play(machine, "tour quick"))
        check_memory_steps(steps)
        assert steps["Exact sizes"].value("at", "frame").state == "free"
        picture = steps["The picture is a block"]
        buffer = picture.value("at", "frame")
        assert buffer.owner == "bochs" and buffer.bytes == 1024 * 768 * 4, buffer
        assert f"got block {buffer.block};" in picture.text, picture.text
        mode = steps["Another mode"]
        assert [text for text, _ in mode.typed if text.startswith("mode")] == \
            ["mode 800x600x32", "mode 1024x768x32"]
        assert mode.value("at", "frame").bytes == 800 * 600 * 4
        assert "the strip in the bright frame" in steps["The firmware's map"].text
        assert "Skipped" not in " ".join(step.text for step in steps.values())
        assert held(machine) == before
        check(machine)


def test_tour_on_small_machines():
    """With 4 and 2 MiB the same steps show the same; what a machine has not, is said."""
    for memory, options in (("4M", "video=text"), ("2M", "video=off")):
        with shell(memory=memory, append=options) as machine:
            steps = read_steps(play(machine, "tour quick"))
            check_memory_steps(steps)
            for title in ("The picture is a block", "Another mode"):
                assert steps[title].text.startswith("Skipped: ") and not steps[title].typed
            assert "Here, " in steps["Below a limit"].text
            check(machine)


def wait_keys(machine, keys):
    machine.wait_until(lambda: machine.screen.current.startswith(keys), keys)


def last_title(machine):
    return next(line for line in reversed(machine.screen.lines) if re.match(r"\d+/\d+ ", line))


def test_keys():
    """Enter, space and right go on, left and b back, and q ends a step midway, and gives back."""
    with shell() as machine:
        machine.send("tour 17\r")
        wait_keys(machine, SHOW)
        machine.press("right")
        wait_keys(machine, NEXT)
        assert any("longest free run there has" in line for line in machine.screen.lines)
        machine.send(" ")
        wait_keys(machine, SHOW)
        assert last_title(machine).startswith("18/")
        machine.press("left")
        machine.wait_until(lambda: last_title(machine).startswith("17/"), "the step before")
        wait_keys(machine, SHOW)
        machine.send("b")
        machine.wait_until(lambda: last_title(machine).startswith("16/"), "the step before that")
        wait_keys(machine, SHOW)
        machine.send("x")  # says nothing to it
        machine.send("\r\r")  # shows it, and hurries
        wait_keys(machine, NEXT)
        assert any("owner=floppy" in line for line in machine.screen.lines)
        assert not any(line.startswith("freed") for line in machine.screen.lines)
        machine.send("q")
        assert end_of(machine).step == 16
        assert any(line.startswith("freed") for line in machine.screen.lines)
        check(machine)


def test_key_within_a_story():
    """A key shortens how the last command is told, and is not taken for the next step as well."""
    with shell() as machine:
        machine.send("tour 12\r")
        wait_keys(machine, SHOW)
        machine.send("\r")
        machine.wait_until(
            lambda: any(line.startswith(f"{PROMPT} alloc") for line in machine.screen.lines),
            "the command")
        machine.send(" ")
        wait_keys(machine, NEXT)
        assert last_title(machine).startswith("12/"), last_title(machine)
        assert not any(line.startswith("freed") for line in machine.screen.lines)


def test_crime_ends_with_its_step():
    """The picture of a crime goes with the key that leaves its step; a zoom comes back."""
    with shell(append="video=640x480x32") as machine:
        zoomed = machine.command("zoom 4M 16M")
        machine.send("tour 22\r")
        wait_keys(machine, SHOW)
        machine.send("\r")
        machine.wait_screenshot(lambda shot: box_pixels(shot) > BOX_PIXELS_MIN, "a crime")
        machine.send("\r")
        wait_keys(machine, NEXT)
        machine.wait_screenshot(lambda shot: box_pixels(shot) > BOX_PIXELS_MIN, "the other")
        machine.send("q")
        end_of(machine)
        assert box_pixels(machine.settled_screenshot()) == 0
        machine.submit("tour quick 24")
        machine.wait_line("^tour end step=26 ")
        machine.wait_prompt()
        assert machine.command("zoom") == zoomed


def test_escape_in_another_mode():
    """Esc ends the tour while another mode is set: the first comes back, and the note goes."""
    with shell() as machine:
        machine.send("tour 24\r")
        wait_keys(machine, SHOW)
        machine.wait_screenshot(
            lambda shot: NOTE_GROUND in shot.region(100, 470, 900, 520).colours(), "a note")
        machine.send("\r")
        wait_keys(machine, NEXT)
        assert machine.settled_screenshot().height == 600
        machine.press("esc")
        assert end_of(machine).step == 24
        after = machine.wait_screenshot(lambda shot: shot.height == 768, "the mode before")
        assert "mode size=1024x768x32" in machine.screen.lines
        assert NOTE_GROUND not in after.region(100, 470, 900, 520).colours()
        check(machine)


def test_note_on_a_text_screen():
    """The note stands between picture and console, whose lines come back to their place."""
    with shell(append="video=text") as machine:
        machine.command("check")
        machine.send("tour 11\r")
        wait_keys(machine, SHOW)
        machine.wait_until(lambda: machine.text_screen()[12].endswith(
            "Enter: show  b: back  a: auto  q: end"), "a note and its keys")
        screen = machine.text_screen()
        assert screen[12].startswith(" 11/"), screen[12]
        assert screen[13].startswith(" The rest is free."), screen[13]
        assert "check ok" in screen[17:]
        machine.send("\r")
        wait_keys(machine, NEXT)
        machine.send("q")
        end_of(machine)
        machine.wait_until(lambda: machine.at_prompt(), "the prompt")
        screen = machine.text_screen()
        assert not any("The rest is free." in line for line in screen), screen
        assert any(line.startswith("total frames=") for line in screen[12:]), screen


def test_tour_without_room_for_notes():
    """On 320x200 the sentences are written to the console, in lines that fit."""
    with shell(append="video=320x200x8") as machine:
        lines = play(machine, "tour quick 12")
        steps = read_steps(lines, 12)
        assert "bytes=256000 owner=bochs" in steps["The picture is a block"].lines("at")[0]
        told = lines[lines.index("12/26 A split") + 1:]
        told = told[:next(i for i, line in enumerate(told) if line.startswith(PROMPT))]
        assert len(told) >= 3 and max(map(len, told)) <= 51, told
        check(machine)


def test_tour_in_a_script():
    """With nobody at the keys it plays by itself, in some seven minutes; then the script goes on."""
    with Machine(append="run=tour;check;exit", extra=NO_WAITING) as machine:
        machine.wait_exit()
        lines = machine.screen.lines
    check_memory_steps(read_steps(lines))
    assert lines[-1] == "check ok"
    (end,) = [line for line in lines if line.startswith("tour end ")]
    assert re.search(r"free=(\d+) before=\1$", end), end


def test_key_takes_over():
    """A key stops a tour that goes on by itself; then it waits for keys, until told to go on."""
    with Machine(append="run=tour;check") as machine:
        machine.wait_until(lambda: machine.screen.current.startswith("any key"), "the tour")
        machine.send("x")
        wait_keys(machine, SHOW)
        machine.send("a")
        machine.wait_until(lambda: machine.screen.current.startswith("any key"), "it going on")
        machine.send(" ")
        wait_keys(machine, NEXT)
        machine.send("q")
        assert end_of(machine).step == 1
        assert "check ok" in machine.screen.lines


def test_tour_on_a_simulated_machine():
    """A simulated machine that is open is set aside, and is as it was at the end, with its past."""
    with shell() as machine:
        machine.command("machine small")
        machine.command("alloc 3f as a")
        machine.command("alloc 20f as b")
        machine.command("free a")
        assert "no step 27" in error(machine.command("tour 27"))
        before = machine.command("blocks"), machine.command("back 2")
        machine.command("now")
        shown = machine.settled_screenshot().rows(0, 440)
        play(machine, "tour quick 7")
        assert (machine.command("blocks"), machine.command("back 2")) == before
        machine.command("now")
        assert machine.settled_screenshot().rows(0, 440) == shown
        machine.send("tour 2\r")
        wait_keys(machine, SHOW)
        machine.send("q")
        machine.wait_line("^tour end step=2 ")
        machine.wait_prompt()
        assert (machine.command("blocks"), machine.command("back 2")) == before
        machine.command("now")
        check(machine)


def test_tour_knows_its_words():
    """What is no step is refused in a line that names it; help tells what there is."""
    with shell(append="video=off") as machine:
        assert '"fast"' in error(machine.command("tour fast"))
        assert "no step 0; they are 1 to 26" in error(machine.command("tour 0"))
        assert "no step 27" in error(machine.command("tour auto 27"))
        assert '"4"' in error(machine.command("tour 3 4"))
        assert any("waits for nothing" in line for line in machine.command("help tour"))
