"""The console's text: wrapped at words, anew in each mode, and kept for thousands of lines."""

import glyphs
from machine import PROMPT, shell
from report import alloc, blocks, check, error
from test_view import move_mouse, move_to_corner, turn_wheel

VIEW_ROWS = 12  # of a text screen
OWNER = "console"
FIRST_LINE = b", a kernel that shows its memory\n"

# A line of `help mode` that is longer than 80 columns, and shorter than 120.
LONG = ("  BITS is the depth on the screen, 32 if left out; the back buffer always has 32 bits a "
        "pixel.")
LONG_IN_80 = ["  BITS is the depth on the screen, 32 if left out; the back buffer always has 32",
              "bits a pixel."]


def console_rows(machine):
    """The console's rows of the text screen, once the prompt is in the last one with text."""
    def rows():
        return [row for row in machine.text_screen()[VIEW_ROWS:] if row]
    machine.wait_until(lambda: rows() and rows()[-1] == PROMPT.strip(), "the prompt")
    return machine.text_screen()[VIEW_ROWS:]


def shows_rows(rows, expected):
    return any(rows[at:at + len(expected)] == expected for at in range(len(rows)))


def console_blocks(machine):
    return [block for block in blocks(machine) if block.owner == OWNER]


def test_long_lines_end_at_words():
    """On 80 columns a longer line goes on in the next row, and no word is cut."""
    with shell(append="video=text") as machine:
        machine.command("help mode")
        assert shows_rows(console_rows(machine), LONG_IN_80), console_rows(machine)


def test_word_longer_than_a_row_is_cut():
    """A word that no row has room for goes on in the next one."""
    with shell(append="video=text") as machine:
        word = "0x" + "0123456789abcdef" * 7
        machine.send(f"unload {word}\r")
        machine.wait_until(lambda: machine.screen.lines[-1].endswith("drivers lists them"), "error")
        rows = console_rows(machine)
        begin, = [at for at, row in enumerate(rows) if row == "error: no driver"]
        assert rows[begin + 1] == '"' + word[:79], rows
        assert rows[begin + 2].startswith(word[79:] + '" is loaded;'), rows


def test_text_is_wrapped_anew_in_each_mode():
    """The same line fits on 124 columns, takes two of 78 or 80, and one again."""
    with shell(append="video=640x480x32") as machine:
        machine.command("help mode")
        shot = machine.wait_screenshot(lambda shot: glyphs.shows(shot, "always has"), "a row")
        assert not glyphs.shows(shot, LONG.strip())
        machine.command("mode 1024x768x32")
        machine.wait_screenshot(lambda shot: glyphs.shows(shot, LONG.strip()), "one row")
        machine.command("help mode")  # the rows of a text screen are few
        machine.command("mode text")
        assert shows_rows(console_rows(machine), LONG_IN_80), console_rows(machine)
        machine.command("mode 1280x1024x32")
        machine.wait_screenshot(lambda shot: glyphs.shows(shot, LONG.strip()), "one row again")
        check(machine)


def test_text_screen_has_the_last_lines():
    """However much was written before, a change of mode shows the last of it."""
    with shell() as machine:
        for _ in range(5):
            machine.command("help")
        answer = alloc(machine, "64K as recent")
        machine.command("mode text")
        rows = console_rows(machine)
        assert any(row.endswith("owner=recent") for row in rows), rows
        assert any(row.startswith(f"block id={answer.id} ") for row in rows), rows


def test_thousands_of_lines_are_kept():
    """The block has all lines since the start long after they left the screen."""
    with shell() as machine:
        block, = console_blocks(machine)
        assert block.bytes == 256 << 10, block
        count = 0
        while count < 2000:
            count += len(machine.command("help"))
        text = machine.read_physical(block.physical, block.bytes)
        assert FIRST_LINE in text
        assert text.count(b"\n") > 2000


