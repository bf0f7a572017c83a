/* Texts that people type: words of one line, and units that are joined to their numbers. */

#include "any.h"

#include "kernel/lib/string.c"

#include "kernel/lib/piece.c"

#include "kernel/lib/parse.c"

#define LENGTH 5
#define WORDS 3

static char line[LENGTH + 1];

/* The characters of all words, one after the other. */
static size_t letters_of(char *const *words, size_t word_count, char letters[LENGTH + 1])
{
    size_t count = 0;
    for (size_t i = 0; i < word_count; i++)
        for (const char *at = words[i]; *at; at++)
            letters[count++] = *at;
    return count;
}

/* No letter of a line is lost, and none is added. No number is followed by its unit any more. */
void prove_join_units(void)
{
    char *words[WORDS];
    char before[LENGTH + 1];
    char after[LENGTH + 1];
    for (size_t i = 0; i < LENGTH; i++)
        line[i] = (char)any32();
    size_t word_count = parse_words(line, words, WORDS);
    size_t length = letters_of(words, word_count, before);
    size_t left = parse_join_units(words, word_count);
    claim(left <= word_count && (left > 0) == (word_count > 0));
    claim(letters_of(words, left, after) == length);
    size_t at = any_below(LENGTH);
    claim(at >= length || before[at] == after[at]);
    size_t other = any_below(WORDS);
    claim(other + 1 >= left || !is_number_without_unit(words[other]) || !is_unit(words[other + 1]));
    REACHED();
}
