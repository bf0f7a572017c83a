/*
 * A target, fed with inputs that were kept: those of tests/fuzz/corpus/NAME, or the files given.
 * Counts as cmocka does, for tools/run_cmocka.py.
 */

#define _DEFAULT_SOURCE /* scandir */

#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define INPUT_MAX ((size_t)1 << 20)

static unsigned passed;
static unsigned failed;

static void replay(const char *path)
{
    static uint8_t bytes[INPUT_MAX];
    FILE *file = fopen(path, "rb");
    const char *broken = "the file cannot be read";
    if (file) {
        size_t size_bytes = fread(bytes, 1, sizeof bytes, file);
        /* A copy of the exact size: a sanitizer sees what is read beyond it. */
        uint8_t *input = malloc(size_bytes + 1);
        for (size_t i = 0; input && i < size_bytes; i++)
            input[i] = bytes[i];
        broken = input ? fuzz_one(input, size_bytes) : "no memory";
        free(input);
        fclose(file);
    }
    if (broken)
        printf("%s: %s\n", path, broken);
    *(broken ? &failed : &passed) += 1;
}

static void replay_folder(void)
{
    char path[4096];
    struct dirent **entries;
    snprintf(path, sizeof path, "tests/fuzz/corpus/%s", fuzz_name);
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "tests/fuzz/corpus/%s/%s", fuzz_name, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            replay(path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

int main(int argument_count, char **arguments)
{
    for (int i = 1; i < argument_count; i++)
        replay(arguments[i]);
    if (argument_count == 1)
        replay_folder();
    printf("[  PASSED  ] %u test(s).\n", passed);
    if (failed)
        printf(" %u FAILED TEST(S)\n", failed);
    return failed || passed == 0;
}
