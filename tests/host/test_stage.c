/*
 * A small machine's picture and its steps, against brute force over frames: each state is known
 * from the allocator's answers alone, frame by frame, and the picture's counts, buddies and steps
 * must agree with it.
 */

#include "kernel/stage/stage_steps.h"

#include "kernel/lib/random.h"
#include "kernel/stage/stage_words.h"
#include "kernel/view/view_format.h"
#include "kernel/view/view_grid.h"

#include "golden.h"
#include "view_machine.h"

#define FIRST 0x400 /* 4 MiB */
#define BLOCKS_MAX 256

static struct stage stage;
static struct stage_steps steps;
static struct view_splits splits;
static struct explain explain;
static bool is_used[STAGE_FRAMES_MAX];
static bool was_used[STAGE_FRAMES_MAX];
static phys_t bases[BLOCKS_MAX];
static size_t block_count;
static uint64_t random_state = RANDOM_SEED;

static unsigned random_below(unsigned limit)
{
    return random_next(&random_state) % limit;
}

static void start(unsigned order)
{
    memmap_init(&map);
    memmap_add_entry(&map, FIRST << FRAME_SHIFT, FRAME_BYTES << order, 1);
    memmap_round(&map);
    start_mm();
    memset(&stage, 0, sizeof stage);
    memset(is_used, 0, sizeof is_used);
    stage.first = FIRST;
    stage.order = order;
    stage.name = "test";
    view_owners_init(&stage.owners);
    textbook_start(&stage.textbook, order);
    block_count = 0;
    steps.splits = &splits;
    explain.naming = (struct view_naming){FIRST, FIRST + ((pfn_t)1 << order)};
    stage_look(&stage, &mm);
}

static void set_used(struct frame_range frames, bool used)
{
    for (pfn_t i = frames.first; i < frames.end; i++) {
        assert_true(is_used[i - FIRST] != used);
        is_used[i - FIRST] = used;
    }
}

/* ---- brute force ----------------------------------------------------------------------------- */

static unsigned run_from(const bool *used, unsigned first, unsigned end)
{
    unsigned length = 0;
    while (first + length < end && !used[first + length])
        length++;
    return length;
}

static struct stage_counts count(const bool *used, struct frame_range frames)
{
    struct stage_counts counts = {0};
    unsigned first = (unsigned)frames.first;
    unsigned end = (unsigned)frames.end;
    counts.head = (uint16_t)run_from(used, first, end);
    for (unsigned i = first; i < end; i++) {
        unsigned length = run_from(used, i, end);
        counts.longest = (uint16_t)(length > counts.longest ? length : counts.longest);
    }
    while (counts.tail < end - first && !used[end - 1 - counts.tail])
        counts.tail++;
    return counts;
}

static bool is_same(const struct stage_counts *a, const struct stage_counts *b)
{
    return a->head == b->head && a->longest == b->longest && a->tail == b->tail;
}

static void expect_counts(const struct stage_memory *memory, const bool *used)
{
    for (unsigned node = 1; node < 2 * stage_frame_count(&stage); node++) {
        struct stage_counts expected = count(used, stage_node_frames(&stage, node));
        assert_true(is_same(&memory->nodes[node], &expected));
    }
    for (unsigned i = 0; i < stage_frame_count(&stage); i++)
        assert_int_equal(memory->frames[i].state, used[i] ? STAGE_USED : STAGE_FREE);
}

/* The frames in boxes that are drawn as free buddies: each once. */
static unsigned frames_in_buddies(void)
{
    static bool seen[STAGE_FRAMES_MAX];
    unsigned total = 0;
    memset(seen, 0, sizeof seen);
    for (unsigned node = 1; node < 2 * stage_frame_count(&stage); node++) {
        struct frame_range frames = stage_node_frames(&stage, node);
        if (stage_kind_of(&stage, node) != STAGE_FULL)
            continue;
        for (pfn_t i = frames.first; i < frames.end; i++, total++) {
            assert_false(seen[i]);
            seen[i] = true;
        }
    }
    return total;
}

