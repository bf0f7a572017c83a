#!/usr/bin/env python3
"""Runs the kernel's `bench` where QEMU counts instructions, and holds the figures against targets.

    tests/bench/guest.py ELF

The lines look like those of the host's targets. Runs twice, for the figures are the same each time:
if they are not, the counting is broken, and the exit status is 1, as when the kernel does not
answer. Whether targets hold makes no difference to it.
"""

import re
import subprocess
import sys

SECONDS = 120
MEMORY = "1G"
EXIT_DEVICE = "isa-debug-exit,iobase=0xf4,iosize=4"
EXIT_STATUS = 0x10 << 1 | 1  # QEMU's, for the shell's `exit` with 0

# Linux 6.1 (Debian's), one CPU, 1 GiB, under -icount shift=0: alloc_pages of orders 0, 1, 4, 8 and
# 10 and __free_pages, alloc_pages_exact for 3 MiB, order 0 with GFP_DMA; the churn has 4096 slots and
# orders 0 to 8.
LINUX = {
    "frames-4K": 702, "frames-8K": 780, "frames-64K": 1453, "frames-1M": 9300, "frames-4M": 33660,
    "frames-3M": 326666, "frames-4K-below-16M": 717, "frames-churn": 1364,
}

LIMITS = {  # the most instructions that are aimed at, by the start of a name; the first counts
    "frames-churn": None,
    "frames-4M": 3000,
    "frames-3M": 3000,
    "frames-": 200,
    "pair-churn": 450,
    "pair-": 250,
    "burst-": 250,
}

LINE = "{:<34} {:>10} {:>10}  {:<6}  {}"  # as in targets.c


def fail(message, output=""):
    print(f"guest.py: {message}", file=sys.stderr)
    if output:
        print(output, file=sys.stderr)
    sys.exit(1)


def run_bench(elf):
    """{name: instructions}, in the order of the lines."""
    command = ["qemu-system-i386", "-kernel", elf, "-m", MEMORY, "-icount", "shift=0",
               "-display", "none", "-serial", "stdio", "-device", EXIT_DEVICE,
               "-append", "console=serial run=bench;exit"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as late:
        fail(f"no end after {SECONDS} s", (late.stdout or b"").decode(errors="replace"))
    output = done.stdout.decode(errors="replace")
    figures = {name: int(number) for name, number
               in re.findall(r"^bench name=(\S+) instructions=(\d+)\r?$", output, re.M)}
    if done.returncode != EXIT_STATUS or not figures or re.search(r"^error:", output, re.M):
        fail(f"the kernel did not answer; QEMU ended with {done.returncode}", output)
    return figures


def limit_of(name):
    """The most instructions that are aimed at, or None."""
    return next((limit for start, limit in LIMITS.items() if name.startswith(start)), None)


def subtract_choices(figures):
    """A pair of the churn, without what its two choices cost."""
    return {**figures, "pair-churn": figures["pair-churn"] - 2 * figures["loop-churn"]}


def print_figure(name, figure):
    limit = limit_of(name)
    verdict = "" if limit is None else "holds" if figure <= limit else "MISSED"
    note = f"Linux {LINUX[name]}" if name in LINUX else ""
    if name == "pair-churn":
        note = "without two choices, see loop-churn"
    text = "-" if limit is None else f"<= {limit}"
    print(LINE.format(name, text, figure, verdict, note).rstrip())


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    figures = run_bench(sys.argv[1])
    missing = [name for name in (*LINUX, "pair-churn", "loop-churn") if name not in figures]
    if missing:
        fail(f"no figure for {', '.join(missing)}")
    print()
    print(LINE.format("instructions in the guest", "limit", "figure", "", "").rstrip())
    for name, figure in subtract_choices(figures).items():
        print_figure(name, figure)
    if run_bench(sys.argv[1]) != figures:
        fail("a second run gave other figures")
    print("a second run gave the same figures")


if __name__ == "__main__":
    main()
