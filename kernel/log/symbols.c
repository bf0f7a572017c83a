/* Looks names up for backtraces, in a table that the second link puts behind all code and data. */

#include "symbols.h"

#include <stddef.h>

struct __attribute__((packed)) symbol {
    uint32_t address;
    uint16_t name_offset;
};

extern const uint32_t symbol_count;
extern const struct symbol symbol_table[]; /* ascending */
extern const char symbol_names[];
extern const unsigned char text_end[];

const char *symbols_find(uint32_t address, uint32_t *offset)
{
    uint32_t low = 0;
    uint32_t high = symbol_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (symbol_table[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || address >= (uint32_t)(uintptr_t)text_end)
        return NULL;
    *offset = address - symbol_table[low - 1].address;
    return symbol_names + symbol_table[low - 1].name_offset;
}
