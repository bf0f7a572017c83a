#ifndef VIDEOAGP_H
#define VIDEOAGP_H

/*
 * What a miniport asks of AGP. This video port has no AGP (VideoPortQueryServices refuses the
 * service), and drivers that can do without it go on.
 */

#include "miniport.h"

typedef enum _VIDEO_PORT_CACHE_TYPE {
    VpNonCached = 0,
    VpWriteCombined,
    VpCached
} VIDEO_PORT_CACHE_TYPE;

typedef PHYSICAL_ADDRESS(NTAPI *PAGP_RESERVE_PHYSICAL)(PVOID HwDeviceExtension, ULONG Pages,
                                                       VIDEO_PORT_CACHE_TYPE Caching,
                                                       PVOID *PhysicalReserveContext);
typedef VOID(NTAPI *PAGP_RELEASE_PHYSICAL)(PVOID HwDeviceExtension, PVOID PhysicalReserveContext);
typedef BOOLEAN(NTAPI *PAGP_COMMIT_PHYSICAL)(PVOID HwDeviceExtension, PVOID PhysicalReserveContext,
                                             ULONG Pages, ULONG Offset);
typedef VOID(NTAPI *PAGP_FREE_PHYSICAL)(PVOID HwDeviceExtension, PVOID PhysicalReserveContext,
                                        ULONG Pages, ULONG Offset);
typedef PVOID(NTAPI *PAGP_RESERVE_VIRTUAL)(PVOID HwDeviceExtension, HANDLE ProcessHandle,
                                           PVOID PhysicalReserveContext,
                                           PVOID *VirtualReserveContext);
typedef VOID(NTAPI *PAGP_RELEASE_VIRTUAL)(PVOID HwDeviceExtension, PVOID VirtualReserveContext);
typedef PVOID(NTAPI *PAGP_COMMIT_VIRTUAL)(PVOID HwDeviceExtension, PVOID VirtualReserveContext,
                                          ULONG Pages, ULONG Offset);
typedef VOID(NTAPI *PAGP_FREE_VIRTUAL)(PVOID HwDeviceExtension, PVOID VirtualReserveContext,
                                       ULONG Pages, ULONG Offset);
typedef BOOLEAN(NTAPI *PAGP_SET_RATE)(PVOID HwDeviceExtension, ULONG AgpRate);

#define VIDEO_AGP_RATE_1X 0x00000001
#define VIDEO_AGP_RATE_2X 0x00000002
#define VIDEO_AGP_RATE_4X 0x00000004
#define VIDEO_AGP_RATE_8X 0x00000008

#define VIDEO_PORT_AGP_FUNCTIONS                                                                   \
    PAGP_RESERVE_PHYSICAL AgpReservePhysical;                                                      \
    PAGP_RELEASE_PHYSICAL AgpReleasePhysical;                                                      \
    PAGP_COMMIT_PHYSICAL AgpCommitPhysical;                                                        \
    PAGP_FREE_PHYSICAL AgpFreePhysical;                                                            \
    PAGP_RESERVE_VIRTUAL AgpReserveVirtual;                                                        \
    PAGP_RELEASE_VIRTUAL AgpReleaseVirtual;                                                        \
    PAGP_COMMIT_VIRTUAL AgpCommitVirtual;                                                          \
    PAGP_FREE_VIRTUAL AgpFreeVirtual;

typedef struct _VIDEO_PORT_AGP_SERVICES {
    VIDEO_PORT_AGP_FUNCTIONS
    ULONGLONG AllocationLimit;
} VIDEO_PORT_AGP_SERVICES, *PVIDEO_PORT_AGP_SERVICES;

typedef struct _VIDEO_PORT_AGP_INTERFACE {
    INTERFACE_FIELDS
    VIDEO_PORT_AGP_FUNCTIONS
    ULONGLONG AgpAllocationLimit;
} VIDEO_PORT_AGP_INTERFACE, *PVIDEO_PORT_AGP_INTERFACE;

typedef struct _VIDEO_PORT_AGP_INTERFACE_2 {
    INTERFACE_FIELDS
    VIDEO_PORT_AGP_FUNCTIONS
    ULONGLONG AgpAllocationLimit;
    PAGP_SET_RATE AgpSetRate;
} VIDEO_PORT_AGP_INTERFACE_2, *PVIDEO_PORT_AGP_INTERFACE_2;

#define VIDEO_PORT_AGP_INTERFACE_VERSION_1 1
#define VIDEO_PORT_AGP_INTERFACE_VERSION_2 2

#if UINTPTR_MAX == 0xFFFFFFFFu
C_ASSERT(sizeof(VIDEO_PORT_AGP_SERVICES) == 40);
C_ASSERT(sizeof(VIDEO_PORT_AGP_INTERFACE) == 56);
C_ASSERT(FIELD_OFFSET(VIDEO_PORT_AGP_INTERFACE_2, AgpSetRate) == 56);
#endif

#endif
