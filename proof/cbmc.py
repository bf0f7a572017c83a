"""What CBMC proves: a row for each property (tools/prove/row.py, tools/prove/tool_cbmc.py)."""

from row import Row

BOTH = (64, 32)


def rows(file, name, function, says, *, bits=BOTH, **more):
    """The same property for both kinds of processors, or for one."""
    own = {key: more.pop(key) for key in ("harness", "unwind", "defines", "solver", "flags")
           if key in more}
    return [Row("CBMC", file, name, says, bits=each, options={"function": function, **own}, **more)
            for each in bits]


ROWS = [
    *rows("mm/bits.h", "lowest-and-highest", "prove_lowest_and_highest",
          "the lowest and the highest bit are set, and none beyond them", quick=True),
    *rows("mm/bits.h", "bit-of-a-frame", "prove_bit_of_a_frame",
          "a frame's bit is the one of its place in its word", quick=True),
    *rows("mm/bits.h", "bits-from", "prove_bits_from",
          "just the frames of [first, end) in one word have their bit set", quick=True),
    *rows("mm/bits.h", "arithmetic", "prove_arithmetic",
          "comparisons, choices and powers of two are what their names say", quick=True),
    *rows("mm/request.h", "rules", "prove_request",
          "a request is let through just if it breaks no rule", harness="bits.c", quick=True),
]
