#ifndef VIDEOPORT_CRT_H
#define VIDEOPORT_CRT_H

/*
 * What compilers for NT call by themselves, and of C's library what NT's kernel exports: with the
 * contracts of C11, of Microsoft's "C runtime library reference" where a name begins with '_' or
 * characters have 16 bits. Binaries import them without the "crt_" (tools/exports.py).
 */

#include <stdarg.h>

#include "drivers/videoport/include/ntdef.h"

size_t crt_wcslen(const WCHAR *text);
int crt_wcscmp(const WCHAR *left, const WCHAR *right);
int crt_tolower(int character); /* only the letters A to Z have two cases here */
int crt_toupper(int character);
int crt__stricmp(const char *left, const char *right);
int crt__strnicmp(const char *left, const char *right, size_t count);
int crt__wcsicmp(const WCHAR *left, const WCHAR *right);
char *crt_strcpy(char *to, const char *from);
WCHAR *crt_wcscpy(WCHAR *to, const WCHAR *from);
char *crt_strcat(char *to, const char *from);
WCHAR *crt_wcscat(WCHAR *to, const WCHAR *from);
char *crt_strncpy(char *to, const char *from, size_t count);
WCHAR *crt_wcsncpy(WCHAR *to, const WCHAR *from, size_t count);
char *crt_strchr(const char *text, int character);
char *crt_strstr(const char *text, const char *part);

/* Conversions as in kernel/lib/format.h; "%s" is a text of the same characters as the format. The
   length, or -1 if that and a zero are more than `count` characters; the text is cut then. A wide
   format and its text have at most 255 characters. */
int crt_sprintf(char *to, const char *format, ...);
int crt_vsprintf(char *to, const char *format, va_list arguments);
int crt__snprintf(char *to, size_t count, const char *format, ...);
int crt__vsnprintf(char *to, size_t count, const char *format, va_list arguments);
int crt_swprintf(WCHAR *to, const WCHAR *format, ...);
int crt__snwprintf(WCHAR *to, size_t count, const WCHAR *format, ...);

/* Arithmetic of 64 bits; shifts take the value in EDX:EAX and the count in CL. */
#ifdef __i386__
#define CRT_BY_REGISTER __attribute__((regparm(3)))
#else
#define CRT_BY_REGISTER
#endif

long long NTAPI crt__allmul(long long left, long long right);
long long NTAPI crt__alldiv(long long left, long long right);
long long NTAPI crt__allrem(long long left, long long right);
unsigned long long NTAPI crt__aulldiv(unsigned long long left, unsigned long long right);
unsigned long long NTAPI crt__aullrem(unsigned long long left, unsigned long long right);
CRT_BY_REGISTER long long crt__allshl(long long value, unsigned char count);
CRT_BY_REGISTER long long crt__allshr(long long value, unsigned char count);
CRT_BY_REGISTER unsigned long long crt__aullshr(unsigned long long value, unsigned char count);

#endif
