/* Questions about sizes: what a block takes, what fits, and what powers of two would lose. */

#include "kernel/lib/format.h"
#include "mm/mm.h"
#include "quiz_inside.h"

#define FRAME_KIB ((unsigned)(FRAME_BYTES / KIB))

/* ---- exact ----------------------------------------------------------------------------------- */

static bool make_taken(struct quiz_maker *maker)
{
    unsigned size_kib = FRAME_KIB + 1 + quiz_random(maker, 7 * FRAME_KIB);
    struct mm_request request = {.size_bytes = size_kib * KIB, .limit = QUIZ_FRAMES * FRAME_BYTES};
    struct buddy_request frames;
    mm_request_in_frames(&request, &frames);
    unsigned right = (unsigned)frames.frame_count;
    maker->question->request = quiz_request_of(right);
    if (quiz_take(maker, maker->question->request) == QUIZ_FRAMES)
        return false;
    maker->question->size_kib = size_kib;
    quiz_want_number(maker, right);
    quiz_offer(maker, quiz_round_up(right), NULL,
               "That is the next power of two: a textbook's buddy takes so many.");
    quiz_offer(maker, right - 1, NULL, "These have only %u KiB.", (right - 1) * FRAME_KIB);
    quiz_ask(maker, QUIZ_ASKS_TAKEN,
             "A frame has 4 KiB (4096 bytes). alloc %uK: how many frames does the block take?",
             size_kib);
    quiz_tell_why(maker, "%u KiB need %u frames of 4 KiB, and the block takes no more.", size_kib,
                  right);
    return true;
}

static bool make_left(struct quiz_maker *maker)
{
    unsigned count = 3 + quiz_random(maker, 5);
    unsigned rounded = quiz_round_up(count);
    unsigned before = (unsigned)maker->buddy.free_count;
    maker->question->request = quiz_request_of(count);
    if (quiz_take(maker, maker->question->request) == QUIZ_FRAMES)
        return false;
    quiz_want_number(maker, (unsigned)maker->buddy.free_count);
    if (before >= rounded)
        quiz_offer(maker, before - rounded, NULL, "The block takes %u frames, not %u.", count,
                   rounded);
    quiz_ask(maker, QUIZ_ASKS_FREE,
             "%u frames of the machine are free. How many frames are free after alloc %uf?", before,
             count);
    quiz_tell_why(maker, "A block takes just the frames that it needs: %u - %u.", before, count);
    return true;
}

bool quiz_make_exact(struct quiz_maker *maker)
{
    return quiz_random(maker, 2) == 0 ? make_taken(maker) : make_left(maker);
}

/* ---- limit ----------------------------------------------------------------------------------- */

/* What lies at the very start, and below any limit, would be too easy. */
bool quiz_make_limit(struct quiz_maker *maker)
{
    unsigned limit = 2 + quiz_random(maker, QUIZ_FRAMES - 2);
    struct quiz_range longest = quiz_longest_run(maker, QUIZ_FRAMES);
    struct quiz_range below = quiz_longest_run(maker, limit);
    unsigned right = (unsigned)buddy_largest_run(&maker->buddy, 0, limit);
    char words[QUIZ_RANGE_MAX];
    if (right == 0 || right == quiz_length(longest) || below.first == 0)
        return false;
    maker->question->request = quiz_request_of(right);
    maker->question->request.limit = (uint8_t)limit;
    quiz_want_number(maker, right);
    quiz_offer(maker, quiz_length(longest), NULL, "Not all of %s lie below frame %u.",
               quiz_tell_range(words, longest), limit);
    quiz_ask(maker, QUIZ_ASKS_LARGEST,
             "A device reaches only some frames. How many frames has the largest block that fits "
             "below frame %u?",
             limit);
    quiz_tell_why(maker, "Below frame %u, the longest free run is %s.", limit,
                  quiz_tell_range(words, below));
    return true;
}

/* ---- fragmentation --------------------------------------------------------------------------- */

/* 0: it fits. */
static void offer_fit(struct quiz_maker *maker, unsigned count, unsigned right, unsigned longest)
{
    char label[QUIZ_LABEL_MAX] = "it fits";
    const char *because = "Somewhere, %u free frames are side by side.";
    unsigned told = longest;
    if (count > 0)
        format_text(label, sizeof label, "no: at most %u", count);
    if (count == 0 || count > longest) {
        because = "No %u free frames are side by side.";
        told = count > 0 ? count : maker->question->request.count;
    }
    quiz_offer(maker, count, label, count == right ? "" : because, told);
}

