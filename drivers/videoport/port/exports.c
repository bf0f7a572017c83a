/* Names and addresses, looked through from the first on: a driver is bound once. */
#include "exports.h"

#include "device.h"
#include "drivers/videoport/include/video.h"
#include "drivers/videoport/include/wdm.h"
#include "kernel/lib/string.h"

struct export
{
    const char *name;
    uintptr_t address;
};

#define EXPORT(name) {#name, (uintptr_t)name},

static const struct export videoport_functions[] = {VIDEOPORT_FUNCTIONS(EXPORT)};
static const struct export ntoskrnl_functions[] = {NTOSKRNL_FUNCTIONS(EXPORT)};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static uintptr_t find(const struct export *table, size_t count, const char *function)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].name, function) == 0)
            return table[i].address;
    }
    return 0;
}

uintptr_t exports_find_videoport(const char *function)
{
    return find(videoport_functions, COUNT(videoport_functions), function);
}

uintptr_t exports_find(const char *library, const char *function)
{
    if (device_is_same_name(library, "videoprt.sys"))
        return exports_find_videoport(function);
    if (device_is_same_name(library, "ntoskrnl.exe"))
        return find(ntoskrnl_functions, COUNT(ntoskrnl_functions), function);
    return 0;
}
