/* Questions about where a block goes. */

#include "kernel/lib/format.h"
#include "quiz_inside.h"

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
    struct quiz_range part;
    enum buddy_holder holder = quiz_part_at(maker, first, &part);
    const char *because = "A shorter run than %s is long enough.";
    if (first == place->first)
        because = "";
    else if (part.first == place->run.first)
        because = "The block gets the highest frames of its run.";
    else if (holder == BUDDY_FREED_LAST)
        because = "The run freed last, %s, serves only blocks of just its length.";
    else if (holder == BUDDY_SET_ASIDE)
        because = "The unused rest, %s, is cut only if no freed run serves.";
    else if (place->source == CHOICE_LAST)
        because = "The run freed last has just the length, so it comes first.";
    quiz_offer(maker, first, label_of(first, label), because, quiz_tell_range(words, part));
}

static void tell_why(struct quiz_maker *maker, const struct quiz_place *place)
{
    static const char *const why[] = {
        [CHOICE_LAST] = "The run freed last, %s, has just the length.",
        [CHOICE_LISTED] = "The shortest other freed run that serves is %s. The block gets its "
                          "highest frames.",
        [CHOICE_CUT] = "No freed run serves, so the block is cut off the end of %s."};
    char words[QUIZ_RANGE_MAX];
    quiz_tell_why(maker, why[place->source], quiz_tell_range(words, place->run));
}

static char last_freed(const struct quiz_question *question)
{
    char name = 0;
    for (size_t i = 0; i < question->act_count; i++)
        name = question->acts[i].frame_count == 0 ? question->acts[i].name : name;
    return name;
}

static void ask_place(struct quiz_maker *maker)
{
    struct quiz_range run;
    char words[QUIZ_RANGE_MAX] = "none";
    for (unsigned at = 0; quiz_next_free(maker, at, QUIZ_FRAMES, &run); at = run.end)
        if (quiz_part_at(maker, run.first, &run) == BUDDY_FREED_LAST)
            quiz_tell_range(words, run);
    quiz_ask(maker, QUIZ_ASKS_PLACE,
             "Block %c was freed last (now free there: %s). A block first goes to the run freed "
             "last if that has just its length, then to the shortest other freed run that is long "
             "enough, then to the unused rest. alloc %uf: at which frame does the block begin?",
             last_freed(maker->question), words, maker->question->request.count);
}

bool quiz_make_place(struct quiz_maker *maker)
{
    struct quiz_request request = quiz_request_of(1 + quiz_random(maker, 3));
    struct quiz_range run;
    struct quiz_place place;
    if (!is_plain(maker) || !quiz_find(maker, request, &place) || place.source > CHOICE_CUT ||
        !is_only_one(maker, &place))
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
    if (used < QUIZ_FRAMES)
        quiz_offer(maker, first, label, "Block %c has frame %u.", maker->question->frames[used],
                   used);
    else if (obeys(request, first))
        quiz_offer(maker, first, label, "%s", "");
    else if (request.boundary)
        quiz_offer(maker, first, label, "Frame %u, a multiple of %u, lies inside of %s.",
                   inside_of(request, first), request.boundary,
                   quiz_tell_range(words, quiz_range_of(first, request.count)));
    else
        quiz_offer(maker, first, label, "Frame %u does not lie at a multiple of %u.", first,
                   request.align);
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

/* Where the block is must not depend on the rule, and a free place must tempt. */
static bool make_conditional(struct quiz_maker *maker, struct quiz_request request)
{
    struct quiz_place place;
    unsigned count = 0;
    if (!quiz_find(maker, request, &place) || (place.first == 0 && quiz_random(maker, 6) > 0))
        return false;
    maker->question->request = request;
    for (unsigned first = 0; first + request.count <= QUIZ_FRAMES; first++)
        count += obeys(request, first) && used_in(maker, first) == QUIZ_FRAMES;
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
    quiz_ask(maker, QUIZ_ASKS_PLACE,
             "With align %uf, a block begins at a multiple of %u. alloc %uf align %uf: at which "
             "frame does the block begin?",
             align, align, count, align);
    quiz_tell_why(maker, "It is the only multiple of %u at which %u frames are free.", align,
                  count);
    return make_conditional(maker, request);
}

bool quiz_make_boundary(struct quiz_maker *maker)
{
    struct quiz_request request = quiz_request_of(2 + quiz_random(maker, 3));
    unsigned count = request.count;
    unsigned boundary = count < 4 ? 4 : 8;
    request.boundary = (uint8_t)boundary;
    quiz_ask(
        maker, QUIZ_ASKS_PLACE,
        "With within %uf, a block does not cross a multiple of %u (it may begin at one, or end "
        "before one). alloc %uf within %uf: at which frame does the block begin?",
        boundary, boundary, count, boundary);
    quiz_tell_why(maker, "Only there are %u frames free between two neighbouring multiples of %u.",
                  count, boundary);
    return make_conditional(maker, request);
}
