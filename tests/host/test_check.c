/*
 * What buddy_check and span_check say of damage: each sentence, for each way to deserve it, and that
 * no flipped bit of what the buddy remembers goes unnoticed.
 */

#include "one_arena.h"

#include "mm/span.h"

static void expect_broken(const char *sentence)
{
    const char *broken = buddy_check(&arena.buddy);
    assert_non_null(broken);
    assert_string_equal(broken, sentence);
}

/* Changes a value, expects the sentence, and changes it back. */
#define EXPECT_WITH(value, damaged, sentence)                                                      \
    do {                                                                                           \
        __typeof__(value) whole = (value);                                                         \
        (value) = (__typeof__(value))(damaged);                                                    \
        expect_broken(sentence);                                                                   \
        (value) = whole;                                                                           \
        assert_null(buddy_check(&arena.buddy));                                                    \
    } while (0)

static struct buddy_span *highest(void)
{
    return arena.buddy.highest;
}

/* ---- spans ----------------------------------------------------------------------------------- */

static void spans_and_their_numbers(void **state)
{
    (void)state;
    add(0x100, 0x200);
    add(0x400, 0x500);
    EXPECT_WITH(highest()->first_pfn, 0x1FF, "two spans overlap");
    EXPECT_WITH(highest()->first_pfn, 0x3FF, "a span's numbers disagree");
    EXPECT_WITH(arena.buddy.frame_count, 0x201, "the count of frames is wrong");
    EXPECT_WITH(arena.buddy.free_count, 0x1FF, "the count of free frames is wrong");
    EXPECT_WITH(highest()->lower->word_runs[0], 1,
                "a word's longest run does not follow from its bits");
}

/* Every number of every node, on every level. */
static void nodes_follow_from_their_halves(void **state)
{
    (void)state;
    add(0x1010, 0x2FF0);
    pfn_t first;
    take(700, 1, 0, NO_LIMIT, 0, &first);
    assert_true(highest()->level_count >= 4);
    for (unsigned level = 0; level < highest()->level_count; level++) {
        for (uint32_t i = 0; i < highest()->levels[level].node_count; i++) {
            struct run_summary *node = &highest()->levels[level].nodes[i];
            EXPECT_WITH(node->head, node->head + 1, "a buddy does not follow from its halves");
            EXPECT_WITH(node->longest, node->longest ^ 8,
                        "a buddy does not follow from its halves");
            EXPECT_WITH(node->tail, node->tail - 1, "a buddy does not follow from its halves");
        }
    }
}

/* The span has frames 0x110 to 0x1FF; tables hold 0x100 to 0x2FF. Nothing outside may be marked. */
static void frames_outside_are_never_marked(void **state)
{
    (void)state;
    static const char outside[] = "a frame outside of its span is marked";
    add(0x110, 0x200);
    struct buddy_span *span = highest();
    assert_int_equal(span->origin, 0x100);
    assert_int_equal(span->word_count * WORD_BITS, 0x200);
    for (uint32_t i = 0x100 / WORD_BITS; i < span->word_count; i++) {
        EXPECT_WITH(span->start_words[i], (word_t)1 << 7, outside);
        EXPECT_WITH(span->end_words[i], (word_t)1 << (WORD_BITS - 1), outside);
        span->word_runs[i] = 1; /* as a free frame would have it */
        span->used_words[i] ^= 4;
        expect_broken(outside);
        span->used_words[i] ^= 4;
        span->word_runs[i] = 0;
    }
    EXPECT_WITH(span->start_words[0], 1 << 15, outside);
    EXPECT_WITH(span->end_words[0], 1 << 15, outside);
}

/* .....[ block ].....[ block ] : the marks of both, each wrong in each way */
static void marks_make_blocks(void **state)
{
    (void)state;
    static const char inside[] = "a free frame lies inside a block";
    static const char start[] = "a block has no start, or two";
    add(0x100, 0x200);
    pfn_t first;
    take(5, 1, 0, NO_LIMIT, 0, &first); /* 0x1FB to 0x1FF: up to the end */
    take(5, 1, 0, 0x130, 0, &first); /* 0x12B to 0x12F */
    assert_int_equal(first, 0x12B);
    struct buddy_span *span = highest();
    for (uint32_t pfn = 0x100; pfn < 0x200; pfn++) {
        uint32_t frame = (uint32_t)(pfn - span->origin);
        word_t *starts = &span->start_words[span_word_index(span, frame)];
        word_t *ends = &span->end_words[span_word_index(span, frame)];
        word_t bit = span_bit(frame);
        if (span_frame_is_free(span, frame)) {
            EXPECT_WITH(*starts, *starts | bit, inside);
            EXPECT_WITH(*ends, *ends | bit, inside);
        } else if (pfn == 0x12F) {
            EXPECT_WITH(*ends, *ends & ~bit, inside);
        } else if (pfn == 0x1FF) {
            EXPECT_WITH(*ends, *ends & ~bit, "a block has no end");
        } else {
            EXPECT_WITH(*starts, *starts ^ bit, start);
            EXPECT_WITH(*ends, *ends ^ bit, start);
        }
    }
}

