"""What the rows of a proof and the tools that prove them have in common.

A row is one property of one file, proved by one tool. proof/cbmc.py and proof/wp.py each have a
table ROWS of them. A tool is a module of this folder (tool_cbmc.py, tool_wp.py) with:

    NAME            as rows and the printed table name it: "CBMC", "WP"
    SUITE           the Debian that has it: "trixie", "bookworm" (roots.py)
    PACKAGES        what is installed there
    COMMAND         the program, which the host may have itself
    prepare(row, tree, folder)
                    writes all that the tool will read into `folder`, made from the sources in
                    `tree` (the project, or a copy with a fault). Raises Wrong if it cannot.
                    Returns the text that says whether the row must be proved anew: the
                    preprocessed source without comments, and the options.
    argv(row)       the command; it runs in `folder`, which may lie inside a root
    judge(row, status, output, folder)
                    Result, from the exit status and what was printed. Raises Wrong if the tool
                    did not say of every goal whether it is proved.
    GATE            rows that must not be proved, each with a false goal of another kind

A goal is open if it is not proved. A row holds if no goal is open but those that it names itself,
and if it has at least as many goals as it names.
"""

import dataclasses


class Wrong(Exception):
    """The tool did not do what it should have; the text is one line that says what."""


@dataclasses.dataclass(frozen=True, eq=False)
class Row:
    tool: str  # NAME of its tool
    file: str  # what is proved: "mm/bits.h"
    name: str  # of the row, among the rows of its file and its bits: "every-word"
    says: str  # the property, as one plain sentence without a full stop
    bits: int = 64  # of a pointer: 32 or 64
    bound: str = "none"  # how far it holds: "ranges of 2 leaves", "none"
    assumes: str = "nothing"  # stubs, axioms, assumptions
    quick: bool = False  # one of those that `make test` proves
    goals_min: int = 1
    open: tuple = ()  # goals that may stay open; docs/proof.md gives the reason for each
    seconds_max: int = 590  # of the processor
    options: dict = dataclasses.field(default_factory=dict)  # the tool's own

    @property
    def id(self):
        return f"{self.file}:{self.name}:{self.bits}"


@dataclasses.dataclass
class Result:
    goals: int
    proved: int
    open: list  # the names of the other goals
    seconds: float = 0.0  # of the processor
    is_cached: bool = False

    def why_not(self, row):
        """None if the row holds, else one line that says what is wrong."""
        left = [goal for goal in self.open if goal not in row.open]
        if left:
            return f"{len(left)} of {self.goals} goals not proved: {'; '.join(left)}"
        if self.goals < row.goals_min:
            return f"only {self.goals} goals, where there were {row.goals_min}"
        return None
