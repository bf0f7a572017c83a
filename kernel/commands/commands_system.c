/* The commands that concern the machine: drivers, screen, end, and crimes to show the police. */

#include "commands.h"

#include "kernel/bios/ending.h"
#include "kernel/bios/v86.h"
#include "kernel/lib/format.h"
#include "kernel/lib/parse.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/screen/display.h"
#include "kernel/show/crimes.h"
#include "kernel/show/report.h"
#include "kernel/video/drivers.h"
#include "kernel/video/graphics.h"
#include "kernel/view/view.h"

static void run_load(size_t word_count, char **words)
{
    if (display_load_driver(words[1], words + 2, word_count - 2))
        console_print("loaded name=%s\n", drivers_name(drivers_count() - 1));
}

static void run_unload(size_t word_count, char **words)
{
    (void)word_count;
    struct videoport_device *device = videoport_find(words[1]);
    size_t index = drivers_find(words[1]);
    if (index == drivers_count() && device) {
        console_error("%s is the kernel's own driver; mode text leaves it", words[1]);
        return;
    }
    if (index == drivers_count()) {
        console_error("no driver \"%s\" is loaded; drivers lists them", words[1]);
        return;
    }
    char name[VIDEOPORT_NAME_MAX + 1];
    format_text(name, sizeof name, "%s", drivers_name(index));
    bool was_shown = device && display_forget(device);
    size_t leaked_count = drivers_unload(index);
    console_print("unloaded name=%s leaked=%zu\n", name, leaked_count);
    if (was_shown)
        display_restart();
}

/* "text", then extents without their depth. */
static const char *mode_word(size_t index)
{
    static char name[sizeof "65535x65535"];
    struct parse_mode mode;
    if (index == 0)
        return "text";
    if (!graphics_extent_at(index - 1, &mode))
        return NULL;
    format_text(name, sizeof name, "%ux%u", mode.width, mode.height);
    return name;
}

/* A mode, and what of it is the screen's: "large". */
struct wish {
    struct graphics_mode mode;
    bool is_large;
};

static bool read_mode(size_t word_count, char **words, struct wish *wish)
{
    const struct parse_mode *size = &wish->mode.size;
    *wish = (struct wish){.is_large = false};
    if (!parse_mode(words[1], &wish->mode.size)) {
        shell_refuse_word("there is no mode", words[1], mode_word,
                          "WIDTHxHEIGHTxBITS is one, such as 800x600x32, and text");
        return false;
    }
    for (size_t i = 2; i < word_count; i++) {
        bool *is_set = strcmp(words[i], "flip") == 0    ? &wish->mode.flips
                       : strcmp(words[i], "large") == 0 ? &wish->is_large
                                                        : NULL;
        if (!is_set || *is_set) {
            console_error("\"%s\": only flip and large can follow a mode, each once", words[i]);
            return false;
        }
        *is_set = true;
    }
    if (wish->is_large &&
        (size->width < VIEW_LARGE_WIDTH_MIN || size->height < VIEW_LARGE_HEIGHT_MIN)) {
        console_error("%s is too small for large letters: they need %ux%u or more", words[1],
                      VIEW_LARGE_WIDTH_MIN, VIEW_LARGE_HEIGHT_MIN);
        return false;
    }
    return true;
}

static void leave_graphics(void)
{
    const char *why;
    if (display_leave_graphics(&why))
        console_write("mode text\n");
    else
        console_error("mode text: %s", why);
}

/* With the extent that was meant, if the adapter has one like it. */
static void refuse_mode(const char *word, const struct wish *wish, const char *why)
{
    const struct parse_mode *size = &wish->mode.size;
    char extent[sizeof "65535x65535"];
    format_text(extent, sizeof extent, "%ux%u", size->width, size->height);
    const char *near = suggest_word(extent, mode_word);
    bool is_other = near && strcmp(near, extent) != 0;
    console_error("mode %s%s%s: %s%s%s%s", word, wish->mode.flips ? " flip" : "",
                  wish->is_large ? " large" : "", why, is_other ? "; did you mean " : "",
                  is_other ? near : "", is_other ? "?" : "");
}

