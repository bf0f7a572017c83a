/*
 * A miniport in C++, in the style of those that came with Windows 2000 and later: classes with
 * virtual functions, an adapter for each kind of card, headers spelled as one likes. For the
 * adapter that QEMU calls "std".
 */

extern "C" {
#include <NTDDVDEO.H>
#include "DDError.h"
#include "DevIoctl.h"
#include "Miniport.h"
#include "Video.H"
}

struct Mode {
    USHORT Width, Height;
};

static const Mode Modes[] = {{1024, 768}, {800, 600}, {1280, 1024}};
const ULONG ModeCount = sizeof(Modes) / sizeof(Modes[0]);

/* ---- what cards have in common --------------------------------------------------------------- */

class Card {
public:
    virtual bool Find(PVOID Extension) = 0;
    virtual void Set(const Mode &mode) = 0;
    virtual void Reset() = 0;

    PHYSICAL_ADDRESS Frame;
    ULONG Length;
};

/* Memory is the port driver's: an object is made where some is. */
inline void *operator new(size_t, void *place)
{
    return place;
}

class BochsCard : public Card {
public:
    bool Find(PVOID Extension)
    {
        VIDEO_ACCESS_RANGE ranges[PCI_TYPE0_ADDRESSES];
        USHORT vendor = 0x1234, device = 0x1111;
        ULONG slot = 0;
        if (VideoPortGetAccessRanges(Extension, 0, NULL, PCI_TYPE0_ADDRESSES, ranges, &vendor,
                                     &device, &slot) != NO_ERROR)
            return false;
        Frame = ranges[0].RangeStart;
        Length = ranges[0].RangeLength;
        return true;
    }

    void Set(const Mode &mode)
    {
        const USHORT values[] = {mode.Width, mode.Height, 32, 0x41};
        Reset();
        for (USHORT i = 0; i < 4; i++)
            Write(i + 1, values[i]);
        VideoPortReadPortUchar((PUCHAR)0x3DA);
        VideoPortWritePortUchar((PUCHAR)0x3C0, 0x20);
    }

    void Reset()
    {
        Write(4, 0);
    }

private:
    static void Write(USHORT index, USHORT value)
    {
        VideoPortWritePortUshort((PUSHORT)0x1CE, index);
        VideoPortWritePortUshort((PUSHORT)0x1CF, value);
    }
};

/* ---- the adapter ----------------------------------------------------------------------------- */

class Adapter {
public:
    bool Find()
    {
        Current = ModeCount;
        Device = new (Room) BochsCard;
        return Device->Find(this);
    }

    VP_STATUS Answer(VIDEO_REQUEST_PACKET &packet, ULONG_PTR &information);
    void Reset()
    {
        Device->Reset();
        Current = ModeCount;
    }

private:
    static void Describe(VIDEO_MODE_INFORMATION &to, ULONG index);
    VP_STATUS Map(VIDEO_MEMORY_INFORMATION &to);

    template <class T> static T *Output(VIDEO_REQUEST_PACKET &packet, ULONG count = 1)
    {
        bool fits = packet.OutputBufferLength >= count * sizeof(T);
        return fits ? static_cast<T *>(packet.OutputBuffer) : NULL;
    }

    Card *Device;
    ULONG Current;
    ULONG_PTR Room[(sizeof(BochsCard) + 3) / 4];
};

void Adapter::Describe(VIDEO_MODE_INFORMATION &to, ULONG index)
{
    to = VIDEO_MODE_INFORMATION();
    to.Length = sizeof(to);
    to.ModeIndex = index;
    to.VisScreenWidth = Modes[index].Width;
    to.VisScreenHeight = Modes[index].Height;
    to.ScreenStride = 4 * Modes[index].Width;
    to.NumberOfPlanes = 1;
    to.BitsPerPlane = 32;
    to.Frequency = 60;
    to.NumberRedBits = to.NumberGreenBits = to.NumberBlueBits = 8;
    to.RedMask = 0xFF0000;
    to.GreenMask = 0x00FF00;
    to.BlueMask = 0x0000FF;
    to.AttributeFlags = VIDEO_MODE_COLOR | VIDEO_MODE_GRAPHICS;
}

