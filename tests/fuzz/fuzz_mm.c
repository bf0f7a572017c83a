/*
 * The manager and the pool above it, each of the pool's two managers held against a model of its
 * own, on a host that now and then has no memory for records or no page table. What the pool
 * promises follows from the two: a mapped block is a run of frames, and a run of two pages more.
 */

#include "fake_port.h"
#include "fuzz.h"
#include "kernel/check/model.h"
#include "mm/pool.h"

#include <stdlib.h>
#include <string.h>

#define RANGES_MAX 3
#define BUFFERS_MAX (2 * RANGES_MAX + 4)
#define HELD_MAX 1024 /* some chunks of records */
#define WATCH_BYTES 65536 /* that are compared for each refusal */
#define PENDING_MAX 64
#define NO_BLOCK PHYS_LIMIT
#define GUARD_PAGES 2

const char fuzz_name[] = "mm";
uint64_t fuzz_step_count;

/* A block, mapped or not; or a plain mapping, which has no block. */
struct held {
    phys_t base; /* NO_BLOCK: a plain mapping */
    uint64_t id;
    uint64_t size_bytes;
    uintptr_t address; /* of its first page; 0: not mapped */
    pfn_t page_count; /* mapped, without guards */
};

static struct mm mm;
static struct pool pool;
static struct model ram;
static struct model window;
static struct buffer {
    unsigned char *bytes;
    size_t size_bytes;
} buffers[BUFFERS_MAX];
static size_t buffer_count;
static unsigned char before[sizeof mm + WATCH_BYTES]; /* the manager and its tables */
static struct held held[HELD_MAX];
static size_t held_count;
static phys_t pending[PENDING_MAX]; /* what the host took inside of a request */
static size_t pending_count;
static struct fuzz_input input;

static pfn_t pages_of(uint64_t size_bytes)
{
    return (size_bytes + FRAME_BYTES - 1) >> FRAME_SHIFT;
}

static const char *either(const char *broken, const char *other)
{
    return broken ? broken : other;
}

/* ---- opening and closing -------------------------------------------------------------------- */

static void *get_buffer(size_t size_bytes)
{
    void *buffer = malloc(size_bytes);
    if (!buffer)
        abort();
    buffers[buffer_count++] = (struct buffer){memset(buffer, 0xA5, size_bytes), size_bytes};
    return buffer;
}

/* What fits of it. The model's tables are there as well: they do not change either. */
static size_t watched_bytes(const struct buffer *buffer, size_t taken_bytes)
{
    size_t left_bytes = WATCH_BYTES - taken_bytes;
    return buffer->size_bytes < left_bytes ? buffer->size_bytes : left_bytes;
}

static void watch(void)
{
    size_t taken_bytes = 0;
    memcpy(before, &mm, sizeof mm);
    for (size_t i = 0; i < buffer_count; i++) {
        size_t size_bytes = watched_bytes(&buffers[i], taken_bytes);
        memcpy(before + sizeof mm + taken_bytes, buffers[i].bytes, size_bytes);
        taken_bytes += size_bytes;
    }
}

static const char *refusal(enum mm_status status)
{
    size_t taken_bytes = 0;
    bool is_alike = memcmp(before, &mm, sizeof mm) == 0;
    for (size_t i = 0; i < buffer_count && is_alike; i++) {
        size_t size_bytes = watched_bytes(&buffers[i], taken_bytes);
        is_alike = memcmp(before + sizeof mm + taken_bytes, buffers[i].bytes, size_bytes) == 0;
        taken_bytes += size_bytes;
    }
    return status == MM_OK || is_alike ? NULL : "a refusal changed something";
}

static const char *add_range(struct frame_range range)
{
    void *model_tables = get_buffer(model_table_bytes(range));
    enum mm_status status = mm_add_range(&mm, range, get_buffer(buddy_table_bytes(range)));
    return model_add_range(&ram, range, model_tables, status);
}

/*
 * Around 16 MiB, around 4 GiB, and at 27 TiB: some hundred frames each, or none; now and then one
 * with all that an index can have.
 */
