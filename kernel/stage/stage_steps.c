/* Finds the steps of an alloc or a free by comparing two snapshots, and marks one at a time. */

#include "stage_steps.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/view/view_grid.h"
#include "stage_words.h"

/* ---- finding them ---------------------------------------------------------------------------- */

static void add(struct stage_steps *steps, enum stage_step_kind kind, size_t at, unsigned node)
{
    if (steps->count < STAGE_STEPS_MAX)
        steps->steps[steps->count++] =
            (struct stage_step){(uint8_t)kind, (uint8_t)at, (uint16_t)node};
}

/* The free frames around the block, in a snapshot in which it is free. */
static struct frame_range run_around(const struct stage *stage, const struct stage_memory *memory,
                                     struct frame_range block)
{
    while (block.first > 0 && memory->frames[block.first - 1].state == STAGE_FREE)
        block.first--;
    while (block.end < stage_frame_count(stage) && memory->frames[block.end].state == STAGE_FREE)
        block.end++;
    return block;
}

static bool has_all(const struct stage *stage, unsigned node, struct frame_range frames)
{
    struct frame_range of = stage_node_frames(stage, node);
    return of.first <= frames.first && frames.end <= of.end;
}

/* The nodes from the root down that have all of the place. */
static void add_way(struct stage_steps *steps, const struct stage *stage, struct frame_range place)
{
    unsigned node = 1;
    for (;;) {
        add(steps, STAGE_STEP_WAY, 0, node);
        if (stage_node_order(stage, node) <= 1)
            return;
        if (has_all(stage, 2 * node, place))
            node = 2 * node;
        else if (has_all(stage, 2 * node + 1, place))
            node = 2 * node + 1;
        else
            return;
    }
}

/* The tree has less than a leaf here: its own steps say less than the way through the buddies. */
static bool is_told(const struct stage *stage, const struct explain_step *step)
{
    if (step->what == EXPLAIN_BAND || step->what == EXPLAIN_TREE || explain_is_block(step))
        return false;
    struct frame_range numbers = stage_numbers(stage, step->range);
    return !explain_is_refusal(step) || numbers.first < numbers.end;
}

static bool is_found_by_tree(const struct explain_step *step)
{
    return step->what == EXPLAIN_PLACE && step->from != CHOICE_LAST && step->from != CHOICE_LISTED;
}

static void add_search(struct stage_steps *steps, const struct stage *stage)
{
    const struct explain *explain = steps->explain;
    for (size_t i = 0; i < explain_kept_steps(explain); i++) {
        const struct explain_step *step = explain_step_at(explain, i);
        if (is_found_by_tree(step))
            add_way(steps, stage, stage_numbers(stage, step->range));
        if (step->what == EXPLAIN_NO_PLACE)
            add(steps, STAGE_STEP_WAY, 0, 1);
        if (is_told(stage, step))
            add(steps, STAGE_STEP_SEARCH, i, 0);
    }
}

static bool has_changed(const struct stage *stage, unsigned node)
{
    return memcmp(&stage->before.nodes[node], &stage->now.nodes[node],
                  sizeof(struct stage_counts)) != 0;
}

/* The first node of that order that has some of the block and new counts; 0: none has. */
static unsigned find_changed(const struct stage *stage, struct frame_range block, unsigned order,
                             unsigned *count)
{
    unsigned found = 0;
    *count = 0;
    for (unsigned node = stage_node(stage, order, (unsigned)block.first);
         node <= stage_node(stage, order, (unsigned)block.end - 1); node++) {
        if (!has_changed(stage, node))
            continue;
        found = found ? found : node;
        ++*count;
    }
    return found;
}

/* A parent's counts follow from its halves': where none changes, none above does. */
static void add_counts(struct stage_steps *steps, const struct stage *stage)
{
    unsigned count;
    for (unsigned order = 1; order <= stage->order; order++) {
        unsigned node = find_changed(stage, steps->block, order, &count);
        if (node == 0) {
            add(steps, STAGE_STEP_SAME, order,
                stage_node(stage, order, (unsigned)steps->block.first));
            return;
        }
        add(steps, STAGE_STEP_COUNTS, order, node);
    }
}

