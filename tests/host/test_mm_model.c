/* Random calls, each held against an array of blocks. */

#include "one_mm.h"

#include "kernel/lib/random.h"

#define MODEL_BLOCKS 64

static const char *const owners[] = {"video", "shell", "stress", "a"};

static struct mm_block model[MODEL_BLOCKS]; /* size_bytes 0: no block */
static size_t held_frames;
static uint32_t last_id;
static uint64_t random_state = RANDOM_SEED;

static uint32_t next_random(void)
{
    return random_next(&random_state);
}

static phys_t end_of(const struct mm_block *block)
{
    return block->base + ((block->size_bytes + FRAME_BYTES - 1) & ~(FRAME_BYTES - 1));
}

/* The block of the model that holds the address; NULL if none does. */
static struct mm_block *model_find(phys_t address)
{
    for (size_t i = 0; i < MODEL_BLOCKS; i++)
        if (model[i].size_bytes && address >= model[i].base && address < end_of(&model[i]))
            return &model[i];
    return NULL;
}

static bool is_managed(phys_t address)
{
    return (address >= LOW_BASE && address < LOW_LIMIT) ||
           (address >= HIGH_BASE && address < HIGH_LIMIT);
}

static struct mm_request random_request(void)
{
    struct mm_request request = request_of(1 + next_random() % (1u << next_random() % 16));
    request.owner = owners[next_random() % 4];
    if (next_random() % 3 == 0)
        request.align_bytes = (uint64_t)1 << next_random() % 17;
    if (next_random() % 3 == 0)
        request.limit = LOW_BASE + next_random() % (2 * MIB);
    if (next_random() % 3 == 0)
        request.lowest = next_random() % 2 ? HIGH_BASE : LOW_BASE + next_random() % MIB;
    if (next_random() % 3 == 0)
        request.boundary_bytes = (uint64_t)1 << next_random() % 18;
    return request;
}

/* Whether [base, end of the last frame) is managed and free, byte by byte of the contract. */
static bool model_fits(phys_t base, const struct mm_request *request)
{
    struct mm_block block = {.base = base, .size_bytes = request->size_bytes};
    if (base < request->lowest || base > request->limit ||
        request->limit - base < request->size_bytes)
        return false;
    if (request->align_bytes && base % request->align_bytes)
        return false;
    if (request->boundary_bytes && base / request->boundary_bytes !=
                                       (base + request->size_bytes - 1) / request->boundary_bytes)
        return false;
    for (phys_t frame = base; frame < end_of(&block); frame += FRAME_BYTES)
        if (!is_managed(frame) || model_find(frame))
            return false;
    return true;
}

/* The highest place by trying each; 0 if there is none. */
static phys_t model_search(const struct mm_request *request)
{
    for (phys_t base = HIGH_LIMIT - FRAME_BYTES; base >= HIGH_BASE; base -= FRAME_BYTES)
        if (model_fits(base, request))
            return base;
    for (phys_t base = LOW_LIMIT - FRAME_BYTES; base >= LOW_BASE; base -= FRAME_BYTES)
        if (model_fits(base, request))
            return base;
    return 0;
}

static bool model_refuses(const struct mm_request *request)
{
    return (request->boundary_bytes && request->boundary_bytes < request->size_bytes) ||
           request->lowest >= request->limit ||
           request->limit - request->lowest < request->size_bytes;
}

static void step_alloc(struct mm_block *slot)
{
    struct mm_request request = random_request();
    phys_t expected = model_search(&request);
    struct mm_block made;
    enum mm_status status = mm_alloc(&mm, &request, &made);
    if (model_refuses(&request)) {
        assert_true(status == MM_BOUNDARY_TOO_SMALL || status == MM_BAD_LIMIT);
        return;
    }
    assert_int_equal(status, expected ? MM_OK : MM_NO_ROOM);
    if (!expected)
        return;
    assert_true(model_fits(made.base, &request));
    assert_true((made.base >= HIGH_BASE) == (expected >= HIGH_BASE));
    *slot = made;
    assert_int_equal(slot->id, ++last_id);
    assert_string_equal(slot->owner, request.owner);
    held_frames += (size_t)((end_of(slot) - slot->base) >> FRAME_SHIFT);
}

