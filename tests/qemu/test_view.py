"""The memory view tells what happens: steps, marks, zoom, pointer."""

from machine import Machine, shell
from report import alloc, blocks, check, error, free, parse


def prompt_waits(machine):
    """True while a story waits for a key: a sentence is the last line, and there is no prompt."""
    return len(machine.screen.lines) > 1 and machine.screen.lines[-2].startswith("step what=") and \
        machine.screen.lines[-1].startswith("  ") and not machine.at_prompt()


def test_steps_wait_for_keys():
    """With step on, alloc tells a sentence a key, and the block's line comes at the end."""
    with shell() as machine:
        assert machine.command("step on")[0] == "step on"
        machine.send("alloc 3M below 16M align 64K as told\r")
        machine.wait_until(lambda: prompt_waits(machine), "a step")
        told = []
        while not machine.at_prompt():
            told.append(machine.screen.lines[-1])
            count = len(machine.screen.lines)
            machine.send(" ")
            machine.wait_until(lambda: machine.at_prompt() or len(machine.screen.lines) > count
                               and prompt_waits(machine), "the next step")
        assert told[0] == "  Wanted: 768 frames of 4 KiB, which is 3 MiB, below 16 MiB, at a multiple of 64 KiB.", told
        assert any("  The place: " in line for line in told), told
        assert any("larger than needed: halve it" in line for line in told), told
        assert "owner=told" in machine.screen.lines[-1]
        check(machine)


def press(machine, key):
    """Presses a key at a step, and returns the sentence that comes, as (sentence, screenshot)."""
    count = len(machine.screen.lines)
    machine.send(key)
    machine.wait_until(lambda: len(machine.screen.lines) > count and prompt_waits(machine), "a step")
    return machine.screen.lines[-1], machine.settled_screenshot().rows(0, 430)


def test_steps_go_back():
    """step on names the keys; left and b show the step before, with the picture that it had."""
    with shell() as machine:
        keys = machine.command("step on")
        assert keys == ["step on", "At each step: Enter, space, right: next; left, b: back; "
                                   "q, Esc: no more."], keys
        machine.send("alloc 3M below 16M align 64K as told\r")
        machine.wait_until(lambda: prompt_waits(machine), "a step")
        seen = [(machine.screen.lines[-1], machine.settled_screenshot().rows(0, 430))]
        for key in ("\x1b[C", " ", "\r"):
            seen.append(press(machine, key))
        assert len({text for text, _ in seen}) == len(seen)
        for key, step in zip(("b", "\x1b[D", "\x7f"), reversed(seen[:-1])):
            assert press(machine, key) == step
        machine.send("b") # there is no step before the first
        assert press(machine, " ") == seen[1]
        machine.send("\x1b")
        machine.wait_prompt()
        assert "step auto" in machine.screen.lines
        block = next(block for block in blocks(machine) if block.owner == "told")
        machine.command("step on")
        machine.send(f"free {block.id}\r")
        machine.wait_until(lambda: prompt_waits(machine), "a step")
        first = machine.screen.lines[-1]
        press(machine, " ")
        assert press(machine, "b")[0] == first
        machine.send("q")
        machine.wait_prompt()
        check(machine)


def test_steps_end_with_q():
    """q goes on without steps, for this command and those that follow."""
    with shell() as machine:
        machine.command("step on")
        machine.send("alloc 20M as told\r")
        machine.wait_until(lambda: prompt_waits(machine), "a step")
        machine.send("q")
        machine.wait_prompt()
        assert any("owner=told" in line for line in machine.screen.lines[-2:])
        assert "step auto" in machine.screen.lines
        assert len(machine.command("alloc 1M")) == 1


def test_steps_without_graphics():
    """On a text screen the sentences alone are told, merges not among them."""
    with shell(append="video=off") as machine:
        machine.command("step on")
        machine.send("alloc 1M below 1M\r")
        machine.wait_until(machine.at_prompt, "a refusal without a story")
        machine.send("alloc 4K\r")
        machine.wait_until(lambda: prompt_waits(machine), "a step")
        machine.send("q")
        machine.wait_prompt()
        check(machine)


def test_steps_in_a_script():
    """In a script nothing waits, and everything is told."""
    with Machine(append="run=step on;alloc 3M as one;free 9;exit") as machine:
        machine.wait_exit()
        lines = machine.screen.lines
    assert any("  The place: " in line for line in lines), lines
    assert any(", merge into one of " in line for line in lines), lines


def test_step_knows_its_words():
    """step tells its mode, and refuses what it does not know."""
    with shell(append="video=off") as machine:
        assert machine.command("step") == ["step auto"]
        assert '"fast"' in error(machine.command("step fast"))
        assert machine.command("step off") == ["step off"]


