"""What inject does: each crime is caught, explained where its block is, and leaves nothing behind."""

import re

from machine import Machine, shell
from report import Line, alloc, buddy, check, error, parse
from test_view import move_mouse, move_to_corner, turn_wheel

CRIMES = ("double-free", "bad-free", "foreign-free", "overrun", "underrun", "use-after-free",
          "interrupt-alloc", "lying-map", "exhaustion", "fragmentation", "null", "write-code",
          "bad-frame", "bios-fault", "bios-wild", "bios-loop")
QUICK_CRIMES = CRIMES[:-1]  # the last one takes five seconds
FATAL = ("stack", "panic")

ERROR_COLOUR = bytes((0xFF, 0x8A, 0x7A))  # THEME_ERROR: the box's edge
BOX_PIXELS_MIN = 600  # of that edge, two pixels wide, around a few words

# The map of frames at 640x480; no history there, which would remember.
SMALL = "video=640x480x32"
PICTURE_BOTTOM = 320


def accounts(machine):
    """All that a crime could change: free frames, orders, blocks, and that they hold together."""
    lines = machine.command("buddy;blocks;check")
    assert lines[-1] == "check ok", lines
    return lines


def inject(machine, crime):
    """Commits it; the lines about it: what was caught, and the explanation."""
    lines = [line for line in machine.command(f"inject {crime}") if line]
    caught = [line for line in lines if line.startswith(f"inject crime={crime} ")]
    assert caught, f"inject {crime}: {lines}"
    for line in caught:
        assert re.search(r" (refused|caught): \S", line), line
    told = [line for line in lines if line.startswith(f"explanation crime={crime} text=\"")]
    assert len(told) == 1 and told[0].endswith('."'), lines
    assert not any("unnoticed" in line for line in lines), lines
    return caught, told[0]


def box_pixels(shot):
    return shot.rows(0, PICTURE_BOTTOM).pixels.count(ERROR_COLOUR)


def test_crimes_are_listed():
    """inject alone has a line for each crime."""
    with shell(append="video=off") as machine:
        lines = machine.command("inject")
        names = [re.fullmatch(r"crime name=(\S+) +\S.*", line)[1] for line in lines]
        assert names == list(CRIMES + FATAL), names
        assert '"kindness"' in error(machine.command("inject kindness"))


def test_crimes_leave_nothing_behind():
    """Free memory, orders and blocks are the same after each, and everything holds together."""
    with shell(append="video=off") as machine:
        alloc(machine, "3M below 16M as sound")
        before = accounts(machine)
        for crime in QUICK_CRIMES:
            inject(machine, crime)
            assert accounts(machine) == before, f"{crime} left something behind"
        alloc(machine, "20M as textures")


def test_crimes_are_shown_where_the_block_is():
    """A box stands over the picture until the next key; then it is as before, to the pixel."""
    with shell(append=SMALL) as machine:
        before = machine.settled_screenshot().rows(0, PICTURE_BOTTOM)
        assert box_pixels(before) == 0
        for crime in QUICK_CRIMES:
            inject(machine, crime)
            machine.wait_screenshot(lambda shot: box_pixels(shot) > BOX_PIXELS_MIN, crime)
            machine.send("\x7f")
            machine.wait_screenshot(lambda shot: shot.rows(0, PICTURE_BOTTOM) == before,
                                    f"the picture as before {crime}")
        check(machine)


def expect_box(append, colours=None, **options):
    """In that mode a crime changes the picture, and the next command takes it away again."""
    with shell(append=append, **options) as machine:
        before = machine.settled_screenshot().rows(0, PICTURE_BOTTOM)
        inject(machine, "overrun")
        machine.wait_screenshot(
            lambda shot: shot.rows(0, PICTURE_BOTTOM).changed_pixels(before) > 4000, "the box")
        machine.command("check")
        shot = machine.wait_screenshot(
            lambda shot: shot.rows(0, PICTURE_BOTTOM).changed_pixels(before) < 200,
            "all but the history as before")
        assert colours is None or len(shot.colours()) <= colours