static const char *add_ranges(void)
{
    static const pfn_t bases[RANGES_MAX] = {0xF80, 0xFFF00, (pfn_t)27 << 28};
    uint32_t left_out = fuzz_byte(&input);
    const char *broken = NULL;
    for (size_t i = 0; i < RANGES_MAX; i++) {
        pfn_t first = bases[i] + fuzz_byte(&input);
        struct frame_range range = {first, first + fuzz_length(&input, 9)};
        if (left_out >> 3 == 8 + i)
            range.end += fuzz_length(&input, 9) * (pfn_t)512;
        if (!(left_out >> i & 1))
            broken = either(broken, add_range(range));
    }
    return broken;
}

static const char *open_managers(void)
{
    const struct frame_range pages = {FAKE_PORT_BASE >> FRAME_SHIFT,
                                      (FAKE_PORT_BASE >> FRAME_SHIFT) + FAKE_PORT_PAGES};
    buffer_count = held_count = pending_count = 0;
    fake_port_reset();
    model_init(&ram);
    model_init(&window);
    mm_init(&mm, fake_port_source, get_buffer(MM_FIRST_RECORDS_BYTES), MM_FIRST_RECORDS_BYTES);
    pool_init(&pool, &fake_port_pages, &mm, FAKE_PORT_BASE,
              FAKE_PORT_BASE + FAKE_PORT_PAGES * (uintptr_t)FRAME_BYTES,
              get_buffer(buddy_table_bytes(pages)), get_buffer(MM_FIRST_RECORDS_BYTES),
              MM_FIRST_RECORDS_BYTES);
    const char *broken =
        model_add_range(&window, pages, get_buffer(model_table_bytes(pages)), MM_OK);
    return either(broken, add_ranges());
}

static void close_managers(void)
{
    fake_port_reset();
    while (buffer_count > 0)
        free(buffers[--buffer_count].bytes);
}

/* ---- the host ------------------------------------------------------------------------------- */

/* A host whose memory for records is a block of the very manager that asks. */
static void take_for_records(size_t size_bytes)
{
    (void)size_bytes;
    struct mm_request request = {.size_bytes = 1, .limit = MM_NO_LIMIT, .owner = "ledger"};
    struct mm_block block;
    if (pending_count < PENDING_MAX && mm_alloc(&mm, &request, &block) == MM_OK)
        pending[pending_count++] = block.base;
}

/* After the request that they were taken in: their frames were free when it had its own. */
static const char *enter_pending(void)
{
    const char *broken = NULL;
    while (pending_count > 0) {
        pfn_t first = pending[--pending_count] >> FRAME_SHIFT;
        broken = either(broken, model_enter(&ram, (struct frame_range){first, first + 1}));
    }
    return broken;
}

/* A host that has no more than a page at a time. */
static void give_pages_only(size_t size_bytes)
{
    fake_port_has_memory = size_bytes <= FRAME_BYTES;
}

static const char *change_host(void)
{
    static void (*const hooks[])(size_t) = {NULL, take_for_records, give_pages_only, NULL};
    uint32_t kind = fuzz_byte(&input);
    fake_port_has_memory = kind & 4;
    fake_port_before_memory = hooks[kind % 4];
    fake_port_map_limit =
        kind & 8 ? fake_port_mapped_count + fuzz_byte(&input) : (size_t)FAKE_PORT_PAGES;
    return NULL;
}

static const char *judge_no_record(void)
{
    return fake_port_has_memory ? "there was memory for a record, and it was not used" : NULL;
}

/* ---- requests ------------------------------------------------------------------------------- */

/* Any address of a held block or beside it; else around a band's edge. */
static phys_t read_address(void)
{
    phys_t base = (phys_t)16 * MIB << fuzz_byte(&input) % 2 * 8;
    if (held_count > 0)
        base = held[fuzz_byte(&input) % held_count].base;
    uint32_t offset = fuzz_byte(&input);
    return base + (fuzz_length(&input, 6) << FRAME_SHIFT) - (phys_t)32 * FRAME_BYTES +
           (offset % 4 == 0 ? offset : 0);
}

