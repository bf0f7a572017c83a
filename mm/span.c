/*
 * Bits, and the tree of summaries over them. A change writes the words it covers, then the nodes
 * above them level by level, and stops where no summary changes any more. A search walks leftward
 * from its limit and skips every node that cannot hold what it looks for. Knows no requests.
 */

#include "span.h"

#include "bits.h"

/* ---- where things are ---------------------------------------------------------------------- */

static unsigned level_order(unsigned level)
{
    return SPAN_WORD_ORDER + level;
}

/* The lowest order at which at most two nodes hold the whole range. */
static unsigned top_order(struct frame_range range)
{
    unsigned order = SPAN_WORD_ORDER;
    while (((range.end - 1) >> order) - (range.first >> order) > 1)
        order++;
    return order;
}

/*
 * Numbers the frames, and says how many nodes each level has; the root is one level above the
 * top. Each level holds whole pairs of siblings, so that no node is ever without its two halves;
 * those that lie outside of the span are never free.
 */
static void lay_out(struct buddy_span *span, struct frame_range range)
{
    unsigned top = top_order(range);
    span->origin = range.first >> top << top;
    span->first = (uint32_t)(range.first - span->origin);
    span->end = (uint32_t)(range.end - span->origin);
    span->level_count = top + 2 - SPAN_WORD_ORDER;
    for (unsigned level = 0; level + 1 < span->level_count; level++) {
        unsigned order = level_order(level);
        uint32_t last_node = (span->end - 1) >> order | 1;
        span->levels[level].first_node = span->first >> order & ~1u;
        span->levels[level].node_count = last_node - span->levels[level].first_node + 1;
    }
    span->levels[span->level_count - 1].first_node = 0;
    span->levels[span->level_count - 1].node_count = 1;
}

static size_t round_to_8(size_t bytes)
{
    return (bytes + 7) & ~(size_t)7;
}

size_t span_table_bytes(struct frame_range range)
{
    struct buddy_span span;
    lay_out(&span, range);
    size_t bytes = sizeof span + 3 * sizeof(uint64_t) * span.levels[0].node_count;
    for (unsigned level = 1; level < span.level_count; level++)
        bytes += sizeof(struct run_summary) * span.levels[level].node_count;
    return round_to_8(bytes);
}

static uint32_t word_index(const struct buddy_span *span, uint32_t frame)
{
    return (frame >> SPAN_WORD_ORDER) - span->levels[0].first_node;
}

static unsigned bit_index(uint32_t frame)
{
    return frame & (SPAN_WORD_FRAMES - 1);
}

/* ---- summaries ----------------------------------------------------------------------------- */

static struct run_summary summarise_word(uint64_t word)
{
    return (struct run_summary){bits_zeros_at_bottom(word), bits_longest_zeros(word),
                                bits_zeros_at_top(word)};
}

static const struct run_summary *node_at(const struct buddy_span *span, unsigned level,
                                         uint32_t node)
{
    return &span->levels[level].nodes[node - span->levels[level].first_node];
}

/* What a parent knows follows from its two halves, each of half_frames frames. */
static struct run_summary combine(struct run_summary left, struct run_summary right,
                                  uint32_t half_frames)
{
    struct run_summary parent;
    parent.head = left.head == half_frames ? half_frames + right.head : left.head;
    parent.tail = right.tail == half_frames ? half_frames + left.tail : right.tail;
    parent.longest = larger_of(larger_of(left.longest, right.longest), left.tail + right.head);
    return parent;
}

static struct run_summary summarise_node(const struct buddy_span *span, unsigned level,
                                         uint32_t node)
{
    if (level == 1) {
        const uint64_t *words = &span->used_words[2 * node - span->levels[0].first_node];
        return combine(summarise_word(words[0]), summarise_word(words[1]), SPAN_WORD_FRAMES);
    }
    const struct run_summary *halves = node_at(span, level - 1, 2 * node);
    return combine(halves[0], halves[1], 1u << level_order(level - 1));
}

static bool summaries_equal(struct run_summary a, struct run_summary b)
{
    return a.head == b.head && a.longest == b.longest && a.tail == b.tail;
}

