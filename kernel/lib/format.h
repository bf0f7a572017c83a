#ifndef KERNEL_FORMAT_H
#define KERNEL_FORMAT_H

/* Text from values, into a buffer that the caller owns. Knows no device. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef unsigned long long number_t; /* what %llu and %llx print */

/*
 * As vsnprintf and snprintf: writes at most buffer_bytes including the NUL, returns the length the
 * whole text has. Understands %c %s %d %i %u %x %X %p %% with the flags '-', '0', '#', '+' and ' ',
 * a width and a precision (numbers or '*'), and the lengths hh h l ll z j. Of what NT's drivers
 * write, also I64 for ll, %ls %ws %S for a text of 16-bit characters, and %Z %wZ for a counted
 * string.
 */
size_t format_list(char *buffer, size_t buffer_bytes, const char *format, va_list arguments);
size_t format_text(char *buffer, size_t buffer_bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * An amount in the largest of the units that it reaches, at most one decimal, rounded down. Each
 * unit is 1024 times the one before; NULL ends them. Returns the text.
 */
const char *format_amount(char *text, size_t text_bytes, uint64_t amount, const char *const *units);

#define FORMAT_BYTES_MAX 16

/* An amount for people: "640 KiB", "127.5 MiB", "6 GiB", "12 bytes". */
const char *format_bytes(char text[FORMAT_BYTES_MAX], uint64_t bytes);

#define FORMAT_SHORT_MAX 36

/* A text to be named in a sentence. Of more than 35 characters, the first 32 and "...". */
const char *format_short(char text[FORMAT_SHORT_MAX], const char *whole);

#endif
