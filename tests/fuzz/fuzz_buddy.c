/*
 * The buddy, held against the model and the rule, and fronts before it. The input begins with
 * ranges of memory; then come steps: a byte says which, and the bytes after it with what.
 */

#include "arena_calls.h"
#include "arena_fronts.h"
#include "fuzz.h"
#include "rule.h"

#define NO_LIMIT ((pfn_t)1 << 40)
#define FIRST_RANGES_MAX 6
#define MORE_RANGES_MAX 40 /* in one step: soon more than the index has places for */
#define LARGE_MAX 3 /* ranges of more than 2^13 frames in one input: they take time */
#define RANGE_BITS 13 /* most ranges have at most 2^13 frames */
#define RANGE_UNITS 64 /* some have up to 64 times as many: then the index has all that it can */
#define SIZE_BITS 12
#define ALIGN_BITS 15
#define MANY_MAX 160 /* steps in one */

const char fuzz_name[] = "buddy";
uint64_t fuzz_step_count;

static struct arena arena;
static struct arena_fronts fronts;
static struct rule rule;
static bool is_ruled_to_the_end; /* nothing is called that the rule does not know */
static bool is_ruled; /* the rule is followed, as long as it has room */
static struct fuzz_input input;
static pfn_t last_first; /* the run freed last */
static pfn_t last_length;
static unsigned large_count;

/* ---- numbers -------------------------------------------------------------------------------- */

/* `base` and up to a range's length below it or above. Frames below 0 are frame 0. */
static pfn_t read_around(pfn_t base)
{
    pfn_t up = fuzz_length(&input, RANGE_BITS) - 1;
    pfn_t down = fuzz_length(&input, RANGE_BITS) - 1;
    return base + up < down ? 0 : base + up - down;
}

static pfn_t read_anchor(void)
{
    static const pfn_t anchors[] = {
        0, 0x1000, 0x100000, (pfn_t)27 << 28, PHYS_LIMIT >> FRAME_SHIFT, 0x123, 0x8000, 0x101000,
    };
    return read_around(anchors[fuzz_byte(&input) % (sizeof anchors / sizeof *anchors)]);
}

static const struct frame_range *read_range(void)
{
    return &arena.tables[fuzz_byte(&input) % arena.range_count].range;
}

/* Any frame of a range, or the one before it or behind it. */
static pfn_t read_frame(void)
{
    if (arena.range_count == 0)
        return read_anchor();
    const struct frame_range *range = read_range();
    pfn_t frame = range->first + fuzz_word(&input) % (range->end - range->first + 2);
    return frame > 0 ? frame - 1 : 0;
}

/* An allocated run; false if there is none. */
static bool read_run(struct frame_range *run)
{
    return model_next_run(&arena.model, read_frame(), run) || model_next_run(&arena.model, 0, run);
}

/* What limits and lowest frames are interesting: any, and those where runs begin and end. */
static pfn_t read_bound(void)
{
    struct frame_range run;
    switch (fuzz_byte(&input) % 4) {
    case 0:
        return read_run(&run) ? run.first + fuzz_byte(&input) % 3 : 1;
    case 1:
        return read_run(&run) ? run.end + fuzz_byte(&input) % 3 : 0;
    case 2:
        return read_anchor();
    default:
        return read_frame();
    }
}

/* ---- requests ------------------------------------------------------------------------------- */

static pfn_t read_size(void)
{
    pfn_t largest;
    switch (fuzz_byte(&input) % 16) {
    case 0:
    case 1:
    case 2:
        return last_length;
    case 3:
        largest = model_largest_run(&arena.model, 0, NO_LIMIT) + fuzz_byte(&input) % 2;
        return largest > 0 ? largest : 1;
    default:
        return fuzz_length(&input, SIZE_BITS);
    }
}

static pfn_t read_boundary(pfn_t frame_count)
{
    pfn_t boundary = 1;
    while (boundary < frame_count)
        boundary *= 2;
    return boundary << fuzz_byte(&input) % 4;
}

/* Zeros, which mean any, and numbers that are refused. */
static void spoil(struct buddy_request *request)
{
    static const pfn_t odd[] = {0, 3, 5, 0xFFF, ((pfn_t)1 << 32) + 1, UINT64_MAX};
    pfn_t value = odd[fuzz_byte(&input) % (sizeof odd / sizeof *odd)];
    switch (fuzz_byte(&input) % 5) {
    case 0:
        request->frame_count = value;
        break;
    case 1:
        request->align_frames = value;
        break;
    case 2:
        request->boundary_frames = value;
        break;
    case 3:
        request->lowest = value;
        break;
    default:
        request->limit = value;
        break;
    }
}