/* Recomputes the nodes [first, last] of level 1 from their words. False if none has changed. */
static bool update_pairs(struct buddy_span *span, uint32_t first, uint32_t last)
{
    struct run_summary *node = &span->levels[1].nodes[first - span->levels[1].first_node];
    const uint64_t *word = &span->used_words[2 * first - span->levels[0].first_node];
    bool changed = false;
    for (uint32_t i = first; i <= last; i++, node++, word += 2) {
        if ((word[0] | word[1]) == 0 || (word[0] & word[1]) == BITS_ALL) {
            uint32_t all = word[0] ? 0 : 2 * SPAN_WORD_FRAMES;
            struct run_summary uniform = {all, all, all};
            changed |= !summaries_equal(*node, uniform);
            *node = uniform;
            continue;
        }
        struct run_summary summary =
            combine(summarise_word(word[0]), summarise_word(word[1]), SPAN_WORD_FRAMES);
        changed |= !summaries_equal(*node, summary);
        *node = summary;
    }
    return changed;
}

/* The same for a level above, from the level below it. */
static bool update_level(struct buddy_span *span, unsigned level, uint32_t first, uint32_t last)
{
    const struct span_level *at = &span->levels[level];
    struct run_summary *node = &at->nodes[first - at->first_node];
    const struct run_summary *halves = &at[-1].nodes[2 * first - at[-1].first_node];
    uint32_t half_frames = 1u << level_order(level - 1);
    bool changed = false;
    for (uint32_t i = first; i <= last; i++, node++, halves += 2) {
        struct run_summary summary = combine(halves[0], halves[1], half_frames);
        changed |= !summaries_equal(*node, summary);
        *node = summary;
    }
    return changed;
}

/*
 * Splits or merges the nodes above the words [first_word, last_word], until a level stays as it
 * was.
 */
static void update_nodes(struct buddy_span *span, uint32_t first_word, uint32_t last_word)
{
    bool changed = update_pairs(span, first_word >> 1, last_word >> 1);
    for (unsigned level = 2; changed && level < span->level_count; level++)
        changed = update_level(span, level, first_word >> level, last_word >> level);
}

/* ---- marking ------------------------------------------------------------------------------- */

/* Sets or clears the used bits of [first, end). */
static void mark(struct buddy_span *span, uint32_t first, uint32_t end, bool is_used)
{
    uint32_t frame = first;
    while (frame < end) {
        unsigned bit = bit_index(frame);
        uint32_t count = SPAN_WORD_FRAMES - bit;
        if (count > end - frame)
            count = end - frame;
        uint64_t mask = bits_mask(bit, count);
        uint64_t *word = &span->used_words[word_index(span, frame)];
        *word = is_used ? *word | mask : *word & ~mask;
        frame += count;
    }
    update_nodes(span, first >> SPAN_WORD_ORDER, (end - 1) >> SPAN_WORD_ORDER);
}

/* Frames of the words at both ends that do not belong to the span are never free. */
static void mark_edges(struct buddy_span *span)
{
    uint32_t first_index = word_index(span, span->first);
    uint32_t last_index = word_index(span, span->end - 1);
    if (first_index > 0)
        span->used_words[0] = BITS_ALL;
    if (bit_index(span->first) > 0)
        span->used_words[first_index] |= bits_mask(0, bit_index(span->first));
    if (bit_index(span->end) > 0)
        span->used_words[last_index] |= BITS_ALL << bit_index(span->end);
    if (last_index + 1 < span->levels[0].node_count)
        span->used_words[last_index + 1] = BITS_ALL;
}

static uint32_t node_of(const struct buddy_span *span, unsigned level, uint32_t frame)
{
    return level + 1 < span->level_count ? frame >> level_order(level) : 0;
}

/* A level when nothing is allocated: free buddies in the middle, pieces of them at both ends. */
static void create_level(struct buddy_span *span, unsigned level, struct run_summary *nodes)
{
    struct span_level *at = &span->levels[level];
    uint32_t first = node_of(span, level, span->first);
    uint32_t last = node_of(span, level, span->end - 1);
    uint32_t size = 1u << (level_order(level) & 31);
    at->nodes = nodes;
    nodes[0] = nodes[at->node_count - 1] = (struct run_summary){0, 0, 0};
    for (uint32_t node = first; node <= last; node++)
        nodes[node - at->first_node] = (struct run_summary){size, size, size};
    nodes[first - at->first_node] = summarise_node(span, level, first);
    nodes[last - at->first_node] = summarise_node(span, level, last);
}

