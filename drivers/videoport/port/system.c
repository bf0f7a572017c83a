/* What miniports ask of the system as a whole, and tell it; and which functions they may call. */
#include "drivers/videoport/include/video.h"

#include "device.h"
#include "kernel/lib/string.h"

VP_STATUS NTAPI VideoPortGetDeviceData(PVOID HwDeviceExtension,
                                       VIDEO_DEVICE_DATA_TYPE DeviceDataType,
                                       PMINIPORT_QUERY_DEVICE_ROUTINE CallbackRoutine,
                                       PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceDataType);
    UNREFERENCED_PARAMETER(Context);
    if (device_admit(HwDeviceExtension, __func__) == NULL || CallbackRoutine == NULL)
        return ERROR_INVALID_PARAMETER;
    return ERROR_DEV_NOT_EXIST;
}

VP_STATUS NTAPI VideoPortGetVersion(PVOID HwDeviceExtension, PVPOSVERSIONINFO pVpOsVersionInfo)
{
    if (device_admit(HwDeviceExtension, __func__) == NULL || pVpOsVersionInfo == NULL ||
        pVpOsVersionInfo->Size != sizeof *pVpOsVersionInfo)
        return ERROR_INVALID_PARAMETER;
    *pVpOsVersionInfo = (VPOSVERSIONINFO){
        .Size = sizeof *pVpOsVersionInfo,
        .MajorVersion = 5,
        .MinorVersion = 1,
        .BuildNumber = 2600,
    };
    return NO_ERROR;
}

VOID NTAPI VideoPortLogError(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET Vrp,
                             VP_STATUS ErrorCode, ULONG UniqueId)
{
    const struct videoport_device *device =
        device_admit_up_to(HwDeviceExtension, __func__, DEVICE_IN_INTERRUPT);
    if (device != NULL)
        device_log(device, __func__, "error=%lld id=0x%llx request=0x%llx", (long long)ErrorCode,
                   (number_t)UniqueId, (number_t)(Vrp == NULL ? 0 : Vrp->IoControlCode));
}

KIRQL NTAPI VideoPortGetCurrentIrql(VOID)
{
    static const KIRQL levels[] = {PASSIVE_LEVEL, DISPATCH_LEVEL, DISPATCH_LEVEL + 1};
    return levels[device_level()];
}

/* ---- exports --------------------------------------------------------------------------------- */

#define KERNEL_LIBRARY "ntoskrnl.exe"
#define VIDEOPORT_PREFIX "VideoPort"

/* Looked through from the first on: a driver is bound once. */
uintptr_t exports_find(const char *library, const char *function)
{
    bool is_videoports = strncmp(function, VIDEOPORT_PREFIX, sizeof VIDEOPORT_PREFIX - 1) == 0;
    const struct exported_function *entry = export_table;
    if (!device_is_same_name(library, is_videoports ? VIDEOPORT_LIBRARY : KERNEL_LIBRARY))
        return 0;
    while (entry->name != NULL && strcmp(entry->name, function) != 0)
        entry++;
    return entry->address;
}
