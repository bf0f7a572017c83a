/* Questions about the orders: how buddies split and merge, and what a node of the tree knows. */

#include "kernel/lib/format.h"
#include "quiz_inside.h"

static unsigned order_of(unsigned count)
{
    unsigned order = 0;
    while (2u << order <= count)
        order++;
    return order;
}

/* ---- split ----------------------------------------------------------------------------------- */

#define PIECES_MAX 8

/* Neighbouring runs, in ascending order. */
struct pieces {
    struct quiz_range runs[PIECES_MAX];
    size_t count;
};

static void add_piece(struct pieces *pieces, unsigned first, unsigned end)
{
    if (pieces->count < PIECES_MAX)
        pieces->runs[pieces->count++] = quiz_range_of(first, end - first);
}

/* "0-7, 8-9 and 10" */
static void offer_pieces(struct quiz_maker *maker, const struct pieces *pieces, const char *because,
                         unsigned first, unsigned second)
{
    char label[QUIZ_LABEL_MAX];
    char words[QUIZ_RANGE_MAX];
    size_t length = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        struct quiz_range run = pieces->runs[i];
        length += format_text(label + length, sizeof label - length, "%s%s",
                              i == 0                  ? ""
                              : i + 1 < pieces->count ? ", "
                                                      : " and ",
                              quiz_tell_short(words, run));
    }
    quiz_offer(maker, 0, label, because, first, second);
}

/* The free buddies in a range that is free, as the allocator tells them now. */
static void find_buddies(const struct quiz_maker *maker, struct quiz_range range,
                         struct pieces *pieces)
{
    for (unsigned at = range.first; at < range.end; at = pieces->runs[pieces->count - 1].end) {
        struct quiz_range buddy = quiz_buddy_of(maker, at);
        add_piece(pieces, buddy.first, buddy.end);
    }
}

/* From the start on the smallest powers of two that are in the length, wherever they begin. */
static void offer_unaligned(struct quiz_maker *maker, struct quiz_range rest)
{
    struct pieces pieces = {.count = 0};
    unsigned at = rest.first;
    unsigned wrong = 0;
    unsigned wrong_count = 0;
    for (unsigned count = 1; at < rest.end; count *= 2) {
        if (!(quiz_length(rest) & count))
            continue;
        add_piece(&pieces, at, at + count);
        if (at % count != 0 && wrong_count == 0) {
            wrong = at;
            wrong_count = count;
        }
        at += count;
    }
    if (wrong_count > 0)
        offer_pieces(maker, &pieces,
                     "A buddy begins at a multiple of its length, and %u is no multiple of %u.",
                     wrong, wrong_count);
}

/* The first one of two frames or more is two. */
static void offer_halves(struct quiz_maker *maker, const struct pieces *right)
{
    struct pieces pieces = {.count = 0};
    struct quiz_range halved = {0};
    for (size_t i = 0; i < right->count; i++) {
        struct quiz_range run = right->runs[i];
        unsigned middle = (run.first + run.end + 1u) / 2;
        if (halved.end == 0 && quiz_length(run) > 1) {
            halved = run;
            add_piece(&pieces, run.first, middle);
            run.first = (uint8_t)middle;
        }
        add_piece(&pieces, run.first, run.end);
    }
    if (halved.end > 0)
        offer_pieces(maker, &pieces, "Both halves of %u to %u are free, so they stay one buddy.",
                     halved.first, halved.end - 1u);
}

/* As if the block had the next power of two. */
static void offer_rounded(struct quiz_maker *maker, struct quiz_range node, unsigned taken)
{
    unsigned rounded = quiz_round_up(taken);
    struct pieces pieces = {.count = 0};
    unsigned at = node.first;
    while (node.end - at > rounded) {
        unsigned middle = (at + node.end) / 2;
        add_piece(&pieces, at, middle);
        at = middle;
    }
    if (rounded > taken && pieces.count > 0)
        offer_pieces(maker, &pieces, "Only %u frames are taken, not %u.", taken, rounded);
}

/* False if there are too many pieces for a short question. */
static bool offer_splits(struct quiz_maker *maker, struct quiz_range node, struct quiz_range rest)
{
    struct pieces right = {.count = 0};
    struct pieces whole = {.runs = {rest}, .count = 1};
    unsigned left = quiz_length(rest);
    find_buddies(maker, rest, &right);
    offer_pieces(maker, &right, "", 0, 0);
    offer_pieces(maker, &whole, "A buddy has 1, 2, 4 or 8 frames, not %u.", left, 0);
    offer_rounded(maker, node, quiz_length(node) - left);
    offer_unaligned(maker, rest);
    offer_halves(maker, &right);
    return right.count <= 3;
}

