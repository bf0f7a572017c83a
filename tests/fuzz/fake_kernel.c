/* Remembers nothing: whatever is asked of it, the answer depends on the question alone. */

#include "fake_kernel.h"

#include "drivers/pc/timer.h"
#include "fake_console.h"
#include "kernel/bios/ending.h"
#include "kernel/bios/v86.h"
#include "kernel/check/bench.h"
#include "kernel/check/memtest.h"
#include "kernel/check/stress.h"
#include "kernel/machine/machine.h"
#include "kernel/memory/badram.h"
#include "kernel/memory/memory.h"
#include "kernel/past/machine_past.h"
#include "kernel/quiz/play.h"
#include "kernel/screen/display.h"
#include "kernel/show/crimes.h"
#include "kernel/show/report.h"
#include "kernel/show/story.h"
#include "kernel/show/tour.h"
#include "kernel/show/travel.h"
#include "kernel/video/drivers.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define DEVICES "bochs", "kit"
#define SYSTEM_OWNERS "ledger", "videoport", "all"

struct mm fake_mm;
struct pool fake_pool;
struct memmap fake_map;
void (*fake_kernel_at_end)(void);

/* As video port's devices, of which nobody here looks inside. */
static const char *const devices[] = {DEVICES};
static const char *const claimed[] = {SYSTEM_OWNERS, DEVICES};

bool fake_kernel_claims(const char *name)
{
    for (size_t i = 0; i < sizeof claimed / sizeof *claimed; i++)
        if (strcmp(claimed[i], name) == 0)
            return true;
    return false;
}

/* ---- memory --------------------------------------------------------------------------------- */

struct memmap *memory_map(void)
{
    return &fake_map;
}

struct mm *memory_manager(void)
{
    return &fake_mm;
}

struct pool *memory_pool(void)
{
    return &fake_pool;
}

/* Of other machines there is one; what is open stays the manager above. */
const char *machine_simulated(void)
{
    return NULL;
}

struct memmap *machine_map(void)
{
    return &fake_map;
}

struct mm *machine_manager(void)
{
    return &fake_mm;
}

struct mm *machine_shown(void)
{
    return &fake_mm;
}

struct past *machine_past(void)
{
    return NULL;
}

bool machine_past_open(void)
{
    return false;
}

void machine_past_close(void)
{
}

struct pool *machine_pool(void)
{
    return &fake_pool;
}

bool machine_find_stage(struct machine_stage *stage)
{
    (void)stage;
    return false;
}

bool machine_open(const char *name)
{
    if (strcmp(name, "486") != 0)
        console_error("there is no machine \"%s\"", name);
    return strcmp(name, "486") == 0;
}

void machine_close(void)
{
}

const char *machine_word(size_t index)
{
    static const char *const words[] = {"real", "486"};
    return index < sizeof words / sizeof *words ? words[index] : NULL;
}

void machine_list(void)
{
    console_write("machine name=real\nmachine name=486\n");
}

void machine_describe(void)
{
    console_write("machine name=486\n");
}

bool memory_owner_is_claimed(const char *name)
{
    return fake_kernel_claims(name) && !videoport_find(name);
}

static bool is_named(const struct videoport_device *device, const char *name)
{
    return strcmp(*(const char *const *)(const void *)device, name) == 0;
}

/* ---- drivers -------------------------------------------------------------------------------- */

void videoport_poll(void)
{
}

struct videoport_device *videoport_find(const char *name)
{
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (strcmp(devices[i], name) == 0)
            return (struct videoport_device *)(uintptr_t)&devices[i];
    return NULL;
}

bool display_load_driver(const char *name, char *const *words, size_t word_count)
{
    for (size_t i = 0; i < word_count; i++) {
        if (!strchr(words[i], '=')) {
            console_error("\"%s\" is not KEY=VALUE", words[i]);
            return false;
        }
    }
    if (strcmp(name, "vesa") != 0)
        console_error("there is no driver \"%s\"", name);
    return strcmp(name, "vesa") == 0;
}

size_t drivers_count(void)
{
    return 1;
}

const char *drivers_name(size_t index)
{
    assert(index == 0);
    return "kit";
}

size_t drivers_find(const char *name)
{
    return strcmp(name, "kit") == 0 ? 0 : 1;
}

size_t drivers_unload(size_t index)
{
    assert(index == 0);
    return 1;
}

void drivers_describe(void)
{
    console_write("driver name=bochs\ndriver name=kit\n");
}

/* ---- the display ---------------------------------------------------------------------------- */

void display_refresh(void)
{
}

void display_release(void)
{
}

bool display_set_mode(const struct graphics_mode *mode, bool is_large, const char **why)
{
    (void)is_large;
    *why = "the adapter has no such mode";
    if (mode->size.width == 0 || mode->size.height == 0 || mode->size.bits == 0)
        abort();
    return mode->size.width <= 1024 && mode->size.height <= 768 && mode->size.bits <= 32;
}

