/* Plays the steps of a case on the student's allocator and on the judge, and tells the story. */

#include "frames.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/lib/random.h"
#include "student.h"

#define FILL_MAX 262144 /* frames of the largest arena that is filled */

enum head { FIRST, FRAME_COUNT, IS_FILLED };
enum kind { TAKE, GIVE, GIVE_FRAMES, GIVE_WRONG, RESTART };
enum number {
    KIND,
    TAKE_NUMBER, /* of a take, and of the give that means it */
    COUNT, /* of the frames taken, or given back (0: all of the block) */
    ALIGN,
    LOWEST,
    LIMIT,
    BOUNDARY,
    FRAME, /* of a give of frames and of a wrong one; of a give in part, how many are skipped */
};

/* ---- making cases ---------------------------------------------------------------------------- */

uint32_t frames_random(uint64_t *random, uint32_t end)
{
    return random_next(random) % end;
}

void frames_arena(struct lab_case *made, uint32_t first, uint32_t frame_count)
{
    made->head[FIRST] = first;
    made->head[FRAME_COUNT] = frame_count;
}

void frames_fill(struct lab_case *made)
{
    made->head[IS_FILLED] = 1;
}

static struct lab_item *add(struct lab_case *made, enum kind kind)
{
    if (made->item_count == ITEMS_MAX)
        return NULL;
    struct lab_item *item = &made->items[made->item_count++];
    *item = (struct lab_item){{kind}};
    return item;
}

uint64_t frames_take(struct lab_case *made, const struct allocator_request *request)
{
    struct lab_item *item = add(made, TAKE);
    if (!item)
        return 0;
    item->numbers[TAKE_NUMBER] = made->item_count;
    item->numbers[COUNT] = request->count;
    item->numbers[ALIGN] = request->align;
    item->numbers[LOWEST] = request->lowest;
    item->numbers[LIMIT] = request->limit;
    item->numbers[BOUNDARY] = request->boundary;
    return made->item_count;
}

uint64_t frames_take_count(struct lab_case *made, uint32_t count)
{
    return frames_take(made, &(struct allocator_request){count, 1, 0, UINT32_MAX, 0});
}

void frames_give(struct lab_case *made, uint64_t take)
{
    frames_give_part(made, take, 0, 0);
}

void frames_give_part(struct lab_case *made, uint64_t take, uint32_t skip, uint32_t count)
{
    struct lab_item *item = add(made, GIVE);
    if (!item)
        return;
    item->numbers[TAKE_NUMBER] = take;
    item->numbers[FRAME] = skip;
    item->numbers[COUNT] = count;
}

static void add_frames(struct lab_case *made, enum kind kind, uint32_t first, uint32_t count)
{
    struct lab_item *item = add(made, kind);
    if (!item)
        return;
    item->numbers[FRAME] = first;
    item->numbers[COUNT] = count;
}

void frames_give_frames(struct lab_case *made, uint32_t first, uint32_t count)
{
    add_frames(made, GIVE_FRAMES, first, count);
}

void frames_give_wrong(struct lab_case *made, uint32_t first, uint32_t count)
{
    add_frames(made, GIVE_WRONG, first, count);
}

void frames_restart(struct lab_case *made)
{
    add(made, RESTART);
}

/* ---- making them smaller --------------------------------------------------------------------- */