static struct buddy_request read_request(void)
{
    uint32_t flags = fuzz_byte(&input);
    struct buddy_request request = {read_size(), 1, 0, NO_LIMIT, 0};
    if (flags & 3) /* plain ones use the lists: there must be many */
        return request;
    if (flags & 4)
        request.align_frames = (pfn_t)1 << fuzz_byte(&input) % ALIGN_BITS;
    if (flags & 8)
        request.limit = read_bound();
    if (flags & 16)
        request.lowest = read_bound();
    if (flags & 32)
        request.boundary_frames = read_boundary(request.frame_count);
    if (flags & 64)
        spoil(&request);
    return request;
}

/* What is refused for another reason than that there is no room is no matter of the rule. */
static const char *follow_alloc(const struct buddy_request *request, enum mm_status status,
                                pfn_t first)
{
    pfn_t right;
    is_ruled = is_ruled && rule.part_count + 4 + ARENA_RANGES_MAX < RULE_PARTS_MAX;
    if (!is_ruled || (status != MM_OK && status != MM_NO_ROOM))
        return NULL;
    bool has_place = rule_alloc(&rule, request, &right);
    if (has_place != (status == MM_OK))
        return has_place ? "a block was refused that has a place" : "a block has no place";
    return has_place && first != right ? "a block is not where the rule has it" : NULL;
}

static const char *take(const struct buddy_request *request)
{
    enum mm_status status;
    pfn_t first;
    fuzz_step_count++;
    const char *broken = arena_alloc(&arena, request, &status, &first);
    return broken ? broken : follow_alloc(request, status, first);
}

static const char *take_one(void)
{
    struct buddy_request request = read_request();
    return take(&request);
}

static const char *take_many(void)
{
    struct buddy_request request = read_request();
    const char *broken = NULL;
    for (uint32_t count = fuzz_byte(&input) % MANY_MAX; count > 0 && !broken; count--)
        broken = take(&request);
    return broken;
}

/* Blocks of n and of n - 1 frames: freed each second, they leave runs that just do not do. */
static const char *take_in_turn(void)
{
    struct buddy_request request = read_request();
    const char *broken = NULL;
    if (request.frame_count < 2)
        return NULL;
    for (uint32_t count = fuzz_byte(&input) % MANY_MAX; count > 0 && !broken; count--) {
        broken = take(&request);
        request.frame_count += count % 2 ? 1 : UINT64_MAX;
    }
    return broken;
}

/* ---- frees ---------------------------------------------------------------------------------- */

/* What a front holds is nobody's to free. */
static const char *give(pfn_t first)
{
    enum mm_status status;
    pfn_t frame_count;
    if (arena_fronts_hold(&fronts, first))
        return NULL;
    fuzz_step_count++;
    const char *broken = arena_free(&arena, first, &status, &frame_count);
    if (status == MM_OK) {
        last_first = first;
        last_length = frame_count;
        if (is_ruled && !broken)
            rule_free(&rule, first);
    }
    return broken;
}

static const char *give_one(void)
{
    struct frame_range run;
    return read_run(&run) ? give(run.first) : NULL;
}

/* From one run on upwards, each second one or all. */
static const char *give_many(void)
{
    struct frame_range run;
    const char *broken = NULL;
    bool each_second = fuzz_byte(&input) % 2;
    if (!read_run(&run))
        return NULL;
    for (uint32_t count = fuzz_byte(&input) % MANY_MAX; count > 0 && !broken; count--) {
        pfn_t next = run.end;
        broken = give(run.first);
        if (each_second && model_next_run(&arena.model, next, &run))
            next = run.end;
        if (!model_next_run(&arena.model, next, &run))
            break;
    }
    return broken;
}

static const char *give_inside(void)
{
    struct frame_range run;
    return read_run(&run) ? give(run.first + fuzz_word(&input) % (run.end - run.first)) : NULL;
}

/* ---- parts of blocks, and many at once ------------------------------------------------------- */

#define RUNS_MAX 32

/* A frame of the run, or one around it. */
static pfn_t read_inside(const struct frame_range *run)
{
    return run->first + fuzz_word(&input) % (run->end - run->first + 2) - 1;
}

static const char *split_one(void)
{
    struct frame_range run;
    enum mm_status status;
    fuzz_step_count++;
    if (!read_run(&run))
        return arena_split(&arena, read_bound(), read_bound(), &status);
    pfn_t first = fuzz_byte(&input) % 8 ? run.first : read_inside(&run);
    uint32_t kind = fuzz_byte(&input) % 4;
    if (kind < 2)
        return arena_split_evenly(&arena, first, kind ? fuzz_length(&input, SIZE_BITS) - 1 : 1,
                                  &status);
    return arena_split(&arena, first, read_inside(&run), &status);
}

static const char *give_part(void)
{
    struct frame_range run;
    enum mm_status status;
    fuzz_step_count++;
    if (!read_run(&run))
        run.first = run.end = read_bound();
    struct frame_range part = {read_inside(&run), read_inside(&run)};
    return arena_free_part(&arena, part, &status);
}