static uint64_t read_size(void)
{
    uint32_t kind = fuzz_byte(&input);
    if (kind >= 0xFC)
        return kind == 0xFC ? 0 : PHYS_LIMIT << (kind - 0xFD) * 6;
    return ((uint64_t)fuzz_length(&input, kind < 200 ? 3 : 9) << FRAME_SHIFT) - kind % 3 * 2047;
}

static uint64_t read_power(void)
{
    uint32_t kind = fuzz_byte(&input);
    return kind >= 0xFC ? kind : (uint64_t)1 << kind % 26;
}

static const char *read_owner(void)
{
    static const char *const owners[] = {"fuzz", "other", "x", "12345678901234567890123"};
    static const char *const wrong[] = {"", "two words", "123456789012345678901234", "\x7f"};
    uint32_t kind = fuzz_byte(&input);
    return (kind >= 0xFC ? wrong : owners)[kind % 4];
}

static struct mm_request read_request(void)
{
    uint32_t flags = fuzz_byte(&input);
    struct mm_request request = {.limit = MM_NO_LIMIT};
    request.size_bytes = read_size();
    request.owner = read_owner();
    if (flags & 1)
        return request;
    if (flags & 2)
        request.align_bytes = read_power();
    if (flags & 4)
        request.limit = read_address();
    if (flags & 8)
        request.lowest = read_address();
    if (flags & 16)
        request.boundary_bytes = read_power();
    return request;
}

static void hold(const struct mm_block *block)
{
    held[held_count++] = (struct held){block->base, block->id, block->size_bytes, 0, 0};
}

static const char *alloc_block(const struct mm_request *request)
{
    struct mm_block block;
    if (held_count == HELD_MAX)
        return NULL;
    fuzz_step_count++;
    watch();
    enum mm_status status = mm_alloc(&mm, request, &block);
    if (status == MM_NO_RECORD)
        return judge_no_record();
    const char *broken = either(refusal(status), model_mm_alloc(&ram, request, status, &block));
    if (!broken && status == MM_OK)
        hold(&block);
    return either(broken, enter_pending());
}

/* A reservation is refused for a frame that is used, or for one that is nobody's. */
static const char *judge_reservation(enum mm_status status, struct frame_range frames)
{
    struct frame_range run = {0, 0};
    bool is_free = model_largest_run(&ram, frames.first, frames.end) == frames.end - frames.first;
    bool is_used = model_find_run(&ram, frames.first, &run) ||
                   (model_next_run(&ram, frames.first, &run) && run.first < frames.end);
    enum mm_status right = is_free ? MM_OK : is_used ? MM_IN_USE : MM_NOT_MANAGED;
    if (status != right)
        return "a reservation is answered wrongly";
    return is_free ? model_enter(&ram, frames) : NULL;
}

static const char *reserve(void)
{
    phys_t base = read_address();
    phys_t end = base + fuzz_length(&input, 14);
    struct mm_block block;
    if (held_count == HELD_MAX || base >= PHYS_LIMIT - GIB)
        return NULL;
    fuzz_step_count++;
    watch();
    enum mm_status status = mm_reserve(&mm, base, end, "reserved", &block);
    if (status == MM_NO_RECORD)
        return judge_no_record();
    struct frame_range frames = {base >> FRAME_SHIFT, pages_of(end)};
    const char *broken = either(refusal(status), judge_reservation(status, frames));
    if (!broken && status == MM_OK)
        hold(&block);
    return either(broken, enter_pending());
}

static const char *alloc_one(void)
{
    struct mm_request request = read_request();
    return alloc_block(&request);
}

static const char *alloc_many(void)
{
    struct mm_request request = read_request();
    const char *broken = NULL;
    for (uint32_t count = fuzz_byte(&input); count > 0 && !broken; count--)
        broken = alloc_block(&request);
    return broken;
}

/* ---- mappings ------------------------------------------------------------------------------- */

