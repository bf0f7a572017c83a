/* The memory view in characters: what stands where, in colour and without. */

#include "kernel/view/view_chars.h"
#include "kernel/view/view_format.h"

#include "colour_vision.h"
#include "golden.h"
#include "test.h"
#include "view_machine.h"

#define GRID_TOP 1
#define GRID_ROWS 8
#define GRID_LEFT 15
#define LEGEND_TOP 9
#define KEY_ROW 11

static struct view_chars view;

static void draw(void)
{
    view_chars_init(&view);
    view_chars_draw(&view, &map, &mm);
}

static void read_row(int row, char text[VIEW_CHARS_COLUMNS + 1])
{
    for (int i = 0; i < VIEW_CHARS_COLUMNS; i++)
        text[i] = (char)(view.cells[row][i] & 0xFF);
    text[VIEW_CHARS_COLUMNS] = '\0';
}

static void expect_in_row(int row, const char *part)
{
    char text[VIEW_CHARS_COLUMNS + 1];
    read_row(row, text);
    if (!strstr(text, part))
        fail_msg("no \"%s\" in row %d: %s", part, row, text);
}

static view_char_t cell_of(phys_t address)
{
    unsigned shift = view.grid.cell_order + FRAME_SHIFT;
    for (size_t row = 0; row < view.grid.row_count; row++)
        if (view.grid.rows[row] == address >> (shift + view.grid.column_bits))
            return view.cells[GRID_TOP + row][GRID_LEFT + (address >> shift) % 64];
    fail_msg("no row shows %" PRIx64, (uint64_t)address);
    return 0;
}

static char character_of(phys_t address)
{
    return (char)(cell_of(address) & 0xFF);
}

static unsigned colours_of(phys_t address)
{
    return cell_of(address) >> 8;
}

/* ---- as text --------------------------------------------------------------------------------- */

static const char *utf8_of(unsigned code)
{
    static char ascii[2];
    switch (code) {
    case 0xB0:
        return "\u2591";
    case 0xC4:
        return "\u2500";
    case 0xF7:
        return "\u2248";
    default:
        assert_in_range(code, ' ', '~');
        ascii[0] = (char)code;
        return ascii;
    }
}

/* The characters, and below them a digit for each one's ink; reverse ones have an R. */
static void check_golden(const char *name)
{
    char text[VIEW_CHARS_ROWS * (VIEW_CHARS_COLUMNS + 1) * 4 + 1];
    char *end = text;
    for (int row = 0; row < VIEW_CHARS_ROWS; row++) {
        for (int i = 0; i < VIEW_CHARS_COLUMNS; i++)
            end += sprintf(end, "%s", utf8_of(view.cells[row][i] & 0xFF));
        *end++ = '\n';
    }
    for (int row = 0; row < VIEW_CHARS_ROWS; row++) {
        for (int i = 0; i < VIEW_CHARS_COLUMNS; i++) {
            unsigned colours = view.cells[row][i] >> 8;
            end += sprintf(end, "%c", colours == 0x70 ? 'R' : "0123456789abcdef"[colours & 15]);
        }
        *end++ = '\n';
    }
    *end = '\0';
    golden_check_text(text, name);
}

static void picture_looks_as_it_did_in_colour(void **state)
{
    (void)state;
    fill_machine();
    draw();
    check_golden("chars-colour");
}

static void picture_looks_as_it_did_in_monochrome(void **state)
{
    (void)state;
    fill_machine();
    draw();
    for (int row = 0; row < VIEW_CHARS_ROWS; row++)
        for (int i = 0; i < VIEW_CHARS_COLUMNS; i++)
            view.cells[row][i] = view_char_in_monochrome(view.cells[row][i]);
    check_golden("chars-monochrome");
}

/* ---- colours --------------------------------------------------------------------------------- */

/* A VGA's sixteen colours in text modes, as its BIOS sets them. */
static const color_t vga[] = {0x000000, 0x0000AA, 0x00AA00, 0x00AAAA, 0xAA0000, 0xAA00AA,
                              0xAA5500, 0xAAAAAA, 0x555555, 0x5555FF, 0x55FF55, 0x55FFFF,
                              0xFF5555, 0xFF55FF, 0xFFFF55, 0xFFFFFF};

static bool is_text(unsigned code)
{
    return code > ' ' && code < 0x7F;
}

