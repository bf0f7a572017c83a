/*
 * The map and the allocator are walked once, in ascending order, as a sequence of pieces: what was
 * taken at boot, blocks, and the buddies that free memory falls into. Each piece adds to the cells
 * that it covers; a cell is finished when the first piece beyond it comes. So nothing has to be
 * kept but the cell at hand, and the stones that end in the row above.
 */

#include "view_frames.h"

#include "kernel/format.h"
#include "kernel/string.h"
#include "view_text.h"
#include "view_theme.h"

enum cell_flags {
    CELL_RAM = 1,
    CELL_JOINS_LEFT = 2, /* the same piece as the cell to the left */
    CELL_JOINS_ABOVE = 4,
    CELL_PARTIAL = 8, /* the next two only to be seen in the key */
    CELL_AT_BOOT = 16,
    CELL_BARREN = 32,
};

#define SHADE_COUNT 8
#define LEVEL_FULL 16
#define NO_STONE (~(pfn_t)0)

#define HEADING_GAP 6
#define ADDRESS_DIGITS 13 /* 2^52 in hexadecimal */
#define CELL_WIDTH_MIN 6
#define CELL_WIDTH_MAX 14
#define ROW_HEIGHT_MIN 7
#define GAP_SMALL 5
#define GAPS_LABELLED_MAX 4 /* with more gaps than that, they are narrow and say nothing */
#define SWATCH_PIXELS 10

/* A run of frames of one kind. */
struct piece {
    struct frame_range range;
    bool used;
    uint8_t style;
    uint8_t shade;
};

/* The cell at hand. The style is the majority's, by Boyer and Moore's vote. */
struct gathering {
    struct view_frames *frames;
    unsigned order_count;
    size_t row;
    size_t index; /* of the cell at hand, or VIEW_CELL_COUNT */
    pfn_t used_count;
    pfn_t free_count;
    pfn_t vote;
    struct piece used_piece;
    struct piece free_piece;
    /*
     * The first frame of the stone that each column showed last. Stones have no gaps, so where the
     * same one is met again, it is the row above, or this one, that showed it.
     */
    pfn_t stone[VIEW_COLUMN_COUNT];
};

static int grid_left(const struct view_frames *frames)
{
    return frames->area.left + ADDRESS_DIGITS * frames->label->width_pixels + HEADING_GAP;
}

void view_frames_init(struct view_frames *frames, struct canvas_rect area,
                      const struct font *heading, const struct font *label)
{
    int width;

    frames->area = area;
    frames->heading = heading;
    frames->label = label;
    width = area.right - grid_left(frames);
    frames->column_bits = 4;
    while (2 << frames->column_bits <= VIEW_COLUMN_COUNT &&
           width >> (frames->column_bits + 1) >= CELL_WIDTH_MIN)
        frames->column_bits++;
    frames->cell_width = width >> frames->column_bits;
    if (frames->cell_width > CELL_WIDTH_MAX)
        frames->cell_width = CELL_WIDTH_MAX;
    frames->area.right = grid_left(frames) + (frames->cell_width << frames->column_bits);
    frames->drawn_layout = 0;
    frames->drawn_heading = 0;
}

/* Layout. */

static unsigned row_order(const struct view_frames *frames)
{
    return frames->cell_order + frames->column_bits;
}

static int grid_top(const struct view_frames *frames)
{
    return frames->area.top + frames->heading->height_pixels + HEADING_GAP;
}

static bool follows_gap(const struct view_frames *frames, size_t row)
{
    return row > 0 && frames->rows[row].number - frames->rows[row - 1].number > 1;
}

/* Lists the rows that RAM lies in; false if there are more than the table holds. */
static bool list_rows(struct view_frames *frames, const struct memmap *map)
{
    uint64_t next = 0;

    frames->row_count = 0;
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        unsigned shift = FRAME_SHIFT + row_order(frames);

        if (region->kind != REGION_USABLE)
            continue;
        uint64_t first = region->base >> shift > next ? region->base >> shift : next;
        next = ((region->end - 1) >> shift) + 1;
        for (uint64_t number = first; number < next; number++) {
            if (frames->row_count == VIEW_ROW_COUNT)
                return false;
            frames->rows[frames->row_count].number = number;
            frames->row_count++;
        }
    }
    return true;
}

