#!/usr/bin/env python3
"""Sees that every lab grades right: its solution, its start file, typical wrong answers.

    tests/labs/run.py [PART OF A NAME ...]

The compilers and what make built come from the environment, as for tools/lab.py. Each file of
tests/labs/wrong says at its top what is wrong with it; here stands which rules must notice.
"""

import concurrent.futures
import contextlib
import functools
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
sys.dont_write_bytecode = True  # everything made lies in build/

import attacks  # noqa: E402
import lab as grader  # noqa: E402
import sandbox  # noqa: E402

LABS = range(1, 7)
POINTS = 8  # of each lab's rules on the host
JOBS = min(8, 2 * (os.cpu_count() or 1))  # they wait, for machines and for files that never end
ALL = "all"

# The rules that a wrong answer breaks, and the points that it has left.
WRONG = {
    "1-reserved-ignored": ("wins frames edges maps", 2),
    "1-rounded-outward": ("frames maps", 5),
    "1-ends-overflow": ("edges maps", 5),
    "1-sorted-already": (ALL, 0),
    "2-last-word-whole": ("tail give wrong count", 3),
    "2-last-word-lost": ("tail give wrong count", 3),
    "2-run-in-a-word": ("runs give wrong count", 2),
    "2-free-unchecked": ("wrong count", 6),
    "2-free-in-one-block": ("give wrong count", 4),
    "2-one-word-too-many": (ALL, 0),
    "3-wrong-neighbour": ("merge tail wrong", 4),
    "3-merges-once": ("merge tail wrong", 4),
    "3-tail-lost": ("start full tail", 5),
    "3-splits-the-largest": ("split full merge tail wrong", 1),
    "3-unaligned-start": ("full tail", 6),
    "4-limit-inclusive": ("limit all edges", 4),
    "4-aligned-in-the-arena": ("align all edges", 5),
    "4-boundary-once": ("boundary all", 5),
    "4-sum-overflows": ("edges", 7),
    "5-powers-of-two": ("exact complete largest", 3),
    "5-buddies-alone": ("complete largest", 5),
    "5-every-frame": ("quick", 6),
    "5-largest-by-looking": ("quick", 6),
    "6-one-rectangle": ("little", 7),
    "6-rectangle-by-rectangle": ("once many", 5),
    "6-list-full": ("many", 7),
    "6-unclipped": ("outside", 7),
    "6-never-forgets": ("forget many", 6),
}

# The smallest failing cases of some, word for word: they are what a student reads.
CASES = {
    ("1-rounded-outward", "frames"):
        "1 entry: 0x0+0x1001 type 1; right is [0x0, 0x1000); it says [0x0, 0x2000)",
    ("2-last-word-whole", "tail"):
        "arena of 1 frame; take 1 -> 0; take 1 -> 1, which is not within the arena's [0, 1)",
    ("3-wrong-neighbour", "merge"):
        "arena of 2 frames; take order 0 -> 0; take order 0 -> 1; give 0; give 1; "
        "free buddies of order 1: lab_count says 0, it is 1",
    ("4-boundary-once", "boundary"):
        "arena of 3 frames; take 2 within 2 -> refused, though [0, 2) is free",
    ("5-buddies-alone", "complete"):
        "arena of 3 frames; take 3 -> refused, though [0, 3) is free",
    ("6-never-forgets", "forget"):
        "screen of 1x1; mark [0, 1) x [0, 1); present; present: copies 1 pixels, though nothing "
        "was marked",
}

