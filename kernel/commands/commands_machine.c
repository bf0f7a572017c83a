/* The command that opens another machine. */

#include "commands.h"

#include "kernel/lib/string.h"
#include "kernel/machine/machine.h"
#include "kernel/screen/display.h"

static void run_machine(size_t word_count, char **words)
{
    if (word_count == 1) {
        machine_list();
        return;
    }
    bool is_closed = strcmp(words[1], MACHINE_REAL) == 0;
    bool was_open = machine_simulated();
    if (is_closed)
        machine_close();
    else if (!machine_open(words[1]))
        return;
    if (!is_closed || was_open)
        display_change_machine();
    machine_describe();
}

const struct shell_command machine_commands[] = {
    {"machine", "[NAME | real]", "opens another machine, simulated by its firmware's map",
     "  Without NAME: lists what there is, also maps that came as modules (docs/simulated.md).\n"
     "  Until machine real, these act on it: map, alloc, free, blocks, buddy, check, explain, at,\n"
     "  zoom, stress and the picture. Its memory is not there, so nothing is written to it.\n"
     "  machine name=... ram=... ranges=... open=yes|no text=\"...\"\n",
     1, 2, .run = run_machine},
    {0},
};
