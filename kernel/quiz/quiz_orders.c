/* Questions about the orders: how buddies split and merge, and what a node of the tree knows. */

#include "kernel/lib/format.h"
#include "quiz_inside.h"

static unsigned length_of(struct frame_range range)
{
    return (unsigned)(range.end - range.first);
}

static unsigned order_of(unsigned count)
{
    unsigned order = 0;
    while (2u << order <= count)
        order++;
    return order;
}

/* ---- split ----------------------------------------------------------------------------------- */

#define PIECES_MAX 5

/* Neighbouring runs, in ascending order. */
struct pieces {
    struct frame_range runs[PIECES_MAX];
    size_t count;
};

static void add_piece(struct pieces *pieces, pfn_t first, pfn_t end)
{
    if (pieces->count < PIECES_MAX)
        pieces->runs[pieces->count++] = (struct frame_range){first, end};
}

/* "0-7, 8-9 and 10" */
static const char *label_of(const struct pieces *pieces, char label[QUIZ_LABEL_MAX])
{
    size_t length = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        unsigned first = (unsigned)pieces->runs[i].first;
        unsigned last = (unsigned)pieces->runs[i].end - 1;
        const char *between = i == 0 ? "" : i + 1 < pieces->count ? ", " : " and ";
        length += format_text(label + length, QUIZ_LABEL_MAX - length, "%s%u", between, first);
        if (last > first)
            length += format_text(label + length, QUIZ_LABEL_MAX - length, "-%u", last);
    }
    return label;
}

/* The free buddies in a range, as the allocator tells them now. */
static void find_buddies(const struct quiz_maker *maker, struct frame_range range,
                         struct pieces *pieces)
{
    struct frame_range run;
    pieces->count = 0;
    for (pfn_t pfn = range.first; quiz_next_free(maker, pfn, range.end, &run);) {
        struct frame_range buddy = quiz_buddy_of(maker, run.first > pfn ? run.first : pfn);
        add_piece(pieces, buddy.first, buddy.end);
        pfn = buddy.end;
    }
}

/* The largest powers of two that fit, from the end on, wherever they begin. */
static void cut_from_end(struct frame_range range, struct pieces *pieces)
{
    pieces->count = 0;
    while (range.first < range.end) {
        unsigned count = 1u << order_of(length_of(range));
        for (size_t i = pieces->count; i > 0; i--)
            pieces->runs[i] = pieces->runs[i - 1];
        pieces->runs[0] = (struct frame_range){range.end - count, range.end};
        pieces->count++;
        range.end -= count;
    }
}

static void offer_unaligned(struct quiz_maker *maker, struct frame_range rest)
{
    struct pieces pieces;
    char label[QUIZ_LABEL_MAX];
    char words[QUIZ_RANGE_MAX];
    cut_from_end(rest, &pieces);
    for (size_t i = 0; i < pieces.count; i++) {
        unsigned count = length_of(pieces.runs[i]);
        if (pieces.runs[i].first % count == 0)
            continue;
        quiz_offer(maker, 0, label_of(&pieces, label), "%s: %u is not a multiple of %u.",
                   quiz_tell_range(words, pieces.runs[i]), (unsigned)pieces.runs[i].first, count);
        return;
    }
}

/* The first one of two frames or more is two. */
static void offer_halves(struct quiz_maker *maker, const struct pieces *right)
{
    struct pieces pieces = {.count = 0};
    struct frame_range halved = {0};
    char label[QUIZ_LABEL_MAX];
    char words[QUIZ_RANGE_MAX];
    for (size_t i = 0; i < right->count; i++) {
        struct frame_range run = right->runs[i];
        bool is_halved = halved.end == 0 && length_of(run) > 1;
        pfn_t middle = is_halved ? run.first + length_of(run) / 2 : run.end;
        add_piece(&pieces, run.first, middle);
        if (!is_halved)
            continue;
        add_piece(&pieces, middle, run.end);
        halved = run;
    }
    if (halved.end > 0)
        quiz_offer(maker, 0, label_of(&pieces, label), "%s stay one: both halves are free.",
                   quiz_tell_range(words, halved));
}

/* As if the block had the next power of two. */
static void offer_rounded(struct quiz_maker *maker, struct frame_range node, unsigned taken)
{
    unsigned rounded = quiz_round_up(taken);
    struct pieces pieces = {.count = 0};
    char label[QUIZ_LABEL_MAX];
    if (rounded == taken || rounded >= length_of(node))
        return;
    for (struct frame_range rest = node; length_of(rest) > rounded;) {
        pfn_t middle = rest.first + length_of(rest) / 2;
        add_piece(&pieces, rest.first, middle);
        rest.first = middle;
    }
    quiz_offer(maker, 0, label_of(&pieces, label), "Only %u frames are taken, not %u.", taken,
               rounded);
}