def test_window_is_drawn_until_the_next_command():
    """A request's window and place stand over the picture, and go with the next command."""
    with shell() as machine:
        before = machine.settled_screenshot().rows(0, 430)
        machine.command("alloc 31M below 32M")
        machine.wait_screenshot(lambda shot: shot.rows(0, 430).changed_pixels(before) > 5000,
                                "a window")
        machine.command("step off")
        machine.wait_screenshot(lambda shot: shot.rows(0, 430) == before, "the picture as before")


def test_place_that_is_told_is_marked():
    """at marks the block in the picture, or a row's buddy, until the next command."""
    with shell() as machine:
        block = alloc(machine, "20M")
        machine.command("step off")
        before = machine.settled_screenshot().rows(0, 430)
        seen = []
        for command in (f"at {block.physical:#x}", f"at {block.physical:#x} 12"):
            machine.command(command)
            marked = machine.settled_screenshot().rows(0, 430)
            assert marked.changed_pixels(before) > 300, command
            seen.append(marked)
            machine.command("step off")
            assert machine.settled_screenshot().rows(0, 430) == before, command
        assert seen[0] != seen[1]


def test_merges_stay_marked():
    """After a free whose steps are shown, its merges stay in the picture; else nothing does."""
    with shell() as machine:
        for mode, least in ("off", 0), ("show", 100):
            machine.command(f"step {mode}")
            free(machine, alloc(machine, "3M below 16M").id)
            freed = machine.settled_screenshot().rows(0, 430)
            machine.command(f"step {mode}")
            changed = freed.changed_pixels(machine.settled_screenshot().rows(0, 430))
            assert changed > least if least else changed == 0, (mode, changed)


def test_story_at_its_own_pace():
    """With step show, the story is drawn and ends by itself; typing is not lost meanwhile."""
    with shell() as machine:
        machine.command("step show")
        machine.send("alloc 3M below 16M as one\ralloc 1M as two\r")
        machine.wait_until(lambda: machine.at_prompt() and "owner=two" in machine.screen.lines[-1],
                           "both blocks")
        assert [line.owner for line in blocks(machine)].count("one") == 1


def move_mouse(machine, dx, dy):
    """Not more than a packet holds at a time."""
    machine.send_input(("rel", {"axis": "x", "value": dx}), ("rel", {"axis": "y", "value": dy}))


def turn_wheel(machine, button):
    for down in (True, False):
        machine.send_input(("btn", {"button": button, "down": down}))


def zoom_by_wheel(machine, button, is_reached):
    """Turns the wheel, a notch at a time, until it holds of what `zoom` says."""
    def turned():
        turn_wheel(machine, button)
        return is_reached(zoom(machine))
    machine.wait_until(turned, f"end of {button}")


def move_to_corner(machine):
    """Below and to the right of all that is looked at."""
    for _ in range(20):
        move_mouse(machine, 60, 60)


def zoom(machine):
    (line,) = parse(machine.command("zoom"), "zoom")
    return line


def test_zoom():
    """zoom shows a part of RAM down to single frames, and all of it again."""
    with shell() as machine:
        before = machine.settled_screenshot().rows(0, 430)
        whole = zoom(machine)
        assert whole.base == 0 and whole.end >= 0x7F00000, whole
        (part,) = parse(machine.command("zoom 32M"), "zoom")
        assert part.base == 0x2000000 and part.cell == 4096, part
        machine.wait_screenshot(lambda shot: shot.rows(0, 430).changed_pixels(before) > 10000,
                                "a part")
        (part,) = parse(machine.command("zoom 16M 32M"), "zoom")
        assert part.base == 0x1000000 and part.end == 0x3000000 and part.cell < whole.cell, part
        assert "no RAM: [0x80000000," in error(machine.command("zoom 2G"))
        assert "0 bytes" in error(machine.command("zoom 0 0"))
        assert zoom(machine).base == 0x1000000
        (again,) = parse(machine.command("zoom out"), "zoom")
        assert again.text == whole.text
        machine.wait_screenshot(lambda shot: shot.rows(0, 430) == before, "all of it")


def test_zoom_in_text():
    """The map of characters zooms as well; without any map, zoom says so."""
    with shell(append="video=text") as machine:
        (part,) = parse(machine.command("zoom 16M 1M"), "zoom")
        assert part.base == 0x1000000 and part.end == 0x1100000 and part.cell == 4096, part
        machine.wait_until(lambda: any("0x1040000" in line for line in machine.text_screen()),
                           "the row's address")
    with shell(append="video=off") as machine:
        assert "no map" in error(machine.command("zoom 16M"))


