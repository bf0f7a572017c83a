"""The quiz asks, tells what is right and why, plays it, and leaves the machine as it was."""

import re

from machine import PROMPT, Machine, shell
from report import Line, blocks, buddy, check, error, parse
from test_tour import NO_WAITING
from test_view import move_mouse

FIRST_FRAME = 0x400000 >> 12  # of machine tiny
TOPICS = ("place", "split", "merge", "exact", "limit", "align", "boundary", "fragmentation",
          "longest", "textbook")


class Question:
    """A question as it was written: its fields, sentences and choices, and the verdict."""

    def __init__(self, lines):
        self.fields = Line(lines[0])
        self.text = []
        self.choices = {}  # key: label
        for line in lines[1:]:
            choice = re.fullmatch(r"([A-D]): (.*)", line)
            if choice:
                self.choices[choice.group(1)] = choice.group(2)
            elif not self.choices:
                self.text.append(line)


ASKED = ("A-", "number")
LEADS_ON = ("Enter: ",)


def wait_key(machine, starts):
    """Waits for one of the lines that say which keys there are."""
    machine.wait_until(lambda: machine.screen.current.startswith(starts) and
                       machine.screen.current.endswith("end "), f"one of {starts}")


def next_question(machine):
    wait_key(machine, ASKED)
    lines = machine.screen.lines
    start = max(i for i, line in enumerate(lines) if line.startswith("question "))
    return Question(lines[start:])


def answer(machine, question, text):
    """Returns the verdict: the line of fields, and the sentences."""
    begin = len(machine.screen.lines)
    machine.send(f"{text}\r" if question.fields.answer == "number" else str(text))
    wait_key(machine, LEADS_ON)
    lines = machine.screen.lines[begin:]
    start = next(i for i, line in enumerate(lines) if line.startswith("answer "))
    return parse(lines[start:start + 1], "answer")[0], " ".join(lines[start + 1:])


def lead_on(machine):
    """Returns what was typed and printed, if something was to be seen."""
    begin = len(machine.screen.lines)
    is_seen = "see it" in machine.screen.current
    if is_seen:
        machine.send("\r")
        machine.wait_until(lambda: "see it" not in machine.screen.current, "what is played")
        wait_key(machine, LEADS_ON)
    lines = machine.screen.lines[begin:]
    machine.send("\r")
    return lines


def end_of(machine):
    machine.wait_until(machine.at_prompt, "the shell's prompt")
    line = next(line for line in reversed(machine.screen.lines) if line.startswith("quiz end "))
    assert machine.screen.lines[-1].endswith("The machine is again as it was before the quiz.")
    return parse([line.removeprefix("quiz ")], "end")[0]


def begin(machine, command):
    machine.send(command + "\r")


def check_played(question, verdict, lines):
    """What was typed shows that the answer is right, where it can be read from a line."""
    right = question.choices.get(str(verdict.answer), str(verdict.answer))
    block = next((Line(line) for line in lines if line.startswith("block ")), None)
    if right.startswith("frame "):
        assert block.physical // 4096 - FIRST_FRAME == int(right.split()[1]), (right, lines)
    elif question.fields.topic == "exact" and "How many frames does" in " ".join(question.text):
        assert block.frames == verdict.answer, (right, lines)
    elif question.fields.topic == "limit":
        assert block.frames == verdict.answer, (right, lines)
    elif question.fields.topic == "fragmentation":
        assert bool(block) == (right == "it fits"), (right, lines)
        assert block or f"there has {int(right.split()[1])}" in " ".join(lines), lines
    elif question.fields.topic == "merge":
        order = int(right.split()[1].rstrip(","))
        node = Line(next(line for line in lines if line.startswith("node ")))
        assert (node.order, node.longest) == (order, 1 << order), (right, lines)
    elif question.fields.topic == "longest":
        node = Line(next(line for line in lines if line.startswith("node ")))
        part = re.search(r"what is then the (\w+) of ", " ".join(question.text)).group(1)
        assert node.fields[part] == verdict.answer, (right, lines)


def test_whole_quiz():
    """Ten questions, one of each topic; wrong answers are told why; the second time all are right."""
    with shell(extra=NO_WAITING) as machine:
        free_before = buddy(machine)[1].text
        rights = {}
        for is_second in (False, True):
            begin(machine, "quiz 42")
            for number in range(1, 11):
                question = next_question(machine)
                assert question.fields.number == number and question.fields.seed == 42
                assert len(question.fields.frames) == 16, question.fields
                assert " ".join(question.text).endswith("?"), question.text
                first = 1 if question.fields.answer == "number" else "A"
                given = rights.get(question.fields.topic, first)
                verdict, sentences = answer(machine, question, given)
                assert (verdict.number, verdict.given) == (number, given), verdict
                is_right = verdict.given == verdict.answer
                label = question.choices.get(verdict.answer)
                told = f"{verdict.answer}: {label}" if label else str(verdict.answer)
                assert is_right or not is_second, verdict
                assert sentences.startswith("Right. " if is_right else "Wrong. "), sentences
                assert f"The answer is {told}." in sentences, sentences
                rights[question.fields.topic] = verdict.answer
                check_played(question, verdict, lead_on(machine))
            end = end_of(machine)
            assert (end.answered, end.of, end.topic, end.seed) == (10, 10, "all", 42), end
            assert set(rights) == set(TOPICS), rights
        assert end.right == 10 and end.wrong == "none", end
        assert buddy(machine)[1].text == free_before
        check(machine)


def check_refused(machine, typed, name, wanted):
    def errors():
        return [line for line in machine.screen.lines[before:] if line.startswith("error: ")]
    before = len(machine.screen.lines)
    machine.send(typed)
    machine.wait_until(errors, "an error")
    wait_key(machine, ASKED)
    assert error(errors()) == f'"{name}" is no answer here; {wanted}, or q to end the quiz'


