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

#include "drivers/videoport/include/dderror.h"
#include "drivers/videoport/include/ntddvdeo.h"
#include "drivers/videoport/include/video.h"

#define VIDEOPORT_NAME_MAX 23 /* characters in a driver's name, as owners of memory have */
#define VIDEOPORT_VALUE_COUNT_MAX 18 /* parameters of one driver, two of the kernel's among them */
#define VIDEOPORT_VALUE_NAME_MAX 47 /* characters */
#define VIDEOPORT_VALUE_BYTES_MAX 128

struct resource;
struct videoport_device;
struct videoport_host;

/* Names the host, which must live as long as the port is used. Comes before all other calls. */
void videoport_init(const struct videoport_host *host);

typedef ULONG(NTAPI *videoport_entry_t)(PVOID context1, PVOID context2);

/* What a driver finds with VideoPortGetRegistryParameters. Names do not distinguish case. */
struct videoport_parameter {
    const char *name;
    const void
        *data; /* more than VIDEOPORT_VALUE_BYTES_MAX are not copied: they must live as long as
                         the device */
    uint32_t data_bytes;
};

/* The bytes of a number for a driver: 32 bits where that is enough, 64 otherwise. */
static inline uint32_t videoport_number_bytes(uint64_t number)
{
    return number <= UINT32_MAX ? sizeof(uint32_t) : sizeof(uint64_t);
}

/*
 * Calls the DPCs that wait, and the timer routines that are due. To be called often, at
 * PASSIVE_LEVEL, while nothing else is half done; does nothing when called from a driver's routine.
 */
void videoport_poll(void);

/* A line that was connected (host.h) interrupts. True if one of its adapters says it was its
   own. */
bool videoport_interrupt(uint32_t line);

#define VIDEOPORT_DESCRIPTOR_BYTES 256 /* an EDID and one extension */

/* What an adapter says that it is connected to. */
struct videoport_child {
    ULONG id; /* the driver's name for it */
    VIDEO_CHILD_TYPE type;
    uint8_t descriptor[VIDEOPORT_DESCRIPTOR_BYTES]; /* a monitor's EDID; zeros: it has none */
};

/* The device's children: the first, and the one behind one; NULL at the end. */
const struct videoport_child *videoport_next_child(const struct videoport_device *device,
                                                   const struct videoport_child *after);

/*
 * Calls the miniport's entry point, lets it look for its adapter and initialises that. The name (1
 * to VIDEOPORT_NAME_MAX printable characters without blanks) owns all memory that the miniport asks
 * for; name and parameters are copied. Returns NULL, with a phrase that lives for ever in *why, if
 * there is no adapter or it cannot be had; nothing is held then. Ended by videoport_stop.
 */
struct videoport_device *videoport_start(const char *name, videoport_entry_t entry,
                                         const struct videoport_parameter *parameters,
                                         size_t parameter_count, const char **why);

/* Sets a parameter, for a driver that reads it again. False if there is no room for it. */
bool videoport_set_parameter(struct videoport_device *device, const char *name, uint64_t value);

/*
 * Passes a request to HwStartIO, and returns its status. *returned (may be NULL) receives how many
 * bytes of `out` are valid. The buffers are the caller's; they must not overlap.
 */
VP_STATUS videoport_ioctl(struct videoport_device *device, ULONG code, const void *in,
                          ULONG in_bytes, void *out, ULONG out_bytes, ULONG *returned);

/*
 * Resets the adapter to text if the miniport can, then reclaims what it still holds, a line on the
 * log for each thing, and ends the device. Returns how many things there were.
 */
size_t videoport_stop(struct videoport_device *device);

/*
 * True if the driver's code faulted. Requests fail with ERROR_IO_DEVICE from then on; all that is
 * left to do is videoport_stop, which gives back what the driver held.
 */
bool videoport_is_broken(const struct videoport_device *device);

/* Started devices: the latest, and the one started before; NULL at the end. */
struct videoport_device *videoport_next(const struct videoport_device *after);

/* The device of that name, or NULL. */
struct videoport_device *videoport_find(const char *name);

/* The name given to videoport_start. */
const char *videoport_name(const struct videoport_device *device);

/* The HwDeviceExtension, for calls that a driver's adapter has to be named in. */
void *videoport_extension(const struct videoport_device *device);

/*
 * What driver binaries may import: the video port's functions from VIDEOPRT.SYS, and from NT's
 * kernel its memory manager's and those that a compiler calls by itself.
 */
struct exported_function {
    const char *name;
    uintptr_t address;
};

/* All functions that video.h and wdm.h declare, and memcpy's like; the last name is NULL
   (tools/exports.py). */
extern const struct exported_function export_table[];

#define VIDEOPORT_LIBRARY "videoprt.sys"

/* The address of a function, 0 if there is none of that name in that library, whose name's case
   does not count. */
uintptr_t exports_find(const char *library, const char *function);

/* The blocks and mappings that an adapter holds (resource.h): the latest, and the one behind one;
   NULL at the end. */
const struct resource *videoport_next_holding(const struct videoport_device *device,
                                              const struct resource *after);

#endif