/* ---- bands ------------------------------------------------------------------------------------ */

static void bands_and_their_frames(void **state)
{
    (void)state;
    add(0x800, 0x1800);
    EXPECT_WITH(arena.buddy.bands[0].frame_count, 0x801, "a band's count of frames is wrong");
    EXPECT_WITH(arena.buddy.bands[1].frame_count, 0x7FF, "a band's count of frames is wrong");
    EXPECT_WITH(arena.buddy.bands[2].frame_count, 1, "a band is taken for another");
    for (unsigned band = 0; band < BUDDY_BAND_COUNT; band++)
        for (unsigned other = 0; other < BUDDY_BAND_COUNT; other++)
            if (other != arena.buddy.band_below[band])
                EXPECT_WITH(arena.buddy.band_below[band], other, "a band is taken for another");
}

/* ---- kept runs -------------------------------------------------------------------------------- */

static const char wrong_place[] = "a kept run is not where it is said to be";
static const char wrong_count[] = "a count of kept runs is wrong";

static pfn_t take_below(pfn_t count, pfn_t limit)
{
    pfn_t first = 0;
    assert_int_equal(take(count, 1, 0, limit, 0, &first), MM_OK);
    return first;
}

static void kept_runs_are_counted(void **state)
{
    (void)state;
    add(0x1000, 0x2000);
    struct quick *quick = &arena.buddy.bands[1].quick;
    give(take_below(40, NO_LIMIT), NULL);
    EXPECT_WITH(quick->slots[3].count, QUICK_PLACES + 1, wrong_count);
    EXPECT_WITH(quick->slots[41].count, 1, wrong_count);
    EXPECT_WITH(quick->longest, 39, wrong_count);
    EXPECT_WITH(quick->longest, QUICK_LENGTH_MAX + 1, wrong_count);
    EXPECT_WITH(arena.buddy.quick_count, 0, "the count of kept runs is wrong");
    quick->longest = QUICK_LENGTH_MAX; /* too high is right as well */
    assert_null(buddy_check(&arena.buddy));
}

/* A place in a slot that names another band's block, a block's middle, or a free frame. */
static void kept_runs_are_blocks_of_their_band(void **state)
{
    (void)state;
    add(0x800, 0x1800);
    pfn_t low = take_below(3, 0x1000);
    pfn_t longer = take_below(8, NO_LIMIT);
    give(take_below(3, NO_LIMIT), NULL);
    uint32_t *first = arena.buddy.bands[1].quick.slots[3].firsts;
    EXPECT_WITH(*first, low, wrong_place);
    EXPECT_WITH(*first, longer, wrong_place);
    EXPECT_WITH(*first, longer + 5, wrong_place);
    EXPECT_WITH(*first, 0x1000, wrong_place);
    EXPECT_WITH(*first, 0x100, wrong_place);
}

static void kept_long_run_is_a_block_of_its_band(void **state)
{
    (void)state;
    add(0x800, 0x1800);
    pfn_t low = take_below(257, 0x1000);
    pfn_t short_one = take_below(256, NO_LIMIT);
    pfn_t kept = take_below(257, NO_LIMIT);
    give(kept, NULL);
    struct quick *quick = &arena.buddy.bands[1].quick;
    assert_int_equal(quick->longer_length, 257);
    EXPECT_WITH(quick->longer_first, low, wrong_place);
    EXPECT_WITH(quick->longer_first, short_one, wrong_place);
    EXPECT_WITH(quick->longer_length, 258, wrong_place);
}

/* The end of a block, without its first frame. */
static void kept_long_run_begins_where_a_block_does(void **state)
{
    (void)state;
    add(0x1000, 0x1800);
    give(take_below(300, NO_LIMIT), NULL);
    struct quick *quick = &arena.buddy.bands[1].quick;
    quick->longer_first++;
    quick->longer_length--;
    expect_broken(wrong_place);
    quick->longer_first--;
    quick->longer_length++;
}

/* A block of 256 frames is kept by length, never as the long one. */
static void long_run_is_longer_than_the_rest(void **state)
{
    (void)state;
    add(0x1000, 0x1800);
    pfn_t short_one = take_below(256, NO_LIMIT);
    struct quick *quick = &arena.buddy.bands[1].quick;
    quick->longer_first = (uint32_t)short_one;
    quick->longer_length = 256;
    expect_broken(wrong_place);
    quick->longer_length = 0;
}

