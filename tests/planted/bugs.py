"""Bugs that people make in an allocator of frames: file, what stands there, what stands there then.

Each text stands in its file exactly once, or tools/planted.py says so and fails.
"""

BUGS = [
    ("a kept run is handed out although it ends one frame above the limit",
     "mm/quick.h", "    if (found + length > limit)\n", "    if (found + length > limit + 1)\n"),
    ("kept runs are not given back before a request is refused",
     "mm/buddy.c", "settle_some(buddy, most); most *= 2)", "false; most *= 2)"),
    ("low memory is spent on those who can use high memory",
     "mm/buddy.c", "    pfn_t lowest = band_bases[top_band(", "    pfn_t lowest = 0 * band_bases[top_band("),
    ("a block is rounded up to an even number of frames",
     "mm/buddy.c", "span_take(span, frame, frame + (uint32_t)request->frame_count);",
     "span_take(span, frame, frame + (uint32_t)((request->frame_count + 1) & ~1u));"),
    ("a kept run can be freed again",
     "mm/quick.h", "        if (i < slot->count && slot->firsts[i] == first)\n",
     "        if (i > slot->count && slot->firsts[i] == first)\n"),
    ("the run allocated last stays known after it was freed",
     "mm/buddy.c", "        buddy->last_length = 0;\n    } else {", "    } else {"),
    ("a node forgets the run over its middle",
     "mm/span.c", "halves[0].tail + halves[1].head);\n}", "halves[0].tail);\n}"),
    ("an update stops one level too early",
     "mm/span.c", "for (; changed && level < span->level_count; level++) {",
     "for (; changed && level + 1 < span->level_count; level++) {"),
    ("a word's longest run is kept as it was",
     "mm/span.c", "    span->word_runs[index] = (uint8_t)(word == WORD_ONES ? 0 : bits_longest_zeros(word));\n",
     "    (void)word;\n"),
    ("a block may begin one frame below its lowest",
     "mm/aligned.c", "    return found && search.place >= lowest;", "    return found && search.place + 1 >= lowest;"),
    ("a block may cross its boundary when it is longer than a word",
     "mm/aligned.c", "        if (multiple > start) {", "        if (multiple > start + WORD_BITS) {"),
    ("the length of a run that ends in the next word is one too short",
     "mm/span.h", "    return length + bits_lowest(*words) + 1;", "    return length + bits_lowest(*words);"),
]
