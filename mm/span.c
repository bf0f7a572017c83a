/*
 * Bits, and the tree of summaries over them. A change flips the bits it covers, then brings the
 * nodes above them up to date level by level, and stops where no summary changes any more. A search
 * walks leftward from its limit and skips every node that cannot hold what it looks for. Knows no
 * requests.
 */

#include "span.h"

/* ---- where things are ---------------------------------------------------------------------- */

/* The lowest order at which at most two nodes hold the whole range. */
static unsigned top_order(struct frame_range range)
{
    unsigned order = SPAN_LEAF_ORDER;
    while (((range.end - 1) >> order) - (range.first >> order) > 1)
        order++;
    return order;
}

/*
 * Numbers the frames, and says how many nodes each level has. Each level holds whole pairs of
 * siblings, so that no node is ever without its two halves; those that lie outside of the span are
 * never free.
 */
static void lay_out(struct buddy_span *span, struct frame_range range)
{
    unsigned top = top_order(range);
    span->first_pfn = range.first;
    span->origin = range.first >> top << top;
    span->first = (uint32_t)(range.first - span->origin);
    span->end = (uint32_t)(range.end - span->origin);
    span->level_count = top + 1 - SPAN_LEAF_ORDER;
    for (unsigned level = 0; level < span->level_count; level++) {
        unsigned order = span_level_order(level);
        uint32_t last_node = (span->end - 1) >> order | 1;
        span->levels[level].first_node = span->first >> order & ~1u;
        span->levels[level].node_count = last_node - span->levels[level].first_node + 1;
    }
    span->first_word = span->levels[0].first_node * SPAN_LEAF_WORDS;
    span->word_count = span->levels[0].node_count * SPAN_LEAF_WORDS;
}

size_t span_table_bytes(struct frame_range range)
{
    struct buddy_span span;
    lay_out(&span, range);
    size_t bytes = sizeof span + (3 * sizeof(word_t) + 1) * span.word_count;
    for (unsigned level = 0; level < span.level_count; level++)
        bytes += sizeof(struct run_summary) * span.levels[level].node_count;
    return (bytes + 7) & ~(size_t)7;
}

/* ---- summaries ----------------------------------------------------------------------------- */

static struct run_summary summary_of(uint32_t head, uint32_t longest, uint32_t tail)
{
    struct run_summary summary = {head, longest, tail};
    return summary;
}

static bool summaries_equal(struct run_summary a, struct run_summary b)
{
    return ((a.head ^ b.head) | (a.longest ^ b.longest) | (a.tail ^ b.tail)) == 0;
}

/* A leaf, from its words and the longest run inside each; `index` is its first word's. */
static struct run_summary summarise_leaf(const struct buddy_span *span, uint32_t index)
{
    const word_t *words = &span->used_words[index];
    const uint8_t *word_runs = &span->word_runs[index];
    uint32_t head = 0;
    uint32_t longest = 0;
    uint32_t run = 0; /* that reaches the present word from below */
    word_t below = 0; /* all words so far */
    for (unsigned i = 0; i < SPAN_LEAF_WORDS; i++) {
        uint32_t met = run + bits_zeros_at_bottom(words[i]);
        longest = larger_of(larger_of(longest, word_runs[i]), met);
        head = below ? head : met;
        below |= words[i];
        run = bits_zeros_at_top(words[i]) + (words[i] ? 0 : run);
    }
    return summary_of(head, longest, run);
}

static uint32_t longest_of_halves(const struct run_summary *halves)
{
    return larger_of(larger_of(halves[0].longest, halves[1].longest),
                     halves[0].tail + halves[1].head);
}

/* What a parent knows follows from its two halves, each of half_frames frames. */
static struct run_summary combine(const struct run_summary *halves, uint32_t half_frames)
{
    uint32_t head = halves[0].head;
    uint32_t tail = halves[1].tail;
    return summary_of(head == half_frames ? head + halves[1].head : head, longest_of_halves(halves),
                      tail == half_frames ? tail + halves[0].tail : tail);
}

