"""Back and forth: the picture of a moment is the same whichever way one comes to it."""

import re

from machine import Machine, shell
from report import alloc, blocks, check, error, free, only, parse
from test_quiz import point
from test_view import move_mouse

LEFT, RIGHT, HOME, END, ESCAPE = "\x1b[D", "\x1b[C", "\x1b[H", "\x1b[F", "\x1b"
TEN_LEFT, TEN_RIGHT = "\x1b[1;2D", "\x1b[1;2C"
NOW = "This is memory as it is now."


def moment(lines):
    """The fields of what back, forward, now or a key wrote, and the sentence below them."""
    fields, sentence = lines
    assert sentence.startswith("  ")
    return only(parse([fields], "past")), sentence[2:]


def go(machine, command):
    return moment(machine.command(command))


def press(machine, key):
    """Presses a key at the empty prompt; what it writes on the serial line, as moment says it."""
    count = len(machine.screen.lines)
    machine.send(key)
    machine.wait_until(lambda: len(machine.screen.lines) > count + 2 and machine.at_prompt(),
                       f"what {key!r} shows")
    return moment(machine.screen.lines[count + 1:])


def do_something(machine):
    """Eight events of all kinds; returns what is told of each: what, by."""
    sound = alloc(machine, "3M below 16M as sound")
    textures = alloc(machine, "40M as textures")
    free(machine, sound.id)
    alloc(machine, "300K as net")
    machine.command("stress 1")
    machine.command("inject double-free")
    free(machine, textures.id)
    alloc(machine, "1M above 64M as last")
    return [("allocated", "alloc"), ("allocated", "alloc"), ("freed", "free"),
            ("allocated", "alloc"), ("many", "stress"), ("many", "inject"), ("freed", "free"),
            ("allocated", "alloc")]


def pixels_of(machine):
    return machine.settled_screenshot().pixels


def cells_of(machine):
    """A text screen's cells: its cursor blinks."""
    return machine.read_physical(0xB8000, 80 * 25 * 2)


def walk(machine, picture_of):
    """Goes with keys from now to the oldest moment, and back: each looks the same both times."""
    def look(machine, told, sentence):
        return told.text, sentence, picture_of(machine)

    expected = do_something(machine)
    seen = {7: look(machine, *go(machine, "back"))}
    for number in range(6, -1, -1):
        seen[number] = look(machine, *press(machine, LEFT))
    for number, (text, _, _) in seen.items():
        told = only(parse([text], "past"))
        assert (told.moment, told.of, told.dropped) == (number, 8, 0), told
        assert told.what == "start" or (told.what, told.by) == expected[number - 1], told
    assert len({picture for _, _, picture in seen.values()}) == len(seen)
    keys = [(RIGHT, number) for number in range(1, 8)] + [(TEN_LEFT, 0), (RIGHT, 1), (HOME, 0)]
    for key, number in keys:
        assert look(machine, *press(machine, key)) == seen[number], number
    told, sentence = press(machine, END)
    assert (told.what, told.moment, sentence) == ("now", 8, NOW)


def test_moments_look_the_same_back_and_forth():
    """Each moment has one picture, and Esc, End, now and Shift with right come back to now."""
    with shell(append="video=640x480") as machine:
        assert error(machine.command("back")) == "there is no older moment: nothing happened before"
        walk(machine, pixels_of)
        for key in (ESCAPE, END, TEN_RIGHT):
            assert go(machine, "back 2")[0].moment == 6
            assert press(machine, key)[0].what == "now"
        assert go(machine, "back 3")[0].moment == 5
        assert go(machine, "forward 2")[0].moment == 7
        assert go(machine, "back 100")[0].moment == 0
        assert error(machine.command("back")) == "there is no older moment: nothing happened before"
        assert go(machine, "now")[0].what == "now"
        assert machine.command("now") == [NOW]
        check(machine)


