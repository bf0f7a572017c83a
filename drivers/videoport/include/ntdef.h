#ifndef NTDEF_H
#define NTDEF_H

/*
 * NT's basic types, words and calling conventions, as Microsoft documents them, for gcc and clang,
 * in C and C++. A LONG has 32 bits everywhere; on a 64-bit host (unit tests) only pointers grow.
 */

#include <stddef.h>
#include <stdint.h>

#include "guiddef.h"
#include "sal.h"

/* ---- calling conventions and other words of Microsoft's compilers ---------------------------- */

/* Driver kits said so on the command line. */
#if defined(__i386__) && !defined(_X86_)
#define _X86_ 1
#endif

/* Old sources carry no annotation at all: they want -mrtd, and NTAPI defined as nothing. */
#ifndef NTAPI
#ifdef __i386__
#define NTAPI __attribute__((stdcall))
#else
#define NTAPI
#endif
#endif

#ifndef FASTCALL
#ifdef __i386__
#define FASTCALL __attribute__((fastcall))
#else
#define FASTCALL
#endif
#endif

/* mingw's compilers know these words without a header. */
#ifndef __MINGW32__
#ifdef __i386__
#define __stdcall __attribute__((stdcall))
#define __cdecl __attribute__((cdecl))
#define __fastcall __attribute__((fastcall))
#else
#define __stdcall
#define __cdecl
#define __fastcall
#endif
#define __declspec(attribute) __attribute__((attribute))
#endif

#ifndef __int64
#define __int8 char
#define __int16 short
#define __int32 int
#define __int64 long long
#endif

/* Sources write `FORCEINLINE f()` and `static FORCEINLINE f()`: the word may not say static. */
#define FORCEINLINE __inline__ __attribute__((__always_inline__))
#ifndef __forceinline
#define __forceinline FORCEINLINE
#endif

#define DECLSPEC_ALIGN(bytes) __attribute__((aligned(bytes)))
#define DECLSPEC_NORETURN __attribute__((noreturn))
#define DECLSPEC_NOINLINE __attribute__((noinline))
#define DECLSPEC_IMPORT
#define NTSYSAPI
#define UNALIGNED
#define RESTRICTED_POINTER
#define FAR
#define NEAR
#define NOTHING

#ifndef IN
#define IN
#define OUT
#define OPTIONAL
#endif

#ifndef CONST
#define CONST const
#endif
#define VOID void
#ifndef FALSE
#define FALSE 0
#define TRUE 1
#endif

/* Nothing is ever paged out. */
#define PAGED_CODE()
#define PAGED_CODE_LOCKED()

/* ---- numbers, characters and pointers -------------------------------------------------------- */

typedef void *PVOID;
typedef PVOID HANDLE, *PHANDLE;
typedef char CHAR, *PCHAR, *PSTR, *PCH, *PSZ, CCHAR, *PCCHAR;
typedef const char *PCSTR, *PCSZ;
typedef signed char SCHAR, *PSCHAR;
typedef unsigned char UCHAR, *PUCHAR;
typedef const unsigned char *PCUCHAR;
typedef short SHORT, *PSHORT, CSHORT, *PCSHORT;
typedef unsigned short USHORT, *PUSHORT;
typedef const unsigned short *PCUSHORT;
typedef int INT, *PINT;
typedef unsigned int UINT, *PUINT;
#if __SIZEOF_LONG__ == 4
typedef long LONG, *PLONG;
typedef unsigned long ULONG, *PULONG;
#else
typedef int LONG, *PLONG;
typedef unsigned int ULONG, *PULONG;
#endif
typedef const ULONG *PCULONG;
typedef ULONG LOGICAL, *PLOGICAL, CLONG, *PCLONG, FLONG, LCID;
typedef USHORT FSHORT, LANGID;
typedef LONG HRESULT;
typedef UCHAR BOOLEAN, *PBOOLEAN;

/* wchar_t has 16 bits under -fshort-wchar, which sources with L"" strings need. In C++ it is a type
   of its own. */
#if defined(__cplusplus) && __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#else
typedef unsigned short WCHAR;
#endif
typedef WCHAR *PWCHAR, *PWCH, *PWSTR;
typedef const WCHAR *PCWCH, *PCWSTR;