static void expect_readable_rows(void)
{
    for (int row = 0; row < VIEW_CHARS_ROWS; row++) {
        view_char_t cells[VIEW_CHARS_COLUMNS];
        view_chars_mark_row(&view, row, cells);
        for (int i = 0; i < VIEW_CHARS_COLUMNS; i++) {
            unsigned cell = cells[i];
            double contrast = contrast_of(vga[cell >> 8 & 15], vga[cell >> 12]);
            if (is_text(cell & 0xFF) && contrast < 4.5)
                fail_msg("'%c' of row %d, colours %02x: %.1f to 1", (int)(cell & 0xFF), row,
                         cell >> 8, contrast);
        }
    }
}

/* Also those of a crime: a box, its arrow, and the frames that it is about. */
static void text_can_be_read(void **state)
{
    struct view_marks marks = {.count = 0};
    (void)state;
    fill_machine();
    for (int i = 0; i < 20; i++) {
        char name[16];
        snprintf(name, sizeof name, "%c-owner", 'a' + i);
        allocate(name, 900 * KIB);
    }
    draw();
    view_marks_add(&marks, VIEW_MARK_NO_ORDER, (struct frame_range){0x4000, 0x4400},
                   VIEW_MARK_CRIME);
    view.marks = &marks;
    view_caption_set(&view.caption, (struct frame_range){0x4000, 0x4400}, "crime", "a sentence");
    view_chars_draw(&view, &map, &mm);
    expect_readable_rows();
    view.caption.is_wanted = false; /* the marks of a request, and what is said of it */
    marks.window = view_frames_between(2 * MIB, 64 * MIB);
    for (unsigned look = VIEW_MARK_VISITED; look <= VIEW_MARK_CRIME; look++)
        view_marks_add(&marks, VIEW_MARK_NO_ORDER,
                       view_frames_between(2 * look * MIB, 2 * (look + 1) * MIB),
                       (enum view_mark_look)look);
    strcpy(view.said, "The place.");
    view_chars_draw(&view, &map, &mm);
    expect_readable_rows();
}

/* On a text screen, what tells owners apart is the letter; what tells free memory is its shape. */
static void cells_that_meet_can_be_told_apart(void **state)
{
    char letters[VIEW_OWNER_COUNT];
    size_t count = 0;
    (void)state;
    fill_machine();
    draw();
    for (size_t i = 1; i < view.owners.count; i++) {
        char letter = view.owners.owners[i].letter;
        assert_in_range(letter, 'A', 'Z');
        assert_null(memchr(letters, letter, count));
        letters[count++] = letter;
    }
    assert_true(count > 4);
    assert_int_equal((uint8_t)character_of(64 * MIB), 0xB0);
    for (uint8_t i = 0; i < THEME_OWNER_COUNT; i++)
        assert_true(contrast_of(vga[view_style_ink(i)], vga[0]) >= 4.5);
}

/* ---- rules ----------------------------------------------------------------------------------- */

/* What an MDA shows as it is meant: 0x07 normal, 0x0F bright, 0x70 reverse. */
static void monochrome_has_three_attributes(void **state)
{
    (void)state;
    for (unsigned colours = 0; colours < 256; colours++) {
        unsigned cell = view_char_in_monochrome((view_char_t)(colours << 8 | 'x'));
        assert_int_equal(cell & 0xFF, 'x');
        assert_true(cell >> 8 == 0x07 || cell >> 8 == 0x0F || cell >> 8 == 0x70);
    }
}

static void capital_is_full_and_small_letter_is_not(void **state)
{
    phys_t base;
    (void)state;
    base = allocate("zebra", 9 * MIB);
    draw();
    phys_t cell_bytes = FRAME_BYTES << view.grid.cell_order;
    assert_int_equal(base % cell_bytes, 0);
    assert_int_equal(character_of(base), 'Z');
    assert_int_equal(mm_free(&mm, base), MM_OK);
    base = allocate("zebra", FRAME_BYTES);
    draw();
    assert_int_equal(character_of(base), 'z');
}

static void cell_belongs_to_whoever_has_most_of_it(void **state)
{
    (void)state;
    phys_t fewer = allocate("fewer", 3 * FRAME_BYTES);
    phys_t most = allocate("most", 5 * FRAME_BYTES);
    phys_t one = allocate("one", FRAME_BYTES);
    draw();
    unsigned shift = view.grid.cell_order + FRAME_SHIFT;
    assert_true(fewer >> shift == most >> shift && one >> shift == most >> shift);
    assert_int_equal(character_of(fewer), 'm');
    expect_in_row(LEGEND_TOP, "M most 20K");
}

