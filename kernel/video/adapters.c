/*
 * Chooses the adapter that shows the picture: each miniport is started in turn and asked for a
 * mode; the first that shows one stays. Whose turn it is has the machine for itself: the others
 * hold nothing. What speaks against our own is kept for the `video` command.
 */

#include "adapters.h"

#include "drivers.h"
#include "drivers/pc/pci.h"
#include "drivers/video/adapter/ashlar_display.h"
#include "kernel/lib/format.h"
#include "kernel/lib/name.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"

#define BOOT_NAME "boot"

/* From the best to the plainest. */
static struct candidate {
    const char *name; /* as video= names it; owns the miniport's memory */
    videoport_entry_t entry;
    const char *why; /* it was passed over; NULL: it was not looked for */
} candidates[] = {
    {"bochs", bochs_driver_entry, NULL},
    {BOOT_NAME, boot_framebuffer_driver_entry, NULL},
    {"vga", vga_driver_entry, NULL},
};

#define CANDIDATE_COUNT (sizeof candidates / sizeof candidates[0])

static const struct boot_framebuffer *boot_framebuffer; /* NULL: the loader left none */
static const struct options *chosen; /* what to try */
static const char *wanted; /* the adapter that they name, only at the start; NULL: any */

void adapters_init(const struct options *options)
{
    chosen = options;
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

/* The usual modes of 32 bits that the adapter has; if there are none, those of 16; then its own. */
static size_t choose_first_modes(const struct mode_list *list, struct parse_mode *first_modes)
{
    size_t count = 0;
    uint32_t bits = 0; /* of those that were found */
    for (size_t i = 0; i < sizeof usual_modes / sizeof usual_modes[0]; i++) {
        const struct parse_mode *usual = &usual_modes[i];
        if ((bits == 0 || usual->bits == bits) &&
            mode_list_find(list, usual->width, usual->height, usual->bits)) {
            first_modes[count++] = *usual;
            bits = usual->bits;
        }
    }
    if (count != 0)
        return count;
    for (; count < list->count && count < FIRST_MAX; count++)
        first_modes[count] = graphics_size_of(&list->modes[count]);
    return count;
}

static bool is_one_of(const struct parse_mode *modes, size_t count, const struct parse_mode *mode)
{
    for (size_t i = 0; i < count; i++)
        if (modes[i].width == mode->width && modes[i].height == mode->height &&
            modes[i].bits == mode->bits)
            return true;
    return false;
}

/* The listed mode that is shown from the fewest bytes of video memory, of those that are not among
   others; NULL if there is none. */
static const VIDEO_MODE_INFORMATION *find_smallest(const struct mode_list *list,
                                                   const struct parse_mode *others, size_t count)
{
    const VIDEO_MODE_INFORMATION *smallest = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const VIDEO_MODE_INFORMATION *mode = &list->modes[i];
        struct parse_mode size = graphics_size_of(mode);
        if (!is_one_of(others, count, &size) &&
            (!smallest || mode_list_shown_bytes(mode) < mode_list_shown_bytes(smallest)))
            smallest = mode;
    }
    return smallest;
}

/* A driver may list modes that do not fit into what it maps, as those of NT 3.51 do that switch
   banks. Small ones may fit. Returns the new count. */
static size_t add_small_modes(const struct mode_list *list, struct parse_mode *modes, size_t count)
{
    const VIDEO_MODE_INFORMATION *mode;
    for (size_t i = 0; i < FIRST_MAX && (mode = find_smallest(list, modes, count)); i++)
        modes[count++] = graphics_size_of(mode);
    return count;
}

struct first_modes {
    struct parse_mode modes[2 * FIRST_MAX];
    size_t first_count; /* of these, one should do */
    size_t count; /* with those that are tried if none did */
};

/* False, with a reason, if there is none. */
static bool list_first_modes(struct first_modes *first, const char **why)
{
    struct mode_list list;
    if (!graphics_list_modes(&list, why))
        return false;
    first->first_count = choose_first_modes(&list, first->modes);
    first->count = add_small_modes(&list, first->modes, first->first_count);
    mode_list_free(&list);
    return true;
}