static int count_gaps(const struct view_frames *frames)
{
    int gaps = 0;

    for (size_t row = 1; row < frames->row_count; row++)
        gaps += follows_gap(frames, row);
    return gaps;
}

/* True if the rows find room; then as high as the room allows, up to twice their width. */
static bool fit_rows(struct view_frames *frames)
{
    int gaps = count_gaps(frames);
    int height = frames->area.bottom - grid_top(frames);
    int rows = (int)frames->row_count;

    frames->gap_height = GAP_SMALL;
    if (gaps <= GAPS_LABELLED_MAX)
        frames->gap_height = frames->label->height_pixels + 4;
    height -= gaps * frames->gap_height;
    if (height < rows * ROW_HEIGHT_MIN)
        return false;
    frames->row_height = rows > 0 ? height / rows : ROW_HEIGHT_MIN;
    if (frames->row_height > 2 * frames->cell_width)
        frames->row_height = 2 * frames->cell_width;
    return true;
}

/* The finest scale at which all of RAM is shown. Ends: at 2^40 frames a cell there is one row. */
static void lay_out(struct view_frames *frames, const struct memmap *map)
{
    int top = grid_top(frames);

    frames->cell_order = 0;
    while (!list_rows(frames, map) || !fit_rows(frames))
        frames->cell_order++;
    for (size_t row = 0; row < frames->row_count; row++) {
        top += follows_gap(frames, row) ? frames->gap_height : 0;
        frames->rows[row].top = top;
        top += frames->row_height;
    }
}

static uint32_t fingerprint(const struct view_frames *frames)
{
    uint32_t hash = view_hash_value(VIEW_HASH_START, frames->cell_order);

    for (size_t row = 0; row < frames->row_count; row++)
        hash = view_hash_value(hash, frames->rows[row].number);
    return hash;
}

/* Gathering. */

/*
 * The piece that a cell is joined to its neighbours by: the one that all of it, or most of it,
 * belongs to.
 */
static const struct piece *main_piece(const struct gathering *gathering)
{
    bool mostly_used = gathering->used_count > gathering->free_count;

    return mostly_used ? &gathering->used_piece : &gathering->free_piece;
}

static uint8_t find_joints(struct gathering *gathering, size_t row, size_t column)
{
    pfn_t stone = main_piece(gathering)->range.first;
    uint8_t flags = 0;

    if (column > 0 && gathering->stone[column - 1] == stone)
        flags |= CELL_JOINS_LEFT;
    if (row > 0 && !follows_gap(gathering->frames, row) && gathering->stone[column] == stone)
        flags |= CELL_JOINS_ABOVE;
    gathering->stone[column] = stone;
    return flags;
}

/* Sixteenths; neither 0 nor 16 unless nothing or all is used. */
static uint8_t level_of(pfn_t used_count, pfn_t free_count)
{
    pfn_t total = used_count + free_count;

    if (free_count == 0)
        return LEVEL_FULL;
    for (uint8_t level = 0; level < LEVEL_FULL - 1; level++)
        if (used_count * LEVEL_FULL <= total * level)
            return level;
    return LEVEL_FULL - 1;
}

static void finish_cell(struct gathering *gathering)
{
    struct view_frames *frames = gathering->frames;
    size_t columns = (size_t)1 << frames->column_bits;
    struct view_cell *cell = &frames->cells[gathering->index];

    if (gathering->index == VIEW_CELL_COUNT)
        return;
    cell->level = level_of(gathering->used_count, gathering->free_count);
    cell->style = cell->level > 0 ? gathering->used_piece.style : 0;
    cell->shade = cell->level > 0 ? gathering->used_piece.shade : 0;
    if (cell->level < LEVEL_FULL)
        cell->shade |= (uint8_t)(gathering->free_piece.shade << 4);
    cell->flags = CELL_RAM;
    cell->flags |= find_joints(gathering, gathering->index / columns, gathering->index % columns);
    if (cell->level > 0 && cell->level < LEVEL_FULL)
        frames->flags_seen |= CELL_PARTIAL;
}

