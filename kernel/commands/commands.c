/* The commands, in the order in which `help` lists them. */

#include "commands.h"

#include "kernel/show/story.h"

void commands_init(void)
{
    static const struct shell_command *const tables[] = {
        memory_commands, view_commands, load_commands, system_commands, lab_commands, NULL};
    shell_init(tables, story_forget);
}
