#ifndef DEBUG_H
#define DEBUG_H

/* The macros that old drivers print with. DPRINT is for who debugs, DPRINT1 for everybody. */

#include "video.h"

#define DPRINT1(...) VideoPortDebugPrint(Error, __VA_ARGS__)
#ifdef NDEBUG
#define DPRINT(...) ((void)0)
#else
#define DPRINT(...) VideoPortDebugPrint(Info, __VA_ARGS__)
#endif

#define UNIMPLEMENTED DPRINT1("%s is not implemented\n", __func__)

#endif