static void add_stages(struct stage_steps *steps, enum stage_step_kind kind)
{
    struct view_split_stage stage;
    for (size_t i = 0; view_splits_next(steps->splits, &stage); i++)
        add(steps, kind, i, 0);
}

void stage_steps_alloc(struct stage_steps *steps, const struct stage *stage,
                       const struct explain *explain, struct frame_range block)
{
    steps->explain = explain;
    steps->wanted = (unsigned)explain->request.frame_count;
    steps->block = stage_numbers(stage, block);
    steps->count = 0;
    add_search(steps, stage);
    if (steps->block.first >= steps->block.end)
        return;
    steps->run = run_around(stage, &stage->before, steps->block);
    view_splits_start(steps->splits, steps->run, steps->block);
    add_stages(steps, STAGE_STEP_SPLIT);
    add(steps, STAGE_STEP_BITS, 0, 0);
    add_counts(steps, stage);
}

void stage_steps_free(struct stage_steps *steps, const struct stage *stage,
                      struct frame_range block)
{
    steps->explain = NULL;
    steps->wanted = 0;
    steps->block = stage_numbers(stage, block);
    steps->count = 0;
    steps->run = run_around(stage, &stage->now, steps->block);
    add(steps, STAGE_STEP_BITS, 0, 0);
    add(steps, STAGE_STEP_PIECES, 0, 0);
    view_merges_start(steps->splits, steps->run, steps->block);
    add_stages(steps, STAGE_STEP_MERGE);
    add_counts(steps, stage);
}

/* ---- marks ----------------------------------------------------------------------------------- */

static void mark_frames(struct stage *stage, struct frame_range frames, enum stage_look look)
{
    for (pfn_t i = frames.first; i < frames.end; i++)
        stage->marks.frames[i] = (uint8_t)look;
}

static void mark_window(const struct stage_steps *steps, struct stage *stage)
{
    const struct buddy_request *request = &steps->explain->request;
    struct frame_range window =
        stage_numbers(stage, (struct frame_range){request->lowest, request->limit});
    stage->marks.window = window;
    if (window.first >= window.end)
        return;
    stage_words_window(stage, window, request, stage->marks.window_words);
    mark_frames(stage, (struct frame_range){0, window.first}, STAGE_OUTSIDE);
    mark_frames(stage, (struct frame_range){window.end, stage_frame_count(stage)}, STAGE_OUTSIDE);
}

static void mark_listed(struct stage *stage)
{
    for (unsigned i = 0; i < stage_frame_count(stage); i++)
        if (stage->before.frames[i].state == STAGE_FREE &&
            stage->before.frames[i].holder == BUDDY_IN_LIST)
            stage->marks.frames[i] = STAGE_LISTED;
}

/* No free frame inside the window is in a run that will do. */
static void mark_all_refused(struct stage *stage)
{
    for (pfn_t i = stage->marks.window.first; i < stage->marks.window.end; i++)
        if (stage->before.frames[i].state == STAGE_FREE)
            stage->marks.frames[i] = STAGE_REFUSED;
}

static void mark_search(struct stage *stage, const struct explain_step *step, bool is_last)
{
    struct frame_range numbers = stage_numbers(stage, step->range);
    if (is_last && (step->what == EXPLAIN_LISTS ||
                    (step->what == EXPLAIN_PLACE && step->from == CHOICE_LISTED)))
        mark_listed(stage);
    if (explain_is_refusal(step))
        mark_frames(stage, numbers, STAGE_REFUSED);
    if (step->what == EXPLAIN_PLACE)
        mark_frames(stage, numbers, STAGE_PLACE);
    if (is_last && step->what == EXPLAIN_NO_PLACE)
        mark_all_refused(stage);
}

