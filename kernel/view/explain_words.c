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

/* The window, and what else the request asks for. */
static void tell_window(const struct buddy_request *request, char text[EXPLAIN_TEXT_MAX])
{
    size_t length;
    if (request->limit >= PHYS_LIMIT >> FRAME_SHIFT)
        length = format_text(text, EXPLAIN_TEXT_MAX, "%llu frames anywhere above 0x%llx",
                             (number_t)request->frame_count, view_bytes(request->lowest));
    else
        length = format_text(text, EXPLAIN_TEXT_MAX, "%llu frames in [0x%llx, 0x%llx)",
                             (number_t)request->frame_count, view_bytes(request->lowest),
                             view_bytes(request->limit));
    if (request->align_frames > 1)
        length += format_text(text + length, EXPLAIN_TEXT_MAX - length, ", at a multiple of 0x%llx",
                              view_bytes(request->align_frames));
    if (request->boundary_frames)
        format_text(text + length, EXPLAIN_TEXT_MAX - length, ", no multiple of 0x%llx inside",
                    view_bytes(request->boundary_frames));
}

static void tell_block(const struct explain *explain, const struct explain_step *step,
                       char text[EXPLAIN_TEXT_MAX])
{
    number_t wanted = explain->request.frame_count;
    const char *format = "order %u at 0x%llx: longest free run %u frames, of %llu: looked into";
    if (step->what == EXPLAIN_FREE)
        format = "order %u at 0x%llx: all of its %u frames are free";
    else if (step->what == EXPLAIN_OVER && step->longest < wanted)
        format = "order %u at 0x%llx: longest free run %u frames, of %llu: stepped over";
    else if (step->what == EXPLAIN_OVER)
        format = "order %u at 0x%llx: longest free run %u frames, no place for %llu: stepped over";
    format_text(text, EXPLAIN_TEXT_MAX, format, (unsigned)step->order,
                view_bytes(step->range.first), (unsigned)step->longest, wanted);
}

/* What there is of a run, and what of it is not good enough. */
static void tell_refusal(const struct explain *explain, const struct explain_step *step,
                         char text[EXPLAIN_TEXT_MAX])
{
    static const char *const runs[] = {"run freed last",
                                       "listed run",
                                       "run set aside",
                                       "run freed last with its cut neighbours",
                                       "run set aside with its neighbours",
                                       "free run"};
    static const char *const reasons[] = {
        "%llu frames, not %llu",
        "%llu frames, of %llu: too short",
        "%llu frames inside the window, of %llu",
        "%llu frames, outside of the window",
        "%llu frames, no %llu from a multiple of 0x%llx on",
        "%llu frames, each place for %llu has a multiple of 0x%llx inside",
        "%llu frames, but no place for %llu at its end, where blocks are cut off",
        "%llu frames, but no place for %llu at its ends"};
    const struct buddy_request *request = &explain->request;
    size_t reason = step->what - EXPLAIN_UNLIKE;
    if (step->what == EXPLAIN_INSIDE && step->from == CHOICE_LAST_END)
        reason++;
    pfn_t unit = step->what == EXPLAIN_CROSSING ? request->boundary_frames : request->align_frames;
    size_t length = format_text(text, EXPLAIN_TEXT_MAX, "%s [0x%llx, 0x%llx): ", runs[step->from],
                                view_bytes(step->range.first), view_bytes(step->range.end));
    format_text(text + length, EXPLAIN_TEXT_MAX - length, reasons[reason],
                (number_t)(step->range.end - step->range.first), (number_t)request->frame_count,
                view_bytes(unit));
}

static void tell_place(const struct explain *explain, const struct explain_step *step,
                       char text[EXPLAIN_TEXT_MAX])
{
    static const char *const words[] = {
        "is the place: the run freed last has just that length",
        "is the place, in the list of runs of %llu frames",
        "is the place, at the end of the run of %llu frames that was set aside",
        "is the place, at an end of the run of %llu frames freed last with its cut neighbours",
        "is the place: what is set aside goes back, and makes a run of %llu frames",
        "is the place, the highest in the tree"};
    size_t length = format_text(text, EXPLAIN_TEXT_MAX, "[0x%llx, 0x%llx) ",
                                view_bytes(step->range.first), view_bytes(step->range.end));
    format_text(text + length, EXPLAIN_TEXT_MAX - length, words[step->from],
                (number_t)(explain->run.end - explain->run.first));
}

static void tell_rest(const struct explain *explain, const struct explain_step *step,
                      char text[EXPLAIN_TEXT_MAX])
{
    number_t wanted = explain->request.frame_count;
    number_t first = view_bytes(step->range.first);
    number_t end = view_bytes(step->range.end);
    if (step->what == EXPLAIN_BAND)
        format_text(text, EXPLAIN_TEXT_MAX, "searched: [0x%llx, 0x%llx)", first, end);
    else if (step->what == EXPLAIN_LISTS)
        format_text(text, EXPLAIN_TEXT_MAX, "no listed run of %llu frames or more will do", wanted);
    else if (step->what == EXPLAIN_TREE)
        format_text(text, EXPLAIN_TEXT_MAX,
                    "tree of [0x%llx, 0x%llx), from the right: longest free run %u frames, of %llu",
                    first, end, (unsigned)step->longest, wanted);
    else
        format_text(text, EXPLAIN_TEXT_MAX, "no free run in [0x%llx, 0x%llx) will do", first, end);
}

const char *explain_tell(const struct explain *explain, const struct explain_step *step,
                         char text[EXPLAIN_TEXT_MAX])
{
    if (step->what == EXPLAIN_WINDOW)
        tell_window(&explain->request, text);
    else if (explain_is_block(step))
        tell_block(explain, step, text);
    else if (explain_is_refusal(step))
        tell_refusal(explain, step, text);
    else if (step->what == EXPLAIN_PLACE)
        tell_place(explain, step, text);
    else
        tell_rest(explain, step, text);
    return text;
}
