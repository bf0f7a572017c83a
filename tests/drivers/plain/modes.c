/* The modes of `plain`, and how the adapter's registers are set for them. */

#include "dderror.h"
#include "miniport.h"
#include "ntddvdeo.h"
#include "Plain.h"

PLAIN_MODE PlainModes[PLAIN_MODES] = {{1024, 768, 32}, {800, 600, 32}, {640, 480, 32}};

VOID PlainSetMode(PHW_DEVICE_EXTENSION HwDeviceExtension, ULONG Mode)
{
    PlainWrite(HwDeviceExtension, INDEX_ENABLE, 0);
    PlainWrite(HwDeviceExtension, 1, PlainModes[Mode].Width);
    PlainWrite(HwDeviceExtension, 2, PlainModes[Mode].Height);
    PlainWrite(HwDeviceExtension, 3, PlainModes[Mode].Bits);
    PlainWrite(HwDeviceExtension, INDEX_ENABLE, ENABLED);
    VideoPortReadPortUchar((PUCHAR)0x3DA);
    VideoPortWritePortUchar((PUCHAR)0x3C0, 0x20);
    HwDeviceExtension->CurrentMode = Mode;
}

VOID PlainDescribe(PVIDEO_MODE_INFORMATION Information, ULONG Mode)
{
    VIDEO_MODE_INFORMATION Described = {0};
    Described.Length = sizeof(VIDEO_MODE_INFORMATION);
    Described.ModeIndex = Mode;
    Described.VisScreenWidth = PlainModes[Mode].Width;
    Described.VisScreenHeight = PlainModes[Mode].Height;
    Described.ScreenStride = PlainModes[Mode].Width * 4;
    Described.NumberOfPlanes = 1;
    Described.BitsPerPlane = PlainModes[Mode].Bits;
    Described.Frequency = 60;
    Described.NumberRedBits = Described.NumberGreenBits = Described.NumberBlueBits = 8;
    Described.RedMask = 0xFF0000;
    Described.GreenMask = 0x00FF00;
    Described.BlueMask = 0x0000FF;
    Described.AttributeFlags = VIDEO_MODE_COLOR | VIDEO_MODE_GRAPHICS;
    *Information = Described;
}
