/*
 * Three ways to a place, by what tells free runs that will do from those that will not.
 *
 *   aligned to a node, and no longer    the node begins with enough free frames, or it does not:
 *                                       its head is all that is looked at
 *
 *   inside a word                       where enough free frames begin is a mask, and where the
 *                                       request may begin is another, the same for all words
 *
 *           free from here on   . 1 1 . . . . 1 1 1 . . . . 1 .
 *           may begin here      . . . 1 . . . 1 . . . 1 . . . 1
 *
 *   across words, leaves or nodes       there is one such run at each border at most: its ends are
 *                                       known, and arithmetic gives the place in it
 *
 * So a word costs the same however many runs it holds, and what is longer than a node costs one
 * step a node. The tables hold nothing for this, and changes to them pay nothing. Knows no bands.
 */

#include "aligned.h"

#include "bits.h"

/*
 * Nodes of this many orders more than those looked at one by one are tried first, to skip them.
 * Trying every order would double the work where nothing can be skipped.
 */
#define SKIP_LEVELS 4

/* A search from right to left, like that of span.c: what lies above `position` is done with. */
struct search {
    const struct buddy_span *span;
    const struct buddy_request *request;
    uint32_t frame_count;
    uint32_t lowest;
    unsigned level; /* of the nodes looked at one by one: 0, or the largest no longer than a run */
    word_t starts; /* where in a word a run inside of it may begin */
    uint32_t start_mask; /* the bits that an aligned frame's number may have */
    unsigned inner_reach; /* from such a run's first frame to its last */
    uint32_t position;
    uint32_t above; /* free frames directly above the position */
    uint32_t place;
};

/* ---- what may begin where ------------------------------------------------------------------ */

/* The pattern, `period` bits long, all over the word. Periods are powers of two. */
static word_t repeated(word_t pattern, unsigned period)
{
    for (; period < WORD_BITS; period *= 2)
        pattern |= pattern << period;
    return pattern;
}

/*
 * Multiples of the alignment, those left out that have the boundary too close above. A boundary of
 * a word or more does not lie inside of one. A run that begins where its word does is seen from
 * the word below as well; so nothing is left for alignments of a word and more.
 */
static word_t starts_in_word(const struct buddy_request *request)
{
    if (request->frame_count >= WORD_BITS || request->align_frames >= WORD_BITS)
        return 0;
    word_t starts = repeated(1, (unsigned)request->align_frames);
    if (request->boundary_frames == 0 || request->boundary_frames >= WORD_BITS)
        return starts;
    unsigned boundary = (unsigned)request->boundary_frames;
    unsigned first_starts = boundary - (unsigned)request->frame_count + 1;
    return starts & repeated(bits_mask(0, first_starts), boundary);
}

/*
 * The highest place for the request in the free frames [first, end): as far up as alignment
 * allows, then below the boundary, if it lies inside. One step down is enough: alignments up to
 * the boundary divide it, and larger ones are multiples of it. The request's frames lie below `end`
 * and inside the boundary; only `first` may be too high for them.
 *
 *   first                    multiple of the boundary          end
 *     | . . . . . . . [ the block ]|. . . . . . . . . . . . . . |
 */
static bool fit_in_run(const struct buddy_request *request, pfn_t first, pfn_t end, pfn_t *place)
{
    pfn_t align_mask = request->align_frames - 1;
    pfn_t start = (end - request->frame_count) & ~align_mask;
    if (request->boundary_frames) {
        pfn_t multiple = (start + request->frame_count - 1) & ~(request->boundary_frames - 1);
        if (multiple > start) {
            start = (multiple - request->frame_count) & ~align_mask;
        }
    }
    *place = start;
    return start >= first;
}

/* ---- runs, from right to left -------------------------------------------------------------- */

/* The run of which `tail` frames lie below the position, which is long enough. */
static bool search_run_exactly(struct search *search, uint32_t tail)
{
    pfn_t origin = search->span->origin;
    uint32_t first = larger_of(search->position - tail, search->lowest);
    pfn_t place;
    if (!fit_in_run(search->request, origin + first, origin + search->position + search->above,
                    &place))
        return false;
    search->place = (uint32_t)(place - origin);
    return true;
}

/* The same, at any length; most runs are too short, or hold no multiple of the alignment. */
static inline bool search_run(struct search *search, uint32_t tail)
{
    if (search->above + tail < search->frame_count)
        return false;
    uint32_t start = search->position + search->above - search->frame_count;
    return (start & search->start_mask) >= search->position - tail &&
           search_run_exactly(search, tail);
}

/*
 * What lies inside a word, which is not all free. Most words fall through the first test: where a
 * run might begin, its first and its last frame must be free.
 */
static inline bool search_inside(struct search *search, uint32_t index, word_t word)
{
    word_t starts = ~word & ~word >> search->inner_reach & search->starts;
    if (starts == 0 || search->span->word_runs[index] <= search->inner_reach)
        return false;
    word_t found = bits_runs_of_zeros(word, search->inner_reach + 1) & starts;
    if (found)
        search->place = search->position + bits_highest(found);
    return found != 0;
}

