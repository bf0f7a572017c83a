/*
 * AddressSanitizer's report has `ERROR: AddressSanitizer: KIND`, then `READ of size N`, and at
 * its end `SUMMARY: ... KIND FILE:LINE in FUNCTION`. That of undefined behaviour is
 * `FILE:LINE:COLUMN: runtime error: TEXT`. The student's code can print the same: then its rule
 * is lost for that.
 */

#define _GNU_SOURCE /* strsignal, system calls */

#include "crash.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* The text behind `key` up to one of `ends`. False if it is not there. */
static bool find_said(const char *text, const char *key, const char *ends, char *found,
                      size_t found_bytes)
{
    const char *at = strstr(text, key);
    if (!at)
        return false;
    at += strlen(key);
    snprintf(found, found_bytes, "%.*s", (int)strcspn(at, ends), at);
    return true;
}

static void explain_undefined(const char *said, const char *error, char *text)
{
    const char *line = error;
    while (line > said && line[-1] != '\n' && line[-1] != '/')
        line--;
    snprintf(text, CRASH_TEXT_MAX, "is undefined there: %.*s", (int)strcspn(line, "\n"), line);
}

/* Where the summary says that it was, without folders. */
static const char *find_place(const char *said, const char *kind, char *place, size_t place_bytes)
{
    const char *summary = strstr(said, "SUMMARY: AddressSanitizer: ");
    if (!summary || !find_said(summary, kind, "\n", place, place_bytes))
        return "";
    const char *base = strrchr(place, '/');
    return base ? base + 1 : place + strspn(place, " ");
}

static void explain_address(const char *said, const char *kind, char *text)
{
    char access[32];
    char place[160];
    bool has_access = find_said(said, "\nREAD of size ", " \n", access, sizeof access) ||
                      find_said(said, "\nWRITE of size ", " \n", access, sizeof access);
    const char *where = find_place(said, kind, place, sizeof place);
    if (has_access)
        snprintf(text, CRASH_TEXT_MAX, "crashes: %s, %s bytes, %s", kind, access, where);
    else
        snprintf(text, CRASH_TEXT_MAX, "crashes: %s, %s", kind, where);
}

void crash_explain(int status, const char *said, char text[CRASH_TEXT_MAX])
{
    char kind[64];
    const char *error = strstr(said, ": runtime error: ");
    if (error)
        explain_undefined(said, error, text);
    else if (find_said(said, "ERROR: AddressSanitizer: ", " \n", kind, sizeof kind))
        explain_address(said, kind, text);
    else
        snprintf(text, CRASH_TEXT_MAX, "ends the program (%s)",
                 WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "exit");
}

void crash_name_call(uint32_t call, char text[CRASH_TEXT_MAX])
{
    static const struct {
        long call;
        const char *verb;
    } names[] = {
#ifdef SYS_open
        {SYS_open, "opens a file"},         {SYS_creat, "opens a file"},
        {SYS_fork, "starts a process"},     {SYS_vfork, "starts a process"},
#endif
        {SYS_openat, "opens a file"},       {SYS_clone, "starts a process"},
        {SYS_clone3, "starts a process"},   {SYS_execve, "starts a program"},
        {SYS_kill, "sends a signal"},       {SYS_tgkill, "sends a signal"},
        {SYS_ptrace, "traces a process"},   {SYS_socket, "opens a socket"},
        {SYS_memfd_create, "makes a file"}, {SYS_rt_sigaction, "catches SIGSYS"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].call == (long)call) {
            snprintf(text, CRASH_TEXT_MAX, "%s, which no lab needs", names[i].verb);
            return;
        }
    snprintf(text, CRASH_TEXT_MAX, "makes system call %u, which no lab needs", (unsigned)call);
}
