/* Questions about where a block goes. */

#include "kernel/lib/format.h"
#include "quiz_inside.h"

/* ---- by the rule of mm/buddy.h --------------------------------------------------------------- */

/*
 * True if all free runs lie apart, each in one place: the run freed last, runs in lists, and the
 * frames that no block ever had. Then the picture shows all that the rule asks for.
 */
static bool is_plain(const struct quiz_maker *maker)
{
    enum buddy_holder holder;
    struct frame_range run;
    struct frame_range part;
    for (pfn_t pfn = 0; quiz_next_free(maker, pfn, QUIZ_FRAMES, &run); pfn = run.end) {
        buddy_find_part(&maker->buddy, run.first, &holder, &part);
        bool is_rest = holder == BUDDY_SET_ASIDE && run.end == maker->lowest_used;
        if (part.end != run.end || holder == BUDDY_IN_TREE ||
            (holder == BUDDY_SET_ASIDE && !is_rest))
            return false;
    }
    return true;
}

/* No two listed runs have the length of the one that is chosen. */
static bool is_only_one(const struct quiz_maker *maker, const struct choice *found)
{
    enum buddy_holder holder;
    struct frame_range run;
    unsigned count = 0;
    if (found->source != CHOICE_LISTED)
        return true;
    for (pfn_t pfn = 0; quiz_next_free(maker, pfn, QUIZ_FRAMES, &run); pfn = run.end) {
        buddy_find_part(&maker->buddy, run.first, &holder, &run);
        count += holder == BUDDY_IN_LIST &&
                 run.end - run.first == found->at.run_end - found->at.run_first;
    }
    return count == 1;
}

static void offer_place(struct quiz_maker *maker, const struct choice *found, pfn_t first)
{
    char label[QUIZ_RANGE_MAX];
    char words[QUIZ_RANGE_MAX];
    enum buddy_holder holder;
    struct frame_range part;
    format_text(label, sizeof label, "frame %u", (unsigned)first);
    buddy_find_part(&maker->buddy, first, &holder, &part);
    quiz_tell_range(words, part);
    unsigned count = (unsigned)(part.end - part.first);
    if (first == found->at.place)
        quiz_offer(maker, (unsigned)first, label, "%s", "");
    else if (part.first == found->at.run_first)
        quiz_offer(maker, (unsigned)first, label, "The block gets the highest frames of its run.");
    else if (holder == BUDDY_FREED_LAST)
        quiz_offer(maker, (unsigned)first, label,
                   "%s, freed last, would be first for a block of just %u.", words, count);
    else if (holder == BUDDY_SET_ASIDE)
        quiz_offer(maker, (unsigned)first, label,
                   "The unused rest is cut only if no freed run serves.");
    else if (found->source == CHOICE_LAST)
        quiz_offer(maker, (unsigned)first, label,
                   "The run freed last has just the length, so it comes first.");
    else
        quiz_offer(maker, (unsigned)first, label, "%s: a longer run than needed.", words);
}

static void tell_why(struct quiz_maker *maker, const struct choice *found)
{
    char words[QUIZ_RANGE_MAX];
    quiz_tell_range(words, (struct frame_range){found->at.run_first, found->at.run_end});
    if (found->source == CHOICE_LAST)
        quiz_tell_why(maker, "The run freed last, %s, has just the length.", words);
    else if (found->source == CHOICE_LISTED)
        quiz_tell_why(maker,
                      "The shortest other freed run that serves is %s. The block gets its highest "
                      "frames.",
                      words);
    else
        quiz_tell_why(maker, "No freed run serves, so the block is cut off the end of %s.", words);
}

static char last_freed(const struct quiz_question *question)
{
    char name = 0;
    for (size_t i = 0; i < question->act_count; i++)
        name = question->acts[i].frame_count == 0 ? question->acts[i].name : name;
    return name;
}

static void ask_place(struct quiz_maker *maker, unsigned count)
{
    enum buddy_holder holder;
    struct frame_range run;
    char words[QUIZ_RANGE_MAX] = "none";
    for (pfn_t pfn = 0; quiz_next_free(maker, pfn, QUIZ_FRAMES, &run); pfn = run.end)
        if (buddy_find_part(&maker->buddy, run.first, &holder, &run) && holder == BUDDY_FREED_LAST)
            quiz_tell_range(words, run);
    quiz_ask(maker, QUIZ_ASKS_PLACE,
             "Block %c was freed last (now free there: %s). A block first goes to the run freed "
             "last if that has just its length, then to the shortest other freed run that is long "
             "enough, then to the unused rest. alloc %uf: at which frame does the block begin?",
             last_freed(maker->question), words, count);
}

bool quiz_make_place(struct quiz_maker *maker)
{
    struct buddy_request request = {.frame_count = 1 + quiz_random(maker, 3), .limit = QUIZ_FRAMES};
    struct frame_range run;
    struct choice found;
    if (!is_plain(maker) || !quiz_find(maker, &request, &found) || !is_only_one(maker, &found) ||
        found.source > CHOICE_CUT)
        return false;
    maker->question->request = request;
    offer_place(maker, &found, found.at.place);
    for (pfn_t pfn = 0; quiz_next_free(maker, pfn, QUIZ_FRAMES, &run); pfn = run.end) {
        if (run.end - run.first < request.frame_count)
            continue;
        offer_place(maker, &found, run.end - request.frame_count);
        offer_place(maker, &found, run.first);
    }
    ask_place(maker, (unsigned)request.frame_count);
    tell_why(maker, &found);
    return maker->question->choice_count >= 3;
}

