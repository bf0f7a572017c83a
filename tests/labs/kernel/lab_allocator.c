/*
 * Labs 2 to 5 in the kernel: the command `lab` asks the student's allocator, holds every answer
 * against the model, and shows what was handed out in the memory view.
 */

#include "kernel/commands/commands.h"
#include "kernel/lib/random.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/screen/display.h"
#include "lab_arena.h"
#include "lab_guard.h"
#include "tests/labs/allocator.h"
#include "tests/labs/judge.h"

#define ARENA_FRAMES 4096 /* if nobody says how many */
#define ARENA_FRAMES_MAX 262144
#define TABLES_OWNER "lab"
#define LOAD_BLOCKS 256
#define LOAD_STEPS_A_PICTURE 16

/* Tables end where their block does: behind them is a guard page. */
struct tables {
    void *block; /* NULL: there are none */
    void *start;
};

static struct judge judge;
static bool is_started;
static struct tables student_tables;
static struct tables judge_tables;

/* ---- calls ----------------------------------------------------------------------------------- */

/* A call of the student's code on its way through the guard. */
struct call {
    struct allocator_request request;
    uint32_t first;
    uint32_t count;
    uint32_t answer;
    bool is_given;
    size_t size_bytes;
};

static void call_table_bytes(void *context)
{
    struct call *call = context;
    call->size_bytes = allocator.table_bytes(call->count);
}

static void call_start(void *context)
{
    struct call *call = context;
    allocator.start(student_tables.start, call->first, call->count);
}

static void call_take(void *context)
{
    struct call *call = context;
    call->answer = allocator.take(&call->request);
}

static void call_give(void *context)
{
    struct call *call = context;
    call->is_given = allocator.give(call->first, call->count);
}

/* ---- starting -------------------------------------------------------------------------------- */

static bool take_tables(struct tables *tables, size_t size_bytes)
{
    struct mm_request request = {.limit = 4 * GIB, .owner = TABLES_OWNER};
    size_t align_bytes = sizeof(uint64_t);
    size_bytes = size_bytes ? (size_bytes + align_bytes - 1) & ~(align_bytes - 1) : align_bytes;
    request.size_bytes = (size_bytes + FRAME_BYTES - 1) & ~(FRAME_BYTES - 1);
    enum mm_status status = pool_alloc(memory_pool(), &request, MM_CACHED, NULL, &tables->block);
    if (status != MM_OK) {
        console_error("no tables of %zu bytes: %s", size_bytes, mm_status_text(status));
        tables->block = NULL;
        return false;
    }
    tables->start = (unsigned char *)tables->block + (size_t)(request.size_bytes - size_bytes);
    return true;
}

static void free_tables(struct tables *tables)
{
    if (tables->block)
        pool_free(memory_pool(), tables->block);
    tables->block = NULL;
}

static void claim_owners(void)
{
    static bool are_claimed;
    if (are_claimed)
        return;
    memory_claim_owner(LAB_ARENA_OWNER);
    memory_claim_owner(LAB_ARENA_STUDENT);
    memory_claim_owner(TABLES_OWNER);
    are_claimed = true;
}

/* Where frames have the machine's numbers, the first one is the arena's own; else it is 0. */
static uint32_t first_frame(void)
{
    return contract.has_constraints ? (uint32_t)(lab_arena_base() >> FRAME_SHIFT) : 0;
}

static bool start(uint32_t frame_count)
{
    struct call call = {.count = frame_count};
    is_started = false;
    claim_owners();
    free_tables(&student_tables);
    free_tables(&judge_tables);
    enum mm_status status = lab_arena_open(frame_count);
    if (status != MM_OK) {
        console_error("no arena of %u frames: %s", (unsigned)frame_count, mm_status_text(status));
        return false;
    }
    if (!lab_guard(call_table_bytes, &call, "lab_table_bytes"))
        return false;
    call.first = first_frame();
    if (!take_tables(&student_tables, call.size_bytes) ||
        !take_tables(&judge_tables, judge_table_bytes(frame_count)) ||
        !lab_guard(call_start, &call, "lab_init"))
        return false;
    judge_start(&judge, call.first, frame_count, judge_tables.start);
    is_started = true;
    return true;
}

static bool ensure_started(void)
{
    return is_started || start(ARENA_FRAMES);
}

static void tell_arena(void)
{
    console_print("lab arena first=%u frames=%u free=%llu physical=0x%llx\n", (unsigned)judge.first,
                  (unsigned)judge.frame_count, (unsigned long long)judge.model.free_count,
                  (unsigned long long)lab_arena_base());
}

