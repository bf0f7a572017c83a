/* Questions about where a block goes. */

#include "kernel/lib/format.h"
#include "quiz_inside.h"

#define RUNS_MAX 48 /* characters: eight runs of one frame */

static const char *label_of(unsigned first, char label[QUIZ_RANGE_MAX])
{
    return quiz_tell_range(label, quiz_range_of(first, 1));
}

/* ---- by the rule of mm/buddy.h --------------------------------------------------------------- */

/*
 * True if all free runs lie apart, each in one place: the run freed last, runs in lists, and the
 * frames that no block ever had. Then the picture shows all that the rule asks for.
 */
static bool is_plain(const struct quiz_maker *maker)
{
    struct quiz_range run;
    struct quiz_range part;
    for (unsigned at = 0; quiz_next_free(maker, at, QUIZ_FRAMES, &run); at = run.end) {
        enum buddy_holder holder = quiz_part_at(maker, run.first, &part);
        if (part.end != run.end || holder == BUDDY_IN_TREE ||
            (holder == BUDDY_SET_ASIDE && run.end != maker->lowest_used))
            return false;
    }
    return true;
}

static bool find_freed_last(const struct quiz_maker *maker, struct quiz_range *last)
{
    struct quiz_range run;
    for (unsigned at = 0; quiz_next_free(maker, at, QUIZ_FRAMES, &run); at = run.end)
        if (quiz_part_at(maker, run.first, last) == BUDDY_FREED_LAST)
            return true;
    return false;
}

/* No two listed runs have the length of the one that is chosen. */
static bool is_only_one(const struct quiz_maker *maker, const struct quiz_place *place)
{
    struct quiz_range run;
    unsigned count = 0;
    for (unsigned at = 0; quiz_next_free(maker, at, QUIZ_FRAMES, &run); at = run.end)
        count += quiz_part_at(maker, run.first, &run) == BUDDY_IN_LIST &&
                 quiz_length(run) == quiz_length(place->run);
    return place->source != CHOICE_LISTED || count == 1;
}

static void offer_place(struct quiz_maker *maker, const struct quiz_place *place, unsigned first)
{
    char label[QUIZ_RANGE_MAX];
    char words[QUIZ_RANGE_MAX];
    char length[QUIZ_RANGE_MAX];
    struct quiz_range part;
    enum buddy_holder holder = quiz_part_at(maker, first, &part);
    const char *because = "The run of %s has %s. A shorter run is enough for %u.";
    if (first == place->first)
        because = "";
    else if (part.first == place->run.first)
        because = "The block gets the highest of %s.";
    else if (holder == BUDDY_FREED_LAST)
        because = "The run freed last, %s, has %s. It must have just %u.";
    else if (place->source == CHOICE_LAST)
        because = "The run freed last has just the block's length, so it comes before %s.";
    else if (holder == BUDDY_SET_ASIDE)
        because = "Frames never used (%s) come last. A freed run is long enough.";
    quiz_offer(maker, first, label_of(first, label), because, quiz_tell_range(words, part),
               quiz_tell_count(length, quiz_length(part)), maker->question->request.count);
}

static void tell_why(struct quiz_maker *maker, const struct quiz_place *place)
{
    unsigned count = maker->question->request.count;
    struct quiz_range last = place->run;
    char words[QUIZ_RANGE_MAX];
    char length[QUIZ_RANGE_MAX];
    find_freed_last(maker, &last);
    quiz_tell_range(words, place->run);
    quiz_tell_count(length, quiz_length(last));
    if (place->source == CHOICE_LAST)
        quiz_tell_why(maker, "The run freed last, %s, has just %s.", words, length);
    else if (place->source == CHOICE_CUT)
        quiz_tell_why(maker,
                      "The run freed last has %s, not %u. No run freed before is long enough. So "
                      "the block takes the highest of the frames never used.",
                      length, count);
    else
        quiz_tell_why(maker,
                      "The run freed last has %s, not %u. Of the runs freed before, the shortest "
                      "that is long enough is %s.%s",
                      length, count, words,
                      quiz_length(place->run) > count ? " The block takes its highest frames."
                                                      : "");
}

/* "8, 10-11": the free runs of that kind, or "none". */
static const char *tell_runs(const struct quiz_maker *maker, enum buddy_holder wanted,
                             char text[RUNS_MAX])
{
    struct quiz_range run;
    char words[QUIZ_RANGE_MAX];
    size_t length = 0;
    format_text(text, RUNS_MAX, "none");
    for (unsigned at = 0; quiz_next_free(maker, at, QUIZ_FRAMES, &run); at = run.end)
        if (quiz_part_at(maker, run.first, &run) == wanted)
            length += format_text(text + length, RUNS_MAX - length, "%s%s", length > 0 ? ", " : "",
                                  quiz_tell_short(words, run));
    return text;
}

static void ask_place(struct quiz_maker *maker)
{
    char last[RUNS_MAX];
    char before[RUNS_MAX];
    char unused[RUNS_MAX];
    quiz_teach(maker,
               "Freed last: %s. Freed before, in a list: %s. Never used, set aside: %s. A block "
               "takes the run freed last if that has just its length. If not, it takes the "
               "shortest run freed before that is long enough. If there is none, it takes frames "
               "never used. It takes the highest frames of a run.",
               tell_runs(maker, BUDDY_FREED_LAST, last), tell_runs(maker, BUDDY_IN_LIST, before),
               tell_runs(maker, BUDDY_SET_ASIDE, unused));
    quiz_ask(maker, QUIZ_ASKS_PLACE, "At which frame does the block of alloc %uf begin?",
             maker->question->request.count);
}