static void add_to_cell(struct gathering *gathering, size_t index, const struct piece *piece,
                        pfn_t frame_count)
{
    if (index != gathering->index) {
        finish_cell(gathering);
        gathering->index = index;
        gathering->used_count = 0;
        gathering->free_count = 0;
        gathering->vote = 0;
    }
    if (!piece->used) {
        if (gathering->free_count == 0 || piece->shade > gathering->free_piece.shade)
            gathering->free_piece = *piece;
        gathering->free_count += frame_count;
        return;
    }
    gathering->used_count += frame_count;
    if (gathering->vote >= frame_count && piece->style != gathering->used_piece.style) {
        gathering->vote -= frame_count;
        return;
    }
    if (piece->style != gathering->used_piece.style)
        gathering->vote = frame_count - gathering->vote;
    else
        gathering->vote += frame_count;
    gathering->used_piece = *piece;
}

/* The row that shows a frame, at or after the one of the piece before: pieces ascend. */
static size_t advance_row(struct gathering *gathering, pfn_t pfn)
{
    const struct view_frames *frames = gathering->frames;

    while (frames->rows[gathering->row].number < pfn >> row_order(frames))
        gathering->row++;
    return gathering->row;
}

static void add_piece(struct gathering *gathering, const struct piece *piece)
{
    const struct view_frames *frames = gathering->frames;
    pfn_t cell_frames = (pfn_t)1 << frames->cell_order;
    pfn_t next;

    for (pfn_t pfn = piece->range.first; pfn < piece->range.end; pfn = next) {
        size_t column =
            (size_t)(pfn >> frames->cell_order) & (((size_t)1 << frames->column_bits) - 1);
        size_t row = advance_row(gathering, pfn);

        next = (pfn & ~(cell_frames - 1)) + cell_frames;
        next = next < piece->range.end ? next : piece->range.end;
        add_to_cell(gathering, (row << frames->column_bits) + column, piece, next - pfn);
    }
}

static uint8_t shade_of(const struct gathering *gathering, pfn_t frame_count)
{
    unsigned shade = view_log2(frame_count) * SHADE_COUNT / gathering->order_count;

    return (uint8_t)(shade < SHADE_COUNT ? shade : SHADE_COUNT - 1);
}

/* Cuts a free run into the largest aligned powers of two, as the buddies hold it. */
static void add_free(struct gathering *gathering, pfn_t first, pfn_t end)
{
    while (first < end) {
        pfn_t frame_count = (pfn_t)1 << view_log2(end - first);

        while ((first & (frame_count - 1)) != 0)
            frame_count /= 2;
        struct piece piece = {.range = {first, first + frame_count},
                              .shade = shade_of(gathering, frame_count)};
        add_piece(gathering, &piece);
        first += frame_count;
    }
}

static void add_used(struct gathering *gathering, struct view_owners *owners,
                     struct frame_range range, const char *owner, bool at_boot)
{
    pfn_t frame_count = range.end - range.first;
    struct piece piece = {.range = range, .used = true};

    piece.shade = shade_of(gathering, frame_count);
    piece.style = view_owners_add(owners, owner, at_boot, frame_count << FRAME_SHIFT);
    if (at_boot)
        gathering->frames->flags_seen |= CELL_AT_BOOT;
    add_piece(gathering, &piece);
}

/* Blocks, and what is free between them, in a region that the allocator manages. */
static void add_managed(struct gathering *gathering, struct view_owners *owners,
                        const struct region *region, struct mm *mm)
{
    phys_t cursor = region->base;
    pfn_t next = region->base >> FRAME_SHIFT;
    pfn_t end = region->end >> FRAME_SHIFT;
    struct mm_block block;

    while (next < end && mm_next_block(mm, &cursor, &block) && block.base < region->end) {
        struct frame_range range = {block.base >> FRAME_SHIFT, cursor >> FRAME_SHIFT};

        add_free(gathering, next, range.first);
        add_used(gathering, owners, range, block.owner, false);
        next = range.end;
    }
    add_free(gathering, next, end);
}

