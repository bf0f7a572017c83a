#ifndef DEVIOCTL_H
#define DEVIOCTL_H

/* How a device control code is put together. */

#define CTL_CODE(device_type, function, method, access)                                            \
    (((device_type) << 16) | ((access) << 14) | ((function) << 2) | (method))

#define FILE_DEVICE_VIDEO 0x00000023u

#define METHOD_BUFFERED 0u
#define METHOD_IN_DIRECT 1u
#define METHOD_OUT_DIRECT 2u
#define METHOD_NEITHER 3u

#define FILE_ANY_ACCESS 0u
#define FILE_READ_ACCESS 1u
#define FILE_WRITE_ACCESS 2u

#endif
