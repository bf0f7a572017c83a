/*
 * Chooses the place for a request by a search that changes nothing. Then buddy.c takes the place.
 * An observer (search.h) may watch the steps.
 */

#include "choose.h"

#include "free.h"
#include "inside.h"
#include "ranges.h"
#include "request.h"

static bool holds_nothing(const struct buddy_run *run)
{
    return run->first == run->end;
}

/* Notes a free run, in pfns, and the highest place in it. False if it has none. */
static bool place_in(const struct place_wish *wish, struct buddy_range *range,
                     struct frame_range run, struct choice *found)
{
    found->range = range;
    found->at.run_first = run.first;
    found->at.run_end = run.end;
    return place_in_run(wish, run.first, run.end, &found->at.place);
}

static struct frame_range frames_of(const struct buddy_run *run)
{
    struct frame_range frames = {run->range->origin + run->first, run->range->origin + run->end};
    return frames;
}

/* The run freed last, if it has just the wanted length and is a place. */
static bool find_last(const struct buddy *buddy, const struct place_wish *wish,
                      struct choice *found, struct search_observer *observer)
{
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    if (holds_nothing(last))
        return false;
    found->source = CHOICE_LAST;
    struct frame_range run = frames_of(last);
    if (run.end - run.first == wish->frame_count && place_in(wish, last->range, run, found))
        return true;
    if (observer)
        search_tell(observer, SEARCH_LAST, run.first, run.end);
    return false;
}

static struct frame_range listed_run(const struct buddy *buddy, uint32_t node)
{
    const struct index_node *listed = index_at(&buddy->index, node);
    pfn_t first = buddy->index.origins[listed->range] + listed->first;
    struct frame_range run = {first, first + listed->length};
    return run;
}

/* True if the listed run of the node has a place. */
static bool try_listed(const struct buddy *buddy, const struct place_wish *wish, uint32_t node,
                       struct choice *found, struct search_observer *observer)
{
    struct buddy_range *range = buddy->index.ranges[index_at(&buddy->index, node)->range];
    struct frame_range run = listed_run(buddy, node);
    found->node = node;
    if (place_in(wish, range, run, found))
        return true;
    if (observer)
        search_tell(observer, SEARCH_LISTED, run.first, run.end);
    return false;
}

/*
 * The first node of a list, from `node` on, whose run may have a place; 0 if there is none. All
 * nodes may be in one list. So the sieve holds what is the same for all, and the loop has one
 * branch.
 */
static uint32_t next_listed(const struct buddy *buddy, const struct place_wish *wish, uint32_t node)
{
    const struct run_index *index = &buddy->index;
    const struct place_sieve sieve = place_sieve_of(wish, index_at(index, node)->length);
    for (; node != 0; node = index->links[node]) {
        const struct index_node *listed = index_at(index, node);
        if (place_may_pass(&sieve, index->origins[listed->range] + listed->first))
            return node;
    }
    return 0;
}

/*
 * True if all possible places share a frame, *frame. Then only the run that holds this frame can
 * have a place.
 */
static bool have_same_frame(const struct place_wish *wish, pfn_t *frame)
{
    *frame = wish->limit - wish->frame_count;
    return *frame - wish->lowest < wish->frame_count;
}

/* The node of the listed run that holds a frame; 0 if there is none. */
static uint32_t listed_at(const struct buddy *buddy, pfn_t pfn)
{
    const struct buddy_range *range = block_range(buddy, pfn);
    uint32_t first;
    if (!range)
        return 0;
    uint32_t frame = (uint32_t)(pfn - range->origin);
    uint32_t node =
        range_near_end(range, frame, &first) ? index_find(&buddy->index, range, first) : 0;
    return node != 0 && frame - first < index_at(&buddy->index, node)->length ? node : 0;
}

/* The shortest run on one shelf that has a place; of several, the first in the list. */
MM_NOINLINE static bool find_on_shelf(const struct buddy *buddy, unsigned shelf,
                                      const struct place_wish *wish, struct choice *found,
                                      struct search_observer *observer)
{
    const struct run_index *index = &buddy->index;
    uint32_t length = wish->frame_count < index->lengths ? (uint32_t)wish->frame_count : 0;
    while (length != 0 && (length = index_next_length(&index->shelves[shelf], length)) != 0) {
        uint32_t node = index->links[index->shelves[shelf].lists + length];
        for (; node != 0; node = index->links[node]) {
            node = observer ? node : next_listed(buddy, wish, node);
            if (node == 0)
                break;
            if (try_listed(buddy, wish, node, found, observer))
                return true;
        }
        length++;
    }
    return false;
}

