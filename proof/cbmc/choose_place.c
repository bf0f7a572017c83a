/*
 * The choice of a place, from any right state of the buddy, compared with the rule in mm/buddy.h.
 * The rule is written with sets of frames: which frames are free, where a place may begin. What the
 * choice calls stands for its contract: it looks into one run, or into the tree.
 */

#include "buddy_state.h"

#undef SHELF_LOW_END
#define SHELF_LOW_END (range.origin + range.borders[SHELF_LOW_BAND] + range.low_frames)

struct search_observer;
static bool stub_place_may_pass(const struct place_sieve *sieve, pfn_t first);
static uint32_t stub_next_listed(const struct buddy *of, const struct place_wish *wish,
                                 uint32_t node);
static bool stub_find_on_shelf(const struct buddy *of, unsigned shelf,
                               const struct place_wish *wish, struct choice *found,
                               struct search_observer *observer);
static bool stub_find_listed(const struct buddy *of, unsigned band, const struct place_wish *wish,
                             struct choice *found, struct search_observer *observer);
static bool stub_find_highest(const struct buddy *of, const struct place_wish *wish,
                              struct choice *found, struct search_observer *observer);
static bool stub_find_in_window(const struct buddy *of, unsigned band,
                                const struct place_wish *wish, struct choice *found,
                                struct search_observer *observer);

#include "mm/choose.c"

static struct place_wish asked;
static set_t starts; /* where a place of the asked alignment and boundary may begin */
static const struct place_wish *sieved_for;
static uint32_t sieved_length;

/* ---- sets of places ---- */

/* Each frame from which on `length` frames are in the set. */
static set_t runs_in(set_t set, pfn_t length)
{
    if (length >= PLACES)
        return 0;
    for (uint32_t i = 1; i < SPAN; i++)
        if (i < length)
            set &= (set_t)(set >> 1);
    return length <= SPAN ? set : 0;
}

static set_t window_frames(const struct place_wish *wish)
{
    pfn_t first = wish->lowest < range.origin ? 0 : wish->lowest - range.origin;
    pfn_t end = wish->limit < range.origin ? 0 : wish->limit - range.origin;
    return frames(first < PLACES ? (uint32_t)first : PLACES, end < PLACES ? (uint32_t)end : PLACES);
}

static set_t places_in(const struct place_wish *wish, set_t set)
{
    return runs_in(set & window_frames(wish), wish->frame_count) & starts;
}

/* ---- what the choice calls, by its contract ---- */

/* The wish, in a smaller window. */
static bool is_asked(const struct place_wish *wish)
{
    return wish->frame_count == asked.frame_count && wish->align_order == asked.align_order &&
           wish->boundary_order == asked.boundary_order && wish->lowest >= asked.lowest &&
           wish->limit <= asked.limit;
}

bool place_in_run(const struct place_wish *wish, pfn_t first, pfn_t end, pfn_t *place)
{
    claim(is_asked(wish) && first >= range.first_pfn && first < end && end <= range.end_pfn);
    set_t places =
        places_in(wish, frames((uint32_t)(first - range.origin), (uint32_t)(end - range.origin)));
    if (places == 0)
        return false;
    *place = range.origin + bits_highest(places);
    return true;
}

struct place_sieve place_sieve_of(const struct place_wish *wish, uint32_t length)
{
    struct place_sieve any = {any64(), any64(), any32(), any32(), any32(), any32()};
    claim(is_asked(wish) && length >= wish->frame_count);
    sieved_for = wish;
    sieved_length = length;
    return any;
}

static bool stub_place_may_pass(const struct place_sieve *sieve, pfn_t first)
{
    uint32_t frame = (uint32_t)(first - range.origin);
    (void)sieve;
    return places_in(sieved_for, frames(frame, frame + sieved_length)) != 0 || any_bool();
}

bool stretch_may_have(const struct stretch *stretch, const struct place_wish *wish)
{
    claim(stretch == &range.stretch && is_asked(wish));
    return (runs_in(tree_bits, wish->frame_count) & starts) != 0 || any_bool();
}

bool stretch_may_have_own(const struct stretch *stretch, const struct place_wish *wish)
{
    return stretch_may_have(stretch, wish);
}

struct buddy_range *ranges_first(struct buddy_range *root, unsigned side, ranges_test *test,
                                 void *context)
{
    claim(root == &range && side == STRETCH_HIGHER);
    return test(root, context) ? root : NULL;
}

struct buddy_range *ranges_next(struct buddy_range *of, unsigned side, ranges_test *test,
                                void *context)
{
    (void)test, (void)context;
    claim(of == &range && side == STRETCH_HIGHER);
    return NULL;
}

