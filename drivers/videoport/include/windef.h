#ifndef WINDEF_H
#define WINDEF_H

/* Win32's names for NT's types, which sources use that miniport and display driver share. */

#include "ntdef.h"

typedef ULONG DWORD, *PDWORD, *LPDWORD;
typedef USHORT WORD, *PWORD, *LPWORD;
typedef UCHAR BYTE, *PBYTE, *LPBYTE;
typedef INT BOOL, *PBOOL, *LPBOOL;
typedef LONG *LPLONG;
typedef void *LPVOID;
typedef const void *LPCVOID;
typedef CHAR *LPSTR;
typedef const CHAR *LPCSTR;
typedef WCHAR *LPWSTR;
typedef const WCHAR *LPCWSTR;
typedef float FLOAT;

#ifndef WINAPI
#define WINAPI NTAPI
#define APIENTRY NTAPI
#define CALLBACK NTAPI
#endif

typedef struct tagPOINT {
    LONG x;
    LONG y;
} POINT, *PPOINT;

typedef struct tagSIZE {
    LONG cx;
    LONG cy;
} SIZE, *PSIZE;

typedef struct tagRECT {
    LONG left;
    LONG top;
    LONG right;
    LONG bottom;
} RECT, *PRECT;

typedef POINT POINTL, *PPOINTL;
typedef SIZE SIZEL, *PSIZEL;
typedef RECT RECTL, *PRECTL;

#define LOBYTE(word) ((BYTE)(word))
#define HIBYTE(word) ((BYTE)((WORD)(word) >> 8))
#define LOWORD(dword) ((WORD)(dword))
#define HIWORD(dword) ((WORD)((DWORD)(dword) >> 16))
#define MAKEWORD(low, high) ((WORD)((BYTE)(low) | (WORD)(BYTE)(high) << 8))
#define MAKELONG(low, high) ((LONG)((WORD)(low) | (DWORD)(WORD)(high) << 16))

#endif