bool quiz_make_place(struct quiz_maker *maker)
{
    struct quiz_request request = quiz_request_of(1 + quiz_random(maker, 3));
    struct quiz_range run;
    struct quiz_place place;
    if (!is_plain(maker) || !find_freed_last(maker, &run) || !quiz_find(maker, request, &place) ||
        place.source > CHOICE_CUT || !is_only_one(maker, &place))
        return false;
    maker->question->request = request;
    offer_place(maker, &place, place.first);
    for (unsigned at = 0; quiz_next_free(maker, at, QUIZ_FRAMES, &run); at = run.end) {
        if (quiz_length(run) < request.count)
            continue;
        offer_place(maker, &place, (unsigned)run.end - request.count);
        offer_place(maker, &place, run.first);
    }
    ask_place(maker);
    tell_why(maker, &place);
    return maker->question->choice_count >= 3;
}

/* ---- with a condition ------------------------------------------------------------------------ */

/* The first multiple of the boundary inside; 0 if there is none. */
static unsigned inside_of(struct quiz_request request, unsigned first)
{
    unsigned multiple = (first | (request.boundary - 1u)) + 1;
    return multiple < first + request.count ? multiple : 0;
}

/* True if the condition allows the place; whether it is free is another question. */
static bool obeys(struct quiz_request request, unsigned first)
{
    return request.boundary ? inside_of(request, first) == 0 : first % request.align == 0;
}

static unsigned used_in(const struct quiz_maker *maker, unsigned first)
{
    return quiz_first_used(maker, quiz_range_of(first, maker->question->request.count));
}

static void offer_conditional(struct quiz_maker *maker, unsigned first)
{
    struct quiz_request request = maker->question->request;
    unsigned used = used_in(maker, first);
    char label[QUIZ_RANGE_MAX];
    char words[QUIZ_RANGE_MAX];
    label_of(first, label);
    quiz_tell_range(words, quiz_range_of(first, request.count));
    if (used < QUIZ_FRAMES)
        quiz_offer(maker, first, label, "Of %s, block %c has frame %u.", words,
                   maker->question->frames[used], used);
    else if (obeys(request, first))
        quiz_offer(maker, first, label, "%s", "");
    else if (request.boundary)
        quiz_offer(maker, first, label, "A block from %u on would cross %u, a multiple of %u.",
                   first, inside_of(request, first), request.boundary);
    else
        quiz_offer(maker, first, label, "%u is no multiple of %u.", first, request.align);
}

/*
 * Offers wrong places: those that are free and disobey, or those that obey and are not free; the
 * search for them begins somewhere.
 */
static void offer_wrong(struct quiz_maker *maker, bool wants_free)
{
    struct quiz_request request = maker->question->request;
    unsigned count = QUIZ_FRAMES + 1 - request.count;
    unsigned start = quiz_random(maker, count);
    for (unsigned i = 0; i < count; i++) {
        unsigned first = (start + i) % count;
        bool is_free = used_in(maker, first) == QUIZ_FRAMES;
        if (is_free == wants_free && obeys(request, first) != wants_free)
            offer_conditional(maker, first);
    }
}

/*
 * Where the block is must not depend on the rule, and a free place must tempt. `why` is formatted
 * with the block's frames, their count, and the number of the condition.
 */
static bool make_conditional(struct quiz_maker *maker, struct quiz_request request, const char *why)
{
    char words[QUIZ_RANGE_MAX];
    struct quiz_place place;
    unsigned count = 0;
    if (!quiz_find(maker, request, &place) || (place.first == 0 && quiz_random(maker, 6) > 0))
        return false;
    maker->question->request = request;
    for (unsigned first = 0; first + request.count <= QUIZ_FRAMES; first++)
        count += obeys(request, first) && used_in(maker, first) == QUIZ_FRAMES;
    quiz_tell_why(maker, why, quiz_tell_range(words, quiz_range_of(place.first, request.count)),
                  request.count, request.align + request.boundary);
    offer_conditional(maker, place.first);
    offer_wrong(maker, true);
    bool tempts = maker->question->choice_count > 1;
    offer_wrong(maker, false);
    return count == 1 && tempts && maker->question->choice_count >= 3;
}

bool quiz_make_align(struct quiz_maker *maker)
{
    struct quiz_request request = quiz_request_of(2 + quiz_random(maker, 2));
    unsigned count = request.count;
    unsigned align = 2u << quiz_random(maker, 3);
    request.align = (uint8_t)align;
    quiz_teach(maker, "With align %uf, a block begins at a multiple of %u.", align, align);
    quiz_ask(maker, QUIZ_ASKS_PLACE, "At which frame does the block of alloc %uf align %uf begin?",
             count, align);
    return make_conditional(maker, request,
                            "Free are %s. No other %u free frames begin at a multiple of %u.");
}

bool quiz_make_boundary(struct quiz_maker *maker)
{
    struct quiz_request request = quiz_request_of(2 + quiz_random(maker, 3));
    unsigned count = request.count;
    unsigned boundary = count < 4 ? 4 : 8;
    request.boundary = (uint8_t)boundary;
    quiz_teach(maker,
               "With within %uf, a block does not cross a multiple of %u. It lies inside of %s.",
               boundary, boundary, boundary == 4 ? "0-3, 4-7, 8-11 or 12-15" : "0-7 or 8-15");
    quiz_ask(maker, QUIZ_ASKS_PLACE, "At which frame does the block of alloc %uf within %uf begin?",
             count, boundary);
    return make_conditional(
        maker, request,
        "Free are %s. Any other %u frames are not all free, or cross a multiple of %u.");
}