def test_box_in_16_colours():
    """The same on a VGA's 16 colours."""
    expect_box("video=640x480x4", colours=16)


def test_box_in_256_colours():
    """The same with 8 bits a pixel, in the picture with a history."""
    expect_box("video=800x600x8")


def test_box_without_a_back_buffer():
    """What cannot be read back is drawn anew."""
    expect_box("video=640x480x32 backbuffer=none")


def test_box_in_characters():
    """On a text screen the explanation stands in a box of characters, until the next command."""
    with shell(append="video=text") as machine:
        before = machine.text_screen()[:12]
        for crime in ("overrun", "fragmentation", "exhaustion", "null"):
            _, told = inject(machine, crime)
            words = told.partition('"')[2][:-1].split()
            machine.wait_until(lambda: crime in "".join(machine.text_screen()[1:12]), "the box")
            shown = " ".join(machine.text_screen()[1:12]).split()
            assert all(word in shown for word in words), (words, shown)
            machine.command("check")
            machine.wait_until(lambda: machine.text_screen()[:12] == before, "no box")


def test_box_gives_way_to_a_change_of_mode():
    """Nothing of it is left in another mode, nor on the text screen."""
    with shell(append=SMALL) as machine:
        before = machine.settled_screenshot()
        inject(machine, "overrun")
        machine.command("mode 800x600")
        machine.wait_screenshot(lambda shot: shot.size == (800, 600) and box_pixels(shot) == 0,
                                "the other mode")
        inject(machine, "overrun")
        machine.command("mode 640x480")
        machine.wait_screenshot(
            lambda shot: shot.size == before.size and
            shot.rows(0, PICTURE_BOTTOM) == before.rows(0, PICTURE_BOTTOM), "the first mode")


def test_box_gives_way_to_the_wheel():
    """The mouse moves over the box; zooming shows memory as it is."""
    with shell(append=SMALL) as machine:
        before = machine.settled_screenshot()
        move_mouse(machine, 3, 3)
        machine.wait_screenshot(lambda shot: shot != before, "a pointer")
        inject(machine, "overrun")
        machine.wait_screenshot(lambda shot: box_pixels(shot) > BOX_PIXELS_MIN, "the box")
        before = machine.settled_screenshot()
        move_mouse(machine, 30, 30)
        shot = machine.wait_screenshot(lambda shot: shot != before, "the pointer elsewhere")
        assert box_pixels(shot) > BOX_PIXELS_MIN, "the box is gone"
        turn_wheel(machine, "wheel-up")
        machine.wait_screenshot(lambda shot: box_pixels(shot) == 0, "a part of memory")
        check(machine)


def test_mouse_that_moves_on_meanwhile():
    """What was pointed at before the crime is not marked once the mouse is elsewhere."""
    with shell(append=SMALL) as machine:
        before = machine.settled_screenshot().rows(0, PICTURE_BOTTOM)
        move_mouse(machine, 3, 3)
        machine.wait_screenshot(lambda shot: shot.rows(0, PICTURE_BOTTOM) != before, "a pointer")
        inject(machine, "overrun")
        machine.wait_screenshot(lambda shot: box_pixels(shot) > BOX_PIXELS_MIN, "the box")
        move_to_corner(machine)
        machine.send("\x7f")
        machine.wait_screenshot(lambda shot: shot.rows(0, PICTURE_BOTTOM) == before, "no mark")


def test_zoomed_picture_shows_the_block():
    """In a part of RAM the block is taken there, and the zoom stays."""
    with shell(append=SMALL) as machine:
        (part,) = parse(machine.command("zoom 32M 2M"), "zoom")
        caught, _ = inject(machine, "double-free")
        assert part.base <= Line(caught[0]).physical < part.end, caught
        assert machine.command("zoom") == [part.text]


