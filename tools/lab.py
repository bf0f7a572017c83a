#!/usr/bin/env python3
"""Grades a lab: the student's file against the rules on the host, then in the kernel in QEMU.

    tools/lab.py LAB [--file FILE] [--no-qemu] [--run] [--unsafe]

LAB is a number. FILE is docs/labs/LAB-NAME/student.c, or start.c where that is not there. What the
compilers are, and where make put what is linked to the file, comes from the environment: see the
target `lab` of the Makefile. Prints a line for each rule, and the points at the end. Ends with 0 if
these are all, 1 if not, 2 if it could not grade.
"""

import argparse
import contextlib
import dataclasses
import os
import pathlib
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading

import sandbox
import source_check

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "labs"))
sys.path.insert(0, str(ROOT / "tests" / "qemu"))
sys.dont_write_bytecode = True  # everything made lies in build/

GRADER_SECONDS = 1800
ALLOCATOR_LABS = (2, 3, 4, 5)
WARNINGS = ["-Wall", "-Wextra", "-Wno-unused-function"]
COMPILER_LIMITS = sandbox.Limits(cpu_seconds=20, file_bytes=32 << 20, address_bytes=2 << 30)
RUN_LIMITS = sandbox.Limits(cpu_seconds=60, file_bytes=0)
# What a file may call in the kernel beside its own functions, and the compiler's.
KERNEL_NAMES = re.compile(r"lab_copy|mem(cpy|set|move|cmp)|__\w+[sdt]i\d")
# The folders that solutions take their functions from.
OWN_FOLDERS = ("docs", "mm", "drivers", "kernel", "boot", "tests")


@dataclasses.dataclass
class Rule:
    """What became of one rule. `case` is the smallest that fails; None: there is none."""

    name: str
    points: int
    of: int
    sentence: str
    case: str = None
    said: list = dataclasses.field(default_factory=list)


class CannotGrade(Exception):
    """The file does not compile or link: what is printed instead of points."""


class Foul(Exception):
    """The file did what is no mistake: it gets no points, and this is why."""


@dataclasses.dataclass
class Lab:
    """One file to be graded. `out` is a folder of this run only; `sandbox` runs the file's code."""

    number: int
    folder: pathlib.Path
    file: pathlib.Path
    out: pathlib.Path
    sandbox: sandbox.Sandbox
    is_own: bool = False  # the project's own: it may include the project's files

    @property
    def title(self):
        return (self.folder / "README.md").read_text(encoding="utf-8").splitlines()[0].lstrip("# ")

    @property
    def name(self):
        """The file's, as compilers and sanitizers are to say it."""
        return self.file.name if re.fullmatch(r"[A-Za-z0-9][\w.-]*\.c", self.file.name) else "lab.c"

    def made(self, suffix):
        return str(self.out / f"{self.number}{suffix}")


def find_file(folder, file):
    if file is None:
        file = folder / "student.c"
        if not file.exists():
            file = folder / "start.c"
            copy = folder.relative_to(ROOT)
            print(f"{copy}/student.c is not there, so this is start.c. To begin:\n"
                  f"    cp {copy}/start.c {copy}/student.c")
    return pathlib.Path(os.path.abspath(file))


def find_lab(number, file, out, its_sandbox):
    folders = sorted((ROOT / "docs" / "labs").glob(f"{number}-*"))
    if not re.fullmatch(r"\d+", number) or not folders:
        labs = (ROOT / "docs" / "labs").glob("[0-9]-*")
        numbers = sorted(path.name.split("-")[0] for path in labs)
        raise CannotGrade(f"there is no lab {number!r}; there are {', '.join(numbers)}")
    file = find_file(folders[0], file)
    is_own = file.parent == ROOT / "docs" / "labs" / "solutions"
    return Lab(int(number), folders[0], file, out, its_sandbox, is_own)


@contextlib.contextmanager
def private_folder():
    """A folder in build/labs for one run, removed at its end."""
    labs = ROOT / "build" / "labs"
    labs.mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=labs))
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# ---- the file --------------------------------------------------------------------------------------

