/*
 * Chooses the adapter that shows the picture: each miniport is started in turn and asked for a
 * mode; the first that shows one stays. What speaks against the others is kept for the `video`
 * command.
 */

#include "adapters.h"

#include "drivers.h"
#include "drivers/video/adapter/ashlar_display.h"
#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"

/* From the best to the plainest. */
static struct candidate {
    const char *name; /* as video= names it; owns the miniport's memory */
    videoport_entry_t entry;
    const char *why; /* it was passed over; NULL: it was not looked for */
} candidates[] = {
    {"bochs", bochs_driver_entry, NULL},
    {"boot", boot_framebuffer_driver_entry, NULL},
    {"vga", vga_driver_entry, NULL},
};

#define CANDIDATE_COUNT (sizeof candidates / sizeof candidates[0])

static struct ashlar_boot_framebuffer boot_framebuffer; /* width 0: the loader left none */
static struct options chosen; /* what to try; the adapter that they name, only at the start */

void adapters_claim_names(void)
{
    for (size_t i = 0; i < CANDIDATE_COUNT; i++)
        memory_claim_owner(candidates[i].name);
}

/* ---- the first mode -------------------------------------------------------------------------- */

#define FIRST_MAX 3 /* modes that are tried of an adapter */

static const struct parse_mode usual_modes[] = {
    {1024, 768, 32}, {800, 600, 32}, {640, 480, 32},
    {1024, 768, 16}, {800, 600, 16}, {640, 480, 16},
};

/* A picture that nobody asked for leaves at least half of memory free. */
static bool is_affordable(const struct parse_mode *mode)
{
    struct mm_totals totals;
    mm_get_totals(memory_manager(), &totals);
    return (phys_t)mode->width * mode->height * sizeof(uint32_t) <= totals.free_count
                                                                        << (FRAME_SHIFT - 1);
}

static bool is_among(const struct parse_mode *modes, size_t count, const struct parse_mode *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (modes[i].width == wanted->width && modes[i].height == wanted->height &&
            modes[i].bits == wanted->bits)
            return true;
    return false;
}

/* The usual modes of 32 bits that the adapter has; if there are none, those of 16; then its own. */
static size_t list_first_modes(struct parse_mode *first_modes)
{
    const struct parse_mode *modes;
    size_t mode_count = graphics_list_modes(&modes);
    size_t count = 0;
    uint32_t bits = 0; /* of those that were found */
    for (size_t i = 0; i < sizeof usual_modes / sizeof usual_modes[0]; i++) {
        const struct parse_mode *usual = &usual_modes[i];
        if ((bits == 0 || usual->bits == bits) && is_among(modes, mode_count, usual)) {
            first_modes[count++] = *usual;
            bits = usual->bits;
        }
    }
    if (count != 0)
        return count;
    for (; count < mode_count && count < FIRST_MAX; count++)
        first_modes[count] = modes[count];
    return count;
}

/* The largest mode that memory is left for; if there is none, the smallest, without a back
   buffer. */
static bool set_first_mode(bool flips, const char **why)
{
    struct parse_mode first_modes[FIRST_MAX];
    size_t count = list_first_modes(first_modes);
    *why = "it has no mode";
    for (size_t i = 0; i < count; i++) {
        struct graphics_mode mode = {first_modes[i], flips};
        bool affordable = is_affordable(&mode.size);
        if (!affordable && i + 1 < count)
            continue;
        if (!affordable)
            graphics_use_back_buffer(false);
        bool is_set = graphics_set_mode(&mode, why);
        graphics_use_back_buffer(true);
        if (is_set)
            return true;
    }
    return false;
}

/* ---- the adapter ----------------------------------------------------------------------------- */

/* Shows the mode that was asked for; if none was (NULL), a first one. */
static bool use_device(struct videoport_device *device, bool is_own,
                       const struct graphics_mode *asked, const char **why)
{
    graphics_open(device, is_own, chosen.back_buffer);
    if (asked ? graphics_set_mode(asked, why) : set_first_mode(chosen.flip, why)) {
        *why = NULL;
        return true;
    }
    graphics_close();
    return false;
}

static bool try_candidate(struct candidate *candidate, const struct graphics_mode *asked)
{
    if (chosen.adapter && strcmp(chosen.adapter, candidate->name) != 0) {
        candidate->why = "video= names another";
        return false;
    }
    registry_open(candidate->name);
    if (boot_framebuffer.width != 0)
        registry_add_data("Framebuffer", &boot_framebuffer, sizeof boot_framebuffer);
    trace_step("adapter %s: is it there?", candidate->name);
    struct videoport_device *device =
        registry_start(candidate->name, candidate->entry, &candidate->why);
    if (!device && candidate->entry == boot_framebuffer_driver_entry && !boot_framebuffer.width)
        candidate->why = "the boot loader left no framebuffer";
    return device && use_device(device, true, asked, &candidate->why);
}