static const char *take_runs(void)
{
    struct frame_range places[RUNS_MAX];
    struct buddy_runs runs = {places, fuzz_byte(&input) % (RUNS_MAX + 1), 0};
    struct frame_range window = {0, NO_LIMIT};
    enum mm_status status;
    fuzz_step_count++;
    if (fuzz_byte(&input) % 2) {
        window.first = read_bound();
        window.end = read_bound();
    }
    return arena_alloc_many(&arena, read_size(), window, &runs, &status);
}

/* Runs that follow each other, upwards or downwards; one may be wrong. */
static const char *give_runs(void)
{
    struct frame_range runs[RUNS_MAX];
    uint32_t flags = fuzz_byte(&input);
    size_t wanted = fuzz_byte(&input) % (RUNS_MAX + 1);
    size_t count = 0;
    enum mm_status status;
    fuzz_step_count++;
    for (pfn_t next = read_frame(); count < wanted; next = runs[count++].end)
        if (!model_next_run(&arena.model, next, &runs[count]))
            break;
    for (size_t i = 0; flags & 1 && i < count / 2; i++) {
        struct frame_range swapped = runs[i];
        runs[i] = runs[count - 1 - i];
        runs[count - 1 - i] = swapped;
    }
    if (count > 0 && (flags & 14) == 0)
        runs[fuzz_byte(&input) % count].end += fuzz_byte(&input) % 3 - 1u;
    if (count > 0 && (flags & 14) == 2)
        runs[fuzz_byte(&input) % count] = runs[fuzz_byte(&input) % count];
    return arena_free_many(&arena, runs, count, &status);
}

/* Most of 64 frames, from around a block on. */
static const char *give_frames(void)
{
    pfn_t first = read_frame() & ~(pfn_t)63;
    uint64_t frames = 0;
    uint32_t kind = fuzz_byte(&input);
    fuzz_step_count++;
    for (unsigned i = 0; i < 64; i += 16)
        frames |= (uint64_t)fuzz_word(&input) << i;
    return arena_free_frames(&arena, first, kind % 4 ? frames : UINT64_MAX);
}

/* ---- the rest ------------------------------------------------------------------------------- */

static const char *add(struct frame_range range)
{
    enum mm_status status;
    if (arena.range_count == ARENA_RANGES_MAX)
        return NULL;
    const char *broken = arena_add(&arena, range, &status);
    if (status != MM_OK || !is_ruled)
        return broken;
    rule_add_range(&rule, range);
    rule_move_index(&rule, &arena.buddy.index);
    return broken;
}

static const char *add_range(void)
{
    struct frame_range range;
    uint32_t kind = fuzz_byte(&input);
    range.first = kind % 2 ? read_anchor() : read_frame();
    range.end = range.first + fuzz_length(&input, RANGE_BITS);
    if (kind % 16 == 6 && large_count++ < LARGE_MAX)
        range.end += fuzz_length(&input, RANGE_BITS) * (pfn_t)RANGE_UNITS;
    if (kind >= 0xF8)
        range.end = range.first - kind % 2;
    if (kind >= 0xFC)
        range.end = range.first + BUDDY_MAX_FRAMES + 1;
    return add(range);
}

/* Ranges that touch, or with holes between them. */
static const char *add_ranges(void)
{
    struct frame_range range = {0, read_anchor()};
    pfn_t hole = fuzz_length(&input, 4) - 1;
    pfn_t length = fuzz_length(&input, 8);
    const char *broken = NULL;
    for (uint32_t count = fuzz_byte(&input) % MORE_RANGES_MAX; count > 0 && !broken; count--) {
        range.first = range.end + hole;
        range.end = range.first + length;
        broken = add(range);
    }
    return broken;
}

static const char *remove_range(void)
{
    enum mm_status status;
    if (arena.range_count == 0)
        return NULL;
    struct frame_range range = *read_range();
    uint32_t kind = fuzz_byte(&input);
    struct frame_range run;
    const char *broken = NULL;
    while (kind % 4 && !broken && model_next_run(&arena.model, range.first, &run) &&
           run.first < range.end)
        broken = give(run.first);
    range.end += kind < 16;
    return broken ? broken : arena_remove(&arena, range, &status);
}

/* The calls that the kernel does not use. The rule knows nothing of them. */
static const char *call_more(void)
{
    if (is_ruled_to_the_end || fronts.is_open)
        return NULL;
    is_ruled = false;
    switch (fuzz_byte(&input) % 8) {
    case 0:
        return remove_range();
    case 1:
    case 2:
        return take_runs();
    case 3:
    case 4:
        return give_runs();
    case 5:
        return give_part();
    case 6:
        return give_frames();
    default:
        return split_one();
    }
}