static bool is_power(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

static bool is_legal_take(const uint64_t *numbers)
{
    if (!contract.has_constraints)
        return !contract.is_in_orders || is_power(numbers[COUNT]) || numbers[COUNT] == UINT32_MAX;
    return numbers[COUNT] > 0 && is_power(numbers[ALIGN]) &&
           (numbers[BOUNDARY] == 0 || is_power(numbers[BOUNDARY]));
}

bool lab_is_legal(const struct lab_case *smaller)
{
    if (smaller->head[FRAME_COUNT] == 0)
        return false;
    for (size_t i = 0; i < smaller->item_count; i++)
        if (smaller->items[i].numbers[KIND] == TAKE && !is_legal_take(smaller->items[i].numbers))
            return false;
    return true;
}

static size_t head_targets(size_t number, struct lab_target targets[2])
{
    static const uint64_t least[HEAD_NUMBERS] = {[FRAME_COUNT] = 1};
    targets[0] = (struct lab_target){least[number], true};
    return number <= IS_FILLED;
}

size_t lab_targets(const struct lab_case *smaller, size_t item, size_t number,
                   struct lab_target targets[2])
{
    if (item == IN_HEAD)
        return head_targets(number, targets);
    enum kind kind = (enum kind)smaller->items[item].numbers[KIND];
    bool is_take = kind == TAKE;
    switch (number) {
    case COUNT:
        targets[0] = (struct lab_target){is_take, true};
        return kind != RESTART;
    case ALIGN:
        targets[0] = (struct lab_target){1, true};
        return is_take;
    case LOWEST:
    case BOUNDARY:
        targets[0] = (struct lab_target){0, true};
        return is_take;
    case LIMIT:
        targets[0] = (struct lab_target){UINT32_MAX, false};
        targets[1] = (struct lab_target){0, true};
        return is_take ? (smaller->items[item].numbers[LIMIT] == UINT32_MAX ? 0 : 2) : 0;
    case FRAME:
        targets[0] = (struct lab_target){0, true};
        return kind == GIVE || kind == GIVE_FRAMES || kind == GIVE_WRONG;
    default:
        return 0;
    }
}

/* ---- playing --------------------------------------------------------------------------------- */

struct block {
    uint32_t first;
    uint32_t count; /* 0: nothing is held */
};

struct game {
    struct judge judge;
    const struct lab_case *played;
    unsigned checks;
    struct block blocks[ITEMS_MAX + 1]; /* by the number of their take */
};

static struct game game;

static void check_steps(const char *function, uint32_t steps)
{
    if (game.checks & CHECK_STEPS && steps > frames_steps_max)
        grader_fail(": %s took %u steps, more than %llu", function, steps,
                    (unsigned long long)frames_steps_max);
}

/* One call; returns its value. */
static uint32_t call(const char *function, enum request request, const uint32_t *words,
                     size_t word_count)
{
    const uint32_t *answer = student_call(function, request, words, word_count, 1);
    uint32_t value = answer[0];
    check_steps(function, answer[1]);
    return value;
}

static uint32_t call_take(const struct allocator_request *request)
{
    const uint32_t words[] = {request->count, request->align, request->lowest, request->limit,
                              request->boundary};
    return call(contract.has_constraints ? "lab_find" : "lab_alloc", CALL_TAKE, words, 5);
}

/* A bool of C's is 0 or 1; the student's process may say anything, and means true by it. */
static bool call_give(uint32_t first, uint32_t count)
{
    return call("lab_free", CALL_GIVE, (const uint32_t[]){first, count}, 2) != 0;
}

static void start(void)
{
    static void *judge_tables;
    uint32_t first = (uint32_t)game.played->head[FIRST];
    uint32_t frame_count = (uint32_t)game.played->head[FRAME_COUNT];
    size_t most = contract.tables_per_frame * frame_count + contract.tables_beside;
    for (size_t i = 0; i <= ITEMS_MAX; i++)
        game.blocks[i].count = 0;
    free(judge_tables);
    judge_tables = malloc(judge_table_bytes(frame_count));
    judge_start(&game.judge, first, frame_count, judge_tables);
    const uint32_t *answer = student_call("lab_table_bytes", CALL_TABLE_BYTES, &frame_count, 1, 1);
    uint32_t size_bytes = answer[0];
    if (size_bytes > most)
        grader_fail(": lab_table_bytes wants %u bytes, more than %zu", size_bytes, most);
    student_call("lab_init", CALL_START, (const uint32_t[]){first, frame_count, size_bytes}, 3, 1);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void note_request(const struct allocator_request *request)
{
    if (contract.is_in_orders && request->count == UINT32_MAX)
        grader_note("; take order 32");
    else if (contract.is_in_orders)
        grader_note("; take order %d", __builtin_ctz(request->count));
    else
        grader_note("; take %u", request->count);
    if (!contract.has_constraints)
        return;
    if (request->align > 1)
        grader_note(" aligned to %u", request->align);
    if (request->lowest > 0)
        grader_note(" from %u on", request->lowest);
    if (request->limit != UINT32_MAX)
        grader_note(" below %u", request->limit);
    if (request->boundary > 0)
        grader_note(" within %u", request->boundary);
}

static void play_take(const uint64_t *numbers)
{
    char text[JUDGE_TEXT_MAX];
    struct allocator_request request = {(uint32_t)numbers[COUNT], (uint32_t)numbers[ALIGN],
                                        (uint32_t)numbers[LOWEST], (uint32_t)numbers[LIMIT],
                                        (uint32_t)numbers[BOUNDARY]};
    note_request(&request);
    uint32_t answer = call_take(&request);
    const char *wrong = judge_take(&game.judge, &request, answer, text);
    if (answer == ALLOCATOR_NONE) {
        grader_note(" -> ");
        if (wrong)
            grader_fail("%s", wrong);
        grader_note("refused");
        return;
    }
    grader_note(" -> %u", answer);
    if (wrong)
        grader_fail(", %s", wrong);
    game.blocks[numbers[TAKE_NUMBER]] = (struct block){answer, request.count};
}

/* What is left of a block that is given back in part is given back no more. */
static void play_give(const uint64_t *numbers)
{
    struct block block = game.blocks[numbers[TAKE_NUMBER]];
    uint32_t skip = (uint32_t)numbers[FRAME];
    uint32_t count = (uint32_t)numbers[COUNT];
    if (block.count == 0)
        return;
    if (!contract.frees_in_parts || count == 0 || skip >= block.count ||
        count > block.count - skip) {
        skip = 0;
        count = block.count;
    }
    block.first += skip;
    if (contract.frees_in_parts)
        grader_note("; give [%u, %u)", block.first, block.first + count);
    else
        grader_note("; give %u", block.first);
    game.blocks[numbers[TAKE_NUMBER]].count = 0;
    if (!call_give(block.first, count))
        grader_fail(" -> false, though it is taken");
    judge_give(&game.judge, block.first, count);
}

/* Blocks of which a frame is given back are given back no more. */
static void play_give_frames(const uint64_t *numbers)
{
    uint32_t first = (uint32_t)numbers[FRAME];
    uint32_t count = (uint32_t)numbers[COUNT];
    if (judge_is_wrong_give(&game.judge, first, count))
        return;
    grader_note("; give [%u, %u)", first, first + count);
    for (size_t i = 0; i <= ITEMS_MAX; i++)
        if (game.blocks[i].first < first + count &&
            first < game.blocks[i].first + game.blocks[i].count)
            game.blocks[i].count = 0;
    if (!call_give(first, count))
        grader_fail(" -> false, though all of them are taken");
    judge_give(&game.judge, first, count);
}

static void play_wrong_give(const uint64_t *numbers)
{
    uint32_t first = (uint32_t)numbers[FRAME];
    uint32_t count = (uint32_t)numbers[COUNT];
    if (!judge_is_wrong_give(&game.judge, first, count))
        return;
    if (contract.frees_in_parts)
        grader_note("; give %u frames from %u on", count, first);
    else
        grader_note("; give %u", first);
    if (call_give(first, count))
        grader_fail(" -> true, though %s", contract.frees_in_parts ? "not all of them are taken"
                                                                   : "no block begins there");
    grader_note(" -> refused");
}

static void play_step(const uint64_t *numbers)
{
    switch ((enum kind)numbers[KIND]) {
    case TAKE:
        play_take(numbers);
        break;
    case GIVE:
        play_give(numbers);
        break;
    case GIVE_FRAMES:
        play_give_frames(numbers);
        break;
    case GIVE_WRONG:
        play_wrong_give(numbers);
        break;
    case RESTART:
        grader_note("; start anew");
        start();
        break;
    }
}

static uint32_t fill_firsts[FILL_MAX]; /* what each take of fill() got */

/* Entered without a search, since there are many; so this is right wherever the blocks lie. */
static void fill_takes(uint32_t from, uint32_t count)
{
    static uint32_t words[CALLS_MAX * 5];
    for (uint32_t i = 0; i < count; i++)
        memcpy(words + (size_t)i * 5, (const uint32_t[]){1, 1, 0, UINT32_MAX, 0},
               5 * sizeof *words);
    const uint32_t *answer = student_call("lab_alloc", CALL_TAKE, words, (size_t)count * 5, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t first = answer[(size_t)i * CALL_VALUE_WORDS];
        pfn_t frame = game.judge.base + first;
        check_steps("lab_alloc", answer[(size_t)i * CALL_VALUE_WORDS + 1]);
        if (first >= game.judge.frame_count ||
            model_enter(&game.judge.model, (struct frame_range){frame, frame + 1}))
            grader_fail(": number %u -> %u, which is not free", from + i, first);
        fill_firsts[from + i] = first;
    }
}

static void fill_gives(const uint32_t *firsts, uint32_t count)
{
    static uint32_t words[CALLS_MAX * 2];
    for (uint32_t i = 0; i < count; i++)
        memcpy(words + (size_t)i * 2, (const uint32_t[]){firsts[i], 1}, 2 * sizeof *words);
    const uint32_t *answer = student_call("lab_free", CALL_GIVE, words, (size_t)count * 2, count);
    for (uint32_t i = 0; i < count; i++) {
        check_steps("lab_free", answer[(size_t)i * CALL_VALUE_WORDS + 1]);
        if (!answer[(size_t)i * CALL_VALUE_WORDS])
            grader_fail(": give %u -> false, though it is taken", firsts[i]);
        judge_give(&game.judge, firsts[i], 1);
    }
}

/* Many calls go in one request; no answer of one is an argument of another. */
static void fill(void)
{
    uint32_t frame_count = game.judge.frame_count;
    uint32_t odd_count = 0;
    grader_note("; take 1 in all %u places, and give the odd ones back", frame_count);
    for (uint32_t from = 0; from < frame_count; from += CALLS_MAX)
        fill_takes(from, frame_count - from < CALLS_MAX ? frame_count - from : CALLS_MAX);
    for (uint32_t i = 0; i < frame_count; i++)
        if (fill_firsts[i] % 2 == 1)
            fill_firsts[odd_count++] = fill_firsts[i];
    for (uint32_t from = 0; from < odd_count; from += CALLS_MAX)
        fill_gives(fill_firsts + from, odd_count - from < CALLS_MAX ? odd_count - from : CALLS_MAX);
}

void lab_play(const struct lab_case *played, const struct lab_rule *rule)
{
    game.played = played;
    game.checks = rule->checks;
    if (played->head[FIRST] > 0)
        grader_note("arena of the frames [%llu, %llu)", (unsigned long long)played->head[FIRST],
                    (unsigned long long)(played->head[FIRST] + played->head[FRAME_COUNT]));
    else
        grader_note("arena of %llu frame%s", (unsigned long long)played->head[FRAME_COUNT],
                    played->head[FRAME_COUNT] == 1 ? "" : "s");
    start();
    if (played->head[IS_FILLED])
        fill();
    if (game.checks & (CHECK_QUERIES | CHECK_QUERY_STEPS))
        frames_check_queries(&game.judge, game.checks);
    for (size_t i = 0; i < played->item_count; i++) {
        play_step(played->items[i].numbers);
        if (game.checks & (CHECK_QUERIES | CHECK_QUERY_STEPS))
            frames_check_queries(&game.judge, game.checks);
    }
}