static void run_mode(size_t word_count, char **words)
{
    struct wish wish;
    const char *why;
    if (strcmp(words[1], "text") == 0) {
        leave_graphics();
        return;
    }
    if (!read_mode(word_count, words, &wish))
        return;
    const struct parse_mode *size = &wish.mode.size;
    if (!display_set_mode(&wish.mode, wish.is_large, &why))
        refuse_mode(words[1], &wish, why);
    else
        console_print("mode size=%ux%ux%u%s\n", size->width, size->height, size->bits,
                      wish.is_large ? " letters=large" : "");
}

static void run_inject(size_t word_count, char **words)
{
    if (word_count == 1)
        crimes_list();
    else if (shell_require_real(words[0]) && !crimes_commit(words[1]))
        shell_refuse_word("there is no crime", words[1], crimes_word,
                          "inject without a name lists them");
}

static void run_exit(size_t word_count, char **words)
{
    uint64_t status = 0;
    if (word_count == 2 && !shell_read_number("the status", words[1], &status))
        return;
    if (status > UINT8_MAX) {
        console_error("the status %s is not within 0 and 255", words[1]);
        return;
    }
    ending_switch_off((uint8_t)status);
}

const struct shell_command display_commands[] = {
    {"drivers", "", "lists the drivers that run, what each of them holds, and those that wait",
     NULL, 1, 1, .act = drivers_describe},
    {"load", "NAME [KEY=VALUE...]", "loads and starts a driver: a module, or one that is linked in",
     "  NAME is the module's, without .sys. The parameters are what the driver reads as its\n"
     "  registry values: numbers, or texts.\n"
     "  It takes over the picture from the driver that shows it, which then waits for its turn.\n"
     "  If the new one fails, the picture goes back.\n",
     2, 18, .run = run_load},
    {"unload", "NAME", "stops a driver, lists what it leaked, and takes it out of memory",
     "  If it shows the picture, another adapter takes over.\n", 2, 2, .run = run_unload},
    {"video", "", "describes the display: adapter, mode, back buffer, modes to choose from",
     "  Modes in which nothing can be drawn are not listed: they are counted, by the reason why.\n",
     1, 1, .act = display_describe},
    {"mode", "WIDTHxHEIGHT[xBITS] [flip] [large] | text", "changes the display's mode",
     "  BITS is the depth on the screen, 32 if left out; the back buffer always has 32 bits a "
     "pixel.\n"
     "  With flip, two pages of video memory are shown in turn.\n"
     "  With large, letters and cells are about twice as large, to be read from the last row of a\n"
     "  lecture hall; for 1280x900 pixels or more. The next mode without it has usual ones.\n"
     "  text leaves graphics for the text screen.\n",
     2, 4, .run = run_mode, .arguments = mode_word},
    {"bios", "", "calls the adapter's BIOS, and prints what it says of itself", NULL, 1, 1,
     .act = bios_describe},
    {0},
};

const struct shell_command system_commands[] = {
    {"inject", "[CRIME | all]", "commits a crime against memory, and shows how it is caught",
     "  Without CRIME: lists what there is. With all: one after the other, those that the system\n"
     "  survives; with step on, a key at a time.\n"
     "  What happened is explained on the screen, where the block is, until the next key or "
     "command;\n"
     "  by then all of it is undone.\n",
     1, 2, .run = run_inject, .arguments = crimes_word},
    {"report", "", "describes this machine, in one block to send or to photograph",
     "  tools/report_map.py makes a test of the map in it; see docs/hardware.md.\n", 1, 1,
     .act = report_all},
    {"exit", "[STATUS]", "switches off",
     "  By ACPI, else by APM, and says so if neither works.\n"
     "  Under QEMU's isa-debug-exit, writes 0x10 + STATUS to it: QEMU's own status is twice that\n"
     "  and one more, of which a shell sees the low 8 bits.\n",
     1, 2, .run = run_exit},
    {"quit", "[STATUS]", "switches off, as exit does", NULL, 1, 2, .run = run_exit},
    {"reboot", "", "starts the machine anew",
     "  By ACPI, else by the keyboard controller, the chipset, or a triple fault.\n", 1, 1,
     .act = ending_restart},
    {0},
};