static const char *check_pages(uintptr_t address, pfn_t page_count, phys_t physical)
{
    phys_t last = (page_count - 1) << FRAME_SHIFT;
    if (fake_port_is_mapped(address - FRAME_BYTES) ||
        fake_port_is_mapped(address + (uintptr_t)last + FRAME_BYTES))
        return "a guard page is mapped";
    return fake_port_pages.translate(address) == physical &&
                   fake_port_pages.translate(address + (uintptr_t)last) == physical + last
               ? NULL
               : "a mapping shows other frames than it should";
}

/* `page_count` pages were to be mapped, when `mapped_before` were; `address` is the first one. */
static const char *judge_mapping(enum mm_status status, pfn_t page_count, size_t mapped_before,
                                 uintptr_t address, phys_t physical)
{
    struct buddy_request pages = {page_count + GUARD_PAGES, 1, 0, PHYS_LIMIT >> FRAME_SHIFT, 0};
    switch (status) {
    case MM_NO_RECORD:
        return judge_no_record();
    case MM_NO_WINDOW:
        return model_alloc(&window, &pages, MM_NO_ROOM, 0);
    case MM_NOT_MAPPED:
        return mapped_before + page_count > fake_port_map_limit && model_has_room(&window, &pages)
                   ? NULL
                   : "a page could be mapped, and was not";
    case MM_OK:
        return either(model_alloc(&window, &pages, MM_OK, (address >> FRAME_SHIFT) - 1),
                      check_pages(address, page_count, physical));
    default:
        return "a mapping was refused for a reason that does not hold";
    }
}

static const char *alloc_in_pool(void)
{
    struct mm_request request = read_request();
    struct mm_block block;
    void *address;
    size_t mapped_before = fake_port_mapped_count;
    if (held_count == HELD_MAX)
        return NULL;
    fuzz_step_count++;
    enum mm_status status = pool_alloc(&pool, &request, MM_CACHED, &block, &address);
    if (status == MM_OK) {
        const char *broken = model_mm_alloc(&ram, &request, status, &block);
        hold(&block);
        held[held_count - 1].address = (uintptr_t)address;
        held[held_count - 1].page_count = pages_of(request.size_bytes);
        return either(broken, judge_mapping(status, pages_of(request.size_bytes), mapped_before,
                                            (uintptr_t)address, block.base));
    }
    if (status != MM_NO_WINDOW && status != MM_NOT_MAPPED && status != MM_NO_RECORD)
        return model_mm_alloc(&ram, &request, status, NULL);
    if (!model_mm_has_room(&ram, &request))
        return "the pool went on with a request that cannot be served";
    return judge_mapping(status, pages_of(request.size_bytes), mapped_before, 0, 0);
}

static const char *map_held(void)
{
    struct held *chosen = &held[fuzz_byte(&input) % HELD_MAX];
    struct mm_block block;
    size_t mapped_before = fake_port_mapped_count;
    if (chosen >= held + held_count || chosen->address)
        return NULL;
    if (!mm_find_id(&mm, chosen->id, &block) || block.base != chosen->base)
        return "a block is not found by its id";
    fuzz_step_count++;
    enum mm_status status = pool_map_block(&pool, &block, MM_UNCACHED);
    pfn_t page_count = pages_of(block.size_bytes);
    uintptr_t address = status == MM_OK ? (uintptr_t)pool_block_address(&block) : 0;
    if (status == MM_OK) {
        chosen->address = address;
        chosen->page_count = page_count;
    }
    return judge_mapping(status, page_count, mapped_before, address, block.base);
}

static const char *map_device(void)
{
    phys_t physical = 0xFE000000 + fuzz_word(&input);
    uint64_t size_bytes = (uint64_t)fuzz_length(&input, 16) << fuzz_byte(&input) % 2 * 8;
    void *address = NULL;
    size_t mapped_before = fake_port_mapped_count;
    if (held_count == HELD_MAX)
        return NULL;
    fuzz_step_count++;
    enum mm_status status = pool_map(&pool, physical, size_bytes, MM_UNCACHED, "device", &address);
    phys_t offset = physical % FRAME_BYTES;
    pfn_t page_count = pages_of(size_bytes + offset);
    uintptr_t page = (uintptr_t)address - (status == MM_OK ? (uintptr_t)offset : 0);
    if (status == MM_OK)
        held[held_count++] = (struct held){NO_BLOCK, 0, 0, page, page_count};
    return judge_mapping(status, page_count, mapped_before, page, physical - offset);
}

