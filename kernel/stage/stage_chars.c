/* Draws a small machine's picture in characters: 64 columns for the frames, or fewer. */

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/lib/wrap.h"
#include "stage.h"
#include "stage_words.h"

#define MARGIN 1
#define LEFT 12
#define TREE_TOP 1
#define COLUMN_BITS 6
#define TEXT_ROWS 2
#define BOOK_TREE_ROWS 4 /* of the tree, above the textbook */
#define TEXT_MAX (VIEW_CHARS_COLUMNS + 1)

#define NORMAL VIEW_CHARS_NORMAL
#define TITLE VIEW_CHARS_TITLE
#define DIM 0x0700
#define BRIGHT 0x0F00
#define OUTSIDE 0x0800
#define FREE 0x3000 /* black on cyan */
#define INNER 0x0300
#define LIT 0xE000 /* black on yellow: blinking where bit 7 means that, but for this it is off */
#define ACCENT 0x0E00
#define REFUSED 0x4F00
#define LOST 0x0C00
#define INK_SHIFT 8

#define CHAR_SHADE 0xB0
#define CHAR_LINE 0xC4
#define CHAR_EDGE 0xB3

typedef view_char_t row_t[VIEW_CHARS_COLUMNS];

static void write_at(row_t *cells, int row, int column, view_char_t colours, const char *text)
{
    view_chars_write(cells[row] + column, colours, text, (size_t)(VIEW_CHARS_COLUMNS - column));
}

static void fill(row_t *cells, int row, int column, int end, view_char_t cell)
{
    for (; column < end; column++)
        cells[row][column] = cell;
}

/* The column at which a frame begins: up to four frames share one, or one has up to four. */
static int column_of(const struct stage *stage, pfn_t frame)
{
    unsigned bits = stage->order < 4 ? stage->order + 2 : COLUMN_BITS;
    return LEFT + (int)(bits > stage->order ? frame << (bits - stage->order)
                                            : frame >> (stage->order - bits));
}