/* The longest free run inside the window that a node had before. */
static pfn_t longest_inside(const struct stage *stage, unsigned node)
{
    struct frame_range frames = view_clip(stage_node_frames(stage, node), stage->marks.window);
    pfn_t longest = 0;
    pfn_t length = 0;
    for (pfn_t i = frames.first; i < frames.end; i++) {
        length = stage->before.frames[i].state == STAGE_FREE ? length + 1 : 0;
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* True if the node is the lower half of one whose upper half has no run that is long enough. */
static bool has_poor_sibling(const struct stage_steps *steps, const struct stage *stage,
                             unsigned node)
{
    return node > 1 && node % 2 == 0 && longest_inside(stage, node + 1) < steps->wanted;
}

static void mark_way(const struct stage_steps *steps, struct stage *stage, unsigned node,
                     bool is_last)
{
    stage->marks.nodes[node] = is_last ? STAGE_HERE : STAGE_WAY;
    if (has_poor_sibling(steps, stage, node))
        stage->marks.nodes[node + 1] = STAGE_REFUSED;
}

/* The free buddies as they are after so many splits or merges. False: there are not so many. */
static bool play_splits(struct stage_steps *steps, size_t stage_count,
                        struct view_split_stage *stage)
{
    if (steps->explain)
        view_splits_start(steps->splits, steps->run, steps->block);
    else
        view_merges_start(steps->splits, steps->run, steps->block);
    for (; stage_count > 0; stage_count--)
        if (!view_splits_next(steps->splits, stage))
            return false;
    return true;
}

static enum stage_kind kind_among(const struct view_splits *splits, struct frame_range frames)
{
    for (size_t i = 0; i < splits->count; i++) {
        const struct view_buddy *buddy = &splits->buddies[i];
        pfn_t end = buddy->first + ((pfn_t)1 << buddy->order);
        if (frames.first >= buddy->first && frames.end <= end)
            return frames.first == buddy->first && frames.end == end ? STAGE_FULL : STAGE_INNER;
    }
    return STAGE_PART;
}

/* Nodes from that order on are drawn as these buddies are, not as their counts say. */
static void mark_buddies(const struct stage_steps *steps, struct stage *stage, unsigned from_order)
{
    const struct frame_range *run = &steps->splits->run;
    for (unsigned node = 1; node < 2 * stage_frame_count(stage); node++) {
        struct frame_range frames = stage_node_frames(stage, node);
        if (frames.first >= run->first && frames.end <= run->end &&
            stage_node_order(stage, node) >= from_order)
            stage->marks.kinds[node] = (uint8_t)kind_among(steps->splits, frames);
    }
}

static void mark_halves(struct stage *stage, const struct view_split_stage *split,
                        const struct frame_range *block)
{
    pfn_t last = (block->end - 1) >> split->order << split->order;
    for (unsigned i = 0; i < split->count; i++) {
        unsigned node = stage_node(stage, split->order, (unsigned)(i == 0 ? split->first : last));
        stage->marks.nodes[node] = STAGE_HERE;
        if (split->order > 1)
            stage->marks.nodes[2 * node] = stage->marks.nodes[2 * node + 1] = STAGE_CHANGED;
    }
}

static void mark_counts(const struct stage_steps *steps, struct stage *stage, unsigned order)
{
    for (unsigned node = stage_node(stage, order, (unsigned)steps->block.first);
         node <= stage_node(stage, order, (unsigned)steps->block.end - 1); node++)
        stage->marks.nodes[node] = has_changed(stage, node) ? STAGE_CHANGED : STAGE_SAME;
}

/* How memory is shown at that step: as it was, or with new bits, and counts new up to an order. */
static void set_time(struct stage_steps *steps, struct stage *stage, const struct stage_step *step)
{
    struct view_split_stage last;
    struct stage_marks *marks = &stage->marks;
    size_t stages = 2 * BUDDY_ORDER_COUNT;
    bool is_update = step->kind == STAGE_STEP_COUNTS || step->kind == STAGE_STEP_SAME;
    marks->is_past = step->kind < STAGE_STEP_BITS;
    marks->past_order = (uint8_t)(marks->is_past ? 0 : is_update ? step->at + 1u : 1);
    if (step->kind == STAGE_STEP_SEARCH || step->kind == STAGE_STEP_WAY)
        return;
    if (step->kind == STAGE_STEP_SPLIT || step->kind == STAGE_STEP_MERGE)
        stages = step->at + 1u;
    else if (step->kind == STAGE_STEP_PIECES)
        stages = 0;
    else if (step->kind == STAGE_STEP_BITS && !steps->explain)
        return;
    play_splits(steps, stages, &last);
    mark_buddies(steps, stage, is_update ? marks->past_order : 0);
    if (step->kind == STAGE_STEP_SPLIT || step->kind == STAGE_STEP_MERGE)
        mark_halves(stage, &last, &steps->block);
}

/* What was looked at up to this step stays to be seen, as long as the search lasts. */
static void mark_so_far(const struct stage_steps *steps, struct stage *stage, size_t index)
{
    bool is_search = steps->steps[index].kind <= STAGE_STEP_WAY;
    bool is_split = steps->steps[index].kind == STAGE_STEP_SPLIT;
    for (size_t i = 0; i <= index; i++) {
        const struct stage_step *step = &steps->steps[i];
        const struct explain_step *seen =
            step->kind == STAGE_STEP_SEARCH ? explain_step_at(steps->explain, step->at) : NULL;
        if (seen && (is_search || (is_split && seen->what == EXPLAIN_PLACE)))
            mark_search(stage, seen, i == index);
        if (step->kind == STAGE_STEP_WAY && is_search)
            mark_way(steps, stage, step->node, i == index);
    }
}

/* ---- sentences ------------------------------------------------------------------------------- */

static const char *frames_word(char text[STAGE_WORDS_MAX], struct frame_range numbers)
{
    stage_name_frames(text, numbers);
    text[0] = 'F';
    return text;
}

static void tell_way(const struct stage_steps *steps, const struct stage *stage, unsigned node,
                     char *text)
{
    const struct stage_counts *counts = &stage->before.nodes[node];
    struct frame_range frames = stage_node_frames(stage, node);
    unsigned wanted = steps->wanted;
    char words[STAGE_WORDS_MAX];
    char sibling[STAGE_WORDS_MAX];
    bool is_full = counts->longest == frames.end - frames.first;
    size_t length = 0;
    text[0] = '\0';
    if (has_poor_sibling(steps, stage, node))
        length = format_text(text, EXPLAIN_TEXT_MAX, "%s have no run of %u there: step over them. ",
                             frames_word(sibling, stage_node_frames(stage, node + 1)), wanted);
    text += length;
    frames_word(words, frames);
    if (node == 1 && longest_inside(stage, node) < wanted)
        format_text(text, EXPLAIN_TEXT_MAX - length,
                    "All %u frames: the longest free run there has %u (wanted: %u): no place.",
                    stage_frame_count(stage), (unsigned)longest_inside(stage, node), wanted);
    else if (is_full)
        format_text(text, EXPLAIN_TEXT_MAX - length, "%s are all free (wanted: %u).", words,
                    wanted);
    else
        format_text(text, EXPLAIN_TEXT_MAX - length,
                    "%s: the longest free run has %u (wanted: %u): look inside.", words,
                    counts->longest, wanted);
}

/* The node of the last of the buddies that are split, or that are merged into. */
static unsigned last_node(const struct stage_steps *steps, const struct stage *stage,
                          const struct view_split_stage *split)
{
    pfn_t last = (steps->block.end - 1) >> split->order << split->order;
    return stage_node(stage, split->order, (unsigned)(split->count > 1 ? last : split->first));
}

static void tell_merge(const struct stage_steps *steps, const struct stage *stage,
                       const struct view_split_stage *merge, char *text)
{
    char words[STAGE_WORDS_MAX];
    char other[STAGE_WORDS_MAX];
    unsigned node = stage_node(stage, merge->order, (unsigned)merge->first);
    if (merge->count > 1) {
        stage_name_frames(words, stage_node_frames(stage, node));
        stage_name_frames(other, stage_node_frames(stage, last_node(steps, stage, merge)));
        format_text(text, EXPLAIN_TEXT_MAX,
                    "Two buddies have two free halves each. These merge: into one free buddy at "
                    "%s, and one at %s.",
                    words, other);
        return;
    }
    frames_word(words, stage_node_frames(stage, 2 * node));
    stage_name_frames(other, stage_node_frames(stage, 2 * node + 1));
    format_text(text, EXPLAIN_TEXT_MAX,
                "%s and %s are the halves of one buddy. Both are free: they merge into one free "
                "buddy of %u frames.",
                words, other, 1u << merge->order);
}

static void tell_split(const struct stage_steps *steps, const struct stage *stage,
                       const struct view_split_stage *split, char *text)
{
    char words[STAGE_WORDS_MAX];
    char other[STAGE_WORDS_MAX];
    unsigned half = 1u << (split->order - 1);
    const char *plural = half == 1 ? "" : "s";
    unsigned node = stage_node(stage, split->order, (unsigned)split->first);
    frames_word(words, stage_node_frames(stage, node));
    stage_name_frames(other, stage_node_frames(stage, last_node(steps, stage, split)));
    if (split->count > 1)
        format_text(text, EXPLAIN_TEXT_MAX,
                    "%s and %s are free buddies, and larger than needed: halve both, into %u "
                    "frame%s each.",
                    words, other, half, plural);
    else
        format_text(text, EXPLAIN_TEXT_MAX,
                    "%s are a free buddy, and larger than needed: halve it, into two of %u "
                    "frame%s.",
                    words, half, plural);
}

#define RESTS_MAX 5 /* that are named */

/* "9", "9 to 11". */
static const char *name_numbers(char text[STAGE_WORDS_MAX], struct frame_range numbers)
{
    size_t length = format_text(text, STAGE_WORDS_MAX, "%u", (unsigned)numbers.first);
    if (numbers.end - numbers.first > 1)
        format_text(text + length, STAGE_WORDS_MAX - length, " to %u", (unsigned)numbers.end - 1);
    return text;
}

/* Which buddies stay free of those that were split. */
static void tell_rest(const struct stage_steps *steps, char *text)
{
    struct frame_range rests[RESTS_MAX];
    char words[STAGE_WORDS_MAX];
    size_t count = 0;
    size_t length = strlen(text);
    for (size_t i = 0; i < steps->splits->count; i++) {
        const struct view_buddy *buddy = &steps->splits->buddies[i];
        bool is_taken = buddy->first >= steps->block.first && buddy->first < steps->block.end;
        if (!is_taken && count++ < RESTS_MAX)
            rests[count - 1] =
                (struct frame_range){buddy->first, buddy->first + ((pfn_t)1 << buddy->order)};
    }
    if (count == 0 || count > RESTS_MAX)
        return;
    bool is_one = count == 1 && rests[0].end - rests[0].first == 1;
    length += format_text(text + length, EXPLAIN_TEXT_MAX - length, is_one ? " Frame" : " Frames");
    for (size_t i = 0; i < count; i++)
        length += format_text(text + length, EXPLAIN_TEXT_MAX - length, "%s %s",
                              i == 0           ? ""
                              : i + 1 == count ? " and"
                                               : ",",
                              name_numbers(words, rests[i]));
    format_text(text + length, EXPLAIN_TEXT_MAX - length, " stay%s free.", is_one ? "s" : "");
}

/* What was asked for, and what is given. */
static size_t tell_given(const struct stage_steps *steps, unsigned count, char *text, size_t room)
{
    const char *were = count == 1 ? "was" : "were";
    if (steps->spare_bytes > 0)
        return format_text(text, room,
                           " %u bytes were asked for, so the last frame is used in part.",
                           count * (unsigned)FRAME_BYTES - steps->spare_bytes);
    return format_text(text, room, " %u %s asked for, %u %s given.", count, were, count,
                       count == 1 ? "is" : "are");
}

static void tell_bits(const struct stage_steps *steps, const char *old_counts, char *text)
{
    char words[STAGE_WORDS_MAX];
    unsigned count = (unsigned)(steps->block.end - steps->block.first);
    const char *each = count == 1 ? "" : ", one for each frame";
    const char *are = count == 1 ? "is" : "are";
    frames_word(words, steps->block);
    size_t length =
        format_text(text, EXPLAIN_TEXT_MAX, "%s %s %s now: %u bit%s changed%s.", words, are,
                    steps->explain ? "taken" : "free", count, count == 1 ? "" : "s", each);
    if (steps->explain)
        length += tell_given(steps, count, text + length, EXPLAIN_TEXT_MAX - length);
    format_text(text + length, EXPLAIN_TEXT_MAX - length, "%s", old_counts);
}

/* The counts of a node, and how they follow from those of its halves. */
static void tell_joined(const struct stage *stage, unsigned node, const char *words,
                        const char *end, char *text)
{
    const struct stage_counts *counts = &stage->now.nodes[node];
    size_t length =
        format_text(text, EXPLAIN_TEXT_MAX, "%s get new counts: head %u, tail %u, longest ", words,
                    counts->head, counts->tail);
    length += stage_words_longest(stage, node, text + length, EXPLAIN_TEXT_MAX - length);
    format_text(text + length, EXPLAIN_TEXT_MAX - length, ".%s", end);
}

static void tell_counts(const struct stage_steps *steps, const struct stage *stage,
                        const struct stage_step *step, char *text)
{
    struct frame_range all = stage_node_frames(stage, step->node);
    char words[STAGE_WORDS_MAX];
    unsigned count;
    const char *end = step->at == stage->order ? " This is the top: the update ends."
                      : find_changed(stage, steps->block, step->at + 1u, &count)
                          ? " Those above are still old."
                          : "";
    find_changed(stage, steps->block, step->at, &count);
    all.end += (count > 0 ? count - 1 : 0) * (all.end - all.first);
    frames_word(words, all);
    if (step->kind == STAGE_STEP_SAME)
        format_text(text, EXPLAIN_TEXT_MAX,
                    "%s: the counts are as before. So nothing above can change: the update stops.",
                    words);
    else if (count > 1)
        format_text(text, EXPLAIN_TEXT_MAX,
                    "%s get new counts: %u buddies of %u frames, each from its halves.%s", words,
                    count, 1u << step->at, end);
    else
        tell_joined(stage, step->node, words, end, text);
}

/* ---- one step -------------------------------------------------------------------------------- */

static const char *const words_of[] = {"search", "way",   "split",  "bits",
                                       "pieces", "merge", "counts", "same"};

/* So many nodes of one order, side by side. */
static void tell_nodes(struct step_line *line, const struct stage *stage, unsigned node,
                       unsigned count)
{
    line->has_order = true;
    line->order = stage_node_order(stage, node);
    line->node_count = count;
    line->range = stage_node_frames(stage, node);
    line->range.end = stage_node_frames(stage, node + count - 1).end;
}

static void tell_node(struct step_line *line, const struct stage *stage,
                      const struct stage_memory *memory, unsigned node)
{
    const struct stage_counts *counts = &memory->nodes[node];
    line->has_order = line->has_counts = true;
    line->order = stage_node_order(stage, node);
    line->head = counts->head;
    line->longest = counts->longest;
    line->tail = counts->tail;
    line->range = stage_node_frames(stage, node);
}

/* Of one node, with its counts; of several that get new ones, only which. */
static void tell_update(struct step_line *line, const struct stage_steps *steps,
                        const struct stage *stage, const struct stage_step *step)
{
    unsigned count;
    find_changed(stage, steps->block, step->at, &count);
    if (count > 1)
        tell_nodes(line, stage, step->node, count);
    else
        tell_node(line, stage, &stage->now, step->node);
    tell_counts(steps, stage, step, line->text);
}

static void tell(struct stage_steps *steps, const struct stage *stage,
                 const struct stage_step *step, struct step_line *line)
{
    struct view_split_stage split;
    char words[STAGE_WORDS_MAX];
    *line = (struct step_line){.what = words_of[step->kind], .range = steps->block};
    switch (step->kind) {
    case STAGE_STEP_WAY:
        tell_node(line, stage, &stage->before, step->node);
        tell_way(steps, stage, step->node, line->text);
        break;
    case STAGE_STEP_SPLIT:
    case STAGE_STEP_MERGE:
        play_splits(steps, step->at + 1u, &split);
        tell_nodes(line, stage, stage_node(stage, split.order, (unsigned)split.first), split.count);
        line->range.end = stage_node_frames(stage, last_node(steps, stage, &split)).end;
        if (step->kind == STAGE_STEP_MERGE)
            tell_merge(steps, stage, &split, line->text);
        else
            tell_split(steps, stage, &split, line->text);
        if (step->kind == STAGE_STEP_SPLIT && step[1].kind != STAGE_STEP_SPLIT)
            tell_rest(steps, line->text);
        break;
    case STAGE_STEP_BITS:
        tell_bits(steps, " The boxes still have their old counts.", line->text);
        break;
    case STAGE_STEP_PIECES:
        format_text(line->text, sizeof line->text,
                    "%s make free buddies: powers of two, each aligned to its own size. The counts "
                    "follow later.",
                    frames_word(words, steps->block));
        break;
    default:
        tell_update(line, steps, stage, step);
        break;
    }
    line->range.first += stage->first;
    line->range.end += stage->first;
}

/* Of a search that found no place: what there is, if that is too little. */
static void tell_refused(const struct stage_steps *steps, const struct stage *stage, char *text)
{
    unsigned wanted = steps->wanted;
    unsigned longest = (unsigned)longest_inside(stage, 1);
    if (longest < wanted)
        format_text(text, EXPLAIN_TEXT_MAX,
                    "No free run will do: the longest has %u, and %u are wanted. The request is "
                    "refused.",
                    longest, wanted);
}

static void tell_search(const struct stage_steps *steps, const struct stage *stage,
                        const struct explain_step *step, struct step_line *line)
{
    step_line_explain(line, steps->explain, step);
    if (step->what == EXPLAIN_NO_PLACE)
        tell_refused(steps, stage, line->text);
}

void stage_steps_show(struct stage_steps *steps, struct stage *stage, size_t index,
                      struct step_line *line)
{
    const struct stage_step *step = &steps->steps[index];
    stage_clear_marks(stage);
    if (steps->explain)
        mark_window(steps, stage);
    set_time(steps, stage, step);
    mark_so_far(steps, stage, index);
    if (step->kind == STAGE_STEP_BITS)
        mark_frames(stage, steps->block, STAGE_CHANGED);
    if (step->kind == STAGE_STEP_COUNTS || step->kind == STAGE_STEP_SAME)
        mark_counts(steps, stage, step->at);
    if (step->kind == STAGE_STEP_SEARCH)
        tell_search(steps, stage, explain_step_at(steps->explain, step->at), line);
    else
        tell(steps, stage, step, line);
    format_text(stage->marks.text, sizeof stage->marks.text, "%s", line->text);
}

/* The last of a kind; 0 if there is none. */
static size_t find_last(const struct stage_steps *steps, enum stage_step_kind kind)
{
    size_t last = steps->count - 1;
    while (last > 0 && steps->steps[last].kind != kind)
        last--;
    return last;
}

/* What sums it up: the refusal, the last merge, or the bits. */
void stage_steps_end(struct stage_steps *steps, struct stage *stage)
{
    struct step_line line;
    if (steps->block.first >= steps->block.end) {
        stage_steps_show(steps, stage, steps->count - 1, &line);
        return;
    }
    size_t merge = find_last(steps, STAGE_STEP_MERGE);
    stage_steps_show(steps, stage, merge > 0 ? merge : find_last(steps, STAGE_STEP_BITS), &line);
    if (merge == 0) {
        tell_bits(steps, "", line.text);
        format_text(stage->marks.text, sizeof stage->marks.text, "%s", line.text);
    }
    stage->marks.past_order = 0;
    memset(stage->marks.kinds, 0, sizeof stage->marks.kinds);
}
