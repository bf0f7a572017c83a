/* Questions about sizes: what a block takes, what fits, and what powers of two would lose. */

#include "kernel/lib/format.h"
#include "mm/mm.h"
#include "quiz_inside.h"

#define FRAME_KIB ((unsigned)(FRAME_BYTES / KIB))

static unsigned length_of(struct frame_range range)
{
    return (unsigned)(range.end - range.first);
}

/* ---- exact ----------------------------------------------------------------------------------- */

static bool make_taken(struct quiz_maker *maker)
{
    unsigned size_kib = 1 + quiz_random(maker, 8 * FRAME_KIB);
    struct mm_request request = {.size_bytes = size_kib * KIB, .limit = QUIZ_FRAMES * FRAME_BYTES};
    struct buddy_request *frames = &maker->question->request;
    struct choice found;
    if (mm_request_in_frames(&request, frames) != MM_OK || !quiz_find(maker, frames, &found))
        return false;
    unsigned right = (unsigned)frames->frame_count;
    maker->question->size_kib = size_kib;
    quiz_want_number(maker, right);
    quiz_expect(maker, quiz_round_up(right),
                "That is the next power of two: a textbook's buddy takes so many.");
    quiz_expect(maker, right - 1, "These have only %u KiB.", (right - 1) * FRAME_KIB);
    quiz_ask(maker, QUIZ_ASKS_TAKEN,
             "A frame has 4 KiB (4096 bytes). alloc %uK: how many frames does the block take?",
             size_kib);
    quiz_tell_why(maker, "%u KiB need %u frames of 4 KiB, and the block takes no more.", size_kib,
                  right);
    return right > 1;
}

static bool make_left(struct quiz_maker *maker)
{
    struct buddy_request request = {.frame_count = 3 + quiz_random(maker, 5), .limit = QUIZ_FRAMES};
    unsigned before = (unsigned)maker->buddy.free_count;
    unsigned count = (unsigned)request.frame_count;
    unsigned rounded = quiz_round_up(count);
    pfn_t first;
    if (buddy_alloc(&maker->buddy, &request, &first) != MM_OK)
        return false;
    maker->question->request = request;
    quiz_want_number(maker, (unsigned)maker->buddy.free_count);
    if (before >= rounded)
        quiz_expect(maker, before - rounded, "The block takes %u frames, not %u.", count, rounded);
    quiz_ask(maker, QUIZ_ASKS_FREE,
             "%u frames of the machine are free. How many are free after alloc %uf?", before,
             count);
    quiz_tell_why(maker, "A block takes just the frames that it needs: %u - %u.", before, count);
    return true;
}

bool quiz_make_exact(struct quiz_maker *maker)
{
    return quiz_random(maker, 2) == 0 ? make_taken(maker) : make_left(maker);
}

/* ---- limit ----------------------------------------------------------------------------------- */

bool quiz_make_limit(struct quiz_maker *maker)
{
    pfn_t limit = 2 + quiz_random(maker, QUIZ_FRAMES - 2);
    struct frame_range longest = quiz_longest_run(maker, QUIZ_FRAMES);
    struct frame_range below = quiz_longest_run(maker, limit);
    unsigned right = (unsigned)buddy_largest_run(&maker->buddy, 0, limit);
    char words[QUIZ_RANGE_MAX];
    if (right == 0 || right == length_of(longest) || right != length_of(below))
        return false;
    maker->question->request = (struct buddy_request){.frame_count = right, .limit = limit};
    quiz_want_number(maker, right);
    quiz_tell_range(words, longest);
    quiz_expect(maker, length_of(longest), "%s are free, but not all of them lie below frame %u.",
                words, (unsigned)limit);
    quiz_ask(maker, QUIZ_ASKS_LARGEST,
             "A device reaches only the frames below frame %u. How many frames has the largest "
             "block that it can be given?",
             (unsigned)limit);
    quiz_tell_why(maker, "Below frame %u, the longest free run is %s.", (unsigned)limit,
                  quiz_tell_range(words, below));
    return true;
}

/* ---- fragmentation --------------------------------------------------------------------------- */

static void offer_at_most(struct quiz_maker *maker, unsigned count, unsigned longest)
{
    char label[QUIZ_LABEL_MAX];
    format_text(label, sizeof label, "no: at most %u", count);
    if (count == longest)
        quiz_offer(maker, count, label, "%s", "");
    else if (count > longest)
        quiz_offer(maker, count, label, "No %u free frames are side by side.", count);
    else
        quiz_offer(maker, count, label, "%u free frames are side by side somewhere.", longest);
}