def test_wrong_keys_are_named():
    """A key that is no answer is an error that names it; the question stays."""
    with shell(append="video=off") as machine:
        begin(machine, "quiz place 7")
        question = next_question(machine)
        last = max(question.choices)
        beyond = chr(ord(last) + 1)
        for key, name in (("x", "x"), ("1", "1"), (beyond, beyond), (beyond.lower(), beyond.lower()),
                          ("\r", "Enter"), (" ", "space"), ("\t", "that key")):
            check_refused(machine, key, name, f"type A to {last}")
        machine.send("\x1b")
        end = end_of(machine)
        assert (end.right, end.answered, end.wrong) == (0, 0, "none"), end
        begin(machine, "quiz limit 7")
        next_question(machine)
        for typed, name in (("17\r", "17"), ("999\r", "999"), ("1x", "x"), ("a", "a"),
                            ("\r", "Enter")):
            check_refused(machine, typed, name, "type a number from 0 to 16 and Enter")
        machine.send("19\b\b3\r")
        machine.wait_line("^answer number=1 given=3 ")
        wait_key(machine, LEADS_ON)
        machine.send("x")
        machine.wait_line('^error: "x" is no answer here; press Enter, or q to end the quiz$')
        machine.send("q")
        assert end_of(machine).answered == 1


def test_wrong_words_are_refused():
    """What quiz does not know is an error that names it, and nothing is asked."""
    with shell(append="video=off") as machine:
        takes = "; it takes a topic and a seed; help quiz lists the topics"
        meant = '; did you mean "merge"?'
        for words, wrong, rest in (("foo", "foo", takes), ("mrege", "mrege", meant),
                                   ("merge x", "x", takes), ("MERGE", "MERGE", meant)):
            said = error(machine.command(f"quiz {words}"))
            assert said == f'quiz does not know "{wrong}"{rest}', said
        for words, wrong in (("merge 5 6", "6"), ("5 merge", "merge"), ("merge merge", "merge")):
            assert f'"{wrong}"' in error(machine.command(f"quiz {words}"))
        for text in machine.command("help quiz"):
            assert len(text) <= 100, text
        assert not any(line.startswith("question ") for line in machine.screen.lines)
        check(machine)


def test_machine_is_as_before():
    """The simulated machine that was open, with its blocks, is open again when the quiz ends."""
    with shell() as machine:
        real = [line.text for line in blocks(machine)]
        machine.command("machine thinkpad")
        machine.command("alloc 3M below 16M as mine")
        before = (machine.command("machine")[0], machine.command("blocks"),
                  machine.command("buddy"))
        begin(machine, "quiz merge 5")
        answer(machine, next_question(machine), "b")
        lead_on(machine)
        next_question(machine)
        machine.press("esc")
        end = end_of(machine)
        assert (end.answered, end.of, end.topic) == (1, 10, "merge"), end
        assert before == (machine.command("machine")[0], machine.command("blocks"),
                          machine.command("buddy"))
        check(machine)
        machine.command("machine real")
        assert [line.text for line in blocks(machine)] == real
        check(machine)


def test_click_answers():
    """A click on a choice is the answer, and one beside it is none."""
    with shell(append="video=640x480x32") as machine:
        begin(machine, "quiz place 7")
        next_question(machine)
        shot = machine.settled_screenshot()
        left, top = find_choice(shot)
        for _ in range(20):
            move_mouse(machine, -60, -60)
        click(machine)
        point(machine, left, top)
        click(machine)
        machine.wait_line("^answer number=1 given=A ")
        wait_key(machine, LEADS_ON)


CHOICE_GROUND = bytes((0x12, 0x16, 0x1B))  # THEME_GROUND


def find_choice(shot):
    """A pixel of the first choice: dark, in the note, behind the note's left edge."""
    for y in range(352, 420):
        if shot.region(19, y, 22, y + 1).colours().keys() == {CHOICE_GROUND}:
            return 20, y + 4
    raise AssertionError("there is no choice in the note")


def point(machine, x, y):
    while x or y:
        dx, dy = min(x, 60), min(y, 60)
        move_mouse(machine, dx, dy)
        x, y = x - dx, y - dy


def click(machine):
    for down in (True, False):
        machine.send_input(("btn", {"button": "left", "down": down}))


def test_script_gives_the_answers():
    """In a script at boot each question has its answer below it, and nothing waits."""
    with Machine(append="video=off run=quiz split 3;exit 5") as machine:
        assert machine.wait_exit() == (0x10 + 5) << 1 | 1
        lines = machine.screen.lines
        answers = parse([line for line in lines if line.startswith("answer ")], "answer")
        assert [(line.number, line.given) for line in answers] == [
            (number, "none") for number in range(1, 11)]
        assert sum(line.startswith("The answer is ") for line in lines) == 10
        assert sum(line.startswith("question ") for line in lines) == 10
        assert any(line.startswith(f"{PROMPT} alloc ") for line in lines)
        assert any(line.startswith("quiz end right=0 answered=0 of=10 topic=split seed=3 ")
                   for line in lines)


def test_quiz_with_little_memory():
    """A PC of 2 MiB plays the quiz, too; if its memory is taken, a line says what is missing."""
    with shell(memory="2M", append="video=off") as machine:
        begin(machine, "quiz textbook 1")
        question = next_question(machine)
        answer(machine, question, min(question.choices, default=1))
        machine.send("\x1b")
        end_of(machine)
        largest = buddy(machine)[1].largest
        machine.command(f"alloc {largest * 4}K as most")
        said = machine.command("quiz")
        assert any(line.startswith("error: ") for line in said), said
        assert not any(line.startswith("question ") for line in said), said
        check(machine)