/* "0-7: 0-3 stays free. 4-7: 4-5 stays free." */
static void tell_halvings(struct quiz_maker *maker, struct quiz_range node, struct quiz_range block)
{
    char text[QUIZ_WHY_MAX];
    char whole[QUIZ_RANGE_MAX];
    char half[QUIZ_RANGE_MAX];
    size_t length = 0;
    while (node.first < block.first) {
        uint8_t middle = (uint8_t)((node.first + node.end) / 2);
        bool is_free = middle <= block.first;
        struct quiz_range told = is_free ? (struct quiz_range){node.first, middle}
                                         : (struct quiz_range){middle, node.end};
        length +=
            format_text(text + length, sizeof text - length, "%s%s is halved: %s %s",
                        length > 0 ? ". " : "", quiz_tell_short(whole, node),
                        quiz_tell_short(half, told), is_free ? "stays free" : "is the block's");
        if (is_free)
            node.first = middle;
        else
            node.end = middle;
    }
    quiz_tell_why(maker, "%s.", text);
}

/* The block must lie at the end of the buddy that it is taken from. */
bool quiz_make_split(struct quiz_maker *maker)
{
    struct quiz_request request = quiz_request_of(1 + quiz_random(maker, 5));
    struct quiz_place place;
    char block_words[QUIZ_RANGE_MAX];
    char node_words[QUIZ_RANGE_MAX];
    if (!quiz_find(maker, request, &place))
        return false;
    struct quiz_range block = quiz_range_of(place.first, request.count);
    struct quiz_range node = quiz_buddy_of(maker, block.first);
    if (node.end != block.end || node.first == block.first ||
        (quiz_length(node) < 8 && quiz_random(maker, 4) > 0))
        return false;
    quiz_take(maker, request);
    maker->question->request = request;
    maker->question->node = node;
    if (!offer_splits(maker, node, (struct quiz_range){node.first, block.first}))
        return false;
    quiz_teach(
        maker,
        "A buddy has 1, 2, 4, 8 or 16 frames. When a block takes a part of one, the buddy is "
        "halved. A half that has both free frames and frames of the block is halved again.");
    quiz_ask(maker, QUIZ_ASKS_REST,
             "If alloc %uf takes %s from the free buddy of %s, which free buddies are left of it?",
             request.count, quiz_tell_range(block_words, block), quiz_tell_range(node_words, node));
    tell_halvings(maker, node, block);
    return maker->question->choice_count >= 3;
}

/* ---- merge ----------------------------------------------------------------------------------- */

static void offer_order(struct quiz_maker *maker, struct quiz_range node, unsigned order)
{
    char label[QUIZ_RANGE_MAX];
    unsigned count = 1u << order;
    const char *because = count == quiz_length(node) ? ""
                          : count < quiz_length(node)
                              ? "That is too small: frames %u to %u are all free then."
                              : "No %u frames that begin at a multiple of %u are all free.";
    bool is_smaller = count < quiz_length(node);
    format_text(label, sizeof label, "order %u, %u frame%s", order, count, count == 1 ? "" : "s");
    quiz_offer(maker, order, label, because, is_smaller ? node.first : count,
               is_smaller ? node.end - 1u : count);
}

static void tell_merge(struct quiz_maker *maker, struct quiz_range node)
{
    unsigned count = quiz_length(node);
    struct quiz_range beside = quiz_range_of(node.first ^ count, count);
    char words[QUIZ_RANGE_MAX];
    char other[QUIZ_RANGE_MAX];
    if (count == QUIZ_FRAMES) {
        quiz_tell_why(maker, "All 16 frames are free then. They are one buddy of order 4.");
        return;
    }
    unsigned used = quiz_first_used(maker, beside);
    quiz_tell_why(
        maker,
        "Then %s are all free, and merge. They do not merge with %s, because block %c has "
        "frame %u.",
        quiz_tell_range(words, node), quiz_tell_range(other, beside), maker->question->frames[used],
        used);
}

/* "block a is", "blocks a and b are" or "blocks a, b and c are" */
static const char *tell_freed(const char *names, char text[QUIZ_RANGE_MAX])
{
    size_t length = format_text(text, QUIZ_RANGE_MAX, names[1] ? "blocks %c" : "block %c", *names);
    for (size_t i = 1; names[i]; i++)
        length += format_text(text + length, QUIZ_RANGE_MAX - length, "%s%c",
                              names[i + 1] ? ", " : " and ", names[i]);
    format_text(text + length, QUIZ_RANGE_MAX - length, names[1] ? " are" : " is");
    return text;
}

