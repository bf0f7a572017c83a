/*
 * Ports, registers, bytes and time, for miniports: the functions that hold no state and may be
 * called at any level.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"
#include "drivers/pc/ports.h"
#include "kernel/lib/string.h"

/* A port's number, out of the pointer that NT passes it in. */
#define PORT(pointer) ((uint16_t)(uintptr_t)(pointer))

#define DEFINE_PORT_FUNCTIONS(Name, TYPE, width)                                                   \
    TYPE NTAPI VideoPortReadPort##Name(TYPE *Port)                                                 \
    {                                                                                              \
        return port_read##width(PORT(Port));                                                       \
    }                                                                                              \
    VOID NTAPI VideoPortWritePort##Name(TYPE *Port, TYPE Value)                                    \
    {                                                                                              \
        port_write##width(PORT(Port), Value);                                                      \
    }                                                                                              \
    VOID NTAPI VideoPortReadPortBuffer##Name(TYPE *Port, TYPE *Buffer, ULONG Count)                \
    {                                                                                              \
        for (ULONG i = 0; i < Count; i++)                                                          \
            Buffer[i] = port_read##width(PORT(Port));                                              \
    }                                                                                              \
    VOID NTAPI VideoPortWritePortBuffer##Name(TYPE *Port, TYPE *Buffer, ULONG Count)               \
    {                                                                                              \
        for (ULONG i = 0; i < Count; i++)                                                          \
            port_write##width(PORT(Port), Buffer[i]);                                              \
    }

DEFINE_PORT_FUNCTIONS(Uchar, UCHAR, 8)
DEFINE_PORT_FUNCTIONS(Ushort, USHORT, 16)
DEFINE_PORT_FUNCTIONS(Ulong, ULONG, 32)

/* Whole screens pass through the one that writes a buffer of dwords. */
#define DEFINE_REGISTER_FUNCTIONS(Name, TYPE)                                                      \
    TYPE NTAPI VideoPortReadRegister##Name(TYPE *Register)                                         \
    {                                                                                              \
        return *(volatile TYPE *)Register;                                                         \
    }                                                                                              \
    VOID NTAPI VideoPortWriteRegister##Name(TYPE *Register, TYPE Value)                            \
    {                                                                                              \
        *(volatile TYPE *)Register = Value;                                                        \
    }                                                                                              \
    VOID NTAPI VideoPortReadRegisterBuffer##Name(TYPE *Register, TYPE *Buffer, ULONG Count)        \
    {                                                                                              \
        for (ULONG i = 0; i < Count; i++)                                                          \
            Buffer[i] = ((volatile TYPE *)Register)[i];                                            \
    }                                                                                              \
    VOID NTAPI VideoPortWriteRegisterBuffer##Name(TYPE *Register, TYPE *Buffer, ULONG Count)       \
    {                                                                                              \
        if (sizeof(TYPE) == sizeof(ULONG)) {                                                       \
            port_copy32(Register, Buffer, Count);                                                  \
            return;                                                                                \
        }                                                                                          \
        for (ULONG i = 0; i < Count; i++)                                                          \
            ((volatile TYPE *)Register)[i] = Buffer[i];                                            \
    }

DEFINE_REGISTER_FUNCTIONS(Uchar, UCHAR)
DEFINE_REGISTER_FUNCTIONS(Ushort, USHORT)
DEFINE_REGISTER_FUNCTIONS(Ulong, ULONG)

VOID NTAPI VideoPortZeroMemory(PVOID Destination, ULONG Length)
{
    memset(Destination, 0, Length);
}

VOID NTAPI VideoPortMoveMemory(PVOID Destination, PVOID Source, ULONG Length)
{
    memmove(Destination, Source, Length);
}

ULONG NTAPI VideoPortCompareMemory(PVOID Source1, PVOID Source2, ULONG Length)
{
    const UCHAR *a = Source1;
    const UCHAR *b = Source2;
    ULONG count = 0;
    while (count < Length && a[count] == b[count])
        count++;
    return count;
}

VOID NTAPI VideoPortStallExecution(ULONG Microseconds)
{
    videoport_host->stall(Microseconds);
}

VOID VideoPortDebugPrint(VIDEO_DEBUG_LEVEL DebugPrintLevel, PCSTR DebugMessage, ...)
{
    char text[200];
    va_list arguments;
    if (DebugPrintLevel > Warn)
        return;
    va_start(arguments, DebugMessage);
    size_t length = format_list(text, sizeof text, DebugMessage, arguments);
    va_end(arguments);
    bool is_cut = length >= sizeof text;
    if (!is_cut && length != 0 && text[length - 1] == '\n')
        text[length - 1] = '\0';
    device_log(device_current(), __func__, "text: %s%s", text, is_cut ? "..." : "");
}