/* One frame of 64 in a cell, beside a block; light red, as errors are. */
static void bad_frame_is_shown_whatever_else_is_there(void **state)
{
    (void)state;
    phys_t base = allocate("zebra", 9 * MIB);
    struct mm_block block;
    assert_int_equal(mm_free(&mm, base), MM_OK);
    assert_int_equal(mm_reserve(&mm, base + 5 * FRAME_BYTES, base + 6 * FRAME_BYTES, "bad", &block),
                     MM_OK);
    assert_int_equal(mm_reserve(&mm, base + 6 * FRAME_BYTES, base + MIB, "zebra", &block), MM_OK);
    draw();
    assert_int_equal(character_of(base), '!');
    assert_int_equal(colours_of(base), 0x0C);
    expect_in_row(LEGEND_TOP, "! bad 4K");
}

/* By the map's word; where rows have no usable memory there is no place for it. */
static void bad_region_is_shown_where_usable_memory_is(void **state)
{
    (void)state;
    memmap_init(&map);
    memmap_add_entry(&map, MIB, 126 * MIB, 1);
    memmap_add_entry(&map, 64 * MIB, FRAME_BYTES, 5);
    memmap_add_entry(&map, 512 * GIB, GIB, 5);
    start_mm();
    draw();
    assert_int_equal(character_of(64 * MIB), '!');
    assert_int_equal(character_of(65 * MIB), (char)0xB0);
    expect_in_row(LEGEND_TOP, "! bad 4K");
}

static void grey_is_boot_and_colour_is_blocks(void **state)
{
    (void)state;
    phys_t base = allocate("zebra", 9 * MIB);
    draw();
    assert_int_equal(character_of(MIB), 'k');
    assert_int_equal(colours_of(MIB), 0x07);
    assert_int_not_equal(colours_of(base), 0x07);
    assert_int_equal(view_char_in_monochrome(cell_of(base)) >> 8, 0x0F);
    assert_int_equal(view_char_in_monochrome(cell_of(MIB)) >> 8, 0x07);
}

static void gap_is_marked_and_explained(void **state)
{
    (void)state;
    draw();
    expect_in_row(KEY_ROW, "\xF7 no RAM above");
    for (size_t row = 0; row < view.grid.row_count; row++)
        assert_int_equal((view.cells[GRID_TOP + row][0] & 0xFF) == 0xF7,
                         row > 0 && view.grid.rows[row] - view.grid.rows[row - 1] > 1);
}

static void machine_without_gap_has_none_in_its_key(void **state)
{
    char text[VIEW_CHARS_COLUMNS + 1];
    (void)state;
    memmap_init(&map);
    memmap_add_entry(&map, 0, 64 * MIB, 1);
    memmap_round(&map);
    start_mm();
    draw();
    read_row(KEY_ROW, text);
    assert_null(strstr(text, "no RAM"));
}

/* Nobody is left out in silence: those who find no room are counted. */
static void legend_counts_whom_it_does_not_name(void **state)
{
    char rows[2][VIEW_CHARS_COLUMNS + 1];
    int named = 0;
    unsigned more = 0;
    (void)state;
    for (int i = 0; i < 30; i++) {
        char owner[32];
        snprintf(owner, sizeof owner, "own-%d", 10 + i);
        allocate(owner, FRAME_BYTES * (phys_t)(i + 1));
    }
    draw();
    for (int row = 0; row < 2; row++) {
        read_row(LEGEND_TOP + row, rows[row]);
        for (const char *at = rows[row]; (at = strstr(at, "own-")); at++)
            named++;
    }
    named += strstr(rows[0], "kernel") ? 1 : 0;
    named += strstr(rows[0], "first-64k") || strstr(rows[1], "first-64k");
    const char *word = strstr(rows[1], " more");
    assert_non_null(word);
    while (word > rows[1] && word[-1] != ' ')
        word--;
    assert_int_equal(sscanf(word, "%u", &more), 1);
    assert_int_equal(named + (int)more, 32);
}