static struct run_summary summarise_node(const struct buddy_span *span, unsigned level,
                                         uint32_t node)
{
    if (level == 0)
        return summarise_leaf(span, node * SPAN_LEAF_WORDS - span->first_word);
    return combine(span_node_at(span, level - 1, 2 * node), 1u << span_level_order(level - 1));
}

/* Writes a node. False if it is what was there. */
static inline bool replace(struct run_summary *node, struct run_summary summary)
{
    if (summaries_equal(*node, summary))
        return false;
    *node = summary;
    return true;
}

/* Recomputes the leaves [first, last]. False if none has changed. */
static bool update_leaves(struct buddy_span *span, uint32_t first, uint32_t last)
{
    struct run_summary *node = span_node_at(span, 0, first);
    uint32_t index = first * SPAN_LEAF_WORDS - span->first_word;
    bool changed = false;
    for (uint32_t i = first; i <= last; i++, node++, index += SPAN_LEAF_WORDS)
        changed |= replace(node, summarise_leaf(span, index));
    return changed;
}

/* The same for a level above, from the level below it. */
static bool update_level(struct buddy_span *span, unsigned level, uint32_t first, uint32_t last)
{
    struct run_summary *node = span_node_at(span, level, first);
    const struct run_summary *halves = span_node_at(span, level - 1, 2 * first);
    bool changed = false;
    for (uint32_t i = first; i <= last; i++, node++, halves += 2)
        changed |= replace(node, combine(halves, 1u << span_level_order(level - 1)));
    return changed;
}

/* Splits or merges the nodes above [first, end), until a level stays as it was. */
static void update_nodes(struct buddy_span *span, uint32_t first, uint32_t end)
{
    first >>= SPAN_LEAF_ORDER;
    uint32_t last = (end - 1) >> SPAN_LEAF_ORDER;
    unsigned level = 1;
    bool changed = update_leaves(span, first, last);
    for (; changed && first >> level != last >> level; level++)
        changed = update_level(span, level, first >> level, last >> level);
    const struct run_summary *halves = span_node_at(span, level - 1, first >> level << 1);
    for (; changed && level < span->level_count; level++) {
        struct run_summary *node = span_node_at(span, level, first >> level);
        changed = replace(node, combine(halves, 1u << span_level_order(level - 1)));
        halves = span_node_at(span, level, (first >> level) & ~1u);
    }
}

/* ---- marking ------------------------------------------------------------------------------- */

static void flip_bits(struct buddy_span *span, uint32_t index, word_t mask)
{
    word_t word = span->used_words[index] ^= mask;
    span->word_runs[index] = (uint8_t)(word == WORD_ONES ? 0 : bits_longest_zeros(word));
}

/* Flips the used bits of [first, end), which are all set or all clear. */
static void flip(struct buddy_span *span, uint32_t first, uint32_t end)
{
    uint32_t index = span_word_index(span, first);
    uint32_t last = span_word_index(span, end - 1);
    word_t low = WORD_ONES << span_bit_index(first);
    word_t high = WORD_ONES >> (WORD_BITS - 1 - span_bit_index(end - 1));
    if (index == last) {
        flip_bits(span, index, low & high);
    } else {
        flip_bits(span, index, low);
        while (++index < last) {
            span->used_words[index] = ~span->used_words[index];
            span->word_runs[index] ^= WORD_BITS;
        }
        flip_bits(span, last, high);
    }
    update_nodes(span, first, end);
}

void span_take(struct buddy_span *span, uint32_t first, uint32_t end)
{
    flip(span, first, end);
    span->start_words[span_word_index(span, first)] |= span_bit(first);
    span->end_words[span_word_index(span, end - 1)] |= span_bit(end - 1);
}

void span_give(struct buddy_span *span, uint32_t first, uint32_t end)
{
    span->start_words[span_word_index(span, first)] &= ~span_bit(first);
    span->end_words[span_word_index(span, end - 1)] &= ~span_bit(end - 1);
    flip(span, first, end);
}

/* ---- the beginning ------------------------------------------------------------------------- */

/*
 * Frames of the leaves at both ends that do not belong to the span are never free. They are
 * counted, because the last leaf may end at 2^32, which no number reaches.
 */
