/* Lab 6: the rules of the presenter. A screen counts for each pixel how often it was marked and
   copied. */

#include "grader.h"

#include <limits.h>
#include <stdlib.h>

#include "docs/labs/6-presenter/lab.h"
#include "kernel/lib/random.h"
#include "student.h"

const unsigned lab_number = 6;

enum head { WIDTH, HEIGHT };
enum kind { MARK, PRESENT, RESTART };
enum number { KIND, LEFT, TOP, RIGHT, BOTTOM };

enum checks { CHECK_WASTE = 1 };

/* ---- the screen ------------------------------------------------------------------------------ */

enum { MARKED = 1, COPIED = 2 };

static struct {
    int width;
    int height;
    unsigned char *pixels; /* MARKED and COPIED, since the last present */
    uint64_t marks;
    uint64_t waste;
} screen;

static unsigned char *pixel_at(int x, int y)
{
    return &screen.pixels[(size_t)y * (size_t)screen.width + (size_t)x];
}

static void check_copy(int left, int y, int count)
{
    if (y < 0 || y >= screen.height || left < 0 || count < 1 || left >= screen.width ||
        count > screen.width - left)
        grader_fail(": copies %d pixels from %d on in line %d, not all of which are on the screen",
                    count, left, y);
    for (int x = left; x < left + count; x++) {
        unsigned char *pixel = pixel_at(x, y);
        if (*pixel & COPIED)
            grader_fail(": copies (%d, %d) twice", x, y);
        if (!(*pixel & MARKED))
            screen.waste++;
        *pixel |= COPIED;
    }
}

/* Each copy has at least a pixel that none had before: so there are not many parts. */
static void take_copies(const uint32_t *words, size_t word_count)
{
    for (size_t i = 0; i + 3 <= word_count; i += 3)
        check_copy((int)words[i], (int)words[i + 1], (int)words[i + 2]);
}

