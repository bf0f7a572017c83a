/* The commands, in the order in which `help` lists them, and how they read addresses. */

#include "commands.h"

#include "kernel/lib/parse.h"
#include "kernel/machine/machine.h"
#include "kernel/past/machine_past.h"
#include "kernel/show/story.h"
#include "kernel/show/travel.h"

static void after(const char *command)
{
    struct past *past = machine_past();
    if (past && !travel_is_on())
        past_observe(past, command);
}

/* What happened between two commands is nobody's doing but the kernel's and its drivers'. */
static void before(const char *command)
{
    story_forget();
    if (travel_is_on() && (!command || commands_keep_past(command)))
        return;
    travel_return();
    after(NULL);
}

bool commands_read_address(const char *what, const char *text, uint64_t *address)
{
    struct machine_stage stage;
    if (!shell_read_number(what, text, address))
        return false;
    if (parse_counts_frames(text) && machine_find_stage(&stage))
        *address += stage.first << FRAME_SHIFT;
    return true;
}

void commands_init(void)
{
    static const struct shell_group groups[] = {
        {"start", tour_commands},      {"start", quiz_commands},
        {"memory", memory_commands},   {"picture", view_commands},
        {"picture", past_commands},    {"tests", load_commands},
        {"display", display_commands}, {"system", system_commands},
        {"labs", lab_commands},        {0},
    };
    static const struct shell_hooks hooks = {before, after, travel_take_key};
    shell_init(groups, &hooks);
}
