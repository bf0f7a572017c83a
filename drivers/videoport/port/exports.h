#ifndef VIDEOPORT_EXPORTS_H
#define VIDEOPORT_EXPORTS_H

/*
 * What driver binaries may import: the video port's functions from VIDEOPRT.SYS, and from NT's
 * kernel its memory manager's and those that a compiler calls by itself. Case does not count in a
 * library's name.
 */

#include <stdint.h>

#define VIDEOPORT_FUNCTIONS(X)                                                                     \
    X(VideoPortAllocateBuffer)                                                                     \
    X(VideoPortAllocateCommonBuffer)                                                               \
    X(VideoPortAllocateContiguousMemory)                                                           \
    X(VideoPortAllocatePool)                                                                       \
    X(VideoPortClearEvent)                                                                         \
    X(VideoPortCompareMemory)                                                                      \
    X(VideoPortCreateEvent)                                                                        \
    X(VideoPortDDCMonitorHelper)                                                                   \
    X(VideoPortDebugPrint)                                                                         \
    X(VideoPortDeleteEvent)                                                                        \
    X(VideoPortDisableInterrupt)                                                                   \
    X(VideoPortEnableInterrupt)                                                                    \
    X(VideoPortEnumerateChildren)                                                                  \
    X(VideoPortFreeCommonBuffer)                                                                   \
    X(VideoPortFreeDeviceBase)                                                                     \
    X(VideoPortFreePool)                                                                           \
    X(VideoPortGetAccessRanges)                                                                    \
    X(VideoPortGetBusData)                                                                         \
    X(VideoPortGetCommonBuffer)                                                                    \
    X(VideoPortGetCurrentIrql)                                                                     \
    X(VideoPortGetDeviceBase)                                                                      \
    X(VideoPortGetDeviceData)                                                                      \
    X(VideoPortGetDmaAdapter)                                                                      \
    X(VideoPortGetRegistryParameters)                                                              \
    X(VideoPortGetVersion)                                                                         \
    X(VideoPortInitialize)                                                                         \
    X(VideoPortInt10)                                                                              \
    X(VideoPortIsNoVesa)                                                                           \
    X(VideoPortLogError)                                                                           \
    X(VideoPortMapMemory)                                                                          \
    X(VideoPortMoveMemory)                                                                         \
    X(VideoPortPutDmaAdapter)                                                                      \
    X(VideoPortQueryServices)                                                                      \
    X(VideoPortQueueDpc)                                                                           \
    X(VideoPortReadPortBufferUchar)                                                                \
    X(VideoPortReadPortBufferUlong)                                                                \
    X(VideoPortReadPortBufferUshort)                                                               \
    X(VideoPortReadPortUchar)                                                                      \
    X(VideoPortReadPortUlong)                                                                      \
    X(VideoPortReadPortUshort)                                                                     \
    X(VideoPortReadRegisterBufferUchar)                                                            \
    X(VideoPortReadRegisterBufferUlong)                                                            \
    X(VideoPortReadRegisterBufferUshort)                                                           \
    X(VideoPortReadRegisterUchar)                                                                  \
    X(VideoPortReadRegisterUlong)                                                                  \
    X(VideoPortReadRegisterUshort)                                                                 \
    X(VideoPortReadStateEvent)                                                                     \
    X(VideoPortReleaseBuffer)                                                                      \
    X(VideoPortReleaseCommonBuffer)                                                                \
    X(VideoPortSetBusData)                                                                         \
    X(VideoPortSetEvent)                                                                           \
    X(VideoPortSetRegistryParameters)                                                              \
    X(VideoPortStallExecution)                                                                     \
    X(VideoPortStartTimer)                                                                         \
    X(VideoPortStopTimer)                                                                          \
    X(VideoPortSynchronizeExecution)                                                               \
    X(VideoPortUnmapMemory)                                                                        \
    X(VideoPortVerifyAccessRanges)                                                                 \
    X(VideoPortWaitForSingleObject)                                                                \
    X(VideoPortWritePortBufferUchar)                                                               \
    X(VideoPortWritePortBufferUlong)                                                               \
    X(VideoPortWritePortBufferUshort)                                                              \
    X(VideoPortWritePortUchar)                                                                     \
    X(VideoPortWritePortUlong)                                                                     \
    X(VideoPortWritePortUshort)                                                                    \
    X(VideoPortWriteRegisterBufferUchar)                                                           \
    X(VideoPortWriteRegisterBufferUlong)                                                           \
    X(VideoPortWriteRegisterBufferUshort)                                                          \
    X(VideoPortWriteRegisterUchar)                                                                 \
    X(VideoPortWriteRegisterUlong)                                                                 \
    X(VideoPortWriteRegisterUshort)                                                                \
    X(VideoPortZeroMemory)

#define NTOSKRNL_FUNCTIONS(X)                                                                      \
    X(MmAllocateContiguousMemory)                                                                  \
    X(MmAllocateContiguousMemorySpecifyCache)                                                      \
    X(MmFreeContiguousMemory)                                                                      \
    X(MmGetPhysicalAddress)                                                                        \
    X(memcmp)                                                                                      \
    X(memcpy)                                                                                      \
    X(memmove)                                                                                     \
    X(memset)

/* The address of a function, 0 if there is none of that name in that library. */
uintptr_t exports_find(const char *library, const char *function);

/* The same for a video port's function alone: 0 for any other. */
uintptr_t exports_find_videoport(const char *function);

#endif