def test_exhaustion_says_what_would_have_fitted():
    """One run is left, and its size is told; the shell can take all of the rest again."""
    with shell(append="video=off") as machine:
        before = buddy(machine)
        caught, _ = inject(machine, "exhaustion")
        assert Line(caught[0]).bytes == 131072 and caught[0].endswith("has 65536"), caught
        alloc(machine, f"{before[-1].largest * 4096} as rest")
        check(machine)


def test_fragmentation_is_made_of_pieces():
    """More is free in the range than was asked for, and the longest run is one piece."""
    with shell(append="video=off") as machine:
        caught, _ = inject(machine, "fragmentation")
        line = Line(caught[0])
        piece = int(caught[0].split()[-1])
        assert line.bytes < line.free < line.end - line.base, line
        assert line.free % piece == 0 and line.bytes > piece, line


def test_scarce_memory():
    """On an old PC with little memory, of which most is taken, the crimes that need much give up."""
    with shell(machine="isapc", cpu="486", memory="4M", append="video=text") as machine:
        for crime in ("exhaustion", "fragmentation", "lying-map", "overrun"):
            before = accounts(machine)
            inject(machine, crime)
            assert accounts(machine) == before, crime
        alloc(machine, f"{buddy(machine)[-1].largest * 4096} as rest")
        while buddy(machine)[-1].largest > 8:
            alloc(machine, f"{buddy(machine)[-1].largest * 4096} as rest")
        for crime in ("exhaustion", "fragmentation", "lying-map"):
            before = accounts(machine)
            error(machine.command(f"inject {crime}"))
            assert accounts(machine) == before, crime


def test_lying_map_comes_out_sound():
    """Entries that contradict each other go in; whole frames without overlaps come out."""
    with shell(append="video=off") as machine:
        lines = machine.command("inject lying-map")
        entries = [line for line in lines if line.startswith("entry ")]
        assert sum(line.endswith(" impossible") for line in entries) == 2, entries
        regions = parse([line for line in lines if line.startswith("region ")], "region")
        assert [region.kind for region in regions] == ["usable", "reserved", "usable", "bad",
                                                       "usable"], lines
        for lower, upper in zip(regions, regions[1:]):
            assert lower.end <= upper.base, lines
        usable = sum(region.bytes for region in regions if region.kind == "usable")
        (caught,) = [line for line in lines if line.startswith("inject ")]
        assert f" caught: {usable // 4096} are left" in caught, caught


def test_all_crimes():
    """inject all commits those that can be survived, and the last one stays on the screen."""
    with shell(append=SMALL) as machine:
        before = accounts(machine)
        lines = machine.command("inject all")
        told = [re.match(r"explanation crime=(\S+) ", line) for line in lines]
        assert [match[1] for match in told if match] == list(CRIMES), lines
        machine.wait_screenshot(lambda shot: box_pixels(shot) > BOX_PIXELS_MIN, "the last box")
        assert accounts(machine) == before


def test_all_crimes_a_key_at_a_time():
    """With step on each waits for a key, and q ends it."""
    with shell(append=SMALL) as machine:
        machine.command("step on")
        machine.send("inject all\r")
        for crime in CRIMES[:3]:
            machine.wait_line(rf"^explanation crime={crime} ")
            machine.wait_screenshot(lambda shot: box_pixels(shot) > BOX_PIXELS_MIN, crime)
            assert not machine.at_prompt()
            machine.send(" ")
        machine.wait_line(rf"^explanation crime={CRIMES[3]} ")
        machine.send("q")
        machine.wait_prompt()
        assert not any(f"crime={CRIMES[4]}" in line for line in machine.screen.lines)
        check(machine)


def test_crimes_in_a_script():
    """In a script nothing waits, and the exit comes."""
    with Machine(append="run=inject exhaustion;inject fragmentation;check;exit") as machine:
        machine.wait_exit()
        lines = machine.screen.lines
    assert "check ok" in lines, lines
    assert sum(line.startswith("explanation ") for line in lines) == 2, lines
