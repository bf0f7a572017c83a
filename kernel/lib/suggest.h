#ifndef KERNEL_SUGGEST_H
#define KERNEL_SUGGEST_H

/* Finds the word that was meant, if another one was typed. Knows no words of its own. */

#include <stddef.h>

/* The index-th of some words; NULL behind the last. The text is good until the next call. */
typedef const char *suggest_words_t(size_t index);

/*
 * The word that the typed one is most like: it is the same but for the case of letters, the typed
 * one is its beginning (3 characters or more), or it becomes the typed one by few changes: 1 where
 * 3 to 5 characters were typed, 2 for more, none for fewer. A change adds, drops or replaces a
 * character, or swaps two neighbours. NULL: there is none. The first of several. `words` is called
 * from 0 on, and once more for the word that is returned.
 */
const char *suggest_word(const char *typed, suggest_words_t *words);

#endif
