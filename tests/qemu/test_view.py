"""The memory view tells what happens: steps, marks, zoom, pointer."""

from machine import Machine, shell
from report import blocks, check, error


def prompt_waits(machine):
    """True while a story waits for a key: a sentence is the last line, and there is no prompt."""
    return machine.screen.lines and machine.screen.lines[-1].startswith("step text=") and \
        not machine.at_prompt()


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
        assert "768 frames in [0x0, 0x1000000), at a multiple of 0x10000" in told[0], told
        assert any("is the place" in line for line in told), told
        assert any("is split into two" in line for line in told), told
        assert "owner=told" in machine.screen.lines[-1]
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
    with Machine(append="run=step on;alloc 3M as one;free 6;exit") as machine:
        machine.wait_exit()
        lines = machine.screen.lines
    assert any("is the place" in line for line in lines), lines
    assert any("merge into one of" in line for line in lines), lines


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


def test_story_at_its_own_pace():
    """With step show, the story is drawn and ends by itself; typing is not lost meanwhile."""
    with shell() as machine:
        machine.command("step show")
        machine.send("alloc 3M below 16M as one\ralloc 1M as two\r")
        machine.wait_until(lambda: machine.at_prompt() and "owner=two" in machine.screen.lines[-1],
                           "both blocks")
        assert [line.owner for line in blocks(machine)].count("one") == 1