def read_source(file):
    """The file's bytes. No link is followed, and nothing is waited for."""
    shown = repr(os.path.relpath(file))
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise CannotGrade(f"there is no file {shown}") from None
    except OSError as why:
        what = "a symbolic link" if file.is_symlink() else f"unreadable ({why.strerror})"
        raise CannotGrade(f"{shown} is {what}; a lab is one file of C") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise CannotGrade(f"{shown} is no file, but a folder, a pipe or a device")
    with open(descriptor, "rb") as stream:
        source = stream.read(source_check.SIZE_MAX + 1)
    if len(source) > source_check.SIZE_MAX:
        raise CannotGrade(f"{shown} has more than {source_check.SIZE_MAX} bytes")
    if b"\0" in source:
        raise CannotGrade(f"{shown} is no text: there is a zero byte in it")
    return source


def copy_made(made, to):
    """Takes over what was made in a sandbox: a file, no link."""
    descriptor = os.open(made, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise CannotGrade("the compiler made no file")
    with open(descriptor, "rb") as stream, open(to, "wb") as copy:
        shutil.copyfileobj(stream, copy)


# ---- compiling -------------------------------------------------------------------------------------

def tool(name):
    """A command from the environment, as words."""
    words = shlex.split(os.environ.get(name, ""))
    if not words:
        raise CannotGrade(f"{name} is not set; labs are graded by make: make lab LAB=3")
    return words


def build(command, what):
    """Links or changes objects that were made in a sandbox. No code of them runs here."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False, cwd=ROOT)
    missing = sorted(set(re.findall(r"undefined reference to `(\w+)'", done.stdout)))
    if done.returncode != 0 and missing:
        raise CannotGrade(f"it does not link {what}: there is no {', '.join(missing)}")
    if done.returncode != 0:
        raise CannotGrade(f"it does not link {what}:\n{done.stdout.rstrip()}")


def run_compiler(lab, words, what, text=b"", reads=()):
    """In a sandbox, where it writes to lab.out/made."""
    made = lab.out / "made"
    made.mkdir(exist_ok=True)
    lab.sandbox.give(made)
    command = lab.sandbox.command(words, COMPILER_LIMITS, reads=reads, writes=made)
    status, output = sandbox.run_bounded(command, made, text)
    if status is None:
        raise CannotGrade(f"it does not compile {what}: the compiler came to no end, or wrote too "
                          "much, and was stopped")
    if status != 0:
        raise CannotGrade(f"it does not compile {what}:\n{output.rstrip()}")
    return output.rstrip()


def show_headers(lab):
    """A folder with what the file may include beside the compiler's and the library's headers."""
    headers = lab.out / "headers" / "docs" / "labs" / lab.folder.name
    if not headers.exists():
        headers.mkdir(parents=True)
        shutil.copy(lab.folder / "lab.h", headers)
    includes = [f"-I{headers}", f"-I{lab.out / 'headers'}"]
    reads = [lab.out / "headers"]
    if lab.is_own:
        includes.append(f"-I{ROOT}")
        reads += [ROOT / name for name in OWN_FOLDERS]
    return includes, reads


def preprocess(lab, compiler, what):
    """All text that will be compiled. The file itself is shown nowhere in this sandbox."""
    source = read_source(lab.file)
    directive = None if lab.is_own else source_check.find_directive(source.decode("latin-1"))
    if directive:
        raise Foul(f"the file has {directive}, which no lab needs")
    includes, reads = show_headers(lab)
    text = f'# 1 "{lab.name}"\n'.encode() + source
    warnings = run_compiler(lab, compiler + includes + ["-E", "-x", "c", "-", "-o", "text.i"], what,
                            text, reads)
    path = lab.out / "made" / "text.i"
    preprocessed = path.read_text(encoding="latin-1")
    path.unlink()
    refused = None if lab.is_own else source_check.find_refused(preprocessed)
    if refused:
        raise Foul(f"the file has {refused}, which no lab needs")
    return source, preprocessed, warnings


def compile_file(lab, compiler, objcopy, object_file, what):
    """Compiles, and hides all names but those of the contract: none can clash with the runner's."""
    source, preprocessed, warnings = preprocess(lab, compiler, what)
    texts = lab.out / "texts"
    texts.mkdir(exist_ok=True)
    (texts / "text.i").write_text(preprocessed, encoding="latin-1")
    (texts / lab.name).write_bytes(source)  # for the lines that messages show
    words = compiler + WARNINGS + ["-c", str(texts / "text.i"), "-o", "text.o"]
    warnings += run_compiler(lab, words, what, reads=[texts])
    copy_made(lab.out / "made" / "text.o", object_file)
    build([objcopy, "-w", "--keep-global-symbol=lab_*", object_file], what)
    return warnings


def undefined_names(object_file):
    done = subprocess.run(["nm", "-u", object_file], stdout=subprocess.PIPE, text=True, check=True)
    return sorted(line.split()[-1] for line in done.stdout.splitlines())


def parts(lab):
    """What is linked to the student's file: the runner on the host, and parts of the kernel."""
    runner = ["runner/runner", "runner/confine", f"runner/runner_{lab.number}"]
    kernel = ["kernel/lab_guard", f"kernel/lab_{lab.number}"]
    if lab.number in ALLOCATOR_LABS:
        runner += ["runner/runner_frames", f"allocator_{lab.number}"]
        kernel = ["kernel/lab_guard", "kernel/lab_allocator", "kernel/lab_arena", "judge",
                  f"contract_{lab.number}", f"allocator_{lab.number}"]
    return runner, kernel


# ---- on the host -----------------------------------------------------------------------------------

def read_rules(lines):
    """Rules, each as soon as all of it was said. Raises Foul."""
    rule = None
    for line in lines:
        kind, *fields = line.rstrip("\n").split("\t")
        if kind == "rule":
            rule = Rule(fields[0], int(fields[1]), int(fields[2]), fields[3])
        elif kind == "case":
            rule.case = "\t".join(fields)
        elif kind == "said":
            rule.said.append("\t".join(fields))
        elif kind == "end":
            yield rule
        elif kind == "foul":
            raise Foul("\t".join(fields))


def link_host(lab):
    """A folder with the student's program and the runner in it; and the compiler's warnings."""
    compiler = tool("LAB_HOST_CC")
    objects = tool("LAB_HOST_OBJECTS")[0]
    object_file = lab.made(".host.o")
    warnings = compile_file(lab, compiler + ["-fsanitize-coverage=trace-pc"], "objcopy",
                            object_file, "for the host")
    program = lab.out / "program"
    program.mkdir(exist_ok=True)
    linked = [f"{objects}/tests/labs/{part}.c.o" for part in parts(lab)[0]]
    if lab.is_own:
        linked.append(f"{objects}/libpure.a")
    build(compiler + [object_file] + linked + ["-o", str(program / "student")], "for the host")
    return program, warnings


def rules_on_host(lab, program):
    """Rules, as they are judged. Raises Foul and CannotGrade."""
    judge = ROOT / tool("LAB_JUDGES")[0] / f"judge_{lab.number}"
    command = [str(judge), str(ROOT / "tests" / "maps")]
    command += lab.sandbox.command([str(program / "student")], RUN_LIMITS, reads=[program],
                                   needs_proc=True)
    environment = sandbox.environment(lab.out) | {"ASAN_OPTIONS": "detect_leaks=0"}
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, errors="replace", cwd=lab.out,
                          env=environment) as process:
        timer = threading.Timer(GRADER_SECONDS, process.kill)
        timer.start()
        try:
            yield from read_rules(process.stdout)
        finally:
            timer.cancel()
            process.kill()
        said = process.stderr.read()
        status = process.wait()
    if status not in (0, -signal.SIGKILL) or said:
        raise CannotGrade(f"the grader ended with {status}: {said.strip()}")