bool graphics_extent_at(size_t index, struct parse_mode *extent)
{
    static const struct parse_mode extents[] = {{640, 480, 32}, {1024, 768, 32}};
    if (index < sizeof extents / sizeof *extents)
        *extent = extents[index];
    return index < sizeof extents / sizeof *extents;
}

bool display_forget(struct videoport_device *device)
{
    return is_named(device, "kit");
}

void display_restart(void)
{
}

bool display_leave_graphics(const char **why)
{
    *why = "there is no text screen";
    return false;
}

bool display_has_view(void)
{
    return false;
}

void display_draw_stage(void)
{
}

bool display_zoom(struct frame_range range, const char **why)
{
    (void)range;
    *why = "there is no map of frames on the screen";
    return false;
}

void display_change_machine(void)
{
}

bool display_get_zoom(struct frame_range *range, pfn_t *cell_frames)
{
    (void)range, (void)cell_frames;
    return false;
}

void display_take_key(enum line_key key)
{
    (void)key;
}

void display_describe(void)
{
    console_write("display none\n");
}

/* ---- the rest ------------------------------------------------------------------------------- */

void report_all(void)
{
    console_write("report\n");
}

void bios_describe(void)
{
    console_write("bios none\n");
}

void bench_run(void)
{
    console_write("bench\n");
}

void bench_display_run(void)
{
}

void crimes_list(void)
{
    console_write("crime name=double-free\n");
}

const char *crimes_word(size_t index)
{
    static const char *const words[] = {"all", "double-free"};
    return index < sizeof words / sizeof *words ? words[index] : NULL;
}

bool crimes_commit(const char *name)
{
    if (strcmp(name, "double-free") == 0)
        console_write("caught\n");
    return strcmp(name, "double-free") == 0;
}

bool stress_start(const struct memmap *map, struct mm *mm, bool with_model,
                  struct stress_result *result)
{
    (void)map, (void)mm, (void)with_model;
    *result = (struct stress_result){0};
    return true;
}

void stress_run(size_t operations, struct stress_result *result)
{
    result->operations += (uint32_t)operations;
}

void stress_finish(struct stress_result *result)
{
    (void)result;
}

struct story story;

void story_forget(void)
{
}

void story_explain(const struct mm_request *request)
{
    (void)request;
}

void story_tell_alloc(const struct mm_block *block)
{
    (void)block;
}

void story_tell_search(void)
{
}

void story_tell_free(const struct mm_block *block)
{
    (void)block;
}

void story_note_free(const struct mm_block *block)
{
    (void)block;
}

void story_point(pfn_t pfn, unsigned order, const char *text, struct frame_range range)
{
    (void)pfn;
    (void)order;
    (void)text;
    (void)range;
}

/* Nothing happened that one could go back to. */
void travel_back(uint64_t count)
{
    if (count == 0)
        abort();
    console_error("there is no older moment");
}

void travel_forward(uint64_t count)
{
    if (count == 0)
        abort();
    console_error("there is no later moment");
}

void travel_return(void)
{
}

bool travel_is_on(void)
{
    return false;
}

bool travel_take_key(enum line_key key)
{
    (void)key;
    return false;
}

void tour_play(size_t first_step, enum tour_pace pace)
{
    (void)pace;
    if (first_step < 1 || first_step > tour_script_length)
        abort();
    console_write("tour end\n");
}

void quiz_play(enum quiz_topic topic, uint64_t seed)
{
    (void)seed;
    if (topic > QUIZ_ALL_TOPICS)
        abort();
    console_write("quiz end\n");
}

bool memtest_run(phys_t limit, bool repeats, memtest_watch_t *watch, void *context,
                 struct memtest_result *result)
{
    *result = (struct memtest_result){.tested_bytes = limit, .pass_count = 1};
    while (repeats && watch(context, 1, 1) == MEMTEST_GO_ON)
        result->pass_count++;
    return limit > 0;
}

bool badram_next_taken(phys_t *cursor, phys_t limit, struct phys_range *piece)
{
    (void)cursor, (void)limit, (void)piece;
    return false;
}

void badram_print_option(void)
{
}

bool selftest_run(void)
{
    console_write("1 passed, 0 failed\n");
    return true;
}

/* A day passes in a few steps of stress. */
uint32_t timer_ticks(void)
{
    static uint32_t ticks;
    return ticks += 3600 * TIMER_TICKS_PER_SECOND;
}

void ending_switch_off(uint8_t status)
{
    (void)status;
    fake_kernel_at_end();
}

void ending_restart(void)
{
    fake_kernel_at_end();
    abort();
}
