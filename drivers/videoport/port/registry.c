/*
 * A driver's parameters under NT's names. There is no registry: the values live in the device for
 * as long as it does, put there by the kernel or by the driver itself.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"

/* False if the name is too long, or has characters that no ASCII name has. */
static bool narrow(const WCHAR *wide, char name[VIDEOPORT_VALUE_NAME_MAX + 1])
{
    size_t length = 0;
    if (wide == NULL)
        return false;
    for (; wide[length] != 0; length++) {
        if (length == VIDEOPORT_VALUE_NAME_MAX || wide[length] > 0x7E)
            return false;
        name[length] = (char)wide[length];
    }
    name[length] = '\0';
    return true;
}

VP_STATUS NTAPI VideoPortGetRegistryParameters(PVOID HwDeviceExtension, PWSTR ParameterName,
                                               UCHAR IsParameterFileName,
                                               PMINIPORT_GET_REGISTRY_ROUTINE GetRegistryRoutine,
                                               PVOID Context)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    char name[VIDEOPORT_VALUE_NAME_MAX + 1];
    /* A parameter that names a file would be read from disk, and there is none. */
    if (device == NULL || IsParameterFileName || GetRegistryRoutine == NULL ||
        !narrow(ParameterName, name))
        return ERROR_INVALID_PARAMETER;
    struct device_value *value = device_find_value(device, name);
    if (value == NULL)
        return ERROR_INVALID_PARAMETER;
    return GetRegistryRoutine(HwDeviceExtension, Context, ParameterName,
                              (PVOID)(ULONG_PTR)value->data, value->size_bytes);
}

VP_STATUS NTAPI VideoPortSetRegistryParameters(PVOID HwDeviceExtension, PWSTR ValueName,
                                               PVOID ValueData, ULONG ValueLength)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    char name[VIDEOPORT_VALUE_NAME_MAX + 1];
    if (device == NULL || ValueData == NULL || ValueLength > VIDEOPORT_VALUE_BYTES_MAX ||
        !narrow(ValueName, name))
        return ERROR_INVALID_PARAMETER;
    return device_set_value(device, name, ValueData, ValueLength);
}
