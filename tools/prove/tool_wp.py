"""Proves a row with Frama-C: contracts by WP with z3 and cvc4, or alarms by Eva.

The contracts of a source stand in proof/wp, under its name with .acsl behind it: paragraphs, each
of which ends with the line of the source that it belongs before, in the order of these lines. The
source itself has none, so that who only reads it sees only code. A row's options:

    functions   those that are proved; none: all of the file
    model       of memory, by WP's name: "caveat" takes pointers that a function is given for
                valid and separated, which the table says
    harness     a file in proof/wp that includes the source; if there is none, the source itself
    defines     {macro: value}, for the preprocessor
    seconds     of the processor, for each goal and each of its provers
    flags       more options of frama-c
    eva         the entry point in a harness in proof/eva, from which Eva runs. Goals are what -rte
                asks of the code, what callees require, and each alarm

WP assumes what it has not proved when it goes on. So a row holds only if all goals of all its
functions are proved, with the goals of undefined behaviour among them. A callee's contract that no
row proves is an assumption, which the row names. A goal in code that Eva does not reach is open.
"""

import csv
import json
import pathlib
import re
import shutil
import subprocess

from row import Result, Row, Wrong

NAME = "WP"
SUITE = "bookworm"
PACKAGES = ("frama-c-base", "why3", "z3", "cvc4", "gcc", "libc6-dev")
COMMAND = "frama-c"

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HARNESSES = ROOT / "proof" / "wp"
REPORT = "report.json"
EVA_REPORT = "report.csv"
EVA_ASSUMES = "Considered valid"  # the contracts of functions without a body
MACHINES = {64: "gcc_x86_64", 32: "gcc_x86_32"}
FOLDERS = (".", "kernel", "kernel/lib", "boot")
SECONDS = 240
PROVERS_AT_ONCE = 4


def source_of(row):
    if "harness" not in row.options:
        return row.file
    return f"proof/{'eva' if 'eva' in row.options else 'wp'}/{row.options['harness']}"


def preprocessor_options(row):
    defines = [f"-D{name}={value}" for name, value in row.options.get("defines", {}).items()]
    return [f"-I{folder}" for folder in FOLDERS] + defines


