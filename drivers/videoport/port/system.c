/* What miniports ask of the system as a whole, and tell it. */
#include "drivers/videoport/include/video.h"

#include "device.h"

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

VP_STATUS NTAPI VideoPortSetTrappedEmulatorPorts(PVOID HwDeviceExtension, ULONG NumAccessRanges,
                                                 PVIDEO_ACCESS_RANGE AccessRange)
{
    bool is_right = device_admit(HwDeviceExtension, __func__) != NULL &&
                    (NumAccessRanges == 0 || AccessRange != NULL);
    return is_right ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

#define PCI_COMMAND 0x04
#define PCI_CLASS_VGA 0x030000

VP_STATUS NTAPI VideoPortGetVgaStatus(PVOID HwDeviceExtension, PULONG VgaStatus)
{
    const struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    USHORT command;
    if (device == NULL || VgaStatus == NULL)
        return ERROR_INVALID_PARAMETER;
    if (!device->has_function)
        return ERROR_INVALID_FUNCTION;
    videoport_host->pci_read(&device->function, PCI_COMMAND, &command, sizeof command);
    bool is_on = device->function.class_code == PCI_CLASS_VGA && (command & PCI_ENABLE_IO_SPACE);
    *VgaStatus = is_on ? DEVICE_VGA_ENABLED : 0;
    return NO_ERROR;
}

BOOLEAN NTAPI VideoPortCheckForDeviceExistence(PVOID HwDeviceExtension, USHORT VendorId,
                                               USHORT DeviceId, UCHAR RevisionId,
                                               USHORT SubVendorId, USHORT SubSystemId, ULONG Flags)
{
    struct pci_function function;
    PCI_COMMON_CONFIG config;
    if (device_admit(HwDeviceExtension, __func__) == NULL)
        return FALSE;
    for (size_t i = 0; videoport_host->pci_get(i, &function); i++) {
        if (function.vendor_id != VendorId || function.device_id != DeviceId)
            continue;
        videoport_host->pci_read(&function, 0, &config, PCI_COMMON_HDR_LENGTH);
        if (((Flags & CDE_USE_REVISION) == 0 || config.RevisionID == RevisionId) &&
            ((Flags & CDE_USE_SUBSYSTEM_IDS) == 0 || (config.u.type0.SubVendorID == SubVendorId &&
                                                      config.u.type0.SubSystemID == SubSystemId)))
            return TRUE;
    }
    return FALSE;
}
