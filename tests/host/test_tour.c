/* The tour's script, and the sizes that it asks for, on every machine. */

#include "kernel/show/tour.h"

#include "kernel/lib/wrap.h"

#include "test.h"
#include "view_machine.h"

#include <string.h>

/* Where the note's text has the fewest columns: on a text screen, and at 640 by 480. */
#define TEXT_COLUMNS 78
#define PIXEL_COLUMNS 100
#define NOTE_LINES 4

static struct tour_sizes sizes;

/* Values of the longest sort, for all the names that the script may use. */
static bool tell_longest(void *context, const char *name, char word[TOUR_WORD_MAX])
{
    static const char *const others[] = {"ask",   "beside", "buffer", "picture", "mode",
                                         "other", "1",      "2",      "3",       "4"};
    static const struct tour_sizes large = {.one = 1023 * GIB - FRAME_BYTES, .limit = 512 * KIB};
    (void)context;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcmp(others[i], name) == 0) {
            strcpy(word, i < 4 ? "0x1234567890" : "1920x1080x32 flip");
            return true;
        }
    }
    return tour_sizes_tell(&large, name, word);
}

static void expect_known(const char *pattern)
{
    char text[TOUR_TEXT_MAX];
    if (pattern && !tour_expand(text, pattern, tell_longest, NULL))
        fail_msg("an unknown name in: %s", pattern);
    if (pattern)
        assert_null(strpbrk(text, "{}"));
}

static void names_in_the_script_are_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < tour_script_length; i++) {
        const struct tour_step *step = &tour_script[i];
        expect_known(step->text);
        expect_known(step->otherwise);
        expect_known(step->seen);
        expect_known(step->ending);
        expect_known(step->opening);
        for (size_t at = 0; at < TOUR_COMMANDS_MAX; at++)
            expect_known(step->commands[at]);
    }
}

static void expect_lines(const char *title, const char *pattern, const char *seen, size_t columns)
{
    char text[2 * TOUR_TEXT_MAX];
    tour_expand(text, pattern, tell_longest, NULL);
    if (seen)
        strcat(strcat(text, " "), seen);
    if (wrap_count(text, columns) > NOTE_LINES || strlen(text) >= TOUR_TEXT_MAX)
        fail_msg("%s needs %zu lines of %zu", title, wrap_count(text, columns), columns);
}

static void texts_fit_into_the_note(void **state)
{
    (void)state;
    for (size_t i = 0; i < tour_script_length; i++) {
        const struct tour_step *step = &tour_script[i];
        assert_in_range(strlen(step->title), 1, 24);
        assert_in_range(strlen(step->text), 1, 300);
        expect_lines(step->title, step->text, NULL, TEXT_COLUMNS);
        expect_lines(step->title, step->text, step->seen, PIXEL_COLUMNS);
        if (step->otherwise)
            expect_lines(step->title, step->otherwise, NULL, TEXT_COLUMNS);
    }
}

