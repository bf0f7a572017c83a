/* The commands that choose how memory is shown. */

#include "console.h"
#include "shell.h"
#include "story.h"
#include "string.h"

/* ---- step ----------------------------------------------------------------------------------- */

static const char *const step_words[] = {
    [STORY_OFF] = "off", [STORY_AUTO] = "auto", [STORY_SHOW] = "show", [STORY_STEP] = "on"};

static void run_step(size_t word_count, char **words)
{
    for (size_t i = 0; word_count > 1 && i < sizeof step_words / sizeof *step_words; i++) {
        if (strcmp(words[1], step_words[i]) != 0)
            continue;
        story_set_mode((enum story_mode)i);
        word_count = 1;
    }
    if (word_count > 1)
        console_error("step does not know \"%s\"; it takes on, show, auto or off", words[1]);
    else
        console_print("step %s\n", step_words[story_get_mode()]);
}

const struct shell_command view_commands[] = {
    {"step", "[on | show | auto | off]", "tells what alloc and free do, step by step",
     "  on     each step is written and drawn, and waits for Enter or the space bar; q goes on\n"
     "         without steps. In a script nothing waits.\n"
     "  show   drawn at its own pace, in a second at most; a key ends it\n"
     "  auto   the same, for what is typed at this machine's keyboard; so it is at the start\n"
     "  off    the outcome alone: window, what was looked at, place\n",
     1, 2, run_step},
    {0},
};
