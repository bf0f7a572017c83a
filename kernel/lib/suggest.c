/*
 * Compares words by the number of changes that make one of the other, the optimal string alignment
 * distance. (L. Boytsov, "Indexing methods for approximate dictionary searching", JEA 16, 2011)
 */

#include "suggest.h"

#include "name.h"
#include "string.h"

#include <stdbool.h>

#define LENGTH_MAX 24
#define BEGINNING_MIN 3
#define FAR LENGTH_MAX

static size_t lower_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool is_same(char a, char b)
{
    return name_is_same((const char[]){a, '\0'}, (const char[]){b, '\0'});
}

/* Row i, column j: the changes that make the first j characters of b of the first i of a. */
static size_t count_changes(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][LENGTH_MAX + 1]; /* row i is rows[i % 3] */
    for (size_t i = 0; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = row[j - 1] + 1;
            if (i == 0)
                continue;
            row[j] = lower_of(row[j], above[j] + 1);
            row[j] = lower_of(row[j], above[j - 1] + !is_same(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) && is_same(a[i - 2], b[j - 1]))
                row[j] = lower_of(row[j], rows[(i + 1) % 3][j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

static size_t distance(const char *typed, const char *word)
{
    size_t typed_length = strlen(typed);
    size_t length = strlen(word);
    if (name_is_same(typed, word))
        return 0;
    if (typed_length >= BEGINNING_MIN && name_begins(word, typed))
        return 1;
    if (typed_length > LENGTH_MAX || length > LENGTH_MAX)
        return FAR;
    return count_changes(typed, typed_length, word, length);
}

const char *suggest_word(const char *typed, suggest_words_t *words)
{
    size_t length = strlen(typed);
    size_t nearest = length < 3 ? 1 : length < 6 ? 2 : 3; /* the least that is too far */
    size_t found = 0;
    bool is_found = false;
    const char *word;
    for (size_t i = 0; (word = words(i)); i++) {
        size_t changes = distance(typed, word);
        if (changes >= nearest)
            continue;
        nearest = changes;
        found = i;
        is_found = true;
    }
    return is_found ? words(found) : NULL;
}
