#!/usr/bin/env python3
"""Grades a lab: the student's file against the rules on the host, then in the kernel in QEMU.

    tools/lab.py LAB [--file FILE] [--no-qemu] [--run] [--out FOLDER]

LAB is a number. FILE is docs/labs/LAB-NAME/student.c, or start.c where that is not there. What the
compilers are, and where make put what is linked to the file, comes from the environment: see the
target `lab` of the Makefile. Prints a line for each rule, and the points at the end. Ends with 0 if
these are all, 1 if not, 2 if it could not grade.
"""

import argparse
import dataclasses
import os
import pathlib
import re
import shlex
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "labs"))
sys.path.insert(0, str(ROOT / "tests" / "qemu"))
sys.dont_write_bytecode = True  # everything made lies in build/

GRADER_SECONDS = 900
ALLOCATOR_LABS = (2, 3, 4, 5)
WARNINGS = ["-Wall", "-Wextra", "-Wno-unused-function"]


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


@dataclasses.dataclass
class Lab:
    number: int
    folder: pathlib.Path
    file: pathlib.Path
    out: pathlib.Path

    @property
    def title(self):
        return (self.folder / "README.md").read_text(encoding="utf-8").splitlines()[0].lstrip("# ")

    def made(self, suffix):
        return str(self.out / f"{self.number}{suffix}")


def find_lab(number, file, out):
    folders = sorted((ROOT / "docs" / "labs").glob(f"{number}-*"))
    if not folders:
        numbers = sorted(path.name.split("-")[0] for path in (ROOT / "docs" / "labs").glob("[0-9]-*"))
        raise CannotGrade(f"there is no lab {number!r}; there are {', '.join(numbers)}")
    if file is None:
        file = folders[0] / "student.c"
        if not file.exists():
            file = folders[0] / "start.c"
            copy = folders[0].relative_to(ROOT)
            print(f"{copy}/student.c is not there, so this is start.c. To begin:\n"
                  f"    cp {copy}/start.c {copy}/student.c")
    file = pathlib.Path(file)
    if not file.is_file():
        raise CannotGrade(f"there is no file {str(file)!r}")
    out.mkdir(parents=True, exist_ok=True)
    return Lab(int(number), folders[0], file.resolve(), out)


# ---- compiling -------------------------------------------------------------------------------------

def tool(name):
    """A command from the environment, as words."""
    words = shlex.split(os.environ.get(name, ""))
    if not words:
        raise CannotGrade(f"{name} is not set; labs are graded by make: make lab LAB=3")
    return words


def complain(output):
    """A compiler's output, with the paths as people type them."""
    return output.replace(str(ROOT) + "/", "").rstrip()


def build(command, what):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False, cwd=ROOT)
    missing = sorted(set(re.findall(r"undefined reference to `(\w+)'", done.stdout)))
    if done.returncode != 0 and missing:
        raise CannotGrade(f"it does not link {what}: there is no {', '.join(missing)}")
    if done.returncode != 0:
        raise CannotGrade(f"it does not compile {what}:\n{complain(done.stdout)}")
    return complain(done.stdout)


def compile_file(lab, compiler, objcopy, object_file, what):
    """Compiles, and hides all names but those of the contract: none can clash with the grader's."""
    includes = [f"-I{lab.folder}", f"-I{ROOT}", f"-I{lab.file.parent}"]
    warnings = build(compiler + WARNINGS + includes + ["-c", str(lab.file), "-o", object_file], what)
    build([objcopy, "-w", "--keep-global-symbol=lab_*", object_file], what)
    return warnings


def parts(lab):
    """What is linked for this lab, on the host and in the kernel, without the student's file."""
    host = ["grader", f"grade_{lab.number}"]
    kernel = ["kernel/lab_guard", f"kernel/lab_{lab.number}"]
    if lab.number in ALLOCATOR_LABS:
        host += ["frames", "judge", f"allocator_{lab.number}"]
        kernel = ["kernel/lab_guard", "kernel/lab_allocator", "kernel/lab_arena", "judge",
                  f"allocator_{lab.number}"]
    return host, kernel


# ---- on the host -----------------------------------------------------------------------------------