/* ---- the run allocated last ------------------------------------------------------------------- */

static void last_run_is_live(void **state)
{
    (void)state;
    static const char last[] = "the run allocated last is not where it is said to be";
    add(0x1000, 0x1800);
    pfn_t kept = take_below(5, NO_LIMIT);
    take_below(5, NO_LIMIT);
    give(kept, NULL);
    EXPECT_WITH(arena.buddy.last_first, kept, last);
    EXPECT_WITH(arena.buddy.last_first, 0x1000, last);
    EXPECT_WITH(arena.buddy.last_first, 0x100, last);
    EXPECT_WITH(arena.buddy.last_length, 4, last);
    arena.buddy.last_first++; /* the end of the block, without its first frame */
    arena.buddy.last_length--;
    expect_broken(last);
    arena.buddy.last_length = 0;
}

/* One frame, kept, is the very last that can be. */
static void last_run_is_not_the_last_that_can_be_kept(void **state)
{
    (void)state;
    pfn_t border = (pfn_t)QUICK_FRAME_MAX + 1;
    add(border - 4, border + 4);
    give(take_below(1, border), NULL);
    assert_int_equal(arena.buddy.quick_count, 1);
    arena.buddy.last_first = border - 1;
    EXPECT_WITH(arena.buddy.last_length, 1, "the run allocated last is not where it is said to be");
}

/* ---- every bit -------------------------------------------------------------------------------- */

/* Flips each bit in turn; returns how many flips buddy_check does not notice. */
static size_t count_unnoticed_flips(void *memory, size_t size_bytes)
{
    uint8_t *bytes = memory;
    size_t unnoticed = 0;
    for (size_t bit = 0; bit < size_bytes * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        unnoticed += buddy_check(&arena.buddy) == NULL;
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_null(buddy_check(&arena.buddy));
    return unnoticed;
}

/* Two runs of 3 frames, one of 40 and one of 300 are kept; one of 5 was allocated last. */
static void check_finds_damaged_kept_runs(void **state)
{
    (void)state;
    add(0x1000, 0x2000);
    static const pfn_t counts[] = {3, 3, 40, 300};
    pfn_t first[4];
    pfn_t last;
    for (size_t i = 0; i < 4; i++)
        take(counts[i], 1, 0, NO_LIMIT, 0, &first[i]);
    for (size_t i = 0; i < 4; i++)
        give(first[i], NULL);
    take(5, 1, 0, NO_LIMIT, 0, &last);
    struct buddy *buddy = &arena.buddy;
    struct quick *quick = &buddy->bands[1].quick;
    assert_int_equal(buddy->quick_count, 4);
    assert_int_equal(count_unnoticed_flips(quick->slots[3].firsts, 2 * sizeof(uint32_t)), 0);
    for (uint32_t length = 1; length <= QUICK_LENGTH_MAX; length++) {
        struct quick_slot *slot = &quick->slots[length];
        assert_int_equal(count_unnoticed_flips(&slot->count, sizeof slot->count), 0);
    }
    assert_int_equal(count_unnoticed_flips(&quick->longer_first, sizeof quick->longer_first), 0);
    assert_int_equal(count_unnoticed_flips(&quick->longer_length, sizeof quick->longer_length), 0);
    assert_int_equal(count_unnoticed_flips(&buddy->quick_count, sizeof buddy->quick_count), 0);
    assert_int_equal(count_unnoticed_flips(&buddy->last_first, sizeof buddy->last_first), 0);
    assert_int_equal(count_unnoticed_flips(&buddy->last_length, sizeof buddy->last_length), 0);
}

/* The run that was allocated last is free again: damage must not make it live. */
static void check_finds_a_freed_run_taken_for_a_live_one(void **state)
{
    (void)state;
    add(0x1000, 0x2000);
    pfn_t first;
    take(4, 1, 0, NO_LIMIT, 0, &first);
    give(first, NULL);
    assert_int_equal(count_unnoticed_flips(&arena.buddy.last_length, sizeof(uint32_t)), 0);
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        RULE(spans_and_their_numbers),
        RULE(nodes_follow_from_their_halves),
        RULE(frames_outside_are_never_marked),
        RULE(marks_make_blocks),
        RULE(bands_and_their_frames),
        RULE(kept_runs_are_counted),
        RULE(kept_runs_are_blocks_of_their_band),
        RULE(kept_long_run_is_a_block_of_its_band),
        RULE(kept_long_run_begins_where_a_block_does),
        RULE(long_run_is_longer_than_the_rest),
        RULE(last_run_is_live),
        RULE(last_run_is_not_the_last_that_can_be_kept),
        RULE(check_finds_damaged_kept_runs),
        RULE(check_finds_a_freed_run_taken_for_a_live_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
