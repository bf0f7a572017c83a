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

/* Numbers the frames, and says how many nodes each level has; the root is one level above the top. */
static void lay_out(struct buddy_span *span, struct frame_range range)
{
    unsigned top = top_order(range);
    span->origin = range.first >> top << top;
    span->first = (uint32_t)(range.first - span->origin);
    span->end = (uint32_t)(range.end - span->origin);
    span->level_count = top + 2 - SPAN_WORD_ORDER;
    for (unsigned level = 0; level < span->level_count; level++) {
        unsigned order = level_order(level);
        uint32_t last_node = order < 32 ? (span->end - 1) >> order : 0;
        span->levels[level].first_node = order < 32 ? span->first >> order : 0;
        span->levels[level].node_count = last_node - span->levels[level].first_node + 1;
    }
}

static size_t round_to_8(size_t bytes)
{
    return (bytes + 7) & ~(size_t)7;
}

size_t span_table_bytes(struct frame_range range)
{
    struct buddy_span span;
    lay_out(&span, range);
    size_t bytes = sizeof span + 2 * sizeof(uint32_t) * span.levels[0].node_count;
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

static struct run_summary summarise_word(uint32_t word)
{
    return (struct run_summary){bits_ones_at_bottom(word), bits_longest_run(word),
                                bits_ones_at_top(word)};
}

/* A node outside of the span has no free frame. */
static struct run_summary node_summary(const struct buddy_span *span, unsigned level, uint32_t node)
{
    const struct span_level *at = &span->levels[level];
    uint32_t index = node - at->first_node;
    if (index >= at->node_count)
        return (struct run_summary){0, 0, 0};
    return level == 0 ? summarise_word(span->free_words[index]) : at->nodes[index];
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
    return combine(node_summary(span, level - 1, 2 * node),
                   node_summary(span, level - 1, 2 * node + 1), 1u << level_order(level - 1));
}

static bool summaries_equal(struct run_summary a, struct run_summary b)
{
    return a.head == b.head && a.longest == b.longest && a.tail == b.tail;
}

/* Splits or merges the nodes above the words [first_word, last_word], numbered as level-0 nodes. */
static void update_nodes(struct buddy_span *span, uint32_t first_word, uint32_t last_word)
{
    bool changed = true;
    for (unsigned level = 1; changed && level < span->level_count; level++) {
        const struct span_level *at = &span->levels[level];
        changed = false;
        for (uint32_t node = first_word >> level; node <= last_word >> level; node++) {
            struct run_summary *stored = &at->nodes[node - at->first_node];
            struct run_summary summary = summarise_node(span, level, node);
            changed |= !summaries_equal(*stored, summary);
            *stored = summary;
        }
    }
}

/* ---- marking ------------------------------------------------------------------------------- */

static void mark(struct buddy_span *span, uint32_t first, uint32_t end, bool is_free)
{
    uint32_t frame = first;
    while (frame < end) {
        unsigned bit = bit_index(frame);
        uint32_t count = SPAN_WORD_FRAMES - bit;
        if (count > end - frame)
            count = end - frame;
        uint32_t mask = bits_mask(bit, count);
        uint32_t *word = &span->free_words[word_index(span, frame)];
        *word = is_free ? *word | mask : *word & ~mask;
        frame += count;
    }
    update_nodes(span, first >> SPAN_WORD_ORDER, (end - 1) >> SPAN_WORD_ORDER);
}

struct buddy_span *span_create(struct frame_range range, void *tables)
{
    struct buddy_span *span = tables;
    lay_out(span, range);
    span->lower = NULL;
    unsigned char *memory = (unsigned char *)tables + sizeof *span;
    uint32_t word_count = span->levels[0].node_count;
    span->free_words = (uint32_t *)(void *)memory;
    span->start_words = span->free_words + word_count;
    for (uint32_t i = 0; i < 2 * word_count; i++)
        span->free_words[i] = 0;

    struct run_summary *nodes = (struct run_summary *)(void *)(span->start_words + word_count);
    span->levels[0].nodes = NULL;
    for (unsigned level = 1; level < span->level_count; level++) {
        span->levels[level].nodes = nodes;
        for (uint32_t i = 0; i < span->levels[level].node_count; i++)
            nodes[i] = (struct run_summary){0, 0, 0};
        nodes += span->levels[level].node_count;
    }
    mark(span, span->first, span->end, true);
    return span;
}

static uint32_t *start_word(const struct buddy_span *span, uint32_t frame)
{
    return &span->start_words[word_index(span, frame)];
}

void span_take(struct buddy_span *span, uint32_t first, uint32_t end)
{
    mark(span, first, end, false);
    *start_word(span, first) |= 1u << bit_index(first);
}

void span_give(struct buddy_span *span, uint32_t first, uint32_t end)
{
    *start_word(span, first) &= ~(1u << bit_index(first));
    mark(span, first, end, true);
}

/* ---- allocated runs ------------------------------------------------------------------------ */

bool span_frame_is_free(const struct buddy_span *span, uint32_t frame)
{
    return span->free_words[word_index(span, frame)] >> bit_index(frame) & 1;
}

bool span_run_starts_at(const struct buddy_span *span, uint32_t frame)
{
    return *start_word(span, frame) >> bit_index(frame) & 1;
}

/* An allocated run ends where a frame is free, or where the next run begins. */
uint32_t span_run_end(const struct buddy_span *span, uint32_t frame)
{
    uint32_t next = frame + 1;
    while (next < span->end) {
        uint32_t index = word_index(span, next);
        uint32_t stops = span->free_words[index] | span->start_words[index];
        stops &= UINT32_MAX << bit_index(next);
        if (stops) {
            uint32_t found = (next & ~(SPAN_WORD_FRAMES - 1)) + bits_lowest(stops);
            return found < span->end ? found : span->end;
        }
        next = (next | (SPAN_WORD_FRAMES - 1)) + 1;
        if (next == 0) /* past frame 2^32 - 1 */
            break;
    }
    return span->end;
}

uint32_t span_run_start(const struct buddy_span *span, uint32_t frame)
{
    uint32_t starts = *start_word(span, frame) & (UINT32_MAX >> (31 - bit_index(frame)));
    while (!starts) {
        frame = (frame & ~(SPAN_WORD_FRAMES - 1)) - 1;
        starts = *start_word(span, frame);
    }
    return (frame & ~(SPAN_WORD_FRAMES - 1)) + bits_highest(starts);
}

uint32_t span_next_start(const struct buddy_span *span, uint32_t frame)
{
    if (frame >= span->end)
        return span->end;
    uint32_t index = word_index(span, frame);
    uint32_t starts = span->start_words[index] & UINT32_MAX << bit_index(frame);
    while (!starts) {
        if (++index == span->levels[0].node_count)
            return span->end;
        starts = span->start_words[index];
    }
    return ((index + span->levels[0].first_node) << SPAN_WORD_ORDER) + bits_lowest(starts);
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
 * that its top bit is the frame below the position; the zeros that come in from below end the runs.
 */
static bool walk_word(const struct buddy_span *span, uint32_t frame_count, struct walk *walk,
                      struct span_run *run)
{
    unsigned size = bit_index(walk->position - 1) + 1;
    uint32_t word = span->free_words[word_index(span, walk->position - 1)]
                    << (SPAN_WORD_FRAMES - size);
    unsigned left = size;
    for (;;) {
        unsigned ones = bits_ones_at_top(word);
        if (ones >= left) { /* free down to the word's first frame, and perhaps below it */
            walk->above += left;
            walk->position -= left;
            return false;
        }
        if (walk->above + ones >= frame_count)
            return finish_run(walk, ones, run);
        word <<= ones; /* NOLINT(clang-analyzer-core.uninitialized.Assign): ones < left <= 32 */
        unsigned zeros = word ? 31 - bits_highest(word) : left - ones;
        if (zeros > left - ones)
            zeros = left - ones;
        word = zeros < 32 ? word << zeros : 0;
        left -= ones + zeros;
        walk->position -= ones + zeros;
        walk->above = 0;
        if (left == 0)
            return false;
    }
}

/* The largest node that ends at the position and lies at or below `level`. */
static unsigned level_at(const struct buddy_span *span, uint32_t position)
{
    unsigned level = 0;
    while (level + 1 < span->level_count && level_order(level + 1) < 32 &&
           (position & ((1u << level_order(level + 1)) - 1)) == 0)
        level++;
    return level;
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
        struct run_summary summary = node_summary(span, level, node);
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
    return node_summary(span, span->level_count - 1, 0).longest;
}

/* ---- validation ---------------------------------------------------------------------------- */

static const char *check_bits(const struct buddy_span *span, pfn_t *free_count)
{
    bool previous_is_free = true;
    *free_count = 0;
    uint32_t first = span->levels[0].first_node << SPAN_WORD_ORDER;
    for (uint32_t i = 0; i < span->levels[0].node_count * SPAN_WORD_FRAMES; i++) {
        uint32_t frame = first + i;
        bool is_free = span_frame_is_free(span, frame);
        bool is_start = span_run_starts_at(span, frame);
        if (frame < span->first || frame >= span->end) {
            if (is_free || is_start)
                return "a frame outside of its span is marked";
            continue;
        }
        if (is_free && is_start)
            return "a free frame is marked as the start of a block";
        if (!is_free && !is_start && previous_is_free)
            return "an allocated run has no start";
        previous_is_free = is_free;
        *free_count += is_free;
    }
    return NULL;
}

const char *span_check(const struct buddy_span *span, pfn_t *free_count)
{
    for (unsigned level = 1; level < span->level_count; level++) {
        const struct span_level *at = &span->levels[level];
        for (uint32_t i = 0; i < at->node_count; i++)
            if (!summaries_equal(at->nodes[i], summarise_node(span, level, at->first_node + i)))
                return "a buddy does not follow from its halves";
    }
    return check_bits(span, free_count);
}