/* ---- with a condition ------------------------------------------------------------------------ */

/* The first multiple of the boundary inside; 0 if there is none. */
static pfn_t inside_of(const struct buddy_request *request, pfn_t first)
{
    pfn_t multiple = (first / request->boundary_frames + 1) * request->boundary_frames;
    return multiple < first + request->frame_count ? multiple : 0;
}

/* The frames that satisfy the condition; whether they are free is another question. */
static bool obeys(const struct buddy_request *request, pfn_t first)
{
    return request->boundary_frames ? inside_of(request, first) == 0
                                    : first % request->align_frames == 0;
}

static void offer_conditional(struct quiz_maker *maker, pfn_t first)
{
    const struct buddy_request *request = &maker->question->request;
    struct frame_range frames = {first, first + request->frame_count};
    pfn_t used = quiz_first_used(maker, frames);
    char label[QUIZ_RANGE_MAX];
    char words[QUIZ_RANGE_MAX];
    format_text(label, sizeof label, "frame %u", (unsigned)first);
    quiz_tell_range(words, frames);
    if (used < QUIZ_FRAMES)
        quiz_offer(maker, (unsigned)first, label, "Block %c has frame %u.",
                   maker->question->frames[used], (unsigned)used);
    else if (obeys(request, first))
        quiz_offer(maker, (unsigned)first, label, "%s", "");
    else if (request->boundary_frames)
        quiz_offer(maker, (unsigned)first, label, "%s: a multiple of %u, frame %u, lies inside.",
                   words, (unsigned)request->boundary_frames, (unsigned)inside_of(request, first));
    else
        quiz_offer(maker, (unsigned)first, label, "%u is not a multiple of %u.", (unsigned)first,
                   (unsigned)request->align_frames);
}

/* Wrong places: those whose frames are free first, from somewhere on. */
static void offer_wrong(struct quiz_maker *maker)
{
    const struct buddy_request *request = &maker->question->request;
    pfn_t count = QUIZ_FRAMES - request->frame_count + 1;
    pfn_t start = quiz_random(maker, (unsigned)count);
    for (int is_used = 0; is_used < 2; is_used++) {
        for (pfn_t i = 0; i < count; i++) {
            pfn_t first = (start + i) % count;
            bool is_free =
                quiz_first_used(maker, (struct frame_range){first, first + request->frame_count}) ==
                QUIZ_FRAMES;
            if (is_free != obeys(request, first) && is_free != is_used)
                offer_conditional(maker, first);
        }
    }
}

/* True if one place only satisfies the request: where it is does not depend on the rule then. */
static bool make_conditional(struct quiz_maker *maker, const struct buddy_request *request)
{
    struct choice found;
    unsigned count = 0;
    if (!quiz_find(maker, request, &found))
        return false;
    for (pfn_t first = 0; first + request->frame_count <= QUIZ_FRAMES; first++) {
        struct frame_range frames = {first, first + request->frame_count};
        count += obeys(request, first) && quiz_first_used(maker, frames) == QUIZ_FRAMES;
    }
    maker->question->request = *request;
    offer_conditional(maker, found.at.place);
    offer_wrong(maker);
    return count == 1 && maker->question->choice_count == QUIZ_CHOICES_MAX;
}

bool quiz_make_align(struct quiz_maker *maker)
{
    struct buddy_request request = {.frame_count = 1 + quiz_random(maker, 3),
                                    .align_frames = 2u << quiz_random(maker, 3),
                                    .limit = QUIZ_FRAMES};
    char words[QUIZ_RANGE_MAX];
    unsigned align = (unsigned)request.align_frames;
    quiz_tell_count(words, (unsigned)request.frame_count);
    quiz_ask(maker, QUIZ_ASKS_PLACE,
             "alloc %uf align %uf: %s that begin at a multiple of %u. At which frame does the "
             "block begin?",
             (unsigned)request.frame_count, align, words, align);
    quiz_tell_why(maker, "It is the only multiple of %u at which %s %s free.", align, words,
                  request.frame_count == 1 ? "is" : "are");
    return make_conditional(maker, &request);
}

bool quiz_make_boundary(struct quiz_maker *maker)
{
    struct buddy_request request = {.frame_count = 2 + quiz_random(maker, 3),
                                    .boundary_frames = 4u << quiz_random(maker, 2),
                                    .limit = QUIZ_FRAMES};
    char words[QUIZ_RANGE_MAX];
    unsigned boundary = (unsigned)request.boundary_frames;
    quiz_tell_count(words, (unsigned)request.frame_count);
    quiz_ask(maker, QUIZ_ASKS_PLACE,
             "alloc %uf within %uf: %s that do not cross a multiple of %u (the block may begin at "
             "one, or end before one). At which frame does the block begin?",
             (unsigned)request.frame_count, boundary, words, boundary);
    quiz_tell_why(maker, "Only there are %s free between two neighbouring multiples of %u.", words,
                  boundary);
    return make_conditional(maker, &request);
}
