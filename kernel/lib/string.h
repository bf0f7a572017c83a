#ifndef KERNEL_STRING_H
#define KERNEL_STRING_H

/* The few functions of <string.h> that the kernel and its compiler use, with C11's contracts. */

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size_bytes);
void *memmove(void *to, const void *from, size_t size_bytes);
void *memset(void *to, int value, size_t size_bytes);
int memcmp(const void *left, const void *right, size_t size_bytes);
size_t strlen(const char *text);
int strcmp(const char *left, const char *right);
int strncmp(const char *left, const char *right, size_t length);

#endif