static int clamp(int value, int most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

static void mark_pixels(struct lab_rect rect)
{
    for (int y = clamp(rect.top, screen.height); y < clamp(rect.bottom, screen.height); y++)
        for (int x = clamp(rect.left, screen.width); x < clamp(rect.right, screen.width); x++)
            *pixel_at(x, y) |= MARKED;
}

static void clear_screen(void)
{
    screen.marks = 0;
    screen.waste = 0;
    for (size_t i = 0; i < (size_t)screen.width * (size_t)screen.height; i++)
        screen.pixels[i] = 0;
}

/* ---- playing --------------------------------------------------------------------------------- */

static void start(void)
{
    clear_screen();
    student_call("lab_init", CALL_INIT,
                 (const uint32_t[]){(uint32_t)screen.width, (uint32_t)screen.height}, 2, 1);
}

static void play_mark(const uint64_t *numbers)
{
    struct lab_rect rect = {(int)(int64_t)numbers[LEFT], (int)(int64_t)numbers[TOP],
                            (int)(int64_t)numbers[RIGHT], (int)(int64_t)numbers[BOTTOM]};
    grader_note("; mark [%d, %d) x [%d, %d)", rect.left, rect.right, rect.top, rect.bottom);
    mark_pixels(rect);
    screen.marks++;
    student_call("lab_mark", CALL_MARK,
                 (const uint32_t[]){(uint32_t)rect.left, (uint32_t)rect.top, (uint32_t)rect.right,
                                    (uint32_t)rect.bottom},
                 4, 1);
}

static void play_present(unsigned checks)
{
    grader_note("; present");
    student_call("lab_present", CALL_PRESENT, NULL, 0, 1);
    for (int y = 0; y < screen.height; y++)
        for (int x = 0; x < screen.width; x++)
            if (*pixel_at(x, y) == MARKED)
                grader_fail(": does not copy (%d, %d)", x, y);
    if (screen.marks == 0 && screen.waste > 0)
        grader_fail(": copies %llu pixels, though nothing was marked",
                    (unsigned long long)screen.waste);
    if (checks & CHECK_WASTE && screen.marks <= LAB_MARKS_MAX &&
        screen.waste > screen.marks * LAB_WASTE_PIXELS)
        grader_fail(": copies %llu pixels that were not marked, more than %llu",
                    (unsigned long long)screen.waste,
                    (unsigned long long)screen.marks * LAB_WASTE_PIXELS);
    clear_screen();
}

void lab_play(const struct lab_case *played, const struct lab_rule *rule)
{
    screen.width = (int)played->head[WIDTH];
    screen.height = (int)played->head[HEIGHT];
    free(screen.pixels);
    screen.pixels = malloc((size_t)screen.width * (size_t)screen.height);
    student_take_parts(take_copies);
    grader_note("screen of %dx%d", screen.width, screen.height);
    start();
    for (size_t i = 0; i < played->item_count; i++) {
        const uint64_t *numbers = played->items[i].numbers;
        if (numbers[KIND] == MARK) {
            play_mark(numbers);
        } else if (numbers[KIND] == PRESENT) {
            play_present(rule->checks);
        } else {
            grader_note("; start anew");
            start();
        }
    }
}

/* ---- making cases smaller -------------------------------------------------------------------- */

bool lab_is_legal(const struct lab_case *smaller)
{
    return smaller->head[WIDTH] > 0 && smaller->head[HEIGHT] > 0;
}

/* Numbers below 0 go to 0 at once; extents follow the corner that they belong to. */
size_t lab_targets(const struct lab_case *smaller, size_t item, size_t number,
                   struct lab_target targets[2])
{
    targets[0] = (struct lab_target){1, true};
    if (item == IN_HEAD)
        return number <= HEIGHT;
    const uint64_t *numbers = smaller->items[item].numbers;
    targets[0] = (struct lab_target){0, (int64_t)numbers[number] > 0};
    if (number == RIGHT || number == BOTTOM) {
        int64_t corner = (int64_t)numbers[number == RIGHT ? LEFT : TOP];
        targets[0] = (struct lab_target){(uint64_t)(corner + 1),
                                         corner >= 0 && (int64_t)numbers[number] > corner};
    }
    return numbers[KIND] == MARK && number >= LEFT && number <= BOTTOM;
}

/* ---- making cases ---------------------------------------------------------------------------- */

static int below(uint64_t *random, int end)
{
    return (int)(random_next(random) % (unsigned)end);
}

static void add(struct lab_case *made, enum kind kind, struct lab_rect rect)
{
    if (made->item_count == ITEMS_MAX)
        return;
    made->items[made->item_count++] =
        (struct lab_item){{kind, (uint64_t)(int64_t)rect.left, (uint64_t)(int64_t)rect.top,
                           (uint64_t)(int64_t)rect.right, (uint64_t)(int64_t)rect.bottom}};
}

static const struct lab_rect nowhere = {0, 0, 0, 0};

static struct lab_rect rect_inside(const struct lab_case *made, int largest, uint64_t *random)
{
    int width = (int)made->head[WIDTH];
    int height = (int)made->head[HEIGHT];
    int left = below(random, width);
    int top = below(random, height);
    int right = left + 1 + below(random, largest);
    int bottom = top + 1 + below(random, largest);
    return (struct lab_rect){left, top, clamp(right, width), clamp(bottom, height)};
}

static void make_screen(struct lab_case *made, size_t index, uint64_t *random)
{
    made->head[WIDTH] = (uint64_t)below(random, 8 + (int)index) + 1;
    made->head[HEIGHT] = (uint64_t)below(random, 8 + (int)index / 2) + 1;
}

static bool make_one(struct lab_case *made, size_t index, uint64_t *random)
{
    make_screen(made, index, random);
    add(made, MARK, rect_inside(made, 50, random));
    add(made, PRESENT, nowhere);
    return index < 150;
}

/* Rectangles with sides anywhere, which may be empty or the wrong way round. */
static bool make_outside(struct lab_case *made, size_t index, uint64_t *random)
{
    static const int far[] = {INT_MIN, INT_MIN + 1, -1, 0, INT_MAX - 1, INT_MAX};
    make_screen(made, index, random);
    add(made, MARK, rect_inside(made, 9, random));
    for (size_t i = 0; i < 4; i++) {
        int sides[4];
        for (size_t side = 0; side < 4; side++)
            sides[side] = below(random, 3) ? below(random, 60) - 20 : far[below(random, 6)];
        add(made, MARK, (struct lab_rect){sides[0], sides[1], sides[2], sides[3]});
    }
    add(made, PRESENT, nowhere);
    return index < 200;
}

static bool make_overlaps(struct lab_case *made, size_t index, uint64_t *random)
{
    make_screen(made, index, random);
    for (size_t i = 0; i < 2 + index / 20; i++)
        add(made, MARK, rect_inside(made, 30, random));
    add(made, PRESENT, nowhere);
    return index < 200;
}

/* Small rectangles far from each other on a large screen. */
static bool make_apart(struct lab_case *made, size_t index, uint64_t *random)
{
    made->head[WIDTH] = 640;
    made->head[HEIGHT] = 480;
    for (size_t i = 0; i < 1 + index % LAB_MARKS_MAX; i++)
        add(made, MARK, rect_inside(made, 40, random));
    add(made, PRESENT, nowhere);
    return index < 64;
}

static bool make_several(struct lab_case *made, size_t index, uint64_t *random)
{
    make_screen(made, index, random);
    for (size_t i = 0; i < 2 + index / 20; i++) {
        add(made, MARK, rect_inside(made, 20, random));
        add(made, below(random, 6) ? PRESENT : RESTART, nowhere);
        add(made, PRESENT, nowhere);
    }
    return index < 150;
}

static bool make_many(struct lab_case *made, size_t index, uint64_t *random)
{
    made->head[WIDTH] = 200;
    made->head[HEIGHT] = 120;
    for (size_t i = 0; i < 10 + 20 * index; i++)
        add(made, MARK, rect_inside(made, 6, random));
    add(made, PRESENT, nowhere);
    add(made, PRESENT, nowhere);
    return index < 20;
}

const struct lab_rule lab_rules[] = {
    {"one", 2, "what was marked is copied", make_one, 0},
    {"outside", 1, "nothing outside of the screen is copied, whatever was marked", make_outside, 0},
    {"once", 2, "where marks overlap, each pixel is copied once", make_overlaps, 0},
    {"little", 1, "little is copied that was not marked", make_apart, CHECK_WASTE},
    {"forget", 1, "what was presented is not presented again", make_several, CHECK_WASTE},
    {"many", 1, "of any number of marks, none is lost", make_many, 0},
};
const size_t lab_rule_count = sizeof lab_rules / sizeof *lab_rules;
