/*
 * buddy_alloc and buddy_free over stubs for their steps (buddy_steps.c): the stubs claim what a
 * step requires, and leave any state that its row allows.
 */

#include "buddy_state.h"
#include "mm/request.h"

struct taken;
static void stub_buddy_put_away(struct buddy *of, struct buddy_range *to, uint32_t first,
                                uint32_t end);
static void stub_put_back_aside(struct buddy *of, unsigned which);
static bool stub_take_short(struct buddy *of, unsigned band, uint32_t length, struct taken *taken);
static void stub_take_inside(struct buddy *of, uint32_t node, pfn_t place, uint32_t length);
static void stub_take_last_end(struct buddy *of, const struct choice *found, uint32_t length);
static void stub_take_tree(struct buddy *of, const struct place_wish *wish,
                           const struct choice *found);
static void stub_take_put_back(struct buddy *of, const struct place_wish *wish,
                               const struct choice *found);
static bool stub_choose_place(const struct buddy *of, const struct place_wish *wish,
                              struct choice *found);
static enum mm_status stub_alloc_searched(struct buddy *of, const struct buddy_request *request,
                                          pfn_t *first);
static enum mm_status stub_buddy_alloc_other(struct buddy *of, unsigned top_band,
                                             uint32_t frame_count, pfn_t *first);

#include "mm/buddy.c"
#include "mm/choose.c"
#include "mm/place.c"

/* ---- freeing ---- */

struct buddy_range *block_range_above(const struct buddy *of, pfn_t pfn)
{
    (void)of;
    return range.end_pfn > pfn ? &range : NULL;
}

bool buddy_find_run(const struct buddy *of, pfn_t pfn, struct frame_range *run)
{
    (void)of, (void)run;
    pfn_t frame = pfn - range.origin;
    return frame < PLACES && ((live_frames() & ~all_aside()) >> frame & 1);
}

/* What prove_put_away proves. */
static void stub_buddy_put_away(struct buddy *of, struct buddy_range *to, uint32_t first,
                                uint32_t end)
{
    struct buddy_run last = buddy.aside[BUDDY_ASIDE_LAST];
    set_t after = free_frames() | frames(first, end);
    claim(of == &buddy && to == &range && is_right() && is_block(first, end));
    make_runs();
    assume(is_right() && is_last(&last) && free_frames() == after);
}

/* Just the frames of the block become free, and the state stays right. */
void prove_free(void)
{
    make_counted_state();
    pfn_t pfn = any64();
    uint32_t end = any_frame();
    pfn_t frame = pfn - range.origin;
    set_t before = free_frames();
    bool is_taken = any_bool();
    bool is_one = frame < PLACES && is_block((uint32_t)frame, end);
    bool begins = frame >= range.first && frame < range.end &&
                  (records[0].begins & ~all_aside()) >> frame & 1;
    assume(is_one || !begins);
    if (is_taken && is_one) {
        struct buddy_taken taken = {&range, pfn, end - (uint32_t)frame};
        buddy.taken = taken;
    }
    in_blocks -= is_one ? end - (uint32_t)frame : 0;
    enum mm_status status = buddy_free(&buddy, pfn, NULL);
    claim((status == MM_OK) == is_one);
    claim(free_frames() == (is_one ? before | frames((uint32_t)frame, end) : before));
    claim(is_right() && are_counts_right());
    claim(!buddy.taken.range);
    REACHED();
}

/* ---- the stubs of the steps ---- */

/* Only the frames of the block are no longer free. They are counted later. */
static void leave_block(set_t before, uint32_t first, uint32_t length)
{
    make_runs();
    assume(is_right() && became_block(before, first, first + length));
}

static bool stub_take_short(struct buddy *of, unsigned band, uint32_t length, struct taken *taken)
{
    set_t before = free_frames();
    uint32_t first = any_frame();
    claim(of == &buddy && is_right() && band < 2 && length > 0);
    if (any_bool()) {
        make_runs();
        assume(is_right() && free_frames() == before);
        return false;
    }
    taken->range = &range;
    taken->first = first;
    assume(length < PLACES);
    leave_block(before, first, length);
    assume(first + length <= range.borders[band + 1]);
    return true;
}

static void stub_take_inside(struct buddy *of, uint32_t node, pfn_t place, uint32_t length)
{
    uint32_t first = (uint32_t)(place - range.origin);
    claim(of == &buddy && is_right() && node_of(node)->length > 0 && length > 0);
    claim((frames(first, first + length) & ~node_frames(node)) == 0);
    leave_block(free_frames(), first, length);
}