/* A driver that faults on the way is unloaded, so that others can have its adapter. */
static bool try_loaded(struct videoport_device *loaded, const struct graphics_mode *asked)
{
    const char *why;
    if (use_device(loaded, false, asked, &why))
        return true;
    console_print("passed adapter=%s why=\"%s\"\n", loaded->name, why);
    if (loaded->is_broken && drivers_is_loaded(loaded))
        drivers_unload(loaded);
    return false;
}

/* Drivers that were loaded come first: who brings one wants to see it work. */
static bool try_all_loaded(const struct graphics_mode *asked)
{
    struct videoport_device *next = videoport_next(NULL);
    while (next) {
        struct videoport_device *loaded = next;
        next = videoport_next(loaded);
        bool is_wanted = !chosen.adapter || strcmp(chosen.adapter, loaded->name) == 0;
        if (is_wanted && !loaded->is_broken && try_loaded(loaded, asked))
            return true;
    }
    return false;
}

static bool try_all(const struct graphics_mode *asked)
{
    if (try_all_loaded(asked))
        return true;
    for (size_t i = 0; i < CANDIDATE_COUNT; i++)
        if (try_candidate(&candidates[i], asked))
            return true;
    return false;
}

void adapters_describe_passed(void)
{
    const struct videoport_device *device = graphics_device();
    for (size_t i = 0; i < CANDIDATE_COUNT; i++) {
        const char *name = candidates[i].name;
        if (device && strcmp(device->name, name) == 0)
            continue;
        const char *why = candidates[i].why ? candidates[i].why : "a better one was found";
        console_print("passed adapter=%s why=\"%s\"\n", name, why);
    }
}

static uint32_t mask_of(const uint8_t *position_and_length)
{
    unsigned position = position_and_length[0];
    unsigned length = position_and_length[1];
    if (length == 0 || length > 16 || position > 32 - length)
        return 0;
    return ((1u << length) - 1) << position;
}

#define VGA_BASE 0xA0000u /* of the BIOS's first MiB, the part where video memory may be */
#define VGA_END 0xC0000u

/* Drawing on what somebody else holds would end the system: a loader may say anything. */
static bool is_over_memory(const struct boot_framebuffer *given)
{
    phys_t end = given->base + (phys_t)given->pitch_bytes * given->height;
    if (given->base >= VGA_BASE && given->base < VGA_END && end <= VGA_END)
        return false;
    const char *holder = memory_find_holder(given->base, end, MEMORY_FRAMEBUFFER);
    if (holder)
        console_error(
            "the boot loader's framebuffer at 0x%llx is left alone: memory of \"%s\" is there",
            (number_t)given->base, holder);
    return holder;
}

/* In the video port's types. A text screen is none. */
static void take_boot_framebuffer(const struct boot_framebuffer *given)
{
    if (given->base == 0 || given->type > 1 || is_over_memory(given))
        return;
    boot_framebuffer = (struct ashlar_boot_framebuffer){
        .physical.QuadPart = (LONGLONG)given->base,
        .stride_bytes = given->pitch_bytes,
        .width = given->width,
        .height = given->height,
        .bits_per_pixel = given->bits,
        .red_mask = mask_of(given->colour_info),
        .green_mask = mask_of(given->colour_info + 2),
        .blue_mask = mask_of(given->colour_info + 4),
        .is_indexed = given->type == 0,
        .palette_count = given->palette_count,
    };
    for (size_t i = 0; i < given->palette_count; i++)
        boot_framebuffer.palette[i] = given->palette[i];
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < CANDIDATE_COUNT; i++)
        if (strcmp(candidates[i].name, name) == 0)
            return true;
    return videoport_find(name);
}

static bool start_any(void)
{
    if (chosen.adapter && !is_known(chosen.adapter)) {
        console_error("video=%s: there is no adapter and no driver of that name", chosen.adapter);
        return false;
    }
    if (chosen.has_mode) {
        struct graphics_mode asked = {chosen.mode, chosen.flip};
        if (try_all(&asked))
            return true;
        console_error("video=%ux%ux%u: %s", chosen.mode.width, chosen.mode.height, chosen.mode.bits,
                      "no adapter takes that mode");
    }
    if (try_all(NULL))
        return true;
    adapters_describe_passed();
    return false;
}

bool adapters_start(const struct options *options, const struct boot_framebuffer *framebuffer)
{
    take_boot_framebuffer(framebuffer);
    chosen = *options;
    return start_any();
}

/* ---- when it is lost ------------------------------------------------------------------------- */

bool adapters_restart(void)
{
    chosen.adapter = NULL;
    return start_any();
}

bool adapters_set_mode(const struct graphics_mode *mode, const char **why)
{
    chosen.adapter = NULL;
    *why = "there is no adapter that could";
    return try_all(mode);
}
