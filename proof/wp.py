"""What Frama-C proves: a row for each property (tools/prove/row.py, tools/prove/tool_wp.py)."""

from row import Row

BOTH = (64, 32)
CAVEAT = "pointers given to a function are valid, and point to different objects"


def rows(file, name, says, *functions, bits=BOTH, **more):
    """The same property for both kinds of processors, or for one."""
    own = {key: more.pop(key) for key in ("model", "harness", "defines", "seconds", "flags")
           if key in more}
    if own.get("model") == "caveat":
        more.setdefault("assumes", CAVEAT)
    if functions:
        own["functions"] = functions
    return [Row("WP", file, name, says, bits=each, options=own, **more) for each in bits]


ROWS = [
    *rows("mm/status.c", "texts", "every status has a text, and so has every other number",
          quick=True),
    *rows("boot/bios_area.c", "bounds", "the BIOS's area begins in [512 KiB, 640 KiB], and at or "
          "below each word that can be true", quick=True),
]
