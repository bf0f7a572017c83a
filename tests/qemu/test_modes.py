"""
Modes of drivers that nobody here wrote: long lists, modes that nobody can draw in, planes, colours,
and answers that do not hold. The drivers are tests/drivers/modes.c and tests/drivers/planar.c.
"""

import re

from machine import shell
from report import Line, blocks, check
from test_display import adapter_of, check_picture, modes_of, show_mode
from test_drivers import binary, booted_with, errors_of

PICTURES = 300

# Beside 300 modes in two frequencies, the driver lists eight that stand for these.
LEFT_OUT = {"left-out": PICTURES + 8, "text": 2, "planar": 2, "depth": 1, "masks": 1,
            "malformed": 1, "too-large": 1, "repeated": PICTURES}

# What the driver answers wrongly before there is a mode, by the number of its parameter Answer.
WRONG_LISTS = {
    1: "it describes a mode in too few bytes: 0, not 68",
    2: "it describes a mode in too few bytes: 40, not 68",
    3: "it describes a mode in too many bytes: 268435456, not 80",
    4: "it says that it has more modes than a list takes: 2000000, not 16384",
    5: "it does not say how many modes it has: status 1, not 0",
    6: "it does not list its modes: status 1, not 0",
    7: "it lists more modes than it said it has: bytes 48720, not 48640",
    8: "it has no mode",
    9: "it has no mode that can be drawn in: text=402 planar=202 depth=1 masks=1 malformed=1 "
       "too-large=1",
    10: "the adapter does not take that mode",
}

# The same of a mode that is to be set, of 648x480x16 or, where it is about colours, of 648x480x8.
WRONG_MODES = {
    11: "the mode that it set is not as it was listed",
    12: "its lines are too short: bytes 1295, not 1296",
    13: "it does not say which mode it set: status 1, not 0",
    14: "it does not load the colours of the mode's palette: status 1, not 0",
    15: "it does not map its video memory: status 1, not 0",
    16: "the frame buffer that it maps is smaller than the picture: bytes 65536, not 622080",
    18: "it does not set the mode: status 87, not 0",
    19: "its lines are too long: bytes 2147483648, not 1296",
    24: "the frame buffer that it tells of is not all of it mapped",
    25: "the frame buffer that it tells of is not all of it mapped",
}


def blocks_of(machine):
    """All blocks, without the numbers that the latest of them have."""
    return [re.sub(r"id=\d+ ", "", block.text) for block in blocks(machine)]


def left_out_of(machine):
    line, = [line for line in machine.command("video") if line.startswith("modes left-out=")]
    return Line(line).fields


# ---- lists -----------------------------------------------------------------------------------------


def test_three_hundred_modes():
    """All modes of a long list can be set; each is listed once, and the others are counted."""
    with booted_with([binary("modes")]) as machine:
        assert adapter_of(machine) == "modes"
        before = blocks_of(machine)
        modes = modes_of(machine)
        assert len(modes) == len(set(modes)) == PICTURES, len(modes)
        assert left_out_of(machine) == LEFT_OUT
        assert blocks_of(machine) == before  # the list is given back
        for mode in modes[::37] + modes[-1:]:
            show_mode(machine, mode)
        machine.command("mode 800x600x32")
        check_picture(machine, (800, 600), 32)
        machine.command("mode 800x600x8")
        check_picture(machine, (800, 600), 8)
        assert "unloaded name=modes leaked=0" in machine.command("unload modes")
        check(machine)


def test_lengths_of_descriptions():
    """Descriptions may be longer than we know them, as short as in old kits, or fewer than said."""
    for answer, count in ((17, PICTURES), (26, PICTURES), (20, 10)):
        with booted_with([binary("modes"), f"Answer={answer}"]) as machine:
            assert adapter_of(machine) == "modes"
            assert len(modes_of(machine)) == count
            check_picture(machine, (640, 480) if count == 10 else (800, 600), 32)


def test_linear_modes():
    """Who lists linear modes is told that one is wanted; who takes no flag is asked without."""
    for answer in (21, 22):
        with booted_with([binary("modes"), f"Answer={answer}"]) as machine:
            assert adapter_of(machine) == "modes", answer
            assert len(modes_of(machine)) == PICTURES
            check_picture(machine, (800, 600), 32)


def test_banked_modes():
    """Modes that are in banks only are not offered, and counted."""
    with booted_with([binary("modes"), "Answer=23"]) as machine:
        why = ("it has no mode that can be drawn in: text=2 planar=2 depth=1 masks=1 malformed=1 "
               f"banked={2 * PICTURES + 1}")
        assert f'passed adapter=modes why="{why}"' in machine.screen.lines, machine.screen.lines
        assert adapter_of(machine) == "bochs"


def test_flags_of_a_driver_are_its_own():
    """What a driver has in a mode's private flags does not make it flip, and refuses none."""
    with booted_with([binary("modes")]) as machine:
        assert any(line.startswith("mode size=800x600x32 ") and line.endswith(" present=copy")
                   for line in machine.command("video"))
        assert machine.command("mode 640x480x32 flip") == [
            "error: mode 640x480x32 flip: the adapter does not take that mode"]
        show_mode(machine, "640x480x32")
        check_picture(machine, (640, 480), 32)


def test_no_memory_for_the_list():
    """With memory full, `video` says why it lists no modes, and nothing is lost."""
    with booted_with([binary("modes")], memory="16M", append="video=640x480x32") as machine:
        for size in ("128K", "4K"):
            while machine.command(f"alloc {size}")[-1].startswith("block "):
                pass
        before = blocks_of(machine)
        error, = errors_of(machine.command("video"))
        assert error == "error: modes of modes: there is no memory for the list of its modes", error
        error, = errors_of(machine.command("mode 648x480x32"))
        assert error.endswith(": there is no memory for the list of its modes"), error
        assert blocks_of(machine) == before
        check(machine)