struct buddy_span *span_create(struct frame_range range, void *tables)
{
    struct buddy_span *span = tables;
    lay_out(span, range);
    span->lower = NULL;
    uint32_t word_count = span->levels[0].node_count;
    span->used_words = (uint64_t *)(void *)((unsigned char *)tables + sizeof *span);
    span->start_words = span->used_words + word_count;
    span->end_words = span->start_words + word_count;
    for (uint32_t i = 0; i < 3 * word_count; i++)
        span->used_words[i] = 0;
    mark_edges(span);

    struct run_summary *nodes = (struct run_summary *)(void *)(span->end_words + word_count);
    span->levels[0].nodes = NULL;
    for (unsigned level = 1; level < span->level_count; level++) {
        create_level(span, level, nodes);
        nodes += span->levels[level].node_count;
    }
    return span;
}

static uint64_t bit_of(uint32_t frame)
{
    return (uint64_t)1 << bit_index(frame);
}

void span_take(struct buddy_span *span, uint32_t first, uint32_t end)
{
    mark(span, first, end, true);
    span->start_words[word_index(span, first)] |= bit_of(first);
    span->end_words[word_index(span, end - 1)] |= bit_of(end - 1);
}

void span_give(struct buddy_span *span, uint32_t first, uint32_t end)
{
    span->start_words[word_index(span, first)] &= ~bit_of(first);
    span->end_words[word_index(span, end - 1)] &= ~bit_of(end - 1);
    mark(span, first, end, false);
}

void span_close(struct buddy_span *span, uint32_t first)
{
    span->start_words[word_index(span, first)] &= ~bit_of(first);
}

void span_reopen(struct buddy_span *span, uint32_t first)
{
    span->start_words[word_index(span, first)] |= bit_of(first);
}

/* ---- allocated runs ------------------------------------------------------------------------ */

/*
 * The level of the largest node that begins or ends at a multiple of a word's size; never the
 * root.
 */
static unsigned level_at(const struct buddy_span *span, uint32_t position)
{
    unsigned level = bits_lowest(position) - SPAN_WORD_ORDER;
    return level < span->level_count - 2 ? level : span->level_count - 2;
}

bool span_frame_is_free(const struct buddy_span *span, uint32_t frame)
{
    return !(span->used_words[word_index(span, frame)] & bit_of(frame));
}

bool span_run_starts_at(const struct buddy_span *span, uint32_t frame)
{
    return span->start_words[word_index(span, frame)] & bit_of(frame);
}

/* The first frame at or above `frame` whose bit is set in `words`; span->end if there is none. */
static uint32_t next_bit(const struct buddy_span *span, const uint64_t *words, uint32_t frame)
{
    uint32_t index = word_index(span, frame);
    uint64_t word = words[index] & BITS_ALL << bit_index(frame);
    while (!word) {
        if (++index == span->levels[0].node_count)
            return span->end;
        word = words[index];
    }
    return ((index + span->levels[0].first_node) << SPAN_WORD_ORDER) + bits_lowest(word);
}

uint32_t span_run_end(const struct buddy_span *span, uint32_t frame)
{
    return next_bit(span, span->end_words, frame) + 1;
}

uint32_t span_run_start(const struct buddy_span *span, uint32_t frame)
{
    uint32_t index = word_index(span, frame);
    uint64_t word = span->start_words[index] & BITS_ALL >> (63 - bit_index(frame));
    while (!word)
        word = span->start_words[--index];
    return ((index + span->levels[0].first_node) << SPAN_WORD_ORDER) + bits_highest(word);
}

/*
 * The first frame at or above `frame`, a word's first, that is not free: over the largest free
 * nodes.
 */
static uint32_t skip_free(const struct buddy_span *span, uint32_t frame)
{
    while (frame < span->end) {
        unsigned level = frame == 0 ? span->level_count - 2 : level_at(span, frame);
        while (level > 0 && node_at(span, level, frame >> level_order(level))->head == 0)
            level--;
        if (level == 0)
            return frame + bits_zeros_at_bottom(span->used_words[word_index(span, frame)]);
        uint32_t head = node_at(span, level, frame >> level_order(level))->head;
        frame += head;
        if (head < 1u << level_order(level))
            return frame;
    }
    return span->end;
}