/* What cannot be had is said, and what is said can be missing. */
static void steps_that_need_something_have_a_text_without_it(void **state)
{
    (void)state;
    assert_in_range(tour_script_length, 14, 26);
    for (size_t i = 0; i < tour_script_length; i++) {
        const struct tour_step *step = &tour_script[i];
        assert_int_equal(step->need != TOUR_NEEDS_NOTHING, step->otherwise ? true : false);
        assert_non_null(step->commands[0]);
    }
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool tell_a(void *context, const char *name, char word[TOUR_WORD_MAX])
{
    strcpy(word, context);
    return strcmp(name, "a") == 0;
}

static void expect_text(const char *pattern, bool is_known, const char *expected)
{
    char text[TOUR_TEXT_MAX];
    char value[] = "3M";
    assert_int_equal(tour_expand(text, pattern, tell_a, value), is_known);
    assert_string_equal(text, expected);
}

static void names_become_values(void **state)
{
    (void)state;
    expect_text("", true, "");
    expect_text("alloc {a} as a", true, "alloc 3M as a");
    expect_text("{a}{a}", true, "3M3M");
    expect_text("free {b}", false, "free {b}");
    expect_text("{a} {b} {a}", false, "3M {b} 3M");
    expect_text("{a", false, "{a");
    expect_text("a}", true, "a}");
    expect_text("{}", false, "{}");
    expect_text("{a-name-that-is-too-long}", false, "{a-name-that-is-too-long}");
}

static void longer_text_is_cut(void **state)
{
    char pattern[TOUR_TEXT_MAX + 40];
    char text[TOUR_TEXT_MAX];
    char value[TOUR_WORD_MAX];
    (void)state;
    memset(pattern, 'x', sizeof pattern - 1);
    pattern[sizeof pattern - 1] = '\0';
    memset(value, 'y', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    assert_true(tour_expand(text, pattern, tell_a, value));
    assert_int_equal(strlen(text), TOUR_TEXT_MAX - 1);
    memcpy(pattern + TOUR_TEXT_MAX - 20, "{a}", 4);
    assert_true(tour_expand(text, pattern, tell_a, value));
    assert_int_equal(strlen(text), TOUR_TEXT_MAX - 1);
    assert_int_equal(text[TOUR_TEXT_MAX - 2], 'y');
}

static void sizes_are_exact_and_short(void **state)
{
    char word[TOUR_WORD_MAX];
    (void)state;
    assert_string_equal(tour_format_size(word, 4096), "4K");
    assert_string_equal(tour_format_size(word, 3 * MIB), "3M");
    assert_string_equal(tour_format_size(word, 3 * MIB + 4 * KIB), "3076K");
    assert_string_equal(tour_format_size(word, 48 * GIB), "48G");
    assert_string_equal(tour_format_size(word, 4096 * GIB), "4T");
    assert_string_equal(tour_format_size(word, 4096 * 1024 * GIB), "4096T");
    assert_string_equal(tour_format_size(word, 0), "0K");
}

/* ---- sizes ----------------------------------------------------------------------------------- */

static enum mm_status take(const struct mm_request *request)
{
    struct mm_request named = *request;
    struct mm_block block;
    named.owner = "tour";
    enum mm_status status = mm_alloc(&mm, &named, &block);
    if (status == MM_OK)
        mm_free(&mm, block.base);
    return status;
}

static void expect_fragments(void)
{
    phys_t bases[4];
    struct mm_totals totals;
    for (size_t i = 0; i < 4; i++)
        bases[i] = allocate(i % 2 ? "even" : "odd", sizes.fifth);
    mm_free(&mm, bases[0]);
    mm_free(&mm, bases[2]);
    mm_get_totals(&mm, &totals);
    assert_true(totals.free_count > totals.largest_run);
    mm_free(&mm, bases[1]);
    mm_free(&mm, bases[3]);
}

/* Each command of the script gives what its text says. */
static void expect_sizes_to_serve(const char *machine)
{
    if (!tour_sizes_find(&sizes, &mm))
        return;
    struct mm_request one = {.size_bytes = sizes.one, .limit = MM_NO_LIMIT};
    struct mm_request three = {.size_bytes = sizes.three, .limit = MM_NO_LIMIT};
    struct mm_request low = {.size_bytes = sizes.low, .limit = sizes.limit};
    struct mm_request beyond = {.size_bytes = sizes.beyond, .limit = MM_NO_LIMIT};
    if (take(&one) != MM_OK || take(&three) != MM_OK || take(&low) != MM_OK)
        fail_msg("%s has no room", machine);
    one.align_bytes = sizes.four;
    three.boundary_bytes = sizes.four;
    assert_int_equal(take(&one), MM_OK);
    assert_int_equal(take(&three), MM_OK);
    three.limit = sizes.one;
    assert_int_equal(take(&three), MM_BAD_LIMIT);
    assert_int_equal(take(&beyond), MM_NO_ROOM);
    beyond.size_bytes -= FRAME_BYTES;
    assert_int_equal(take(&beyond), MM_OK);
    assert_true((sizes.one & (sizes.one - 1)) == 0 && sizes.three == 3 * sizes.one);
    assert_true(sizes.four == 4 * sizes.one && sizes.fifth % sizes.one == 0);
    expect_fragments();
}

static void start_known(const char *machine)
{
    start_mm();
    expect_sizes_to_serve(machine);
}

static void sizes_serve_every_known_machine(void **state)
{
    (void)state;
    for_each_known_machine(start_known);
}

static void start_small(phys_t bytes)
{
    memmap_init(&map);
    memmap_add_entry(&map, 64 * KIB, bytes, 1);
    memmap_round(&map);
    start_mm();
}

static void sizes_serve_the_smallest_machine(void **state)
{
    (void)state;
    for (phys_t frames = 1; frames < 300; frames++) {
        start_small(frames * FRAME_BYTES);
        assert_int_equal(tour_sizes_find(&sizes, &mm), frames >= 16);
        expect_sizes_to_serve("the small one");
    }
}

static void expect_words(const char *one, const char *limit, const char *low, const char *standin)
{
    char word[TOUR_WORD_MAX];
    assert_true(tour_sizes_find(&sizes, &mm));
    assert_true(tour_sizes_tell(&sizes, "one", word));
    assert_string_equal(word, one);
    assert_true(tour_sizes_tell(&sizes, "limit", word));
    assert_string_equal(word, limit);
    assert_true(tour_sizes_tell(&sizes, "low", word));
    assert_string_equal(word, low);
    assert_true(tour_sizes_tell(&sizes, "standin", word));
    assert_string_equal(word, standin);
    assert_false(tour_sizes_tell(&sizes, "two", word));
}

/* 125 MiB of free memory, with the ISA's limit in it; and two that end below. */
static void sizes_follow_the_machine(void **state)
{
    (void)state;
    expect_words("1M", "16M", "3M", "");
    start_small(2 * MIB - 64 * KIB);
    expect_words("16K", "1M", "192K", " Here, 1M stands for it.");
    start_small(400 * KIB);
    expect_words("4K", "256K", "48K", " Here, 256K stands for it.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_in_the_script_are_known),
        cmocka_unit_test(texts_fit_into_the_note),
        cmocka_unit_test(steps_that_need_something_have_a_text_without_it),
        cmocka_unit_test(names_become_values),
        cmocka_unit_test(longer_text_is_cut),
        cmocka_unit_test(sizes_are_exact_and_short),
        cmocka_unit_test_setup_teardown(sizes_serve_every_known_machine, start_machine, release),
        cmocka_unit_test_setup_teardown(sizes_serve_the_smallest_machine, start_machine, release),
        cmocka_unit_test_setup_teardown(sizes_follow_the_machine, start_machine, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
