/* Questions about sizes: what a block takes, what fits, and what powers of two would lose. */

#include "kernel/lib/format.h"
#include "mm/mm.h"
#include "quiz_inside.h"

#define FRAME_KIB ((unsigned)(FRAME_BYTES / KIB))

/* ---- exact ----------------------------------------------------------------------------------- */

/* "1 frame has", "3 frames have" */
static const char *tell_have(char words[QUIZ_RANGE_MAX], unsigned count)
{
    format_text(words, QUIZ_RANGE_MAX, count == 1 ? "%u frame has" : "%u frames have", count);
    return words;
}

static bool make_taken(struct quiz_maker *maker)
{
    char words[QUIZ_RANGE_MAX];
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
               "%u is the next power of two. A textbook's buddy takes so many.",
               quiz_round_up(right));
    quiz_offer(maker, right - 1, NULL, "%s only %u KiB.", tell_have(words, right - 1),
               (right - 1) * FRAME_KIB);
    quiz_ask(maker, QUIZ_ASKS_TAKEN,
             "A frame has 4 KiB. How many frames does a block of %u KiB take (alloc %uK)?",
             size_kib, size_kib);
    quiz_tell_why(maker, "%u frames have %u KiB. One frame less has only %u KiB.", right,
                  right * FRAME_KIB, (right - 1) * FRAME_KIB);
    return true;
}

/* With a size that powers of two would round up. */
static bool make_left(struct quiz_maker *maker)
{
    unsigned count = 3 + quiz_random(maker, 5);
    unsigned rounded = quiz_round_up(count);
    unsigned before = (unsigned)maker->buddy.free_count;
    maker->question->request = quiz_request_of(count);
    if (count == rounded || before < rounded ||
        quiz_take(maker, maker->question->request) == QUIZ_FRAMES)
        return false;
    quiz_want_number(maker, (unsigned)maker->buddy.free_count);
    quiz_offer(maker, before - rounded, NULL, "The block takes %u frames, not %u.", count, rounded);
    quiz_ask(maker, QUIZ_ASKS_FREE,
             "Now %u frames are free. How many are free after alloc %uf, which asks for %u frames?",
             before, count, count);
    quiz_tell_why(maker, "The block takes just %u frames, and %u - %u is %u.", count, before, count,
                  before - count);
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
    char count[QUIZ_RANGE_MAX];
    if (right == 0 || right == quiz_length(longest) || below.first == 0)
        return false;
    maker->question->request = quiz_request_of(right);
    maker->question->request.limit = (uint8_t)limit;
    quiz_want_number(maker, right);
    quiz_offer(maker, quiz_length(longest), NULL, "Not all of %s lie below frame %u.",
               quiz_tell_range(words, longest), limit);
    quiz_ask(
        maker, QUIZ_ASKS_LARGEST,
        "A device reaches only the frames below frame %u. How many frames has the largest block "
        "that it can use?",
        limit);
    quiz_tell_why(maker, "Below frame %u, the longest free run is %s. That is %s.", limit,
                  quiz_tell_range(words, below), quiz_tell_count(count, right));
    return true;
}

/* ---- fragmentation --------------------------------------------------------------------------- */

/* 0: it fits. */
static void offer_fit(struct quiz_maker *maker, unsigned count, unsigned right,
                      struct quiz_range longest)
{
    char label[QUIZ_LABEL_MAX] = "it fits";
    char words[QUIZ_RANGE_MAX];
    const char *because = "Free are %s: %u frames side by side.";
    if (count > 0)
        format_text(label, sizeof label, "no, %u at most", count);
    if (count == right)
        because = "";
    else if (count == 0 || count > quiz_length(longest))
        because = "The longest free run, %s, has only %u frames.";
    quiz_offer(maker, count, label, because, quiz_tell_range(words, longest), quiz_length(longest));
}

bool quiz_make_fragmentation(struct quiz_maker *maker)
{
    struct quiz_range run = quiz_longest_run(maker, QUIZ_FRAMES);
    unsigned longest = quiz_length(run);
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
            offer_fit(maker, others[i], right, run);
    quiz_ask(maker, QUIZ_ASKS_FIT,
             "In all, %u frames are free. Does a block of %u frames fit (alloc %uf)? If not, how "
             "many frames has the largest block that fits?",
             available, count, count);
    quiz_tell_why(maker, "A block is one run of frames. The longest free run, %s, has %u.",
                  quiz_tell_range(words, run), longest);
    return maker->question->choice_count >= 3;
}