def grade_on_host(lab):
    """The rules' results, and the compiler's warnings. Raises Foul and CannotGrade."""
    program, warnings = link_host(lab)
    return list(rules_on_host(lab, program)), warnings


# ---- in the kernel ---------------------------------------------------------------------------------

def link_kernel(lab):
    """The kernel with the student's file in it: the path of the ELF."""
    compiler = tool("LAB_KERNEL_CC")
    objcopy = re.sub(r"gcc$", "objcopy", compiler[0])
    objects = tool("LAB_KERNEL_OBJECTS")[0]
    object_file = lab.made(".kernel.o")
    compile_file(lab, compiler, objcopy, object_file, "for the kernel")
    foreign = [name for name in undefined_names(object_file) if not KERNEL_NAMES.fullmatch(name)]
    if foreign and not lab.is_own:
        raise CannotGrade(f"it does not link for the kernel: there is no {', '.join(foreign)}")
    linked = [f"{objects}/tests/labs/{part}.c.o" for part in parts(lab)[1]]
    elf = lab.made(".elf")
    build(tool("LAB_KERNEL_LD") + wraps(lab) + linked + [object_file, "-lgcc", "-o", elf],
          "for the kernel")
    return elf


def wraps(lab):
    """Functions of the kernel's that the lab's file stands in for."""
    names = {1: ["memmap_add_entry", "memmap_round"], 6: ["graphics_present"]}
    return [f"-Wl,--wrap={name}" for name in names.get(lab.number, [])]