VP_STATUS Adapter::Map(VIDEO_MEMORY_INFORMATION &to)
{
    ULONG space = 0;
    to.VideoRamBase = NULL;
    to.VideoRamLength = Device->Length;
    VP_STATUS status =
        VideoPortMapMemory(this, Device->Frame, &to.VideoRamLength, &space, &to.VideoRamBase);
    to.FrameBufferBase = to.VideoRamBase;
    to.FrameBufferLength = to.VideoRamLength;
    return status;
}

VP_STATUS Adapter::Answer(VIDEO_REQUEST_PACKET &packet, ULONG_PTR &information)
{
    switch (packet.IoControlCode) {
    case IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES:
        if (VIDEO_NUM_MODES *to = Output<VIDEO_NUM_MODES>(packet)) {
            to->NumModes = ModeCount;
            to->ModeInformationLength = sizeof(VIDEO_MODE_INFORMATION);
            information = sizeof(*to);
            return NO_ERROR;
        }
        return ERROR_INSUFFICIENT_BUFFER;
    case IOCTL_VIDEO_QUERY_AVAIL_MODES:
        if (VIDEO_MODE_INFORMATION *to = Output<VIDEO_MODE_INFORMATION>(packet, ModeCount)) {
            for (ULONG i = 0; i < ModeCount; i++)
                Describe(to[i], i);
            information = ModeCount * sizeof(*to);
            return NO_ERROR;
        }
        return ERROR_INSUFFICIENT_BUFFER;
    case IOCTL_VIDEO_QUERY_CURRENT_MODE:
        if (Current == ModeCount)
            return ERROR_INVALID_FUNCTION;
        Describe(*Output<VIDEO_MODE_INFORMATION>(packet), Current);
        information = sizeof(VIDEO_MODE_INFORMATION);
        return NO_ERROR;
    case IOCTL_VIDEO_SET_CURRENT_MODE: {
        ULONG mode = static_cast<PVIDEO_MODE>(packet.InputBuffer)->RequestedMode;
        if (mode >= ModeCount)
            return ERROR_INVALID_PARAMETER;
        Device->Set(Modes[mode]);
        Current = mode;
        return NO_ERROR;
    }
    case IOCTL_VIDEO_MAP_VIDEO_MEMORY:
        information = sizeof(VIDEO_MEMORY_INFORMATION);
        return Map(*Output<VIDEO_MEMORY_INFORMATION>(packet));
    case IOCTL_VIDEO_UNMAP_VIDEO_MEMORY:
        return VideoPortUnmapMemory(
            this, static_cast<PVIDEO_MEMORY>(packet.InputBuffer)->RequestedVirtualAddress, NULL);
    case IOCTL_VIDEO_RESET_DEVICE:
        Reset();
        return NO_ERROR;
    default:
        return ERROR_INVALID_FUNCTION;
    }
}

/* ---- the port driver's calls ------------------------------------------------------------------- */

static VP_STATUS NTAPI FindAdapter(PVOID Extension, PVOID, PWSTR, PVIDEO_PORT_CONFIG_INFO,
                                   PUCHAR Again)
{
    *Again = FALSE;
    return static_cast<Adapter *>(Extension)->Find() ? NO_ERROR : ERROR_DEV_NOT_EXIST;
}

static BOOLEAN NTAPI Initialize(PVOID)
{
    return TRUE;
}

static BOOLEAN NTAPI StartIO(PVOID Extension, PVIDEO_REQUEST_PACKET Packet)
{
    ULONG_PTR information = 0;
    Packet->StatusBlock->Status =
        static_cast<Adapter *>(Extension)->Answer(*Packet, information);
    Packet->StatusBlock->Information = information;
    return TRUE;
}

static BOOLEAN NTAPI ResetHw(PVOID Extension, ULONG, ULONG)
{
    static_cast<Adapter *>(Extension)->Reset();
    return FALSE;
}

extern "C" ULONG NTAPI DriverEntry(PVOID Context1, PVOID Context2)
{
    VIDEO_HW_INITIALIZATION_DATA data = VIDEO_HW_INITIALIZATION_DATA();
    data.HwInitDataSize = sizeof(data);
    data.AdapterInterfaceType = PCIBus;
    data.HwFindAdapter = FindAdapter;
    data.HwInitialize = Initialize;
    data.HwStartIO = StartIO;
    data.HwResetHw = ResetHw;
    data.HwDeviceExtensionSize = sizeof(Adapter);
    return VideoPortInitialize(Context1, Context2, &data, NULL);
}
