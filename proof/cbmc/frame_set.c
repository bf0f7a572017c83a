/*
 * A set of single frames, from any right set on. What must be true of each place is assumed, and
 * claimed, of one that may be any: `seen`. It is assumed of the places that a function uses, too.
 */

#include "any.h"
#include "mm/frame_set.c"

static struct frame_set set;
static struct frame_set before;
static uint32_t seen;

/* Whatever bits the memory has. */
struct frame_set nondet_set(void);

static pfn_t base_of(pfn_t pfn)
{
    return pfn & ~(pfn_t)(WORD_BITS - 1);
}

static uint32_t place_of(pfn_t pfn)
{
    return (uint32_t)(pfn >> WORD_ORDER) & (FRAME_SET_PLACES - 1);
}

static bool is_used(uint32_t place)
{
    return set.filled[place / WORD_BITS] >> place % WORD_BITS & 1;
}

static bool is_right_at(uint32_t place)
{
    struct frame_word word = set.words[place];
    return is_used(place) == (word.held != 0) &&
           (word.held == 0 || (base_of(word.first) == word.first && place_of(word.first) == place));
}

static bool is_empty(void)
{
    uint64_t filled = 0;
    for (uint32_t i = 0; i < FRAME_SET_PLACES / WORD_BITS; i++)
        filled |= set.filled[i];
    return filled == 0;
}

static void make_set(void)
{
    set = nondet_set();
    seen = (uint32_t)any_below(FRAME_SET_PLACES);
    assume(is_right_at(seen));
    before = set;
}

/* The bit of a frame in the word of the place that is seen; 0 if the frame has another place. */
static uint64_t bit_of(pfn_t pfn)
{
    return seen == place_of(pfn) ? (uint64_t)1 << (pfn & (WORD_BITS - 1)) : 0;
}

/* True if these frames of the place that is seen are in the set, and no others. */
static bool has_just(pfn_t first, uint64_t held)
{
    return set.words[seen].held == held && (held == 0 || set.words[seen].first == first) &&
           is_right_at(seen);
}

/* An empty set is right, and has no frame. */
void prove_init(void)
{
    make_set();
    frame_set_init(&set);
    claim(has_just(0, 0) && is_empty() && set.count == 0 && set.current == 0);
    REACHED();
}

/* frame_set_has finds just the frames of the set; there is room if no other word has the place. */
void prove_has(void)
{
    make_set();
    pfn_t pfn = any64();
    struct frame_word word = set.words[place_of(pfn)];
    bool has_place = word.held != 0 && word.first != base_of(pfn);
    uint64_t bit = (uint64_t)1 << (pfn & (WORD_BITS - 1));
    claim(frame_set_has_room(&set, pfn) == !has_place);
    claim(frame_set_has(&set, pfn) == (!has_place && (word.held & bit) != 0));
    REACHED();
}

/* Adding a frame adds this frame and no other, and counts it. */
void prove_add(void)
{
    make_set();
    pfn_t pfn = any64();
    assume(is_right_at(place_of(pfn)));
    assume(frame_set_has_room(&set, pfn) && !frame_set_has(&set, pfn));
    frame_set_add(&set, pfn);
    claim(set.current < FRAME_SET_PLACES && set.count == before.count + 1);
    struct frame_word word = before.words[seen];
    uint64_t bit = bit_of(pfn);
    claim((word.held & bit) == 0);
    claim(has_just(bit ? base_of(pfn) : word.first, word.held | bit));
    REACHED();
}

/* Taking a frame takes one that was there, and no other. */
void prove_take(void)
{
    make_set();
    assume(set.count > 0 && !is_empty());
    assume(set.current < FRAME_SET_PLACES);
    assume(is_right_at(set.current) && is_right_at(frame_set_next_place(&set, set.current)));
    pfn_t pfn = frame_set_take(&set);
    claim(set.current < FRAME_SET_PLACES && set.count == before.count - 1);
    struct frame_word word = before.words[seen];
    uint64_t bit = bit_of(pfn);
    claim(!bit || ((word.held & bit) != 0 && word.first == base_of(pfn)));
    claim(has_just(word.first, word.held & ~bit));
    REACHED();
}

/* The next used place is the first one from `place` on, or else the first of all. */
void prove_next_place(void)
{
    make_set();
    uint32_t place = (uint32_t)any_below(FRAME_SET_PLACES);
    assume(set.count > 0 && !is_empty());
    uint32_t next = frame_set_next_place(&set, place);
    claim(next < FRAME_SET_PLACES && is_used(next));
    claim(!is_used(seen) || (seen - place) % FRAME_SET_PLACES >= (next - place) % FRAME_SET_PLACES);
    REACHED();
}

/* Emptying a place takes just its frames out, and counts off as many as it had. */
void prove_empty_place(void)
{
    make_set();
    uint32_t emptied = (uint32_t)any_below(FRAME_SET_PLACES);
    assume(is_right_at(emptied) && is_used(emptied));
    struct frame_word word = frame_set_empty_place(&set, emptied);
    claim(word.first == before.words[emptied].first && word.held == before.words[emptied].held);
    claim(has_just(before.words[seen].first, seen == emptied ? 0 : before.words[seen].held));
    claim(set.count == before.count - bits_count(word.held));
    REACHED();
}
