#ifndef KERNEL_OPTIONS_H
#define KERNEL_OPTIONS_H

/* The boot options, read from the kernel's command line. */

#include "mm/types.h"
#include "parse.h"

enum options_video { OPTIONS_VIDEO_GRAPHICS, OPTIONS_VIDEO_TEXT, OPTIONS_VIDEO_OFF };

enum options_back_buffer {
    OPTIONS_BACK_BUFFER_CONTIGUOUS,
    OPTIONS_BACK_BUFFER_COMMON,
    OPTIONS_BACK_BUFFER_NONE,
};

#define OPTIONS_PROBLEMS_MAX 8
#define OPTIONS_PARAMETERS_MAX 16
#define OPTIONS_BAD_MEMORY_MAX 128

struct options_problem {
    const char *word;
    const char *text; /* what is wrong with it */
};

struct options {
    enum options_video video;
    const char *adapter; /* the one to use; NULL: the best */
    bool has_mode;
    struct parse_mode mode; /* with has_mode */
    bool flip; /* present by flipping */
    bool no_write_combining;
    bool no_acpi;
    bool no_pae; /* classic page tables, so no NX either */
    enum options_back_buffer back_buffer;
    char *parameters[OPTIONS_PARAMETERS_MAX]; /* of drivers: DRIVER.KEY=VALUE */
    size_t parameter_count;
    struct phys_range bad_memory[OPTIONS_BAD_MEMORY_MAX]; /* not to be used, in any order */
    size_t bad_memory_count;
    bool serial_only;
    bool trace;
    bool selftest;
    char *run; /* shell commands, separated by semicolons; NULL: none */
    struct options_problem problems[OPTIONS_PROBLEMS_MAX];
    size_t problem_count; /* may be more than are kept */
};

/*
 * Reads the command line, which is cut into words in place and must live as long as the options.
 * A word that is no option is noted among the problems and skipped, but for a file name in the
 * first place.
 */
void options_read(struct options *options, char *command_line);

#endif