/* ---- answers --------------------------------------------------------------------------------- */

static bool show(uint32_t first, uint32_t count, const char *owner)
{
    return lab_arena_show(first - judge.first, first - judge.first + count, owner);
}

/* Asks, judges, shows. False, with a line on the log, if the answer was wrong. */
static bool take(const struct allocator_request *request, uint32_t *answer)
{
    char text[JUDGE_TEXT_MAX];
    struct call call = {.request = *request, .answer = ALLOCATOR_NONE};
    if (!lab_guard(call_take, &call, contract.has_constraints ? "lab_find" : "lab_alloc"))
        return false;
    const char *wrong = judge_take(&judge, request, call.answer, text);
    *answer = call.answer;
    if (wrong && call.answer == ALLOCATOR_NONE)
        console_error("lab take count=%u -> %s", (unsigned)request->count, wrong);
    else if (wrong)
        console_error("lab take count=%u -> %u, %s", (unsigned)request->count,
                      (unsigned)call.answer, wrong);
    if (wrong)
        return false;
    return call.answer == ALLOCATOR_NONE || show(call.answer, request->count, LAB_ARENA_STUDENT);
}

/* *is_given: it was not refused. */
static bool give(uint32_t first, uint32_t count, bool *is_given)
{
    struct call call = {.first = first, .count = count};
    bool is_wrong_one = judge_is_wrong_give(&judge, first, count);
    if (is_wrong_one && !contract.checks_frees) {
        *is_given = false; /* the lab's task does not include frees */
        return true;
    }
    if (!lab_guard(call_give, &call, "lab_free"))
        return false;
    *is_given = call.is_given;
    if (call.is_given == is_wrong_one) {
        console_error("lab give first=%u -> %s, though it is %s", (unsigned)first,
                      call.is_given ? "true" : "false", is_wrong_one ? "wrong" : "right");
        return false;
    }
    if (!call.is_given)
        return true;
    judge_give(&judge, first, count);
    return show(first, count, LAB_ARENA_OWNER);
}

/* How long the block is that begins there; 0: none does. */
static uint32_t length_at(uint32_t first)
{
    struct frame_range run;
    if (!model_find_run(&judge.model, judge.base + first, &run) || run.first != judge.base + first)
        return 0;
    return (uint32_t)(run.end - run.first);
}

/* ---- commands -------------------------------------------------------------------------------- */

static bool read_frames(const char *what, const char *text, uint32_t *value)
{
    uint64_t number;
    if (!shell_read_number(what, text, &number))
        return false;
    if (number > UINT32_MAX) {
        console_error("%s %s is more than 32 bits hold", what, text);
        return false;
    }
    *value = (uint32_t)number;
    return true;
}

