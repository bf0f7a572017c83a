"""What CBMC proves: a row for each property (tools/prove/row.py, tools/prove/tool_cbmc.py)."""

from row import Row

BOTH = (64, 32)
COMBINED = "each number from(i) is the longest run of the halves, or the one across the middle"
COSTLY = {"MM_COSTLY": 1}  # what a function requires of another is a goal, too


def rows(file, harness, table, *, bits=BOTH, bound="none", assumes="nothing", quick=False,
         defines=COSTLY, suffix="", **options):
    """Rows of one harness: (function without prove_, what it says) for each kind of processor."""
    return [Row("CBMC", file, function.replace("_", "-") + suffix, says, bits=each, bound=bound,
                assumes=assumes, quick=quick,
                options={"harness": harness, "function": f"prove_{function}", "defines": defines,
                         **options})
            for function, says in table for each in bits]


def tree_loops(leaf_words):
    """How often each loop of the tree and of its harness is unwound: four leaves, two levels."""
    leaves, levels = 4, 2
    loops = {
        "tree_has.0": levels, "full_order.0": levels, "split_path.0": levels, "change.0": levels,
        "set_covered.0": leaves // 2, "tree_run_end.0": leaves, "tree_run_first.0": leaves,
        "set_leaf_bits.0": leaf_words, "flip_bits.0": leaf_words, "end_in_leaf.0": leaf_words,
        "first_in_leaf.0": leaf_words, "head_of.0": leaf_words, "tail_of.0": leaf_words,
        "is_bare.0": leaf_words, "is_free.0": leaves, "is_right.0": leaves,
        "make_tree.0": leaves * leaf_words, "make_tree.1": leaves, "make_tree.2": leaf_words,
        "prove_take.0": leaves * leaf_words, "prove_give.0": leaves * leaf_words,
    }
    return {loop: times + 1 for loop, times in loops.items()}


def memmap_loops(regions):
    """How often each loop is unwound when an entry is added to one region: the table has room."""
    loops = {
        "make_map.0": regions, "is_in_order.0": regions, "kind_at.0": regions,
        "find_region.0": regions, "insert_region.0": regions - 1, "add_region.0": 3,
        "merge_neighbours.0": regions - 1, "make_room.0": 0, "drop_smallest_free.0": regions,
        "join_nearest.0": regions, "remove_region.0": regions,
    }
    return {loop: times + 1 for loop, times in loops.items()}


def parse_loops(letters, words):
    """How often each loop is unwound when units are joined: a unit has up to three letters."""
    loops = {
        "prove_join_units.0": letters, "parse_words.0": letters, "parse_words.1": letters,
        "parse_words.2": words, "letters_of.0": letters, "letters_of.1": words,
        "strlen.0": letters, "suffix_shift.0": 4, "piece_take_digits.0": letters, "memcmp.0": 2,
        "copy_up.0": 1, "copy_up.1": 4, "memmove.0": 0, "parse_join_units.0": words,
    }
    return {loop: times + 1 for loop, times in loops.items()}


def leaf_loops():
    """How often each loop is unwound when a run is added to a leaf of order 9."""
    order, numbers = 9, 60
    loops = {
        "make_leaf.0": numbers // 4, "make_leaf.1": order + 1, "raise_within.0": order - 2,
        "clear_rows.0": order - 2, "add_run.0": order + 1, "add_run.1": order + 1,
        "prove_raise_within.0": order - 2, "prove_raise_within.1": order - 2,
        "prove_raise_within.2": order - 2, "prove_add_run.0": order + 2,
    }
    return {loop: times + 1 for loop, times in loops.items()}


ROW_STUBS = [f"{verb}_{size}" for verb in ("larger", "raise", "store", "fill")
             for size in ("bytes", "halves", "words")]

POOL = "both managers do what is asked, or say that they cannot"
SEARCHED = "trees of 2^12 frames"
BLOCK_STUBS = ("tree_block", "reach_is_full", "reach_head", "reach_tail", "reach_longest")


def search_rows(unwind, stubs, *, solver="cadical", **more):
    """Each function over those that it calls, which have rows of their own."""
    return rows("mm/search.c", "search.c", unwind=unwind, stubs=stubs, solver=solver,
                defines={**COSTLY, "TOP": 11},
                assumes="the functions that are called, and a block's numbers, are right", **more)


CONTRACTS = "the tree, the index and range_find keep to their contracts"
CHOSEN = "what is called does what its row says"
STEPS = "the steps do what their rows say"