# What is no answer at all is graded like one: lab 2's solution, something in front of lab_alloc.
ACCIDENTS = {
    "null": ("*(volatile int *)0 = 1;", "lab_alloc is undefined there: null.c:{line}:"),
    "wild": ("*(volatile int *)4096 = 1;", "lab_alloc crashes: SEGV"),
    "beside": ("used[LAB_WORDS(frame_total)] = 0;",
               "lab_alloc crashes: heap-buffer-overflow, 4 bytes, beside.c:{line} in lab_alloc"),
    "endless": ("for (;;) used[0] = 0;", "lab_alloc does not come to an end"),
    "recursion": ("lab_alloc(count + (used[0] == 1));", "lab_alloc crashes: stack-overflow"),
    "exit": ("exit(0);", "lab_alloc ends the program (exit)"),
    "_exit": ("_exit(0);", "lab_alloc ends the program (exit)"),
    "abort": ("abort();", "lab_alloc ends the program (Aborted)"),
    "killed": ("raise(SIGKILL);", "lab_alloc ends the program (Killed)"),
    "greed": ("for (;;) memset(malloc(1 << 20), 1, 1 << 20);",
              "lab_alloc takes more than 256 MiB"),
    "undefined": ("count = 1 << (int)(count + 40);", "lab_alloc is undefined there: "),
    "talk": ('printf("asked for %u\\n", (unsigned)count); used[0] = count;', ""),
    "flood": ('for (;;) puts("ones 8 of 8");', "lab_alloc prints more than 4 MiB"),
    "loop": ("for (;;) ;", "lab_alloc does not come to an end; stopped after 3 s"),
    "stops": ("raise(SIGSTOP);", "lab_alloc does not come to an end; stopped after 3 s"),
}

# In the kernel as well: solutions, and what must be noticed there.
IN_KERNEL = [(f"solutions/{number}.c", True) for number in LABS] + [
    ("1-map/start.c", False), ("6-presenter/start.c", False),
    ("2-one-word-too-many", False), ("3-wrong-neighbour", False), ("4-limit-inclusive", False),
]


def expect(condition, sentence):
    if not condition:
        raise AssertionError(sentence)


def path_of(name):
    """A file in docs/labs, a wrong answer, or a path."""
    for path in (ROOT / "docs" / "labs" / name, HERE / "wrong" / f"{name}.c", pathlib.Path(name)):
        if path.is_file():
            return path
    raise AssertionError(f"there is no {name}")


@functools.cache
def own_sandbox():
    """One for all tests. Where none can be had, those that want one have failed."""
    return sandbox.Sandbox(ROOT)


@contextlib.contextmanager
def open_lab(number, path, is_own=False):
    with grader.private_folder() as out:
        lab = grader.find_lab(str(number), path, out, own_sandbox())
        lab.is_own = is_own
        yield lab


def host_rules(number, path, is_own=False):
    with open_lab(number, path, is_own) as lab:
        rules, warnings = grader.grade_on_host(lab)
    expect(sum(rule.of for rule in rules) == POINTS, f"the rules are not worth {POINTS} points")
    return rules, warnings


def kernel_rule(number, path, is_own=False):
    with open_lab(number, path, is_own) as lab:
        return grader.grade_in_kernel(lab)


def failed(rules):
    return " ".join(rule.name for rule in rules if rule.case is not None)


def test_solution(number):
    rules, warnings = host_rules(number, path_of(f"solutions/{number}.c"), True)
    expect(failed(rules) == "", f"the solution breaks {failed(rules)}: "
           f"{next((rule.case for rule in rules if rule.case), '')}")
    expect(not warnings, warnings)


def test_start(number):
    folder = next((ROOT / "docs" / "labs").glob(f"{number}-*"))
    rules, warnings = host_rules(number, folder / "start.c")
    expect(sum(rule.points for rule in rules) == 0,
           f"start.c keeps a rule; it breaks {failed(rules)}")
    expect(not warnings, warnings)


def test_wrong(name):
    broken, points = WRONG[name]
    rules, _ = host_rules(int(name[0]), path_of(name), True)
    if broken == ALL:
        broken = " ".join(rule.name for rule in rules)
    expect(failed(rules) == broken, f"it breaks {failed(rules)}, not {broken}")
    left = sum(rule.points for rule in rules)
    expect(left == points, f"{left} points, not {points}")
    for rule in rules:
        case = CASES.get((name, rule.name), rule.case)
        expect(rule.case == case, f"the smallest case of {rule.name} is: {rule.case}")


