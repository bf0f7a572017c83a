/* Names and addresses, looked through from the first on: a driver is bound once. */
#include "device.h"
#include "kernel/lib/string.h"

#define KERNEL_LIBRARY "ntoskrnl.exe"
#define VIDEOPORT_PREFIX "VideoPort"

/* The library that a function of that name is in, if it is in any. */
static const char *library_of(const char *function)
{
    bool is_videoports = strncmp(function, VIDEOPORT_PREFIX, sizeof VIDEOPORT_PREFIX - 1) == 0;

    return is_videoports ? VIDEOPORT_LIBRARY : KERNEL_LIBRARY;
}

uintptr_t exports_find(const char *library, const char *function)
{
    const struct exported_function *entry = export_table;

    if (!device_is_same_name(library, library_of(function)))
        return 0;
    while (entry->name != NULL && strcmp(entry->name, function) != 0)
        entry++;
    return entry->address;
}
