#ifndef KERNEL_TOUR_H
#define KERNEL_TOUR_H

/*
 * The guided tour: each step is a few sentences, then commands that are typed and run before the
 * reader's eyes. What they take is given back, whenever the reader ends it.
 *
 * What the tour tells and types is a table, tour_script.c, so that it can be read and changed
 * without knowing how it is played. In texts and commands, {NAME} is a value (see below).
 */

#include "kernel/view/view_marks.h"
#include "mm/mm.h"

#define TOUR_COMMANDS_MAX 5

/* What a step needs besides memory. Without it, `otherwise` is told, and nothing is typed. */
enum tour_need { TOUR_NEEDS_NOTHING, TOUR_NEEDS_BACK_BUFFER, TOUR_NEEDS_OTHER_MODE };

/*
 * A step begins and ends with the same memory: blocks that it leaves are freed behind it, and what
 * else it changes, its ending sets back. So steps can be played in any order, and ended midway.
 */
struct tour_step {
    const char *title; /* at most 24 characters */
    const char *opening; /* a line that is typed when the text is shown; NULL: none */
    const char *text; /* two to four sentences, at most 300 characters */
    const char *seen; /* one about the whole picture, where that is on the screen; NULL: none */
    const char *commands[TOUR_COMMANDS_MAX]; /* a line each; left out if a value is missing */
    const char *ending; /* a line that follows even if the reader ends it midway; NULL: none */
    unsigned patience; /* how many times as long as usual it waits between commands; 0: once */
    unsigned slowness; /* how many times as long as usual alloc and free are told; 0: once */
    enum view_panel panel; /* of the view, which the text is about; 0: none of them as a whole */
    enum tour_need need;
    const char *otherwise;
};

extern const struct tour_step tour_script[];
extern const size_t tour_script_length;

enum tour_pace {
    TOUR_BY_KEY, /* waits for a key; in a script at boot, as TOUR_ALONE */
    TOUR_ALONE, /* goes on at reading pace; a key stops it, and from then on it waits for keys */
    TOUR_QUICK, /* waits for nothing */
};

/*
 * Plays from that step on, 1 to tour_script_length. Ends with a line `tour end ...`, or with an
 * error if there is too little memory. A simulated machine that is open is set aside meanwhile.
 */
void tour_play(size_t first_step, enum tour_pace pace);

/* ---- sizes (tour_words.c) -------------------------------------------------------------------- */

/*
 * Values of this machine for the tour's script: sizes that every machine can serve, chosen from
 * what is free. It changes nothing, and knows neither screen nor shell.
 */

#define TOUR_WORD_MAX 120
#define TOUR_TEXT_MAX 512

/* Bytes. `one` is a power of two of frames, at most a 64th of the longest free run. */
struct tour_sizes {
    uint64_t one;
    uint64_t three; /* of it */
    uint64_t four;
    uint64_t fifth; /* of the longest free run, at most, and a multiple of `one` */
    uint64_t beyond; /* a frame more than the longest free run */
    phys_t limit; /* 16 MiB; another power of two where that parts nothing */
    uint64_t low; /* 3 * 2^n, a quarter of what is free below the limit, at most */
};

/* False, finding none, if there is too little memory: less than 16 frames in one piece. */
bool tour_sizes_find(struct tour_sizes *sizes, struct mm *mm);

/* A size as alloc takes it, exact: "3M", "15612K". It is a multiple of 4096. */
const char *tour_format_size(char word[TOUR_WORD_MAX], uint64_t size_bytes);

/*
 * Puts the value of a name into `word`; false if there is none: sizes by the names above, and
 * `standin`, a sentence if the limit is not 16M, else empty.
 */
bool tour_sizes_tell(const struct tour_sizes *sizes, const char *name, char word[TOUR_WORD_MAX]);

/* Who knows more names than these. */
typedef bool tour_lookup_t(void *context, const char *name, char word[TOUR_WORD_MAX]);

/* The text with the values of its {names}. False if one is unknown; then it stands as it is. */
bool tour_expand(char text[TOUR_TEXT_MAX], const char *pattern, tour_lookup_t *lookup,
                 void *context);

/* ---- values (tour_values.c) ------------------------------------------------------------------ */

/*
 * What {NAME} stands for in the tour's script, on this machine and at this moment:
 *
 *   {1} to {9}       the ids of the blocks that the step took, in their order, until they are freed
 *   {one} and so on  sizes, and {standin}: see above
 *   {ask}            a frame more than the longest free run has now
 *   {beside}         the address of a free frame beside the step's first block
 *   {buffer}         the id of the block that is the back buffer, {picture} its address
 *   {mode}           the mode that was set when the tour began, {other} another of the adapter's
 */

/* False if there is too little memory for a tour. */
bool tour_values_begin(void);

/* From now on blocks are a new step's. */
void tour_values_begin_step(void);

/* To be called behind each command: the blocks that it took are the step's. */
void tour_values_note_blocks(void);

/* True if the machine has what a step needs. */
bool tour_values_serve(enum tour_need need);

/* Puts values for names; false if one has none. */
bool tour_values_expand(char text[TOUR_TEXT_MAX], const char *pattern);

#endif