def read_rules(output):
    rules = []
    for line in output.splitlines():
        kind, *fields = line.split("\t")
        if kind == "rule":
            rules.append(Rule(fields[0], int(fields[1]), int(fields[2]), fields[3]))
        elif kind == "case":
            rules[-1].case = "\t".join(fields)
        elif kind == "said":
            rules[-1].said.append("\t".join(fields))
    return rules


def grade_on_host(lab):
    """The rules' results, and the compiler's warnings."""
    compiler = tool("LAB_HOST_CC")
    objects = tool("LAB_HOST_OBJECTS")[0]
    object_file = lab.made(".host.o")
    warnings = compile_file(lab, compiler + ["-fsanitize-coverage=trace-pc"], "objcopy",
                            object_file, "for the host")
    linked = [f"{objects}/tests/labs/{part}.c.o" for part in parts(lab)[0]]
    program = lab.made(".grade")
    build(compiler + [object_file] + linked + [f"{objects}/libpure.a", "-o", program],
          "for the host")
    try:
        done = subprocess.run([program, str(ROOT / "tests" / "maps")], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=GRADER_SECONDS, text=True,
                              errors="replace", check=False, cwd=ROOT)
    except subprocess.TimeoutExpired:
        raise CannotGrade(f"the rules did not end in {GRADER_SECONDS} s") from None
    if done.returncode != 0:
        raise CannotGrade(f"the grader ended with {done.returncode}: {done.stderr.strip()}")
    return read_rules(done.stdout), warnings


# ---- in the kernel ---------------------------------------------------------------------------------

def link_kernel(lab):
    """The kernel with the student's file in it: the path of the ELF."""
    compiler = tool("LAB_KERNEL_CC")
    objcopy = re.sub(r"gcc$", "objcopy", compiler[0])
    objects = tool("LAB_KERNEL_OBJECTS")[0]
    object_file = lab.made(".kernel.o")
    compile_file(lab, compiler, objcopy, object_file, "for the kernel")
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
    name, sentence = kernel_part.RULES[lab.number]
    return Rule(name, 0 if case else 2, 2, sentence, case)


def run_kernel(lab):
    elf = link_kernel(lab)
    os.environ.setdefault("APPEND", "run=lab")
    os.execv(ROOT / "tools" / "run.sh", ["run.sh", elf])


# ---- telling ---------------------------------------------------------------------------------------

def tell(rule):
    mark = "ok" if rule.case is None else "FAIL"
    print(f"  {mark:4}  {rule.points} of {rule.of}  {rule.name:9} {rule.sentence}")
    if rule.case is not None:
        for line in textwrap.wrap(rule.case, 92, break_long_words=False, break_on_hyphens=False):
            print(f"          {line}")
    for line in rule.said:
        print(f"        | {line}")


def grade(lab, with_qemu):
    """All rules; prints each."""
    rules, warnings = grade_on_host(lab)
    if warnings:
        print(warnings)
    for rule in rules:
        tell(rule)
    if with_qemu:
        rules.append(grade_in_kernel(lab))
        tell(rules[-1])
        print(f"        picture: {os.path.relpath(lab.made('.png'))}")
    return rules


def main():
    parser = argparse.ArgumentParser(description="Grades a lab.")
    parser.add_argument("lab")
    parser.add_argument("--file")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "labs")
    parser.add_argument("--no-qemu", action="store_true")
    parser.add_argument("--run", action="store_true", help="start the kernel with it, ungraded")
    options = parser.parse_args()
    lab = None
    try:
        lab = find_lab(options.lab, options.file or None, options.out.resolve())
        print(f"{lab.title}: {os.path.relpath(lab.file)}", flush=True)
        if options.run:
            run_kernel(lab)
        rules = grade(lab, not options.no_qemu)
    except CannotGrade as why:
        print(f"error: {why}")
        if lab:
            print(f"lab {lab.number}: 0 points")
        return 2
    points = sum(rule.points for rule in rules)
    of = sum(rule.of for rule in rules)
    print(f"lab {lab.number}: {points} of {of} points")
    return 0 if points == of else 1


if __name__ == "__main__":
    sys.exit(main())
