/* Tells a step of an alloc or a free on a small machine: a sentence, and fields for a line. */

#include "stage_tell.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "stage_marks.h"
#include "stage_words.h"

static const char *frames_word(char text[STAGE_WORDS_MAX], struct frame_range numbers)
{
    stage_name_frames(text, numbers);
    text[0] = 'F';
    return text;
}

/* Why the upper half of a box is not looked into, if the lower half is. Returns the length. */
static size_t tell_sibling(const struct stage_steps *steps, const struct stage *stage,
                           unsigned sibling, char *text)
{
    char words[STAGE_WORDS_MAX];
    frames_word(words, stage_node_frames(stage, sibling));
    if (stage_is_outside(stage, sibling))
        return format_text(text, EXPLAIN_TEXT_MAX, "%s lie outside. ", words);
    if (stage_has_poor_sibling(steps, stage, sibling - 1))
        return format_text(text, EXPLAIN_TEXT_MAX,
                           "%s have no run of %u that may be used: step over them. ", words,
                           steps->wanted);
    return 0;
}

static void tell_way(const struct stage_steps *steps, const struct stage *stage, unsigned node,
                     char *text)
{
    const struct stage_counts *counts = &stage->before.nodes[node];
    struct frame_range frames = stage_node_frames(stage, node);
    unsigned wanted = steps->wanted;
    char words[STAGE_WORDS_MAX];
    bool is_full = counts->longest == frames.end - frames.first;
    size_t length = 0;
    text[0] = '\0';
    if (node > 1 && node % 2 == 0)
        length = tell_sibling(steps, stage, node + 1, text);
    text += length;
    frames_word(words, frames);
    if (node == 1 && stage_longest_inside(stage, node) < wanted)
        format_text(text, EXPLAIN_TEXT_MAX - length,
                    "All %u frames: the longest free run there has %u (wanted: %u): no place.",
                    stage_frame_count(stage), (unsigned)stage_longest_inside(stage, node), wanted);
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

void stage_tell_bits(const struct stage_steps *steps, const char *old_counts,
                     char text[EXPLAIN_TEXT_MAX])
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
                      : stage_find_changed(stage, steps->block, step->at + 1u, &count)
                          ? " Those above are still old."
                          : "";
    stage_find_changed(stage, steps->block, step->at, &count);
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

/* ---- the line of a step ---------------------------------------------------------------------- */

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
    stage_find_changed(stage, steps->block, step->at, &count);
    if (count > 1)
        tell_nodes(line, stage, step->node, count);
    else
        tell_node(line, stage, &stage->now, step->node);
    tell_counts(steps, stage, step, line->text);
}

static void tell_own(struct stage_steps *steps, const struct stage *stage,
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
        stage_play_splits(steps, step->at + 1u, &split);
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
        stage_tell_bits(steps, " The boxes still have their old counts.", line->text);
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
    unsigned longest = (unsigned)stage_longest_inside(stage, 1);
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

void stage_tell_step(struct stage_steps *steps, const struct stage *stage, size_t index,
                     struct step_line *line)
{
    const struct stage_step *step = &steps->steps[index];
    if (step->kind == STAGE_STEP_SEARCH)
        tell_search(steps, stage, explain_step_at(steps->explain, step->at), line);
    else
        tell_own(steps, stage, step, line);
}