uint32_t span_next_start(const struct buddy_span *span, uint32_t frame)
{
    while (frame < span->end) {
        uint32_t index = word_index(span, frame);
        uint64_t starts = span->start_words[index] & BITS_ALL << bit_index(frame);
        if (starts)
            return (frame & ~(SPAN_WORD_FRAMES - 1)) + bits_lowest(starts);
        if (span->end - frame <= SPAN_WORD_FRAMES - bit_index(frame))
            break;
        frame = (frame | (SPAN_WORD_FRAMES - 1)) + 1;
        if (span->used_words[index + 1] == 0)
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
    unsigned left = bit_index(walk->position - 1) + 1;
    uint64_t word = span->used_words[word_index(span, walk->position - 1)]
                    << (SPAN_WORD_FRAMES - left);
    while (left > 0) {
        unsigned zeros = bits_zeros_at_top(word);
        if (zeros >= left) {
            walk->above += left;
            walk->position -= left;
            return false;
        }
        if (walk->above + zeros >= frame_count)
            return finish_run(walk, zeros, run);
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): zeros < left <= 64 */
        unsigned ones = bits_zeros_at_top(~(word << zeros));
        walk->position -= zeros + ones;
        walk->above = 0;
        left -= zeros + ones;
        word = left > 0 ? word << (zeros + ones) : 0;
    }
    return false;
}

/*
 * Takes one step: over the largest node below the position that can be judged by its summary, or
 * through a word. Returns true when a run's lower end was found and it is long enough.
 */
static bool walk_step(const struct buddy_span *span, uint32_t frame_count, struct walk *walk,
                      struct span_run *run)
{
    if (bit_index(walk->position) != 0)
        return walk_word(span, frame_count, walk, run);
    for (unsigned level = level_at(span, walk->position); level > 0; level--) {
        uint32_t size = 1u << level_order(level);
        uint32_t node = (walk->position - 1) >> level_order(level);
        struct run_summary summary = *node_at(span, level, node);
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
    return walk_word(span, frame_count, walk, run);
}

bool span_find_run(const struct buddy_span *span, uint32_t frame_count, uint32_t lowest,
                   uint32_t limit, struct span_run *run)
{
    if (limit > span->end)
        limit = span->end;
    if (span_longest_run(span) < frame_count)
        return false;
    struct walk walk = {limit, 0};
    bool found = false;
    while (!found && walk.position > span->first && walk.position > lowest) {
        uint32_t run_end = walk.position + walk.above;
        if (run_end < frame_count || run_end - frame_count < lowest)
            return false;
        found = walk_step(span, frame_count, &walk, run);
    }
    if (!found && walk.above >= frame_count)
        found = finish_run(&walk, 0, run);
    return found && run->end >= frame_count && run->end - frame_count >= lowest;
}

uint32_t span_longest_run(const struct buddy_span *span)
{
    return node_at(span, span->level_count - 1, 0)->longest;
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
    bool is_end = span->end_words[word_index(span, frame)] & bit_of(frame);
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
    uint32_t first = span->levels[0].first_node << SPAN_WORD_ORDER;
    *free_count = 0;
    for (uint32_t i = 0; i < span->levels[0].node_count * SPAN_WORD_FRAMES; i++) {
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
    bool holds_frames =
        node >= node_of(span, level, span->first) && node <= node_of(span, level, span->end - 1);
    struct run_summary none = {0, 0, 0};
    return summaries_equal(*node_at(span, level, node),
                           holds_frames ? summarise_node(span, level, node) : none);
}

const char *span_check(const struct buddy_span *span, pfn_t *free_count)
{
    for (unsigned level = 1; level < span->level_count; level++) {
        const struct span_level *at = &span->levels[level];
        for (uint32_t i = 0; i < at->node_count; i++)
            if (!node_is_right(span, level, at->first_node + i))
                return "a buddy does not follow from its halves";
    }
    return check_bits(span, free_count);
}