def test_keys_of_the_keyboard():
    """The PS/2 keyboard's arrows do the same, also with Shift."""
    with shell(append="video=640x480") as machine:
        for _ in range(12):
            alloc(machine, "4K")
        machine.command("back")
        for keys, number in ((("left",), 10), (("shift", "left"), 0), (("shift", "right"), 10),
                             (("home",), 0), (("right",), 1), (("shift", "right"), 11)):
            count = len(machine.screen.lines)
            machine.press(*keys)
            machine.wait_until(lambda: len(machine.screen.lines) > count + 2 and
                               machine.at_prompt(), f"what {keys} show")
            assert moment(machine.screen.lines[count + 1:])[0].moment == number, keys
        machine.type_text("blocks\n")
        machine.wait_line("what=now")


WHITE = bytes((0xE8, 0xE3, 0xD9))  # THEME_TEXT
SAND = bytes((0xE3, 0xB7, 0x78))  # THEME_ACCENT


def find_shown(machine):
    """The middle of the shown moment's mark, in the line at the end of the note."""
    shot = machine.settled_screenshot()

    def pixel(x, y):
        return shot.row(y)[3 * x:3 * x + 3]
    top = shot.height - 130
    left = next(x for x in range(shot.width) if pixel(x, top) == SAND)  # the note's edge
    bottom = max(y for y in range(top, shot.height) if pixel(left, y) == SAND)
    marked = [x for x in range(left, shot.width) if pixel(x, bottom - 4) == WHITE]
    return (marked[0] + marked[-1]) // 2, bottom - 4


def hold(machine, down):
    machine.send_input(("btn", {"button": "left", "down": down}))


def wait_moment(machine, number, count):
    """Waits until the serial line tells of that moment, in lines behind so many."""
    def told():
        return [only(parse([line], "past")).moment
                for line in machine.screen.lines[count:] if line.startswith("past ")]
    machine.wait_until(lambda: told()[-1:] == [number] and machine.at_prompt(),
                       f"moment {number}")
    return told()