def run_gcc(row, tree, *options):
    done = subprocess.run(
        ["gcc", f"-m{row.bits}", "-std=c11", "-ffreestanding", *preprocessor_options(row),
         *options, source_of(row)], cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Wrong(f"the preprocessor fails: {done.stderr.strip().splitlines()[0]}")
    return done.stdout


def without_comments(text):
    """Contracts stay; they say what is proved."""
    text = re.sub(r"/\*(?!@).*?\*/|//(?!@)[^\n]*", "", text, flags=re.S)
    return "\n".join(line for line in text.splitlines() if line.strip())


def with_contracts(source, contracts, name):
    """The source with each paragraph of contracts before the line that ends it."""
    result = []
    rest = source.split("\n")
    for paragraph in contracts.strip("\n").split("\n\n"):
        *contract, line = paragraph.split("\n")
        if line not in rest:
            raise Wrong(f"{name} has no such line where its contracts expect it: {line.strip()}")
        at = rest.index(line)
        result += rest[:at] + contract + [line]
        rest = rest[at + 1:]
    return "\n".join(result + rest)


def copy(name, tree, folder):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    contracts = tree / "proof" / "wp" / f"{name}.acsl"
    if contracts.exists():
        text = with_contracts((tree / name).read_text("utf-8"), contracts.read_text("utf-8"), name)
        (folder / name).write_text(text, "utf-8")
    else:
        shutil.copy(tree / name, folder / name)


def prepare(row, tree, folder):
    used = run_gcc(row, tree, "-MM").replace("\\\n", " ").split(":", 1)[1].split()
    for name in used:
        if not name.startswith("/"):
            copy(name, tree, folder)
    text = run_gcc(row, folder, "-E", "-P", "-CC", "-dD")
    return "\n".join([without_comments(text), *argv(row)])


def eva_options(row):
    return ["-rte", "-then", "-eva", "-main", row.options["eva"], "-eva-no-show-progress",
            *row.options.get("flags", ()), "-then", "-report-csv", EVA_REPORT]


def wp_options(row):
    options = row.options
    return ["-wp", "-wp-rte", "-wp-split", "-wp-prover", "z3,cvc4", "-wp-par", str(PROVERS_AT_ONCE),
            "-wp-timeout", str(options.get("seconds", SECONDS)), "-wp-cache", "none",
            "-wp-report-json", REPORT,
            *(["-wp-model", options["model"]] if "model" in options else []),
            *(["-wp-fct", ",".join(options["functions"])] if "functions" in options else []),
            *options.get("flags", ())]


def argv(row):
    """Why3 looks for its provers first, into a file of the row's own. Macros keep contracts."""
    line = "why3 -C why3.conf config detect >why3.log 2>&1; WHY3CONFIG=$PWD/why3.conf exec \"$@\""
    cpp = " ".join(preprocessor_options(row))
    tool = eva_options(row) if "eva" in row.options else wp_options(row)
    return ["sh", "-c", line, "sh", "frama-c", "-c11", "-machdep", MACHINES[row.bits],
            f"-cpp-extra-args=-CC {cpp}", source_of(row), *tool]


def judge(row, status, output, folder):
    missing = re.search(r"Neither code nor specification for function (\w+)", output)
    if missing:
        raise Wrong(f"a function has no body and no contract: {missing[1]}")
    is_eva = "eva" in row.options
    if status or not (folder / (EVA_REPORT if is_eva else REPORT)).exists():
        lines = [line for line in output.splitlines() if re.search("rror|abort|unbound", line)]
        raise Wrong(f"Frama-C ends with status {status}: {lines[0] if lines else output[-200:]}")
    return judge_eva(folder) if is_eva else judge_wp(output, folder)


def judge_eva(folder):
    with (folder / EVA_REPORT).open(encoding="utf-8") as report:
        goals = [line for line in csv.DictReader(report, delimiter="\t", quoting=csv.QUOTE_NONE)
                 if line["status"] != EVA_ASSUMES]
    left = [f"{line['directory']}/{line['file']}: {line['function']}: {line['property kind']}"
            for line in goals if line["status"] != "Valid"]
    return Result(len(goals), len(goals) - len(left), left)


def judge_wp(output, folder):
    report = json.loads((folder / REPORT).read_text("utf-8"))
    goals = proved = 0
    left = []
    for part in ("wp:functions", "wp:axiomatics"):
        for properties in report.get(part, {}).values():
            for name, provers in properties.items():
                if name == "wp:section":
                    continue
                main = provers["wp:main"]
                goals += main["total"]
                proved += main.get("valid", 0)
                if main.get("valid", 0) < main["total"]:
                    left.append(name)
    said = re.search(r"Proved goals:\s+(\d+) / (\d+)", output)
    if goals and (not said or (int(said[1]), int(said[2])) != (proved, goals)):
        raise Wrong(f"the report has {proved} of {goals} goals; Frama-C says {said and said[0]}")
    return Result(goals, proved, left)


def false_goal(name, says, function, harness="gate.c"):
    return Row(NAME, "gate", name, says,
               options={"harness": harness, "functions": [function], "seconds": 2})


FALSE_LEMMA = Row(NAME, "gate", "false-lemma", "a false lemma is not proved",
                  options={"harness": "gate_lemma.c", "seconds": 2,
                           "flags": ("-wp-prop=@lemma",)})


def false_for_eva(entry, says):
    return Row(NAME, "gate", entry, says, options={"harness": "gate.c", "eva": entry})


GATE = [
    (false_goal("false-contract", "a false contract is not proved", "add"), "goals not proved"),
    (false_goal("division", "undefined behaviour is not proved away", "divide"),
     "goals not proved"),
    (false_goal("invariant", "an invariant that does not hold is not assumed in silence", "count"),
     "goals not proved"),
    (false_goal("precondition", "a callee's requirement is a goal of its caller", "call"),
     "goals not proved"),
    (false_goal("no-end", "a loop that may not end has no variant", "turn"), "goals not proved"),
    (false_goal("no-body", "a function without a body is not taken for any value", "ask",
                "gate_body.c"),
     "no body"),
    (FALSE_LEMMA, "goals not proved"),
    (false_for_eva("read_behind", "Eva sees a read behind the end"), "goals not proved"),
    (false_for_eva("reach_less", "code that Eva does not reach is not proved"),
     "goals not proved"),
]
