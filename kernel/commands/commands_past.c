/* The commands that go back and forth in what happened. */

#include "commands.h"

#include "kernel/lib/name.h"
#include "kernel/log/console.h"
#include "kernel/show/travel.h"

static void travel(size_t word_count, char **words, void (*go)(uint64_t count))
{
    uint64_t count = 1;
    if (word_count > 1 && !shell_read_number("the number of events", words[1], &count))
        return;
    if (count == 0)
        console_error("%s 0 goes nowhere; it takes 1 or more events", words[0]);
    else
        go(count);
}

static void run_back(size_t word_count, char **words)
{
    travel(word_count, words, travel_back);
}

static void run_forward(size_t word_count, char **words)
{
    travel(word_count, words, travel_forward);
}

static void run_now(void)
{
    if (travel_is_on())
        travel_return();
    else
        console_write("This is memory as it is now.\n");
}

bool commands_keep_past(const char *name)
{
    static const char *const names[] = {"back", "forward", "now", "zoom", "at", "help"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (name_is_same(name, names[i]))
            return true;
    return false;
}

const struct shell_command past_commands[] = {
    {"back", "[N]", "shows memory as it was one event ago, or N events ago",
     "  An event is a block that was allocated or freed, or all that another command did.\n"
     "  While the past is shown: left, right: one event; with Shift: ten; Home: the oldest "
     "moment;\n"
     "  End, Esc: now. A click on the line of moments goes there, and the mouse can drag along "
     "it.\n"
     "  Only the picture goes back, and at, zoom and help look at it; any other command returns "
     "to\n"
     "  now first. Without a screen, nothing is recorded.\n"
     "  past moment=N of=N dropped=N what=allocated|freed|many|start|now by=COMMAND ...\n",
     1, 2, .run = run_back},
    {"forward", "[N]", "shows memory as it was one event later, or N events later", NULL, 1, 2,
     .run = run_forward},
    {"now", "", "shows memory as it is now, after back", NULL, 1, 1, .act = run_now},
    {0},
};
