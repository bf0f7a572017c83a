/* Writes the words around a small machine's picture. */

#include "stage_words.h"

#include "kernel/lib/format.h"

/* Frames that are free, or with which a block begins, as the frames are shown. */
static unsigned count_frames(const struct stage *stage, enum stage_state state)
{
    unsigned count = 0;
    for (unsigned i = 0; i < stage_frame_count(stage); i++) {
        const struct stage_frame *frame = stage_frame_at(stage, i);
        count += frame->state == state && (state == STAGE_FREE || !frame->joins);
    }
    return count;
}

void stage_words_title(const struct stage *stage, char name[STAGE_TEXT_MAX],
                       char figures[STAGE_TEXT_MAX])
{
    const struct stage_memory *shown = stage->marks.is_past ? &stage->before : &stage->now;
    format_text(name, STAGE_TEXT_MAX, "machine %s: %u frames", stage->name,
                (unsigned)stage->totals.frame_count);
    format_text(figures, STAGE_TEXT_MAX, "free %u   longest run %u   blocks %u",
                count_frames(stage, STAGE_FREE), shown->nodes[1].longest,
                count_frames(stage, STAGE_USED));
}

const char *stage_words_idle(void)
{
    return "A box is a buddy: 2, 4, 8 ... frames, aligned to its own size. It counts its free "
           "frames: at the head, in the longest run, at the tail.";
}

const char *stage_words_textbook_rule(void)
{
    return "A textbook's buddy: each block has 1, 2, 4, 8 ... frames, and begins at a multiple of "
           "its size.";
}

void stage_words_textbook(const struct stage *stage, char text[STAGE_TEXT_MAX])
{
    const struct textbook *book = &stage->textbook;
    const struct textbook_request *last = &book->last_refused;
    size_t length = format_text(
        text, STAGE_TEXT_MAX, "lost inside of blocks %u   free %u   largest %u   refused %u",
        textbook_lost(book), book->free_count, textbook_largest(book), book->refused);
    if (book->refused > 0)
        format_text(text + length, STAGE_TEXT_MAX - length, "%s: %s, %u frame%s",
                    book->refused > 1 ? ", the last" : "", stage->owners.owners[last->owner].name,
                    last->count, last->count == 1 ? "" : "s");
}

/* Where in the window: words behind the others. */
static void add_conditions(const struct buddy_request *request, char words[STAGE_WORDS_MAX],
                           size_t length)
{
    if (request->align_frames > 1)
        length += format_text(words + length, STAGE_WORDS_MAX - length, ", at a multiple of %u",
                              (unsigned)request->align_frames);
    if (request->boundary_frames)
        format_text(words + length, STAGE_WORDS_MAX - length, ", across no multiple of %u",
                    (unsigned)request->boundary_frames);
}

void stage_words_window(const struct stage *stage, struct frame_range numbers,
                        const struct buddy_request *request, char words[STAGE_WORDS_MAX])
{
    bool is_conditional = request->align_frames > 1 || request->boundary_frames;
    unsigned count = stage_frame_count(stage);
    char frames[STAGE_WORDS_MAX];
    size_t length;
    if (numbers.first == 0 && numbers.end == count)
        length = format_text(words, STAGE_WORDS_MAX,
                             is_conditional ? "it must lie here" : "it may lie anywhere");
    else if (numbers.first == 0)
        length = format_text(words, STAGE_WORDS_MAX, "it must lie here: below frame %u",
                             (unsigned)numbers.end);
    else if (numbers.end == count)
        length = format_text(words, STAGE_WORDS_MAX, "it must lie here: from frame %u on",
                             (unsigned)numbers.first);
    else
        length = format_text(words, STAGE_WORDS_MAX, "it must lie here: %.40s",
                             stage_name_frames(frames, numbers));
    add_conditions(request, words, length);
}

size_t stage_words_longest(const struct stage *stage, unsigned node, char *text, size_t room)
{
    const struct stage_counts *counts = &stage->now.nodes[node];
    const struct stage_counts *lower = &stage->now.nodes[2 * node];
    const struct stage_counts *upper = &stage->now.nodes[2 * node + 1];
    return format_text(text, room, "%u (the largest of %u, %u and %u + %u across the middle)",
                       counts->longest, lower->longest, upper->longest, lower->tail, upper->head);
}

/* ---- who has free frames --------------------------------------------------------------------- */

const char *stage_words_holder(const struct stage *stage, const struct stage_frame *frame)
{
    static const char *const words[] = {"", "list", "rest", "last"};
    bool has_window = stage->marks.window.first < stage->marks.window.end;
    bool is_hidden = stage->hides_holders || has_window;
    return frame->state == STAGE_FREE && !is_hidden ? words[frame->holder] : "";
}

bool stage_words_have_holders(const struct stage *stage)
{
    for (unsigned i = 0; i < stage_frame_count(stage); i++)
        if (stage_words_holder(stage, stage_frame_at(stage, i))[0])
            return true;
    return false;
}

#define WORDS_ORDER_MAX 4 /* of machines whose cells have room for a word */

const char *stage_words_holders(const struct stage *stage)
{
    if (stage->order > WORDS_ORDER_MAX || !stage_words_have_holders(stage))
        return "";
    return "words: where free frames are kept (last: freed last, list: by length, "
           "rest: cut next)";
}

/* ---- what is pointed at ---------------------------------------------------------------------- */

static void tell_box(const struct stage *stage, struct frame_range numbers, unsigned order,
                     char text[STAGE_TEXT_MAX])
{
    unsigned node = stage_node(stage, order, (unsigned)numbers.first);
    const struct stage_counts *counts = &stage->now.nodes[node];
    char words[STAGE_WORDS_MAX];
    size_t length =
        format_text(text, STAGE_TEXT_MAX, "%s, order %u: head %u, tail %u, longest ",
                    stage_name_frames(words, numbers), order, counts->head, counts->tail);
    length += stage_words_longest(stage, node, text + length, STAGE_TEXT_MAX - length);
    length += format_text(text + length, STAGE_TEXT_MAX - length, ".");
    if (node > 1)
        format_text(text + length, STAGE_TEXT_MAX - length, " The other half: %s.",
                    stage_name_frames(words, stage_node_frames(stage, node ^ 1)));
}

static void tell_frame(const struct stage *stage, unsigned number, char text[STAGE_TEXT_MAX])
{
    static const char *const holders[] = {"the tree", "a list", "a run set aside to be cut",
                                          "the run freed last"};
    const struct stage_frame *frame = &stage->now.frames[number];
    unsigned first = number;
    while (first > 0 && stage->now.frames[first].joins)
        first--;
    unsigned length = stage->now.frames[first].length;
    char words[STAGE_WORDS_MAX];
    stage_name_frames(words, (struct frame_range){first, first + length});
    if (frame->state == STAGE_USED)
        format_text(text, STAGE_TEXT_MAX, "frame %u: used, in the block of %s at %s.", number,
                    stage->owners.owners[frame->owner].name, words);
    else if (frame->state == STAGE_FREE)
        format_text(text, STAGE_TEXT_MAX, "frame %u: free, in %s at %s.", number,
                    holders[frame->holder], words);
    else
        format_text(text, STAGE_TEXT_MAX, "frame %u: no memory.", number);
}

void stage_words_pointed(const struct stage *stage, struct frame_range numbers, unsigned order,
                         char text[STAGE_TEXT_MAX])
{
    if (order == 0)
        tell_frame(stage, (unsigned)numbers.first, text);
    else
        tell_box(stage, numbers, order, text);
    text[0] = 'F';
}
