/* The rule of mm/buddy.h over a plain list of parts. Nothing here is quick, and no bit is set. */

#include "rule.h"

#include <assert.h>
#include <string.h>

#define NO_PART SIZE_MAX
#define NO_BAND -1
#define TOP_BAND 2

static const pfn_t bases[] = {0, 16 * MIB >> FRAME_SHIFT, 4 * GIB >> FRAME_SHIFT, UINT64_MAX};

static int band_of(pfn_t pfn)
{
    return pfn < bases[1] ? 0 : pfn < bases[2] ? 1 : 2;
}

static pfn_t smaller(pfn_t a, pfn_t b)
{
    return a < b ? a : b;
}

static pfn_t larger(pfn_t a, pfn_t b)
{
    return a > b ? a : b;
}

/* ---- the list of parts ----------------------------------------------------------------------- */

void rule_init(struct rule *rule)
{
    rule->part_count = 0;
    rule->clock = 0;
    rule->listed_end = 0;
    rule->listed_max = 0;
    rule->lowest_listed = 0;
}

static void insert(struct rule *rule, size_t at, struct rule_part part)
{
    assert(rule->part_count < RULE_PARTS_MAX);
    memmove(&rule->parts[at + 1], &rule->parts[at], (rule->part_count - at) * sizeof part);
    rule->parts[at] = part;
    rule->part_count++;
}

/* The part that holds the frame. */
static size_t find(const struct rule *rule, pfn_t pfn)
{
    size_t i = 0;
    while (i < rule->part_count && rule->parts[i].end <= pfn)
        i++;
    assert(i < rule->part_count && rule->parts[i].first <= pfn);
    return i;
}

/* What one has, in a band or (NO_BAND) anywhere; NO_PART if it has nothing. */
static size_t find_holder(const struct rule *rule, enum rule_holder holder, int band)
{
    for (size_t i = 0; i < rule->part_count; i++)
        if (rule->parts[i].holder == holder &&
            (band == NO_BAND || band_of(rule->parts[i].first) == band))
            return i;
    return NO_PART;
}

/* Makes two parts of one. Returns the upper one. */
static size_t split(struct rule *rule, size_t i, pfn_t at)
{
    if (at == rule->parts[i].first || at == rule->parts[i].end)
        return i;
    insert(rule, i + 1, rule->parts[i]);
    rule->parts[i].end = at;
    rule->parts[i + 1].first = at;
    return i + 1;
}

/* Makes one part of a part and the next one. */
static void join(struct rule *rule, size_t i)
{
    rule->parts[i].end = rule->parts[i + 1].end;
    rule->part_count--;
    memmove(&rule->parts[i + 1], &rule->parts[i + 2],
            (rule->part_count - i - 1) * sizeof *rule->parts);
}

/* True if the part and the next one touch, in one range. */
static bool touches_next(const struct rule *rule, size_t i)
{
    return i + 1 < rule->part_count && rule->parts[i].end == rule->parts[i + 1].first &&
           rule->parts[i].range == rule->parts[i + 1].range;
}

/* ---- where free runs go ---------------------------------------------------------------------- */

/* Into a list if that can be, else into the tree. */
static void list_or_give(struct rule *rule, size_t i)
{
    struct rule_part *part = &rule->parts[i];
    size_t listed_count = 0;
    for (size_t j = 0; j < rule->part_count; j++)
        listed_count += j != i && rule->parts[j].holder == RULE_LISTED;
    bool can_be = part->end - part->first < rule->listed_end &&
                  band_of(part->first) == band_of(part->end - 1) &&
                  part->range >= rule->lowest_listed && listed_count < rule->listed_max;
    part->holder = can_be ? RULE_LISTED : RULE_TREE;
    part->listed_at = ++rule->clock;
}

/* A part that was set aside becomes part of the run that is cut in its band, if they touch. */
static bool join_cut(struct rule *rule, size_t i)
{
    const struct rule_part *part = &rule->parts[i];
    size_t cut = find_holder(rule, RULE_CUT, band_of(part->first));
    if (cut == NO_PART || band_of(part->first) != band_of(part->end - 1))
        return false;
    size_t lower = cut < i ? cut : i;
    if ((cut != i + 1 && cut + 1 != i) || !touches_next(rule, lower))
        return false;
    rule->parts[lower].holder = RULE_CUT;
    join(rule, lower);
    return true;
}

