#ifndef DEVIOCTL_H
#define DEVIOCTL_H

/* How a device control code is put together. */

#include "ntdef.h"

typedef ULONG DEVICE_TYPE;

#define CTL_CODE(device_type, function, method, access)                                            \
    (((device_type) << 16) | ((access) << 14) | ((function) << 2) | (method))
#define DEVICE_TYPE_FROM_CTL_CODE(code) ((ULONG)(code) >> 16)
#define METHOD_FROM_CTL_CODE(code) ((ULONG)(code)&3)

#define FILE_DEVICE_SCREEN 0x0000001Cu
#define FILE_DEVICE_UNKNOWN 0x00000022u
#define FILE_DEVICE_VIDEO 0x00000023u
#define FILE_DEVICE_FULLSCREEN_VIDEO 0x00000034u

#define METHOD_BUFFERED 0u
#define METHOD_IN_DIRECT 1u
#define METHOD_OUT_DIRECT 2u
#define METHOD_NEITHER 3u

#define FILE_ANY_ACCESS 0u
#define FILE_SPECIAL_ACCESS FILE_ANY_ACCESS
#define FILE_READ_ACCESS 1u
#define FILE_WRITE_ACCESS 2u

#endif
