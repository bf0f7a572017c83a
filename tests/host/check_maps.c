/*
 * Holds the firmware map's reading against what must come out:
 *
 *     check_maps DIR      each DIR/maps/NAME.e820 against DIR/expect/NAME.expect
 *
 * A map line is `START_HEX LENGTH_HEX TYPE`, an expected line `START_HEX END_HEX` of usable frames,
 * ascending; '#' begins a comment. A map that differs is named, with the first range that does.
 */

#define _DEFAULT_SOURCE /* scandir, alphasort */

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mm/memmap.h"

#define RANGES_MAX 4096

static struct memmap map;
static struct phys_range expected[RANGES_MAX];

/* The next line with something on it; false at the end of the file. */
static bool next_line(FILE *file, char *line, int line_bytes)
{
    while (fgets(line, line_bytes, file)) {
        char *text = line + strspn(line, " \t\r\n");
        if (*text && *text != '#')
            return true;
    }
    return false;
}

static bool read_map(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    char line[512];
    memmap_init(&map);
    while (next_line(file, line, sizeof line)) {
        uint64_t base;
        uint64_t length_bytes;
        char type[32];
        if (sscanf(line, "%" SCNx64 " %" SCNx64 " %31s", &base, &length_bytes, type) == 3)
            memmap_add_entry(&map, base, length_bytes, (uint32_t)strtoul(type, NULL, 0));
        else
            printf("%s: not understood: %s", path, line);
    }
    fclose(file);
    memmap_round(&map);
    return true;
}

static bool read_expected(const char *path, size_t *count)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    char line[512];
    *count = 0;
    while (next_line(file, line, sizeof line) && *count < RANGES_MAX)
        if (sscanf(line, "%" SCNx64 " %" SCNx64, &expected[*count].base, &expected[*count].end) ==
            2)
            ++*count;
    fclose(file);
    return true;
}

static bool ranges_agree(const char *name, size_t expected_count)
{
    size_t cursor = 0;
    struct frame_range range;
    size_t i = 0;
    for (; memmap_next_free(&map, &cursor, &range); i++) {
        phys_t base = range.first << FRAME_SHIFT;
        phys_t end = range.end << FRAME_SHIFT;
        if (i < expected_count && base == expected[i].base && end == expected[i].end)
            continue;
        printf("%s: differs: range %zu is [0x%" PRIx64 ", 0x%" PRIx64 "), expected ", name, i, base,
               end);
        if (i < expected_count)
            printf("[0x%" PRIx64 ", 0x%" PRIx64 ")\n", expected[i].base, expected[i].end);
        else
            printf("no more\n");
        return false;
    }
    if (i == expected_count)
        return true;
    printf("%s: differs: %zu ranges, expected %zu; [0x%" PRIx64 ", 0x%" PRIx64 ") is missing\n",
           name, i, expected_count, expected[i].base, expected[i].end);
    return false;
}

static bool check_map(const char *folder, const char *name)
{
    char path[4096];
    size_t expected_count;
    snprintf(path, sizeof path, "%s/maps/%s.e820", folder, name);
    if (!read_map(path)) {
        printf("%s: cannot be read\n", path);
        return false;
    }
    snprintf(path, sizeof path, "%s/expect/%s.expect", folder, name);
    if (!read_expected(path, &expected_count)) {
        printf("%s: cannot be read\n", path);
        return false;
    }
    return ranges_agree(name, expected_count);
}

static int is_map(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".e820") == 0;
}

int main(int argument_count, char **arguments)
{
    if (argument_count != 2) {
        fprintf(stderr, "usage: check_maps DIR\n");
        return 2;
    }
    char path[4096];
    struct dirent **entries;
    snprintf(path, sizeof path, "%s/maps", arguments[1]);
    int count = scandir(path, &entries, is_map, alphasort);
    if (count <= 0) {
        printf("%s: no *.e820 there\n0 passed, 1 failed\n", path);
        return 1;
    }
    int failed = 0;
    for (int i = 0; i < count; i++) {
        entries[i]->d_name[strlen(entries[i]->d_name) - 5] = '\0';
        failed += !check_map(arguments[1], entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    printf("%d passed, %d failed\n", count - failed, failed);
    return failed > 0;
}