static void stub_take_last_end(struct buddy *of, const struct choice *found, uint32_t length)
{
    claim(of == &buddy && is_right() && is_at_last_end(found, length));
    leave_block(free_frames(), (uint32_t)(found->at.place - range.origin), length);
}

static void stub_put_back_aside(struct buddy *of, unsigned which)
{
    set_t before = free_frames();
    set_t tree = tree_bits;
    set_t aside[BUDDY_ASIDE_COUNT];
    claim(of == &buddy && is_right());
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        aside[i] = aside_frames(i);
    make_runs();
    assume(is_right() && free_frames() == before && (tree & (set_t)~tree_bits) == 0);
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        assume(aside_frames(i) == (i == which ? 0 : aside[i]));
}

static void stub_take_tree(struct buddy *of, const struct place_wish *wish,
                           const struct choice *found)
{
    uint32_t first = (uint32_t)(found->at.place - range.origin);
    uint32_t run_first = (uint32_t)(found->at.run_first - range.origin);
    uint32_t length = (uint32_t)wish->frame_count;
    claim(of == &buddy && is_right() && all_aside() == 0 && length > 0 && run_first <= first);
    claim((frames(run_first, first + length) & ~tree_bits) == 0);
    claim(found->band == BAND_COUNT || found->band == range_band(&range, first));
    claim(wish->lowest <= found->at.place);
    leave_block(free_frames(), first, length);
}

/* After all was put back, the block is in a listed run or in the tree. */
void prove_take_put_back(void)
{
    make_state();
    struct place_wish wish = {any64(), any64(), any64(), (uint8_t)any32(), (uint8_t)any32()};
    struct choice found = {
        any_bool() ? CHOICE_ASIDE : CHOICE_TREE, 0, &range, 0, {any64(), any64(), any64()}};
    set_t before = free_frames();
    uint32_t first = (uint32_t)(found.at.place - range.origin);
    assume(is_aside_or_tree(&found, wish.frame_count) && wish.lowest <= found.at.place);
    found.band = any_bool() ? range_band(&range, first) : BAND_COUNT;
    take_put_back(&buddy, &wish, &found);
    claim(became_block(before, first, first + (uint32_t)wish.frame_count));
    claim(is_right());
    REACHED();
}

static void stub_take_put_back(struct buddy *of, const struct place_wish *wish,
                               const struct choice *found)
{
    uint32_t first = (uint32_t)(found->at.place - range.origin);
    claim(of == &buddy && is_right() && is_aside_or_tree(found, wish->frame_count));
    claim(found->source == CHOICE_ASIDE || found->source == CHOICE_TREE);
    claim(found->band == BAND_COUNT || found->band == range_band(&range, first));
    claim(wish->lowest <= found->at.place && found->range == &range);
    leave_block(free_frames(), first, (uint32_t)wish->frame_count);
}

/* The place is free, lies in the window, is aligned, and crosses no boundary. */
static bool is_free_place(const struct place_wish *wish, pfn_t place)
{
    unsigned i = wish->align_order;
    unsigned k = wish->boundary_order;
    pfn_t last = place + wish->frame_count - 1;
    return are_frames_in(free_frames(), place, wish->frame_count) && place >= wish->lowest &&
           last < wish->limit && place >> i << i == place &&
           (k == PLACE_NO_BOUNDARY || place >> k == last >> k);
}

static uint32_t observed; /* any frame: if a request finds no room, no place begins there */

/* Any free place that suits the wish, with its source and run, if there is one. */
static bool stub_choose_place(const struct buddy *of, const struct place_wish *wish,
                              struct choice *found)
{
    struct choice any = {(enum choice_source)any_below(CHOICE_TREE + 1),
                         any_number(),
                         &range,
                         (uint32_t)any_below(NODES) + 1,
                         {any64(), any64(), any64()}};
    claim(of == &buddy && is_right() && place_is_valid(wish) && wish->limit <= of->end_pfn);
    *found = any;
    if (any_bool()) {
        assume(!is_free_place(wish, range.origin + observed));
        return false;
    }
    assume(is_choice(found, wish->frame_count) && is_free_place(wish, found->at.place));
    return true;
}

static struct buddy_request any_request(void)
{
    struct buddy_request request = {any64(), any64(), any64(), any64(), any64()};
    return request;
}

/* The block begins where the request allows it. */
static bool is_allowed(const struct buddy_request *request, pfn_t first)
{
    pfn_t last = first + request->frame_count - 1;
    pfn_t align = request->align_frames > 0 ? request->align_frames : 1;
    pfn_t boundary = request->boundary_frames;
    return first >= request->lowest && last < request->limit && (first & (align - 1)) == 0 &&
           (boundary == 0 || ((first ^ last) & ~(boundary - 1)) == 0);
}