def test_at():
    """at tells block, owner, order and buddy of a frame, and what is no RAM."""
    with shell(append="video=off") as machine:
        (block,) = parse(machine.command("alloc 3M below 16M align 1M as told"), "block")
        (frame,) = parse(machine.command(f"at {block.physical + 0x123456}"), "frame")
        assert frame.state == "used" and frame.block == block.id and frame.owner == "told", frame
        assert frame.base == block.physical and frame.end == block.end, frame
        assert frame.node <= frame.address < frame.node + (4096 << frame.order)
        assert frame.buddy == frame.node ^ (4096 << frame.order)
        (below,) = parse(machine.command(f"at {block.physical - 1}"), "frame")
        assert below.state == "free" and below.end == block.physical, below
        assert below.fields["from"] in ("tree", "list", "rest", "last") and below.part > 0, below
        assert parse(machine.command("at 1M"), "frame")[0].owner == "kernel"
        assert parse(machine.command("at 0xB8000"), "frame")[0].state != "free"
        assert parse(machine.command("at 3G"), "frame")[0].state == "nothing"
        error(machine.command("at 0xFFFFFFFFFFFFFFFF"))


def test_at_order():
    """at with an order tells what is free in the aligned block there, whoever has it."""
    with shell(append="video=off") as machine:
        alloc(machine, "16K below 0x2000000")
        hole = alloc(machine, "8K below 0x2000000")
        alloc(machine, "4K below 0x2000000")
        free(machine, hole.id)
        (node,) = parse(machine.command("at 0x1FFFFFF 3"), "node")
        assert (node.base, node.end, node.order) == (0x1FF8000, 0x2000000, 3), node
        assert (node.head, node.longest, node.tail) == (1, 2, 0), node
        (node,) = parse(machine.command("at 0x1FFA000 1"), "node")
        assert (node.head, node.longest, node.tail) == (2, 2, 2), node
        assert "32" in error(machine.command("at 0x1FFA000 32")), "the value is not named"
        error(machine.command("at 0x1FFA000 x"))


def test_mouse_points():
    """The mouse moves a pointer, and what it covered is as before when it has moved on."""
    with shell() as machine:
        before = machine.settled_screenshot()
        move_mouse(machine, 3, 3)
        machine.wait_screenshot(lambda shot: shot.changed_pixels(before) > 100, "a pointer")
        move_to_corner(machine)
        machine.wait_screenshot(lambda shot: shot.rows(0, 700) == before.rows(0, 700),
                                "the pointer in the corner")
        machine.command("check")
        machine.type_text("alloc 64K as typed\n")
        machine.wait_until(lambda: any("owner=typed" in line for line in machine.screen.lines),
                           "the keyboard beside the mouse")


def test_mouse_wheel_zooms():
    """The wheel zooms around the pointer, down to a frame a cell, and back to all."""
    with shell() as machine:
        whole = zoom(machine).text
        move_mouse(machine, 3, 30)
        zoom_by_wheel(machine, "wheel-up", lambda line: line.cell == 4096)
        zoom_by_wheel(machine, "wheel-down", lambda line: line.text == whole)


def test_keys_point_and_zoom():
    """Without a mouse: Ctrl with an arrow points, Page Up and Page Down zoom; the line stays."""
    with shell() as machine:
        before = machine.settled_screenshot()
        whole = zoom(machine)
        machine.send("chec")
        machine.wait_until(lambda: machine.screen.current.endswith("chec"), "what was sent")
        machine.press("ctrl", "left")
        machine.press("ctrl", "up")
        machine.wait_screenshot(lambda shot: shot.changed_pixels(before) > 100, "a pointer")
        machine.press("pgup")
        machine.send("k\r")
        machine.wait_until(lambda: "check ok" in machine.screen.lines, "the line that was typed")
        machine.wait_prompt()
        assert zoom(machine).cell == whole.cell // 2
        machine.press("pgdn")
        machine.wait_until(lambda: zoom(machine).text == whole.text, "the zoom as before")


def test_large_letters():
    """mode ... large doubles the letters; what it refuses, and a mode that fails, changes nothing."""
    with shell() as machine:
        usual = machine.settled_screenshot()
        for words, told in (
                ("1024x768x32 large",
                 "1024x768x32 is too small for large letters: they need 1280x900 or more"),
                ("1920x1080x32 larger",
                 '"larger": only flip and large can follow a mode, each once'),
                ("1920x1080x32 large large",
                 '"large": only flip and large can follow a mode, each once')):
            assert error(machine.command("mode " + words)) == told
        shot = machine.settled_screenshot()
        assert shot.rows(0, 440) == usual.rows(0, 440)
        assert machine.command("mode 1920x1080x32 large")[-1] == \
            "mode size=1920x1080x32 letters=large"
        large = machine.settled_screenshot()
        assert large.size == (1920, 1080)
        assert "does not take that mode" in error(machine.command("mode 4001x3001x32"))
        assert machine.settled_screenshot().rows(0, 600) == large.rows(0, 600)
        assert machine.command("mode 1920x1080x32")[-1] == "mode size=1920x1080x32"
        assert machine.settled_screenshot().rows(0, 600) != large.rows(0, 600)
        check(machine)


def test_machine_without_a_mouse():
    """Without a second port at the controller nothing waits, and the keyboard works."""
    with shell(machine="isapc", cpu="486", append="video=text") as machine:
        machine.type_text("check\n")
        machine.wait_until(lambda: "check ok" in machine.screen.lines, "check ok")