def test_every_wrong_answer_is_expected():
    found = sorted(path.stem for path in (HERE / "wrong").glob("*.c"))
    expect(found == sorted(WRONG), f"tests/labs/wrong has {found}")
    for number in LABS:
        count = sum(name.startswith(f"{number}-") for name in found)
        expect(count >= 3, f"lab {number} has {count} wrong answers")


def told_causes(rules):
    return [rule.case for rule in rules if "the same cause as above" not in rule.case]


def test_accident(name):
    code, sentence = ACCIDENTS[name]
    sentence = sentence.format(line=attacks.ALLOC_LINE)
    with attacks.file_of(f"{name}.c", attacks.with_alloc(code)) as path:
        rules, _ = host_rules(2, path)
    expect(sum(rule.points for rule in rules) == 0, "it keeps a rule")
    for rule in rules:
        expect(sentence in rule.case, f"{rule.name}: {rule.case}")
    if name == "talk":
        expect(rules[0].said[:1] == ["asked for 1"], f"it said {rules[0].said}")
    elif name != "recursion":
        expect(len(told_causes(rules)) == 1, f"a cause is told again: {told_causes(rules)}")


def points_and_reason(path):
    """What a file gets on the host, and all that is said about it."""
    try:
        rules, _ = host_rules(2, path)
    except (grader.Foul, grader.CannotGrade) as why:
        return 0, str(why)
    return sum(rule.points for rule in rules), " ".join(rule.case or "" for rule in rules)


def test_attack(name):
    attack = attacks.ATTACKS[name]
    with attacks.prepare(attack, name) as (path, is_untouched):
        points, reason = points_and_reason(path)
        expect(is_untouched(), "it wrote to a file")
    expect(points == 0, f"{points} points; {reason}")
    expect(attack.reason in reason, f"the reason is: {reason}")


def test_attacks_would_get_points():
    """What surrounds the attacks is right: so it is the attack that costs all points."""
    with attacks.file_of("right.c", attacks.with_alloc("")) as path:
        points, reason = points_and_reason(path)
    expect(points == POINTS, f"{points} points; {reason}")


def check_refused(name, text, sentence):
    with attacks.file_of(name, text) as path:
        points, reason = points_and_reason(path)
    expect(points == 0 and sentence in reason, f"{points} points: {reason}")


def test_does_not_compile():
    check_refused("syntax.c", "int x = ;\n", "syntax.c:1:9: error: expected expression")


def test_does_not_link():
    check_refused("missing.c", "int x;\n",
                  "there is no lab_alloc, lab_count_free, lab_free, lab_init")


def test_warnings():
    with attacks.file_of("warns.c", attacks.with_alloc("int unused;")) as path:
        _, warnings = host_rules(2, path)
    expect(f"warns.c:{attacks.ALLOC_LINE}:" in warnings and "unused variable" in warnings, warnings)


def test_runs_do_not_meet():
    """Of two runs at the same time, each grades its own file; and nothing is left behind."""
    def grade(text):
        with attacks.file_of("same.c", text) as path:
            return points_and_reason(path)[0]

    texts = [attacks.with_alloc(""), attacks.with_alloc("return LAB_NONE;")]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        points = list(pool.map(grade, texts))
    expect(points == [POINTS, 0], f"{points}")
    with grader.private_folder() as out:
        (out / "deep").mkdir()
    expect(not out.exists(), f"{out} is still there")


def test_no_sandbox():
    """Without bubblewrap nothing is graded, unless it is asked for."""
    with attacks.file_of("right.c", attacks.with_alloc("")) as path:
        words = [sys.executable, str(ROOT / "tools" / "lab.py"), "2", "--file", str(path)]
        words.append("--no-qemu")
        status, said = attacks.without_programs(words, "bwrap")
        expect(status == 2 and "error: no sandbox can be had here (" in said and
               "UNSAFE=1 grades without" in said, said)
        status, said = attacks.without_programs(words + ["--unsafe"], "bwrap")
        expect(said.splitlines()[0] == "warning: UNSAFE: the file runs without a sandbox, and can "
               "do all that you can" and "lab 2: 8 of 8 points" in said and status == 0, said)