static unsigned count_free(const bool *used)
{
    unsigned free_count = 0;
    for (unsigned i = 0; i < stage_frame_count(&stage); i++)
        free_count += !used[i];
    return free_count;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void expect_place(const struct step_line *line, struct frame_range block)
{
    assert_true(line->range.first == block.first && line->range.end == block.end);
    for (unsigned i = 0; i < stage_frame_count(&stage); i++)
        assert_true((stage.marks.frames[i] == STAGE_PLACE) ==
                    (i + FIRST >= block.first && i + FIRST < block.end));
}

/* Each box shows what was, or what is, and the new counts reach up to the step's order. */
static void expect_update(const struct stage_step *step)
{
    for (unsigned node = 1; node < stage_frame_count(&stage); node++) {
        bool is_new = stage_node_order(&stage, node) <= step->at;
        const struct stage_counts *shown = stage_counts_at(&stage, node);
        struct stage_counts expected =
            count(is_new ? is_used : was_used, stage_node_frames(&stage, node));
        assert_true(is_same(shown, &expected));
    }
}

/* Where the update stops, all that is above has the counts from before. */
static void expect_nothing_above(unsigned order)
{
    for (unsigned node = 1; node < stage_frame_count(&stage); node++)
        if (stage_node_order(&stage, node) >= order)
            assert_true(is_same(&stage.before.nodes[node], &stage.now.nodes[node]));
}

static void expect_step(const struct stage_step *step, const struct step_line *line,
                        struct frame_range block)
{
    size_t length = strlen(line->text);
    assert_true(length > 0 && length < sizeof line->text - 1);
    assert_int_equal(line->text[length - 1], '.');
    assert_string_equal(stage.marks.text, line->text);
    if (step->kind == STAGE_STEP_SEARCH && strcmp(line->what, "place") == 0)
        expect_place(line, block);
    if (step->kind == STAGE_STEP_WAY && block.first < block.end)
        assert_true(line->range.first <= block.first && block.end <= line->range.end);
    if (step->kind == STAGE_STEP_SPLIT)
        assert_int_equal(frames_in_buddies(), count_free(was_used));
    if (step->kind == STAGE_STEP_MERGE)
        assert_int_equal(frames_in_buddies(), count_free(is_used));
    frames_in_buddies(); /* none is in two of them */
    if (step->kind == STAGE_STEP_COUNTS || step->kind == STAGE_STEP_SAME)
        expect_update(step);
    if (step->kind == STAGE_STEP_SAME)
        expect_nothing_above(step->at);
}

/* In order, and once more backwards: a step shows the same, whichever was shown before it. */
static void expect_steps(struct frame_range block)
{
    static uint32_t seen[STAGE_STEPS_MAX];
    struct step_line line;
    assert_true(steps.count > 0 && steps.count < STAGE_STEPS_MAX);
    for (size_t i = 0; i < steps.count; i++) {
        stage_steps_show(&steps, &stage, i, &line);
        expect_step(&steps.steps[i], &line, block);
        seen[i] = view_hash_bytes(VIEW_HASH_START, &stage.marks, sizeof stage.marks);
    }
    for (size_t i = steps.count; i-- > 0;) {
        stage_steps_show(&steps, &stage, i, &line);
        assert_int_equal(view_hash_bytes(VIEW_HASH_START, &stage.marks, sizeof stage.marks),
                         seen[i]);
    }
    stage_steps_end(&steps, &stage);
    assert_true(block.first >= block.end || frames_in_buddies() == count_free(is_used));
    stage_clear_marks(&stage);
    assert_int_equal(frames_in_buddies(), count_free(is_used));
}

static size_t count_kind(enum stage_step_kind kind)
{
    size_t found = 0;
    for (size_t i = 0; i < steps.count; i++)
        found += steps.steps[i].kind == kind;
    return found;
}

/* ---- random states --------------------------------------------------------------------------- */

static struct mm_request random_request(void)
{
    unsigned frames = stage_frame_count(&stage);
    struct mm_request request = {.size_bytes = (1 + random_below(frames / 3)) * FRAME_BYTES,
                                 .limit = MM_NO_LIMIT,
                                 .owner = random_below(2) ? "a" : "bee"};
    if (random_below(3) == 0)
        request.limit = (FIRST + random_below(frames + 8)) * FRAME_BYTES;
    if (random_below(3) == 0)
        request.lowest = (FIRST + random_below(frames)) * FRAME_BYTES;
    if (random_below(4) == 0)
        request.align_bytes = FRAME_BYTES << random_below(3);
    if (random_below(5) == 0)
        request.boundary_bytes = FRAME_BYTES << (2 + random_below(4));
    return request;
}

static void allocate_and_tell(void)
{
    struct mm_request request = random_request();
    struct frame_range frames = {0};
    struct mm_block block;
    memcpy(was_used, is_used, sizeof was_used);
    stage_look(&stage, &mm);
    stage_keep_before(&stage);
    explain_request(&explain, &mm, &request);
    enum mm_status status = mm_alloc(&mm, &request, &block);
    if (status == MM_OK) {
        frames = view_frames_between(block.base, block.base + block.size_bytes);
        bases[block_count++] = block.base;
        set_used(frames, true);
    }
    stage_look(&stage, &mm);
    expect_counts(&stage.before, was_used);
    expect_counts(&stage.now, is_used);
    if (explain.step_count == 0)
        return;
    stage_steps_alloc(&steps, &stage, &explain, frames);
    assert_int_equal(count_kind(STAGE_STEP_BITS), status == MM_OK);
    expect_steps(frames);
}

static void free_and_tell(void)
{
    size_t index = random_below((unsigned)block_count);
    struct mm_block block;
    assert_true(mm_find_base(&mm, bases[index], &block));
    struct frame_range frames = view_frames_between(block.base, block.base + block.size_bytes);
    memcpy(was_used, is_used, sizeof was_used);
    stage_look(&stage, &mm);
    stage_keep_before(&stage);
    assert_int_equal(mm_free(&mm, bases[index]), MM_OK);
    bases[index] = bases[--block_count];
    set_used(frames, false);
    stage_look(&stage, &mm);
    stage_steps_free(&steps, &stage, frames);
    assert_int_equal(count_kind(STAGE_STEP_BITS), 1);
    expect_steps((struct frame_range){1, 0});
}

static void counts_and_steps_agree_with_brute_force(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 12; round++) {
        start(4 + round % 5);
        for (unsigned i = 0; i < 150; i++)
            if (block_count == 0 || (block_count < BLOCKS_MAX && random_below(5) < 3))
                allocate_and_tell();
            else
                free_and_tell();
    }
}