/* ---- textbook -------------------------------------------------------------------------------- */

static bool make_loss(struct quiz_maker *maker)
{
    char sum[QUIZ_BECAUSE_MAX] = "";
    char words[QUIZ_RANGE_MAX];
    size_t length = 0;
    unsigned loss = 0;
    unsigned taken = 0;
    for (const char *name = "abcdefgh"; *name; name++) {
        unsigned count = quiz_length(quiz_block(maker->question, *name));
        unsigned more = count > 0 ? quiz_round_up(count) - count : 0;
        if (more > 0)
            length += format_text(sum + length, sizeof sum - length, "%s%c takes %u for %u",
                                  loss > 0 ? ", " : "", *name, count + more, count);
        loss += more;
        taken += count + more;
    }
    quiz_want_number(maker, loss);
    quiz_offer(maker, 0, NULL, "This allocator loses none, but the textbook's would.");
    quiz_offer(maker, taken, NULL, "So many frames its blocks would take in all.");
    quiz_teach(maker, "A textbook's buddy allocator rounds a block up to 1, 2, 4, 8 or 16 frames.");
    quiz_ask(
        maker, QUIZ_ASKS_LOSS,
        "How many frames would a textbook's buddy allocator lose by rounding up the blocks that "
        "you see?");
    quiz_tell_why(maker, "Rounded up, %s. That is %s more.", sum, quiz_tell_count(words, loss));
    return loss > 1 || (loss == 1 && quiz_random(maker, 3) == 0);
}

static void offer_servers(struct quiz_maker *maker, unsigned count, struct quiz_range longest,
                          unsigned right)
{
    static const char *const labels[] = {"neither", "only this allocator", "both",
                                         "only the textbook's"};
    unsigned rounded = quiz_round_up(count);
    char words[QUIZ_RANGE_MAX];
    char length[QUIZ_RANGE_MAX];
    quiz_tell_range(words, longest);
    quiz_tell_count(length, quiz_length(longest));
    quiz_offer(maker, right, labels[right], "%s", "");
    for (unsigned i = QUIZ_NEITHER; i <= QUIZ_ONLY_TEXTBOOK; i++) {
        if (right == QUIZ_NEITHER)
            quiz_offer(maker, i, labels[i], "The longest free run, %s, has only %s.", words,
                       length);
        else if (i == QUIZ_NEITHER || (i == QUIZ_ONLY_TEXTBOOK && right == QUIZ_BOTH))
            quiz_offer(maker, i, labels[i], "The free run of %s has %s.", words, length);
        else
            quiz_offer(maker, i, labels[i],
                       right == QUIZ_BOTH ? "There is a free buddy of %u frames or more."
                                          : "There is no free buddy of %u frames.",
                       rounded);
    }
}

/* Which of the two have room, if both see the memory as it is. Enough frames are free in all. */
static bool make_servers(struct quiz_maker *maker)
{
    unsigned count = 2 + quiz_random(maker, 4);
    unsigned rounded = quiz_round_up(count);
    struct quiz_range run = quiz_longest_run(maker, QUIZ_FRAMES);
    unsigned longest = quiz_length(run);
    unsigned largest = quiz_length(quiz_largest_buddy(maker));
    unsigned right = count > longest     ? QUIZ_NEITHER
                     : rounded > largest ? QUIZ_ONLY_THIS
                                         : QUIZ_BOTH;
    char words[QUIZ_RANGE_MAX];
    if (maker->buddy.free_count < count || (right != QUIZ_ONLY_THIS && quiz_random(maker, 3) > 0))
        return false;
    maker->question->request = quiz_request_of(count);
    offer_servers(maker, count, run, right);
    quiz_teach(maker,
               "For a block of %u frames, this allocator needs %u free frames side by side. A "
               "textbook's buddy allocator needs a free buddy of %u frames.",
               count, count, rounded);
    quiz_ask(
        maker, QUIZ_ASKS_SERVERS,
        "Which of them can give a block of %u frames here: this allocator, the textbook's, both "
        "or neither?",
        count);
    quiz_tell_why(maker, "The longest free run has %s, and the largest free buddy has %u.",
                  quiz_tell_count(words, longest), largest);
    return true;
}

bool quiz_make_textbook(struct quiz_maker *maker)
{
    return quiz_random(maker, 2) == 0 ? make_loss(maker) : make_servers(maker);
}