static void mark_outside(struct buddy_span *span, uint32_t frame, uint32_t frame_count)
{
    while (frame_count > 0) {
        uint32_t count = WORD_BITS - span_bit_index(frame);
        if (count > frame_count)
            count = frame_count;
        flip_bits(span, span_word_index(span, frame), bits_mask(span_bit_index(frame), count));
        frame += count;
        frame_count -= count;
    }
}

/* A level when nothing is allocated: free buddies in the middle, pieces of them at both ends. */
static void create_level(struct buddy_span *span, unsigned level, struct run_summary *nodes)
{
    struct span_level *at = &span->levels[level];
    uint32_t first = span->first >> span_level_order(level);
    uint32_t last = (span->end - 1) >> span_level_order(level);
    uint32_t size = 1u << span_level_order(level);
    at->nodes = nodes;
    nodes[0] = nodes[at->node_count - 1] = summary_of(0, 0, 0);
    for (uint32_t node = first; node <= last; node++)
        nodes[node - at->first_node] = summary_of(size, size, size);
    nodes[first - at->first_node] = summarise_node(span, level, first);
    nodes[last - at->first_node] = summarise_node(span, level, last);
}

static void create_words(struct buddy_span *span, word_t *words, uint8_t *word_runs)
{
    span->used_words = words;
    span->start_words = words + span->word_count;
    span->end_words = span->start_words + span->word_count;
    span->word_runs = word_runs;
    for (uint32_t i = 0; i < 3 * span->word_count; i++)
        words[i] = 0;
    for (uint32_t i = 0; i < span->word_count; i++)
        word_runs[i] = WORD_BITS;
    uint32_t words_first = span->first_word << WORD_ORDER;
    uint32_t words_end = (span->first_word + span->word_count) << WORD_ORDER; /* 0 for 2^32 */
    mark_outside(span, words_first, span->first - words_first);
    mark_outside(span, span->end, words_end - span->end);
}

/* In memory: the span, its words, its nodes from the leaves to the root, and a byte a word. */
struct buddy_span *span_create(struct frame_range range, void *tables)
{
    struct buddy_span *span = (struct buddy_span *)tables;
    lay_out(span, range);
    word_t *words = (word_t *)(void *)(span + 1);
    struct run_summary *nodes = (struct run_summary *)(void *)(words + 3 * span->word_count);
    struct run_summary *last_node = nodes;
    for (unsigned level = 0; level < span->level_count; level++)
        last_node += span->levels[level].node_count;
    create_words(span, words, (uint8_t *)last_node);
    for (unsigned level = 0; level < span->level_count; level++) {
        create_level(span, level, nodes);
        nodes += span->levels[level].node_count;
    }
    return span;
}

/* ---- allocated runs ------------------------------------------------------------------------ */

uint32_t span_run_start(const struct buddy_span *span, uint32_t frame)
{
    uint32_t index = span_word_index(span, frame);
    word_t starts = span->start_words[index] & WORD_ONES >> (WORD_BITS - 1 - span_bit_index(frame));
    while (!starts)
        starts = span->start_words[--index];
    return ((index + span->first_word) << WORD_ORDER) + bits_highest(starts);
}

/* The first frame at or above `frame`, a leaf's first, whose leaf is not all free. */
static uint32_t skip_free(const struct buddy_span *span, uint32_t frame)
{
    while (frame < span->end) {
        unsigned level = span_level_at(span, frame);
        uint32_t size = 1u << span_level_order(level);
        while (span_node_at(span, level, frame >> span_level_order(level))->head < size) {
            if (level == 0)
                return frame;
            size = 1u << span_level_order(--level);
        }
        frame += size;
    }
    return span->end;
}

uint32_t span_next_start(const struct buddy_span *span, uint32_t frame)
{
    while (frame < span->end) {
        uint32_t index = span_word_index(span, frame);
        word_t starts = span->start_words[index] & WORD_ONES << span_bit_index(frame);
        if (starts)
            return (frame & ~(WORD_BITS - 1)) + bits_lowest(starts);
        uint32_t left = WORD_BITS - span_bit_index(frame);
        if (span->end - frame <= left)
            break;
        frame += left;
        if (frame % SPAN_LEAF_FRAMES == 0)
            frame = skip_free(span, frame);
    }
    return span->end;
}