/* Adds the neighbours that such a holder has. True if there was one. */
static bool add_neighbours(struct rule *rule, size_t *i, enum rule_holder holder)
{
    bool has_some = false;
    if (touches_next(rule, *i) && rule->parts[*i + 1].holder == holder) {
        has_some = true;
        join(rule, *i);
    }
    if (*i > 0 && touches_next(rule, *i - 1) && rule->parts[*i - 1].holder == holder) {
        has_some = true;
        join(rule, --*i);
    }
    return has_some;
}

/* Into a list, or into the tree. */
static void put_back(struct rule *rule, size_t i)
{
    add_neighbours(rule, &i, RULE_LISTED);
    if (add_neighbours(rule, &i, RULE_TREE))
        rule->parts[i].holder = RULE_TREE;
    else
        list_or_give(rule, i);
}

static bool touches(const struct rule *rule, size_t i, enum rule_holder holder)
{
    return (touches_next(rule, i) && rule->parts[i + 1].holder == holder) ||
           (i > 0 && touches_next(rule, i - 1) && rule->parts[i - 1].holder == holder);
}

/* It is the run that is cut from now on, if it lies in one band. */
static void set_cut(struct rule *rule, size_t i)
{
    struct rule_part *part = &rule->parts[i];
    if (band_of(part->first) != band_of(part->end - 1)) {
        put_back(rule, i);
        return;
    }
    size_t before = find_holder(rule, RULE_CUT, band_of(part->first));
    part->holder = RULE_CUT;
    if (before != NO_PART)
        put_back(rule, before);
}

/* Into the run that is cut, or into a list; else it is the run that is cut from now on. */
static void put_away(struct rule *rule, size_t i)
{
    if (join_cut(rule, i))
        return;
    add_neighbours(rule, &i, RULE_LISTED);
    struct rule_part *part = &rule->parts[i];
    if (!touches(rule, i, RULE_TREE)) {
        list_or_give(rule, i);
        if (part->holder == RULE_LISTED)
            return;
    }
    set_cut(rule, i);
}

/* The run freed last, then those that are cut, from the highest band on. */
static void put_all_back(struct rule *rule)
{
    size_t i = find_holder(rule, RULE_LAST, NO_BAND);
    if (i != NO_PART)
        put_back(rule, i);
    for (int band = TOP_BAND; band >= 0; band--)
        if ((i = find_holder(rule, RULE_CUT, band)) != NO_PART)
            put_back(rule, i);
}

void rule_free(struct rule *rule, pfn_t first)
{
    size_t before = find_holder(rule, RULE_LAST, NO_BAND);
    size_t i = find(rule, first);
    assert(rule->parts[i].first == first && rule->parts[i].holder == RULE_BLOCK);
    rule->parts[i].holder = RULE_LAST;
    if (before != NO_PART)
        put_away(rule, before);
}

/* ---- ranges ---------------------------------------------------------------------------------- */

void rule_add_range(struct rule *rule, struct frame_range range)
{
    size_t i = 0;
    while (i < rule->part_count && rule->parts[i].end <= range.first)
        i++;
    struct rule_part part = {range.first, range.end, RULE_TREE, 0, range.first};
    insert(rule, i, part);
}

/* The first of so many ranges at most, from the highest on. */
static pfn_t lowest_of(const struct rule *rule, size_t range_count)
{
    size_t i = rule->part_count;
    while (i > 0) {
        i--;
        if (rule->parts[i].first == rule->parts[i].range && --range_count == 0)
            break;
    }
    return rule->parts[i].range;
}

void rule_move_index(struct rule *rule, const struct run_index *index)
{
    for (size_t i = 0; i < rule->part_count; i++)
        if (rule->parts[i].holder == RULE_LISTED)
            rule->parts[i].holder = RULE_TREE;
    rule->listed_end = index->lengths;
    rule->listed_max = index->node_count;
    rule->lowest_listed = lowest_of(rule, index->range_limit);
}

/* ---- where a block goes ---------------------------------------------------------------------- */

/* Where the request looks now: a band of its own, or what lies over a border (NO_BAND). */
struct window {
    pfn_t lowest;
    pfn_t limit;
    int band;
};

static bool crosses_boundary(const struct buddy_request *request, pfn_t first)
{
    pfn_t boundary = request->boundary_frames;
    return boundary != 0 && first / boundary != (first + request->frame_count - 1) / boundary;
}

/* The highest place in [first, end), one after the other. */
static bool highest_place(const struct buddy_request *request, const struct window *window,
                          pfn_t first, pfn_t end, pfn_t *place)
{
    pfn_t align = request->align_frames > 0 ? request->align_frames : 1;
    first = larger(first, window->lowest);
    end = smaller(end, window->limit);
    if (end < first || end - first < request->frame_count)
        return false;
    *place = (end - request->frame_count) / align * align;
    while (*place >= first && crosses_boundary(request, *place) && *place >= align)
        *place -= align;
    return *place >= first && !crosses_boundary(request, *place);
}