def test_names_are_no_commands():
    with tempfile.TemporaryDirectory() as folder:
        for name in ('a";touch WRITTEN;".c', "a';touch WRITTEN;'.c", "$(shell touch WRITTEN).c",
                     "`touch WRITTEN`.c", "$(touch WRITTEN).c"):
            file = name.replace("WRITTEN", f"{folder}/written")
            done = subprocess.run(["make", "-s", "lab", "LAB=2", f"FILE={file}"], cwd=ROOT,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  timeout=attacks.PROGRAM_SECONDS, check=False)
            expect("error: there is no file" in done.stdout, done.stdout)
            expect(not os.listdir(folder), f"{name} was run")


def text_of(lab):
    """A lab's text, as if its lines did not wrap."""
    path = ROOT / "docs" / "labs" / lab / "README.md"
    return " ".join(path.read_text(encoding="utf-8").split())


def test_texts():
    """Numbers that the texts and the rules name."""
    count = len(list((ROOT / "tests" / "maps" / "maps").glob("*.e820")))
    text = text_of("1-map")
    expect(f"the {count} maps in `tests/maps`" in text, f"there are {count} maps")
    judge = (HERE / "grade_1.c").read_text(encoding="utf-8")
    expect(f'"{count} maps, 66 of real machines' in judge and ", 66 of which real" in text,
           "the rule and the text count other maps")


# What the texts say, and a function that breaks just that; in it, right_NAME is the solution's.
SENTENCES = {
    ("2-bitmap", "A count of 0 is refused."):
        "bool lab_free(uint32_t first, uint32_t count)"
        "{ return count == 0 || right_lab_free(first, count); }",
    ("3-buddy", "up to 8 bytes for each frame, plus 1 KiB in all."):
        "size_t lab_table_bytes(uint32_t frame_count) { return 8 * (size_t)frame_count + 1025; }",
    ("5-exact", "up to 8 bytes for each frame, plus 16 KiB in all."):
        "size_t lab_table_bytes(uint32_t frame_count) { return 8 * (size_t)frame_count + 16385; }",
    ("5-exact", "so is a request for 0 frames."):
        "uint32_t lab_alloc(uint32_t count) { return right_lab_alloc(count ? count : 1); }",
    ("6-presenter", "of one pixel or more."):
        "void lab_present(void) { right_lab_present(); lab_copy(0, 0, 0); }",
}


def test_sentence(lab, sentence):
    """The text of the lab says what its rules want, and the rules want what it says."""
    text = text_of(lab)
    expect(sentence in text, f"{lab}/README.md does not say: {sentence}")
    code = SENTENCES[lab, sentence]
    name = re.search(r"lab_\w+", code)[0]
    solution = f'#include "docs/labs/solutions/{lab[0]}.c"'
    text = f"#define {name} right_{name}\n{solution}\n#undef {name}\n{code}\n"
    with attacks.file_of("breaks.c", text) as path:
        rules, _ = host_rules(int(lab[0]), path, True)
    expect(failed(rules) != "", "no rule notices who does not do it")