static bool is_power(uint32_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

static bool read_pair(const char *key, const char *value, struct allocator_request *request)
{
    uint32_t *target = NULL;
    if (strcmp(key, "align") == 0)
        target = &request->align;
    else if (strcmp(key, "from") == 0)
        target = &request->lowest;
    else if (strcmp(key, "below") == 0)
        target = &request->limit;
    else if (strcmp(key, "within") == 0)
        target = &request->boundary;
    if (!target || !contract.has_constraints) {
        console_error("lab alloc does not take \"%s\" in this lab", key);
        return false;
    }
    if (!read_frames(key, value, target))
        return false;
    if ((target == &request->align || target == &request->boundary) && !is_power(*target)) {
        console_error("%s is no power of two: %s", key, value);
        return false;
    }
    return true;
}

static bool read_request(size_t word_count, char **words, struct allocator_request *request)
{
    *request = (struct allocator_request){.align = 1, .limit = UINT32_MAX};
    if (!read_frames("the count", words[0], &request->count))
        return false;
    if (request->count == 0 || (contract.is_in_orders && !is_power(request->count))) {
        console_error("a block of this lab cannot have %s frames", words[0]);
        return false;
    }
    for (size_t i = 1; i < word_count; i += 2)
        if (i + 1 == word_count) {
            console_error("\"%s\" wants a value behind it", words[i]);
            return false;
        } else if (!read_pair(words[i], words[i + 1], request)) {
            return false;
        }
    return true;
}

static void run_alloc(size_t word_count, char **words)
{
    struct allocator_request request;
    uint32_t first;
    if (!read_request(word_count, words, &request) || !take(&request, &first))
        return;
    if (first == ALLOCATOR_NONE)
        console_print("lab take count=%u refused judge=ok\n", (unsigned)request.count);
    else
        console_print("lab take count=%u first=%u physical=0x%llx judge=ok\n",
                      (unsigned)request.count, (unsigned)first,
                      (unsigned long long)(lab_arena_base() +
                                           ((phys_t)(first - judge.first) << FRAME_SHIFT)));
}

static void run_free(size_t word_count, char **words)
{
    uint32_t first;
    uint32_t count;
    bool is_given;
    if (!read_frames("the frame", words[0], &first))
        return;
    count = length_at(first);
    if (word_count == 2 && !read_frames("the count", words[1], &count))
        return;
    if (give(first, count, &is_given))
        console_print("lab give first=%u %s judge=ok\n", (unsigned)first,
                      is_given ? "given" : "refused");
}

static void run_start(size_t word_count, char **words)
{
    uint32_t frame_count = ARENA_FRAMES;
    if (word_count == 1 && !read_frames("the number of frames", words[0], &frame_count))
        return;
    if (frame_count == 0 || frame_count > ARENA_FRAMES_MAX)
        console_error("an arena has 1 to %u frames, not %s", (unsigned)ARENA_FRAMES_MAX, words[0]);
    else if (start(frame_count))
        tell_arena();
}

/* ---- a load ---------------------------------------------------------------------------------- */

struct held {
    uint32_t first;
    uint32_t count; /* 0: nothing */
};

static bool step(struct held *held, uint64_t *random)
{
    bool is_given;
    struct allocator_request request = {.align = 1, .limit = UINT32_MAX};
    if (held->count > 0) {
        uint32_t count = held->count;
        held->count = 0;
        return give(held->first, count, &is_given);
    }
    request.count = contract.is_in_orders ? (uint32_t)1 << random_next(random) % 7
                                          : 1 + random_next(random) % 60;
    if (!take(&request, &held->first))
        return false;
    if (held->first != ALLOCATOR_NONE)
        held->count = request.count;
    return true;
}

static void run_load(size_t word_count, char **words)
{
    static struct held held[LOAD_BLOCKS];
    uint32_t operations = 1000;
    uint64_t random = RANDOM_SEED;
    if (word_count == 1 && !read_frames("the number of operations", words[0], &operations))
        return;
    memset(held, 0, sizeof held);
    for (uint32_t i = 0; i < operations; i++) {
        if (!step(&held[random_next(&random) % LOAD_BLOCKS], &random)) {
            console_error("lab load: operation %u of %u went wrong", (unsigned)i + 1,
                          (unsigned)operations);
            return;
        }
        if (i % LOAD_STEPS_A_PICTURE == 0)
            display_refresh();
    }
    console_print("lab load operations=%u ok\n", (unsigned)operations);
}

static const struct {
    const char *name;
    size_t words_min;
    size_t words_max;
    void (*run)(size_t word_count, char **words);
} verbs[] = {
    {"alloc", 1, 9, run_alloc},
    {"free", 1, 2, run_free},
    {"start", 0, 1, run_start},
    {"load", 0, 1, run_load},
};

/* The words behind the verb go to it. */
static void run_lab(size_t word_count, char **words)
{
    bool is_start = word_count > 1 && strcmp(words[1], "start") == 0;
    if (!is_start && !ensure_started())
        return;
    if (word_count == 1) {
        tell_arena();
        return;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(words[1], verbs[i].name) == 0) {
            if (word_count - 2 < verbs[i].words_min || word_count - 2 > verbs[i].words_max)
                console_error("lab %s does not take %zu words; help lab shows what it takes",
                              words[1], word_count - 2);
            else
                verbs[i].run(word_count - 2, words + 2);
            return;
        }
    console_error("lab does not know \"%s\"; help lab lists what it takes", words[1]);
}

const struct shell_command lab_commands[] = {
    {"lab", "[start [FRAMES] | alloc COUNT ... | free FIRST [COUNT] | load [OPERATIONS]]",
     "asks the allocator of the lab, and shows what it hands out",
     "  start FRAMES   begins anew with so many frames\n"
     "  alloc COUNT    takes COUNT frames; in lab 4 also: align N, from F, below F, within N, in "
     "frames\n"
     "  free FIRST     gives back what begins at frame FIRST; in lab 2, COUNT frames\n"
     "  load N         takes and gives at random, N times\n"
     "  Every answer is held against the model; what was taken is a block of " LAB_ARENA_STUDENT
     ".\n",
     1, 11, .run = run_lab},
    {0},
};
