/*
 * Looks for a driver's adapter: HwFindAdapter is called for each display function of PCI, then once
 * without a function, for a driver that uses the BIOS or well-known addresses. The interface type
 * that the driver fills in is ignored, as documented since Windows 2000 (learn.microsoft.com,
 * VIDEO_HW_INITIALIZATION_DATA structure (video.h), "AdapterInterfaceType").
 */
#include "device.h"
#include "kernel/lib/string.h"

/* A driver that always wants to be asked again must not stop the kernel. */
#define FIND_ATTEMPTS_MAX 16

/* PCI class codes: display controllers, and VGA from before there were classes. */
#define PCI_CLASS_DISPLAY 0x03
#define PCI_CLASS_OLD_VGA 0x000100

#define PCI_INTERRUPT_LINE 0x3C /* the pin follows */

/* ---- what is told of a search that failed ---------------------------------------------------- */

#define OFFERED_NAMES_MAX 3
#define OFFERED_BYTES (OFFERED_NAMES_MAX * sizeof ", ff:1f.7 1234:1111" + sizeof ", ...")
#define REFUSED_BYTES 160
#define REFUSED "refused: "

static struct {
    bool is_done; /* without success */
    VP_STATUS status; /* the most telling */
    unsigned offered_count;
    char offered[OFFERED_BYTES];
    char refused[REFUSED_BYTES]; /* empty: nothing was */
} last;

void search_begin(void)
{
    memset(&last, 0, sizeof last);
}

static void note_offer(const struct pci_function *function)
{
    size_t length = strlen(last.offered);
    if (last.offered_count++ == OFFERED_NAMES_MAX)
        format_text(last.offered + length, sizeof last.offered - length, ", ...");
    if (last.offered_count <= OFFERED_NAMES_MAX)
        format_text(last.offered + length, sizeof last.offered - length, "%s%x:%x.%x %04x:%04x",
                    length == 0 ? "" : ", ", (unsigned)function->bus, (unsigned)function->device,
                    (unsigned)function->function, (unsigned)function->vendor_id,
                    (unsigned)function->device_id);
}

/* The first refusal counts: what a driver tries later, it tries because of that. */
void search_note(const char *call, const char *text)
{
    if (last.refused[0] != '\0')
        return;
    for (const char *at = text; *at != '\0'; at++) {
        if (strncmp(at, REFUSED, strlen(REFUSED)) == 0)
            format_text(last.refused, sizeof last.refused, "; %s was %s", call, at);
    }
}

const char *videoport_describe_search(void)
{
    static char text[OFFERED_BYTES + REFUSED_BYTES + 64];
    unsigned count = last.offered_count;
    text[0] = '\0';
    if (last.is_done && count == 0)
        format_text(text, sizeof text, "there is no PCI function to offer; status %u%s",
                    (unsigned)last.status, last.refused);
    else if (last.is_done)
        format_text(text, sizeof text, "offered %u PCI function%s (%s) and none; status %u%s",
                    count, count == 1 ? "" : "s", last.offered, (unsigned)last.status,
                    last.refused);
    return text;
}

/* ---- the search ------------------------------------------------------------------------------ */

/* What the firmware routed a PCI function's interrupt pin to (PCI 3.0, 6.2.4); 0: nothing. */
static uint8_t line_of_function(const struct videoport_device *device)
{
    uint8_t line_and_pin[2];
    if (!device->has_function)
        return 0;
    videoport_host->pci_read(&device->function, PCI_INTERRUPT_LINE, line_and_pin,
                             sizeof line_and_pin);
    return line_and_pin[1] == 0 || line_and_pin[0] == 0xFF ? 0 : line_and_pin[0];
}

/* An adapter goes without its interrupt if that cannot be had. */
static void connect_interrupt(struct videoport_device *device, const VIDEO_PORT_CONFIG_INFO *info)
{
    if (device->driver.HwInterrupt == NULL ||
        (info->BusInterruptLevel == 0 && info->BusInterruptVector == 0))
        return;
    if (!device_connect_interrupt(device, info->BusInterruptLevel))
        device_log(device, "HwFindAdapter",
                   "line=%u refused: there is no such line, or it is the kernel's own",
                   (unsigned)info->BusInterruptLevel);
}

/* For drivers that run on older systems too, and look for what is newer. */
static PVOID NTAPI get_proc_address(PVOID HwDeviceExtension, PUCHAR FunctionName)
{
    const char *why;
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    return FunctionName == NULL
               ? NULL
               : (PVOID)exports_find(VIDEOPORT_LIBRARY, (const char *)FunctionName, &why);
}

struct find_call {
    struct videoport_device *device;
    void *context;
    VIDEO_PORT_CONFIG_INFO info;
    UCHAR again;
    VP_STATUS status;
};

static void call_find_adapter(void *context)
{
    struct find_call *call = context;
    call->status = call->device->driver.HwFindAdapter(call->device->extension, call->context, NULL,
                                                      &call->info, &call->again);
}

/* Asks the driver whether its adapter is here. What a refusal leaves behind is taken back. */
static VP_STATUS find_adapter(struct videoport_device *device, void *context)
{
    struct find_call call = {.status = ERROR_DEV_NOT_EXIST, .again = TRUE};
    for (unsigned i = 0; call.again && i < FIND_ATTEMPTS_MAX; i++) {
        call = (struct find_call){
            .device = device,
            .context = context,
            .info = {.Length = sizeof call.info,
                     .SystemIoBusNumber = device->bus,
                     .AdapterInterfaceType = device->has_function ? PCIBus : Isa,
                     .BusInterruptLevel = line_of_function(device),
                     .BusInterruptVector = line_of_function(device),
                     .InterruptMode = device->has_function ? LevelSensitive : Latched,
                     .VideoPortGetProcAddress = get_proc_address,
                     .DriverRegistryPath = device->registry_path},
            .status = ERROR_DEV_NOT_EXIST,
        };
        memset(device->extension, 0, device->driver.HwDeviceExtensionSize);
        device_call(device, call_find_adapter, &call);
        if (call.status == NO_ERROR) {
            connect_interrupt(device, &call.info);
            return NO_ERROR;
        }
        device_reclaim(device);
    }
    return call.status;
}

static bool is_display(const struct pci_function *function)
{
    return function->class_code >> 16 == PCI_CLASS_DISPLAY ||
           function->class_code == PCI_CLASS_OLD_VGA;
}

/* The first display function at *position or after it; *position moves behind it. */
static bool next_display(size_t *position, struct pci_function *function)
{
    while (videoport_host->pci_get((*position)++, function)) {
        if (is_display(function))
            return true;
    }
    return false;
}

/* Offers a function, or none (NULL). */
static VP_STATUS offer(struct videoport_device *device, const struct pci_function *function,
                       void *context)
{
    device->has_function = function != NULL;
    device->took_ranges = false;
    device->function = function != NULL ? *function : (struct pci_function){0};
    device->bus = device->function.bus;
    if (function != NULL)
        note_offer(function);
    return find_adapter(device, context);
}

VP_STATUS device_search(struct videoport_device *device, void *context)
{
    struct pci_function function;
    size_t position = 0;
    bool is_on_pci;
    search_begin();
    last.status = ERROR_DEV_NOT_EXIST;
    do {
        is_on_pci = next_display(&position, &function);
        VP_STATUS status = offer(device, is_on_pci ? &function : NULL, context);
        if (status == NO_ERROR)
            return NO_ERROR;
        if (status != ERROR_DEV_NOT_EXIST)
            last.status = status;
    } while (is_on_pci);
    last.is_done = true;
    return last.status;
}
