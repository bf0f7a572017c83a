#ifndef KERNEL_STORY_H
#define KERNEL_STORY_H

/*
 * What alloc and free do, shown as a story: the window that a request must fit into, the search
 * node by node, the place, and the buddies that split or merge. It is drawn over the memory view,
 * at its own pace or a key at a time; where there is no view, only its sentences are written, if
 * they are wanted at all.
 */

#include "mm/mm.h"

enum story_mode {
    STORY_OFF, /* only the outcome is marked */
    STORY_AUTO, /* what was typed at the machine's own keyboard is shown, in a second at most */
    STORY_SHOW, /* the same for what comes over the serial line or from a script */
    STORY_STEP, /* each step is written, and waits for a key where somebody can press one */
};

/* How they are told, from now on. A key that ends the steps sets the mode to STORY_AUTO. */
extern struct story {
    enum story_mode mode;
    bool has_dialogue; /* somebody can press keys, as the shell reads lines; not in a boot script */
    unsigned slowness; /* stories at their own pace take so many times as long; 1 at the start */
} story;

/* Takes away what the last story left. To be called before each command. */
void story_forget(void);

/* Before a request is made: looks at what it will do. */
void story_explain(const struct mm_request *request);

/* After it was made: tells it. `block`: what came of it; NULL: it was refused. */
void story_tell_alloc(const struct mm_block *block);

/* After a search was explained in lines: draws it where the machine is a small one. */
void story_tell_search(void);

/*
 * Lets a picture be looked at before the next one: with steps until a key, else for so many ticks
 * where stories are shown at all, or until something is typed. False if no more are wanted.
 */
bool story_look(uint32_t ticks);

/* After a block was freed. */
void story_tell_free(const struct mm_block *block);

/* The same of one among many: nothing is told of it. */
void story_note_free(const struct mm_block *block);

/*
 * Marks the frames that `at` told of, and says in the picture what they are. Order 0: what is
 * around the frame; else the aligned block of that order around it.
 */
void story_point(pfn_t pfn, unsigned order, const char *text, struct frame_range range);

#endif