static void offer_splits(struct quiz_maker *maker, struct frame_range node, struct frame_range rest)
{
    struct pieces pieces;
    struct pieces whole = {.runs = {rest}, .count = 1};
    char label[QUIZ_LABEL_MAX];
    unsigned left = length_of(rest);
    find_buddies(maker, rest, &pieces);
    quiz_offer(maker, 0, label_of(&pieces, label), "%s", "");
    quiz_offer(maker, 0, label_of(&whole, label), "%u is not a power of two.", left);
    offer_rounded(maker, node, length_of(node) - left);
    offer_unaligned(maker, rest);
    offer_halves(maker, &pieces);
}

/* The block is at the end of the buddy. */
static bool is_cut_off(struct frame_range node, struct frame_range block)
{
    return node.end == block.end && node.first < block.first;
}

bool quiz_make_split(struct quiz_maker *maker)
{
    struct buddy_request request = {.frame_count = 1 + quiz_random(maker, 5), .limit = QUIZ_FRAMES};
    struct choice found;
    char block_words[QUIZ_RANGE_MAX];
    char node_words[QUIZ_RANGE_MAX];
    pfn_t first;
    if (!quiz_find(maker, &request, &found))
        return false;
    struct frame_range block = {found.at.place, found.at.place + request.frame_count};
    struct frame_range node = quiz_buddy_of(maker, block.first);
    if (!is_cut_off(node, block) || buddy_alloc(&maker->buddy, &request, &first) != MM_OK)
        return false;
    maker->question->request = request;
    maker->question->node = node;
    offer_splits(maker, node, (struct frame_range){node.first, block.first});
    quiz_tell_range(block_words, block);
    quiz_tell_range(node_words, node);
    quiz_ask(
        maker, QUIZ_ASKS_REST,
        "alloc %uf takes %s. They belong to the free buddy of %s. So this buddy is halved, and "
        "the half with the block again, as often as needed. Which free buddies are left of it?",
        (unsigned)request.frame_count, block_words, node_words);
    quiz_tell_why(maker, "Each halving leaves a free half. The block takes %s and no more.",
                  block_words);
    return maker->question->choice_count >= 3;
}

/* ---- merge ----------------------------------------------------------------------------------- */

static void offer_order(struct quiz_maker *maker, struct frame_range node, unsigned order)
{
    char label[QUIZ_RANGE_MAX];
    char words[QUIZ_RANGE_MAX];
    unsigned count = 1u << order;
    quiz_tell_range(words, node);
    format_text(label, sizeof label, "order %u (%u frame%s)", order, count, count == 1 ? "" : "s");
    if (count == length_of(node))
        quiz_offer(maker, order, label, "%s", "");
    else if (count < length_of(node))
        quiz_offer(maker, order, label, "Larger: free buddies merge, up to %s.", words);
    else
        quiz_offer(maker, order, label, "No %u free frames begin at a multiple of %u.", count,
                   count);
}

static void tell_merge(struct quiz_maker *maker, struct frame_range node)
{
    unsigned count = length_of(node);
    pfn_t first = node.first ^ count;
    char words[QUIZ_RANGE_MAX];
    char other[QUIZ_RANGE_MAX];
    if (count == QUIZ_FRAMES) {
        quiz_tell_why(maker, "All 16 frames are free then: one buddy of order 4.");
        return;
    }
    struct frame_range beside = {first, first + count};
    pfn_t used = quiz_first_used(maker, beside);
    quiz_tell_range(words, node);
    quiz_tell_range(other, beside);
    quiz_tell_why(maker,
                  "Free buddies merge up to %s. The buddy of these, %s, is not all free: block %c "
                  "has frame %u.",
                  words, other, maker->question->frames[used], (unsigned)used);
}

/* "a", "a and b" or "a, b and c" */
static const char *tell_names(const char *names, char text[QUIZ_RANGE_MAX])
{
    size_t length = 0;
    for (size_t i = 0; names[i]; i++)
        length += format_text(text + length, QUIZ_RANGE_MAX - length, "%s%c",
                              i == 0         ? ""
                              : names[i + 1] ? ", "
                                             : " and ",
                              names[i]);
    return text;
}

