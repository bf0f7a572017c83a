/* The commands, in the order in which `help` lists them, and how they read addresses. */

#include "commands.h"

#include "kernel/lib/parse.h"
#include "kernel/machine/machine.h"
#include "kernel/show/story.h"

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
        {"start", tour_commands},    {"start", quiz_commands}, {"memory", memory_commands},
        {"picture", view_commands},  {"tests", load_commands}, {"display", display_commands},
        {"system", system_commands}, {"labs", lab_commands},   {0},
    };
    shell_init(groups, story_forget);
}