def test_mouse_scrubs():
    """A click on the line of moments goes to that moment; the mouse drags along the line."""
    with shell(append="video=640x480x32") as machine:
        do_something(machine)
        go(machine, "back 100")
        oldest = find_shown(machine)
        go(machine, "forward 7")
        last = find_shown(machine)
        step = (last[0] - oldest[0]) // 7
        assert step > 4 and last[1] == oldest[1], (oldest, last)
        for _ in range(20):
            move_mouse(machine, -60, -60)
        point(machine, *oldest)
        count = len(machine.screen.lines)
        hold(machine, True)
        hold(machine, False)
        wait_moment(machine, 0, count)
        move_mouse(machine, 3 * step, 0)  # nothing is held
        hold(machine, True)
        wait_moment(machine, 3, count)
        count = len(machine.screen.lines)
        for _ in range(4 * step // 4):
            move_mouse(machine, 4, 0)
        told = wait_moment(machine, 7, count)
        assert told == sorted(told), told
        move_mouse(machine, 60, -60)  # beyond the end, and above the line
        wait_moment(machine, 8, count)
        move_mouse(machine, -60, 0)
        for _ in range(20):
            move_mouse(machine, -60, 0)
        wait_moment(machine, 0, count)
        hold(machine, False)
        assert find_shown(machine) == oldest
        count = len(machine.screen.lines)
        move_mouse(machine, 3 * step, 0)
        assert press(machine, RIGHT)[0].moment == 1
        assert press(machine, END)[0].what == "now"
        assert len(machine.screen.lines) <= count + 8, machine.screen.lines[count:]
        check(machine)


def test_moments_on_a_text_screen():
    """The same in characters."""
    with shell(append="video=text") as machine:
        walk(machine, cells_of)
        check(machine)


def test_moments_of_a_small_machine():
    """Where each frame is drawn, its free runs look the same too, and frames have numbers."""
    with shell(append="video=640x480") as machine:
        machine.command("machine tiny")
        for command in ("alloc 3f as a", "alloc 4f as b", "alloc 1f as c", "free 2", "alloc 2f as d",
                        "free 1"):
            machine.command(command)
        seen = {5: (*go(machine, "back"), pixels_of(machine))}
        for number in range(4, -1, -1):
            seen[number] = (*press(machine, LEFT), pixels_of(machine))
        assert [seen[number][1] for number in range(6)] == [
            "Here the record begins: there is nothing before.",
            "alloc took frames 13 to 15 for a: block 1.",
            "alloc took frames 9 to 12 for b: block 2.",
            "alloc took frame 8 for c: block 3.",
            "free gave back frames 9 to 12 of b: block 2.",
            "alloc took frames 6 to 7 for d: block 4."], seen
        assert len({picture for _, _, picture in seen.values()}) == len(seen)
        for number in range(1, 6):
            assert (*press(machine, RIGHT)[1:], pixels_of(machine)) == seen[number][1:]
        assert press(machine, RIGHT)[0].what == "now"
        check(machine)


def outlined(machine):
    """The frames of machine tiny that are outlined, at 640 by 480."""
    row = machine.settled_screenshot().row(200)
    left, width = 75, (628 - 75) / 16
    starts = [int(left + i * width) for i in range(17)]
    return [i for i in range(16) if SAND * 20 in row[3 * starts[i]:3 * starts[i + 1]]]


def test_event_is_outlined_on_a_small_machine():
    """The event's frames are outlined, also of a block that was freed; now nothing is."""
    with shell(append="video=640x480x32") as machine:
        machine.command("machine tiny")
        for command in ("alloc 3f as a", "alloc 4f as b", "free a", "alloc 2f as c"):
            machine.command(command)
        assert go(machine, "back")[0].what == "freed"
        assert outlined(machine) == [13, 14, 15]
        assert press(machine, LEFT)[0].what == "allocated"
        assert outlined(machine) == [9, 10, 11, 12]
        assert press(machine, END)[0].what == "now"
        assert outlined(machine) == []
        machine.command("textbook on")
        assert go(machine, "back")[0].moment == 3
        machine.command("now")
        check(machine)


def test_events_are_sentences():
    """The fields come first, then the sentence."""
    with shell(append="video=640x480") as machine:
        block = alloc(machine, "3M below 16M as sound")
        free(machine, block.id)
        assert block.physical == 13 << 20
        alloc(machine, "4K as other")
        assert machine.command("back") == [
            f"past moment=2 of=3 dropped=0 what=freed by=free id={block.id} "
            f"base=0x{block.physical:x} bytes=3145728 owner=sound",
            f"  free gave back 3 MiB at 13 MiB of sound: block {block.id}."]
        assert machine.command("back") == [
            f"past moment=1 of=3 dropped=0 what=allocated by=alloc id={block.id} "
            f"base=0x{block.physical:x} bytes=3145728 owner=sound",
            f"  alloc took 3 MiB at 13 MiB for sound: block {block.id}."]
        assert machine.command("back") == [
            "past moment=0 of=3 dropped=0 what=start",
            "  Here the record begins: there is nothing before."]
        line = only(parse(machine.command(f"at 0x{block.physical:x}"), "frame"))
        assert line.state == "free"
        machine.command("forward")
        line = only(parse(machine.command(f"at 0x{block.physical:x}"), "frame"))
        assert (line.state, line.block, line.owner) == ("used", block.id, "sound")


def test_commands_return_to_now():
    """What changes or lists memory shows it as it is first, and says so."""
    with shell(append="video=640x480") as machine:
        alloc(machine, "3M as one")
        before = machine.settled_screenshot().rows(0, 250)
        for command in ("blocks", "alloc 4K as two", "check", "machine", "step"):
            count = len(blocks(machine))
            machine.command("back")
            lines = machine.command(command)
            told, sentence = moment(lines[:2])
            assert told.what == "now" and told.moment == told.of and sentence == NOW, lines
            assert len(blocks(machine)) == count + (command == "alloc 4K as two")
        machine.command("free 1000")
        machine.command("back")
        for command in ("zoom", "help back", "at 0"):
            assert "  " + NOW not in machine.command(command)
        machine.submit("") # an empty line does nothing
        assert machine.settled_screenshot().rows(0, 250) != before
        assert go(machine, "now")[0].what == "now"
        check(machine)


def test_wrong_words():
    """Each refusal is a line that names the value, and nothing moves."""
    with shell(append="video=640x480") as machine:
        assert "no later moment" in error(machine.command("forward"))
        alloc(machine, "4K")
        assert machine.command("back 0") == ["error: back 0 goes nowhere; it takes 1 or more events"]
        assert '"x"' in error(machine.command("back x"))
        assert '"2"' in error(machine.command("back 1 2"))
        assert '"1"' in error(machine.command("now 1"))
        assert machine.command("now") == [NOW]
    with shell(append="video=off") as machine:
        alloc(machine, "4K")
        for command in ("back", "forward"):
            assert error(machine.command(command)) == \
                "nothing that happened was recorded: there is no picture that could show it"


def test_machines_have_their_own_past():
    """A simulated machine's begins when it is opened, and ends with it; this machine's goes on."""
    with shell(append="video=640x480") as machine:
        free_before = len(blocks(machine))
        alloc(machine, "4K as here")
        machine.command("machine 486")
        assert error(machine.command("back")) == "there is no older moment: nothing happened before"
        alloc(machine, "1M as there")
        assert go(machine, "back")[0].what == "start"
        machine.command("forward")
        machine.command("machine 486")
        assert error(machine.command("back")) == "there is no older moment: nothing happened before"
        machine.command("machine real")
        assert len(blocks(machine)) == free_before + 1
        told, _ = go(machine, "back 100")
        assert told.what == "start"
        told, _ = go(machine, "forward")
        assert (told.what, told.owner) == ("allocated", "here")
        machine.command("now")
        check(machine)


def test_large_machine_has_none():
    """Where a copy of a simulated machine's tables does not fit, back is refused with the sizes."""
    with shell(memory="256M", append="video=640x480") as machine:
        machine.command("machine xeon")
        alloc(machine, "1G as there")
        assert re.fullmatch(r"nothing that happened was recorded: the record takes \d+(\.\d)? MiB, and "
                            r"only a sixteenth of the longest free run, \d+(\.\d)? MiB, is for it",
                            error(machine.command("back")))
        machine.command("machine real")
        assert go(machine, "back")[0].of == 1
        machine.command("now")
        check(machine)


def test_small_pc_says_that_it_has_none():
    """A PC of 2 MiB boots without a record, and says so in a line; one of 4 MiB has one."""
    with shell(memory="2M", machine="isapc", cpu="486", append="video=text") as machine:
        assert [line for line in machine.screen.lines if line.startswith("past events=0 text=")]
        assert not [block for block in blocks(machine) if block.owner == "past"]
        alloc(machine, "4K")
        assert error(machine.command("back")).startswith(
            "nothing that happened was recorded: the record takes ")
        check(machine)
    with shell(memory="4M", machine="isapc", cpu="486", append="video=text") as machine:
        assert not [line for line in machine.screen.lines if line.startswith("past ")]
        assert [block for block in blocks(machine) if block.owner == "past"]
        alloc(machine, "4K")
        assert go(machine, "back")[0].what == "start"


def test_oldest_events_are_dropped():
    """A record keeps so many events; then the oldest go, and it says how many."""
    with shell(memory="4M", machine="isapc", cpu="486", append="video=text") as machine:
        block = alloc(machine, "4K")
        for number in range(block.id, block.id + 14 * 30, 14):
            machine.submit(";".join(f"free {number + i};alloc 4K" for i in range(14)))
        told, sentence = go(machine, "back 100000")
        dropped = told.dropped
        assert told.what == "start" and told.of == 841 and told.moment == dropped > 0, told
        assert sentence == f"This is the oldest moment that is kept: {dropped} older events were " \
                           "dropped."
        assert error(machine.command("back")) == "there is no older moment than that before " \
            f"event {dropped + 1}: {dropped} events were dropped"
        told, _ = go(machine, "forward")
        assert told.moment == dropped + 1
        machine.command("now")
        check(machine)


def test_script_needs_no_keys():
    """In a script back and forward write what they show."""
    with Machine(append="run=alloc 3M as one;alloc 4K as two;back 2;forward;now;exit") as machine:
        machine.wait_exit()
        told = [line for line in machine.screen.lines if line.startswith("past ")]
    assert [line.what for line in parse(told, "past")] == ["start", "allocated", "now"]