bool quiz_make_merge(struct quiz_maker *maker)
{
    char names[QUIZ_RANGE_MAX];
    unsigned before = length_of(quiz_largest_buddy(maker));
    unsigned count = 1 + quiz_random(maker, QUIZ_FREED_MAX);
    if (!quiz_free_some(maker, count))
        return false;
    struct frame_range node = quiz_largest_buddy(maker);
    if (length_of(node) <= before)
        return false;
    unsigned order = order_of(length_of(node));
    unsigned lowest = quiz_random(maker, 4) < 2 && order > 0 ? order - 1 : order;
    lowest = lowest > 1 ? 1 : lowest;
    offer_order(maker, node, order);
    for (unsigned i = lowest; i <= 4; i++)
        offer_order(maker, node, i);
    quiz_ask(maker, QUIZ_ASKS_ORDER,
             "A buddy of order n has 2^n frames, and begins at a multiple of 2^n. Block%s %s %s "
             "freed. Which order does the largest free buddy have then?",
             count == 1 ? "" : "s", tell_names(maker->question->freed, names),
             count == 1 ? "is" : "are");
    tell_merge(maker, node);
    return true;
}

/* ---- what a node knows ----------------------------------------------------------------------- */

static unsigned count_free(const struct quiz_maker *maker, struct frame_range range)
{
    unsigned count = 0;
    for (pfn_t pfn = range.first; pfn < range.end; pfn++)
        count += quiz_first_used(maker, (struct frame_range){pfn, pfn + 1}) == QUIZ_FRAMES;
    return count;
}

/* The two halves of a node, and what the sum of the two in the middle is. */
static void tell_longest(struct quiz_maker *maker, struct frame_range node, unsigned order)
{
    pfn_t middle = node.first + length_of(node) / 2;
    struct buddy_summary left = buddy_sum_up(&maker->buddy, node.first, order - 1);
    struct buddy_summary right = buddy_sum_up(&maker->buddy, middle, order - 1);
    unsigned across = (unsigned)(left.tail + right.head);
    quiz_tell_why(
        maker,
        "The left half has longest %u and tail %u, the right half longest %u and head %u. "
        "The node has the largest of %u, %u, and %u + %u.",
        (unsigned)left.longest, (unsigned)left.tail, (unsigned)right.longest, (unsigned)right.head,
        (unsigned)left.longest, (unsigned)right.longest, (unsigned)left.tail, (unsigned)right.head);
    pfn_t most = left.longest > right.longest ? left.longest : right.longest;
    if (across > most)
        quiz_expect(maker, (unsigned)most, "A run lies across the middle, in both halves.");
    if (length_of(node) > maker->question->right)
        quiz_expect(maker, count_free(maker, node),
                    "That many are free in all, but not in one run.");
}

static void tell_end(struct quiz_maker *maker, struct frame_range node, bool is_head)
{
    unsigned right = maker->question->right;
    pfn_t used = is_head ? node.first + right : node.end - 1 - right;
    if (right == length_of(node))
        quiz_tell_why(maker, "The node is all free then: it has %u free frames.", right);
    else
        quiz_tell_why(maker, "Counted from the node's %s, the first frame in use is frame %u.",
                      is_head ? "start" : "end", (unsigned)used);
    quiz_expect(maker, count_free(maker, node), "That many are free in the node in all.");
}

/* The node of that order around the block; the block lies in it. */
static bool find_node(const struct quiz_maker *maker, unsigned order, struct frame_range *node)
{
    struct frame_range block = quiz_block(maker->question, maker->question->freed[0]);
    node->first = block.first >> order << order;
    node->end = node->first + ((pfn_t)1 << order);
    return block.end <= node->end;
}

bool quiz_make_longest(struct quiz_maker *maker)
{
    static const char *const parts[] = {
        "head: how many free frames are at the node's start",
        "longest: how many free frames has the longest run in the node",
        "tail: how many free frames are at the node's end"};
    unsigned order = 2 + quiz_random(maker, 3);
    unsigned part = quiz_random(maker, 3);
    struct frame_range node;
    char words[QUIZ_RANGE_MAX];
    if (!quiz_free_some(maker, 1) || !find_node(maker, order, &node))
        return false;
    struct buddy_summary sum = buddy_sum_up(&maker->buddy, node.first, order);
    pfn_t values[] = {sum.head, sum.longest, sum.tail};
    unsigned right = (unsigned)values[part];
    if (right == 0 || count_free(maker, node) == sum.longest)
        return false;
    maker->question->node = node;
    quiz_want_number(maker, right);
    quiz_ask(maker, (enum quiz_asked)(QUIZ_ASKS_HEAD + part),
             "Block %c is freed. Which number does the node of order %u over %s then have as its "
             "%s?",
             maker->question->freed[0], order, quiz_tell_range(words, node), parts[part]);
    if (part == 1)
        tell_longest(maker, node, order);
    else
        tell_end(maker, node, part == 0);
    return true;
}