static void gather(struct view_frames *frames, const struct memmap *map, struct mm *mm,
                   unsigned order_count, struct view_owners *owners)
{
    struct gathering gathering = {
        .frames = frames, .order_count = order_count, .index = VIEW_CELL_COUNT};
    size_t cell_count = frames->row_count << frames->column_bits;

    frames->flags_seen = 0;
    memset(frames->cells, 0, cell_count * sizeof frames->cells[0]);
    for (size_t column = 0; column < VIEW_COLUMN_COUNT; column++)
        gathering.stone[column] = NO_STONE;
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        struct frame_range range = {region->base >> FRAME_SHIFT, region->end >> FRAME_SHIFT};

        if (region->kind == REGION_USABLE && region->owner != NULL)
            add_used(&gathering, owners, range, region->owner, true);
        else if (region->kind == REGION_USABLE)
            add_managed(&gathering, owners, region, mm);
    }
    finish_cell(&gathering);
    for (size_t i = 0; i < cell_count; i++)
        if ((frames->cells[i].flags & CELL_RAM) == 0)
            frames->flags_seen |= CELL_BARREN;
}

/* Drawing. */

color_t view_free_color(unsigned shade)
{
    static const color_t smallest = 0x2A3942;
    static const color_t largest = 0x3C6A74;

    return view_mix(largest, smallest, shade * 256 / (SHADE_COUNT - 1));
}

/* Small blocks are darker; the smallest still stands out from free memory. */
static unsigned brightness_of(unsigned shade)
{
    return 176 + shade * 80 / (SHADE_COUNT - 1);
}

/* The stone itself; where a part is free, the used part lies at the bottom. */
static void draw_stone(struct canvas *canvas, struct canvas_rect rect, const struct view_cell *cell)
{
    struct canvas_rect used = rect;
    int height = rect.bottom - rect.top;

    used.top = rect.bottom - (height * cell->level + LEVEL_FULL - 1) / LEVEL_FULL;
    if (cell->level > 0 && cell->level < LEVEL_FULL && used.top == rect.top)
        used.top++;
    rect.bottom = used.top;
    canvas_fill(canvas, rect, view_free_color(cell->shade >> 4));
    view_style_fill(canvas, used, cell->style, brightness_of(cell->shade & 15));
}

