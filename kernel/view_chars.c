/*
 * The map and the blocks are added to the cells that they cover, one after the other; then each cell
 * becomes a character. The scale is the finest at which all rows with RAM find room.
 */

#include "view_chars.h"

#include "kernel/format.h"
#include "kernel/string.h"
#include "view_text.h"

#define GRID_TOP 1
#define GRID_LEFT 15
#define COLUMN_BITS 6
#define LEGEND_TOP (GRID_TOP + VIEW_CHARS_GRID_ROWS)
#define LEGEND_ROWS 2
#define RULE_ROW (VIEW_CHARS_ROWS - 1)

/* Colours, in the upper byte. */
#define NORMAL 0x0700u
#define BRIGHT 0x0F00u
#define DIM 0x0800u
#define TITLE 0x7000u
#define FREE 0x0300u
#define INK_SHIFT 8
#define PAPER_SHIFT 12

#define SHADE_FREE 0xB0u
#define LINE_HORIZONTAL 0xC4u

void view_chars_init(struct view_chars *view)
{
    view_owners_init(&view->owners);
}

/* ---- the grid ----------------------------------------------------------------------------------- */

/* Lists the rows that RAM lies in; false if there are more than find room. */
static bool list_rows(struct view_chars_grid *grid, const struct memmap *map)
{
    unsigned shift = FRAME_SHIFT + grid->cell_order + COLUMN_BITS;
    uint64_t next = 0;

    grid->row_count = 0;
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        if (region->kind != REGION_USABLE)
            continue;
        uint64_t row = region->base >> shift;
        for (row = row > next ? row : next; row <= (region->end - 1) >> shift; row++) {
            if (grid->row_count == VIEW_CHARS_GRID_ROWS)
                return false;
            grid->rows[grid->row_count++] = row;
            next = row + 1;
        }
    }
    return true;
}

static struct view_chars_content *content_at(struct view_chars_grid *grid, pfn_t pfn)
{
    unsigned row = 0;

    while (grid->rows[row] != pfn >> (grid->cell_order + COLUMN_BITS))
        row++;
    return &grid->cells[row][pfn >> grid->cell_order & (VIEW_CHARS_GRID_COLUMNS - 1)];
}

static void vote(struct view_chars_content *content, uint8_t owner, pfn_t frame_count)
{
    content->used_count += frame_count;
    if (content->owner == owner) {
        content->vote += frame_count;
    } else if (content->vote >= frame_count) {
        content->vote -= frame_count;
    } else {
        content->vote = frame_count - content->vote;
        content->owner = owner;
    }
}

/* Adds frames; owner 0 stands for nobody. */
static void add(struct view_chars_grid *grid, pfn_t first, pfn_t end, bool used, uint8_t owner)
{
    pfn_t cell_frames = (pfn_t)1 << grid->cell_order;

    while (first < end) {
        pfn_t next = (first & ~(cell_frames - 1)) + cell_frames;
        next = next < end ? next : end;
        struct view_chars_content *content = content_at(grid, first);
        if (used)
            vote(content, owner, next - first);
        else
            content->free_count += next - first;
        first = next;
    }
}

static uint8_t enter_owner(struct view_chars *view, const char *name, bool at_boot, pfn_t frames)
{
    view_owners_add(&view->owners, name, at_boot, frames << FRAME_SHIFT);
    return (uint8_t)view->owners.last;
}

static void add_managed(struct view_chars *view, struct view_chars_grid *grid,
                        const struct region *region, struct mm *mm)
{
    phys_t cursor = region->base;
    pfn_t next = region->base >> FRAME_SHIFT;
    struct mm_block block;

    while (mm_next_block(mm, &cursor, &block) && block.base < region->end) {
        pfn_t first = block.base >> FRAME_SHIFT;
        pfn_t end = cursor >> FRAME_SHIFT;
        add(grid, next, first, false, 0);
        add(grid, first, end, true, enter_owner(view, block.owner, false, end - first));
        next = end;
    }
    add(grid, next, region->end >> FRAME_SHIFT, false, 0);
}

static void gather(struct view_chars *view, struct view_chars_grid *grid, const struct memmap *map,
                   struct mm *mm)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        pfn_t first = region->base >> FRAME_SHIFT;
        pfn_t end = region->end >> FRAME_SHIFT;
        if (region->kind != REGION_USABLE)
            continue;
        if (region->owner)
            add(grid, first, end, true, enter_owner(view, region->owner, true, end - first));
        else
            add_managed(view, grid, region, mm);
    }
}

/* ---- characters ------------------------------------------------------------------------------------ */

static char letter_of(unsigned owner)
{
    return (char)(owner < 26 ? 'A' + owner : '#');
}

static view_char_t ink_of(unsigned owner)
{
    static const uint8_t inks[] = {0xB, 0xE, 0xA, 0xD, 0xC, 0x9};
    return (view_char_t)(inks[owner % sizeof inks] << INK_SHIFT);
}