/* ---- frees ---------------------------------------------------------------------------------- */

static const char *judge_unmapped(const struct held *gone, enum mm_status status)
{
    return model_free(&window, (gone->address >> FRAME_SHIFT) - 1, status,
                      gone->page_count + GUARD_PAGES);
}

static struct held let_go(struct held *chosen)
{
    struct held gone = *chosen;
    *chosen = held[--held_count];
    return gone;
}

/* In one of the ways that there are, by the choice of `offset`. */
static const char *release_held(struct held *chosen, uint32_t offset)
{
    struct held gone = let_go(chosen);
    fuzz_step_count++;
    if (gone.base == NO_BLOCK) {
        uintptr_t inside = gone.address + offset % (gone.page_count << FRAME_SHIFT);
        return judge_unmapped(&gone, pool_unmap(&pool, (void *)inside));
    }
    enum mm_status status;
    if (gone.address && offset % 2)
        status = pool_free(&pool, (void *)gone.address);
    else
        status = gone.address || offset % 2 ? pool_free_block(&pool, gone.base)
                                            : mm_free(&mm, gone.base);
    const char *broken = model_mm_free(&ram, gone.base, status);
    return gone.address ? either(broken, judge_unmapped(&gone, status)) : broken;
}

static const char *release(void)
{
    uint32_t number = fuzz_byte(&input);
    uint32_t offset = fuzz_word(&input);
    if (held_count == 0)
        return NULL;
    return release_held(&held[number % held_count], offset);
}

static const char *release_many(void)
{
    uint32_t offset = fuzz_word(&input);
    const char *broken = NULL;
    for (uint32_t count = fuzz_byte(&input); count > 0 && held_count > 0 && !broken; count--)
        broken = release_held(&held[count * 7 % held_count], offset + count);
    return broken;
}

static struct held *held_at(phys_t base)
{
    for (size_t i = 0; i < held_count; i++)
        if (held[i].base == base)
            return &held[i];
    return NULL;
}

/* Any address: mostly nobody's, or inside of a block. */
static const char *free_any(void)
{
    phys_t base = read_address();
    struct held *owned = held_at(base);
    if (owned && owned->address)
        return NULL; /* to take the frames from under a mapping is nothing that the manager sees */
    fuzz_step_count++;
    watch();
    enum mm_status status = mm_free(&mm, base);
    if (status == MM_OK && owned)
        let_go(owned);
    return either(refusal(status), model_mm_free(&ram, base, status));
}

static struct held *mapped_around(uintptr_t address)
{
    struct frame_range run;
    if (model_find_run(&window, address >> FRAME_SHIFT, &run))
        for (size_t i = 0; i < held_count; i++)
            if (held[i].address && (held[i].address >> FRAME_SHIFT) - 1 == run.first)
                return &held[i];
    return NULL;
}

/* Addresses in the window that are not what the pool wants for a free, or for an unmapping. */
static const char *misuse_pool(void)
{
    uintptr_t address = FAKE_PORT_BASE + fuzz_word(&input) % (FAKE_PORT_PAGES + 4u) * FRAME_BYTES +
                        fuzz_byte(&input) % 2 - 2 * FRAME_BYTES;
    bool unmaps = fuzz_byte(&input) % 2;
    const struct held *owned = mapped_around(address);
    if (owned && (unmaps ? owned->base == NO_BLOCK : owned->address == address))
        return NULL;
    fuzz_step_count++;
    enum mm_status status =
        unmaps ? pool_unmap(&pool, (void *)address) : pool_free(&pool, (void *)address);
    if (!owned)
        return model_free(&window, address >> FRAME_SHIFT, status, 0);
    enum mm_status right = unmaps || owned->base == NO_BLOCK ? MM_NOT_A_BLOCK : MM_INSIDE_BLOCK;
    return status == right ? NULL : "a wrong free of the pool is named wrongly";
}