/* ---- one state, seen ------------------------------------------------------------------------- */

static void take(const char *owner, unsigned frames, unsigned lowest, unsigned limit)
{
    struct mm_request request = {.size_bytes = frames * FRAME_BYTES,
                                 .lowest = (FIRST + lowest) * FRAME_BYTES,
                                 .limit = (FIRST + limit) * FRAME_BYTES,
                                 .owner = owner};
    struct mm_block block;
    stage_look(&stage, &mm);
    stage_keep_before(&stage);
    assert_int_equal(explain_request(&explain, &mm, &request), MM_OK);
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    stage_look(&stage, &mm);
    stage_steps_alloc(&steps, &stage, &explain,
                      view_frames_between(block.base, block.base + block.size_bytes));
}

/* The state of the chapter: a a . . . b b b . c c c d d . . */
static void start_example(void)
{
    start(4);
    take("a", 2, 0, 2);
    take("b", 3, 5, 8);
    take("d", 2, 12, 14);
    take("c", 3, 4, 12);
}

static void expect_told(const char *const *expected)
{
    struct step_line line;
    size_t i = 0;
    for (; i < steps.count && expected[i]; i++) {
        stage_steps_show(&steps, &stage, i, &line);
        assert_string_equal(line.text, expected[i]);
    }
    assert_int_equal(i, steps.count);
    assert_null(expected[i]);
}

