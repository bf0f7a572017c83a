/* Copies, fills and compares memory and strings. Compilers call some of it to copy structures. */

#include "string.h"

#include <stdint.h>

/* Word by word where both ends allow it; the barrier keeps gcc from making a call of the loop. */
static void copy_up(unsigned char *to, const unsigned char *from, size_t size_bytes)
{
    if ((((uintptr_t)to | (uintptr_t)from) & 3) == 0)
        for (; size_bytes >= 4; size_bytes -= 4, to += 4, from += 4)
            *(volatile uint32_t *)(void *)to = *(const uint32_t *)(const void *)from;
    while (size_bytes-- > 0)
        *(volatile unsigned char *)to++ = *from++;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size_bytes)
{
    copy_up(to, from, size_bytes);
    return to;
}

void *memmove(void *to, const void *from, size_t size_bytes)
{
    unsigned char *target = to;
    const unsigned char *source = from;
    if ((uintptr_t)target - (uintptr_t)source >= size_bytes)
        copy_up(target, source, size_bytes);
    else
        while (size_bytes-- > 0)
            ((volatile unsigned char *)target)[size_bytes] = source[size_bytes];
    return to;
}

void *memset(void *to, int value, size_t size_bytes)
{
    unsigned char *target = to;
    unsigned char byte = (unsigned char)value;
    if (((uintptr_t)target & 3) == 0)
        for (; size_bytes >= 4; size_bytes -= 4, target += 4)
            *(volatile uint32_t *)(void *)target = 0x01010101u * byte;
    while (size_bytes-- > 0)
        *(volatile unsigned char *)target++ = byte;
    return to;
}

int memcmp(const void *left, const void *right, size_t size_bytes)
{
    const unsigned char *a = left;
    const unsigned char *b = right;
    for (; size_bytes > 0; size_bytes--, a++, b++)
        if (*a != *b)
            return *a - *b;
    return 0;
}

size_t strlen(const char *text)
{
    const char *end = text;
    while (*end)
        end++;
    return (size_t)(end - text);
}

int strcmp(const char *left, const char *right)
{
    while (*left && *left == *right) {
        left++;
        right++;
    }
    return (unsigned char)*left - (unsigned char)*right;
}

int strncmp(const char *left, const char *right, size_t length)
{
    for (; length > 0; length--, left++, right++)
        if (*left != *right || !*left)
            return (unsigned char)*left - (unsigned char)*right;
    return 0;
}