/* Microsoft's compilers align 64-bit members to 8 bytes, the i386 ELF ABI to 4: without the
   attribute, structures would differ from those of driver binaries. */
__extension__ typedef long long LONGLONG __attribute__((aligned(8)));
__extension__ typedef unsigned long long ULONGLONG __attribute__((aligned(8)));
typedef LONGLONG *PLONGLONG;
typedef ULONGLONG *PULONGLONG;
typedef ULONGLONG DWORDLONG, *PDWORDLONG;

typedef signed char INT8, *PINT8;
typedef short INT16, *PINT16;
typedef int INT32, *PINT32, LONG32, *PLONG32;
typedef LONGLONG INT64, *PINT64, LONG64, *PLONG64;
typedef unsigned char UINT8, *PUINT8;
typedef unsigned short UINT16, *PUINT16;
typedef unsigned int UINT32, *PUINT32, ULONG32, *PULONG32, DWORD32, *PDWORD32;
typedef ULONGLONG UINT64, *PUINT64, ULONG64, *PULONG64, DWORD64, *PDWORD64;

/* As wide as a pointer, and a long where that is: so a ULONG_PTR's address is a PULONG. */
#if __SIZEOF_POINTER__ == __SIZEOF_LONG__
typedef long LONG_PTR, *PLONG_PTR;
typedef unsigned long ULONG_PTR, *PULONG_PTR;
#else
__extension__ typedef long long LONG_PTR, *PLONG_PTR;
__extension__ typedef unsigned long long ULONG_PTR, *PULONG_PTR;
#endif
typedef intptr_t INT_PTR, *PINT_PTR;
typedef uintptr_t UINT_PTR, *PUINT_PTR;
typedef ULONG_PTR SIZE_T, *PSIZE_T, DWORD_PTR, *PDWORD_PTR, KAFFINITY, *PKAFFINITY;
typedef LONG_PTR SSIZE_T, *PSSIZE_T;

#define MINCHAR 0x80
#define MINSHORT 0x8000
#define MINLONG 0x80000000u
#define MAXCHAR 0x7F
#define MAXSHORT 0x7FFF
#define MAXLONG 0x7FFFFFFF
#define MAXUCHAR 0xFF
#define MAXUSHORT 0xFFFF
#define MAXULONG 0xFFFFFFFFu
#define MAXLONGLONG 0x7FFFFFFFFFFFFFFFLL

#define Int32x32To64(a, b) ((LONGLONG)(LONG)(a) * (LONG)(b))
#define UInt32x32To64(a, b) ((ULONGLONG)(ULONG)(a) * (ULONG)(b))

#define ANSI_NULL ((CHAR)0)
#define UNICODE_NULL ((WCHAR)0)

/* ---- structures ------------------------------------------------------------------------------ */

