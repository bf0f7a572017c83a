#ifndef VIDEOPORT_DEVICE_H
#define VIDEOPORT_DEVICE_H

/*
 * A started miniport, as the parts of the video port share it: who is calling, and how to name it
 * on the log.
 */

#include "drivers/videoport/include/wdm.h"
#include "host.h"
#include "kernel/lib/format.h"
#include "kernel/lib/name.h"
#include "videoport.h"

/* How urgent what runs now is: nobody waits in a DPC, and nobody allocates in an interrupt. */
enum device_level { DEVICE_AT_PASSIVE, DEVICE_AT_DISPATCH, DEVICE_IN_INTERRUPT };

/* Gives cleared memory of the host to the port itself. NULL if there is none. */
void *device_allocate(uint64_t size_bytes, const char *owner);

/* The device whose HwDeviceExtension this is, or NULL. */
struct videoport_device *device_find(const void *extension);

/* The device whose driver is running, or NULL. */
struct videoport_device *device_current(void);

/*
 * Calls a driver's routine, whose driver it is being known meanwhile. Calls may nest. False if the
 * driver is broken, or if this breaks it: it faulted. Nothing calls a broken driver any more.
 */
bool device_call(struct videoport_device *device, void (*routine)(void *), void *context);

/* What runs now; device_set_dispatching is around calls of DPCs and timer routines. */
enum device_level device_level(void);
void device_set_dispatching(bool is_dispatching);

/* The level in NT's numbers. Setting it returns the one from before; above DISPATCH_LEVEL no
   interrupt comes (irql.c refuses what drivers may not do). */
KIRQL device_irql(void);
KIRQL device_set_irql(KIRQL level);

/* One line, "videoport call=CALL driver=NAME " and the formatted rest. NULL is the kernel. */
void device_log(const struct videoport_device *device, const char *call, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* True at that level or below; otherwise the log says that this call was refused. */
bool device_check_level(const struct videoport_device *device, const char *call,
                        enum device_level highest);

/*
 * Opens a call that a driver makes: the device whose HwDeviceExtension was passed. NULL, and a line
 * on the log, if there is no such device or the level is not PASSIVE_LEVEL.
 */
struct videoport_device *device_admit(const void *extension, const char *call);

/* The same, up to another level. */
struct videoport_device *device_admit_up_to(const void *extension, const char *call,
                                            enum device_level highest);

/*
 * Offers the driver each display function of PCI, then none, until it says that its adapter is
 * there (search.c). The status is HwFindAdapter's; without an adapter, the last one that is more
 * telling than ERROR_DEV_NOT_EXIST, and the driver holds nothing.
 */
VP_STATUS device_search(struct videoport_device *device, void *context);

/* Forgets the last search, and notes what it was refused: the rest of a line on the log. */
void search_begin(void);
void search_note(const char *call, const char *text);

/* Takes back all that the driver asked for: DPCs, its timer, and its resources, with a line on the
   log for each that is no claim. Returns how many lines those were. */
size_t device_reclaim(struct videoport_device *device);

/* Parts of starting and stopping a device: its interrupt (false if the line cannot be had), its
   DPCs and its children (interrupt.c, dpc.c, child.c). */
bool device_connect_interrupt(struct videoport_device *device, uint32_t line);
void device_disconnect_interrupt(struct videoport_device *device);
void device_forget_dpcs(const struct videoport_device *device);
void device_ask_for_children(struct videoport_device *device);

/* Waits for a signal, and resets it if it wakes one waiter only; DPCs and timers run meanwhile
   (event.c). Timeout as in KeWaitForSingleObject. False if none came; PASSIVE_LEVEL. */
bool device_wait(DISPATCHER_HEADER *object, const LARGE_INTEGER *timeout, const char *call);

/* The moment, in the host's milliseconds, that a time in units of 100 ns means: negative from now
   on, else since the start (clock.c). Rounded up, and never before now. */
uint64_t device_moment(const LARGE_INTEGER *time);

/* Queues a DPC for the driver that runs, or takes it out again; has a timer go off once or again
   and again, or no longer (dpc.c). False if that is so already, or cannot be. */
bool device_queue_dpc(PMINIPORT_DPC_ROUTINE routine, PVOID context, const char *call);
bool device_remove_dpc(const void *context);
bool device_add_timer(PKTIMER timer, uint64_t due, uint32_t period, const char *call);
bool device_remove_timer(const KTIMER *timer);

/* What a timer does at its time, in the driver's own memory (objects.c). */
void device_fire_timer(void *timer);

#endif
