"""What is on the screen: the right size, the memory view above, the shell below, and it moves."""

import glyphs
from machine import PROMPT, shell
from report import alloc, blocks, check, free

# Fewer would be a picture without kinds, owners and a legend.
COLOURS_MIN = 12


LINE_HEIGHT = 20  # of the shell, at most: what changes may leave the top of a line as it was


def shell_top(machine):
    """
    The first row that the shell ever draws in: all above it is the memory view. Found by filling
    the screen with text and looking which rows change, so that it holds for any layout.
    """
    before = machine.settled_screenshot()
    for _ in range(4):
        machine.command("help")
    after = machine.settled_screenshot()
    return min(before.changed_rows(after)) - LINE_HEIGHT


def check_view(machine, size):
    """A picture of this size, many colours, text in its title line, both halves in use."""
    shot = machine.wait_screenshot(lambda picture: picture.size == size, f"a mode of {size}")
    shot = machine.settled_screenshot()
    assert shot.size == size, shot.size
    colours = shot.colours()
    assert len(colours) >= COLOURS_MIN, f"{len(colours)} colours"
    assert max(colours.values()) < 0.97 * size[0] * size[1], "nearly blank"
    assert shot.rows(0, 40).edge_pixels() > 200, "no title line on top"
    assert shot.rows(size[1] // 2, size[1]).edge_pixels() > 200, "nothing in the lower half"


def test_default_mode():
    """1024x768 unless told otherwise, with a picture that is not blank."""
    with shell() as machine:
        check_view(machine, (1024, 768))


def test_asked_mode():
    """video=800x600x32 is what one gets."""
    with shell(append="video=800x600x32") as machine:
        check_view(machine, (800, 600))


def test_smallest_mode():
    """The view fits into 640x480."""
    with shell(append="video=640x480x32") as machine:
        check_view(machine, (640, 480))


def test_large_memory():
    """The view of a machine with 6 GiB is as full as that of a small one."""
    with shell(memory="6G", arch="x86_64") as machine:
        check_view(machine, (1024, 768))


def test_from_cd():
    """Booted by GRUB the screen is the same."""
    with shell(boot="cd") as machine:
        check_view(machine, (1024, 768))


def test_mode_command():
    """mode changes the resolution of the running system, and back; no block is lost."""
    with shell() as machine:
        before = machine.command("buddy")
        assert not any(line.startswith("error:") for line in machine.command("mode 800x600x32"))
        check_view(machine, (800, 600))
        assert not any(line.startswith("error:") for line in machine.command("mode 1024x768x32"))
        check_view(machine, (1024, 768))
        assert machine.command("buddy") == before
        check(machine)


def test_view_follows_blocks():
    """The view changes when a block comes, and is as before when it has gone."""
    with shell() as machine:
        free(machine, alloc(machine, "4K").id)
        top = shell_top(machine)
        assert top > 100, f"the shell begins in row {top}: no room for a view above it"
        def view(shot):
            """Without the history, which goes on, and the legend above it."""
            return shot.region(0, 0, 840, top)
        before = view(machine.settled_screenshot())
        block = alloc(machine, "48M as big")
        during = machine.wait_screenshot(
            lambda shot: view(shot).changed_pixels(before) > 2000, "48 MiB more in use")
        free(machine, block.id)
        machine.wait_screenshot(lambda shot: view(shot) == before, "the view as before")
        during = view(during)
        assert during.colours().keys() - before.colours().keys() or \
            during.colours() != before.colours(), "a new owner has no colour"


def test_shell_on_screen():
    """What is typed over serial and what it prints stands on the screen too."""
    with shell() as machine:
        before = machine.settled_screenshot()
        machine.command("check")
        machine.wait_screenshot(lambda shot: shot.changed_pixels(before) > 50, "check ok")


def test_prompt_can_be_read():
    """The prompt stands on the screen in the kernel's font; nothing else is taken for it."""
    with shell() as machine:
        shot = machine.wait_screenshot(lambda shot: glyphs.shows(shot, PROMPT), "the prompt")
        assert not glyphs.shows(shot, "ash1ar>")
        assert not glyphs.shows(shot, "ashlar>>")
        assert not glyphs.shows(machine.screenshot().rows(0, 430), PROMPT)


def test_keyboard():
    """A command typed on the PS/2 keyboard appears on the screen and is carried out."""
    with shell() as machine:
        before = machine.settled_screenshot()
        machine.type_text("alloc 64K as typed")
        machine.wait_screenshot(lambda shot: shot.changed_pixels(before) > 50, "typed text")
        machine.type_text("\n")
        machine.wait_until(lambda: any("owner=typed" in line for line in machine.screen.lines)
                           and machine.at_prompt(), "block of the typed command")
        assert [line for line in blocks(machine) if line.owner == "typed"]


def test_keyboard_editing():
    """Backspace, arrows and the upper row work on the keyboard as over serial."""
    with shell() as machine:
        machine.type_text("alloc 1Mx\b as key_o")
        machine.press("left")
        machine.type_text("b")
        machine.type_text("\n")
        machine.wait_until(lambda: any("owner=key_bo" in line for line in machine.screen.lines)
                           and machine.at_prompt(), "block of the edited command")


def test_keyboard_in_text_mode():
    """The keyboard works without graphics."""
    with shell(append="video=text") as machine:
        machine.type_text("check\n")
        machine.wait_until(lambda: any("check ok" in line for line in machine.text_screen()),
                           "check ok on the text screen")
