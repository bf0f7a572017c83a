/*
 * A set of single frames, from any valid set on. What frame_set_check says of all places is assumed
 * of the few that a step can touch, and claimed of any one place afterwards.
 */

#include "any.h"
#include "mm/frame_set.c"

static struct frame_set set;

/* Whatever bits the memory has. */
struct frame_set nondet_set(void);

static pfn_t base_of(pfn_t pfn)
{
    return pfn / WORD_BITS * WORD_BITS;
}

static bool is_right_at(uint32_t place)
{
    struct frame_word word = set.words[place];
    return (set.filled[place / WORD_BITS] >> place % WORD_BITS & 1) == (word.held != 0) &&
           (word.held == 0 ||
            (word.first % WORD_BITS == 0 && word.first / WORD_BITS % FRAME_SET_PLACES == place));
}

static uint32_t any_right_place(void)
{
    uint32_t place = (uint32_t)any_below(FRAME_SET_PLACES);
    assume(is_right_at(place));
    return place;
}

static uint32_t place_of(pfn_t pfn)
{
    return (uint32_t)(pfn / WORD_BITS % FRAME_SET_PLACES);
}

/* The frame is in the set, where the set is right at its place. */
static bool holds(pfn_t pfn)
{
    struct frame_word word = set.words[place_of(pfn)];
    return word.first == base_of(pfn) && (word.held >> pfn % WORD_BITS & 1);
}

static pfn_t any_right_frame(void)
{
    pfn_t pfn = any64();
    assume(is_right_at(place_of(pfn)));
    return pfn;
}

/* An empty set is right, and has no frame. */
void prove_init(void)
{
    frame_set_init(&set);
    uint32_t place = (uint32_t)any_below(FRAME_SET_PLACES);
    claim(is_right_at(place) && set.words[place].held == 0 && set.count == 0 && set.current == 0);
    REACHED();
}

/* frame_set_has finds just the frames of the set; there is room if no other word has the place. */
void prove_has(void)
{
    set = nondet_set();
    pfn_t pfn = any_right_frame();
    struct frame_word word = set.words[place_of(pfn)];
    claim(frame_set_has(&set, pfn) == holds(pfn));
    claim(frame_set_has_room(&set, pfn) == (word.held == 0 || word.first == base_of(pfn)));
    REACHED();
}

/* Adding a frame adds this frame and no other, and counts it. */
void prove_add(void)
{
    set = nondet_set();
    pfn_t pfn = any_right_frame();
    pfn_t other = any_right_frame();
    uint32_t place = any_right_place();
    uint32_t count = set.count;
    bool had = holds(other);
    assume(frame_set_has_room(&set, pfn) && !frame_set_has(&set, pfn));
    frame_set_add(&set, pfn);
    claim(is_right_at(place) && set.current < FRAME_SET_PLACES);
    claim(set.count == count + 1);
    claim(holds(other) == (had || other == pfn));
    REACHED();
}

/* Taking a frame takes one that was there, and no other. */
void prove_take(void)
{
    set = nondet_set();
    uint32_t used = any_right_place();
    pfn_t other = any_right_frame();
    uint32_t place = any_right_place();
    assume(set.count > 0 && set.words[used].held != 0);
    assume(set.current < FRAME_SET_PLACES && is_right_at(set.current));
    uint32_t next = set.current;
    if (set.words[next].held == 0)
        next = frame_set_next_place(&set, next);
    assume(is_right_at(next));
    uint32_t count = set.count;
    bool had = holds(other);
    pfn_t pfn = frame_set_take(&set);
    claim(is_right_at(place) && set.current < FRAME_SET_PLACES);
    claim(set.count == count - 1);
    claim(other != pfn || had);
    claim(holds(other) == (had && other != pfn));
    REACHED();
}

/* The next used place is the first one from `place` on, or else the first of all. */
void prove_next_place(void)
{
    set = nondet_set();
    uint32_t place = (uint32_t)any_below(FRAME_SET_PLACES);
    uint32_t other = any_right_place();
    uint32_t used = any_right_place();
    assume(set.count > 0 && set.words[used].held != 0);
    uint32_t next = frame_set_next_place(&set, place);
    claim(next < FRAME_SET_PLACES);
    claim((set.filled[next / WORD_BITS] >> next % WORD_BITS & 1) != 0);
    claim(set.words[other].held == 0 ||
          (other - place) % FRAME_SET_PLACES >= (next - place) % FRAME_SET_PLACES);
    REACHED();
}

/* Emptying a place takes just its frames out. */
void prove_empty_place(void)
{
    set = nondet_set();
    uint32_t emptied = any_right_place();
    pfn_t other = any_right_frame();
    uint32_t place = any_right_place();
    assume(set.words[emptied].held != 0);
    bool had = holds(other);
    bool is_there = set.words[emptied].first == base_of(other);
    struct frame_word word = frame_set_empty_place(&set, emptied);
    claim(is_right_at(place));
    claim(holds(other) == (had && !is_there));
    claim(!is_there || had == (word.held >> other % WORD_BITS & 1));
    REACHED();
}

/* So many frames fewer are counted as the place had. */
void prove_emptied_count(void)
{
    set = nondet_set();
    uint32_t emptied = any_right_place();
    assume(set.words[emptied].held != 0);
    uint32_t count = set.count;
    uint32_t counted = count_bits(set.words[emptied].held);
    frame_set_empty_place(&set, emptied);
    claim(set.count == count - counted);
    REACHED();
}