/* ---- the search ---------------------------------------------------------------------------- */

/*
 * The search walks from right to left. `position` is where it has come to; `above` counts the free
 * frames that lie directly above that: the part of a run that is known so far.
 *
 *            position
 *               |<-- above -->|
 *   ....  ?  ?  1  1  1  1  1  0  ....
 */
struct walk {
    uint32_t position;
    uint32_t above;
};

static bool finish_run(const struct walk *walk, uint32_t tail, struct span_run *run)
{
    run->first = walk->position - tail;
    run->end = walk->position + walk->above;
    return true;
}

/*
 * Goes through a word, or as much of it as lies below the walk's position. The word is shifted up so
 * that its top bit is the frame below the position; the zeros that come in from below it end a run
 * of ones, and a run of zeros that reaches them goes on in the word below.
 */
static bool walk_word(const struct buddy_span *span, uint32_t frame_count, struct walk *walk,
                      struct span_run *run)
{
    unsigned left = span_bit_index(walk->position - 1) + 1;
    word_t word = span->used_words[span_word_index(span, walk->position - 1)] << (WORD_BITS - left);
    while (left > 0) {
        unsigned zeros = bits_zeros_at_top(word);
        if (zeros >= left) {
            walk->above += left;
            walk->position -= left;
            return false;
        }
        if (walk->above + zeros >= frame_count)
            return finish_run(walk, zeros, run);
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): zeros < left */
        unsigned ones = bits_zeros_at_top(~(word << zeros));
        walk->position -= zeros + ones;
        walk->above = 0;
        left -= zeros + ones;
        word = left > 0 ? word << (zeros + ones) : 0;
    }
    return false;
}

/* The same, but over the whole word at once if no run inside it is long enough. */
static bool step_word(const struct buddy_span *span, uint32_t frame_count, struct walk *walk,
                      struct span_run *run)
{
    uint32_t index = span_word_index(span, walk->position - 1);
    word_t word = span->used_words[index];
    unsigned zeros = bits_zeros_at_top(word);
    if (span_bit_index(walk->position) != 0 || word == 0 || walk->above + zeros >= frame_count ||
        span->word_runs[index] >= frame_count)
        return walk_word(span, frame_count, walk, run);
    walk->above = bits_lowest(word);
    walk->position -= WORD_BITS;
    return false;
}

/*
 * Takes one step: over the largest node below the position that can be judged by its summary, or
 * through a word. Returns true when a run's lower end was found and it is long enough.
 */
static bool walk_step(const struct buddy_span *span, uint32_t frame_count, struct walk *walk,
                      struct span_run *run)
{
    if (walk->position % SPAN_LEAF_FRAMES != 0)
        return step_word(span, frame_count, walk, run);
    for (unsigned level = span_level_at(span, walk->position) + 1; level-- > 0;) {
        uint32_t size = 1u << span_level_order(level);
        uint32_t node = (walk->position - 1) >> span_level_order(level);
        struct run_summary summary = *span_node_at(span, level, node);
        if (summary.tail == size) {
            walk->above += size;
            walk->position -= size;
            return false;
        }
        if (walk->above + summary.tail >= frame_count)
            return finish_run(walk, summary.tail, run);
        if (summary.longest < frame_count) {
            walk->above = summary.head;
            walk->position -= size;
            return false;
        }
    }
    return step_word(span, frame_count, walk, run);
}

bool span_find_run(const struct buddy_span *span, uint32_t frame_count, uint32_t lowest,
                   uint32_t limit, struct span_run *run)
{
    if (span_longest_run(span) < frame_count)
        return false;
    struct walk walk = {limit, 0};
    bool found = false;
    while (!found && walk.position > lowest) {
        uint32_t run_end = walk.position + walk.above;
        if (run_end < frame_count || run_end - frame_count < lowest)
            return false;
        found = walk_step(span, frame_count, &walk, run);
    }
    if (!found && walk.above >= frame_count)
        found = finish_run(&walk, 0, run);
    return found && run->end - frame_count >= lowest;
}