static void steps_are_told_in_sentences(void **state)
{
    (void)state;
    static const char *const told[] = {
        "Wanted: 3 frames, from frame 4 on, and below frame 12.",
        "Short free runs are in lists, by length. No listed run of 3 frames or more will do.",
        "Frames 0 to 15: the longest free run has 4 (wanted: 3): look inside.",
        "Frames 8 to 15: the longest free run has 4 (wanted: 3): look inside.",
        "Frames 12 to 15 lie outside. Frames 8 to 11 are all free (wanted: 3).",
        "The place: frames 9 to 11, the highest in the tree that will do.",
        "Frames 8 to 11 are a free buddy, and larger than needed: halve it, into two of 2 frames.",
        "Frames 8 to 9 are a free buddy, and larger than needed: halve it, into two of 1 frame. "
        "Frame 8 stays free.",
        "Frames 9 to 11 are taken now: 3 bits changed, one for each frame. 3 were asked for, 3 are "
        "given. The boxes still have their old counts.",
        "Frames 8 to 11 get new counts: 2 buddies of 2 frames, each from its halves. Those above "
        "are still old.",
        "Frames 8 to 11 get new counts: head 1, tail 0, longest 1 (the largest of 1, 0 and 0 + 0 "
        "across the middle). Those above are still old.",
        "Frames 8 to 15 get new counts: head 1, tail 2, longest 2 (the largest of 1, 2 and 0 + 0 "
        "across the middle). Those above are still old.",
        "Frames 0 to 15 get new counts: head 0, tail 2, longest 3 (the largest of 3, 2 and 0 + 1 "
        "across the middle). This is the top: the update ends.",
        NULL};
    start_example();
    expect_told(told);
}

/* A line that is about two buddies, or more, goes from the first to the last. */
static void expect_nodes(size_t index, unsigned count, pfn_t first, pfn_t end, const char *text)
{
    struct step_line line;
    stage_steps_show(&steps, &stage, index, &line);
    assert_int_equal(line.node_count, count);
    assert_int_equal(line.range.first, FIRST + first);
    assert_int_equal(line.range.end, FIRST + end);
    assert_string_equal(line.text, text);
    assert_false(line.has_counts && count > 1);
}

static size_t find_kind(enum stage_step_kind kind)
{
    size_t index = 0;
    while (steps.steps[index].kind != kind)
        index++;
    return index;
}

/* In the middle of a run, two buddies are split at a time, and two pairs merge. */
static void fields_are_about_what_the_sentence_names(void **state)
{
    (void)state;
    start(4);
    take("a", 6, 5, 11);
    size_t split = find_kind(STAGE_STEP_SPLIT);
    expect_nodes(split, 1, 0, 16,
                 "Frames 0 to 15 are a free buddy, and larger than needed: halve it, into two of "
                 "8 frames.");
    expect_nodes(split + 1, 2, 0, 16,
                 "Frames 0 to 7 and frames 8 to 15 are free buddies, and larger than needed: halve "
                 "both, into 4 frames each.");
    expect_nodes(split + 3, 2, 4, 12,
                 "Frames 4 to 5 and frames 10 to 11 are free buddies, and larger than needed: "
                 "halve both, into 1 frame each. Frames 0 to 3, 4, 11 and 12 to 15 stay free.");
    size_t counts = find_kind(STAGE_STEP_COUNTS);
    expect_nodes(counts, 4, 4, 12,
                 "Frames 4 to 11 get new counts: 4 buddies of 2 frames, each from its halves. "
                 "Those above are still old.");
    stage_keep_before(&stage);
    assert_int_equal(mm_free(&mm, (phys_t)(FIRST + 5) << FRAME_SHIFT), MM_OK);
    stage_look(&stage, &mm);
    stage_steps_free(&steps, &stage, (struct frame_range){FIRST + 5, FIRST + 11});
    expect_nodes(find_kind(STAGE_STEP_MERGE), 2, 4, 12,
                 "Two buddies have two free halves each. These merge: into one free buddy at "
                 "frames 4 to 5, and one at frames 10 to 11.");
}