/* ---- fronts ---------------------------------------------------------------------------------- */

static const char *take_by_front(size_t which, const struct buddy_request *request)
{
    enum mm_status status;
    pfn_t first;
    fuzz_step_count++;
    return arena_front_alloc(&fronts, which, request, &status, &first);
}

/* Most blocks are short. */
static const char *take_by_fronts(size_t which)
{
    struct buddy_request request = read_request();
    const char *broken = NULL;
    uint32_t kind = fuzz_byte(&input);
    if (kind < 200)
        request = (struct buddy_request){1 + kind % (FRONT_LENGTHS + 1), 1, 0, NO_LIMIT, 0};
    for (uint32_t count = 1 + fuzz_byte(&input) % MANY_MAX; count > 0 && !broken; count--)
        broken = take_by_front(which, &request);
    return broken;
}

/* From one run on upwards. */
static const char *give_by_front(size_t which)
{
    struct frame_range run;
    const char *broken = NULL;
    if (!read_run(&run))
        return NULL;
    for (uint32_t count = 1 + fuzz_byte(&input) % MANY_MAX; count > 0 && !broken; count--) {
        pfn_t next = run.end;
        fuzz_step_count++;
        if (!arena_fronts_hold(&fronts, run.first))
            broken = arena_front_free(&fronts, which, run);
        if (!model_next_run(&arena.model, next, &run))
            break;
    }
    return broken;
}

/* A wrong length, a frame inside, a free frame, or the same block twice. */
static const char *give_wrong_by_front(size_t which)
{
    struct frame_range run;
    if (!read_run(&run) || arena_fronts_hold(&fronts, run.first))
        return NULL;
    struct frame_range wrong = run;
    switch (fuzz_byte(&input) % 4) {
    case 0:
        wrong.end += 1 + fuzz_byte(&input) % 3;
        break;
    case 1:
        wrong.first = read_inside(&run);
        break;
    case 2:
        wrong.first = read_frame();
        wrong.end = wrong.first + fuzz_length(&input, 4);
        break;
    default:
        break;
    }
    return arena_front_free_wrong(&fronts, which, run, wrong);
}

static const char *use_fronts(void)
{
    size_t which = fuzz_byte(&input) % ARENA_FRONTS;
    if (is_ruled_to_the_end)
        return NULL;
    is_ruled = false;
    if (!fronts.is_open)
        return arena_fronts_open(&fronts);
    switch (fuzz_byte(&input) % 16) {
    case 0:
        return arena_front_drain(&fronts, which);
    case 1:
        return arena_front_answer(&fronts, which);
    case 2:
        return arena_fronts_close(&fronts);
    case 3:
        return arena_front_reopen(&fronts, which);
    case 4:
    case 5:
        return give_wrong_by_front(which);
    case 6:
        return arena_fronts_check(&fronts);
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
        return give_by_front(which);
    default:
        return take_by_fronts(which);
    }
}

/* ---- looking --------------------------------------------------------------------------------- */

static const char *look(void)
{
    pfn_t lowest = read_bound();
    const char *broken = arena_look(&arena, lowest, read_bound());
    return broken ? broken : arena_find(&arena, read_bound());
}

static const char *compare(void)
{
    const char *broken = arena_compare(&arena);
    if (!broken)
        broken = arena_count_bands(&arena);
    return broken || !is_ruled ? broken : rule_compare(&rule, &arena.buddy);
}

static const char *step(void)
{
    uint32_t kind = fuzz_byte(&input);
    if (kind < 116)
        return take_one();
    if (kind < 224)
        return give_one();
    switch (kind % 16) {
    case 0:
    case 1:
        return take_many();
    case 2:
    case 3:
        return give_many();
    case 4:
        return give(last_first);
    case 5:
    case 6:
        return give_inside();
    case 7:
        return give(read_bound());
    case 8:
        return add_range();
    case 9:
        return compare();
    case 10:
        return take_in_turn();
    case 11:
        return add_ranges();
    case 12:
    case 13:
        return call_more();
    case 14:
        return use_fronts();
    default:
        return look();
    }
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    const char *broken = NULL;
    input = (struct fuzz_input){data, data + size_bytes};
    last_first = 0;
    last_length = 1;
    large_count = 0;
    arena_open(&arena);
    arena_fronts_init(&fronts, &arena);
    rule_init(&rule);
    is_ruled = true;
    uint32_t flags = fuzz_byte(&input);
    is_ruled_to_the_end = flags < 128;
    for (uint32_t count = 1 + flags % FIRST_RANGES_MAX; count > 0 && !broken; count--)
        broken = add_range();
    while (!broken && input.next < input.end)
        broken = step();
    if (!broken)
        broken = arena_fronts_close(&fronts);
    if (!broken)
        broken = compare();
    arena_close(&arena);
    return broken;
}