/* The joints to the left and above belong to the cell, so that it can be drawn alone. */
static void draw_cell(struct canvas *canvas, struct canvas_rect rect, const struct view_cell *cell)
{
    struct canvas_rect body = {rect.left + 1, rect.top + 1, rect.right, rect.bottom};
    struct canvas_rect joint = {body.left, rect.top, rect.right, body.top};
    color_t joined = view_mix(view_free_color(cell->shade >> 4), THEME_GROUND, 168);

    canvas_fill(canvas, rect, THEME_GROUND);
    if ((cell->flags & CELL_RAM) == 0) {
        canvas_fill(
            canvas,
            canvas_rect_at((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2, 1, 1),
            THEME_TEXT_DIM);
        return;
    }
    draw_stone(canvas, body, cell);
    if (2 * cell->level > LEVEL_FULL)
        joined = view_mix(view_style_color(cell->style), THEME_GROUND, 128);
    if ((cell->flags & CELL_JOINS_ABOVE) != 0)
        canvas_fill(canvas, joint, joined);
    joint = (struct canvas_rect){rect.left, body.top, body.left, rect.bottom};
    if ((cell->flags & CELL_JOINS_LEFT) != 0)
        canvas_fill(canvas, joint, joined);
}

static struct canvas_rect cell_rect(const struct view_frames *frames, size_t row, size_t column)
{
    return canvas_rect_at(grid_left(frames) + (int)column * frames->cell_width,
                          frames->rows[row].top, frames->cell_width, frames->row_height);
}

static bool cells_equal(const struct view_cell *a, const struct view_cell *b)
{
    return a->style == b->style && a->shade == b->shade && a->level == b->level &&
           a->flags == b->flags;
}

/* Marks from the first to the last changed cell at once: marks for each would cost more. */
static void draw_row(struct view_frames *frames, struct canvas *canvas, size_t row)
{
    size_t columns = (size_t)1 << frames->column_bits;
    size_t start = row << frames->column_bits;
    size_t first = columns;
    size_t last = 0;

    for (size_t column = 0; column < columns; column++) {
        if (cells_equal(&frames->cells[start + column], &frames->drawn[start + column]))
            continue;
        first = first < column ? first : column;
        last = column;
    }
    if (first == columns)
        return;
    struct canvas_rect span = cell_rect(frames, row, first);
    span.right = cell_rect(frames, row, last).right;
    canvas_mark_dirty(canvas, span);
    for (size_t column = first; column <= last; column++) {
        if (cells_equal(&frames->cells[start + column], &frames->drawn[start + column]))
            continue;
        draw_cell(canvas, cell_rect(frames, row, column), &frames->cells[start + column]);
        frames->drawn[start + column] = frames->cells[start + column];
    }
}

static void draw_gap(const struct view_frames *frames, struct canvas *canvas, size_t row)
{
    uint64_t skipped = frames->rows[row].number - frames->rows[row - 1].number - 1;
    int top = frames->rows[row].top - frames->gap_height;
    int left = grid_left(frames);
    int right = frames->area.right;
    char amount[VIEW_AMOUNT_MAX];
    char text[32];

    if (frames->gap_height > GAP_SMALL) {
        view_format_amount(amount, skipped << (row_order(frames) + FRAME_SHIFT));
        format_text(text, sizeof text, "%s without RAM", amount);
        canvas_draw_text(canvas, frames->label, left + 1, top + 2, text, THEME_TEXT_DIM);
        left += canvas_text_width(frames->label, text) + HEADING_GAP;
    }
    for (int x = left; x + 1 < right; x += 4)
        canvas_fill(canvas, canvas_rect_at(x, top + frames->gap_height / 2, 2, 1), THEME_RULE);
}

/* Addresses at the left, wherever one does not touch the one above; and the gaps. */
static void draw_frame_of_grid(const struct view_frames *frames, struct canvas *canvas)
{
    int free_from = grid_top(frames) - HEADING_GAP;
    char text[24];

    for (size_t row = 0; row < frames->row_count; row++) {
        const struct view_row *at = &frames->rows[row];
        int top = at->top + (frames->row_height - frames->label->height_pixels) / 2 + 1;

        if (follows_gap(frames, row))
            draw_gap(frames, canvas, row);
        if (top < free_from || top + frames->label->height_pixels > frames->area.bottom)
            continue;
        format_text(text, sizeof text, at->number == 0 ? "%llx" : "0x%llx",
                    (unsigned long long)(at->number << (row_order(frames) + FRAME_SHIFT)));
        if (strlen(text) > ADDRESS_DIGITS)
            memmove(text, text + 2, sizeof text - 2);
        view_draw_right(canvas, frames->label, grid_left(frames) - HEADING_GAP, top, text,
                        THEME_TEXT_DIM);
        free_from = top + frames->label->height_pixels;
    }
}

static void draw_key_sample(struct canvas *canvas, struct canvas_rect rect, unsigned flag)
{
    const struct view_cell partial = {.style = 7, .shade = 0x47, .level = 8, .flags = CELL_RAM};
    const struct view_cell barren = {0};

    canvas_fill(canvas, rect, THEME_GROUND);
    if (flag == CELL_PARTIAL) {
        draw_stone(canvas, rect, &partial);
    } else if (flag == CELL_AT_BOOT) {
        view_style_fill(canvas, rect, (uint8_t)(CANVAS_HATCH << 4 | 7), 256);
    } else if (flag == CELL_BARREN) {
        draw_cell(canvas, rect, &barren);
    } else {
        for (unsigned shade = 0; shade < SHADE_COUNT; shade++)
            canvas_fill(
                canvas,
                canvas_rect_at(rect.left + (int)shade * 3, rect.top, 3, rect.bottom - rect.top),
                view_free_color(shade));
    }
}

/* What the cells' looks mean, as far as there is room, most important first. */
static void draw_key(const struct view_frames *frames, struct canvas *canvas, int left)
{
    static const struct {
        unsigned flag;
        int width;
        const char *text;
    } keys[] = {{0, 3 * SHADE_COUNT, "free, by order"},
                {CELL_PARTIAL, SWATCH_PIXELS, "part used"},
                {CELL_AT_BOOT, SWATCH_PIXELS, "taken at boot"},
                {CELL_BARREN, SWATCH_PIXELS, "no RAM"}};
    int right = frames->area.right;
    int top =
        frames->area.top + (frames->heading->height_pixels - frames->label->height_pixels) / 2;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        int width = keys[i].width + 4 + canvas_text_width(frames->label, keys[i].text);

        if (keys[i].flag != 0 && (frames->flags_seen & keys[i].flag) == 0)
            continue;
        if (left + width > right)
            return;
        draw_key_sample(canvas,
                        canvas_rect_at(left,
                                       top + (frames->label->height_pixels - SWATCH_PIXELS) / 2,
                                       keys[i].width, SWATCH_PIXELS),
                        keys[i].flag);
        canvas_draw_text(canvas, frames->label, left + keys[i].width + 4, top, keys[i].text,
                         THEME_TEXT_DIM);
        left += width + 2 * HEADING_GAP;
    }
}