bool quiz_make_merge(struct quiz_maker *maker)
{
    char names[QUIZ_RANGE_MAX];
    unsigned before = quiz_length(quiz_largest_buddy(maker));
    if (!quiz_free_some(maker, 1 + quiz_random(maker, QUIZ_FREED_MAX)))
        return false;
    struct quiz_range node = quiz_largest_buddy(maker);
    if (quiz_length(node) <= before)
        return false;
    unsigned order = order_of(quiz_length(node));
    maker->question->node = node;
    offer_order(maker, node, order);
    for (unsigned i = quiz_random(maker, 2); i <= QUIZ_ORDER_MAX; i++)
        offer_order(maker, node, i);
    quiz_teach(maker, "A buddy of order n has 2^n frames, and begins at a multiple of 2^n.");
    quiz_ask(maker, QUIZ_ASKS_ORDER,
             "If %s freed, which order does the largest free buddy have then?",
             tell_freed(maker->question->freed, names));
    tell_merge(maker, node);
    return true;
}

/* ---- what a node knows ----------------------------------------------------------------------- */

static unsigned count_free(const struct quiz_maker *maker, struct quiz_range range)
{
    unsigned count = 0;
    for (unsigned at = range.first; at < range.end; at++)
        count += quiz_first_used(maker, quiz_range_of(at, 1)) == QUIZ_FRAMES;
    return count;
}

/* The two halves of a node, and what the sum of the two in the middle is. */
static void tell_longest(struct quiz_maker *maker, struct quiz_range node, unsigned order)
{
    struct buddy_summary left = buddy_sum_up(&maker->buddy, node.first, order - 1);
    struct buddy_summary right =
        buddy_sum_up(&maker->buddy, node.first + (1u << (order - 1)), order - 1);
    unsigned tail = (unsigned)left.tail;
    unsigned head = (unsigned)right.head;
    unsigned left_longest = (unsigned)left.longest;
    unsigned right_longest = (unsigned)right.longest;
    quiz_tell_why(
        maker,
        "Left half: longest %u, tail %u. Right half: longest %u, head %u. The largest of %u, %u "
        "and %u + %u is %u.",
        left_longest, tail, right_longest, head, left_longest, right_longest, tail, head,
        maker->question->right);
    quiz_offer(maker, left_longest > right_longest ? left_longest : right_longest, NULL,
               "A run lies across the middle, in both halves.");
    quiz_offer(maker, count_free(maker, node), NULL,
               "That many are free in all, but not in one run.");
}

static void tell_end(struct quiz_maker *maker, struct quiz_range node, bool is_head)
{
    unsigned right = maker->question->right;
    unsigned first = is_head ? node.first : node.end - right;
    char words[QUIZ_RANGE_MAX];
    quiz_tell_why(maker, "Free at the %s: %s. Then comes frame %u, which is in use.",
                  is_head ? "start" : "end", quiz_tell_range(words, quiz_range_of(first, right)),
                  is_head ? node.first + right : node.end - 1u - right);
    quiz_offer(maker, count_free(maker, node), NULL, "That many are free in the buddy in all.");
}

/* The node of that order around the block that is freed; the block lies in it. */
static bool find_node(const struct quiz_maker *maker, unsigned order, struct quiz_range *node)
{
    struct quiz_range block = quiz_block(maker->question, maker->question->freed[0]);
    *node = quiz_range_of((unsigned)block.first >> order << order, 1u << order);
    return block.end <= node->end;
}

/* A node with one free run only would be too easy. */
bool quiz_make_longest(struct quiz_maker *maker)
{
    static const char *const parts[] = {"head", "longest", "tail"};
    static const char *const counted[] = {"the free frames at its start",
                                          "the frames of its longest free run",
                                          "the free frames at its end"};
    unsigned order = 2 + quiz_random(maker, 3);
    unsigned part = quiz_random(maker, 3);
    struct quiz_range node;
    char words[QUIZ_RANGE_MAX];
    if (!quiz_free_some(maker, 1) || !find_node(maker, order, &node))
        return false;
    struct buddy_summary sum = buddy_sum_up(&maker->buddy, node.first, order);
    pfn_t right = part == 0 ? sum.head : part == 1 ? sum.longest : sum.tail;
    if (right == 0 || count_free(maker, node) == sum.longest)
        return false;
    maker->question->node = node;
    quiz_want_number(maker, (unsigned)right);
    quiz_teach(maker,
               "A buddy's box shows three numbers: head, longest and tail. The %s counts %s.",
               parts[part], counted[part]);
    quiz_ask(maker, (enum quiz_asked)(QUIZ_ASKS_HEAD + part),
             "If block %c is freed, what is then the %s of the buddy of %s?",
             maker->question->freed[0], parts[part], quiz_tell_range(words, node));
    if (part == 1)
        tell_longest(maker, node, order);
    else
        tell_end(maker, node, part == 0);
    return true;
}
