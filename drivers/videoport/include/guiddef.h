#ifndef GUIDDEF_H
#define GUIDDEF_H

/* The type of an interface's identifier. */

#ifndef GUID_DEFINED
#define GUID_DEFINED

typedef struct _GUID {
#if __SIZEOF_LONG__ == 4
    unsigned long Data1;
#else
    unsigned int Data1;
#endif
    unsigned short Data2;
    unsigned short Data3;
    unsigned char Data4[8];
} GUID, *LPGUID;

typedef const GUID *LPCGUID;

#endif

#ifdef __cplusplus
#define IsEqualGUID(left, right) (!__builtin_memcmp(&(left), &(right), sizeof(GUID)))
#define GUID_LINKAGE extern "C"
#else
#define IsEqualGUID(left, right) (!__builtin_memcmp(left, right, sizeof(GUID)))
#define GUID_LINKAGE extern
#endif

#endif

/* Every GUID is declared, and in the one source that includes initguid.h first, also defined. */
#undef DEFINE_GUID
#ifdef INITGUID
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                               \
    GUID_LINKAGE const GUID name;                                                                  \
    const GUID name = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}}
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) GUID_LINKAGE const GUID name
#endif