/* The word below the position: the run that ends in it from above, then what lies inside. */
static inline bool search_word(struct search *search, uint32_t index, word_t word)
{
    if (word == 0) {
        search->above += WORD_BITS;
        search->position -= WORD_BITS;
        return false;
    }
    if (search_run(search, WORD_BITS - 1 - bits_highest(word)))
        return true;
    search->position -= WORD_BITS;
    search->above = bits_lowest(word);
    return search_inside(search, index, word);
}

/* The words down to a leaf's first, or to the lowest frame. */
static bool search_words(struct search *search)
{
    const word_t *used_words = search->span->used_words;
    uint32_t index = span_word_index(search->span, search->position - 1);
    do {
        if (search_word(search, index, used_words[index]))
            return true;
        index--;
    } while (search->position % SPAN_LEAF_FRAMES != 0 && search->position > search->lowest);
    return false;
}

/* The part of a word that lies below the limit: the rest counts as used. */
static bool search_cut_word(struct search *search)
{
    unsigned left = span_bit_index(search->position);
    uint32_t index = span_word_index(search->span, search->position);
    search->position += WORD_BITS - left;
    return search_word(search, index, search->span->used_words[index] | WORD_ONES << left);
}

/*
 * A step over the largest node below the position that needs no look inside, or through the words
 * of a leaf. Nodes no longer than a run have none inside of them.
 */
static bool search_node(struct search *search)
{
    unsigned level = span_level_at(search->span, search->position);
    if (level < search->level + SKIP_LEVELS && level > search->level)
        level = search->level;
    for (;;) {
        uint32_t size = 1u << span_level_order(level);
        uint32_t node = (search->position - 1) >> span_level_order(level);
        const struct run_summary *summary = span_node_at(search->span, level, node);
        if (summary->tail == size) {
            search->above += size;
            search->position -= size;
            return false;
        }
        if (summary->longest < search->frame_count) {
            if (search_run(search, summary->tail))
                return true;
            search->above = summary->head;
            search->position -= size;
            return false;
        }
        if (level == 0)
            return search_words(search);
        level = level > search->level + SKIP_LEVELS ? level - 1 : search->level;
    }
}

static bool search_runs(struct search *search)
{
    if (span_bit_index(search->position) != 0 && search_cut_word(search))
        return true;
    while (search->position > search->lowest) {
        bool found =
            search->position % SPAN_LEAF_FRAMES == 0 ? search_node(search) : search_words(search);
        if (found)
            return true;
    }
    return search_run(search, 0);
}

/* ---- heads of nodes ------------------------------------------------------------------------ */

/*
 * Places at multiples of a node's size, for no more frames than it has. The span's origin is a
 * multiple of any node's size, but not of larger alignments.
 */
static bool search_heads(struct search *search, unsigned level)
{
    const struct buddy_span *span = search->span;
    unsigned order = span_level_order(level);
    bool can_skip = level + SKIP_LEVELS < span->level_count;
    uint32_t skip_mask = (1u << SKIP_LEVELS) - 1;
    uint32_t lowest_node = search->lowest >> order;
    uint32_t node = ((search->position - search->frame_count) >> order) + 1;
    while (node-- > lowest_node) {
        search->place = node << order;
        if (can_skip && (node & skip_mask) == skip_mask &&
            span_node_at(span, level + SKIP_LEVELS, node >> SKIP_LEVELS)->longest <
                search->frame_count)
            node &= ~skip_mask;
        else if (span_node_at(span, level, node)->head >= search->frame_count &&
                 ((span->origin + search->place) & (search->request->align_frames - 1)) == 0)
            return true;
    }
    return false;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* The level of the largest nodes of at most so many frames; 0 if all are larger. */
static unsigned level_within(const struct buddy_span *span, pfn_t frame_count)
{
    unsigned level = 0;
    while (level + 1 < span->level_count && frame_count >> span_level_order(level + 1) != 0)
        level++;
    return level;
}

/*
 * The span's numbers are aligned as frames are, up to its top nodes' size. At larger alignments
 * runs are only looked at for more frames than a top node has, and those have room at number 0
 * alone.
 */
static uint32_t start_mask(pfn_t align_frames)
{
    return ~((uint32_t)align_frames - 1);
}

bool aligned_find(const struct buddy_span *span, const struct buddy_request *request,
                  uint32_t lowest, uint32_t limit, uint32_t *place)
{
    pfn_t frame_count = request->frame_count;
    if (limit < lowest || limit - lowest < frame_count || span_longest_run(span) < frame_count)
        return false;
    word_t starts = starts_in_word(request);
    struct search search = {span,
                            request,
                            (uint32_t)frame_count,
                            lowest,
                            level_within(span, frame_count),
                            starts,
                            start_mask(request->align_frames),
                            starts ? (unsigned)frame_count - 1 : 0,
                            limit,
                            0,
                            0};
    unsigned align_level = level_within(span, request->align_frames);
    bool found = request->align_frames >= SPAN_LEAF_FRAMES &&
                         frame_count <= 1u << span_level_order(align_level)
                     ? search_heads(&search, align_level)
                     : search_runs(&search);
    *place = search.place;
    return found && search.place >= lowest;
}