/* A block of 10 KiB has 3 frames. */
static void block_that_ends_within_a_frame_is_told(void **state)
{
    (void)state;
    start(4);
    steps.spare_bytes = 2048;
    take("a", 3, 0, 16);
    stage_steps_end(&steps, &stage);
    steps.spare_bytes = 0;
    assert_string_equal(stage.marks.text,
                        "Frames 13 to 15 are taken now: 3 bits changed, one for each frame. 10240 "
                        "bytes were asked for, so the last frame is used in part.");
}

static phys_t base_of(unsigned frame)
{
    return (phys_t)(FIRST + frame) << FRAME_SHIFT;
}

/* The box over a block's frames is free before it is taken, and has old counts until it is told. */
static void taken_buddies_are_not_shown_free(void **state)
{
    (void)state;
    struct step_line line;
    start(4);
    unsigned node = stage_node(&stage, 2, 8);
    take("a", 4, 0, 12); /* frames 8 to 11 */
    for (size_t i = 0; i < steps.count; i++) {
        stage_steps_show(&steps, &stage, i, &line);
        unsigned kind = stage_kind_of(&stage, node);
        bool is_taken = steps.steps[i].kind >= STAGE_STEP_BITS;
        assert_true(is_taken ? kind == STAGE_PART || kind == STAGE_TAKEN
                             : kind == STAGE_FULL || kind == STAGE_INNER);
        assert_int_not_equal(stage.marks.nodes[node + 1], STAGE_REFUSED); /* it lies outside */
    }
}

/* Where a list answers, its runs are lit, and the way through the tree is not gone. */
static void lists_are_lit_where_they_answer(void **state)
{
    (void)state;
    struct step_line line;
    start(4);
    take("a", 3, 0, 16); /* frames 13 to 15 */
    take("b", 2, 0, 16);
    take("c", 1, 0, 16); /* frame 10 */
    take("d", 2, 0, 16);
    assert_int_equal(mm_free(&mm, base_of(13)), MM_OK);
    assert_int_equal(mm_free(&mm, base_of(10)), MM_OK);
    take("e", 2, 0, 16);
    assert_int_equal(count_kind(STAGE_STEP_WAY), 0);
    size_t place = 0;
    while (steps.steps[place + 1].kind == STAGE_STEP_SEARCH)
        place++;
    stage_steps_show(&steps, &stage, place, &line);
    assert_string_equal(line.from, "list");
    assert_string_equal(line.text, "The place: frames 14 to 15, in the shortest run of the lists "
                                   "that will do, of 3 frames.");
    assert_int_equal(stage.marks.frames[13], STAGE_LISTED);
    assert_int_equal(stage.marks.frames[14], STAGE_PLACE);
    assert_int_equal(stage.marks.frames[10], STAGE_REFUSED); /* freed last, of another length */
}

static void expect_holder(unsigned frame, const char *word)
{
    stage_clear_marks(&stage);
    assert_string_equal(stage_words_holder(&stage, &stage.now.frames[frame]), word);
}

/* Free frames say who has them, and the legend what these words mean, where there are any. */
static void free_frames_say_who_has_them(void **state)
{
    (void)state;
    start(4);
    assert_string_equal(stage_words_holders(&stage), "");
    expect_holder(0, "");
    take("a", 3, 0, 16); /* frames 13 to 15 */
    expect_holder(13, "");
    expect_holder(12, "rest");
    take("b", 1, 0, 16);
    take("c", 1, 0, 16);
    assert_int_equal(mm_free(&mm, (phys_t)(FIRST + 13) << FRAME_SHIFT), MM_OK);
    assert_int_equal(mm_free(&mm, (phys_t)(FIRST + 11) << FRAME_SHIFT), MM_OK);
    stage_look(&stage, &mm);
    expect_holder(14, "list");
    expect_holder(11, "last");
    assert_non_null(strstr(stage_words_holders(&stage), "list: by length"));
    stage.hides_holders = true;
    expect_holder(14, "");
    assert_string_equal(stage_words_holders(&stage), "");
    stage.hides_holders = false;
    start(5); /* its cells are too narrow for words */
    take("a", 3, 0, 32);
    assert_string_equal(stage_words_holders(&stage), "");
}

