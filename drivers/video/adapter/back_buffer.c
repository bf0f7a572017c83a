/* Allocates the back buffer: a contiguous block of a display driver, or a DMA adapter's. */
#include "adapter.h"

/* A number of 32 or 64 bits. */
static PHYSICAL_ADDRESS read_number(const struct adapter *adapter, const WCHAR *name,
                                    ULONG otherwise)
{
    PHYSICAL_ADDRESS number = {0};
    ULONG size_bytes = adapter_read_parameter(adapter, name, &number, sizeof number);
    if (size_bytes != sizeof(ULONG) && size_bytes != sizeof number)
        number.QuadPart = otherwise;
    return number;
}

static ULONG size_bytes_of(const struct adapter_screen *screen)
{
    return screen->mode.width * screen->mode.height * (ULONG)sizeof(ULONG);
}

/* A block such as a card with 32 address lines could fetch from, unless the parameter has another
   card in mind. */
static void allocate_contiguous(struct adapter *adapter, struct adapter_screen *screen)
{
    PHYSICAL_ADDRESS highest = read_number(adapter, u"BackBufferHighest", 0xFFFFFFFF);
    screen->pixels =
        VideoPortAllocateContiguousMemory(adapter->extension, size_bytes_of(screen), highest);
    if (screen->pixels != NULL)
        screen->pixels_physical = MmGetPhysicalAddress(screen->pixels);
}

static void allocate_common(struct adapter *adapter, struct adapter_screen *screen)
{
    VP_DEVICE_DESCRIPTION description = {.Dma32BitAddresses = TRUE,
                                         .MaximumLength = size_bytes_of(screen)};
    PVP_DMA_ADAPTER dma = VideoPortGetDmaAdapter(adapter->extension, &description);
    if (dma == NULL)
        return;
    screen->pixels = VideoPortAllocateCommonBuffer(adapter->extension, dma, size_bytes_of(screen),
                                                   &screen->pixels_physical, TRUE, NULL);
    if (screen->pixels == NULL)
        VideoPortPutDmaAdapter(adapter->extension, dma);
    else
        screen->pixels_adapter = dma;
}

bool back_buffer_allocate(struct adapter *adapter, struct adapter_screen *screen)
{
    screen->pixels = NULL;
    screen->pixels_adapter = NULL;
    switch (read_number(adapter, u"BackBuffer", ASHLAR_BACK_BUFFER_CONTIGUOUS).LowPart) {
    case ASHLAR_BACK_BUFFER_NONE:
        return false;
    case ASHLAR_BACK_BUFFER_COMMON:
        allocate_common(adapter, screen);
        break;
    default:
        allocate_contiguous(adapter, screen);
        break;
    }
    if (screen->pixels == NULL)
        return false;
    VideoPortZeroMemory(screen->pixels, size_bytes_of(screen));
    return true;
}

void back_buffer_free(struct adapter *adapter, struct adapter_screen *screen)
{
    if (screen->pixels_adapter != NULL) {
        VideoPortReleaseCommonBuffer(adapter->extension, screen->pixels_adapter,
                                     size_bytes_of(screen), screen->pixels_physical, screen->pixels,
                                     TRUE);
        VideoPortPutDmaAdapter(adapter->extension, screen->pixels_adapter);
    } else if (screen->pixels != NULL && adapter->extension == adapter) {
        MmFreeContiguousMemory(screen->pixels);
    } else if (screen->pixels != NULL) {
        /* This call names the device: its driver is not the one that runs. */
        VideoPortFreePool(adapter->extension, screen->pixels);
    }
    screen->pixels = NULL;
    screen->pixels_adapter = NULL;
}
