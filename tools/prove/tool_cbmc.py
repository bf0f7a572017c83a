"""Proves a row with CBMC: all inputs up to a bound, with the checks of undefined behaviour on.

A harness is a file of proof/cbmc; its functions prove_... are the properties. The compiler
preprocesses it together with the source under proof, so that what CBMC reads is one file.
A row's options:

    harness     the file in proof/cbmc; if there is none, the name of the row's file, in C
    function    prove_...
    unwind      times, for all loops, or {loop: times}, where a loop is "function.number"
                (cbmc --show-loops); a loop that would go on is a goal that is not proved
    defines     {macro: value}, for the preprocessor
    stubs       functions of the source; where one of them is called, the harness's function with
                stub_ before its name is called instead
    solver      "" for MiniSat, which is built in, or "cadical"
    flags       more options of cbmc

Each harness function ends with REACHED(). In a second reading of the same file, without the claims,
just this must fail: else what is assumed cannot all be true, and the row would prove nothing.
"""

import json
import pathlib
import re
import shlex
import subprocess

from row import Result, Row, Wrong

NAME = "CBMC"
SUITE = "trixie"
PACKAGES = ("cbmc", "cadical", "libc6-dev")
COMMAND = "cbmc"

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HARNESSES = ROOT / "proof" / "cbmc"
INPUT = "input.c"
REACH = "reach.c"
CHECKS = ("--pointer-overflow-check", "--unwinding-assertions")
NO_CHECKS = ("--no-standard-checks",)
UNSAT = "--unsat"  # for formulas that nothing satisfies: a proof then takes about two thirds


def harness_of(row):
    return HARNESSES / row.options.get("harness", pathlib.Path(row.file).stem + ".c")


def preprocess(row, tree, defines):
    done = subprocess.run(
        ["gcc", f"-m{row.bits}", "-std=c11", "-ffreestanding", "-E", "-DPROOF", *defines,
         "-I", str(HARNESSES), "-I", str(tree), str(harness_of(row))],
        capture_output=True, text=True, check=False)
    if done.returncode:
        raise Wrong(f"the preprocessor fails: {done.stderr.strip().splitlines()[0]}")
    return done.stdout.replace(f"{tree}/", "").replace(f"{ROOT}/", "")


def put_stubs(text, names):
    """Renames calls; a name outside of all braces is a definition or a declaration, and is kept."""
    depth = 0
    called = set()

    def put(token):
        nonlocal depth
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if token[0] not in names or depth == 0:
            return token[0]
        called.add(token[0])
        return f"stub_{token[0]}"

    text = re.sub(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[{}]|\b[a-z_]\w*(?=\()', put, text)
    for name in set(names) - called:
        raise Wrong(f"{name} is not called")
    return text


def prepare(row, tree, folder):
    defines = [f"-D{name}={value}" for name, value in row.options.get("defines", {}).items()]
    stubs = row.options.get("stubs", ())
    text = put_stubs(preprocess(row, tree, defines), stubs)
    (folder / INPUT).write_text(text, "utf-8")
    reach = put_stubs(preprocess(row, tree, [*defines, "-DREACH"]), stubs)
    (folder / REACH).write_text(reach, "utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return "\n".join([*lines, *argv(row)])


def argv(row):
    options = row.options
    unwind = options.get("unwind", 0)
    if isinstance(unwind, dict):
        unwind = ["--unwindset", ",".join(f"{loop}:{times}" for loop, times in unwind.items())]
    else:
        unwind = ["--unwind", str(unwind)] if unwind else []
    common = [f"--{row.bits}", "--function", options["function"], "--drop-unused-functions",
              *unwind, *options.get("flags", ()), "--json-ui"]
    solver = options.get("solver", "")
    named = ["--external-sat-solver", "./solver"] if solver else []
    proof = shlex.join(["cbmc", INPUT, *common, *named, *CHECKS])
    reach = shlex.join(["cbmc", REACH, *common, *named, *NO_CHECKS])
    return ["sh", "-c", f"{make_solver(solver, UNSAT)}{proof} > proof.json; "
                        f"{make_solver(solver)}{reach} > reach.json"]


def make_solver(name, *options):
    """CBMC gives a solver no options. So this makes a command that has them."""
    if not name:
        return ""
    command = shlex.join([name, *options])
    return f"printf '#!/bin/sh\\nexec {command} \"$@\"\\n' > solver; chmod +x solver; "


def results_of(path):
    """What one run says of each goal."""
    try:
        said = json.loads(path.read_text("utf-8", errors="replace"))
    except ValueError:
        raise Wrong(f"CBMC broke off: {path.read_text('utf-8', errors='replace')[-200:]}") from None
    texts = [part["messageText"] for part in said if "messageText" in part]
    results = next((part["result"] for part in said if "result" in part), None)
    missing = [text for text in texts if re.search("no body for (function|callee)", text)
               and not re.search("nondet_", text)]
    if missing:
        raise Wrong(f"a function has no body: {missing[0]}")
    undeclared = [text for text in texts if text.endswith("is not declared")]
    if undeclared:
        raise Wrong(f"a function is called before it is declared: {undeclared[0]}")
    if results is None:
        raise Wrong(f"CBMC proves nothing: {texts[-1] if texts else 'it said nothing'}")
    return results


def judge(row, status, output, folder):
    goals = results_of(folder / "proof.json")
    left = [goal for goal in goals if goal["status"] != "SUCCESS"]
    if not left:
        ends = [goal for goal in results_of(folder / "reach.json")
                if goal["description"].startswith("reached")]
        if not ends or any(goal["status"] != "FAILURE" for goal in ends):
            raise Wrong("the end of the harness is not reached: what is assumed is false")
    return Result(len(goals), len(goals) - len(left), [describe(goal) for goal in left])


def describe(goal):
    where = goal.get("sourceLocation", {})
    return (f"{where.get('file', '?')}:{where.get('line', '?')}: {goal['description']}"
            .replace(INPUT + ":", ""))


GATE = [
    (Row(NAME, "gate", "false-assertion", "a false assertion is not proved",
         options={"harness": "gate.c", "function": "prove_false_assertion"}), "goals not proved"),
    (Row(NAME, "gate", "overflow", "undefined behaviour is not proved away",
         options={"harness": "gate.c", "function": "prove_overflow"}), "goals not proved"),
    (Row(NAME, "gate", "unwinding", "a loop that is unwound too little is not proved",
         options={"harness": "gate.c", "function": "prove_loop",
                  "unwind": {"prove_loop.0": 5}}), "goals not proved"),
    (Row(NAME, "gate", "no-body", "a function without a body is not taken for any value",
         options={"harness": "gate.c", "function": "prove_no_body"}), "no body"),
    (Row(NAME, "gate", "not-declared", "a function that is not declared is not called",
         options={"harness": "gate_order.c", "function": "prove_not_declared"}),
     "before it is declared"),
    (Row(NAME, "gate", "contradiction", "a false assumption proves nothing",
         options={"harness": "gate.c", "function": "prove_contradiction"}), "not reached"),
    (Row(NAME, "gate", "no-solver", "a solver that is not there proves nothing",
         options={"harness": "gate.c", "function": "prove_false_assertion",
                  "solver": "no-such-solver"}), ""),
]