bool search_tree(const struct tree *tree, const struct place_wish *wish,
                 struct search_result *result)
{
    set_t places = places_in(wish, tree_bits);
    claim(tree == &range.tree && is_asked(wish));
    if (places == 0)
        return false;
    uint32_t place = bits_highest(places);
    uint32_t run_first = any_frame();
    assume(run_first <= place && (frames(run_first, place) & (set_t)~tree_bits) == 0);
    result->place = range.origin + place;
    result->run_first = range.origin + run_first;
    result->run_end = any64();
    return true;
}

bool free_whole_run(const struct buddy *of, const struct buddy_range *in, uint32_t frame,
                    struct frame_range *run)
{
    claim(of == &buddy && in == &range && frame >= range.first && frame < range.end);
    if (!(free_frames() >> frame & 1))
        return false;
    *run = run_around(free_frames(), frame);
    run->first += range.origin;
    run->end += range.origin;
    return true;
}

struct buddy_range *block_range_above(const struct buddy *of, pfn_t pfn)
{
    (void)of;
    return range.end_pfn > pfn ? &range : NULL;
}

/* ---- the lists ---- */

static uint32_t links[1 + NODES + SHELF_COUNT * LENGTHS];
static pfn_t origins[1];

static bool are_on_one_list(void)
{
    return node_one.length > 0 && node_one.length == node_two.length &&
           range_shelf(&range, node_one.first) == range_shelf(&range, node_two.first);
}

static void make_lists(void)
{
    uint32_t first = any_bool() ? 1 : NODES; /* of two nodes on one list */
    buddy.index.links = links;
    buddy.index.origins = origins;
    origins[0] = range.origin;
    for (uint32_t i = 0; i < SHELF_COUNT; i++)
        buddy.index.shelves[i].lists = 1 + NODES + i * LENGTHS;
    for (uint32_t node = 1; node <= NODES; node++) {
        const struct index_node *at = node_of(node);
        if (at->length > 0 && (!are_on_one_list() || node == first))
            links[1 + NODES + range_shelf(&range, at->first) * LENGTHS + at->length] = node;
    }
    if (are_on_one_list())
        links[first] = 1 + NODES - first;
}

/* ---- the rule ---- */

/* The part of the asked window that is in a band, or where places lie across the border. */
static struct place_wish window_of(unsigned band)
{
    struct place_wish window = asked;
    pfn_t border = range.origin + range.borders[1];
    pfn_t reach = asked.frame_count - 1;
    if (band == 1 && window.lowest < border)
        window.lowest = border;
    if (band == 0 && buddy.top_band > 0 && window.limit > border)
        window.limit = border;
    if (band == BAND_COUNT && border > reach && window.lowest < border - reach)
        window.lowest = border - reach;
    if (band == BAND_COUNT && window.limit > border + reach)
        window.limit = border + reach;
    return window;
}

static bool is_low(uint32_t node)
{
    return range_shelf(&range, node_of(node)->first) == SHELF_LOW;
}

/* True if the listed run of `one` comes before the one of `other`. */
static bool comes_before(uint32_t one, uint32_t other)
{
    uint32_t length = node_of(one)->length;
    uint32_t length_of_other = node_of(other)->length;
    if (is_low(one) != is_low(other))
        return is_low(other);
    return length < length_of_other || (length == length_of_other && links[one] == other);
}

/* The first choice of the listed runs that have a place; 0 if none has. */
static uint32_t best_node(const struct place_wish *window)
{
    bool has_one = places_in(window, node_frames(1)) != 0;
    bool has_two = places_in(window, node_frames(NODES)) != 0;
    if (has_one && has_two)
        return comes_before(1, NODES) ? 1 : NODES;
    return has_one ? 1 : has_two ? NODES : 0;
}