def test_rules_are_printed_when_done():
    """The first rule is told while a later one still runs into its 3 seconds."""
    with attacks.file_of("late.c", attacks.with_alloc("if (count > 1) for (;;) ;")) as path:
        words = ["timeout", str(attacks.PROGRAM_SECONDS), sys.executable,
                 str(ROOT / "tools" / "lab.py"), "2", "--file", str(path), "--no-qemu"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as program:
            told = {}  # when the first rule was that is kept, and the first that is not
            for line in program.stdout:
                told.setdefault(line.split()[0], time.monotonic())
                if "FAIL" in told:
                    program.terminate()
                    break
    expect("ok" in told and "FAIL" in told, f"it tells {' '.join(told)}")
    expect(told["FAIL"] - told["ok"] > 2, "both are told at the same time")


def test_in_kernel(name, is_right):
    number = int(name.removeprefix("solutions/")[0])
    rule = kernel_rule(number, path_of(name), not name.endswith("start.c"))
    expect((rule.case is None) == is_right, f"{rule.name}: {rule.case or 'nothing was noticed'}")


# Files that are right on the host, or nearly; and what the kernel says of them.
KERNEL_ACCIDENTS = {
    "map-wrong": (1, """size_t lab_normalise(const struct lab_entry *entries, size_t entry_count,
                     struct lab_range *ranges)
{
    (void)entries, (void)entry_count;
    ranges[0] = (struct lab_range){0, 0x8000000};
    return 1;
}
""", "bytes are called usable and are not, 0 are lost"),
    "map-lost": (1, """size_t lab_normalise(const struct lab_entry *entries, size_t entry_count,
                     struct lab_range *ranges)
{
    (void)entries, (void)entry_count;
    ranges[0] = (struct lab_range){0x100000, 0x4000000};
    return 1;
}
""", "0 bytes are called usable and are not,"),
    "crash": (2, """#define lab_alloc alloc_rightly
#include "docs/labs/solutions/2.c"
#undef lab_alloc
uint32_t lab_alloc(uint32_t count)
{
    return count == 700 ? *(volatile uint32_t *)16 : alloc_rightly(count);
}
""", "lab alloc 700: error: lab_alloc crashes: page fault at 0x10 "),
    "presenter-crash": (6, """#define lab_present present_rightly
#include "docs/labs/solutions/6.c"
#undef lab_present
void lab_present(void)
{
    static int presents;
    present_rightly();
    if (++presents == 5)
        *(volatile int *)16 = 1;
}
""", "lab: error: lab_present crashes: page fault at 0x10 "),
}


def test_kernel_accident(name):
    number, code, sentence = KERNEL_ACCIDENTS[name]
    with attacks.file_of(f"{name}.c", '#include "lab.h"\n' + code) as path:
        rule = kernel_rule(number, path, True)
    expect(sentence in (rule.case or ""), f"{rule.name}: {rule.case or 'nothing was noticed'}")


def all_tests():
    """(name, function, arguments); those that boot a machine come first, since they wait a lot."""
    yield from ((f"kernel {name}", test_in_kernel, (name, right)) for name, right in IN_KERNEL)
    yield from ((f"kernel {name}", test_kernel_accident, (name,)) for name in KERNEL_ACCIDENTS)
    for number in LABS:
        yield f"solution {number}", test_solution, (number,)
        yield f"start {number}", test_start, (number,)
    yield from ((f"wrong {name}", test_wrong, (name,)) for name in WRONG)
    yield from ((f"accident {name}", test_accident, (name,)) for name in ACCIDENTS)
    yield from ((f"attack {name}", test_attack, (name,)) for name in attacks.ATTACKS)
    yield from ((f"sentence {name[0]} {name[1]}", test_sentence, name) for name in SENTENCES)
    for function in (test_every_wrong_answer_is_expected, test_does_not_compile, test_does_not_link,
                     test_warnings, test_runs_do_not_meet, test_no_sandbox, test_texts,
                     test_names_are_no_commands, test_rules_are_printed_when_done,
                     test_attacks_would_get_points):
        yield function.__name__.removeprefix("test_"), function, ()


def run_test(name, function, arguments):
    begin = time.monotonic()
    try:
        function(*arguments)
        complaint = None
    except Exception as error:  # a test may fail in any way; the others go on
        complaint = f"{type(error).__name__}: {error}"
    return name, time.monotonic() - begin, complaint


def main():
    tests = [test for test in all_tests()
             if len(sys.argv) == 1 or any(part in test[0] for part in sys.argv[1:])]
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        running = [pool.submit(run_test, *test) for test in tests]
        for done in concurrent.futures.as_completed(running):
            name, seconds, complaint = done.result()
            failures += complaint is not None
            print(f"{'FAIL' if complaint else 'ok':4} {seconds:5.1f} s  {name}", flush=True)
            if complaint:
                print(f"        {complaint}", flush=True)
    print(f"{len(tests) - failures} passed, {failures} failed")
    return 1 if failures or not tests else 0


if __name__ == "__main__":
    sys.exit(main())