def test_oldest_lines_go():
    """When the block is full, its oldest lines give way, and the newest are there."""
    with shell(memory="5M", append="video=text") as machine:
        block, = console_blocks(machine)
        for _ in range(2 * block.bytes // 500):
            machine.command("help alloc")
        machine.command("at 0x12345")
        text = machine.read_physical(block.physical, block.bytes)
        assert FIRST_LINE not in text
        assert b"ashlar> at 0x12345\n" in text
        check(machine)


def test_small_pc_has_no_block():
    """A PC of 2 MiB keeps its memory, and shows its text all the same."""
    with shell(memory="2M", machine="isapc", cpu="486", append="video=text") as machine:
        assert not console_blocks(machine)
        machine.command("help mode")
        assert shows_rows(console_rows(machine), LONG_IN_80), console_rows(machine)


def test_serial_line_needs_no_block():
    """Without a screen there is none either."""
    for append in ("video=off", "console=serial"):
        with shell(append=append) as machine:
            assert not console_blocks(machine)


def test_block_is_the_systems():
    """The shell may neither free it nor take one in its owner's name."""
    with shell(append="video=text") as machine:
        block, = console_blocks(machine)
        assert OWNER in error(machine.command(f"free {block.id}"))
        assert OWNER in error(machine.command(f"alloc 4K as {OWNER}"))


def test_line_longer_than_a_row_is_edited():
    """On 320x200 a line that is typed over two rows and erased leaves the screen as it was."""
    with shell(append="video=320x200x32") as machine:
        before = machine.settled_screenshot()
        machine.send("alloc 64K below 16M above 1M align 64K as somebody")
        machine.wait_until(lambda: machine.screen.current.endswith("somebody"), "the line")
        machine.wait_screenshot(lambda shot: glyphs.shows(shot, "somebody"), "the line's end")
        machine.send("\x01x\x05y\x15")
        machine.wait_screenshot(lambda shot: shot == before, "the screen as before")
        machine.wait_until(machine.at_prompt, "an empty line")
        check(machine)


def numbered(machine, count):
    """Makes the console's rows differ: an error that names its number, in each."""
    for number in range(1, count + 1):
        machine.command(f"line{number}")


def test_pager_of_the_text_screen():
    """Shift with Page Up shows earlier rows, with Page Down later ones, and text the last ones."""
    def wait_rows(machine, first, last):
        machine.wait_until(lambda: machine.text_screen()[VIEW_ROWS:][0] == first and
                           machine.text_screen()[-1].startswith(last), f"{first} to {last}")
    with shell(append="video=text") as machine:
        numbered(machine, 20)
        wait_rows(machine, "ashlar> line15", "ashlar>")
        machine.press("shift", "pgup")
        wait_rows(machine, "ashlar> line9", "-- 13 more below: Shift with Page Down ---")
        machine.press("shift", "pgup")
        wait_rows(machine, "ashlar> line3", "-- 25 more below: Shift with Page Down ---")
        machine.press("shift", "pgdn")
        wait_rows(machine, "ashlar> line9", "-- 13 more below: Shift with Page Down ---")
        machine.press("shift", "pgdn")
        wait_rows(machine, "ashlar> line15", "ashlar>")
        machine.press("shift", "pgup")
        machine.send("x")
        wait_rows(machine, "ashlar> line15", "ashlar> x")


def test_pager_of_the_picture():
    """The same keys, and the mouse's wheel over the console, look back beside the picture."""
    with shell() as machine:
        numbered(machine, 60)
        picture = machine.command("zoom")
        machine.wait_screenshot(lambda shot: glyphs.shows(shot, '"line60"'), "the end")
        machine.press("shift", "pgup")
        machine.wait_screenshot(lambda shot: glyphs.shows(shot, " more below: Shift with Page Down")
                                and not glyphs.shows(shot, '"line60"'), "a page back")
        machine.press("shift", "pgdn")
        machine.wait_screenshot(lambda shot: glyphs.shows(shot, '"line60"'), "the end")
        move_to_corner(machine)
        move_mouse(machine, -100, -100)
        turn_wheel(machine, "wheel-up")
        machine.wait_screenshot(lambda shot: glyphs.shows(shot, "-- 4 more below: "), "3 rows back")
        turn_wheel(machine, "wheel-down")
        machine.wait_screenshot(lambda shot: not glyphs.shows(shot, " more below: "), "the end")
        assert machine.command("zoom") == picture