/* The source and the place that the rule names in a window where there is a place. */
static bool follows_rule(const struct place_wish *window, unsigned band, const struct choice *found)
{
    const struct buddy_run *last = &buddy.aside[BUDDY_ASIDE_LAST];
    uint32_t length = (uint32_t)window->frame_count;
    pfn_t place = found->at.place - range.origin;
    set_t of_last = places_in(window, aside_frames(BUDDY_ASIDE_LAST));
    if (last->range && aside_length(BUDDY_ASIDE_LAST) == length && of_last != 0)
        return found->source == CHOICE_LAST && place == last->first;
    if (band < BAND_COUNT) {
        uint32_t node = best_node(window);
        if (node != 0)
            return found->source == CHOICE_LISTED && found->node == node &&
                   place == bits_highest(places_in(window, node_frames(node)));
        set_t of_cut = places_in(window, aside_frames(band));
        if (of_cut != 0 && bits_highest(of_cut) + length == buddy.aside[band].end)
            return found->source == CHOICE_CUT && place == bits_highest(of_cut);
    }
    struct frame_range joined = joined_last();
    set_t of_joined = places_in(window, frames((uint32_t)joined.first, (uint32_t)joined.end));
    if (last->range && of_joined != 0 &&
        (bits_highest(of_joined) == joined.first || bits_highest(of_joined) + length == joined.end))
        return found->source == CHOICE_LAST_END && place == bits_highest(of_joined);
    return (found->source == CHOICE_ASIDE || found->source == CHOICE_TREE) &&
           place == bits_highest(places_in(window, free_frames()));
}

static void make_choice(void)
{
    struct place_wish any = {any64(), any64(), any64(), (uint8_t)any32(), (uint8_t)any32()};
    make_state();
    make_lists();
    asked = any;
    starts = (set_t)any32();
    range.stretch.span.first = range.first_pfn;
    range.stretch.span.end = range.end_pfn;
    assume(place_is_valid(&asked) && asked.limit <= buddy.end_pfn);
}

/* The window has room for a place, and lies in the band, or around the border. */
static bool is_window(const struct place_wish *wish, unsigned band)
{
    struct place_wish largest = window_of(band);
    return is_asked(wish) && (band <= buddy.top_band || band == BAND_COUNT) &&
           wish->lowest >= largest.lowest && wish->limit <= largest.limit &&
           wish->limit > wish->lowest && wish->limit - wish->lowest >= wish->frame_count;
}

/* The highest place is found, if there is one. Else *found may hold anything. */
static bool is_source_right(struct choice *found, bool is_found, set_t places)
{
    pfn_t frame = found->at.place - range.origin;
    return is_found == (places != 0) &&
           (!is_found || (frame == bits_highest(places) && is_choice(found, asked.frame_count)));
}

static struct choice any_choice(unsigned band)
{
    struct choice any = {
        (enum choice_source)any32(), band, NULL, any32(), {any64(), any64(), any64()}};
    return any;
}

static unsigned make_window(void)
{
    unsigned band = any_number();
    make_choice();
    assume(is_window(&asked, band));
    return band;
}

static bool has_place(const struct place_wish *wish, uint32_t node)
{
    return node != 0 && places_in(wish, node_frames(node)) != 0;
}

/* No node of a list that has a place is passed over. */
void prove_next_listed(void)
{
    uint32_t node = (uint32_t)any_below(NODES) + 1;
    make_window();
    assume(node_of(node)->length >= asked.frame_count);
    uint32_t next = links[node];
    uint32_t found = next_listed(&buddy, &asked, node);
    claim(found == node || (!has_place(&asked, node) &&
                            (found == next || (found == 0 && !has_place(&asked, next)))));
    REACHED();
}

static uint32_t stub_next_listed(const struct buddy *of, const struct place_wish *wish,
                                 uint32_t node)
{
    claim(of == &buddy && is_asked(wish) && node_of(node)->length >= wish->frame_count);
    if (has_place(wish, node) || any_bool())
        return node;
    node = links[node];
    return has_place(wish, node) || any_bool() ? node : 0;
}

/* The best node of one shelf. */
static uint32_t best_on_shelf(const struct place_wish *wish, unsigned shelf)
{
    bool has_one = has_place(wish, 1) && is_on(1, &buddy.index.shelves[shelf]);
    bool has_two = has_place(wish, NODES) && is_on(NODES, &buddy.index.shelves[shelf]);
    if (has_one && has_two)
        return comes_before(1, NODES) ? 1 : NODES;
    return has_one ? 1 : has_two ? NODES : 0;
}

/* Of the listed runs of a shelf, the first choice is found. */
void prove_find_on_shelf(void)
{
    unsigned band = make_window();
    unsigned shelf = (unsigned)any_below(SHELF_COUNT);
    struct choice found = any_choice(band);
    found.source = CHOICE_LISTED;
    uint32_t node = best_on_shelf(&asked, shelf);
    bool is_found = find_on_shelf(&buddy, shelf, &asked, &found, NULL);
    claim(is_source_right(&found, is_found, places_in(&asked, node ? node_frames(node) : 0)));
    claim(found.source == CHOICE_LISTED && (!is_found || found.node == node));
    claim(found.band == band);
    REACHED();
}

