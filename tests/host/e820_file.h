#ifndef TESTS_HOST_E820_FILE_H
#define TESTS_HOST_E820_FILE_H

/* Firmware maps as text: an entry a line, `base length type`; other lines are comments. */

#include "mm/memmap.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

/* Reads a map and rounds it to frames. False if there is no such file. */
static inline bool e820_file_read(const char *path, struct memmap *map)
{
    FILE *file = fopen(path, "r");
    char line[1024];

    if (!file)
        return false;
    memmap_init(map);
    while (fgets(line, sizeof line, file)) {
        uint64_t base;
        uint64_t length_bytes;
        int type;

        if (sscanf(line, "%" SCNx64 " %" SCNx64 " %i", &base, &length_bytes, &type) == 3)
            memmap_add_entry(map, base, length_bytes, (uint32_t)type);
    }
    fclose(file);
    memmap_round(map);
    return true;
}

#endif