static void update_stops_where_counts_stay(void **state)
{
    (void)state;
    struct step_line line;
    start_example();
    take("e", 1, 4, 5); /* the run of 3 at frame 2 stays the longest of frames 0 to 7 no more */
    take("f", 1, 8, 9);
    stage_steps_show(&steps, &stage, steps.count - 1, &line);
    assert_string_equal(line.what, "same");
    assert_string_equal(line.text, "Frames 0 to 15: the counts are as before. So nothing above "
                                   "can change: the update stops.");
}

/* Of a request that nothing serves, each free frame in its window is struck out. */
static void refusal_is_told_by_what_there_is(void **state)
{
    (void)state;
    struct mm_request request = {
        .size_bytes = 4 * FRAME_BYTES, .limit = (FIRST + 15) * FRAME_BYTES, .owner = "e"};
    start_example();
    stage_keep_before(&stage);
    assert_int_equal(explain_request(&explain, &mm, &request), MM_NO_ROOM);
    stage_steps_alloc(&steps, &stage, &explain, (struct frame_range){0});
    stage_steps_end(&steps, &stage);
    assert_string_equal(stage.marks.text, "No free run will do: the longest has 3, and 4 are "
                                          "wanted. The request is refused.");
    for (unsigned i = 0; i < 15; i++)
        assert_int_equal(stage.marks.frames[i],
                         stage.before.frames[i].state == STAGE_USED ? STAGE_PLAIN : STAGE_REFUSED);
    assert_int_equal(stage.marks.frames[15], STAGE_OUTSIDE);
}

/* After a free, the last merge stays on the screen; where nothing merges, the bits do. */
static void free_ends_with_its_last_merge(void **state)
{
    (void)state;
    start(4);
    take("a", 3, 0, 16);
    stage_keep_before(&stage);
    assert_int_equal(mm_free(&mm, base_of(13)), MM_OK);
    stage_look(&stage, &mm);
    stage_steps_free(&steps, &stage, (struct frame_range){FIRST + 13, FIRST + 16});
    stage_steps_end(&steps, &stage);
    assert_string_equal(stage.marks.text,
                        "Frames 0 to 7 and frames 8 to 15 are the halves of one buddy. Both are "
                        "free: they merge into one free buddy of 16 frames.");
    assert_int_equal(stage.marks.nodes[1], STAGE_HERE);
    assert_int_equal(stage.marks.nodes[2], STAGE_CHANGED);
    assert_int_equal(stage_kind_of(&stage, 1), STAGE_FULL);
    take("a", 1, 0, 1);
    take("b", 1, 1, 2);
    stage_keep_before(&stage);
    assert_int_equal(mm_free(&mm, base_of(0)), MM_OK);
    stage_look(&stage, &mm);
    stage_steps_free(&steps, &stage, (struct frame_range){FIRST, FIRST + 1});
    stage_steps_end(&steps, &stage);
    assert_string_equal(stage.marks.text, "Frame 0 is free now: 1 bit changed.");
}

static void expect_figures(size_t index, const char *expected)
{
    char name[STAGE_TEXT_MAX];
    char figures[STAGE_TEXT_MAX];
    struct step_line line;
    stage_steps_show(&steps, &stage, index, &line);
    stage_words_title(&stage, name, figures);
    assert_string_equal(figures, expected);
}