/* The least order of which a box has two characters, and its row room. */
static unsigned least_order(const struct stage *stage)
{
    unsigned order = 1;
    if (stage->shows_textbook && stage->order > BOOK_TREE_ROWS)
        order = stage->order - BOOK_TREE_ROWS + 1;
    while (column_of(stage, (pfn_t)1 << order) - LEFT < 2)
        order++;
    return order;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static view_char_t colours_of(enum stage_kind kind, enum stage_look look, bool is_old)
{
    if (look == STAGE_REFUSED)
        return REFUSED;
    if (look >= STAGE_CHANGED)
        return LIT;
    if (look == STAGE_WAY)
        return ACCENT;
    return kind == STAGE_FULL                                       ? FREE
           : kind == STAGE_SPLIT || (kind == STAGE_PART && !is_old) ? BRIGHT
           : kind == STAGE_INNER                                    ? INNER
                                                                    : DIM;
}

static void label_node(const struct stage *stage, unsigned node, int room, char text[TEXT_MAX])
{
    const struct stage_counts *counts = stage_counts_at(stage, node);
    switch (stage_kind_of(stage, node)) {
    case STAGE_FULL:
        format_text(text, TEXT_MAX, room < 4 ? "f" : "free");
        break;
    case STAGE_PART:
        format_text(text, TEXT_MAX, "%u %u %u", counts->head, counts->longest, counts->tail);
        if ((int)strlen(text) > room)
            format_text(text, TEXT_MAX, "%u", counts->longest);
        break;
    case STAGE_SPLIT:
        format_text(text, TEXT_MAX, room < 5 ? "" : "split");
        break;
    case STAGE_TAKEN:
        format_text(text, TEXT_MAX, room < 4 ? "" : "used");
        break;
    default:
        text[0] = '\0';
        break;
    }
}

/* Between two strokes, if there is room for them and a character. */
static void draw_node(const struct stage *stage, row_t *cells, int row, unsigned node)
{
    struct frame_range frames = stage_node_frames(stage, node);
    enum stage_kind kind = stage_kind_of(stage, node);
    view_char_t colours =
        colours_of(kind, (enum stage_look)stage->marks.nodes[node], stage_is_old(stage, node));
    int left = column_of(stage, frames.first);
    int right = column_of(stage, frames.end);
    char text[TEXT_MAX];
    if (kind == STAGE_BLANK)
        return;
    label_node(stage, node, right - left - 1, text);
    fill(cells, row, left, right, colours | (kind == STAGE_INNER ? CHAR_SHADE : ' '));
    cells[row][left] = colours | CHAR_EDGE;
    int length = (int)strlen(text);
    if (length < right - left)
        write_at(cells, row, (left + 1 + right - length) / 2, colours, text);
}

static void draw_tree(const struct stage *stage, row_t *cells)
{
    int row = TREE_TOP;
    char text[TEXT_MAX];
    for (unsigned order = stage->order; order >= least_order(stage); order--, row++) {
        format_text(text, sizeof text, "%u frames", 1u << order);
        write_at(cells, row, MARGIN, DIM, text);
        for (unsigned i = 0; i < stage_frame_count(stage); i += 1u << order)
            draw_node(stage, cells, row, stage_node(stage, order, i));
    }
}

static int frames_row(const struct stage *stage)
{
    return TREE_TOP + (int)(stage->order - least_order(stage)) + 1;
}

/* ---- frames ---------------------------------------------------------------------------------- */

static view_char_t look_of_frame(const struct stage *stage, unsigned number, char *letter)
{
    const struct stage_frame *frame = stage_frame_at(stage, number);
    const struct view_owner *owner = &stage->owners.owners[frame->owner];
    enum stage_look look = (enum stage_look)stage->marks.frames[number];
    bool has_word = stage_words_holder(stage, frame)[0];
    static const char free_letters[] = {'.', ':', '=', '*'}; /* by enum buddy_holder */
    *letter = frame->state == STAGE_USED   ? owner->letter
              : frame->state == STAGE_FREE ? free_letters[has_word ? frame->holder : BUDDY_IN_TREE]
                                           : ' ';
    if (look == STAGE_REFUSED)
        return REFUSED;
    if (look >= STAGE_CHANGED || look == STAGE_LISTED)
        return LIT;
    if (look == STAGE_OUTSIDE)
        return OUTSIDE;
    if (stage_kind_of(stage, stage_frame_count(stage) + number) == STAGE_FULL)
        return FREE; /* a buddy of one frame */
    return frame->state == STAGE_USED ? (view_char_t)(view_style_ink(owner->style) << INK_SHIFT)
                                      : INNER;
}

static void draw_frames(const struct stage *stage, row_t *cells, int row)
{
    char text[TEXT_MAX];
    int width = column_of(stage, 1) - LEFT;
    write_at(cells, row, MARGIN, DIM, "frames");
    for (unsigned i = 0; i < stage_frame_count(stage); i++) {
        char letter;
        view_char_t colours = look_of_frame(stage, i, &letter);
        int left = column_of(stage, i);
        bool is_wide = width > 1;
        if (is_wide || i % 4 == 0 || stage->order <= COLUMN_BITS)
            fill(cells, row, left + is_wide, left + (width > 0 ? width : 1),
                 colours | (uint8_t)letter);
        if (is_wide)
            cells[row][left] = colours == LIT ? LIT | ' ' : NORMAL | ' ';
    }
    unsigned step = width >= 4 ? 1 : width >= 1 ? 8 : 32;
    for (unsigned i = 0; i < stage_frame_count(stage); i += step) {
        format_text(text, sizeof text, "%u", i);
        write_at(cells, row + 1, column_of(stage, i) + (width > 1), DIM, text);
    }
}

static void draw_window(const struct stage *stage, row_t *cells, int row)
{
    const struct stage_marks *marks = &stage->marks;
    if (marks->window.first >= marks->window.end) {
        if (stage_words_have_holders(stage))
            write_at(cells, row, LEFT, DIM,
                     "* freed last   : in a list   = set aside, to be cut   . in the tree");
        return;
    }
    int left = column_of(stage, marks->window.first);
    int right = column_of(stage, marks->window.end);
    int length = (int)strlen(marks->window_words);
    fill(cells, row, left, right, ACCENT | CHAR_LINE);
    cells[row][left] = ACCENT | 0xC0;
    cells[row][right - 1] = ACCENT | 0xD9;
    int at = (left + right - length) / 2;
    at = at + length > VIEW_CHARS_COLUMNS ? VIEW_CHARS_COLUMNS - length : at;
    write_at(cells, row, at < LEFT ? LEFT : at, ACCENT, marks->window_words);
}

/* ---- the textbook, the sentence -------------------------------------------------------------- */

static void draw_textbook(const struct stage *stage, row_t *cells, int row)
{
    const struct textbook *book = &stage->textbook;
    char text[TEXT_MAX];
    write_at(cells, row, MARGIN, DIM, "textbook");
    for (unsigned i = 0; i < stage_frame_count(stage); i += 1u << book->frames[i].order)
        for (unsigned j = i; j < i + (1u << book->frames[i].order); j++) {
            const struct textbook_frame *block = &book->frames[i];
            const struct view_owner *owner = &stage->owners.owners[block->owner];
            view_char_t cell = INNER | '.';
            if (!block->is_free && j - i < block->asked)
                cell = (view_char_t)(view_style_ink(owner->style) << INK_SHIFT | owner->letter);
            else if (!block->is_free)
                cell = LOST | 'x';
            int left = column_of(stage, j);
            int right = column_of(stage, j + 1);
            fill(cells, row, left + (right - left > 1), right > left ? right : left + 1, cell);
        }
    write_at(cells, row + 1, MARGIN, DIM, "sizes 1, 2, 4, 8 .., at multiples of them");
    size_t length = format_text(text, sizeof text, "lost %u  largest %u  refused %u",
                                textbook_lost(book), textbook_largest(book), book->refused);
    if (book->refused > 0)
        format_text(text + length, sizeof text - length, ": %c, %u",
                    stage->owners.owners[book->last_refused.owner].letter,
                    book->last_refused.count);
    bool is_good = textbook_lost(book) == 0 && book->refused == 0;
    write_at(cells, row + 1, VIEW_CHARS_COLUMNS - MARGIN - (int)strlen(text),
             is_good ? NORMAL : LOST, text);
}

static void draw_text(const struct stage *stage, row_t *cells)
{
    const char *text = stage->marks.text[0] ? stage->marks.text : stage_words_idle();
    view_char_t colours = stage->marks.text[0] ? ACCENT : DIM;
    const char *line;
    size_t length;
    for (int row = VIEW_CHARS_ROWS - TEXT_ROWS;
         row < VIEW_CHARS_ROWS &&
         (line = wrap_next(&text, VIEW_CHARS_COLUMNS - 2 * MARGIN, &length));
         row++)
        view_chars_write(cells[row] + MARGIN, colours, line, length);
}

void stage_draw_chars(const struct stage *stage,
                      view_char_t cells[VIEW_CHARS_ROWS][VIEW_CHARS_COLUMNS])
{
    char name[STAGE_TEXT_MAX];
    char figures[STAGE_TEXT_MAX];
    int row = frames_row(stage);
    for (int i = 0; i < VIEW_CHARS_ROWS; i++)
        fill(cells, i, 0, VIEW_CHARS_COLUMNS, (i == 0 ? TITLE : NORMAL) | ' ');
    stage_words_title(stage, name, figures);
    write_at(cells, 0, MARGIN, TITLE, name);
    write_at(cells, 0, VIEW_CHARS_COLUMNS - MARGIN - (int)strlen(figures), TITLE, figures);
    draw_tree(stage, cells);
    draw_frames(stage, cells, row);
    draw_window(stage, cells, row + 2 < VIEW_CHARS_ROWS - TEXT_ROWS ? row + 2 : row + 1);
    if (stage->shows_textbook)
        draw_textbook(stage, cells, row + 3);
    draw_text(stage, cells);
}
