/* The time that counts is the process's own, so that a busy machine takes none away. */

#define _DEFAULT_SOURCE /* readdir's types */

#include "watch.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct state {
    pid_t parent;
    char letter; /* R: it runs or could */
    unsigned long ticks;
};

/* A name may have blanks and parentheses in it, so the fields are those behind the last one. */
static bool read_state(pid_t process, struct state *state)
{
    char path[64];
    char text[1024];
    unsigned long user;
    unsigned long system;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    const char *fields = strrchr(text, ')');
    if (!fields || sscanf(fields, ") %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                          &state->letter, &state->parent, &user, &system) != 4)
        return false;
    state->ticks = user + system;
    return true;
}

static size_t read_resident(pid_t process)
{
    char path[64];
    size_t pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)process);
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    if (fscanf(file, "%*s %zu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* 0: it has none. */
static pid_t find_child(pid_t parent)
{
    struct state state;
    const struct dirent *entry;
    pid_t found = 0;
    DIR *processes = opendir("/proc");
    while (processes && (entry = readdir(processes))) {
        pid_t process = atoi(entry->d_name);
        if (process > found && read_state(process, &state) && state.parent == parent)
            found = process;
    }
    if (processes)
        closedir(processes);
    return found;
}

/* A process that sleeps may wait for a child of its own, which is the one that counts. */
static void find_youngest(struct watch *watch, pid_t sandbox)
{
    pid_t child = watch->process ? find_child(watch->process) : sandbox;
    for (; child > 0; child = find_child(child))
        watch->process = child;
}

void watch_look(struct watch *watch, pid_t sandbox, unsigned milliseconds)
{
    struct state state;
    if (!read_state(watch->process, &state) || state.letter != 'R')
        find_youngest(watch, sandbox);
    if (!read_state(watch->process, &state))
        state = (struct state){.letter = 'S'};
    if (state.letter != 'R')
        watch->slept_milliseconds += milliseconds;
    unsigned long computed = state.ticks * 1000 / (unsigned long)sysconf(_SC_CLK_TCK);
    watch->used_milliseconds = watch->slept_milliseconds + (unsigned)computed;
    watch->resident_bytes = read_resident(watch->process);
}
