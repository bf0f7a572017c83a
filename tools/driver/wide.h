#ifndef DRIVER_WIDE_H
#define DRIVER_WIDE_H

/*
 * swprintf as NT's kits had it, without a size ("C runtime library reference": it had none before
 * Visual C++ 2005). That of mingw-w64's stdio.h and wchar.h, which C99 gave a size, stays out.
 */

#define _INC_SWPRINTF_INL

#ifdef __cplusplus
#define WIDE_CHARACTER wchar_t
extern "C" {
#else
#define WIDE_CHARACTER __WCHAR_TYPE__
#endif

__attribute__((cdecl)) int swprintf(WIDE_CHARACTER *to, const WIDE_CHARACTER *format, ...);
__attribute__((cdecl)) int vswprintf(WIDE_CHARACTER *to, const WIDE_CHARACTER *format,
                                     __builtin_va_list arguments);

#undef WIDE_CHARACTER
#ifdef __cplusplus
}
#endif

#endif
