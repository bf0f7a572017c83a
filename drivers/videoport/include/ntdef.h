#ifndef NTDEF_H
#define NTDEF_H

/*
 * NT's basic types and calling convention, as Microsoft documents them, for gcc and clang. A LONG
 * has 32 bits everywhere; on a 64-bit host (unit tests) only pointers grow.
 */

#include <stddef.h>
#include <stdint.h>

/* Old sources carry no annotation at all: they want -mrtd, and NTAPI defined as nothing. */
#ifndef NTAPI
#ifdef __i386__
#define NTAPI __attribute__((stdcall))
#else
#define NTAPI
#endif
#endif

#ifndef IN
#define IN
#define OUT
#define OPTIONAL
#endif

#define FALSE 0
#define TRUE 1
#define CONST const
#define VOID void

typedef void *PVOID;
typedef char CHAR, *PCHAR, *PSTR;
typedef const char *PCSTR;
typedef unsigned char UCHAR, *PUCHAR;
typedef short SHORT, *PSHORT;
typedef unsigned short USHORT, *PUSHORT;
#if __SIZEOF_LONG__ == 4
typedef long LONG, *PLONG;
typedef unsigned long ULONG, *PULONG;
#else
typedef int LONG, *PLONG;
typedef unsigned int ULONG, *PULONG;
#endif
typedef UCHAR BOOLEAN, *PBOOLEAN;
typedef uintptr_t ULONG_PTR, *PULONG_PTR, SIZE_T, *PSIZE_T;

/* wchar_t has 16 bits under -fshort-wchar, which sources with L"" strings need. */
typedef unsigned short WCHAR, *PWCHAR, *PWSTR;
typedef const unsigned short *PCWSTR;

/* Microsoft's compilers align 64-bit members to 8 bytes, the i386 ELF ABI to 4: without the
   attribute, structures would differ from those of driver binaries. */
typedef long long LONGLONG __attribute__((aligned(8)));
typedef unsigned long long ULONGLONG __attribute__((aligned(8)));
typedef ULONGLONG DWORDLONG;
typedef LONGLONG *PLONGLONG;
typedef ULONGLONG *PULONGLONG;

typedef union _LARGE_INTEGER {
    struct {
        ULONG LowPart;
        LONG HighPart;
    };
    struct {
        ULONG LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

typedef struct _GUID {
    ULONG Data1;
    USHORT Data2;
    USHORT Data3;
    UCHAR Data4[8];
} GUID;

typedef LONG NTSTATUS;

#define STATUS_SUCCESS ((NTSTATUS)0x00000000)
#define STATUS_REVISION_MISMATCH ((NTSTATUS)0xC0000059u)

#define FIELD_OFFSET(type, field) ((LONG)offsetof(type, field))
#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))

_Static_assert(sizeof(ULONG) == 4 && sizeof(LONG) == 4, "LONG has 32 bits");
_Static_assert(sizeof(LARGE_INTEGER) == 8 && _Alignof(LARGE_INTEGER) == 8, "as MSVC aligns it");
_Static_assert(sizeof(GUID) == 16, "GUID");

#endif