/* The highest place for frame_count free frames inside a leaf, whose first word `index` is. */
static uint32_t place_in_leaf(const struct buddy_span *span, uint32_t frame_count, uint32_t index)
{
    uint32_t above = 0;
    for (unsigned i = SPAN_LEAF_WORDS; i-- > 0;) {
        word_t word = span->used_words[index + i];
        uint32_t first = (index + i + span->first_word) << WORD_ORDER;
        if (above + bits_zeros_at_top(word) >= frame_count)
            return first + WORD_BITS + above - frame_count;
        if (span->word_runs[index + i] >= frame_count)
            return first + bits_highest(bits_runs_of_zeros(word, frame_count));
        above = word ? bits_lowest(word) : above + WORD_BITS;
    }
    return span->end;
}

uint32_t span_find_highest(const struct buddy_span *span, uint32_t frame_count)
{
    uint32_t node = 0;
    for (unsigned level = span->level_count; level-- > 0; node <<= 1) {
        const struct run_summary *halves = span_node_at(span, level, node);
        if (halves[1].longest >= frame_count) {
            node++;
        } else if (halves[0].tail + halves[1].head >= frame_count) {
            return ((node + 1) << span_level_order(level)) + halves[1].head - frame_count;
        }
    }
    return place_in_leaf(span, frame_count, (node >> 1) * SPAN_LEAF_WORDS - span->first_word);
}

uint32_t span_longest_run(const struct buddy_span *span)
{
    return longest_of_halves(span->levels[span->level_count - 1].nodes);
}

/* ---- validation ---------------------------------------------------------------------------- */

/*
 * Goes through the frames from the lowest on, knowing whether an allocated run is open: it begins
 * with a start, goes on over used frames, and closes with an end.
 */
static const char *check_frame(const struct buddy_span *span, uint32_t frame, bool *is_open)
{
    bool is_free = span_frame_is_free(span, frame);
    bool is_start = span_run_starts_at(span, frame);
    bool is_end = span->end_words[span_word_index(span, frame)] & span_bit(frame);
    if (frame < span->first || frame >= span->end)
        return is_free || is_start || is_end ? "a frame outside of its span is marked" : NULL;
    if (is_free)
        return is_start || is_end || *is_open ? "a free frame lies inside a block" : NULL;
    if (is_start == *is_open)
        return "a block has no start, or two";
    *is_open = !is_end;
    return NULL;
}

static const char *check_bits(const struct buddy_span *span, pfn_t *free_count)
{
    bool is_open = false;
    uint32_t first = span->first_word << WORD_ORDER;
    *free_count = 0;
    for (uint32_t i = 0; i < span->word_count * WORD_BITS; i++) {
        const char *broken = check_frame(span, first + i, &is_open);
        if (broken)
            return broken;
        *free_count += span_frame_is_free(span, first + i);
    }
    return is_open ? "a block has no end" : NULL;
}

/* Every node that holds frames of the span follows from its halves; the others are never free. */
static bool node_is_right(const struct buddy_span *span, unsigned level, uint32_t node)
{
    bool holds_frames = node >= span->first >> span_level_order(level) &&
                        node <= (span->end - 1) >> span_level_order(level);
    return summaries_equal(*span_node_at(span, level, node),
                           holds_frames ? summarise_node(span, level, node) : summary_of(0, 0, 0));
}

const char *span_check(const struct buddy_span *span, pfn_t *free_count)
{
    for (uint32_t i = 0; i < span->word_count; i++)
        if (span->word_runs[i] != bits_longest_zeros(span->used_words[i]))
            return "a word's longest run does not follow from its bits";
    for (unsigned level = 0; level < span->level_count; level++) {
        const struct span_level *at = &span->levels[level];
        for (uint32_t i = 0; i < at->node_count; i++)
            if (!node_is_right(span, level, at->first_node + i))
                return "a buddy does not follow from its halves";
    }
    return check_bits(span, free_count);
}