bool quiz_make_fragmentation(struct quiz_maker *maker)
{
    unsigned longest = (unsigned)buddy_largest_run(&maker->buddy, 0, QUIZ_FRAMES);
    unsigned available = (unsigned)maker->buddy.free_count;
    unsigned count = 3 + quiz_random(maker, 6);
    unsigned right = count <= longest ? 0 : longest;
    unsigned buddy = quiz_length(quiz_largest_buddy(maker));
    unsigned others[] = {right, 0, buddy, longest + 1, longest - 1, longest + 2, longest - 2};
    char words[QUIZ_RANGE_MAX];
    if (longest < 2 || longest == available || count > available || count + 2 < longest)
        return false;
    maker->question->request = quiz_request_of(count);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (i < 2 || (others[i] > 0 && others[i] < count))
            offer_fit(maker, others[i], right, longest);
    quiz_ask(maker, QUIZ_ASKS_FIT,
             "%u frames are free in all. Does alloc %uf fit, and if not, how many frames would?",
             available, count);
    quiz_tell_why(maker, "A block is one run of frames. The longest free run is %s.",
                  quiz_tell_range(words, quiz_longest_run(maker, QUIZ_FRAMES)));
    return maker->question->choice_count >= 3;
}

/* ---- textbook -------------------------------------------------------------------------------- */

static bool make_loss(struct quiz_maker *maker)
{
    char sum[QUIZ_BECAUSE_MAX] = "";
    size_t length = 0;
    unsigned loss = 0;
    for (const char *name = "abcdefgh"; *name; name++) {
        unsigned count = quiz_length(quiz_block(maker->question, *name));
        unsigned more = count > 0 ? quiz_round_up(count) - count : 0;
        if (more > 0)
            length += format_text(sum + length, sizeof sum - length, "%s%c has %u: +%u",
                                  loss > 0 ? ", " : "", *name, count, more);
        loss += more;
    }
    quiz_want_number(maker, loss);
    quiz_ask(maker, QUIZ_ASKS_LOSS,
             "A textbook's buddy allocator rounds each block up to 1, 2, 4, 8 or 16 frames. How "
             "many frames would the textbook lose inside of the blocks that are here?");
    quiz_tell_why(maker, "%s. This allocator loses none.", sum);
    return loss > 1 || (loss == 1 && quiz_random(maker, 3) == 0);
}

/* How many of the two have room, if both see the memory as it is. */
static bool make_servers(struct quiz_maker *maker)
{
    static const char *const labels[] = {"neither", "only this allocator", "both"};
    unsigned count = 2 + quiz_random(maker, 4);
    unsigned rounded = quiz_round_up(count);
    unsigned longest = (unsigned)buddy_largest_run(&maker->buddy, 0, QUIZ_FRAMES);
    unsigned largest = quiz_length(quiz_largest_buddy(maker));
    unsigned right = count > longest ? 0 : rounded > largest ? 1 : 2;
    if (right != 1 && quiz_random(maker, 3) > 0)
        return false;
    maker->question->request = quiz_request_of(count);
    quiz_offer(maker, right, labels[right], "%s", "");
    for (unsigned i = 0; i < 3; i++) {
        if (right == 0)
            quiz_offer(maker, i, labels[i], "No %u free frames are side by side.", count);
        else if (i == 0)
            quiz_offer(maker, i, labels[i], "%u free frames are side by side.", count);
        else
            quiz_offer(maker, i, labels[i],
                       right == 2 ? "The textbook's has a free buddy of %u frames or more."
                                  : "The textbook's has no free buddy of %u frames.",
                       rounded);
    }
    quiz_ask(maker, QUIZ_ASKS_SERVERS,
             "%uf are asked for. A textbook's buddy allocator needs one free buddy of %u frames; "
             "this one needs %u free frames side by side. Which of the two can serve %uf here?",
             count, rounded, count, count);
    quiz_tell_why(maker, "The longest free run has %u, and the largest free buddy %u.", longest,
                  largest);
    return true;
}

bool quiz_make_textbook(struct quiz_maker *maker)
{
    return quiz_random(maker, 2) == 0 ? make_loss(maker) : make_servers(maker);
}
