/* Says what an event was. */

#include "view_past.h"

#include "kernel/lib/format.h"
#include "view_grid.h"

/* Without a command it was a driver's timer, or the kernel's own doing between two commands. */
static const char *cause_of(const struct past_entry *event)
{
    return event->cause ? event->cause : "kernel";
}

static void tell_block(const struct past_entry *event, const struct view_naming *naming,
                       char text[VIEW_PAST_MAX])
{
    char words[VIEW_WORDS_MAX];
    bool is_taken = event->what == PAST_ALLOCATED;
    phys_t base = event->as.block.base;
    view_words_range(words, naming, view_frames_between(base, base + event->as.block.size_bytes));
    format_text(text, VIEW_PAST_MAX, "%s %s %s %s %s: block %llu.", cause_of(event),
                is_taken ? "took" : "gave back", words, is_taken ? "for" : "of",
                event->as.block.owner, (number_t)event->as.block.id);
}

static void tell_many(const struct past_entry *event, char text[VIEW_PAST_MAX])
{
    number_t allocated = event->as.many.allocated;
    number_t freed = event->as.many.freed;
    format_text(text, VIEW_PAST_MAX, "%s took %llu block%s and gave back %llu, all in one event.",
                cause_of(event), allocated, allocated == 1 ? "" : "s", freed);
}

const char *view_past_tell(char text[VIEW_PAST_MAX], const struct past *past,
                           const struct view_naming *naming)
{
    const struct past_entry *event = past_event(past);
    if (!event && past->oldest > 0)
        format_text(text, VIEW_PAST_MAX,
                    "This is the oldest moment that is kept: %u older event%s dropped.",
                    (unsigned)past->oldest, past->oldest == 1 ? " was" : "s were");
    else if (!event)
        format_text(text, VIEW_PAST_MAX, "Here the record begins: there is nothing before.");
    else if (event->what == PAST_MANY)
        tell_many(event, text);
    else
        tell_block(event, naming, text);
    return text;
}

const char *view_past_tell_fields(char text[VIEW_PAST_MAX], const struct past *past)
{
    const struct past_entry *event = past_event(past);
    size_t length =
        format_text(text, VIEW_PAST_MAX, "moment=%u of=%u dropped=%u what=", (unsigned)past->at,
                    (unsigned)past->last, (unsigned)past->oldest);
    char *rest = text + length;
    size_t left = VIEW_PAST_MAX - length;
    if (!event)
        format_text(rest, left, "start");
    else if (event->what == PAST_MANY)
        format_text(rest, left, "many by=%s allocated=%llu freed=%llu", cause_of(event),
                    (number_t)event->as.many.allocated, (number_t)event->as.many.freed);
    else
        format_text(rest, left, "%s by=%s id=%llu base=0x%llx bytes=%llu owner=%s",
                    event->what == PAST_ALLOCATED ? "allocated" : "freed", cause_of(event),
                    (number_t)event->as.block.id, (number_t)event->as.block.base,
                    (number_t)event->as.block.size_bytes, event->as.block.owner);
    return text;
}