/* ---- looking -------------------------------------------------------------------------------- */

/* Of the frame that the limit cuts, a run that reaches into it has the bytes below the limit. */
static uint64_t largest_bytes(phys_t lowest, phys_t limit)
{
    pfn_t whole = model_largest_run(&ram, pages_of(lowest), limit >> FRAME_SHIFT);
    pfn_t with_cut = model_largest_run(&ram, pages_of(lowest), pages_of(limit));
    uint64_t cut_bytes = with_cut * FRAME_BYTES - (pages_of(limit) * FRAME_BYTES - limit);
    return with_cut > whole ? cut_bytes : whole * FRAME_BYTES;
}

static const char *look(void)
{
    phys_t lowest = read_address() % PHYS_LIMIT;
    phys_t limit = read_address() % PHYS_LIMIT;
    if (mm_largest_run(&mm, lowest, limit) != largest_bytes(lowest, limit))
        return "the largest free run within bounds is not what the manager says";
    struct mm_block block;
    struct frame_range run;
    bool is_used = model_find_run(&ram, lowest >> FRAME_SHIFT, &run);
    if (mm_find_address(&mm, lowest, &block) != is_used)
        return "a block is not found by an address in it";
    if (is_used && block.base != run.first << FRAME_SHIFT)
        return "another block is found by an address";
    const struct held *owned = held_at(block.base);
    if (is_used && owned && (owned->id != block.id || owned->size_bytes != block.size_bytes))
        return "a block is found, and is not what it was";
    return NULL;
}

/* What the owners of all blocks hold, by the blocks and by their sums. */
static const char *compare_holdings(void)
{
    static const char *const owners[] = {"fuzz",     "other", "x", "12345678901234567890123",
                                         "reserved", "ledger"};
    struct mm_holding all = {0, 0};
    struct mm_block block;
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        struct mm_holding holding = mm_find_holding(&mm, owners[i]);
        all.block_count += holding.block_count;
        all.size_bytes += holding.size_bytes;
    }
    for (phys_t cursor = 0; mm_next_block(&mm, &cursor, &block);) {
        all.block_count--;
        all.size_bytes -= block.size_bytes;
    }
    return all.block_count || all.size_bytes ? "the sums by owner are not those of the blocks"
                                             : NULL;
}

/* The tables first: what is broken could keep a walk from ending. */
static const char *check(void)
{
    const char *broken = either(mm_check(&mm), mm_check(&pool.window));
    if (!broken)
        broken = either(model_mm_compare(&ram, &mm), compare_holdings());
    return either(broken, model_mm_compare(&window, &pool.window));
}

/* ---- steps ---------------------------------------------------------------------------------- */

static const char *step(void)
{
    uint32_t kind = fuzz_byte(&input);
    if (kind < 64)
        return alloc_one();
    if (kind < 96)
        return alloc_in_pool();
    if (kind < 104)
        return map_held();
    if (kind < 112)
        return map_device();
    if (kind < 116)
        return alloc_many();
    if (kind < 118)
        return release_many();
    if (kind < 200)
        return release();
    if (kind < 208)
        return reserve();
    if (kind < 224)
        return free_any();
    if (kind < 236)
        return misuse_pool();
    if (kind < 248)
        return look();
    return kind < 250 ? check() : change_host();
}

/* Tables that are broken are seen before a step relies on them, in small inputs at least. */
#define CHECKED_STEPS 64

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    input = (struct fuzz_input){data, data + size_bytes};
    const char *broken = open_managers();
    for (size_t steps = 0; !broken && input.next < input.end; steps++) {
        broken = step();
        broken = either(broken, enter_pending());
        if (steps < CHECKED_STEPS || steps % CHECKED_STEPS == 0)
            broken = either(broken, mm_check(&mm));
    }
    broken = either(broken, check());
    close_managers();
    return broken;
}
