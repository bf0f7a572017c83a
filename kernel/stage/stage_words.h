#ifndef KERNEL_STAGE_WORDS_H
#define KERNEL_STAGE_WORDS_H

/* The words around a small machine's picture. */

#include "stage.h"

/* The machine, and how much of it is free, at the moment that its frames are shown at. */
void stage_words_title(const struct stage *stage, char name[STAGE_TEXT_MAX],
                       char figures[STAGE_TEXT_MAX]);

/* What the boxes and their numbers mean: where no sentence is. */
const char *stage_words_idle(void);

/* Which blocks a textbook's allocator has, and what became of the same requests in it. */
const char *stage_words_textbook_rule(void);
void stage_words_textbook(const struct stage *stage, char text[STAGE_TEXT_MAX]);

/* "it must lie here: below frame 12, at a multiple of 4", for a window of frames by number. */
void stage_words_window(const struct stage *stage, struct frame_range numbers,
                        const struct buddy_request *request, char words[STAGE_WORDS_MAX]);

/*
 * "4 (the largest of 2, 2 and 2 + 2 across the middle)": how the longest run of a node of order 1
 * or more follows from its halves. Returns the length, as format_text does.
 */
size_t stage_words_longest(const struct stage *stage, unsigned node, char *text, size_t room);

/*
 * Of a free frame that is not in the tree: one word for who has it. Else "". While a window is
 * marked, no frame has one: the window's words are where they would be explained.
 */
const char *stage_words_holder(const struct stage *stage, const struct stage_frame *frame);

/* True if a frame that is shown has such a word. */
bool stage_words_have_holders(const struct stage *stage);

/* What these words mean; "": no frame has one, or cells have no room for them. */
const char *stage_words_holders(const struct stage *stage);

/* What is pointed at: a frame (order 0), or a box of that order. */
void stage_words_pointed(const struct stage *stage, struct frame_range numbers, unsigned order,
                         char text[STAGE_TEXT_MAX]);

#endif
