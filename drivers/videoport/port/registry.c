/*
 * A driver's parameters under NT's names. There is no registry: the values live in the device for
 * as long as it does, put there by the kernel or by the driver itself.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"
#include "kernel/lib/string.h"

/* The index of the value of that name; the count, if there is none. */
static size_t find(const struct videoport_values *values, const char *name)
{
    size_t i = 0;
    while (i < values->count && !name_is_same(values->all[i].name, name))
        i++;
    return i;
}

const void *videoport_find_value(const struct videoport_values *values, const char *name,
                                 uint32_t *size_bytes)
{
    size_t index = find(values, name);
    const struct videoport_value *value = &values->all[index];
    if (index == values->count)
        return NULL;
    *size_bytes = value->size_bytes;
    return value->data == NULL ? value->bytes : value->data;
}

VP_STATUS videoport_set_value(struct videoport_values *values, const char *name, const void *data,
                              uint32_t size_bytes)
{
    size_t index = find(values, name);
    struct videoport_value *value = &values->all[index];
    size_t length = strlen(name);
    if (length == 0 || length > VIDEOPORT_VALUE_NAME_MAX)
        return ERROR_INVALID_PARAMETER;
    if (index == VIDEOPORT_VALUE_COUNT_MAX)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (index == values->count) {
        values->count++;
        memcpy(value->name, name, length + 1);
    }
    value->data = size_bytes > VIDEOPORT_VALUE_BYTES_MAX ? data : NULL;
    if (value->data == NULL)
        memcpy(value->bytes, data, size_bytes);
    value->size_bytes = size_bytes;
    return NO_ERROR;
}

VP_STATUS videoport_set_number(struct videoport_values *values, const char *name, uint64_t number)
{
    return videoport_set_value(values, name, &number,
                               number <= UINT32_MAX ? sizeof(uint32_t) : sizeof(uint64_t));
}

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
    uint32_t size_bytes;
    const void *data = videoport_find_value(&device->values, name, &size_bytes);
    if (data == NULL)
        return ERROR_INVALID_PARAMETER;
    return GetRegistryRoutine(HwDeviceExtension, Context, ParameterName, (PVOID)(ULONG_PTR)data,
                              size_bytes);
}

VP_STATUS NTAPI VideoPortSetRegistryParameters(PVOID HwDeviceExtension, PWSTR ValueName,
                                               PVOID ValueData, ULONG ValueLength)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    char name[VIDEOPORT_VALUE_NAME_MAX + 1];
    if (device == NULL || ValueData == NULL || ValueLength > VIDEOPORT_VALUE_BYTES_MAX ||
        !narrow(ValueName, name))
        return ERROR_INVALID_PARAMETER;
    return videoport_set_value(&device->values, name, ValueData, ValueLength);
}