/* Just the frames of the block are no longer free. If there is no room, there is no place. */
static bool is_answer(enum mm_status status, const struct buddy_request *request, set_t before,
                      pfn_t first)
{
    enum mm_status rules = request_check(request->frame_count, request->align_frames,
                                         request->boundary_frames, request->lowest, request->limit);
    if (status != MM_OK)
        return status == (rules == MM_OK ? MM_NO_ROOM : rules) && free_frames() == before &&
               buddy.free_count == counted &&
               (status != MM_NO_ROOM || !is_allowed(request, range.origin + observed) ||
                !are_frames_in(before, range.origin + observed, request->frame_count));
    uint32_t length = (uint32_t)request->frame_count;
    uint32_t frame = (uint32_t)(first - range.origin);
    bool is_counted = buddy.free_count == counted - length;
    buddy.free_count = counted;
    bool is_one = became_block(before, frame, frame + length);
    buddy.free_count = counted - length;
    return rules == MM_OK && is_counted && is_one && request->frame_count < PLACES &&
           first - range.origin < PLACES && is_allowed(request, first) &&
           buddy.taken.first == first && buddy.taken.length == length;
}

/* With a search, each kind of place is taken by the step that is made for it. */
void prove_alloc_searched(void)
{
    make_counted_state();
    observed = any_frame();
    struct buddy_request request = any_request();
    pfn_t first;
    set_t before = free_frames();
    uint32_t blocks = in_blocks;
    enum mm_status status = alloc_searched(&buddy, &request, &first);
    claim(is_answer(status, &request, before, first));
    in_blocks = blocks + (status == MM_OK ? (uint32_t)request.frame_count : 0);
    claim(is_right());
    REACHED();
}

/* Any right answer to a request. */
static enum mm_status answer(const struct buddy_request *request, pfn_t *first)
{
    set_t before = free_frames();
    enum mm_status status = (enum mm_status)any32();
    *first = any64();
    make_runs();
    if (status == MM_OK) {
        buddy.taken.range = &range;
        buddy.taken.first = *first;
        buddy.taken.length = (uint32_t)request->frame_count;
        buddy.free_count -= request->frame_count;
        in_blocks += (uint32_t)request->frame_count;
        range.live_count += (uint32_t)request->frame_count;
    }
    assume(is_right() && is_answer(status, request, before, *first));
    return status;
}

static enum mm_status stub_alloc_searched(struct buddy *of, const struct buddy_request *request,
                                          pfn_t *first)
{
    claim(of == &buddy && is_right() && buddy.free_count == count_of(free_frames()));
    return answer(request, first);
}

/* What a call of buddy_alloc_other asks for. */
static struct buddy_request other_request(unsigned top_band, uint32_t frame_count)
{
    struct buddy_request request = {frame_count, 1, 0, UINT64_MAX, 0};
    if (top_band < buddy.top_band)
        request.limit = range_band_base(top_band + 1);
    return request;
}

/* Below a band's end, without a search or with one. */
void prove_alloc_other(void)
{
    make_counted_state();
    observed = any_frame();
    unsigned top_band = (unsigned)any_below(buddy.top_band + 1);
    uint32_t frame_count = any32();
    struct buddy_request request = other_request(top_band, frame_count);
    pfn_t first;
    set_t before = free_frames();
    uint32_t blocks = in_blocks;
    assume(frame_count > 0);
    enum mm_status status = buddy_alloc_other(&buddy, top_band, frame_count, &first);
    claim(is_answer(status, &request, before, first));
    in_blocks = blocks + (status == MM_OK ? (uint32_t)request.frame_count : 0);
    claim(is_right());
    REACHED();
}

static enum mm_status stub_buddy_alloc_other(struct buddy *of, unsigned top_band,
                                             uint32_t frame_count, pfn_t *first)
{
    struct buddy_request request = other_request(top_band, frame_count);
    claim(of == &buddy && is_right() && top_band <= buddy.top_band && frame_count > 0);
    claim(buddy.free_count == count_of(free_frames()));
    return answer(&request, first);
}

void prove_alloc(void)
{
    make_counted_state();
    observed = any_frame();
    struct buddy_request request = any_request();
    pfn_t first;
    set_t before = free_frames();
    uint32_t blocks = in_blocks;
    enum mm_status status = buddy_alloc(&buddy, &request, &first);
    claim(is_answer(status, &request, before, first));
    in_blocks = blocks + (status == MM_OK ? (uint32_t)request.frame_count : 0);
    claim(is_right());
    REACHED();
}