/* Tries the shelf of runs from 128 MiB on first, if the window reaches that far. */
static bool find_listed(const struct buddy *buddy, unsigned band, const struct place_wish *wish,
                        struct choice *found, struct search_observer *observer)
{
    bool has_low = band == SHELF_LOW_BAND;
    pfn_t frame;
    found->source = CHOICE_LISTED;
    if (have_same_frame(wish, &frame)) {
        uint32_t node = wish->frame_count < buddy->index.lengths ? listed_at(buddy, frame) : 0;
        if (node != 0 && try_listed(buddy, wish, node, found, observer))
            return true;
    } else {
        if ((!has_low || wish->limit > SHELF_LOW_END) &&
            find_on_shelf(buddy, band, wish, found, observer))
            return true;
        if (has_low && find_on_shelf(buddy, SHELF_LOW, wish, found, observer))
            return true;
    }
    if (observer)
        search_tell(observer, SEARCH_LISTS, wish->lowest, wish->limit);
    return false;
}

/* The cutting run of the band, if the highest place in it is at its end. */
static bool find_cut(const struct buddy *buddy, unsigned band, const struct place_wish *wish,
                     struct choice *found, struct search_observer *observer)
{
    const struct buddy_run *cut = &buddy->aside[band];
    if (holds_nothing(cut))
        return false;
    found->source = CHOICE_CUT;
    struct frame_range run = frames_of(cut);
    if (place_in(wish, cut->range, run, found) && found->at.place + wish->frame_count == run.end)
        return true;
    if (observer)
        search_tell(observer, SEARCH_CUT, run.first, run.end);
    return false;
}

/* The run freed last, which must exist, joined with the cutting runs that touch it. */
static struct frame_range join_last(const struct buddy *buddy)
{
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    struct frame_range whole = frames_of(last);
    for (unsigned band = 0; band < BAND_COUNT; band++) {
        const struct buddy_run *cut = &buddy->aside[band];
        if (cut->range != last->range)
            continue;
        if (cut->end == last->first)
            whole.first = cut->range->origin + cut->first;
        if (cut->first == last->end)
            whole.end = cut->range->origin + cut->end;
    }
    return whole;
}

/* The same run, if the highest place in it is at one of its ends. */
MM_COLD static bool find_last_end(const struct buddy *buddy, const struct place_wish *wish,
                                  struct choice *found, struct search_observer *observer)
{
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    if (holds_nothing(last))
        return false;
    struct frame_range run = join_last(buddy);
    if (run.end - run.first < wish->frame_count)
        return false;
    found->source = CHOICE_LAST_END;
    if (place_in(wish, last->range, run, found) &&
        (found->at.place == run.first || found->at.place + wish->frame_count == run.end))
        return true;
    if (observer)
        search_tell(observer, SEARCH_LAST_END, run.first, run.end);
    return false;
}

/* A run that is set aside outside the window lengthens no run inside the window. */
static bool is_in_window(const struct place_wish *wish, struct frame_range run)
{
    return run.first < wish->limit && run.end > wish->lowest;
}

/* The highest place in the runs that are set aside, each with its free neighbours. */
MM_INLINE bool find_set_aside(const struct buddy *buddy, const struct place_wish *wish,
                              struct choice *found, struct search_observer *observer)
{
    bool has_place = false;
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++) {
        const struct buddy_run *run = &buddy->aside[i];
        struct choice next = *found;
        struct frame_range whole;
        if (holds_nothing(run) || !is_in_window(wish, frames_of(run)) ||
            !free_whole_run(buddy, run->range, run->first, &whole))
            continue;
        next.source = CHOICE_ASIDE;
        if (!place_in(wish, run->range, whole, &next)) {
            if (observer)
                search_tell(observer, SEARCH_ASIDE, whole.first, whole.end);
        } else if (!has_place || next.at.place > found->at.place) {
            *found = next;
            has_place = true;
        }
    }
    return has_place;
}

static void tell_tree(struct search_observer *observer, const struct buddy_range *range)
{
    struct search_step step = {SEARCH_TREE, 0, {range->first_pfn, range->end_pfn}, 0, 0, 0};
    step.longest = tree_longest(&range->tree);
    observer->see(observer, &step);
}

static bool may_have(const struct buddy_range *range, void *context)
{
    const struct place_wish *wish = (const struct place_wish *)context;
    const struct stretch *stretch = &range->stretch;
    pfn_t place;
    return place_in_run(wish, stretch->span.first, stretch->span.end, &place) &&
           stretch_may_have(stretch, wish);
}