typedef union _LARGE_INTEGER {
    __extension__ struct {
        ULONG LowPart;
        LONG HighPart;
    };
    struct {
        ULONG LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    __extension__ struct {
        ULONG LowPart;
        ULONG HighPart;
    };
    struct {
        ULONG LowPart;
        ULONG HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

static __inline__ LARGE_INTEGER RtlConvertUlongToLargeInteger(ULONG UnsignedInteger)
{
    LARGE_INTEGER Converted;
    Converted.QuadPart = UnsignedInteger;
    return Converted;
}

static __inline__ LARGE_INTEGER RtlConvertLongToLargeInteger(LONG SignedInteger)
{
    LARGE_INTEGER Converted;
    Converted.QuadPart = SignedInteger;
    return Converted;
}

/* Lengths are in bytes, without a zero at the end, which there need not be. */
typedef struct _UNICODE_STRING {
    USHORT Length;
    USHORT MaximumLength;
    PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;

typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct _STRING {
    USHORT Length;
    USHORT MaximumLength;
    PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING, OEM_STRING, *POEM_STRING;

typedef const STRING *PCSTRING, *PCANSI_STRING;

typedef struct _LUID {
    ULONG LowPart;
    LONG HighPart;
} LUID, *PLUID;

typedef struct _LIST_ENTRY {
    struct _LIST_ENTRY *Flink;
    struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
    struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

/* ---- statuses, levels, pages ----------------------------------------------------------------- */

typedef LONG NTSTATUS, *PNTSTATUS;

#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#define NT_INFORMATION(status) ((ULONG)(status) >> 30 == 1)
#define NT_WARNING(status) ((ULONG)(status) >> 30 == 2)
#define NT_ERROR(status) ((ULONG)(status) >> 30 == 3)

#include "ntstatus.h"

typedef UCHAR KIRQL, *PKIRQL;

#define PASSIVE_LEVEL 0
#define LOW_LEVEL 0
#define APC_LEVEL 1
#define DISPATCH_LEVEL 2
#define PROFILE_LEVEL 27
#define CLOCK2_LEVEL 28
#define IPI_LEVEL 29
#define POWER_LEVEL 30
#define HIGH_LEVEL 31

#define PAGE_SIZE 0x1000
#define PAGE_SHIFT 12
#define BYTES_TO_PAGES(bytes) (((bytes) >> PAGE_SHIFT) + (((bytes) & (PAGE_SIZE - 1)) != 0))
#define ROUND_TO_PAGES(bytes) (((ULONG_PTR)(bytes) + PAGE_SIZE - 1) & ~(ULONG_PTR)(PAGE_SIZE - 1))
#define BYTE_OFFSET(address) ((ULONG)((ULONG_PTR)(address) & (PAGE_SIZE - 1)))

/* ---- macros ---------------------------------------------------------------------------------- */

#define FIELD_OFFSET(type, field) ((LONG)offsetof(type, field))
#define RTL_FIELD_SIZE(type, field) (sizeof(((type *)0)->field))
#define RTL_FIELD_TYPE(type, field) (((type *)0)->field)
#define RTL_NUMBER_OF_FIELD(type, field) RTL_NUMBER_OF(RTL_FIELD_TYPE(type, field))
#define RTL_CONTAINS_FIELD(structure, size, field)                                                 \
    ((char *)&(structure)->field + sizeof((structure)->field) <= (char *)(structure) + (size))
#define RTL_SIZEOF_THROUGH_FIELD(type, field)                                                      \
    (FIELD_OFFSET(type, field) + RTL_FIELD_SIZE(type, field))
#define RTL_NUMBER_OF(array) (sizeof(array) / sizeof((array)[0]))
#define RTL_BITS_OF(type) (sizeof(type) * 8)
#define RTL_CONSTANT_STRING(text)                                                                  \
    {                                                                                              \
        sizeof(text) - sizeof((text)[0]), sizeof(text), text                                       \
    }
#define UNICODE_STRING_MAX_BYTES 65534
#define DECLARE_CONST_UNICODE_STRING(name, text)                                                   \
    const UNICODE_STRING name = {sizeof(text) - sizeof((text)[0]), sizeof(text), (PWSTR)(text)}
#define ARRAYSIZE(array) RTL_NUMBER_OF(array)
#define ANYSIZE_ARRAY 1
#define CONTAINING_RECORD(address, type, field)                                                    \
    ((type *)(void *)((char *)(address)-offsetof(type, field)))
#define ARGUMENT_PRESENT(argument) ((argument) != NULL)
#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define UNREFERENCED_LOCAL_VARIABLE(variable) ((void)(variable))
#define DBG_UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(variable) ((void)(variable))

/* A source that uses C++'s functions of these names says NOMINMAX. */
#if !defined(NOMINMAX) && !defined(min)
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#endif

#if !defined(__cplusplus)
#define C_ASSERT(expression) _Static_assert(expression, #expression)
#elif __cplusplus >= 201103L
#define C_ASSERT(expression) static_assert(expression, #expression)
#else
#define C_ASSERT(expression)                                                                       \
    typedef char c_assert_failed[(expression) ? 1 : -1] __attribute__((unused))
#endif

C_ASSERT(sizeof(ULONG) == 4 && sizeof(LONG) == 4);
C_ASSERT(sizeof(WCHAR) == 2);
C_ASSERT(sizeof(ULONG_PTR) == sizeof(PVOID));
C_ASSERT(sizeof(LARGE_INTEGER) == 8);
C_ASSERT(sizeof(GUID) == 16);
#if UINTPTR_MAX == 0xFFFFFFFFu
C_ASSERT(sizeof(UNICODE_STRING) == 8);
C_ASSERT(sizeof(LIST_ENTRY) == 8);
#endif

#endif