/* The first mode that memory is left for; if there is none, the last, without a back buffer. */
static bool set_one_of(const struct parse_mode *modes, size_t count, bool flips, const char **why)
{
    for (size_t i = 0; i < count; i++) {
        struct graphics_mode mode = {modes[i], flips};
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

static bool set_first_mode(bool flips, const char **why)
{
    struct first_modes first;
    if (!list_first_modes(&first, why))
        return false;
    const struct parse_mode *small_modes = first.modes + first.first_count;
    return set_one_of(first.modes, first.first_count, flips, why) ||
           set_one_of(small_modes, first.count - first.first_count, flips, why);
}

/* ---- the loader's mode ----------------------------------------------------------------------- */

static bool boot_mode_is_lost;

/* What the boot loader left is not shown any more once a driver has set a mode on its adapter. One
   that asked for no function's ranges goes by the BIOS or by well-known addresses, as loaders do.
   */
static void note_screen(const struct videoport_device *device)
{
    struct pci_bar bars[PCI_BAR_MAX];
    if (!boot_framebuffer || name_is_same(device->name, BOOT_NAME))
        return;
    boot_mode_is_lost |= !device->took_ranges;
    size_t count = device->took_ranges ? pci_read_bars(&device->function, bars) : 0;
    for (size_t i = 0; i < count; i++)
        boot_mode_is_lost |= bars[i].kind != PCI_BAR_IO && boot_framebuffer->base >= bars[i].base &&
                             boot_framebuffer->base - bars[i].base < bars[i].size_bytes;
}

/* ---- the adapter ----------------------------------------------------------------------------- */

/* What the picture should be. */
struct wish {
    const struct graphics_mode *mode; /* NULL: a first one */
    bool or_another;
};

static const struct wish any_mode = {NULL, true};

static bool set_wished_mode(const struct wish *wish, const char **why)
{
    if (wish->mode && graphics_set_mode(wish->mode, why))
        return true;
    return (!wish->mode || wish->or_another) && set_first_mode(chosen->flip, why);
}

#define PCI_CLASS_VGA 0x0300

/* A driver that sets no mode, and says that it did. */
static bool is_still_text(const struct videoport_device *device)
{
    const struct pci_function *function = &device->function;
    return device->has_function && function->vendor_id == BOCHS_VENDOR_ID &&
           function->device_id == BOCHS_DEVICE_ID && function->class_code >> 8 == PCI_CLASS_VGA &&
           bochs_shows_text();
}

static bool use_device(struct videoport_device *device, bool is_own, const struct wish *wish,
                       const char **why)
{
    graphics_open(device, is_own, chosen->back_buffer);
    bool is_set = set_wished_mode(wish, why);
    if (is_set && is_still_text(device)) {
        *why = "its screen still shows text";
        is_set = false;
    }
    if (is_set || device->has_set_modes)
        note_screen(device);
    if (is_set)
        *why = NULL;
    else
        graphics_close();
    return is_set;
}

static bool is_chosen(const char *name)
{
    return !wanted || name_is_same(wanted, name);
}

/* Of our own. */
static bool try_candidate(struct candidate *candidate, const struct wish *wish)
{
    static struct videoport_values values; /* too large for the stack */
    bool is_boots = candidate->entry == boot_framebuffer_driver_entry;
    candidate->why = !is_chosen(candidate->name)     ? "video= names another"
                     : is_boots && !boot_framebuffer ? "the boot loader left no framebuffer"
                     : is_boots && boot_mode_is_lost ? "another adapter changed the loader's mode"
                                                     : NULL;
    if (candidate->why)
        return false;
    registry_open(&values, candidate->name);
    if (boot_framebuffer && !boot_mode_is_lost)
        videoport_set_value(&values, "Framebuffer", boot_framebuffer, sizeof *boot_framebuffer);
    trace_step("adapter %s: is it there?", candidate->name);
    struct videoport_device *device =
        videoport_start(candidate->name, candidate->entry, &values, &candidate->why);
    return device && use_device(device, true, wish, &candidate->why);
}

/* Lets it wait if it cannot, or unloads it if it faulted; *why is NULL then if the log has said
   it. */
static bool try_loaded(size_t index, const struct wish *wish, const char **why)
{
    *why = NULL;
    struct videoport_device *device = drivers_run(index);
    if (!device)
        return false;
    if (use_device(device, false, wish, why))
        return true;
    console_print("passed adapter=%s why=\"%s\"\n", device->name, *why);
    if (device->is_broken)
        drivers_unload(index);
    else
        drivers_let_wait();
    return false;
}

/* The latest first: who loads a driver wants to see it work. */
static bool try_all_loaded(const struct wish *wish)
{
    const char *why;
    for (size_t i = drivers_count(); i-- > 0;)
        if (is_chosen(drivers_name(i)) && try_loaded(i, wish, &why))
            return true;
    return false;
}

static bool try_all_candidates(const struct wish *wish)
{
    drivers_let_wait();
    for (size_t i = 0; i < CANDIDATE_COUNT; i++)
        if (try_candidate(&candidates[i], wish))
            return true;
    return false;
}

static bool try_all(const struct wish *wish)
{
    return try_all_loaded(wish) || try_all_candidates(wish);
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

/* A text screen is none. */
static void take_boot_framebuffer(const struct boot_framebuffer *given)
{
    if (given->base != 0 && given->type <= BOOT_FRAMEBUFFER_RGB && !is_over_memory(given) &&
        given->width != 0)
        boot_framebuffer = given;
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < CANDIDATE_COUNT; i++)
        if (name_is_same(candidates[i].name, name))
            return true;
    return drivers_find(name) < drivers_count();
}

static bool start_any(void)
{
    if (wanted && !is_known(wanted)) {
        console_error("video=%s: there is no adapter and no driver of that name", wanted);
        return false;
    }
    if (chosen->has_mode) {
        struct graphics_mode mode = {chosen->mode, chosen->flip};
        if (try_all(&(struct wish){&mode, false}))
            return true;
        console_error("video=%ux%ux%u: %s", chosen->mode.width, chosen->mode.height,
                      chosen->mode.bits, "no adapter takes that mode");
    }
    if (try_all(&any_mode))
        return true;
    adapters_describe_passed();
    return false;
}

bool adapters_start(const struct boot_framebuffer *framebuffer)
{
    take_boot_framebuffer(framebuffer);
    wanted = chosen->adapter;
    return start_any();
}

/* ---- when it is lost, or passed on ----------------------------------------------------------- */

bool adapters_restart(void)
{
    wanted = NULL;
    return start_any();
}

bool adapters_set_mode(const struct graphics_mode *mode, const char **why)
{
    wanted = NULL;
    *why = "there is no adapter that could";
    return try_all(&(struct wish){mode, false});
}

/* The driver that had the picture shows it again, or whichever can. */
static void hand_back(const char *name, const struct wish *wish)
{
    size_t index = drivers_find(name);
    const char *why;
    for (size_t i = 0; i < CANDIDATE_COUNT; i++)
        if (strcmp(candidates[i].name, name) == 0 && try_candidate(&candidates[i], wish))
            return;
    if (index == drivers_count() || !try_loaded(index, wish, &why))
        adapters_restart();
}

bool adapters_hand_over(void)
{
    struct graphics_mode mode = {0};
    bool was_on = graphics_is_on() && graphics_get_mode(&mode);
    const struct graphics_mode unflipped = {mode.size, false}; /* as others' drivers take it */
    char former[VIDEOPORT_NAME_MAX + 1];
    size_t index = drivers_count() - 1;
    const char *why = NULL;
    memcpy(former, graphics_device()->name, sizeof former);
    graphics_close();
    drivers_let_wait();
    wanted = NULL;
    if (was_on && try_loaded(index, &(struct wish){&unflipped, true}, &why))
        return true;
    if (!was_on && drivers_run(index))
        return true;
    if (index < drivers_count()) {
        if (why)
            console_error("driver %s: it shows no picture: %s", drivers_name(index), why);
        drivers_unload(index);
    }
    if (was_on)
        hand_back(former, &(struct wish){&mode, true});
    return false;
}