/* Until the bits change, nothing is taken; what a free gave back is free from its first step on. */
static void title_counts_the_moment_that_is_shown(void **state)
{
    (void)state;
    start_example();
    size_t bits = 0;
    while (steps.steps[bits].kind != STAGE_STEP_BITS)
        bits++;
    expect_figures(0, "free 9   longest run 4   blocks 3");
    expect_figures(bits - 1, "free 9   longest run 4   blocks 3");
    expect_figures(bits, "free 6   longest run 3   blocks 4");
    expect_figures(steps.count - 1, "free 6   longest run 3   blocks 4");
}

static uint8_t owner_at(unsigned frame)
{
    return stage.now.frames[frame].owner;
}

static void expect_textbook(const char *expected)
{
    char text[STAGE_TEXT_MAX];
    stage_words_textbook(&stage, text);
    assert_string_equal(text, expected);
}

/* Also what it refused, which is nowhere in its frames. */
static void textbook_is_told(void **state)
{
    (void)state;
    start_example();
    expect_textbook("lost inside of blocks 0   free 16   largest 16   refused 0");
    stage.textbook.refused = 1;
    stage.textbook.last_refused = (struct textbook_request){.count = 3, .owner = owner_at(12)};
    expect_textbook("lost inside of blocks 0   free 16   largest 16   refused 1: d, 3 frames");
    stage.textbook.refused = 2;
    stage.textbook.last_refused.count = 1;
    expect_textbook(
        "lost inside of blocks 0   free 16   largest 16   refused 2, the last: d, 1 frame");
}

static void pointed_frames_and_boxes_are_told(void **state)
{
    (void)state;
    char text[STAGE_TEXT_MAX];
    start_example();
    stage_words_pointed(&stage, (struct frame_range){10, 11}, 0, text);
    assert_string_equal(text, "Frame 10: used, in the block of c at frames 9 to 11.");
    stage_words_pointed(&stage, (struct frame_range){3, 4}, 0, text);
    assert_string_equal(text, "Frame 3: free, in the tree at frames 2 to 4.");
    stage_words_pointed(&stage, (struct frame_range){8, 16}, 3, text);
    assert_string_equal(
        text, "Frames 8 to 15, order 3: head 1, tail 2, longest 2 (the largest of 1, 2 and "
              "0 + 0 across the middle). The other half: frames 0 to 7.");
}

/* ---- pictures -------------------------------------------------------------------------------- */

static void write_chars(char *text)
{
    static view_char_t cells[VIEW_CHARS_ROWS][VIEW_CHARS_COLUMNS];
    stage_draw_chars(&stage, cells);
    for (int row = 0; row < VIEW_CHARS_ROWS; row++) {
        int end = VIEW_CHARS_COLUMNS;
        while (end > 0 && (cells[row][end - 1] & 0xFF) == ' ')
            end--;
        for (int i = 0; i < end; i++) {
            unsigned char code = (unsigned char)(cells[row][i] & 0xFF);
            *text++ = code == 0xB3                ? '|'
                      : code == 0xC4              ? '-'
                      : code >= ' ' && code < 127 ? (char)code
                                                  : '+';
        }
        *text++ = '\n';
    }
    *text = '\0';
}

static void picture_in_characters(void **state)
{
    (void)state;
    static char text[5 * VIEW_CHARS_ROWS * (VIEW_CHARS_COLUMNS + 1)];
    struct step_line line;
    start_example();
    stage_steps_show(&steps, &stage, 5, &line);
    write_chars(text);
    stage_steps_end(&steps, &stage);
    write_chars(text + strlen(text));
    start(6);
    take("shell", 9, 0, 64);
    take("sound", 20, 3, 40);
    stage.shows_textbook = true;
    stage.textbook.refused = 1;
    stage.textbook.last_refused = (struct textbook_request){.count = 20, .owner = owner_at(20)};
    write_chars(text + strlen(text));
    start(8);
    take("shell", 90, 0, 256);
    write_chars(text + strlen(text));
    start(4);
    take("a", 3, 0, 16);
    assert_int_equal(mm_free(&mm, base_of(13)), MM_OK);
    stage_look(&stage, &mm);
    write_chars(text + strlen(text));
    golden_check_text(text, "stage-chars");
}

