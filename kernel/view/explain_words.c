/* The steps of a search in words. */

#include "explain.h"

#include "view_grid.h"

const char *explain_word(const struct explain_step *step)
{
    static const char *const words[] = {
        "window", "band", "lists",   "tree",       "free",     "over",   "enter", "unlike",
        "short",  "cut",  "outside", "misaligned", "crossing", "inside", "place", "no-place"};
    return words[step->what];
}

const char *explain_from_word(const struct explain_step *step)
{
    static const char *const words[] = {"last", "list", "rest", "last", "joined", "tree"};
    return step->what == EXPLAIN_PLACE || explain_is_refusal(step) ? words[step->from] : NULL;
}

/* ---- sentences ------------------------------------------------------------------------------- */

struct sentence {
    char *text;
    size_t length;
};

static void say(struct sentence *sentence, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct sentence *sentence, const char *format, ...)
{
    va_list arguments;
    size_t room = EXPLAIN_TEXT_MAX - sentence->length;
    va_start(arguments, format);
    size_t length = format_list(sentence->text + sentence->length, room, format, arguments);
    va_end(arguments);
    sentence->length += length < room ? length : room - 1;
}

/* "1 frame", "3 frames". */
static const char *count(char text[VIEW_WORDS_MAX], pfn_t frames)
{
    static const struct view_naming by_number = {0, 1};
    return view_words_amount(text, &by_number, frames);
}

static void say_where(struct sentence *sentence, const struct explain *explain)
{
    const struct buddy_request *request = &explain->request;
    char low[VIEW_WORDS_MAX];
    char high[VIEW_WORDS_MAX];
    bool has_limit = request->limit < PHYS_LIMIT >> FRAME_SHIFT;
    view_words_point(low, &explain->naming, request->lowest);
    view_words_point(high, &explain->naming, request->limit);
    if (!has_limit && request->lowest == 0)
        say(sentence, "anywhere");
    else if (!has_limit)
        say(sentence, "from %s on", low);
    else if (request->lowest == 0)
        say(sentence, "below %s", high);
    else
        say(sentence, "from %s on, and below %s", low, high);
}

/* The window, and what else the request asks for. */
static void say_window(struct sentence *sentence, const struct explain *explain)
{
    const struct buddy_request *request = &explain->request;
    char words[VIEW_WORDS_MAX];
    say(sentence, "Wanted: %s", count(words, request->frame_count));
    if (explain->naming.end == 0)
        say(sentence, " of 4 KiB, which is %s",
            view_words_amount(words, &explain->naming, request->frame_count));
    say(sentence, ", ");
    say_where(sentence, explain);
    if (request->align_frames > 1)
        say(sentence, ", at a multiple of %s",
            view_words_amount(words, &explain->naming, request->align_frames));
    if (request->boundary_frames)
        say(sentence, ", across no multiple of %s",
            view_words_amount(words, &explain->naming, request->boundary_frames));
    say(sentence, ".");
}

static void say_block(struct sentence *sentence, const struct explain *explain,
                      const struct explain_step *step)
{
    char place[VIEW_WORDS_MAX];
    char longest[VIEW_WORDS_MAX];
    number_t wanted = explain->request.frame_count;
    say(sentence, "In %s, ", view_words_range(place, &explain->naming, step->range));
    count(longest, step->longest);
    if (step->what == EXPLAIN_FREE)
        say(sentence, "all frames are free.");
    else if (step->what == EXPLAIN_ENTER)
        say(sentence, "the longest free run has %s (wanted: %llu): look inside.", longest, wanted);
    else if (step->longest < wanted)
        say(sentence, "the longest free run has %s (wanted: %llu): step over it.", longest, wanted);
    else
        say(sentence, "the longest free run has %s, but no place for %llu: step over it.", longest,
            wanted);
}

