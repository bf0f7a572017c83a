/* Time for miniports: the date that there is none of, a counter, ticks. */
#include "drivers/videoport/include/video.h"

#include "device.h"

#define UNITS_PER_MILLISECOND 10000u

volatile KSYSTEM_TIME KeTickCount; /* the low part is counted by the host */

VOID NTAPI VideoPortQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
    CurrentTime->QuadPart = (LONGLONG)(videoport_host->milliseconds() * UNITS_PER_MILLISECOND);
}

VOID NTAPI KeQuerySystemTime(PLARGE_INTEGER CurrentTime)
    __attribute__((alias("VideoPortQuerySystemTime")));

uint64_t device_moment(const LARGE_INTEGER *time)
{
    uint64_t now = videoport_host->milliseconds();
    bool is_relative = time->QuadPart < 0;
    uint64_t units = is_relative ? 0 - (uint64_t)time->QuadPart : (uint64_t)time->QuadPart;
    uint64_t moment = units / UNITS_PER_MILLISECOND + (units % UNITS_PER_MILLISECOND != 0);
    if (is_relative)
        return now + moment;
    return moment < now ? now : moment;
}

LARGE_INTEGER NTAPI KeQueryPerformanceCounter(PLARGE_INTEGER PerformanceFrequency)
{
    uint64_t per_second;
    LARGE_INTEGER counter = {.QuadPart = (LONGLONG)videoport_host->counter(&per_second)};
    if (PerformanceFrequency != NULL)
        PerformanceFrequency->QuadPart = (LONGLONG)per_second;
    return counter;
}

LONGLONG NTAPI VideoPortQueryPerformanceCounter(PVOID HwDeviceExtension,
                                                PLONGLONG PerformanceFrequency)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    return KeQueryPerformanceCounter((PLARGE_INTEGER)PerformanceFrequency).QuadPart;
}

VOID NTAPI KeQueryTickCount(PLARGE_INTEGER TickCount)
{
    TickCount->QuadPart = KeTickCount.LowPart;
}

ULONG NTAPI KeQueryTimeIncrement(VOID)
{
    return videoport_host->tick_milliseconds * UNITS_PER_MILLISECOND;
}
