#ifndef VIDEOPORT_DEVICE_H
#define VIDEOPORT_DEVICE_H

/*
 * A started miniport, as the parts of the video port share it: who is calling, what its parameters
 * are, and how to name it on the log.
 */

#include "host.h"
#include "videoport.h"

struct device_value {
    char name[VIDEOPORT_VALUE_NAME_MAX + 1];
    uint32_t size_bytes;
    const void *data; /* the kernel's, or `bytes` */
    _Alignas(8) uint8_t bytes[VIDEOPORT_VALUE_BYTES_MAX];
};

struct videoport_device {
    struct videoport_device *next;
    char name[VIDEOPORT_NAME_MAX + 1];
    VIDEO_HW_INITIALIZATION_DATA driver; /* what the driver left out is zero */
    void *extension; /* its HwDeviceExtension; NULL without an adapter */
    const char *why; /* there is no adapter */
    uint32_t bus;
    bool has_function; /* on PCI */
    struct videoport_host_pci function;
    size_t value_count;
    struct device_value values[VIDEOPORT_VALUE_COUNT_MAX];
};

/* The device whose HwDeviceExtension this is, or NULL. */
struct videoport_device *device_find(const void *extension);

/* The device whose driver is running, or NULL. */
struct videoport_device *device_current(void);

/* The parameter of that name (case does not count), or NULL. */
struct device_value *device_find_value(struct videoport_device *device, const char *name);

/* Sets a parameter. ERROR_INVALID_PARAMETER if name or data are too long, ERROR_NOT_ENOUGH_MEMORY
   if there are too many. */
VP_STATUS device_set_value(struct videoport_device *device, const char *name, const void *data,
                           uint32_t size_bytes);

/* The same, with data that are not copied and may have any size. */
VP_STATUS device_refer_value(struct videoport_device *device, const char *name, const void *data,
                             uint32_t size_bytes);

/* One line, "videoport call=CALL driver=NAME " and the formatted rest. NULL is the kernel. */
void device_log(const struct videoport_device *device, const char *call, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* True at PASSIVE_LEVEL; otherwise the log says that this call was refused. */
bool device_check_level(const struct videoport_device *device, const char *call);

/*
 * Opens a call that a driver makes: the device whose HwDeviceExtension was passed. NULL, and a line
 * on the log, if there is no such device or the level is not PASSIVE_LEVEL.
 */
struct videoport_device *device_admit(const void *extension, const char *call);

#endif
