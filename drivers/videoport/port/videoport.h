#ifndef VIDEOPORT_H
#define VIDEOPORT_H

/*
 * The video port as the kernel sees it: it starts a miniport, passes requests to it and stops it.
 * What the miniport sees of the port is include/video.h; what the port sees of the kernel is
 * host.h. Nothing here locks, and all of it wants PASSIVE_LEVEL.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/pc/pci.h"
#include "drivers/videoport/include/dderror.h"
#include "drivers/videoport/include/ntddvdeo.h"
#include "drivers/videoport/include/video.h"

#define VIDEOPORT_NAME_MAX 23 /* characters in a driver's name, as owners of memory have */
#define VIDEOPORT_CHILD_COUNT_MAX 8
#define VIDEOPORT_DESCRIPTOR_BYTES 256 /* an EDID and one extension */
#define VIDEOPORT_VALUE_COUNT_MAX 18 /* parameters of one driver, two of the kernel's among them */
#define VIDEOPORT_VALUE_NAME_MAX 47 /* characters */
#define VIDEOPORT_VALUE_BYTES_MAX 128

/* The registry's keys of drivers, and below a driver's that of its first adapter. */
#define VIDEOPORT_SERVICES "\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"
#define VIDEOPORT_FIRST_DEVICE "\\Device0"

struct videoport_host;

/* What an adapter says that it is connected to. */
struct videoport_child {
    ULONG id; /* the driver's name for it */
    VIDEO_CHILD_TYPE type;
    uint8_t descriptor[VIDEOPORT_DESCRIPTOR_BYTES]; /* a monitor's EDID; zeros: it has none */
};

struct videoport_value {
    char name[VIDEOPORT_VALUE_NAME_MAX + 1];
    uint32_t size_bytes;
    const void *data; /* the caller's; NULL: `bytes` */
    _Alignas(8) uint8_t bytes[VIDEOPORT_VALUE_BYTES_MAX];
};

/* What a driver finds with VideoPortGetRegistryParameters. */
struct videoport_values {
    size_t count;
    struct videoport_value all[VIDEOPORT_VALUE_COUNT_MAX];
};

/* A started miniport. Others read what they need of it; only the port changes it. */
struct videoport_device {
    struct videoport_device *next;
    char name[VIDEOPORT_NAME_MAX + 1]; /* as given to videoport_start */
    VIDEO_HW_INITIALIZATION_DATA driver; /* what the driver left out is zero */
    void *extension; /* its HwDeviceExtension; NULL without an adapter */
    const char *why; /* there is no adapter */
    WCHAR registry_path[sizeof VIDEOPORT_SERVICES + VIDEOPORT_NAME_MAX +
                        sizeof VIDEOPORT_FIRST_DEVICE]; /* of the adapter; ends in 0 */
    UNICODE_STRING service_path; /* the driver's part of it */
    bool has_set_modes; /* by NT's request */
    bool mode_is_set; /* so, and not reset since */
    bool is_broken; /* its code faulted: requests fail, and videoport_stop is all that is left */
    uint32_t bus;
    bool has_function; /* on PCI */
    struct pci_function function;
    bool took_ranges; /* its function's (VideoPortGetAccessRanges) */
    bool has_interrupt;
    bool interrupt_is_on;
    unsigned interrupt_line;
    bool timer_is_on;
    uint64_t timer_due; /* in the host's milliseconds */
    size_t child_count;
    struct videoport_child children[VIDEOPORT_CHILD_COUNT_MAX];
    struct videoport_values values;
};

/* Names the host, which must live as long as the port is used. Comes before all other calls. */
void videoport_init(const struct videoport_host *host);

typedef ULONG(NTAPI *videoport_entry_t)(PVOID context1, PVOID context2);

/*
 * Sets a value in place of the one of that name, whose case does not count. Data above
 * VIDEOPORT_VALUE_BYTES_MAX are not copied: they live as long as the devices that have the value.
 * ERROR_INVALID_PARAMETER if the name is empty or too long, ERROR_NOT_ENOUGH_MEMORY if there are
 * too many values.
 */
VP_STATUS videoport_set_value(struct videoport_values *values, const char *name, const void *data,
                              uint32_t size_bytes);

/* The same with a number: 32 bits where that is enough, 64 otherwise. */
VP_STATUS videoport_set_number(struct videoport_values *values, const char *name, uint64_t number);

/* The data of the value of that name, whose case does not count, and how many bytes they are. NULL
   if there is none. */
const void *videoport_find_value(const struct videoport_values *values, const char *name,
                                 uint32_t *size_bytes);

/*
 * Calls the DPCs that wait, and the timer routines that are due. To be called often, at
 * PASSIVE_LEVEL, while nothing else is half done; does nothing when called from a driver's routine.
 */
void videoport_poll(void);

/* A line that was connected (host.h) interrupts. True if one of its adapters says it was its
   own. */
bool videoport_interrupt(uint32_t line);

/*
 * Calls the miniport's entry point, lets it look for its adapter and initialises that. The name (1
 * to VIDEOPORT_NAME_MAX printable characters without blanks) owns all memory that the miniport asks
 * for; name and values (NULL: none) are copied. Returns NULL, with a phrase that lives for ever in
 * *why, if there is no adapter or it cannot be had; nothing is held then. Ended by videoport_stop.
 */
struct videoport_device *videoport_start(const char *name, videoport_entry_t entry,
                                         const struct videoport_values *values, const char **why);

/*
 * Of the last videoport_start in which the driver found no adapter: which PCI functions it was
 * offered, the status it returned, and which of its calls was refused first. Empty if it did not
 * look for one, or found one. The text changes with the next start.
 */
const char *videoport_describe_search(void);

/*
 * Passes a request to HwStartIO, and returns its status: ERROR_IO_DEVICE if the driver is broken or
 * this breaks it. *returned (may be NULL) receives how many bytes of `out` are valid. The buffers
 * are the caller's; they must not overlap.
 */
VP_STATUS videoport_ioctl(struct videoport_device *device, ULONG code, const void *in,
                          ULONG in_bytes, void *out, ULONG out_bytes, ULONG *returned);

/*
 * Resets the adapter to text if a mode was set by NT's request, through the miniport or else the
 * BIOS, then reclaims what it still holds, a line on the
 * log for each thing, and ends the device. Returns how many things there were.
 */
size_t videoport_stop(struct videoport_device *device);

/* Started devices: the latest, and the one started before; NULL at the end. */
struct videoport_device *videoport_next(const struct videoport_device *after);

/* The device of that name, whose case does not count, or NULL. */
struct videoport_device *videoport_find(const char *name);

/*
 * What driver binaries may import: all that video.h, wdm.h, ioaccess.h and crt.h declare, and
 * memcpy's like (tools/exports.py). Names ascend; before each stands, as a character, how many it
 * shares with the beginning of the one before.
 */
extern const char export_names[];
extern const uintptr_t export_addresses[];
extern const size_t export_count;

#define VIDEOPORT_LIBRARY "videoprt.sys"

/*
 * The address of a function or a variable: what begins with "VideoPort" is in VIDEOPRT.SYS, all
 * else in ntoskrnl.exe and HAL.dll. The libraries' names have any case, and need no extension. 0,
 * with a phrase that lives for ever in *why, if there is none. With NULL for a function, not 0 if
 * there is that library.
 */
uintptr_t exports_find(const char *library, const char *function, const char **why);

#endif
