"""The text screen: the memory view in its upper rows, the shell below, in colour and monochrome."""

import re

from machine import shell
from report import alloc, check, free
from test_grub import iso_with

VIEW_ROWS = 12
TITLE = slice(0, 1)
GRID = slice(1, 9)
LEGEND = slice(9, 11)
SAID = slice(10, 12)
COLOUR_CELLS, MONOCHROME_CELLS = 0xB8000, 0xB0000

# What makes a VGA monochrome: its registers at 0x3Bx, by bit 0 of the miscellaneous output
# register, and its memory at 0xB0000, by bits 2 and 3 of the graphics controller's register 6. GRUB
# must not set a mode after that.
MAKE_MONOCHROME = ("set gfxpayload=text", "insmod iorw", "outb 0x3c2 0x66", "outb 0x3ce 0x06",
                   "outb 0x3cf 0x0a")


def cells(machine, address=COLOUR_CELLS):
    """25 rows of 80 pairs: character, attribute."""
    data = machine.read_physical(address, 80 * 25 * 2)
    return [list(zip(data[at:at + 160:2], data[at + 1:at + 160:2]))
            for at in range(0, len(data), 160)]


def text_of(rows):
    return ["".join(chr(code) if 0x20 <= code < 0x7F else "." for code, _ in row).rstrip()
            for row in rows]


def wait_for(machine, pattern, rows, address=COLOUR_CELLS):
    """Waits until the rows show it; returns the whole screen."""
    def shown():
        return "\n".join(text_of(cells(machine, address)[rows]))

    machine.wait_until(lambda: re.search(pattern, shown()), f"{pattern} on the text screen")
    return cells(machine, address)


def test_view_is_there_from_the_start():
    """The view does not wait for the first block."""
    with shell(append="video=text") as machine:
        rows = text_of(wait_for(machine, "Ashlar", TITLE))
        assert "blocks 2" in rows[0], rows[0]
        assert re.search(r"K kernel \S+K", "\n".join(rows[LEGEND])), rows[LEGEND]


def test_view_stays_above_the_shell():
    """However much the shell writes, it scrolls below the view, which stays."""
    with shell(append="video=text") as machine:
        before = wait_for(machine, "Ashlar", TITLE)[:VIEW_ROWS]
        assert any("ashlar>" in line for line in text_of(cells(machine))[VIEW_ROWS:])
        for _ in range(4):
            machine.command("help")
        assert cells(machine)[:VIEW_ROWS] == before
        check(machine)


def test_legend_follows_blocks():
    """An owner comes into title, grid and legend with its block, and goes with it."""
    with shell(append="video=text") as machine:
        before = wait_for(machine, "Ashlar", TITLE)[:VIEW_ROWS]
        block = alloc(machine, "32M as zebra")
        rows = text_of(wait_for(machine, r"Z zebra 32M", LEGEND))
        assert "blocks 3" in rows[0], rows[0]
        assert "".join(row[15:79] for row in rows[GRID]).count("Z") >= 64, rows[GRID]
        free(machine, block.id)
        machine.wait_until(lambda: cells(machine)[:VIEW_ROWS] == before, "the view as before")


def test_back_from_graphics():
    """mode text shows the view and the shell, a mode hides them, and text shows them again."""
    with shell() as machine:
        for _ in range(2):
            machine.command("mode text")
            wait_for(machine, "Ashlar", TITLE)
            machine.command("check")
            wait_for(machine, "check ok", slice(VIEW_ROWS, 25))
            machine.command("mode 800x600x32")
        check(machine)


def test_text_when_there_is_text():
    """mode text is no error where the text screen is shown already."""
    with shell() as machine:
        for _ in range(2):
            assert machine.command("mode text")[-1] == "mode text"
        wait_for(machine, "Ashlar", TITLE)


def test_panic_has_the_whole_screen():
    """A report longer than the shell's rows scrolls the view away, not its own beginning."""
    with shell(append="video=text") as machine:
        wait_for(machine, "Ashlar", TITLE)
        machine.qmp("inject-nmi")
        rows = text_of(wait_for(machine, "system has stopped", slice(0, 25)))
        assert any(row.startswith("panic: exception 2") for row in rows), rows
        assert not rows[0].startswith(" Ashlar"), rows


def check_monochrome(machine):
    """All of it is in monochrome's memory, and in its attributes: normal, bright and reverse."""
    alloc(machine, "32M as zebra")
    machine.command("free 99")
    rows = wait_for(machine, "error: .*99", slice(VIEW_ROWS, 25), MONOCHROME_CELLS)
    assert {attribute for row in rows for _, attribute in row} == {0x07, 0x0F, 0x70}
    assert text_of(rows)[0].startswith(" Ashlar"), text_of(rows)[0]
    letters = [attribute for row in rows[GRID] for code, attribute in row if code == ord("Z")]
    assert letters and set(letters) == {0x0F}
    error = next(row for row in rows if text_of([row])[0].startswith("error:"))
    assert error[0][1] == 0x0F


def test_monochrome_vga():
    """A VGA that its register says is monochrome gets text where it shows it."""
    with iso_with("multiboot /ashlar.elf video=text", *MAKE_MONOCHROME) as iso:
        with shell(boot="cd", iso=iso) as machine:
            check_monochrome(machine)
            picture = machine.settled_screenshot()
            assert picture.edge_pixels() > 2000, "nothing is seen of it"


def test_monochrome_after_graphics():
    """What was monochrome before a graphics mode is so again after it."""
    for adapter in ("vga", "bochs"):
        with iso_with(f"multiboot /ashlar.elf video={adapter}", *MAKE_MONOCHROME) as iso:
            with shell(boot="cd", iso=iso) as machine:
                assert machine.command("mode text")[-1] == "mode text"
                check_monochrome(machine)
                picture = machine.settled_screenshot()
                assert picture.edge_pixels() > 2000, "nothing is seen of it"


def ink_of(machine, address, row_bytes):
    """The attributes of the row of the grid that shows the address."""
    rows = cells(machine)[GRID]
    base = address // row_bytes * row_bytes
    (row,) = [row for row, text in zip(rows, text_of(rows)) if text.split()[0] == f"0x{base:x}"]
    return [colour for _, colour in row[15:79]]


def test_marks_of_a_request():
    """Window and place of a request, and what at tells, are marked until the next command."""
    with shell(memory="64M", append="video=text") as machine:
        wait_for(machine, "kernel", LEGEND)
        plain = cells(machine)
        alloc(machine, "3M below 16M align 64K as sound")
        wait_for(machine, "The place: 3 MiB at 13 MiB", SAID)
        assert set(ink_of(machine, 13 << 20, 8 << 20)[40:]) == {0xE0}
        assert set(ink_of(machine, 32 << 20, 8 << 20)) == {0x08}, "outside of the window"
        machine.command("at 0x1000000")
        wait_for(machine, "0x1000000: free", SAID)
        assert 0xE0 in ink_of(machine, 16 << 20, 8 << 20)
        assert 0xE0 not in ink_of(machine, 13 << 20, 8 << 20)
        machine.command("free sound")
        machine.command("step off")
        wait_for(machine, "kernel", LEGEND)
        assert cells(machine)[:VIEW_ROWS] == plain[:VIEW_ROWS]
        check(machine)
