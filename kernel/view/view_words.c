/* Says amounts and places of memory in few words. */

#include "view_words.h"

#include "kernel/lib/format.h"
#include "view_grid.h"

static bool by_number(const struct view_naming *naming)
{
    return naming->first < naming->end;
}

const char *view_words_amount(char text[VIEW_WORDS_MAX], const struct view_naming *naming,
                              pfn_t frame_count)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    uint64_t amount = view_bytes(frame_count) >> 10;
    size_t unit = 0;
    for (; unit < 3 && amount > 0 && amount % 1024 == 0; unit++)
        amount /= 1024;
    if (by_number(naming))
        format_text(text, VIEW_WORDS_MAX, "%llu frame%s", (number_t)frame_count,
                    frame_count == 1 ? "" : "s");
    else
        format_text(text, VIEW_WORDS_MAX, "%llu %s", (number_t)amount, units[unit]);
    return text;
}

const char *view_words_point(char text[VIEW_WORDS_MAX], const struct view_naming *naming, pfn_t pfn)
{
    static const struct view_naming by_address = {0};
    if (by_number(naming) && pfn >= naming->first && pfn <= naming->end)
        format_text(text, VIEW_WORDS_MAX, "frame %llu", (number_t)(pfn - naming->first));
    else if (pfn > 0 && view_bytes(pfn) % MIB == 0)
        view_words_amount(text, &by_address, pfn);
    else
        format_text(text, VIEW_WORDS_MAX, "0x%llx", view_bytes(pfn));
    return text;
}

const char *view_words_range(char text[VIEW_WORDS_MAX], const struct view_naming *naming,
                             struct frame_range range)
{
    char amount[VIEW_WORDS_MAX];
    char point[VIEW_WORDS_MAX];
    struct frame_range named = view_clip(range, (struct frame_range){naming->first, naming->end});
    if (!by_number(naming) || named.first >= named.end)
        format_text(text, VIEW_WORDS_MAX, "%.20s at %.20s",
                    view_words_amount(amount, naming, range.end - range.first),
                    view_words_point(point, naming, range.first));
    else if (named.end - named.first == 1)
        view_words_point(text, naming, named.first);
    else
        format_text(text, VIEW_WORDS_MAX, "frames %llu to %llu",
                    (number_t)(named.first - naming->first),
                    (number_t)(named.end - 1 - naming->first));
    return text;
}