static bool find_last(const struct rule *rule, const struct buddy_request *request,
                      const struct window *window, pfn_t *place)
{
    size_t i = find_holder(rule, RULE_LAST, NO_BAND);
    return i != NO_PART && rule->parts[i].end - rule->parts[i].first == request->frame_count &&
           highest_place(request, window, rule->parts[i].first, rule->parts[i].end, place);
}

/* Below 128 MiB, but not below 16 MiB. */
static bool is_low(const struct rule_part *part)
{
    return part->first >= bases[1] && part->first < 128 * MIB >> FRAME_SHIFT;
}

/* Not low is better, then shorter; of those as short, the one listed last. */
static bool is_better(const struct rule_part *part, const struct rule_part *than)
{
    if (is_low(part) != is_low(than))
        return is_low(than);
    pfn_t length = part->end - part->first;
    pfn_t than_length = than->end - than->first;
    return length != than_length ? length < than_length : part->listed_at > than->listed_at;
}

static bool find_listed(const struct rule *rule, const struct buddy_request *request,
                        const struct window *window, pfn_t *place)
{
    const struct rule_part *best = NULL;
    for (size_t i = 0; i < rule->part_count; i++) {
        const struct rule_part *part = &rule->parts[i];
        pfn_t here;
        if (part->holder == RULE_LISTED && (!best || is_better(part, best)) &&
            highest_place(request, window, part->first, part->end, &here)) {
            best = part;
            *place = here;
        }
    }
    return best;
}

static bool find_cut(const struct rule *rule, const struct buddy_request *request,
                     const struct window *window, pfn_t *place)
{
    size_t i = find_holder(rule, RULE_CUT, window->band);
    return i != NO_PART &&
           highest_place(request, window, rule->parts[i].first, rule->parts[i].end, place) &&
           *place + request->frame_count == rule->parts[i].end;
}

/* The part that was freed last, with those that are cut beside it: *first and *end are its ends. */
static bool join_last(const struct rule *rule, pfn_t *first, pfn_t *end)
{
    size_t i = find_holder(rule, RULE_LAST, NO_BAND);
    if (i == NO_PART)
        return false;
    bool has_lower = i > 0 && touches_next(rule, i - 1) && rule->parts[i - 1].holder == RULE_CUT;
    bool has_upper = touches_next(rule, i) && rule->parts[i + 1].holder == RULE_CUT;
    *first = rule->parts[has_lower ? i - 1 : i].first;
    *end = rule->parts[has_upper ? i + 1 : i].end;
    return true;
}

/* At one of its ends. */
static bool find_last_end(const struct rule *rule, const struct buddy_request *request,
                          const struct window *window, pfn_t *place)
{
    pfn_t first;
    pfn_t end;
    return join_last(rule, &first, &end) && highest_place(request, window, first, end, place) &&
           (*place == first || *place + request->frame_count == end);
}

/* In whole free runs, whoever has their parts. */
static bool find_highest(const struct rule *rule, const struct buddy_request *request,
                         const struct window *window, pfn_t *place)
{
    bool has_place = false;
    for (size_t i = 0; i < rule->part_count; i++) {
        pfn_t first = rule->parts[i].first;
        pfn_t here;
        if (rule->parts[i].holder == RULE_BLOCK)
            continue;
        while (touches_next(rule, i) && rule->parts[i + 1].holder != RULE_BLOCK)
            i++;
        if (!highest_place(request, window, first, rule->parts[i].end, &here))
            continue;
        *place = here;
        has_place = true;
    }
    return has_place;
}

/* The block's frames leave the part that has them. Says who that was, and returns the block. */
static size_t take(struct rule *rule, pfn_t first, pfn_t end, enum rule_holder *holder)
{
    size_t i = split(rule, find(rule, first), first);
    split(rule, i, end);
    *holder = rule->parts[i].holder;
    rule->parts[i].holder = RULE_BLOCK;
    return i;
}

/* What is left around a block that a listed run had: the lower part goes first. */
static void relist(struct rule *rule, size_t block)
{
    bool has_lower =
        block > 0 && touches_next(rule, block - 1) && rule->parts[block - 1].holder == RULE_LISTED;
    bool has_upper = touches_next(rule, block) && rule->parts[block + 1].holder == RULE_LISTED;
    if (has_upper)
        rule->parts[block + 1].holder = RULE_TREE;
    if (has_lower)
        list_or_give(rule, block - 1);
    if (has_upper)
        list_or_give(rule, block + 1);
}