static void owners_have_letters_of_their_own_while_there_are_any(void **state)
{
    struct view_owners owners;
    bool seen[256] = {false};
    (void)state;
    view_owners_init(&owners);
    for (int i = 0; i < 30; i++) {
        char owner[32];
        snprintf(owner, sizeof owner, "same-%d", i);
        unsigned char letter =
            (unsigned char)owners.owners[view_owners_add(&owners, owner, i % 2 == 0, 1)].letter;
        assert_true(i < 26 ? letter >= 'A' && letter <= 'Z' && !seen[letter]
                           : letter == VIEW_OWNER_NO_LETTER);
        seen[letter] = true;
    }
}

/* All rows are complete: neither zeros nor control characters, however odd the machine. */
static void expect_whole_picture(const char *machine)
{
    draw();
    for (int row = 0; row < VIEW_CHARS_ROWS; row++)
        for (int i = 0; i < VIEW_CHARS_COLUMNS; i++)
            if ((view.cells[row][i] & 0xFF) < ' ')
                fail_msg("%s: no character in row %d, column %d", machine, row, i);
    assert_true(view.grid.row_count <= GRID_ROWS);
    for (size_t i = 0; i < map.count; i++)
        if (map.regions[i].kind == REGION_USABLE)
            assert_int_not_equal(character_of(map.regions[i].base), ' ');
}

/* ---- marks ----------------------------------------------------------------------------------- */

static unsigned marked_colours_of(phys_t address)
{
    static view_char_t cells[VIEW_CHARS_COLUMNS];
    size_t cell;
    size_t end;
    struct frame_range frame = {address >> FRAME_SHIFT, (address >> FRAME_SHIFT) + 1};
    assert_true(view_grid_find_cells(&view.grid, frame, &cell, &end));
    view_chars_mark_row(&view, 1 + (int)(cell / 64), cells);
    return cells[15 + cell % 64] >> 8;
}

static void expect_marked_row(int row, const char *text)
{
    view_char_t cells[VIEW_CHARS_COLUMNS];
    char line[VIEW_CHARS_COLUMNS + 1] = "";
    view_chars_mark_row(&view, row, cells);
    for (int i = 0; i < VIEW_CHARS_COLUMNS; i++)
        line[i] = (char)cells[i];
    if (!strstr(line, text))
        fail_msg("row %d: %s", row, line);
}

/* The window, what the search looked at, what it refused, and the place; then no trace of them. */
static void marks_of_a_request_are_drawn(void **state)
{
    struct view_marks marks = {.count = 0};
    (void)state;
    fill_machine();
    draw();
    unsigned plain = marked_colours_of(40 * MIB);
    view.marks = &marks;
    marks.window = view_frames_between(32 * MIB, 96 * MIB);
    view_marks_add(&marks, 15, view_frames_between(0, 128 * MIB), VIEW_MARK_VISITED);
    view_marks_add(&marks, VIEW_MARK_NO_ORDER, view_frames_between(48 * MIB, 52 * MIB),
                   VIEW_MARK_REFUSED);
    view_marks_add(&marks, VIEW_MARK_NO_ORDER, view_frames_between(64 * MIB, 70 * MIB),
                   VIEW_MARK_PLACE);
    view_marks_add(&marks, 5, view_frames_between(88 * MIB, 89 * MIB), VIEW_MARK_PIECE);
    assert_int_equal(marked_colours_of(16 * MIB), 0x08);
    assert_int_equal(marked_colours_of(40 * MIB), 0x0E);
    assert_int_equal(marked_colours_of(50 * MIB), 0x4F);
    assert_int_equal(marked_colours_of(66 * MIB), 0xE0);
    assert_int_equal(marked_colours_of(88 * MIB), 0x0E);
    assert_int_equal(marked_colours_of(100 * MIB), 0x08);
    view_marks_clear(&marks);
    assert_int_equal(marked_colours_of(40 * MIB), plain);
}

/* One line is in the place of the key, two take the legend's last row as well. */
static void what_is_said_stands_below_the_grid(void **state)
{
    (void)state;
    fill_machine();
    draw();
    strcpy(view.said, "The buddy of 64 MiB at 32 MiB is free, and larger than needed: halve it, "
                      "and its halves as well.");
    expect_marked_row(9, "kernel");
    expect_marked_row(10, " The buddy of 64 MiB at 32 MiB is free, and larger than needed: halve");
    expect_marked_row(11, " its halves as well.");
    strcpy(view.said, "The place.");
    expect_marked_row(11, " The place.   ");
    view.said[0] = '\0';
    expect_marked_row(11, "one character");
}

