/*
 * Refers to all that a driver binary may import, so that this file's undefined symbols are the import
 * libraries' names, with the sizes of stdcall's arguments behind them.
 */

#include "drivers/videoport/include/video.h"
#include "drivers/videoport/include/wdm.h"
#include "drivers/videoport/port/exports.h"

void *memcpy(void *to, const void *from, SIZE_T size_bytes);
void *memmove(void *to, const void *from, SIZE_T size_bytes);
void *memset(void *to, int value, SIZE_T size_bytes);
int memcmp(const void *left, const void *right, SIZE_T size_bytes);

#define REFER(name) (const void *)(ULONG_PTR)name,

const void *const imports[] = {
#ifdef VIDEOPRT
    VIDEOPORT_FUNCTIONS(REFER)
#else
    NTOSKRNL_FUNCTIONS(REFER)
#endif
};