/* What there is of a run, and what of it is not good enough. */
static void say_refusal(struct sentence *sentence, const struct explain *explain,
                        const struct explain_step *step)
{
    static const char *const runs[] = {"The run freed last",
                                       "The listed run",
                                       "The run set aside",
                                       "The run freed last with the runs set aside beside it",
                                       "The run set aside with its free neighbours",
                                       "The free run"};
    const struct buddy_request *request = &explain->request;
    char words[VIEW_WORDS_MAX];
    number_t wanted = request->frame_count;
    const char *length = count(words, step->range.end - step->range.first);
    char place[VIEW_WORDS_MAX];
    view_words_range(place, &explain->naming, step->range);
    if (step->what == EXPLAIN_CUT) { /* only the part inside is known */
        say(sentence, "%s has only %s inside the window, %s (wanted: %llu).", runs[step->from],
            length, place, wanted);
        return;
    }
    say(sentence, "%s, %s, ", runs[step->from], place);
    switch (step->what) {
    case EXPLAIN_UNLIKE:
        say(sentence, "has %s, not just %llu: keep it for later.", length, wanted);
        break;
    case EXPLAIN_SHORT:
        say(sentence, "has %s (wanted: %llu): too short.", length, wanted);
        break;
    case EXPLAIN_OUTSIDE:
        say(sentence, "lies outside of the window.");
        break;
    case EXPLAIN_MISALIGNED:
        view_words_amount(words, &explain->naming, request->align_frames);
        say(sentence, "has no room for %llu frames that begin at a multiple of %s.", wanted, words);
        break;
    case EXPLAIN_CROSSING:
        view_words_amount(words, &explain->naming, request->boundary_frames);
        say(sentence, "has no place for %llu frames that cross no multiple of %s.", wanted, words);
        break;
    default:
        say(sentence, "is long enough, but has no place for %llu frames at its end%s.", wanted,
            step->from == CHOICE_LAST_END ? "s" : ", where blocks are cut off");
        break;
    }
}

static void say_place(struct sentence *sentence, const struct explain *explain,
                      const struct explain_step *step)
{
    static const char *const words[] = {
        "the run freed last, which has just this length",
        "in the shortest run of the lists that will do, of %s",
        "at the end of a run of %s that was set aside to cut blocks off",
        "at an end of the run of %s that was freed last, with what is set aside beside it",
        "in a run of %s, once what was set aside is put back",
        "the highest in the tree that will do"};
    char run[VIEW_WORDS_MAX];
    char place[VIEW_WORDS_MAX];
    char why[EXPLAIN_TEXT_MAX];
    count(run, explain->run.end - explain->run.first);
    format_text(why, sizeof why, words[step->from], run);
    say(sentence, "The place: %s, %s.", view_words_range(place, &explain->naming, step->range),
        why);
}

static void say_rest(struct sentence *sentence, const struct explain *explain,
                     const struct explain_step *step)
{
    number_t wanted = explain->request.frame_count;
    char words[VIEW_WORDS_MAX];
    char end[VIEW_WORDS_MAX];
    if (step->what == EXPLAIN_BAND && explain->naming.end > 0)
        say(sentence, "Search %s, from the top down.",
            view_words_range(words, &explain->naming, step->range));
    else if (step->what == EXPLAIN_BAND)
        say(sentence, "Search from %s down to %s.",
            view_words_point(end, &explain->naming, step->range.end),
            view_words_point(words, &explain->naming, step->range.first));
    else if (step->what == EXPLAIN_LISTS)
        say(sentence,
            "Short free runs are in lists, by length. No listed run of %s or more will do.",
            count(words, wanted));
    else if (step->what == EXPLAIN_TREE)
        say(sentence,
            "Now the tree, from the top down. Its longest free run has %s (wanted: %llu).",
            count(words, step->longest), wanted);
    else
        say(sentence, "No free run will do: such a request is refused.");
    if (step->what == EXPLAIN_TREE && step->head > 0)
        say(sentence, " %u more free frame%s set aside, outside of it.", (unsigned)step->head,
            step->head == 1 ? " is" : "s are");
}

const char *explain_tell(const struct explain *explain, const struct explain_step *step,
                         char text[EXPLAIN_TEXT_MAX])
{
    struct sentence sentence = {text, 0};
    text[0] = '\0';
    if (step->what == EXPLAIN_WINDOW)
        say_window(&sentence, explain);
    else if (explain_is_block(step))
        say_block(&sentence, explain, step);
    else if (explain_is_refusal(step))
        say_refusal(&sentence, explain, step);
    else if (step->what == EXPLAIN_PLACE)
        say_place(&sentence, explain, step);
    else
        say_rest(&sentence, explain, step);
    return text;
}
