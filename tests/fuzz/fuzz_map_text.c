/*
 * Maps as text: an input is a file. Every line is an entry, a problem or passed over, in order; a
 * problem has a text and a printable value; and the entries, written plainly, are read as the same.
 */

#include "fuzz.h"
#include "kernel/machine/map_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX 64

const char fuzz_name[] = "map_text";
uint64_t fuzz_step_count;

static const char *check_problem(const struct map_problem *problem)
{
    if (!problem->text || !problem->text[0])
        return "a problem has no text";
    for (const char *at = problem->value; *at; at++)
        if (*at < ' ' || *at > '~')
            return "a value cannot be printed";
    return strlen(problem->value) <= MAP_TEXT_VALUE_MAX ? NULL : "a value is too long";
}

static const char *read_again(const struct map_entry *entry)
{
    char line[LINE_MAX];
    struct map_text map;
    struct map_entry again;
    struct map_problem problem;
    int length = snprintf(line, sizeof line, "%" PRIx64 " %" PRIx64 " %" PRIu32 "\n", entry->base,
                          entry->length_bytes, entry->type);
    map_text_start(&map, line, (size_t)length);
    if (map.is_log || map_text_next(&map, &again, &problem) != MAP_ENTRY)
        return "an entry that was written is not read";
    if (again.base != entry->base || again.length_bytes != entry->length_bytes ||
        again.type != entry->type)
        return "an entry that was written is read as another";
    return map_text_next(&map, &again, &problem) == MAP_END ? NULL : "there is more than one entry";
}

/* Of the whole text; a line without its end counts. */
static size_t count_lines(const char *text, size_t size_bytes)
{
    size_t count = size_bytes > 0 && text[size_bytes - 1] != '\n';
    for (size_t i = 0; i < size_bytes; i++)
        count += text[i] == '\n';
    return count;
}

static const char *read_all(const char *text, size_t size_bytes)
{
    struct map_text map;
    struct map_entry entry = {0};
    struct map_problem problem = {0};
    size_t line_count = count_lines(text, size_bytes);
    size_t last = 0;
    const char *broken = NULL;
    map_text_start(&map, text, size_bytes);
    for (enum map_event event; !broken && (event = map_text_next(&map, &entry, &problem));) {
        if (map.line <= last || map.line > line_count)
            return "a line is read twice, or is none";
        last = map.line;
        if (event != MAP_ENTRY && problem.line != last)
            return "a problem is told of another line";
        if (event == MAP_UNKNOWN && entry.type != 2)
            return "an unknown kind is not reserved";
        broken = event == MAP_ENTRY ? NULL : check_problem(&problem);
        if (!broken && event != MAP_WRONG)
            broken = read_again(&entry);
        fuzz_step_count++;
    }
    if (!broken && map_text_next(&map, &entry, &problem) != MAP_END)
        broken = "there is something behind the end";
    return broken;
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    char *text = malloc(size_bytes + 1); /* a sanitizer sees what is read beyond it */
    memcpy(text, data, size_bytes);
    text = realloc(text, size_bytes > 0 ? size_bytes : 1);
    const char *broken = read_all(text, size_bytes);
    free(text);
    return broken;
}
