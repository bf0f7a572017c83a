#ifndef KERNEL_STRING_H
#define KERNEL_STRING_H

/* The few functions of <string.h> that the kernel and its compiler use, with C11's contracts. */

#include <stddef.h>

/*@ predicate is_text(char *text) =
        \exists integer n; 0 <= n < 0x7FFFFFFF && \valid_read(text + (0 .. n)) && text[n] == 0;
    predicate is_own_text(char *text) =
        \exists integer n; 0 <= n < 0x7FFFFFFF && \valid(text + (0 .. n)) && text[n] == 0; */

void *memcpy(void *restrict to, const void *restrict from, size_t size_bytes);
/*@ requires \valid((char *)to + (0 .. size_bytes - 1));
    requires \valid_read((char *)from + (0 .. size_bytes - 1));
    assigns ((char *)to)[0 .. size_bytes - 1] \from ((char *)from)[0 .. size_bytes - 1];
    assigns \result \from to;
    ensures \result == to; */
void *memmove(void *to, const void *from, size_t size_bytes);
void *memset(void *to, int value, size_t size_bytes);
/*@ requires \valid_read((char *)left + (0 .. size_bytes - 1));
    requires \valid_read((char *)right + (0 .. size_bytes - 1));
    assigns \nothing; */
int memcmp(const void *left, const void *right, size_t size_bytes);
/*@ requires is_text(text);
    assigns \nothing;
    ensures \result < 0x7FFFFFFF && text[\result] == 0 && \valid_read(text + (0 .. \result));
    ensures \forall integer i; 0 <= i < \result ==> text[i] != 0; */
size_t strlen(const char *text);
int strcmp(const char *left, const char *right);
int strncmp(const char *left, const char *right, size_t length);

#endif
