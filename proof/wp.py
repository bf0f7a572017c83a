"""What Frama-C proves: a row for each property (tools/prove/row.py, tools/prove/tool_wp.py).

Most rows are contracts, proved by WP. Those at the end are for Eva.
"""

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


def eva_rows(file, name, says, entry, *flags, builtins=(), **more):
    """The file's harness in proof/eva; Eva knows itself what the builtins do."""
    known = [flag for each in builtins for flag in ("-eva-builtin", f"{each}:Frama_C_{each}")]
    own = {"harness": file.rsplit("/", 1)[1], "eva": entry, "flags": (*known, *flags)}
    return [Row("Eva", file, name, says, bits=bits, options=own, **more) for bits in BOTH]


LITERALS = ("-wp-literals",)
SHORT = "texts are shorter than 2 GiB"
TEXTS = f"{SHORT}; strlen finds the end of a text; memcmp reads what it is given"
UNSPLIT = ("-wp-no-split",)
COMBINED = ("the head, the tail and the longest run of a block come from those of its halves, for "
            "every pattern of free frames")
ACROSS = "the definition of a run of free frames; the lemmas of the row `across`"

ROWS = [
    *rows("mm/status.c", "texts", "every status has a text, and so has every other number",
          quick=True),
    *rows("boot/bios_area.c", "bounds", "the BIOS's area begins in [512 KiB, 640 KiB], and at or "
          "below each word that can be true", quick=True),
    *rows("mm/memmap.c", "rounding", "an address is rounded to the nearest frame below or above",
          "round_down", "round_up", model="caveat", quick=True),
    *rows("mm/memmap.c", "table", "regions are put in, taken out, dropped, joined and split in "
          "order, none lies across a split, and nothing but free memory is lost",
          "find_region", "remove_region", "insert_region", "drop_smallest_free", "join_nearest",
          "make_room", "split_at", model="caveat", bits=(64,)),
    *rows("mm/memmap.c", "merge", "no two neighbours are left that could be merged, and the "
          "regions cover just what they did", "merge_neighbours", model="caveat", bits=(64,)),
    *rows("mm/memmap.c", "add", "the table stays in order, an entry that is not usable has at "
          "least its kind afterwards, what is reserved is not free, and no claim is lost",
          "higher_kind_wins", "first_owner_wins", "add_region", "kind_of_type", "memmap_add_entry",
          "memmap_reserve", model="caveat"),
    *rows("mm/memmap.c", "look", "a free region that is found is free, and a place that is found "
          "lies in one, below its limit",
          "region_is_free", "memmap_next_free", "memmap_find_top", model="caveat"),
    *rows("kernel/lib/piece.c", "numbers", "all digits are taken, inside the text, and their "
          "number is exact, or is said to be too large or missing",
          "piece_of", "piece_length", "piece_take", "piece_take_hexadecimal", "piece_take_digits",
          "piece_read_number",
          flags=LITERALS, assumes=TEXTS, bits=(64,)),
    *rows("mm/memmap.c", "whole", "after rounding, all regions are of whole frames, the table is "
          "in order, and no claim of what is not usable is lost", "round_region", "share_frame",
          "memmap_round", model="caveat", flags=UNSPLIT),
    *rows("mm/reach.c", "bytes", "the numbers of a block have the bytes that its order asks for, "
          "and never more than REACH_BYTES_MAX", "reach_bytes", "reach_pairs_below"),
    *rows("mm/reach.c", "across", "what is said of the runs on both sides of a block's middle, and "
          "of the run across it, holds for every pattern of free frames",
          flags=("-wp-prop=@lemma",), assumes="the definition of a run of free frames",
          bits=(64,)),
    *rows("mm/reach.c", "raise", "a row that is raised has the larger of each two numbers, and one "
          "that is filled has its length everywhere", "raise_bytes", "raise_halves", "raise_words",
          "fill_bytes", "fill_halves", "fill_words", "bits_larger", flags=UNSPLIT, bits=(64,)),
    *rows("mm/reach.c", "larger", "the larger of each two numbers is stored, and if true is "
          "returned, one changed", "larger_bytes", "larger_halves", "larger_words", flags=UNSPLIT,
          bits=(64,)),
    *rows("mm/reach.c", "store", "a row that is stored has the numbers that it was given, and if "
          "true is returned, one changed", "store_bytes", "store_halves", "store_words",
          flags=UNSPLIT, bits=(64,)),
    *rows("mm/reach.c", "combine-halves", COMBINED, "combine_halves", flags=UNSPLIT,
          assumes=ACROSS, bits=(64,)),
    *rows("mm/reach.c", "combine-to-words", COMBINED, "combine_to_words", flags=UNSPLIT,
          assumes=ACROSS, bits=(64,)),
    *rows("mm/reach.c", "combine-words", COMBINED, "combine_words", flags=UNSPLIT,
          assumes=ACROSS, bits=(64,)),
    *rows("kernel/lib/parse.c", "units", "digits and letters are exact, a unit's power is at most "
          "40, and nothing is read outside of the text",
          "parse_is_blank", "parse_lower", "parse_digit", "is_hexadecimal", "ends_in",
          "counts_frames", "suffix_shift", "take_unit", flags=LITERALS, assumes=TEXTS, bits=(64,)),
    *rows("kernel/lib/parse.c", "texts", "a text that is not empty goes on to the same end",
          flags=("-wp-prop=@lemma", *LITERALS), quick=True),
    *rows("kernel/lib/parse.c", "ranges", "a range that is read has a byte, what is no range "
          "changes nothing, and nothing is read outside of the text",
          "read_number", "parse_number", "parse_counts_frames", "parse_range",
          flags=LITERALS, assumes=TEXTS, bits=(64,)),
    *rows("kernel/lib/parse.c", "status", "every status has a text", "parse_status_text",
          flags=LITERALS, bits=(64,)),
    *rows("kernel/lib/parse.c", "modes", "a mode that is read has a width, a height and bits of 1 "
          "to 65535, and what is no mode changes nothing",
          "take_dimension", "parse_mode", flags=LITERALS, assumes=TEXTS),
    *rows("kernel/lib/parse.c", "words", "each word that is stored is a text that begins with no "
          "blank, and only the line and the places for words are written",
          "parse_words", flags=LITERALS, assumes=SHORT, bits=(64,)),
    *eva_rows("boot/boot_info.c", "undefined", "nothing is undefined, whatever the boot loader's "
              "memory holds, and nothing is read behind what was asked for", "prove_boot_info",
              "-eva-precision", "2", builtins=("memcpy", "memset"),
              assumes="memcpy, memset and strncmp do what C says"),
    *eva_rows("kernel/lib/format.c", "undefined", "nothing is undefined, and nothing is written "
              "behind the end of the buffer", "prove_format", "-eva-ilevel", "32",
              "-eva-slevel", "10", builtins=("memcpy", "strlen"),
              open=("kernel/lib/format.c: put_field: precondition of strlen",
                    "kernel/lib/string.h: strlen: precondition"),
              bound="formats of 4 characters, texts of 8 bytes, buffers of 12",
              assumes="the arguments are there; memcpy and strlen do what C says"),
]
