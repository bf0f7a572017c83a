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
    const char *file_name; /* the kernel's, which began the line; NULL: there was none */
    bool file_name_is_bare; /* it has neither a slash nor a dot, so it may be a mistyped option */
    bool
        file_name_is_joined; /* it is made of several words, because the last one has such a sign */
    uint8_t video; /* enum options_video */
    const char *adapter; /* the one to use; NULL: the best */
    bool has_mode;
    struct parse_mode mode; /* with has_mode */
    bool flip; /* present by flipping */
    bool use_write_combining; /* these three unless they are off */
    bool use_acpi;
    bool use_pae; /* else classic page tables, so no NX either */
    uint8_t back_buffer; /* enum options_back_buffer */
    char *parameters[OPTIONS_PARAMETERS_MAX]; /* of drivers: DRIVER.KEY=VALUE */
    size_t parameter_count;
    struct phys_range bad_memory[OPTIONS_BAD_MEMORY_MAX]; /* not to be used, in any order */
    const char *bad_memory_pairs[OPTIONS_BAD_MEMORY_MAX]; /* "ADDR,MASK" that it is of, or NULL */
    size_t bad_memory_count;
    bool serial_only;
    bool trace;
    bool selftest;
    char *run; /* shell commands, separated by semicolons; NULL: none */
    struct options_problem problems[OPTIONS_PROBLEMS_MAX];
    size_t problem_count; /* may be more than are kept */
};

/*
 * Reads the command line, which is cut into words in place (command_line.h) and must live as long
 * as the options. A word that is no option is noted among the problems and skipped, but not in the
 * first place: that is the file name that most loaders begin the line with, unless it has the form
 * NAME=. Words behind it up to one with a slash or a dot and no = belong to it, without options.
 *
 * run= takes the rest of the line, unless a quote before or behind it says where it ends.
 */
void options_read(struct options *options, char *command_line);

/* Notes a problem with a word of the line: for readers of values in files of their own. */
void options_note(struct options *options, const char *word, const char *text);

/*
 * The value of badram=: a list with commas between, in one of two forms.
 *
 *   ADDR,ADDR-ADDR,ADDR+SIZE     addresses and ranges, as memtest prints them here
 *   ADDR,MASK,ADDR,MASK          pairs, as Linux's BadRAM patch, memtest86+ and GRUB have them: all
 *                                addresses that agree with ADDR in the bits that MASK has set
 *
 * A list is pairs if each second item is surely a mask, which no address of RAM can be, and no ADDR
 * has a bit that its MASK has not. Surely a mask is a number with its top bits set: the upper 4 of
 * 32 bits (a PC has devices and firmware in the last 256 MiB below 4 GiB), or the upper 12 of 64
 * (no memory has more than 52 bits). A mask of 32 bits means the first 4 GiB of an ADDR below it.
 *
 * Any other list is addresses. If a second item might be a mask all the same, a problem says so.
 *
 * Adds the list to options->bad_memory. It is cut at its commas in place. What is wrong with one
 * item is noted among the problems, and costs that item only; so this returns true in any case.
 */
bool options_read_badram(struct options *options, char *list);

#endif