static void put_text(struct view_chars *view, int row, int column, const char *text,
                     view_char_t colours)
{
    for (; *text && column < VIEW_CHARS_COLUMNS; text++)
        view->cells[row][column++] = (view_char_t)(colours | (uint8_t)*text);
}

static void fill_row(struct view_chars *view, int row, view_char_t cell)
{
    for (int column = 0; column < VIEW_CHARS_COLUMNS; column++)
        view->cells[row][column] = cell;
}

static view_char_t character_of(const struct view_chars_content *content)
{
    if (content->used_count == 0)
        return content->free_count == 0 ? NORMAL | ' ' : FREE | SHADE_FREE;
    char letter = letter_of(content->owner);
    if (content->free_count != 0 && letter != '#')
        letter = (char)(letter - 'A' + 'a');
    return (view_char_t)(ink_of(content->owner) | (uint8_t)letter);
}

static void draw_grid(struct view_chars *view, const struct view_chars_grid *grid)
{
    for (unsigned row = 0; row < grid->row_count; row++) {
        char label[GRID_LEFT + 4];
        unsigned shift = FRAME_SHIFT + grid->cell_order + COLUMN_BITS;
        format_text(label, sizeof label, "0x%llx", (unsigned long long)(grid->rows[row] << shift));
        put_text(view, GRID_TOP + (int)row, 1, label, DIM);
        for (int column = 0; column < VIEW_CHARS_GRID_COLUMNS; column++)
            view->cells[GRID_TOP + row][GRID_LEFT + column] =
                character_of(&grid->cells[row][column]);
    }
}

static void draw_title(struct view_chars *view, const struct view_chars_grid *grid, struct mm *mm)
{
    struct mm_totals totals;
    char managed[VIEW_AMOUNT_MAX], free[VIEW_AMOUNT_MAX], used[VIEW_AMOUNT_MAX];
    char largest[VIEW_AMOUNT_MAX], cell[VIEW_AMOUNT_MAX];
    char text[2 * VIEW_CHARS_COLUMNS];

    mm_get_totals(mm, &totals);
    format_text(text, sizeof text, " Ashlar   %s: free %s, used %s, largest %s, blocks %u; cell %s",
                view_format_amount(managed, totals.frame_count << FRAME_SHIFT),
                view_format_amount(free, totals.free_count << FRAME_SHIFT),
                view_format_amount(used, (totals.frame_count - totals.free_count) << FRAME_SHIFT),
                view_format_amount(largest, totals.largest_run << FRAME_SHIFT),
                (unsigned)totals.block_count,
                view_format_amount(cell, (uint64_t)FRAME_BYTES << grid->cell_order));
    fill_row(view, 0, TITLE | ' ');
    put_text(view, 0, 0, text, TITLE);
}

/* Entries that find no room in the rows are left out: whoever holds most comes first. */
static void draw_legend(struct view_chars *view)
{
    uint8_t ranked[VIEW_OWNER_COUNT];
    size_t count = view_owners_rank(&view->owners, ranked, VIEW_OWNER_COUNT);
    int row = LEGEND_TOP;
    int column = 1;

    for (size_t i = 0; i < count && i < VIEW_OWNER_COUNT; i++) {
        const struct view_owner *owner = &view->owners.owners[ranked[i]];
        char amount[VIEW_AMOUNT_MAX];
        char text[VIEW_OWNER_NAME_MAX + VIEW_AMOUNT_MAX + 4];
        size_t length = format_text(text, sizeof text, "%s %s", owner->name,
                                    view_format_amount(amount, owner->held_bytes));
        if (column + 2 + (int)length > VIEW_CHARS_COLUMNS) {
            column = 1;
            if (++row == LEGEND_TOP + LEGEND_ROWS)
                return;
        }
        view->cells[row][column] = (view_char_t)(ink_of(ranked[i]) | (uint8_t)letter_of(ranked[i]));
        put_text(view, row, column + 2, text, NORMAL);
        column += 2 + (int)length + 3;
    }
}

void view_chars_draw(struct view_chars *view, const struct memmap *map, struct mm *mm)
{
    struct view_chars_grid *grid = &view->grid;

    memset(grid, 0, sizeof *grid);
    while (!list_rows(grid, map))
        grid->cell_order++;
    view_owners_reset(&view->owners);
    gather(view, grid, map, mm);
    for (int row = 0; row < VIEW_CHARS_ROWS; row++)
        fill_row(view, row, NORMAL | ' ');
    draw_title(view, grid, mm);
    draw_grid(view, grid);
    draw_legend(view);
    fill_row(view, RULE_ROW, DIM | LINE_HORIZONTAL);
}

view_char_t view_char_in_monochrome(view_char_t cell)
{
    unsigned ink = cell >> INK_SHIFT & 0xF;
    unsigned paper = cell >> PAPER_SHIFT & 0x7;
    view_char_t code = cell & 0xFF;

    if (paper != 0)
        return TITLE | code;
    return (ink >= 9 ? BRIGHT : NORMAL) | code;
}