enum { WIDTH = 640, HEIGHT = 328 };

static uint32_t pixels[WIDTH * HEIGHT];
static struct canvas canvas;

/* Drawn over what is there, it is the same as drawn by itself. */
static void draw_over(void)
{
    static uint32_t over[WIDTH * HEIGHT];
    stage_draw(&stage, &canvas, canvas_bounds(&canvas));
    memcpy(over, pixels, sizeof over);
    stage_forget_drawn(&stage);
    stage_draw(&stage, &canvas, canvas_bounds(&canvas));
    assert_memory_equal(over, pixels, sizeof over);
}

static void picture_in_pixels(void **state)
{
    (void)state;
    struct step_line line;
    start_example();
    stage_steps_show(&steps, &stage, 7, &line);
    canvas_init(&canvas, pixels, WIDTH, HEIGHT, WIDTH * 4);
    stage_draw(&stage, &canvas, canvas_bounds(&canvas));
    golden_check(&canvas, "stage-640x328", 6, 12);
    for (size_t i = 0; i < steps.count; i++) {
        stage_steps_show(&steps, &stage, i, &line);
        draw_over();
    }
    stage_clear_marks(&stage);
    draw_over();
    take("e", 1, 14, 16);
    draw_over();
    take("f", 1, 2, 3);
    draw_over();
    start(4);
    take("g", 3, 0, 16); /* "it may lie anywhere": letters with descenders, below the bracket */
    stage_steps_end(&steps, &stage);
    draw_over();
    stage_clear_marks(&stage);
    draw_over();
}

/* Every frame and every box can be pointed at, and nothing of the picture lies outside of it. */
static void pixels_lead_to_frames(void **state)
{
    (void)state;
    static const struct canvas_rect pictures[] = {
        {0, 0, 640, 328}, {0, 0, 1024, 445}, {0, 0, 1920, 626}};
    for (size_t i = 0; i < 3; i++)
        for (unsigned order = 4; order <= 8; order += 2) {
            start(order);
            for (unsigned frame = 0; frame < 1u << order; frame++) {
                struct canvas_rect cell = stage_cell(&stage, pictures[i], frame);
                struct frame_range numbers;
                unsigned found;
                assert_true(cell.right > cell.left && cell.bottom > cell.top);
                assert_true(cell.right <= pictures[i].right && cell.bottom < pictures[i].bottom);
                assert_true(
                    stage_find_pixel(&stage, pictures[i], cell.left, cell.top, &numbers, &found));
                assert_true(found == 0 && numbers.first == frame);
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(counts_and_steps_agree_with_brute_force, release),
        cmocka_unit_test_teardown(steps_are_told_in_sentences, release),
        cmocka_unit_test_teardown(fields_are_about_what_the_sentence_names, release),
        cmocka_unit_test_teardown(block_that_ends_within_a_frame_is_told, release),
        cmocka_unit_test_teardown(lists_are_lit_where_they_answer, release),
        cmocka_unit_test_teardown(taken_buddies_are_not_shown_free, release),
        cmocka_unit_test_teardown(free_frames_say_who_has_them, release),
        cmocka_unit_test_teardown(update_stops_where_counts_stay, release),
        cmocka_unit_test_teardown(refusal_is_told_by_what_there_is, release),
        cmocka_unit_test_teardown(free_ends_with_its_last_merge, release),
        cmocka_unit_test_teardown(title_counts_the_moment_that_is_shown, release),
        cmocka_unit_test_teardown(textbook_is_told, release),
        cmocka_unit_test_teardown(pointed_frames_and_boxes_are_told, release),
        cmocka_unit_test_teardown(picture_in_characters, release),
        cmocka_unit_test_teardown(picture_in_pixels, release),
        cmocka_unit_test_teardown(pixels_lead_to_frames, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