static void draw_heading(const struct view_frames *frames, struct canvas *canvas)
{
    static const char title[] = "RAM";
    struct canvas_rect line = frames->area;
    int left = frames->area.left + canvas_text_width(frames->heading, title) + 2 * HEADING_GAP;
    int top =
        frames->area.top + (frames->heading->height_pixels - frames->label->height_pixels) / 2;
    char amount[VIEW_AMOUNT_MAX];
    char text[32];

    line.bottom = line.top + frames->heading->height_pixels;
    canvas_fill(canvas, line, THEME_GROUND);
    canvas_draw_text(canvas, frames->heading, line.left, line.top, title, THEME_TEXT);
    view_format_amount(amount, FRAME_BYTES << frames->cell_order);
    format_text(text, sizeof text, "one cell = %s", amount);
    canvas_draw_text(canvas, frames->label, left, top, text, THEME_TEXT_DIM);
    left += canvas_text_width(frames->label, text) + 4 * HEADING_GAP;
    draw_key(frames, canvas, left);
}

/* The cells that a new layout begins with look like nothing that gather makes. */
static void draw_layout(struct view_frames *frames, struct canvas *canvas)
{
    canvas_fill(canvas, frames->area, THEME_GROUND);
    draw_frame_of_grid(frames, canvas);
    memset(frames->drawn, 0xFF, sizeof frames->drawn);
    frames->drawn_heading = 0;
}

void view_frames_draw(struct view_frames *frames, struct canvas *canvas, const struct memmap *map,
                      struct mm *mm, unsigned order_count, struct view_owners *owners)
{
    lay_out(frames, map);
    gather(frames, map, mm, order_count, owners);
    if (fingerprint(frames) != frames->drawn_layout) {
        draw_layout(frames, canvas);
        frames->drawn_layout = fingerprint(frames);
    }
    if (frames->drawn_heading != frames->flags_seen + 1) {
        draw_heading(frames, canvas);
        frames->drawn_heading = frames->flags_seen + 1;
    }
    for (size_t row = 0; row < frames->row_count; row++)
        draw_row(frames, canvas, row);
}

struct canvas_rect view_frames_find(const struct view_frames *frames, pfn_t pfn)
{
    for (size_t row = 0; row < frames->row_count; row++)
        if (frames->rows[row].number == pfn >> row_order(frames))
            return cell_rect(frames, row,
                             (size_t)(pfn >> frames->cell_order) &
                                 (((size_t)1 << frames->column_bits) - 1));
    return (struct canvas_rect){0, 0, 0, 0};
}