static bool stub_find_on_shelf(const struct buddy *of, unsigned shelf,
                               const struct place_wish *wish, struct choice *found,
                               struct search_observer *observer)
{
    uint32_t node = best_on_shelf(wish, shelf);
    claim(of == &buddy && is_asked(wish) && shelf < SHELF_COUNT && !observer);
    claim(found->source == CHOICE_LISTED);
    *found = any_choice(found->band);
    found->source = CHOICE_LISTED;
    if (node == 0)
        return false;
    found->node = node;
    found->range = &range;
    assume(is_source_right(found, true, places_in(wish, node_frames(node))));
    return true;
}

/* Of the listed runs, the first choice is found. */
void prove_find_listed(void)
{
    unsigned band = make_window();
    struct choice found = any_choice(band);
    uint32_t node = best_node(&asked);
    assume(band < BAND_COUNT);
    bool is_found = find_listed(&buddy, band, &asked, &found, NULL);
    claim(is_source_right(&found, is_found, places_in(&asked, node ? node_frames(node) : 0)));
    claim(!is_found || (found.source == CHOICE_LISTED && found.node == node));
    claim(found.band == band);
    REACHED();
}

static bool stub_find_listed(const struct buddy *of, unsigned band, const struct place_wish *wish,
                             struct choice *found, struct search_observer *observer)
{
    uint32_t node = best_node(wish);
    claim(of == &buddy && is_window(wish, band) && band < BAND_COUNT && !observer);
    *found = any_choice(found->band);
    if (node == 0)
        return false;
    found->source = CHOICE_LISTED;
    found->node = node;
    found->range = &range;
    assume(is_source_right(found, true, places_in(wish, node_frames(node))));
    return true;
}

static bool is_aside_or_in_tree(enum choice_source source)
{
    return source == CHOICE_ASIDE || source == CHOICE_TREE;
}

/* If no listed run has a place, the highest one of all free frames is found. */
void prove_find_highest(void)
{
    unsigned band = make_window();
    struct choice found = any_choice(band);
    assume(best_node(&asked) == 0);
    bool is_found = find_highest(&buddy, &asked, &found, NULL);
    claim(is_source_right(&found, is_found, places_in(&asked, free_frames())));
    claim(!is_found || is_aside_or_in_tree(found.source));
    claim(found.band == band);
    REACHED();
}

static bool stub_find_highest(const struct buddy *of, const struct place_wish *wish,
                              struct choice *found, struct search_observer *observer)
{
    set_t places = places_in(wish, free_frames());
    claim(of == &buddy && is_window(wish, found->band) && best_node(wish) == 0 && !observer);
    *found = any_choice(found->band);
    if (places == 0)
        return false;
    found->range = &range;
    assume(is_aside_or_in_tree(found->source) && is_source_right(found, true, places));
    return true;
}

/* In one window, the place is found that the rule names. */
void prove_find_in_window(void)
{
    unsigned band = make_window();
    struct choice found;
    set_t places = places_in(&asked, free_frames());
    bool is_found = find_in_window(&buddy, band, &asked, &found, NULL);
    claim(is_found == (places != 0));
    if (is_found) {
        pfn_t frame = found.at.place - range.origin;
        claim(frame < PLACES && (places >> frame & 1) != 0);
        claim(is_choice(&found, asked.frame_count));
        claim(follows_rule(&asked, band, &found));
    }
    REACHED();
}

static unsigned band_found;
static set_t places_found;

static bool stub_find_in_window(const struct buddy *of, unsigned band,
                                const struct place_wish *wish, struct choice *found,
                                struct search_observer *observer)
{
    claim(of == &buddy && is_window(wish, band) && !observer);
    (void)found;
    band_found = band;
    places_found = places_in(wish, free_frames());
    return places_found != 0;
}

/* The windows are searched from the highest band down, and none is left out. */
void prove_choose_place(void)
{
    make_choice();
    struct choice found;
    set_t places = places_in(&asked, free_frames());
    claim(choose_place(&buddy, &asked, &found) == (places != 0));
    if (places != 0) {
        struct place_wish high = window_of(1);
        struct place_wish low = window_of(0);
        struct place_wish across = window_of(BAND_COUNT);
        set_t in_high = buddy.top_band > 0 ? places_in(&high, free_frames()) : 0;
        set_t in_low = places_in(&low, free_frames());
        claim(band_found == (in_high ? 1 : in_low ? 0 : BAND_COUNT));
        claim(places_found == (in_high  ? in_high
                               : in_low ? in_low
                                        : places_in(&across, free_frames())));
    }
    REACHED();
}
