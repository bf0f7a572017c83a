/* The commands that concern drivers: which there are, one more, one less. */

#include "commands.h"

#include "kernel/log/console.h"
#include "kernel/screen/display.h"
#include "kernel/video/drivers.h"

static void run_load(size_t word_count, char **words)
{
    if (drivers_load(words[1], words + 2, word_count - 2))
        console_print("loaded name=%s\n", words[1]);
}

static void run_unload(size_t word_count, char **words)
{
    (void)word_count;
    struct videoport_device *device = videoport_find(words[1]);
    if (!device) {
        console_error("no driver \"%s\" is loaded; drivers lists them", words[1]);
        return;
    }
    if (!drivers_is_loaded(device)) {
        console_error("%s is the kernel's own driver; mode text leaves it", words[1]);
        return;
    }
    bool was_shown = display_forget(device);
    size_t leaked_count = drivers_unload(device);
    console_print("unloaded name=%s leaked=%zu\n", words[1], leaked_count);
    if (was_shown)
        display_restart();
}

const struct shell_command driver_commands[] = {
    {"drivers", "", "lists the drivers that run, and what each of them holds", NULL, 1, 1,
     .act = drivers_describe},
    {"load", "NAME [KEY=VALUE...]", "loads and starts a driver: a module, or one that is linked in",
     "  NAME is the module's, without .sys. The parameters are what the driver reads as its\n"
     "  registry values: numbers, or texts.\n",
     2, 18, .run = run_load},
    {"unload", "NAME", "stops a driver, lists what it leaked, and takes it out of memory",
     "  If it shows the picture, another adapter takes over.\n", 2, 2, .run = run_unload},
    {0},
};