BUDDY_SIZES = ((64, {"SPAN": 8, "FIRST": 3, "SET": "uint16_t"}),
               (32, {"SPAN": 5, "FIRST": 1, "SET": "uint8_t"}))


def buddy_rows(file, harness, assumes, *, loops=(), stubs=(), **more):
    """From any right state of the buddy on. `loops`: {loop: how often it is unwound}."""
    few = ",".join(f"{loop}:{times}" for loop, times in dict(loops).items())
    return [row for bits, sizes in BUDDY_SIZES
            for row in rows(file, harness, bits=(bits,), unwind=9, solver="cadical",
                            stubs=("range_record", *stubs), defines={**COSTLY, **sizes},
                            flags=("--arrays-uf-never", *(("--unwindset", few) if few else ())),
                            assumes=assumes, bound=f"one range of {sizes['SPAN']} frames, 2 nodes",
                            **more)]


ROWS = [
    *rows("mm/bits.h", "bits.c", quick=True, table=[
        ("lowest_and_highest", "the lowest and the highest bit are set, and none beyond them"),
        ("bit_of_a_frame", "a frame's bit is the one of its place in its word"),
        ("bits_from", "just the frames of [first, end) in one word have their bit set"),
        ("arithmetic", "comparisons, choices and powers of two are what their names say")]),
    *rows("mm/bits.h", "bits.c", unwind=66, solver="cadical", table=[
        ("count", "as many bits are counted as are set")]),
    *rows("mm/request.h", "bits.c", quick=True, table=[
        ("request", "a request is let through just if it breaks no rule")]),
    *rows("mm/status.c", "status.c", quick=True, table=[
        ("text", "every status has a text")]),
    *rows("kernel/lib/parse.c", "parse.c", bits=(64,), unwind=parse_loops(5, 3),
          bound="lines of 5 characters, 3 words", table=[
              ("join_units", "no letter of a line is lost, and no number precedes its unit")]),
    *rows("mm/mm.c", "mm.c", quick=True, table=[
        ("frames", "bytes become the frames that hold them"),
        ("request", "the request in frames has just the places of the request in bytes")]),
    *rows("mm/mm.c", "mm_calls.c", unwind=4, bound="memory for records is fetched twice at most",
          assumes="the buddy and the ledger do what is asked, or say that they cannot",
          stubs=("record_owner_is", "last_is_wanted", "last_is_wanted_within", "last_take",
                 "record_enter", "grow_ledger"), table=[
              ("alloc", "a block has a run and a record that agree; a refusal leaves neither")]),
    *rows("mm/mm.c", "mm_calls.c",
          assumes="the buddy and the ledger do what is asked, or say that they cannot",
          stubs=("record_newest", "record_strike_newest", "last_free", "last_free_known",
                 "block_range"), table=[
              ("free", "a block loses its run and its record, and what is no block keeps both")]),
    *rows("mm/mm.c", "mm_calls.c", stubs=("mm_alloc",), assumes="mm_alloc has any answer", table=[
        ("reserve", "just the frames that have bytes of the range are asked for")]),
    *rows("mm/marks.c", "marks.c", quick=True, unwind=5, bound="140 numbers, two levels", table=[
        ("bytes", "a set has just the memory that it asks for"),
        ("add", "just the number that is added comes"),
        ("remove", "just the number that is removed goes"),
        ("find", "the largest number at or below another is found")]),
    *rows("mm/index.h", "index.c", unwind=54, table=[
        ("next_length", "the shortest and the longest listed length are found"),
        ("mark_empty", "just the length whose list is empty is not filled any more")]),
    *rows("mm/index.h", "index.c", unwind=54, bound="4 nodes, 4 lists", table=[
        ("link", "a node that is linked is the first, and all others stay linked"),
        ("unlink", "what follows a node takes its place, and all others stay linked")]),
    *rows("mm/index.c", "index.c", unwind=54, bound="cells for 2 to 4096", table=[
        ("cells", "there are at most as many cells as there is memory for")]),
    *rows("mm/memmap.c", "memmap.c", unwind=10, quick=True,
          defines={**COSTLY, "MEMMAP_CAPACITY": 4}, bound="tables of 4 regions", table=[
              ("rounding", "addresses are rounded to the nearest border of a frame"),
              ("find_region", "the first region that ends above an address is found")]),
    *rows("mm/memmap.c", "memmap.c", bits=(64,), unwind=10, solver="cadical",
          defines={**COSTLY, "MEMMAP_CAPACITY": 4}, bound="tables of 4 regions", table=[
              ("find_top", "the place at the top is free, below the limit, and the highest")]),
    *rows("mm/memmap.c", "memmap.c", bits=(64,), unwind=memmap_loops(regions=5),
          defines={**COSTLY, "MEMMAP_CAPACITY": 5}, bound="a table with one region", table=[
              ("add_exactly", "an entry gives its addresses the stronger kind, and no others")]),
    *rows("mm/place.c", "place.c", bound="frame numbers of 40 bits", table=[
        ("wish", "a wish has just the places that its request has")]),
    *rows("mm/place.c", "place.c", bits=(64,), bound="frame numbers of 40 bits", solver="cadical",
          table=[
              ("in_run", "the highest place of a run is found, if it has one"),
              ("sieve", "the quick look passes over no run that has a place")]),
    *rows("mm/reach.c", "reach.c", bits=(64,), unwind=17, solver="cadical", bound="one leaf",
          table=[
              ("longest_within", "the longest part of a run inside aligned blocks is found"),
              ("runs", "free runs of any leaf begin and end where their bits say")]),
    *rows("mm/reach.c", "leaf.c", unwind=leaf_loops(), solver="cadical",
          stubs=("reach_kept", "set_kept"),
          assumes="numbers are read and written where the rows `read` and `write` say", table=[
              ("raise_within", "a run raises the numbers of one i to its own")]),
    *rows("mm/reach.c", "leaf.c", unwind=leaf_loops(), stubs=("fill_row",),
          assumes="fill_row works on its row", table=[
              ("clear_rows", "just the rows that become full are cleared")]),
    *rows("mm/reach.c", "leaf.c", unwind=leaf_loops(), solver="cadical",
          stubs=("raise_within", "clear_rows"), table=[
              ("add_run", "a leaf to which a run is added has the larger one of each two numbers")],
          assumes="raise_within and clear_rows do what their rows say"),
    *rows("mm/reach.c", "leaf.c", unwind=35, solver="cadical", bound="leaves of 64 frames",
          stubs=("add_run", "reach_copy", "next_frame"), defines={**COSTLY, "LEAF_ORDER": 6},
          assumes="add_run and next_frame do what their rows say", table=[
              ("sum_up", "each free run of a leaf is added once")]),
    *rows("mm/reach.c", "leaf.c", unwind=17, solver="cadical", stubs=("add_run", "next_frame"),
          assumes="add_run and next_frame do what their rows say", table=[
              ("give", "the free run that holds a frame is added")]),
    *rows("mm/reach.c", "combine.c", unwind=25, stubs=("larger_row", "fill_row"),
          bound="blocks of 2^10 frames", assumes="larger_row and fill_row work on their row",
          table=[
              ("combine", "each number within(i, k) is the larger one of the halves")]),
    *rows("mm/reach.c", "rows.c", unwind=33, stubs=ROW_STUBS, table=[
        ("rows", "what works on a row of numbers gets this row"),
        ("bounds", "the rows of a block lie inside its bytes"),
        ("read", "a number is read from its row"),
        ("write", "a number of a leaf is written to its row")]),
    *rows("mm/reach.c", "rows.c", unwind=35, table=[
        (f"changes_of_{size}", "just a change of a row is reported")
        for size in ("bytes", "halves", "words")]),
    *rows("mm/reach.c", "reach.c", unwind=33, flags=("--arrays-uf-never",),
          table=[
              ("from_halves", COMBINED), ("from_to_words", COMBINED)]),
    *rows("mm/reach.c", "reach.c", bits=(64,), unwind=33, flags=("--arrays-uf-never",),
          bound="halves of 2^30 frames", table=[("from_words", COMBINED)]),
    *rows("mm/reach.c", "reach.c", unwind=33, flags=("--arrays-uf-never",),
          bound="a block of 2^10 frames in a stretch of 2^31", table=[
              ("full_rows", "the rows are found for which an aligned block is all free"),
              ("raise_row", "a block's head counts in a stretch only where it is aligned")]),
    *search_rows(0, (), bound=SEARCHED, table=[
        ("try_run", "a run that is long enough has the place that place_in_run finds in it")]),
    *search_rows(10, ("walk_word",), bound="leaves of 512 frames", solver="", table=[
        ("walk_leaf", "the search leaves a leaf at its first frame, and no place is lost")]),
    *search_rows(5, ("try_run", "tree_word"), bound=f"6 frames of a word, {SEARCHED}", table=[
        ("walk_word", "the search leaves a word at its first frame, and no place is lost")]),
    *search_rows(4, ("try_run", "walk_leaf", *BLOCK_STUBS), bound=SEARCHED, table=[
        ("step", "the search steps over no place, and each run it names is free")]),
    *search_rows(8, ("try_run", "step"), bound="trees of 6 frames", table=[
        ("search", "the place that is found is the highest, and one is found if there is one")]),
    *search_rows(6, ("tree_word",), bound=f"4 frames of a leaf, {SEARCHED}", table=[
        ("longest_in_leaf", "the longest run in the bits of a leaf is found")]),
    *search_rows(4, ("longest_in_leaf", *BLOCK_STUBS), bound=SEARCHED, table=[
        ("longest_in_step", "no free run is longer than what a step returns, and one is as long")]),
    *search_rows(8, ("longest_in_step",), bound="trees of 6 frames", table=[
        ("longest", "no free run in the window is longer than what is found, and one is as long")]),
    *rows("mm/split.c", "split.c", bits=(64,), unwind=5, bound="ranges of 128 frames",
          assumes="nothing is set aside; block_refusal is any refusal", solver="cadical",
          defines={**COSTLY, "RANGE_LONG": "64u"}, table=[
              ("split", "two blocks lie where one was, and nothing else changes"),
              ("split_frames", "each frame of the block is a block")]),
    *rows("mm/split.c", "split.c", bits=(64,), unwind=4, solver="cadical",
          bound="ranges of 128 frames, up to 3 blocks", defines={**COSTLY, "RANGE_LONG": "64u"},
          assumes="the block is found first, as for a split in two", table=[
              ("split_evenly", "blocks of one length follow each other")]),
    *rows("mm/free.c", "free.c", unwind=34, solver="cadical", defines=COSTLY, table=[
        ("aside", "a run that is set aside has just its frames")]),
    *rows("mm/free.c", "free.c", bits=(64,), unwind=34, bound="runs in 32 frames", table=[
        ("count_run", "free buddies have as many frames as their run")]),
    *buddy_rows("mm/free.c", "whole_run.c", "the tree and range_find keep to their contracts",
                table=[
        ("whole_run", "a free run is found as a whole, wherever its pieces are")]),
    *rows("mm/bands.c", "free.c", bits=(64,), unwind=34, table=[
        ("free_bits", "the free frames of a word are those between live runs"),
        ("count_below", "of what is set aside, only frames below a border are counted")]),
    *rows("mm/ranges.c", "ranges.c", bits=(64,), unwind=6, solver="cadical", bound="3 ranges",
          table=[
              ("find_above", "the lowest range that ends above a frame is found"),
              ("walk", "a walk meets all ranges in order")]),
    *rows("mm/stretch.c", "ranges.c", bits=(64,), unwind=6, solver="cadical", bound="4 ranges",
          table=[
              ("tell_live", "all above know whether a range has blocks")]),
    *rows("mm/stretch.c", "stretch.c", bits=(64,), unwind=34, solver="cadical", table=[
        ("order", "no frame of a range but frame 0 is a multiple of its order")]),
    *rows("mm/stretch.c", "across.c", unwind=34, bound="halves of 2^9 frames", table=[
        ("across", "a run across the middle counts where an aligned block may hold it")]),
    *rows("mm/tree.c", "stretch.c", unwind=34, table=[
        ("top", "two of the largest blocks hold a range, and no smaller ones would")]),
    *rows("mm/tree.c", "stretch.c", unwind=34, solver="cadical",
          defines={**COSTLY, "WITH_REACH": 1}, table=[
              ("lay_out", "each order has whole pairs of blocks, and they hold the range")]),
    *rows("mm/tree.c", "tree.c", bits=(32,), unwind=tree_loops(leaf_words=1), solver="cadical",
          defines={"LEAF_ORDER": 6}, bound="4 leaves of 64 frames, two levels",
          assumes="the numbers of blocks keep to their contracts", table=[
              ("take", "just the frames that are taken are no longer free"),
              ("give", "just the frames that are given back become free"),
              ("runs", "a free run begins and ends where its frames do")]),
    *rows("mm/tree.c", "tree.c", bits=(64,), unwind=tree_loops(leaf_words=2), solver="cadical",
          defines={"LEAF_ORDER": 7}, bound="4 leaves of 128 frames, two levels",
          assumes="the numbers of blocks keep to their contracts", suffix="-two-words", table=[
              ("take", "just the frames that are taken are no longer free"),
              ("give", "just the frames that are given back become free"),
              ("runs", "a free run begins and ends where its frames do")]),
    *rows("mm/range.c", "range.c", table=[
        ("layout", "a range has the records that it reads")]),
    *rows("mm/range.h", "range.c", unwind=8, bound="ranges of 128 frames",
          defines={**COSTLY, "RANGE_LONG": "64u"}, table=[
              ("length", "the length of a live run is the distance of its two bits"),
              ("enter", "a run that is entered is live, and nothing else changes")]),
    *rows("mm/range.c", "range.c", bits=(64,), unwind=8, solver="cadical",
          bound="ranges of 128 frames", defines={**COSTLY, "RANGE_LONG": "64u"}, table=[
              ("near", "the nearest begin and end are the nearest"),
              ("find", "each frame of a live run leads to its beginning, and no other does")]),
    *buddy_rows("mm/buddy.c", "buddy_steps.c", CONTRACTS, table=[
        ("take_last", "the run freed last becomes a block"),
        ("take_short", "the end of a listed run or of a cutting run becomes a block"),
        ("take_inside", "a part of a listed run becomes a block"),
        ("take_last_end", "an end of the run freed last and what touches it is a block then"),
        ("take_tree", "a part of a run in the tree becomes a block"),
        ("put_back", "a run that was set aside comes into a list or the tree"),
        ("put_away", "a run that is no block any more becomes free")]),
    *rows("mm/buddy.c", "cut.c", unwind=4, bound="ranges of 128 frames",
          defines={**COSTLY, "RANGE_LONG": "64u"}, table=[
              ("cut", "a block is cut off the end of a cutting run, and has its length")]),
    *rows("mm/remove.c", "remove.c", unwind=5, bound="3 ranges",
          assumes="the index, stretches and the tree of ranges are built as they should be", table=[
              ("remove", "nothing leads to a range that was removed, and all others stay")]),
    *buddy_rows("mm/buddy.c", "buddy.c", f"buddy_put_away does what its row says; {CONTRACTS}",
                stubs=("buddy_put_away",), table=[
        ("free", "just the frames of the block become free, and the state stays right")]),
    *buddy_rows("mm/buddy.c", "buddy.c", STEPS,
                stubs=("take_inside", "take_tree", "put_back_aside"), table=[
        ("take_put_back", "after all was put back, a part of a run becomes a block")]),
    *buddy_rows("mm/buddy.c", "buddy.c", f"{STEPS}; choose_place does what its rows say",
                stubs=("take_inside", "take_last_end", "take_put_back", "choose_place"), table=[
        ("alloc_searched", "with a search, each kind of place is taken by the step made for it")]),
    *buddy_rows("mm/buddy.c", "buddy.c", STEPS, stubs=("take_short", "alloc_searched"), table=[
        ("alloc_other", "below the end of a band, a block is taken if there is one")]),
    *buddy_rows("mm/buddy.c", "buddy.c", STEPS, loops={"alloc_within.0": 2},
                stubs=("buddy_alloc_other", "alloc_searched"), table=[
        ("alloc", "a block that suits the request is taken, and nothing else, if there is one")]),
    *rows("mm/frame_set.c", "frame_set.c", unwind=1026, solver="cadical",
          flags=("--arrays-uf-always",), table=[
              ("init", "an empty set has no frame")]),
    *rows("mm/frame_set.c", "frame_set.c", unwind=18, flags=("--arrays-uf-always",),
          table=[
              ("has", "just the frames of the set are found"),
              ("add", "just the frame that is added comes"),
              ("empty_place", "just the frames of the place go, and are counted off"),
              ("next_place", "the next used place is found")]),
    *rows("mm/frame_set.c", "frame_set.c", unwind=6, flags=("--arrays-uf-always",),
          defines={**COSTLY, "FRAME_SET_PLACES": "256u"}, bound="256 places", table=[
              ("take", "the frame that is taken was there, and just this one goes")]),
    *rows("mm/choose.c", "choose.c", unwind=6, solver="cadical", bound="frame numbers of 40 bits",
          table=[
              ("same_frame", "all places share a frame just if no two lie side by side"),
              ("cut", "a cutting run serves a request only from its end"),
              ("join", "the run freed last is joined with what touches it in its range")]),
    *buddy_rows("mm/choose.c", "choose_place.c", "a quick look passes over no run that has a place",
                stubs=("place_may_pass",), loops={"next_listed.0": 4}, table=[
        ("next_listed", "no node of a list that has a place is passed over")]),
    *buddy_rows("mm/choose.c", "choose_place.c", CHOSEN, stubs=("next_listed",),
                loops={"find_on_shelf.0": 4, "find_on_shelf.1": 4}, table=[
        ("find_on_shelf", "of the runs of a shelf, the shortest one that has a place is found")]),
    *buddy_rows("mm/choose.c", "choose_place.c", CHOSEN, stubs=("find_on_shelf",), table=[
        ("find_listed", "of all listed runs, the one that the rule names is found")]),
    *buddy_rows("mm/choose.c", "choose_place.c", CHOSEN, table=[
        ("find_highest", "if no listed run has a place, the highest one is found")]),
    *buddy_rows("mm/choose.c", "choose_place.c", CHOSEN, stubs=("find_listed", "find_highest"),
                table=[
        ("find_in_window", "in a window, the place that the rule names is found")]),
    *buddy_rows("mm/choose.c", "choose_place.c", "find_in_window does what its row says",
                stubs=("find_in_window",), loops={"find_anywhere.0": 4}, table=[
        ("choose_place", "a place is found if there is one, in the highest band that has one")]),
    *rows("mm/many.c", "many.c", unwind=6, bound="2 runs, one range of 63 frames",
          table=[
              ("join", "runs are joined only if they touch, and only inside the range")]),
    *rows("mm/many.c", "many.c", bits=(64,), unwind=3,
          bound="one range of 63 frames, from frame 0 or up to frame 2^32 - 1", table=[
              ("twice", "a block that is named twice is refused, and nothing changes")]),
    *rows("mm/front.c", "front.c", unwind=10, solver="cadical",
          defines={**COSTLY, "LENGTH": 2, "FRONT_FRAMES": "8u"},
          bound="stacks of 4 blocks of 2 frames",
          assumes="the buddy takes whatever it is given", table=[
              ("give_back", "as many blocks as a stack loses go to the buddy"),
              ("add", "a stack never has more than its limit")]),
    *rows("mm/front.c", "front.c", unwind=42,
          defines={**COSTLY, "LENGTH": 1, "FRONT_FRAMES": "40u"}, bound="stacks of 40 blocks",
          assumes="the buddy takes whatever it is given", table=[
              ("give_back_all", "a full stack loses more blocks than the buddy gets at once")]),
    *rows("mm/ledger.c", "ledger.c", unwind=28, quick=True,
          bound="texts of 26 characters", table=[
              ("name", "a name has 1 to 23 printable characters")]),
    *rows("mm/record.h", "ledger.c", unwind=28, bound="one chunk", table=[
        ("bucket", "the bucket of a code is there")]),
    *rows("mm/ledger.c", "ledger.c", bits=(64,), unwind=28, bound="trees of 3 records", table=[
        ("remove", "what is taken out of a tree leaves the others in it")]),
    *rows("mm/chunks.c", "ledger.c", unwind=4, flags=("--arrays-uf-never",),
          bound="one directory", table=[
              ("chunk", "a chunk that is added has the next number")]),
    *rows("mm/pool.c", "pool.c", unwind=5, bound="blocks of 3 pages",
          assumes="the window's manager gives what it is asked for, or MM_NO_ROOM", table=[
              ("map_frames", "just the pages between two guard pages are mapped, or none")]),
    *rows("mm/pool.c", "pool_calls.c", unwind=1,
          stubs=("map_frames",), assumes=f"{POOL}; map_frames does what its row says", table=[
              ("pool_alloc", "a block and its place know each other, and a refusal leaves neither"),
              ("pool_map", "all bytes that are asked for are mapped, and no frame in vain")]),
    *rows("mm/pool.c", "pool_calls.c", unwind=1,
          stubs=("unmap_place", "pool_find"), assumes=POOL, table=[
              ("pool_free", "a block is freed together with its place, and nothing else"),
              ("pool_unmap", "a mapping goes by each of its addresses, and a block stays")]),
    *rows("boot/bios_area.c", "bios_area.c", quick=True, table=[
        ("bios_area", "the lower of the two addresses that can be true")]),
]