def grade_in_kernel(lab):
    import kernel_part  # what it needs, `--no-qemu` does not
    elf = link_kernel(lab)
    case = kernel_part.play(lab.number, elf, lab.made(".png"))
    keep_picture(lab)
    name, sentence = kernel_part.RULES[lab.number]
    return Rule(name, 0 if case else 2, 2, sentence, case)


def picture(lab):
    return ROOT / "build" / "labs" / f"{lab.number}.png"


def keep_picture(lab):
    """Behind the run's end, at once, so that no other run meets half of it."""
    with contextlib.suppress(FileNotFoundError):
        os.replace(lab.made(".png"), picture(lab))


def run_kernel(lab):
    os.environ.setdefault("APPEND", "run=lab")
    return subprocess.call([ROOT / "tools" / "run.sh", link_kernel(lab)])


# ---- telling ---------------------------------------------------------------------------------------

def printable(line):
    """Without what a terminal would obey."""
    return "".join(letter if letter.isprintable() or letter == "\t" else "?" for letter in line)


def tell(rule):
    mark = "ok" if rule.case is None else "FAIL"
    print(f"  {mark:4}  {rule.points} of {rule.of}  {rule.name:9} {rule.sentence}")
    if rule.case is not None:
        for line in textwrap.wrap(printable(rule.case), 92, break_long_words=False,
                                  break_on_hyphens=False):
            print(f"          {line}")
    for line in rule.said:
        print(f"        | {printable(line)}")
    sys.stdout.flush()


def grade(lab, with_qemu):
    """All rules; prints each when it is known. Raises Foul and CannotGrade."""
    program, warnings = link_host(lab)
    if warnings:
        print(printable_lines(warnings), flush=True)
    rules = []
    for rule in rules_on_host(lab, program):
        rules.append(rule)
        tell(rule)
    if with_qemu:
        rules.append(grade_in_kernel(lab))
        tell(rules[-1])
        print(f"        picture: {os.path.relpath(picture(lab))}")
    return rules


def printable_lines(text):
    return "\n".join(printable(line) for line in text.splitlines())


def make_sandbox(is_unsafe):
    if is_unsafe:
        print("warning: UNSAFE: the file runs without a sandbox, and can do all that you can")
    try:
        return sandbox.Sandbox(ROOT, is_unsafe)
    except sandbox.NoSandbox as why:
        raise CannotGrade(f"no sandbox can be had here ({why}). It needs bubblewrap, and a kernel "
                          "that lets you use it; UNSAFE=1 grades without") from None


def work(options, out):
    """Grades or runs; the status that the program ends with."""
    lab = None
    try:
        lab = find_lab(options.lab, options.file or None, out, make_sandbox(options.unsafe))
        print(f"{lab.title}: {printable(os.path.relpath(lab.file))}", flush=True)
        if options.run:
            return run_kernel(lab)
        rules = grade(lab, not options.no_qemu)
    except Foul as why:
        print(f"refused: {printable(str(why))}")
        print(f"lab {lab.number}: 0 points")
        return 1
    except CannotGrade as why:
        print(f"error: {printable_lines(str(why))}")
        if lab:
            print(f"lab {lab.number}: 0 points")
        return 2
    points = sum(rule.points for rule in rules)
    of = sum(rule.of for rule in rules)
    print(f"lab {lab.number}: {points} of {of} points")
    return 0 if points == of else 1


def end_by_signal(number, _):
    sys.exit(128 + number)


def main():
    parser = argparse.ArgumentParser(description="Grades a lab.")
    parser.add_argument("lab")
    parser.add_argument("--file")
    parser.add_argument("--no-qemu", action="store_true")
    parser.add_argument("--run", action="store_true", help="start the kernel with it, ungraded")
    parser.add_argument("--unsafe", action="store_true", help="grade without a sandbox")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, end_by_signal)  # the folder goes away then, too
    with private_folder() as out:
        return work(options, out)


if __name__ == "__main__":
    sys.exit(main())