/* ---- captions -------------------------------------------------------------------------------- */

static const char sentences[] =
    "This block was free already when it was freed again. The second free is refused, and nothing "
    "changes.";

/* The marked character is red and not covered, whichever row it is in; all words are there. */
static void caption_stands_beside_its_block(void **state)
{
    (void)state;
    for (phys_t address = 2 * MIB; address < 120 * MIB; address += 5 * MIB) {
        struct view_marks marks = {.count = 0};
        struct frame_range frames = {address >> FRAME_SHIFT, (address >> FRAME_SHIFT) + 2};
        view_chars_init(&view);
        view_marks_add(&marks, VIEW_MARK_NO_ORDER, frames, VIEW_MARK_CRIME);
        view.marks = &marks;
        view_caption_set(&view.caption, frames, "double-free", sentences);
        view_chars_draw(&view, &map, &mm);
        assert_int_not_equal(view.caption.side, VIEW_CAPTION_ALONE);
        assert_int_equal(colours_of(address), 0x4F);
        assert_int_equal(character_of(address), (char)0xB0);
        expect_in_row(view.caption.box.top, " double-free ");
        expect_in_row(view.caption.box.top + 1, " This block was free already");
        expect_in_row(0, "Ashlar");
    }
}

static void caption_leaves_no_trace(void **state)
{
    static struct view_chars plain;
    struct frame_range frames = {5 * MIB >> FRAME_SHIFT, 6 * MIB >> FRAME_SHIFT};
    (void)state;
    draw();
    plain = view;
    view_caption_set(&view.caption, frames, "double-free", sentences);
    view_chars_draw(&view, &map, &mm);
    assert_memory_not_equal(plain.cells, view.cells, sizeof view.cells);
    view.caption.is_wanted = false;
    view_chars_draw(&view, &map, &mm);
    assert_memory_equal(plain.cells, view.cells, sizeof view.cells);
}

static void every_known_machine_can_be_drawn(void **state)
{
    (void)state;
    for_each_known_machine(expect_whole_picture);
}

static void machine_without_memory_can_be_drawn(void **state)
{
    (void)state;
    memmap_init(&map);
    start_mm();
    expect_whole_picture("nothing");
    expect_in_row(0, "Ashlar   0: free 0, used 0, longest 0, blocks 0");
}

static void simulated_machine_is_named(void **state)
{
    (void)state;
    view.simulated = "server";
    draw();
    expect_in_row(0, " simulated server   190.2M: free ");
    view.simulated = "twenty-three-characters";
    draw(); /* a sanitizer sees what is beyond the row */
    expect_in_row(0, " simulated twenty-three-characters   190.2M: free ");
    view.simulated = NULL;
    draw();
    expect_in_row(0, " Ashlar   190.2M: free ");
}

#define VIEW_TEST(name) cmocka_unit_test_setup_teardown(name, start_machine, release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VIEW_TEST(picture_looks_as_it_did_in_colour),
        VIEW_TEST(picture_looks_as_it_did_in_monochrome),
        VIEW_TEST(monochrome_has_three_attributes),
        VIEW_TEST(text_can_be_read),
        VIEW_TEST(cells_that_meet_can_be_told_apart),
        VIEW_TEST(capital_is_full_and_small_letter_is_not),
        VIEW_TEST(cell_belongs_to_whoever_has_most_of_it),
        VIEW_TEST(bad_frame_is_shown_whatever_else_is_there),
        VIEW_TEST(bad_region_is_shown_where_usable_memory_is),
        VIEW_TEST(grey_is_boot_and_colour_is_blocks),
        VIEW_TEST(gap_is_marked_and_explained),
        VIEW_TEST(machine_without_gap_has_none_in_its_key),
        VIEW_TEST(legend_counts_whom_it_does_not_name),
        VIEW_TEST(owners_have_letters_of_their_own_while_there_are_any),
        VIEW_TEST(marks_of_a_request_are_drawn),
        VIEW_TEST(what_is_said_stands_below_the_grid),
        VIEW_TEST(caption_stands_beside_its_block),
        VIEW_TEST(caption_leaves_no_trace),
        VIEW_TEST(every_known_machine_can_be_drawn),
        VIEW_TEST(machine_without_memory_can_be_drawn),
        VIEW_TEST(simulated_machine_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
