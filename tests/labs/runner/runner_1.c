/* Lab 1: the call of lab_normalise. */

#include "runner.h"

#include <stdlib.h>

#include "docs/labs/1-map/lab.h"

#define ENTRY_WORDS 5
#define RANGE_WORDS 4

static uint64_t read_pair(const uint32_t *words)
{
    return words[0] | (uint64_t)words[1] << 32;
}

static void write_pair(uint32_t *words, uint64_t value)
{
    words[0] = (uint32_t)value;
    words[1] = (uint32_t)(value >> 32);
}

void runner_serve(uint32_t request, const uint32_t *words, size_t word_count)
{
    static uint32_t answer[1 + LAB_ENTRIES_MAX * RANGE_WORDS];
    size_t entry_count = word_count / ENTRY_WORDS;
    struct lab_entry *entries = malloc(entry_count * sizeof *entries + 1);
    struct lab_range *ranges = runner_tables(entry_count * sizeof *ranges);
    (void)request;
    for (size_t i = 0; i < entry_count; i++)
        entries[i] =
            (struct lab_entry){read_pair(words + i * ENTRY_WORDS),
                               read_pair(words + i * ENTRY_WORDS + 2), words[i * ENTRY_WORDS + 4]};
    runner_enter();
    size_t count = lab_normalise(entries, entry_count, ranges);
    runner_leave();
    size_t shown = count < entry_count ? count : entry_count;
    answer[0] = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
    for (size_t i = 0; i < shown; i++) {
        write_pair(answer + 1 + i * RANGE_WORDS, ranges[i].base);
        write_pair(answer + 1 + i * RANGE_WORDS + 2, ranges[i].end);
    }
    free(entries);
    runner_answer(ANSWER_DONE, answer, 1 + shown * RANGE_WORDS);
}