/* What the tree's run has left below a block that any place would do for is cut from now on. */
static void cut_below(struct rule *rule, const struct window *window, size_t block)
{
    if (block == 0 || !touches_next(rule, block - 1) || rule->parts[block - 1].holder != RULE_TREE)
        return;
    pfn_t end = rule->parts[block].first;
    pfn_t first = larger(rule->parts[block - 1].first, window->lowest);
    if (end - first > BUDDY_CUT_FRAMES)
        first = end - BUDDY_CUT_FRAMES;
    if (first < end)
        rule->parts[split(rule, block - 1, first)].holder = RULE_CUT;
}

/* What the run freed last has left beside a block, with what is cut beside it, is cut from now
   on. */
static void take_last_end(struct rule *rule, pfn_t first, pfn_t end)
{
    enum rule_holder holder;
    size_t i = find_holder(rule, RULE_LAST, NO_BAND);
    add_neighbours(rule, &i, RULE_CUT);
    rule->parts[i].holder = RULE_LAST;
    i = take(rule, first, end, &holder);
    if (i > 0 && rule->parts[i - 1].holder == RULE_LAST)
        set_cut(rule, i - 1);
    else if (i + 1 < rule->part_count && rule->parts[i + 1].holder == RULE_LAST)
        set_cut(rule, i + 1);
}

static bool any_place_will_do(const struct buddy_request *request)
{
    return request->align_frames <= 1 &&
           (request->boundary_frames == 0 || request->frame_count == 1);
}

static bool alloc_in_window(struct rule *rule, const struct buddy_request *request,
                            const struct window *window, pfn_t *first)
{
    enum rule_holder holder;
    bool is_in_band = window->band != NO_BAND;
    bool has_place = find_last(rule, request, window, first) ||
                     (is_in_band && (find_listed(rule, request, window, first) ||
                                     find_cut(rule, request, window, first)));
    if (!has_place && find_last_end(rule, request, window, first)) {
        take_last_end(rule, *first, *first + request->frame_count);
        return true;
    }
    if (!has_place) {
        if (!find_highest(rule, request, window, first))
            return false;
        put_all_back(rule);
    }
    pfn_t end = *first + request->frame_count;
    size_t block = take(rule, *first, end, &holder);
    if (holder == RULE_LISTED)
        relist(rule, block);
    if (holder == RULE_TREE && is_in_band && any_place_will_do(request))
        cut_below(rule, window, block);
    return true;
}

/* Narrows a window to what is in both. False if no block of the request fits. */
static bool narrow(const struct buddy_request *request, pfn_t lowest, pfn_t limit, int band,
                   struct window *window)
{
    window->lowest = larger(request->lowest, lowest);
    window->limit = smaller(request->limit, limit);
    window->band = band;
    return window->lowest < window->limit;
}

bool rule_alloc(struct rule *rule, const struct buddy_request *request, pfn_t *first)
{
    struct window window;
    pfn_t reach = request->frame_count - 1;
    for (int band = TOP_BAND; band >= 0; band--) {
        pfn_t border = bases[band + 1];
        if (narrow(request, bases[band], border, band, &window) &&
            alloc_in_window(rule, request, &window, first))
            return true;
        if (band < TOP_BAND &&
            narrow(request, border - smaller(border, reach), border + reach, NO_BAND, &window) &&
            alloc_in_window(rule, request, &window, first))
            return true;
    }
    return false;
}

/* ---- who has what ---------------------------------------------------------------------------- */

static bool is_part(const struct rule_part *right, const struct buddy *buddy, pfn_t pfn)
{
    static const enum buddy_holder holders[] = {
        [RULE_LAST] = BUDDY_FREED_LAST,
        [RULE_CUT] = BUDDY_SET_ASIDE,
        [RULE_LISTED] = BUDDY_IN_LIST,
        [RULE_TREE] = BUDDY_IN_TREE,
    };
    enum buddy_holder holder;
    struct frame_range part;
    if (!buddy_find_part(buddy, pfn, &holder, &part))
        return right->holder == RULE_BLOCK;
    return right->holder != RULE_BLOCK && holder == holders[right->holder] &&
           part.first == right->first && part.end == right->end;
}

const char *rule_compare(const struct rule *rule, const struct buddy *buddy)
{
    for (size_t i = 0; i < rule->part_count; i++)
        if (!is_part(&rule->parts[i], buddy, rule->parts[i].first) ||
            !is_part(&rule->parts[i], buddy, rule->parts[i].end - 1))
            return "a free run is not where the rule has it";
    return NULL;
}