/* The highest place of all trees. */
static bool find_in_trees(const struct buddy *buddy, const struct place_wish *wish,
                          struct choice *found, struct search_observer *observer)
{
    struct place_wish copy = *wish;
    struct buddy_range *range = ranges_first(buddy->root, STRETCH_HIGHER, may_have, &copy);
    for (; range; range = ranges_next(range, STRETCH_HIGHER, may_have, &copy)) {
        if (!stretch_may_have_own(&range->stretch, wish))
            continue;
        found->range = range;
        if (observer && range->first_pfn < wish->limit && range->end_pfn > wish->lowest)
            tell_tree(observer, range);
        if (observer ? search_tree_watched(&range->tree, wish, &found->at, observer)
                     : search_tree(&range->tree, wish, &found->at))
            return true;
    }
    return false;
}

/*
 * The highest place in all free runs. No listed run has one by itself, because find_listed came
 * first. Trees do not know the runs that are set aside.
 */
static bool find_highest(const struct buddy *buddy, const struct place_wish *wish,
                         struct choice *found, struct search_observer *observer)
{
    bool has_place = find_set_aside(buddy, wish, found, observer);
    struct choice in_tree = *found;
    in_tree.source = CHOICE_TREE;
    if (!find_in_trees(buddy, wish, &in_tree, observer))
        return has_place;
    if (!has_place || in_tree.at.place > found->at.place)
        *found = in_tree;
    return true;
}

/* Searches the wish's window. It lies in the band, or across a border if `band` is BAND_COUNT. */
MM_INLINE bool find_in_window(const struct buddy *buddy, unsigned band,
                              const struct place_wish *wish, struct choice *found,
                              struct search_observer *observer)
{
    if (observer)
        search_tell(observer, SEARCH_BAND, wish->lowest, wish->limit);
    found->band = band;
    if (find_last(buddy, wish, found, observer))
        return true;
    if (band < BAND_COUNT && (find_listed(buddy, band, wish, found, observer) ||
                              find_cut(buddy, band, wish, found, observer)))
        return true;
    return find_last_end(buddy, wish, found, observer) ||
           find_highest(buddy, wish, found, observer);
}

static void narrow(struct place_wish *wish, pfn_t lowest, pfn_t limit)
{
    if (wish->lowest < lowest)
        wish->lowest = lowest;
    if (wish->limit > limit)
        wish->limit = limit;
}

/*
 * The windows are numbered in the order in which they are searched: the highest band, then each
 * lower band, each time followed by the places across its border with the next higher one. Narrows
 * the wish to one window, and returns its band.
 */
static unsigned narrow_to_window(const struct buddy *buddy, unsigned number,
                                 struct place_wish *wish)
{
    unsigned top = buddy->top_band;
    if (number == 0 || number % 2 == 1) {
        unsigned band = top - (number + 1) / 2;
        narrow(wish, range_band_base(band),
               band + 1 < BAND_COUNT ? range_band_base(band + 1) : wish->limit);
        return band;
    }
    pfn_t border = range_band_base(top + 1 - number / 2);
    pfn_t reach = wish->frame_count - 1;
    narrow(wish, border > reach ? border - reach : 0, border + reach);
    return BAND_COUNT;
}

MM_INLINE bool find_anywhere(const struct buddy *buddy, const struct place_wish *wish,
                             struct choice *found, struct search_observer *observer)
{
    for (unsigned number = 0; number <= 2 * buddy->top_band; number++) {
        struct place_wish inside = *wish;
        unsigned band = narrow_to_window(buddy, number, &inside);
        if (inside.limit > inside.lowest && inside.limit - inside.lowest >= wish->frame_count &&
            find_in_window(buddy, band, &inside, found, observer))
            return true;
    }
    return false;
}

enum mm_status find_wish(const struct buddy *buddy, const struct buddy_request *request,
                         struct place_wish *wish)
{
    enum mm_status status =
        request_check(request->frame_count, request->align_frames, request->boundary_frames,
                      request->lowest, request->limit);
    if (status != MM_OK)
        return status;
    if (request->frame_count > buddy->free_count)
        return MM_NO_ROOM;
    *wish = place_wish_of(request);
    if (wish->limit > buddy->end_pfn)
        wish->limit = buddy->end_pfn;
    return MM_OK;
}

bool choose_place(const struct buddy *buddy, const struct place_wish *wish, struct choice *found)
{
    MM_ASSERT_COSTLY(place_is_valid(wish) && wish->limit <= buddy->end_pfn);
    return find_anywhere(buddy, wish, found, NULL);
}

MM_COLD enum mm_status find_request_watched(const struct buddy *buddy,
                                            const struct buddy_request *request,
                                            struct choice *found, struct search_observer *observer)
{
    struct place_wish wish;
    enum mm_status status = find_wish(buddy, request, &wish);
    if (status != MM_OK)
        return status;
    return find_anywhere(buddy, &wish, found, observer) ? MM_OK : MM_NO_ROOM;
}
