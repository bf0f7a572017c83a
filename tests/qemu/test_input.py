"""What is typed arrives whole, or is refused: the keypad, a line that is pasted faster than it is
read, and a PC that nothing can be typed on.
"""

import re

from machine import Machine, shell
from report import check

PASTE_BYTES = 100 << 10
INVITATION = "Type tour to be shown around, or help for the commands."

# The keys by QEMU's names (qapi/ui.json, QKeyCode), and what they leave at the prompt.
KEYPAD = [
    (["kp_7", "kp_4", "kp_5", "kp_0"], ""),
    (["num_lock", "kp_7", "kp_8", "kp_9", "kp_4", "kp_5", "kp_6", "kp_1", "kp_2", "kp_3", "kp_0",
      "kp_decimal"], "7894561230."),
    (["kp_divide", "kp_multiply", "kp_subtract", "kp_add"], "/*-+"),
    (["kp_1", "kp_2", "home", "kp_3"], "312"),
    (["num_lock", "a", "b", "kp_7", "c"], "cab"),
    (["a", "b", "kp_4", "c", "kp_1", "d"], "acbd"),
    (["a", "b", "kp_7", "kp_decimal"], "b"),
    (["less"], "\\"),
    (["caps_lock", "a", "1", "less", "caps_lock", "b"], "A1\\b"),
]


def test_keypad():
    """The keypad has digits with Num Lock and cursor keys without it; the extra key is there."""
    with shell(append="video=text") as machine:
        for keys, text in KEYPAD:
            for key in keys:
                machine.press(key)
            machine.wait_until(lambda wanted=text: machine.screen.current.rstrip()
                               == f"ashlar> {wanted}".rstrip(), f"{text!r} of {keys}")
            machine.press("ctrl", "c")
            machine.wait_until(machine.at_prompt, "an empty line")


def test_enter_of_the_keypad():
    """The keypad's Enter runs the line."""
    with shell(append="video=text") as machine:
        machine.press("num_lock")
        machine.type_text("alloc ")
        machine.press("kp_4")
        machine.press("kp_0")
        machine.press("kp_9")
        machine.press("kp_6")
        machine.press("kp_enter")
        assert machine.wait_line(r"^block id=\d+ .* bytes=4096 ")


def test_nothing_can_be_typed():
    """A PC with USB only says at its prompt that nothing can be typed; others do not."""
    said = "error: nothing can be typed: no PS/2 keyboard controller, no serial port"

    def shows_prompt(machine):
        return any(line == "ashlar>" for line in machine.text_screen())
    with Machine(machine="pc,i8042=off", append="video=text", serial=False) as machine:
        machine.wait_until(lambda: shows_prompt(machine), "prompt on the screen")
        lines = [line for line in machine.text_screen() if line]
        assert lines[lines.index("ashlar>") - 1] == said, lines
        assert INVITATION not in lines
    for options in ({"machine": "pc,i8042=off"}, {"serial": False}):
        with Machine(append="video=text", **options) as machine:
            machine.wait_until(lambda current=machine: shows_prompt(current), "prompt")
            lines = machine.text_screen()
            assert INVITATION in lines and said not in lines, lines


def paste_of(line_bytes, total_bytes):
    """Allocations, each of a size of its own, as long as its line shall be; how many there are."""
    lines = []
    while len(lines) * line_bytes < total_bytes:
        number = len(lines) + 1
        lines.append(f"bogus{number:05d} {'x' * (line_bytes - 12)}\r")
    return lines


def test_paste_during_a_command():
    """100 KiB that are pasted while a command runs are all run after it, line by line."""
    with shell(append="video=off", lifetime=300) as machine:
        lines = paste_of(60, PASTE_BYTES)
        machine.send("stress 3\r" + "".join(lines) + "alloc 12K as last\r")
        machine.wait_line(r"^block id=\d+ .* bytes=12288 .*owner=last", seconds=200)
        machine.wait_prompt()
        ran = [int(number) for number in
               re.findall(r'^error: there is no command "bogus(\d+)"; help lists them$',
                          "\n".join(machine.screen.lines), re.MULTILINE)]
        assert ran == list(range(1, len(lines) + 1)), (len(ran), len(lines))
        assert not [line for line in machine.screen.lines if "bytes of this line" in line]
        check(machine)


def test_ctrl_c_behind_what_was_typed():
    """Ctrl-C ends a command, and takes what was typed before it; what is typed behind it is run."""
    with shell(append="video=off") as machine:
        machine.send("stress 60\r")
        machine.wait_until(lambda: "[" in machine.screen.current, "stress")
        machine.send("alloc 4K as before\r\x03alloc 8K as behind\r")
        machine.wait_line(r"^block .*owner=behind")
        assert not [line for line in machine.screen.lines if "owner=before" in line]
        check(machine)


def test_line_that_is_too_long():
    """Of a line with more than 255 characters nothing is run; its first 255 could mean another."""
    with shell(append="video=off") as machine:
        text = "alloc 4K" + " " * (255 - len("alloc 4K"))
        assert machine.submit(text)[0].startswith("block "), "255 are not too many"
        before = machine.command("buddy")
        lines = machine.submit(text + "below 16M")
        assert lines == [f'error: a line has at most 255 characters, nothing of this one is run: '
                         f'"{text[:32]}..."'], lines
        assert machine.command("buddy") == before
        check(machine)


def test_ctrl_c_of_a_full_keyboard():
    """Ctrl-C at the keyboard ends a command even if more was typed than is kept: 4 KiB."""
    with shell(append="video=text", lifetime=240) as machine:
        machine.send("stress 600\r")
        machine.wait_until(lambda: "[" in machine.screen.current, "stress")
        for _ in range(4200 // 8):
            machine.send_input(*(("key", {"down": down, "key": {"type": "qcode", "data": "a"}})
                                 for down in (True, False) * 4))
        machine.press("ctrl", "c")
        machine.wait_line(r"^stress operations=\d+ failed=0 ok$")
        assert machine.submit("check")[-1] == "check ok"