/* What may be thought instead: the largest buddy, one more, one less. */
static void offer_fits(struct quiz_maker *maker, unsigned count, unsigned longest)
{
    unsigned buddy = length_of(quiz_largest_buddy(maker));
    unsigned others[] = {buddy, longest + 1, longest - 1, longest - 2, longest + 2};
    bool fits = count <= longest;
    if (fits)
        quiz_offer(maker, 0, "it fits", "%s", "");
    else
        offer_at_most(maker, longest, longest);
    quiz_offer(maker, 0, "it fits", "%u frames are free, but not side by side.", count);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i] > 0 && others[i] < count && others[i] != longest)
            offer_at_most(maker, others[i], longest);
}

bool quiz_make_fragmentation(struct quiz_maker *maker)
{
    struct frame_range run = quiz_longest_run(maker, QUIZ_FRAMES);
    unsigned longest = (unsigned)buddy_largest_run(&maker->buddy, 0, QUIZ_FRAMES);
    unsigned available = (unsigned)maker->buddy.free_count;
    unsigned count = 3 + quiz_random(maker, 6);
    char words[QUIZ_RANGE_MAX];
    if (longest == 0 || count > available || count + 2 < longest)
        return false;
    maker->question->request = (struct buddy_request){.frame_count = count, .limit = QUIZ_FRAMES};
    offer_fits(maker, count, longest);
    quiz_ask(maker, QUIZ_ASKS_FIT,
             "%u frames are free in all. Does alloc %uf fit? And if not, how many frames would?",
             available, count);
    quiz_tell_why(maker, "A block is one run of frames. The longest free run is %s.",
                  quiz_tell_range(words, run));
    return maker->question->choice_count >= 3;
}

/* ---- textbook -------------------------------------------------------------------------------- */

static bool make_loss(struct quiz_maker *maker)
{
    char sum[64] = "";
    size_t length = 0;
    unsigned block_count = 0;
    unsigned loss = 0;
    for (char name = 'a'; name <= 'h'; name++) {
        unsigned count = length_of(quiz_block(maker->question, name));
        unsigned more = quiz_round_up(count ? count : 1) - (count ? count : 1);
        if (count > 0)
            block_count++;
        if (more > 0)
            length += format_text(sum + length, sizeof sum - length, "%s%c has %u: +%u",
                                  loss > 0 ? ", " : "", name, count, more);
        loss += more;
    }
    quiz_want_number(maker, loss);
    quiz_ask(maker, QUIZ_ASKS_LOSS,
             "A textbook's buddy allocator rounds each block up to 1, 2, 4, 8 or 16 frames. How "
             "many frames would it lose inside of the blocks that live here?");
    quiz_tell_why(maker, "%s. This allocator loses none.", sum);
    return loss > 0 && block_count > 2;
}

static void offer_servers(struct quiz_maker *maker, unsigned right, unsigned count)
{
    static const char *const labels[] = {"neither", "only this allocator", "both"};
    unsigned rounded = quiz_round_up(count);
    quiz_offer(maker, right, labels[right], "%s", "");
    for (unsigned i = 0; i < 3; i++) {
        if (right == 0)
            quiz_offer(maker, i, labels[i], "No %u free frames are side by side.", count);
        else if (i == 0 || right == 2)
            quiz_offer(maker, i, labels[i],
                       i == 0
                           ? "There are %u free frames side by side."
                           : "A free buddy has %u frames or more, so the textbook's serves, too.",
                       count);
        else
            quiz_offer(maker, i, labels[i], "The textbook's has no free buddy of %u frames.",
                       rounded);
    }
}

/* How many of the two have room, if both see the memory as it is. */
static bool make_servers(struct quiz_maker *maker)
{
    unsigned count = 2 + quiz_random(maker, 4);
    unsigned rounded = quiz_round_up(count);
    unsigned longest = (unsigned)buddy_largest_run(&maker->buddy, 0, QUIZ_FRAMES);
    unsigned largest = length_of(quiz_largest_buddy(maker));
    unsigned right = count > longest ? 0 : rounded > largest ? 1 : 2;
    if (right != 1 && quiz_random(maker, 3) > 0)
        return false;
    maker->question->request = (struct buddy_request){.frame_count = count, .limit = QUIZ_FRAMES};
    offer_servers(maker, right, count);
    quiz_ask(maker, QUIZ_ASKS_SERVERS,
             "%uf are asked for. A textbook's buddy allocator needs one free buddy of %u frames; "
             "this one needs %u free frames side by side. Which of the two can serve it here?",
             count, rounded, count);
    quiz_tell_why(maker, "The longest free run has %u, and the largest free buddy %u.", longest,
                  largest);
    return true;
}

bool quiz_make_textbook(struct quiz_maker *maker)
{
    return quiz_random(maker, 2) == 0 ? make_loss(maker) : make_servers(maker);
}