static void step_free(struct mm_block *slot)
{
    held_frames -= (size_t)((end_of(slot) - slot->base) >> FRAME_SHIFT);
    assert_int_equal(mm_free(&mm, slot->base), MM_OK);
    slot->size_bytes = 0;
}

static bool model_holds_any(phys_t base, phys_t end)
{
    for (phys_t frame = base; frame < end; frame += FRAME_BYTES)
        if (model_find(frame))
            return true;
    return false;
}

/* Any few frames, by their addresses. */
static void step_reserve(struct mm_block *slot)
{
    phys_t base = (next_random() % 4 ? LOW_BASE : HIGH_BASE) + next_random() % (2 * MIB);
    phys_t end = base + 1 + next_random() % (4 * FRAME_BYTES);
    struct mm_block reserved = {.base = base & ~(FRAME_BYTES - 1)};
    reserved.size_bytes = ((end + FRAME_BYTES - 1) & ~(FRAME_BYTES - 1)) - reserved.base;
    enum mm_status expected = MM_OK;
    if (model_holds_any(reserved.base, end))
        expected = MM_IN_USE;
    else if (!is_managed(reserved.base) || !is_managed(end - 1))
        expected = MM_NOT_MANAGED;
    struct mm_block made;
    assert_int_equal(mm_reserve(&mm, base, end, owners[0], &made), expected);
    if (expected != MM_OK)
        return;
    assert_int_equal(made.base, reserved.base);
    assert_int_equal(made.size_bytes, reserved.size_bytes);
    assert_int_equal(made.id, ++last_id);
    *slot = made;
    held_frames += (size_t)((end_of(slot) - slot->base) >> FRAME_SHIFT);
}

/* Any address: found or not, and if it is no block's first byte, refused as the model says. */
static void step_probe(void)
{
    phys_t address = (next_random() % 4 ? LOW_BASE : HIGH_BASE) + next_random() % (2 * MIB);
    if (next_random() % 2)
        address &= ~(FRAME_BYTES - 1);
    struct mm_block *expected = model_find(address);
    struct mm_block found;
    assert_int_equal(!mm_find_address(&mm, address, &found), !expected);
    if (expected)
        assert_memory_equal(&found, expected, sizeof found);
    if (expected && expected->base == address)
        return;
    enum mm_status refusal = expected              ? MM_INSIDE_BLOCK
                             : is_managed(address) ? MM_ALREADY_FREE
                                                   : MM_NOT_MANAGED;
    assert_int_equal(mm_free(&mm, address), refusal);
}

static void compare_with_model(void)
{
    assert_null(mm_check(&mm));
    struct mm_totals totals;
    mm_get_totals(&mm, &totals);
    assert_int_equal(totals.free_count, totals.frame_count - held_frames);
    size_t block_count = 0;
    struct mm_block found;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        if (model[i].size_bytes == 0)
            continue;
        block_count++;
        assert_true(mm_find_id(&mm, model[i].id, &found));
        assert_memory_equal(&found, &model[i], sizeof found);
    }
    assert_int_equal(totals.block_count, block_count);
    for (phys_t cursor = 0; mm_next_block(&mm, &cursor, &found); block_count--)
        assert_non_null(model_find(found.base));
    assert_int_equal(block_count, 0);
}

static void agrees_with_an_array_of_blocks(void **state)
{
    (void)state;
    memset(model, 0, sizeof model);
    held_frames = 0;
    last_id = 0;
    for (int i = 0; i < 30000; i++) {
        struct mm_block *slot = &model[next_random() % MODEL_BLOCKS];
        if (next_random() % 4 == 0)
            step_probe();
        else if (slot->size_bytes)
            step_free(slot);
        else if (next_random() % 4 == 0)
            step_reserve(slot);
        else
            step_alloc(slot);
        if (i % 64 == 0)
            compare_with_model();
    }
    for (size_t i = 0; i < MODEL_BLOCKS; i++)
        if (model[i].size_bytes)
            step_free(&model[i]);
    compare_with_model();
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_mm, close_mm)
    const struct CMUnitTest tests[] = {
        RULE(agrees_with_an_array_of_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