# ---- answers that do not hold ----------------------------------------------------------------------


def test_wrong_lists():
    """A list of modes that does not hold costs its driver the picture, in one line."""
    for answer, why in WRONG_LISTS.items():
        with booted_with([binary("modes"), f"Answer={answer}"]) as machine:
            passed = [line for line in machine.screen.lines if line.startswith("passed ")]
            assert passed == [f'passed adapter=modes why="{why}"'], (answer, passed)
            assert adapter_of(machine) == "bochs"
            check(machine)


def test_wrong_modes():
    """A mode that is not what the driver said is refused in one line; the old one is shown."""
    for answer, why in WRONG_MODES.items():
        mode = "648x480x8" if answer == 14 else "648x480x16"
        bits = mode.rpartition("x")[2]
        with booted_with([binary("modes"), f"Answer={answer}", f"Bits={bits}"]) as machine:
            before = blocks_of(machine)
            assert errors_of(machine.command(f"mode {mode}")) == [f"error: mode {mode}: {why}"]
            assert blocks_of(machine) == before, answer
            assert any(line.startswith("mode size=800x600x32 ")
                       for line in machine.command("video")), answer
            if answer in (11, 14, 16):
                check_picture(machine, (800, 600), 32)
            check(machine)


def test_wrong_first_modes():
    """The same when there is no old one: another adapter shows the picture."""
    for answer in (11, 16):
        why = WRONG_MODES[answer].replace("622080", str(656 * 480))  # the last that was tried
        with booted_with([binary("modes"), f"Answer={answer}"]) as machine:
            assert f'passed adapter=modes why="{why}"' in machine.screen.lines
            assert adapter_of(machine) == "bochs"
            check(machine)


def test_small_first_modes():
    """If the usual modes do not fit into what a driver maps, its smallest one is shown."""
    with booted_with([binary("modes"), "Answer=16", "Bits=32"]) as machine:
        assert adapter_of(machine) == "modes"
        check_picture(machine, (640, 480), 8)
        assert "unloaded name=modes leaked=0" in machine.command("unload modes")
        check(machine)


# ---- planes ----------------------------------------------------------------------------------------


def planar(*words, **options):
    return booted_with([binary("planar"), *words], **options)


def picture_of(machine):
    check_picture(machine, (640, 480), 4)
    return machine.settled_screenshot()


def test_planes():
    """A plain VGA's driver shows in four planes what our own shows, however it sets colours."""
    with shell(append="video=vga") as machine:
        own = picture_of(machine)
    for words in ((), ("Palette=1",), ("Registers=1", "Few=1")):
        with planar(*words) as machine:
            assert adapter_of(machine) == "planar"
            assert modes_of(machine) == ["640x480x4"]
            assert left_out_of(machine) == {"left-out": 1, "text": 1}
            shot = picture_of(machine)
            assert shot.rows(360, 480) == own.rows(360, 480), words  # the shell's, to the pixel
            assert "unloaded name=planar leaked=0" in machine.command("unload planar")
            check(machine)


def usual_colours():
    """The 16 of a text screen, of 6 bits a part, as QEMU shows them (hw/display/vga.c, c6_to_8)."""
    found = set()
    for i in range(16):
        parts = [(42 if i >> bit & 1 else 0) + (21 if i & 8 else 0) for bit in (2, 1, 0)]
        if i == 6:
            parts[1] = 21  # brown
        found.add(bytes(part << 2 | (part & 1) * 3 for part in parts))
    return found


def test_planes_in_the_usual_colours():
    """A driver that loads no more than 16 colours shows those of the text screen, rightly."""
    for words in (("Few=1",), ("Few=1", "Palette=1")):
        with planar(*words) as machine:
            assert adapter_of(machine) == "planar"
            machine.wait_screenshot(lambda picture: picture.size == (640, 480), "640x480")
            colours = machine.settled_screenshot().colours()
            assert len(colours) >= 8 and colours.keys() <= usual_colours(), (words, colours)


def test_planes_without_a_back_buffer():
    """Drawn straight into the planes, the picture is the same."""
    with planar(append="backbuffer=none") as machine:
        assert any("present=direct" in line for line in machine.command("video"))
        check_picture(machine, (640, 480), 4)
        check(machine)


def test_planes_on_other_adapters():
    """The planes are the same on a Cirrus, and on ISA."""
    for options in ({"vga": "cirrus"}, {"machine": "isapc", "cpu": "486"}):
        with planar(**options) as machine:
            assert adapter_of(machine) == "planar"
            check_picture(machine, (640, 480), 4)
            check(machine)


def test_planes_without_colours():
    """Planes whose colours cannot be loaded are refused, and what was held is given back."""
    with planar("Colours=0") as machine:
        why = "it does not load the colours of the mode's palette: status 1, not 0"
        assert f'passed adapter=planar why="{why}"' in machine.screen.lines
        assert "unloaded name=planar leaked=0" in machine.command("unload planar")
        check(machine)


def test_planes_and_text():
    """The way to text and back, and no block is left over."""
    with planar() as machine:
        before = blocks_of(machine)
        assert machine.command("mode text")[-1] == "mode text"
        show_mode(machine, "640x480x4")
        assert blocks_of(machine) == before
        check_picture(machine, (640, 480), 4)
        check(machine)
